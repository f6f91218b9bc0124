import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '#test/kit/database.ts'
import { type Database, openDatabase, StartProblem, transaction } from './connection.ts'

let db: Database

beforeAll(async () => {
  db = await freshDatabase({ folders: [] })
  await db.pool.query(`create table public.counter (id integer primary key, "countOf" integer not null)`)
  await db.pool.query('insert into counter values (1, 0), (2, 0)')
})
afterAll(() => db?.close())

async function problem(url: string): Promise<StartProblem> {
  const error = await openDatabase({ url, applicationName: 'test' }).then(
    (opened) => opened.close(),
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(StartProblem)
  expect((error as StartProblem).message).not.toMatch(/sesame|\n/)
  return error as StartProblem
}

/** The address of the test's own server with parts replaced. */
async function addressOf(name: string): Promise<string> {
  const { rows } = await db.pool.query<{ user: string }>(`select current_user as user`)
  const { host, port, password } = db.pool.options
  const connectionString = (db.pool.options as { connectionString?: string }).connectionString
  if (connectionString !== undefined) return connectionString.replace(/\/[^/?]*(\?|$)/, `/${name}$1`)
  return `postgres:///${name}?${new URLSearchParams({ host: host!, port: String(port), user: rows[0]!.user, password: String(password) })}`
}

test('times are UTC, days and exact numbers are text, and statements end after a while', async () => {
  const { rows } = await db.pool.query(
    `select timestamptz '2026-03-01 00:30:00+01' as at, date '2026-03-01' as "on", 0.10 as exact, 9007199254740993 as long,
       interval '1 day' as lasting, current_setting('TimeZone') as zone, current_setting('statement_timeout') as limit`,
  )
  expect(rows[0]).toEqual({
    at: '2026-02-28T23:30:00.000Z',
    on: '2026-03-01',
    exact: '0.10',
    long: '9007199254740993',
    lasting: 'P1D',
    zone: 'UTC',
    limit: '30s',
  })
})

test('a wrong address is one line that says what to correct and never the password', async () => {
  expect((await problem('mysql://user:sesame@host/x')).code).toBe('database.address')
  expect((await problem('not an address: sesame')).code).toBe('database.address')
  const unreachable = await problem('postgres://user:sesame@127.0.0.1:1/city')
  expect(unreachable).toMatchObject({ code: 'database.unreachable', exitCode: 69 })
  expect(unreachable.message).toContain('user@127.0.0.1:1/city')
})

test('a database that does not exist, and one that is not UTF-8, are refused by name', async () => {
  expect((await problem(await addressOf('no_such_database'))).message).toMatch(/no_such_database.*create that database/)
  const name = `cw_ascii_${process.pid}`
  await db.pool.query(
    `create database ${name} template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' locale_provider libc`,
  )
  try {
    expect((await problem(await addressOf(name))).code).toBe('database.encoding')
  } finally {
    await db.pool.query(`drop database ${name} with (force)`)
  }
})

test('a connection that the server ends does not end the process', async () => {
  const client = await db.pool.connect()
  const other = await db.pool.query('select pg_backend_pid() as pid')
  const { rows } = await client.query('select pg_backend_pid() as pid')
  await db.pool.query('select pg_terminate_backend($1)', [rows[0].pid])
  await expect(client.query('select 1')).rejects.toThrow()
  client.release(true)
  expect(other.rows).toHaveLength(1)
  expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('two transactions that lock in opposite order both succeed, each once', async () => {
  let runs = 0
  const add = (first: number, second: number) =>
    transaction(db.kysely, async (tx) => {
      runs++
      for (const id of [first, second]) {
        await sql`update counter set "countOf" = "countOf" + 1 where id = ${id}`.execute(tx)
        await sql`select pg_sleep(0.1)`.execute(tx)
      }
    })
  await Promise.all([add(1, 2), add(2, 1)])
  expect(runs).toBeGreaterThan(2)
  expect((await db.pool.query('select "countOf" from counter')).rows).toEqual([{ countOf: 2 }, { countOf: 2 }])
})

test('a transaction that fails leaves nothing and is not tried again', async () => {
  let runs = 0
  const failing = transaction(db.kysely, async (tx) => {
    runs++
    await sql`insert into counter values (3, 0)`.execute(tx)
    await sql`insert into counter values (1, 0)`.execute(tx)
  })
  await expect(failing).rejects.toMatchObject({ code: '23505' })
  expect(runs).toBe(1)
  expect((await db.pool.query('select id from counter where id = 3')).rows).toEqual([])
})
