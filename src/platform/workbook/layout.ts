/**
 * Where the table is in a sheet: the row or rows with the names of its columns, and which columns it has. Titles
 * and remarks above, blank columns at the side and names over two rows are common.
 */
import { excerpt, findHeader, nameColumns, type RawRecord, type TableProblem, tableProblem } from '../tabular/index.ts'
import type { Range } from './address.ts'
import type { SheetRow } from './sheet.ts'

export type Layout = {
  /** First row with names, from 1; null where the sheet has none. */
  readonly headerRow: number | null
  readonly headerRows: number
  /** Columns of the sheet, from 0, by position in the table, and what they are called. */
  readonly columns: readonly number[]
  readonly names: readonly string[]
  /** Last row above the data. */
  readonly dataAfter: number
  readonly problems: readonly TableProblem[]
}

/** Between the names of a column that spans several rows. */
const joint = ' / '
const maxHeaderRows = 5

/** `sample`: the first rows. `stated`: what the profile says about the header. Null for a sheet without any text. */
export function findLayout(
  sample: readonly SheetRow[],
  merges: readonly Range[],
  stated: { readonly headerRow: number | 'none' | null; readonly headerRows: number | null },
  maxColumns: number,
): Layout | null {
  const rows = sample.filter((row) => row.cells.some((cell) => cell.text.trim() !== ''))
  if (rows.length === 0) return null
  const left = Math.min(...rows.map((row) => row.cells.find((cell) => cell.text.trim() !== '')!.column))
  const records = rows.map((row): RawRecord => ({ line: row.number, cells: textsOf(row, left, maxColumns) }))
  const filled = fillMerges(records, merges, left)
  const header = findHeader(filled, stated.headerRow)
  const found = header.line
  const first = found === null ? null : (stated.headerRow ?? upper(filled, merges, found, left))
  const problems = header.problems.filter(({ code }) => code === 'file.preamble' || code === 'header.missing')
  if (first === null || first === 'none' || found === null) {
    const width = Math.max(...filled.map(({ cells }) => cells.length))
    const columns = Array.from({ length: width }, (_, index) => left + index)
    const above = filled[header.recordsBefore]?.line ?? 1
    return { headerRow: null, headerRows: 0, columns, names: header.names, dataAfter: above - 1, problems }
  }
  const count = stated.headerRows ?? headerRowsFrom(filled, merges, first, found, left)
  const last = first + count - 1
  const texts = composed(filled, merges, first, last)
  const columns: number[] = []
  const kept: string[] = []
  for (const [index, text] of texts.entries()) {
    const used = filled.some((record) => record.line > last && (record.cells[index] ?? '').trim() !== '')
    // A column without a name belongs to the table if it is not empty.
    if (text === '' && !used) continue
    columns.push(left + index)
    kept.push(text)
  }
  const names = nameColumns({ line: last, cells: kept }, kept.length, problems)
  return {
    ...{ headerRow: first, headerRows: count, columns, names, dataAfter: last },
    problems: problems.flatMap((problem) => preambleTo(problem, filled, first)),
  }
}

function textsOf(row: SheetRow, left: number, maxColumns: number): string[] {
  const texts: string[] = []
  for (const cell of row.cells) {
    const at = cell.column - left
    if (at < 0 || at >= maxColumns || cell.text.trim() === '') continue
    while (texts.length < at) texts.push('')
    texts[at] = cell.text
  }
  return texts
}

/** Merged cells near the top repeat their text in every cell they cover, except titles across the whole table. */
function fillMerges(records: readonly RawRecord[], merges: readonly Range[], left: number): RawRecord[] {
  const last = records.at(-1)!.line
  const copies = new Map(records.map((record) => [record.line, [...record.cells]]))
  for (const range of merges) {
    if (range.top > last) break
    const width = range.right - range.left + 1
    const text = (copies.get(range.top)?.[range.left - left] ?? '').trim()
    if (text === '' || width > 500 || range.left < left || isTitle(records, range, left)) continue
    for (let line = range.top; line <= Math.min(range.bottom, range.top + maxHeaderRows - 1); line += 1) {
      const cells = copies.get(line)
      if (!cells) continue
      for (let at = range.left - left; at <= range.right - left; at += 1) {
        while (cells.length < at) cells.push('')
        if ((cells[at] ?? '').trim() === '') cells[at] = text
      }
    }
  }
  return records.map((record) => ({ line: record.line, cells: copies.get(record.line)! }))
}

