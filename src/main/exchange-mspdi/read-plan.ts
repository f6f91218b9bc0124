/**
 * A plan from an MSPDI document (Microsoft Project's XML, schema `http://schemas.microsoft.com/project`). Only what a
 * schedule needs is interpreted; the document keeps the rest. Lags are tenths of minutes, or per cent if the format
 * says so.
 */
import {
  CalendarProblem,
  type CompiledCalendar,
  compileCalendar,
  listedDays,
  maxListedDays,
  onGrid,
  type WorkCalendar,
  workBetween,
} from '#analysis/calendar/calendar.ts'
import { combineCalendars } from '#analysis/calendar/combine.ts'
import type { Demand, FileProblem, NamedActivity, NamedResource, ReadPlan } from '#analysis/schedule/named-plan.ts'
import { type Activity, type Constraint, elapsed, type Link, type LinkType } from '#analysis/schedule/plan.ts'
import type { XmlElement } from '#platform/xml/index.ts'
import { calendarFinder, standardWeek } from './calendars.ts'
import { child, children, ElementFields, isElapsed, isPercent, localName, type ReportProblem } from './fields.ts'
import { gapsOf } from './splits.ts'

/** Problems beyond these are counted, not listed. */
const maxProblems = 1000

/** Reads the plan of a document; `read` is null if a problem prevents it. */
export function readMspdi(root: XmlElement): ReadPlan {
  try {
    return readProject(root)
  } catch (error) {
    if (!(error instanceof CalendarProblem)) throw error
    const values = { reason: error.message }
    return {
      read: null,
      problems: [{ code: 'unusable-calendar', severity: 'stop', line: root.line, activity: null, values }],
    }
  }
}

function readProject(root: XmlElement): ReadPlan {
  const problems: FileProblem[] = []
  let stopped = false
  const report: ReportProblem = (problem) => {
    stopped ||= problem.severity === 'stop'
    if (problems.length < maxProblems) problems.push(problem)
  }
  const stop = (code: string, line: number | null = root.line): ReadPlan => {
    problems.push({ code, severity: 'stop', line, activity: null })
    return { read: null, problems }
  }
  if (localName(root.name) !== 'Project') return stop('not-a-project')
  const project = new ElementFields(root, report)
  const tasks = children(child(root, 'Tasks'), 'Task').filter((task) => child(task, 'IsNull')?.text.trim() !== '1')
  if (tasks.length === 0) return stop('no-tasks')
  const calendars = new PlanCalendars(root, project.number('CalendarUID'), report)
  const staff = readStaff(root, report)
  const rows = readRows(tasks, report)
  const activities = rows.map((row) => readActivity(row, calendars, staff, report))
  const links = readLinks(rows, report)
  const start = project.instant('StartDate') ?? earliestStart(rows)
  if (start === null) return stop('no-start')
  if (stopped) return { read: null, problems }
  const fromFinish = project.text('ScheduleFromStart') === '0'
  const minutesPerDay = project.number('MinutesPerDay') || 480
  const criticalFloat = (project.number('CriticalSlackLimit') ?? 0) * minutesPerDay
  const finish = fromFinish ? (project.instant('FinishDate') ?? undefined) : undefined
  return {
    problems,
    read: {
      plan: { calendars: calendars.all, calendar: 0, start, finish, activities, links, criticalFloat },
      named: rows.map(({ named }) => named),
      resources: staff.resources,
      demands: demandsOf(rows, staff),
      minutesPerDay,
      statusAt: project.instant('StatusDate') ?? null,
      baselines: rows.map(({ element }) => baselineOf(element, report)),
    },
  }
}

const earliestStart = (rows: readonly Row[]): number | null =>
  rows.reduce<number | null>((first, { fields }) => {
    const start = fields.instant('Start')
    return start === null || (first !== null && first <= start) ? first : start
  }, null)

