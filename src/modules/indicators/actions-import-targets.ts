/**
 * What the columns of an imported file can mean for an indicator: the targets (`to`) that a mapping profile may name.
 */

import { textOf } from '#platform/imports/index.ts'
import type { CellValue, Profile, Values } from '#platform/tabular/index.ts'
import { isPeriod, type Period, type PeriodOptions, parsePeriod } from '#values/period.ts'

/** Fields of an indicator that a file may state, by the kind of value they take. */
export const indicatorFields = {
  title: 'text',
  definition: 'text',
  valueKind: 'text',
  unit: 'text',
  unitLabel: 'text',
  decimals: 'whole',
  numerator: 'text',
  denominator: 'text',
  direction: 'text',
  rangeLow: 'text',
  rangeHigh: 'text',
  grain: 'text',
  publicationLagDays: 'whole',
  seasonal: 'flag',
  cumulative: 'flag',
  rareEvents: 'flag',
  minimumCell: 'whole',
  sourceText: 'text',
  sourceAddress: 'text',
  method: 'text',
  libraryNumber: 'text',
  critical: 'flag',
} as const
export type IndicatorField = keyof typeof indicatorFields

const named = (group: string, names: readonly string[]) => names.map((name) => `${group}.${name}`)

/** Every target with a meaning; `breakdown.` is followed by the name of a dimension. */
const targets: readonly string[] = [
  ...named('owner', ['id', 'post']),
  ...named('indicator', [...Object.keys(indicatorFields), 'labelAbove']),
  ...named('measurement', ['period', 'value', 'numerator', 'denominator', 'status', 'note', 'breakdown', 'asOfOn']),
  ...named('target', ['kind', 'value', 'base', 'low', 'high', 'period', 'from', 'dueOn', 'setOn', 'comparator', 'why']),
]
const known = new Set(targets)
export const isTarget = (target: string) => known.has(target) || /^breakdown\.[a-zA-Z][A-Za-z0-9-]*$/.test(target)

/** A period, or a label from the profile; null for none, 'bad' if unreadable. */
export function periodOf(value: CellValue | undefined, profile: Profile): Period | 'bad' | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') return value
  const options: PeriodOptions = profile.fiscalYear ? { fiscal: profile.fiscalYear } : {}
  const read = parsePeriod(String(value), options)
  return isPeriod(read) ? read : 'bad'
}

/** The values of an indicator's fields that a row states. */
export function fieldsOf(values: Values): Partial<Record<IndicatorField, string | number | boolean>> {
  const found: Partial<Record<IndicatorField, string | number | boolean>> = {}
  for (const [name, type] of Object.entries(indicatorFields) as Array<[IndicatorField, string]>) {
    const value = values[`indicator.${name}`]
    if (typeof value === 'boolean') {
      found[name] = value
      continue
    }
    const text = textOf(value)
    if (text === null) continue
    // A value that does not fit the field is passed on unchanged: the gate reports it, at its place.
    found[name] = type === 'whole' && /^\d{1,9}$/.test(text) ? Number(text) : type === 'flag' ? flagOf(text) : text
  }
  return found
}

const flagOf = (text: string): string | boolean =>
  ['true', 'yes', '是'].includes(text.toLowerCase())
    ? true
    : ['false', 'no', '否'].includes(text.toLowerCase())
      ? false
      : text
