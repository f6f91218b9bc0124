import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { incompleteBeta } from '../distributions.ts'
import { compileCorrelations } from './correlation.ts'
import { batchSizes, sampleOf } from './sample.ts'
import { differenceOf, type RiskEvent, type Simulation, type SimulationInput, simulate } from './simulation.ts'
import { type Figure, percentileOf, selectPercentiles } from './summary.ts'
import { type Distribution, distributionProblem, momentsOf, quantileOf } from './variable.ts'

const estimate = { kind: 'triangular', min: 8, mode: 10, max: 18 } as const
const draws = 100_000
const run = (input: Partial<SimulationInput>, evaluate: (values: Float64Array, risks: Float64Array) => number) =>
  simulate({ variables: [], draws, seed: 20261125, ...input }, evaluate) as Simulation
const independent = (count: number, distribution: Distribution = estimate) =>
  Array.from({ length: count }, (_, index) => ({ name: `activity ${index + 1}`, distribution }))
const shareUpTo = (values: Float64Array, limit: number) =>
  values.filter((value) => value <= limit).length / values.length

/** Within three standard errors, where the error is at most the plain one of so many draws. */
function within({ value, standardError }: Figure, expected: number, plainError = Number.POSITIVE_INFINITY) {
  expect(standardError).toBeLessThanOrEqual(plainError * 1.5)
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(3 * Math.max(standardError!, 1e-7))
}

describe('published values', () => {
  test('a triangular estimate', () => {
    expect(momentsOf(estimate)).toEqual({ mean: 12, variance: expect.closeTo(4.666667, 6) })
    expect(quantileOf(estimate, 0.5)).toBeCloseTo(11.675445, 6)
    expect(quantileOf(estimate, 0.8)).toBeCloseTo(14, 9)
    expect(quantileOf(estimate, 0.2)).toBeCloseTo(10, 9)
  })

  test.each([
    [2, 0.04, 13.159394, 15.09383, 13.226667],
    [3, 0.008, 13.937494, 15.605302, 13.910857],
  ])('merge bias of %i ways', (ways, onTime, p50, p80, mean) => {
    const { summary, values } = run({ variables: independent(ways) }, (each) => Math.max(...each))
    within(summary.p50, p50)
    within(summary.p80, p80)
    within(summary.mean, mean, Math.sqrt(4.7 / draws))
    expect(Math.abs(shareUpTo(values, 10) - onTime)).toBeLessThan(3 * Math.sqrt((onTime * (1 - onTime)) / draws))
  })

  test('one after the other', () => {
    const { summary } = run({ variables: independent(2) }, (each) => each[0]! + each[1]!)
    within(summary.mean, 24)
    expect(summary.deviation).toBeCloseTo(3.05505, 1)
    for (const [figure, expected] of [
      [summary.p10, 20.13],
      [summary.p50, 23.81],
      [summary.p80, 26.63],
      [summary.p90, 28.13],
    ] as const)
      expect(Math.abs(figure.value - expected)).toBeLessThan(3 * figure.standardError! + 0.005)
  })

  test('a PERT estimate', () => {
    const pert = { ...estimate, kind: 'pert' } as const
    expect(momentsOf(pert)).toEqual({ mean: 11, variance: 3 })
    expect(Math.abs(quantileOf(pert, 0.5) / 10.766723 - 1)).toBeLessThan(1e-6)
    expect(Math.abs(quantileOf(pert, 0.8) / 12.502586 - 1)).toBeLessThan(1e-6)
  })

  test('a risk that may happen', () => {
    const flood: RiskEvent = { name: 'flood', chance: 0.3, impact: { kind: 'triangular', min: 2, mode: 4, max: 9 } }
    const { summary } = run({ risks: [flood] }, (_values, [impact]) => 20 + impact!)
    within(summary.mean, 21.5)
    within(summary.p80, 24.169541)
    expect(summary.deviation ** 2).toBeCloseTo(5.9, 1)
  })
})

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true })
const three = fc.tuple(finite(0, 100), finite(0, 100), finite(0, 100)).map((values) => values.sort((a, b) => a - b))
const anyDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  finite(-5, 5).map((value): Distribution => ({ kind: 'fixed', value })),
  three.map(([min, mode, max]): Distribution => ({ kind: 'triangular', min: min!, mode: mode!, max: max! })),
  three.map(([min, mode, max]): Distribution => ({ kind: 'pert', min: min!, mode: mode!, max: max! })),
  fc
    .tuple(finite(-50, 50), finite(0, 20))
    .map(([mean, deviation]): Distribution => ({ kind: 'normal', mean, deviation })),
  fc
    .tuple(finite(1, 50), finite(0, 20))
    .map(([mean, deviation]): Distribution => ({ kind: 'lognormal', mean, deviation })),
  three.map(([min, , max]): Distribution => ({ kind: 'uniform', min: min!, max: max! })),
  fc
    .array(fc.record({ value: finite(0, 10), chance: finite(0.01, 1) }), { minLength: 1, maxLength: 6 })
    .map((values): Distribution => ({ kind: 'discrete', values })),
  fc
    .array(finite(0, 10), { minLength: 1, maxLength: 20 })
    .map((values): Distribution => ({ kind: 'empirical', values })),
)

