/**
 * Early dates (Kelley & Walker 1959, precedence diagramming). Everything is counted in work of the activity's own calendar, so that
 * a link within one calendar costs an addition; only links between calendars, and elapsed lags, go through instants.
 */
import { finishAt, onGrid, startAt, workAt } from '../calendar/calendar.ts'
import { holds, sideOf } from './limits.ts'
import type { Network } from './network.ts'
import { kinds, types } from './order.ts'
import { finishOf, instantOf, type Pass, startOf } from './pass.ts'

/**
 * Writes the early dates of all nodes and gives the finish of the plan as an instant (the latest finish; the start of the plan where
 * there is nothing). `durations` are working minutes by node, ≥ 0. NaN: some activity never ends, because nothing is worked.
 * O(nodes + links), without allocation.
 */
export function forwardPass(network: Network, durations: Float64Array, pass: Pass): number {
  pass.top.fill(Number.NEGATIVE_INFINITY)
  pass.topSide.fill(0)
  for (let node = 0; node < network.size; node++) {
    placeNode(network, durations, pass, node)
    raiseTop(network, pass, node)
  }
  return planFinish(network, pass)
}

/** Raises the latest finish of a calendar to that of a node. */
export function raiseTop(network: Network, pass: Pass, node: number): void {
  const kind = network.kind[node]!
  if (kind === kinds.gate || kind === kinds.inactive) return
  const calendar = network.calendar[node]!
  const finish = pass.finish[node]!
  // Written so that a NaN stays.
  if (!(finish <= pass.top[calendar]!)) {
    pass.top[calendar] = finish
    pass.topSide[calendar] = pass.finishSide[node]!
  } else if (finish === pass.top[calendar] && pass.finishSide[node]! > pass.topSide[calendar]!)
    pass.topSide[calendar] = pass.finishSide[node]!
}

/** Finish of the plan from what each calendar reached; and, written into `top`, where that is in every calendar. */
export function planFinish(network: Network, pass: Pass): number {
  let finish = Number.NEGATIVE_INFINITY
  for (let calendar = 0; calendar < network.calendars.length; calendar++) {
    if (pass.top[calendar] === Number.NEGATIVE_INFINITY) continue
    const instant = instantOf(network, calendar, pass.top[calendar]!, pass.topSide[calendar]!)
    if (!(instant <= finish)) finish = instant
    if (Number.isNaN(instant)) break
  }
  return finish === Number.NEGATIVE_INFINITY ? network.start : finish
}

/** Finish of the plan from the finishes of all nodes; for after nodes were placed one by one. */
export function findFinish(network: Network, pass: Pass): number {
  pass.top.fill(Number.NEGATIVE_INFINITY)
  pass.topSide.fill(0)
  for (let node = 0; node < network.size; node++) raiseTop(network, pass, node)
  return planFinish(network, pass)
}

/** Early dates of one node from those of the nodes it waits for. */
export function placeNode(network: Network, durations: Float64Array, pass: Pass, node: number): void {
  const kind = network.kind[node]!
  if (kind !== kinds.open && kind !== kinds.gate) {
    placeGiven(network, durations, pass, node, kind)
    return
  }
  let start = network.floorStart[node]!
  let startSide = network.floorStartSide[node]!
  let finish = network.floorFinish[node]!
  let finishSide = network.floorFinishSide[node]!
  const end = network.linkAt[node + 1]!
  for (let link = network.linkAt[node]!; link < end; link++) {
    const type = network.linkType[link]!
    let work: number
    let side: number
    if (network.linkPlain[link] === 1 && network.linkShare[link] === 0) {
      // Nearly all links of most plans; the same as `bound`, without the way there and back.
      const from = network.linkFrom[link]!
      const lag = network.linkLag[link]!
      if (type === types.FS || type === types.FF) {
        work = pass.finish[from]! + lag
        side = pass.finishSide[from]!
      } else {
        work = pass.start[from]! + lag
        side = pass.startSide[from]!
      }
      if (lag !== 0) side = lag > 0 ? 0 : 1
    } else {
      bound(network, durations, pass, link)
      work = pass.hand[0]!
      side = pass.hand[1]!
    }
    if (type === types.FS || type === types.SS) {
      if (work > start || (work === start && side > startSide)) {
        start = work
        startSide = side
      }
    } else if (work > finish || (work === finish && side > finishSide)) {
      finish = work
      finishSide = side
    }
  }
  const span = durations[node]! + network.still[node]!
  const calendar = network.calendar[node]!
  const wait = pass.notBefore[node]!
  if (network.delay[node]! > 0 || wait > Number.NEGATIVE_INFINITY) {
    const compiled = network.calendars[calendar]!
    const earliest = Math.max(startAt(compiled, start), startAt(compiled, finish - span) || Number.NEGATIVE_INFINITY)
    const instant = Math.max(earliest + network.delay[node]!, wait)
    const work = workAt(compiled, instant)
    if (work > start) {
      start = work
      startSide = sideOf(compiled, work, instant)
    }
  }
  if (span === 0) {
    // A milestone stays where it was reached: at the end of Friday, if that is it.
    if (finish > start || (finish === start && finishSide > startSide)) {
      start = finish
      startSide = finishSide
    }
    finish = start
    finishSide = startSide
  } else if (finish - span > start) {
    start = finish - span
    startSide = 1
  } else {
    if (finish - span < start) finishSide = 0
    finish = start + span
    startSide = 1
  }
  pass.start[node] = start
  pass.finish[node] = finish
  pass.startSide[node] = startSide
  pass.finishSide[node] = finishSide
  if (network.hold[node] !== holds.nothing) holdNode(network, pass, node, span)
}

