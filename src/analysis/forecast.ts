/**
 * Will it get there: range and chance if the past pattern continues, subject to the rules of `measures` §6. A chance is given only for
 * 12 points or more of one definition, a horizon within half the history, and a rolling-origin backtest whose 80 %
 * ranges held at least 70 % of what came; otherwise the range and why there is no chance.
 */
import {
  adjust,
  type Backtest,
  type Candidate,
  type Choice,
  choose,
  costOf,
  fieldOf,
  meanDifference,
  minOrigins,
  minToFit,
  predictFromOrigin,
  quantileOf,
} from './backtest.ts'
import { normalCdf } from './distributions.ts'
import { errorsAt, weightsAt } from './posterior.ts'
import { otherScale, plain, type Scale } from './scale.ts'
import { firstMisses, neverMissed, shareMet } from './scenarios.ts'
import { type Bounds, fullLimitPoints } from './variation.ts'

export type { Backtest } from './backtest.ts'

/** What counts as good at a step: at least `min`, at most `max`, or both; ends included. */
export type GoodRange = { readonly min?: number; readonly max?: number }

/** 'reach' concerns step `at` alone, 'keep' every step from `from` on. Steps count from 1. */
export type ChanceFor =
  | { readonly kind: 'reach'; readonly asked: GoodRange; readonly at: number }
  | { readonly kind: 'keep'; readonly asked: GoodRange; readonly from: number }

export type ForecastInput = {
  /** Values of one definition in time order, one for each period; NaN is a gap. Annualised and estimated ones are gaps. */
  readonly values: readonly number[]
  /** Steps ahead, 1 to 254. */
  readonly horizon: number
  readonly chanceFor?: ChanceFor | null
  readonly bounds?: Bounds
  /** Periods of a year (4 or 12): a season that is found is taken out first and put back after. */
  readonly seasonLength?: number | null
  /** True states a season, false rules one out; otherwise it is tested for. */
  readonly seasonal?: boolean | null
  /** Number of the first period in its calendar; series whose periods carry the same numbers are drawn together. */
  readonly firstPeriod?: number
  /** Same seed, same answer. Default 1. */
  readonly seed?: number
}

export type WithheldReason =
  | 'no-horizon'
  | 'under-12-points'
  | 'too-many-gaps'
  | 'season-not-known'
  | 'horizon-beyond-half-the-history'
  | 'ranges-held-too-little'

/** Middle, 80 % range (`lower`, `upper`) and 50 % range (`innerLower`, `innerUpper`), with parameter uncertainty. */
export type Step = {
  readonly middle: number
  readonly lower: number
  readonly upper: number
  readonly innerLower: number
  readonly innerUpper: number
}

export type Forecast = {
  /** Form that predicted best, or 'walk' (last value, spread of changes) under 6 points. Null if nothing can be said. */
  readonly form: Candidate | 'walk' | null
  readonly seasonal: boolean
  /** Scale on which it was forecast. */
  readonly scale: Scale['name']
  /** Values it is based on. */
  readonly counted: number
  readonly steps: readonly Step[]
  readonly backtest: Backtest | null
  /** For each scenario the first step at which the target is missed (`scenarios.ts`); null if none was asked for or none is allowed. */
  readonly misses: Uint8Array | null
  /** Why no chance may be given for any horizon; `chanceAt` checks the horizon itself. */
  readonly withheld: readonly WithheldReason[]
}

/** A chance in tenths, 1 to 9: "about 6 in 10". Never 0 and never 10. */
export const inTenths = (probability: number): number => Math.min(9, Math.max(1, Math.round(probability * 10)))

/** Chance that a normal forecast is at least (or at most) a value: the tail of the forecast distribution. */
export const tailChance = (mean: number, deviation: number, value: number, side: 'at-least' | 'at-most'): number =>
  normalCdf(side === 'at-least' ? (mean - value) / deviation : (value - mean) / deviation)

/** Share of ranges that must have held before a chance is given. */
export const minCoverage = 0.7

