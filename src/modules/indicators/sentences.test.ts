import { describe, expect, test } from 'vitest'
import { createWords, type Language, languages } from '#kernel/words.ts'
import tabularEn from '#platform/tabular/words/en.json' with { type: 'json' }
import tabularZhHans from '#platform/tabular/words/zh-Hans.json' with { type: 'json' }
import webEn from '#web/words/en.json' with { type: 'json' }
import webZhHans from '#web/words/zh-Hans.json' with { type: 'json' }
import { findingNames } from './queries-list.ts'
import { comparisonsFor, resultNote, sentencesFor } from './rules-sentences.ts'
import { judge, type MeasurementRow, type SeriesFacts, type TargetRow } from './rules-series.ts'
import { targetWords, writerFor } from './rules-words.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const words = createWords([
  { en, 'zh-Hans': zhHans },
  { en: webEn, 'zh-Hans': webZhHans },
  { en: tabularEn, 'zh-Hans': tabularZhHans },
])

const facts: SeriesFacts & { unitLabel: null } = {
  valueKind: 'count',
  unit: '{person}',
  unitLabel: null,
  decimals: 0,
  direction: 'up',
  rangeLow: null,
  rangeHigh: null,
  grain: 'year',
  publicationLagDays: 30,
  seasonal: false,
  cumulative: false,
  rareEvents: false,
  minimumCell: null,
}
const year = (index: number) => 2000 + index
const rows = (
  values: (number | null)[],
  status: Partial<Record<number, MeasurementRow['status']>> = {},
): MeasurementRow[] =>
  values.map((value, index) => ({
    id: '',
    cell: '',
    from: `${year(index)}-01-01`,
    to: `${year(index + 1)}-01-01`,
    label: String(year(index)),
    value: value === null ? null : String(value),
    numerator: null,
    denominator: null,
    status: status[index < 0 ? index : index - values.length] ?? 'actual',
    note: null,
    raw: null,
    revision: 1,
  }))
const target = (values: Partial<TargetRow>): TargetRow => ({
  cell: '',
  targetKind: 'keep',
  from: '2000-01-01',
  dueOn: null,
  value: null,
  low: null,
  high: null,
  base: null,
  comparator: null,
  setOn: '2000-01-01',
  why: null,
  ...values,
})
const steady = [5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6]

type Case = {
  values?: (number | null)[]
  status?: Partial<Record<number, MeasurementRow['status']>>
  targets?: TargetRow[]
  facts?: Partial<SeriesFacts>
  today?: string
  lateness?: 'not-yet-due' | 'due-late' | 'very-late' | 'stopped'
}
const tell = (each: Case, language: Language = 'en') => {
  const own = { ...facts, ...each.facts }
  const { lateness } = each
  const judged = judge(
    own,
    { measurements: rows(each.values ?? steady, each.status), targets: each.targets ?? [], breaks: [] },
    '',
    { ...(each.today ? { today: each.today } : {}), ...(lateness ? { freshness: lateness } : {}) },
  )
  return sentencesFor({ judged, lateness: lateness ?? null, facts: own }, words.say(language), language)
}

