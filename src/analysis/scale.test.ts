import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forecast } from './forecast.ts'
import { normals, seeded } from './random.ts'
import { otherScale } from './scale.ts'

const grown = (count: number, seed: number) => {
  const normal = normals(seeded(seed))
  return Array.from({ length: count }, (_, index) => 100 * Math.exp(0.03 * index + 0.08 * normal()))
}
const nearAll = (count: number, seed: number) => {
  const normal = normals(seeded(seed))
  return Array.from({ length: count }, () => 100 / (1 + Math.exp(-(3 + 0.7 * normal()))))
}

describe('scales', () => {
  test('what is not bounded, touches an end, or hardly spreads has one scale only', () => {
    const values = Float64Array.from([1, 4, 9])
    expect(otherScale(values, undefined)).toBe(null)
    expect(otherScale(values, { min: 1 })).toBe(null)
    expect(otherScale(values, { min: 0, max: 9 })).toBe(null)
    expect(otherScale(Float64Array.from([50, 60, 70]), { min: 0 })).toBe(null)
    expect(otherScale(Float64Array.from([50, 60, 70]), { min: 0, max: 100 })).toBe(null)
    expect(otherScale(values, { min: 0 })!.name).toBe('logarithm')
    expect(otherScale(values, { min: 0, max: 100 })!.name).toBe('log-odds')
  })

  test('there and back is the same value, and nothing comes back beyond an end', () => {
    const value = fc.double({ min: 0.001, max: 99.999, noNaN: true })
    fc.assert(
      fc.property(value, fc.constantFrom({ min: 0 }, { min: 0, max: 100 }), (each, bounds) => {
        const scale = otherScale(Float64Array.from([0.001, 99.999]), bounds)!
        expect(scale.back(scale.to(each))).toBeCloseTo(each, 6)
        for (const far of [-1e6, 1e6]) {
          expect(Number.isFinite(scale.back(far))).toBe(true)
          expect(scale.back(far)).toBeGreaterThanOrEqual(0)
          if ('max' in bounds) expect(scale.back(far)).toBeLessThanOrEqual(100)
        }
      }),
    )
  })

  test('growth by a share is foretold as growth: wider above than below, and it holds what comes', () => {
    let [held, tried] = [0, 0]
    for (let seed = 1; seed <= 30; seed += 1) {
      const values = grown(66, seed)
      const found = forecast({ values: values.slice(0, 60), horizon: 6, bounds: { min: 0 } })
      for (const [index, step] of found.steps.entries()) {
        tried += 1
        if (values[60 + index]! >= step.lower && values[60 + index]! <= step.upper) held += 1
      }
      if (found.scale !== 'logarithm') continue
      const last = found.steps[5]!
      expect(last.upper - last.middle).toBeGreaterThan(last.middle - last.lower)
    }
    expect(held / tried).toBeGreaterThan(0.72)
    expect(held / tried).toBeLessThan(0.9)
  })

  test('shares near all stay below all, and miss on both sides about as often', () => {
    let [below, above, tried] = [0, 0, 0]
    for (let seed = 1; seed <= 40; seed += 1) {
      const values = nearAll(66, seed)
      for (const [index, step] of forecast({
        values: values.slice(0, 60),
        horizon: 6,
        bounds: { min: 0, max: 100 },
      }).steps.entries()) {
        tried += 1
        expect(step.upper).toBeLessThanOrEqual(100)
        if (values[60 + index]! < step.lower) below += 1
        if (values[60 + index]! > step.upper) above += 1
      }
    }
    expect(below / tried).toBeLessThan(0.17)
    expect(above / tried).toBeGreaterThan(0.03)
  })
})
