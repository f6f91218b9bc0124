/**
 * Signal or noise: XmR charts (Shewhart; Wheeler, "Understanding Variation"; rules as NHS England's "Making Data Count"
 * and its NHSRplotthedots apply them). Limits are mean ± 2.66 × mean moving range, near limits two thirds of that.
 *
 * Figures are rounded binary fractions, so a value within 1e-13 of the largest value counts as on a line.
 */

export type SignalKind = 'outside' | 'trend' | 'two-of-three' | 'one-side'
/** Which way a signal points: the side of the mean, or the way of a trend. */
export type Side = 'high' | 'low'
export type Signal = { readonly kind: SignalKind; readonly side: Side }

/** Points per definition from which limits are more than a trial and signal words are allowed (`measures` §5). */
export const fullLimitPoints = 12
/** Number of points in a trend and in a run on one side of the mean. */
export const runLength = 7

export type Limits = {
  readonly mean: number
  readonly lower: number
  readonly upper: number
  readonly nearLower: number
  readonly nearUpper: number
  /** Mean moving range the limits rest on, after screening. */
  readonly movingRange: number
  /** Moving ranges left out by screening. */
  readonly screened: number
  /** Under 12 points: limits may be drawn as a trial, but nothing is concluded from them. */
  readonly trial: boolean
}

export type Bounds = { readonly min?: number; readonly max?: number }

export type LimitOptions = {
  /** One pass that leaves out moving ranges above 3.267 × their mean. Default true, as the NHS tool does. */
  readonly screen?: boolean
  /** Bounds that values can never pass (a percent: 0 and 100; a count: 0); limits are clipped to them. */
  readonly bounds?: Bounds
}

/** Mean about the first value, so that a constant series has exactly its value as mean. */
export function meanOf(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  const first = values[0]!
  let sum = 0
  for (const value of values) sum += value - first
  return first + sum / values.length
}

/** Distance below which a value counts as on a line. */
function tolerance(values: readonly number[]): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest * 1e-13
}

const clip = (value: number, bounds: Bounds | undefined): number =>
  Math.min(Math.max(value, bounds?.min ?? Number.NEGATIVE_INFINITY), bounds?.max ?? Number.POSITIVE_INFINITY)

/** Limits of individual values, in time order. Null for fewer than two values: there is no moving range. */
export function xmrLimits(values: readonly number[], options: LimitOptions = {}): Limits | null {
  if (values.length < 2) return null
  const mean = meanOf(values)
  const ranges: number[] = []
  for (let index = 1; index < values.length; index += 1) ranges.push(Math.abs(values[index]! - values[index - 1]!))
  const all = meanOf(ranges)
  let movingRange = all
  let screened = 0
  if (options.screen !== false && all > 0) {
    const kept = ranges.filter((range) => range < 3.267 * all)
    screened = ranges.length - kept.length
    if (kept.length > 0) movingRange = meanOf(kept)
  }
  const reach = 2.66 * movingRange
  const { bounds } = options
  return {
    mean,
    lower: clip(mean - reach, bounds),
    upper: clip(mean + reach, bounds),
    nearLower: clip(mean - (reach * 2) / 3, bounds),
    nearUpper: clip(mean + (reach * 2) / 3, bounds),
    movingRange,
    screened,
    trial: values.length < fullLimitPoints,
  }
}

/** Lines to judge points by; arrays so that charts with a limit per point (p′, u′) use the same rules. */
export type Lines = {
  readonly mean: (index: number) => number
  readonly lower: (index: number) => number
  readonly upper: (index: number) => number
  readonly nearLower: (index: number) => number
  readonly nearUpper: (index: number) => number
}

const constantLines = (limits: Limits): Lines => ({
  mean: () => limits.mean,
  lower: () => limits.lower,
  upper: () => limits.upper,
  nearLower: () => limits.nearLower,
  nearUpper: () => limits.nearUpper,
})

/** Seven points each above (or below) the one before; a tie breaks the trend. +1, −1 or 0 per point. */
export function trendFlags(values: readonly number[]): (-1 | 0 | 1)[] {
  const flags: (-1 | 0 | 1)[] = values.map(() => 0)
  let length = 1
  let way: -1 | 0 | 1 = 0
  for (let index = 1; index < values.length; index += 1) {
    const step = Math.sign(values[index]! - values[index - 1]!) as -1 | 0 | 1
    length = step !== 0 && step === way ? length + 1 : 2
    way = step
    if (way === 0 || length < runLength) continue
    // A turning point belongs to the later trend: it is overwritten as the newer run grows to seven.
    for (let back = index - runLength + 1; back <= index; back += 1) flags[back] = way
  }
  return flags
}

