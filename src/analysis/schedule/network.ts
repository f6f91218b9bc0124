/**
 * A plan as flat arrays in an order in which every node comes after those it waits for. A node is an activity, or one of two things
 * a summary activity needs: a *gate* (what its first activities wait for) where something points at the summary, and the
 * *summary* itself where something waits for it.
 */
import { CalendarProblem, type CompiledCalendar, compileCalendar, everyMinute, onGrid } from '../calendar/calendar.ts'
import { type Limits, limitsOf } from './limits.ts'
import { type Arc, kinds, orderOf, types } from './order.ts'
import { childrenOf, summaryNeeds } from './outline.ts'
import type { Activity, Plan, PlanProblem } from './plan.ts'
import { planProblem } from './plan-check.ts'

export type Network = Limits & {
  /** Number of nodes. */
  readonly size: number
  /** 0 is elapsed time; calendar c of the plan is c + 1. */
  readonly calendars: readonly CompiledCalendar[]
  /** Calendar of the plan. */
  readonly planCalendar: number
  readonly start: number
  /** −1 for a gate. */
  readonly activityOf: Int32Array
  /** −1 for a summary that nothing waits for; its dates follow from its activities. */
  readonly nodeOf: Int32Array
  readonly calendar: Int32Array
  /** `kinds` */
  readonly kind: Uint8Array
  /** Durations of the plan, by node, in working minutes. `forwardPass` takes a copy of it. */
  readonly durations: Float64Array
  /** Working minutes in which split activities pause; added to the duration. */
  readonly still: Float64Array
  /** Links into node i are those from `linkAt[i]` to before `linkAt[i + 1]`. */
  readonly linkAt: Int32Array
  readonly linkFrom: Int32Array
  readonly linkTo: Int32Array
  /** `types` */
  readonly linkType: Uint8Array
  /** Minutes. */
  readonly linkLag: Float64Array
  /** Share of the duration of `linkFrom`, added to the lag. */
  readonly linkShare: Float64Array
  /** Calendar in which the lag is counted. */
  readonly linkCalendar: Int32Array
  /** 1 if all three calendars are the same, so that nothing needs converting. */
  readonly linkPlain: Uint8Array
  /** Place in `plan.links`, −1 for what follows from the outline. */
  readonly linkOf: Int32Array
  /** Links out of node i are `outLink[outAt[i]…outAt[i + 1] − 1]`, places in the link arrays. */
  readonly outAt: Int32Array
  readonly outLink: Int32Array
}

/** Compiles a plan, or says what makes it impossible. */
export function compileNetwork(plan: Plan): Network | PlanProblem {
  const problem = planProblem(plan)
  if (problem) return problem
  const { activities } = plan
  const children = childrenOf(activities)
  const needs = summaryNeeds(plan, children)
  // Numbered before they are sorted: activities first, then gates.
  const gateOf = new Int32Array(activities.length).fill(-1)
  let count = activities.length
  for (const [index] of activities.entries()) if (needs.gate[index]) gateOf[index] = count++
  const isNode = (node: number) =>
    node >= activities.length || children[node]!.length === 0 || needs.summary[node] === 1
  const arcs = arcsOf(plan, children, gateOf, needs.summary)
  const order = orderOf(count, isNode, arcs)
  if ('loop' in order) {
    const named = order.loop.map((node) => (node < activities.length ? node : gateOf.indexOf(node)))
    return {
      problem: 'loop',
      activities: named.filter((node, index) => node !== named[index - 1]),
      links: order.arcs.map((arc) => arcs[arc]!.link).filter((link) => link >= 0),
    }
  }
  try {
    return flatten(plan, order.sequence, arcs, children, gateOf)
  } catch (error) {
    if (!(error instanceof CalendarProblem)) throw error
    return { problem: 'unusable-calendar', activities: [], reason: error.message }
  }
}

/** Everything that makes one node wait for another: the links of the plan, and what the outline implies. */
function arcsOf(plan: Plan, children: readonly (readonly number[])[], gateOf: Int32Array, summary: Uint8Array): Arc[] {
  const { activities, links } = plan
  const calendarOf = (node: number) =>
    node < activities.length && children[node]!.length === 0 ? activities[node]!.calendar + 1 : 0
  const planCalendar = plan.calendar + 1
  const arcs: Arc[] = []
  for (const [index, link] of links.entries()) {
    if (activities[link.from]!.inactive || activities[link.to]!.inactive) continue
    const to = children[link.to]!.length > 0 ? gateOf[link.to]! : link.to
    const unit = link.lagUnit ?? 'working'
    const inTime = unit === 'elapsed' || unit === 'elapsed-percent'
    const percent = unit === 'percent' || unit === 'elapsed-percent'
    arcs.push({
      from: link.from,
      to,
      type: types[link.type],
      lag: percent ? 0 : link.lag,
      share: percent ? link.lag / 100 : 0,
      calendar: inTime ? 0 : calendarOf(to) || planCalendar,
      link: index,
    })
  }
  const outline = (from: number, to: number, type: number) =>
    arcs.push({ from, to, type, lag: 0, share: 0, calendar: 0, link: -1 })
  for (const [index, { parent, inactive }] of activities.entries()) {
    if (parent === undefined || inactive) continue
    const own = children[index]!.length > 0 ? gateOf[index]! : index
    if (gateOf[parent]! >= 0 && own >= 0) outline(gateOf[parent]!, own, types.FS)
    if (summary[parent] && (children[index]!.length === 0 || summary[index])) outline(index, parent, types.within)
  }
  return arcs
}

