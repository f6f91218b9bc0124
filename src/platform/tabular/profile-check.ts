/** Reads a profile strictly: unknown keys, wrong values and unsafe patterns are each reported at their place. */
import { type TSchema, Type } from 'typebox'
import { Errors } from 'typebox/value'
import { parseStrictJson } from '../json/index.ts'
import { nearest } from './nearest.ts'
import { compilePattern } from './pattern.ts'
import { excerpt, type TableProblem, type TableProblemCode, tableProblem } from './problems.ts'
import {
  type ColumnRule,
  columnRuleSchema,
  type Profile,
  profileSchema,
  rulesOf,
  tableSchema,
  tablesOf,
} from './profile.ts'

const maxProfileBytes = 512 * 1024
const strict = { additionalProperties: false }
const anyColumns = Type.Record(Type.String(), Type.Unknown())
const outline = Type.Object({ ...profileSchema.properties, columns: anyColumns }, strict)
const { tables: _, columns: _columns, ...besides } = profileSchema.properties
/** The outer part of a profile of several tables; the tables are checked one by one. */
const outlineOfTables = Type.Object(
  {
    ...besides,
    columns: Type.Optional(Type.Object({}, strict)),
    tables: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 50 }),
  },
  strict,
)
const outlineOfTable = Type.Object({ ...tableSchema.properties, columns: anyColumns }, strict)

/** The profile, or everything that is wrong with it. `source` is the text of the file or what it parsed to. */
export function parseProfile(source: unknown): { profile: Profile } | { problems: TableProblem[] } {
  let content = source
  if (typeof source === 'string') {
    if (source.length > maxProfileBytes) {
      return { problems: [tableProblem('profile.too-large', { limit: maxProfileBytes / 1024 })] }
    }
    try {
      content = parseStrictJson(source.replace(/^\ufeff/, ''), 'anyones')
    } catch (error) {
      return { problems: [tableProblem('profile.not-json', { detail: excerpt((error as Error).message) })] }
    }
  }
  const several = tablesIn(content)
  const problems = several
    ? [
        ...faults(outlineOfTables, content, ''),
        ...several.flatMap((table, index) => [
          ...faults(outlineOfTable, table, `tables[${index}]`),
          ...ruleFaults(table, `tables[${index}].`),
        ]),
      ]
    : [...faults(outline, content, ''), ...ruleFaults(content, '')]
  if (problems.length > 0) return { problems }
  const profile: Profile = several ? { ...(content as Profile), columns: {} } : (content as Profile)
  const conflicts = tablesOf(profile).flatMap((table, index) => {
    const found = [...patternFaults(table), ...conflictFaults(table)]
    if (several && table.file?.sheet === undefined)
      found.push(fault('profile.rule-conflict', { at: 'file', conflict: 'tables-sheet' }))
    return several
      ? found.map((each) => ({ ...each, values: { ...each.values, at: `tables[${index}].${each.values.at}` } }))
      : found
  })
  return conflicts.length > 0 ? { problems: conflicts } : { profile }
}

function tablesIn(content: unknown): readonly unknown[] | null {
  const tables = (content as { tables?: unknown } | null)?.tables
  return Array.isArray(tables) ? tables : null
}

function ruleFaults(content: unknown, base: string): TableProblem[] {
  const columns = (content as { columns?: unknown } | null)?.columns
  if (typeof columns !== 'object' || columns === null) return []
  return Object.entries(columns).flatMap(([column, entry]) =>
    Array.isArray(entry)
      ? entry.flatMap((rule, index) => faults(columnRuleSchema, rule, `${base}columns["${column}"][${index}]`))
      : faults(columnRuleSchema, entry, `${base}columns["${column}"]`),
  )
}

function faults(schema: TSchema, value: unknown, base: string): TableProblem[] {
  const problems: TableProblem[] = []
  const unknown = new Set<string>()
  for (const error of Errors(schema, value)) {
    const at = place(base, error.instancePath)
    if (error.keyword === 'additionalProperties') {
      for (const key of error.params.additionalProperties) {
        unknown.add(`${error.instancePath}/${key}`)
        problems.push(
          fault('profile.unknown-key', { at, key, nearest: nearest(key, keysAt(schema, error.instancePath)) }),
        )
      }
    } else if (error.keyword === 'required') {
      for (const key of error.params.requiredProperties) problems.push(fault('profile.missing-key', { at, key }))
    } else if (error.keyword !== 'boolean') {
      problems.push(fault('profile.wrong-value', { at, expected: expectedBy(error) }))
    }
  }
  return problems
}

function fault(code: TableProblemCode, values: Record<string, string | number>): TableProblem {
  return tableProblem(code, values)
}