/** Seven points or more on one side of the mean. `sides` holds −1, 0 (on the mean: breaks the run) or 1. */
export function oneSideFlags(sides: readonly number[]): (-1 | 0 | 1)[] {
  const flags: (-1 | 0 | 1)[] = sides.map(() => 0)
  let length = 0
  for (let index = 0; index < sides.length; index += 1) {
    const side = sides[index] as -1 | 0 | 1
    length = side !== 0 && index > 0 && side === sides[index - 1] ? length + 1 : 1
    if (side === 0 || length < runLength) continue
    for (let back = index - runLength + 1; back <= index; back += 1) flags[back] = side
  }
  return flags
}

/**
 * Two of three consecutive points near a limit (beyond the near limit, not beyond the limit itself), all three on one
 * side of the mean. Only the near points of the window keep the flag.
 */
export function twoOfThreeFlags(near: readonly boolean[], sides: readonly number[]): (-1 | 0 | 1)[] {
  const flags: (-1 | 0 | 1)[] = near.map(() => 0)
  for (let start = 0; start + 2 < near.length; start += 1) {
    const side = sides[start] as -1 | 0 | 1
    if (side === 0 || sides[start + 1] !== side || sides[start + 2] !== side) continue
    const count = Number(near[start]) + Number(near[start + 1]) + Number(near[start + 2])
    if (count < 2) continue
    for (let index = start; index < start + 3; index += 1) if (near[index]) flags[index] = side
  }
  return flags
}

const sideOf = (flag: number): Side => (flag > 0 ? 'high' : 'low')

/** All signals of each point, in naming order: outside, trend, two of three, one side. Empty where there is none. */
export function signalsAgainst(values: readonly number[], lines: Lines): Signal[][] {
  const slack = tolerance(values)
  const count = values.length
  const outside: number[] = new Array(count)
  const sides: number[] = new Array(count)
  const near: boolean[] = new Array(count)
  for (let index = 0; index < count; index += 1) {
    const value = values[index]!
    outside[index] = value > lines.upper(index) + slack ? 1 : value < lines.lower(index) - slack ? -1 : 0
    const distance = value - lines.mean(index)
    sides[index] = Math.abs(distance) <= slack ? 0 : Math.sign(distance)
    near[index] =
      outside[index] === 0 && (value > lines.nearUpper(index) + slack || value < lines.nearLower(index) - slack)
  }
  const trend = trendFlags(values)
  const pair = twoOfThreeFlags(near, sides)
  const run = oneSideFlags(sides)
  return values.map((_, index) => {
    const signals: Signal[] = []
    if (outside[index] !== 0) signals.push({ kind: 'outside', side: sideOf(outside[index]!) })
    if (trend[index] !== 0) signals.push({ kind: 'trend', side: sideOf(trend[index]!) })
    if (pair[index] !== 0) signals.push({ kind: 'two-of-three', side: sideOf(pair[index]!) })
    if (run[index] !== 0) signals.push({ kind: 'one-side', side: sideOf(run[index]!) })
    return signals
  })
}

/** All signals of each value of one segment against its own limits, also on trial limits: words are decided elsewhere. */
export const xmrSignals = (values: readonly number[], limits: Limits): Signal[][] =>
  signalsAgainst(values, constantLines(limits))

export type Direction = 'up' | 'down' | 'range' | 'none' | 'not-agreed'

export type Reading = 'improving' | 'concerning' | 'higher-than-usual' | 'lower-than-usual' | 'usual' | 'not-stated'

/**
 * What may be said about the newest point or run. Only 'up' and 'down' are ever improving or concerning. Without a signal
 * it is 'usual', in every direction: flat is not improving.
 */
export function readingOf(signal: Signal | null, direction: Direction): Reading {
  if (!signal) return 'usual'
  if (direction === 'up' || direction === 'down') {
    return (signal.side === 'high') === (direction === 'up') ? 'improving' : 'concerning'
  }
  return signal.side === 'high' ? 'higher-than-usual' : 'lower-than-usual'
}

export type Capability = 'consistently-meets' | 'consistently-misses' | 'hit-and-miss' | 'not-stated'

/** What is asked of the process: a value in the good direction, or a range (open ends allowed). */
export type CapabilityTarget = { readonly value: number } | { readonly min?: number; readonly max?: number }

