/** Figures of one period, and the seed that makes them the same every time. */
import type { IndicatorSpecification } from './specification.ts'

/** FNV-1a over the UTF-16 units of a text, 32 bits. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash | 0
}

/** What one counted case is worth in the unit: 100 for percent, 100,000 for rates by population, else 1. */
export const scaleOf = (unit: string): number => (unit === '%' ? 100 : unit === '/(100000.{person})' ? 100_000 : 1)

export type Figures = { readonly value: string; readonly numerator?: string; readonly denominator?: string }

/** Value, or numerator and denominator and the value that follows from them. */
export function figuresOf(spec: IndicatorSpecification, numerator: number, denominator: number): Figures {
  const value = (numerator * scaleOf(spec.unit)) / denominator
  return { value: value.toFixed(spec.decimals), numerator: String(numerator), denominator: String(denominator) }
}
