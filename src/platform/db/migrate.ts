import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pool, PoolClient } from 'pg'
import { ensureOwnTables } from './own-tables.ts'
import { writeReshaped } from './reshape.ts'
import { errorCode, StartProblem } from './start-problem.ts'

/**
 * A module's own folder: its migrations are in `migrations/`, its published views in `views.sql`; both may be absent.
 */
export type MigrationFolder = { readonly module: string; readonly folder: string }

type SqlFile = {
  readonly module: string
  readonly name: string
  readonly path: string
  readonly text: string
  readonly hash: string
}

type Known = { what: 'migration' | 'views'; module: string; name: string; hash: string }

/**
 * Brings the database to the state this program expects, forward only.
 *
 * Files `migrations/YYYYMMDDHHMM-what.sql` of all folders run in the order of their names (then of their modules), each
 * in its own transaction together with its entry in `commonweal.migration`; a lock row lets one instance at a time do
 * so. Afterwards, if any ran or a `views.sql` has changed, all published views are recreated in one transaction, in the
 * order of the folders; they are dropped before the first migration, so that a migration may change what they read.
 * With nothing to do it is one query. `only` (`module/name`) stops at the state of an older program, for a restore; it
 * must include everything that already ran on the database.
 *
 * @returns the migrations that this call applied, as `module/name`, in order.
 * @throws StartProblem `database.newer` if the database has migrations that this program does not know,
 * `database.changed-migration`, `database.migration-name`, `database.migration-failed` (naming file and line).
 */
export async function migrate(
  database: { readonly pool: Pool },
  folders: readonly MigrationFolder[],
  only?: ReadonlySet<string>,
): Promise<string[]> {
  const { pool } = database
  const sql = await readSql(folders)
  const migrations = only ? sql.migrations.filter(({ module, name }) => only.has(`${module}/${name}`)) : sql.migrations
  // A view may read what a later migration creates: there are none in between.
  const views = only ? [] : sql.views
  let known: Known[]
  try {
    known = await readKnown(pool)
  } catch (error) {
    // 3F000, 42P01: no such schema or table; the first run ever.
    if (errorCode(error) !== '42P01' && errorCode(error) !== '3F000') throw error
    await ensureOwnTables(pool)
    known = await readKnown(pool)
  }
  let pending = pendingOf(migrations, known)
  if (pending.length === 0 && sameViews(views, known)) return []
  const applied: string[] = []
  const client = await pool.connect()
  try {
    for (;;) {
      await begin(client)
      // Another instance may have applied some while we waited for the lock.
      known = await readKnown(client)
      pending = pendingOf(migrations, known)
      const next = pending[0]
      if (next === undefined) break
      await dropViews(client)
      await runFile(client, next)
      await writeReshaped(client, `migration:${next.module}/${next.name}`)
      await client.query(
        `insert into commonweal.migration (module, name, hash, "appliedAt") values ($1, $2, $3, clock_timestamp())`,
        [next.module, next.name, next.hash],
      )
      await client.query('commit')
      applied.push(`${next.module}/${next.name}`)
    }
    if (!sameViews(views, known)) await publishViews(client, views)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    // A migration's session settings must not reach a request: the connection is closed, not reused.
    client.release(true)
  }
  return applied
}

/** All SQL of the folders: migrations in running order, views in the order of the folders. */
export async function readSql(
  folders: readonly MigrationFolder[],
): Promise<{ migrations: SqlFile[]; views: SqlFile[] }> {
  const migrations: SqlFile[] = []
  const views: SqlFile[] = []
  for (const { module, folder } of folders) {
    for (const name of await namesIn(join(folder, 'migrations'))) {
      const path = join(folder, 'migrations', name)
      if (!/^\d{12}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.test(name)) {
        throw new StartProblem(
          'database.migration-name',
          `${path} is not named like 202611220930-what-it-does.sql: rename it.`,
        )
      }
      migrations.push(await readFileOf(module, name, path))
    }
    if ((await namesIn(folder)).includes('views.sql')) {
      views.push(await readFileOf(module, 'views.sql', join(folder, 'views.sql')))
    }
  }
  migrations.sort((one, other) => compare(one.name, other.name) || compare(one.module, other.module))
  return { migrations, views }
}

/** One hash over all SQL of the folders: equal hashes mean equal schemas. */
export async function hashOfSql(folders: readonly MigrationFolder[]): Promise<string> {
  const { migrations, views } = await readSql(folders)
  const lines = [...migrations, ...views].map(({ module, name, hash }) => `${module}/${name} ${hash}`)
  return digest(lines.join('\n'))
}

