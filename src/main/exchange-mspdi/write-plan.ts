/** Writes our dates into an MSPDI document, and creates documents for plans from elsewhere. */
import { minutesPerDay, type Shift, type WorkCalendar } from '#analysis/calendar/calendar.ts'
import { combineCalendars } from '#analysis/calendar/combine.ts'
import { localTime, parseLocalTime } from '#analysis/calendar/local-time.ts'
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import { type Activity, elapsed, type Link } from '#analysis/schedule/plan.ts'
import type { Dates, Schedule } from '#analysis/schedule/schedule.ts'
import type { XmlElement } from '#platform/xml/index.ts'
import { child, durationText, localName } from './fields.ts'

const element = (name: string, text: string | number, children: XmlElement[] = []): XmlElement => ({
  name,
  attributes: null,
  text: String(text),
  children,
  line: 0,
})
const group = (name: string, children: XmlElement[]): XmlElement => element(name, '', children)

/** What `withSchedule` writes, in the order in which the schema wants the fields of a task. */
const order = [
  ...['UID', 'ID', 'Name', 'Active', 'Manual', 'Type', 'IsNull', 'CreateDate', 'Contact', 'WBS', 'WBSLevel'],
  ...['OutlineNumber', 'OutlineLevel', 'Priority', 'Start', 'Finish', 'Duration', 'ManualStart', 'ManualFinish'],
  ...['ManualDuration', 'DurationFormat', 'Work', 'Stop', 'Resume', 'ResumeValid', 'EffortDriven', 'Recurring'],
  ...['OverAllocated', 'Estimated', 'Milestone', 'Summary', 'DisplayAsSummary', 'Critical', 'IsSubproject'],
  ...['IsSubprojectReadOnly', 'SubprojectName', 'ExternalTask', 'ExternalTaskProject', 'EarlyStart', 'EarlyFinish'],
  ...['LateStart', 'LateFinish', 'StartVariance', 'FinishVariance', 'WorkVariance', 'FreeSlack', 'TotalSlack'],
]
const rank = new Map(order.map((name, place) => [name, place]))

/** The document with the dates, floats and critical flags of a schedule; fields that already agree are left alone. */
export function withSchedule(root: XmlElement, read: NamedPlan, schedule: Schedule): XmlElement {
  const byUid = new Map(read.named.map(({ uid }, place) => [String(uid), place]))
  const prefix = root.name.slice(0, root.name.length - localName(root.name).length)
  return {
    ...root,
    children: root.children.map((part) => {
      if (localName(part.name) === 'FinishDate' && read.plan.finish === undefined)
        return same(part.text, schedule.finish) ? part : { ...part, text: localTime(schedule.finish) }
      if (localName(part.name) !== 'Tasks') return part
      const tasks = part.children.map((task) => {
        const place = byUid.get(child(task, 'UID')?.text.trim() ?? '')
        return place === undefined ? task : withDates(task, schedule.dates[place]!, prefix)
      })
      return { ...part, children: tasks }
    }),
  }
}

function withDates(task: XmlElement, dates: Dates, prefix: string): XmlElement {
  const instants = {
    Start: dates.start,
    Finish: dates.finish,
    EarlyStart: dates.start,
    EarlyFinish: dates.finish,
    LateStart: dates.lateStart,
    LateFinish: dates.lateFinish,
  }
  const texts: Record<string, string> = {
    FreeSlack: String(Math.round(dates.freeFloat * 10)),
    TotalSlack: String(Math.round(dates.totalFloat * 10)),
    Critical: dates.critical ? '1' : '0',
  }
  const children = [...task.children]
  const write = (name: string, text: string, isSame: (old: string) => boolean) => {
    const at = children.findIndex((each) => localName(each.name) === name)
    if (at >= 0) {
      if (!isSame(children[at]!.text.trim())) children[at] = { ...children[at]!, text }
      return
    }
    const before = children.findLastIndex((each) => (rank.get(localName(each.name)) ?? Infinity) < rank.get(name)!)
    children.splice(before + 1, 0, element(prefix + name, text))
  }
  for (const [name, instant] of Object.entries(instants)) write(name, localTime(instant), (old) => same(old, instant))
  for (const [name, text] of Object.entries(texts)) write(name, text, (old) => Number(old) === Number(text))
  return { ...task, children }
}

const same = (text: string, instant: number): boolean => {
  const before = parseLocalTime(text.trim())
  return before !== null && localTime(before) === localTime(instant)
}

