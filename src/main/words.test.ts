import { describe, expect, test } from 'vitest'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { languages } from '#kernel/words.ts'
import { composeRegistry, modules } from './modules.ts'

const { registry } = composeRegistry()
const keys = Object.fromEntries(languages.map((language) => [language, new Set(registry.words.keys(language))]))

describe('words', () => {
  test('every word there is in one language is there in the other', () => {
    for (const language of languages)
      for (const other of languages)
        expect(
          [...keys[language]!].filter((key) => !keys[other]!.has(key)),
          `in ${language}, not in ${other}`,
        ).toEqual([])
  })

  test('every kind, state, field, choice, link, row and verb has its words in both languages', () => {
    const needed = [
      ...[...registry.kinds.values()].flatMap(({ declaration }) => wordKeysOf(declaration)),
      ...modules.flatMap((module) => (module.verbs ?? []).map((verb) => `${verb.kind}.verb.${verb.name}`)),
      ...modules.flatMap((module) =>
        (module.navigation ?? []).flatMap((entry) => [entry.label, `section.${entry.section}`]),
      ),
    ]
    for (const language of languages)
      expect(
        needed.filter((key) => !registry.words.has(language, key)),
        language,
      ).toEqual([])
  })

  test('no text is empty, and every message can be put together', () => {
    for (const language of languages) {
      const say = registry.words.say(language)
      for (const key of keys[language]!) {
        // Values for any name a message may ask for: a number that is also a word.
        const values = new Proxy({} as Record<string, number>, { get: () => 2, has: () => true })
        const text = say(key, values)
        expect(text.trim(), `${language} ${key}`).not.toBe('')
      }
    }
  })
})
