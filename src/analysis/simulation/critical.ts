/** Which activities decide the finish of one schedule: those on an unbroken chain of links that leave no room. */
import { bound } from '../schedule/forward.ts'
import { limitKinds } from '../schedule/limits.ts'
import type { Network } from '../schedule/network.ts'
import { kinds, types } from '../schedule/order.ts'
import { finishOf, instantOf, type Pass } from '../schedule/pass.ts'

/** Nodes that may end the plan: nothing free to move waits for their finish. */
export function possibleEnds({
  size,
  kind,
  hold,
  outAt,
  outLink,
  linkTo,
  linkType,
  linkLag,
  linkShare,
}: Network): Int32Array {
  const ends: number[] = []
  for (let node = 0; node < size; node += 1) {
    if (kind[node] === kinds.gate || kind[node] === kinds.inactive) continue
    const followed = outLink.subarray(outAt[node]!, outAt[node + 1]!).some((link) => {
      const to = linkTo[link]!
      const ofFinish = linkType[link] === types.FS || linkType[link] === types.FF
      const later = linkLag[link]! >= 0 && linkShare[link]! >= 0
      return ofFinish && later && kind[to] === kinds.open && hold[to] === limitKinds.nothing
    })
    if (!followed) ends.push(node)
  }
  return Int32Array.from(ends)
}

/**
 * Marks with 1, by node and lane, the nodes that drive the finish, after `forwardPass`: from what ends last back over every link
 * that places its end exactly where it is. It looks only at links into such nodes, which is far less than a backward pass. Where
 * calendars differ, an activity that ends before a weekend and is followed by one that begins after it counts as driving. `finishes`
 * has the finish of the plan by lane, `ends` is what `possibleEnds` gives.
 */
export function markCritical(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  finishes: Float64Array,
  ends: Int32Array,
  marks: Uint8Array,
): void {
  const { lanes } = pass
  marks.fill(0)
  const last = lastWorks(network, pass, finishes)
  for (const node of ends) {
    const top = network.calendar[node]! * lanes
    for (let lane = 0, at = node * lanes; lane < lanes; lane += 1, at += 1)
      if (pass.finish[at]! >= last[top + lane]!) marks[at] = 1
  }
  for (let node = network.size - 1; node >= 0; node -= 1) {
    const own = network.kind[node]!
    if (own === kinds.done || own === kinds.fixed || own === kinds.started) continue
    const row = node * lanes
    for (let lane = 0; lane < lanes; lane += 1) {
      if (marks[row + lane] === 0) continue
      if (own === kinds.summary) markWithin(network, pass, node, lane, marks)
      else markBefore(network, durations, pass, node, lane, marks)
    }
  }
}

/** By calendar and lane, the work at the finish of the plan; infinity where nothing of the calendar reaches it. */
function lastWorks(network: Network, pass: Pass, finishes: Float64Array): Float64Array {
  return pass.top.map((top, at) => {
    const calendar = Math.floor(at / pass.lanes)
    if (top === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
    const reached = instantOf(network, calendar, top, pass.topSide[at]!)
    return reached >= finishes[at % pass.lanes]! ? top : Number.POSITIVE_INFINITY
  })
}

/** What a node waited for. */
function markBefore(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  node: number,
  lane: number,
  marks: Uint8Array,
): void {
  const { lanes } = pass
  const { linkAt, linkFrom } = network
  const at = node * lanes + lane
  const span = pass.finish[at]! - pass.start[at]!
  // A node with a fixed wait after its links is placed later than any of them requires: the latest of them drives it.
  let asked = pass.start[at]!
  if (network.delay[node]! > 0) {
    asked = network.floorStart[node]!
    for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
      asked = Math.max(asked, startAsked(network, durations, pass, link, lane, span))
  }
  for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
    if (startAsked(network, durations, pass, link, lane, span) >= asked) marks[linkFrom[link]! * lanes + lane] = 1
}

/** The start, as work in its own calendar, that a link requires of the node it leads to. */
function startAsked(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  link: number,
  lane: number,
  span: number,
): number {
  bound(network, durations, pass, link, lane)
  const type = network.linkType[link]!
  return type === types.FS || type === types.SS ? pass.hand[0]! : pass.hand[0]! - span
}

/** A summary ends with the last of what is within it. */
function markWithin(network: Network, pass: Pass, node: number, lane: number, marks: Uint8Array): void {
  const { linkAt, linkFrom, linkType } = network
  let last = Number.NEGATIVE_INFINITY
  for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
    if (linkType[link] === types.within) last = Math.max(last, finishOf(network, pass, linkFrom[link]!, lane))
  for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
    if (linkType[link] === types.within && finishOf(network, pass, linkFrom[link]!, lane) >= last)
      marks[linkFrom[link]! * pass.lanes + lane] = 1
}
