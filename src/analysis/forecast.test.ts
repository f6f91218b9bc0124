import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceAt, forecast, inTenths, tailChance } from './forecast.ts'
import { passesOf, weightsAt } from './posterior.ts'
import { normals, seeded } from './random.ts'
import { imitate } from './simulated.ts'
import { fitSmoothing, holt, rangeAt, smoothingSteps, theta } from './smoothing.ts'

/** Annual flow of the Nile at Aswan 1871–1970 (Cobb 1978) and US airline passenger miles 1937–1960 (R's `datasets`). */
const nile = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100,
  1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456,
  824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897,
  822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975,
  815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]
const airmiles = [
  412, 480, 683, 1052, 1385, 1418, 1634, 2178, 3362, 5948, 6109, 5981, 6753, 8003, 10566, 12528, 14760, 16769, 19819,
  22362, 25340, 25343, 29269, 30514,
]

const close = (actual: number, expected: number, share: number) =>
  expect(Math.abs(actual / expected - 1)).toBeLessThan(share)

describe('Holt with given parameters', () => {
  test('gives the published levels and forecasts', () => {
    const values = [6.4, 5.6, 7.8, 8.8, 11.0, 11.6, 16.7, 15.3, 21.6, 22.4]
    const { levels, forecasts } = holt(values, { level: 6.4, trend: 0.8, alpha: 0.3623, trendWeight: 1 }, 5)
    const published = [6.4, 6.62032, 7.188216, 8.134313, 9.775877, 11.48358, 14.46249, 16.66557, 19.85822, 22.81506]
    for (const [index, level] of published.entries()) close(levels[index]!, level, 1e-6)
    for (const [index, value] of [25.7719, 28.7287, 31.6856, 34.6424, 37.5992].entries())
      expect(Math.abs(forecasts[index]! - value)).toBeLessThan(5e-5)
  })
})

describe('fitted forms', () => {
  test('the series are the ones the oracles were computed from', () => {
    expect(nile).toHaveLength(100)
    expect(nile.reduce((sum, value) => sum + value, 0)).toBe(91935)
    expect(airmiles).toHaveLength(24)
  })

  test('level with multiplicative errors on the Nile', () => {
    const steps = smoothingSteps(fitSmoothing(nile, 'MNN')!, 5)
    for (const mean of steps.mean) close(mean, 838.875, 0.002)
    const range = rangeAt(steps, 5, 0.8)
    close(range.lower, 664.83, 0.002)
    close(range.upper, 1012.92, 0.002)
    close(tailChance(steps.mean[4]!, steps.deviation[4]!, 800, 'at-most'), 0.3873, 0.002)
  })

  test('theta on the Nile', () => {
    const steps = theta(nile, 5)!
    for (const [index, mean] of [799.812, 798.455, 797.098, 795.741, 794.383].entries())
      close(steps.mean[index]!, mean, 0.002)
    close(rangeAt(steps, 5, 0.8).lower, 588.44, 0.002)
    close(rangeAt(steps, 5, 0.8).upper, 1000.33, 0.002)
  })

  test('additive trend on airline miles', () => {
    const steps = smoothingSteps(fitSmoothing(airmiles, 'AAN')!, 5)
    for (const [index, mean] of [32764.29, 34871.34, 36978.39, 39085.44, 41192.5].entries())
      close(steps.mean[index]!, mean, 0.002)
    close(rangeAt(steps, 5, 0.8).lower, 36326.31, 0.002)
    close(rangeAt(steps, 5, 0.8).upper, 46058.68, 0.002)
    close(tailChance(steps.mean[4]!, steps.deviation[4]!, 40000, 'at-least'), 0.6233, 0.002)
  })

  test('tails follow from given figures', () => {
    expect(tailChance(41192.5, 3797.1, 40000, 'at-least')).toBeCloseTo(0.6233, 3)
    expect(tailChance(838.875, 135.805, 800, 'at-most')).toBeCloseTo(0.3873, 4)
  })

  test('a damped trend flattens out', () => {
    const values = Array.from({ length: 30 }, (_, index) => 100 - 80 * 0.9 ** index + Math.sin(index * 7))
    const { mean } = smoothingSteps(fitSmoothing(values, 'AAdN')!, 20)
    expect(Math.abs(mean[19]! - mean[18]!)).toBeLessThan(Math.abs(mean[1]! - mean[0]!) + 1e-9)
  })
})