/** The longest horizon for which a chance may be given, in steps. */
export const maxHorizon = (counted: number): number => Math.floor(counted / 2)

/** The chance to meet the target through a step, or why there is none. */
export function chanceAt(
  found: Pick<Forecast, 'misses' | 'withheld' | 'counted'>,
  through: number,
): { readonly tenths: number } | { readonly withheld: readonly WithheldReason[] } {
  const withheld = [...found.withheld]
  if (through < 1) withheld.push('no-horizon')
  if (through > maxHorizon(found.counted)) withheld.push('horizon-beyond-half-the-history')
  if (withheld.length > 0 || !found.misses) return { withheld }
  return { tenths: inTenths(shareMet(found.misses, through)) }
}

const within = (value: number, bounds: Bounds | undefined) =>
  Math.min(Math.max(value, bounds?.min ?? Number.NEGATIVE_INFINITY), bounds?.max ?? Number.POSITIVE_INFINITY)

const isGood = (value: number, { min, max }: GoodRange): boolean =>
  (min === undefined || value >= min) && (max === undefined || value <= max)

/** Half widths of the two ranges in standard deviations. */
const outer = 0.9
const inner = 0.75

function stepsOf(
  at: (step: number) => { middle: number; scale: number },
  freedom: number,
  horizon: number,
  reported: (value: number) => number,
): Step[] {
  const [wide, narrow] = [quantileOf(outer, freedom), quantileOf(inner, freedom)]
  return Array.from({ length: horizon }, (_, step) => {
    const { middle, scale } = at(step)
    return {
      middle: reported(middle),
      lower: reported(middle - wide * scale),
      upper: reported(middle + wide * scale),
      innerLower: reported(middle - narrow * scale),
      innerUpper: reported(middle + narrow * scale),
    }
  })
}

/** Range for a handful of values: around the last one, as wide as past changes and their small number require. */
function walk(values: Float64Array, horizon: number, bounds: Bounds | undefined): Step[] {
  const known = values.filter((value) => !Number.isNaN(value))
  const changes = known.slice(1).map((value, index) => value - known[index]!)
  const spread = Math.sqrt(changes.reduce((sum, change) => sum + change * change, 0) / changes.length)
  const middle = known.at(-1)!
  const reported = (value: number) => within(value, bounds)
  return stepsOf((step) => ({ middle, scale: spread * Math.sqrt(step + 1) }), changes.length, horizon, reported)
}

type Chosen = { readonly choice: Choice; readonly scale: Scale; readonly scaled: Float64Array }

/** The plain scale, unless the other one predicts better by more than a standard error from the same origins. */
function chosen(span: Float64Array, counted: number, horizon: number, input: ForecastInput): Chosen {
  const on = (scale: Scale): Chosen => {
    const scaled = scale === plain ? span : span.map(scale.to)
    const length = input.seasonLength ?? null
    return { scale, scaled, choice: choose(scaled, scale, horizon, length, input.seasonal ?? null) }
  }
  const usual = on(plain)
  const scale = counted < fullLimitPoints ? null : otherScale(span, input.bounds)
  if (!scale) return usual
  const other = on(scale)
  const gains = [...other.choice.scores].flatMap(([origin, score]) => {
    const beside = usual.choice.scores.get(origin)
    return beside === undefined ? [] : [beside - score]
  })
  if (gains.length < minOrigins) return usual
  const gain = meanDifference(gains)
  return gain.mean > gain.error ? other : usual
}

/** Fewest values for any statement about the future. */
const minToSay = 3
/** Least share of the periods between the first and the last value that must have one. */
const minFilled = 2 / 3

/** Values from the first to the last one that is there. */
function spanOf(values: readonly number[]): { from: number; span: Float64Array; counted: number } {
  const from = Math.max(
    0,
    values.findIndex((value) => !Number.isNaN(value)),
  )
  const to = values.findLastIndex((value) => !Number.isNaN(value)) + 1
  const span = Float64Array.from(values.slice(from, to))
  let counted = 0
  for (const value of span) if (!Number.isNaN(value)) counted += 1
  return { from, span, counted }
}

