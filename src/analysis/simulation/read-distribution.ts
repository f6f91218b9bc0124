/** An uncertain quantity as people write it in JSON: a number, three estimates, or a kind with its figures. */
import { type Distribution, type DistributionProblem, distributionProblem, quantileOf } from './variable.ts'

/** `at`: key within the value, '' for the value itself. */
export type ReadProblem = {
  readonly problem: DistributionProblem | 'unknown-kind' | 'unknown-figure'
  readonly at: string
}

type Keyed = Readonly<Record<string, unknown>>
const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null && !Array.isArray(value)

const figures = {
  fixed: ['value'],
  triangular: ['min', 'mode', 'max'],
  pert: ['min', 'mode', 'max', 'weight'],
  normal: ['mean', 'deviation'],
  lognormal: ['mean', 'deviation'],
  uniform: ['min', 'max'],
  discrete: ['values'],
  empirical: ['values'],
} as const

const isKind = (kind: unknown): kind is keyof typeof figures => typeof kind === 'string' && Object.hasOwn(figures, kind)

/**
 * Reads a quantity whose figures are counted in `unit` (480 for days of eight hours in minutes). Three estimates without a
 * kind are triangular: it needs no further assumption than they do.
 */
export function readDistribution(value: unknown, unit: number): Distribution | ReadProblem {
  if (typeof value === 'number') return checked({ kind: 'fixed', value: value * unit })
  if (!isKeyed(value)) return { problem: 'not-a-number', at: '' }
  const kind = value.kind ?? 'triangular'
  if (!isKind(kind)) return { problem: 'unknown-kind', at: 'kind' }
  const known: readonly string[] = figures[kind]
  const other = Object.keys(value).find((key) => key !== 'kind' && !known.includes(key))
  if (other !== undefined) return { problem: 'unknown-figure', at: other }
  if (kind === 'discrete' || kind === 'empirical') return readValues(kind, value.values, unit)
  const found: Record<string, unknown> = { kind }
  for (const key of known) {
    if (key === 'weight' && value.weight === undefined) continue
    const figure = value[key]
    if (typeof figure !== 'number' || !Number.isFinite(figure)) return { problem: 'not-a-number', at: key }
    found[key] = key === 'weight' ? figure : figure * unit
  }
  return checked(found as Distribution)
}

function readValues(kind: 'discrete' | 'empirical', values: unknown, unit: number): Distribution | ReadProblem {
  if (!Array.isArray(values)) return { problem: 'no-values', at: 'values' }
  if (kind === 'empirical') {
    const wrong = values.findIndex((each) => typeof each !== 'number' || !Number.isFinite(each))
    if (wrong >= 0) return { problem: 'not-a-number', at: `values/${wrong}` }
    return checked({ kind, values: values.map((each) => each * unit) })
  }
  const read: { value: number; chance: number }[] = []
  for (const [index, each] of values.entries()) {
    const { value, chance } = isKeyed(each) ? each : {}
    if (typeof value !== 'number' || typeof chance !== 'number')
      return { problem: 'not-a-number', at: `values/${index}` }
    read.push({ value: value * unit, chance })
  }
  return checked({ kind, values: read })
}

function checked(distribution: Distribution): Distribution | ReadProblem {
  const problem = distributionProblem(distribution)
  return problem ? { problem, at: '' } : distribution
}

/** The single value that a plan without simulation uses: the likeliest of three estimates, else the middle one (P50). */
export const plannedValue = (of: Distribution): number =>
  of.kind === 'triangular' || of.kind === 'pert' ? of.mode : quantileOf(of, 0.5)
