import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normals, seeded } from './random.ts'
import {
  capability,
  type Direction,
  expectedFalseAlarms,
  falseAlarmRate,
  oneSideFlags,
  readingOf,
  type Signal,
  trendFlags,
  twoOfThreeFlags,
  variation,
  xmrLimits,
  xmrSignals,
} from './variation.ts'

const alternating = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
const points = (values: readonly number[]) => values.map((value) => ({ value }))
const kinds = (values: readonly number[]) =>
  xmrSignals(values, xmrLimits(values)!).map((signals) => signals.map((signal) => signal.kind))

describe('limits', () => {
  test('one extreme value is screened out of the moving ranges, or widens the limits', () => {
    const screened = xmrLimits(alternating)!
    expect(screened.mean).toBeCloseTo(1.9444, 4)
    expect(screened.lower).toBeCloseTo(-0.72, 2)
    expect(screened.upper).toBeCloseTo(4.6, 2)
    expect(screened.screened).toBe(2)
    const whole = xmrLimits(alternating, { screen: false })!
    expect(whole.lower).toBeCloseTo(-3.06, 2)
    expect(whole.upper).toBeCloseTo(6.95, 2)
  })

  test('mean and mean moving range of ten values, on trial', () => {
    const limits = xmrLimits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])!
    expect(limits.mean).toBeCloseTo(50.81, 10)
    expect(limits.movingRange).toBeCloseTo(1.87778, 5)
    expect(limits.trial).toBe(true)
    expect(limits.nearUpper - limits.mean).toBeCloseTo((limits.upper - limits.mean) * (2 / 3), 10)
  })

  test('bounded data keep their bounds', () => {
    const limits = xmrLimits([99, 100, 97, 100, 98, 100, 96, 100, 99, 100, 97, 100], { bounds: { min: 0, max: 100 } })!
    expect(limits.upper).toBe(100)
    expect(xmrLimits([0, 1, 0, 2, 0, 0, 1, 0, 3, 0, 0, 1], { bounds: { min: 0 } })!.lower).toBe(0)
  })

  test('a single value has no limits, a constant series no signal', () => {
    expect(xmrLimits([5])).toBe(null)
    const flat = new Array(30).fill(5.1)
    expect(xmrLimits(flat)).toMatchObject({ mean: 5.1, lower: 5.1, upper: 5.1 })
    expect(kinds(flat).every((signals) => signals.length === 0)).toBe(true)
  })
})

describe('signals', () => {
  test('a trend of seven flags all seven, and a tie breaks it', () => {
    expect(trendFlags([1, 2, 3, 4, 5, 6, 7])).toEqual([1, 1, 1, 1, 1, 1, 1])
    expect(trendFlags([1, 2, 3, 3, 4, 5, 6])).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(trendFlags([2, 7, 6, 5, 4, 3, 2, 1, 3])).toEqual([0, -1, -1, -1, -1, -1, -1, -1, 0])
    expect(trendFlags([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])).toEqual([1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1])
  })

  test('only the near points of a window of three keep the flag', () => {
    const near = [0, 0, 1, 0, 1, 0, 0].map(Boolean)
    expect(twoOfThreeFlags(near, [1, 1, 1, 1, 1, 1, 1])).toEqual([0, 0, 1, 0, 1, 0, 0])
    expect(twoOfThreeFlags(near, [1, -1, 1, -1, 1, -1, 1])).toEqual([0, 0, 0, 0, 0, 0, 0])
  })

  test('seven on one side of the mean are a run, and a point on the mean breaks it', () => {
    expect(oneSideFlags([1, -1, -1, -1, -1, -1, -1, -1])).toEqual([0, -1, -1, -1, -1, -1, -1, -1])
    expect(oneSideFlags([1, 1, 1, 0, 1, 1, 1, 1])).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('names come in order: outside before trend before run', () => {
    const rising = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 1, 2, 3, 4, 5.5, 6, 7, 30]
    expect(kinds(rising).at(-1)!.slice(0, 2)).toEqual(['outside', 'trend'])
  })

  const series = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 12, maxLength: 60 })

  test('moving or stretching a series changes no signal', () => {
    fc.assert(
      fc.property(
        series,
        fc.integer({ min: -10000, max: 10000 }),
        fc.constantFrom(0.1, 0.5, 3, 7.3, 1000),
        (values, shift, scale) => {
          const moved = values.map((value) => value * scale + shift)
          expect(xmrSignals(moved, xmrLimits(moved)!)).toEqual(xmrSignals(values, xmrLimits(values)!))
        },
      ),
    )
  })

  test('negating a series and turning the direction round gives the same verdict', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: -600, max: 600 }), (values, target) => {
        const negated = values.map((value) => -value)
        const [plain, mirrored] = [variation(points(values)), variation(points(negated))]
        expect(readingOf(mirrored.latestSignal, 'down')).toBe(readingOf(plain.latestSignal, 'up'))
        expect(readingOf(mirrored.latestSignal, 'up')).toBe(readingOf(plain.latestSignal, 'down'))
        expect(capability(mirrored.segments[0]!.limits, { value: -target }, 'down')).toBe(
          capability(plain.segments[0]!.limits, { value: target }, 'up'),
        )
      }),
    )
  })
})