/** Ranges, backtest and, if allowed, the scenarios from which chances are counted. */
export function forecast(input: ForecastInput): Forecast {
  const { bounds } = input
  const horizon = Math.min(Math.floor(input.horizon), neverMissed - 1)
  const { from, span, counted } = spanOf(input.values)
  const trailing = input.values.length - from - span.length
  const withheld: WithheldReason[] = []
  if (!(horizon >= 1)) withheld.push('no-horizon')
  if (counted < fullLimitPoints) withheld.push('under-12-points')
  if (counted < span.length * minFilled) withheld.push('too-many-gaps')
  const bare = { seasonal: false, scale: plain.name, counted, backtest: null, misses: null, withheld }
  if (!(horizon >= 1) || counted < minToSay) return { ...bare, form: null, steps: [] }
  // Periods after the last value (annualised ones, say) belong to the future.
  const ahead = horizon + trailing
  const cut = <Each>(all: readonly Each[]) => all.slice(trailing)
  if (counted < minToFit) return { ...bare, form: 'walk', steps: cut(walk(span, ahead, bounds)) }
  const stated = input.seasonal ?? null
  const length = input.seasonLength ?? null
  const { choice, scale, scaled } = chosen(span, counted, Math.min(ahead, Math.max(1, maxHorizon(counted))), input)
  const { values, season } = adjust(scaled, span.length, length, stated)
  const field = fieldOf(values, [span.length], choice.candidate === 'AAN' || choice.candidate === 'AAdN')
  const predictive = predictFromOrigin(field, choice.candidate, 0, ahead, season)
  const effect = (step: number) => (season ? season.effects[(span.length + step) % season.length]! : 0)
  const reported = (value: number) => within(scale.back(value), bounds)
  const steps = stepsOf(
    (step) => ({ middle: predictive.middle[step]! + effect(step), scale: predictive.scale[step]! }),
    predictive.freedom,
    ahead,
    reported,
  )
  const { backtest } = choice
  // A stated season that cannot be removed (too short, gaps) would make the ranges meaningless.
  if (stated === true && length !== null && !season) withheld.push('season-not-known')
  if (withheld.length === 0 && (backtest.tried === 0 || backtest.held / backtest.tried < minCoverage))
    withheld.push('ranges-held-too-little')
  const found = { form: choice.candidate, seasonal: season !== null, scale: scale.name, counted, backtest, withheld }
  if (!input.chanceFor || withheld.length > 0) return { ...found, steps: cut(steps), misses: null }
  const passes = field.passes[choice.candidate === 'theta' ? 'ANN' : choice.candidate]!
  const cost = costOf(season, counted)
  const weighted = weightsAt(passes, 0, cost)
  const firstPeriod = (input.firstPeriod ?? 0) + from
  const { chanceFor } = input
  // Steps count from the first period that the caller sees; earlier ones are drawn but not judged.
  const drawn =
    chanceFor.kind === 'keep' ? { first: chanceFor.from, last: horizon } : { first: chanceFor.at, last: chanceFor.at }
  const misses = firstMisses({
    passes,
    origin: 0,
    weighted,
    drift: choice.candidate === 'theta' ? field.drifts[0]! : null,
    errors: { values: errorsAt(values, passes, 0, weighted), firstPeriod },
    judged: {
      first: drawn.first + trailing,
      last: Math.min(Math.min(drawn.last, horizon) + trailing, neverMissed - 1),
      good: (value, step) => isGood(reported(value + effect(step - 1)), chanceFor.asked),
    },
    nextPeriod: firstPeriod + span.length,
    variance: cost?.variance ?? 0,
    seed: input.seed ?? 1,
  }).map((miss) => (miss === neverMissed ? miss : miss - trailing))
  return { ...found, steps: cut(steps), misses }
}
