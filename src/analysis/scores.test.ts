import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalQuantile, tCdf, tQuantile } from './distributions.ts'
import { brier, coverage, crpsNormal, crpsOfDraws } from './scores.ts'

test('Brier: 0 for the sure who are right, 1 for the sure who are wrong, 0.25 for always one half', () => {
  expect(
    brier([
      { chance: 1, came: true },
      { chance: 0, came: false },
    ]),
  ).toBe(0)
  expect(brier([{ chance: 0, came: true }])).toBe(1)
  expect(brier([true, false, false].map((came) => ({ chance: 0.5, came })))).toBe(0.25)
  // 0.1² + 0.2² + 0.7² + 0.4² over four.
  const stated = [
    { chance: 0.9, came: true },
    { chance: 0.2, came: false },
    { chance: 0.3, came: true },
    { chance: 0.4, came: false },
  ]
  expect(brier(stated)).toBeCloseTo(0.7 / 4, 12)
  expect(brier([])).toBe(null)
  expect(() => brier([{ chance: 6, came: true }])).toThrow('between 0 and 1')
})

test('CRPS: closed form of the normal, its limit without spread, and drawn values agree', () => {
  // N(0, 1) at 0: 2 φ(0) − 1/√π.
  expect(crpsNormal(0, 1, 0)).toBeCloseTo(2 / Math.sqrt(2 * Math.PI) - 1 / Math.sqrt(Math.PI), 12)
  expect(crpsNormal(3, 0, 5)).toBe(2)
  const draws = Array.from({ length: 4000 }, (_, index) => normalQuantile((index + 0.5) / 4000))
  for (const came of [-1.5, 0, 0.4, 2]) expect(crpsOfDraws(draws, came)!).toBeCloseTo(crpsNormal(0, 1, came), 3)
  expect(crpsOfDraws([7], 5)).toBe(2)
  expect(crpsOfDraws([], 5)).toBe(null)
})

test('CRPS of draws is the double sum it stands for', () => {
  const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 })
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), number, (draws, came) => {
      const n = draws.length
      const distance = draws.reduce((sum, draw) => sum + Math.abs(draw - came), 0) / n
      const separation = draws
        .flatMap((left) => draws.map((right) => Math.abs(left - right)))
        .reduce((a, b) => a + b, 0)
      expect(crpsOfDraws(draws, came)!).toBeCloseTo(distance - separation / (2 * n * n), 3)
    }),
  )
})

test('80 % ranges that hold 5 of 10 are flagged, 7 of 10 are not', () => {
  const ranges = (held: number, tried: number) =>
    Array.from({ length: tried }, (_, index) => ({ lower: 0, upper: 1, came: index < held ? 0.5 : 2 }))
  // P(5 or fewer of 10 at 0.8) = 0.0327935.
  const five = coverage(ranges(5, 10), 0.8)!
  expect(five).toMatchObject({ tried: 10, held: 5, flagged: true })
  expect(five.chanceOfSoFew).toBeCloseTo(0.0327935, 6)
  expect(coverage(ranges(7, 10), 0.8)!.flagged).toBe(false)
  expect(coverage(ranges(10, 10), 0.8)!.chanceOfSoFew).toBe(1)
  expect(coverage([], 0.8)).toBe(null)
})

test('Student’s t: tabled quantiles, and the quantile undoes the distribution function', () => {
  // Tables of the t distribution.
  for (const [p, freedom, value] of [
    [0.9, 1, 3.077684],
    [0.9, 2, 1.885618],
    [0.9, 4, 1.533206],
    [0.9, 10, 1.372184],
    [0.975, 5, 2.570582],
    [0.75, 20, 0.686954],
    [0.9, 120, 1.288646],
  ] as const)
    expect(tQuantile(p, freedom)).toBeCloseTo(value, 5)
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 200 }), (p, freedom) => {
      expect(tCdf(tQuantile(p, freedom), freedom)).toBeCloseTo(p, 6)
    }),
  )
})
