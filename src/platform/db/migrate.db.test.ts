import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '#test/kit/database.ts'
import type { Database } from './connection.ts'
import { type MigrationFolder, migrate } from './migrate.ts'

let db: Database
let root: string
let folders: MigrationFolder[]

beforeEach(async () => {
  db = await freshDatabase({ folders: [] })
  root = mkdtempSync(join(tmpdir(), 'commonweal-migrate-'))
  folders = ['roads', 'parks'].map((module) => ({ module, folder: join(root, module) }))
  write('parks', 'migrations/202601020000-parks.sql', 'create table parks.park as select id from roads.road')
  write('parks', 'migrations/202601010000-schema.sql', 'create schema parks')
  write('roads', 'migrations/202601010000-schema.sql', 'create schema roads; create table roads.road (id integer)')
  write('roads', 'views.sql', 'create view roads.listed as select id from roads.road')
})
afterEach(async () => {
  rmSync(root, { recursive: true, force: true })
  await db.close()
})

function write(module: string, name: string, text: string): void {
  const path = join(root, module, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

async function views(): Promise<string[]> {
  const { rows } = await db.pool.query(
    `select schemaname || '.' || viewname as name from pg_views where schemaname in ('roads', 'parks') order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('files of all modules run once, in the order of their names', async () => {
  expect(await migrate(db, folders)).toEqual([
    'parks/202601010000-schema.sql',
    'roads/202601010000-schema.sql',
    'parks/202601020000-parks.sql',
  ])
  expect(await migrate(db, folders)).toEqual([])
  expect(await views()).toEqual(['roads.listed'])
})

test('instances that start together apply each file once', async () => {
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(db, folders)))
  expect(applied.flat().sort()).toHaveLength(3)
})

test('a migration may change what a published view reads', async () => {
  await migrate(db, folders)
  write('roads', 'migrations/202601030000-long.sql', 'alter table roads.road alter id type bigint')
  expect(await migrate(db, folders)).toEqual(['roads/202601030000-long.sql'])
  expect(await views()).toEqual(['roads.listed'])
})

test('published views follow their files, also when one goes', async () => {
  await migrate(db, folders)
  write('parks', 'views.sql', 'create view parks.near as select id from roads.listed')
  write('roads', 'views.sql', `create view roads.listed as select id, 1 as more from roads.road`)
  expect(await migrate(db, folders)).toEqual([])
  expect(await views()).toEqual(['parks.near', 'roads.listed'])
  rmSync(join(root, 'parks', 'views.sql'))
  await migrate(db, folders)
  expect(await views()).toEqual(['roads.listed'])
})

test('a failing file keeps nothing of itself, names its line, and does not undo those before it', async () => {
  write(
    'roads',
    'migrations/202601030000-bad.sql',
    'create table roads.half ();\nselect 1;\nselect nonsense from roads.road',
  )
  await expect(migrate(db, folders)).rejects.toMatchObject({
    code: 'database.migration-failed',
    message: expect.stringMatching(/202601030000-bad\.sql:3: .*nonsense/),
  })
  const { rows } = await db.pool.query(`select to_regclass('roads.half') as half, to_regclass('parks.park') as park`)
  expect(rows).toEqual([{ half: null, park: 'parks.park' }])
  write('roads', 'migrations/202601030000-bad.sql', 'create table roads.half ()')
  expect(await migrate(db, folders)).toEqual(['roads/202601030000-bad.sql'])
  expect(await views()).toEqual(['roads.listed'])
})

test('a file changed after it ran is refused, line ends apart', async () => {
  await migrate(db, folders)
  write('parks', 'migrations/202601010000-schema.sql', 'create schema parks\r\n')
  await expect(migrate(db, folders)).rejects.toMatchObject({ code: 'database.changed-migration' })
  write('parks', 'migrations/202601010000-schema.sql', 'create schema parks')
  expect(await migrate(db, folders)).toEqual([])
})

test('a database newer than the program is refused', async () => {
  await migrate(db, folders)
  rmSync(join(root, 'parks', 'migrations', '202601020000-parks.sql'))
  await expect(migrate(db, folders)).rejects.toMatchObject({
    code: 'database.newer',
    message: expect.stringContaining('parks/202601020000-parks.sql'),
  })
})

test('a file with a name that does not sort, or with its own transaction, is refused', async () => {
  write('roads', 'migrations/202601030000-own.sql', 'create table roads.a ();\ncommit;')
  await expect(migrate(db, folders)).rejects.toMatchObject({ code: 'database.migration-failed' })
  write('roads', 'migrations/second.sql', '')
  await expect(migrate(db, folders)).rejects.toMatchObject({ code: 'database.migration-name' })
})

test('what a file sets for its session does not reach the pool', async () => {
  write('roads', 'migrations/202601030000-set.sql', `set search_path = roads; set statement_timeout = 1`)
  await migrate(db, folders)
  const { rows } = await db.pool.query(
    `select current_setting('search_path') as path, current_setting('statement_timeout') as limit`,
  )
  expect(rows).toEqual([{ path: 'pg_catalog,public', limit: '30s' }])
})
