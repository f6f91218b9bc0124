/**
 * Will it get there: range and chance on the past pattern, behind the gate of `measures` §6. A chance is given only for
 * 12 points or more of one definition, a horizon within half the history, and a rolling-origin backtest whose 80 % ranges
 * held at least 70 % of what came; otherwise the range and why there is no chance.
 */
import { normalCdf, normalQuantile } from './distributions.ts'
import { type Random, seeded } from './random.ts'
import { findSeason, seasonallyAdjusted } from './seasonal.ts'
import { bestFit, type Fit, type Form, fitSmoothing, rangeAt, smoothingSteps } from './smoothing.ts'
import { type Bounds, fullLimitPoints, meanOf } from './variation.ts'

/** What counts as good at a step: at least `min`, at most `max`, or both. */
export type Asked = { readonly min?: number; readonly max?: number }

/** 'reach' looks at the last step; 'keep' at the next step and at all; 'cumulative' at `soFar` plus the sum of all steps. */
export type ChanceFor =
  | { readonly kind: 'reach' | 'keep'; readonly asked: Asked }
  | { readonly kind: 'cumulative'; readonly asked: Asked; readonly soFar: number }

export type ForecastInput = {
  /** Values of one definition in time order, without gaps, annualised or estimated points. */
  readonly values: readonly number[]
  /** Steps ahead, 1 or more. */
  readonly horizon: number
  readonly chanceFor?: ChanceFor
  readonly bounds?: Bounds
  /** Periods of a year (4 or 12): a season that is found is taken out first and put back after. */
  readonly seasonLength?: number
  /** Same seed, same answer. Default 1. */
  readonly seed?: number
  /** Bootstrap paths; default 400 (standard error of a chance below 0.025). */
  readonly paths?: number
}

export type WithheldReason =
  | 'no-horizon'
  | 'under-12-points'
  | 'horizon-beyond-half-the-history'
  | 'ranges-held-too-little'

/** Chances in tenths, 1 to 9: "about 6 in 10". Never none and never all. */
export type Chance = {
  /** Chance at the day asked for (reach, cumulative) or in the next period (keep). */
  readonly tenths: number
  /** For keep: chance for all remaining periods together. */
  readonly allTenths?: number
}

export type Backtest = {
  /** Ranges tried and how many of them held what came. */
  readonly tried: number
  readonly held: number
}

export type Forecast = {
  /** Form that was fitted, or 'walk' (last value, spread of changes) under 6 points. Null where nothing can be said. */
  readonly form: Form | 'walk' | null
  readonly seasonal: boolean
  /** For each step: middle and 80 % range with parameter uncertainty. */
  readonly steps: readonly { readonly middle: number; readonly lower: number; readonly upper: number }[]
  readonly chance: Chance | null
  /** Why no chance is given; empty where one is, or where none was asked for. */
  readonly withheld: readonly WithheldReason[]
  readonly backtest: Backtest | null
}

/** A probability in tenths, kept within 1 to 9. */
export const inTenths = (probability: number): number => Math.min(9, Math.max(1, Math.round(probability * 10)))

/** Chance that a normal forecast is at least (or at most) a value: the tail of the forecast distribution. */
export const tailChance = (mean: number, deviation: number, value: number, side: 'at-least' | 'at-most'): number =>
  normalCdf(side === 'at-least' ? (mean - value) / deviation : (value - mean) / deviation)

const isGood = (value: number, asked: Asked): boolean =>
  value >= (asked.min ?? Number.NEGATIVE_INFINITY) && value <= (asked.max ?? Number.POSITIVE_INFINITY)

const forms: readonly Form[] = ['ANN', 'AAN', 'AAdN']

/**
 * Rolling origin: for each origin in the second half (at least 8 values to learn from) the forms are fitted to what was
 * known, and the 80 % ranges for up to `horizon` steps are held against what came. The ranges tried here leave parameter
 * uncertainty out, so the gate is rather too strict than too lax.
 */
export function backtest(values: readonly number[], horizon: number): Backtest {
  let tried = 0
  let held = 0
  for (let origin = Math.max(8, Math.ceil(values.length / 2)); origin < values.length; origin += 1) {
    const fit = bestFit(values.slice(0, origin), forms, true)
    if (!fit) continue
    const count = Math.min(horizon, values.length - origin)
    const steps = smoothingSteps(fit, count)
    for (let step = 1; step <= count; step += 1) {
      const { lower, upper } = rangeAt(steps, step, 0.8)
      const came = values[origin + step - 1]!
      tried += 1
      if (came >= lower && came <= upper) held += 1
    }
  }
  return { tried, held }
}

/** Least share of ranges that must have held before a chance is given. */
export const leastCoverage = 0.7

const pick = (values: readonly number[], random: Random): number => values[Math.floor(random() * values.length)]!

/** Errors about zero and with the degrees of freedom given back, for drawing. */
function drawable(fit: Fit): number[] {
  const centre = meanOf(fit.errors)
  const squares = fit.errors.reduce((sum, error) => sum + (error - centre) ** 2, 0) / fit.errors.length
  const factor = squares > 0 ? Math.sqrt(fit.variance / squares) : 1
  return fit.errors.map((error) => (error - centre) * factor)
}

