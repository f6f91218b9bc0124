/** Which periods a figure is asked for, and which values of an indicator still follow it. */
import { compareDecimals, type Decimal, isReadDecimal, parseDecimal } from '#values/decimal.ts'
import {
  calendarYears,
  type Day,
  type FiscalCalendar,
  type Grain,
  type Period,
  periodContaining,
  previousPeriod,
} from '#values/period.ts'

/** Closed periods that are looked at, the newest among them: two years of months. */
const maxPeriods = 24

type Calendar = {
  readonly grain: Grain | null
  readonly fiscalStartMonth: number | null
  readonly fiscalNamedBy: 'start' | 'end' | null
}

/** The last closed periods of an indicator, oldest first; none where its periods have no rhythm. */
export function closedPeriods({ grain, fiscalStartMonth, fiscalNamedBy }: Calendar, today: Day): Period[] {
  if (grain === null || grain === 'custom' || grain === 'multi-year') return []
  const fiscal: FiscalCalendar =
    fiscalStartMonth && fiscalNamedBy ? { startMonth: fiscalStartMonth, namedBy: fiscalNamedBy } : calendarYears
  const periods: Period[] = []
  for (let period = previousPeriod(periodContaining(today, grain, fiscal)); periods.length < maxPeriods; ) {
    periods.unshift(period)
    period = previousPeriod(period)
  }
  return periods
}

/** What a figure gave for a period. */
export type Given = { readonly state: 'value' | 'nothing' | 'unknown'; readonly value: Decimal | null }
type Measurement = { readonly value: Decimal | null; readonly status: string }

/**
 * - 'open': there is no value yet.
 * - 'provisional': the value is what the figure gave, and follows the records.
 * - 'confirmed', 'replaced': a person said so; it stays whatever the records say later.
 * - 'own': a person entered it, and the figure was never asked.
 */
export type Standing = 'open' | 'provisional' | 'confirmed' | 'replaced' | 'own'

export function standingOf(measurement: Measurement | undefined, given: Given | undefined): Standing {
  if (!measurement || measurement.value === null) return 'open'
  if (!given) return 'own'
  if (given.value === null || compareDecimals(measurement.value, given.value) !== 0)
    // Without a value of the figure there is nothing that it could have replaced.
    return given.value === null ? 'own' : 'replaced'
  return measurement.status === 'provisional' ? 'provisional' : 'confirmed'
}

/** May the figure write this period's value? */
export const follows = (standing: Standing): boolean => standing === 'open' || standing === 'provisional'

/** A value as somebody writes it; null = nothing. */
export function typedValue(text: string): Decimal | null | 'wrong' {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return null
  const read = parseDecimal(typed, '1,234.5')
  return isReadDecimal(read) ? read.value : 'wrong'
}
