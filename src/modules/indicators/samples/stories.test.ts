import { describe, expect, test } from 'vitest'
import { variation } from '#analysis/variation.ts'
import { addDays, type Day, duePeriod, freshness, isDay, isPeriod, nextPeriod, parsePeriod } from '#values/period.ts'
import library from '../library/iso-37120-2014.json' with { type: 'json' }
import { demoIndicators, indicatorSpecifications } from './city.ts'
import { districts } from './districts.ts'
import { cityFiscalYear } from './series.ts'
import type { DemoIndicator, DemoMeasurement } from './types.ts'

const today = '2026-11-22'
const indicators = demoIndicators(today)
const whole = (item: DemoIndicator) => item.measurements.filter((entry) => entry.cell === undefined)
const settled = (item: DemoIndicator) => whole(item).filter((entry) => entry.status !== 'annualised')
const named = (name: string) => indicators.find((item) => item.ref === `demo:indicator:${name}`)!

function freshnessOf(item: DemoIndicator, day: Day) {
  const options = { grain: item.grain, fiscal: item.fiscal ? cityFiscalYear : undefined }
  const period = parsePeriod(settled(item).at(-1)!.label, options)
  if (!period || !isPeriod(period)) throw new Error(`${item.ref}: label`)
  return freshness(duePeriod(nextPeriod(period), item.lagDays), day, item.grain)
}

describe('the indicators of the demo city', () => {
  test('are 120, about six districts of 640,000 people', () => {
    expect(indicators).toHaveLength(120)
    expect(districts.reduce((sum, { residents }) => sum + residents, 0)).toBe(640)
  })

  test('are plain data: a trip through JSON loses nothing, and the same day gives the same', () => {
    expect(JSON.parse(JSON.stringify(indicators))).toEqual(indicators)
    expect(demoIndicators(today)).toEqual(indicators)
    expect(demoIndicators('2027-01-03')).not.toEqual(indicators)
  })

  test('what has no owner is a draft', () => {
    for (const item of indicators) expect(item.state, item.ref).toBe(item.owner ? 'agreed' : 'draft')
  })

  test('every number of the library exists, with the unit that it has there', () => {
    const numbered = indicators.filter((item) => item.libraryNo)
    expect(numbered.length).toBeGreaterThanOrEqual(10)
    for (const item of numbered) {
      const entry = library.indicators.find((one) => one.no === item.libraryNo)
      expect(entry?.unit, item.ref).toBe(item.unit)
    }
  })
})

describe('the numbers', () => {
  test('periods follow each other, are past their due day, and have labels that can be read back', () => {
    for (const item of indicators) {
      const rows = whole(item)
      expect(rows.length, item.ref).toBeGreaterThan(2)
      rows.forEach((row, index) => {
        const period = parsePeriod(row.label, { grain: item.grain, fiscal: item.fiscal ? cityFiscalYear : undefined })
        expect(period, `${item.ref} ${row.label}`).toMatchObject({ from: row.from, to: row.to })
        if (index > 0) expect(rows[index - 1]!.to <= row.from).toBe(true)
        if (row.status !== 'annualised') expect(addDays(row.to, item.lagDays) < today, item.ref).toBe(true)
      })
    }
  })

  test('values are decimal strings inside their bounds, with the decimals of the indicator', () => {
    for (const item of indicators)
      for (const row of item.measurements) {
        const decimals = row.value.split('.')[1]?.length ?? 0
        expect(row.value, item.ref).toMatch(/^\d+(\.\d+)?$/)
        expect(decimals, item.ref).toBe(item.decimals)
        if (item.valueKind === 'percent') expect(Number(row.value)).toBeLessThanOrEqual(100)
        expect(row.numerator === undefined, item.ref).toBe(item.numeratorText === undefined)
        expect(row.denominator === undefined, item.ref).toBe(item.denominatorText === undefined)
      }
  })

  test('every rate and percent follows from its numerator and denominator', () => {
    for (const item of indicators.filter((one) => ['percent', 'rate'].includes(one.valueKind)))
      for (const row of item.measurements) {
        const scale = item.unit === '%' ? 100 : 100_000
        const value = (Number(row.numerator) * scale) / Number(row.denominator)
        expect(value.toFixed(item.decimals), item.ref).toBe(row.value)
      }
  })

  test('districts add up to the city in every period', () => {
    const broken = indicators.filter((item) => item.measurements.some((row) => row.cell))
    expect(broken.length).toBeGreaterThanOrEqual(8)
    const amount = (row: DemoMeasurement) => [row.numerator ?? row.value, row.denominator ?? '1'].map(Number)
    for (const item of broken.filter((one) => one.valueKind !== 'average'))
      for (const total of whole(item)) {
        const parts = item.measurements.filter((row) => row.cell && row.from === total.from)
        expect(parts).toHaveLength(6)
        const sum = parts.reduce((left, row) => left + amount(row)[0]!, 0)
        expect(sum, `${item.ref} ${total.label}`).toBe(amount(total)[0])
      }
    const small = broken.filter(
      (item) => item.minimumCell === 10 && item.measurements.some((row) => row.cell && Number(row.value) < 10),
    )
    expect(small.length).toBeGreaterThanOrEqual(3)
  })
})

