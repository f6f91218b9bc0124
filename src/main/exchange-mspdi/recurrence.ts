/** Days on which an exception of a calendar falls (`Calendar/Exceptions/Exception`): a range, or a recurrence rule. */
import { weekdayOf } from '#analysis/calendar/calendar.ts'
import { dateOf, dayOf } from '#analysis/calendar/local-time.ts'

/**
 * As in MSPDI: months 0–11, positions 0–3 and 4 for the last, items 0 day, 1 weekday, 2 weekend day, 3 Sunday … 9
 * Saturday.
 */
export type Recurrence = {
  readonly type: number
  readonly from: number
  readonly to: number
  /** At most this many; 0 if the range alone decides. */
  readonly occurrences: number
  readonly period: number
  readonly daysOfWeek: number
  readonly monthItem: number
  readonly monthPosition: number
  readonly month: number
  readonly monthDay: number
}

/** Ranges of days (both ends inclusive), in order. Bounded by the days between `from` and `to`. */
export function occurrencesOf(rule: Recurrence): [from: number, to: number][] {
  const every = Math.max(1, Math.floor(rule.period) || 1)
  if (rule.from > rule.to) return []
  if (rule.type === 1 && every > 1) return take(rule, everyDays(rule, every))
  if (rule.type === 2 || rule.type === 3) return take(rule, yearly(rule))
  if (rule.type === 4 || rule.type === 5) return take(rule, monthly(rule, every))
  if (rule.type === 6) return take(rule, weekly(rule, every))
  return [[rule.from, rule.to]]
}

function take(rule: Recurrence, days: Iterable<number | null>): [number, number][] {
  const found: [number, number][] = []
  for (const day of days) {
    if (day === null || day < rule.from) continue
    if (day > rule.to || (rule.occurrences > 0 && found.length >= rule.occurrences)) break
    found.push([day, day])
  }
  return found
}

function* everyDays(rule: Recurrence, every: number): Generator<number> {
  for (let day = rule.from; day <= rule.to; day += every) yield day
}

function* weekly(rule: Recurrence, every: number): Generator<number> {
  const firstWeek = rule.from - weekdayOf(rule.from)
  for (let week = firstWeek; week <= rule.to; week += 7 * every)
    for (let weekday = 0; weekday < 7; weekday++) if (rule.daysOfWeek & (1 << weekday)) yield week + weekday
}

function* yearly(rule: Recurrence): Generator<number | null> {
  for (let year = dateOf(rule.from).year; year <= dateOf(rule.to).year; year++)
    yield dayInMonth(rule, year, rule.month + 1)
}

function* monthly(rule: Recurrence, every: number): Generator<number | null> {
  const { year, month } = dateOf(rule.from)
  const last = dateOf(rule.to)
  const months = (last.year - year) * 12 + last.month - month
  for (let step = 0; step <= months; step += every)
    yield dayInMonth(rule, year + Math.floor((month - 1 + step) / 12), ((month - 1 + step) % 12) + 1)
}

/** The day of a month that the rule means; null if that month has none (30 February). */
function dayInMonth(rule: Recurrence, year: number, month: number): number | null {
  const first = dayOf(year, month, 1)
  const length = dayOf(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - first
  if (rule.type === 2 || rule.type === 4)
    return rule.monthDay >= 1 && rule.monthDay <= length ? first + rule.monthDay - 1 : null
  const days = Array.from({ length }, (_each, index) => first + index).filter((day) => isItem(day, rule.monthItem))
  return (rule.monthPosition >= 4 ? days.at(-1) : days[rule.monthPosition]) ?? null
}

function isItem(day: number, item: number): boolean {
  const weekday = weekdayOf(day)
  if (item === 0) return true
  if (item === 1) return weekday >= 1 && weekday <= 5
  if (item === 2) return weekday === 0 || weekday === 6
  return weekday === item - 3
}