type Row = {
  readonly element: XmlElement
  readonly fields: ElementFields
  readonly uid: number
  readonly named: NamedActivity
  /** Its name in error messages. */
  readonly known: string
  readonly parent: number | undefined
  isSummary: boolean
}

function readRows(tasks: readonly XmlElement[], report: ReportProblem): Row[] {
  const rows: Row[] = []
  const above: { place: number; level: number }[] = []
  const seen = new Set<number>()
  for (const [place, element] of tasks.entries()) {
    const digits = child(element, 'UID')?.text.trim() ?? ''
    const uid = /^\d{1,10}$/.test(digits) ? Number(digits) : -1
    const name = child(element, 'Name')?.text.trim() ?? ''
    const known = `${uid}${name === '' ? '' : ` ${name}`}`
    const fields = new ElementFields(element, report, known)
    if (uid < 0 || seen.has(uid))
      report({ code: uid < 0 ? 'uid-missing' : 'uid-twice', severity: 'stop', line: element.line, activity: known })
    seen.add(uid)
    const level = uid === 0 ? 0 : (fields.number('OutlineLevel') ?? 1)
    while (above.length > 0 && above.at(-1)!.level >= level) above.pop()
    const parent = above.at(-1)?.place
    if (parent !== undefined) rows[parent]!.isSummary = true
    above.push({ place, level })
    const named = { uid, name, line: element.line }
    rows.push({ element, fields, uid, named, known, parent, isSummary: false })
  }
  return rows
}

const constraintOf = (fields: ElementFields): Constraint | undefined => {
  const at = fields.instant('ConstraintDate')
  const type = fields.number('ConstraintType')
  if (type === 0) return { kind: 'as-soon-as-possible' }
  if (type === 1) return { kind: 'as-late-as-possible' }
  const kind = dated[type ?? -1]
  return kind && at !== null ? { kind, at } : undefined
}

const dated = {
  2: 'must-start',
  3: 'must-finish',
  4: 'start-no-earlier',
  5: 'start-no-later',
  6: 'finish-no-earlier',
  7: 'finish-no-later',
} as Record<number, Exclude<Constraint, { kind: 'as-soon-as-possible' | 'as-late-as-possible' }>['kind']>

function readActivity(row: Row, calendars: PlanCalendars, staff: Staff, report: ReportProblem): Activity {
  const { fields, uid } = row
  const constraint = constraintOf(fields)
  const own = {
    parent: row.parent,
    constraint,
    deadline: fields.instant('Deadline') ?? undefined,
    inactive: fields.text('Active') === '0' || undefined,
  }
  if (row.isSummary) return { ...own, duration: 0, calendar: 0 }
  const [start, finish] = [fields.instant('Start'), fields.instant('Finish')]
  const inTime = isElapsed(fields.number('DurationFormat'))
  const calendar = inTime ? elapsed : calendars.ofTask(fields, staff.ofTask.get(uid) ?? [])
  const compiled = calendar === elapsed ? null : calendars.compiled(calendar)
  const between =
    start === null || finish === null ? 0 : compiled ? workBetween(compiled, start, finish) : finish - start
  const duration = fields.duration('Duration') ?? between
  if (start !== null && finish !== null && finish < start)
    report({ code: 'finish-before-start', severity: 'stop', line: row.element.line, activity: row.known })
  const byHand = fields.flag('Manual') || fields.flag('ExternalTask') || fields.flag('IsSubproject')
  const [actualStart, actualFinish] = [fields.instant('ActualStart'), fields.instant('ActualFinish')]
  const gaps =
    compiled && start !== null && finish !== null && !byHand
      ? gapsOf(staff.assignmentsOf.get(uid) ?? [], compiled, { start, finish, duration }, report)
      : []
  const delay = fields.number('LevelingDelay') ?? 0
  return {
    ...own,
    duration,
    calendar,
    gaps: gaps.length > 0 ? gaps : undefined,
    delay: delay > 0 ? delay / 10 : undefined,
    actualStart: actualStart ?? undefined,
    actualFinish: actualStart === null ? undefined : (actualFinish ?? undefined),
    done: actualStart === null ? undefined : (fields.duration('ActualDuration') ?? 0),
    resume: actualStart === null ? undefined : (fields.instant('Resume') ?? undefined),
    fixed: byHand && start !== null && finish !== null && finish >= start ? { start, finish } : undefined,
  }
}

