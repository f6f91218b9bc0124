/**
 * Reads the tables that cities have, as a stream and in bounded memory. Nothing is corrected in
 * silence: what was detected is in `dialect`, what is wrong is in `problems` and on its row.
 */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { otherText } from './content.ts'
import { type LineEnd, sniffDialect, type TextDialect, widthOf } from './dialect.ts'
import { decode, type Encoding, type EncodingFound, type EncodingReason } from './encoding.ts'
import { isFormulaLike, restore } from './formula.ts'
import { type HashedStream, hashing } from './hash.ts'
import { findHeader, type Header } from './header.ts'
import { excerpt, ProblemList, ReadingStopped, type TableProblem, tableProblem } from './problems.ts'
import { type Delimiter, type Quote, type RawRecord, RecordReader } from './records.ts'

/** Hard limits; beyond them the reading stops with a problem that names the place. */
export type TableLimits = {
  /** Bytes (as UTF-8) of one record, hence of one line and one cell. */
  readonly recordBytes: number
  readonly columns: number
  readonly rows: number
  readonly fileBytes: number
  /** Problems kept; the others are counted by code. */
  readonly problems: number
}

export const defaultLimits: TableLimits = {
  recordBytes: 1024 * 1024,
  columns: 2000,
  rows: 5_000_000,
  fileBytes: 2 * 1024 ** 3,
  problems: 1000,
}

export type ReadOptions = {
  readonly encoding?: Encoding | undefined
  readonly delimiter?: Delimiter | undefined
  readonly quote?: Quote | undefined
  /** Line of the header, from 1, or `'none'` for a file without one; recognised when left out. */
  readonly headerRow?: number | 'none' | undefined
  readonly limits?: Partial<TableLimits>
  /** In a workbook: name of the sheet; the first that is shown and holds anything when left out. */
  readonly sheet?: string | undefined
  /** In a workbook: how many rows hold the names of the columns, from `headerRow` on; recognised when left out. */
  readonly headerRows?: number | undefined
  /** In a workbook: the table ends at the first blank row; anything below is a remark. */
  readonly endsWith?: 'blank-row' | undefined
  /** In a workbook: columns whose empty cells mean something by their fill colour. */
  readonly colours?: readonly string[] | undefined
  /** Remove the apostrophe that `writeTable` put before formula-like text. Default false: cells stay as they are. */
  readonly restoreNeutralised?: boolean
}

export type TableDialect = {
  readonly encoding: Encoding
  /** Why; may change from `only-ascii` while rows are read. */
  readonly encodingReason: EncodingReason
  readonly byteOrderMark: boolean
  readonly delimiter: Delimiter
  readonly quote: Quote
  readonly lineEnd: LineEnd
  /** Line of the header; null where the file has none. */
  readonly headerRow: number | null
}

export type Row = {
  /** Line of the file on which the record begins, from 1: as an editor shows it, and Excel as long as no cell spans lines. */
  readonly number: number
  /** As many as `header` has names, unless the row has too many; text as it is in the file. */
  readonly cells: string[]
  /** In a workbook, by position: a typed number, day or time, to which no number format of a profile applies. */
  readonly exact?: readonly boolean[]
  /** What is wrong with this row; the same problems are in the list of the table. */
  readonly problems: readonly TableProblem[]
}

/** Where a table is in a workbook. */
export type SheetPlace = {
  readonly name: string
  /** First row with names of columns; null where there is none. */
  readonly headerRow: number | null
  readonly headerRows: number
  /** Letters of its columns, by position in the header. */
  readonly letters: readonly string[]
}

export type Table = {
  readonly sheet: SheetPlace | null
  /** Null in a workbook. May change from `utf-8` while rows are read. */
  readonly encoding: Encoding | null
  readonly header: readonly string[]
  /** Can be read once. Ends early where `problems.stop` is set. */
  readonly rows: AsyncIterable<Row>
  readonly problems: ProblemList
  /** What has been read so far; `sha256` is null until the end of the file. */
  readonly summary: () => { rows: number; blankRows: number; bytes: number; sha256: string | null }
  /** Releases the source if the rows are not wanted; reading them, wholly or in part, does so anyway. */
  readonly close: () => Promise<void>
}

