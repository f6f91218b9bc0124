/** Turns rows into typed values by a profile. What a value means is for the importing module to decide. */
import { isPeriod, type Period, type PeriodProblem, parsePeriod } from '#values/period.ts'
import {
  type CellFault,
  type CellResult,
  missingTokens,
  readDay,
  readDuration,
  readNumber,
  readPercent,
  usualNumberFormat,
} from './cells.ts'
import { nearest } from './nearest.ts'
import { compilePattern, maxTextLength, type SafePattern } from './pattern.ts'
import { excerpt, type TableProblem, type TableProblemCode, tableProblem } from './problems.ts'
import { type ColumnRule, type Condition, type PlainKind, type Profile, rulesOf } from './profile.ts'
import type { Row } from './read.ts'

/** Numbers, percents, durations (seconds) and days are strings; periods are kernel periods; choices are constants. */
export type CellValue = string | number | boolean | null | Period
export type Values = Record<string, CellValue>

/** One value of a wide table with what belongs to it: its period, its status, its own constants. */
export type Part = {
  readonly column: string
  readonly values: Values
  /** Set where the rule has `idSuffix`: this part is a record of its own. */
  readonly externalId: ExternalId | null
}

export type ExternalId = { readonly source: string; readonly id: string }

export type ConvertedRow = {
  readonly number: number
  /** False where `rowFilter` leaves the row out; then there are no values. */
  readonly kept: boolean
  /** By target. A missing cell is null; a cell with a fault is absent. */
  readonly values: Values
  readonly externalId: ExternalId | null
  /** One for each `period-value` cell that is not missing; empty for a long table. */
  readonly parts: readonly Part[]
  /** Faults found by converting; `row.problems` holds those found by reading. */
  readonly problems: readonly TableProblem[]
}

export type Conversion = {
  /** How header and profile disagree: a missing column stops the import, an unmapped one is a warning. */
  readonly problems: readonly TableProblem[]
  /** Rows must come in the order of the file: `continues` looks at the row above. */
  readonly convertRow: (row: Row) => ConvertedRow
}

type Reading = Omit<ColumnRule, 'to' | 'split' | 'required'>
type CellRule = { readonly index: number; readonly column: string; readonly rule: ColumnRule; readonly tests: Test[] }
type Test = (cells: readonly string[]) => boolean

/** Fits a checked profile to the header of a file. Throws a TypeError for a profile that was not checked. */
export function prepareConversion(profile: Profile, header: readonly string[]): Conversion {
  const problems: TableProblem[] = []
  const index = new Map(header.map((name, position) => [name, position]))
  const missing = new Set(['', ...(profile.missing ?? missingTokens)])
  const find = (column: string): number => {
    const at = index.get(column)
    if (at !== undefined) return at
    if (!problems.some((problem) => problem.column === column)) {
      problems.push(
        tableProblem('header.column-missing', { name: column, nearest: nearest(column, header) }, null, column),
      )
    }
    return -1
  }
  const test = (condition: Condition): Test => conditionTest(condition, find(condition.column), missing)
  const rules: CellRule[] = []
  const addRule = (column: string, rule: ColumnRule) => {
    rules.push({ index: find(column), column, rule, tests: (rule.cases ?? []).map((entry) => test(entry.when)) })
  }
  for (const [column, entry] of Object.entries(profile.columns))
    for (const rule of rulesOf(entry)) addRule(column, rule)
  const named = new Set([...Object.keys(profile.columns), ...(profile.ignore ?? [])])
  for (const { pattern: source, ...rest } of profile.unpivot?.columns ?? []) {
    const pattern = compiled(source)
    for (const column of header) {
      const groups = named.has(column) ? null : pattern.match(column)
      if (groups === null || groups === 'too-long') continue
      named.add(column)
      const period = rest.period?.replace(/\$(\d)/g, (_, group) => groups[Number(group) - 1] ?? '')
      addRule(column, { ...rest, as: rest.as ?? 'period-value', ...(period === undefined ? {} : { period }) })
    }
  }
  const idColumns = (profile.externalId?.columns ?? []).map((column) => ({ column, at: find(column) }))
  const keep = (profile.rowFilter?.keep ?? []).map(test)
  const drop = (profile.rowFilter?.drop ?? []).map(test)
  const sets = (profile.set ?? []).map((entry) => ({ when: test(entry.when), values: entry.values }))
  const follow = continuation(profile, find)
  for (const { column } of idColumns) named.add(column)
  for (const column of header) {
    if (!named.has(column)) problems.push(tableProblem('header.column-unmapped', { name: column }, null, column))
  }
  const reader = new CellReader(profile, missing)

  const convertRow = (row: Row): ConvertedRow => {
    const faults: TableProblem[] = []
    const out = { number: row.number, parts: [] as Part[], problems: faults }
    // The row above counts as it is in the file, even when the filter leaves it out.
    const above = follow?.(row)
    if (!keep.every((holds) => holds(row.cells)) || drop.some((holds) => holds(row.cells))) {
      return { ...out, kept: false, values: {}, externalId: null }
    }
    const values: Values = { ...profile.constants }
    for (const set of sets) if (set.when(row.cells)) Object.assign(values, set.values)
    const externalId = identify(profile, idColumns, row, missing, faults)
    const add = (code: TableProblemCode, faultValues: CellFault['values'], column: string) =>
      faults.push(tableProblem(code, faultValues, row.number, column))
    for (const { index: at, column, rule, tests } of rules) {
      if (at < 0) continue
      const cell = row.cells[at] ?? ''
      const chosen = tests.findIndex((holds) => holds(row.cells))
      const series = rule.as === 'period-value'
      const kind = chosen >= 0 ? rule.cases![chosen]!.as : series ? (rule.value ?? 'number') : (rule.as ?? 'text')
      const result = reader.read(cell, kind as PlainKind, row.exact?.[at] ? { ...rule, ...exactReading } : rule)
      if ('fault' in result) {
        add(result.fault.code, result.fault.values, column)
        continue
      }
      if (result.warning) add(result.warning.code, result.warning.values, column)
      if (series) {
        if (result.value !== null) out.parts.push(partOf(profile, column, rule, result.value, externalId, reader, add))
        continue
      }
      if (result.value === null && rule.required) add('cell.required', {}, column)
      const groups =
        rule.split && typeof result.value === 'string' ? compiled(rule.split.pattern).match(result.value) : null
      if (groups === 'too-long') add('cell.too-long-for-pattern', { limit: maxTextLength }, column)
      else if (groups) for (const [place, into] of rule.split!.into.entries()) values[into] = groups[place]!
      else values[rule.to] = result.value
    }
    if (above) above(values, faults)
    return { ...out, kept: true, values, externalId }
  }
  return { problems, convertRow }
}

