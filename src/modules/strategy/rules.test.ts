import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Counts, verdictOf } from './rules-status.ts'
import { guessReplacements, type OldSentence, readSentences, sameText } from './rules-vision.ts'

const counts = (met: number, missed: number, unknown = 0, notDue = 0): Counts => ({ met, missed, unknown, notDue })
const rule = (name: string | null, ruleCount: number | null = null, headlineIndicator: string | null = null) => ({
  rule: name,
  ruleCount,
  headlineIndicator,
})

describe('where an outcome stands by its rule', () => {
  test.each([
    ['all met', rule('all'), counts(3, 0), 'met', 'all-met'],
    ['one missed is enough to miss all', rule('all'), counts(4, 1, 2), 'missed', 'all-missed'],
    ['what is unmeasured keeps all open', rule('all'), counts(3, 0, 2), 'unknown', 'all-unknown'],
    ['a target that is not due keeps it open', rule('all'), counts(3, 0, 0, 1), 'not-due', 'all-not-due'],
    ['enough are met, whatever the rest', rule('some', 2), counts(2, 1, 5), 'met', 'some-met'],
    ['enough can no longer be met', rule('some', 3), counts(1, 2, 1), 'missed', 'some-missed'],
    ['unknown ones could decide', rule('some', 2), counts(1, 1, 1), 'unknown', 'some-unknown'],
    ['asks for more than there are', rule('some', 5), counts(2, 1), 'unknown', 'out-of-reach'],
    ['without a rule', rule(null), counts(9, 0), 'unknown', 'no-rule'],
    ['some without a number is no rule', rule('some'), counts(9, 0), 'unknown', 'no-rule'],
    ['nothing measures it', rule('all'), counts(0, 0), 'unknown', 'no-parts'],
  ])('%s', (_name, fields, given, result, because) => {
    const verdict = verdictOf(fields, given, null)
    expect([verdict.result, verdict.because]).toEqual([result, because])
  })

  test('a headline indicator decides alone, and one that cannot be seen decides nothing', () => {
    const fields = rule('headline', null, 'a')
    expect(verdictOf(fields, counts(0, 9), 'met')).toMatchObject({ result: 'met', because: 'headline-met', all: 1 })
    expect(verdictOf(fields, counts(9, 0), null)).toMatchObject({ result: 'unknown', because: 'headline-missing' })
  })

  test('learning an unknown result never turns a decided outcome round', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('met', 'missed', 'unknown'), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.boolean()),
        (results, needed, coins) => {
          const many = (name: string) => results.filter((each) => each === name).length
          const learnt = { met: many('met'), missed: many('missed') }
          for (let left = many('unknown'); left > 0; left--) learnt[coins.next().value ? 'met' : 'missed']++
          const before = verdictOf(rule('some', needed), counts(many('met'), many('missed'), many('unknown')), null)
          const after = verdictOf(rule('some', needed), counts(learnt.met, learnt.missed), null)
          if (before.result !== 'unknown') expect(after.result).toBe(before.result)
        },
      ),
    )
  })
})

describe('a new version beside the one before', () => {
  const before: OldSentence[] = [
    { id: 'river', title: { en: 'The river is clean.', 'zh-Hans': '河流清澈。' } },
    { id: 'home', title: { en: 'Everybody has a warm home.' } },
    { id: 'smart', title: { en: 'The city uses new technology.' } },
  ]

  test('keeps what is the same, finds what was reworded, and leaves what is new alone', () => {
    expect(
      guessReplacements(before, [
        { en: 'Nobody eats alone.' },
        { en: 'Everybody has a warm and dry home.' },
        { en: 'The river is clean.', 'zh-Hans': '河流清澈。' },
      ]),
    ).toEqual([null, 'home', 'river'])
  })

  test('never gives one old sentence to two new ones', () => {
    const text = fc.stringMatching(/^[a-d ]{3,12}$/)
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.array(text, { maxLength: 8 }), (old, fresh) => {
        const guesses = guessReplacements(
          old.map((en, index) => ({ id: String(index), title: { en } })),
          fresh.map((en) => ({ en })),
        ).filter((each) => each !== null)
        expect(new Set(guesses).size).toBe(guesses.length)
      }),
    )
  })

  test('a translation that is added does not make a sentence another one', () => {
    expect(sameText({ en: 'Clean air.' }, { en: 'Clean air.', 'zh-Hans': '空气清新。' })).toBe(true)
    expect(sameText({ en: 'Clean air.' }, { 'zh-Hans': '空气清新。' })).toBe(false)
  })

  test('is read line beside line, and says where the languages differ in number', () => {
    expect(readSentences({ en: 'One.\n\n Two. ', 'zh-Hans': '一。\n二。' }, 'en')).toEqual({
      sentences: [
        { en: 'One.', 'zh-Hans': '一。' },
        { en: 'Two.', 'zh-Hans': '二。' },
      ],
      problems: [],
    })
    expect(readSentences({ en: 'One.\nTwo.', 'zh-Hans': '一。' }, 'en').problems).toEqual([
      { at: '/text/zh-Hans', code: 'strategy.lines-differ', values: { lines: 1, expected: 2 } },
    ])
    expect(readSentences({ en: 'One.', 'zh-Hans': '' }, 'en').problems).toEqual([])
    expect(readSentences({ en: '', 'zh-Hans': '' }, 'en').problems.map((each) => each.code)).toEqual(['field.required'])
    expect(readSentences({ en: `One.\n${'x'.repeat(601)}` }, 'en').problems).toMatchObject([{ values: { line: 2 } }])
  })
})
