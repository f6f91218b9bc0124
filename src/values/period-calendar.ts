/**
 * Measurement periods: half-open spans of whole days `[from, to)` with a grain and a label, their neighbours, due
 * days and axes. Reading and writing labels is in `period-label.ts`; import both through `period.ts`.
 */
import { addDays, addMonths, type Day, dayOf, daysBetween, firstIsoMonday, pad, partsOf, weekday } from '#kernel/day.ts'

export const grains = ['day', 'week', 'month', 'quarter', 'half-year', 'year', 'multi-year', 'custom'] as const
export type Grain = (typeof grains)[number]

/** `[from, to)`: `to` is the first day after the period. `label` is canonical and language-neutral, e.g. 'FY2023', '2023-Q3'. */
export type Period = { readonly from: Day; readonly to: Day; readonly grain: Grain; readonly label: string }

/**
 * Which month opens the year (1–12) and which calendar year names it. New York: 7, 'end' (FY2023 = July 2022–June
 * 2023). United Kingdom: 4, 'start' (2023/24). Calendar years: 1 (then `namedBy` makes no difference).
 */
export type FiscalCalendar = { readonly startMonth: number; readonly namedBy: 'start' | 'end' }

export const calendarYears: FiscalCalendar = { startMonth: 1, namedBy: 'start' }

const monthsOf: Partial<Record<Grain, number>> = { month: 1, quarter: 3, 'half-year': 6, year: 12 }

/** How many whole months a period spans if it starts on the first of a month and ends on one; otherwise null. */
export function wholeMonths(period: { from: Day; to: Day }): number | null {
  const [from, to] = [partsOf(period.from), partsOf(period.to)]
  if (from.day !== 1 || to.day !== 1) return null
  return (to.year - from.year) * 12 + to.month - from.month
}

/** The grain that the days of a period amount to; 'custom' if they fit none. */
export function grainOf(period: { from: Day; to: Day }): Grain {
  const months = wholeMonths(period)
  if (months === 1) return 'month'
  if (months === 3) return 'quarter'
  if (months === 6) return 'half-year'
  if (months === 12) return 'year'
  const days = daysBetween(period.from, period.to)
  return days === 1 ? 'day' : days === 7 ? 'week' : 'custom'
}

/** How a year of this period is written: fiscal years that carry their end year, that carry both, or calendar years. */
type YearStyle = 'calendar' | 'end' | 'both'

function yearStyle(label: string): YearStyle {
  if (label.startsWith('FY')) return 'end'
  return /^\d{4}\/\d{2}/.test(label) ? 'both' : 'calendar'
}

const styleOf = (fiscal: FiscalCalendar): YearStyle =>
  fiscal.startMonth === 1 ? 'calendar' : fiscal.namedBy === 'end' ? 'end' : 'both'

/** The name of the year that starts in `startYear`. A year that begins in January keeps its own number even if styled 'end'. */
function yearName(startYear: number, startMonth: number, style: YearStyle): string {
  if (style === 'calendar') return pad(startYear, 4)
  if (style === 'end') return `FY${pad(startMonth === 1 ? startYear : startYear + 1, 4)}`
  return `${pad(startYear, 4)}/${pad((startYear + 1) % 100, 2)}`
}

/** First month (1–12) of the year that a quarter or half-year label belongs to; needed to name neighbours. */
function yearStartOf(period: Period): number {
  const part = /[QH](\d)$/.exec(period.label)
  if (!part) return partsOf(period.from).month
  const size = period.grain === 'quarter' ? 3 : 6
  return ((((partsOf(period.from).month - 1 - (Number(part[1]) - 1) * size) % 12) + 12) % 12) + 1
}

function labelOf(from: Day, to: Day, grain: Grain, style: YearStyle, yearStart: number): string {
  const { year, month } = partsOf(from)
  const startYear = month >= yearStart ? year : year - 1
  const offset = (month - yearStart + 12) % 12
  if (grain === 'day') return from
  if (grain === 'week') {
    const thursday = addDays(from, 3)
    const weekYear = partsOf(thursday).year
    return `${pad(weekYear, 4)}-W${pad(daysBetween(firstIsoMonday(weekYear), from) / 7 + 1, 2)}`
  }
  if (grain === 'month') return from.slice(0, 7)
  if (grain === 'quarter') return `${yearName(startYear, yearStart, style)}-Q${offset / 3 + 1}`
  if (grain === 'half-year') return `${yearName(startYear, yearStart, style)}-H${offset / 6 + 1}`
  if (grain === 'year') return yearName(year, month, style)
  if (grain === 'multi-year') {
    const lastStart = partsOf(addMonths(to, -12)).year
    return `${yearName(year, month, style)}-${yearName(lastStart, month, style)}`
  }
  return `${from}/${to}`
}

/**
 * The period of a grain that starts on `from`. `span` is the number of years for 'multi-year'. Throws RangeError where
 * `from` cannot begin such a period (weeks begin on Monday, months and longer on the first of a month).
 */