/** Converts one row; for a whole file `prepareConversion` does the preparation once. */
export function convertRow(profile: Profile, header: readonly string[], row: Row): ConvertedRow {
  return prepareConversion(profile, header).convertRow(row)
}

type AddFault = (code: TableProblemCode, values: CellFault['values'], column: string) => void

function partOf(
  profile: Profile,
  column: string,
  rule: ColumnRule,
  value: CellValue,
  id: ExternalId | null,
  reader: CellReader,
  add: AddFault,
): Part {
  const values: Values = { ...rule.values, [rule.to]: value }
  if (rule.status !== undefined) values[profile.unpivot!.status!] = rule.status
  if (rule.period !== undefined) {
    const period = reader.readPeriod(rule.period, rule)
    if ('fault' in period) add(period.fault.code, period.fault.values, column)
    else values[profile.unpivot!.period!] = period.value
  }
  const own = rule.idSuffix !== undefined && id !== null
  return { column, values, externalId: own ? { source: id.source, id: `${id.id}/${rule.idSuffix}` } : null }
}

/** How numbers and days of a workbook are written, whatever the profile says about its texts. */
const exactReading = { numberFormat: '1234.5', days: 'iso' } as const

type ReadResult = { value: CellValue; warning?: CellFault } | { fault: CellFault }

class CellReader {
  private readonly profile: Profile
  private readonly missing: ReadonlySet<string>
  /** Periods repeat in every row; reading a label once is enough. Bounded, as labels are user input. */
  private readonly periods = new Map<string, ReadResult>()

  constructor(profile: Profile, missing: ReadonlySet<string>) {
    this.profile = profile
    this.missing = missing
  }

  read(cell: string, kind: PlainKind, rule: Reading): ReadResult {
    const text = cell.trim()
    const isMissing = rule.missing ? text === '' || rule.missing.includes(text) : this.missing.has(text)
    if (isMissing) return { value: null }
    const format = rule.numberFormat ?? this.profile.numberFormat ?? usualNumberFormat
    switch (kind) {
      case 'text':
        return { value: text }
      case 'number':
        return readNumber(text, format)
      case 'percent':
        return readPercent(text, format)
      case 'duration-minutes-seconds':
        return readDuration(text, 'minutes-seconds', format, rule.over59) satisfies CellResult
      case 'duration-hours-minutes':
        return readDuration(text, 'hours-minutes', format, rule.over59)
      case 'day':
        return readDay(text, rule.days ?? this.profile.days ?? 'iso')
      case 'choice':
        return readChoice(text, rule)
      case 'period':
        return this.readPeriod(text, rule)
    }
  }

