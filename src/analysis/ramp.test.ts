import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareAtEnd, shareInMonth } from './ramp.ts'

const months = fc.integer({ min: 0, max: 60 })

test('without lag and ramp everything comes from the first month on', () => {
  expect([0, 1, 30].map((month) => shareInMonth(month, 0, 0))).toEqual([1, 1, 1])
  expect(shareAtEnd(0, 0, 0)).toBe(1)
})

test('a lag of three and a ramp of two months', () => {
  expect([2, 3, 4, 5].map((month) => shareInMonth(month, 3, 2))).toEqual([0, 0.25, 0.75, 1])
  expect([2, 3, 4, 5].map((month) => shareAtEnd(month, 3, 2))).toEqual([0, 0.5, 1, 1])
})

test('a ramp brings half of what its months would bring in full, whatever its length', () => {
  fc.assert(
    fc.property(months, months, (lag, ramp) => {
      const all = Array.from({ length: lag + ramp + 12 }, (_, month) => shareInMonth(month, lag, ramp))
      const sum = all.reduce((total, share) => total + share, 0)
      expect(sum).toBeCloseTo(ramp / 2 + 12, 9)
    }),
  )
})

test('it never falls, never leaves 0 to 1, and ends at the full value', () => {
  fc.assert(
    fc.property(months, months, (lag, ramp) => {
      for (const share of [shareInMonth, shareAtEnd]) {
        let before = 0
        for (let month = 0; month < lag + ramp + 2; month += 1) {
          const now = share(month, lag, ramp)
          expect(now).toBeGreaterThanOrEqual(before)
          expect(now).toBeLessThanOrEqual(1)
          before = now
        }
        expect(before).toBe(1)
      }
    }),
  )
})
