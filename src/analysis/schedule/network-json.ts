/**
 * Our own small network format, as parsed JSON; days are working days of eight hours, 08:00–12:00 and 13:00–17:00, Monday to Friday,
 * unless `calendar` says otherwise. `docs/reference/plan-network.md` describes it for people.
 */
import {
  type CompiledCalendar,
  compileCalendar,
  type DayRange,
  lastListedDay,
  minutesPerDay,
  nextStart,
  previousFinish,
  type Shift,
  type WorkCalendar,
} from '../calendar/calendar.ts'
import { parseLocalTime } from '../calendar/local-time.ts'
import { plannedValue, readDistribution } from '../simulation/read-distribution.ts'
import type { FileProblem, ReadPlan } from './named-plan.ts'
import { readResources } from './network-resources.ts'
import { type Activity, type Constraint, elapsed, type Link, type LinkType } from './plan.ts'
import { firstInstant, lastInstant } from './plan-check.ts'

/** Minutes of a day in the network. */
export const networkDay = 480

/** Public holidays of a country, as days since 1970-01-01; null where the country or region is not known. */
export type HolidaysOf = (country: string, region: string | null, from: number, to: number) => readonly number[] | null

export type NetworkOptions = { readonly holidaysOf?: HolidaysOf }

const maxProblems = 1000

/** Reads a network; every problem names the activity and a JSON Pointer. */
export function readNetworkJson(value: unknown, options: NetworkOptions = {}): ReadPlan {
  const reader = new NetworkReader(options)
  const read = reader.read(value)
  return { read: reader.stopped ? null : read, problems: reader.problems }
}

type Asked = {
  readonly activity?: string
  readonly needed?: boolean
  readonly ends?: boolean
  readonly begins?: boolean
}

type Keyed = Readonly<Record<string, unknown>>
const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null && !Array.isArray(value)

