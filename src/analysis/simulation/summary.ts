/**
 * What many draws show, and how precisely. A percentile is the smallest drawn value that at least this share of the draws
 * does not pass, so a percentile of dates is a date that was drawn, never one between two days of work.
 *
 * The standard error comes from the batches (replicated Latin hypercubes): the results of single batches scatter, and
 * the scatter of their mean is the error, also where stratification has made it smaller than theory for plain draws.
 */

export type Figure = {
  readonly value: number
  /** Null with fewer than five batches of equal size: precision cannot be estimated. */
  readonly standardError: number | null
}

export type Percentile = 10 | 50 | 80 | 90

export type Summary = {
  readonly draws: number
  readonly mean: Figure
  readonly deviation: number
  readonly p10: Figure
  readonly p50: Figure
  readonly p80: Figure
  readonly p90: Figure
}

/** Fewest batches from which precision is estimated. */
const minBatches = 5

/** Percentile of values that are sorted in rising order; `share` above 0, at most 1. */
export const percentileOf = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1))]!

const meanOf = (values: Float64Array): number => {
  const first = values[0]!
  let sum = 0
  for (const value of values) sum += value - first
  return first + sum / values.length
}

/** Mean and percentiles of all draws, in the order in which they were drawn in batches of these sizes. */
export function summaryOf(values: Float64Array, sizes: readonly number[]): Summary {
  const sorted = values.slice().sort()
  const full = sizes.filter((size) => size === sizes[0]).length
  const batches = full < minBatches ? [] : Array.from({ length: full }, (_, batch) => batchOf(values, batch, sizes[0]!))
  const sortedBatches = batches.map((batch) => batch.slice().sort())
  const at = (share: number): Figure => ({
    value: percentileOf(sorted, share),
    standardError: errorOf(sortedBatches.map((batch) => percentileOf(batch, share))),
  })
  const mean = meanOf(values)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return {
    draws: values.length,
    mean: { value: mean, standardError: errorOf(batches.map(meanOf)) },
    deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
    p10: at(0.1),
    p50: at(0.5),
    p80: at(0.8),
    p90: at(0.9),
  }
}

const batchOf = (values: Float64Array, batch: number, size: number) => values.subarray(batch * size, (batch + 1) * size)

function errorOf(estimates: readonly number[]): number | null {
  if (estimates.length < minBatches) return null
  const centre = meanOf(Float64Array.from(estimates))
  const squares = estimates.reduce((sum, estimate) => sum + (estimate - centre) ** 2, 0)
  return Math.sqrt(squares / (estimates.length - 1) / estimates.length)
}

/**
 * Whether more draws would change little: the standard error of the 80th percentile is at most `precision` of the width
 * from the 10th to the 90th. A quantity that does not vary is precise at once.
 */
export function isPrecise({ p10, p80, p90 }: Summary, precision: number): boolean {
  const width = p90.value - p10.value
  return p80.standardError !== null && p80.standardError <= precision * width
}

/** Equal steps from the least value to the most into which values are counted. */
const steps = 2048
const counts = new Int32Array(steps + 1)
const isWanted = new Uint8Array(steps + 1)

/** The four percentiles without sorting all: values are counted by steps, and only those in the step of a percentile are examined. */
export function selectPercentiles(values: Int32Array | Float64Array): Readonly<Record<`p${Percentile}`, number>> {
  let [least, most] = [values[0]!, values[0]!]
  for (let index = 1; index < values.length; index += 1) {
    const value = values[index]!
    if (value < least) least = value
    if (value > most) most = value
  }
  const scale = steps / (most - least)
  counts.fill(0)
  for (let index = 0; index < values.length; index += 1) {
    const step = ((values[index]! - least) * scale) | 0
    counts[step] = counts[step]! + 1
  }
  const last = values.length - 1
  const places = [0.1, 0.5, 0.8, 0.9].map((share) =>
    Math.min(last, Math.max(0, Math.ceil(share * values.length - 1e-9) - 1)),
  )
  // Where each lies among the values examined.
  const found: number[] = []
  isWanted.fill(0)
  let [below, kept] = [0, 0]
  for (let step = 0; found.length < places.length; step += 1) {
    const end = below + counts[step]!
    for (; places[found.length]! < end; isWanted[step] = 1) found.push(kept + places[found.length]! - below)
    if (isWanted[step] === 1) kept += counts[step]!
    below = end
  }
  const few = new Float64Array(kept)
  let next = 0
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!
    if (isWanted[((value - least) * scale) | 0] === 1) few[next++] = value
  }
  const [p10, p50, p80, p90] = found.map((place, index) => select(few, found[index - 1] ?? 0, kept - 1, place))
  return { p10: p10!, p50: p50!, p80: p80!, p90: p90! }
}

/** The value that sorting would bring to a place (Floyd & Rivest 1975: pivots from a sample near the place). */
function select(values: Float64Array, from: number, to: number, place: number): number {
  let low = from
  let high = to
  while (high > low) {
    if (high - low > 600) {
      const count = high - low + 1
      const within = place - low + 1
      const logarithm = Math.log(count)
      const sample = 0.5 * Math.exp((2 * logarithm) / 3)
      const reach = 0.5 * Math.sqrt((logarithm * sample * (count - sample)) / count) * (within < count / 2 ? -1 : 1)
      select(
        values,
        Math.max(low, Math.floor(place - (within * sample) / count + reach)),
        Math.min(high, Math.floor(place + ((count - within) * sample) / count + reach)),
        place,
      )
    }
    const pivot = values[place]!
    let left = low
    let right = high
    while (left <= right) {
      while (values[left]! < pivot) left += 1
      while (values[right]! > pivot) right -= 1
      if (left > right) break
      const kept = values[left]!
      values[left] = values[right]!
      values[right] = kept
      left += 1
      right -= 1
    }
    if (place <= right) high = right
    else if (place >= left) low = left
    else break
  }
  return values[place]!
}