async function readFileOf(module: string, name: string, path: string): Promise<SqlFile> {
  // A checkout that writes CRLF is not a change.
  const text = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n')
  return { module, name, path, text, hash: digest(text) }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

async function readKnown(queryable: Pool | PoolClient): Promise<Known[]> {
  const { rows } = await queryable.query<Known>(
    `select 'migration' as what, module, name, hash from commonweal.migration
     union all select 'views', module, 'views.sql', hash from commonweal."viewsFile"`,
  )
  return rows
}

/**
 * The files that have not run yet; refuses a database on which others have run, or one of these with different text.
 */
function pendingOf(migrations: SqlFile[], known: Known[]): SqlFile[] {
  const byName = new Map(migrations.map((file) => [`${file.module}/${file.name}`, file]))
  const unknown: string[] = []
  for (const { what, module, name, hash } of known) {
    if (what !== 'migration') continue
    const file = byName.get(`${module}/${name}`)
    if (file === undefined) unknown.push(`${module}/${name}`)
    else if (file.hash !== hash) {
      throw new StartProblem(
        'database.changed-migration',
        `${file.path} was changed after it ran on this database: restore its text and put the change into a new file.`,
      )
    }
    byName.delete(`${module}/${name}`)
  }
  if (unknown.length > 0) {
    const latest = unknown.sort((one, other) => compare(one.split('/')[1]!, other.split('/')[1]!)).at(-1)
    throw new StartProblem(
      'database.newer',
      `The database is newer than the program: it has ${unknown.length} migration(s) that this version does not know (the last is ${latest}); start the newer version, or restore a backup made with this one.`,
    )
  }
  return migrations.filter((file) => byName.has(`${file.module}/${file.name}`))
}

function sameViews(views: SqlFile[], known: Known[]): boolean {
  const recorded = known.filter(({ what }) => what === 'views')
  return (
    recorded.length === views.length &&
    views.every((file) => recorded.some(({ module, hash }) => module === file.module && hash === file.hash))
  )
}

/** Opens a transaction that holds the lock row, without the time limits of requests. */
async function begin(client: PoolClient): Promise<void> {
  await client.query(
    `begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
     select id from commonweal."migrationLock" where id = 1 for update`,
  )
}

async function runFile(client: PoolClient, file: SqlFile): Promise<void> {
  if (/^\s*(begin|commit|rollback|start\s+transaction)\s*;/im.test(file.text)) {
    throw new StartProblem(
      'database.migration-failed',
      `${file.path} opens or ends a transaction itself: take that statement out; every file runs in one of its own.`,
    )
  }
  try {
    await client.query(file.text)
    // One file's settings must not reach the next.
    await client.query(`set local search_path = pg_catalog, public`)
  } catch (error) {
    const { message, position, detail } = error as { message: string; position?: string; detail?: string }
    const line = position === undefined ? '' : `:${file.text.slice(0, Number(position)).split('\n').length}`
    throw new StartProblem(
      'database.migration-failed',
      `${file.path}${line}: ${message}${detail === undefined ? '' : ` (${detail})`}; nothing of this file was kept: correct it and start again.`,
      78,
      { cause: error },
    )
  }
}

const allViews = `select schemaname::text as schema, viewname::text as name from pg_views
  where schemaname not in ('pg_catalog', 'information_schema')`

/** Clears the hashes too, so that after a failure the next run publishes the views. */
async function dropViews(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schema, name) as name from commonweal."publishedView" intersect
     select format('%I.%I', schema, name) from (${allViews}) as existing`,
  )
  // One statement, so that views that depend on each other are dropped together; no cascade, so that nothing else is.
  if (rows.length > 0) await client.query(`drop view ${rows.map(({ name }) => name).join(', ')}`)
  await client.query('delete from commonweal."publishedView"; delete from commonweal."viewsFile"')
}

/** The views are found by comparing before and after, so that the next run can drop what a file no longer has. */
async function publishViews(client: PoolClient, views: SqlFile[]): Promise<void> {
  await dropViews(client)
  await client.query(`create temporary table "viewsBefore" on commit drop as ${allViews}`)
  for (const file of views) {
    await runFile(client, file)
    await client.query('insert into commonweal."viewsFile" (module, hash) values ($1, $2)', [file.module, file.hash])
  }
  await client.query(
    `insert into commonweal."publishedView" (schema, name)
     ${allViews} except select schema, name from pg_temp."viewsBefore"`,
  )
}
