/**
 * Adding up series over parts. Shares are recomputed from numerator and denominator, never averaged; a parent and its
 * parts are never counted together; fiscal and calendar years are never added up (`measures` §1, §2).
 */
import { axisOf, type Period } from '#values/period.ts'
import { add, compareQuantities, divide, multiply, type Quantity } from './quantity.ts'

export type Part = {
  /** Name of the part; '' for a whole without a parent. */
  readonly key: string
  /** The part this one belongs to, if any. */
  readonly parent?: string | null
  readonly period: Period
  /** For sums. */
  readonly value?: Quantity | null
  /** For shares. */
  readonly numerator?: Quantity | null
  readonly denominator?: Quantity | null
}

/** 'count' and 'sum' add values; 'percent' and 'ratio' are recomputed from numerator and denominator. */
export type Measure = 'count' | 'sum' | 'percent' | 'ratio'

export type AggregateProblem = {
  readonly problem:
    | 'nothing-to-add'
    | 'no-denominator'
    | 'denominator-zero'
    | 'mixed-axes'
    | 'mixed-periods'
    | 'parent-with-parts'
    | 'part-twice'
    | 'part-missing'
  /** The parts that cause it. */
  readonly keys: readonly string[]
}

export type Aggregate = {
  readonly value: string
  readonly numerator?: string
  readonly denominator?: string
  readonly n: number
}

function parentsAmong(parts: readonly Part[]): string[] {
  const present = new Set(parts.map(({ key }) => key))
  const parentOf = new Map(parts.map(({ key, parent }) => [key, parent ?? null]))
  const found = new Set<string>()
  for (const { key } of parts) {
    const seen = new Set([key])
    for (let up = parentOf.get(key) ?? null; up !== null && !seen.has(up); up = parentOf.get(up) ?? null) {
      seen.add(up)
      if (present.has(up)) found.add(up)
    }
  }
  return [...found]
}

/** The total over the parts of one period, or why there is none. A missing part is a problem, not a zero. */
export function aggregateParts(parts: readonly Part[], measure: Measure): Aggregate | AggregateProblem {
  if (parts.length === 0) return { problem: 'nothing-to-add', keys: [] }
  const keys = parts.map(({ key }) => key)
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index)
  if (twice.length > 0) return { problem: 'part-twice', keys: [...new Set(twice)] }
  const first = parts[0]!.period
  const axis = axisOf(first)
  const otherAxis = parts.filter(({ period }) => axisOf(period) !== axis)
  if (otherAxis.length > 0) return { problem: 'mixed-axes', keys: otherAxis.map(({ key }) => key) }
  const otherPeriod = parts.filter(({ period }) => period.from !== first.from || period.to !== first.to)
  if (otherPeriod.length > 0) return { problem: 'mixed-periods', keys: otherPeriod.map(({ key }) => key) }
  const parents = parentsAmong(parts)
  if (parents.length > 0) return { problem: 'parent-with-parts', keys: parents }
  const without = (field: 'value' | 'numerator' | 'denominator') =>
    parts.filter((part) => part[field] === null || part[field] === undefined).map(({ key }) => key)
  const sum = (field: 'value' | 'numerator' | 'denominator') =>
    parts.reduce<string>((total, part) => add(total, part[field]!), '0')
  if (measure === 'count' || measure === 'sum') {
    const missing = without('value')
    return missing.length > 0 ? { problem: 'part-missing', keys: missing } : { value: sum('value'), n: parts.length }
  }
  const missing = [...new Set([...without('denominator'), ...without('numerator')])]
  if (missing.length > 0) return { problem: 'no-denominator', keys: missing }
  const [numerator, denominator] = [sum('numerator'), sum('denominator')]
  if (compareQuantities(denominator, '0') === 0) return { problem: 'denominator-zero', keys }
  const share = divide(measure === 'percent' ? multiply(numerator, '100') : numerator, denominator)!
  return { value: share, numerator, denominator, n: parts.length }
}
