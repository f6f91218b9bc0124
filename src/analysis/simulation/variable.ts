/**
 * Uncertain quantities and how to draw from them: always by the inverse of the distribution function, so that one uniform
 * number gives one value, larger for larger, and stratified or correlated uniforms stay what they are.
 */
import { normalQuantile } from '../distributions.ts'
import { betaQuantiles } from './beta.ts'

/** An uncertain quantity in one unit (minutes, money). What each kind holds is in that unit. */
export type Distribution =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'triangular'; readonly min: number; readonly mode: number; readonly max: number }
  /** Beta over the range with shape 1 + weight × (mode − min) ÷ range; weight 4 is the PERT of Malcolm et al. 1959. */
  | {
      readonly kind: 'pert'
      readonly min: number
      readonly mode: number
      readonly max: number
      readonly weight?: number
    }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** `mean` and `deviation` are those of the values, not of their logarithms. */
  | { readonly kind: 'lognormal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  /** Chances are relative to each other. */
  | { readonly kind: 'discrete'; readonly values: readonly { readonly value: number; readonly chance: number }[] }
  /** Observed values, each with the same chance. Nothing between or beyond them is invented. */
  | { readonly kind: 'empirical'; readonly values: readonly number[] }

export type DistributionProblem =
  | 'not-a-number'
  | 'min-above-mode'
  | 'mode-above-max'
  | 'min-above-max'
  | 'weight-out-of-range'
  | 'deviation-negative'
  | 'mean-not-positive'
  | 'no-values'
  | 'chance-negative'
  | 'no-chance'

/** What is wrong with a distribution; null if nothing. */
export function distributionProblem(of: Distribution): DistributionProblem | null {
  if (!numbersOf(of).every(Number.isFinite)) return 'not-a-number'
  switch (of.kind) {
    case 'fixed':
      return null
    case 'triangular':
    case 'pert':
      if (of.min > of.mode) return 'min-above-mode'
      if (of.mode > of.max) return 'mode-above-max'
      return of.kind === 'pert' && !((of.weight ?? 4) > 0 && (of.weight ?? 4) <= 100) ? 'weight-out-of-range' : null
    case 'normal':
      return of.deviation < 0 ? 'deviation-negative' : null
    case 'lognormal':
      if (of.deviation < 0) return 'deviation-negative'
      return of.mean > 0 ? null : 'mean-not-positive'
    case 'uniform':
      return of.min > of.max ? 'min-above-max' : null
    case 'discrete':
      if (of.values.length === 0) return 'no-values'
      if (of.values.some(({ chance }) => chance < 0)) return 'chance-negative'
      return of.values.some(({ chance }) => chance > 0) ? null : 'no-chance'
    case 'empirical':
      return of.values.length === 0 ? 'no-values' : null
  }
}

function numbersOf(of: Distribution): number[] {
  if (of.kind === 'empirical') return [...of.values]
  if (of.kind === 'discrete') return of.values.flatMap(({ value, chance }) => [value, chance])
  return Object.values(of).filter((each) => typeof each === 'number')
}

/** Whether every draw gives the same value. */
export function isFixed(of: Distribution): boolean {
  const { mean, variance } = momentsOf(of)
  return variance <= 1e-24 * mean * mean
}

/** Mean and variance in closed form. */
export function momentsOf(of: Distribution): { readonly mean: number; readonly variance: number } {
  switch (of.kind) {
    case 'fixed':
      return { mean: of.value, variance: 0 }
    case 'triangular': {
      const { min, mode, max } = of
      const sides = (mode - min) ** 2 + (max - mode) ** 2 + (max - min) ** 2
      return { mean: (min + mode + max) / 3, variance: sides / 36 }
    }
    case 'pert': {
      const { min, max } = of
      const [alpha, beta] = shapesOf(of)
      const sum = alpha + beta
      const mean = min + ((max - min) * alpha) / sum
      return { mean, variance: ((max - min) ** 2 * alpha * beta) / (sum * sum * (sum + 1)) }
    }
    case 'normal':
    case 'lognormal':
      return { mean: of.mean, variance: of.deviation ** 2 }
    case 'uniform':
      return { mean: (of.min + of.max) / 2, variance: (of.max - of.min) ** 2 / 12 }
    case 'discrete':
      return weightedMoments(of.values)
    case 'empirical':
      return weightedMoments(of.values.map((value) => ({ value, chance: 1 })))
  }
}

function weightedMoments(values: readonly { readonly value: number; readonly chance: number }[]) {
  const whole = values.reduce((sum, { chance }) => sum + chance, 0)
  const mean = values.reduce((sum, { value, chance }) => sum + value * (chance / whole), 0)
  const variance = values.reduce((sum, { value, chance }) => sum + (value - mean) ** 2 * (chance / whole), 0)
  return { mean, variance }
}

type Pert = Extract<Distribution, { kind: 'pert' }>

function shapesOf({ min, mode, max, weight = 4 }: Pert): [alpha: number, beta: number] {
  const place = max > min ? (mode - min) / (max - min) : 0.5
  return [1 + weight * place, 1 + weight * (1 - place)]
}

/** Turns `count` uniform numbers in (0, 1) into values, in the same order. */
export type Sampler = (uniforms: Float64Array, into: Float64Array, count: number) => void

/** Inverse distribution function for many numbers at once. The distribution must be free of problems. */
export function samplerOf(of: Distribution): Sampler {
  switch (of.kind) {
    case 'fixed':
      return (_uniforms, into, count) => void into.fill(of.value, 0, count)
    case 'triangular':
      return triangular(of.min, of.mode, of.max)
    case 'pert': {
      const { min, max } = of
      const quantiles = betaQuantiles(...shapesOf(of))
      return (uniforms, into, count) => {
        quantiles(uniforms, into, count)
        for (let index = 0; index < count; index += 1) into[index] = min + (max - min) * into[index]!
      }
    }
    case 'normal': {
      const { mean, deviation } = of
      return (uniforms, into, count) => {
        for (let index = 0; index < count; index += 1) into[index] = mean + deviation * normalQuantile(uniforms[index]!)
      }
    }
    case 'lognormal': {
      const variance = Math.log1p((of.deviation / of.mean) ** 2)
      const middle = Math.log(of.mean) - variance / 2
      const deviation = Math.sqrt(variance)
      return (uniforms, into, count) => {
        for (let index = 0; index < count; index += 1)
          into[index] = Math.exp(middle + deviation * normalQuantile(uniforms[index]!))
      }
    }
    case 'uniform': {
      const { min, max } = of
      return (uniforms, into, count) => {
        for (let index = 0; index < count; index += 1) into[index] = min + (max - min) * uniforms[index]!
      }
    }
    case 'discrete':
      return steps(of.values)
    case 'empirical':
      return steps(of.values.map((value) => ({ value, chance: 1 })))
  }
}

function triangular(min: number, mode: number, max: number): Sampler {
  const range = max - min
  const turn = range > 0 ? (mode - min) / range : 0
  const left = Math.sqrt(range * (mode - min))
  const right = Math.sqrt(range * (max - mode))
  return (uniforms, into, count) => {
    for (let index = 0; index < count; index += 1) {
      const uniform = uniforms[index]!
      into[index] = uniform < turn ? min + left * Math.sqrt(uniform) : max - right * Math.sqrt(1 - uniform)
    }
  }
}

function steps(values: readonly { readonly value: number; readonly chance: number }[]): Sampler {
  const sorted = values.filter(({ chance }) => chance > 0).sort((left, right) => left.value - right.value)
  const whole = sorted.reduce((sum, { chance }) => sum + chance, 0)
  const upTo = new Float64Array(sorted.length)
  let sum = 0
  for (const [index, { chance }] of sorted.entries()) {
    sum += chance
    upTo[index] = sum / whole
  }
  return (uniforms, into, count) => {
    for (let index = 0; index < count; index += 1) {
      const uniform = uniforms[index]!
      let low = 0
      let high = sorted.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if (uniform <= upTo[middle]!) high = middle
        else low = middle + 1
      }
      into[index] = sorted[low]!.value
    }
  }
}

/** One quantile: the value that a share `p` in (0, 1) of the draws does not pass. */
export function quantileOf(of: Distribution, p: number): number {
  const into = new Float64Array(1)
  samplerOf(of)(Float64Array.of(p), into, 1)
  return into[0]!
}
