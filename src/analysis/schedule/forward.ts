/**
 * Early dates (Kelley & Walker 1959, precedence diagramming). Everything is counted in work of the activity's own calendar, so that
 * a link within one calendar costs an addition; only links between calendars, and elapsed lags, go through instants.
 */
import { finishAt, onGrid, startAt, workAt } from '../calendar/calendar.ts'
import { type Crossing, cross } from './crossing.ts'
import { limitKinds, sideOf } from './limits.ts'
import type { Network } from './network.ts'
import { kinds, types } from './order.ts'
import { finishOf, instantOf, type Pass, startOf } from './pass.ts'

/**
 * Writes the early dates of all nodes and returns the finish of the plan as an instant (the latest finish; the start of the plan if
 * there is nothing), of the first lane; of the others `planFinish` gives it. `durations` are working minutes by node and lane, ≥ 0.
 * NaN: some activity never ends, because no work is done. O(nodes + links), without allocation.
 */
export function forwardPass(network: Network, durations: Float64Array, pass: Pass): number {
  placeNodes(network, durations, pass, 0, network.size)
  return findFinish(network, pass)
}

/** Finish of the plan in one lane, from how far each calendar got. */
export function planFinish(network: Network, pass: Pass, lane = 0): number {
  let finish = Number.NEGATIVE_INFINITY
  for (let calendar = 0; calendar < network.calendars.length; calendar++) {
    const at = calendar * pass.lanes + lane
    if (pass.top[at] === Number.NEGATIVE_INFINITY) continue
    const instant = instantOf(network, calendar, pass.top[at]!, pass.topSide[at]!)
    if (!(instant <= finish)) finish = instant
    if (Number.isNaN(instant)) break
  }
  return finish === Number.NEGATIVE_INFINITY ? network.start : finish
}

/** Finish of the plan from the finishes of all nodes; for after nodes were placed one by one. */
export function findFinish(network: Network, pass: Pass): number {
  const { size, kind, calendar } = network
  const { lanes, top, topSide, finish: finishes, finishSide: finishSides } = pass
  top.fill(Number.NEGATIVE_INFINITY)
  topSide.fill(0)
  for (let node = 0; node < size; node++) {
    if (kind[node] === kinds.gate || kind[node] === kinds.inactive) continue
    const row = node * lanes
    const topRow = calendar[node]! * lanes
    for (let lane = 0; lane < lanes; lane++) {
      const finish = finishes[row + lane]!
      const at = topRow + lane
      // Written so that a NaN is kept.
      if (!(finish <= top[at]!)) {
        top[at] = finish
        topSide[at] = finishSides[row + lane]!
      } else if (finish === top[at] && finishSides[row + lane]! > topSide[at]!) topSide[at] = finishSides[row + lane]!
    }
  }
  return planFinish(network, pass)
}

/** Early dates of one node from those of the nodes it waits for. */
export const placeNode = (network: Network, durations: Float64Array, pass: Pass, node: number): void =>
  placeNodes(network, durations, pass, node, node + 1)

/** The same for the nodes from `first` to before `end`; arrays are named before the loop, because it is where simulations spend their time. */
function placeNodes(network: Network, durations: Float64Array, pass: Pass, first: number, end: number): void {
  const { kind, floorStart, floorStartSide, floorFinish, floorFinishSide, still, delay, hold } = network
  const { linkAt, linkFrom, linkType, linkLag, linkShare, linkPlain } = network
  const { lanes, start: starts, finish: finishes, startSide: startSides, finishSide: finishSides, notBefore } = pass
  for (let node = first; node < end; node++) {
    const own = kind[node]!
    const row = node * lanes
    const rowEnd = row + lanes
    if (own !== kinds.open && own !== kinds.gate) {
      for (let at = row; at < rowEnd; at++) placeGiven(network, durations, pass, node, own, at)
      continue
    }
    const minStart = floorStart[node]!
    const minStartSide = floorStartSide[node]!
    const minFinish = floorFinish[node]!
    const minFinishSide = floorFinishSide[node]!
    for (let at = row; at < rowEnd; at++) {
      starts[at] = minStart
      startSides[at] = minStartSide
      finishes[at] = minFinish
      finishSides[at] = minFinishSide
    }
    const lastLink = linkAt[node + 1]!
    for (let link = linkAt[node]!; link < lastLink; link++) {
      const type = linkType[link]!
      const ofStart = type === types.FS || type === types.SS
      const into = ofStart ? starts : finishes
      const intoSides = ofStart ? startSides : finishSides
      if (linkPlain[link] === 1 && linkShare[link] === 0) {
        // Nearly all links of most plans; the same as `bound`, without the way there and back.
        const atFinish = type === types.FS || type === types.FF
        const from = atFinish ? finishes : starts
        const fromSides = atFinish ? finishSides : startSides
        raise(from, fromSides, linkFrom[link]! * lanes, linkLag[link]!, into, intoSides, row, rowEnd)
        continue
      }
      const crossing = linkShare[link] === 0 ? crossingFor(network, pass, link, linkLag[link]!) : null
      if (crossing === null) raiseFar(network, durations, pass, link, into, intoSides, row, rowEnd)
      else raiseAcross(network, durations, pass, link, crossing, into, intoSides, row, rowEnd)
    }
    if (delay[node]! > 0 || notBefore[node]! > Number.NEGATIVE_INFINITY)
      for (let at = row; at < rowEnd; at++) wait(network, durations, pass, node, at)
    settle(durations, still[node]!, pass, row, rowEnd)
    if (hold[node] !== limitKinds.nothing)
      for (let at = row; at < rowEnd; at++) holdNode(network, pass, node, durations[at]! + still[node]!, at)
  }
}