/** One series as the fitted process could have produced it. */
function imitation(fit: Fit, errors: readonly number[], random: Random): number[] {
  let { level, trend } = fit.parameters
  const { alpha, beta, phi } = fit.parameters
  return fit.errors.map(() => {
    const error = pick(errors, random)
    const expected = level + phi * trend
    level = expected + alpha * error
    trend = phi * trend + beta * error
    return expected + error
  })
}

/** Level and trend after the real values if the parameters were these. */
function stateUnder(values: readonly number[], fit: Fit): { level: number; trend: number } {
  let { level, trend } = fit.parameters
  const { alpha, beta, phi } = fit.parameters
  for (const value of values) {
    const expected = level + phi * trend
    level = expected + alpha * (value - expected)
    trend = phi * trend + beta * (value - expected)
  }
  return { level, trend }
}

/**
 * Paths into the future with parameter uncertainty: for each path the parameters are fitted anew to an imitation of the
 * series, the real values are run through them, and errors are drawn for the steps to come.
 */
function futurePaths(values: readonly number[], fit: Fit, horizon: number, count: number, random: Random): number[][] {
  const errors = drawable(fit)
  const paths: number[][] = []
  for (let index = 0; index < count; index += 1) {
    const again = fitSmoothing(imitation(fit, errors, random), fit.form, true) ?? fit
    let { level, trend } = stateUnder(values, again)
    const { alpha, beta, phi } = again.parameters
    const path: number[] = []
    for (let step = 0; step < horizon; step += 1) {
      const error = pick(errors, random)
      const expected = level + phi * trend
      path.push(expected + error)
      level = expected + alpha * error
      trend = phi * trend + beta * error
    }
    paths.push(path)
  }
  return paths
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!)
}

const within = (value: number, bounds: Bounds | undefined) =>
  Math.min(Math.max(value, bounds?.min ?? Number.NEGATIVE_INFINITY), bounds?.max ?? Number.POSITIVE_INFINITY)

function chanceOf(paths: readonly (readonly number[])[], wanted: ChanceFor): Chance {
  const share = (test: (path: readonly number[]) => boolean) => paths.filter(test).length / paths.length
  if (wanted.kind === 'reach') return { tenths: inTenths(share((path) => isGood(path.at(-1)!, wanted.asked))) }
  if (wanted.kind === 'keep') {
    return {
      tenths: inTenths(share((path) => isGood(path[0]!, wanted.asked))),
      allTenths: inTenths(share((path) => path.every((value) => isGood(value, wanted.asked)))),
    }
  }
  const { soFar } = wanted as Extract<ChanceFor, { kind: 'cumulative' }>
  const total = (path: readonly number[]) => path.reduce((sum, value) => sum + value, soFar)
  return { tenths: inTenths(share((path) => isGood(total(path), wanted.asked))) }
}

/** Range for a handful of values: the last one, spread by the changes seen so far. */
function walk(values: readonly number[], horizon: number, bounds: Bounds | undefined): Forecast['steps'] {
  const changes = values.slice(1).map((value, index) => value - values[index]!)
  const spread = Math.sqrt(changes.reduce((sum, change) => sum + change * change, 0) / changes.length)
  return Array.from({ length: horizon }, (_, index) => {
    const reach = normalQuantile(0.9) * spread * Math.sqrt(index + 1)
    const last = values.at(-1)!
    return { middle: last, lower: within(last - reach, bounds), upper: within(last + reach, bounds) }
  })
}

/** Range and, where the gate allows, chance. */
export function forecast(input: ForecastInput): Forecast {
  const { values, horizon, bounds } = input
  const nothing = { form: null, seasonal: false, steps: [], chance: null, backtest: null } as const
  if (horizon < 1) return { ...nothing, withheld: ['no-horizon'] }
  const withheld: WithheldReason[] = []
  if (values.length < fullLimitPoints) withheld.push('under-12-points')
  if (horizon > values.length / 2) withheld.push('horizon-beyond-half-the-history')
  if (values.length < 3) return { ...nothing, withheld }
  const season = input.seasonLength ? findSeason(values, input.seasonLength) : null
  const level = season ? seasonallyAdjusted(values, season) : values
  const effect = (step: number) => (season ? season.effects[(values.length + step) % season.length]! : 0)
  const fit = values.length < 6 ? null : bestFit(level, forms)
  if (!fit) return { ...nothing, form: 'walk', steps: walk(values, horizon, bounds), withheld }
  const random = seeded(input.seed ?? 1)
  const paths = futurePaths(level, fit, horizon, input.paths ?? 400, random).map((path) =>
    path.map((value, step) => within(value + effect(step), bounds)),
  )
  const points = smoothingSteps(fit, horizon).mean
  const steps = points.map((middle, step) => {
    const sorted = paths.map((path) => path[step]!).sort((a, b) => a - b)
    return { middle: within(middle + effect(step), bounds), lower: quantile(sorted, 0.1), upper: quantile(sorted, 0.9) }
  })
  const tested = withheld.length === 0 && input.chanceFor ? backtest(level, horizon) : null
  if (tested && (tested.tried === 0 || tested.held / tested.tried < leastCoverage))
    withheld.push('ranges-held-too-little')
  const chance = input.chanceFor && withheld.length === 0 ? chanceOf(paths, input.chanceFor) : null
  return {
    form: fit.form,
    seasonal: season !== null,
    steps,
    chance,
    withheld: input.chanceFor ? withheld : [],
    backtest: tested,
  }
}
