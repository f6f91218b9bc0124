/** Files of any size, piece by piece: out to a file or to whoever reads us, in from a file, packed or not. */
import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

export type Pieces = AsyncIterable<string | Uint8Array>

/** Writes a file that is there whole or not at all, whoever else writes to it; one named `….gz` is packed. */
export async function writePieces(path: string, pieces: Pieces): Promise<void> {
  const part = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`
  try {
    const target = createWriteStream(part, { mode: 0o600, flags: 'wx' })
    if (path.endsWith('.gz')) await pipeline(Readable.from(pieces), createGzip(), target)
    else await pipeline(Readable.from(pieces), target)
    // It is known to lie on the disk before it takes the name.
    const file = await open(part, 'r+')
    await file.sync().finally(() => file.close())
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

/** Writes to the standard output no faster than it is read, and ends quietly where the reader stops early. */
export async function reportPieces(pieces: Pieces): Promise<void> {
  const { stdout } = process
  for await (const piece of pieces) {
    if (stdout.destroyed) return
    if (stdout.write(piece)) continue
    await new Promise<void>((go) => {
      const on = () => {
        stdout.off('drain', on).off('close', on)
        go()
      }
      stdout.on('drain', on).on('close', on)
    })
  }
}

const gzipMark = Buffer.from([0x1f, 0x8b])

/** The beginning of a file, unpacked, and the whole of it as pieces. @throws errors of the file system. */
export async function openPieces(
  path: string,
  headBytes: number,
): Promise<{ head: string; pieces: AsyncIterable<Uint8Array> }> {
  const file = await open(path)
  let packed: boolean
  try {
    const start = Buffer.alloc(2)
    const { bytesRead } = await file.read(start, 0, 2, 0)
    packed = bytesRead === 2 && start.equals(gzipMark)
  } finally {
    await file.close()
  }
  const whole = (): Readable => {
    const source = createReadStream(path)
    if (!packed) return source
    const plain = createGunzip()
    source.on('error', (error) => plain.destroy(error))
    return source.pipe(plain)
  }
  const first = whole()
  const start: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of first as AsyncIterable<Buffer>) {
      start.push(piece)
      bytes += piece.length
      if (bytes >= headBytes) break
    }
  } finally {
    first.destroy()
  }
  return { head: Buffer.concat(start).subarray(0, headBytes).toString('utf8'), pieces: whole() }
}
