/**
 * Late dates: the mirror of `forward.ts`, from the finish of the plan back. A limit is the latest instant that still fits, so of the two
 * instants with the same work behind them the later one is handed on.
 */
import { finishAt, onGrid, startAt, workAt } from '../calendar/calendar.ts'
import { lateSideOf, limitKinds } from './limits.ts'
import type { Network } from './network.ts'
import { kinds, types } from './order.ts'
import { instantOf, type Pass } from './pass.ts'

/** The smallest step of time (`onGrid`). */
const smallest = 1 / 1024

/**
 * Writes the late dates of all nodes, after `forwardPass` with the same durations; `finish` is what that gave, or another instant by
 * which the plan is to end. O(nodes + links), without allocation.
 */
export function backwardPass(network: Network, durations: Float64Array, pass: Pass, finish: number): void {
  setEnd(network, pass, finish)
  for (let node = network.size - 1; node >= 0; node--) limitNode(network, durations, pass, node)
}

/** Says in every calendar when the plan ends. */
export function setEnd(network: Network, pass: Pass, finish: number): void {
  for (let calendar = 0; calendar < network.calendars.length; calendar++) {
    const compiled = network.calendars[calendar]!
    const work = workAt(compiled, finish)
    pass.top[calendar] = work
    pass.topSide[calendar] = lateSideOf(compiled, work, finish)
  }
}

/** Late dates of one node from those of the nodes that wait for it. */
export function limitNode(network: Network, durations: Float64Array, pass: Pass, node: number): void {
  const kind = network.kind[node]!
  const calendar = network.calendar[node]!
  let finish = pass.top[calendar]!
  let finishSide = pass.topSide[calendar]!
  let start = Number.POSITIVE_INFINITY
  let startSide = 0
  const takesTime = calendar !== 0 && durations[node]! + network.still[node]! > 0
  const { hand } = pass
  const end = network.outAt[node + 1]!
  for (let index = network.outAt[node]!; index < end; index++) {
    const link = network.outLink[index]!
    const type = network.linkType[link]!
    const to = network.linkTo[link]!
    const isWithin = type === types.within
    // Finished activities no longer wait for anything.
    if (network.kind[to] === kinds.done) continue
    if (isWithin) limitWithin(network, pass, calendar, pass.lateFinish[to]!)
    else limit(network, durations, pass, link)
    let work = hand[0]!
    let side = hand[1]!
    if (isWithin || type === types.FS || type === types.FF) {
      if (work < finish || (work === finish && side < finishSide)) {
        finish = work
        finishSide = side
      }
      if (!isWithin || !isFirstWithin(network, pass, node, to)) continue
      limitWithin(network, pass, calendar, pass.lateStart[to]!)
      work = hand[0]!
      side = hand[1]!
    }
    // What takes time and must begin by the end of a shift must begin before it: at the end, it would only begin in the next one.
    if (side === 0 && takesTime) work -= smallest
    if (work < start || (work === start && side < startSide)) {
      start = work
      startSide = side
    }
  }
  if (network.deadline[node]! < finish) {
    finish = network.deadline[node]!
    finishSide = network.deadlineSide[node]!
  }
  if (kind === kinds.summary) {
    pass.lateFinish[node] = finish
    pass.lateFinishSide[node] = finishSide
    pass.lateStart[node] = start
    if (network.hold[node] === limitKinds.finishNoLater && network.holdAt[node]! < finish)
      pass.lateFinish[node] = network.holdAt[node]!
    return
  }
  const span =
    kind === kinds.fixed
      ? network.givenFinish[node]! - network.givenStart[node]!
      : kind === kinds.started
        ? pass.finish[node]! - pass.start[node]!
        : durations[node]! + network.still[node]!
  if (start + span < finish || (start + span === finish && span === 0 && startSide < finishSide)) {
    finish = start + span
    finishSide = span === 0 ? startSide : 1
  }
  const hold = network.hold[node]!
  if (hold !== limitKinds.nothing && hold !== limitKinds.late && kind === kinds.open) {
    const ofStart = hold === limitKinds.mustStart || hold === limitKinds.startNoLater
    const forced = hold === limitKinds.mustStart || hold === limitKinds.mustFinish
    const at = ofStart ? network.holdAt[node]! + span : network.holdAt[node]!
    if (forced || at < finish) {
      finish = at
      finishSide = network.holdSide[node]!
    }
  }
  pass.lateFinish[node] = finish
  pass.lateFinishSide[node] = finishSide
  pass.lateStart[node] = finish - span
  pass.lateStartSide[node] = span > 0 ? 1 : finishSide
}

