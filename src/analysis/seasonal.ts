/**
 * Seasons in monthly and quarterly series: is there one, what remains without it, and the same period a year before
 * (`measures` §5: seasonal data are adjusted, or compared with the same month last year).
 */
import { meanOf } from './variation.ts'

/** Periods in a year that a season may repeat over: 12 for months, 4 for quarters; null for every other grain. */
export const seasonLength = (grain: string): number | null => (grain === 'month' ? 12 : grain === 'quarter' ? 4 : null)

/** Full cycles needed before a season may be called one. */
export const seasonalCycles = 3

/** Chi-square quantiles at 99 % for 3 and 11 degrees of freedom (one less than the seasons of a year). */
const criticalOf: Record<number, number> = { 4: 11.3449, 12: 24.725 }

/** Values less their centred moving average over one year (2 × m); null where the average does not reach. */
function withoutTrend(values: readonly number[], length: number): (number | null)[] {
  const half = length / 2
  return values.map((value, index) => {
    if (index < half || index + half >= values.length) return null
    let sum = (values[index - half]! + values[index + half]!) / 2
    for (let step = 1 - half; step < half; step += 1) sum += values[index + step]!
    return value - sum / length
  })
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const result: number[] = new Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end += 1
    for (let position = start; position <= end; position += 1) result[order[position]!] = (start + end) / 2 + 1
    start = end + 1
  }
  return result
}

export type Season = {
  /** Seasons of a year: 4 or 12. */
  readonly length: number
  /** What each season adds to the level, by position of the first value; sums to zero. */
  readonly effects: readonly number[]
}

/**
 * The season of a gapless series (null where `values` is shorter than three full years, or where the Kruskal–Wallis test
 * on the values less their moving average finds none at 1 %). `force` skips the test: somebody stated that there is one.
 */
export function findSeason(values: readonly number[], length: number, force = false): Season | null {
  if (values.length < length * seasonalCycles) return null
  const rest = withoutTrend(values, length)
  const groups: number[][] = Array.from({ length }, () => [])
  const kept: number[] = []
  const keptSeason: number[] = []
  for (const [index, value] of rest.entries()) {
    if (value === null) continue
    groups[index % length]!.push(value)
    kept.push(value)
    keptSeason.push(index % length)
  }
  if (!force) {
    const critical = criticalOf[length]
    if (critical === undefined) return null
    const sums: number[] = new Array(length).fill(0)
    for (const [position, rank] of ranks(kept).entries())
      sums[keptSeason[position]!] = sums[keptSeason[position]!]! + rank
    const n = kept.length
    let spread = 0
    for (const [season, sum] of sums.entries()) spread += (sum * sum) / groups[season]!.length
    const statistic = (12 / (n * (n + 1))) * spread - 3 * (n + 1)
    if (statistic <= critical) return null
  }
  const raw = groups.map(meanOf)
  const centre = meanOf(raw)
  return { length, effects: raw.map((effect) => effect - centre) }
}

/** The series without its season: each value less what its season adds. */
export const seasonallyAdjusted = (values: readonly number[], season: Season): number[] =>
  values.map((value, index) => value - season.effects[index % season.length]!)