/** `/unpivot/columns/0` as people write it: `unpivot.columns[0]`; the profile itself is `profile`. */
function place(base: string, pointer: string): string {
  let at = base
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (/^\d+$/.test(key)) at += `[${key}]`
    else if (/^[A-Za-z]\w*$/.test(key)) at += at === '' ? key : `.${key}`
    else at += `["${key}"]`
  }
  return at === '' ? 'profile' : at
}

function keysAt(schema: TSchema, pointer: string): string[] {
  let here: Record<string, unknown> | undefined = schema as Record<string, unknown>
  for (const part of pointer.split('/').slice(1)) {
    const properties = here?.properties as Record<string, Record<string, unknown>> | undefined
    here = /^\d+$/.test(part) ? (here?.items as Record<string, unknown>) : properties?.[part]
  }
  return Object.keys((here?.properties as object | undefined) ?? {})
}

function expectedBy(error: { keyword: string; params: unknown; message: string }): string {
  const params = error.params as { allowedValues?: unknown[] }
  return params.allowedValues ? params.allowedValues.map((value) => JSON.stringify(value)).join(', ') : error.message
}

function* patternsOf(profile: Profile): Generator<{ at: string; source: string; groups: number | null }> {
  for (const [column, entry] of Object.entries(profile.columns)) {
    for (const rule of rulesOf(entry)) {
      const at = `columns["${column}"]`
      if (rule.split) yield { at: `${at}.split`, source: rule.split.pattern, groups: rule.split.into.length }
      for (const { when } of rule.cases ?? []) if (when.matches) yield { at, source: when.matches, groups: null }
    }
  }
  for (const rule of profile.unpivot?.columns ?? []) {
    yield { at: 'unpivot.columns', source: rule.pattern, groups: null }
    for (const { when } of rule.cases ?? []) {
      if (when.matches) yield { at: 'unpivot.columns', source: when.matches, groups: null }
    }
  }
  const conditions = [
    ...(profile.set ?? []).map((entry) => entry.when),
    ...(profile.rowFilter?.keep ?? []),
    ...(profile.rowFilter?.drop ?? []),
  ]
  for (const when of conditions) if (when.matches) yield { at: 'matches', source: when.matches, groups: null }
}

function patternFaults(profile: Profile): TableProblem[] {
  const problems: TableProblem[] = []
  for (const { at, source, groups } of patternsOf(profile)) {
    const compiled = compilePattern(source)
    const pattern = excerpt(source)
    if ('refused' in compiled) problems.push(fault('profile.unsafe-pattern', { at, pattern, reason: compiled.refused }))
    else if (groups !== null && compiled.groups !== groups) {
      problems.push(fault('profile.pattern-groups', { at, pattern, groups: compiled.groups, targets: groups }))
    }
  }
  return problems
}

/** Rules that contradict themselves; the code of each is a word under `tabular.conflict.<conflict>`. */
function conflictFaults(profile: Profile): TableProblem[] {
  const problems: TableProblem[] = []
  const add = (at: string, conflict: string) => problems.push(fault('profile.rule-conflict', { at, conflict }))
  const check = (rule: Omit<ColumnRule, 'to'>, at: string) => {
    const series = rule.as === 'period-value'
    const ofSeries = [rule.period, rule.status, rule.values, rule.value, rule.idSuffix].some(
      (part) => part !== undefined,
    )
    const kinds = [series ? rule.value : rule.as, ...(rule.cases ?? []).map((entry) => entry.as)]
    if (ofSeries && !series) add(at, 'series-only')
    if (rule.period !== undefined && !profile.unpivot?.period) add(at, 'period-target')
    if (rule.status !== undefined && !profile.unpivot?.status) add(at, 'status-target')
    if ((rule.choices !== undefined) !== kinds.includes('choice')) add(at, 'choices')
    if (rule.idSuffix !== undefined && !profile.externalId) add(at, 'id-suffix')
  }
  for (const [column, entry] of Object.entries(profile.columns)) {
    for (const rule of rulesOf(entry)) {
      const at = `columns["${column}"]`
      check(rule, at)
      if (rule.split && rule.as !== undefined && rule.as !== 'text') add(at, 'split-text')
      if (profile.ignore?.includes(column)) add(at, 'ignored')
    }
  }
  for (const [index, rule] of (profile.unpivot?.columns ?? []).entries()) {
    check({ ...rule, as: rule.as ?? 'period-value' }, `unpivot.columns[${index}]`)
  }
  const id = profile.externalId
  if (id && !id.prefix && !id.columns?.length) add('externalId', 'empty-id')
  return problems
}
