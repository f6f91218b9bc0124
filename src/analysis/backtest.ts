/**
 * Rolling origin: every candidate is held against the same origins in the second half of the series, seeing only what
 * was known then, and the same procedure is scored that makes the forecast. The score is the quantile score over five
 * quantiles, an approximation of CRPS (Gneiting & Raftery 2007), which asks for a good middle and an honest width at once;
 * it is taken on the values as measured, so that candidates on different scales can be compared.
 */
import { tQuantile } from './distributions.ts'
import { type Drift, type GridForm, type Passes, type Predictive, passesOf, predictiveAt } from './posterior.ts'
import type { Scale } from './scale.ts'
import { findSeason, type Season, seasonalCycles } from './seasonal.ts'

/** Candidates by parsimony: of those that foresee about equally well, the first one is taken. */
export const candidates = ['ANN', 'theta', 'AAdN', 'AAN'] as const
export type Candidate = (typeof candidates)[number]

/** Fewest values that anything is fitted to, and that a backtest origin needs. */
export const minToFit = 6
export const minToLearn = 8
/** With fewer origins nothing can be chosen. */
export const minOrigins = 4
/** A backtest takes at most so many origins, spread evenly, and looks at most so many steps ahead from each. */
const maxOrigins = 24
const maxSteps = 24

export type Backtest = {
  /** Ranges tried (origins × steps) and how many of them held what came. */
  readonly tried: number
  readonly held: number
  /** Origins from which something was foretold. */
  readonly origins: number
}

/** The season of a series with its cost; null where there is none. */
export type Adjusted = { readonly values: Float64Array; readonly season: Season | null }

/** What an adjustment by averages costs: a mean for each season but one, each over the years seen. */
export const costOf = (season: Season | null, counted: number) =>
  season ? { freedom: season.length - 1, variance: (season.length - 1) / Math.max(season.length, counted) } : null

/** Takes out a season found in the first `known` values from all of them. Gaps forbid to look for one. */
export function adjust(values: Float64Array, known: number, length: number | null, stated: boolean | null): Adjusted {
  if (length === null || stated === false || known < length * seasonalCycles) return { values, season: null }
  const seen = Array.from(values.subarray(0, known))
  if (seen.some(Number.isNaN)) return { values, season: null }
  const season = findSeason(seen, length, stated === true)
  if (!season) return { values, season: null }
  return { values: values.map((value, index) => value - season.effects[index % length]!), season }
}

/** Straight lines through the first values up to each origin: what theta adds half of. */
function driftsOf(values: Float64Array, origins: readonly number[]): Drift[] {
  let [n, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0]
  const first = values.find((value) => !Number.isNaN(value)) ?? 0
  const drifts: Drift[] = []
  let next = 0
  for (let index = 0; index <= values.length && next < origins.length; index += 1) {
    if (index === origins[next]) {
      const spread = sumXX - (sumX * sumX) / Math.max(1, n)
      const slope = spread > 0 ? (sumXY - (sumX * sumY) / n) / spread : 0
      drifts.push({ slope: slope / 2, certain: spread > 0 ? 1 / (4 * spread) : 0, counted: n })
      next += 1
    }
    const value = values[index]
    if (value === undefined || Number.isNaN(value)) continue
    n += 1
    sumX += index
    sumY += value - first
    sumXX += index * index
    sumXY += index * (value - first)
  }
  return drifts
}

/** All candidates over one series: passes by form and drifts by origin. Too short a series has fewer candidates. */
export type Field = { readonly passes: Readonly<Record<GridForm, Passes | null>>; readonly drifts: readonly Drift[] }

export function fieldOf(values: Float64Array, origins: readonly number[], trended: boolean): Field {
  return {
    passes: {
      ANN: passesOf(values, 'ANN', origins),
      AAdN: trended ? passesOf(values, 'AAdN', origins) : null,
      AAN: trended ? passesOf(values, 'AAN', origins) : null,
    },
    drifts: driftsOf(values, origins),
  }
}

/** What a candidate foresees at an origin (by its index among those of the field). */
export function predictFromOrigin(
  field: Field,
  candidate: Candidate,
  origin: number,
  horizon: number,
  season: Season | null,
): Predictive {
  const passes = field.passes[candidate === 'theta' ? 'ANN' : candidate]!
  const cost = costOf(season, passes.counted[origin]!)
  const drift = candidate === 'theta' ? field.drifts[origin]! : null
  return predictiveAt(passes, origin, horizon, { drift, season: cost })
}

const scored = [0.1, 0.25, 0.5, 0.75, 0.9] as const

/** Mean quantile score of a foreseen value against what came, in the unit of the value; the smaller the better. */
function scoreOf(middle: number, scale: number, reaches: Float64Array, back: Scale['back'], came: number): number {
  let sum = 0
  for (let index = 0; index < scored.length; index += 1) {
    const above = came - back(middle + reaches[index]! * scale)
    sum += above >= 0 ? scored[index]! * above : (scored[index]! - 1) * above
  }
  return sum / scored.length
}

