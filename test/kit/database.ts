/**
 * Databases for the tests of modules: real PostgreSQL, a fresh copy for each test in 50–100 ms.
 *
 * With `DATABASE_URL` (its user needs the right to create databases) that server is used, otherwise one embedded server
 * that all test runs of this machine share. As Vitest's `globalSetup` this file keeps the server up for a whole run.
 */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import {
  type Database,
  hashOfSql,
  isAlive,
  type MigrationFolder,
  migrate,
  openDatabase,
  openEmbedded,
  ownProcessMark,
  processScope,
} from '#platform/db/index.ts'
import { databasePlace } from './place.ts'

/** A server with a connection that may create and drop databases. `url` names it, with any database. */
type Server = { readonly url: string; readonly admin: Database; close(): Promise<void> }

const keptTemplates = 4
const strangerHours = 6

let server: Promise<Server> | undefined
let uses = 0

/** What a database contains beyond its tables; `name` identifies the content. */
export type Content = { readonly name: string; readonly write: (database: Database) => Promise<void> }

/**
 * A separate database with all migrations of `folders` applied; `close` drops it. The migrations run once for each
 * version of their text: the result is kept as a template, even for later runs. `content` is written once per run.
 */
export async function freshDatabase(options: {
  folders: readonly MigrationFolder[]
  content?: Content
}): Promise<Database> {
  const { url, admin } = await acquire()
  const name = ownName('test')
  try {
    if (options.content) await cloneFilled(url, admin, name, options.folders, options.content)
    else await clone(url, admin, name, options.folders)
    const database = await openDatabase({ url: withDatabase(url, name), applicationName: 'commonweal test', max: 6 })
    let closing: Promise<void> | undefined
    return {
      ...database,
      close() {
        closing ??= (async () => {
          try {
            await database.close()
            await drop(admin, name)
          } finally {
            await release()
          }
        })()
        return closing
      },
    }
  } catch (error) {
    await drop(admin, name).catch(() => undefined)
    await release()
    throw error
  }
}

/** An autovacuum worker may be in the database for a moment, and only the server's owner may end it: try again. */
async function drop(admin: Database, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.pool.query(`drop database if exists ${name} with (force)`)
      return
    } catch (error) {
      const { code } = error as { code?: string }
      if (!['42501', '55006'].includes(code ?? '') || attempt === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/**
 * For Vitest's `globalSetup`: the server stays up until all test files are done. In watch mode, content is rewritten
 * for each run, because the code that writes it may have changed.
 */
export async function setup(vitest?: { onTestsRerun(listener: () => Promise<void>): void }): Promise<void> {
  const { admin } = await acquire()
  vitest?.onTestsRerun(() => dropFilled(admin))
}

/** The counterpart of `setup`. */
export async function teardown(): Promise<void> {
  if (server) await dropFilled((await server).admin)
  await release()
}

async function acquire(): Promise<Server> {
  uses++
  try {
    server ??= openServer()
    return await server
  } catch (error) {
    uses--
    server = undefined
    throw error
  }
}

async function release(): Promise<void> {
  uses--
  if (uses > 0 || server === undefined) return
  const unused = server
  server = undefined
  await (await unused).close()
}

async function openServer(): Promise<Server> {
  const given = process.env.DATABASE_URL
  const embedded = given
    ? undefined
    : await openEmbedded({
        directory: join(databasePlace(), `commonweal-test-${process.getuid?.() ?? 0}`),
        durable: false,
      })
  const url = given || addressOf(embedded!.connection)
  try {
    const admin = await openDatabase({
      url,
      applicationName: 'commonweal test kit',
      max: 4,
      statementTimeoutMs: 120_000,
    })
    await dropOrphans(admin)
    return {
      url,
      admin,
      async close() {
        await admin.close()
        await embedded?.close()
      },
    }
  } catch (error) {
    await embedded?.close()
    throw error
  }
}

function addressOf({ host, user, database }: { host: string; user: string; database: string }): string {
  return `postgres:///${database}?${new URLSearchParams({ host, user })}`
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

async function clone(url: string, admin: Database, name: string, folders: readonly MigrationFolder[]): Promise<void> {
  const template = `cw_template_${(await hashOfSql(folders)).slice(0, 24)}`
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.pool.query(`create database ${name} template ${template}`)
      return
    } catch (error) {
      // 3D000: no such template, or another run has just removed it as an old one.
      if ((error as { code?: string }).code !== '3D000' || attempt === 3) throw error
      await buildTemplate(url, admin, template, folders)
    }
  }
}

/**
 * A copy of the database that holds this content already. Like a city that has been running for a minute it has table
 * statistics: the test server does not gather them by itself.
 */
async function cloneFilled(
  url: string,
  admin: Database,
  name: string,
  folders: readonly MigrationFolder[],
  content: Content,
): Promise<void> {
  const key = createHash('sha256')
    .update(`${content.name} ${await hashOfSql(folders)}`)
    .digest('hex')
  const template = `${ownFilled()}_${key.slice(0, 12)}`
  await buildOnce(admin, template, async (draft) => {
    await clone(url, admin, draft, folders)
    await working(url, draft, async (database) => {
      await content.write(database)
      await database.pool.query('analyze')
    })
  })
  await admin.pool.query(`create database ${name} template ${template}`)
}

/** With the migrations applied; keeps only a few templates. */
async function buildTemplate(
  url: string,
  admin: Database,
  template: string,
  folders: readonly MigrationFolder[],
): Promise<void> {
  await buildOnce(admin, template, async (draft) => {
    const { rows } = await admin.pool.query<{ datname: string }>(
      `select datname from pg_database where datname like 'cw\\_template\\_%' order by oid desc`,
    )
    for (const { datname } of rows.slice(keptTemplates - 1))
      await admin.pool.query(`drop database if exists ${datname}`)
    await createEmpty(admin, draft)
    await working(url, draft, async (database) => {
      await migrate(database, folders)
    })
  })
}

/**
 * Creates a database unless it exists: under a transaction lock, so that only one of several runs and threads does the
 * work; a rename makes it appear complete. Content and templates have separate locks, because one is made from the
 * other.
 */
async function buildOnce(admin: Database, name: string, build: (draft: string) => Promise<void>): Promise<void> {
  const isThere = async () => {
    const { rows } = await admin.pool.query('select 1 from pg_database where datname = $1', [name])
    return rows.length > 0
  }
  if (await isThere()) return
  const lock = await admin.pool.connect()
  const draft = ownName('build')
  try {
    await lock.query('begin; set local idle_in_transaction_session_timeout = 0')
    await lock.query('select pg_advisory_xact_lock(hashtext($1))', [name.split('_', 2).join('_')])
    if (!(await isThere())) {
      await build(draft)
      await admin.pool.query(`alter database ${draft} with allow_connections false`)
      await admin.pool.query(`alter database ${draft} rename to ${name}`)
    }
    await lock.query('commit')
  } finally {
    lock.release(true)
    await drop(admin, draft)
  }
}

async function working(url: string, name: string, work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase({ url: withDatabase(url, name), applicationName: 'commonweal test kit' })
  try {
    await work(database)
  } finally {
    await database.close()
  }
}

/** Databases with content that this run wrote. */
async function dropFilled(admin: Database): Promise<void> {
  const { rows } = await admin.pool.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [`${ownFilled()}_`],
  )
  for (const { datname } of rows) await drop(admin, datname)
}

