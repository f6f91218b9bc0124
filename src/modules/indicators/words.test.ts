/** The words of the room are complete, well formed and the same in both languages. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { createWords, languages } from '#kernel/words.ts'
import tabularEn from '#platform/tabular/words/en.json' with { type: 'json' }
import tabularZhHans from '#platform/tabular/words/zh-Hans.json' with { type: 'json' }
import webEn from '#web/words/en.json' with { type: 'json' }
import webZhHans from '#web/words/zh-Hans.json' with { type: 'json' }
import { indicator } from './records.ts'
import en from './words/en.json' with { type: 'json' }
import figureEn from './words/figure-en.json' with { type: 'json' }
import figureZhHans from './words/figure-zh-Hans.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const words = createWords([
  { en, 'zh-Hans': zhHans },
  { en: figureEn, 'zh-Hans': figureZhHans },
  { en: webEn, 'zh-Hans': webZhHans },
  { en: tabularEn, 'zh-Hans': tabularZhHans },
])

describe('the words of the room', () => {
  test('every word the kind needs is there in both languages', () => {
    for (const language of languages)
      expect(wordKeysOf(indicator).filter((key) => !words.has(language, key))).toEqual([])
  })

  test('both languages hold the same words, well formed and with the same values', () => {
    const all = { ...en, ...figureEn }
    expect(Object.keys({ ...zhHans, ...figureZhHans })).toEqual(Object.keys(all))
    const valuesOf = (text: string) => {
      const found = new Set<string>()
      const walk = (parts: ReturnType<IntlMessageFormat['getAst']>) => {
        for (const part of parts) {
          if ('value' in part && part.type !== 0) found.add(part.value as string)
          if ('options' in part) for (const option of Object.values(part.options)) walk(option.value)
        }
      }
      walk(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst())
      return [...found].sort()
    }
    const other: Record<string, string> = { ...zhHans, ...figureZhHans }
    for (const [key, text] of Object.entries(all)) expect([key, valuesOf(other[key]!)]).toEqual([key, valuesOf(text)])
  })

  test('every key that the sources name is there', () => {
    const folders = [
      import.meta.dirname,
      join(import.meta.dirname, 'views'),
      join(import.meta.dirname, '../../main/commands'),
    ]
    const missing = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.tsx?$/.test(name) && !/import|test/.test(name))
        .flatMap((name) =>
          [...readFileSync(join(folder, name), 'utf8').matchAll(/'(indicators\.[a-zA-Z.-]+)'/g)].map(
            (match) => match[1]!,
          ),
        )
        .filter(
          (key) =>
            !words.has('en', key) &&
            !key.startsWith('indicators.import.') &&
            !words.has('en', `problem.${key}`) &&
            !words.has('en', key.replace('.', '.figure.')) &&
            ![
              'indicators.indicator',
              'indicators.performance',
              'indicators.rebuild-performance',
              'indicators.forecast',
              'indicators.rebuild-forecasts',
              'indicators.bring-figures',
              'indicators.csv',
            ].includes(key),
        ),
    )
    const missingProblems = [
      ...readFileSync(join(import.meta.dirname, 'rules-entry.ts'), 'utf8').matchAll(/problem\([^,]+, '([a-z-]+)'/g),
    ]
      .map((match) => `problem.indicators.${match[1]}`)
      .filter((key) => !words.has('en', key))
    expect([...missing, ...missingProblems]).toEqual([])
  })
})
