/**
 * Reads single cells as people write them: numbers, percentages, durations, days. Every reader returns the value or
 * what is wrong; none of them guesses. Numbers stay exact decimal strings.
 */
import { isReadDecimal, multiplyDecimals, type NumberFormat, numberFormats, parseDecimal } from '#values/decimal.ts'
import { dayOf, daysInMonth } from '#values/period.ts'
import { excerpt, type TableProblemCode } from './problems.ts'

/** Reads numbers with and without thousands separators: the default of a profile that names no format. */
export const usualNumberFormat: NumberFormat = '1,234.5'

/** `iso` 2024-12-31 · `year-month-day` 2024/12/31, 2024年12月31日 · `day-month-year` 31/12/2024 · `month-day-year` 12/31/2024 */
export const dayOrders = ['iso', 'year-month-day', 'day-month-year', 'month-day-year'] as const
export type DayOrder = (typeof dayOrders)[number]

export type CellFault = { readonly code: TableProblemCode; readonly values: Record<string, string | number> }
export type CellResult = { readonly value: string; readonly warning?: CellFault } | { readonly fault: CellFault }

/** What files write for "no value", besides nothing at all. A profile may state its own list. */
export const missingTokens: readonly string[] = [
  ...['NA', 'N/A', 'n/a', 'N.A.', '#N/A', '#NV', '#VALUE!', '#DIV/0!', '#REF!', 'NaN', 'nan', 'NULL', 'null', 'None'],
  ...['-', '--', '–', '—', '.', '..', '...', '…', '暂无', '无数据', '不适用', '缺失'],
]

/** Full-width digits and narrow spaces become their plain forms. */
function plain(text: string): string {
  return text.normalize('NFKC').trim()
}

/** The formats in which a text is a number. */
export function possibleNumberFormats(text: string): NumberFormat[] {
  return numberFormats.filter((format) => isReadDecimal(parseDecimal(text, format)))
}

function readAnyNumber(text: string, format: NumberFormat): { value: string; percent: boolean } | { fault: CellFault } {
  const read = parseDecimal(text, format)
  if (isReadDecimal(read)) return read
  const values = { text: excerpt(text), format }
  if (read.problem === 'too-long') return { fault: { code: 'cell.number-too-long', values } }
  const seen = possibleNumberFormats(text)[0]
  if (read.problem !== 'wrong-format' || seen === undefined) return { fault: { code: 'cell.not-a-number', values } }
  return { fault: { code: 'cell.other-number-format', values: { ...values, seen } } }
}

/** A canonical decimal (see `#values/decimal.ts`). A percent sign is refused: the profile has to say `percent`. */
export function readNumber(text: string, format: NumberFormat): CellResult {
  const read = readAnyNumber(text, format)
  if ('fault' in read) return read
  if (read.percent) return { fault: { code: 'cell.percent-in-number', values: { text: excerpt(text) } } }
  return { value: read.value }
}

/** `45 %` and `45` are both "45" (percent); a share such as 0.45 is a number, not a percent. */
export function readPercent(text: string, format: NumberFormat): CellResult {
  const read = readAnyNumber(text, format)
  return 'fault' in read ? read : { value: read.value }
}

const secondsOf = { 'minutes-seconds': 60, 'hours-minutes': 3600 } as const
export type DurationForm = keyof typeof secondsOf

/**
 * Seconds, as a decimal string. `4:11` and `4.11` are 4 minutes 11 seconds (hours and minutes alike); as spreadsheets
 * drop a trailing zero, `4.3` is 4 minutes 30 and `4` is 4 minutes. `1:02:03` is hours, minutes, seconds in both forms.
 * A second part above 59 is invalid: refused, or with `over59: 'decimal'` read as decimal minutes or hours and reported.
 */
export function readDuration(
  text: string,
  form: DurationForm,
  format: NumberFormat,
  over59: 'refuse' | 'decimal' = 'refuse',
): CellResult {
  const cell = plain(text)
  const long = /^(\d{1,6}):([0-5]\d):([0-5]\d)$/.exec(cell)
  if (long) return { value: String(Number(long[1]) * 3600 + Number(long[2]) * 60 + Number(long[3])) }
  const values = { text: excerpt(text), form }
  const colon = /^(\d{1,6}):(\d{1,2})$/.exec(cell)
  const number = colon ? null : parseDecimal(cell, format)
  if (number && (!isReadDecimal(number) || number.percent || number.value.startsWith('-'))) {
    return { fault: { code: 'cell.not-a-duration', values } }
  }
  const decimal = number && isReadDecimal(number) ? number.value : ''
  const [whole = '0', fraction = ''] = colon ? [colon[1]!, colon[2]!.padStart(2, '0')] : decimal.split('.')
  const second = Number(fraction.padEnd(2, '0'))
  const unit = secondsOf[form]
  if (fraction.length <= 2 && second <= 59) {
    return { value: ((BigInt(whole) * 60n + BigInt(second)) * BigInt(unit / 60)).toString() }
  }
  if (colon || over59 === 'refuse') {
    return { fault: { code: 'cell.duration-out-of-range', values: { ...values, part: fraction } } }
  }
  const value = multiplyDecimals(decimal, String(unit))
  return { value, warning: { code: 'cell.duration-read-as-decimal', values: { ...values, seconds: value } } }
}

const dayPatterns: Record<DayOrder, RegExp> = {
  iso: /^(\d{4})-(\d{2})-(\d{2})(?:[T ][\d:.]{4,15}(?:Z|[+-]\d{2}:?\d{2})?)?$/,
  'year-month-day': /^(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?$/,
  'day-month-year': /^(\d{1,2})[-/.]\s?(\d{1,2})[-/.]\s?(\d{4})$/,
  'month-day-year': /^(\d{1,2})[-/.]\s?(\d{1,2})[-/.]\s?(\d{4})$/,
}

type DayParts = { year: number; month: number; day: number }

function dayParts(text: string, order: DayOrder): DayParts | null {
  const match = dayPatterns[order].exec(text)
  if (!match) return null
  const [first, second, third] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (order === 'day-month-year') return { year: third, month: second, day: first }
  if (order === 'month-day-year') return { year: third, month: first, day: second }
  return { year: first, month: second, day: third }
}

function exists({ year, month, day }: DayParts): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

/** The day orders under which a text is a real day. */
export function possibleDayOrders(text: string): DayOrder[] {
  const cell = plain(text)
  return dayOrders.filter((order) => {
    const parts = dayParts(cell, order)
    return parts !== null && exists(parts)
  })
}

/** 'YYYY-MM-DD'. An ISO day is read whatever the order, as it is unambiguous; a two-digit year is refused. */
export function readDay(text: string, order: DayOrder): CellResult {
  const cell = plain(text)
  const parts = dayParts(cell, order) ?? dayParts(cell, 'iso')
  const values = { text: excerpt(text), order }
  if (parts === null) return { fault: { code: 'cell.not-a-day', values } }
  if (!exists(parts)) return { fault: { code: 'cell.day-impossible', values } }
  return { value: dayOf(parts.year, parts.month, parts.day) }
}
