/**
 * Exponential smoothing that keeps parameter uncertainty. For each point of a grid of smoothing weights the starting
 * state and the variance are integrated out in closed form (flat priors), so that one pass over the values says, at every
 * origin, how likely that point is and what it predicts. The mixture over the grid is a forecast with parameter
 * uncertainty, without refitting, and the same pass serves a rolling-origin backtest (Ord, Koehler & Snyder 1997 for
 * the recursion as a regression on the starting state; Bayesian linear regression for the rest).
 *
 * State space form as in `smoothing.ts`: y = level + φ trend + e, level′ = level + φ trend + α e, trend′ = φ trend + β e.
 */

/** Level only, level with a damped trend, level with a straight trend. */
export type GridForm = 'ANN' | 'AAdN' | 'AAN'

type GridPoint = { readonly alpha: number; readonly beta: number; readonly phi: number }

function trendGrid(phis: readonly number[], alphas: readonly number[], shares: readonly number[]): GridPoint[] {
  return phis.flatMap((phi) => alphas.flatMap((alpha) => shares.map((share) => ({ alpha, beta: alpha * share, phi }))))
}

/** Dense enough that a finer grid moves no range by more than about a percent (tried with twice as many points). */
export const grids: Readonly<Record<GridForm, readonly GridPoint[]>> = {
  ANN: [0.0001, 0.03, 0.07, 0.12, 0.2, 0.3, 0.4, 0.52, 0.66, 0.82, 0.9999].map((alpha) => ({
    alpha,
    beta: 0,
    phi: 1,
  })),
  AAN: trendGrid([1], [0.0001, 0.06, 0.15, 0.3, 0.5, 0.75, 0.9999], [0.0001, 0.1, 0.4]),
  AAdN: trendGrid([0.8, 0.95], [0.06, 0.25, 0.5, 0.75, 0.9999], [0.0001, 0.15, 0.5]),
}

/** Numbers kept for each grid point and origin: log weight, variance, level, trend, the state's covariance ÷ variance, first state. */
const stride = 9
const [atWeight, atVariance, atLevel, atTrend, atLevels, atBoth, atTrends, atFirst, atSecond] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const

/** What one pass of all grid points of a form found at each origin. */
export type Passes = {
  readonly form: GridForm
  readonly points: readonly GridPoint[]
  /** How many of the values are known at each origin; ascending. */
  readonly origins: readonly number[]
  readonly found: Float64Array
  /** Values counted before each origin. */
  readonly counted: readonly number[]
  /** Free starting values: 1 without a trend, 2 with one. */
  readonly states: number
  /** Subtracted from every value first, added back to every level: keeps the sums well conditioned. */
  readonly centre: number
  /** Weights already computed, by origin: candidates share them. */
  readonly weighted: (Weighted | undefined)[]
}

/** Runs all grid points of a form over the values (NaN = no value: the state stays unchanged). Origins ascend. */
export function passesOf(values: Float64Array, form: GridForm, origins: readonly number[]): Passes {
  const points = grids[form]
  const states = form === 'ANN' ? 1 : 2
  const found = new Float64Array(points.length * origins.length * stride)
  const counted: number[] = new Array(origins.length).fill(0)
  let sum = 0
  let known = 0
  let largest = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    sum += value
    known += 1
  }
  const centre = known > 0 ? sum / known : 0
  for (const value of values) if (!Number.isNaN(value)) largest = Math.max(largest, Math.abs(value - centre))
  // A series without any movement has no variance; this keeps its logarithm finite and its ranges a hair wide.
  const floor = Math.max((largest * 1e-9 + Math.abs(centre) * 1e-12) ** 2, 1e-280)
  for (let index = 0; index < points.length; index += 1)
    onePass(values, points[index]!, states, origins, centre, floor, found, index * origins.length * stride, counted)
  return { form, points, origins, found, counted, states, centre, weighted: [] }
}

