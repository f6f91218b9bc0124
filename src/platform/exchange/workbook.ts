/**
 * Content as a workbook: a sheet for each kind and each plain table, which people can read and correct, and which reads
 * back into the same content. The first row of a sheet is for machines, the second for people.
 */
import type { RecordKind } from '#kernel/record.ts'
import type { FileItem, Format, ReadPart, Snapshot, WriterInput } from '../content/index.ts'
import { formatName, formatVersion, type Header, type RowsItem } from '../content/index.ts'
import type { ImportProblem } from '../imports/index.ts'
import { parseStrictJson } from '../json/index.ts'
import { openTableFile } from '../table-file.ts'
import { ReadingStopped } from '../tabular/index.ts'
import {
  lettersOf,
  sheetName,
  type Workbook,
  type WorkbookRow,
  type WorkbookSheet,
  writeWorkbook,
} from '../workbook/index.ts'
import {
  type Column,
  decoded,
  encoded,
  formerColumns,
  moreColumn,
  recordColumns,
  rowColumns,
} from './workbook-columns.ts'

const aboutSheet = 'About'
/** Readable numbers and their ids; cells name records by number. */
const referencesSheet = 'References'
const headRows = 2
/** More lines than a sheet can have. */
const linesOfSheet = 2_000_000
/** Rows of one record that travel together. */
const rowsTogether = 500
/** How many cells are searched for the head, so that an unrelated sheet is not read to its end. */
const headLines = 2000

type Table = { readonly sheet: string; readonly kind: RecordKind; readonly rows: string | null }

async function* write({ snapshot, header }: WriterInput): AsyncGenerator<Uint8Array> {
  const references = new Map<string, string>()
  const tables = await tablesOf(snapshot)
  const sheets: WorkbookSheet[] = [
    {
      name: aboutSheet,
      headerRows: 0,
      columns: [{ width: 24 }, { width: 44 }, { width: 44 }],
      rows: head(header, tables),
    },
    ...tables.map((table) => sheetOf(snapshot, table, references)),
    // Written last, when everything named is known.
    { name: referencesSheet, hidden: true, headerRows: 0, columns: [], rows: referenceRows(references) },
  ]
  yield* writeWorkbook({ sheets, language: snapshot.language })
}

/** The sheets that have content. */
async function tablesOf(snapshot: Snapshot): Promise<Table[]> {
  const tables: Table[] = []
  const taken = new Set([aboutSheet, referencesSheet].map((name) => name.toLowerCase()))
  const say = snapshot.registry.words.say(snapshot.language)
  const add = (kind: RecordKind, rows: string | null, label: string) => {
    let sheet = sheetName(label)
    for (let count = 2; taken.has(sheet.toLowerCase()); count += 1) sheet = `${sheetName(label).slice(0, 27)} ${count}`
    taken.add(sheet.toLowerCase())
    tables.push({ sheet, kind, rows })
  }
  for (const kind of snapshot.kinds) {
    if (await hasSome(snapshot, { kind: kind.kind })) add(kind, null, say(`${kind.kind}.plural`))
    for (const rows of Object.keys(kind.rows))
      if (await hasSome(snapshot, { kind: kind.kind, rows })) add(kind, rows, say(`${kind.kind}.rows.${rows}`))
  }
  return tables
}

async function hasSome(snapshot: Snapshot, only: { kind: string; rows?: string }): Promise<boolean> {
  const pages = snapshot.read(only.rows === undefined ? { only, withoutRows: true } : { only })
  for await (const page of pages) if (page.of === 'rows' || page.items.length > 0) return true
  return false
}

function* head(header: Header, tables: readonly Table[]): Generator<WorkbookRow> {
  yield ['format', formatName]
  yield ['version', formatVersion]
  for (const [name, value] of Object.entries(header))
    if (value !== undefined) yield [name, typeof value === 'string' ? value : JSON.stringify(value)]
  yield []
  yield { style: 'header', cells: ['sheet', 'kind', 'rows'] }
  for (const { sheet, kind, rows } of tables) yield [sheet, kind.kind, rows]
}

