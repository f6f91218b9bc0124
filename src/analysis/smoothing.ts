/**
 * Exponential smoothing in state space form (Hyndman, Koehler, Ord & Snyder 2008): level only with additive (A,N,N) or
 * multiplicative errors (M,N,N), additive trend (A,A,N) and damped trend (A,Ad,N); Holt 1957 with given parameters; theta
 * (Assimakopoulos & Nikolopoulos 2000 in the form of Hyndman & Billah 2003). Fits maximise the likelihood over parameters
 * and starting values, within the bounds of R's `forecast` (0.0001 < β < α < 0.9999, 0.8 < φ < 0.98).
 *
 * These are the published methods with their one best fit. Pages use `forecast.ts`, which weighs many fits instead of
 * trusting one (`posterior.ts`); tests and benchmarks hold it against these.
 */
import { normalQuantile } from './distributions.ts'
import { minimize } from './minimize.ts'
import { meanOf } from './variation.ts'

export type Form = 'ANN' | 'MNN' | 'AAN' | 'AAdN'

export type Parameters = {
  readonly alpha: number
  /** Weight of the trend as in R (β = α β* of Holt's form); 0 without a trend. */
  readonly beta: number
  /** Damping; 1 where the trend is not damped. */
  readonly phi: number
  readonly level: number
  readonly trend: number
}

export type Fit = {
  readonly form: Form
  readonly parameters: Parameters
  /** Level and trend after the last value. */
  readonly last: { readonly level: number; readonly trend: number }
  /** One-step errors: y − ŷ, or (y − ŷ)/ŷ for multiplicative errors. */
  readonly errors: readonly number[]
  /** Variance of the errors, corrected for degrees of freedom. */
  readonly variance: number
  /** Corrected information criterion of Akaike; the smaller the better. Infinity where there are too few values. */
  readonly aicc: number
}

export type Steps = {
  /** Point forecasts for steps 1 to h. */
  readonly mean: readonly number[]
  /** Standard deviation of the forecast distribution at each step (parameters taken as known). */
  readonly deviation: readonly number[]
}

/**
 * Holt's recursion with given parameters. `level` and `trend` are the state at the first value (so the first value itself
 * only counts through them); `trendWeight` is the share of the newest level change in the trend (β*).
 */
export function holt(
  values: readonly number[],
  given: { level: number; trend: number; alpha: number; trendWeight: number },
  steps: number,
): { levels: number[]; forecasts: number[] } {
  let { level, trend } = given
  const levels: number[] = values.length > 0 ? [level] : []
  for (const value of values.slice(1)) {
    const next = given.alpha * value + (1 - given.alpha) * (level + trend)
    trend = given.trendWeight * (next - level) + (1 - given.trendWeight) * trend
    level = next
    levels.push(level)
  }
  return { levels, forecasts: Array.from({ length: steps }, (_, index) => level + (index + 1) * trend) }
}

/** Runs the errors of a form over the values; fills `errors` and returns minus twice the log-likelihood (up to a constant). */
function run(
  values: readonly number[],
  form: Form,
  p: Parameters,
  errors: number[],
): { fit: number; level: number; trend: number } {
  let { level, trend } = p
  let squares = 0
  let logs = 0
  for (let index = 0; index < values.length; index += 1) {
    const expected = level + p.phi * trend
    const plain = values[index]! - expected
    const error = form === 'MNN' ? plain / expected : plain
    errors[index] = error
    squares += error * error
    if (form === 'MNN') logs += Math.log(Math.abs(expected))
    level = expected + p.alpha * plain
    trend = p.phi * trend + p.beta * plain
  }
  const fit = values.length * Math.log(squares <= 0 ? Number.MIN_VALUE : squares) + 2 * logs
  return { fit: Number.isNaN(fit) ? Number.POSITIVE_INFINITY : fit, level, trend }
}

const [least, most] = [0.0001, 0.9999]

/** Starting level and trend: a straight line through the first values (up to ten). */
function startOf(values: readonly number[]): { level: number; trend: number } {
  const first = values.slice(0, Math.min(10, values.length))
  const middle = (first.length + 1) / 2
  const mean = meanOf(first)
  let above = 0
  let below = 0
  for (const [index, value] of first.entries()) {
    above += (index + 1 - middle) * (value - mean)
    below += (index + 1 - middle) ** 2
  }
  const trend = below > 0 ? above / below : 0
  return { level: mean - trend * middle, trend }
}

/** Parameters from the free numbers of a form, or null outside the bounds. */
function unpack(form: Form, free: readonly number[], scale: number): Parameters | null {
  const alpha = free[0]!
  const level = free[1]! * scale
  if (!(alpha >= least && alpha <= most)) return null
  if (form === 'ANN' || form === 'MNN') return { alpha, beta: 0, phi: 1, level, trend: 0 }
  const beta = free[2]!
  if (!(beta >= least && beta <= alpha)) return null
  const phi = form === 'AAdN' ? free[4]! : 1
  if (form === 'AAdN' && !(phi >= 0.8 && phi <= 0.98)) return null
  return { alpha, beta, phi, level, trend: free[3]! * scale }
}

