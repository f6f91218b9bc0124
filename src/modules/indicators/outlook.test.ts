/** What is to be expected, in both languages: every sentence a page can show. */
import { describe, expect, test } from 'vitest'
import { outlookFrom, type StoredForecast } from '#analysis/outlook.ts'
import type { ForecastReason, ForecastStep } from '#analysis/series-forecast.ts'
import { createWords, type Language } from '#kernel/words.ts'
import { digitsFor, outlookWords } from './rules-outlook.ts'
import type { Outlook, TargetFigures } from './rules-series.ts'
import { writerFor } from './rules-words.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const words = createWords([{ en, 'zh-Hans': zhHans }])
const saying = (language: Language) => words.say(language)

const facts = {
  unit: '%',
  unitLabel: null,
  decimals: 1,
  valueKind: 'percent',
  grain: 'month',
  direction: 'up' as const,
}
const target = {
  cell: '',
  targetKind: 'keep',
  from: '2020-01-01',
  dueOn: null,
  value: '80',
  low: null,
  high: null,
  base: null,
  comparator: null,
  setOn: '2020-01-01',
}
const step = (month: number): ForecastStep => {
  const day = (index: number) => `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`
  const label = day(month).slice(0, 7)
  return {
    from: day(month),
    to: day(month + 1),
    label,
    middle: 82,
    lower: 78.04,
    upper: 86,
    innerLower: 80,
    innerUpper: 84,
  }
}
const misses = new Uint8Array(1000).map((_, index) => (index < 300 ? 1 : index < 600 ? 5 : 255))
const stored: StoredForecast<TargetFigures> = {
  form: 'ANN',
  seasonal: false,
  counted: 60,
  last: { from: '2023-12-01', to: '2024-01-01', label: '2023-12' },
  steps: Array.from({ length: 16 }, (_, index) => step(index)),
  backtest: { tried: 264, held: 211, origins: 24 },
  target,
  look: { kind: 'keep', at: 1, through: null },
  misses,
  withheld: [],
}
const reported = (
  change: Partial<StoredForecast<TargetFigures>>,
  language: 'en' | 'zh-Hans' = 'en',
  today = '2024-01-20',
) => {
  const say = saying(language)
  return outlookWords(outlookFrom({ ...stored, ...change }, today), facts, writerFor(facts, say, language))!
}

