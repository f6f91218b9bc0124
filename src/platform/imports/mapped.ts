/** Where a mapping gets each meaning (`to`) from, and small readers for its values. */
import { createHash } from 'node:crypto'
import type { CellValue } from '../tabular/index.ts'
import { type ColumnRule, type Profile, rulesOf } from '../tabular/index.ts'

export type MappedColumns = {
  /** Column by meaning, for meanings that come from a column: messages name it. */
  readonly columns: ReadonlyMap<string, string>
  /** All meanings, constants included. */
  readonly all: ReadonlySet<string>
  /** Meanings filled by splitting a label. */
  readonly split: ReadonlySet<string>
}

export function mappedColumns(profile: Profile): MappedColumns {
  const columns = new Map<string, string>()
  const split = new Set<string>()
  const all = new Set(Object.keys(profile.constants ?? {}))
  const note = (column: string, rule: Pick<ColumnRule, 'to' | 'values'> & Partial<Pick<ColumnRule, 'split'>>) => {
    for (const to of [rule.to, ...(rule.split?.into ?? [])]) if (!columns.has(to)) columns.set(to, column)
    for (const to of rule.split?.into ?? []) if (to !== rule.to) split.add(to)
    for (const to of Object.keys(rule.values ?? {})) all.add(to)
  }
  for (const [column, entry] of Object.entries(profile.columns)) for (const rule of rulesOf(entry)) note(column, rule)
  for (const rule of profile.unpivot?.columns ?? []) note('', rule)
  for (const to of columns.keys()) all.add(to)
  for (const { values } of profile.set ?? []) for (const to of Object.keys(values)) all.add(to)
  for (const to of [profile.unpivot?.period, profile.unpivot?.status, profile.continues?.into])
    if (to !== undefined) all.add(to)
  return { columns, all, split }
}

/** Non-empty text, trimmed, else null. A period is not text. */
export const textOf = (value: CellValue | undefined): string | null => {
  if (value === null || value === undefined || typeof value === 'object') return null
  const text = String(value).trim()
  return text === '' ? null : text
}

/** Several texts as one short key, different if any of them differs. */
export const hashed = (...parts: ReadonlyArray<string | null>): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)

/** The key of a staged record: short enough for an index, whatever a file writes. */
export const stagedKey = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 200)}…${hashed(text)}`)