const noisy = (count: number, seed: number) => {
  const normal = normals(seeded(seed))
  return Array.from({ length: count }, () => 50 + 5 * normal())
}

/** The chance at the end of the horizon, or null where none is given. */
const chance = (input: Parameters<typeof forecast>[0]): number | null => {
  const reported = chanceAt(forecast(input), input.horizon)
  return 'tenths' in reported ? reported.tenths : null
}

describe('forecasts beside the published ones', () => {
  test('of the published series the middles agree within a few per cent, and the ranges are no narrower', () => {
    const miles = forecast({ values: airmiles, horizon: 5 })
    expect(miles.form).toBe('AAN')
    for (const [index, mean] of [32764.29, 34871.34, 36978.39, 39085.44, 41192.5].entries())
      close(miles.steps[index]!.middle, mean, 0.02)
    expect(miles.steps[4]!.upper - miles.steps[4]!.lower).toBeGreaterThan(46058.68 - 36326.31)
    const flow = forecast({ values: nile, horizon: 5 })
    close(flow.steps[4]!.middle, 805, 0.03)
    expect(flow.steps[4]!.upper - flow.steps[4]!.lower).toBeGreaterThan(1012.92 - 664.83)
  })

  test('the fit by likelihood is the heaviest place of the grid', () => {
    for (const values of [nile, noisy(60, 4), airmiles]) {
      const fit = fitSmoothing(values, 'ANN')!
      const passes = passesOf(Float64Array.from(values), 'ANN', [values.length])
      const { weights } = weightsAt(passes, 0)
      const heaviest = passes.points[weights.indexOf(Math.max(...weights))]!.alpha
      expect(Math.abs(heaviest - fit.parameters.alpha)).toBeLessThan(0.12)
    }
  })
})

