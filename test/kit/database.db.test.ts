import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Database, processScope } from '#platform/db/index.ts'
import { freshDatabase } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-kit-'))
mkdirSync(join(folder, 'migrations'))
writeFileSync(join(folder, 'migrations', '202601010000-a.sql'), 'create table public.a (id integer)')
const folders = [{ module: 'kit', folder }]

afterAll(() => rmSync(folder, { recursive: true }))

test('databases are alike and apart, and gone once closed', async () => {
  const [one, two] = await Promise.all([freshDatabase({ folders }), freshDatabase({ folders })])
  await one.pool.query('insert into a values (1)')
  expect((await two.pool.query('select * from a')).rows).toEqual([])
  const { rows } = await one.pool.query('select current_database() as name')
  await one.close()
  const left = await two.pool.query('select 1 from pg_database where datname = $1', [rows[0].name])
  expect(left.rows).toEqual([])
  await two.close()
})

test('content is written once, whoever comes first, and every copy is apart', async () => {
  let written = 0
  const content = {
    name: 'one row',
    write: async (database: Database) => {
      written += 1
      await database.pool.query('insert into a values (7)')
    },
  }
  const copies = await Promise.all([1, 2, 3].map(() => freshDatabase({ folders, content })))
  await copies[0]!.pool.query('delete from a')
  const rows = await Promise.all(copies.map(async (copy) => (await copy.pool.query('select id from a')).rowCount))
  expect({ written, rows }).toEqual({ written: 1, rows: [0, 1, 1] })
  for (const copy of copies) await copy.close()
})

test('a changed migration makes another template', async () => {
  writeFileSync(join(folder, 'migrations', '202601010000-a.sql'), 'create table public.b (id integer)')
  const db = await freshDatabase({ folders })
  expect((await db.pool.query('select * from b')).rows).toEqual([])
  await db.close()
})

test('what a crashed run left is dropped', async () => {
  const child = spawn('true')
  await new Promise((resolve) => child.once('exit', resolve))
  const db = await freshDatabase({ folders })
  const { rows } = await db.pool.query<{ name: string }>('select current_database() as name')
  const parts = rows[0]!.name.split('_')
  expect(processScope()).not.toBe('')
  const orphan = [...parts.slice(0, 3), child.pid, ...parts.slice(4)].join('_')
  await db.pool.query(`create database ${orphan}`)
  await db.close()
  const next = await freshDatabase({ folders })
  expect((await next.pool.query('select 1 from pg_database where datname = $1', [orphan])).rows).toEqual([])
  await next.close()
})
