import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backtest, forecast, inTenths, tailChance } from './forecast.ts'
import { normals, seeded } from './random.ts'
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

describe('the gate', () => {
  const noisy = (count: number, seed: number) => {
    const normal = normals(seeded(seed))
    return Array.from({ length: count }, () => 50 + 5 * normal())
  }

  test('a steady process gets a chance, the same for the same seed', () => {
    const input = { values: noisy(48, 2), horizon: 4, chanceFor: { kind: 'reach' as const, asked: { min: 50 } } }
    const first = forecast(input)
    expect(first.withheld).toEqual([])
    expect(first.chance!.tenths).toBeGreaterThanOrEqual(3)
    expect(first.chance!.tenths).toBeLessThanOrEqual(7)
    expect(forecast(input)).toEqual(first)
  })

  test('under twelve points there is a range and a reason, never a chance', () => {
    const short = forecast({ values: noisy(11, 3), horizon: 2, chanceFor: { kind: 'reach', asked: { min: 1 } } })
    expect(short.chance).toBe(null)
    expect(short.withheld).toEqual(['under-12-points'])
    expect(short.steps).toHaveLength(2)
    expect(forecast({ values: [4, 5, 7], horizon: 1, chanceFor: { kind: 'reach', asked: { min: 1 } } })).toMatchObject({
      form: 'walk',
      chance: null,
    })
    expect(forecast({ values: [4], horizon: 1 }).form).toBe(null)
  })

  test('a horizon beyond half the history gets no chance', () => {
    const far = forecast({ values: noisy(20, 4), horizon: 11, chanceFor: { kind: 'reach', asked: { min: 1 } } })
    expect(far.withheld).toEqual(['horizon-beyond-half-the-history'])
    expect(far.chance).toBe(null)
  })

  test('a process that keeps breaking its own ranges gets no chance', () => {
    const values = Array.from({ length: 24 }, (_, index) =>
      index < 12 ? 10 + 0.1 * (index % 2) : 10 + (index - 12) ** 2 * (index % 2 === 0 ? 40 : -40),
    )
    const tested = backtest(values, 3)
    expect(tested.held / tested.tried).toBeLessThan(0.7)
    expect(forecast({ values, horizon: 3, chanceFor: { kind: 'reach', asked: { min: 1 } } })).toMatchObject({
      chance: null,
      withheld: ['ranges-held-too-little'],
    })
  })

  test('a chance is never none and never all', () => {
    expect([inTenths(0), inTenths(0.04), inTenths(0.55), inTenths(1)]).toEqual([1, 1, 6, 9])
    const values = noisy(36, 6)
    for (const asked of [{ min: -1000 }, { min: 1000 }]) {
      const { chance } = forecast({ values, horizon: 2, chanceFor: { kind: 'reach', asked } })
      expect(chance!.tenths).toBe(asked.min < 0 ? 9 : 1)
    }
  })

  test('keeping every period is no likelier than keeping the next one', () => {
    const { chance } = forecast({ values: noisy(48, 8), horizon: 6, chanceFor: { kind: 'keep', asked: { min: 46 } } })
    expect(chance!.allTenths!).toBeLessThan(chance!.tenths)
  })

  test('ranges keep the bounds of the data, and grow with parameter uncertainty', () => {
    const values = noisy(24, 9).map((value) => Math.min(100, value + 47))
    for (const { upper, lower } of forecast({ values, horizon: 5, bounds: { min: 0, max: 100 } }).steps) {
      expect(upper).toBeLessThanOrEqual(100)
      expect(lower).toBeLessThanOrEqual(upper)
    }
    let wider = 0
    for (let seed = 20; seed < 30; seed += 1) {
      const short = noisy(14, seed)
      const free = forecast({ values: short, horizon: 3 }).steps[2]!
      const known = smoothingSteps(fitSmoothing(short, 'ANN')!, 3)
      const range = rangeAt(known, 3, 0.8)
      if (free.upper - free.lower > (range.upper - range.lower) * 0.95) wider += 1
    }
    expect(wider).toBeGreaterThanOrEqual(6)
  })

  test('stretching a series stretches its forecast', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0.5, 2, 8), (seed, scale) => {
        const values = noisy(16, seed)
        const plain = forecast({ values, horizon: 2, paths: 20 })
        const scaled = forecast({ values: values.map((value) => value * scale), horizon: 2, paths: 20 })
        expect(scaled.form).toBe(plain.form)
        expect(scaled.steps[1]!.middle / scale).toBeCloseTo(plain.steps[1]!.middle, 3)
      }),
      { numRuns: 15 },
    )
  })
})
