/** Comparison of a value with an earlier one or with a mean. A tie is "no change", never an improvement. */
import { compareQuantities, divide, multiply, type Quantity, subtract, sumOf } from './quantity.ts'
import type { Direction } from './variation.ts'

export type Verdict = 'better' | 'worse' | 'no-change' | 'higher' | 'lower'

export type Change = {
  /** Current less earlier, exact, in the unit of the indicator; for a percent these are percentage points. */
  readonly change: string
  /** 'percentage-points' where the unit is a percent: percentage points are not percent. */
  readonly in: 'units' | 'percentage-points'
  /** Change as a percentage of the earlier value; null where that is zero or negative, or the unit is a percent. */
  readonly percent: string | null
  /** 'better' and 'worse' only where the direction is up or down. */
  readonly verdict: Verdict
}

function verdictOf(sign: -1 | 0 | 1, direction: Direction): Verdict {
  if (sign === 0) return 'no-change'
  if (direction === 'up' || direction === 'down') return sign > 0 === (direction === 'up') ? 'better' : 'worse'
  return sign > 0 ? 'higher' : 'lower'
}

/** Compares with an earlier value (a year before, the period before, a baseline). Null where either is missing. */
export function changeBetween(
  current: Quantity | null | undefined,
  earlier: Quantity | null | undefined,
  options: { readonly direction: Direction; readonly unit?: 'percent' | 'other' },
): Change | null {
  if (current === null || current === undefined || earlier === null || earlier === undefined) return null
  const points = options.unit === 'percent'
  const change = subtract(current, earlier)
  const relative = points || compareQuantities(earlier, '0') <= 0 ? null : divide(multiply(change, '100'), earlier)
  return {
    change,
    in: points ? 'percentage-points' : 'units',
    percent: relative,
    verdict: verdictOf(compareQuantities(current, earlier), options.direction),
  }
}

export type MeanComparison = {
  /** Mean to 18 decimals. */
  readonly mean: string
  /** How many values it is based on. */
  readonly n: number
  readonly verdict: Verdict
}

/** Compares with the mean of the known values, without dividing, so that a tie is a tie. Null if there are none. */
export function changeFromMean(
  current: Quantity | null | undefined,
  values: readonly (Quantity | null | undefined)[],
  options: { readonly direction: Direction },
): MeanComparison | null {
  const present = values.filter((value) => value !== null && value !== undefined)
  if (current === null || current === undefined || present.length === 0) return null
  const sum = sumOf(present)
  const sign = compareQuantities(multiply(current, present.length), sum)
  return { mean: divide(sum, present.length)!, n: present.length, verdict: verdictOf(sign, options.direction) }
}