describe('words', () => {
  test('under twelve points nothing is said, whatever the points do', () => {
    const short = variation(points([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50]))
    expect(short.latestSignal).toBe(null)
    expect(short.silence).toBe('under-12-points')
    expect(short.signals.flat()).toEqual([])
    expect(short.segments[0]!.limits!.trial).toBe(true)
  })

  test('words describe the newest point only', () => {
    const earlier = [50, ...new Array(20).fill(0).map((_, index) => (index % 2 === 0 ? 2 : 10)), 5]
    const result = variation(points(earlier))
    expect(result.signals[0]!.length).toBeGreaterThan(0)
    expect(result.latestSignal).toBe(null)
  })

  test('a break starts new limits, and its short segment silences the chart', () => {
    const before = [4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5]
    const after = [40, 60, 50, 40]
    const result = variation([...points(before), ...after.map((value, index) => ({ value, breakBefore: index === 0 }))])
    expect(result.segments.map(({ first, last, n }) => [first, last, n])).toEqual([
      [0, 11, 12],
      [12, 15, 4],
    ])
    expect(result.segments[0]!.limits).toEqual(xmrLimits(before))
    expect(result.silence).toBe('under-12-points')
    expect(result.latestSignal).toBe(null)
  })

  test('an annualised point stays out of limits and carries no signal', () => {
    const firm = [4, 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5]
    const result = variation([...points(firm), { value: 500, inLimits: false }])
    expect(result.segments[0]!.limits).toEqual(xmrLimits(firm))
    expect(result.signals.at(-1)).toEqual([])
    expect(result.segments[0]!.n).toBe(12)
  })

  test.each<[Signal | null, Direction, string]>([
    [{ kind: 'outside', side: 'high' }, 'up', 'improving'],
    [{ kind: 'outside', side: 'high' }, 'down', 'concerning'],
    [{ kind: 'trend', side: 'low' }, 'down', 'improving'],
    [{ kind: 'trend', side: 'low' }, 'range', 'lower-than-usual'],
    [{ kind: 'one-side', side: 'high' }, 'none', 'higher-than-usual'],
    [{ kind: 'one-side', side: 'high' }, 'not-agreed', 'higher-than-usual'],
    [null, 'up', 'usual'],
  ])('%j with direction %s reads %s', (signal, direction, expected) => {
    expect(readingOf(signal, direction)).toBe(expected)
  })
})

describe('target capability', () => {
  const steady = xmrLimits([9, 11, 10, 9, 11, 10, 9, 11, 10, 9, 11, 10])!
  test.each([
    [5, 'up', 'consistently-meets'],
    [15, 'up', 'consistently-misses'],
    [10, 'up', 'hit-and-miss'],
    [15, 'down', 'consistently-meets'],
    [5, 'down', 'consistently-misses'],
    [5, 'range', 'not-stated'],
    [5, 'none', 'not-stated'],
  ] as const)('target %d, %s is better: %s', (target, direction, expected) => {
    expect(capability(steady, { value: target }, direction)).toBe(expected)
  })

  test('a range is met only if all of the usual lies in it', () => {
    expect(capability(steady, { min: 0, max: 20 }, 'range')).toBe('consistently-meets')
    expect(capability(steady, { min: 10 }, 'range')).toBe('hit-and-miss')
    expect(capability(steady, { min: 20, max: 30 }, 'range')).toBe('consistently-misses')
  })

  test('it is not stated on trial limits', () => {
    expect(capability(xmrLimits([1, 2, 1, 2]), { value: 0 }, 'up')).toBe('not-stated')
  })

  test('a process always at its ceiling meets a target at the ceiling', () => {
    expect(capability(xmrLimits(new Array(12).fill(100), { bounds: { max: 100 } }), { value: 100 }, 'up')).toBe(
      'consistently-meets',
    )
  })
})

describe('false alarms', () => {
  test('the stated rate is what a stable process gives', () => {
    for (const length of [12, 24, 60]) {
      const normal = normals(seeded(length * 7))
      const runs = 20000
      let alarms = 0
      for (let run = 0; run < runs; run += 1) {
        const values = Array.from({ length }, normal)
        if (variation(points(values)).latestSignal) alarms += 1
      }
      const rate = falseAlarmRate(length)
      expect(Math.abs(alarms / runs - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / runs))
    }
  })

  test('a list of charts adds up, and short charts raise none', () => {
    expect(falseAlarmRate(11)).toBe(0)
    expect(falseAlarmRate(30)).toBeGreaterThan(falseAlarmRate(24))
    expect(falseAlarmRate(5000)).toBe(falseAlarmRate(120))
    expect(expectedFalseAlarms([24, 24, 5])).toBeCloseTo(2 * falseAlarmRate(24), 12)
  })
})
