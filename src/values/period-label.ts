/**
 * Labels of periods: reading what people write in tables, and writing it in a language. An ambiguous label is
 * never guessed; it comes back as a problem code.
 */

import { addDays, type Day, dayNumber, dayOf, daysInMonth, firstIsoMonday, isDay, partsOf } from '#kernel/day.ts'
import type { Language } from '#kernel/words.ts'
import {
  calendarYears,
  customPeriod,
  type FiscalCalendar,
  fiveYearPlan,
  type Grain,
  type Period,
  periodFrom,
  yearNamed,
} from './period-calendar.ts'

/** Why a label is not a period. `values` holds what the message needs (the two readings, the missing day …). */
export type PeriodProblemCode =
  | 'not-a-period'
  | 'no-such-day'
  | 'ambiguous'
  | 'fiscal-year-not-stated'
  | 'years-not-consecutive'
  | 'range-runs-backwards'
  | 'two-digit-year'
  | 'other-grain'

export type PeriodProblem = { readonly problem: PeriodProblemCode; readonly readings?: readonly string[] }

export type PeriodOptions = {
  /** The calendar of the years in this table. Without it '2023' is a calendar year and 'FY2023' is refused. */
  readonly fiscal?: FiscalCalendar
  /** Grain of the column; settles ambiguous labels and refuses others. */
  readonly grain?: Grain
  /** Order of '03/04/2023'; without it such a day is ambiguous unless one number exceeds 12. */
  readonly dayOrder?: 'day-month-year' | 'month-day-year'
}

/** True for a period, false for null and for a problem. */
export const isPeriod = (result: Period | PeriodProblem | null): result is Period => result !== null && 'from' in result

const problem = (code: PeriodProblemCode, readings?: readonly string[]): PeriodProblem =>
  readings ? { problem: code, readings } : { problem: code }

/** Longer texts are not labels; the patterns below need bounded input. */
const maxLabel = 60

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const englishMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const fullMonths = /^(january|february|march|april|may|june|july|august|september|october|november|december|sept)$/
const chineseDigits = '零一二三四五六七八九'

function monthNumber(word: string): number | null {
  const lower = word.toLowerCase()
  if (lower.length > 3 && !fullMonths.test(lower)) return null
  const index = monthNames.indexOf(lower.slice(0, 3))
  return index < 0 ? null : index + 1
}

/** 1–99 in Chinese numerals ('十四' is 14), or null. */
function chineseNumber(text: string): number | null {
  const parts = /^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(text)
  if (!parts || text === '' || (!parts[2] && parts[1] && parts[3])) return null
  const digit = (part: string | undefined) => (part ? chineseDigits.indexOf(part) : 0)
  return parts[2] ? (parts[1] ? digit(parts[1]) : 1) * 10 + digit(parts[3]) : digit(parts[1]) + digit(parts[3])
}

function dayPeriod(year: number, month: number, date: number): Period | PeriodProblem {
  if (year < 1 || month < 1 || month > 12 || date < 1 || date > daysInMonth(year, month)) return problem('no-such-day')
  return periodFrom(dayOf(year, month, date), 'day')
}

function monthPeriod(year: number, month: number): Period | PeriodProblem {
  return month < 1 || month > 12 || year < 1 ? problem('no-such-day') : periodFrom(dayOf(year, month, 1), 'month')
}

function weekPeriod(year: number, week: number): Period | PeriodProblem {
  const from = addDays(firstIsoMonday(year), (week - 1) * 7)
  const inYear = week >= 1 && dayNumber(from) < dayNumber(firstIsoMonday(year + 1))
  return inYear ? periodFrom(from, 'week') : problem('no-such-day')
}

/** A part of a year: quarter 1–4 or half 1–2. With a fiscal calendar 'Q3 2023' is ambiguous unless the label says FY. */
function partPeriod(
  year: Period,
  grain: 'quarter' | 'half-year',
  part: number,
  fiscal: FiscalCalendar,
): Period | PeriodProblem {
  const months = grain === 'quarter' ? 3 : 6
  if (part < 1 || part * months > 12) return problem('no-such-day')
  const { year: startYear, month } = partsOf(year.from)
  const index = month - 1 + (part - 1) * months
  return periodFrom(dayOf(startYear + Math.floor(index / 12), (index % 12) + 1, 1), grain, fiscal)
}

