/**
 * Reads what somebody typed into the tables of a benefit, and benefit tables that somebody uploads. Nothing is thrown.
 */
import type { FieldProblem } from '#kernel/problem.ts'
import { type Decimal, isReadDecimal, parseDecimal } from '#values/decimal.ts'
import { isDay, isPeriod, parsePeriod } from '#values/period.ts'
import { resultStatuses } from './records.ts'

export type EntryField = 'period' | 'number' | 'year' | 'day' | 'text' | 'note' | 'status' | 'ref'
export type EntryTable = {
  /** What has to be filled in for a line to count; clearing it removes a stored row. */
  readonly main: string
  readonly fields: Readonly<Record<string, EntryField>>
}

/** The tables that are filled in by hand, with what each line asks. */
export const entryTables = {
  path: {
    main: 'value',
    fields: { period: 'period', value: 'number', low: 'number', high: 'number', runningCost: 'number' },
  },
  result: {
    main: 'value',
    fields: {
      period: 'period',
      value: 'number',
      low: 'number',
      high: 'number',
      runningCost: 'number',
      status: 'status',
      sourceText: 'note',
      note: 'note',
    },
  },
  forecast: {
    main: 'value',
    fields: { period: 'period', value: 'number', low: 'number', high: 'number', madeOn: 'day', note: 'note' },
  },
  budget: { main: 'amount', fields: { budgetCode: 'text', year: 'year', amount: 'number', body: 'ref' } },
  claim: {
    main: 'movement',
    fields: {
      indicator: 'ref',
      movement: 'number',
      baseline: 'number',
      baselineOn: 'day',
      counterfactualChange: 'number',
      note: 'note',
    },
  },
  adoption: { main: 'value', fields: { on: 'day', value: 'number', status: 'status', note: 'note' } },
} as const satisfies Record<string, EntryTable>
export type EntryName = keyof typeof entryTables
/** Those of a benefit; adoption belongs to a business change. */
export const benefitTables = (Object.keys(entryTables) as EntryName[]).filter((name) => name !== 'adoption')

export type EnteredRow = Record<string, string | number | null>
export type EnteredRows = {
  readonly set: EnteredRow[]
  readonly remove: EnteredRow[]
  /** Problems at `/field.line`. */
  readonly problems: FieldProblem[]
}

const keysOf: Record<EntryName, readonly string[]> = {
  path: ['from', 'to'],
  result: ['from', 'to'],
  forecast: ['from', 'to'],
  budget: ['budgetCode', 'year'],
  claim: ['indicator'],
  adoption: ['on'],
}

/** A budget code may contain the key separator. */
const shut = (text: string) => text.replaceAll('%', '%25').replaceAll('|', '%7C')
const open = (text: string) => text.replaceAll('%7C', '|').replaceAll('%25', '%')

/** Which stored row a line shows, as text for a hidden field, and back. */
export const keyText = (name: EntryName, row: Readonly<Record<string, unknown>>): string =>
  keysOf[name].map((key) => shut(String(row[key]))).join('|')
export function keyRow(name: EntryName, text: string): EnteredRow | null {
  const parts = text.split('|').map(open)
  if (text === '' || parts.length !== keysOf[name].length) return null
  return Object.fromEntries(
    keysOf[name].map((key, index) => [key, key === 'year' ? Number(parts[index]) : parts[index]!]),
  )
}

/** A number as people type it: 1234.5 or 1,234.5. */
export function readNumber(text: string): Decimal | null | 'wrong' {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return null
  const read = parseDecimal(typed, '1,234.5')
  return isReadDecimal(read) && !read.percent ? read.value : 'wrong'
}

/** Reads the lines of one table. A stored row whose line moved to another key is removed under its old one. */
export function readEntry(name: EntryName, typed: Readonly<Record<string, string>>, lines: number): EnteredRows {
  const table: EntryTable = entryTables[name]
  const entered: EnteredRows = { set: [], remove: [], problems: [] }
  const seen = new Set<string>()
  for (let line = 0; line < lines; line += 1) {
    const text = (field: string) => (typed[`${field}.${line}`] ?? '').trim()
    const was = keyRow(name, typed[`was.${line}`] ?? '')
    if (text(table.main) === '') {
      if (was) entered.remove.push(was)
      else if (Object.entries(table.fields).some(([field, type]) => type === 'number' && text(field) !== ''))
        entered.problems.push({ at: `/${table.main}.${line}`, code: 'field.required' })
      continue
    }
    const row: EnteredRow = {}
    const before = entered.problems.length
    for (const [field, type] of Object.entries(table.fields))
      readField(row, field, type, text(field), line, entered.problems)
    if (entered.problems.length > before) continue
    const key = keyText(name, row)
    if (seen.has(key)) {
      entered.problems.push({ at: `/${Object.keys(table.fields)[0]}.${line}`, code: 'rows.repeated' })
      continue
    }
    seen.add(key)
    entered.set.push(row)
    if (was && keyText(name, was) !== key) entered.remove.push(was)
  }
  // A row moved to the key of a removed one stays.
  return { ...entered, remove: entered.remove.filter((row) => !seen.has(keyText(name, row))) }
}

/** What a counting line has to state. */
export const requiredFields: ReadonlySet<string> = new Set([
  'value',
  'period',
  'amount',
  'budgetCode',
  'year',
  'indicator',
  'movement',
  'baseline',
  'baselineOn',
  'counterfactualChange',
  'madeOn',
  'on',
])

function readField(
  row: EnteredRow,
  field: string,
  type: EntryField,
  text: string,
  line: number,
  problems: FieldProblem[],
): void {
  const wrong = (code: string, values?: Record<string, string | number>) =>
    problems.push({ at: `/${field}.${line}`, code, ...(values ? { values } : {}) })
  if (text === '') {
    if (requiredFields.has(field)) wrong('field.required')
    else if (type === 'status') row[field] = 'actual'
    else row[field] = null
    return
  }
  if (type === 'period') {
    const period = parsePeriod(text)
    if (period && isPeriod(period))
      Object.assign(row, { from: period.from, to: period.to, label: period.grain === 'custom' ? null : period.label })
    else wrong('benefits.not-a-period')
  } else if (type === 'number') {
    const value = readNumber(text)
    if (value === 'wrong' || value === null) wrong('benefits.not-a-number')
    else row[field] = value
  } else if (type === 'year') {
    const year = Number(text.normalize('NFKC'))
    if (Number.isInteger(year) && year >= 1950 && year <= 2200) row[field] = year
    else wrong('benefits.not-a-year')
  } else if (type === 'day') {
    if (isDay(text)) row[field] = text
    else wrong('benefits.not-a-day')
  } else if (type === 'status') row[field] = (resultStatuses as readonly string[]).includes(text) ? text : 'actual'
  else row[field] = text
}