/** Empty, with the encoding and sorting of the given database: a server's `template1` may have others. */
async function createEmpty(admin: Database, name: string): Promise<void> {
  const { rows } = await admin.pool.query<{ facts: Record<string, string | null> }>(
    'select to_jsonb(d) as facts from pg_database d where datname = current_database()',
  )
  const facts = rows[0]!.facts
  const quoted = (text: string | null | undefined) => `'${(text ?? '').replaceAll("'", "''")}'`
  // The column was renamed in PostgreSQL 17.
  const locale = quoted(facts.datlocale ?? facts.daticulocale)
  const provider =
    facts.datlocprovider === 'i'
      ? `locale_provider icu icu_locale ${locale}`
      : facts.datlocprovider === 'b'
        ? `locale_provider builtin builtin_locale ${locale}`
        : 'locale_provider libc'
  await admin.pool.query(
    `create database ${name} template template0 encoding 'UTF8'
     lc_collate ${quoted(facts.datcollate)} lc_ctype ${quoted(facts.datctype)} ${provider}`,
  )
}

/** A name that identifies its creator, so that others can see whether the database is still in use. */
function ownName(what: 'test' | 'build'): string {
  return `cw_${what}_${makerSince(Date.now())}_${randomBytes(4).toString('hex')}`
}

/** Name prefix of what a whole run shares: the same in all threads of its process, at any time. */
function ownFilled(): string {
  return `cw_filled_${makerSince(performance.timeOrigin)}`
}

function makerSince(instant: number): string {
  const { pid, startedAt } = ownProcessMark()
  return `${scopeHash()}_${pid}_${startedAt || 0}_${Math.floor(instant / 3_600_000)}`
}

function scopeHash(): string {
  return createHash('sha256').update(processScope()).digest('hex').slice(0, 8)
}

/** Drops what crashed runs left behind: on this machine if the process is gone, on others after some hours. */
async function dropOrphans(admin: Database): Promise<void> {
  const { rows } = await admin.pool.query<{ datname: string }>(
    `select datname from pg_database where datname ~ '^cw_(test|build|filled)_'`,
  )
  for (const { datname } of rows) {
    const [, , scope, pid, startedAt = '0', hour] = datname.split('_')
    const here = scope === scopeHash()
    const alive =
      here && isAlive({ scope: processScope(), pid: Number(pid), startedAt: startedAt === '0' ? '' : startedAt })
    const old = Date.now() / 3_600_000 - Number(hour) > strangerHours
    if (here ? !alive : old) await drop(admin, datname)
  }
}
