/**
 * Draws in batches, each a Latin hypercube of its own (McKay, Beckman & Conover 1979): of `size` draws every variable has
 * exactly one in each of `size` equally likely strata. Correlation only decides which strata meet (ranks of mixed normal
 * scores, after Iman & Conover 1982), so the values of a variable are bit for bit the same with and without it.
 *
 * What a variable draws depends on seed, its name and the batch: not on other variables, their order, or on who computes
 * the batch. Scenarios with the same seed therefore share their numbers.
 */
import { normalQuantile } from '../distributions.ts'
import { drawUniforms, streamKey } from '../random.ts'
import type { Mixing } from './correlation.ts'
import { type Distribution, isFixed, quantileOf, samplerOf } from './variable.ts'

export type Variable = { readonly name: string; readonly distribution: Distribution }

/** Draws of a full batch; the precision of results is also estimated from batches. At most 1,024. */
export const fullBatch = 500

/** Numbers of a batch in memory at once; each thread holds several such arrays. */
const maxInBatch = 5_000_000

/**
 * Sizes of the batches for this many draws: at least ten batches from 500 draws on, so that precision can be estimated, and
 * smaller ones for plans with more than 10,000 parts.
 */
export function batchSizes(draws: number, parts = 1): number[] {
  const size = Math.min(fullBatch, Math.max(50, Math.ceil(draws / 20)), Math.max(20, Math.floor(maxInBatch / parts)))
  const sizes = new Array<number>(Math.floor(draws / size)).fill(size)
  if (draws % size > 0) sizes.push(draws % size)
  return sizes
}

export type Sample = {
  /**
   * Fills `values` with one row of `size` draws for each variable, and `strata` with the stratum (0 … size − 1) of each:
   * its rank within the batch.
   */
  readonly draw: (batch: number, size: number, values: Float64Array, strata: Uint16Array) => void
}

/** Prepares variables for drawing; distributions and mixings must be free of problems. */
export function sampleOf(variables: readonly Variable[], mixings: readonly Mixing[], seed: number): Sample {
  const keys = variables.map(({ name }) => streamKey(name))
  const samplers = variables.map(({ distribution }) => samplerOf(distribution))
  const fixed = variables.map(({ distribution }) => (isFixed(distribution) ? quantileOf(distribution, 0.5) : null))
  const drivers = mixings.map((mixing) => (mixing.kind === 'driver' ? streamKey(`driver\n${mixing.key}`) : null))
  const drawn = new Float64Array(2 * maxBatch)
  const uniforms = new Float64Array(maxBatch)
  const found = new Float64Array(maxBatch)
  const room: Room = {
    mixed: new Float64Array(maxBatch),
    bucket: new Uint16Array(maxBatch),
    counts: new Int32Array(buckets + 1),
    order: new Uint16Array(maxBatch),
    sorted: new Float64Array(maxBatch),
  }
  return {
    draw: (batch, size, values, strata) => {
      const scores = scoresOf(size)
      for (const [index, key] of keys.entries()) {
        if (fixed[index] !== null) continue
        drawUniforms(seed, key, batch, drawn, 2 * size)
        shuffle(strata, index * size, size, drawn, size)
      }
      for (const [index, mixing] of mixings.entries())
        if (mixing.kind === 'driver') {
          drawUniforms(seed, drivers[index]!, batch, drawn, size)
          mixDriver(mixing, drawn, size, strata, scores, room)
        } else mixMatrix(mixing, size, strata, scores, room)
      for (let index = 0; index < variables.length; index += 1) {
        const row = index * size
        const always = fixed[index]!
        if (always !== null) {
          values.fill(always, row, row + size)
          continue
        }
        // The same numbers once more: drawing them again is cheaper than keeping them for all variables.
        drawUniforms(seed, keys[index]!, batch, drawn, size)
        // In the order of strata, where neighbours are similar; half a step up, so that it is never 0.
        for (let stratum = 0; stratum < size; stratum += 1)
          uniforms[stratum] = (stratum + drawn[stratum]! + 1.1641532182693481e-10) / size
        samplers[index]!(uniforms, found, size)
        for (let draw = 0; draw < size; draw += 1) values[row + draw] = found[strata[row + draw]!]!
      }
    },
  }
}