/** Raises the dates of one node, at `row` to before `rowEnd`, to those of another, from `other` on, and a lag in the same calendar. */
function raise(
  from: Float64Array,
  fromSides: Uint8Array,
  other: number,
  lag: number,
  into: Float64Array,
  intoSides: Uint8Array,
  row: number,
  rowEnd: number,
): void {
  for (let at = row, source = other; at < rowEnd; at++, source++) {
    const work = from[source]! + lag
    const now = into[at]!
    if (work < now) continue
    const side = lag === 0 ? fromSides[source]! : lag > 0 ? 0 : 1
    if (work > now || (work === now && side > intoSides[at]!)) {
      into[at] = work
      intoSides[at] = side
    }
  }
}

/** Raises one date to the one in `hand`. */
function raiseTo(hand: Float64Array, into: Float64Array, intoSides: Uint8Array, at: number): void {
  const work = hand[0]!
  const now = into[at]!
  if (work > now || (work === now && hand[1]! > intoSides[at]!)) {
    into[at] = work
    intoSides[at] = hand[1]!
  }
}

/** Raises the dates of one node to what its links require. */
function raiseFar(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  link: number,
  into: Float64Array,
  intoSides: Uint8Array,
  row: number,
  rowEnd: number,
): void {
  const { hand } = pass
  for (let at = row; at < rowEnd; at++) {
    bound(network, durations, pass, link, at - row)
    raiseTo(hand, into, intoSides, at)
  }
}

/** The same over a link with a quick way between its calendars. */
function raiseAcross(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  link: number,
  crossing: Crossing,
  into: Float64Array,
  intoSides: Uint8Array,
  row: number,
  rowEnd: number,
): void {
  const { hand } = pass
  const type = network.linkType[link]!
  const atFinish = type === types.FS || type === types.FF
  const from = atFinish ? pass.finish : pass.start
  const fromSides = atFinish ? pass.finishSide : pass.startSide
  const lag = network.linkLag[link]!
  const begins = beginsWorked(network, link)
  const still = network.still[network.linkTo[link]!]!
  let source = network.linkFrom[link]! * pass.lanes
  for (let at = row; at < rowEnd; at++, source++) {
    if (!cross(crossing, from[source]!, fromSides[source]!, lag, hand)) bound(network, durations, pass, link, at - row)
    else if (begins && durations[at]! + still > 0) hand[1] = 1
    raiseTo(hand, into, intoSides, at)
  }
}

/** The quick way over a link between calendars, where there is one and its lag may go over it too. */
function crossingFor(network: Network, pass: Pass, link: number, lag: number): Crossing | null {
  if (pass.crossings.length === 0) return null
  const crossing = pass.crossings[link]!
  if (crossing === null || lag === 0) return crossing
  const { calendars } = network
  const inOwn = calendars[network.linkCalendar[link]!] === calendars[network.calendar[network.linkTo[link]!]!]
  return lag > 0 && inOwn ? crossing : null
}

/** Whether an activity that takes time begins with the next minute worked, whichever side it was reached from. */
function beginsWorked(network: Network, link: number): boolean {
  const type = network.linkType[link]!
  return (type === types.FS || type === types.SS) && network.calendar[network.linkTo[link]!] !== 0
}

/** A fixed wait after the links, and no earlier than a constraint allows. */
function wait(network: Network, durations: Float64Array, pass: Pass, node: number, at: number): void {
  const span = durations[at]! + network.still[node]!
  const compiled = network.calendars[network.calendar[node]!]!
  const [start, finish] = [pass.start[at]!, pass.finish[at]!]
  const earliest = Math.max(startAt(compiled, start), startAt(compiled, finish - span) || Number.NEGATIVE_INFINITY)
  const instant = Math.max(earliest + network.delay[node]!, pass.notBefore[node]!)
  const work = workAt(compiled, instant)
  if (work > start) {
    pass.start[at] = work
    pass.startSide[at] = sideOf(compiled, work, instant)
  }
}

