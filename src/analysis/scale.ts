/**
 * Scales that values may be forecast on: as they are, by their logarithm if they cannot fall to zero, by their log odds
 * if they lie between two bounds. On the latter two, ranges never pass a bound and are wider on the far side.
 */
import type { Bounds } from './variation.ts'

export type Scale = {
  readonly name: 'plain' | 'logarithm' | 'log-odds'
  readonly to: (value: number) => number
  readonly back: (value: number) => number
}

export const plain: Scale = { name: 'plain', to: (value) => value, back: (value) => value }

/** Ranges end this far beyond the largest value, in logarithms, so that no figure overflows. */
const maxBeyond = 20

/**
 * The alternative to the plain scale for these values; null if they touch a bound, or if the two
 * would hardly differ (values that do not reach double the least one; shares between a fifth and four fifths).
 */
export function otherScale(values: Float64Array, bounds: Bounds | undefined): Scale | null {
  if (bounds?.min === undefined) return null
  const { min, max } = bounds
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (Number.isNaN(value)) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (!(least > min)) return null
  if (max === undefined) {
    if (most - min < (least - min) * 2) return null
    const limit = Math.log(most - min) + maxBeyond
    return {
      name: 'logarithm',
      to: (value) => Math.log(value - min),
      back: (value) => min + Math.exp(Math.min(value, limit)),
    }
  }
  const width = max - min
  if (!(most < max) || (least > min + width / 5 && most < max - width / 5)) return null
  return {
    name: 'log-odds',
    to: (value) => Math.log((value - min) / (max - value)),
    back: (value) => min + width / (1 + Math.exp(-value)),
  }
}