const linkTypes: readonly LinkType[] = ['FF', 'FS', 'SF', 'SS']

function readLinks(rows: readonly Row[], report: ReportProblem): Link[] {
  const places = new Map(rows.map(({ uid }, place) => [uid, place]))
  const links: Link[] = []
  for (const [to, row] of rows.entries())
    for (const element of children(row.element, 'PredecessorLink')) {
      const fields = new ElementFields(element, report, row.known)
      const uid = fields.number('PredecessorUID')
      const at = { line: element.line, activity: row.known }
      if (fields.flag('CrossProject')) {
        report({ code: 'link-to-other-project', severity: 'warn', ...at })
        continue
      }
      const from = uid === null ? undefined : places.get(uid)
      if (from === undefined) {
        report({ code: 'predecessor-missing', severity: 'stop', ...at, values: { predecessor: uid ?? '' } })
        continue
      }
      const format = fields.number('LagFormat')
      const lag = fields.number('LinkLag') ?? 0
      const percent = isPercent(format)
      const lagUnit = isElapsed(format) ? (percent ? 'elapsed-percent' : 'elapsed') : percent ? 'percent' : 'working'
      const type = linkTypes[fields.number('Type') ?? 1]
      if (!type) report({ code: 'bad-link-type', severity: 'stop', ...at, values: { text: fields.text('Type') ?? '' } })
      links.push({ from, to, type: type ?? 'FS', lag: percent ? lag : onGrid(lag / 10), lagUnit })
    }
  return links
}

type Staff = {
  readonly resources: NamedResource[]
  /** People (and machines) by task, with their calendars. */
  readonly ofTask: Map<number, { resource: number; units: number; calendar: number | null }[]>
  readonly assignmentsOf: Map<number, XmlElement[]>
}

function readStaff(root: XmlElement, report: ReportProblem): Staff {
  const resources: NamedResource[] = []
  const known = new Map<number, { place: number; calendar: number | null }>()
  for (const element of children(child(root, 'Resources'), 'Resource')) {
    const fields = new ElementFields(element, report)
    const uid = fields.number('UID')
    // Type 1 is work; material and cost do not move dates. Resource 0 stands for "nobody".
    if (uid === null || uid <= 0 || fields.number('Type') !== 1 || fields.flag('IsNull')) continue
    known.set(uid, { place: resources.length, calendar: fields.number('CalendarUID') })
    resources.push({ uid, name: fields.text('Name') ?? '', capacity: fields.number('MaxUnits') ?? 1 })
  }
  const ofTask: Staff['ofTask'] = new Map()
  const assignmentsOf: Staff['assignmentsOf'] = new Map()
  for (const element of children(child(root, 'Assignments'), 'Assignment')) {
    const fields = new ElementFields(element, report)
    const task = fields.number('TaskUID')
    if (task === null) continue
    const all = assignmentsOf.get(task)
    if (all) all.push(element)
    else assignmentsOf.set(task, [element])
    const resource = known.get(fields.number('ResourceUID') ?? -1)
    const units = fields.number('Units') ?? 1
    if (!resource || !(units > 0)) continue
    const people = ofTask.get(task) ?? []
    people.push({ resource: resource.place, units, calendar: resource.calendar })
    ofTask.set(task, people)
  }
  return { resources, ofTask, assignmentsOf }
}

