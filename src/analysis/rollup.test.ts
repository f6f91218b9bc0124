import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { periodFrom, yearNamed } from '#values/period.ts'
import { aggregateParts, type Part } from './aggregate.ts'
import { changeBetween, changeFromMean } from './change.ts'
import { clockText, clockUnits, meanClock } from './duration.ts'
import { networkScores } from './network.ts'
import { outcomeResult, rollUp, weightedProgress } from './rollup.ts'
import type { Result } from './target.ts'

const items = (...results: Result[]) =>
  results.map((result, index) => ({ key: String(index), result, relativeGap: -index }))

describe('roll-ups', () => {
  test('counts lead and the worst item is named', () => {
    const counted = rollUp(items('met', 'missed', 'unknown', 'missed', 'not-due', 'met'))
    expect(counted).toEqual({ total: 6, met: 2, missed: 2, notDue: 1, unknown: 1, worst: '3' })
    expect(rollUp(items('met')).worst).toBe(null)
  })

  test.each<[Result[], 'all' | number, Result]>([
    [['met', 'met'], 'all', 'met'],
    [['met', 'missed', 'unknown'], 'all', 'missed'],
    [['met', 'unknown'], 'all', 'unknown'],
    [['met', 'not-due'], 'all', 'not-due'],
    [['met', 'met', 'missed'], 2, 'met'],
    [['met', 'missed', 'missed'], 2, 'missed'],
    [['met', 'unknown', 'missed'], 2, 'unknown'],
    [['met', 'met', 'unknown'], 2, 'met'],
    [['met'], 2, 'unknown'],
  ])('%j with rule %s is %s', (results, rule, expected) => {
    expect(outcomeResult(items(...results), rule === 'all' ? { rule } : { rule: 'n-of', n: rule }).result).toBe(
      expected,
    )
  })

  test('a headline decides alone; without a rule nothing is decided', () => {
    expect(outcomeResult(items('missed', 'met'), { rule: 'headline', key: '1' }).result).toBe('met')
    expect(outcomeResult(items('met'), { rule: 'headline', key: 'x' })).toEqual({
      result: 'unknown',
      reason: 'headline-missing',
    })
    expect(outcomeResult(items('met'), null)).toEqual({ result: 'unknown', reason: 'no-rule' })
  })

  test('weights 2 and 3 with 40 % and 20 % give 28 %, and a part without progress gives none', () => {
    const whole = weightedProgress([
      { weight: 2, progress: 0.4 },
      { weight: 3, progress: 0.2 },
    ])
    expect('progress' in whole && whole.progress).toBeCloseTo(0.28, 12)
    expect(
      weightedProgress([
        { weight: 2, progress: 0.4 },
        { weight: 3, progress: null },
      ]),
    ).toEqual({ problem: 'progress-not-defined', left: 1 })
    expect(weightedProgress([])).toEqual({ problem: 'no-parts', left: 0 })
    expect(weightedProgress([{ weight: 0, progress: 1 }])).toMatchObject({ problem: 'weights-not-positive' })
  })
})

describe('changes', () => {
  test('a tie is no change in every direction', () => {
    for (const direction of ['up', 'down', 'range', 'none', 'not-agreed'] as const) {
      expect(changeBetween('1.50', '1.5', { direction })!.verdict).toBe('no-change')
    }
  })

  test('percent and percentage points are not mixed', () => {
    expect(changeBetween('60', '50', { direction: 'up' })).toEqual({
      change: '10',
      in: 'units',
      percent: '20',
      verdict: 'better',
    })
    expect(changeBetween('60', '50', { direction: 'down', unit: 'percent' })).toEqual({
      change: '10',
      in: 'percentage-points',
      percent: null,
      verdict: 'worse',
    })
    expect(changeBetween('5', '0', { direction: 'none' })).toMatchObject({ percent: null, verdict: 'higher' })
    expect(changeBetween('5', null, { direction: 'up' })).toBe(null)
  })

  test('the mean is judged exactly', () => {
    expect(changeFromMean('0.2', ['0.1', '0.2', '0.3'], { direction: 'up' })!.verdict).toBe('no-change')
    expect(changeFromMean('0.3', ['0.1', null, '0.4'], { direction: 'down' })).toMatchObject({
      n: 2,
      mean: '0.25',
      verdict: 'worse',
    })
    expect(changeFromMean('0.3', [null], { direction: 'down' })).toBe(null)
  })
})

