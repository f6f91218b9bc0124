/**
 * Limits for proportions and rates whose denominators differ (Laney 2002: p′ and u′), for rare events (time and count
 * between events) and for many places at one time (Spiegelhalter 2005: funnel plot, never a league table).
 */
import { binomialLimit, normalQuantile, poissonLimit } from './distributions.ts'
import { fullLimitPoints, meanOf, type Signal, signalsAgainst, trendFlags, xmrLimits, xmrSignals } from './variation.ts'

/** A count and what it is out of (people, kilometres, days at risk); `of` > 0. */
export type Share = { readonly count: number; readonly of: number }

export type PointLimits = {
  readonly value: number
  readonly lower: number
  readonly upper: number
  readonly signals: readonly Signal[]
}

export type AdjustedChart = {
  /** Σ counts / Σ denominators: never the mean of the shares. */
  readonly mean: number
  /** Laney's σ of z: about 1 where chance alone explains the spread, above 1 where the process varies more. */
  readonly sigmaZ: number
  readonly trial: boolean
  readonly points: readonly PointLimits[]
}

function laney(
  shares: readonly Share[],
  sigmaOf: (mean: number, of: number) => number,
  ceiling: number,
): AdjustedChart | null {
  if (shares.length < 2 || shares.some(({ of, count }) => !(of > 0) || !(count >= 0))) return null
  let counts = 0
  let total = 0
  for (const { count, of } of shares) {
    counts += count
    total += of
  }
  const mean = counts / total
  const values = shares.map(({ count, of }) => count / of)
  const sigmas = shares.map(({ of }) => sigmaOf(mean, of))
  const z = values.map((value, index) => (sigmas[index]! > 0 ? (value - mean) / sigmas[index]! : 0))
  const ranges = z.slice(1).map((value, index) => Math.abs(value - z[index]!))
  const sigmaZ = meanOf(ranges) / 1.128
  const reach = (index: number, times: number) => times * sigmas[index]! * sigmaZ
  const lower = (index: number, times: number) => Math.max(0, mean - reach(index, times))
  const upper = (index: number, times: number) => Math.min(ceiling, mean + reach(index, times))
  const signals = signalsAgainst(values, {
    mean: () => mean,
    lower: (index) => lower(index, 3),
    upper: (index) => upper(index, 3),
    nearLower: (index) => lower(index, 2),
    nearUpper: (index) => upper(index, 2),
  })
  const points = values.map((value, index) => ({
    value,
    lower: lower(index, 3),
    upper: upper(index, 3),
    signals: signals[index]!,
  }))
  return { mean, sigmaZ, trial: shares.length < fullLimitPoints, points }
}

/** p′ chart of proportions (count of `of` people or cases), limits within 0–1. Null under two points or without denominators. */
export const proportionChart = (shares: readonly Share[]): AdjustedChart | null =>
  laney(shares, (mean, of) => Math.sqrt((mean * (1 - mean)) / of), 1)

/** u′ chart of rates (events per unit of `of`), limits not below 0. Null as in `proportionChart`. */
export const rateChart = (shares: readonly Share[]): AdjustedChart | null =>
  laney(shares, (mean, of) => Math.sqrt(mean / of), Number.POSITIVE_INFINITY)

/**
 * Days between rare events (t chart): the gaps raised to 1/3.6 are about normal (Nelson 1994), so XmR holds on them;
 * limits are given back in days. A long gap is high, and good where the event is not wanted.
 */
export function daysBetweenChart(gaps: readonly number[]): AdjustedChart | null {
  if (gaps.some((gap) => !(gap >= 0))) return null
  const power = 1 / 3.6
  const moved = gaps.map((gap) => gap ** power)
  const limits = xmrLimits(moved, { bounds: { min: 0 } })
  if (!limits) return null
  const signals = xmrSignals(moved, limits)
  const back = (value: number) => value ** 3.6
  const points = gaps.map((value, index) => ({
    value,
    lower: back(limits.lower),
    upper: back(limits.upper),
    signals: signals[index]!,
  }))
  return { mean: back(limits.mean), sigmaZ: 1, trial: limits.trial, points }
}

/**
 * Cases between rare events (g chart, Benneyan 2001): counts are geometric, so limits are mean ± 3 √(mean (mean + 1)),
 * not below 0. Only points outside and trends are named: the rules about sides need a symmetric spread.
 */
