import type { VariationReading } from '../parts/status.tsx'

export type ValueStatus = 'actual' | 'provisional' | 'estimated' | 'annualised'

/** One period of a series as it is drawn and listed. Periods without a value are included: a gap is a gap, not zero. */
export type ChartPoint = {
  /** The period in words, e.g. 'July 2024 – June 2025', and shorter for the axis, e.g. 'FY 2025'. */
  readonly period: string
  readonly shortPeriod?: string
  readonly value: number | null
  /** The formatted value, without its unit; empty for a gap. */
  readonly text: string
  readonly status: ValueStatus
  /** Target in force when the period began, and the same in words. */
  readonly target?: number | null
  readonly targetText?: string
  /** Mean and limits of the usual variation, if they may be stated. */
  readonly mean?: number | null
  readonly lower?: number | null
  readonly upper?: number | null
  readonly reading?: VariationReading
  /** Which side of the mean the value is on; turns the triangle of a signal. */
  readonly side?: 'high' | 'low'
  /** Why this value cannot be compared with those before it. */
  readonly breakText?: string
  readonly note?: string
  /** What is expected of a future period. */
  readonly fan?: Fan
}

/** Middle and the ranges that hold 8 and 5 of 10 values; the ranges also formatted. */
export type Fan = {
  readonly middle: number
  readonly lower: number
  readonly upper: number
  readonly innerLower: number
  readonly innerUpper: number
  readonly text: string
  readonly innerText: string
  /** How often such a range holds is unknown: one area, with no shares claimed. */
  readonly rough?: boolean
}

export type SeriesDrawing = {
  readonly points: readonly ChartPoint[]
  /** Formats an axis number in the reader's language. */
  readonly format: (value: number) => string
  /** Bounds the quantity cannot exceed, e.g. 0 and 100 for a percentage. */
  readonly bounds?: { readonly min?: number; readonly max?: number }
  readonly words: { readonly target: string; readonly break: string }
  /** Unique on the page: names the clipping paths. */
  readonly id: string
}

export const isSignal = (point: ChartPoint) =>
  point.value !== null && point.reading !== undefined && point.reading !== 'usual' && point.reading !== 'not-stated'

export const isHollow = (point: ChartPoint) => point.status === 'estimated' || point.status === 'annualised'

export type Scale = {
  readonly min: number
  readonly max: number
  readonly step: number
  readonly ticks: readonly number[]
}

/**
 * Four to six round ticks that span all the numbers given. Starts at zero when the lowest is near it relative to the
 * spread; never passes a bound.
 */
export function scaleFor(numbers: readonly number[], bounds: { min?: number; max?: number } = {}, wanted = 5): Scale {
  let low = numbers.length > 0 ? Math.min(...numbers) : 0
  let high = numbers.length > 0 ? Math.max(...numbers) : 1
  const size = Math.max(Math.abs(low), Math.abs(high))
  // Practically equal: a spread smaller than an axis can show.
  if (high - low <= Math.max(size * 1e-9, 1e-12)) {
    const room = size > 1e-9 ? size * 0.2 : 1
    low -= room
    high += room
  }
  if (low > 0 && low < (high - low) * 0.8) low = 0
  const room = (high - low) * 0.06
  if (low !== 0) low -= room
  high += room
  if (bounds.min !== undefined) low = Math.max(low, bounds.min)
  if (bounds.max !== undefined) high = Math.min(high, bounds.max)
  const rough = (high - low) / (wanted - 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
  return { min: ticks[0]!, max: ticks.at(-1)!, step, ticks }
}

/** Width of a text in em: full-width characters are as wide as high, others a little over half. */
export function widthOf(text: string, size: number): number {
  let width = 0
  for (const character of text)
    width += /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]/u.test(character) ? 1 : 0.57
  return width * size
}

/** Which periods get a label so that none touches its neighbour; the newest always does. */
export function labelledPeriods(labels: readonly string[], width: number, size: number): number[] {
  if (labels.length === 0) return []
  const widest = Math.max(...labels.map((label) => widthOf(label, size))) + size
  const every = Math.max(1, Math.ceil((widest * labels.length) / width))
  const kept: number[] = []
  for (let index = labels.length - 1; index >= 0; index -= every) kept.unshift(index)
  return kept
}
