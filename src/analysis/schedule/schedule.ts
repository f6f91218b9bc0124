/** A whole schedule: dates, floats and the critical path of every activity of a plan, as instants and minutes. */
import { type CompiledCalendar, workBetween, worksAfter } from '../calendar/calendar.ts'
import { backwardPass, lateFinishOf, lateStartOf, limit } from './backward.ts'
import { forwardPass } from './forward.ts'
import { compileNetwork, type Network } from './network.ts'
import { kinds, types } from './order.ts'
import { childrenOf } from './outline.ts'
import { finishOf, openPass, type Pass, startOf } from './pass.ts'
import { elapsed, type Plan, type PlanProblem } from './plan.ts'
import { lastInstant } from './plan-check.ts'

/** Dates of one activity; instants. Floats are minutes of its own calendar (of the plan's where it is counted in elapsed time). */
export type Dates = {
  readonly start: number
  readonly finish: number
  readonly lateStart: number
  readonly lateFinish: number
  /** How much later it may be before the plan, or a deadline, is late; negative where it already is. */
  readonly totalFloat: number
  /** How much later it may be before anything that waits for it moves. */
  readonly freeFloat: number
  readonly critical: boolean
  readonly summary: boolean
}

export type Schedule = {
  readonly start: number
  readonly finish: number
  readonly dates: readonly Dates[]
}

/** Schedules a plan, or says what makes that impossible. */
export function schedule(plan: Plan): Schedule | PlanProblem {
  const network = compileNetwork(plan)
  if ('problem' in network) return network
  if (plan.finish !== undefined) return fromFinish(plan, network, plan.finish)
  const pass = openPass(network)
  const { durations } = network
  const finish = forwardPass(network, durations, pass)
  const problem = endProblem(plan, network, pass, finish)
  if (problem) return problem
  backwardPass(network, durations, pass, finish)
  const late = plan.activities.some(({ constraint }) => constraint?.kind === 'as-late-as-possible')
  if (late) {
    holdLate(plan, network, pass, ({ constraint }) => constraint?.kind === 'as-late-as-possible')
    forwardPass(network, durations, pass)
  }
  return readSchedule(plan, network, pass, finish)
}

/** Back from the finish first, to find when the plan must start; then everything that need not be early is as late as it may. */
function fromFinish(plan: Plan, network: Network, finish: number): Schedule | PlanProblem {
  const early = openPass(network)
  const problem = endProblem(plan, network, early, forwardPass(network, network.durations, early))
  if (problem) return problem
  backwardPass(network, network.durations, early, finish)
  let start = finish
  for (let node = 0; node < network.size; node++)
    if (network.kind[node] === kinds.open) start = Math.min(start, lateStartOf(network, early, node))
  const again = compileNetwork({ ...plan, start, finish: undefined })
  if ('problem' in again) return again
  const pass = openPass(again)
  forwardPass(again, again.durations, pass)
  backwardPass(again, again.durations, pass, finish)
  const held = plan.activities.map((activity) => ({
    ...activity,
    constraint: activity.constraint ?? ({ kind: 'as-late-as-possible' } as const),
  }))
  const holding = { ...plan, activities: held, start, finish: undefined }
  const last = compileNetwork(holding)
  if ('problem' in last) return last
  holdLate(holding, last, pass, ({ constraint }) => constraint?.kind === 'as-late-as-possible')
  forwardPass(last, last.durations, pass)
  return { ...readSchedule(holding, last, pass, finish), start }
}

function holdLate(
  plan: Plan,
  network: Network,
  pass: Pass,
  isLate: (activity: Plan['activities'][number]) => boolean,
): void {
  for (const [index, activity] of plan.activities.entries()) {
    const node = network.nodeOf[index]!
    if (node >= 0 && network.kind[node] === kinds.open && isLate(activity)) pass.lateHold[node] = pass.lateStart[node]!
  }
}

/** Names the first activity that never ends, or ends beyond the years a plan may cover. */
export function endProblem(plan: Plan, network: Network, pass: Pass, finish: number): PlanProblem | null {
  if (finish <= lastInstant) return null
  for (let node = 0; node < network.size; node++) {
    const end = finishOf(network, pass, node)
    if (end <= lastInstant || network.activityOf[node]! < 0) continue
    const calendar = network.calendars[network.calendar[node]!]!
    const stops = Number.isNaN(end) && !worksAfter(calendar, plan.start)
    return { problem: stops ? 'no-working-time' : 'out-of-years', activities: [network.activityOf[node]!] }
  }
  return { problem: 'out-of-years', activities: [] }
}