/** The date that a link demands of the node it leads to, in work of that node's calendar: `pass.hand`. */
export function bound(network: Network, durations: Float64Array, pass: Pass, link: number): void {
  const from = network.linkFrom[link]!
  const type = network.linkType[link]!
  const atFinish = type === types.FS || type === types.FF
  let work = atFinish ? pass.finish[from]! : pass.start[from]!
  let side = atFinish ? pass.finishSide[from]! : pass.startSide[from]!
  const share = network.linkShare[link]!
  const lag = share === 0 ? network.linkLag[link]! : network.linkLag[link]! + onGrid(share * durations[from]!)
  if (network.linkPlain[link] === 1) {
    if (lag !== 0) {
      work += lag
      side = lag > 0 ? 0 : 1
    }
  } else {
    const node = network.linkTo[link]!
    let instant = instantOf(network, network.calendar[from]!, work, side)
    if (lag !== 0) {
      const lagCalendar = network.linkCalendar[link]!
      if (lagCalendar === 0) instant += lag
      else {
        const counted = network.calendars[lagCalendar]!
        const reached = workAt(counted, instant) + lag
        instant = lag > 0 ? finishAt(counted, reached) : startAt(counted, reached)
      }
    }
    const calendar = network.calendar[node]!
    if (calendar === 0) {
      work = instant
      side = 0
    } else {
      const compiled = network.calendars[calendar]!
      work = workAt(compiled, instant)
      // What takes time begins with the next minute that is worked, whichever side it was reached from.
      const begins = type === types.FS || type === types.SS
      side = begins && durations[node]! + network.still[node]! > 0 ? 1 : sideOf(compiled, work, instant)
    }
  }
  pass.hand[0] = work
  pass.hand[1] = side
}

/** Constraints that hold against the links; the conflict shows as negative float of what comes before. */
function holdNode(network: Network, pass: Pass, node: number, span: number): void {
  const at = network.holdAt[node]!
  const hold = network.hold[node]!
  const forced = hold === holds.mustStart || hold === holds.mustFinish
  const ofStart = hold === holds.mustStart || hold === holds.startNoLater
  if (hold === holds.late) {
    const late = pass.lateHold[node]!
    if (Number.isNaN(late) || late <= pass.start[node]!) return
    pass.start[node] = late
    pass.finish[node] = late + span
    pass.startSide[node] = span > 0 ? 1 : pass.lateStartSide[node]!
    pass.finishSide[node] = span > 0 ? 0 : pass.lateStartSide[node]!
    return
  }
  if (!forced && (ofStart ? pass.start[node]! <= at : pass.finish[node]! <= at)) return
  const side = network.holdSide[node]!
  const start = ofStart ? at : at - span
  pass.start[node] = start
  pass.finish[node] = start + span
  pass.startSide[node] = span > 0 ? 1 : side
  pass.finishSide[node] = span > 0 && ofStart ? 0 : side
}

/** What has begun, ended, been set by hand, or follows from the activities within. */
function placeGiven(network: Network, durations: Float64Array, pass: Pass, node: number, kind: number): void {
  if (kind === kinds.summary) {
    placeSummary(network, pass, node)
    return
  }
  if (kind === kinds.inactive) {
    pass.start[node] = network.floorStart[node]!
    pass.startSide[node] = network.floorStartSide[node]!
    pass.finish[node] = pass.start[node]! + durations[node]! + network.still[node]!
    pass.finishSide[node] = durations[node]! > 0 ? 0 : pass.startSide[node]!
    return
  }
  pass.start[node] = network.givenStart[node]!
  pass.startSide[node] = network.givenStartSide[node]!
  if (kind !== kinds.started) {
    pass.finish[node] = network.givenFinish[node]!
    pass.finishSide[node] = network.givenFinishSide[node]!
    return
  }
  const duration = durations[node]!
  const rest = network.restFrom[node]! + Math.max(0, duration - network.done[node]!)
  const finish = Math.max(pass.start[node]! + duration + network.still[node]!, rest)
  const floor = network.floorFinish[node]!
  pass.finish[node] = floor > finish ? floor : finish
  pass.finishSide[node] = floor > finish ? network.floorFinishSide[node]! : duration > 0 ? 0 : pass.startSide[node]!
}

/** From the earliest start to the latest finish of what is within; a summary is counted in instants. */
function placeSummary(network: Network, pass: Pass, node: number): void {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let link = network.linkAt[node]!; link < network.linkAt[node + 1]!; link++) {
    if (network.linkType[link] !== types.within) continue
    const from = network.linkFrom[link]!
    const start = startOf(network, pass, from)
    const finish = finishOf(network, pass, from)
    if (start < first) first = start
    if (!(finish <= last)) last = finish
  }
  pass.start[node] = first === Number.POSITIVE_INFINITY ? network.start : first
  pass.finish[node] = first === Number.POSITIVE_INFINITY ? network.start : last
  pass.startSide[node] = 0
  pass.finishSide[node] = 0
}
