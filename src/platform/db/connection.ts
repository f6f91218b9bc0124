import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import { Pool, type PoolConfig } from 'pg'
import { openEmbedded } from './embedded/embedded.ts'
import { errorCode, errorText, StartProblem } from './start-problem.ts'
import { valueTypes } from './values.ts'
import { watchWaiting } from './waiting.ts'

export { StartProblem } from './start-problem.ts'

/** Any table, `schema.table`, with any columns: code that knows a declared kind adds its types. */
export type Tables = Record<string, Record<string, unknown>>

/** Runs statements: the pool as a whole, or one transaction. */
export type Executor = Kysely<Tables>

/** One open transaction. */
export type TransactionOf = Transaction<Tables>

/** An open database, ready for use. */
export type Database = {
  readonly pool: Pool
  readonly kysely: Executor
  /** Where the embedded server keeps the data; undefined with a server given by `url`. */
  readonly directory?: string
  /** Ends all connections and leaves the embedded server (the last one to leave stops it). */
  close(): Promise<void>
}

export type DatabaseOptions = {
  /** `postgres://user:password@host:5432/name`; without it the embedded server of `directory` is used. */
  readonly url?: string
  /** The data directory of the embedded server, `.commonweal` by default. */
  readonly directory?: string
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string
  /** Limit of simultaneous connections; 10 by default. */
  readonly max?: number
  /** After how many milliseconds the server ends a statement; 30,000 by default, 0 for never. */
  readonly statementTimeoutMs?: number
  /** Called with one line about lost connections and a restarted server. */
  readonly log?: (message: string) => void
  /** See `openEmbedded`; no effect on a server given by `url`. */
  readonly durable?: boolean
}

const oldestMajorVersion = 15

/**
 * Every connection reads and writes times in UTC, in ISO form, and resolves unqualified names only in `public`. Rows
 * are looked up by thousands of different keys: caching each answer (`memoize`) costs a quarter more than it saves.
 */
const sessionOptions =
  '-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c search_path=pg_catalog,public -c enable_memoize=off'

/**
 * Opens the database and checks that it can serve: reachable, PostgreSQL 15 or newer, UTF-8, not a read-only standby.
 *
 * @throws StartProblem `database.address`, `database.unreachable`, `database.refused`, `database.version`,
 * `database.encoding`, `database.read-only`, and those of `openEmbedded`. The message never contains a password.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, applicationName, max = 10, statementTimeoutMs = 30_000, log = () => {} } = options
  const common: PoolConfig = {
    application_name: applicationName,
    max,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: Math.max(60_000, 2 * statementTimeoutMs),
    connectionTimeoutMillis: 10_000,
    // The type of `pg` asks for overloads of every built-in number; ours answers all of them.
    types: valueTypes as unknown as NonNullable<PoolConfig['types']>,
  }
  if (url !== undefined && url !== '') {
    const pool = openPool({ ...common, connectionString: withOptions(url) }, log)
    return finish(pool, new ServerAddress(url), () => Promise.resolve())
  }
  const { directory, durable } = options
  const embedded = await openEmbedded({ directory, durable, log })
  const pool = openPool({ ...common, ...embedded.connection, options: sessionOptions }, log)
  const where = new ServerAddress(undefined, embedded.home)
  return { ...(await finish(pool, where, () => embedded.close())), directory: embedded.home }
}

async function finish(pool: Pool, address: ServerAddress, leave: () => Promise<void>): Promise<Database> {
  try {
    await check(pool, address)
  } catch (error) {
    await pool.end()
    await leave()
    throw error
  }
  let closing: Promise<void> | undefined
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    pool,
    kysely,
    close() {
      closing ??= pool.end().finally(leave)
      return closing
    },
  }
}

function openPool(config: PoolConfig, log: (message: string) => void): Pool {
  const pool = new Pool(config)
  watchWaiting(pool)
  const lost = (error: Error) => log(`a database connection was lost: ${error.message}`)
  // Without listeners a stopping server would end the process, whether the connection is idle (the pool's event) or in
  // use (the client's own).
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Our session options after those of the address, so that ours win. */
function withOptions(url: string): string {
  const parsed = parse(url)
  const given = parsed.searchParams.get('options')
  parsed.searchParams.set('options', given === null ? sessionOptions : `${given} ${sessionOptions}`)
  return parsed.href
}

