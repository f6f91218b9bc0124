/** What the columns of an imported file can mean here: the targets (`to`) that a mapping profile may name. */
import { type CellValue, type ColumnRule, type Profile, rulesOf, type Values } from '#platform/tabular/index.ts'
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

const organisationFields = ['organisationKind', 'sector', 'identityCode', 'budgetCode', 'abbreviation'] as const

/** Levels of a plan from the top down; a profile uses those its file has. */
export const levelNames = [
  'serviceArea',
  'level1',
  'level2',
  'level3',
  'level4',
  'level5',
  'level6',
  'objective',
] as const
const levelFields = ['id', 'title', 'description']

const named = (group: string, names: readonly string[]) => names.map((name) => `${group}.${name}`)

/** Every target with a meaning; `breakdown.` goes on with the name of a dimension. */
export const targets: readonly string[] = [
  ...named('plan', ['title', 'levels', 'from', 'to']),
  ...named('outcome', ['id', 'title', 'description']),
  ...levelNames.flatMap((level) => named(level, levelFields)),
  ...named('organisation', ['id', 'name', ...organisationFields]),
  ...named('owner', ['id', 'post']),
  ...named('indicator', [...Object.keys(indicatorFields), 'labelAbove']),
  ...named('measurement', ['period', 'value', 'numerator', 'denominator', 'status', 'note', 'breakdown', 'asOfOn']),
  ...named('target', ['kind', 'value', 'base', 'low', 'high', 'period', 'from', 'dueOn', 'setOn', 'comparator', 'why']),
]
const known = new Set(targets)
export const isTarget = (target: string) => known.has(target) || /^breakdown\.[a-zA-Z][A-Za-z0-9-]*$/.test(target)

/** Where a profile gets each target from: all of them, and the column that stands for one in a message. */
export type Sources = {
  /** Column by target, for those that come from a column. */
  readonly columns: ReadonlyMap<string, string>
  /** All targets, constants included. */
  readonly all: ReadonlySet<string>
  /** Targets filled by splitting a label: the row is a part with an identity of its own. */
  readonly split: ReadonlySet<string>
}

export function sourcesOf(profile: Profile): Sources {
  const columns = new Map<string, string>()
  const split = new Set<string>()
  const all = new Set(Object.keys(profile.constants ?? {}))
  const note = (column: string, rule: Pick<ColumnRule, 'to' | 'values'> & Partial<Pick<ColumnRule, 'split'>>) => {
    for (const target of [rule.to, ...(rule.split?.into ?? [])]) if (!columns.has(target)) columns.set(target, column)
    for (const target of rule.split?.into ?? []) if (target !== rule.to) split.add(target)
    for (const target of Object.keys(rule.values ?? {})) all.add(target)
  }
  for (const [column, entry] of Object.entries(profile.columns)) for (const rule of rulesOf(entry)) note(column, rule)
  for (const rule of profile.unpivot?.columns ?? []) note('', rule)
  for (const target of columns.keys()) all.add(target)
  for (const { values } of profile.set ?? []) for (const target of Object.keys(values)) all.add(target)
  for (const target of [profile.unpivot?.period, profile.unpivot?.status, profile.continues?.into])
    if (target !== undefined) all.add(target)
  return { columns, all, split }
}

/** A text that says something, trimmed; null for nothing. */
export const textOf = (value: CellValue | undefined): string | null => {
  if (value === null || value === undefined || typeof value === 'object') return null
  const text = String(value).trim()
  return text === '' ? null : text
}

/** A period, also one that stands in the profile as a label; null for none, 'bad' where it cannot be read. */
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
    // What does not fit the field is handed on as it is: the gate says so, at its place.
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

export function organisationOf(values: Values): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of organisationFields) {
    const text = textOf(values[`organisation.${name}`])
    if (text !== null) found[name] = text
  }
  return found
}