/** The dates in a pass, after both directions, for people. */
export function readSchedule(plan: Plan, network: Network, pass: Pass, finish: number): Schedule {
  const { activities } = plan
  const children = childrenOf(activities)
  const dates: Dates[] = new Array(activities.length)
  const planCalendar = network.calendars[network.planCalendar]!
  // What follows must find the early dates where `limit` looks for the late ones.
  const free: Pass = {
    ...pass,
    lateStart: pass.start,
    lateFinish: pass.finish,
    lateStartSide: pass.startSide,
    lateFinishSide: pass.finishSide,
  }
  const summaries: number[] = []
  let start = Number.POSITIVE_INFINITY
  for (const [index] of activities.entries()) {
    if (children[index]!.length > 0) {
      summaries.push(index)
      continue
    }
    dates[index] = datesOf(plan, network, pass, free, planCalendar, index)
    if (!activities[index]!.inactive) start = Math.min(start, dates[index]!.start)
  }
  // Inner summaries first.
  if (summaries.length > 1) {
    const level = levelsOf(plan)
    summaries.sort((left, right) => level[right]! - level[left]!)
  }
  for (const index of summaries)
    dates[index] = summaryDates(plan, network, free, planCalendar, index, children[index]!, dates)
  return { start: start === Number.POSITIVE_INFINITY ? plan.start : start, finish, dates }
}

function levelsOf({ activities }: Plan): Int32Array {
  const level = new Int32Array(activities.length)
  for (const [index] of activities.entries())
    for (let at = activities[index]!.parent; at !== undefined; at = activities[at]!.parent)
      level[index] = level[index]! + 1
  return level
}

function datesOf(
  plan: Plan,
  network: Network,
  pass: Pass,
  free: Pass,
  planCalendar: CompiledCalendar,
  index: number,
): Dates {
  const activity = plan.activities[index]!
  const node = network.nodeOf[index]!
  const kind = network.kind[node]!
  const start = activity.fixed?.start ?? activity.actualStart ?? startOf(network, pass, node)
  const finish = activity.fixed?.finish ?? activity.actualFinish ?? finishOf(network, pass, node)
  if (kind === kinds.done)
    return {
      start,
      finish,
      lateStart: start,
      lateFinish: finish,
      totalFloat: 0,
      freeFloat: 0,
      critical: false,
      summary: false,
    }
  const inTime = activity.calendar === elapsed
  const late = lateFinishOf(network, pass, node)
  const totalFloat = settled(
    inTime ? workBetween(planCalendar, finish, late) : pass.lateFinish[node]! - pass.finish[node]!,
  )
  // Of the instants with the same work behind them, what may be no later keeps the one where it is: a milestone at the end
  // of a day is not late the next morning, and what a link holds until then does not have to end the evening before.
  const isKept = totalFloat === 0
  const lateFinish = isKept ? finish : late
  const lateStart = kind === kinds.started || isKept ? start : lateStartOf(network, pass, node)
  const freeFloat = Math.max(0, settled(freeFloatOf(network, free, node, totalFloat, inTime ? planCalendar : null)))
  const critical = kind !== kinds.inactive && totalFloat <= (plan.criticalFloat ?? 0)
  return { start, finish, lateStart, lateFinish, totalFloat, freeFloat, critical, summary: false }
}

/** A step or two of time (`backward.ts` takes one at the end of a shift) is not usable float. */
const settled = (minutes: number): number => {
  const whole = Math.round(minutes)
  return Math.abs(minutes - whole) <= 2 / 1024 ? whole + 0 : minutes
}

/** The least gap before anything that waits for the node; at most its total float. */
function freeFloatOf(
  network: Network,
  free: Pass,
  node: number,
  otherwise: number,
  planCalendar: CompiledCalendar | null,
): number {
  let least = Number.POSITIVE_INFINITY
  for (let index = network.outAt[node]!; index < network.outAt[node + 1]!; index++) {
    const link = network.outLink[index]!
    const type = network.linkType[link]!
    if (type === types.within || network.kind[network.linkTo[link]!] === kinds.done) continue
    limit(network, network.durations, free, link)
    const own = type === types.FS || type === types.FF ? free.finish[node]! : free.start[node]!
    const room = planCalendar ? workBetween(planCalendar, own, free.hand[0]!) : free.hand[0]! - own
    if (room < least) least = room
  }
  // More would make the plan late.
  return Math.min(least, otherwise)
}

function summaryDates(
  plan: Plan,
  network: Network,
  free: Pass,
  planCalendar: CompiledCalendar,
  index: number,
  children: readonly number[],
  dates: readonly Dates[],
): Dates {
  const active = children.filter((child) => !plan.activities[child]!.inactive)
  const within = (active.length > 0 ? active : children).map((child) => dates[child]!)
  const least = (of: (each: Dates) => number) =>
    within.reduce((least, each) => Math.min(least, of(each)), Number.POSITIVE_INFINITY)
  const most = (of: (each: Dates) => number) =>
    within.reduce((most, each) => Math.max(most, of(each)), Number.NEGATIVE_INFINITY)
  const start = least((each) => each.start)
  const finish = most((each) => each.finish)
  const lateStart = least((each) => each.lateStart)
  const lateFinish = most((each) => each.lateFinish)
  const totalFloat = settled(
    Math.min(workBetween(planCalendar, start, lateStart), workBetween(planCalendar, finish, lateFinish)),
  )
  const node = network.nodeOf[index]!
  const freeFloat = Math.max(0, node < 0 ? totalFloat : freeFloatOf(network, free, node, totalFloat, planCalendar))
  return {
    start,
    finish,
    lateStart,
    lateFinish,
    totalFloat,
    freeFloat,
    critical: within.some((each) => each.critical),
    summary: true,
  }
}
