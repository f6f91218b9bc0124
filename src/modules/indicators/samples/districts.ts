/** Breaks the figure of a whole into districts whose parts add up to it exactly. */
import { type Random, seeded } from '#analysis/random.ts'
import { type Figures, figuresOf, seedOf } from './figures.ts'
import type { IndicatorSpecification } from './specification.ts'

/** Residents in thousands, and how much harder (+) or easier (−) life is there than in the city as a whole. */
export const districts = [
  { code: 'old-town', residents: 82, hardship: 0.05 },
  { code: 'north-quay', residents: 104, hardship: 0.25 },
  { code: 'east-bank', residents: 131, hardship: 0 },
  { code: 'west-bank', residents: 118, hardship: -0.1 },
  { code: 'millfields', residents: 126, hardship: 0.12 },
  { code: 'linden-hill', residents: 79, hardship: -0.25 },
] as const

export type CellFigures = Figures & { readonly cell: string }

const cellOf = (index: number): string => `district=${districts[index]!.code}`

/** Splits a whole number by weights: largest remainder (Hamilton), so that the parts add up. */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0)
  const quotas = weights.map((weight) => (total * weight) / sum)
  const parts = quotas.map(Math.floor)
  const missing = total - parts.reduce((left, right) => left + right, 0)
  const order = quotas.map((quota, index) => ({ index, rest: quota - parts[index]! }))
  order.sort((a, b) => b.rest - a.rest || a.index - b.index)
  for (const { index } of order.slice(0, missing)) parts[index]! += 1
  return parts
}

const jitter = (random: Random, size: number): number => 1 + size * (2 * random() - 1)

/**
 * Parts of a count, or of numerator and denominator. What is bad (the cases of 'down', the remainder of 'up') is
 * distributed over districts by hardship, so a good share never exceeds the whole of its district.
 */
export function shareOut(spec: IndicatorSpecification, whole: Figures, index: number): CellFigures[] {
  const random = seeded(seedOf(`${spec.ref} ${index}`))
  const size = spec.valueKind === 'count' ? 0.35 : 0.06
  const residents = districts.map((district) => district.residents)
  const burden = (weights: readonly number[]) =>
    weights.map((weight, place) => weight * (1 + districts[place]!.hardship) * jitter(random, size))
  if (whole.numerator === undefined || whole.denominator === undefined)
    return apportion(Number(whole.value), burden(residents)).map((part, place) => ({
      cell: cellOf(place),
      value: String(part),
    }))
  const [numerator, denominator] = [Number(whole.numerator), Number(whole.denominator)]
  const denominators = apportion(denominator, residents)
  const good = spec.direction === 'up'
  const bad = apportion(good ? denominator - numerator : numerator, burden(denominators))
  return denominators.map((part, place) => ({
    cell: cellOf(place),
    ...figuresOf(spec, good ? part - bad[place]! : bad[place]!, part),
  }))
}

/** Values of districts around a mean that has no parts to share out; the worst is `spread` × hardship below. */
export function cellFigures(spec: IndicatorSpecification, whole: Figures, index: number): CellFigures[] {
  const random = seeded(seedOf(`${spec.ref} ${index}`))
  return districts.map((district, place) => {
    const value = Number(whole.value) - district.hardship * (spec.story.spread ?? 0) + 0.2 * (random() - 0.5)
    return { cell: cellOf(place), value: value.toFixed(spec.decimals) }
  })
}
