import { describe, expect, test } from 'vitest'
import { forecast } from './forecast.ts'
import { normals, seeded } from './random.ts'
import { type JointPart, jointShare, scenarioCount, shareMet } from './scenarios.ts'

const count = 60
const shocks = (seed: number) => {
  const normal = normals(seeded(seed))
  return Array.from({ length: count }, () => 5 * normal())
}

/** A part that asks series for at least 50 in each of six periods, each series about 50. */
const part = (values: readonly number[], seed: number, firstPeriod = 24_000, through = 1) => {
  const input = {
    values,
    horizon: 6,
    chanceFor: { kind: 'keep' as const, asked: { min: 50 }, from: 1 },
    firstPeriod,
    seed,
  }
  const { misses } = forecast(input)
  return { misses: misses!, through }
}

describe('several targets together', () => {
  const common = shocks(3)
  const level = (own: readonly number[], share: number, sign = 1) =>
    common.map((value, index) => 50 + sign * share * value + Math.sqrt(1 - share * share) * own[index]!)

  test('series that move as one are met as one, and not as a product of their chances', () => {
    const [first, second] = [part(level(shocks(4), 0.98), 1), part(level(shocks(5), 0.98), 2)]
    const alone = Math.min(shareMet(first.misses, 1), shareMet(second.misses, 1))
    const product = shareMet(first.misses, 1) * shareMet(second.misses, 1)
    expect(jointShare([first, second], 2)).toBeGreaterThan(product + 0.6 * (alone - product))
  })

  test('series that have nothing to do with each other come near the product', () => {
    const [first, second] = [
      part(
        shocks(11).map((value) => 50 + value),
        1,
      ),
      part(
        shocks(12).map((value) => 50 + value),
        2,
      ),
    ]
    const product = shareMet(first.misses, 1) * shareMet(second.misses, 1)
    expect(Math.abs(jointShare([first, second], 2) - product)).toBeLessThan(0.06)
  })

  test('of two that move against each other one is nearly always met, both hardly ever', () => {
    const [first, second] = [part(level(shocks(4), 0.98), 1), part(level(shocks(5), 0.98, -1), 2)]
    expect(jointShare([first, second], 2)).toBeLessThan(0.2)
    expect(jointShare([first, second], 1)).toBeGreaterThan(0.8)
  })

  test('what moved together in the same periods is found also where the histories have different lengths', () => {
    const long = level(shocks(4), 0.98)
    const first = part(long, 1, 24_000)
    const second = part(level(shocks(5), 0.98).slice(20), 2, 24_020)
    const product = shareMet(first.misses, 1) * shareMet(second.misses, 1)
    expect(jointShare([first, second], 2)).toBeGreaterThan(product + 0.08)
  })

  test('bounds: all is no likelier than the least likely part, one of them no less likely than the likeliest', () => {
    const parts = [1, 2, 3, 4].map((seed) =>
      part(
        shocks(seed + 20).map((value) => 51 + value),
        seed,
        24_000,
        3,
      ),
    )
    const alone = parts.map(({ misses, through }) => shareMet(misses, through))
    expect(jointShare(parts, 4)).toBeLessThanOrEqual(Math.min(...alone))
    expect(jointShare(parts, 1)).toBeGreaterThanOrEqual(Math.max(...alone))
    for (let needed = 2; needed <= 4; needed += 1)
      expect(jointShare(parts, needed)).toBeLessThanOrEqual(jointShare(parts, needed - 1))
  })

  test('what is decided already counts as it was decided', () => {
    const open = part(
      shocks(31).map((value) => 50 + value),
      1,
    )
    const [met, missed]: JointPart[] = [{ decided: true }, { decided: false }]
    expect(jointShare([open, met!], 2)).toBe(shareMet(open.misses, 1))
    expect(jointShare([open, missed!], 2)).toBe(0)
    expect(open.misses).toHaveLength(scenarioCount)
  })
})
