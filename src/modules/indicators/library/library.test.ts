import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { createWords } from '#kernel/words.ts'
import { parsePeriod } from '#values/period.ts'
import library from './iso-37120-2014.json' with { type: 'json' }
import templateWords from './template-words.json' with { type: 'json' }

/** Theme number → [core, supporting], as the edition counts them. */
const counts: Record<string, readonly [number, number]> = {
  '5': [3, 4],
  '6': [4, 3],
  '7': [4, 3],
  '8': [3, 5],
  '9': [1, 3],
  '10': [3, 3],
  '11': [2, 4],
  '12': [4, 3],
  '13': [0, 2],
  '14': [2, 3],
  '15': [1, 2],
  '16': [3, 7],
  '17': [2, 1],
  '18': [4, 5],
  '19': [1, 3],
  '20': [5, 0],
  '21': [4, 3],
}

describe('the library of ISO 37120:2014', () => {
  test('holds 100 indicators, 46 core and 54 supporting, in 17 themes', () => {
    expect(library.themes.map((theme) => theme.no)).toEqual(Object.keys(counts))
    expect(library.indicators).toHaveLength(100)
    expect(library.indicators.filter((item) => item.core)).toHaveLength(46)
    for (const [theme, expected] of Object.entries(counts)) {
      const items = library.indicators.filter((item) => item.theme === theme)
      const core = items.filter((item) => item.core).length
      expect([core, items.length - core], `theme ${theme}`).toEqual(expected)
    }
  })

  test('numbers run from 1 without a gap inside each theme', () => {
    for (const theme of library.themes) {
      const numbers = library.indicators.filter((item) => item.theme === theme.no).map((item) => item.no)
      expect(numbers).toEqual(numbers.map((_, index) => `${theme.no}.${index + 1}`))
    }
  })

  test('every name, unit, numerator and denominator has both languages', () => {
    const texts = library.indicators.flatMap((item) => [item.title, item.unitLabel, item.numerator, item.denominator])
    for (const text of texts) {
      if (text === undefined) continue
      expect(text.en).toMatch(/\S/)
      expect(text['zh-Hans']).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  test('percentages, rates and ratios say what is divided by what', () => {
    for (const item of library.indicators) {
      const divided = ['percent', 'rate', 'ratio'].includes(item.valueKind)
      if (divided) expect([item.numerator, item.denominator], item.no).not.toContain(undefined)
      if (item.valueKind === 'percent') expect(item.unit, item.no).toBe('%')
    }
  })

  test('directions, kinds and confidence come from the known lists', () => {
    const known = {
      direction: ['up', 'down', 'range', 'none', 'not-agreed'],
      valueKind: ['percent', 'rate', 'count', 'ratio', 'average', 'index', 'sum'],
      confidence: ['high', 'medium'],
    }
    for (const item of library.indicators)
      for (const [key, values] of Object.entries(known)) expect(values).toContain(item[key as keyof typeof known])
  })
})

describe('the blank templates', () => {
  const read = (name: string) =>
    parse(readFileSync(new URL(`./template-${name}.csv`, import.meta.url), 'utf8'), {
      columns: true,
    }) as Record<string, string>[]
  const words = createWords([templateWords])

  test.each(['plan', 'series'])('%s: two example rows, and every column is explained in both languages', (name) => {
    const rows = read(name)
    expect(rows).toHaveLength(2)
    const keys = ['about', ...Object.keys(rows[0]!)].map((column) => `indicators.template.${name}.${column}`)
    for (const language of ['en', 'zh-Hans'] as const) {
      const explained = words.keys(language).filter((key) => key.startsWith(`indicators.template.${name}.`))
      expect(explained.sort()).toEqual([...keys].sort())
    }
    expect(words.say('en')('indicators.template.plan.unit')).toContain('{person}')
  })

  test('the example series belong to the example indicators and have periods of their grain', () => {
    const indicators = new Map(read('plan').map((row) => [row.indicator_id, row]))
    for (const row of read('series')) {
      const indicator = indicators.get(row.indicator_id)
      expect(indicator).toBeDefined()
      expect(parsePeriod(row.period!)).toMatchObject({ grain: indicator!.grain })
    }
  })
})
