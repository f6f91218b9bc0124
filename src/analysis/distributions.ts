/** Distribution functions used by limits and forecasts, each with its accuracy. */

/** Standard normal distribution function. West 2005 (after Hart 1968); absolute error below 1e-15, relative error in the tails below 1e-7. */
export function normalCdf(z: number): number {
  const size = Math.abs(z)
  if (size > 37) return z > 0 ? 1 : 0
  const scale = Math.exp((-size * size) / 2)
  let tail: number
  if (size < 7.07106781186547) {
    const top =
      (((((3.52624965998911e-2 * size + 0.700383064443688) * size + 6.37396220353165) * size + 33.912866078383) * size +
        112.079291497871) *
        size +
        221.213596169931) *
        size +
      220.206867912376
    const bottom =
      ((((((8.83883476483184e-2 * size + 1.75566716318264) * size + 16.064177579207) * size + 86.7807322029461) * size +
        296.564248779674) *
        size +
        637.333633378831) *
        size +
        793.826512519948) *
        size +
      440.413735824752
    tail = (scale * top) / bottom
  } else {
    tail = scale / (size + 1 / (size + 2 / (size + 3 / (size + 4 / (size + 0.65))))) / 2.506628274631
  }
  return z > 0 ? 1 - tail : tail
}

/** Value of a polynomial whose coefficients rise from the constant term. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0
  for (let index = coefficients.length - 1; index >= 0; index -= 1) sum = sum * x + coefficients[index]!
  return sum
}

const centre = {
  top: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
    33430.57558358813, 2509.0809287301227,
  ],
  bottom: [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
    28729.085735721943, 5226.495278852854,
  ],
}
const near = {
  top: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
    0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  bottom: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
    0.0005475938084995345, 1.0507500716444169e-9,
  ],
}
const far = {
  top: [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
    0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
  ],
  bottom: [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
    1.421511758316446e-7, 2.0442631033899397e-15,
  ],
}

/** Quantile of the standard normal distribution, p in (0, 1). Wichura 1988 (AS 241, PPND16); relative error about 1e-16. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const square = 0.180625 - q * q
    return (q * polynomial(square, centre.top)) / polynomial(square, centre.bottom)
  }
  const root = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const [part, shifted] = root <= 5 ? [near, root - 1.6] : [far, root - 5]
  const size = polynomial(shifted, part.top) / polynomial(shifted, part.bottom)
  return q < 0 ? -size : size
}

/** Natural logarithm of the gamma function, x > 0. Lanczos (g = 7, n = 9); relative error below 1e-13. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const shifted = x - 1
  let sum = coefficients[0]!
  for (let index = 1; index < 9; index += 1) sum += coefficients[index]! / (shifted + index)
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum)
}

/**
 * Control limit of a count distribution with the discreteness smoothed out (Spiegelhalter 2005, appendix A.1.1): the
 * count r at which P(R ≤ r) first reaches `p`, moved back by the share of its probability that lies beyond `p`.
 */
function smoothQuantile(p: number, start: number, last: number, logMass: (count: number) => number): number {
  let cumulative = 0
  for (let count = start; count <= last; count += 1) {
    const mass = Math.exp(logMass(count))
    cumulative += mass
    if (cumulative >= p) return count - (cumulative - p) / mass
  }
  return last
}

/** Smoothed quantile of a binomial count, as a count; `n` trials with chance `share`. */
export function binomialLimit(p: number, n: number, share: number): number {
  if (share <= 0) return 0
  if (share >= 1) return n
  const spread = 10 * Math.sqrt(n * share * (1 - share)) + 10
  const whole = logGamma(n + 1)
  const start = Math.max(0, Math.floor(n * share - spread))
  return smoothQuantile(p, start, n, (count) => {
    const ways = whole - logGamma(count + 1) - logGamma(n - count + 1)
    return ways + count * Math.log(share) + (n - count) * Math.log1p(-share)
  })
}

/** Smoothed quantile of a Poisson count with this mean. */
export function poissonLimit(p: number, mean: number): number {
  if (mean <= 0) return 0
  const spread = 10 * Math.sqrt(mean) + 10
  const start = Math.max(0, Math.floor(mean - spread))
  return smoothQuantile(
    p,
    start,
    Math.ceil(mean + 4 * spread),
    (count) => count * Math.log(mean) - mean - logGamma(count + 1),
  )
}

/** Regularised incomplete beta function by its continued fraction (Numerical Recipes 6.4); relative error below 1e-10. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const tiny = 1e-300
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 300; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-13) break
  }
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a) * fraction
}

/** Chance that an F value with these degrees of freedom is at least `f`. */
export const fTail = (f: number, top: number, bottom: number): number =>
  incompleteBeta(bottom / (bottom + top * f), bottom / 2, top / 2)

/** Student's t distribution function with `freedom` degrees of freedom (any number above 0), by the incomplete beta function. */
export function tCdf(t: number, freedom: number): number {
  if (freedom > 1e6) return normalCdf(t)
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/** Quantile of Student's t, p in (0, 1): Newton steps on `tCdf`; absolute error below 1e-8 for 0.001 ≤ p ≤ 0.999. */
export function tQuantile(p: number, freedom: number): number {
  if (p < 0.5) return -tQuantile(1 - p, freedom)
  const z = normalQuantile(p)
  if (freedom > 1e6) return z
  // Closed forms, then Cornish and Fisher's expansion (Abramowitz & Stegun 26.7.5) to start from.
  if (freedom === 1) return Math.tan(Math.PI * (p - 0.5))
  if (freedom === 2) return (2 * p - 1) / Math.sqrt(2 * p * (1 - p))
  let t = z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  const scale = Math.exp(logGamma((freedom + 1) / 2) - logGamma(freedom / 2)) / Math.sqrt(freedom * Math.PI)
  for (let step = 0; step < 8; step += 1) {
    const density = scale * (1 + (t * t) / freedom) ** (-(freedom + 1) / 2)
    const delta = (tCdf(t, freedom) - p) / density
    t -= delta
    if (Math.abs(delta) < 1e-10) break
  }
  return t
}
