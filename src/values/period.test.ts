import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  axisOf,
  calendarYears,
  customPeriod,
  dayFromNumber,
  dayNumber,
  daysBetween,
  duePeriod,
  type FiscalCalendar,
  formatPeriod,
  formatShortPeriod,
  freshness,
  type Grain,
  isDay,
  isPeriod,
  nextPeriod,
  type Period,
  parsePeriod,
  periodContaining,
  periodFrom,
  previousPeriod,
  weekday,
  yearNamed,
} from './period.ts'

const newYork: FiscalCalendar = { startMonth: 7, namedBy: 'end' }
const britain: FiscalCalendar = { startMonth: 4, namedBy: 'start' }
const span = (text: string, options: Parameters<typeof parsePeriod>[1] = {}) => {
  const period = parsePeriod(text, options)
  return isPeriod(period) ? [period.from, period.to, period.grain] : period?.problem
}

const days = fc.integer({ min: dayNumber('1801-01-01'), max: dayNumber('2199-12-31') }).map(dayFromNumber)
const fiscals = fc.record({
  startMonth: fc.integer({ min: 1, max: 12 }),
  namedBy: fc.constantFrom('start' as const, 'end' as const),
})
const plainGrains: Exclude<Grain, 'custom' | 'multi-year'>[] = ['day', 'week', 'month', 'quarter', 'half-year', 'year']
const periods = fc
  .tuple(
    days,
    fiscals,
    fc.constantFrom(...plainGrains, 'multi-year' as const, 'custom' as const),
    fc.integer({ min: 2, max: 9 }),
  )
  .map(([day, fiscal, grain, count]): { period: Period; fiscal: FiscalCalendar } => {
    if (grain === 'custom') return { period: customPeriod(day, addDays(day, count)), fiscal }
    if (grain === 'multi-year')
      return { period: periodFrom(periodContaining(day, 'year', fiscal).from, grain, fiscal, count), fiscal }
    return { period: periodContaining(day, grain, fiscal), fiscal }
  })

describe('days', () => {
  test('a day that does not exist is refused', () => {
    expect(isDay('2026-02-28')).toBe(true)
    expect(isDay('2024-02-29')).toBe(true)
    for (const bad of [
      '2026-02-31',
      '2026-02-29',
      '1900-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-1-1',
      '20260101',
      '',
      '0000-01-01',
    ]) {
      expect(isDay(bad), bad).toBe(false)
    }
    expect(() => addDays('2026-02-31', 1)).toThrow(RangeError)
  })

  test('day numbers agree with universal time and go both ways', () => {
    expect(dayNumber('1970-01-01')).toBe(0)
    fc.assert(
      fc.property(fc.integer({ min: -200000, max: 200000 }), (number) => {
        const day = dayFromNumber(number)
        expect(dayNumber(day)).toBe(number)
        expect(day).toBe(new Date(number * 86_400_000).toISOString().slice(0, 10))
        expect(weekday(day) % 7).toBe(new Date(number * 86_400_000).getUTCDay())
      }),
    )
  })

  test('a month added to the last of a month stays within the next', () => {
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29')
    expect(addMonths('2023-01-31', 13)).toBe('2024-02-29')
    expect(addMonths('2024-03-15', -3)).toBe('2023-12-15')
    expect(daysBetween('2024-02-01', '2024-03-01')).toBe(29)
  })
})

