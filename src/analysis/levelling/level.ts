/**
 * A plan whose activities wait until the resources they need are free. Links, calendars, constraints and started activities stay as
 * they are; activities only move later, never earlier than the plan without regard to resources has them.
 */
import { finishAt, startAt, workAt } from '../calendar/calendar.ts'
import { findFinish, forwardPass } from '../schedule/forward.ts'
import type { Demand } from '../schedule/named-plan.ts'
import { compileNetwork, type Network } from '../schedule/network.ts'
import { types } from '../schedule/order.ts'
import { finishOf, openPass, type Pass, startOf } from '../schedule/pass.ts'
import type { Plan, PlanProblem } from '../schedule/plan.ts'
import { lastInstant } from '../schedule/plan-check.ts'
import { schedule } from '../schedule/schedule.ts'
import { type Precedence, type Project, projectOf } from './project.ts'
import { type SearchLimits, search } from './search.ts'
import { generateStaffed, type StaffedNetwork, staffNetwork, summedNeeds } from './staffed.ts'

export type LevelInput = {
  readonly plan: Plan
  /** How many there are of each resource. */
  readonly capacities: readonly number[]
  readonly demands: readonly Demand[]
}

export type LevelProblem =
  | PlanProblem
  | {
      readonly problem: 'need-over-capacity'
      readonly activities: readonly number[]
      readonly resource: number
      readonly units: number
    }

/** Where more is in use than exists, because the activities that use it cannot be moved; instants. */
export type Overload = {
  readonly resource: number
  readonly from: number
  readonly to: number
  readonly used: number
  readonly activities: readonly number[]
}

export type LevelledDates = {
  readonly start: number
  readonly finish: number
  /** Working minutes of its calendar by which it starts later than without regard to resources. */
  readonly delay: number
}

export type ResourceUse = {
  /** Most units in use at once. */
  readonly most: number
  /** Share of the working time from the start to the finish of the plan in which any of it is in use. */
  readonly busy: number
}

export type Levelled = {
  readonly finish: number
  /** Finish without regard to resources: no levelled plan ends earlier. */
  readonly without: number
  /** Finish of the first pass, by latest finish time alone. */
  readonly first: number
  /** Whether no plan with these resources can end earlier. */
  readonly best: boolean
  readonly tries: number
  /** By activity; of a summary, from the first start to the last finish within it. */
  readonly dates: readonly LevelledDates[]
  readonly uses: readonly ResourceUse[]
  readonly overloads: readonly Overload[]
}

/** Levels a plan; `limits` bound the search for a better order, see `SearchLimits`. */
export function level(
  input: LevelInput,
  limits: Omit<SearchLimits, 'generate' | 'least'> = {},
): Levelled | LevelProblem {
  const scheduled = schedule(input.plan)
  if ('problem' in scheduled) return scheduled
  const needs = summedNeeds(input.demands)
  const over = needs.find(({ resource, units }) => units > input.capacities[resource]! + 1e-9)
  if (over)
    return { problem: 'need-over-capacity', activities: [over.activity], resource: over.resource, units: over.units }
  // Earlier levelling is discarded; a plan scheduled backwards from its finish continues from the resulting start.
  const plan: Plan = {
    ...input.plan,
    start: input.plan.finish === undefined ? input.plan.start : scheduled.start,
    finish: undefined,
    activities: input.plan.activities.map((activity) =>
      activity.delay ? { ...activity, delay: undefined } : activity,
    ),
  }
  const network = compileNetwork(plan)
  if ('problem' in network) return network
  const early = openPass(network)
  const without = forwardPass(network, network.durations, early)
  const staffed = staffNetwork(plan, network, needs, input.capacities)
  const make = (priority: Float64Array, starts: Float64Array): number => {
    generateStaffed(staffed, priority)
    writeStarts(network, staffed.pass, starts)
    return findFinish(network, staffed.pass)
  }
  const project = approximate(staffed, early)
  const found = search(project, { ...limits, generate: make, least: without })
  // Schedule the best order once more, for its dates.
  const finish = make(found.priority, found.starts)
  if (!(finish <= lastInstant)) return endProblemOf(staffed, finish)
  return {
    finish,
    without,
    first: found.firstFinish,
    best: finish <= without,
    tries: found.restarts + 1,
    dates: datesOf(plan, network, staffed.pass, early),
    ...readUse(staffed, plan.start, finish),
  }
}

/** The first activity that runs out of working time, or ends beyond the years a plan may cover. */
function endProblemOf({ network, pass }: StaffedNetwork, finish: number): PlanProblem {
  for (let node = 0; node < network.size; node += 1)
    if (network.activityOf[node]! >= 0 && !(finishOf(network, pass, node) <= lastInstant))
      return {
        problem: Number.isNaN(finish) ? 'no-working-time' : 'out-of-years',
        activities: [network.activityOf[node]!],
      }
  return { problem: 'out-of-years', activities: [] }
}