/** Origins in the second half, evenly spread, the newest among them. */
export function originsOf(count: number, least: number): number[] {
  const first = Math.max(minToLearn, Math.ceil(count / 2), least)
  const all = count - first
  if (all <= 0) return []
  const step = Math.max(1, Math.ceil(all / maxOrigins))
  const origins: number[] = []
  for (let origin = count - 1; origin >= first; origin -= step) origins.unshift(origin)
  return origins
}

export type Choice = {
  readonly candidate: Candidate
  readonly backtest: Backtest
  /** Score of the chosen candidate by origin. */
  readonly scores: ReadonlyMap<number, number>
}

/** Which candidate foresees best, and how often its 80 % ranges held. `values` stand on the scale. */
export function choose(
  values: Float64Array,
  scale: Scale,
  horizon: number,
  seasonLength: number | null,
  stated: boolean | null,
): Choice {
  const count = values.length
  const seasonal = adjust(values, count, seasonLength, stated).season !== null
  // Where there is a season, what was foretold before it could be seen says nothing about what is foretold now.
  const learned = seasonal ? seasonLength! * seasonalCycles : 0
  const origins = originsOf(count, count - learned >= 4 ? learned : 0)
  const steps = Math.min(horizon, maxSteps)
  const scores = new Map<Candidate, number[]>(candidates.map((candidate) => [candidate, []]))
  const tested: number[] = []
  const held = new Map<Candidate, number>(candidates.map((candidate) => [candidate, 0]))
  let tried = 0
  for (const block of blocksOf(origins, seasonal ? seasonLength! : count)) {
    const known = block[0]!
    const { values: plain, season } = seasonal ? adjust(values, known, seasonLength, true) : { values, season: null }
    const field = fieldOf(plain, block, true)
    for (const [index, origin] of block.entries()) {
      const ahead = Math.min(steps, count - origin)
      let here = 0
      for (const candidate of candidates) {
        const reported = predictFromOrigin(field, candidate, index, ahead, season)
        const reaches = reachesOf(reported.freedom)
        let score = 0
        here = 0
        for (let step = 0; step < ahead; step += 1) {
          const came = plain[origin + step]!
          if (Number.isNaN(came)) continue
          here += 1
          const [middle, width] = [reported.middle[step]!, reported.scale[step]!]
          const effect = season ? season.effects[(origin + step) % season.length]! : 0
          score += scoreOf(middle + effect, width, reaches, scale.back, scale.back(came + effect))
          if (Math.abs(came - middle) <= reaches[4]! * width + 1e-12 * Math.abs(came))
            held.set(candidate, held.get(candidate)! + 1)
        }
        if (here > 0) scores.get(candidate)!.push(score / here)
      }
      tried += here
      if (here > 0) tested.push(origin)
    }
  }
  const candidate = bestOf(scores)
  return {
    candidate,
    backtest: { tried, held: held.get(candidate)!, origins: tested.length },
    scores: new Map(tested.map((origin, index) => [origin, scores.get(candidate)![index]!])),
  }
}

/** Mean and standard error of differences, origin by origin. */
export function meanDifference(differences: readonly number[]): { readonly mean: number; readonly error: number } {
  const n = differences.length
  const mean = differences.reduce((sum, each) => sum + each, 0) / n
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return { mean, error: Math.sqrt(squares / (n - 1) / n) }
}

/** Origins that share one estimate of the season: those within one cycle of the first. */
function blocksOf(origins: readonly number[], length: number): number[][] {
  const blocks: number[][] = []
  for (const origin of origins) {
    const open = blocks.at(-1)
    if (open && origin - open[0]! < length) open.push(origin)
    else blocks.push([origin])
  }
  return blocks
}

/** The plainest candidate whose score is within one standard error of the best one, origin by origin. */
function bestOf(scores: ReadonlyMap<Candidate, readonly number[]>): Candidate {
  const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length
  let best: Candidate = 'ANN'
  // With fewer than four origins nothing can be chosen: the plainest stands.
  if (scores.get('ANN')!.length < minOrigins) return best
  for (const candidate of candidates) if (mean(scores.get(candidate)!) < mean(scores.get(best)!)) best = candidate
  const leader = scores.get(best)!
  for (const candidate of candidates) {
    const behind = meanDifference(scores.get(candidate)!.map((score, index) => score - leader[index]!))
    if (behind.mean <= behind.error) return candidate
  }
  return best
}

const reachesByFreedom = new Map<number, Float64Array>()
/** The scored quantiles of Student's t. */
function reachesOf(freedom: number): Float64Array {
  const key = Math.round(freedom)
  let reaches = reachesByFreedom.get(key)
  if (!reaches) {
    reaches = Float64Array.from(scored, (p) => quantileOf(p, key))
    if (reachesByFreedom.size > 2000) reachesByFreedom.clear()
    reachesByFreedom.set(key, reaches)
  }
  return reaches
}

const known = new Map<number, number>()
/** Quantile of Student's t; the same few degrees of freedom come again and again. */
export function quantileOf(p: number, freedom: number): number {
  const key = Math.round(freedom) * 1000 + Math.round(p * 1000)
  let value = known.get(key)
  if (value === undefined) {
    value = tQuantile(p, Math.round(freedom))
    if (known.size > 5000) known.clear()
    known.set(key, value)
  }
  return value
}