/** 'FY2023', '2023/24', '2023': the year a label names, or a problem. `short` is the written second year, if any. */
function fiscalYear(
  prefix: boolean,
  first: string,
  second: string | undefined,
  fiscal: FiscalCalendar | undefined,
): Period | PeriodProblem {
  if ((prefix || second !== undefined) && !fiscal) return problem('fiscal-year-not-stated')
  const start = first.length === 2 ? 2000 + Number(first) : Number(first)
  if (start < 1) return problem('not-a-period')
  if (second === undefined) return yearNamed(start, fiscal)
  const end =
    second.length === 2
      ? Math.floor(start / 100) * 100 + Number(second) + (Number(second) === 0 ? 100 : 0)
      : Number(second)
  if (end !== start + 1 || fiscal!.startMonth === 1) return problem('years-not-consecutive')
  return yearNamed(fiscal!.namedBy === 'end' ? end : start, fiscal)
}

function yearRange(first: Period, last: Period, fiscal: FiscalCalendar): Period | PeriodProblem {
  const span = partsOf(last.from).year - partsOf(first.from).year + 1
  if (span < 1) return problem('range-runs-backwards')
  return span === 1 ? first : periodFrom(first.from, 'multi-year', fiscal, span)
}

function slashedDay(
  first: number,
  second: number,
  year: number,
  order: PeriodOptions['dayOrder'],
): Period | PeriodProblem {
  if (order === 'day-month-year') return dayPeriod(year, second, first)
  if (order === 'month-day-year') return dayPeriod(year, first, second)
  if (first > 12) return dayPeriod(year, second, first)
  if (second > 12) return dayPeriod(year, first, second)
  if (first === second) return dayPeriod(year, first, second)
  const readings = [dayPeriod(year, second, first), dayPeriod(year, first, second)]
  return problem(
    'ambiguous',
    readings.filter(isPeriod).map((reading) => reading.label),
  )
}

/** Year pairs and months look alike: '2006-07' and '2006/07'. */
function pairOrMonth(first: string, separator: string, second: string, options: PeriodOptions): Period | PeriodProblem {
  const month = Number(second)
  const isMonth = month >= 1 && month <= 12
  const isPair = (Number(first) + 1) % 100 === month
  if (options.grain === 'month') return monthPeriod(Number(first), month)
  if (options.grain === 'year') return fiscalYear(true, first, second, options.fiscal)
  if (isMonth && !(isPair && separator === '/')) return monthPeriod(Number(first), month)
  if (isMonth) return problem('ambiguous', [`${first}-${second}`, `${first}/${second}`])
  return fiscalYear(true, first, second, options.fiscal)
}

type Reader = readonly [RegExp, (match: readonly string[], options: PeriodOptions) => Period | PeriodProblem]

const fiscalMark = '(?:FY|fiscal year|财年|财政年度)'
const dash = '(?:\\s*[-–—~至]\\s*|\\s+to\\s+)'
const yearText = `(?:${fiscalMark}\\s*)?\\d{4}(?:[/]\\d{2})?`

/** A whole year in any of its forms, as part of a longer label. */
function readYear(text: string, options: PeriodOptions): Period | PeriodProblem {
  const match = /^(FY|fiscal year|财年|财政年度)?\s*(\d{4}|\d{2})(?:\s*[/-]\s*(\d{4}|\d{2}))?\s*(?:年度?|财年)?$/i.exec(
    text,
  )
  if (!match || (!match[1] && match[2]!.length === 2)) return problem('not-a-period')
  return fiscalYear(Boolean(match[1]), match[2]!, match[3], options.fiscal)
}

function readPart(year: string, kind: string, part: string, options: PeriodOptions): Period | PeriodProblem {
  const grain = /^q|季/i.test(kind) ? 'quarter' : 'half-year'
  const marked = /[^\d\s]/.test(year)
  const fiscal = options.fiscal ?? calendarYears
  if (!marked && fiscal.startMonth !== 1) {
    return problem('ambiguous', [`${year.trim()}-${grain === 'quarter' ? 'Q' : 'H'}${part}`, `FY${year.trim()}`])
  }
  const whole = readYear(year.trim(), options)
  return isPeriod(whole) ? partPeriod(whole, grain, Number(part), fiscal) : whole
}

