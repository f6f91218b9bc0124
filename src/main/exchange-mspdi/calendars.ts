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
import { child, children, ElementFields, type ReportProblem } from './fields.ts'
import { occurrencesOf } from './recurrence.ts'

/** Microsoft Project's standard calendar, for days that a calendar says nothing about. */
export const standardWeek = fiveDays([
  [480, 720],
  [780, 1020],
])

/** A day in each of 300 years, five hundred times over. */
const maxExceptions = 150_000

/** Finds the calendars by their number; each is read once, and a loop of base calendars is reported and broken. */
export function calendarFinder(root: XmlElement, report: ReportProblem): (uid: number) => WorkCalendar | null {
  const elements = new Map<number, XmlElement>()
  for (const element of children(child(root, 'Calendars'), 'Calendar')) {
    const uid = new ElementFields(element, report).number('UID')
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
        report({ code: 'calendar-loop', severity: 'stop', line: element.line, activity: null, values: { uid: at } })
        break
      }
      known.set(at, 'open')
      chain.push(at)
      const base: number | null = new ElementFields(element, report).number('BaseCalendarUID')
      at = base !== null && base >= 0 && base !== at ? base : null
    }
    for (const each of chain.reverse()) {
      const element = elements.get(each)!
      const base = new ElementFields(element, report).number('BaseCalendarUID')
      const found = base === null ? undefined : known.get(base)
      known.set(each, readCalendar(element, found && found !== 'open' ? found : null, report))
    }
    const found = known.get(uid)
    return found && found !== 'open' ? found : null
  }
  return find
}

function readCalendar(element: XmlElement, base: WorkCalendar | null, report: ReportProblem): WorkCalendar {
  const own = weekOf(child(element, 'WeekDays'), report)
  const week = (base?.week ?? standardWeek).map((shifts, weekday) => own.days.get(weekday) ?? shifts)
  const exceptions: DayRange[] = [...(base?.exceptions ?? [])]
  // The calendar's own weekdays apply only where the base calendar has no exception for the day.
  for (const workWeek of children(child(element, 'WorkWeeks'), 'WorkWeek')) {
    const range = rangeOf(workWeek, report)
    const days = weekOf(child(workWeek, 'WeekDays'), report).days
    if (range && days.size > 0)
      exceptions.push({ ...range, shifts: { week: week.map((shifts, weekday) => days.get(weekday) ?? shifts) } })
  }
  exceptions.push(...own.dates)
  for (const exception of children(child(element, 'Exceptions'), 'Exception')) {
    const range = rangeOf(exception, report)
    if (!range) continue
    const fields = new ElementFields(exception, report)
    const number = (name: string) => fields.number(name) ?? 0
    const shifts = fields.flag('DayWorking') ? shiftsOf(exception, report) : []
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
      report({ code: 'too-many-calendars', severity: 'stop', line: exception.line, activity: null })
      break
    }
  }
  return exceptions.length > 0 ? { week, exceptions } : { week }
}

/** Days of the week by their number (0 Sunday), and the dates that older files store with them as day type 0. */
function weekOf(
  element: XmlElement | undefined,
  report: ReportProblem,
): { days: Map<number, readonly Shift[]>; dates: DayRange[] } {
  const days = new Map<number, readonly Shift[]>()
  const dates: DayRange[] = []
  for (const day of children(element, 'WeekDay')) {
    const fields = new ElementFields(day, report)
    const type = fields.number('DayType')
    const working = fields.flag('DayWorking')
    const shifts = working ? shiftsOf(day, report) : []
    if (type !== null && type >= 1 && type <= 7)
      days.set(type - 1, working && shifts.length === 0 ? standardWeek[type - 1]! : shifts)
    else if (type === 0) {
      const range = rangeOf(day, report)
      if (range) dates.push({ ...range, shifts })
    }
  }
  return { days, dates }
}

/** Days of a `TimePeriod`, cut to the years a plan may have. */
function rangeOf(element: XmlElement, report: ReportProblem): { from: number; to: number } | null {
  const period = child(element, 'TimePeriod')
  if (!period) return null
  const fields = new ElementFields(period, report)
  const [from, to] = [fields.anyInstant('FromDate'), fields.anyInstant('ToDate')]
  if (from === null || to === null) return null
  const first = Math.floor(from / minutesPerDay)
  // A period that ends at midnight ends on the day before, unless it would then be empty.
  const last = Math.max(first, Math.ceil(to / minutesPerDay) - 1)
  if (to < from) {
    report({ code: 'period-backwards', severity: 'warn', line: period.line, activity: null })
    return null
  }
  const cut = { from: Math.max(first, firstListedDay), to: Math.min(last, lastListedDay) }
  return cut.from <= cut.to ? cut : null
}

function shiftsOf(element: XmlElement, report: ReportProblem): Shift[] {
  const shifts: Shift[] = []
  for (const time of children(child(element, 'WorkingTimes'), 'WorkingTime')) {
    const fields = new ElementFields(time, report)
    const [from, to] = [minuteOf(fields.text('FromTime')), minuteOf(fields.text('ToTime'))]
    if (from === null && to === null) continue
    const end = to === 0 ? minutesPerDay : to
    if (from === null || end === null || end < from)
      report({
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