describe('the stories', () => {
  const states = (key: (item: DemoIndicator) => string) => new Set(indicators.map(key))

  test('all directions, value kinds, grains, target kinds and states of a measurement occur', () => {
    expect(states((item) => item.direction)).toEqual(new Set(['up', 'down', 'range', 'none', 'not-agreed']))
    expect(states((item) => item.grain)).toEqual(new Set(['month', 'quarter', 'year']))
    expect(states((item) => item.valueKind)).toEqual(
      new Set(['percent', 'rate', 'count', 'ratio', 'average', 'sum', 'done']),
    )
    expect(new Set(indicators.flatMap((item) => item.targets.map((target) => target.targetKind)))).toEqual(
      new Set(['reach', 'keep', 'range', 'change', 'change-percent', 'cumulative', 'done', 'comparator', 'gap']),
    )
    expect(new Set(indicators.flatMap((item) => item.measurements.map((row) => row.status)))).toEqual(
      new Set(['actual', 'provisional', 'estimated', 'annualised']),
    )
    expect(states((item) => freshnessOf(item, today))).toEqual(
      new Set(['not-yet-due', 'due-late', 'very-late', 'stopped']),
    )
  })

  test('breaks, a change of direction, corrections, gaps, late starts, cumulative, seasonal and unowned ones occur', () => {
    const having = (test: (item: DemoIndicator) => unknown) => indicators.filter(test).length
    expect(having((item) => item.breaks.length)).toBeGreaterThanOrEqual(4)
    expect(having((item) => item.directions)).toBe(2)
    expect(having((item) => item.measurements.some((row) => row.correctedFrom))).toBe(2)
    expect(having((item) => item.cumulative)).toBeGreaterThanOrEqual(5)
    expect(having((item) => item.seasonal)).toBeGreaterThanOrEqual(8)
    expect(having((item) => item.rareEvents)).toBeGreaterThanOrEqual(2)
    expect(having((item) => !item.owner)).toBeGreaterThanOrEqual(15)
    expect(having((item) => item.fiscal)).toBeGreaterThanOrEqual(4)
    expect(having((item) => item.grain !== 'year' && settled(item).length < 12)).toBeGreaterThanOrEqual(2)
    const gaps = settled(named('river-oxygen')).filter((row, index, all) => index > 0 && all[index - 1]!.to < row.from)
    expect(gaps).toHaveLength(1)
    for (const item of indicators.filter((one) => one.directions))
      expect(item.directions!.at(-1)!.direction).toBe(item.direction)
  })

  test('cumulative totals never fall', () => {
    for (const item of indicators.filter((one) => one.cumulative)) {
      const values = whole(item).map((row) => Number(row.value))
      values.slice(1).forEach((value, index) => {
        expect(value, item.ref).toBeGreaterThanOrEqual(values[index]!)
      })
    }
  })

  test('the series say what their stories tell', () => {
    const newestSignals = (name: string) =>
      variation(settled(named(name)).map((row) => ({ value: Number(row.value) }))).latestSignal
    expect(newestSignals('requests-in-time')?.side).toBe('high')
    expect(newestSignals('burglary')?.side).toBe('low')
    expect(newestSignals('bus-on-time')?.side).toBe('low')
    expect(newestSignals('temporary-homes')?.side).toBe('high')
    const share = (name: string, met: (value: number) => boolean) => {
      const values = settled(named(name)).map((row) => Number(row.value))
      return values.filter(met).length / values.length
    }
    expect(share('fire-response', (value) => value <= 8)).toBe(1)
    expect(share('invoices-paid', (value) => value >= 90)).toBe(1)
    expect(share('repairs-on-time', (value) => value >= 95)).toBe(0)
    expect(share('first-contact', (value) => value >= 72)).toBeGreaterThan(0.25)
    expect(share('first-contact', (value) => value >= 72)).toBeLessThan(0.75)
  })

  test('every day of the data is a day', () => {
    for (const item of indicators)
      for (const target of item.targets)
        for (const day of [target.from, target.setOn, target.dueOn ?? today]) expect(isDay(day)).toBe(true)
    expect(indicatorSpecifications.every((spec) => spec.lagDays >= 0)).toBe(true)
  })
})