const readers: readonly Reader[] = [
  [
    /^(\d{4})-(\d{2})-(\d{2})(?:T00:00(?::00(?:\.0+)?)?Z?)?$/,
    ([, y, m, d]) => dayPeriod(Number(y), Number(m), Number(d)),
  ],
  [/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$/, ([, y, m, d]) => dayPeriod(Number(y), Number(m), Number(d))],
  [/^(\d{4})(\d{2})(\d{2})$/, ([, y, m, d]) => dayPeriod(Number(y), Number(m), Number(d))],
  [/^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$/, ([, y, m, d]) => dayPeriod(Number(y), Number(m), Number(d))],
  [
    /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/,
    ([, a, b, y], options) => slashedDay(Number(a), Number(b), Number(y), options.dayOrder),
  ],
  [
    /^(\d{1,2})[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/i,
    ([, d, m, y]) => (monthNumber(m!) ? dayPeriod(Number(y), monthNumber(m!)!, Number(d)) : problem('not-a-period')),
  ],
  [
    /^([a-z]{3,9})\.?[ -](\d{1,2}), ?(\d{4})$/i,
    ([, m, d, y]) => (monthNumber(m!) ? dayPeriod(Number(y), monthNumber(m!)!, Number(d)) : problem('not-a-period')),
  ],
  [
    /^([a-z]{3,9})\.?[ ,-]+(\d{4})$/i,
    ([, m, y]) => (monthNumber(m!) ? monthPeriod(Number(y), monthNumber(m!)!) : problem('not-a-period')),
  ],
  [/^([a-z]{3,9})\.?[ '’-]+(\d{2})$/i, ([, m]) => problem(monthNumber(m!) ? 'two-digit-year' : 'not-a-period')],
  [
    /^(\d{4})[ -]([a-z]{3,9})$/i,
    ([, y, m]) => (monthNumber(m!) ? monthPeriod(Number(y), monthNumber(m!)!) : problem('not-a-period')),
  ],
  [/^(\d{4})\s*年\s*(\d{1,2})\s*月份?$/, ([, y, m]) => monthPeriod(Number(y), Number(m))],
  [/^(\d{4})-?W(\d{2})$/i, ([, y, w]) => weekPeriod(Number(y), Number(w))],
  [/^(\d{4})\s*年第\s*(\d{1,2})\s*周$/, ([, y, w]) => weekPeriod(Number(y), Number(w))],
  [
    new RegExp(`^(${yearText})\\s*[- ]?\\s*([QH])\\s*([1-4])$`, 'i'),
    ([, y, k, p], options) => readPart(y!, k!, p!, options),
  ],
  [new RegExp(`^([QH])([1-4])[ /-]*(${yearText})$`, 'i'), ([, k, p, y], options) => readPart(y!, k!, p!, options)],
  [
    /^(\d{4}(?:\/\d{2})?)\s*(年|财年)\s*第?\s*([一二三四1-4])\s*季度?$/,
    ([, y, mark, p], options) =>
      readPart(mark === '财年' ? `FY${y}` : y!, '季', String(chineseNumber(p!) ?? p), options),
  ],
  [
    /^(\d{4}(?:\/\d{2})?)\s*(年|财年)\s*([上下])半年$/,
    ([, y, mark, p], options) => readPart(mark === '财年' ? `FY${y}` : y!, 'H', p === '上' ? '1' : '2', options),
  ],
  [
    /^[“"「]?([一二三四五六七八九十]{1,3})五[”"」]?(?:时期|规划|计划)?$/,
    ([, ordinal]) => {
      const number = chineseNumber(ordinal!)
      return number && number >= 3 ? fiveYearPlan(number) : problem('not-a-period')
    },
  ],
  [/^(\d{4})([-/–])(\d{2})$/, ([, a, s, b], options) => pairOrMonth(a!, s!, b!, options)],
  [
    /^(\d{4}-\d{2}-\d{2})\s*\/\s*(\d{4}-\d{2}-\d{2})$/,
    ([, from, to]) => {
      if (!isDay(from!) || !isDay(to!)) return problem('no-such-day')
      return from! < to! ? customPeriod(from!, to!) : problem('range-runs-backwards')
    },
  ],
  [/^(\d{4})[年\s]*财年$/, ([, y], options) => fiscalYear(true, y!, undefined, options.fiscal)],
  [/^(\d{4})\/(\d{2})\s*(?:财年|年度)$/, ([, a, b], options) => fiscalYear(true, a!, b!, options.fiscal)],
  [/^(\d{4})\s*(?:年度?)?$/, ([, y], options) => fiscalYear(false, y!, undefined, options.fiscal)],
  [
    /^FY\s*(\d{4}|\d{2})(?:\s*[/–-]\s*(\d{4}|\d{2}))?$/i,
    ([, a, b], options) => fiscalYear(true, a!, b || undefined, options.fiscal),
  ],
]

const rangePattern = new RegExp(`^(.+?)(?:年)?${dash}(.+?)(?:年)?$`, 'i')

function readRange(text: string, options: PeriodOptions): Period | PeriodProblem {
  const match = rangePattern.exec(text)
  if (!match) return problem('not-a-period')
  const fiscal = options.fiscal ?? calendarYears
  if (/^\d{4}$/.test(match[1]!) && /^\d{4}$/.test(match[2]!)) {
    const consecutive = Number(match[2]) === Number(match[1]) + 1
    if (consecutive && fiscal.startMonth !== 1) {
      if (options.grain === 'year') return fiscalYear(true, match[1]!, match[2], fiscal)
      if (options.grain !== 'multi-year')
        return problem('ambiguous', [`${match[1]}/${match[2]!.slice(2)}`, `FY${match[1]}-FY${match[2]}`])
    }
    return yearRange(yearNamed(Number(match[1]), fiscal), yearNamed(Number(match[2]), fiscal), fiscal)
  }
  const grain = options.grain === 'multi-year' ? ('year' as const) : undefined
  const within = { fiscal: options.fiscal, dayOrder: options.dayOrder, grain }
  const [first, last] = [readOne(match[1]!, within), readOne(match[2]!, within)]
  if (!isPeriod(first)) return first
  if (!isPeriod(last)) return last
  if (first.grain === 'year' && last.grain === 'year') return yearRange(first, last, fiscal)
  return first.from < last.to ? customPeriod(first.from, last.to) : problem('range-runs-backwards')
}

function readOne(text: string, options: PeriodOptions): Period | PeriodProblem {
  for (const [pattern, read] of readers) {
    const match = pattern.exec(text)
    if (match) return read(match, options)
  }
  return problem('not-a-period')
}

/** The years 1 and 9999 reach beyond the calendar as fiscal years ('OUT-0001'); such a label is not a period. */
function readLabel(text: string, options: PeriodOptions): Period | PeriodProblem {
  try {
    const single = readOne(text, options)
    return isPeriod(single) || single.problem !== 'not-a-period' ? single : readRange(text, options)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return problem('not-a-period')
  }
}

/**
 * Reads a label: '2023', 'FY2023', '2023/24', '2023-07', '2023-Q3', '2023Q3', '2024-12-31', '2025 - 2030', 'Jul 2023',
 * '2023年7月', '2023年', '十四五' and their kin. A range of years includes its last year ('2025 - 2030' is six years, so
 * `to` is 2031-01-01). With a fiscal calendar, '2023' is the fiscal year of that name. Blank text is null; what cannot
 * be read, or could be read in two ways, is a problem with a code.
 */
export function parsePeriod(text: string, options: PeriodOptions = {}): Period | PeriodProblem | null {
  const tidy = text.normalize('NFKC').replace(/\s+/g, ' ').trim()
  if (tidy === '') return null
  if (tidy.length > maxLabel) return problem('not-a-period')
  const result = readLabel(tidy, options)
  if (isPeriod(result) && options.grain && options.grain !== 'custom' && result.grain !== options.grain)
    return problem('other-grain')
  return result
}

const chineseDay = (day: Day) => {
  const { year, month, day: date } = partsOf(day)
  return `${year}年${month}月${date}日`
}

const englishDay = (day: Day) => {
  const { year, month, day: date } = partsOf(day)
  return `${date} ${englishMonths[month - 1]} ${year}`
}

/**
 * A period as a language writes it. `parsePeriod` reads every result back to the same period, given the fiscal calendar
 * it was made with. A custom span shows its last day, not the day after.
 */
export function formatPeriod(period: Period, language: Language): string {
  const chinese = language === 'zh-Hans'
  const { year, month } = partsOf(period.from)
  const named = /^(FY)?(\d{4}(?:\/\d{2})?)(?:-([QHW])(\d{1,2}))?$/.exec(period.label)
  switch (period.grain) {
    case 'day':
      return chinese ? chineseDay(period.from) : englishDay(period.from)
    case 'month':
      return chinese ? `${year}年${month}月` : `${englishMonths[month - 1]} ${year}`
    case 'custom': {
      const last = addDays(period.to, -1)
      return chinese
        ? `${chineseDay(period.from)}—${chineseDay(last)}`
        : `${englishDay(period.from)} – ${englishDay(last)}`
    }
    case 'multi-year':
      return chinese
        ? period.label.replace('-', '—').replace(/^(\d{4}—\d{4})$/, '$1年')
        : period.label.replace('-', '–')
    case 'week':
      return chinese ? `${named![2]}年第${Number(named![4])}周` : period.label
    default: {
      if (!named) return period.label
      if (!chinese) return named[3] ? `${named[3]}${named[4]} ${named[1] ?? ''}${named[2]}` : period.label
      const yearWord = `${named[2]}${named[1] || named[2]!.includes('/') ? '财年' : '年'}`
      if (period.grain === 'quarter') return `${yearWord}第${chineseDigits[Number(named[4])]}季度`
      if (period.grain === 'half-year') return `${yearWord}${named[4] === '1' ? '上' : '下'}半年`
      return yearWord
    }
  }
}

/** The same where space is scarce, as under a chart: if the words would take twice as much, the label is used instead. */
export const formatShortPeriod = (period: Period, language: Language): string =>
  language === 'zh-Hans' && (period.grain === 'quarter' || period.grain === 'half-year')
    ? period.label
    : formatPeriod(period, language)
