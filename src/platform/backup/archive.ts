/** Reads the parts of an archive; anything that disagrees with the manifest throws `ArchiveDamaged`. */
import { createHash } from 'node:crypto'
import { type Entry, open as openZip, type ZipFile } from 'yauzl'
import { type Manifest, manifestHashName, manifestName, parseManifest, type TablePart } from './manifest.ts'

/** Limits: parts of an archive, and bytes of its manifest. */
const maxParts = 20_000
const maxManifestBytes = 20_000_000

/** The archive is not whole; `what` names the part. */
export class ArchiveDamaged extends Error {
  readonly what: string

  constructor(what: string) {
    super(`${what} is damaged`)
    this.name = 'Damaged'
    this.what = what
  }
}

export type Archive = {
  readonly manifest: Manifest
  /** The bytes of a part, checked against its size and hash; throws `ArchiveDamaged` at the end if they differ. */
  readonly read: (part: TablePart) => AsyncGenerator<Uint8Array>
  readonly close: () => void
}

/** Opens an archive and reads its manifest. @throws ArchiveDamaged, errors of the file system */
export async function openArchive(path: string): Promise<Archive> {
  const zip = await opened(path)
  try {
    const entries = await entriesOf(zip)
    const text = await bytesOf(zip, entries.get(manifestName), manifestName)
    const said = (await bytesOf(zip, entries.get(manifestHashName), manifestHashName)).toString('latin1').trim()
    if (createHash('sha256').update(text).digest('hex') !== said) throw new ArchiveDamaged(manifestName)
    const manifest = parseManifest(text.toString('utf8'))
    if (!manifest) throw new ArchiveDamaged(manifestName)
    return { manifest, read: (part) => checked(zip, entries.get(part.part), part), close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

const opened = (path: string): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (zip) resolve(zip)
      else reject((error as NodeJS.ErrnoException)?.syscall ? error : new ArchiveDamaged('the list of its parts'))
    })
  })

const entriesOf = (zip: ZipFile): Promise<Map<string, Entry>> =>
  new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>()
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry)
      if (entries.size > maxParts) reject(new ArchiveDamaged('the list of its parts'))
      else zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', () => reject(new ArchiveDamaged('the list of its parts')))
    zip.readEntry()
  })

const streamOf = (zip: ZipFile, entry: Entry, name: string): Promise<AsyncIterable<Buffer>> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error || !stream) reject(new ArchiveDamaged(name))
      else resolve(stream as AsyncIterable<Buffer>)
    })
  })

async function bytesOf(zip: ZipFile, entry: Entry | undefined, name: string): Promise<Buffer> {
  if (!entry || entry.uncompressedSize > maxManifestBytes) throw new ArchiveDamaged(name)
  const pieces: Buffer[] = []
  try {
    for await (const piece of await streamOf(zip, entry, name)) pieces.push(piece)
  } catch {
    throw new ArchiveDamaged(name)
  }
  return Buffer.concat(pieces)
}

async function* checked(zip: ZipFile, entry: Entry | undefined, part: TablePart): AsyncGenerator<Uint8Array> {
  if (!entry) throw new ArchiveDamaged(part.part)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const piece of await streamOf(zip, entry, part.part)) {
      bytes += piece.length
      if (bytes > part.bytes) throw new ArchiveDamaged(part.part)
      hash.update(piece)
      yield piece
    }
  } catch {
    throw new ArchiveDamaged(part.part)
  }
  if (bytes !== part.bytes || hash.digest('hex') !== part.sha256) throw new ArchiveDamaged(part.part)
}