function parse(url: string): URL {
  const parsed = URL.parse(url)
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new StartProblem(
      'database.address',
      'DATABASE_URL is not an address such as postgres://user:password@127.0.0.1:5432/commonweal (write special characters of the password percent-encoded): correct it, or unset it to use the embedded database.',
    )
  }
  return parsed
}

/** Describes a server without ever showing its password. */
class ServerAddress {
  readonly text: string
  readonly #secrets: string[] = []

  constructor(url: string | undefined, home = '') {
    if (url === undefined) {
      this.text = `the embedded database in ${home}`
      return
    }
    const parsed = parse(url)
    for (const secret of [parsed.password, parsed.searchParams.get('password')]) {
      if (secret) this.#secrets.push(secret, safelyDecoded(secret))
    }
    const user = parsed.username === '' ? '' : `${parsed.username}@`
    const host = parsed.host === '' ? (parsed.searchParams.get('host') ?? 'localhost') : parsed.host
    this.text = `DATABASE_URL (${user}${host}${parsed.pathname})`
  }

  clean(text: string): string {
    return this.#secrets.reduce((cleaned, secret) => cleaned.replaceAll(secret, '***'), text)
  }
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

type Facts = { encoding: string; number: string; version: string; standby: boolean; database: string }

async function check(pool: Pool, address: ServerAddress): Promise<void> {
  const facts = await firstAnswer(pool, address)
  if (Math.floor(Number(facts.number) / 10_000) < oldestMajorVersion) {
    throw new StartProblem(
      'database.version',
      `${address.text} is PostgreSQL ${facts.version}, and Commonweal needs ${oldestMajorVersion} or newer: upgrade the server, or name another one.`,
    )
  }
  if (facts.encoding !== 'UTF8') {
    throw new StartProblem(
      'database.encoding',
      `The database ${facts.database} of ${address.text} has the encoding ${facts.encoding}, and Commonweal needs UTF8: create one with: create database commonweal template template0 encoding 'UTF8';`,
    )
  }
  if (facts.standby) {
    throw new StartProblem(
      'database.read-only',
      `${address.text} is a read-only standby: name the primary server in DATABASE_URL.`,
    )
  }
}

async function firstAnswer(pool: Pool, address: ServerAddress): Promise<Facts> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      const { rows } = await pool.query<Facts>(
        `select current_setting('server_encoding') as encoding, current_setting('server_version_num') as number,
           current_setting('server_version') as version, pg_is_in_recovery() as standby, current_database() as database`,
      )
      return rows[0]!
    } catch (error) {
      // 57P03: it is starting or recovering, and will be ready in a moment.
      if (errorCode(error) !== '57P03' || Date.now() > deadline) throw connectionProblem(error, address)
      await sleep(200)
    }
  }
}

function connectionProblem(error: unknown, address: ServerAddress): StartProblem {
  const code = errorCode(error) ?? (error instanceof AggregateError ? errorCode(error.errors[0]) : undefined) ?? ''
  const said = address.clean(errorText(error))
  const refused = (mend: string) =>
    new StartProblem('database.refused', `${address.text} refused the connection (${said}): ${mend}.`, 77)
  if (code === '28P01' || code === '28000') return refused('correct the user or the password')
  if (code === '3D000') return refused('create that database, or correct the name')
  if (code === '53300') return refused('the server has no connection left; raise max_connections or end other programs')
  if (/^(28|42501)/.test(code)) return refused('give the user the right to connect')
  if (/SCRAM|password must be/i.test(said)) return refused('give the password in the address')
  return new StartProblem(
    'database.unreachable',
    `${address.text} cannot be reached (${said === '' ? code : said}): start that server or correct the address; unset DATABASE_URL to use the embedded database.`,
    69,
  )
}

/** How often a transaction that lost to a concurrent one is retried. */
const attempts = 5

/**
 * Runs `body` in one READ COMMITTED transaction and returns its result. On a serialization failure (40001) or a
 * deadlock (40P01) everything is rolled back and `body` runs again, at most five times in all, after a short random
 * pause: so `body` must do nothing but read and write the database.
 */
export async function transaction<Schema, Result>(
  kysely: Kysely<Schema>,
  body: (tx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await kysely.transaction().setIsolationLevel('read committed').execute(body)
    } catch (error) {
      const code = errorCode(error)
      if ((code !== '40001' && code !== '40P01') || attempt === attempts) throw error
      await sleep(Math.random() * 10 * 2 ** attempt)
    }
  }
}
