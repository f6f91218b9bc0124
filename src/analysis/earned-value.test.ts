import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EarnedValue, type EarnedValueInput, earnedValue } from './earned-value.ts'

const figures = (input: EarnedValueInput) => earnedValue(input) as EarnedValue
const published = { budget: 500_000, planned: [0.1, 0.25, 0.5, 0.75, 1], period: 3, done: 0.4, spent: 290_000 }

describe('earned value', () => {
  test('gives the figures of the worked example', () => {
    const found = figures(published)
    expect(found).toMatchObject({ plannedValue: 250_000, earnedValue: 200_000, actualCost: 290_000 })
    expect(found).toMatchObject({ scheduleVariance: -50_000, costVariance: -90_000 })
    expect(found.schedulePerformance).toBeCloseTo(0.8, 9)
    expect(found.costPerformance).toBeCloseTo(0.69, 3)
    expect(found.estimateAtCompletion.asSoFar).toBeCloseTo(725_000, 6)
    expect(found.estimateAtCompletion.asPlanned).toBeCloseTo(590_000, 6)
    // 290,000 + 300,000 ÷ (0.6897 × 0.8)
    expect(found.estimateAtCompletion.asSoFarAndLate).toBeCloseTo(833_750, 6)
    expect(found.estimateToComplete).toBeCloseTo(435_000, 6)
    expect(found.varianceAtCompletion).toBeCloseTo(-225_000, 6)
    expect(found.toCompletePerformance.budget).toBeCloseTo(1.429, 3)
    expect(found.toCompletePerformance.estimate).toBeCloseTo(0.69, 3)
    expect(found.earnedSchedule).toBeCloseTo(2.6, 9)
    expect(found.scheduleInTimePerformance).toBeCloseTo(0.8667, 4)
    expect(found.estimatedPeriods).toBeCloseTo(5 / (2.6 / 3), 9)
  })

  test('ratios are not yet there while nothing is spent, planned or earned', () => {
    const found = figures({ budget: 100, planned: [0, 0.5, 1], period: 0, done: 0, spent: 0 })
    expect(found.schedulePerformance).toBeNull()
    expect(found.costPerformance).toBeNull()
    expect(found.estimateAtCompletion).toEqual({ asSoFar: null, asPlanned: 100, asSoFarAndLate: null })
    expect(found.scheduleInTimePerformance).toBeNull()
    expect(found.estimatedPeriods).toBeNull()
  })

  test('money that is spent with nothing to show gives no estimate by its speed', () => {
    const found = figures({ budget: 100, planned: [0.5, 1], period: 1, done: 0, spent: 30 })
    expect(found.costPerformance).toBe(0)
    expect(found.estimateAtCompletion).toEqual({ asSoFar: null, asPlanned: 130, asSoFarAndLate: null })
  })

  test('no further money can end within a budget that is used up', () => {
    expect(figures({ ...published, spent: 500_000 }).toCompletePerformance.budget).toBeNull()
  })

  test('a late project that is done shows its delay in time though its value variance is zero', () => {
    const found = figures({ budget: 100, planned: [0.5, 1], period: 4, done: 1, spent: 100 })
    expect(found.scheduleVariance).toBe(0)
    expect(found.scheduleVarianceInPeriods).toBe(-2)
    expect(found.scheduleInTimePerformance).toBe(0.5)
  })

  test('names what is wrong with the input', () => {
    expect(earnedValue({ ...published, planned: [0.5, 0.4] })).toEqual({ problem: 'plan-falls', period: 2 })
    expect(earnedValue({ ...published, planned: [0.5, 1.4] })).toEqual({ problem: 'share-out-of-range', period: 2 })
    expect(earnedValue({ ...published, done: 1.2 })).toEqual({ problem: 'share-out-of-range' })
    expect(earnedValue({ ...published, budget: 0 })).toEqual({ problem: 'budget-not-positive' })
    expect(earnedValue({ ...published, planned: [] })).toEqual({ problem: 'plan-empty' })
    expect(earnedValue({ ...published, spent: Number.NaN })).toEqual({ problem: 'not-a-number' })
    expect(earnedValue({ ...published, spent: -1 })).toEqual({ problem: 'negative' })
  })

  test('every figure is a finite number or not yet there', () => {
    const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
    const input = fc.record({
      budget: fc.double({ min: 1, max: 1e9, noNaN: true }),
      planned: fc.array(share, { minLength: 1, maxLength: 8 }).map((shares) => shares.sort((a, b) => a - b)),
      period: fc.double({ min: 0, max: 12, noNaN: true }),
      done: share,
      spent: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
    })
    const numbers = (value: unknown): number[] =>
      typeof value === 'number' ? [value] : value === null ? [] : Object.values(value as object).flatMap(numbers)
    fc.assert(
      fc.property(input, (each) => {
        for (const number of numbers(figures(each))) expect(Number.isFinite(number)).toBe(true)
      }),
    )
  })

  test('work that goes by the plan is on time and at cost', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 5, noNaN: true }), (period) => {
        const planned = [0.1, 0.25, 0.5, 0.75, 1]
        const { plannedValue } = figures({ ...published, planned, period })
        const found = figures({ budget: 500_000, planned, period, done: plannedValue / 500_000, spent: plannedValue })
        expect(found.earnedSchedule).toBeCloseTo(period, 9)
        expect(found.estimateAtCompletion.asSoFar).toBeCloseTo(500_000, 3)
      }),
    )
  })
})
