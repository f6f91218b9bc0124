import { expect, test } from 'vitest'
import { createWords, languageOf, localize, negotiateLanguage } from './words.ts'

const words = createWords([
  {
    en: {
      both: 'Both',
      only: 'Only here',
      many: '{count, plural, one {# tree} other {# trees}}',
      max: 'At most {limit}',
    },
    'zh-Hans': { both: '都' },
  },
])

test('a word falls back to the other language, and a missing one shows its key', () => {
  const say = words.say('zh-Hans')
  expect(say('both')).toBe('都')
  expect(say('only')).toBe('Only here')
  expect(say('nowhere')).toBe('[nowhere]')
  expect(say('many', { count: 1 })).toBe('1 tree')
  expect([words.has('zh-Hans', 'only'), words.has('en', 'only')]).toEqual([false, true])
})

test('a sentence whose value is missing is shown bare, and does not break the page', () => {
  expect(words.say('en')('max')).toBe('At most {limit}')
  expect(words.say('en')('max', { limit: 4000 })).toBe('At most 4000')
})

test('the same word in two catalogues is refused by name', () => {
  const one = { en: { twice: 'a' }, 'zh-Hans': {} }
  expect(() => createWords([one, one])).toThrow('"twice" stands in two en catalogues')
})

test('text of a person is shown in the language of the reader, else of the city, else any, and says which', () => {
  expect(localize({ en: 'Tree', 'zh-Hans': '树' }, 'zh-Hans')).toEqual({ text: '树', lang: 'zh-Hans' })
  expect(localize({ en: 'Tree' }, 'zh-Hans')).toEqual({ text: 'Tree', lang: 'en' })
  expect(localize({ nb: 'Tre' }, 'zh-Hans')).toEqual({ text: 'Tre', lang: 'nb' })
  expect(localize({}, 'en')).toEqual({ text: '', lang: 'en' })
})

test.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
  ['fr, en-GB;q=0.7, zh;q=0.8', 'zh-Hans'],
  ['zh-TW, en;q=0.1', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['*', 'en'],
  ['', 'en'],
])('the best language for "%s" is %s', (header, language) => {
  expect(negotiateLanguage(header)).toBe(language)
})

test('Traditional Chinese is not given Simplified', () => {
  expect(['zh', 'zh-SG', 'ZH-hans-CN'].map((tag) => languageOf(tag))).toEqual(['zh-Hans', 'zh-Hans', 'zh-Hans'])
  expect(['zh-Hant', 'zh-HK', 'fr', undefined].map((tag) => languageOf(tag))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
