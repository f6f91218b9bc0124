/**
 * Records and rows as cells of a sheet and back. What a cell cannot express (an unsupported language, text that would
 * read back as something else) is detected on writing and kept as JSON in a last column: nothing is lost.
 */

import canonicalize from 'canonicalize'
import { isDay } from '#kernel/day.ts'
import type { Field, RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import { isDecimal } from '#values/decimal.ts'
import { between, cellsOf, cellText, type FieldCell, type RecordItem, valuesOfCells } from '../content/index.ts'
import { parseStrictJson } from '../json/index.ts'
import { isId } from '../records/index.ts'
import type { WorkbookCell } from '../workbook/index.ts'

/** Column for what no other column can express. */
export const moreColumn = 'more'

type Values = Readonly<Record<string, unknown>>
/** Readable numbers by id when writing, ids by readable number when reading. */
export type Names = { readonly get: (name: string) => string | undefined }

export type Column = {
  /** Its text in the first row, by which machines find the column. */
  readonly name: string
  /** Word key of its label, and the language it is in. */
  readonly label: string
  readonly language?: string
  readonly wide: boolean
  readonly encode: (values: Values, codes: Names) => WorkbookCell
  /** Adds a cell's content to the values; a blank cell adds nothing. The cells of fields are combined at the end. */
  readonly decode?: (cell: string, values: Record<string, unknown>, ids: Names) => void
  readonly part?: FieldCell
}

const textual = (name: string, label: string, wide = false): Column => ({
  ...{ name, label, wide },
  encode: (values) => values[name] as string | undefined,
  decode: (cell, values) => {
    values[name] = cell
  },
})

const byLanguage = (name: string, label: string): Column[] =>
  languages.map((language) => ({
    ...{ name: `${name}.${language}`, label, language, wide: true },
    encode: (values) => (values[name] as Record<string, string> | undefined)?.[language],
    decode: (cell, values) => {
      values[name] = { ...(values[name] as object | undefined), [language]: cell }
    },
  }))

const reference = (name: string, label: string): Column => ({
  ...{ name, label, wide: false },
  encode: (values, codes) => coded(values[name], codes),
  decode: (cell, values, ids) => {
    values[name] = identified(cell, ids)
  },
})

const coded = (id: unknown, codes: Names) => (typeof id === 'string' ? (codes.get(id) ?? id) : null)
/** An unknown number stays unchanged; the item reader will say that it is not an id. */
const identified = (text: string, ids: Names) => (isId(text) ? text : (ids.get(text) ?? text))

const fieldColumns = (name: string, field: Field, label: string): Column[] =>
  cellsOf(name, field).map((part) => ({
    ...{ name: part.column, label, wide: part.wide ?? false, part },
    ...(part.language ? { language: part.language } : {}),
    encode: (values, codes) => {
      const text = cellText(part, values, (id) => codes.get(id) ?? id)
      if (text === null) return null
      if (part.holds === 'flag') return text === 'true'
      if (part.holds === 'number' && isDecimal(text)) return { decimal: text }
      return part.holds === 'day' && isDay(text) ? { day: text } : text
    },
  }))

/** Columns of the records of a kind, the last one for what the others cannot express. */
export function recordColumns(kind: RecordKind): Column[] {
  const title = kind.title.localized
    ? byLanguage('title', 'record.field.title')
    : [
        {
          ...{ name: 'title', label: 'record.field.title', wide: true },
          encode: (values: Values) => (values.title as Record<string, string> | undefined)?.und,
          decode: (cell: string, values: Record<string, unknown>) => Object.assign(values, { title: { und: cell } }),
        },
      ]
  return [
    textual('code', 'record.field.code'),
    ...title,
    textual('state', 'record.field.state'),
    textual('audience', 'record.field.audience'),
    reference('organisation', 'record.field.organisation'),
    reference('owner', 'record.field.owner'),
    ...Object.entries(kind.fields).flatMap(([name, field]) => fieldColumns(name, field, `${kind.kind}.field.${name}`)),
    ...Object.keys(kind.links).map((name) => linkColumn(name, `${kind.kind}.link.${name}`)),
    {
      ...{ name: 'externalIds', label: 'record.field.externalIds', wide: false },
      encode: (values) => (values as RecordItem).externalIds?.map(({ source, id }) => `${source}:${id}`).join(between),
      decode: (cell, values) => {
        values.externalIds = cell.split(between).map((each) => {
          const at = each.indexOf(':')
          return { source: each.slice(0, at), id: each.slice(at + 1) }
        })
      },
    },
    textual('id', 'record.field.id'),
  ]
}

/** `OUT-0001=60 | OUT-0002`: the target of the link, and its weight. */
const linkColumn = (name: string, label: string): Column => ({
  ...{ name, label, wide: false },
  encode: (values, codes) =>
    (values as RecordItem).links?.[name]
      ?.map(({ to, weight }) => `${coded(to, codes)}${weight === undefined ? '' : `=${weight}`}`)
      .join(between),
  decode: (cell, values, ids) => {
    const ends = cell.split(between).map((each) => {
      const [to = '', weight] = each.split('=')
      return { to: identified(to, ids), ...(weight === undefined ? {} : { weight }) }
    })
    values.links = { ...(values.links as object | undefined), [name]: ends }
  },
})

/** Columns of fields that another field replaced: read from older workbooks, never written. */
export const formerColumns = ({ fields }: RecordKind): Column[] =>
  Object.values(fields)
    .flatMap((field) => Object.values(field.formerly ?? {}))
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => textual(name, ''))

/** Columns of one plain table of a kind: the record it belongs to, then its fields. */
export const rowColumns = (kind: RecordKind, rows: string): Column[] => [
  reference('record', kind.kind),
  ...Object.entries(kind.rows[rows]!.fields).flatMap(([name, field]) =>
    fieldColumns(name, field, `${kind.kind}.rows.${rows}.${name}`),
  ),
]

/** The cells for some values, with what they cannot express as JSON in the last one. */
export function encoded(columns: readonly Column[], values: Values, codes: Names, ids: Names): WorkbookCell[] {
  const cells = columns.map((column) => column.encode(values, codes))
  const back = decoded(columns, cells.map(said), '', ids)
  const more: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(values), ...Object.keys(back)]))
    if (canonicalize(back[name] ?? null) !== canonicalize(values[name] ?? null)) more[name] = values[name] ?? null
  return [...cells, Object.keys(more).length === 0 ? null : JSON.stringify(more)]
}

/** What a cell will read as when the workbook is read back. */
function said(cell: WorkbookCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'object') return 'day' in cell ? cell.day : cell.decimal
  return String(cell)
}

/** The values of a row's cells. @throws SyntaxError if the last column is not JSON. */
export function decoded(
  columns: readonly Column[],
  cells: readonly string[],
  more: string,
  ids: Names,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const said: Array<{ cell: FieldCell; text: string }> = []
  for (const [index, { part, decode }] of columns.entries()) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    if (part) said.push({ cell: part, text: cell })
    else decode?.(cell, values, ids)
  }
  Object.assign(
    values,
    valuesOfCells(said, (text) => identified(text, ids)),
  )
  if (more === '') return values
  const added = parseStrictJson(more)
  if (typeof added !== 'object' || added === null || Array.isArray(added)) throw new SyntaxError('no object')
  for (const [name, value] of Object.entries(added)) {
    if (value === null) delete values[name]
    else values[name] = value
  }
  return values
}
