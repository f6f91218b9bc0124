/** A sheet as a table: the same header, rows and problems as for a text file, so that callers need not care which it was. */
import {
  excerpt,
  ProblemList,
  ReadingStopped,
  type ReadOptions,
  type Row,
  type Table,
  type TableLimits,
  type TableProblem,
  tableProblem,
} from '../tabular/index.ts'
import { lettersOf, type Range } from './address.ts'
import { findLayout, type Layout } from './layout.ts'
import type { Sheet, Workbook } from './open.ts'
import { firstRows, type SheetCell, type SheetRow } from './sheet.ts'
import type { SheetFacts } from './structure.ts'

export const sampleRows = 300

/** Reads one sheet of a workbook: the named one, or the first visible one that is not empty. */
export async function readSheetTable(
  workbook: Workbook,
  options: ReadOptions,
  limits: TableLimits,
): Promise<Omit<Table, 'summary'> & { readonly counts: { rows: number; blankRows: number } }> {
  const problems = new ProblemList(limits.problems)
  const counts = { rows: 0, blankRows: 0 }
  let found: { facts: SheetFacts; sheet: Sheet; sample: SheetRow[]; layout: Layout } | null = null
  try {
    found = await openSheet(workbook, options, limits)
    if (!found) throw new ReadingStopped(tableProblem('file.empty'))
    problems.add(...found.layout.problems)
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error
    problems.add(error.problem)
  }
  if (!found) return { header: [], rows: none(), problems, counts, sheet: null, encoding: null, close: async () => {} }
  const { facts, sheet, sample, layout } = found
  const reader = new RowMaker(layout, sheet.merges, options)

  async function* rows(): AsyncGenerator<Row> {
    const hidden = { count: 0, row: 0 }
    const below = { count: 0, row: 0 }
    let previous = layout.dataAfter
    try {
      for await (const sheetRow of chain(sample, sheet.rows)) {
        if (sheetRow.number <= layout.dataAfter) continue
        const row = reader.make(sheetRow)
        if (row === null) continue
        counts.blankRows += sheetRow.number - previous - 1
        const gap = options.endsWith === 'blank-row' && counts.rows > 0 && sheetRow.number > previous + 1
        previous = sheetRow.number
        if (gap || below.count > 0) {
          note(below, sheetRow.number)
          continue
        }
        if (counts.rows >= limits.rows)
          throw new ReadingStopped(tableProblem('file.too-many-rows', { limit: limits.rows }, sheetRow.number))
        counts.rows += 1
        if (sheetRow.hidden) note(hidden, sheetRow.number)
        problems.add(...row.problems)
        yield row
      }
      if (hidden.count > 0) problems.add(tableProblem('workbook.hidden-rows', { count: hidden.count }, hidden.row))
      if (below.count > 0) problems.add(tableProblem('workbook.below-table', { count: below.count }, below.row))
      if (reader.merged) problems.add(tableProblem('workbook.merged-cells', reader.merged))
      problems.add(...hiddenColumns(layout, sheet.hiddenColumns))
      if (counts.rows === 0) problems.add(tableProblem('file.no-rows', {}, layout.headerRow))
    } catch (error) {
      if (!(error instanceof ReadingStopped)) throw error
      problems.add(error.problem)
    } finally {
      await sheet.rows.return(undefined)
    }
  }

  return {
    header: layout.names,
    rows: rows(),
    problems,
    counts,
    sheet: {
      name: facts.name,
      headerRow: layout.headerRow,
      headerRows: layout.headerRows,
      letters: layout.columns.map(lettersOf),
    },
    encoding: null,
    close: async () => {
      await sheet.rows.return(undefined)
    },
  }
}

function note(reported: { count: number; row: number }, row: number): void {
  if (reported.count === 0) reported.row = row
  reported.count += 1
}

async function* none(): AsyncGenerator<Row> {}

async function openSheet(workbook: Workbook, options: ReadOptions, limits: TableLimits) {
  const stated = { headerRow: options.headerRow ?? null, headerRows: options.headerRows ?? null }
  const shown = workbook.sheets.filter((sheet) => !sheet.hidden)
  const candidates =
    options.sheet === undefined ? (shown.length > 0 ? shown : workbook.sheets).map(({ name }) => name) : [options.sheet]
  let fallback: string | undefined
  for (const name of candidates) {
    const found = await openOne(workbook, name, stated, limits)
    if (!found) continue
    // A cover or a note is not a table; it is read only if there is nothing else.
    if (options.sheet !== undefined || (found.layout.columns.length > 1 && found.sample.length > 1)) return found
    fallback ??= name
    await found.sheet.rows.return(undefined)
  }
  return fallback === undefined ? null : openOne(workbook, fallback, stated, limits)
}

