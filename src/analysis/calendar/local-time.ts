/** Local time as text and as minutes since 1970-01-01T00:00, by the proleptic Gregorian calendar; no zone, no daylight saving. */
import { minutesPerDay, onGrid } from './calendar.ts'

/** Days since 1970-01-01 of a date; months 1–12. Not checked: see `parseLocalTime`. */
export function dayOf(year: number, month: number, day: number): number {
  // Years that begin in March, so that the leap day is the last of its year (Hinnant's civil day algorithm).
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

export function dateOf(day: number): { year: number; month: number; day: number } {
  const shifted = day + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const calendarMonth = month < 10 ? month + 3 : month - 9
  return {
    year: era * 400 + yearOfEra + (calendarMonth <= 2 ? 1 : 0),
    month: calendarMonth,
    day: dayOfYear - Math.floor((153 * month + 2) / 5) + 1,
  }
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/

/** Minutes of `2016-02-08T08:00:00`, `2016-02-08T08:00` or `2016-02-08` (midnight); null if it is not such a date. */
export function parseLocalTime(text: string): number | null {
  const found = pattern.exec(text)
  if (!found) return null
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  // 24:00:00 ends a day in some exports.
  if (minute > 59 || second > 59 || hour > 24 || (hour === 24 && minute + second > 0)) return null
  return dayOf(year, month, day) * minutesPerDay + hour * 60 + minute + onGrid(second / 60)
}

const daysIn = (year: number, month: number): number =>
  dayOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - dayOf(year, month, 1)

/** `2016-02-08T08:00:00`, to the nearest second. */
export function localTime(instant: number): string {
  const seconds = Math.round(instant * 60)
  const day = Math.floor(seconds / 86_400)
  const rest = seconds - day * 86_400
  const date = dateOf(day)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
}
