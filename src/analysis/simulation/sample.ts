/**
 * Draws in batches, each a Latin hypercube of its own (McKay, Beckman & Conover 1979): of `size` draws every variable has
 * exactly one in each of `size` equally likely strata. Correlation only decides which strata meet (ranks of mixed normal
 * scores, after Iman & Conover 1982), so the values of a variable are bit for bit the same with and without it.
 *
 * What a variable draws depends on seed, its name and the batch: not on other variables, their order, or on who computes
 * the batch. Scenarios with the same seed therefore share their numbers.
 */
import { normalQuantile } from '../distributions.ts'
import { type Random, streamKey, streamOf } from '../random.ts'
import type { Mixing } from './correlation.ts'
import { type Distribution, isFixed, quantileOf, samplerOf } from './variable.ts'

export type Variable = { readonly name: string; readonly distribution: Distribution }

/** Draws of a full batch; a batch is also what the precision of results is told from. At most 1,024. */
export const fullBatch = 500

/** Sizes of the batches of so many draws: at least ten batches where there are 500 draws, so that precision can be told. */
export function batchSizes(draws: number): number[] {
  const size = Math.min(fullBatch, Math.max(50, Math.ceil(draws / 20)))
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

/** Makes variables ready to be drawn; distributions and mixings must be free of problems. */
export function sampleOf(variables: readonly Variable[], mixings: readonly Mixing[], seed: number): Sample {
  const keys = variables.map(({ name }) => streamKey(name))
  const samplers = variables.map(({ distribution }) => samplerOf(distribution))
  const fixed = variables.map(({ distribution }) => (isFixed(distribution) ? quantileOf(distribution, 0.5) : null))
  const drivers = mixings.map((mixing) => (mixing.kind === 'driver' ? streamKey(`driver\n${mixing.key}`) : null))
  const stretch = new Float64Array(1024)
  const uniforms = new Float64Array(1024)
  return {
    draw: (batch, size, values, strata) => {
      const scores = scoresOf(size)
      const jitters = new Float64Array(variables.length * size)
      for (const [index, key] of keys.entries()) {
        if (fixed[index] !== null) continue
        const random = streamOf(seed, key, batch)
        for (let stratum = 0; stratum < size; stratum += 1)
          jitters[index * size + stratum] = random() + 1.1641532182693481e-10
        shuffle(strata, index * size, size, random)
      }
      for (const [index, mixing] of mixings.entries())
        if (mixing.kind === 'driver') mixDriver(mixing, streamOf(seed, drivers[index]!, batch), size, strata, scores)
        else mixMatrix(mixing, size, strata, scores)
      for (let index = 0; index < variables.length; index += 1) {
        const row = index * size
        const always = fixed[index]!
        if (always !== null) {
          values.fill(always, row, row + size)
          continue
        }
        for (let draw = 0; draw < size; draw += 1) {
          const stratum = strata[row + draw]!
          uniforms[draw] = (stratum + jitters[row + stratum]!) / size
        }
        samplers[index]!(uniforms, stretch, size)
        for (let draw = 0; draw < size; draw += 1) values[row + draw] = stretch[draw]!
      }
    },
  }
}

/** Strata 0 … size − 1 in random order (Fisher & Yates, Durstenfeld 1964). */
function shuffle(strata: Uint16Array, row: number, size: number, random: Random): void {
  for (let index = 0; index < size; index += 1) {
    const other = Math.floor(random() * (index + 1))
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

function mixDriver(
  { members, load }: Extract<Mixing, { kind: 'driver' }>,
  random: Random,
  size: number,
  strata: Uint16Array,
  scores: Float64Array,
): void {
  const common = new Uint16Array(size)
  shuffle(common, 0, size, random)
  const rest = Math.sqrt(Math.max(0, 1 - load * load))
  const mixed = new Float64Array(size)
  for (const member of members) {
    const row = member * size
    for (let draw = 0; draw < size; draw += 1)
      mixed[draw] = load * scores[common[draw]!]! + rest * scores[strata[row + draw]!]!
    rank(mixed, size, strata, row)
  }
}

function mixMatrix(
  { members, lower }: Extract<Mixing, { kind: 'matrix' }>,
  size: number,
  strata: Uint16Array,
  scores: Float64Array,
): void {
  const count = members.length
  const own = members.map((member) =>
    Float64Array.from({ length: size }, (_, draw) => scores[strata[member * size + draw]!]!),
  )
  const mixed = new Float64Array(size)
  for (const [row, member] of members.entries()) {
    mixed.fill(0)
    for (let column = 0; column <= row; column += 1) {
      const factor = lower[row * count + column]!
      if (factor === 0) continue
      const column_ = own[column]!
      for (let draw = 0; draw < size; draw += 1) mixed[draw] = mixed[draw]! + factor * column_[draw]!
    }
    rank(mixed, size, strata, member * size)
  }
}

const sortable = new Float64Array(1024)

/** Ranks of the mixed scores as strata. The key holds the score in steps of 2^-36 and the draw, which settles ties. */
function rank(mixed: Float64Array, size: number, strata: Uint16Array, row: number): void {
  const keys = sortable.subarray(0, size)
  for (let draw = 0; draw < size; draw += 1) {
    const score = Math.min(15, Math.max(-15, mixed[draw]!)) + 16
    keys[draw] = Math.floor(score * 68719476736) * 1024 + draw
  }
  keys.sort()
  for (let stratum = 0; stratum < size; stratum += 1) {
    const key = keys[stratum]!
    strata[row + key - Math.floor(key / 1024) * 1024] = stratum
  }
}