/** Fits the dates of one node, so far only lower bounds, to its duration. */
function settle(durations: Float64Array, still: number, pass: Pass, row: number, rowEnd: number): void {
  const { start: starts, finish: finishes, startSide: startSides, finishSide: finishSides } = pass
  for (let at = row; at < rowEnd; at++) {
    const span = durations[at]! + still
    const start = starts[at]!
    const finish = finishes[at]!
    if (span === 0) {
      // A milestone stays where it was reached, such as at the end of Friday.
      if (finish > start || (finish === start && finishSides[at]! > startSides[at]!)) {
        starts[at] = finish
        startSides[at] = finishSides[at]!
      } else {
        finishes[at] = start
        finishSides[at] = startSides[at]!
      }
      continue
    }
    startSides[at] = 1
    const latest = finish - span
    if (latest > start) starts[at] = latest
    else {
      if (latest < start) finishSides[at] = 0
      finishes[at] = start + span
    }
  }
}

/** The date that a link demands of the node it leads to, in work of that node's calendar: `pass.hand`. */
export function bound(network: Network, durations: Float64Array, pass: Pass, link: number, lane = 0): void {
  const { lanes, hand } = pass
  const from = network.linkFrom[link]! * lanes + lane
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
    const takesTime = durations[node * lanes + lane]! + network.still[node]! > 0
    const crossing = crossingFor(network, pass, link, lag)
    if (crossing !== null && cross(crossing, work, side, lag, hand)) {
      if (takesTime && beginsWorked(network, link)) hand[1] = 1
      return
    }
    let instant = instantOf(network, network.calendar[network.linkFrom[link]!]!, work, side)
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
      side = takesTime && beginsWorked(network, link) ? 1 : sideOf(compiled, work, instant)
    }
  }
  hand[0] = work
  hand[1] = side
}

/** Constraints that override the links; the conflict shows as negative float of predecessors. */
function holdNode(network: Network, pass: Pass, node: number, span: number, at: number): void {
  const limit = network.holdAt[node]!
  const hold = network.hold[node]!
  const forced = hold === limitKinds.mustStart || hold === limitKinds.mustFinish
  const ofStart = hold === limitKinds.mustStart || hold === limitKinds.startNoLater
  if (hold === limitKinds.late) {
    const late = pass.lateHold[node]!
    if (Number.isNaN(late) || late <= pass.start[at]!) return
    pass.start[at] = late
    pass.finish[at] = late + span
    pass.startSide[at] = span > 0 ? 1 : pass.lateStartSide[node]!
    pass.finishSide[at] = span > 0 ? 0 : pass.lateStartSide[node]!
    return
  }
  if (!forced && (ofStart ? pass.start[at]! <= limit : pass.finish[at]! <= limit)) return
  const side = network.holdSide[node]!
  const start = ofStart ? limit : limit - span
  pass.start[at] = start
  pass.finish[at] = start + span
  pass.startSide[at] = span > 0 ? 1 : side
  pass.finishSide[at] = span > 0 && ofStart ? 0 : side
}

/** Nodes that have begun, have ended, were set by hand, or follow from the activities within. */
function placeGiven(
  network: Network,
  durations: Float64Array,
  pass: Pass,
  node: number,
  kind: number,
  at: number,
): void {
  if (kind === kinds.summary) {
    placeSummary(network, pass, node, at)
    return
  }
  if (kind === kinds.inactive) {
    pass.start[at] = network.floorStart[node]!
    pass.startSide[at] = network.floorStartSide[node]!
    pass.finish[at] = pass.start[at]! + durations[at]! + network.still[node]!
    pass.finishSide[at] = durations[at]! > 0 ? 0 : pass.startSide[at]!
    return
  }
  pass.start[at] = network.givenStart[node]!
  pass.startSide[at] = network.givenStartSide[node]!
  if (kind !== kinds.started) {
    pass.finish[at] = network.givenFinish[node]!
    pass.finishSide[at] = network.givenFinishSide[node]!
    return
  }
  const duration = durations[at]!
  const rest = network.restFrom[node]! + Math.max(0, duration - network.done[node]!)
  const finish = Math.max(pass.start[at]! + duration + network.still[node]!, rest)
  const floor = network.floorFinish[node]!
  pass.finish[at] = floor > finish ? floor : finish
  pass.finishSide[at] = floor > finish ? network.floorFinishSide[node]! : duration > 0 ? 0 : pass.startSide[at]!
}

/** From the earliest start to the latest finish of what is within; a summary is counted in instants. */
function placeSummary(network: Network, pass: Pass, node: number, at: number): void {
  const { lanes } = pass
  const lane = at - node * lanes
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let link = network.linkAt[node]!; link < network.linkAt[node + 1]!; link++) {
    if (network.linkType[link] !== types.within) continue
    const from = network.linkFrom[link]!
    const start = startOf(network, pass, from, lane)
    const finish = finishOf(network, pass, from, lane)
    if (start < first) first = start
    if (!(finish <= last)) last = finish
  }
  pass.start[at] = first === Number.POSITIVE_INFINITY ? network.start : first
  pass.finish[at] = first === Number.POSITIVE_INFINITY ? network.start : last
  pass.startSide[at] = 0
  pass.finishSide[at] = 0
}
