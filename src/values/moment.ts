/** Days and times in a given language, the same on every page: in English the day before the month, and the 24-hour clock. */
import type { Day } from '#kernel/day.ts'

const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language)

const kept = new Map<string, Intl.DateTimeFormat>()

/** Creating a formatter takes longer than using it a hundred times. */
function formatOf(language: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([language, timeZone, options])
  let format = kept.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone })
    kept.set(key, format)
  }
  return format
}

/** A day of the calendar: 1 January 2026, 2026年1月1日. */
export const formatDay = (day: Day, language: string): string =>
  formatOf(language, 'UTC', { dateStyle: 'long' }).format(new Date(`${day}T00:00:00Z`))

/** An instant in local time: 1 Jan 2026, 14:05. */
export const formatInstant = (at: Date, language: string, timeZone: string): string =>
  formatOf(language, timeZone, { dateStyle: 'medium', timeStyle: 'short' }).format(at)

/** A recent instant: Thursday 1 January. */
export const formatWeekday = (at: Date, language: string, timeZone: string): string =>
  formatOf(language, timeZone, { weekday: 'long', day: 'numeric', month: 'long' }).format(at)

/** The instant of a database timestamp ('2026-11-22 22:48:00.1+00'). */
export const instantOf = (text: string): Date => new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))

/** Milliseconds by which a zone is ahead of UTC at an instant. */
function offsetAt(at: number, timeZone: string): number {
  const format = formatOf('en-US', timeZone, {
    ...{ hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const parts = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, Number(value)]))
  return (
    Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!) -
    Math.floor(at / 1000) * 1000
  )
}

/** The instant at which a day begins in a time zone (IANA). If clocks skip midnight, the first instant of that day. */
export function startOfDay(day: Day, timeZone: string): string {
  const wall = Date.parse(`${day}T00:00:00Z`)
  const first = wall - offsetAt(wall, timeZone)
  const found = wall - offsetAt(first, timeZone)
  return new Date(Math.max(first, found)).toISOString()
}
