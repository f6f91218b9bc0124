/**
 * A schedule kept up to date while a plan is changed: after one change only what it affects is recalculated. The early dates of what
 * follows are followed until they no longer differ; the late dates of what comes before likewise, unless the end of the plan moved (then
 * all late dates moved with it).
 */
import { limitNode, setEnd } from './backward.ts'
import { findFinish, forwardPass, placeNode } from './forward.ts'
import type { Network } from './network.ts'
import { kinds } from './order.ts'
import { openPass, type Pass } from './pass.ts'

export type LiveSchedule = {
  readonly network: Network
  /** By node, in minutes; change them by `changeDuration`. */
  readonly durations: Float64Array
  readonly pass: Pass
  finish: number
  readonly dirty: Uint8Array
}

/** Calculates everything once. */
export function openLive(network: Network): LiveSchedule {
  const pass = openPass(network)
  const durations = network.durations.slice()
  const live = {
    network,
    durations,
    pass,
    finish: forwardPass(network, durations, pass),
    dirty: new Uint8Array(network.size),
  }
  limitAll(live)
  return live
}

/** A new duration, in minutes. */
export function changeDuration(live: LiveSchedule, node: number, duration: number): void {
  live.durations[node] = duration
  recalculate(live, node)
}

/** A new lag of one link of the network (place in its link arrays), in minutes. */
export function changeLag(live: LiveSchedule, link: number, lag: number): void {
  live.network.linkLag[link] = lag
  recalculate(live, live.network.linkTo[link]!, live.network.linkFrom[link]!)
}

/** The instant before which a node may not start; −Infinity lifts it. */
export function changeNotBefore(live: LiveSchedule, node: number, instant: number): void {
  live.pass.notBefore[node] = instant
  recalculate(live, node)
}

function limitAll({ network, durations, pass, finish }: LiveSchedule): void {
  setEnd(network, pass, finish)
  for (let node = network.size - 1; node >= 0; node--) limitNode(network, durations, pass, node)
}

/** `forward` is the first node whose early dates may differ, `backward` the last whose late dates may. */
function recalculate(live: LiveSchedule, forward: number, backward = forward): void {
  const { network, durations, pass, dirty } = live
  let low = forward
  dirty[forward] = 1
  // Nodes come after what they wait for, so one pass is enough.
  for (let node = forward; node < network.size; node++) {
    if (dirty[node] === 0) continue
    dirty[node] = 0
    const [start, finish] = [pass.start[node]!, pass.finish[node]!]
    const sides = pass.startSide[node]! * 2 + pass.finishSide[node]!
    placeNode(network, durations, pass, node)
    const isSame =
      start === pass.start[node] &&
      finish === pass.finish[node] &&
      sides === pass.startSide[node]! * 2 + pass.finishSide[node]!
    // What is a share of a duration may follow although the dates stay.
    if (isSame && node !== forward) continue
    low = node
    for (let index = network.outAt[node]!; index < network.outAt[node + 1]!; index++)
      dirty[network.linkTo[network.outLink[index]!]!] = 1
  }
  const finish = findFinish(network, pass)
  if (finish !== live.finish) {
    live.finish = finish
    limitAll(live)
    return
  }
  setEnd(network, pass, finish)
  // The late dates of a started or summarised activity look at its early ones: everything that moved is checked again.
  for (let node = 0; node < network.size; node++) dirty[node] = 0
  const last = Math.max(low, backward, forward)
  for (let node = forward; node <= last; node++) {
    dirty[node] = 1
    // Its first activity may now be another one.
    if (network.kind[node] === kinds.summary)
      for (let index = network.linkAt[node]!; index < network.linkAt[node + 1]!; index++)
        dirty[network.linkFrom[index]!] = 1
  }
  dirty[backward] = 1
  for (let node = last; node >= 0; node--) {
    if (dirty[node] === 0) continue
    dirty[node] = 0
    const [start, finish] = [pass.lateStart[node]!, pass.lateFinish[node]!]
    const sides = pass.lateStartSide[node]! * 2 + pass.lateFinishSide[node]!
    limitNode(network, durations, pass, node)
    const isSame =
      start === pass.lateStart[node] &&
      finish === pass.lateFinish[node] &&
      sides === pass.lateStartSide[node]! * 2 + pass.lateFinishSide[node]!
    if (isSame && node !== forward && node !== backward) continue
    for (let index = network.linkAt[node]!; index < network.linkAt[node + 1]!; index++)
      dirty[network.linkFrom[index]!] = 1
  }
}
