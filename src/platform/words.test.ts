import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, it } from 'vitest'
import { audiences } from '#kernel/record.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const english = en as Record<string, string>
const chinese = zhHans as Record<string, string>
const source = join(import.meta.dirname, '..')

/** Every reason and code that the sources of the core name. */
const named = (): Set<string> => {
  const found = new Set<string>()
  for (const folder of ['kernel', 'platform/http', 'platform/records']) {
    for (const name of readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
      const text = readFileSync(join(source, folder, name), 'utf8')
      const codes = text.matchAll(
        /'((?:field|record|records|reference|rows|external-id|query|http|database|identity)\.[a-z][a-z-]+)'/g,
      )
      for (const [, code] of codes) found.add(code!)
    }
  }
  return found
}

const names = (text: string): string[] => {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) walk(each)
    else if (typeof value === 'object' && value !== null) {
      const node = value as { type?: number; value?: unknown; options?: Record<string, { value: unknown }> }
      if (typeof node.value === 'string' && node.type !== 0) found.add(node.value)
      for (const option of Object.values(node.options ?? {})) walk(option.value)
    }
  }
  walk(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst())
  return [...found].sort()
}

describe('the words of the core', () => {
  it('are the same keys in both languages', () =>
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort()))

  it('use the same values in both languages', () => {
    for (const [key, text] of Object.entries(english)) expect(names(chinese[key]!), key).toEqual(names(text))
  })

  it('have a sentence for every problem the core can name', () => {
    const missing = [...named()].filter((code) => !(`problem.${code}` in english))
    expect(missing).toEqual([])
  })

  it('say problems in whole sentences', () => {
    for (const key of Object.keys(english).filter((each) => each.startsWith('problem.') && !/\.title\./.test(each))) {
      expect(english[key], key).toMatch(/\.$/)
      expect(chinese[key], key).toMatch(/。$/)
    }
  })

  it('name every audience and what can be done with every record', () => {
    for (const audience of audiences) expect(english).toHaveProperty([`record.audience.${audience}`])
    for (const verb of ['create', 'change', 'retire', 'restore', 'publish', 'withdraw', 'erase'])
      expect(english).toHaveProperty([`record.verb.${verb}`])
  })
})
