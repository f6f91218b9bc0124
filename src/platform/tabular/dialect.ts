/** Which delimiter, quotation mark and line ending a file uses: tried on its first records, not guessed from its name. */
import { type Delimiter, type Quote, RecordReader } from './records.ts'

export type LineEnd = 'crlf' | 'lf' | 'cr' | 'mixed' | 'none'

export type TextDialect = {
  readonly delimiter: Delimiter
  readonly quote: Quote
  readonly lineEnd: LineEnd
  /** The first line is `sep=;`, Excel's way of stating the delimiter; it is not a row of the table. */
  readonly separatorLine: boolean
}

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|']
const sliceCharacters = 4096
const enoughRecords = 500
const separatorLinePattern = /^"?sep=([,;\t|])"?(?=[\r\n]|$)/i

/**
 * Chooses the delimiter under which most of the records have the same number of cells; between equals the one with
 * more cells, then comma before semicolon before tab before bar. Single quotation marks are accepted only where they
 * make the table more even. `sample` is the beginning of the text, `complete` says that it is all of it.
 */
export async function sniffDialect(
  sample: string,
  complete: boolean,
  stated: { delimiter?: Delimiter | undefined; quote?: Quote | undefined },
): Promise<TextDialect> {
  const separator = separatorLinePattern.exec(sample)
  const lineEnd = lineEndOf(sample)
  const stateDelimiter = stated.delimiter ?? (separator?.[1] as Delimiter | undefined)
  const body = separator ? sample.slice(separator[0].length).replace(/^(\r\n|\n|\r)/, '') : sample
  const quotes: readonly Quote[] = stated.quote
    ? [stated.quote]
    : body.includes('"') || !/(^|[,;\t|\r\n])'/.test(body)
      ? ['"']
      : ['"', "'"]
  let best: { delimiter: Delimiter; quote: Quote; score: number } | null = null
  for (const quote of quotes) {
    for (const delimiter of stateDelimiter ? [stateDelimiter] : delimiters) {
      const score = await evenness(body, complete, delimiter, quote)
      if (best === null || score > best.score + 1e-9) best = { delimiter, quote, score }
    }
  }
  return { delimiter: best!.delimiter, quote: best!.quote, lineEnd, separatorLine: separator !== null }
}

async function evenness(text: string, complete: boolean, delimiter: Delimiter, quote: Quote): Promise<number> {
  const reader = new RecordReader({ delimiter, quote }, { recordBytes: 4 * 1024 * 1024, columns: Infinity })
  const records: { cells: string[] }[] = []
  try {
    // In slices, so that a file of blank lines does not become a hundred thousand records here.
    let at = 0
    for (; at < text.length && records.length < enoughRecords; at += sliceCharacters) {
      records.push(...(await reader.write(text.slice(at, at + sliceCharacters))))
    }
    if (complete && at >= text.length) records.push(...(await reader.end()))
  } catch {
    return 0
  }
  const widths = new Map<number, number>()
  let counted = 0
  for (const { cells } of records) {
    const width = widthOf(cells)
    if (width === 0) continue
    counted += 1
    widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1)
  }
  let score = 0
  for (const [width, count] of widths) {
    if (width > 1) score = Math.max(score, count / counted + Math.min(width, 100) * 1e-4)
  }
  return score
}

/** Number of cells up to the last one that is not blank. */
export function widthOf(cells: readonly string[]): number {
  let width = cells.length
  while (width > 0 && cells[width - 1]!.trim() === '') width -= 1
  return width
}

function lineEndOf(sample: string): LineEnd {
  const crlf = sample.split('\r\n').length - 1
  const lf = sample.split('\n').length - 1 - crlf
  const cr = sample.split('\r').length - 1 - crlf
  const kinds = [crlf, lf, cr].filter((count) => count > 0).length
  if (kinds === 0) return 'none'
  if (kinds > 1) return 'mixed'
  return crlf > 0 ? 'crlf' : lf > 0 ? 'lf' : 'cr'
}