/** All draws of each variable in one batch. */
function drawn(
  variables: readonly { name: string; distribution: Distribution }[],
  rank: number | null,
  seed = 7,
  size = 500,
) {
  const names = variables.map(({ name }) => name)
  const mixings = compileCorrelations(names, rank === null ? {} : { groups: [{ members: names, rank }] })
  if ('problem' in mixings) throw new Error(mixings.problem)
  const values = new Float64Array(variables.length * size)
  sampleOf(variables, mixings, seed).draw(0, size, values, new Uint16Array(variables.length * size))
  return variables.map((_, index) => values.slice(index * size, (index + 1) * size))
}

function spearman(a: Float64Array, b: Float64Array): number {
  const ranks = (values: Float64Array) => {
    const order = [...values.keys()].sort((left, right) => values[left]! - values[right]!)
    const found = new Float64Array(values.length)
    for (const [rank, index] of order.entries()) found[index] = rank
    return found
  }
  const [left, right] = [ranks(a), ranks(b)]
  const squares = left.reduce((sum, rank, index) => sum + (rank - right[index]!) ** 2, 0)
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1))
}

describe('drawing', () => {
  test('correlation never moves a marginal: the values of every kind stay bit for bit the same', () => {
    fc.assert(
      fc.property(
        fc.array(anyDistribution, { minLength: 2, maxLength: 5 }),
        finite(0, 1),
        fc.integer(),
        (kinds, rank, seed) => {
          const variables = kinds.map((distribution, index) => ({ name: `v${index}`, distribution }))
          const [alone, together] = [drawn(variables, null, seed), drawn(variables, rank, seed)]
          for (const [index, values] of together.entries()) expect(values.sort()).toEqual(alone[index]!.sort())
        },
      ),
      { numRuns: 60 },
    )
  })

  test('every stratum of a batch is drawn once, so the mean of every kind is close to the true one', () => {
    fc.assert(
      fc.property(anyDistribution, fc.integer(), (distribution, seed) => {
        const [values] = drawn([{ name: 'v', distribution }], null, seed)
        values!.sort()
        for (let stratum = 1; stratum < 500; stratum += 1) {
          expect(values![stratum]!).toBeGreaterThanOrEqual(quantileOf(distribution, stratum / 500) - 1e-9)
          expect(values![stratum - 1]!).toBeLessThanOrEqual(quantileOf(distribution, stratum / 500) + 1e-9)
        }
        const { mean, variance } = momentsOf(distribution)
        const found = values!.reduce((sum, value) => sum + value, 0) / 500
        // Within a stratum a draw is off by no more than the stratum is wide. The outermost may have no end: there its draw
        // counts, and the mean beyond the quantile, at most the root of 500 variances (Cauchy & Schwarz).
        const [low, high] = [quantileOf(distribution, 1 / 500), quantileOf(distribution, 499 / 500)]
        const off = (high - low + Math.max(0, low - values![0]!) + Math.max(0, values![499]! - high)) / 500
        expect(Math.abs(found - mean)).toBeLessThanOrEqual(off + 2 * Math.sqrt(variance / 500) + 1e-9)
      }),
    )
  })

  test.each([0.9, 0.5, 0.2])('a group gets the rank correlation %f that was asked for', (rank) => {
    const means = [0, 0, 0]
    for (let seed = 0; seed < 40; seed += 1) {
      const [a, b, c] = drawn(independent(3), rank, seed)
      means[0]! += spearman(a!, b!) / 40
      means[1]! += spearman(b!, c!) / 40
      means[2]! += spearman(a!, c!) / 40
    }
    for (const mean of means) expect(Math.abs(mean - rank)).toBeLessThan(3 / Math.sqrt(500 * 40))
  })

  test('pairs get theirs, also against each other', () => {
    const variables = independent(3)
    const names = variables.map(({ name }) => name)
    const pairs = [
      { a: names[0]!, b: names[1]!, rank: -0.7 },
      { a: names[1]!, b: names[2]!, rank: 0.4 },
    ]
    const mixings = compileCorrelations(names, { pairs })
    if ('problem' in mixings) throw new Error(mixings.problem)
    const found = [0, 0, 0]
    for (let batch = 0; batch < 40; batch += 1) {
      const values = new Float64Array(1500)
      sampleOf(variables, mixings, 3).draw(batch, 500, values, new Uint16Array(1500))
      const row = (index: number) => values.subarray(index * 500, (index + 1) * 500)
      found[0]! += spearman(row(0), row(1)) / 40
      found[1]! += spearman(row(1), row(2)) / 40
      found[2]! += spearman(row(0), row(2)) / 40
    }
    for (const [index, expected] of [-0.7, 0.4, 0].entries())
      expect(Math.abs(found[index]! - expected)).toBeLessThan(3 / Math.sqrt(500 * 40))
  })

  test('full correlation makes twins rise together', () => {
    const [a, b] = drawn(independent(2), 1)
    expect(spearman(a!, b!)).toBe(1)
  })

  test('correlations that cannot be are refused by name', () => {
    const names = ['a', 'b', 'c']
    const pair = (a: string, b: string, rank: number) => ({ a, b, rank })
    expect(
      compileCorrelations(names, { pairs: [pair('a', 'b', 0.9), pair('b', 'c', 0.9), pair('a', 'c', -0.9)] }),
    ).toEqual({
      problem: 'impossible-together',
      names: ['a', 'b', 'c'],
    })
    expect(compileCorrelations(names, { pairs: [pair('a', 'z', 0.5)] })).toEqual({
      problem: 'unknown-variable',
      names: ['z'],
    })
    expect(compileCorrelations(names, { pairs: [pair('a', 'b', 1.5)] })).toMatchObject({ problem: 'out-of-range' })
    expect(compileCorrelations(names, { pairs: [pair('a', 'a', 0.5)] })).toMatchObject({ problem: 'with-itself' })
    expect(compileCorrelations(names, { pairs: [pair('a', 'b', 0.5), pair('b', 'a', 0.4)] })).toMatchObject({
      problem: 'said-twice',
      names: ['b', 'a'],
    })
  })

  test('a variable draws the same whoever stands beside it', () => {
    const [alone] = drawn([{ name: 'kept', distribution: estimate }], null)
    const [, beside] = drawn(
      [
        { name: 'new', distribution: estimate },
        { name: 'kept', distribution: estimate },
      ],
      null,
    )
    expect(beside).toEqual(alone)
  })
})

