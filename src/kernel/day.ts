/**
 * Days of the calendar as text 'YYYY-MM-DD'. All arithmetic is on day numbers of the proleptic Gregorian calendar
 * (Hinnant, "chrono-compatible low-level date algorithms"), never on `Date`: no time zone can move a day.
 */

/** A calendar day 'YYYY-MM-DD', years 0001–9999. */
export type Day = string

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/

/** Days of a month; `month` 1–12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** True for a real day written 'YYYY-MM-DD' ('2026-02-31' is not one). */
export function isDay(text: string): text is Day {
  const parts = dayPattern.exec(text)
  if (!parts) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
}

/** A number with leading zeros. */
export const pad = (value: number, width: number) => String(value).padStart(width, '0')

/** The day of a year, month 1–12 and day of the month; throws RangeError if there is no such day. */
export function dayOf(year: number, month: number, day: number): Day {
  const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`
  if (!isDay(text)) throw new RangeError(`There is no day ${text}.`)
  return text
}

/** Year, month (1–12) and day of the month; throws RangeError for anything but a real day. */
export function partsOf(day: Day): { year: number; month: number; day: number } {
  if (!isDay(day)) throw new RangeError(`There is no day ${day}.`)
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), day: Number(day.slice(8, 10)) }
}

/** Days since 1970-01-01 (negative before). */
export function dayNumber(day: Day): number {
  const { year, month, day: date } = partsOf(day)
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}

/** The day with this number; the inverse of `dayNumber`. */
export function dayFromNumber(number: number): Day {
  const shifted = number + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return dayOf(year, month, dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1)
}

export const addDays = (day: Day, count: number): Day => dayFromNumber(dayNumber(day) + count)

/** Whole days from `from` to `to`; negative where `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => dayNumber(to) - dayNumber(from)

/** The same day of the month `count` months on; the last day of the month where that month is shorter. */
export function addMonths(day: Day, count: number): Day {
  const parts = partsOf(day)
  const index = parts.year * 12 + parts.month - 1 + count
  const year = Math.floor(index / 12)
  const month = index - year * 12 + 1
  return dayOf(year, month, Math.min(parts.day, daysInMonth(year, month)))
}

/** Monday 1 … Sunday 7 (ISO 8601). */
export const weekday = (day: Day): number => ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1

/** Monday of ISO week 1 of a year: the week that holds 4 January. */
export function firstIsoMonday(year: number): Day {
  const fourth = dayOf(year, 1, 4)
  return addDays(fourth, 1 - weekday(fourth))
}