/** The latest date that a link leaves to the node it comes from, in work of that node's calendar: `pass.hand`. */
export function limit(network: Network, durations: Float64Array, pass: Pass, link: number): void {
  const to = network.linkTo[link]!
  const from = network.linkFrom[link]!
  const type = network.linkType[link]!
  const ofStart = type === types.FS || type === types.SS
  let work = ofStart ? pass.lateStart[to]! : pass.lateFinish[to]!
  let side = ofStart ? pass.lateStartSide[to]! : pass.lateFinishSide[to]!
  // Of a started activity, only the rest can still wait.
  if (ofStart && network.kind[to] === kinds.started)
    work = pass.lateFinish[to]! - Math.max(0, durations[to]! - network.done[to]!)
  if (network.delay[to]! > 0) {
    work = withoutDelay(network, durations, to, work, side, ofStart)
    side = 1
  }
  const share = network.linkShare[link]!
  const lag = share === 0 ? network.linkLag[link]! : network.linkLag[link]! + onGrid(share * durations[from]!)
  if (network.linkPlain[link] === 1) {
    if (lag !== 0) {
      // A lead reaches the beginning of a shift, which is later than the end of the one before.
      work -= lag < 0 && side === 0 ? lag + smallest : lag
      side = 1
    }
  } else {
    let instant = instantOf(network, network.calendar[to]!, work, side)
    if (lag !== 0) {
      const lagCalendar = network.linkCalendar[link]!
      if (lagCalendar === 0) instant -= lag
      else {
        const counted = network.calendars[lagCalendar]!
        const reached = workAt(counted, instant)
        const short = lag < 0 && startAt(counted, reached) > instant ? smallest : 0
        instant = startAt(counted, reached - short - lag)
      }
    }
    const calendar = network.calendar[from]!
    const compiled = network.calendars[calendar]!
    work = toCalendar(network, calendar, instant)
    side = calendar === 0 ? 0 : lateSideOf(compiled, work, instant)
  }
  pass.hand[0] = work
  pass.hand[1] = side
}

/** What a late date leaves to those before an activity that waits by itself (levelling); the wait begins when work could. */
function withoutDelay(
  network: Network,
  durations: Float64Array,
  node: number,
  work: number,
  side: number,
  ofStart: boolean,
): number {
  const calendar = network.calendar[node]!
  const compiled = network.calendars[calendar]!
  const full = durations[node]! + network.still[node]!
  const span = ofStart ? 0 : full
  // What takes time may begin as late as work begins again; a milestone only where it is allowed to be.
  const instant = instantOf(network, calendar, work - span, full > 0 ? 1 : side) - network.delay[node]!
  const before = workAt(compiled, instant)
  // In a break: whoever comes before it must be done before the break begins, by the smallest step of time.
  return before + span - (startAt(compiled, before) > instant ? smallest : 0)
}

function toCalendar(network: Network, calendar: number, instant: number): number {
  if (calendar === 0 || instant === Number.POSITIVE_INFINITY) return instant
  return workAt(network.calendars[calendar]!, instant)
}

/** The latest date that a summary leaves to what is within it: `pass.hand`. */
function limitWithin(network: Network, pass: Pass, calendar: number, instant: number): void {
  const work = toCalendar(network, calendar, instant)
  pass.hand[0] = work
  pass.hand[1] = calendar === 0 ? 0 : lateSideOf(network.calendars[calendar]!, work, instant)
}

/** Only what begins a summary can hold up what waits for its start. */
const isFirstWithin = (network: Network, pass: Pass, node: number, summary: number): boolean =>
  instantOf(network, network.calendar[node]!, pass.start[node]!, pass.startSide[node]!) === pass.start[summary]

/** Late start of a node as an instant. */
export const lateStartOf = (network: Network, pass: Pass, node: number): number =>
  instantOf(network, network.calendar[node]!, pass.lateStart[node]!, pass.lateStartSide[node]!)

/** Late finish of a node as an instant; if it takes time, the end of work. */
export const lateFinishOf = (network: Network, pass: Pass, node: number): number => {
  const calendar = network.calendar[node]!
  const isMilestone = pass.lateStart[node] === pass.lateFinish[node]
  if (calendar === 0 || isMilestone)
    return instantOf(network, calendar, pass.lateFinish[node]!, pass.lateFinishSide[node]!)
  return finishAt(network.calendars[calendar]!, pass.lateFinish[node]!)
}
