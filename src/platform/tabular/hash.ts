/** Fingerprints of files, computed while they are read: an import names the exact bytes it read. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export type HashedStream = {
  /** The same bytes, in pieces of at most 64 KiB whatever the source hands over. */
  readonly pieces: AsyncIterable<Buffer>
  /** Bytes read so far. */
  readonly length: () => number
  /** SHA-256 (FIPS 180-4) in lower-case hexadecimal, or null until the last byte has been read. */
  readonly sha256: () => string | null
}

const pieceBytes = 64 * 1024

/** Passes a stream through and hashes it. Reads once; abandoning `pieces` also ends the source. */
export function hashing(source: AsyncIterable<Uint8Array>): HashedStream {
  const hash = createHash('sha256')
  let length = 0
  let digest: string | null = null
  async function* pass(): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        const piece = chunk.subarray(start, start + pieceBytes)
        hash.update(piece)
        length += piece.length
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      }
    }
    digest = hash.digest('hex')
  }
  return { pieces: pass(), length: () => length, sha256: () => digest }
}

/** SHA-256 of a whole file. Throws the file system's error where it cannot be read. */
export async function sha256OfFile(path: string): Promise<string> {
  const stream = hashing(createReadStream(path, { highWaterMark: pieceBytes }))
  for await (const _piece of stream.pieces);
  return stream.sha256()!
}
