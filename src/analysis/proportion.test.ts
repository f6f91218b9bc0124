import { describe, expect, test } from 'vitest'
import { binomialLimit, fTail, logGamma, normalCdf, normalQuantile, poissonLimit } from './distributions.ts'
import { casesBetweenChart, daysBetweenChart, funnel, proportionChart, rateChart } from './proportion.ts'
import { normals, seeded } from './random.ts'
import { findSeason, seasonallyAdjusted } from './seasonal.ts'
import { xmrLimits } from './variation.ts'

describe('distributions', () => {
  test('agree with known values', () => {
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14)
    expect(normalCdf(-8)).toBeCloseTo(6.220960574271786e-16, 22)
    expect(normalQuantile(0.9)).toBeCloseTo(1.2815515655446004, 12)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 8)
    expect(logGamma(101)).toBeCloseTo(363.73937555556347, 9)
    // P(R ≤ 4) = 386/1024, P(R = 5) = 252/1024: the median is 5 less the share of 5 beyond one half.
    expect(binomialLimit(0.5, 10, 0.5)).toBeCloseTo(5 - (638 - 512) / 252, 10)
    // Tables of F: 1 % points for 3 and 10, 11 and 24 degrees of freedom.
    expect(fTail(6.5523, 3, 10)).toBeCloseTo(0.01, 5)
    expect(fTail(3.0944, 11, 24)).toBeCloseTo(0.01, 4)
    expect(poissonLimit(0.975, 10000)).toBeCloseTo(10000 + 1.96 * 100, -1)
  })
})

describe('varying denominators', () => {
  test('the mean is recomputed from counts, and limits are narrower where more were asked', () => {
    const shares = [
      { count: 10, of: 100 },
      { count: 300, of: 1000 },
      { count: 15, of: 100 },
    ]
    const chart = proportionChart(shares)!
    expect(chart.mean).toBeCloseTo(325 / 1200, 12)
    expect(chart.points[1]!.upper - chart.points[1]!.lower).toBeLessThan(
      chart.points[0]!.upper - chart.points[0]!.lower,
    )
    expect(chart.trial).toBe(true)
  })

  test('with equal denominators p′ and u′ are the XmR chart of the shares (constants 3/1.128 and 2.66)', () => {
    const counts = [12, 15, 11, 14, 13, 16, 12, 15, 11, 14, 13, 12]
    const values = counts.map((count) => count / 200)
    const limits = xmrLimits(values, { screen: false })!
    for (const chart of [
      proportionChart(counts.map((count) => ({ count, of: 200 })))!,
      rateChart(counts.map((count) => ({ count, of: 200 })))!,
    ]) {
      expect(chart.points[0]!.upper).toBeCloseTo(limits.upper, 4)
      expect(chart.points[0]!.lower).toBeCloseTo(limits.lower, 4)
    }
  })

  test('no denominator, no chart', () => {
    expect(
      proportionChart([
        { count: 1, of: 0 },
        { count: 1, of: 5 },
      ]),
    ).toBe(null)
  })

  test('a long time without the event stands out', () => {
    const gaps = [12, 30, 9, 22, 17, 41, 8, 25, 13, 19, 28, 15, 400]
    const chart = daysBetweenChart(gaps)!
    expect(chart.points.at(-1)!.signals[0]).toEqual({ kind: 'outside', side: 'high' })
    expect(chart.points[0]!.lower).toBeGreaterThanOrEqual(0)
    expect(casesBetweenChart(gaps)!.points.at(-1)!.signals[0]).toEqual({ kind: 'outside', side: 'high' })
  })
})

describe('funnel', () => {
  test('places that differ by chance alone stay inside; a small place is not called out for being small', () => {
    const random = seeded(5)
    const shares = Array.from({ length: 60 }, (_, index) => {
      const of = 40 + index * 40
      let count = 0
      for (let person = 0; person < of; person += 1) if (random() < 0.2) count += 1
      return { count, of }
    })
    const chart = funnel(shares, 'proportion')!
    expect(chart.points.filter(({ place }) => place === 'beyond-99.8')).toHaveLength(0)
    expect(chart.points.filter(({ place }) => place !== 'usual').length).toBeLessThanOrEqual(8)
    expect(chart.points[0]!.upper95).toBeGreaterThan(chart.points.at(-1)!.upper95)
    const planted = [...shares.slice(1), { count: 400, of: 1000 }]
    expect(funnel(planted, 'proportion')!.points.at(-1)).toMatchObject({ place: 'beyond-99.8', side: 'high' })
  })

  test('places that all differ widen the limits instead of flagging half of them', () => {
    const normal = normals(seeded(9))
    const shares = Array.from({ length: 40 }, () => ({ count: Math.round(1000 * (0.3 + 0.06 * normal())), of: 1000 }))
    const chart = funnel(shares, 'rate')!
    expect(chart.dispersion).toBeGreaterThan(2)
    expect(chart.points.filter(({ place }) => place !== 'usual').length).toBeLessThan(8)
  })
})

describe('seasons', () => {
  const wave = (noise: number, months: number, seed: number) => {
    const normal = normals(seeded(seed))
    return Array.from(
      { length: months },
      (_, index) => 100 + index * 0.5 + 10 * Math.sin((index * Math.PI) / 6) + noise * normal(),
    )
  }

  test('a yearly wave is found and taken out, with its trend left in', () => {
    const values = wave(1, 48, 3)
    const season = findSeason(values, 12)!
    expect(season.effects[3]).toBeCloseTo(10, -1)
    const adjusted = seasonallyAdjusted(values, season)
    expect(Math.abs(adjusted[3]! - 101.5)).toBeLessThan(4)
    expect(adjusted[47]! - adjusted[0]!).toBeGreaterThan(15)
  })

  test('under three years nothing is called a season, unless it is stated for long enough data', () => {
    expect(findSeason(wave(1, 35, 3), 12)).toBe(null)
    expect(findSeason(wave(1, 35, 3), 12, true)).toBe(null)
  })

  test('noise alone is rarely taken for a season', () => {
    let found = 0
    for (let seed = 1; seed <= 400; seed += 1) {
      const normal = normals(seeded(seed))
      if (findSeason(Array.from({ length: 48 }, normal), 12)) found += 1
    }
    expect(found).toBeLessThan(16)
  })
})
