/** Opens an uploaded file: a text table or a workbook, distinguished by its first bytes and never by its name. */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import {
  defaultLimits,
  hashing,
  otherContent,
  ProblemList,
  ReadingStopped,
  type ReadOptions,
  readTable,
  type Table,
  type TableProblem,
  tableProblem,
} from './tabular/index.ts'
import { openWorkbook, readSheetTable, type SheetFacts, type Workbook, workbookLimits } from './workbook/index.ts'

export type TableFile = {
  /** In order; null if the file is not a workbook. */
  readonly sheets: readonly SheetFacts[] | null
  /** Problems of the whole file; one that stops the reading is in every table as well. */
  readonly problems: readonly TableProblem[]
  /** The workbook itself, for a look at its sheets. */
  readonly workbook: Workbook | null
  /** Opens a table. A text file has one table and is read once. Never throws for what is in the file. */
  readonly open: (options?: ReadOptions) => Promise<Table>
  readonly close: () => Promise<void>
}

/** Opens a file by its path or its bytes. Errors of the stream itself are passed on. */
export async function openTableFile(source: string | AsyncIterable<Uint8Array>): Promise<TableFile> {
  const bytes = typeof source === 'string' ? fileBytes(source) : source[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array>
  try {
    first = await bytes.next()
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error
    return failed(error.problem)
  }
  const whole = again(first, bytes)
  const content = first.done ? null : otherContent(Buffer.from(first.value))
  if (content === 'xls') return failed(await oldOrEncrypted(whole))
  if (content !== 'xlsx' && content !== 'zip' && content !== 'ods')
    return {
      ...{ sheets: null, problems: [], workbook: null },
      open: (options = {}) =>
        options.sheet === undefined
          ? readTable(whole, options)
          : closed(whole, failed(tableProblem('workbook.needed', { name: options.sheet }))),
      close: async () => {
        await whole.return(undefined)
      },
    }
  const stream = hashing(whole)
  let workbook: Workbook
  try {
    workbook = await openWorkbook(stream.pieces as AsyncIterable<Buffer>, workbookLimits)
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error
    await whole.return(undefined)
    return failed(error.problem)
  }
  return {
    sheets: workbook.sheets,
    problems: workbook.problems,
    workbook,
    open: async (options = {}) => {
      const { counts, ...table } = await readSheetTable(workbook, options, { ...defaultLimits, ...options.limits })
      return { ...table, summary: () => ({ ...counts, bytes: stream.length(), sha256: stream.sha256() }) }
    },
    close: workbook.close,
  }
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code
    if (reason === undefined || !['ENOENT', 'EACCES', 'EISDIR', 'EPERM'].includes(reason)) throw error
    throw new ReadingStopped(tableProblem('file.cannot-open', { name: basename(path), reason }))
  }
}

async function* again(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.done) return
    yield first.value
    for (;;) {
      const next = await rest.next()
      if (next.done) return
      yield next.value
    }
  } finally {
    await rest.return?.(undefined)
  }
}

/** An OLE compound file is an old workbook, or a new one behind a password (MS-OFFCRYPTO: stream EncryptedPackage). */
async function oldOrEncrypted(bytes: AsyncGenerator<Uint8Array>): Promise<TableProblem> {
  const mark = Buffer.from('EncryptedPackage', 'utf16le')
  let kept = Buffer.alloc(0)
  let read = 0
  for await (const piece of bytes) {
    kept = Buffer.concat([kept, piece])
    if (kept.includes(mark)) {
      await bytes.return(undefined)
      return tableProblem('workbook.encrypted')
    }
    kept = kept.subarray(-mark.length)
    read += piece.length
    if (read > workbookLimits.archiveBytes) break
  }
  return tableProblem('file.not-a-table', { content: 'xls' })
}

/** A file that cannot be read: every table of it says why. */
function failed(problem: TableProblem): TableFile {
  return {
    ...{ sheets: null, problems: [problem], workbook: null },
    open: async () => {
      const problems = new ProblemList()
      problems.add(problem)
      return {
        ...{ header: [], rows: nothing(), problems, sheet: null, encoding: null },
        summary: () => ({ rows: 0, blankRows: 0, bytes: 0, sha256: null }),
        close: async () => {},
      }
    },
    close: async () => {},
  }
}

async function* nothing(): AsyncGenerator<never> {}

async function closed(bytes: AsyncGenerator<Uint8Array>, file: TableFile): Promise<Table> {
  await bytes.return(undefined)
  return file.open()
}
