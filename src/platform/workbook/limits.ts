/** Hard limits on a workbook; beyond them the reading stops with a problem that names the part and the limit. */
export type WorkbookLimits = {
  /** Bytes of the archive itself. */
  readonly archiveBytes: number
  readonly entries: number
  /** Inflated bytes of one part, and of all parts that are read. */
  readonly partBytes: number
  readonly inflatedBytes: number
  /** Inflated bytes for each stored byte, counted once `ratioFrom` bytes have been inflated; real sheets stay below 100. */
  readonly ratio: number
  readonly ratioFrom: number
  /** Nesting of elements, and characters of one unfinished tag or text. */
  readonly depth: number
  readonly markup: number
  readonly sheets: number
  readonly strings: number
  /** Bytes (as UTF-8) of all shared strings together; they have to be kept while sheets are read. */
  readonly stringBytes: number
  readonly styles: number
  /** Rows of a sheet, those without a cell included. Excel's own limit. */
  readonly rows: number
  readonly columns: number
  readonly merges: number
}

const mebibyte = 1024 * 1024

export const workbookLimits: WorkbookLimits = {
  archiveBytes: 256 * mebibyte,
  entries: 5000,
  partBytes: 1024 * mebibyte,
  inflatedBytes: 1536 * mebibyte,
  ratio: 250,
  ratioFrom: 8 * mebibyte,
  depth: 64,
  markup: mebibyte,
  sheets: 256,
  strings: 2_000_000,
  stringBytes: 96 * mebibyte,
  styles: 65_536,
  rows: 1_048_576,
  columns: 16_384,
  merges: 50_000,
}
