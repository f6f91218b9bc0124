/** Calendars of an MSPDI file, each with what it inherits from its base calendar. */
import {
  type DayRange,
  firstListedDay,
  fiveDays,
  lastListedDay,
  minutesPerDay,
  onGrid,
  type Shift,
  type WorkCalendar,
} from '#analysis/calendar/calendar.ts'
import type { XmlElement } from '#platform/xml/index.ts'
import { child, children, ElementFields, type Tell } from './fields.ts'
import { occurrencesOf } from './recurrence.ts'

/** Microsoft Project's standard calendar, for days that a calendar says nothing about. */
export const standardWeek = fiveDays([
  [480, 720],
  [780, 1020],
])

/** A day in each of 300 years, five hundred times over. */
const maxExceptions = 150_000

/** Finds the calendars by their number; each is read once, and a loop of base calendars is reported and broken. */
export function calendarFinder(root: XmlElement, tell: Tell): (uid: number) => WorkCalendar | null {
  const elements = new Map<number, XmlElement>()
  for (const element of children(child(root, 'Calendars'), 'Calendar')) {
    const uid = new ElementFields(element, tell).number('UID')
    if (uid !== null && !elements.has(uid)) elements.set(uid, element)
  }
  const known = new Map<number, WorkCalendar | 'open'>()
  const find = (uid: number): WorkCalendar | null => {
    const chain: number[] = []
    for (let at: number | null = uid; at !== null; ) {
      const element = elements.get(at)
      const before = known.get(at)
      if (!element || (before && before !== 'open')) break
      if (before === 'open') {
        tell({ code: 'calendar-loop', severity: 'stop', line: element.line, activity: null, values: { uid: at } })
        break
      }
      known.set(at, 'open')
      chain.push(at)
      const base: number | null = new ElementFields(element, tell).number('BaseCalendarUID')
      at = base !== null && base >= 0 && base !== at ? base : null
    }
    for (const each of chain.reverse()) {
      const element = elements.get(each)!
      const base = new ElementFields(element, tell).number('BaseCalendarUID')
      const found = base === null ? undefined : known.get(base)
      known.set(each, readCalendar(element, found && found !== 'open' ? found : null, tell))
    }
    const found = known.get(uid)
    return found && found !== 'open' ? found : null
  }
  return find
}

function readCalendar(element: XmlElement, base: WorkCalendar | null, tell: Tell): WorkCalendar {
  const own = weekOf(child(element, 'WeekDays'), tell)
  const week = (base?.week ?? standardWeek).map((shifts, weekday) => own.days.get(weekday) ?? shifts)
  const exceptions: DayRange[] = [...(base?.exceptions ?? [])]
  // The calendar's own weekdays apply only where the base calendar has no exception for the day.
  for (const workWeek of children(child(element, 'WorkWeeks'), 'WorkWeek')) {
    const range = rangeOf(workWeek, tell)
    const days = weekOf(child(workWeek, 'WeekDays'), tell).days
    if (range && days.size > 0)
      exceptions.push({ ...range, shifts: { week: week.map((shifts, weekday) => days.get(weekday) ?? shifts) } })
  }
  exceptions.push(...own.dates)
  for (const exception of children(child(element, 'Exceptions'), 'Exception')) {
    const range = rangeOf(exception, tell)
    if (!range) continue
    const fields = new ElementFields(exception, tell)
    const number = (name: string) => fields.number(name) ?? 0
    const shifts = fields.flag('DayWorking') ? shiftsOf(exception, tell) : []
    const days = occurrencesOf({
      ...range,
      type: number('Type'),
      occurrences: fields.flag('EnteredByOccurrences') ? number('Occurrences') : 0,
      period: number('Period'),
      daysOfWeek: number('DaysOfWeek'),
      monthItem: number('MonthItem'),
      monthPosition: number('MonthPosition'),
      month: number('Month'),
      monthDay: number('MonthDay'),
    })
    for (const [from, to] of days) exceptions.push({ from, to, shifts })
    if (exceptions.length > maxExceptions) {
      tell({ code: 'too-many-calendars', severity: 'stop', line: exception.line, activity: null })
      break
    }
  }
  return exceptions.length > 0 ? { week, exceptions } : { week }
}

/** Days of the week by their number (0 Sunday), and the dates that older files store with them as day type 0. */
function weekOf(
  element: XmlElement | undefined,
  tell: Tell,
): { days: Map<number, readonly Shift[]>; dates: DayRange[] } {
  const days = new Map<number, readonly Shift[]>()
  const dates: DayRange[] = []
  for (const day of children(element, 'WeekDay')) {
    const fields = new ElementFields(day, tell)
    const type = fields.number('DayType')
    const working = fields.flag('DayWorking')
    const shifts = working ? shiftsOf(day, tell) : []
    if (type !== null && type >= 1 && type <= 7)
      days.set(type - 1, working && shifts.length === 0 ? standardWeek[type - 1]! : shifts)
    else if (type === 0) {
      const range = rangeOf(day, tell)
      if (range) dates.push({ ...range, shifts })
    }
  }
  return { days, dates }
}

/** Days of a `TimePeriod`, cut to the years a plan may have. */
function rangeOf(element: XmlElement, tell: Tell): { from: number; to: number } | null {
  const period = child(element, 'TimePeriod')
  if (!period) return null
  const fields = new ElementFields(period, tell)
  const [from, to] = [fields.anyInstant('FromDate'), fields.anyInstant('ToDate')]
  if (from === null || to === null) return null
  const first = Math.floor(from / minutesPerDay)
  // A period that ends at midnight ends on the day before, unless it would then be empty.
  const last = Math.max(first, Math.ceil(to / minutesPerDay) - 1)
  if (to < from) {
    tell({ code: 'period-backwards', severity: 'warn', line: period.line, activity: null })
    return null
  }
  const cut = { from: Math.max(first, firstListedDay), to: Math.min(last, lastListedDay) }
  return cut.from <= cut.to ? cut : null
}

function shiftsOf(element: XmlElement, tell: Tell): Shift[] {
  const shifts: Shift[] = []
  for (const time of children(child(element, 'WorkingTimes'), 'WorkingTime')) {
    const fields = new ElementFields(time, tell)
    const [from, to] = [minuteOf(fields.text('FromTime')), minuteOf(fields.text('ToTime'))]
    if (from === null && to === null) continue
    const end = to === 0 ? minutesPerDay : to
    if (from === null || end === null || end < from)
      tell({
        code: 'bad-shift',
        severity: 'stop',
        line: time.line,
        activity: null,
        values: { from: fields.text('FromTime') ?? '', to: fields.text('ToTime') ?? '' },
      })
    else shifts.push([from, end])
  }
  return shifts
}

/** Minute of the day of `08:00:00`, or of an instant of which only the time counts. */
function minuteOf(text: string | null): number | null {
  const found = /(?:^|T)(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(text ?? '')
  if (!found) return null
  const minute = Number(found[1]) * 60 + Number(found[2]) + onGrid(Number(found[3] ?? 0) / 60)
  return minute <= minutesPerDay ? minute : null
}
