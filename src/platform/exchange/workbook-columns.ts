/**
 * Records and rows as cells of a sheet and back. What a cell cannot say (a language the house does not speak, a text that
 * reads as something else) is noticed when it is written, and kept as JSON in a last column: nothing is lost.
 */
import canonicalize from 'canonicalize'
import type { Field, RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import type { RecordItem } from '../content/index.ts'
import { isId } from '../records/index.ts'
import type { WorkbookCell } from '../workbook/index.ts'

const between = ' | '
/** Column of what no other column can say. */
export const moreColumn = 'more'

type Values = Readonly<Record<string, unknown>>
/** Readable numbers by id when writing, ids by readable number when reading. */
export type Names = { readonly get: (name: string) => string | undefined }

export type Column = {
  /** As it stands in the first row; machines find the column by it. */
  readonly name: string
  /** Key of its label in words, and the language it is in. */
  readonly label: string
  readonly language?: string
  readonly wide: boolean
  readonly encode: (values: Values, codes: Names) => WorkbookCell
  /** Puts what a cell says into the values; a blank cell says nothing. */
  readonly decode: (cell: string, values: Record<string, unknown>, ids: Names) => void
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

/** A list of names by language: a column for each language, the names in one order. */
const listByLanguage = (name: string, label: string): Column[] =>
  languages.map((language) => ({
    ...{ name: `${name}.${language}`, label, language, wide: true },
    encode: (values) => {
      const list = values[name] as Array<Record<string, string>> | undefined
      return list?.some((each) => each[language] !== undefined)
        ? list.map((each) => each[language] ?? '').join(between)
        : null
    },
    decode: (cell, values) => {
      const list = (values[name] as Array<Record<string, string>> | undefined) ?? []
      values[name] = cell
        .split(between)
        .map((text, index) => ({ ...list[index], ...(text === '' ? {} : { [language]: text }) }))
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
/** What is no known number stays as it is; the reader of the item says that it is no id. */
const identified = (text: string, ids: Names) => (isId(text) ? text : (ids.get(text) ?? text))

function fieldColumns(name: string, field: Field, label: string): Column[] {
  if (field.localized) return byLanguage(name, label)
  if (field.type === 'list') return listByLanguage(name, label)
  if (field.type === 'refs' || field.type === 'choices') {
    const many = field.type === 'refs'
    return [
      {
        ...{ name, label, wide: false },
        encode: (values, codes) =>
          (values[name] as string[] | undefined)?.map((each) => (many ? coded(each, codes) : each)).join(between),
        decode: (cell, values, ids) => {
          values[name] = cell.split(between).map((each) => (many ? identified(each, ids) : each))
        },
      },
    ]
  }
  if (field.to) return [reference(name, label)]
  const column = textual(name, label, field.type === 'paragraph')
  switch (field.type) {
    case 'whole':
      return [{ ...column, decode: (cell, values) => Object.assign(values, { [name]: wholeOf(cell) }) }]
    case 'decimal':
      return [{ ...column, encode: (values) => exactly(values[name]) }]
    case 'flag':
      return [{ ...column, decode: (cell, values) => Object.assign(values, { [name]: flagOf(cell) }) }]
    case 'day':
      return [
        { ...column, encode: (values) => (typeof values[name] === 'string' ? { day: values[name] as string } : null) },
      ]
    default:
      return [column]
  }
}

const wholeOf = (cell: string) => (/^-?\d{1,15}$/.test(cell) ? Number(cell) : cell)
const flagOf = (cell: string) => (cell === 'true' ? true : cell === 'false' ? false : cell)
const exactly = (value: unknown): WorkbookCell => (typeof value === 'string' ? { decimal: value } : null)

/** Columns of the records of a kind, the last one for what they cannot say. */
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

/** `OUT-0001=60 | OUT-0002`: where the link leads, and its weight. */
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

/** Columns of one plain table of a kind: whose row it is, then its fields. */
export const rowColumns = (kind: RecordKind, rows: string): Column[] => [
  reference('record', kind.kind),
  ...Object.entries(kind.rows[rows]!.fields).flatMap(([name, field]) =>
    fieldColumns(name, field, `${kind.kind}.rows.${rows}.${name}`),
  ),
]

/** The cells of some values, with what they cannot say as JSON in the last one. */
export function encoded(columns: readonly Column[], values: Values, codes: Names, ids: Names): WorkbookCell[] {
  const cells = columns.map((column) => column.encode(values, codes))
  const back = decoded(columns, cells.map(said), '', ids)
  const more: Record<string, unknown> = {}
  for (const name of new Set([...Object.keys(values), ...Object.keys(back)]))
    if (canonicalize(back[name] ?? null) !== canonicalize(values[name] ?? null)) more[name] = values[name] ?? null
  return [...cells, Object.keys(more).length === 0 ? null : JSON.stringify(more)]
}

/** How a cell reads when the workbook is read again. */
function said(cell: WorkbookCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'object') return 'day' in cell ? cell.day : cell.decimal
  return String(cell)
}

/** The values that cells say. @throws SyntaxError where the last column is no JSON. */
export function decoded(
  columns: readonly Column[],
  cells: readonly string[],
  more: string,
  ids: Names,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? ''
    if (cell !== '') column.decode(cell, values, ids)
  }
  if (more === '') return values
  const added: unknown = JSON.parse(more)
  if (typeof added !== 'object' || added === null || Array.isArray(added)) throw new SyntaxError('no object')
  for (const [name, value] of Object.entries(added)) {
    if (value === null) delete values[name]
    else values[name] = value
  }
  return values
}