export type TextTable = Table & { readonly dialect: TableDialect }

const sampleCharacters = 64 * 1024
const sampleRecords = 300

/**
 * Opens a text table. `source` is the path of a file or a stream of bytes. Never throws because of what is in the file: an
 * unreadable one has an empty header and `problems.stop`. Errors of the stream itself are passed on.
 */
export async function readTable(
  source: string | AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<TextTable> {
  const limits: TableLimits = { ...defaultLimits, ...options.limits }
  const problems = new ProblemList(limits.problems)
  const found: EncodingFound = { encoding: 'utf-8', because: 'only-ascii', byteOrderMark: false }
  const stream = hashing(typeof source === 'string' ? openFile(source) : source)
  const texts = decode(bounded(stream, limits.fileBytes), found, problems, options.encoding ?? null)
  const counts = { rows: 0, blankRows: 0 }
  let text: TextDialect = { delimiter: ',', quote: '"', lineEnd: 'none', separatorLine: false }
  let header: Header = { names: [], line: null, recordsBefore: 0, problems: [] }
  let records: AsyncGenerator<RawRecord> | null = null
  let sample: Sample = { records: [], stopped: null }
  try {
    const start = await beginning(texts)
    const other = otherText(start.text)
    if (other) throw new ReadingStopped(tableProblem('file.not-a-table', { content: other }))
    text = await sniffDialect(start.text, start.complete, options)
    records = readRecords(start.text, texts, text, limits)
    sample = await take(records, sampleRecords)
    if (text.separatorLine) sample.records.shift()
    header = findHeader(sample.records, options.headerRow ?? null)
    if (header.names.length === 0) throw sample.stopped ?? new ReadingStopped(tableProblem('file.empty'))
    problems.add(...header.problems)
  } catch (error) {
    await texts.return(undefined)
    if (!(error instanceof ReadingStopped)) throw error
    problems.add(error.problem)
  }

  async function* rows(): AsyncGenerator<Row> {
    if (records === null || header.names.length === 0) return
    const checker = new RowChecker(header, options.restoreNeutralised ?? false)
    let firstBlank: number | null = null
    let firstComment: number | null = null
    let commentCount = 0
    try {
      for await (const record of chain(sample, header.recordsBefore, records)) {
        if (widthOf(record.cells) === 0) {
          counts.blankRows += 1
          firstBlank ??= record.line
          continue
        }
        if (isComment(record.cells, header.names.length, commentCount > 0)) {
          commentCount += 1
          firstComment ??= record.line
          continue
        }
        if (counts.rows >= limits.rows) {
          throw new ReadingStopped(tableProblem('file.too-many-rows', { limit: limits.rows }, record.line))
        }
        counts.rows += 1
        const row = checker.check(record)
        problems.add(...row.problems)
        yield row
      }
      if (counts.blankRows > 0) {
        problems.add(tableProblem('file.blank-rows', { count: counts.blankRows }, firstBlank))
      }
      if (commentCount > 0) problems.add(tableProblem('file.comments', { count: commentCount }, firstComment))
      if (counts.rows === 0) problems.add(tableProblem('file.no-rows', {}, header.line))
    } catch (error) {
      if (!(error instanceof ReadingStopped)) throw error
      problems.add(error.problem)
    } finally {
      await records.return(undefined)
      await texts.return(undefined)
    }
  }

  return {
    sheet: null,
    get encoding() {
      return found.encoding
    },
    dialect: {
      get encoding() {
        return found.encoding
      },
      get encodingReason() {
        return found.because
      },
      get byteOrderMark() {
        return found.byteOrderMark
      },
      delimiter: text.delimiter,
      quote: text.quote,
      lineEnd: text.lineEnd,
      headerRow: header.line,
    },
    header: header.names,
    rows: rows(),
    problems,
    summary: () => ({ ...counts, bytes: stream.length(), sha256: stream.sha256() }),
    close: async () => {
      await records?.return(undefined)
      await texts.return(undefined)
    },
  }
}

async function* openFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    if (reason === undefined || !['ENOENT', 'EACCES', 'EISDIR', 'EPERM'].includes(reason)) throw error
    throw new ReadingStopped(tableProblem('file.cannot-open', { name: basename(path), reason }))
  }
}

