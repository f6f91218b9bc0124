import { describe, expect, test } from 'vitest'
import { addMonths } from '#values/period.ts'
import { normals, seeded } from './random.ts'
import { assessSeries, type SeriesPoint } from './series.ts'

const monthly = (values: readonly (number | string | null)[], from = '2020-01-01'): SeriesPoint[] =>
  values.map((value, index) => ({ from: addMonths(from, index), to: addMonths(from, index + 1), value }))
const steady = [10, 11, 9, 10, 12, 8, 10, 11, 9, 10, 11, 9, 10, 12, 8, 10]

describe('one series', () => {
  test('says what is happening and whether the target will be met', () => {
    const seen = assessSeries({
      points: monthly([...steady, 30]),
      direction: 'down',
      grain: 'month',
      target: { kind: 'keep', value: '12' },
    })
    expect(seen).toMatchObject({ n: 17, counted: 17, silence: null, reading: 'concerning', capability: 'hit-and-miss' })
    expect(seen.latestSignal).toEqual({ kind: 'outside', side: 'high' })
    expect(seen.performance).toMatchObject({ result: 'missed', gap: '-18' })
    expect(seen.previous).toMatchObject({ change: '20', verdict: 'worse' })
    expect(seen.samePeriodLastYear).toMatchObject({ change: '18' })
    expect(seen.falseAlarmRate).toBeGreaterThan(0.01)
  })

  test('says less for less: empty, one point, eleven points, a running total', () => {
    expect(assessSeries({ points: [], direction: 'up', grain: 'year' })).toMatchObject({
      n: 0,
      latest: null,
      limits: null,
      silence: 'no-points',
    })
    const single = assessSeries({
      points: monthly([5]),
      direction: 'up',
      grain: 'month',
      target: { kind: 'keep', value: 4 },
    })
    expect(single).toMatchObject({
      limits: null,
      reading: 'not-stated',
      silence: 'under-12-points',
      performance: { result: 'met' },
    })
    const eleven = assessSeries({
      points: monthly(steady.slice(0, 11)),
      direction: 'up',
      grain: 'month',
      target: { kind: 'keep', value: 0 },
    })
    expect(eleven).toMatchObject({
      limits: { trial: true },
      reading: 'not-stated',
      capability: 'not-stated',
      falseAlarmRate: 0,
    })
    const total = assessSeries({ points: monthly(steady), direction: 'up', grain: 'month', cumulative: true })
    expect(total).toMatchObject({ limits: null, silence: 'cumulative', reading: 'not-stated', latestSignal: null })
  })

  test('an annualised latest value is judged and marked, while the reading speaks of the one before', () => {
    const points = [
      ...monthly(steady),
      { from: '2021-05-01', to: '2021-06-01', value: '99', status: 'annualised' as const },
    ]
    const seen = assessSeries({ points, direction: 'up', grain: 'month', target: { kind: 'keep', value: '12' } })
    expect(seen.latest).toMatchObject({ value: '99', status: 'annualised' })
    expect(seen.performance).toMatchObject({ result: 'met', reasons: ['annualised'] })
    expect(seen).toMatchObject({ reading: 'usual', spokenFor: { from: '2021-04-01' }, counted: 16 })
  })

  test('a gap is a gap: no zero, and no comparison across it', () => {
    const seen = assessSeries({ points: monthly([...steady, null, 11]), direction: 'up', grain: 'month' })
    expect(seen.n).toBe(17)
    expect(seen.previous).toBe(null)
    expect(seen.limits!.lower).toBeGreaterThan(0)
  })

  test('a break ends comparisons and limits', () => {
    const points = monthly([...steady, 50, 52]).map((point, index) =>
      index === 16 ? { ...point, breakBefore: true } : point,
    )
    const seen = assessSeries({ points, direction: 'up', grain: 'month' })
    expect(seen).toMatchObject({
      silence: 'under-12-points',
      counted: 2,
      samePeriodLastYear: null,
      previous: { change: '2' },
    })
    expect(seen.segments).toHaveLength(2)
  })

  test('bounds keep limits where values can be', () => {
    const points = monthly([99, 97, 100, 98, 100, 96, 100, 99, 97, 100, 98, 100])
    const seen = assessSeries({ points, direction: 'up', grain: 'month', bounds: { min: 0, max: 100 } })
    expect(seen.limits!.upper).toBe(100)
  })

  test('a season is taken out, so that every December is not news', () => {
    const normal = normals(seeded(11))
    const values = Array.from({ length: 48 }, (_, index) => 100 + (index % 12 === 11 ? 60 : 0) + normal())
    const points = monthly(values)
    const plain = assessSeries({ points, direction: 'up', grain: 'month', seasonal: false })
    expect(plain.reading).toBe('improving')
    const adjusted = assessSeries({ points, direction: 'up', grain: 'month' })
    expect(adjusted.adjusted).not.toBe(null)
    expect(adjusted.reading).toBe('usual')
    expect(adjusted.samePeriodLastYear).not.toBe(null)
    expect(adjusted.capability).toBe('not-stated')
  })

  test('a stated season that cannot be taken out silences the chart', () => {
    const stated = { direction: 'up', grain: 'month', seasonal: true } as const
    expect(assessSeries({ points: monthly(steady), ...stated })).toMatchObject({
      silence: 'season-under-three-years',
      limits: null,
    })
    const gappy = monthly(Array.from({ length: 48 }, (_, index) => (index === 20 ? null : index % 12)))
    expect(assessSeries({ points: gappy, ...stated })).toMatchObject({
      silence: 'gap-in-season',
      reading: 'not-stated',
    })
  })

  test('very late series are unknown, whatever the last value says', () => {
    const seen = assessSeries({
      points: monthly(steady),
      direction: 'up',
      grain: 'month',
      target: { kind: 'keep', value: '1' },
      freshness: 'very-late',
    })
    expect(seen.performance!.result).toBe('unknown')
  })
})