async function openOne(
  workbook: Workbook,
  name: string,
  stated: Parameters<typeof findLayout>[2],
  limits: TableLimits,
) {
  const sheet = await workbook.open(name)
  const sample = await firstRows(sheet.rows, sampleRows)
  const layout = findLayout(sample, sheet.merges, stated, limits.columns)
  if (layout) return { facts: workbook.sheets.find((each) => each.name === sheet.name)!, sheet, sample, layout }
  await sheet.rows.return(undefined)
  return null
}

async function* chain(sample: readonly SheetRow[], rest: AsyncGenerator<SheetRow>): AsyncGenerator<SheetRow> {
  yield* sample
  yield* rest
}

function hiddenColumns(layout: Layout, hidden: ReadonlyArray<readonly [number, number]>): TableProblem[] {
  const names = layout.names.filter((_, index) =>
    hidden.some(([first, last]) => layout.columns[index]! >= first && layout.columns[index]! <= last),
  )
  if (names.length === 0) return []
  return [tableProblem('workbook.hidden-columns', { count: names.length, text: excerpt(names.join(', ')) })]
}

/** Turns rows of a sheet into rows of a table. */
class RowMaker {
  /** Merged cells among the rows whose value belongs to their first cell only. */
  merged: { count: number; text: string } | null = null
  readonly #layout: Layout
  readonly #position = new Map<number, number>()
  readonly #colours: ReadonlySet<number>
  readonly #merges: readonly Range[]
  #next = 0
  /** By column: a text that applies down to a row. */
  readonly #down = new Map<number, { text: string; bottom: number }>()

  constructor(layout: Layout, merges: readonly Range[], options: ReadOptions) {
    this.#layout = layout
    for (const [index, column] of layout.columns.entries()) this.#position.set(column, index)
    const coloured = new Set(options.colours ?? [])
    this.#colours = new Set(layout.columns.filter((_, index) => coloured.has(layout.names[index]!)))
    this.#merges = merges.filter((range) => range.bottom > layout.dataAfter)
  }

  /** Null for an empty row. */
  make(row: SheetRow): Row | null {
    const { names } = this.#layout
    const cells = Array.from({ length: names.length }, () => '')
    const exact = Array.from({ length: names.length }, () => false)
    const problems: TableProblem[] = []
    let filled = false
    for (const cell of row.cells) {
      const at = this.#position.get(cell.column)
      const text = this.#textOf(cell)
      if (at === undefined) {
        if (text.trim() !== '') problems.push(this.#beside(row, cell, text))
        filled ||= text.trim() !== ''
        continue
      }
      cells[at] = text
      exact[at] = cell.kind === 'number'
      filled ||= text.trim() !== '' || cell.kind === 'lost'
      if (cell.kind === 'lost') problems.push(tableProblem('cell.formula-not-calculated', {}, row.number, names[at]!))
      if (cell.kind === 'error') problems.push(tableProblem('cell.spreadsheet-error', { text }, row.number, names[at]!))
      if (text.includes('\uFFFD'))
        problems.push(tableProblem('cell.unreadable', { text: excerpt(text) }, row.number, names[at]!))
    }
    if (!filled) return null
    this.#fillDown(row, cells)
    return { number: row.number, cells, exact, problems }
  }

  #textOf(cell: SheetCell): string {
    return cell.text.trim() === '' && cell.fill !== null && this.#colours.has(cell.column) ? cell.fill : cell.text
  }

  #beside(row: SheetRow, cell: SheetCell, text: string): TableProblem {
    const { names } = this.#layout
    const values = { expected: names.length, found: names.length + 1, text: excerpt(text) }
    return { ...tableProblem('row.too-many-cells', values, row.number), cell: `${lettersOf(cell.column)}${row.number}` }
  }

  /** A label merged over several rows belongs to each of them; a number is not repeated that way. */
  #fillDown(row: SheetRow, cells: string[]): void {
    for (; this.#next < this.#merges.length && this.#merges[this.#next]!.top <= row.number; this.#next += 1) {
      const range = this.#merges[this.#next]!
      const own = row.cells.find((cell) => cell.column === range.left)
      const label = range.top === row.number && range.left === range.right && own?.kind === 'text'
      if (label) this.#down.set(range.left, { text: own.text, bottom: range.bottom })
      else if (range.top === row.number && own && own.text.trim() !== '') {
        const text =
          this.merged?.text ?? `${lettersOf(range.left)}${range.top}:${lettersOf(range.right)}${range.bottom}`
        this.merged = { count: (this.merged?.count ?? 0) + 1, text }
      }
    }
    for (const [column, { text, bottom }] of this.#down) {
      if (bottom < row.number) this.#down.delete(column)
      else {
        const at = this.#position.get(column)
        if (at !== undefined && cells[at] === '') cells[at] = text
      }
    }
  }
}