  readPeriod(label: string, rule: Reading): ReadResult {
    const key = `${rule.grain ?? ''} ${label}`
    const known = this.periods.get(key)
    if (known) return known
    const days = rule.days ?? this.profile.days
    const read = parsePeriod(label, {
      ...(this.profile.fiscalYear ? { fiscal: this.profile.fiscalYear } : {}),
      ...(rule.grain ? { grain: rule.grain } : {}),
      ...(days === 'day-month-year' || days === 'month-day-year' ? { dayOrder: days } : {}),
    })
    const result: ReadResult = isPeriod(read) ? { value: read } : { fault: periodFault(label, read) }
    if (this.periods.size < 10_000) this.periods.set(key, result)
    return result
  }
}

/** The reasons of `parsePeriod` are looked up as `tabular.period-reason.<reason>`. */
function periodFault(label: string, read: PeriodProblem | null): CellFault {
  const text = excerpt(label)
  if (read?.problem === 'ambiguous') {
    return { code: 'cell.period-ambiguous', values: { text, readings: (read.readings ?? []).join(' / ') } }
  }
  return { code: 'cell.not-a-period', values: { text, reason: read?.problem ?? 'not-a-period' } }
}

function readChoice(text: string, rule: Reading): ReadResult {
  const choices = rule.choices ?? {}
  if (Object.hasOwn(choices, text)) return { value: choices[text]! }
  const known = Object.keys(choices)
  const values = { text: excerpt(text), known: excerpt(known.join(', ')), nearest: nearest(text, known) }
  return { fault: { code: 'cell.unknown-choice', values } }
}

function compiled(source: string): SafePattern {
  const known = patterns.get(source)
  if (known) return known
  const pattern = compilePattern(source)
  if ('refused' in pattern) throw new TypeError(`Pattern refused (${pattern.refused}); check the profile first.`)
  patterns.set(source, pattern)
  if (patterns.size > 500) patterns.delete(patterns.keys().next().value!)
  return pattern
}
const patterns = new Map<string, SafePattern>()

function conditionTest(condition: Condition, at: number, missing: ReadonlySet<string>): Test {
  const pattern = condition.matches === undefined ? null : compiled(condition.matches)
  const wanted = condition.oneOf ? new Set(condition.oneOf) : null
  return (cells) => {
    const text = (cells[at] ?? '').trim()
    if (at < 0) return false
    if (condition.equals !== undefined && text !== condition.equals) return false
    if (wanted && !wanted.has(text)) return false
    if (condition.contains !== undefined && !text.includes(condition.contains)) return false
    if (condition.missing !== undefined && missing.has(text) !== condition.missing) return false
    // A text too long for a pattern does not match: conditions choose, they do not refuse rows.
    return pattern === null || Array.isArray(pattern.match(text))
  }
}

function identify(
  profile: Profile,
  columns: readonly { column: string; at: number }[],
  row: Row,
  missing: ReadonlySet<string>,
  faults: TableProblem[],
): ExternalId | null {
  if (!profile.externalId) return null
  const parts = profile.externalId.prefix ? [profile.externalId.prefix] : []
  for (const { column, at } of columns) {
    const text = (row.cells[at] ?? '').trim()
    if (missing.has(text)) {
      faults.push(tableProblem('row.no-identifier', { name: column }, row.number, column))
      return null
    }
    parts.push(text)
  }
  return { source: profile.externalId.source, id: parts.join('/') }
}

type Follow = (row: Row) => ((values: Values, faults: TableProblem[]) => void) | null

/** Labels that continue from the row above; returns what to do with the values of such a row. */
function continuation(profile: Profile, find: (column: string) => number): Follow | null {
  const rule = profile.continues
  if (!rule) return null
  const at = find(rule.column)
  const within = (rule.within ?? []).map(find)
  const title = rulesOf(Object.hasOwn(profile.columns, rule.column) ? profile.columns[rule.column]! : []).find(
    (entry) => entry.as === undefined || entry.as === 'text',
  )
  let above: { label: string; group: string } | null = null
  return (row) => {
    const label = (row.cells[at] ?? '').trim()
    const group = within.map((place) => row.cells[place] ?? '').join('\u0000')
    if (!rule.startsWith.some((start) => label.startsWith(start))) {
      above = { label, group }
      return null
    }
    const parent = above?.group === group ? above.label : null
    return (values, faults) => {
      const said = { text: excerpt(label), above: excerpt(parent ?? '') }
      faults.push(tableProblem(parent ? 'row.continues' : 'row.continues-nothing', said, row.number, rule.column))
      if (rule.into) values[rule.into] = parent
      if (parent !== null && rule.joinWith !== undefined && title)
        values[title.to] = `${parent}${rule.joinWith}${label}`
    }
  }
}