const demandsOf = (rows: readonly Row[], staff: Staff): Demand[] =>
  rows.flatMap(({ uid, isSummary }, activity) =>
    isSummary ? [] : (staff.ofTask.get(uid) ?? []).map(({ resource, units }) => ({ activity, resource, units })),
  )

function baselineOf(task: XmlElement, report: ReportProblem) {
  for (const element of children(task, 'Baseline')) {
    const fields = new ElementFields(element, report)
    if ((fields.number('Number') ?? 0) !== 0) continue
    const [start, finish] = [fields.instant('Start'), fields.instant('Finish')]
    if (start !== null && finish !== null) return { start, finish, duration: fields.duration('Duration') ?? 0 }
  }
  return null
}

/** The calendars in use, each once; the plan's own comes first. */
class PlanCalendars {
  readonly all: WorkCalendar[] = []
  readonly #find: (uid: number) => WorkCalendar | null
  readonly #places = new Map<string, number>()
  readonly #compiled: CompiledCalendar[] = []
  readonly #report: ReportProblem
  readonly #texts = new Map<WorkCalendar, string>()
  #days = 0

  constructor(root: XmlElement, uid: number | null, report: ReportProblem) {
    this.#find = calendarFinder(root, report)
    this.#report = report
    const own = uid === null || uid < 0 ? null : this.#find(uid)
    if (uid !== null && uid >= 0 && !own)
      report({ code: 'calendar-missing', severity: 'warn', line: root.line, activity: null, values: { uid } })
    this.#place(own ?? { week: standardWeek })
  }

  compiled(place: number): CompiledCalendar {
    this.#compiled[place] ??= compileCalendar(this.all[place]!)
    return this.#compiled[place]!
  }

  /**
   * Its own calendar; with people, the hours any of them works (limited by its own, unless theirs are to be ignored);
   * else the plan's.
   */
  ofTask(fields: ElementFields, people: readonly { calendar: number | null }[]): number {
    const uid = fields.number('CalendarUID')
    const own = uid === null || uid < 0 ? null : uid
    if (own !== null && !this.#find(own))
      this.#report({
        code: 'calendar-missing',
        severity: 'warn',
        line: fields.element.line,
        activity: null,
        values: { uid: own },
      })
    // Fixed duration (type 1): people do not change when it is worked.
    const ignored = fields.number('Type') === 1 || (own !== null && fields.flag('IgnoreResourceCalendar'))
    const theirs = ignored ? [] : [...new Set(people.map(({ calendar }) => calendar ?? -1))].sort((a, b) => a - b)
    const key = `${own ?? ''}/${theirs.join(',')}`
    const known = this.#places.get(key)
    if (known !== undefined) return known
    // Most people work the same hours; joining a calendar with itself would create a new one, and cost conversions.
    const different = new Map(
      theirs.map((each) => this.#find(each) ?? this.all[0]!).map((each) => [this.#textOf(each), each]),
    )
    const calendars = [...different.values()]
    const team = calendars.length > 0 ? combineCalendars(calendars, 'any') : null
    const task = own === null ? null : this.#find(own)
    const place = this.#place(task && team ? combineCalendars([task, team], 'all') : (task ?? team ?? this.all[0]!))
    this.#places.set(key, place)
    return place
  }

  #textOf(calendar: WorkCalendar): string {
    const known = this.#texts.get(calendar)
    if (known !== undefined) return known
    const text = JSON.stringify(calendar)
    this.#texts.set(calendar, text)
    return text
  }

  #place(calendar: WorkCalendar): number {
    const key = this.#textOf(calendar)
    const known = this.#places.get(key)
    if (known !== undefined) return known
    this.#days += listedDays(calendar)
    if (this.#days > maxListedDays) {
      this.#report({ code: 'too-many-calendars', severity: 'stop', line: null, activity: null })
      return 0
    }
    const place = this.all.push(calendar) - 1
    this.#places.set(key, place)
    return place
  }
}
