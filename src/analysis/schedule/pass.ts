/** Room for one schedule of a network; opened once, used again for as many as wanted. Plain typed arrays, by node. */
import { finishAt, startAt } from '../calendar/calendar.ts'
import type { Network } from './network.ts'

export type Pass = {
  /** Work of the node's calendar; sides as in `Limits`. */
  readonly start: Float64Array
  readonly finish: Float64Array
  readonly startSide: Uint8Array
  readonly finishSide: Uint8Array
  readonly lateStart: Float64Array
  readonly lateFinish: Float64Array
  readonly lateStartSide: Uint8Array
  readonly lateFinishSide: Uint8Array
  /** Work of each calendar at the latest finish of its nodes, then at the finish of the plan. */
  readonly top: Float64Array
  readonly topSide: Uint8Array
  /** One date that a calculation hands to its caller: work, and side. */
  readonly hand: Float64Array
  /** Instants before which nodes may not start (a levelled plan); −Infinity where there is none. */
  readonly notBefore: Float64Array
  /** Where the nodes of a plan scheduled "as late as possible" begin; NaN for the others. */
  readonly lateHold: Float64Array
}

export function openPass({ size, calendars }: Network): Pass {
  const numbers = () => new Float64Array(size)
  const sides = () => new Uint8Array(size)
  return {
    start: numbers(),
    finish: numbers(),
    startSide: sides(),
    finishSide: sides(),
    lateStart: numbers(),
    lateFinish: numbers(),
    lateStartSide: sides(),
    lateFinishSide: sides(),
    top: new Float64Array(calendars.length),
    topSide: new Uint8Array(calendars.length),
    hand: new Float64Array(2),
    notBefore: numbers().fill(Number.NEGATIVE_INFINITY),
    lateHold: numbers().fill(Number.NaN),
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
export const startOf = (network: Network, pass: Pass, node: number): number =>
  instantOf(network, network.calendar[node]!, pass.start[node]!, pass.startSide[node]!)

/** Early finish of a node as an instant. */
export const finishOf = (network: Network, pass: Pass, node: number): number =>
  instantOf(network, network.calendar[node]!, pass.finish[node]!, pass.finishSide[node]!)