describe('sentences', () => {
  const cases: [string, Case, 'happening' | 'against' | 'freshness', string, string][] = [
    [
      'flat is not improving',
      {},
      'happening',
      'As usual: 6 people in 2013 lies within the usual range, 3 to 8 people. Nothing points to a change.',
      '与平常一致：2013年为6人，在平常范围（3 至 8人）之内，没有变化的迹象。',
    ],
    [
      'a high value where up is better',
      { values: [...steady, 12] },
      'happening',
      'Improving: 12 people in 2014 lies above the usual range, 3 to 9 people.',
      '好转：2014年为12人，高于平常范围（3 至 9人）。',
    ],
    [
      'the same value where down is better',
      { values: [...steady, 12], facts: { direction: 'down' } },
      'happening',
      'Concerning: 12 people in 2014 lies above the usual range, 3 to 9 people.',
      '值得关注：2014年为12人，高于平常范围（3 至 9人）。',
    ],
    [
      'never improving without a direction',
      { values: [...steady, 12], facts: { direction: 'not-agreed' } },
      'happening',
      'Higher than usual: 12 people in 2014 lies above the usual range, 3 to 9 people.',
      '高于平常：2014年为12人，高于平常范围（3 至 9人）。',
    ],
    [
      'under twelve values',
      { values: [1, 9, 1] },
      'happening',
      'Too little history: 3 values count under today’s definition, and it takes 12 to say what is usual.',
      '历史数据不足：现行口径下只有 3 个可用数值，至少需要 12 个才能判断什么属于平常。',
    ],
    [
      'a running total',
      { facts: { cumulative: true } },
      'happening',
      'This is a running total, 6 people by the end of 2013; it can only grow, so nothing is said about what is usual.',
      '这是累计数列，截至2013年为6人；累计数只增不减，因此不判断是否与平常一致。',
    ],
    [
      'met on an annualised estimate',
      { status: { [-1]: 'annualised' }, targets: [target({ value: '6' })] },
      'against',
      'Met, on an annualised estimate: 6 people in 2013; the target is at least 6 people.',
      '按年内累计数折算的估计值，达标：2013年为6人，目标为不低于6人。',
    ],
    [
      'a ceiling that is kept',
      { facts: { direction: 'down', unit: 'd' }, targets: [target({ value: '12' })] },
      'against',
      'Met: 6 days in 2013; the target is at most 12 days.',
      '达标：2013年为6天，目标为不高于12天。',
    ],
    [
      'without a direction nothing is met',
      { facts: { direction: 'none' }, targets: [target({ value: '5' })] },
      'against',
      'Unknown: nobody has agreed which way is better, so 6 people can neither meet nor miss 5 people.',
      '情况不明：尚未约定优劣方向，6人相对5人无所谓达标与否。',
    ],
    [
      'not due, with progress',
      { targets: [target({ targetKind: 'reach', value: '10', base: '2', dueOn: '2030-12-31' })], today: '2014-03-01' },
      'against',
      'Not yet due: 50% of the way to the target of at least 10 people by 31 Dec 2030, with 6 people in 2013.',
      '尚未到期：目标为到2030年12月31日不低于10人，已走完全程的 50%，2013年为6人。',
    ],
    [
      'a target that rose meanwhile',
      { targets: [target({ value: '6' }), target({ value: '9', from: '2013-07-01', setOn: '2013-07-01' })] },
      'against',
      'Met under the old target, missed under the new: 6 people in 2013 against at least 6 people; the later target is at least 9 people.',
      '按旧目标达标，按新目标未达标：2013年为6人，当时的目标为不低于6人；后来的目标为不低于9人。',
    ],
    [
      'very late is unknown, never on track',
      { targets: [target({ value: '5' })], lateness: 'very-late', today: '2016-06-01' },
      'against',
      'Unknown: the newest value, 6 people in 2013, is too old to say whether the target of at least 5 people is met.',
      '情况不明：最新数值（2013年，6人）过旧，无法判断目标（不低于5人）是否达成。',
    ],
    [
      'an old value says nothing about today',
      { values: [...steady, 12], lateness: 'very-late' },
      'happening',
      'The newest value, 12 people in 2014, is too old to say what is happening now.',
      '最新数值（2014年，12人）过旧，无法说明当前情况。',
    ],
    ['no target', {}, 'against', 'There is no target.', '没有目标值。'],
    [
      'stopped',
      { lateness: 'stopped' },
      'freshness',
      'Stopped: nothing has come since 2013; the value for 2014 was due on 31 Jan 2015. How it stands is unknown.',
      '已停止更新：2013年之后再无数据；2014年的数值应于2015年1月31日报送。当前情况不明。',
    ],
  ]
  test.each(cases)('%s', (_name, each, part, english, chinese) => {
    expect(tell(each)[part]).toBe(english)
    expect(tell(each, 'zh-Hans')[part]).toBe(chinese)
  })

  test('every combination of direction, history, target, status and lateness has words in both languages', () => {
    const targets: TargetRow[][] = [
      [],
      [target({ value: '5' })],
      [target({ targetKind: 'reach', value: '9', base: '1', dueOn: '2040-01-01' })],
      [target({ targetKind: 'reach', value: '1', dueOn: '2013-06-01' })],
      [target({ targetKind: 'range', low: '1', high: '9' })],
      [target({ targetKind: 'range' })],
      [target({ targetKind: 'change', value: '2', base: '4', dueOn: '2013-01-01' })],
      [target({ targetKind: 'change-percent', value: '-20', base: '4', dueOn: '2030-01-01' })],
      [target({ targetKind: 'cumulative', value: '90', dueOn: '2030-01-01' })],
      [target({ targetKind: 'done', dueOn: '2030-01-01' })],
      [target({ targetKind: 'comparator', comparator: 'district=north' })],
      [target({ targetKind: 'gap', value: '3', comparator: 'district=north | *' })],
      [target({ value: '5', setOn: '2015-01-01', from: '2015-01-01' })],
      [target({ value: '99' }), target({ value: '1', from: '2013-07-01', setOn: '2013-07-01' })],
    ]
    const rising = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]
    const shapes = [
      [],
      [4],
      steady,
      [...steady, 30],
      [...steady, 0],
      rising,
      rising.toReversed(),
      [...steady.slice(0, 8), 9, 9, 9, 9, 9, 9, 9],
    ]
    let reported = 0
    for (const direction of ['up', 'down', 'range', 'none', 'not-agreed'] as const)
      for (const values of shapes)
        for (const each of targets)
          for (const status of ['actual', 'annualised'] as const)
            for (const lateness of [undefined, 'due-late', 'stopped'] as const)
              for (const language of languages) {
                const found = tell(
                  {
                    values,
                    status: { [-1]: status },
                    targets: each,
                    facts: { direction },
                    today: '2014-06-01',
                    ...(lateness ? { lateness } : {}),
                  },
                  language,
                )
                const text = [
                  found.happening,
                  found.against,
                  found.freshness,
                  found.capability ?? '',
                  ...found.cautions,
                  ...Object.values(found.labels),
                ].join(' ')
                // A missing word shows its key in brackets, a missing value its name in braces.
                expect(text).not.toMatch(/\[\w|[{}]|undefined|NaN/)
                if (direction !== 'up' && direction !== 'down')
                  expect(text).not.toMatch(/Improving|Concerning:|好转：|值得关注：/)
                reported += 1
              }
    expect(reported).toBeGreaterThan(5000)
  })

  test('reasons, silences and findings have short forms', () => {
    for (const language of languages) {
      const say = words.say(language)
      for (const reason of [
        'no-value',
        'no-target',
        'no-direction',
        'no-comparator',
        'no-groups',
        'no-range',
        'very-late',
        'no-value-for-due-day',
      ])
        expect(resultNote('unknown', [reason], say)).not.toContain('[')
      for (const silence of [
        'no-points',
        'cumulative',
        'under-12-points',
        'gap-in-season',
        'season-under-three-years',
        'rare-events',
        'too-old',
      ]) {
        expect(words.has(language, `indicators.silence.${silence}`)).toBe(true)
        expect(words.has(language, `indicators.silence.${silence}.short`)).toBe(true)
      }
      for (const finding of findingNames) expect(words.has(language, `indicators.finding.${finding}`)).toBe(true)
    }
  })

  test('percentages change by percentage points, and figures keep their decimals', () => {
    const writer = writerFor(
      { unit: '%', unitLabel: null, decimals: 1, valueKind: 'percent', grain: 'year' },
      words.say('en'),
      'en',
    )
    expect([writer.quantity('7.25'), writer.difference('1.5')]).toEqual(['7.3%', '+1.5 percentage points'])
    const rate = writerFor(
      { unit: '/(100000.{person})', unitLabel: null, decimals: 1, valueKind: 'rate', grain: 'year' },
      words.say('zh-Hans'),
      'zh-Hans',
    )
    expect(rate.quantity('1234.5')).toBe('1,234.5（每10万人）')
    expect(targetWords(target({ targetKind: 'range', low: '1', high: null }), 'range', rate)).toBe(
      '不低于1.0（每10万人）',
    )
  })
})

