/**
 * Working memory for schedules of a network; allocated once and reused. Plain typed arrays, by node. A pass may have
 * several *lanes*: as many schedules side by side, each with durations of its own, of which `forwardPass` does each node and
 * link for all lanes before the next. Early dates are then at [node × lanes + lane]; late dates are those of a single lane.
 */
import { finishAt, startAt } from '../calendar/calendar.ts'
import type { Crossing } from './crossing.ts'
import type { Network } from './network.ts'

export type Pass = {
  readonly lanes: number
  /** Work of the node's calendar, by node and lane; sides as in `Limits`. */
  readonly start: Float64Array
  readonly finish: Float64Array
  readonly startSide: Uint8Array
  readonly finishSide: Uint8Array
  readonly lateStart: Float64Array
  readonly lateFinish: Float64Array
  readonly lateStartSide: Uint8Array
  readonly lateFinishSide: Uint8Array
  /** Work of each calendar, by calendar and lane, at the latest finish of its nodes, then at the finish of the plan. */
  readonly top: Float64Array
  readonly topSide: Uint8Array
  /** One date that a calculation returns to its caller: work, and side. */
  readonly hand: Float64Array
  /** Instants before which nodes may not start (a levelled plan); −Infinity where there is none. */
  readonly notBefore: Float64Array
  /** Where the nodes of a plan scheduled "as late as possible" begin; NaN for the others. */
  readonly lateHold: Float64Array
  /** By link: a quick way from one calendar to the other, where there is one. Empty: there are none. */
  readonly crossings: readonly (Crossing | null)[]
}

export function openPass({ size, calendars }: Network, lanes = 1, crossings: Pass['crossings'] = []): Pass {
  const numbers = () => new Float64Array(size)
  const sides = () => new Uint8Array(size)
  return {
    lanes,
    start: new Float64Array(size * lanes),
    finish: new Float64Array(size * lanes),
    startSide: new Uint8Array(size * lanes),
    finishSide: new Uint8Array(size * lanes),
    lateStart: numbers(),
    lateFinish: numbers(),
    lateStartSide: sides(),
    lateFinishSide: sides(),
    top: new Float64Array(calendars.length * lanes),
    topSide: new Uint8Array(calendars.length * lanes),
    hand: new Float64Array(2),
    notBefore: numbers().fill(Number.NEGATIVE_INFINITY),
    lateHold: numbers().fill(Number.NaN),
    crossings,
  }
}

/** The instant of a date given as work and side. */
export const instantOf = (network: Network, calendar: number, work: number, side: number): number =>
  calendar === 0
    ? work
    : side === 1
      ? startAt(network.calendars[calendar]!, work)
      : finishAt(network.calendars[calendar]!, work)

/** Early start of a node as an instant. */
export function startOf(network: Network, pass: Pass, node: number, lane = 0): number {
  const at = node * pass.lanes + lane
  return instantOf(network, network.calendar[node]!, pass.start[at]!, pass.startSide[at]!)
}

/** Early finish of a node as an instant. */
export function finishOf(network: Network, pass: Pass, node: number, lane = 0): number {
  const at = node * pass.lanes + lane
  return instantOf(network, network.calendar[node]!, pass.finish[at]!, pass.finishSide[at]!)
}
