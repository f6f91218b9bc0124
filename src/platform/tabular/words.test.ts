import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createWords, languages } from '#kernel/words.ts'
import { problemCodes, type TableProblem, wordValues } from './problems.ts'
import en from './words/en.json' with { type: 'json' }
import chinese from './words/zh-Hans.json' with { type: 'json' }

const words = createWords([{ en, 'zh-Hans': chinese }])
const values = {
  ...{ at: 'columns', bytes: 1, byte: 7, column: 'a', columns: 3, conflict: 'choices', content: 'pdf', count: 2 },
  ...{ detail: 'x', encoding: 'utf-8', expected: 3, form: 'minutes-seconds', format: '1,234.5', found: 2, from: 3 },
  ...{ groups: 1, hex: 'E9', key: 'k', known: 'a, b', limit: 9, name: 'n', nearest: 'm', order: 'iso', part: '95' },
  ...{ pattern: 'p', position: 1, readings: 'a / b', reason: 'other', seconds: '417', seen: '1.234,5', targets: 2 },
  ...{ text: 't', above: 'u' },
}

describe('words', () => {
  test('both languages have the same keys', () => {
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(en).sort())
  })

  test.each(languages)('every problem has a sentence in %s that can be said', (language) => {
    const codes = Object.keys(en)
      .map((key) => key.replace(/^tabular\./, ''))
      .filter((key) => !/^(encoding-reason|column-kind)\.|^in-sheet$/.test(key))
    expect(codes.sort()).toEqual(Object.keys(problemCodes).sort())
    for (const code of codes) {
      const problem: TableProblem = { row: 3, column: 'a', code, values }
      const sentence = words.say(language)(`tabular.${code}`, wordValues(problem))
      expect(sentence, code).not.toMatch(/[{}[\]]|undefined/)
      expect(sentence, code).toMatch(language === 'en' ? /\.$/ : /。$/)
    }
  })

  test('a sentence without a place or a suggestion says nothing about them', () => {
    const problem: TableProblem = {
      row: null,
      column: 'x',
      code: 'header.column-missing',
      values: { name: 'x', nearest: '' },
    }
    expect(words.say('en')('tabular.header.column-missing', wordValues(problem))).not.toContain('Did you mean')
    const page: TableProblem = { row: null, column: null, code: 'file.not-a-table', values: { content: 'html' } }
    expect(words.say('en')('tabular.file.not-a-table', wordValues(page))).toContain(
      'of the portal, neither a workbook (XLSX) nor CSV. Open',
    )
  })

  test('no code stands in the sources that has no word', () => {
    const known = new Set(Object.keys(problemCodes))
    for (const folder of [import.meta.dirname, join(import.meta.dirname, '../workbook')]) {
      for (const file of readdirSync(folder).filter((name) => /(?<!\.test)\.ts$/.test(name))) {
        const source = readFileSync(join(folder, file), 'utf8')
        // A place in a profile (`at`) has the form of a code.
        for (const [, code] of source.matchAll(/(?<!at: )'((?:file|workbook|header|row|cell|profile)\.[a-z0-9-]+)'/g)) {
          expect(known.has(code!), `${code} in ${file}`).toBe(true)
        }
      }
    }
  })
})