test('a duration of a minute or an hour and more is written in both units', () => {
  const facts = { unitLabel: null, decimals: null, valueKind: 'duration', grain: 'year' } as const
  const [seconds, minutes] = ['s', 'min'].map((unit) => writerFor({ ...facts, unit }, words.say('en'), 'en'))
  expect(['251', '250.6', '240', '59', '-251'].map(seconds!.quantity)).toEqual([
    '4 min 11 sec',
    '4 min 11 sec',
    '4 min',
    '59 seconds',
    '−4 min 11 sec',
  ])
  expect([minutes!.quantity('251'), minutes!.difference('-65'), minutes!.difference('5')]).toEqual([
    '4 hr 11 min',
    '−1 hr 5 min',
    '+5 minutes',
  ])
  expect(writerFor({ ...facts, unit: 's' }, words.say('zh-Hans'), 'zh-Hans').quantity('251')).toBe('4分钟11秒')
  // Not every number of seconds is a duration that people read as one.
  expect(writerFor({ ...facts, valueKind: 'average', unit: 's' }, words.say('en'), 'en').quantity('251')).toBe(
    '251 seconds',
  )
})

test('a yearly value is compared with the year before once, not twice', () => {
  const judged = judge(facts, { measurements: rows([5, 9]), targets: [], breaks: [] })
  expect(comparisonsFor(judged, writerFor(facts, words.say('en'), 'en'))).toEqual([
    '+4 people compared with the period before.',
  ])
})
