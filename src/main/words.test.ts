import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { languages } from '#kernel/words.ts'
import { trees } from '../../test/guide/trees/module.ts'
import { composeRegistry, modules } from './modules.ts'
import { problemKeysIn, unsaidFindings, wordKeysOfRooms } from './word-keys.ts'

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

  test.each(modules.map((module) => [module.name, module] as const))(
    'the room %s has every word that it declares, in both languages',
    (_name, module) => {
      const sources = readdirSync(module.folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
        .map((file) => readFileSync(join(module.folder, file), 'utf8'))
      const needed = [...wordKeysOfRooms([module]), ...sources.flatMap((text) => problemKeysIn(module.name, text))]
      for (const language of languages)
        expect(
          [
            ...new Set(needed.filter((key) => !registry.words.has(language, key))),
            ...unsaidFindings([module], keys[language]!),
          ],
          language,
        ).toEqual([])
    },
  )

  test('what is missing is named: figures, findings, views, forms of rows and problems, too', () => {
    const asked = wordKeysOfRooms([trees])
    for (const key of [
      'trees.figure.inspected',
      'trees.figure.inspected.meaning',
      'trees.finding.overdue.step',
      'trees.inspection.view.dangerous',
      'trees.girth.lead',
      'trees.inspection.verb.hold',
    ])
      expect(asked).toContain(key)
    expect(asked.filter((key) => !key.startsWith('section.') && !(key in trees.words.en))).toEqual([])
    const withoutSentence = new Set(Object.keys(trees.words.en).filter((key) => !key.endsWith('.one')))
    expect(unsaidFindings([trees], withoutSentence)).toEqual(['trees.finding.overdue.one'])
    expect(problemKeysIn('trees', "[{ at: '/', code: 'trees.no-verdict' }]")).toEqual(['problem.trees.no-verdict'])
    for (const text of ["objections('trees.post-cares', ids)", "objections(\n    'trees.post-cares',\n    ids,\n  )"])
      expect(problemKeysIn('trees', text)).toEqual(['problem.trees.post-cares'])
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