describe('reading labels', () => {
  test.each([
    ['2023', {}, ['2023-01-01', '2024-01-01', 'year']],
    ['2023', { fiscal: newYork }, ['2022-07-01', '2023-07-01', 'year']],
    ['FY2023', { fiscal: newYork }, ['2022-07-01', '2023-07-01', 'year']],
    ['FY 23', { fiscal: newYork }, ['2022-07-01', '2023-07-01', 'year']],
    ['fy2023', { fiscal: calendarYears }, ['2023-01-01', '2024-01-01', 'year']],
    ['2023/24', { fiscal: britain }, ['2023-04-01', '2024-04-01', 'year']],
    ['2023-24', { fiscal: britain }, ['2023-04-01', '2024-04-01', 'year']],
    ['2022/23', { fiscal: newYork }, ['2022-07-01', '2023-07-01', 'year']],
    ['1999/00', { fiscal: britain }, ['1999-04-01', '2000-04-01', 'year']],
    ['2006/07', { fiscal: britain, grain: 'year' }, ['2006-04-01', '2007-04-01', 'year']],
    ['2006/07', { grain: 'month' }, ['2006-07-01', '2006-08-01', 'month']],
    ['2023-07', {}, ['2023-07-01', '2023-08-01', 'month']],
    ['2023-12', {}, ['2023-12-01', '2024-01-01', 'month']],
    ['Jul 2023', {}, ['2023-07-01', '2023-08-01', 'month']],
    ['September 2023', {}, ['2023-09-01', '2023-10-01', 'month']],
    ['2023年7月', {}, ['2023-07-01', '2023-08-01', 'month']],
    ['２０２３年７月', {}, ['2023-07-01', '2023-08-01', 'month']],
    ['2023年', {}, ['2023-01-01', '2024-01-01', 'year']],
    ['2023-Q3', {}, ['2023-07-01', '2023-10-01', 'quarter']],
    ['2023Q3', {}, ['2023-07-01', '2023-10-01', 'quarter']],
    ['Q3 2023', {}, ['2023-07-01', '2023-10-01', 'quarter']],
    ['FY2023-Q1', { fiscal: newYork }, ['2022-07-01', '2022-10-01', 'quarter']],
    ['2023/24-Q4', { fiscal: britain }, ['2024-01-01', '2024-04-01', 'quarter']],
    ['2023年第三季度', {}, ['2023-07-01', '2023-10-01', 'quarter']],
    ['2023年下半年', {}, ['2023-07-01', '2024-01-01', 'half-year']],
    ['2023-W01', {}, ['2023-01-02', '2023-01-09', 'week']],
    ['2020-W53', {}, ['2020-12-28', '2021-01-04', 'week']],
    ['2024-12-31', {}, ['2024-12-31', '2025-01-01', 'day']],
    ['2019-07-01T00:00:00.000', {}, ['2019-07-01', '2019-07-02', 'day']],
    ['31/12/2024', {}, ['2024-12-31', '2025-01-01', 'day']],
    ['03/04/2024', { dayOrder: 'month-day-year' }, ['2024-03-04', '2024-03-05', 'day']],
    ['2025 - 2030', {}, ['2025-01-01', '2031-01-01', 'multi-year']],
    ['2021–2025年', {}, ['2021-01-01', '2026-01-01', 'multi-year']],
    ['“十四五”', {}, ['2021-01-01', '2026-01-01', 'multi-year']],
    ['十五五时期', {}, ['2026-01-01', '2031-01-01', 'multi-year']],
    ['Jan 2023 - Mar 2023', {}, ['2023-01-01', '2023-04-01', 'custom']],
  ] as const)('%s is read', (text, options, expected) => {
    expect(span(text, options)).toEqual(expected)
  })

  test.each([
    ['2006/07', {}, 'ambiguous'],
    ['03/04/2024', {}, 'ambiguous'],
    ['2023-Q3', { fiscal: newYork }, 'ambiguous'],
    ['2023-2024', { fiscal: newYork }, 'ambiguous'],
    ['FY2023', {}, 'fiscal-year-not-stated'],
    ['2023/24', {}, 'fiscal-year-not-stated'],
    ['2023/25', { fiscal: britain }, 'years-not-consecutive'],
    ['2023/24', { fiscal: calendarYears }, 'years-not-consecutive'],
    ['2030 - 2025', {}, 'range-runs-backwards'],
    ['2026-02-31', {}, 'no-such-day'],
    ['31/02/2026', {}, 'no-such-day'],
    ['2023-W53', {}, 'no-such-day'],
    ['Jul-23', {}, 'two-digit-year'],
    ['2023-07', { grain: 'quarter' }, 'other-grain'],
    ['last year', {}, 'not-a-period'],
    ['Maybe 2023', {}, 'not-a-period'],
    ['  ', {}, undefined],
  ] as const)('%s is not guessed', (text, options, expected) => {
    expect(span(text, options)).toBe(expected)
  })

  test('reading what was written gives the same period, in both languages and by its own label', () => {
    fc.assert(
      fc.property(periods, ({ period, fiscal }) => {
        for (const text of [formatPeriod(period, 'en'), formatPeriod(period, 'zh-Hans'), period.label]) {
          expect(parsePeriod(text, { fiscal, grain: period.grain }), text).toEqual(period)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('periods are written the way readers expect', () => {
    const both = (period: Period) => [formatPeriod(period, 'en'), formatPeriod(period, 'zh-Hans')]
    expect(both(yearNamed(2023, newYork))).toEqual(['FY2023', '2023财年'])
    expect(both(yearNamed(2023, britain))).toEqual(['2023/24', '2023/24财年'])
    expect(both(yearNamed(2023))).toEqual(['2023', '2023年'])
    expect(both(periodFrom('2023-07-01', 'month'))).toEqual(['Jul 2023', '2023年7月'])
    expect(both(periodFrom('2023-07-01', 'quarter'))).toEqual(['Q3 2023', '2023年第三季度'])
    const short = (period: Period) => [formatShortPeriod(period, 'en'), formatShortPeriod(period, 'zh-Hans')]
    expect(short(periodFrom('2023-07-01', 'month'))).toEqual(['Jul 2023', '2023年7月'])
    expect(short(periodFrom('2023-07-01', 'quarter'))).toEqual(['Q3 2023', '2023-Q3'])
    expect(both(periodContaining('2023-07-01', 'half-year', newYork))).toEqual(['H1 FY2024', '2024财年上半年'])
    expect(both(customPeriod('2023-01-01', '2023-03-15'))).toEqual([
      '1 Jan 2023 – 14 Mar 2023',
      '2023年1月1日—2023年3月14日',
    ])
  })
})

describe('neighbours', () => {
  test('the next of the previous is the period itself, and nothing lies between', () => {
    fc.assert(
      fc.property(periods, ({ period, fiscal }) => {
        const next = nextPeriod(period)
        expect(previousPeriod(next)).toEqual(period)
        expect(nextPeriod(previousPeriod(period))).toEqual(period)
        expect(next.from).toBe(period.to)
        expect(previousPeriod(period).to).toBe(period.from)
        if (period.grain !== 'custom') expect(parsePeriod(next.label, { fiscal, grain: next.grain })).toEqual(next)
      }),
      { numRuns: 1000 },
    )
  })

  test('every day lies in exactly one period of a grain', () => {
    fc.assert(
      fc.property(days, fiscals, fc.constantFrom(...plainGrains), (day, fiscal, grain) => {
        const period = periodContaining(day, grain, fiscal)
        expect(period.from <= day && day < period.to).toBe(true)
        expect(periodContaining(addDays(period.to, -1), grain, fiscal)).toEqual(period)
        expect(periodContaining(period.to, grain, fiscal)).toEqual(nextPeriod(period))
      }),
    )
  })
})

describe('lateness and axes', () => {
  test('a value is due after the publication lag and grows late by periods', () => {
    const dueOn = duePeriod(yearNamed(2023, newYork), 90)
    expect(dueOn).toBe('2023-09-29')
    expect(freshness(dueOn, '2023-09-29', 'year')).toBe('not-yet-due')
    expect(freshness(dueOn, '2023-09-30', 'year')).toBe('due-late')
    expect(freshness(dueOn, '2024-09-29', 'year')).toBe('due-late')
    expect(freshness(dueOn, '2024-09-30', 'year')).toBe('very-late')
    expect(freshness(dueOn, '2026-09-29', 'year')).toBe('very-late')
    expect(freshness(dueOn, '2026-09-30', 'year')).toBe('stopped')
    expect(freshness('2024-01-31', '2024-03-01', 'month')).toBe('very-late')
  })

  test('fiscal and calendar years never share an axis; months always do', () => {
    expect(axisOf(yearNamed(2023, newYork))).not.toBe(axisOf(yearNamed(2023)))
    expect(axisOf(yearNamed(2023, britain))).not.toBe(axisOf(yearNamed(2023, newYork)))
    expect(axisOf(yearNamed(2020))).toBe(axisOf(yearNamed(2023)))
    expect(axisOf(periodFrom('2023-07-01', 'quarter', newYork))).toBe(axisOf(periodFrom('2023-01-01', 'quarter')))
    expect(axisOf(periodFrom('2023-07-01', 'month'))).toBe(axisOf(periodFrom('2023-01-01', 'month')))
    expect(axisOf(periodFrom('2023-01-01', 'multi-year', calendarYears, 5))).not.toBe(axisOf(yearNamed(2023)))
  })
})

test('a label at the end of the calendar is no period, whatever the fiscal year', () => {
  for (const text of [
    'OUT-0001',
    '0001',
    '0001-0002',
    'x - 9999',
    '9999',
    '9998-9999',
    'FY0001',
    '9999-12-31',
    '9999-12',
    '9999-Q4',
  ])
    for (const fiscal of [undefined, { startMonth: 7, namedBy: 'end' }, { startMonth: 4, namedBy: 'start' }] as const)
      expect(() => parsePeriod(text, fiscal ? { fiscal } : {}), text).not.toThrow()
  expect(parsePeriod('OUT-0001', { fiscal: { startMonth: 7, namedBy: 'end' } })).toEqual({ problem: 'not-a-period' })
})