/**
 * Will this process meet the target: always, never, or now and then? The target is met at equality, so a process whose
 * worst limit lies on the target meets it. 'not-stated' on trial limits, without limits, and where no direction says
 * which side is good.
 */
export function capability(limits: Limits | null, target: CapabilityTarget, direction: Direction): Capability {
  if (!limits || limits.trial) return 'not-stated'
  const slack = Math.max(Math.abs(limits.lower), Math.abs(limits.upper)) * 1e-13
  let low = Number.NEGATIVE_INFINITY
  let high = Number.POSITIVE_INFINITY
  if ('value' in target) {
    if (direction === 'up') low = target.value
    else if (direction === 'down') high = target.value
    else return 'not-stated'
  } else {
    low = target.min ?? low
    high = target.max ?? high
  }
  if (limits.lower >= low - slack && limits.upper <= high + slack) return 'consistently-meets'
  if (limits.upper < low - slack || limits.lower > high + slack) return 'consistently-misses'
  return 'hit-and-miss'
}

export type VariationPoint = {
  readonly value: number
  /** False for annualised and estimated values: drawn, but out of limits and signals. Default true. */
  readonly inLimits?: boolean
  /** The definition, boundary or source changed before this point: a new segment with limits of its own. */
  readonly breakBefore?: boolean
}

export type Segment = {
  /** Indexes into the points: first, and last inclusive. */
  readonly first: number
  readonly last: number
  /** Points that count for limits. */
  readonly n: number
  readonly limits: Limits | null
}

export type Variation = {
  readonly segments: readonly Segment[]
  /** Signals per point; always empty where the segment is on trial and for points out of limits. */
  readonly signals: readonly (readonly Signal[])[]
  /** The first signal, in naming order, on the newest point that counts; null without one and on trial limits. */
  readonly latestSignal: Signal | null
  /** Why nothing is said, or null. */
  readonly silence: 'no-points' | 'under-12-points' | null
}

/** XmR over a series with breaks: each segment has its own limits; runs never cross a break; the newest segment speaks. */
export function variation(points: readonly VariationPoint[], options: LimitOptions = {}): Variation {
  const segments: Segment[] = []
  const signals: Signal[][] = points.map(() => [])
  let latestSignal: Signal | null = null
  let first = 0
  for (let end = 1; end <= points.length; end += 1) {
    if (end < points.length && !points[end]!.breakBefore) continue
    const members: number[] = []
    for (let index = first; index < end; index += 1) if (points[index]!.inLimits !== false) members.push(index)
    const values = members.map((index) => points[index]!.value)
    const limits = xmrLimits(values, options)
    segments.push({ first, last: end - 1, n: values.length, limits })
    latestSignal = null
    if (limits && !limits.trial) {
      const found = xmrSignals(values, limits)
      for (const [position, index] of members.entries()) signals[index] = found[position]!
      latestSignal = found.at(-1)?.[0] ?? null
    }
    first = end
  }
  const newest = segments.at(-1)
  const silence = !newest || newest.n === 0 ? 'no-points' : newest.n < fullLimitPoints ? 'under-12-points' : null
  return { segments, signals, latestSignal, silence }
}

/**
 * Chance that the newest point of a stable series carries a signal all the same, by number of points. Simulated:
 * 400,000 series of independent normal values for each length (200,000 for 120), limits from the series itself with
 * screening, all four rules; standard error below 0.0003 (the tests repeat it with fewer). Longer series keep the last. Series whose neighbours
 * resemble each other raise more false alarms than this.
 */
const falseAlarmRates: readonly (readonly [number, number])[] = [
  [12, 0.0141],
  [15, 0.0148],
  [18, 0.0154],
  [24, 0.0165],
  [36, 0.0178],
  [60, 0.0186],
  [120, 0.0192],
]

/** See `falseAlarmRates`: 0 under 12 points (nothing is said), between the simulated lengths by straight line. */
export function falseAlarmRate(points: number): number {
  if (points < fullLimitPoints) return 0
  let [lowerCount, lowerRate] = falseAlarmRates[0]!
  for (const [count, rate] of falseAlarmRates) {
    if (count >= points) {
      return count === lowerCount
        ? rate
        : lowerRate + ((rate - lowerRate) * (points - lowerCount)) / (count - lowerCount)
    }
    lowerCount = count
    lowerRate = rate
  }
  return lowerRate
}

/** How many charts of a list would carry a signal on their newest point if nothing had changed anywhere. */
export function expectedFalseAlarms(pointCounts: Iterable<number>): number {
  let sum = 0
  for (const count of pointCounts) sum += falseAlarmRate(count)
  return sum
}