export function casesBetweenChart(gaps: readonly number[]): AdjustedChart | null {
  if (gaps.length < 2 || gaps.some((gap) => !(gap >= 0))) return null
  const mean = meanOf(gaps)
  const reach = 3 * Math.sqrt(mean * (mean + 1))
  const upper = mean + reach
  const trend = trendFlags(gaps)
  const points = gaps.map((value, index) => {
    const signals: Signal[] = []
    if (value > upper) signals.push({ kind: 'outside', side: 'high' })
    if (trend[index] !== 0) signals.push({ kind: 'trend', side: trend[index]! > 0 ? 'high' : 'low' })
    return { value, lower: Math.max(0, mean - reach), upper, signals }
  })
  return { mean, sigmaZ: 1, trial: gaps.length < fullLimitPoints, points }
}

export type FunnelPoint = {
  readonly value: number
  /** 95 % limits, then 99.8 % limits, for this denominator. */
  readonly lower95: number
  readonly upper95: number
  readonly lower998: number
  readonly upper998: number
  /** 'usual' inside the 95 % limits. The order of places inside them means nothing and is not given. */
  readonly place: 'usual' | 'beyond-95' | 'beyond-99.8'
  readonly side: 'high' | 'low' | null
}

export type Funnel = {
  readonly mean: number
  /** Overdispersion factor φ from winsorised z-scores; limits are widened by √φ where it is above 1. */
  readonly dispersion: number
  readonly points: readonly FunnelPoint[]
  /** How many places to expect beyond the 95 % limits by chance alone. */
  readonly expectedBeyond95: number
}

/** Winsorised (10 % at each end) mean of squared z-scores: Spiegelhalter 2005, section 4. */
function dispersionOf(z: readonly number[]): number {
  const sorted = [...z].sort((a, b) => a - b)
  const cut = Math.floor(sorted.length * 0.1)
  const [low, high] = [sorted[cut]!, sorted[sorted.length - 1 - cut]!]
  return z.reduce((sum, value) => sum + Math.min(Math.max(value, low), high) ** 2, 0) / z.length
}

/**
 * Funnel limits of many places at one time. `kind` 'proportion' uses binomial, 'rate' Poisson limits; where places differ
 * more than chance allows (φ above its own 95 % limit under chance, 1 + 1.645 √(2/k)), normal limits widened by √φ.
 * Null for fewer than three places or without denominators.
 */
export function funnel(shares: readonly Share[], kind: 'proportion' | 'rate'): Funnel | null {
  if (shares.length < 3 || shares.some(({ of, count }) => !(of > 0) || !(count >= 0))) return null
  const mean = shares.reduce((sum, share) => sum + share.count, 0) / shares.reduce((sum, share) => sum + share.of, 0)
  const variance = kind === 'proportion' ? mean * (1 - mean) : mean
  const z = shares.map(({ count, of }) => (variance > 0 ? (count / of - mean) / Math.sqrt(variance / of) : 0))
  const dispersion = dispersionOf(z)
  const wide = dispersion > 1 + 1.645 * Math.sqrt(2 / shares.length)
  const limit = (of: number, p: number) => {
    if (wide) {
      const moved = mean + normalQuantile(p) * Math.sqrt((dispersion * variance) / of)
      return Math.min(Math.max(moved, 0), kind === 'proportion' ? 1 : Number.POSITIVE_INFINITY)
    }
    const count = kind === 'proportion' ? binomialLimit(p, of, mean) : poissonLimit(p, mean * of)
    return Math.max(0, count) / of
  }
  const points = shares.map(({ count, of }): FunnelPoint => {
    const value = count / of
    const [lower95, upper95] = [limit(of, 0.025), limit(of, 0.975)]
    const [lower998, upper998] = [limit(of, 0.001), limit(of, 0.999)]
    const side = value > upper95 ? 'high' : value < lower95 ? 'low' : null
    const place = side === null ? 'usual' : value > upper998 || value < lower998 ? 'beyond-99.8' : 'beyond-95'
    return { value, lower95, upper95, lower998, upper998, place, side }
  })
  return { mean, dispersion, points, expectedBeyond95: shares.length * 0.05 }
}