/**
 * A new document for a plan; activities without a numeric name get a number, and the name is used as title if there is
 * none.
 */
export function mspdiOf(read: NamedPlan, title: string): XmlElement {
  const { plan } = read
  const uids = uidsOf(read)
  const whole = wholeOf(read) !== null && uids.includes(0)
  const into = new Map<number, Link[]>()
  for (const link of plan.links) {
    const links = into.get(link.to)
    if (links) links.push(link)
    else into.set(link.to, [link])
  }
  const isParent = new Set(plan.activities.map(({ parent }) => parent))
  const level = (at: number): number => {
    const { parent } = plan.activities[at]!
    return parent === undefined ? 0 : 1 + level(parent)
  }
  const root = group('Project', [
    element('SaveVersion', 14),
    element('Title', title),
    element('ScheduleFromStart', plan.finish === undefined ? 1 : 0),
    element('StartDate', localTime(plan.start)),
    ...(plan.finish === undefined ? [] : [element('FinishDate', localTime(plan.finish))]),
    element('CriticalSlackLimit', Math.round((plan.criticalFloat ?? 0) / read.minutesPerDay)),
    element('CalendarUID', plan.calendar + 1),
    element('MinutesPerDay', read.minutesPerDay),
    ...(read.statusAt === null ? [] : [element('StatusDate', localTime(read.statusAt))]),
    group('Calendars', plan.calendars.map(calendarElement)),
    group(
      'Tasks',
      inOutline(plan.activities).map((at, place) =>
        taskElement(read, at, place + 1, uids, into.get(at) ?? [], isParent.has(at), level(at) + (whole ? 0 : 1)),
      ),
    ),
    group(
      'Resources',
      read.resources.map(({ name, capacity }, place) =>
        group('Resource', [
          element('UID', place + 1),
          element('ID', place + 1),
          element('Name', name),
          element('Type', 1),
          element('MaxUnits', capacity),
        ]),
      ),
    ),
    group(
      'Assignments',
      read.demands.map(({ activity, resource, units }, place) =>
        group('Assignment', [
          element('UID', place + 1),
          element('TaskUID', uids[activity]!),
          element('ResourceUID', resource + 1),
          element('Units', units),
        ]),
      ),
    ),
  ])
  return { ...root, attributes: { xmlns: 'http://schemas.microsoft.com/project' } }
}

/** The activity that contains all others and has the number 0. */
function wholeOf({ plan, named }: Pick<NamedPlan, 'plan' | 'named'>): number | null {
  const tops = plan.activities.flatMap(({ parent }, at) => (parent === undefined ? [at] : []))
  return tops.length === 1 && named[tops[0]!]!.uid === 0 ? tops[0]! : null
}

function uidsOf({ plan, named }: NamedPlan): readonly number[] {
  const numbers = named.map(({ uid }) => uid)
  // 0 is the summary of the whole project, and nothing else.
  const isOwn = (uid: number | string) =>
    typeof uid === 'number' && Number.isInteger(uid) && (uid > 0 || (uid === 0 && wholeOf({ plan, named }) !== null))
  const usable = numbers.every(isOwn) && new Set(numbers).size === numbers.length
  return usable ? (numbers as number[]) : named.map((_each, place) => place + 1)
}

/** Summaries before their contents, in the order of the plan. */
function inOutline(activities: readonly Activity[]): number[] {
  const children = new Map<number | undefined, number[]>()
  for (const [at, { parent }] of activities.entries()) {
    const list = children.get(parent)
    if (list) list.push(at)
    else children.set(parent, [at])
  }
  const sequence: number[] = []
  const open = [...(children.get(undefined) ?? [])].reverse()
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    sequence.push(at)
    open.push(...[...(children.get(at) ?? [])].reverse())
  }
  return sequence
}

const constraintTypes = {
  'as-soon-as-possible': 0,
  'as-late-as-possible': 1,
  'must-start': 2,
  'must-finish': 3,
  'start-no-earlier': 4,
  'start-no-later': 5,
  'finish-no-earlier': 6,
  'finish-no-later': 7,
}

