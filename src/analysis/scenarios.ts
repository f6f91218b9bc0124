/**
 * Possible futures, drawn so that series move together as they did in the past: for each scenario and period
 * to come, all series take their shock from the same past period (a rank in their own errors there, expressed as a
 * normal deviate). What each series does alone keeps its own distribution; the chance that several targets are met is
 * counted over scenarios, and is no product of chances (`measures` §6).
 */
import { normalQuantile } from './distributions.ts'
import { type Drift, driftDeviation, driftReach, type Passes, stateAt, type Weighted } from './posterior.ts'
import { seeded } from './random.ts'

/** Scenarios drawn for each series; the standard error of a chance stays below 0.016. */
export const scenarioCount = 1000

/** Past periods that may be drawn, counted back from the newest; longer series use only that many of their newest errors. */
const reachBack = 128

/** Standard normal deviates of 4,096 equal slices of probability: fast, and exact enough for tenths. */
const slices = 4096
let deviates: Float64Array | null = null
function deviateTable(): Float64Array {
  deviates ??= Float64Array.from({ length: slices }, (_, index) => normalQuantile((index + 0.5) / slices))
  return deviates
}

/** Mixes three whole numbers into 32 bits (finalizer of MurmurHash3): the same on every machine and for every series. */
function mixed(scenario: number, period: number, attempt: number): number {
  let hash =
    Math.imul(scenario + 1, 0x9e3779b1) ^ Math.imul(period + 1, 0x85ebca77) ^ Math.imul(attempt + 1, 0xc2b2ae3d)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Errors of a series by calendar: `firstPeriod` numbers the period of the first one (months since year 0, say). */
export type Errors = { readonly values: Float64Array; readonly firstPeriod: number }

/** Place of each calendar residue in the order of the errors, 0 to n − 1; −1 where there is none. */
function ranksOf({ values, firstPeriod }: Errors): { ranks: Int16Array; count: number } {
  const ranks = new Int16Array(reachBack).fill(-1)
  const usable: number[] = []
  for (let index = Math.max(0, values.length - reachBack); index < values.length; index += 1)
    if (!Number.isNaN(values[index]!)) usable.push(index)
  usable.sort((left, right) => values[left]! - values[right]! || left - right)
  for (const [rank, index] of usable.entries()) ranks[(firstPeriod + index) % reachBack] = rank
  return { ranks, count: usable.length }
}

export type DrawInput = {
  readonly passes: Passes
  readonly origin: number
  readonly weighted: Weighted
  /** What theta adds at each step; null for the other candidates. */
  readonly drift: Drift | null
  readonly errors: Errors
  /** Steps that are judged, from 1: a scenario misses at the first one that is not good. */
  readonly judged: {
    readonly first: number
    readonly last: number
    readonly good: (value: number, step: number) => boolean
  }
  /** Number of the first period to come. */
  readonly nextPeriod: number
  /** Variance ÷ σ² that is added at each step alike, e.g. of the effects of a season. */
  readonly variance: number
  /** Its own seed: uncertainty specific to one series is drawn independently of the others. */
  readonly seed: number
}

/** Never missed within the steps judged. */
export const neverMissed = 255

/** For each scenario the first step (from 1, below 255) that is not good, or `neverMissed`. No step after it is drawn. */
export function firstMisses(input: DrawInput): Uint8Array {
  const { passes, origin, weighted, errors, drift, nextPeriod } = input
  const { first, last, good } = input.judged
  const random = seeded(input.seed)
  const table = deviateTable()
  const normal = () => table[(random() * slices) | 0]!
  const { ranks, count } = ranksOf(errors)
  const cumulative = Float64Array.from(weighted.weights)
  for (let index = 1; index < cumulative.length; index += 1) cumulative[index]! += cumulative[index - 1]!
  const states = passes.points.map((_, index) => stateAt(passes, origin, index))
  const misses = new Uint8Array(scenarioCount).fill(neverMissed)
  const { freedom } = weighted
  for (let scenario = 0; scenario < scenarioCount; scenario += 1) {
    const pick = random()
    let index = 0
    while (index < cumulative.length - 1 && cumulative[index]! < pick) index += 1
    const state = states[index]!
    // Wilson & Hilferty 1931: χ² by its cube root.
    const cube = 1 - 2 / (9 * freedom) + normal() * Math.sqrt(2 / (9 * freedom))
    const sigma = Math.sqrt((state.variance * weighted.inflation) / Math.max(cube, 0.1) ** 3)
    const one = normal()
    const two = normal()
    const root = Math.sqrt(Math.max(state.levels, 0))
    const shared = root > 0 ? state.both / root : 0
    let level = state.level + sigma * root * one
    let trend = state.trend + sigma * (shared * one + Math.sqrt(Math.max(state.trends - shared * shared, 0)) * two)
    const ahead = drift ? driftReach(state.alpha, drift.counted) : 0
    const slope = drift ? drift.slope + sigma * driftDeviation(state.alpha, drift) * normal() : 0
    const separation = input.variance > 0 ? sigma * Math.sqrt(input.variance) : 0
    for (let step = 1; step <= last; step += 1) {
      const place = shockPlace(scenario, nextPeriod + step - 1, ranks, count)
      const error = sigma * table[Math.min(slices - 1, (place * slices) | 0)]!
      const expected = level + state.phi * trend
      if (step >= first) {
        const value = expected + slope * (step - 1 + ahead) + error + (separation > 0 ? separation * normal() : 0)
        if (!good(value, step)) {
          misses[scenario] = step
          break
        }
      }
      level = expected + state.alpha * error
      trend = state.phi * trend + state.beta * error
    }
  }
  return misses
}

/** The rank of the shock of a scenario and period among the series' own errors, in [0, 1). */
function shockPlace(scenario: number, period: number, ranks: Int16Array, count: number): number {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const bits = mixed(scenario, period, attempt)
    const rank = ranks[bits % reachBack]!
    if (rank >= 0) return (rank + (bits >>> 7) / 33554432) / count
  }
  return (mixed(scenario, period, 1000) + 0.5) / 4294967296
}

/** Share of scenarios in which a target is met through a step. */
export function shareMet(misses: Uint8Array, through: number): number {
  let met = 0
  for (const miss of misses) if (miss > through) met += 1
  return met / misses.length
}

/** A part of an outcome: its scenarios and the step that counts, or its known result. */
export type JointPart = { readonly misses: Uint8Array; readonly through: number } | { readonly decided: boolean }

/** Share of scenarios in which at least `needed` parts are met. */
export function jointShare(parts: readonly JointPart[], needed: number): number {
  let kept = 0
  for (let scenario = 0; scenario < scenarioCount; scenario += 1) {
    let met = 0
    for (const part of parts) if ('decided' in part ? part.decided : part.misses[scenario]! > part.through) met += 1
    if (met >= needed) kept += 1
  }
  return kept / scenarioCount
}
