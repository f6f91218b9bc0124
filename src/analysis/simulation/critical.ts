/** Which activities decide the finish of one schedule: those on an unbroken chain of links that leave no room. */
import { bound } from '../schedule/forward.ts'
import { holds } from '../schedule/limits.ts'
import type { Network } from '../schedule/network.ts'
import { kinds, types } from '../schedule/order.ts'
import { instantOf, type Pass } from '../schedule/pass.ts'

/** Nodes that may be the last of the plan: nothing that is free to move waits for their finish. */
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
      return ofFinish && later && kind[to] === kinds.open && hold[to] === holds.nothing
    })
    if (!followed) ends.push(node)
  }
  return Int32Array.from(ends)
}

/**
 * Marks with 1 the nodes that drive the finish, after `forwardPass`: from what ends last back over every link that places its
 * end exactly where it is. It looks only at links into such nodes, which is far less than a backward pass. Where calendars
 * differ, an activity that ends before a weekend and is followed by one that begins after it counts as driving. `ends` is
 * what `possibleEnds` gives.
 */
export function markCritical(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  finish: number,
  ends: Int32Array,
  marks: Uint8Array,
): void {
  const { size, calendar, kind, linkAt, linkFrom, calendars } = network
  marks.fill(0)
  const last = Float64Array.from(calendars, (_, index) => {
    const top = pass.top[index]!
    if (top === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
    return instantOf(network, index, top, pass.topSide[index]!) >= finish ? top : Number.POSITIVE_INFINITY
  })
  for (const node of ends) if (pass.finish[node]! >= last[calendar[node]!]!) marks[node] = 1
  for (let node = size - 1; node >= 0; node -= 1) {
    if (marks[node] === 0) continue
    const own = kind[node]!
    if (own === kinds.done || own === kinds.fixed || own === kinds.started) continue
    if (own === kinds.summary) {
      markWithin(network, pass, node, marks)
      continue
    }
    const span = pass.finish[node]! - pass.start[node]!
    // What waits a set time after its links is placed later than any of them asks for: the latest of them drives it.
    let asked = pass.start[node]!
    if (network.delay[node]! > 0) {
      asked = network.floorStart[node]!
      for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
        asked = Math.max(asked, startAsked(network, durations, pass, link, span))
    }
    for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
      if (startAsked(network, durations, pass, link, span) >= asked) marks[linkFrom[link]!] = 1
  }
}

/** The start, as work of its own calendar, that a link asks of the node it leads to. */
function startAsked(network: Network, durations: Float64Array, pass: Pass, link: number, span: number): number {
  bound(network, durations, pass, link)
  const type = network.linkType[link]!
  return type === types.FS || type === types.SS ? pass.hand[0]! : pass.hand[0]! - span
}

/** A summary ends with the last of what is within it. */
function markWithin(network: Network, pass: Pass, node: number, marks: Uint8Array): void {
  const { linkAt, linkFrom, linkType, calendar } = network
  const endOf = (from: number) => instantOf(network, calendar[from]!, pass.finish[from]!, pass.finishSide[from]!)
  let last = Number.NEGATIVE_INFINITY
  for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
    if (linkType[link] === types.within) last = Math.max(last, endOf(linkFrom[link]!))
  for (let link = linkAt[node]!; link < linkAt[node + 1]!; link += 1)
    if (linkType[link] === types.within && endOf(linkFrom[link]!) >= last) marks[linkFrom[link]!] = 1
}