function sheetOf(snapshot: Snapshot, table: Table, references: Map<string, string>): WorkbookSheet {
  const columns = columnsOf(table)
  const say = snapshot.registry.words.say(snapshot.language)
  const labels = columns.map(({ label, language }) => `${say(label)}${language === undefined ? '' : ` (${language})`}`)
  async function* rows(): AsyncGenerator<WorkbookRow> {
    yield { style: 'key', cells: [...columns.map(({ name }) => name), moreColumn] }
    yield { style: 'header', cells: [...labels, null] }
    const only = { kind: table.kind.kind, ...(table.rows === null ? {} : { rows: table.rows }) }
    for await (const page of snapshot.read({ only, withoutRows: table.rows === null })) {
      const ids = new Map([...page.codes].map(([id, code]) => [code, id]))
      const members =
        page.of === 'records'
          ? page.items
          : page.item.values.map((row) => ({ record: (page.item as RowsItem).record, ...row }))
      if (page.of === 'records')
        for (const item of page.items) if (item.code !== undefined) references.set(item.code, item.id)
      for (const [code, id] of ids) references.set(code, id)
      if ((page.of === 'rows') === (table.rows !== null))
        for (const values of members) yield encoded(columns, values, page.codes, ids)
    }
  }
  return {
    name: table.sheet,
    headerRows: headRows,
    columns: [...columns.map(({ wide }) => ({ width: wide ? 44 : 16 })), { width: 16 }],
    rows: rows(),
  }
}

const columnsOf = ({ kind, rows }: Pick<Table, 'kind' | 'rows'>): Column[] =>
  rows === null ? recordColumns(kind) : rowColumns(kind, rows)

function* referenceRows(references: ReadonlyMap<string, string>): Generator<WorkbookRow> {
  for (const [code, id] of references) yield [code, id]
}

async function* read(file: AsyncIterable<Uint8Array>, part: ReadPart): AsyncGenerator<FileItem> {
  const opened = await openTableFile(file)
  try {
    // The sheet with the references is ours.
    for (const problem of opened.problems)
      if (problem.code !== 'workbook.hidden-sheets' || problem.values.text !== referencesSheet) part.problem(problem)
    if (opened.workbook) yield* readWorkbook(opened.workbook, part)
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error
    part.problem(error.problem)
  } finally {
    await opened.close()
  }
}

async function* readWorkbook(workbook: Workbook, part: ReadPart): AsyncGenerator<FileItem> {
  const said = await headOf(workbook)
  const stop = (code: string, values: Record<string, string | number>) =>
    part.problem({ row: null, column: null, code: `import.file-${code}`, values, sheet: aboutSheet })
  if (said?.facts.format !== formatName) return stop('other-format', { format: String(said?.facts.format ?? '') })
  if (said.facts.version !== formatVersion)
    return stop('newer-version', { version: String(said.facts.version), known: formatVersion })
  part.head(said.facts as Partial<Header>)
  const ids = await referencesOf(workbook)
  part.place((problem) => placed(problem, said.tables))
  for (const [index, { sheet, kind: name, rows }] of said.tables.entries()) {
    const kind = part.registry.kinds.get(name)?.declaration
    if (!kind || (rows !== null && !kind.rows[rows])) {
      part.problem({ row: null, column: null, code: 'import.hint-unknown-sheet', values: { kind: name }, sheet })
      continue
    }
    if (!workbook.sheets.some((each) => each.name === sheet)) continue
    for await (const { line, item } of itemsOf(workbook, { sheet, kind, rows }, ids, part))
      yield { line: index * linesOfSheet + line, item }
  }
}

/** Lines are numbered across all sheets; people look for a sheet and a row. */
function placed(problem: ImportProblem, tables: Head['tables']): ImportProblem {
  if (problem.row === null || problem.sheet !== undefined) return problem
  const table = tables[Math.floor(problem.row / linesOfSheet)]
  return table ? { ...problem, row: problem.row % linesOfSheet, sheet: table.sheet } : problem
}

type Head = {
  readonly facts: Record<string, unknown>
  readonly tables: ReadonlyArray<{ sheet: string; kind: string; rows: string | null }>
}

