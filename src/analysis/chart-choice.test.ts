import { describe, expect, test } from 'vitest'
import { addDays, type Grain, nextPeriod, type Period, parsePeriod } from '#values/period.ts'
import { variationOf } from './chart-choice.ts'
import { assessSeries } from './series.ts'

type Given = { readonly value: string; readonly numerator?: string; readonly denominator?: string }

function seen(given: readonly Given[], facts: { valueKind: string; rareEvents?: boolean; grain?: Grain }) {
  const grain = facts.grain ?? 'month'
  let period: Period =
    grain === 'day'
      ? { from: '2024-01-01', to: addDays('2024-01-01', 1), grain, label: '2024-01-01' }
      : (parsePeriod('2022-01') as Period)
  const rows = given.map(({ value, numerator = null, denominator = null }) => {
    const { from, to } = period
    period = nextPeriod(period)
    return { from, to, value, numerator, denominator, status: 'actual' as const }
  })
  const assessment = assessSeries({ points: rows, direction: 'up', grain })
  return variationOf(
    { valueKind: facts.valueKind, unit: null, rareEvents: facts.rareEvents ?? false },
    rows,
    assessment,
    'up',
  )
}

const months = Array.from({ length: 16 }, (_, index) => index)
/** About four of ten, out of a number that grows with every month. */
const share = (index: number): Given => {
  const denominator = 100 + 40 * index
  const numerator = Math.round(denominator * (index % 2 === 0 ? 0.39 : 0.41))
  const value = ((100 * numerator) / denominator).toFixed(2)
  return { value, numerator: String(numerator), denominator: String(denominator) }
}

describe('the chart a series may be judged by', () => {
  test('shares of differing numbers get limits that narrow as the numbers grow, in the unit of the values', () => {
    const { chart, lines } = seen(months.map(share), { valueKind: 'percent' })
    expect(chart).toBe('proportion')
    const width = (index: number) => lines[index]!.upper - lines[index]!.lower
    expect(width(15)).toBeLessThan(width(0))
    expect(lines[0]!.mean).toBeGreaterThan(39)
    expect(lines[0]!.mean).toBeLessThan(41)
  })

  test('shares without their two numbers, or of equal numbers, are judged as single values', () => {
    const bare = months.map((index) => ({ value: share(index).value }))
    expect(seen(bare, { valueKind: 'percent' }).chart).toBe('individual')
    const equal = months.map((index) => ({ value: String(40 + (index % 2)), numerator: '40', denominator: '100' }))
    expect(seen(equal, { valueKind: 'percent' }).chart).toBe('individual')
  })

  test('rare events of a daily series are judged by the days between them; of a monthly one, not at all', () => {
    // One event every tenth day, then three on three days running.
    const days = Array.from({ length: 200 }, (_, day) => ({ value: day % 10 === 0 || day > 196 ? '1' : '0' }))
    const daily = seen(days, { valueKind: 'count', rareEvents: true, grain: 'day' })
    expect([daily.chart, daily.silence]).toEqual(['days-between', null])
    const monthly = seen(
      months.map(() => ({ value: '1' })),
      { valueKind: 'count', rareEvents: true },
    )
    expect([monthly.chart, monthly.silence, monthly.latestSignal]).toEqual([null, 'rare-events', null])
  })

  test('a long gap between rare events is a signal that there are few, not many', () => {
    const days = Array.from({ length: 400 }, (_, day) => ({
      value: (day < 150 && day % 10 < 2) || day === 399 ? '1' : '0',
    }))
    const { latestSignal } = seen(days, { valueKind: 'count', rareEvents: true, grain: 'day' })
    expect(latestSignal?.side).toBe('low')
  })
})
