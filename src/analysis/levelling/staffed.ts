/**
 * A network whose activities need scarce resources, and serial schedule generation on the schedule engine: every date is placed
 * by `placeNode`, so calendars, lags and constraints hold, and moved on only as far as the resources ask for.
 *
 * Use of a resource is booked in the working time of everybody who needs it (one calendar if they share one): nights cost
 * nothing, and what works on Saturdays does not block what does not. If those who share a resource have different
 * calendars, an activity holds it from its start to its finish, also while it rests.
 */
import { type CompiledCalendar, compileCalendar, everyMinute, finishAt, startAt, workAt } from '../calendar/calendar.ts'
import { combineCalendars } from '../calendar/combine.ts'
import { placeNode } from '../schedule/forward.ts'
import { limitKinds } from '../schedule/limits.ts'
import type { Demand } from '../schedule/named-plan.ts'
import type { Network } from '../schedule/network.ts'
import { kinds } from '../schedule/order.ts'
import { openPass, type Pass } from '../schedule/pass.ts'
import type { Plan } from '../schedule/plan.ts'
import { clearProfile, earliestRoom, openProfile, type Profile, use } from './profile.ts'
import { popReady, pushReady } from './project.ts'

export type StaffedNetwork = {
  readonly network: Network
  readonly capacities: readonly number[]
  /** Needs of node i are those from `needAt[i]` to before `needAt[i + 1]`. */
  readonly needAt: Int32Array
  readonly needResource: Int32Array
  readonly needUnits: Float64Array
  /** By resource: the calendar in which its use is kept. */
  readonly axes: readonly CompiledCalendar[]
  /** By need: 1 where the activity works whenever its resource is counted, so that nothing is converted. */
  readonly needPlain: Uint8Array
  /** Nodes that do not move: begun, set by hand, or with a date that must be kept. They take their resources first. */
  readonly unmoved: Int32Array
  readonly pass: Pass
  readonly profiles: readonly Profile[]
  readonly waiting: Int32Array
  readonly heap: Int32Array
}

/** Adds up several needs of one activity for one resource. */
export function summedNeeds(demands: readonly Demand[]): Demand[] {
  const sums = new Map<string, Demand>()
  for (const demand of demands) {
    const key = `${demand.activity} ${demand.resource}`
    sums.set(key, { ...demand, units: (sums.get(key)?.units ?? 0) + demand.units })
  }
  return [...sums.values()].filter(({ units }) => units > 0)
}

/** Makes a network with needs ready to be levelled; `needs` are at most one for an activity and a resource. */
export function staffNetwork(
  plan: Plan,
  network: Network,
  needs: readonly Demand[],
  capacities: readonly number[],
): StaffedNetwork {
  const { size, nodeOf, kind, calendar, calendars } = network
  // A summary needs nothing itself, and what is inactive moves nothing.
  const moving = needs.filter(({ activity }) => {
    const node = nodeOf[activity]!
    return node >= 0 && kind[node] !== kinds.inactive && kind[node] !== kinds.summary
  })
  const byNode = moving
    .map(({ activity, resource, units }) => ({ node: nodeOf[activity]!, resource, units }))
    .sort((left, right) => left.node - right.node)
  const needAt = new Int32Array(size + 1)
  for (const { node } of byNode) needAt[node + 1] = needAt[node + 1]! + 1
  for (let node = 0; node < size; node += 1) needAt[node + 1] = needAt[node + 1]! + needAt[node]!
  const axes = capacities.map((_, resource) => {
    const used = [...new Set(byNode.filter((need) => need.resource === resource).map(({ node }) => calendar[node]!))]
    if (used.length <= 1) return calendars[used[0] ?? network.planCalendar]!
    return compileCalendar(
      combineCalendars(
        used.map((index) => (index === 0 ? everyMinute : plan.calendars[index - 1]!)),
        'any',
      ),
    )
  })
  const unmoved: number[] = []
  for (let node = 0; node < size; node += 1)
    if (needAt[node + 1]! > needAt[node]! && stays(network, node)) unmoved.push(node)
  return {
    network,
    capacities,
    needAt,
    needResource: Int32Array.from(byNode, ({ resource }) => resource),
    needUnits: Float64Array.from(byNode, ({ units }) => units),
    axes,
    needPlain: Uint8Array.from(byNode, ({ node, resource }) => (axes[resource] === calendars[calendar[node]!] ? 1 : 0)),
    unmoved: Int32Array.from(unmoved),
    pass: openPass(network),
    profiles: capacities.map(openProfile),
    waiting: new Int32Array(size),
    heap: new Int32Array(size),
  }
}