describe('the gate', () => {
  const reach = (min: number, at: number) => ({ kind: 'reach' as const, asked: { min }, at })

  test('a steady process gets a chance, the same for the same seed', () => {
    const input = { values: noisy(48, 2), horizon: 4, chanceFor: reach(50, 4) }
    const first = forecast(input)
    expect(first.withheld).toEqual([])
    expect(chance(input)).toBeGreaterThanOrEqual(3)
    expect(chance(input)).toBeLessThanOrEqual(7)
    expect(forecast(input)).toEqual(first)
  })

  test('under twelve points there is a range and a reason, never a chance', () => {
    const short = forecast({ values: noisy(11, 3), horizon: 2, chanceFor: reach(1, 2) })
    expect(chanceAt(short, 2)).toEqual({ withheld: ['under-12-points'] })
    expect(short.steps).toHaveLength(2)
    const few = forecast({ values: [4, 5, 7], horizon: 1, chanceFor: reach(1, 1) })
    expect(few).toMatchObject({ form: 'walk', misses: null, withheld: ['under-12-points'] })
    expect(few.steps[0]!.lower).toBeLessThan(7)
    expect(forecast({ values: [4], horizon: 1 }).form).toBe(null)
  })

  test('a horizon beyond half the history gets no chance, and the range all the same', () => {
    const far = forecast({ values: noisy(20, 4), horizon: 11, chanceFor: reach(1, 11) })
    expect(chanceAt(far, 11)).toEqual({ withheld: ['horizon-beyond-half-the-history'] })
    expect(far.steps).toHaveLength(11)
    expect(chance({ values: noisy(20, 2), horizon: 10, chanceFor: reach(1, 10) })).toBe(9)
  })

  test('a process that keeps breaking its own ranges gets no chance', () => {
    const values = Array.from({ length: 24 }, (_, index) =>
      index < 12 ? 10 + 0.1 * (index % 2) : 10 + (index - 12) ** 2 * (index % 2 === 0 ? 40 : -40),
    )
    const found = forecast({ values, horizon: 3, chanceFor: reach(1, 3) })
    expect(found.backtest!.held / found.backtest!.tried).toBeLessThan(0.7)
    expect(chanceAt(found, 3)).toEqual({ withheld: ['ranges-held-too-little'] })
  })

  test('a series with more holes than values gets no chance', () => {
    const holes = noisy(40, 5).map((value, index) => (index % 2 === 1 && index < 39 ? Number.NaN : value))
    expect(chanceAt(forecast({ values: holes, horizon: 2, chanceFor: reach(1, 2) }), 2)).toEqual({
      withheld: ['too-many-gaps'],
    })
  })

  test('a stated season that cannot be taken out gets no chance', () => {
    const season = (count: number) =>
      imitate('season', count, 3).map((value, index) => (index === 20 && count > 40 ? Number.NaN : value))
    const asked = { horizon: 3, seasonLength: 12, seasonal: true, chanceFor: reach(1, 3) }
    for (const count of [30, 60])
      expect(chanceAt(forecast({ ...asked, values: season(count) }), 3)).toMatchObject({
        withheld: expect.arrayContaining(['season-not-known']),
      })
    expect(chanceAt(forecast({ ...asked, values: imitate('season', 60, 3) }), 3)).toEqual({ tenths: 9 })
  })

  test('a chance is never none and never all', () => {
    expect([inTenths(0), inTenths(0.04), inTenths(0.55), inTenths(1)]).toEqual([1, 1, 6, 9])
    const values = noisy(36, 6)
    expect(chance({ values, horizon: 2, chanceFor: reach(-1000, 2) })).toBe(9)
    expect(chance({ values, horizon: 2, chanceFor: reach(1000, 2) })).toBe(1)
  })

  test('keeping every period is no likelier than keeping the next one', () => {
    const found = forecast({
      values: noisy(48, 8),
      horizon: 6,
      chanceFor: { kind: 'keep', asked: { min: 46 }, from: 1 },
    })
    const [next, all] = [chanceAt(found, 1), chanceAt(found, 6)] as { tenths: number }[]
    expect(all!.tenths).toBeLessThan(next!.tenths)
  })

  test('ranges keep the bounds of the data, and are wider than if the parameters were known', () => {
    const values = noisy(24, 9).map((value) => Math.min(100, value + 47))
    for (const { upper, lower } of forecast({ values, horizon: 5, bounds: { min: 0, max: 100 } }).steps) {
      expect(upper).toBeLessThanOrEqual(100)
      expect(lower).toBeLessThanOrEqual(upper)
    }
    for (let seed = 20; seed < 30; seed += 1) {
      const short = noisy(14, seed)
      const free = forecast({ values: short, horizon: 3 }).steps[2]!
      const known = smoothingSteps(fitSmoothing(short, 'ANN')!, 3)
      const range = rangeAt(known, 3, 0.8)
      expect(free.upper - free.lower).toBeGreaterThan((range.upper - range.lower) * 0.99)
    }
  })

  test('annualised values at the end are foretold, not used', () => {
    const values = noisy(30, 14)
    const plain = forecast({ values, horizon: 3 })
    const after = forecast({ values: [...values, Number.NaN], horizon: 2 })
    expect(after.steps).toEqual(plain.steps.slice(1))
  })

  test('moving and stretching a series moves and stretches its forecast', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.constantFrom(0.001, 0.5, 8, 1e6),
        fc.constantFrom(0, -70, 1e4),
        (seed, scale, shift) => {
          const values = noisy(16 + (seed % 30), seed)
          const plain = forecast({ values, horizon: 2, seasonLength: 4 })
          const moved = forecast({ values: values.map((value) => value * scale + shift), horizon: 2, seasonLength: 4 })
          expect(moved.form).toBe(plain.form)
          for (const key of ['middle', 'lower', 'upper', 'innerLower'] as const)
            expect((moved.steps[1]![key] - shift) / scale).toBeCloseTo(plain.steps[1]![key], 4)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('a series that never moves is expected to stay', () => {
    for (const level of [0, 5]) {
      const values = new Array(24).fill(level)
      const { steps } = forecast({ values, horizon: 2 })
      expect(steps[1]!.middle).toBeCloseTo(level, 9)
      expect(steps[1]!.upper - steps[1]!.lower).toBeLessThan(1e-6)
      const keep = { kind: 'keep' as const, asked: { min: level - 1 }, from: 1 }
      expect(chance({ values, horizon: 2, chanceFor: keep })).toBe(9)
    }
  })

  test('no series whatever breaks it: ranges are ordered and finite', () => {
    const value = fc.oneof(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), fc.constantFrom(0, 1, Number.NaN))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), fc.integer({ min: -1, max: 20 }), (values, horizon) => {
        const found = forecast({
          values,
          horizon,
          seasonLength: 4,
          chanceFor: { kind: 'keep', asked: { max: 0 }, from: 1 },
        })
        for (const { lower, innerLower, middle, innerUpper, upper } of found.steps)
          expect(lower <= innerLower && innerLower <= middle && middle <= innerUpper && innerUpper <= upper).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})
