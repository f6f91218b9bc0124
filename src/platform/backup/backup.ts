/**
 * A backup: all data of the rooms, as one ZIP archive. One REPEATABLE READ transaction keeps it consistent, each table
 * is one part written by COPY, and the manifest at the end names every part with its hash. People can keep working meanwhile.
 */
import { createHash } from 'node:crypto'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Pool, PoolClient } from 'pg'
import { ZipFile } from 'yazl'
import { copyOut } from '../db/index.ts'
import {
  backupFormat,
  backupVersion,
  type Manifest,
  manifestHashName,
  manifestName,
  type TablePart,
} from './manifest.ts'
import { columnList, schemasOf, sequencesIn, tableName, tablesIn } from './tables.ts'

export type BackupOptions = {
  readonly modules: ReadonlyArray<{ readonly module: string }>
  /** Version of the program. */
  readonly program: string
  readonly now: () => Date
}

/** The archive as a stream, and what it holds once the stream has ended. */
export async function backup(
  pool: Pool,
  options: BackupOptions,
): Promise<{ pieces: AsyncIterable<Uint8Array>; manifest: Promise<Manifest> }> {
  const client = await pool.connect()
  const archive = new ZipFile()
  const out = new PassThrough()
  archive.outputStream.pipe(out)
  archive.on('error', (error: Error) => out.destroy(error))
  const manifest = fill(client, archive, options).then(
    (made) => {
      client.release()
      return made
    },
    (error: Error) => {
      client.release(true)
      out.destroy(error)
      throw error
    },
  )
  manifest.catch(() => {})
  // If the reader stops, so does the backup.
  out.on('close', () => {
    if (!out.readableEnded) archive.emit('error', new Error('The archive is not read any further.'))
  })
  return { pieces: out, manifest }
}

async function fill(client: PoolClient, archive: ZipFile, options: BackupOptions): Promise<Manifest> {
  const broken = new Promise<never>((_, reject) => archive.once('error', reject))
  broken.catch(() => {})
  await client.query('begin isolation level repeatable read read only')
  await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
  const schemas = schemasOf(options.modules)
  const { rows: migrations } = await client.query<Manifest['migrations'][number]>(
    'select module, name, hash from commonweal.migration order by name, module',
  )
  const { rows: facts } = await client.query<{ head: string; postgresql: string }>(
    `select h.position || ':' || h.hash as head, version() as postgresql from records."sealHead" h`,
  )
  const parts: TablePart[] = []
  for (const table of await tablesIn(client, schemas)) {
    const part = `tables/${table.schema}.${table.name}.copy`
    const rows = copyOut(client, `copy ${tableName(table)} (${columnList(table)}) to stdout`)
    parts.push({ ...table, columns: [...table.columns], part, ...(await add(archive, broken, part, rows)) })
  }
  const sequences = await sequencesIn(client, schemas)
  await client.query('commit')
  const manifest: Manifest = {
    format: backupFormat,
    version: backupVersion,
    program: options.program,
    postgresql: facts[0]!.postgresql,
    madeAt: options.now().toISOString(),
    migrations,
    head: facts[0]!.head,
    tables: parts,
    sequences: sequences.map((each) => ({ ...each })),
  }
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
  archive.addBuffer(text, manifestName)
  archive.addBuffer(Buffer.from(`${createHash('sha256').update(text).digest('hex')}\n`), manifestHashName)
  archive.end()
  return manifest
}

/** Adds a part and waits until it is written; counts its contents on the way. */
async function add(
  archive: ZipFile,
  broken: Promise<never>,
  part: string,
  pieces: AsyncIterable<Buffer>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const entry = new PassThrough()
  archive.addReadStream(entry, part, { compressionLevel: 6 })
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
  }
  await Promise.race([pipeline(Readable.from(counted(), { objectMode: false }), entry), broken])
  return { bytes, sha256: hash.digest('hex') }
}