/** One grid point: the recursion over the values, and over each starting state alone; sums of the regression on the way. */
function onePass(
  values: Float64Array,
  { alpha, beta, phi }: GridPoint,
  states: number,
  origins: readonly number[],
  centre: number,
  floor: number,
  found: Float64Array,
  base: number,
  counted: number[],
): void {
  let [level, trend, levelOfLevel, trendOfLevel, levelOfTrend, trendOfTrend] = [0, 0, 1, 0, 0, states - 1]
  let [squares, aa, ab, bb, ay, by, n] = [0, 0, 0, 0, 0, 0, 0]
  let next = 0
  const trended = states === 2
  for (let index = 0; index <= values.length && next < origins.length; index += 1) {
    if (index === origins[next]) {
      const at = base + next * stride
      // Normal equations of the starting state; a hair on the diagonal where two states look alike.
      const ridge = (aa + bb) * 1e-12
      const determinant = trended ? (aa + ridge) * (bb + ridge) - ab * ab : aa
      const iaa = trended ? (bb + ridge) / determinant : 1 / determinant
      const iab = trended ? -ab / determinant : 0
      const ibb = trended ? (aa + ridge) / determinant : 0
      const first = iaa * ay + iab * by
      const second = iab * ay + ibb * by
      const left = Math.max(squares - first * ay - second * by, floor)
      const freedom = Math.max(1, n - states)
      found[at + atWeight] = -0.5 * Math.log(determinant) - (freedom / 2) * Math.log(left)
      found[at + atVariance] = left / freedom
      found[at + atLevel] = level + levelOfLevel * first + levelOfTrend * second + centre
      found[at + atTrend] = trend + trendOfLevel * first + trendOfTrend * second
      const la = levelOfLevel * iaa + levelOfTrend * iab
      const lb = levelOfLevel * iab + levelOfTrend * ibb
      const ta = trendOfLevel * iaa + trendOfTrend * iab
      const tb = trendOfLevel * iab + trendOfTrend * ibb
      found[at + atLevels] = la * levelOfLevel + lb * levelOfTrend
      found[at + atBoth] = la * trendOfLevel + lb * trendOfTrend
      found[at + atTrends] = ta * trendOfLevel + tb * trendOfTrend
      found[at + atFirst] = first
      found[at + atSecond] = second
      counted[next] = n
      next += 1
    }
    if (index === values.length) break
    const value = values[index]!
    const expected = level + phi * trend
    const ofLevel = levelOfLevel + phi * trendOfLevel
    const ofTrend = levelOfTrend + phi * trendOfTrend
    if (Number.isNaN(value)) {
      level = expected
      trend *= phi
      levelOfLevel = ofLevel
      trendOfLevel *= phi
      levelOfTrend = ofTrend
      trendOfTrend *= phi
      continue
    }
    const error = value - centre - expected
    n += 1
    squares += error * error
    aa += ofLevel * ofLevel
    ay += ofLevel * error
    level = expected + alpha * error
    levelOfLevel = ofLevel - alpha * ofLevel
    if (trended) {
      ab += ofLevel * ofTrend
      bb += ofTrend * ofTrend
      by += ofTrend * error
      trend = phi * trend + beta * error
      trendOfLevel = phi * trendOfLevel - beta * ofLevel
      levelOfTrend = ofTrend - alpha * ofTrend
      trendOfTrend = phi * trendOfTrend - beta * ofTrend
    }
  }
}

/** A forecast as Student's t at each step (steps count from 1 and stand at index 0). */
export type Predictive = {
  readonly middle: Float64Array
  readonly scale: Float64Array
  readonly freedom: number
}

/** Half the slope of a straight line through all values, as theta adds it, for each origin: with its variance ÷ σ². */
export type Drift = {
  readonly slope: number
  readonly certain: number
  readonly counted: number
}

/** What removing a season costs: its degrees of freedom, and the variance of its effects ÷ σ². */
export type SeasonCost = { readonly freedom: number; readonly variance: number }

export type Weighted = {
  /** Weights of the grid points, summing to 1. */
  readonly weights: Float64Array
  readonly freedom: number
  /** Factor on the variance because a season was removed. */
  readonly inflation: number
}

/** Weights of the grid points at an origin (by its index). Passes belong to one season or none, so they are kept. */
export function weightsAt(passes: Passes, origin: number, season: SeasonCost | null = null): Weighted {
  const kept = passes.weighted[origin]
  if (kept) return kept
  const made = weightsOf(passes, origin, season)
  passes.weighted[origin] = made
  return made
}

function weightsOf(passes: Passes, origin: number, season: SeasonCost | null): Weighted {
  const { points, origins, found, counted, states } = passes
  const weights = new Float64Array(points.length)
  let best = Number.NEGATIVE_INFINITY
  const place = (index: number) => (index * origins.length + origin) * stride
  for (let index = 0; index < points.length; index += 1) best = Math.max(best, found[place(index) + atWeight]!)
  let sum = 0
  for (let index = 0; index < points.length; index += 1) {
    const weight = Math.exp(found[place(index) + atWeight]! - best)
    weights[index] = weight
    sum += weight
  }
  for (let index = 0; index < points.length; index += 1) weights[index] = weights[index]! / sum
  const plain = Math.max(1, counted[origin]! - states)
  const freedom = Math.max(1, plain - (season?.freedom ?? 0))
  return { weights, freedom, inflation: plain / freedom }
}

