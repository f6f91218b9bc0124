/** Writes tables that spreadsheets and `readTable` read back alike, and that execute nothing when opened. */
import { neutralise } from './formula.ts'
import type { Delimiter } from './records.ts'

/** A number is written as is; text is neutralised if a spreadsheet might run it; null is an empty cell. */
export type WritableCell = string | number | bigint | null | undefined

export type WriteOptions = {
  readonly delimiter?: Delimiter
  /** A byte order mark makes Excel read UTF-8 as UTF-8; default true. */
  readonly bom?: boolean
}

const flushAt = 32 * 1024

/**
 * CSV after RFC 4180 (CRLF, doubled quotation marks) as pieces of text to be encoded as UTF-8. Texts are neutralised
 * against formula injection, genuine numbers never. Throws a RangeError for a number that is not finite.
 */
export async function* writeTable(
  rows: Iterable<readonly WritableCell[]> | AsyncIterable<readonly WritableCell[]>,
  options: WriteOptions = {},
): AsyncGenerator<string> {
  const delimiter = options.delimiter ?? ','
  let text = (options.bom ?? true) ? '\ufeff' : ''
  for await (const row of rows) {
    const cells = row.map((cell) => writeCell(cell, delimiter))
    // A row of one empty cell would be a blank line, which readers skip.
    text += `${cells.length === 1 && cells[0] === '' ? '""' : cells.join(delimiter)}\r\n`
    if (text.length >= flushAt) {
      yield text
      text = ''
    }
  }
  if (text !== '') yield text
}

function writeCell(cell: WritableCell, delimiter: Delimiter): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number' && !Number.isFinite(cell)) throw new RangeError(`${cell} cannot be written to a table`)
  const text = typeof cell === 'string' ? neutralise(cell) : String(cell)
  const risky = /["\r\n,;\t|]/.test(text) || text.includes(delimiter) || text !== text.trim() || text.startsWith("'")
  return risky ? `"${text.replaceAll('"', '""')}"` : text
}
