/** Restores a backup into an empty database: the tables as they were then, all or nothing, then migrates forward. */
import type { Pool, PoolClient } from 'pg'
import { copyIn, type MigrationFolder, migrate, readSql, StartProblem } from '../db/index.ts'
import { type Archive, ArchiveDamaged, openArchive } from './archive.ts'
import { backupVersion, type Manifest } from './manifest.ts'
import { columnList, schemasOf, tableName, tablesIn } from './tables.ts'

export type RestoreProblem = 'damaged' | 'newer' | 'other-schema' | 'not-empty' | 'not-fresh'

/** Why nothing was restored, and what to do. */
export class RestoreRefused extends Error {
  readonly code: RestoreProblem

  constructor(code: RestoreProblem, message: string) {
    super(message)
    this.name = 'RestoreRefused'
    this.code = code
  }
}

export type Restored = { readonly manifest: Manifest; readonly applied: readonly string[] }

/** Restores an archive. @throws RestoreRefused, StartProblem, errors of the file system */
export async function restore(
  database: { readonly pool: Pool },
  folders: readonly MigrationFolder[],
  path: string,
): Promise<Restored> {
  const archive = await orRefused(() => openArchive(path))
  try {
    await checkSchema(archive.manifest, folders)
    await checkEmpty(database.pool, archive.manifest)
    const wanted = new Set(archive.manifest.migrations.map(({ module, name }) => `${module}/${name}`))
    await migrate(database, folders, wanted)
    await orRefused(() => load(database.pool, folders, archive))
    return { manifest: archive.manifest, applied: await migrate(database, folders) }
  } finally {
    archive.close()
  }
}

async function orRefused<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ArchiveDamaged)) throw error
    throw new RestoreRefused(
      'damaged',
      `The archive is damaged: ${error.what} is missing or is not what was backed up. Nothing was restored; take another copy of the archive.`,
    )
  }
}

/** Every migration of the archive must be one of ours, with the same text. */
async function checkSchema(manifest: Manifest, folders: readonly MigrationFolder[]): Promise<void> {
  if (manifest.version > backupVersion)
    throw new RestoreRefused(
      'newer',
      `The archive was made by a newer program (${manifest.program}). Update this installation to that version, then restore.`,
    )
  const { migrations } = await readSql(folders)
  const known = new Map(migrations.map((file) => [`${file.module}/${file.name}`, file.hash]))
  for (const { module, name, hash } of manifest.migrations) {
    const own = known.get(`${module}/${name}`)
    if (own === undefined)
      throw new RestoreRefused(
        'newer',
        `The archive has a newer schema than this program: it holds ${module}/${name}, made by ${manifest.program}. Update this installation to that version, then restore.`,
      )
    if (own !== hash)
      throw new RestoreRefused(
        'other-schema',
        `The archive was made by a program whose ${module}/${name} differs from ours. Restore it with that program (${manifest.program}).`,
      )
  }
}

async function checkEmpty(pool: Pool, manifest: Manifest): Promise<void> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `select to_regclass('records.record') is not null or to_regclass('records.entry') is not null as there`,
    )
    if (rows[0]!.there) {
      const held = await client.query(`select 1 from records.record union all select 1 from records.entry limit 1`)
      if (held.rowCount)
        throw new RestoreRefused(
          'not-empty',
          'The database holds records already, and restoring would mix two cities. Restore into an empty one: set DATA_DIRECTORY to a new folder, or DATABASE_URL to a new database.',
        )
    }
    const { rows: applied } = await client
      .query<{ name: string }>(`select module || '/' || name as name from commonweal.migration`)
      .catch(() => ({ rows: [] }))
    const wanted = new Set(manifest.migrations.map(({ module, name }) => `${module}/${name}`))
    if (applied.some(({ name }) => !wanted.has(name)) || (applied.length === 0 && rows[0]!.there))
      throw new RestoreRefused(
        'not-fresh',
        'The database was made by a newer program than the archive and cannot go back. Restore into a new one: set DATA_DIRECTORY to a new folder, or DATABASE_URL to a new database; it is brought up to date afterwards.',
      )
  } finally {
    client.release()
  }
}

/** One transaction: a damaged part rolls everything back. */
async function load(pool: Pool, folders: readonly MigrationFolder[], archive: Archive): Promise<void> {
  const client = await pool.connect()
  let broken = true
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
    const { tables, sequences } = archive.manifest
    await matchTables(client, schemasOf(folders), archive.manifest)
    if (tables.length > 0) await client.query(`truncate ${tables.map(tableName).join(', ')}`)
    for (const part of tables)
      await copyIn(client, `copy ${tableName(part)} (${columnList(part)}) from stdin`, archive.read(part))
    for (const each of sequences)
      await client.query('select setval($1::regclass, $2::bigint, $3)', [tableName(each), each.last, each.called])
    // The job queue is not in the archive: an import under way would wait for ever.
    await client.query(`update imports.run set state = 'failed' where state in ('waiting', 'running')`)
    await client.query('commit')
    broken = false
  } catch (error) {
    await client.query('rollback').catch(() => {})
    if (isOfData(error)) throw new ArchiveDamaged('the content of a table')
    throw error
  } finally {
    client.release(broken)
  }
}

/** The tables of the archive are the tables of its migrations, no more and no less. */
async function matchTables(client: PoolClient, schemas: readonly string[], manifest: Manifest): Promise<void> {
  const shape = (tables: ReadonlyArray<{ schema: string; name: string; columns: readonly string[] }>) =>
    tables
      .map((table) => `${tableName(table)} ${[...table.columns].sort().join(' ')}`)
      .sort()
      .join('\n')
  if (shape(await tablesIn(client, schemas)) !== shape(manifest.tables))
    throw new ArchiveDamaged('the list of its tables')
}

/** Classes 22 and 23: the database refuses what is in the part. */
const isOfData = (error: unknown) =>
  !(error instanceof StartProblem) && /^2[23]/.test(String((error as { code?: unknown } | null)?.code ?? ''))