function stays({ kind, hold }: Network, node: number): boolean {
  return kind[node] !== kinds.open || hold[node] === limitKinds.mustStart || hold[node] === limitKinds.mustFinish
}

/** Writes the dates of all nodes into `staffed.pass`, the lowest priority number first. */
export function generateStaffed(staffed: StaffedNetwork, priority: Float64Array): void {
  const { network, pass, profiles, waiting, heap, unmoved } = staffed
  const { size, durations, linkAt, linkTo, outAt, outLink } = network
  for (const profile of profiles) clearProfile(profile)
  pass.notBefore.fill(Number.NEGATIVE_INFINITY)
  // These do not depend on what they wait for.
  for (const node of unmoved) {
    placeNode(network, durations, pass, node)
    hold(staffed, node)
  }
  let ready = 0
  for (let node = 0; node < size; node += 1) {
    waiting[node] = linkAt[node + 1]! - linkAt[node]!
    if (waiting[node] === 0) ready = pushReady(heap, ready, node, priority)
  }
  while (ready > 0) {
    const node = heap[0]!
    ready = popReady(heap, ready, priority)
    placeNode(network, durations, pass, node)
    if (staffed.needAt[node + 1]! > staffed.needAt[node]! && !stays(network, node)) {
      const start = roomFor(staffed, node)
      if (Number.isNaN(start)) pass.start[node] = pass.finish[node] = Number.NaN
      else if (start > pass.start[node]!) {
        pass.notBefore[node] = startAt(network.calendars[network.calendar[node]!]!, start)
        placeNode(network, durations, pass, node)
      }
      hold(staffed, node)
    }
    for (let index = outAt[node]!; index < outAt[node + 1]!; index += 1) {
      const to = linkTo[outLink[index]!]!
      waiting[to] = waiting[to]! - 1
      if (waiting[to] === 0) ready = pushReady(heap, ready, to, priority)
    }
  }
}

/** The earliest start, as work of its own calendar, with room for all needs of a node. */
function roomFor(
  { network, pass, profiles, capacities, axes, needAt, needResource, needUnits, needPlain }: StaffedNetwork,
  node: number,
): number {
  const span = pass.finish[node]! - pass.start[node]!
  let start = pass.start[node]!
  if (span === 0) return start
  const own = network.calendars[network.calendar[node]!]!
  const [first, end] = [needAt[node]!, needAt[node + 1]!]
  for (let agreed = 0, need = first; agreed < end - first; need = need + 1 === end ? first : need + 1) {
    const resource = needResource[need]!
    const room = capacities[resource]! - needUnits[need]! + 1e-9
    let moved: number
    if (needPlain[need] === 1) moved = earliestRoom(profiles[resource]!, start, span, room)
    else {
      const axis = axes[resource]!
      const from = workAt(axis, startAt(own, start))
      const length = workAt(axis, finishAt(own, start + span)) - from
      const found = earliestRoom(profiles[resource]!, from, length, room)
      moved = found > from ? workAt(own, startAt(axis, found)) : start
    }
    // No working time remains after the obstacle.
    if (Number.isNaN(moved)) return moved
    // Its breaks depend on its start, so a new start is checked again, even for the same need.
    agreed = moved === start ? agreed + 1 : needPlain[need]!
    start = moved
  }
  return start
}

/** Books the resources of a node from its start to its finish. */
function hold(
  { network, pass, profiles, axes, needAt, needResource, needUnits, needPlain }: StaffedNetwork,
  node: number,
): void {
  const [start, finish] = [pass.start[node]!, pass.finish[node]!]
  if (!(finish > start)) return
  const own = network.calendars[network.calendar[node]!]!
  for (let need = needAt[node]!; need < needAt[node + 1]!; need += 1) {
    const profile = profiles[needResource[need]!]!
    if (needPlain[need] === 1) use(profile, start, finish, needUnits[need]!)
    else {
      const axis = axes[needResource[need]!]!
      use(profile, workAt(axis, startAt(own, start)), workAt(axis, finishAt(own, finish)), needUnits[need]!)
    }
  }
}