/** Grid points lighter than this are left out of sums. */
const negligible = 1e-4

/** The mixture over the grid at an origin, matched in mean and variance by one Student's t for each step. */
export function predictiveAt(
  passes: Passes,
  origin: number,
  horizon: number,
  { drift = null, season = null }: { drift?: Drift | null; season?: SeasonCost | null } = {},
): Predictive {
  const { points, origins, found } = passes
  const { weights, freedom, inflation } = weightsAt(passes, origin, season)
  const middle = new Float64Array(horizon)
  // Second moments first, then less the squared mean.
  const scale = new Float64Array(horizon)
  const centre = passes.centre
  for (let index = 0; index < points.length; index += 1) {
    const weight = weights[index]!
    if (weight < negligible) continue
    const { alpha, beta, phi } = points[index]!
    const at = (index * origins.length + origin) * stride
    const variance = found[at + atVariance]! * inflation
    const level = found[at + atLevel]! - centre
    const trend = found[at + atTrend]!
    const levels = found[at + atLevels]!
    const both = found[at + atBoth]!
    const trends = found[at + atTrends]!
    let damp = 0
    let power = 1
    let shocks = 0
    const reach = drift ? driftReach(alpha, drift.counted) : 0
    const uncertain = drift ? driftDeviation(alpha, drift) : 0
    for (let step = 0; step < horizon; step += 1) {
      if (step > 0) shocks += (alpha + beta * damp) ** 2
      power *= phi
      damp += power
      let centreAt = level + damp * trend
      let spread = 1 + shocks + levels + 2 * damp * both + damp * damp * trends + (season?.variance ?? 0)
      if (drift) {
        centreAt += drift.slope * (step + reach)
        spread += (uncertain * (step + reach)) ** 2
      }
      middle[step] = middle[step]! + weight * centreAt
      scale[step] = scale[step]! + weight * (variance * spread + centreAt * centreAt)
    }
  }
  for (let step = 0; step < horizon; step += 1) {
    scale[step] = Math.sqrt(Math.max(scale[step]! - middle[step]! ** 2, 0))
    middle[step] = middle[step]! + centre
  }
  return { middle, scale, freedom }
}

/**
 * Standard deviation of half the slope ÷ σ: of a line through independent errors, and of one through a level that wanders
 * (a quarter of 6 σ² α² / 5 n).
 */
export const driftDeviation = (alpha: number, { certain, counted }: Drift): number =>
  Math.sqrt(certain + (0.3 * alpha * alpha) / counted)

/** (1 − (1 − α)ⁿ) / α: how far the drift of theta has run ahead of the smoothed level. */
export const driftReach = (alpha: number, n: number): number => (1 - (1 - alpha) ** n) / alpha

/** State after the last value under one grid point, with the covariance of that state ÷ variance. */
export type PointState = GridPoint & {
  readonly variance: number
  readonly level: number
  readonly trend: number
  readonly levels: number
  readonly both: number
  readonly trends: number
}

export function stateAt(passes: Passes, origin: number, index: number): PointState {
  const at = (index * passes.origins.length + origin) * stride
  const { found } = passes
  return {
    ...passes.points[index]!,
    variance: found[at + atVariance]!,
    level: found[at + atLevel]!,
    trend: found[at + atTrend]!,
    levels: found[at + atLevels]!,
    both: found[at + atBoth]!,
    trends: found[at + atTrends]!,
  }
}

/** One-step errors of the heaviest grid point at an origin, over the values before it; NaN where there is no value. */
export function errorsAt(values: Float64Array, passes: Passes, origin: number, { weights }: Weighted): Float64Array {
  let heaviest = 0
  for (let index = 1; index < weights.length; index += 1) if (weights[index]! > weights[heaviest]!) heaviest = index
  const { alpha, beta, phi } = passes.points[heaviest]!
  const at = (heaviest * passes.origins.length + origin) * stride
  let level = passes.found[at + atFirst]! + passes.centre
  let trend = passes.states === 2 ? passes.found[at + atSecond]! : 0
  return values.subarray(0, passes.origins[origin]!).map((value) => {
    const expected = level + phi * trend
    const error = Number.isNaN(value) ? 0 : value - expected
    level = expected + alpha * error
    trend = phi * trend + beta * error
    return Number.isNaN(value) ? Number.NaN : error
  })
}
