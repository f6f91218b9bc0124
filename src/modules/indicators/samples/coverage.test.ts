import { expect, test } from 'vitest'
import { forecast } from '#analysis/forecast.ts'
import { demoIndicators } from './city.ts'

test('on the monthly series of the demo city 80 % ranges hold 75 to 85 of 100 values, tried back and ahead', () => {
  let [tried, held, ahead, came] = [0, 0, 0, 0]
  for (const indicator of demoIndicators('2026-11-25')) {
    const usual = indicator.measurements.filter(({ cell, status }) => !cell && /actual|provisional/.test(status))
    const values = usual.map(({ value }) => Number(value))
    if (indicator.grain !== 'month' || values.length < 50) continue
    const bounds = indicator.valueKind === 'percent' ? { min: 0, max: 100 } : { min: 0 }
    const back = forecast({ values, horizon: 12, seasonLength: 12, bounds }).backtest!
    tried += back.tried
    held += back.held
    // The last year hidden, then held against what was foretold of it.
    const known = values.slice(0, -12)
    for (const [index, step] of forecast({ values: known, horizon: 12, seasonLength: 12, bounds }).steps.entries()) {
      const value = values[known.length + index]!
      ahead += 1
      if (value >= step.lower && value <= step.upper) came += 1
    }
  }
  expect(tried).toBeGreaterThan(5000)
  expect(held / tried).toBeGreaterThan(0.75)
  expect(held / tried).toBeLessThan(0.85)
  expect(came / ahead).toBeGreaterThan(0.75)
  expect(came / ahead).toBeLessThan(0.85)
})
