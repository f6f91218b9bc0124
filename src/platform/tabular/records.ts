/**
 * Text to records by csv-parse, piece by piece, with the true line of each record and with limits that hold for any
 * input. csv-parse counts a CRLF inside quotes twice and does not limit empty cells; hence our own line count and
 * our own length limit on top of its byte positions.
 */
import { type CsvError, Parser } from 'csv-parse'
import { ReadingStopped, tableProblem } from './problems.ts'

export type Delimiter = ',' | ';' | '\t' | '|'
export type Quote = '"' | "'"

/** One record as it is in the file. */
export type RawRecord = {
  /** Line of the file on which it begins, from 1. */
  readonly line: number
  readonly cells: string[]
}

export type RecordLimits = {
  /** Bytes of UTF-8 in one record, and so in one cell and one line. */
  readonly recordBytes: number
  readonly columns: number
}

const lineFeed = 10
const carriageReturn = 13

/** Takes text in pieces, returns the records completed by each. Throws `ReadingStopped` at a limit. */
export class RecordReader {
  private readonly parser: Parser
  private readonly limits: RecordLimits
  private batch: RawRecord[] = []
  private fed = 0
  private recordStart = 0
  private line = 1
  /** The bytes from `recordStart` on, to count the lines of a record when it is complete; `pendingFrom` is their position. */
  private pending: Buffer[] = []
  private pendingFrom = 0
  private failure: Error | null = null

  constructor(dialect: { delimiter: Delimiter; quote: Quote }, limits: RecordLimits) {
    this.limits = limits
    this.parser = new Parser({
      bom: false,
      columns: false,
      delimiter: dialect.delimiter,
      quote: dialect.quote,
      escape: dialect.quote,
      // Files that were edited on several machines mix line ends.
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      on_record: (cells: string[], info: { bytes: number }) => {
        this.complete(cells, info.bytes)
        return null
      },
    })
    this.parser.on('error', (error) => {
      this.failure ??= error
    })
    this.parser.resume()
  }

  /** Feeds one piece (at most a few hundred kilobytes). */
  async write(text: string): Promise<RawRecord[]> {
    if (this.failure) throw this.stopped(this.failure)
    const bytes = Buffer.from(text, 'utf8')
    this.pending.push(bytes)
    this.fed += bytes.length
    await new Promise<void>((resolve) => this.parser.write(bytes, () => resolve()))
    if (this.fed - this.recordStart > this.limits.recordBytes) this.failure ??= this.tooLong()
    return this.handOver()
  }

  /** Ends the text; returns the last record. */
  async end(): Promise<RawRecord[]> {
    if (this.failure) throw this.stopped(this.failure)
    await new Promise<void>((resolve) => {
      this.parser.once('close', resolve)
      this.parser.end()
    })
    return this.handOver()
  }

  /** What to throw once the last record has been returned; null if nothing. */
  pendingStop(): Error | null {
    return this.failure && this.stopped(this.failure)
  }

  /** Records completed before the fault are returned first; the next call throws. */
  private handOver(): RawRecord[] {
    const batch = this.batch
    this.batch = []
    if (this.failure && batch.length === 0) throw this.stopped(this.failure)
    return batch
  }

  private complete(cells: string[], end: number): void {
    if (end - this.recordStart > this.limits.recordBytes) throw this.tooLong()
    if (cells.length > this.limits.columns) {
      const values = { columns: cells.length, limit: this.limits.columns }
      throw new ReadingStopped(tableProblem('row.too-many-columns', values, this.line))
    }
    this.batch.push({ line: this.line, cells })
    this.line += this.lineBreaks(end)
    this.recordStart = end
    while (this.pending.length > 0 && this.pendingFrom + this.pending[0]!.length <= end) {
      this.pendingFrom += this.pending.shift()!.length
    }
  }

  /** Line breaks (LF, CRLF, CR) from the beginning of the record up to the position `end`. */
  private lineBreaks(end: number): number {
    let breaks = 0
    let position = this.pendingFrom
    let afterReturn = false
    for (const bytes of this.pending) {
      const last = Math.min(bytes.length, end - position)
      for (let at = Math.max(0, this.recordStart - position); at < last; at += 1) {
        const byte = bytes[at]
        if (byte === carriageReturn || (byte === lineFeed && !afterReturn)) breaks += 1
        afterReturn = byte === carriageReturn
      }
      position += bytes.length
      if (position >= end) break
    }
    return breaks
  }

  /** A record over several lines that never ends is a quotation mark that was not closed; on one line it is just long. */
  private tooLong(): ReadingStopped {
    const values = { limit: Math.round(this.limits.recordBytes / 1024) }
    const overLines = this.lineBreaks(this.fed) > 0
    return new ReadingStopped(tableProblem(overLines ? 'row.quote-not-closed' : 'row.too-long', values, this.line))
  }

  private stopped(failure: Error): Error {
    if ((failure as Partial<CsvError>).code !== 'CSV_QUOTE_NOT_CLOSED') return failure
    const values = { limit: Math.round(this.limits.recordBytes / 1024) }
    return new ReadingStopped(tableProblem('row.quote-not-closed', values, this.line))
  }
}