class NetworkReader {
  readonly problems: FileProblem[] = []
  stopped = false
  readonly #options: NetworkOptions
  #compiled: CompiledCalendar | null = null

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  read(value: unknown): ReadPlan['read'] {
    if (!isKeyed(value) || !Array.isArray(value.activities)) {
      this.report('not-a-network', '')
      return null
    }
    this.#unknown(value, '', [
      'name',
      'start',
      'status',
      'calendar',
      'activities',
      'resources',
      // `../simulation/network-uncertainty.ts` reads more of these.
      ...['costPerDay', 'risks', 'correlations'],
    ])
    const start = this.instant(value.start, '/start', { needed: true })
    const entries = value.activities.map((each: unknown, index) => new ActivityEntry(this, each, index))
    if (entries.length === 0) this.report('no-tasks', '/activities')
    const places = new Map<string, number>()
    for (const entry of entries) {
      if (entry.id !== '' && places.has(entry.id)) this.report('uid-twice', entry.at, entry.known)
      else places.set(entry.id, entry.index)
    }
    const calendar = this.#calendar(value.calendar, start ?? 0)
    if (!this.stopped) this.#compiled = compileCalendar(calendar)
    const status = this.instant(value.status, '/status', { ends: true })
    return {
      plan: {
        calendars: [calendar],
        calendar: 0,
        start: start ?? 0,
        activities: entries.map((entry) => entry.activity(places)),
        links: entries.flatMap((entry) => entry.links(places)),
        statusAt: status ?? undefined,
      },
      named: entries.map(({ id, name }) => ({ uid: id, name, line: null })),
      ...readResources(value.resources, entries, (...problem) => this.report(...problem)),
      minutesPerDay: networkDay,
      statusAt: status,
      baselines: entries.map(() => null),
    }
  }

  report(
    code: string,
    at: string,
    activity: string | null | undefined = null,
    values: FileProblem['values'] = {},
  ): void {
    this.stopped = true
    this.#keep({ code, severity: 'stop', line: null, at, activity: activity ?? null, values })
  }

  #keep(problem: FileProblem): void {
    if (this.problems.length < maxProblems) this.problems.push(problem)
  }

  #unknown(value: Keyed, at: string, known: readonly string[], activity: string | null = null): void {
    for (const key of Object.keys(value))
      if (!known.includes(key))
        this.#keep({
          code: 'unknown-key',
          severity: 'warn',
          line: null,
          at: `${at}/${pointer(key)}`,
          activity,
          values: { key: key.slice(0, 40) },
        })
  }

  unknown(value: Keyed, at: string, known: readonly string[], activity: string | null): void {
    this.#unknown(value, at, known, activity)
  }

  /** A day without a time means its beginning or, for an end, when work ends on it. */
  instant(value: unknown, at: string, asked: Asked = {}): number | null {
    if (value === undefined || value === null) {
      if (asked.needed) this.report('no-start', at)
      return null
    }
    const instant = typeof value === 'string' ? parseLocalTime(value) : null
    const reported = { field: at.slice(at.lastIndexOf('/') + 1), text: valueText(value).slice(0, 40) }
    if (instant === null) this.report('bad-date', at, asked.activity, reported)
    else if (instant < firstInstant || instant > lastInstant)
      this.report('date-out-of-years', at, asked.activity, reported)
    if (instant === null || (value as string).length > 10 || (!asked.ends && !asked.begins) || !this.#compiled)
      return instant
    const end = instant + minutesPerDay
    const moved = asked.ends ? previousFinish(this.#compiled, end) : nextStart(this.#compiled, instant)
    // On a day without work, the day itself.
    return moved >= instant && moved <= end ? moved : asked.ends ? end : instant
  }

  #calendar(value: unknown, start: number): WorkCalendar {
    const given = isKeyed(value) ? value : {}
    if (value !== undefined && !isKeyed(value)) this.report('bad-calendar', '/calendar')
    this.#unknown(given, '/calendar', ['hours', 'days', 'holidays', 'country', 'region'])
    const hours = Array.isArray(given.hours) ? given.hours : ['08:00-12:00', '13:00-17:00']
    const shifts = hours.flatMap((each: unknown, index): Shift[] => {
      const found = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/.exec(valueText(each))
      const [from, to] = found
        ? [Number(found[1]) * 60 + Number(found[2]), Number(found[3]) * 60 + Number(found[4])]
        : [1, 0]
      if (from < to && to <= minutesPerDay) return [[from, to]]
      this.report('bad-hours', `/calendar/hours/${index}`, null, { text: valueText(each).slice(0, 40) })
      return []
    })
    const days = Array.isArray(given.days) ? given.days : [1, 2, 3, 4, 5]
    for (const [index, day] of days.entries())
      if (!Number.isInteger(day) || day < 1 || day > 7)
        this.report('bad-weekday', `/calendar/days/${index}`, null, { text: valueText(day).slice(0, 40) })
    const week = Array.from({ length: 7 }, (_each, weekday) =>
      days.includes(weekday === 0 ? 7 : weekday) ? shifts : [],
    )
    return { week, exceptions: this.#holidays(given, start) }
  }

  #holidays(given: Keyed, start: number): DayRange[] {
    const ranges: DayRange[] = []
    const listed = Array.isArray(given.holidays) ? given.holidays : []
    for (const [index, each] of listed.entries()) {
      const [first, last = first] = valueText(each).split('/') as [string, string?]
      const [from, to] = [parseLocalTime(first), parseLocalTime(last)]
      if (from === null || to === null || to < from || from < firstInstant || to >= lastInstant)
        this.report('bad-holiday', `/calendar/holidays/${index}`, null, { text: valueText(each).slice(0, 40) })
      else ranges.push({ from: Math.floor(from / minutesPerDay), to: Math.floor(to / minutesPerDay), shifts: [] })
    }
    if (typeof given.country === 'string' && this.#options.holidaysOf) {
      const region = typeof given.region === 'string' ? given.region : null
      const found = this.#options.holidaysOf(given.country, region, Math.floor(start / minutesPerDay), lastListedDay)
      if (found) for (const day of found) ranges.push({ from: day, to: day, shifts: [] })
      else this.report('no-such-country', '/calendar/country', null, { country: given.country, region: region ?? '' })
    }
    return ranges
  }
}

/** A value as text for a message; an object's own `toString` may not be a function. */
export const valueText = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (Array.isArray(value) ? '[…]' : '{…}') : String(value)

const pointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

const kinds = new Set<string>([
  ...['as-soon-as-possible', 'as-late-as-possible', 'start-no-earlier', 'start-no-later'],
  ...['finish-no-earlier', 'finish-no-later', 'must-start', 'must-finish'],
])

/** One activity of a network. */
class ActivityEntry {
  readonly #reader: NetworkReader
  readonly #value: Keyed
  readonly index: number
  readonly id: string
  readonly name: string
  readonly at: string
  readonly known: string
  readonly needs: unknown

  constructor(reader: NetworkReader, value: unknown, index: number) {
    this.#reader = reader
    this.#value = isKeyed(value) ? value : {}
    this.index = index
    this.at = `/activities/${index}`
    const { id, name, needs } = this.#value
    this.needs = needs
    this.id = typeof id === 'string' || typeof id === 'number' ? String(id) : ''
    this.name = typeof name === 'string' ? name : this.id
    this.known = this.name === this.id ? this.id : `${this.id} ${this.name}`
    if (this.id === '') reader.report('uid-missing', `${this.at}/id`)
  }