const maxBatch = 1024

/** Strata 0 … size − 1 in random order (Fisher & Yates, Durstenfeld 1964), by the uniform numbers from `first` on. */
function shuffle(strata: Uint16Array, row: number, size: number, drawn: Float64Array, first: number): void {
  for (let index = 0; index < size; index += 1) {
    const other = Math.floor(drawn[first + index]! * (index + 1))
    strata[row + index] = strata[row + other]!
    strata[row + other] = index
  }
}

const knownScores = new Map<number, Float64Array>()

/** Van der Waerden's normal scores of the strata. */
function scoresOf(size: number): Float64Array {
  let scores = knownScores.get(size)
  if (!scores) {
    scores = Float64Array.from({ length: size }, (_, stratum) => normalQuantile((stratum + 0.5) / size))
    knownScores.set(size, scores)
  }
  return scores
}

type Room = {
  readonly mixed: Float64Array
  readonly bucket: Uint16Array
  readonly counts: Int32Array
  readonly order: Uint16Array
  readonly sorted: Float64Array
}

function mixDriver(
  { members, load }: Extract<Mixing, { kind: 'driver' }>,
  drawn: Float64Array,
  size: number,
  strata: Uint16Array,
  scores: Float64Array,
  room: Room,
): void {
  const common = new Uint16Array(size)
  shuffle(common, 0, size, drawn, 0)
  const rest = Math.sqrt(Math.max(0, 1 - load * load))
  for (const member of members) {
    const row = member * size
    for (let draw = 0; draw < size; draw += 1)
      room.mixed[draw] = load * scores[common[draw]!]! + rest * scores[strata[row + draw]!]!
    rank(room, size, strata, row)
  }
}

function mixMatrix(
  { members, lower }: Extract<Mixing, { kind: 'matrix' }>,
  size: number,
  strata: Uint16Array,
  scores: Float64Array,
  room: Room,
): void {
  const count = members.length
  const { mixed } = room
  const own = members.map((member) =>
    Float64Array.from({ length: size }, (_, draw) => scores[strata[member * size + draw]!]!),
  )
  for (const [row, member] of members.entries()) {
    mixed.fill(0, 0, size)
    for (let column = 0; column <= row; column += 1) {
      const factor = lower[row * count + column]!
      if (factor === 0) continue
      const scored = own[column]!
      for (let draw = 0; draw < size; draw += 1) mixed[draw] = mixed[draw]! + factor * scored[draw]!
    }
    rank(room, size, strata, member * size)
  }
}

/** Buckets for normal scores, 1 ÷ 64 wide; what lies beyond ±4 is in the outermost. */
const buckets = 512

/** Ranks of the mixed scores as strata: into buckets in the order of draws, then by insertion. The earlier draw wins a tie. */
function rank({ mixed, bucket, counts, order, sorted }: Room, size: number, strata: Uint16Array, row: number): void {
  counts.fill(0)
  for (let draw = 0; draw < size; draw += 1) {
    const step = (mixed[draw]! * 64 + 256) | 0
    const own = step < 0 ? 0 : step >= buckets ? buckets - 1 : step
    bucket[draw] = own
    counts[own + 1] = counts[own + 1]! + 1
  }
  let sum = 0
  for (let index = 1; index < buckets; index += 1) {
    sum += counts[index]!
    counts[index] = sum
  }
  for (let draw = 0; draw < size; draw += 1) {
    const own = bucket[draw]!
    const place = counts[own]!
    counts[own] = place + 1
    order[place] = draw
    sorted[place] = mixed[draw]!
  }
  for (let place = 1; place < size; place += 1) {
    const score = sorted[place]!
    let before = place - 1
    if (sorted[before]! <= score) continue
    const draw = order[place]!
    while (before >= 0 && sorted[before]! > score) {
      sorted[before + 1] = sorted[before]!
      order[before + 1] = order[before]!
      before -= 1
    }
    sorted[before + 1] = score
    order[before + 1] = draw
  }
  for (let stratum = 0; stratum < size; stratum += 1) strata[row + order[stratum]!] = stratum
}
