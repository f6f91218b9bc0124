/**
 * What a sheet looks like, for the first step of an import: where the table is, which of its rows are totals,
 * what is below it, which columns mean something by colour alone. All of it is shown to a person for confirmation;
 * none of it is applied unseen.
 */
import { excerpt } from '../tabular/index.ts'
import { lettersOf } from './address.ts'
import { findLayout, type Layout } from './layout.ts'
import type { Sheet, Workbook } from './open.ts'
import { firstRows, type SheetRow } from './sheet.ts'
import { sampleRows } from './table.ts'

/** Rows looked at. */
const looked = 5000
const maxListed = 20

export type SheetGuess = {
  readonly name: string
  /** First row with names and how many; null where there is none. */
  readonly headerRow: number | null
  readonly headerRows: number
  /** From which cell to which the table extends, as far as it was examined. */
  readonly range: string
  /** Rows whose label marks them as totals. */
  readonly totals: {
    readonly column: string
    readonly texts: readonly string[]
    readonly rows: readonly number[]
  } | null
  /** First row of remarks below the table, after a blank row; null if there are none. */
  readonly remarksFrom: number | null
  /** Columns without text whose cells are filled with different colours, and how many cells have each. */
  readonly colours: ReadonlyArray<{ readonly column: string; readonly counts: Readonly<Record<string, number>> }>
}

export type SheetOutline = {
  readonly name: string
  readonly hidden: boolean
  /** Rows with text among the first; null where the sheet could not be read. */
  readonly rows: number
  readonly more: boolean
}

const totalLabel =
  /^(grand |sub-?)?totals?\b|^sum( total)?$|^overall$|^all (rows|together)$|^(gesamt|summe)\b|^(合计|总计|小计|总和|汇总|共计)/i

/** Guesses about one sheet; null if it is empty. Throws `ReadingStopped` for a damaged file. */
export async function guessSheet(
  workbook: Workbook,
  name: string,
  stated: { readonly headerRow: number | null; readonly headerRows: number | null },
  maxColumns: number,
): Promise<SheetGuess | null> {
  const sheet: Sheet = await workbook.open(name)
  try {
    const rows = await firstRows(sheet.rows, looked)
    const layout = findLayout(rows.slice(0, sampleRows), sheet.merges, stated, maxColumns)
    if (!layout) return null
    const data = rows.filter((row) => row.number > layout.dataAfter && hasText(row))
    const remarksFrom = remarks(data, layout)
    const table = remarksFrom === null ? data : data.filter((row) => row.number < remarksFrom)
    const [first, last] = [lettersOf(layout.columns[0] ?? 0), lettersOf(layout.columns.at(-1) ?? 0)]
    return {
      name: sheet.name,
      headerRow: layout.headerRow,
      headerRows: layout.headerRows,
      range: `${first}${layout.headerRow ?? layout.dataAfter + 1}:${last}${table.at(-1)?.number ?? layout.dataAfter}`,
      totals: totals(table, layout),
      remarksFrom,
      colours: colours(table, layout),
    }
  } finally {
    await sheet.rows.return(undefined)
  }
}

/** A quick look at every sheet: how much is in it. */
export async function outlineSheets(workbook: Workbook): Promise<SheetOutline[]> {
  const outlines: SheetOutline[] = []
  for (const { name, hidden } of workbook.sheets.slice(0, 50)) {
    const rows = await workbook.peek(name, sampleRows)
    const filled = rows.filter(hasText).length
    outlines.push({ name, hidden, rows: filled, more: rows.length === sampleRows })
  }
  return outlines
}

const hasText = (row: SheetRow): boolean => row.cells.some((cell) => cell.text.trim() !== '')

/** After the last blank row that has data before it there are only rows of a cell or two: remarks, sources, legends. */
function remarks(rows: readonly SheetRow[], layout: Layout): number | null {
  if (layout.columns.length < 3) return null
  let from: number | null = null
  for (let at = rows.length - 1; at > 0; at -= 1) {
    const filled = rows[at]!.cells.filter((cell) => cell.text.trim() !== '').length
    if (filled > Math.max(1, Math.floor(layout.columns.length / 4))) break
    if (rows[at]!.number > rows[at - 1]!.number + 1) from = rows[at]!.number
  }
  // The reading stops at the first blank row, so there may be none among the data.
  const gap = rows.findIndex((row, index) => index > 0 && row.number > rows[index - 1]!.number + 1)
  return from !== null && rows[gap]?.number === from ? from : null
}

function totals(rows: readonly SheetRow[], layout: Layout): SheetGuess['totals'] {
  const found = new Map<number, { texts: Set<string>; rows: number[] }>()
  for (const row of rows) {
    const label = row.cells.find((cell) => cell.text.trim() !== '' && layout.columns.includes(cell.column))
    if (!label || !totalLabel.test(label.text.trim())) continue
    if (!row.cells.some((cell) => cell.kind === 'number' && cell.column > label.column)) continue
    const of = found.get(label.column) ?? { texts: new Set(), rows: [] }
    found.set(label.column, of)
    of.texts.add(label.text.trim().slice(0, 200))
    of.rows.push(row.number)
  }
  const [most] = [...found].sort(([, left], [, right]) => right.rows.length - left.rows.length)
  if (!most) return null
  const [column, { texts, rows: numbers }] = most
  return {
    column: layout.names[layout.columns.indexOf(column)]!,
    texts: [...texts].slice(0, maxListed),
    rows: numbers.slice(0, maxListed),
  }
}

/** Stripes colour whole rows; here the cell has a colour that its neighbours do not share. */
function colours(rows: readonly SheetRow[], layout: Layout): SheetGuess['colours'] {
  return layout.columns.flatMap((column, index) => {
    const counts: Record<string, number> = {}
    let coloured = 0
    for (const row of rows) {
      const cell = row.cells.find((each) => each.column === column)
      if (!cell) continue
      if (cell.text.trim() !== '') return []
      const neighbours = row.cells.filter((each) => each.column !== column && each.text.trim() !== '')
      if (cell.fill === null || neighbours.some((each) => each.fill === cell.fill)) continue
      counts[cell.fill] = (counts[cell.fill] ?? 0) + 1
      coloured += 1
    }
    const enough = coloured * 3 >= rows.length && Object.keys(counts).length <= maxListed
    return coloured > 0 && enough ? [{ column: excerpt(layout.names[index]!), counts }] : []
  })
}