describe('what to expect, in words', () => {
  test('a target to keep: the next period and all of the year ahead, separately', () => {
    const { range, chance, reasons, backtest } = reported({})
    expect(range).toBe('For Dec 2024: between 78.0% and 86.0% in 8 of 10 cases, between 80.0% and 84.0% in 5 of 10.')
    expect(chance).toBe(
      'The chance to meet the target (at least 80.0%) in Jan 2024 is about 7 in 10, and in all 12 periods through Dec 2024 about 4 in 10, if the past pattern continues.',
    )
    expect(reasons).toEqual([])
    expect(backtest).toBe(
      'Tried on its own past: from 24 earlier periods, the range meant to hold 8 in 10 later values held 211 of 264.',
    )
    const chinese = reported({}, 'zh-Hans')
    expect(chinese.range).toBe('2024年12月：十次中有八次在78.0%至86.0%之间，十次中有五次在80.0%至84.0%之间。')
    expect(chinese.chance).toBe(
      '如果以往规律延续，2024年1月达到目标（不低于80.0%）的可能性约为七成；截至2024年12月的 12 期全部达标的可能性约为四成。',
    )
  })

  test('a target to reach: at its day', () => {
    const reach = {
      target: { ...target, targetKind: 'reach', dueOn: '2024-06-30' },
      look: { kind: 'reach', at: 6 },
    } as const
    expect(reported(reach)).toMatchObject({
      range: expect.stringMatching(/^For Jun 2024:/),
      chance:
        'The chance to meet the target (at least 80.0% by 30 Jun 2024) is about 4 in 10, if the past pattern continues.',
    })
    const far = reported({ ...reach, look: { kind: 'reach', at: 40 } })
    expect(far.given).toBe(false)
    expect(far.reasons).toEqual([
      'Too little history for so long a time ahead: 60 values bear a chance for 30 periods ahead at most.',
    ])
  })

  test('where all periods are too many to tell, the next one still is, with the reason', () => {
    const short = reported({ counted: 14, look: { kind: 'keep', at: 1, through: 10 } })
    expect(short.chance).toMatch(/in Jan 2024 is about 7 in 10, if the past pattern continues\.$/)
    expect(short.reasons.join()).toContain('for 7 periods ahead at most')
  })

  const reasons: readonly ForecastReason[] = [
    'under-12-points',
    'no-horizon',
    'too-many-gaps',
    'season-not-known',
    'horizon-beyond-half-the-history',
    'ranges-held-too-little',
    'rare-events',
    'no-target',
    'no-direction',
    'no-range',
    'no-single-level',
    'target-day-passed',
    'too-old',
    'not-made-yet',
  ]
  test.each(reasons)('no chance, no number of one, and why: %s', (reason) => {
    for (const language of ['en', 'zh-Hans'] as const) {
      const words = reported({ withheld: [reason], misses: null }, language)
      expect(words.given).toBe(false)
      expect(words.chance).not.toMatch(/in 10|成。/)
      expect(words.reasons).toHaveLength(1)
      expect(`${words.chance}${words.reasons.join('')}`).not.toContain('[')
      expect(saying(language)(`indicators.outlook.short.${reason}`)).not.toContain('[')
    }
  })

  test('a range that was not tried, or failed, is rough: no share is claimed for it', () => {
    for (const [reason, words] of [
      ['under-12-points', 'How often such a range holds is not known for this series.'],
      ['season-not-known', 'How often such a range holds is not known for this series.'],
      ['ranges-held-too-little', 'Such ranges held less often than they should.'],
    ] as const) {
      const { range, backtest } = reported({ withheld: [reason], misses: null })
      expect(range).toBe(`For Dec 2024: roughly between 78.0% and 86.0%. ${words}`)
      expect(backtest).toBe(null)
      expect(reported({ withheld: [reason], misses: null }, 'zh-Hans').range).toMatch(/^2024年12月：大致在/)
    }
    // Too far ahead is another matter: the ranges themselves were tried.
    expect(reported({ withheld: ['no-target'], misses: null }).range).toContain('in 8 of 10 cases')
  })

  test('too old says nothing of what comes, ended nothing at all', () => {
    expect(reported({ withheld: ['too-old'] }).range).toBe(null)
    expect(reported({ withheld: ['ended'] })).toBe(null)
  })

  test('every form and season has its words', () => {
    for (const language of ['en', 'zh-Hans'] as const)
      for (const form of ['ANN', 'theta', 'AAdN', 'AAN', 'walk'])
        for (const seasonal of [true, false]) {
          const { method } = reported({ form, seasonal }, language)
          expect(method).not.toContain('[')
          if (form !== 'walk') expect(/season|季节/.test(method!)).toBe(seasonal)
        }
  })

  test('a range bears no more digits than its width', () => {
    expect(digitsFor({ lower: 1.23456, upper: 1.23576 }, null)).toBe(4)
    expect(digitsFor({ lower: 12_345.6, upper: 99_999 }, null)).toBe(0)
    expect(digitsFor({ lower: 5, upper: 5 }, null)).toBe(3)
    expect(digitsFor({ lower: 12_345.6, upper: 99_999 }, 2)).toBe(2)
  })

  test('a year ahead is counted from today', () => {
    const through = (today: string) => {
      const { chance }: Outlook = outlookFrom(stored, today)
      return chance.given === 'keep' ? chance.all?.through.label : null
    }
    expect([through('2024-01-20'), through('2024-02-10'), through('2024-03-05')]).toEqual([
      '2024-12',
      '2025-01',
      '2025-02',
    ])
  })
})