function taskElement(
  read: NamedPlan,
  at: number,
  id: number,
  uids: readonly number[],
  links: readonly Link[],
  isSummary: boolean,
  level: number,
): XmlElement {
  const activity = read.plan.activities[at]!
  const named = read.named[at]!
  const fields: XmlElement[] = []
  const add = (name: string, text: string | number | undefined) => {
    if (text !== undefined) fields.push(element(name, text))
  }
  const addInstant = (name: string, instant: number | undefined) =>
    add(name, instant === undefined ? undefined : localTime(instant))
  add('UID', uids[at])
  add('ID', id)
  add('Name', named.name === '' && typeof named.uid === 'string' ? named.uid : named.name)
  if (activity.inactive) add('Active', 0)
  if (activity.fixed) add('Manual', 1)
  add('Type', 0)
  add('OutlineLevel', level)
  addInstant('Start', activity.fixed?.start)
  addInstant('Finish', activity.fixed?.finish)
  add('Duration', durationText(activity.duration))
  add('DurationFormat', activity.calendar === elapsed ? 8 : 7)
  addInstant('Resume', activity.resume)
  add('Milestone', activity.duration === 0 && !isSummary ? 1 : 0)
  add('Summary', isSummary ? 1 : 0)
  add('ActualDuration', activity.done === undefined ? undefined : durationText(activity.done))
  addInstant('ActualStart', activity.actualStart)
  addInstant('ActualFinish', activity.actualFinish)
  add('ConstraintType', activity.constraint ? constraintTypes[activity.constraint.kind] : undefined)
  add(
    'CalendarUID',
    activity.calendar === elapsed || activity.calendar === read.plan.calendar ? -1 : activity.calendar + 1,
  )
  addInstant('ConstraintDate', activity.constraint && 'at' in activity.constraint ? activity.constraint.at : undefined)
  addInstant('Deadline', activity.deadline)
  add('LevelingDelay', activity.delay === undefined ? undefined : Math.round(activity.delay * 10))
  if (activity.calendar !== elapsed) add('IgnoreResourceCalendar', 1)
  for (const link of links) fields.push(linkElement(link, uids))
  const baseline = read.baselines[at]
  if (baseline)
    fields.push(
      group('Baseline', [
        element('Number', 0),
        element('Start', localTime(baseline.start)),
        element('Finish', localTime(baseline.finish)),
        element('Duration', durationText(baseline.duration)),
      ]),
    )
  return group('Task', fields)
}

const linkTypeNumbers = { FF: 0, FS: 1, SF: 2, SS: 3 }
const lagFormats = { working: 7, elapsed: 8, percent: 19, 'elapsed-percent': 20 }

function linkElement({ from, type, lag, lagUnit = 'working' }: Link, uids: readonly number[]): XmlElement {
  const percent = lagUnit === 'percent' || lagUnit === 'elapsed-percent'
  return group('PredecessorLink', [
    element('PredecessorUID', uids[from]!),
    element('Type', linkTypeNumbers[type]),
    element('CrossProject', 0),
    element('LinkLag', percent ? lag : Math.round(lag * 10)),
    element('LagFormat', lagFormats[lagUnit]),
  ])
}

function calendarElement(calendar: WorkCalendar, place: number): XmlElement {
  // In MSPDI weeks of a range take precedence over single days, whatever their order: if both exist, every day is
  // written.
  const mixed = calendar.exceptions?.some(({ shifts }) => 'week' in shifts)
  const { week, exceptions = [] } = mixed ? combineCalendars([calendar, calendar], 'any') : calendar
  return group('Calendar', [
    element('UID', place + 1),
    element('Name', place === 0 ? 'Standard' : `Calendar ${place + 1}`),
    element('IsBaseCalendar', 1),
    element('BaseCalendarUID', -1),
    group(
      'WeekDays',
      week.map((shifts, weekday) => group('WeekDay', [element('DayType', weekday + 1), ...workingElements(shifts)])),
    ),
    group(
      'Exceptions',
      exceptions.map(({ from, to, shifts }) =>
        group('Exception', [
          element('EnteredByOccurrences', 0),
          group('TimePeriod', [
            element('FromDate', localTime(from * minutesPerDay)),
            element('ToDate', localTime((to + 1) * minutesPerDay - 1)),
          ]),
          element('Occurrences', to - from + 1),
          element('Type', 1),
          ...workingElements(shifts as readonly Shift[]),
        ]),
      ),
    ),
  ])
}

function workingElements(shifts: readonly Shift[]): XmlElement[] {
  if (shifts.length === 0) return [element('DayWorking', 0)]
  const time = (minute: number) => localTime(minute % minutesPerDay).slice(11)
  const times = shifts.map(([from, to]) =>
    group('WorkingTime', [element('FromTime', time(from)), element('ToTime', time(to))]),
  )
  return [element('DayWorking', 1), group('WorkingTimes', times)]
}
