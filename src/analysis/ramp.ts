/**
 * How a benefit builds up: nothing during a lag, then a linear ramp to its full value. Time is in months from the
 * beginning; the value is a rate, so that a month of the ramp brings the mean over that month.
 */

/** Share (0–1) of the full rate that month `month` (0 = the first) brings. Lag and ramp in months, neither below 0. */
export function shareInMonth(month: number, lagMonths: number, rampMonths: number): number {
  return levelAt(month, month + 1, lagMonths, rampMonths)
}

/** Share (0–1) of the full level that is reached at the end of month `month`. */
export function shareAtEnd(month: number, lagMonths: number, rampMonths: number): number {
  const since = month + 1 - lagMonths
  return rampMonths === 0 ? (since > 0 ? 1 : 0) : clamp(since / rampMonths)
}

const clamp = (share: number) => Math.min(1, Math.max(0, share))

/** Mean of the ramp between two moments; exact, because the area under it is a polynomial. */
function levelAt(from: number, to: number, lag: number, ramp: number): number {
  return clamp((area(to - lag, ramp) - area(from - lag, ramp)) / (to - from))
}

/** Area under the ramp from its foot until `since` months after it. */
function area(since: number, ramp: number): number {
  if (since <= 0) return 0
  if (since >= ramp) return since - ramp / 2
  return (since * since) / (2 * ramp)
}