async function* bounded(stream: HashedStream, limit: number): AsyncGenerator<Buffer> {
  for await (const piece of stream.pieces) {
    if (stream.length() > limit) {
      throw new ReadingStopped(tableProblem('file.too-large', { limit: Math.round(limit / 1024 ** 2) }))
    }
    yield piece
  }
}

/** Enough text to detect the dialect; the generator then continues after it. */
async function beginning(texts: AsyncGenerator<string>): Promise<{ text: string; complete: boolean }> {
  let text = ''
  while (text.length < sampleCharacters) {
    const next = await texts.next()
    if (next.done) return { text, complete: true }
    text += next.value
  }
  return { text, complete: false }
}

async function* readRecords(
  start: string,
  rest: AsyncGenerator<string>,
  dialect: TextDialect,
  limits: TableLimits,
): AsyncGenerator<RawRecord> {
  const reader = new RecordReader(dialect, limits)
  yield* await reader.write(start)
  for await (const text of rest) yield* await reader.write(text)
  yield* await reader.end()
  const stop = reader.pendingStop()
  if (stop) throw stop
}

type Sample = { records: RawRecord[]; stopped: ReadingStopped | null }

/** The first records, fewer if they are long; a stop among them is held back until they have been yielded. */
async function take(records: AsyncGenerator<RawRecord>, count: number): Promise<Sample> {
  const sample: Sample = { records: [], stopped: null }
  try {
    for (let size = 0; sample.records.length < count && size < sampleCharacters; ) {
      const next = await records.next()
      if (next.done) break
      sample.records.push(next.value)
      for (const cell of next.value.cells) size += cell.length + 1
    }
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error
    sample.stopped = error
  }
  return sample
}

async function* chain(sample: Sample, from: number, rest: AsyncGenerator<RawRecord>): AsyncGenerator<RawRecord> {
  yield* sample.records.slice(from)
  if (sample.stopped) throw sample.stopped
  yield* rest
}

/**
 * A remark between the rows: begins with # and has fewer cells than a row. A full row may begin with # ("#2 fuel oil"),
 * unless there were remarks before it and a space follows.
 */
function isComment(cells: readonly string[], width: number, seenBefore: boolean): boolean {
  const first = cells[0]!
  return first.startsWith('#') && (cells.length !== width || (seenBefore && /^#(\s|$)/.test(first)))
}

class RowChecker {
  private readonly header: Header
  private readonly restoring: boolean

  constructor(header: Header, restoring: boolean) {
    this.header = header
    this.restoring = restoring
  }

  check(record: RawRecord): Row {
    const { names } = this.header
    const problems: TableProblem[] = []
    const width = widthOf(record.cells)
    const found = record.cells.length
    let cells = this.restoring ? record.cells.map(restore) : record.cells
    if (found < names.length) {
      const values = { expected: names.length, found }
      problems.push(tableProblem('row.too-few-cells', values, record.line, names[found]!))
      cells = [...cells, ...Array.from({ length: names.length - found }, () => '')]
    } else if (width > names.length) {
      const values = { expected: names.length, found: width, text: excerpt(cells[names.length]!) }
      problems.push(tableProblem('row.too-many-cells', values, record.line))
      cells = cells.slice(0, width)
    } else cells = cells.slice(0, names.length)
    for (const [index, cell] of cells.entries()) {
      const column = names[index] ?? null
      if (isFormulaLike(cell)) {
        problems.push(tableProblem('cell.formula', { text: excerpt(cell) }, record.line, column))
      }
      if (cell.includes('\uFFFD')) {
        problems.push(tableProblem('cell.unreadable', { text: excerpt(cell) }, record.line, column))
      }
    }
    return { number: record.line, cells, problems }
  }
}
