/** Do the ranges hold what they say? Simulated series of many kinds with fixed seeds; the bench runs all 1,000. */
import { describe, expect, test } from 'vitest'
import { forecast } from './forecast.ts'
import { normals, seeded } from './random.ts'
import { assessSeries } from './series.ts'
import { imitate, imitations } from './simulated.ts'
import { falseAlarmRate } from './variation.ts'

describe('80 % ranges of monthly series with 60 points', () => {
  test('hold 75 to 85 of 100 values, and no kind of steady course less than 70', () => {
    let [tried, held, inside] = [0, 0, 0]
    for (const kind of imitations) {
      let here = 0
      for (let seed = 1; seed <= 20; seed += 1) {
        const values = imitate(kind, 72, seed)
        const { steps } = forecast({ values: values.slice(0, 60), horizon: 12, seasonLength: 12 })
        for (const [index, step] of steps.entries()) {
          const came = values[60 + index]!
          if (came >= step.lower && came <= step.upper) here += 1
          if (came >= step.innerLower && came <= step.innerUpper) inside += 1
        }
      }
      expect([kind, here / 240 > 0.65]).toEqual([kind, true])
      tried += 240
      held += here
    }
    expect(held / tried).toBeGreaterThan(0.75)
    expect(held / tried).toBeLessThan(0.85)
    expect(inside / tried).toBeGreaterThan(0.45)
    expect(inside / tried).toBeLessThan(0.58)
  })

  test('chances come true about as often as they say', () => {
    const reported: { share: number; came: boolean }[] = []
    for (const kind of imitations)
      for (let seed = 1; seed <= 12; seed += 1) {
        const values = imitate(kind, 66, seed)
        const level = values.slice(40, 60).reduce((sum, value) => sum + value, 0) / 20
        const min = level + ((seed % 5) - 2) * 2
        const found = forecast({
          values: values.slice(0, 60),
          horizon: 6,
          seasonLength: 12,
          chanceFor: { kind: 'reach', asked: { min }, at: 6 },
          seed,
        })
        if (!found.misses) continue
        const share = found.misses.filter((miss) => miss > 6).length / found.misses.length
        reported.push({ share, came: values[65]! >= min })
      }
    const mean = reported.reduce((sum, each) => sum + each.share, 0) / reported.length
    const came = reported.filter((each) => each.came).length / reported.length
    expect(Math.abs(mean - came)).toBeLessThan(0.12)
    const likely = reported.filter(({ share }) => share >= 0.7)
    const unlikely = reported.filter(({ share }) => share <= 0.3)
    expect(likely.filter((each) => each.came).length / likely.length).toBeGreaterThan(0.65)
    expect(unlikely.filter((each) => each.came).length / unlikely.length).toBeLessThan(0.35)
  })
})

describe('a false "improving"', () => {
  const reading = (values: readonly number[], direction: 'up' | 'down' | 'none' | 'not-agreed') =>
    assessSeries({
      points: values.map((value, index) => ({
        from: `${2000 + index}-01-01`,
        to: `${2001 + index}-01-01`,
        value,
      })),
      direction,
      grain: 'year',
    }).reading

  test('is not said of noise more often than the page says to expect', () => {
    const count = 1500
    let said = 0
    for (let seed = 1; seed <= count; seed += 1) {
      const normal = normals(seeded(seed))
      if (reading(Array.from({ length: 24 }, normal), 'up') === 'improving') said += 1
    }
    const expected = falseAlarmRate(24) / 2
    expect(said / count).toBeLessThan(expected + 3 * Math.sqrt(expected / count))
  })

  test('is never said of a drift or a step the wrong way, nor without a direction', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const normal = normals(seeded(seed))
      const drift = Array.from({ length: 30 }, (_, index) => index * 0.5 + normal())
      const step = Array.from({ length: 30 }, (_, index) => (index < 12 + (seed % 12) ? 0 : 6) + normal())
      for (const values of [drift, step]) {
        expect(reading(values, 'down')).not.toBe('improving')
        expect(
          reading(
            values.map((value) => -value),
            'up',
          ),
        ).not.toBe('improving')
        expect(['higher-than-usual', 'usual', 'lower-than-usual']).toContain(reading(values, 'none'))
        expect(reading(values, 'not-agreed')).not.toBe('improving')
      }
    }
  })
})