describe('adding up', () => {
  const period = yearNamed(2023)
  const part = (key: string, more: Partial<Part> = {}): Part => ({ key, period, ...more })

  test('percentages are recomputed, never averaged', () => {
    const parts = [
      part('a', { value: '10', numerator: '10', denominator: '100' }),
      part('b', { value: '90', numerator: '900', denominator: '1000' }),
    ]
    expect(aggregateParts(parts, 'percent')).toMatchObject({
      numerator: '910',
      denominator: '1100',
      value: '82.727272727272727273',
    })
    expect(aggregateParts([part('a', { value: '10' })], 'percent')).toEqual({ problem: 'no-denominator', keys: ['a'] })
  })

  test('a parent and its parts, however far down, are never counted together', () => {
    const parts = [
      part('city', { value: '9' }),
      part('street', { value: '3', parent: 'ward' }),
      part('ward', { value: '3', parent: 'city' }),
    ]
    expect(aggregateParts(parts, 'sum')).toEqual({ problem: 'parent-with-parts', keys: ['ward', 'city'] })
    expect(aggregateParts(parts.slice(1, 2), 'sum')).toMatchObject({ value: '3' })
  })

  test('fiscal and calendar years are not added, nor different years, nor a part twice, nor around a hole', () => {
    const fiscal = yearNamed(2023, { startMonth: 7, namedBy: 'end' })
    expect(aggregateParts([part('a', { value: '1' }), part('b', { value: '1', period: fiscal })], 'sum')).toEqual({
      problem: 'mixed-axes',
      keys: ['b'],
    })
    expect(
      aggregateParts(
        [part('a', { value: '1' }), part('b', { value: '1', period: periodFrom('2022-01-01', 'year') })],
        'sum',
      ),
    ).toMatchObject({
      problem: 'mixed-periods',
    })
    expect(aggregateParts([part('a', { value: '1' }), part('a', { value: '1' })], 'sum')).toMatchObject({
      problem: 'part-twice',
    })
    expect(aggregateParts([part('a', { value: '1' }), part('b')], 'sum')).toEqual({
      problem: 'part-missing',
      keys: ['b'],
    })
    expect(aggregateParts([part('a', { value: '0.1' }), part('b', { value: '0.2' })], 'sum')).toEqual({
      value: '0.3',
      n: 2,
    })
  })
})

describe('benefits network', () => {
  const published = [
    { from: 'B1', to: 'O', percent: 60 },
    { from: 'B2', to: 'O', percent: 40 },
    { from: 'C1', to: 'B1', percent: 50 },
    { from: 'C2', to: 'B1', percent: 50 },
    { from: 'C2', to: 'B2', percent: 100 },
    { from: 'E1', to: 'C1', percent: 100 },
    { from: 'E1', to: 'C2', percent: 30 },
    { from: 'E2', to: 'C2', percent: 70 },
  ]

  test('scores are sums over paths of products', () => {
    const found = networkScores('O', published)
    if ('problem' in found) throw new Error(found.problem)
    expect(found.incomplete).toEqual([])
    for (const [node, score] of [
      ['C1', 30],
      ['C2', 70],
      ['E1', 51],
      ['E2', 49],
    ] as const) {
      expect(found.scores.get(node)).toBeCloseTo(score, 10)
    }
  })

  test('weights that do not add up are a finding, a loop is named', () => {
    const partial = networkScores('O', published.slice(0, 1))
    expect(partial).toMatchObject({ incomplete: [{ node: 'O', sum: 60 }] })
    const loop = networkScores('O', [
      { from: 'A', to: 'O', percent: 100 },
      { from: 'B', to: 'A', percent: 100 },
      { from: 'A', to: 'B', percent: 100 },
    ])
    expect(loop).toEqual({ problem: 'loop', nodes: ['B', 'A'] })
  })

  test('a complete layer sums to 100, and a long chain is no trouble', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 20 }), (weights) => {
        const total = weights.reduce((a, b) => a + b, 0)
        const found = networkScores(
          'O',
          weights.map((weight, index) => ({ from: `b${index}`, to: 'O', percent: (weight * 100) / total })),
        )
        if ('problem' in found) throw new Error(found.problem)
        expect(weights.reduce((sum, _, index) => sum + found.scores.get(`b${index}`)!, 0)).toBeCloseTo(100, 8)
      }),
    )
    const chain = Array.from({ length: 20000 }, (_, index) => ({
      from: `n${index + 1}`,
      to: `n${index}`,
      percent: 100,
    }))
    expect(networkScores('n0', chain)).toMatchObject({ incomplete: [] })
  })
})

describe('durations written like decimals', () => {
  test('4.11 is four minutes eleven, 4.1 four minutes ten', () => {
    expect(clockUnits('4.11')).toBe('251')
    expect(clockUnits('4.1')).toBe('250')
    expect(clockUnits('6')).toBe('360')
    expect(clockUnits('6.95')).toEqual({ problem: 'parts-over-sixty' })
    expect(clockUnits('5.196')).toEqual({ problem: 'not-a-clock-time' })
    expect(clockText('251')).toBe('4:11')
  })

  test('their mean differs from the mean of the decimals', () => {
    const mean = meanClock(['4.58', '5.02'].map((cell) => clockUnits(cell) as string))!
    expect(clockText(mean)).toBe('5:00')
  })
})
