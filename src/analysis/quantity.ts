/**
 * Quantities: decimal strings (exact) or binary numbers (taken as the decimal they print as). Comparisons with a target
 * must be exact: a ratio that equals its target meets it.
 */
import {
  addDecimals,
  canonicalDecimal,
  compareDecimals,
  type Decimal,
  decimalFromNumber,
  divideDecimals,
  multiplyDecimals,
  subtractDecimals,
} from '#values/decimal.ts'

export type Quantity = Decimal | number

/** The canonical decimal of a quantity; throws RangeError for NaN, infinities and text that is no number. */
export const exact = (quantity: Quantity): Decimal =>
  typeof quantity === 'number' ? decimalFromNumber(quantity) : canonicalDecimal(quantity)

/** −1, 0 or 1, exactly. */
export const compareQuantities = (a: Quantity, b: Quantity): -1 | 0 | 1 =>
  typeof a === 'number' && typeof b === 'number' ? (a < b ? -1 : a > b ? 1 : 0) : compareDecimals(exact(a), exact(b))

export const add = (a: Quantity, b: Quantity): Decimal => addDecimals(exact(a), exact(b))
export const subtract = (a: Quantity, b: Quantity): Decimal => subtractDecimals(exact(a), exact(b))
export const multiply = (a: Quantity, b: Quantity): Decimal => multiplyDecimals(exact(a), exact(b))

/** `a / b` to 18 decimals; null where `b` is zero. */
export const divide = (a: Quantity, b: Quantity): Decimal | null => divideDecimals(exact(a), exact(b))

export const sumOf = (quantities: readonly Quantity[]): Decimal =>
  quantities.reduce<Decimal>((sum, quantity) => add(sum, quantity), '0')