/** Is it the only thing in its row? */
const isTitle = (records: readonly RawRecord[], range: Range, left: number): boolean =>
  range.right > range.left &&
  (records.find((record) => record.line === range.top)?.cells ?? []).every(
    (cell, at) => cell.trim() === '' || at === range.left - left,
  )

/** The row above belongs to the names where it groups columns: merged over several, or over names that repeat. */
function upper(records: readonly RawRecord[], merges: readonly Range[], found: number, left: number): number {
  const above = records.filter((record) => record.line < found).at(-1)
  const below = records.find((record) => record.line === found)!
  if (!above || above.line !== found - 1) return found
  const texts = above.cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const grouped = merges.some(
    (range) =>
      range.top === above.line && range.right > range.left && range.left >= left && !isTitle(records, range, left),
  )
  const names = below.cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const repeated = texts.length >= 2 && new Set(names).size < names.length
  return grouped || repeated ? above.line : found
}

/** How many rows of names: as far as merged cells reach, or one more below names that group others. */
function headerRowsFrom(
  records: readonly RawRecord[],
  merges: readonly Range[],
  first: number,
  found: number,
  left: number,
): number {
  let last = found
  for (const range of merges) {
    if (range.top > last || range.top < first || range.left < left) continue
    if (range.right > range.left && !isTitle(records, range, left)) last = Math.max(last, range.bottom + 1)
    else if (range.right === range.left && range.bottom > range.top && range.bottom - first < 3)
      last = Math.max(last, headsOnly(records, range.bottom) ? range.bottom : last)
  }
  return Math.min(maxHeaderRows, last - first + 1)
}

/** A row of names contains no plain numbers except years. */
function headsOnly(records: readonly RawRecord[], line: number): boolean {
  const cells = records.find((record) => record.line === line)?.cells ?? []
  return cells.every((cell) => !/^[+-]?\d+([.,]\d+)*%?$/.test(cell.trim()) || /^(19|20)\d\d$/.test(cell.trim()))
}

/** One name for each column from all rows of names; above names that repeat, a group continues to the right. */
function composed(records: readonly RawRecord[], merges: readonly Range[], first: number, last: number): string[] {
  const heads = records.filter((record) => record.line >= first && record.line <= last)
  const width = Math.max(...records.filter((record) => record.line >= first).map((record) => record.cells.length))
  const bottom = heads.at(-1)?.cells ?? []
  const parts = heads.map((record, index) => {
    let group = ''
    const merged = merges.some((range) => range.top === record.line && range.right > range.left)
    const groups = index === 0 && heads.length > 1 && !merged
    return Array.from({ length: width }, (_, at) => {
      const own = (record.cells[at] ?? '').replace(/\s+/g, ' ').trim()
      if (own !== '') group = own
      // Only above another name: a group does not extend over a column that has only its own.
      return own === '' && groups && (bottom[at] ?? '').trim() !== '' ? group : own
    })
  })
  return Array.from({ length: width }, (_, at) => {
    const texts = parts.map((part) => part[at]!).filter((text) => text !== '')
    return texts.filter((text, index) => text !== texts[index - 1]).join(joint)
  })
}

/** What is above is counted from the first row of names, not from the last. */
function preambleTo(problem: TableProblem, records: readonly RawRecord[], first: number): TableProblem[] {
  if (problem.code !== 'file.preamble') return [problem]
  const above = records.filter((record) => record.line < first)
  if (above.length === 0) return []
  const text = excerpt(above[0]!.cells.join(' ').trim())
  return [tableProblem('file.preamble', { count: above.length, text }, above[0]!.line)]
}
