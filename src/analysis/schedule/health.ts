/**
 * The fourteen-point check of the US Defense Contract Management Agency on whether a schedule is credible (DCMA-14, 2005; thresholds as
 * usually published). Summaries, inactive and finished activities are not counted. What needs a status date or a baseline that the
 * plan does not have is "not known", never passed.
 */
import { workBetween } from '../calendar/calendar.ts'
import { forwardPass } from './forward.ts'
import type { NamedPlan } from './named-plan.ts'
import { compileNetwork } from './network.ts'
import { childrenOf } from './outline.ts'
import { finishOf, openPass } from './pass.ts'
import { type Activity, elapsed } from './plan.ts'
import type { Schedule } from './schedule.ts'

export type HealthPoint =
  | 'logic'
  | 'leads'
  | 'lags'
  | 'link-types'
  | 'hard-constraints'
  | 'high-float'
  | 'negative-float'
  | 'high-duration'
  | 'invalid-dates'
  | 'resources'
  | 'missed'
  | 'critical-path-test'
  | 'critical-path-index'
  | 'baseline-execution-index'

export type HealthResult = {
  readonly point: HealthPoint
  /** null: not known, or (`resources`) without a threshold. */
  readonly passed: boolean | null
  /** A share of what was counted (0–1), or an index; null if nothing can be said. */
  readonly value: number | null
  /** At most (at least for `link-types` and the indices) this. */
  readonly limit: number | null
  readonly found: number
  readonly of: number
  /** Places of the activities concerned. */
  readonly activities: readonly number[]
}

/** Float and duration above this many days (two months) are "high". */
const manyDays = 44

/** All fourteen points, in their order. */
export function scheduleHealth(read: NamedPlan, schedule: Schedule): readonly HealthResult[] {
  const { plan, minutesPerDay, statusAt, baselines } = read
  const { activities, links } = plan
  const { dates } = schedule
  const children = childrenOf(activities)
  const counted = activities.flatMap((activity, index) =>
    children[index]!.length === 0 && !activity.inactive ? [index] : [],
  )
  const open = counted.filter((index) => activities[index]!.actualFinish === undefined)
  const isOpen = new Set(open)
  const live = links.filter(({ to }) => isOpen.has(to) || (children[to]!.length > 0 && !activities[to]!.inactive))

  const share = (point: HealthPoint, found: readonly number[], of: number, limit: number | null): HealthResult => {
    const value = of === 0 ? null : found.length / of
    return {
      point,
      passed: limit === null ? null : value === null || value <= limit,
      value,
      limit,
      found: found.length,
      of,
      activities: found,
    }
  }
  const ofLinks = (
    point: HealthPoint,
    wrong: (link: (typeof live)[number]) => boolean,
    limit: number,
  ): HealthResult => {
    const found = live.filter(wrong)
    const concerned = [...new Set(found.map(({ to }) => to))]
    return {
      ...share(point, concerned, live.length, limit),
      found: found.length,
      ...judged(found.length, live.length, limit),
    }
  }
  const unknown = (point: HealthPoint, limit: number): HealthResult => ({
    point,
    passed: null,
    value: null,
    limit,
    found: 0,
    of: 0,
    activities: [],
  })

  const hasBefore = new Set(links.map(({ to }) => to))
  const hasAfter = new Set(links.map(({ from }) => from))
  const linkedAbove = (index: number, linked: ReadonlySet<number>): boolean => {
    for (let at: number | undefined = index; at !== undefined; at = activities[at]!.parent)
      if (linked.has(at)) return true
    return false
  }
  const days = (minutes: number, { calendar }: Activity) => minutes / (calendar === elapsed ? 1440 : minutesPerDay)
  const floatDays = (index: number) => dates[index]!.totalFloat / minutesPerDay
  const types = ofLinks('link-types', ({ type }) => type !== 'FS', 0.1)
  const due = statusAt === null ? [] : counted.filter((index) => (baselines[index]?.finish ?? Infinity) <= statusAt)
  const isDone = (index: number) => activities[index]!.actualFinish !== undefined
  const hasBaseline = baselines.some((baseline) => baseline !== null)
  const needed = open.filter((index) => activities[index]!.duration >= minutesPerDay)
  const assigned = new Set(read.demands.map(({ activity }) => activity))
  return [
    share(
      'logic',
      open.filter((index) => !linkedAbove(index, hasBefore) || !linkedAbove(index, hasAfter)),
      open.length,
      0.05,
    ),
    ofLinks('leads', ({ lag }) => lag < 0, 0),
    ofLinks('lags', ({ lag }) => lag > 0, 0.05),
    { ...types, value: types.value === null ? null : 1 - types.value, limit: 0.9 },
    share(
      'hard-constraints',
      open.filter((index) => hard.has(activities[index]!.constraint?.kind ?? '')),
      open.length,
      0.05,
    ),
    share(
      'high-float',
      open.filter((index) => floatDays(index) > manyDays),
      open.length,
      0.05,
    ),
    share(
      'negative-float',
      open.filter((index) => floatDays(index) < 0),
      open.length,
      0,
    ),
    share(
      'high-duration',
      open.filter((index) => days(activities[index]!.duration, activities[index]!) > manyDays),
      open.length,
      0.05,
    ),
    statusAt === null
      ? unknown('invalid-dates', 0)
      : share(
          'invalid-dates',
          counted.filter((index) => isInvalid(activities[index]!, dates[index]!, statusAt)),
          counted.length,
          0,
        ),
    share(
      'resources',
      needed.filter((index) => !assigned.has(index)),
      needed.length,
      null,
    ),
    statusAt === null || !hasBaseline
      ? unknown('missed', 0.05)
      : share(
          'missed',
          due.filter((index) => dates[index]!.finish > baselines[index]!.finish),
          due.length,
          0.05,
        ),
    criticalPathTest(read, schedule, open),
    criticalPathIndex(read, schedule, open),
    statusAt === null || due.length === 0
      ? unknown('baseline-execution-index', 0.95)
      : execution(due, counted.filter(isDone)),
  ]
}

