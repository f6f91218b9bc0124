/** Finds the row with the names of the columns, and makes the names usable: none empty, none repeated. */
import { widthOf } from './dialect.ts'
import { excerpt, type TableProblem, tableProblem } from './problems.ts'
import type { RawRecord } from './records.ts'

export type Header = {
  readonly names: string[]
  /** Line of the file with the names; null where the file has none. */
  readonly line: number | null
  /** How many of the given records come before the first row of data. */
  readonly recordsBefore: number
  readonly problems: TableProblem[]
}

/** A plain number that is not a year: data, hardly the name of a column. */
const plainNumber = /^[+-]?\d+([.,]\d+)*%?$/
const yearName = /^(19|20)\d\d$/

/**
 * `records` are the first records of the file (a few hundred). The header is the first record that is as wide as
 * most records and at least half filled; what is above it is a preamble (titles, dates, comments).
 * `stated` is the line of the header if the caller knows it, or `'none'`.
 */
export function findHeader(records: readonly RawRecord[], stated: number | 'none' | null): Header {
  const filled = records.filter((record) => widthOf(record.cells) > 0)
  const usual = usualWidth(filled)
  const candidate =
    stated === 'none'
      ? undefined
      : stated !== null
        ? filled.find((record) => record.line >= stated)
        : filled.find((record) => {
            const width = widthOf(record.cells)
            return width >= usual && blanks(record.cells, width) * 2 <= width && !record.cells[0]!.startsWith('#')
          })
  const first = candidate ?? filled[0]
  if (first === undefined) return { names: [], line: null, recordsBefore: 0, problems: [] }
  const problems: TableProblem[] = []
  const isData = candidate === undefined || (stated === null && looksLikeData(first.cells))
  const position = records.indexOf(first)
  const above = filled.filter((record) => record.line < first.line)
  if (above.length > 0 && stated !== 'none') {
    const values = { count: above.length, text: excerpt(above[0]!.cells.join(' ').trim()) }
    problems.push(tableProblem('file.preamble', values, above[0]!.line))
  }
  const width = tableWidth(first, filled)
  if (isData) {
    problems.push(tableProblem('header.missing', { columns: width }, first.line))
    const names = Array.from({ length: width }, (_, index) => unnamed(index))
    return { names, line: null, recordsBefore: position, problems }
  }
  const dropped = first.cells.length - width
  if (dropped > 0) problems.push(tableProblem('header.empty-columns', { count: dropped, from: width + 1 }, first.line))
  const names = nameColumns(first, width, problems)
  return { names, line: first.line, recordsBefore: position + 1, problems }
}

/** Unnamed columns at the right edge belong to the table only if some row has a value there. */
function tableWidth(header: RawRecord, filled: readonly RawRecord[]): number {
  let width = widthOf(header.cells)
  for (const record of filled) {
    if (record.line > header.line) width = Math.max(width, Math.min(widthOf(record.cells), header.cells.length))
  }
  return width
}

function usualWidth(records: readonly RawRecord[]): number {
  const counts = new Map<number, number>()
  for (const { cells } of records) counts.set(widthOf(cells), (counts.get(widthOf(cells)) ?? 0) + 1)
  let usual = 0
  let most = 0
  for (const [width, count] of counts) {
    if (count > most || (count === most && width > usual)) {
      usual = width
      most = count
    }
  }
  return usual
}

function blanks(cells: readonly string[], width: number): number {
  return cells.slice(0, width).filter((cell) => cell.trim() === '').length
}

function looksLikeData(cells: readonly string[]): boolean {
  const given = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const numbers = given.filter((cell) => plainNumber.test(cell) && !yearName.test(cell)).length
  return given.length > 0 && numbers * 2 >= given.length
}

/** The name given to a column without one: `column 1` for the first. Profiles use it too. */
function unnamed(index: number): string {
  return `column ${index + 1}`
}

/** Column names from the header row: none empty, none repeated; every change made is reported. */
export function nameColumns(header: RawRecord, width: number, problems: TableProblem[]): string[] {
  const taken = new Set(header.cells.slice(0, width).map(cleanName))
  const seen = new Set<string>()
  return Array.from({ length: width }, (_, index) => {
    const given = cleanName(header.cells[index] ?? '')
    const wanted = given === '' ? unnamed(index) : given
    let name = wanted
    for (let count = 2; seen.has(name) || (name !== given && taken.has(name)); count += 1) name = `${wanted} (${count})`
    seen.add(name)
    if (given === '') problems.push(tableProblem('header.unnamed', { position: index + 1 }, header.line, name))
    else if (name !== given) {
      problems.push(tableProblem('header.duplicate', { name: given, position: index + 1 }, header.line, name))
    }
    return name
  })
}

/** A name without the invisible signs and line breaks that spreadsheets leave in it. */
function cleanName(text: string): string {
  return text
    .replace(/[\u200b-\u200d\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