describe('a table of beta quantiles', () => {
  test('inverts the distribution function to 1e-6 of the range', () => {
    fc.assert(
      fc.property(finite(0, 1), finite(0.001, 0.999), (place, p) => {
        const x = quantileOf({ kind: 'pert', min: 0, mode: place, max: 1 }, p)
        const [low, high] = [x - 1e-6, x + 1e-6].map((at) => incompleteBeta(at, 1 + 4 * place, 5 - 4 * place))
        expect(low).toBeLessThanOrEqual(p)
        expect(high).toBeGreaterThanOrEqual(p)
      }),
    )
  })
})

describe('scenarios', () => {
  const flood: RiskEvent = {
    name: 'flood',
    chance: 0.3,
    impact: { kind: 'triangular', min: 2, mode: 4, max: 9 },
    mitigated: { chance: 0.1 },
  }
  const cost = (values: Float64Array, [impact]: Float64Array) => values[0]! + values[1]! + impact!

  test('two that are the same differ by exactly nothing in every draw', () => {
    const once = () => run({ variables: independent(2), risks: [flood], draws: 5_000 }, cost).values
    const difference = differenceOf(once(), once(), batchSizes(5_000))!
    expect([difference.p10.value, difference.p90.value, difference.mean.value, difference.deviation]).toEqual([
      0, 0, 0, 0,
    ])
  })

  test('mitigation never makes a draw dearer, and differs only where the risk comes', () => {
    const input = { variables: independent(2), risks: [flood], draws: 5_000 }
    const before = run(input, cost).values
    const after = run({ ...input, riskView: 'after-mitigation' }, cost).values
    expect(before.every((value, index) => value >= after[index]!)).toBe(true)
    expect(before.filter((value, index) => value > after[index]!)).toHaveLength(1_000)
  })

  test('are not compared where the draws do not match', () => {
    expect(differenceOf(new Float64Array(2), new Float64Array(3), [2])).toBeNull()
  })
})