  activity(places: ReadonlyMap<string, number>): Activity {
    const { parent, constraint, deadline, actualStart, actualFinish, done, elapsed: inTime } = this.#value
    this.#reader.unknown(
      this.#value,
      this.at,
      [
        ...['id', 'name', 'duration', 'predecessors', 'parent', 'constraint', 'deadline', 'elapsed'],
        ...['actualStart', 'actualFinish', 'done', 'needs', 'cost', 'costPerDay'],
      ],
      this.known,
    )
    const instant = (value: unknown, key: string, ends: boolean) =>
      this.#reader.instant(value, `${this.at}/${key}`, { activity: this.known, ends, begins: !ends }) ?? undefined
    const above = parent === undefined ? undefined : places.get(valueText(parent))
    if (parent !== undefined && above === undefined)
      this.#reader.report('parent-missing', `${this.at}/parent`, this.known, { parent: valueText(parent).slice(0, 40) })
    const day = inTime === true ? minutesPerDay : networkDay
    return {
      duration: this.#duration() * day,
      calendar: inTime === true ? elapsed : 0,
      parent: above,
      constraint: this.#constraint(constraint),
      deadline: instant(deadline, 'deadline', true),
      actualStart: instant(actualStart, 'actualStart', false),
      actualFinish: instant(actualFinish, 'actualFinish', true),
      done: done === undefined ? undefined : this.#days(done, 'done') * day,
    }
  }

  /** Days; the likeliest of three estimates, the middle of other kinds of estimates. */
  #duration(): number {
    const { duration } = this.#value
    if (!isKeyed(duration)) return duration === undefined ? 0 : this.#days(duration, 'duration')
    if (duration.kind !== undefined) {
      const found = readDistribution(duration, networkDay)
      if ('kind' in found) return Math.max(0, Math.round(plannedValue(found))) / networkDay
      const at = found.at === '' ? 'duration' : `duration/${found.at}`
      const text = valueText(duration[found.at] ?? duration.kind).slice(0, 40)
      this.#reader.report(`quantity.${found.problem}`, `${this.at}/${at}`, this.known, {
        text,
        key: found.at.slice(0, 40),
      })
      return 0
    }
    const [min, mode, max] = ['min', 'mode', 'max'].map((key) => this.#days(duration[key], `duration/${key}`)) as [
      number,
      number,
      number,
    ]
    if (!(min <= mode && mode <= max))
      this.#reader.report('estimates-out-of-order', `${this.at}/duration`, this.known, { min, mode, max })
    return mode
  }

  #days(value: unknown, key: string): number {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
    this.#reader.report('bad-duration', `${this.at}/${key}`, this.known, {
      field: key,
      text: valueText(value).slice(0, 40),
    })
    return 0
  }

  #constraint(value: unknown): Constraint | undefined {
    if (value === undefined) return undefined
    const at = `${this.at}/constraint`
    const { kind, on } = isKeyed(value) ? value : {}
    if (typeof kind !== 'string' || !kinds.has(kind)) {
      this.#reader.report('bad-constraint', at, this.known, { text: valueText(kind).slice(0, 40) })
      return undefined
    }
    if (kind === 'as-soon-as-possible' || kind === 'as-late-as-possible') return { kind }
    const instant = this.#reader.instant(on ?? '', `${at}/on`, { activity: this.known, ends: kind.includes('finish') })
    return { kind: kind as 'must-start', at: instant ?? 0 }
  }

  links(places: ReadonlyMap<string, number>): Link[] {
    const { predecessors } = this.#value
    if (predecessors !== undefined && !Array.isArray(predecessors)) {
      this.#reader.report('bad-predecessors', `${this.at}/predecessors`, this.known)
      return []
    }
    return (predecessors ?? []).flatMap((each: unknown, index: number): Link[] => {
      const at = `${this.at}/predecessors/${index}`
      const { id, type = 'FS', lag = 0, lagUnit = 'working', ...others } = isKeyed(each) ? each : { id: each }
      this.#reader.unknown(others, at, [], this.known)
      const from = places.get(valueText(id))
      if (from === undefined) {
        this.#reader.report('predecessor-missing', at, this.known, { predecessor: valueText(id).slice(0, 40) })
        return []
      }
      if (type !== 'FS' && type !== 'SS' && type !== 'FF' && type !== 'SF') {
        this.#reader.report('bad-link-type', at, this.known, { text: valueText(type).slice(0, 40) })
        return []
      }
      if (
        typeof lag !== 'number' ||
        !Number.isFinite(lag) ||
        (lagUnit !== 'working' && lagUnit !== 'elapsed' && lagUnit !== 'percent')
      ) {
        this.#reader.report('bad-lag', at, this.known, { text: `${valueText(lag)} ${valueText(lagUnit)}`.slice(0, 40) })
        return []
      }
      const minutes = lagUnit === 'percent' ? lag : lag * (lagUnit === 'elapsed' ? minutesPerDay : networkDay)
      return [{ from, to: this.index, type: type as LinkType, lag: minutes, lagUnit }]
    })
  }
}