function flatten(
  plan: Plan,
  sequence: Int32Array,
  arcs: readonly Arc[],
  children: readonly (readonly number[])[],
  gateOf: Int32Array,
): Network {
  const { activities } = plan
  const size = sequence.length
  const calendars = [everyMinute, ...plan.calendars].map(compileOnce(new Map()))
  const nodeOf = new Int32Array(activities.length).fill(-1)
  const activityOf = new Int32Array(size).fill(-1)
  const place = new Int32Array(activities.length + gateOf.length).fill(-1)
  const gated = new Int32Array(size).fill(-1)
  const summaryOfGate = new Map<number, number>()
  for (const [index, gate] of gateOf.entries()) if (gate >= 0) summaryOfGate.set(gate, index)
  const calendar = new Int32Array(size)
  const kind = new Uint8Array(size)
  const durations = new Float64Array(size)
  const still = new Float64Array(size)
  for (let node = 0; node < size; node++) {
    const number = sequence[node]!
    place[number] = node
    if (number >= activities.length) {
      kind[node] = kinds.gate
      gated[node] = summaryOfGate.get(number)!
      continue
    }
    activityOf[node] = number
    nodeOf[number] = node
    const activity = activities[number]!
    if (children[number]!.length > 0) {
      kind[node] = kinds.summary
      continue
    }
    calendar[node] = activity.calendar + 1
    durations[node] = onGrid(activity.duration)
    if (activity.gaps) for (const gap of activity.gaps) still[node] = still[node]! + onGrid(gap.length)
    kind[node] = kindOf(activity)
  }
  const count = arcs.length
  const linkAt = new Int32Array(size + 1)
  const linkFrom = new Int32Array(count)
  const linkTo = new Int32Array(count)
  const linkType = new Uint8Array(count)
  const linkLag = new Float64Array(count)
  const linkShare = new Float64Array(count)
  const linkCalendar = new Int32Array(count)
  const linkPlain = new Uint8Array(count)
  const linkOf = new Int32Array(count)
  const outAt = new Int32Array(size + 1)
  for (let arc = 0; arc < count; arc++) {
    const to = place[arcs[arc]!.to]!
    linkAt[to + 1] = linkAt[to + 1]! + 1
  }
  for (let node = 0; node < size; node++) linkAt[node + 1] = linkAt[node + 1]! + linkAt[node]!
  // Links in the order of the nodes they lead to, and among those in the order of the plan.
  const free = linkAt.slice()
  for (const arc of arcs) {
    const index = free[place[arc.to]!]!
    free[place[arc.to]!] = index + 1
    const [from, to] = [place[arc.from]!, place[arc.to]!]
    linkFrom[index] = from
    linkTo[index] = to
    linkType[index] = arc.type
    linkLag[index] = onGrid(arc.lag)
    linkShare[index] = arc.share
    linkCalendar[index] = arc.calendar
    linkOf[index] = arc.link
    const same = calendars[calendar[from]!] === calendars[calendar[to]!]
    const noLag = arc.lag === 0 && arc.share === 0
    linkPlain[index] = same && (noLag || calendars[arc.calendar] === calendars[calendar[to]!]) ? 1 : 0
    outAt[from + 1] = outAt[from + 1]! + 1
  }
  for (let node = 0; node < size; node++) outAt[node + 1] = outAt[node + 1]! + outAt[node]!
  const next = outAt.slice()
  const outLink = new Int32Array(count)
  for (let index = 0; index < count; index++) {
    const from = linkFrom[index]!
    outLink[next[from]!] = index
    next[from] = next[from]! + 1
  }
  const base = {
    size,
    calendars,
    planCalendar: plan.calendar + 1,
    start: plan.start,
    activityOf,
    nodeOf,
    calendar,
    kind,
  }
  return {
    ...base,
    ...limitsOf(plan, base, gated),
    durations,
    still,
    linkAt,
    linkFrom,
    linkTo,
    linkType,
    linkLag,
    linkShare,
    linkCalendar,
    linkPlain,
    linkOf,
    outAt,
    outLink,
  }
}

function kindOf(activity: Activity): number {
  if (activity.inactive) return kinds.inactive
  if (activity.fixed) return kinds.fixed
  if (activity.actualFinish !== undefined) return kinds.done
  return activity.actualStart === undefined ? kinds.open : kinds.started
}

/** Two calendars that are the same object are compiled once, so that links between them need no conversion. */
const compileOnce =
  (known: Map<Plan['calendars'][number], CompiledCalendar>) =>
  (calendar: Plan['calendars'][number]): CompiledCalendar => {
    const found = known.get(calendar)
    if (found) return found
    const compiled = compileCalendar(calendar)
    known.set(calendar, compiled)
    return compiled
  }
