/**
 * Seasons in monthly and quarterly series: is there one, what remains without it, and the same period a year before
 * (`measures` §5: seasonal data are adjusted, or compared with the same month last year).
 */
import { fTail } from './distributions.ts'
import { meanOf } from './variation.ts'

/** Periods in a year that a season may repeat over: 12 for months, 4 for quarters; null for every other grain. */
export const seasonLength = (grain: string): number | null => (grain === 'month' ? 12 : grain === 'quarter' ? 4 : null)

/** Full cycles needed before a season may be called one. */
export const seasonalCycles = 3

/** Values less their centred moving average over one year (2 × m); null near the ends. */
function withoutTrend(values: readonly number[], length: number): (number | null)[] {
  const half = length / 2
  return values.map((value, index) => {
    if (index < half || index + half >= values.length) return null
    let sum = (values[index - half]! + values[index + half]!) / 2
    for (let step = 1 - half; step < half; step += 1) sum += values[index + step]!
    return value - sum / length
  })
}

/** Whether seasons differ by more than their own scatter (one-way F test at 1 %). */
function differs(groups: readonly (readonly number[])[], means: readonly number[], count: number): boolean {
  const all = groups.reduce((sum, group, season) => sum + group.length * means[season]!, 0) / count
  let between = 0
  let inside = 0
  for (const [season, group] of groups.entries()) {
    between += group.length * (means[season]! - all) ** 2
    for (const value of group) inside += (value - means[season]!) ** 2
  }
  const [top, bottom] = [groups.length - 1, count - groups.length]
  if (inside <= between * 1e-20) return between > 0
  const f = between / top / (inside / bottom)
  // With 3 or more degrees of freedom above, the 1 % point of F is never below 1.8 for lengths used here: saves the integral.
  return f > 1.8 && fTail(f, top, bottom) < 0.01
}

export type Season = {
  /** Seasons of a year: 4 or 12. */
  readonly length: number
  /** What each season adds to the level, by position of the first value; sums to zero. */
  readonly effects: readonly number[]
}

/**
 * The season of a gapless series (null where `values` is shorter than three full years, or where the F test of
 * analysis of variance on the values less their moving average finds none at 1 %;
 * noise alone passes in about 2 % of series, because averages leave neighbours alike). `force` skips the test: somebody stated that there is one.
 */
export function findSeason(values: readonly number[], length: number, force = false): Season | null {
  if (values.length < length * seasonalCycles) return null
  const rest = withoutTrend(values, length)
  const groups: number[][] = Array.from({ length }, () => [])
  let kept = 0
  for (const [index, value] of rest.entries()) {
    if (value === null) continue
    groups[index % length]!.push(value)
    kept += 1
  }
  const raw = groups.map(meanOf)
  const centre = meanOf(raw)
  if (!force && !differs(groups, raw, kept)) return null
  return { length, effects: raw.map((effect) => effect - centre) }
}

/** The series without its season: each value less what its season adds. */
export const seasonallyAdjusted = (values: readonly number[], season: Season): number[] =>
  values.map((value, index) => value - season.effects[index % season.length]!)
