/**
 * The ZIP archive of a workbook, one entry at a time. Nothing is unpacked to disk, and an entry's name is never used as a
 * path. The sizes an archive states are not trusted: bytes are counted as they are inflated.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, createInflateRaw } from 'node:zlib'
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl'
import { excerpt, ReadingStopped, tableProblem } from '../tabular/index.ts'
import { damaged, tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'

const stored = 0
const deflated = 8
const inflateChunk = 64 * 1024

export type Archive = {
  /** Names of the entries as they are stored, folders left out. */
  readonly names: ReadonlySet<string>
  /** The inflated bytes of an entry. Throws `ReadingStopped` where it is missing, damaged or beyond a limit. */
  readonly read: (name: string) => AsyncGenerator<Buffer>
  readonly close: () => Promise<void>
}

/**
 * Keeps the bytes in a temporary file, because the directory of an archive is at its end. The file has no
 * name once it is open, so that nothing is left behind whatever happens.
 */
export async function spool(pieces: AsyncIterable<Buffer>, limit: number): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'commonweal-workbook-'))
  let file: FileHandle | null = null
  try {
    file = await open(join(folder, 'workbook'), 'wx+', 0o600)
    if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true })
    let written = 0
    for await (const piece of pieces) {
      written += piece.length
      if (written > limit) throw tooMuch('archive', limit)
      await file.write(piece)
    }
    return file
  } catch (error) {
    await file?.close()
    throw error
  } finally {
    if (process.platform !== 'win32') await rm(folder, { recursive: true, force: true })
  }
}

/** Opens the archive in a file. Closing it also closes the file. Throws `ReadingStopped` if it is not a sound archive. */
export async function openArchive(file: FileHandle, limits: WorkbookLimits): Promise<Archive> {
  let zip: ZipFile
  const entries = new Map<string, Entry>()
  try {
    // Names are checked: an entry called ../../x or /x ends the reading.
    zip = await fromFdPromise(file.fd, { lazyEntries: true, autoClose: false, validateEntrySizes: false })
    if (zip.entryCount > limits.entries) throw tooMuch('entries', limits.entries)
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue
      if (entries.has(entry.fileName)) throw damaged('duplicate', entry.fileName)
      if (entry.isEncrypted()) throw new ReadingStopped(tableProblem('workbook.encrypted'))
      entries.set(entry.fileName, entry)
    }
  } catch (error) {
    throw named(error)
  }
  const left = { inflated: limits.inflatedBytes }
  return {
    names: new Set(entries.keys()),
    read: (name) => inflate(zip, entries.get(name), name, limits, left),
    close: async () => {
      await file.close().catch(() => {})
    },
  }
}

function named(error: unknown): unknown {
  if (error instanceof ReadingStopped || !(error instanceof Error)) return error
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error
  if (/relative path|absolute path|characters in fileName/.test(error.message)) {
    const text = excerpt(error.message.slice(error.message.indexOf(':') + 1).trim())
    return new ReadingStopped(tableProblem('workbook.unsafe-name', { text }))
  }
  return damaged('truncated')
}

async function* inflate(
  zip: ZipFile,
  entry: Entry | undefined,
  name: string,
  limits: WorkbookLimits,
  left: { inflated: number },
): AsyncGenerator<Buffer> {
  if (!entry) throw damaged('missing', name)
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated) throw damaged('method', name)
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false }).catch((error) => {
    throw named(error)
  })
  const stream = entry.compressionMethod === deflated ? raw.pipe(createInflateRaw({ chunkSize: inflateChunk })) : raw
  raw.on('error', (error) => stream.destroy(error))
  let size = 0
  let sum = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length
      left.inflated -= chunk.length
      if (size > limits.partBytes) throw tooMuch('part', limits.partBytes, name)
      if (left.inflated < 0) throw tooMuch('inflated', limits.inflatedBytes, name)
      if (size > limits.ratioFrom && size > limits.ratio * Math.max(1, entry.compressedSize))
        throw tooMuch('ratio', limits.ratio, name)
      sum = crc32(chunk, sum)
      yield chunk
    }
  } catch (error) {
    if (error instanceof ReadingStopped) throw error
    // zlib distinguishes (Z_DATA_ERROR, Z_BUF_ERROR); to people it is all the same: damaged.
    throw damaged('checksum', name)
  } finally {
    stream.destroy()
    raw.destroy()
  }
  if (size !== entry.uncompressedSize || sum !== entry.crc32) throw damaged('checksum', name)
}