export function periodFrom(
  from: Day,
  grain: Exclude<Grain, 'custom'>,
  fiscal: FiscalCalendar = calendarYears,
  span = 1,
): Period {
  const parts = partsOf(from)
  if (grain === 'week' && weekday(from) !== 1) throw new RangeError(`A week starts on Monday; ${from} is none.`)
  if (grain !== 'day' && grain !== 'week') {
    const step = grain === 'multi-year' ? 12 : monthsOf[grain]!
    if (parts.day !== 1 || (parts.month - fiscal.startMonth + 12) % step !== 0) {
      throw new RangeError(`No ${grain} of this calendar starts on ${from}.`)
    }
  }
  const to =
    grain === 'day'
      ? addDays(from, 1)
      : grain === 'week'
        ? addDays(from, 7)
        : addMonths(from, grain === 'multi-year' ? span * 12 : monthsOf[grain]!)
  return { from, to, grain, label: labelOf(from, to, grain, styleOf(fiscal), fiscal.startMonth) }
}

/** Any span of days; `to` is the first day after it. Throws RangeError if it is empty. */
export function customPeriod(from: Day, to: Day): Period {
  if (daysBetween(from, to) <= 0) throw new RangeError(`A period ends after it starts: ${from} … ${to}.`)
  return { from, to, grain: 'custom', label: `${from}/${to}` }
}

/** The year with this name in a calendar: 2023 with {7, 'end'} is July 2022–June 2023. */
export function yearNamed(name: number, fiscal: FiscalCalendar = calendarYears): Period {
  const startYear = fiscal.startMonth > 1 && fiscal.namedBy === 'end' ? name - 1 : name
  return periodFrom(dayOf(startYear, fiscal.startMonth, 1), 'year', fiscal)
}

/** The period of a grain that contains a day. */
export function periodContaining(
  day: Day,
  grain: Exclude<Grain, 'custom' | 'multi-year'>,
  fiscal: FiscalCalendar = calendarYears,
): Period {
  if (grain === 'day') return periodFrom(day, 'day')
  if (grain === 'week') return periodFrom(addDays(day, 1 - weekday(day)), 'week')
  const { year, month } = partsOf(day)
  const step = monthsOf[grain]!
  const back = ((month - fiscal.startMonth + 12) % 12) % step
  return periodFrom(addMonths(dayOf(year, month, 1), -back), grain, fiscal)
}

/**
 * China's five-year plan number `ordinal` (3 and later: the third ran 1966–1970, and they have followed without a gap since; the
 * fourteenth 2021–2025).
 */
export function fiveYearPlan(ordinal: number): Period {
  if (!Number.isInteger(ordinal) || ordinal < 3 || ordinal > 99)
    throw new RangeError('Five-year plans 3 to 99 can be named.')
  return periodFrom(dayOf(1966 + 5 * (ordinal - 3), 1, 1), 'multi-year', calendarYears, 5)
}

function shift(period: Period, count: 1 | -1): Period {
  if (period.grain === 'custom' || period.grain === 'day' || period.grain === 'week') {
    const length = daysBetween(period.from, period.to) * count
    const [from, to] = [addDays(period.from, length), addDays(period.to, length)]
    return { from, to, grain: period.grain, label: labelOf(from, to, period.grain, 'calendar', 1) }
  }
  const months = (wholeMonths(period) ?? monthsOf[period.grain] ?? 12) * count
  const [from, to] = [addMonths(period.from, months), addMonths(period.to, months)]
  const label = labelOf(from, to, period.grain, yearStyle(period.label), yearStartOf(period))
  return { from, to, grain: period.grain, label }
}

/** The period of the same length that starts where this one ends. */
export const nextPeriod = (period: Period): Period => shift(period, 1)

/** The period of the same length that ends where this one starts. */
export const previousPeriod = (period: Period): Period => shift(period, -1)

/**
 * The day on which a value of this period is due: the first day after the period plus the publication lag in days.
 * (Official statistics arrive 6–18 months late, so the lag belongs to the indicator.)
 */
export const duePeriod = (period: { to: Day }, lagDays: number): Day => addDays(period.to, lagDays)

export type Freshness = 'not-yet-due' | 'due-late' | 'very-late' | 'stopped'

/** A day moved by `count` periods of a grain; multi-year and custom periods count as one year. */
export function addPeriods(day: Day, grain: Grain, count: number): Day {
  if (grain === 'day') return addDays(day, count)
  if (grain === 'week') return addDays(day, 7 * count)
  return addMonths(day, (monthsOf[grain] ?? 12) * count)
}

/**
 * How late a missing value is on `today`: not yet due up to and including the due day; late ('due-late') after it; very
 * late after one further period; stopped after three further periods. From 'very-late' on, the state of what is
 * measured is unknown, never "on track".
 */
export function freshness(dueOn: Day, today: Day, grain: Grain): Freshness {
  if (today <= dueOn) return 'not-yet-due'
  if (today <= addPeriods(dueOn, grain, 1)) return 'due-late'
  if (today <= addPeriods(dueOn, grain, 3)) return 'very-late'
  return 'stopped'
}

/**
 * The axis a period belongs to. Only periods with the same axis may share a chart axis or a sum: fiscal
 * and calendar years differ ('year-07' and 'year-01'). Days, weeks and months have one axis each; 'custom' periods
 * share one only if they have the same length.
 */
export function axisOf(period: Period): string {
  const { month } = partsOf(period.from)
  if (period.grain === 'year') return `year-${pad(month, 2)}`
  if (period.grain === 'multi-year') return `years-${(wholeMonths(period) ?? 0) / 12}-${pad(month, 2)}`
  if (period.grain === 'quarter') return `quarter-${pad(((month - 1) % 3) + 1, 2)}`
  if (period.grain === 'half-year') return `half-year-${pad(((month - 1) % 6) + 1, 2)}`
  if (period.grain === 'custom') return `custom-${daysBetween(period.from, period.to)}`
  return period.grain
}
