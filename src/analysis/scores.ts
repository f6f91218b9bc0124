/** Scoring predictions: Brier 1950; CRPS (Gneiting & Raftery 2007); coverage of stated ranges. */
import { incompleteBeta, normalCdf } from './distributions.ts'

/** A stated chance (0 to 1) and whether it came true. */
export type StatedChance = { readonly chance: number; readonly came: boolean }

/** Mean squared distance of chances from outcomes: 0 is perfect, always saying one half scores 0.25. Null if there are none. */
export function brier(stated: readonly StatedChance[]): number | null {
  if (stated.length === 0) return null
  let sum = 0
  for (const { chance, came } of stated) {
    if (!(chance >= 0 && chance <= 1)) throw new RangeError(`A chance lies between 0 and 1, not at ${chance}.`)
    sum += (chance - (came ? 1 : 0)) ** 2
  }
  return sum / stated.length
}

/** CRPS of a normal forecast, in the unit of the value; the smaller the better. Without spread it is the distance. */
export function crpsNormal(middle: number, scale: number, came: number): number {
  if (!(scale > 0)) return Math.abs(came - middle)
  const z = (came - middle) / scale
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return scale * (z * (2 * normalCdf(z) - 1) + 2 * density - 1 / Math.sqrt(Math.PI))
}

/** CRPS of drawn values: mean |x − y| less half the mean |x − x′|; in the unit of the value, 0 is perfect. Null for none. */
export function crpsOfDraws(draws: readonly number[], came: number): number | null {
  const n = draws.length
  if (n === 0) return null
  const sorted = [...draws].sort((left, right) => left - right)
  let distance = 0
  let separation = 0
  for (const [index, value] of sorted.entries()) {
    distance += Math.abs(value - came)
    // Sum of all distances between pairs, by rank.
    separation += value * (2 * index + 1 - n)
  }
  return distance / n - separation / (n * n)
}

/** A stated range and the actual value. */
export type StatedRange = { readonly lower: number; readonly upper: number; readonly came: number }

export type Coverage = {
  readonly tried: number
  readonly held: number
  /** Chance that honest ranges would contain so few (or fewer): binomial tail. */
  readonly chanceOfSoFew: number
  /** Too narrow to be credible: honest ranges would do this badly in fewer than one of twenty cases. */
  readonly flagged: boolean
}

/** How many of the stated ranges contained the actual value. 80 % ranges that contain 5 of 10 are flagged. Null if there are none. */
export function coverage(ranges: readonly StatedRange[], nominal: number): Coverage | null {
  if (ranges.length === 0) return null
  const held = ranges.filter(({ lower, upper, came }) => came >= lower && came <= upper).length
  const tried = ranges.length
  // P(held or fewer) of a binomial, by the incomplete beta function.
  const chanceOfSoFew = held === tried ? 1 : incompleteBeta(1 - nominal, tried - held, held + 1)
  return { tried, held, chanceOfSoFew, flagged: chanceOfSoFew < 0.05 }
}