/** Starts of all nodes as work of the calendar of the plan. */
function writeStarts(network: Network, pass: Pass, starts: Float64Array): void {
  const { size, planCalendar, calendar, calendars } = network
  const axis = calendars[planCalendar]!
  for (let node = 0; node < size; node += 1)
    starts[node] = calendars[calendar[node]!] === axis ? pass.start[node]! : workAt(axis, startOf(network, pass, node))
}

/**
 * The network on one time axis, for the backward pass and for ordering: exact with one calendar, close enough to
 * give an order with several. The resulting dates always come from the engine.
 */
function approximate({ network, needAt, needResource, needUnits, capacities }: StaffedNetwork, early: Pass): Project {
  const { size, planCalendar, calendars, linkAt, linkFrom, linkType, linkLag, linkShare, linkCalendar } = network
  const axis = calendars[planCalendar]!
  const starts = new Float64Array(size)
  writeStarts(network, early, starts)
  const durations = Array.from(starts, (start, node) =>
    Math.max(0, workAt(axis, finishOf(network, early, node)) - start),
  )
  const density = axis.weekMinutes / 10_080
  const waits: Precedence[] = []
  for (let to = 0; to < size; to += 1)
    for (let link = linkAt[to]!; link < linkAt[to + 1]!; link += 1) {
      const from = linkFrom[link]!
      const type = linkType[link]!
      const minutes = linkLag[link]! + linkShare[link]! * network.durations[from]!
      const after = type === types.FS || type === types.FF || type === types.within ? durations[from]! : 0
      const before = type === types.FF || type === types.SF || type === types.within ? durations[to]! : 0
      waits.push({ from, to, lag: after - before + (linkCalendar[link] === 0 ? minutes * density : minutes) })
    }
  const needs = [...needUnits].map((amount, need) => ({ activity: 0, resource: needResource[need]!, amount }))
  for (let node = 0; node < size; node += 1)
    for (let need = needAt[node]!; need < needAt[node + 1]!; need += 1) needs[need]!.activity = node
  const floors = Array.from({ length: size }, (_, node) =>
    linkAt[node] === linkAt[node + 1] ? starts[node]! : Number.NEGATIVE_INFINITY,
  )
  // Loops and needs over capacity have been ruled out by now.
  return projectOf(durations, waits, needs, capacities, floors) as Project
}

function datesOf(plan: Plan, network: Network, pass: Pass, early: Pass): LevelledDates[] {
  const dates = plan.activities.map((activity, index): LevelledDates | null => {
    const node = network.nodeOf[index]!
    if (node < 0) return null
    const start = activity.fixed?.start ?? activity.actualStart ?? startOf(network, pass, node)
    const finish = activity.fixed?.finish ?? activity.actualFinish ?? finishOf(network, pass, node)
    return { start, finish, delay: pass.start[node]! - early.start[node]! }
  })
  // Summaries without a node of their own follow from what is within them.
  const spans = plan.activities.map(() => ({ start: Number.POSITIVE_INFINITY, finish: Number.NEGATIVE_INFINITY }))
  for (const [index, own] of dates.entries()) {
    if (!own || plan.activities[index]!.inactive) continue
    for (let above = plan.activities[index]!.parent; above !== undefined; above = plan.activities[above]!.parent) {
      const span = spans[above]!
      span.start = Math.min(span.start, own.start)
      span.finish = Math.max(span.finish, own.finish)
    }
  }
  return dates.map((own, index) => own ?? { ...spans[index]!, delay: 0 })
}

function readUse(staffed: StaffedNetwork, from: number, to: number): Pick<Levelled, 'uses' | 'overloads'> {
  const overloads: Overload[] = []
  const uses = staffed.profiles.map((profile, resource): ResourceUse => {
    const axis = staffed.axes[resource]!
    let most = 0
    let busy = 0
    for (let step = 1; step < profile.count - 1; step += 1) {
      const used = profile.used[step]!
      const [begin, end] = [profile.times[step]!, profile.times[step + 1]!]
      most = Math.max(most, used)
      if (used > 1e-9) busy += end - begin
      if (used > staffed.capacities[resource]! + 1e-6) {
        const span = { from: startAt(axis, begin), to: finishAt(axis, end) }
        overloads.push({ resource, ...span, used, activities: usersOf(staffed, resource, span.from, span.to) })
      }
    }
    const whole = workAt(axis, to) - workAt(axis, from)
    return { most, busy: whole > 0 ? Math.min(1, busy / whole) : 0 }
  })
  return { uses, overloads }
}

function usersOf(
  { network, pass, needAt, needResource }: StaffedNetwork,
  resource: number,
  from: number,
  to: number,
): number[] {
  const users: number[] = []
  for (let node = 0; node < network.size; node += 1)
    for (let need = needAt[node]!; need < needAt[node + 1]!; need += 1)
      if (needResource[need] === resource && startOf(network, pass, node) < to && finishOf(network, pass, node) > from)
        users.push(network.activityOf[node]!)
  return users
}
