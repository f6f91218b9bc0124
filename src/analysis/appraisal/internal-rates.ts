/**
 * Internal rates of return: all rates above -100 % a year at which a series of flows is worth nothing today. There may be
 * none or several; a single figure that hides this is misleading, so the answer is always a list.
 */
import type { Flow } from './appraisal.ts'

export type InternalRates = {
  /** Rates a year in rising order, 0.1 for 10 %. Accurate to 1e-12; a rate that only touches zero is listed once. */
  readonly rates: readonly number[]
  /**
   * Why there is not exactly one: 'nothing-flows'; 'one-sign', money goes one way only; 'never-zero', it is worth more (or
   * less) than nothing at every rate; 'several'. Null if there is exactly one.
   */
  readonly why: 'nothing-flows' | 'one-sign' | 'never-zero' | 'several' | null
}

/**
 * All internal rates of return. With `s = ln(1 + rate)` the value is `Σ amount · e^(−s · year)`. Laguerre's proof of the
 * rule of signs gives the search: between two years where the sign changes choose `m`; the value times `e^(s · m)` has a
 * derivative with one change of sign less, whose zeros (found the same way) cut the line into pieces on which the value
 * rises or falls only, and each piece holds at most one zero. So no root is missed, and no start value is guessed.
 */
export function internalRates(flows: readonly Flow[]): InternalRates {
  const amounts = new Map<number, number>()
  for (const { year, amount } of flows) amounts.set(year, (amounts.get(year) ?? 0) + amount)
  const terms = [...amounts]
    .filter(([, amount]) => amount !== 0)
    .map(([year, amount]) => ({ year, amount }))
    .sort((left, right) => left.year - right.year)
  if (terms.length === 0) return { rates: [], why: 'nothing-flows' }
  if (lastSignChange(terms) < 0) return { rates: [], why: 'one-sign' }
  const rates = zeros(terms).map((s) => Math.expm1(s))
  return { rates, why: rates.length === 1 ? null : rates.length === 0 ? 'never-zero' : 'several' }
}

/** Index of the last term whose successor has the opposite sign; -1 if there is none. */
function lastSignChange(terms: readonly Flow[]): number {
  for (let index = terms.length - 2; index >= 0; index -= 1)
    if (terms[index]!.amount > 0 !== terms[index + 1]!.amount > 0) return index
  return -1
}

/** Value at `s` as a share of the sum of its parts' sizes, from -1 to 1: large exponents neither overflow nor swamp the rest. */
function balance(terms: readonly Flow[], s: number): number {
  let top = Number.NEGATIVE_INFINITY
  for (const { year } of terms) top = Math.max(top, -s * year)
  let sum = 0
  let size = 0
  for (const { year, amount } of terms) {
    const part = amount * Math.exp(-s * year - top)
    sum += part
    size += Math.abs(part)
  }
  return sum / size
}

/** A share below this is rounding error. */
const touching = 1e-13

function zeros(terms: readonly Flow[]): number[] {
  const change = lastSignChange(terms)
  if (change < 0) return []
  const middle = (terms[change]!.year + terms[change + 1]!.year) / 2
  const turns = zeros(terms.map(({ year, amount }) => ({ year, amount: amount * (middle - year) })))
  // Far out the first or the last term dominates; the distance is doubled until it does.
  const reach = (way: -1 | 1, term: Flow, from: number) => {
    let s = from + way
    for (let step = 1; Math.sign(balance(terms, s)) !== Math.sign(term.amount) && step < 1e9; step *= 2) s += way * step
    return s
  }
  const edges = [reach(-1, terms.at(-1)!, turns[0] ?? 0), ...turns, reach(1, terms[0]!, turns.at(-1) ?? 0)]
  const values = edges.map((s) => balance(terms, s))
  const found: number[] = []
  for (let index = 0; index < edges.length; index += 1) {
    const value = values[index]!
    if (Math.abs(value) <= touching) {
      found.push(edges[index]!)
      continue
    }
    const next = values[index + 1]
    if (next === undefined || Math.abs(next) <= touching || value > 0 === next > 0) continue
    found.push(bisect(terms, edges[index]!, edges[index + 1]!, value > 0))
  }
  return found
}

function bisect(terms: readonly Flow[], from: number, to: number, positive: boolean): number {
  let low = from
  let high = to
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (balance(terms, middle) > 0 === positive) low = middle
    else high = middle
  }
  return (low + high) / 2
}