describe('precision', () => {
  test('more draws keep the first ones, and it stops when it is precise enough', () => {
    const input = { variables: independent(2), draws: 200_000 }
    const asked = run({ ...input, precision: 0.005 }, (each) => Math.max(...each))
    expect(asked.precise).toBe(true)
    expect(asked.values.length).toBeLessThan(200_000)
    const { p10, p80, p90 } = asked.summary
    expect(p80.standardError!).toBeLessThanOrEqual(0.005 * (p90.value - p10.value))
    expect(run(input, (each) => Math.max(...each)).values.subarray(0, asked.values.length)).toEqual(asked.values)
  })

  test('says when it was not reached', () => {
    expect(run({ variables: independent(2), draws: 1_000, precision: 1e-9 }, (each) => Math.max(...each)).precise).toBe(
      false,
    )
  })

  test('the standard error is what repetitions show', () => {
    const repeated = Array.from({ length: 60 }, (_, seed) =>
      run({ variables: independent(3), draws: 10_000, seed }, (each) => Math.max(...each)),
    )
    const values = repeated.map(({ summary }) => summary.p80.value)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const seen = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
    const reported = repeated.reduce((sum, { summary }) => sum + summary.p80.standardError!, 0) / repeated.length
    expect(reported / seen).toBeGreaterThan(0.7)
    expect(reported / seen).toBeLessThan(1.4)
  })

  test('is not estimated from too few draws', () => {
    expect(run({ variables: independent(2), draws: 100 }, (each) => each[0]!).summary.p80.standardError).toBeNull()
  })
})

describe('percentiles', () => {
  test('by selection are those by sorting', () => {
    const value = fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }) },
      { weight: 1, arbitrary: fc.constantFrom(-2_147_483_648, 2_147_483_647, 40_000) },
    )
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 900 }), fc.nat(20), (values, endless) => {
        const sorted = [...values].sort((a, b) => a - b)
        const expected = {
          p10: percentileOf(sorted, 0.1),
          p50: percentileOf(sorted, 0.5),
          p80: percentileOf(sorted, 0.8),
          p90: percentileOf(sorted, 0.9),
        }
        expect(selectPercentiles(Int32Array.from(values))).toEqual(expected)
        // A summary without anything to do never ends.
        const more = [...values.map((each) => each / 8), ...new Array(endless).fill(Number.NEGATIVE_INFINITY)]
        const found = selectPercentiles(Float64Array.from(more))
        more.sort((a, b) => (a === b ? 0 : a - b))
        for (const [name, share] of [
          ['p10', 0.1],
          ['p50', 0.5],
          ['p80', 0.8],
          ['p90', 0.9],
        ] as const)
          expect(found[name]).toBe(percentileOf(more, share))
      }),
    )
  })
})

test.each<[Distribution, string]>([
  [{ kind: 'triangular', min: 3, mode: 2, max: 4 }, 'min-above-mode'],
  [{ kind: 'pert', min: 1, mode: 5, max: 4 }, 'mode-above-max'],
  [{ kind: 'pert', min: 1, mode: 2, max: 4, weight: 0 }, 'weight-out-of-range'],
  [{ kind: 'normal', mean: 1, deviation: -1 }, 'deviation-negative'],
  [{ kind: 'lognormal', mean: 0, deviation: 1 }, 'mean-not-positive'],
  [{ kind: 'uniform', min: 2, max: 1 }, 'min-above-max'],
  [{ kind: 'discrete', values: [] }, 'no-values'],
  [{ kind: 'discrete', values: [{ value: 1, chance: 0 }] }, 'no-chance'],
  [{ kind: 'discrete', values: [{ value: 1, chance: -1 }] }, 'chance-negative'],
  [{ kind: 'empirical', values: [] }, 'no-values'],
  [{ kind: 'fixed', value: Number.NaN }, 'not-a-number'],
])('%j is refused', (distribution, problem) => {
  expect(distributionProblem(distribution)).toBe(problem)
  expect(simulate({ variables: [{ name: 'x', distribution }], draws: 10, seed: 1 }, () => 0)).toEqual({
    problem,
    name: 'x',
  })
})