/** The content of the first sheet; null if it is not one of our workbooks. */
async function headOf(workbook: Workbook): Promise<Head | null> {
  if (!workbook.sheets.some(({ name }) => name === aboutSheet)) return null
  const facts: Record<string, unknown> = {}
  const tables: Array<{ sheet: string; kind: string; rows: string | null }> = []
  let listing = false
  for (const row of await workbook.peek(aboutSheet, headLines)) {
    const text = (column: number) => row.cells.find((cell) => cell.column === column)?.text ?? ''
    if (text(0) === 'sheet' && text(1) === 'kind') listing = true
    else if (listing) tables.push({ sheet: text(0), kind: text(1), rows: text(2) === '' ? null : text(2) })
    else facts[text(0)] = plainOf(text(1))
  }
  return { facts, tables }
}

/** A value of the head: JSON if it parses as such. */
function plainOf(text: string): unknown {
  if (!/^(\{|\[|true$|false$|\d+$)/.test(text)) return text
  try {
    return parseStrictJson(text)
  } catch {
    return text
  }
}

async function referencesOf(workbook: Workbook): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  if (!workbook.sheets.some(({ name }) => name === referencesSheet)) return ids
  const { rows } = await workbook.open(referencesSheet)
  for await (const { cells } of rows) {
    const [code, id] = [cells.find(({ column }) => column === 0)?.text, cells.find(({ column }) => column === 1)?.text]
    if (code && id) ids.set(code, id)
  }
  return ids
}

async function* itemsOf(
  workbook: Workbook,
  table: Table,
  ids: ReadonlyMap<string, string>,
  part: ReadPart,
): AsyncGenerator<FileItem> {
  const known = [
    ...columnsOf(table),
    ...(table.rows === undefined || table.rows === null ? formerColumns(table.kind) : []),
  ]
  const { rows } = await workbook.open(table.sheet)
  let places: ReadonlyMap<string, number> | null = null
  let open: { line: number; record: unknown; values: Array<Record<string, unknown>> } | null = null
  const whole = ({ line, ...of }: NonNullable<typeof open>) => ({
    line,
    item: { rows: table.rows, kind: table.kind.kind, ...of },
  })
  for await (const row of rows) {
    if (places === null) {
      places = new Map(row.cells.map((cell) => [cell.text.trim(), cell.column]))
      continue
    }
    if (row.number <= headRows) continue
    const text = (name: string) => row.cells.find((cell) => cell.column === places!.get(name))?.text ?? ''
    const cells = known.map(({ name }) => text(name))
    const more = text(moreColumn)
    if (more === '' && cells.every((cell) => cell === '')) continue
    let values: Record<string, unknown>
    try {
      values = decoded(known, cells, more, ids)
    } catch {
      const at = places.get(moreColumn)
      const cell = at === undefined ? undefined : `${lettersOf(at)}${row.number}`
      part.problem({
        ...{ row: row.number, column: moreColumn, code: 'import.bad-more', values: {}, sheet: table.sheet },
        ...(cell === undefined ? {} : { cell }),
      })
      continue
    }
    if (table.rows === null) {
      yield { line: row.number, item: { kind: table.kind.kind, title: {}, ...values } }
      continue
    }
    const { record, ...fields } = withKeys(table.kind, table.rows, values)
    if (open && (open.record !== record || open.values.length >= rowsTogether)) {
      yield whole(open)
      open = null
    }
    open ??= { line: row.number, record, values: [] }
    open.values.push(fields)
  }
  if (open) yield whole(open)
}

/** An empty cell of a key that may be empty means the empty text. */
function withKeys(kind: RecordKind, rows: string, values: Record<string, unknown>): Record<string, unknown> {
  const { fields, key } = kind.rows[rows]!
  const empty = Object.fromEntries(key.filter((name) => fields[name]?.empty).map((name) => [name, '']))
  return { ...empty, ...values }
}

/** Is the file at a path a workbook written by this program, even if a spreadsheet has saved it since? */
async function holds(path: string): Promise<boolean> {
  const file = await openTableFile(path)
  try {
    return file.workbook !== null && (await headOf(file.workbook))?.facts.format === formatName
  } catch (error) {
    if (error instanceof ReadingStopped) return false
    throw error
  } finally {
    await file.close()
  }
}

export const workbookFormat: Format = {
  name: 'xlsx',
  extension: 'xlsx',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  holds: ['plan', 'list', 'all'],
  write,
  recognises: (head) => head.startsWith('PK\u0003\u0004'),
  recognisesFile: holds,
  read,
}