const judged = (found: number, of: number, limit: number) => {
  const value = of === 0 ? null : found / of
  return { value, passed: value === null || value <= limit }
}

const hard = new Set(['must-start', 'must-finish', 'start-no-later', 'finish-no-later'])

/** Planned before the status date although not done, or done after it. */
const isInvalid = (activity: Activity, dates: { start: number; finish: number }, statusAt: number): boolean =>
  (activity.actualStart ?? -Infinity) > statusAt ||
  (activity.actualFinish ?? -Infinity) > statusAt ||
  (activity.actualFinish === undefined && dates.finish < statusAt) ||
  (activity.actualStart === undefined && dates.start < statusAt)

/** Whether a delay of 600 days in a critical activity delays the end of the plan by as much. */
function criticalPathTest(read: NamedPlan, schedule: Schedule, open: readonly number[]): HealthResult {
  const { plan, minutesPerDay } = read
  const delay = 600 * minutesPerDay
  const result = { point: 'critical-path-test' as const, limit: 1, of: 1 }
  const tried = open.find(
    (index) =>
      schedule.dates[index]!.critical && !plan.activities[index]!.fixed && plan.activities[index]!.duration > 0,
  )
  if (tried === undefined) return { ...result, passed: null, value: null, found: 0, of: 0, activities: [] }
  const network = compileNetwork(plan)
  if ('problem' in network) return { ...result, passed: null, value: null, found: 0, of: 0, activities: [] }
  const durations = network.durations.slice()
  const node = network.nodeOf[tried]!
  durations[node] = durations[node]! + delay
  const pass = openPass(network)
  forwardPass(network, durations, pass)
  // The activity that ended the plan must move with it; the delayed activity alone would end later in any case.
  const last = open.reduce((last, index) =>
    schedule.dates[index]!.finish > schedule.dates[last]!.finish ? index : last,
  )
  const finish = finishOf(network, pass, network.nodeOf[last]!)
  const moved = workBetween(network.calendars[network.calendar[node]!]!, schedule.dates[last]!.finish, finish)
  const value = moved / delay
  const passed = Math.abs(value - 1) < 0.02
  return { ...result, passed, value, found: passed ? 0 : 1, activities: [tried] }
}

/** (Length of the critical path + its float) ÷ length, in working time from the status date (or the start) to the finish. */
function criticalPathIndex(read: NamedPlan, schedule: Schedule, open: readonly number[]): HealthResult {
  const { plan, statusAt, baselines } = read
  const network = compileNetwork({ ...plan, activities: [], links: [] })
  const unknown = {
    point: 'critical-path-index' as const,
    passed: null,
    value: null,
    limit: 0.95,
    found: 0,
    of: 0,
    activities: [],
  }
  if ('problem' in network || open.length === 0) return unknown
  const calendar = network.calendars[network.planCalendar]!
  const from = Math.max(schedule.start, statusAt ?? schedule.start)
  const length = workBetween(calendar, from, schedule.finish)
  if (!(length > 0)) return unknown
  const promised = baselines.reduce((latest, baseline) => Math.max(latest, baseline?.finish ?? -Infinity), -Infinity)
  const least = open.reduce((least, index) => Math.min(least, schedule.dates[index]!.totalFloat), Infinity)
  const float = Math.min(least, promised === -Infinity ? 0 : workBetween(calendar, schedule.finish, promised))
  const value = (length + float) / length
  const concerned = value >= 0.95 ? [] : open.filter((index) => schedule.dates[index]!.totalFloat <= least)
  return { ...unknown, passed: value >= 0.95, value, found: concerned.length, of: open.length, activities: concerned }
}

/** Share of what the baseline wanted done by the status date that is done. */
function execution(due: readonly number[], done: readonly number[]): HealthResult {
  const isDone = new Set(done)
  const value = done.length / due.length
  const late = due.filter((index) => !isDone.has(index))
  return {
    point: 'baseline-execution-index',
    passed: value >= 0.95,
    value,
    limit: 0.95,
    found: late.length,
    of: due.length,
    activities: late,
  }
}