const freeCount: Record<Form, number> = { ANN: 2, MNN: 2, AAN: 4, AAdN: 5 }

/**
 * Fits a form by likelihood. Null where there are fewer values than free parameters + 2, or if the form does not apply
 * (multiplicative errors need values above zero). `quick` searches from one start instead of three, for bootstraps.
 */
export function fitSmoothing(values: readonly number[], form: Form, quick = false): Fit | null {
  const n = values.length
  const count = freeCount[form]
  if (n < count + 2 || (form === 'MNN' && values.some((value) => value <= 0))) return null
  const scale = Math.max(...values.map(Math.abs)) || 1
  const errors: number[] = new Array(n)
  const cost = (free: readonly number[]) => {
    const parameters = unpack(form, free, scale)
    return parameters ? run(values, form, parameters, errors).fit : Number.POSITIVE_INFINITY
  }
  const start = startOf(values)
  const flat = count === 2
  let best: { at: number[]; value: number } | null = null
  for (const alpha of quick ? [0.3] : [0.1, 0.4, 0.8]) {
    const level = (flat ? meanOf(values.slice(0, 10)) : start.level) / scale
    const from = [alpha, level, alpha / 4, start.trend / scale, 0.95].slice(0, count)
    const step = [0.1, 0.05, alpha / 8, Math.abs(start.trend / scale) / 4 + 0.005, -0.05].slice(0, count)
    const options = quick ? { tolerance: 1e-7, evaluations: 250 } : { tolerance: 1e-12, evaluations: 4000 }
    let found = minimize(cost, from, step, options)
    // A simplex can shrink onto a bound; a second start from its best point gets it off again.
    if (!quick)
      found = minimize(
        cost,
        found.at,
        step.map((size) => size / 2),
        options,
      )
    if (!best || found.value < best.value) best = found
  }
  const parameters = best && unpack(form, best.at, scale)
  if (!parameters) return null
  const last = run(values, form, parameters, errors)
  const squares = errors.reduce((sum, error) => sum + error * error, 0)
  const k = count + 1
  const aicc = n - k - 1 > 0 ? last.fit + 2 * k + (2 * k * (k + 1)) / (n - k - 1) : Number.POSITIVE_INFINITY
  return {
    form,
    parameters,
    last: { level: last.level, trend: last.trend },
    errors: [...errors],
    variance: squares / Math.max(1, n - count),
    aicc,
  }
}

/** Point forecasts and their deviations: closed forms for additive errors, the recursion of the book (6.3) for (M,N,N). */
export function smoothingSteps(fit: Fit, steps: number): Steps {
  const { alpha, beta, phi } = fit.parameters
  const mean: number[] = []
  const deviation: number[] = []
  let damp = 0
  let weights = 0
  const thetas: number[] = []
  for (let step = 1; step <= steps; step += 1) {
    if (step > 1) weights += (alpha + beta * damp) ** 2
    damp += phi ** step
    const centre = fit.last.level + damp * fit.last.trend
    mean.push(centre)
    if (fit.form === 'MNN') {
      let theta = centre * centre
      for (let back = 1; back < step; back += 1) theta += fit.variance * alpha * alpha * thetas[step - back - 1]!
      thetas.push(theta)
      deviation.push(Math.sqrt((1 + fit.variance) * theta - centre * centre))
    } else deviation.push(Math.sqrt(fit.variance * (1 + weights)))
  }
  return { mean, deviation }
}

/** Theta: simple smoothing plus half the slope of a straight line through all values. Null under four values. */
export function theta(values: readonly number[], steps: number): Steps | null {
  const fit = fitSmoothing(values, 'ANN')
  if (!fit) return null
  const n = values.length
  const { alpha } = fit.parameters
  const centre = (n - 1) / 2
  const average = meanOf(values)
  let above = 0
  let below = 0
  for (const [index, value] of values.entries()) {
    above += (index - centre) * (value - average)
    below += (index - centre) ** 2
  }
  const drift = above / below / 2
  const mean: number[] = []
  const deviation: number[] = []
  for (let step = 0; step < steps; step += 1) {
    mean.push(fit.last.level + drift * (step + (1 - (1 - alpha) ** n) / alpha))
    deviation.push(Math.sqrt(fit.variance * (step * alpha * alpha + 1)))
  }
  return { mean, deviation }
}

/** The range that holds a share of the forecast distribution at a step (1-based), e.g. 0.8. */
export function rangeAt(steps: Steps, step: number, share: number): { lower: number; upper: number } {
  const reach = normalQuantile(0.5 + share / 2) * steps.deviation[step - 1]!
  return { lower: steps.mean[step - 1]! - reach, upper: steps.mean[step - 1]! + reach }
}
