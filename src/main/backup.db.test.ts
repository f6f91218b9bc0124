/** A backup comes back as it was, its history still proves itself, and nothing is restored by halves. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contextOf, inTransaction } from '#platform/app.ts'
import { backup, RestoreRefused, restore } from '#platform/backup/index.ts'
import { systemCaller } from '#platform/caller.ts'
import { type Database, type MigrationFolder, migrate } from '#platform/db/index.ts'
import { hashOf, type Scope } from '#platform/exchange/index.ts'
import { writePieces } from '#platform/pieces.ts'
import { sealAll, sealHead, undo, verify, write } from '#platform/records/index.ts'
import { freshDatabase } from '#test/kit/database.ts'
import { type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import { compose } from './app.ts'
import { migrationFolders } from './modules.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const everything: Scope = { of: 'all' }
const folder = mkdtempSync(join(tmpdir(), 'commonweal-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function archiveOf(database: Database, name: string): Promise<string> {
  const path = join(folder, name)
  const options = { modules: migrationFolders, program: 'commonweal test', now: () => new Date() }
  const { pieces, manifest } = await backup(database.pool, options)
  await writePieces(path, pieces)
  await manifest
  return path
}

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'restored',
    (error: unknown) => (error instanceof RestoreRefused ? error.code : String(error)),
  )

/** An empty database for one test. */
async function into<Result>(
  work: (database: Database) => Promise<Result>,
  folders: readonly MigrationFolder[] = [],
): Promise<Result> {
  const database = await freshDatabase({ folders })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

test('two that write one file at a time leave one of them whole, and nothing beside it', async () => {
  const path = join(folder, 'shared')
  async function* slowly(text: string) {
    for (const letter of text) {
      await new Promise((resolve) => setImmediate(resolve))
      yield letter
    }
  }
  const [first, second] = ['a'.repeat(500), 'b'.repeat(700)]
  await Promise.all([writePieces(path, slowly(first!)), writePieces(path, slowly(second!))])
  expect([first, second]).toContain(readFileSync(path, 'utf8'))
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([])
})

describe('a backup', () => {
  let house: ImportHouse
  let archive: string
  beforeAll(async () => {
    house = await openImportHouse({ demo: true })
    await sealAll(house.app.database)
    await house.rows(`insert into imports.run (id, state, "fileName", "fileBytes", caller, language, "createdAt")
      values (gen_random_uuid(), 'waiting', 'late.csv', 1, '{}', 'en', now())`)
    archive = await archiveOf(house.app.database, 'city.zip')
  })
  afterAll(() => house.close())

  test('comes back into an empty database: content, history, what can still be undone', () =>
    into(async (database) => {
      await restore(database, migrationFolders, archive)
      const { app } = await compose(database, { log: quiet })
      const ctx = contextOf(app, systemCaller, 'en')
      expect(app.city().demo).toBe(true)
      // The queue is not in the archive: what waited in it says so, rather than waiting for ever.
      expect((await database.pool.query('select state from imports.run')).rows).toEqual([{ state: 'failed' }])
      expect(await hashOf(ctx, everything)).toBe(await hashOf(house.ctx, everything))
      const head = await sealHead(database.kysely)
      expect(await sealHead(house.app.database.kysely)).toEqual(head)
      expect(await verify(database.kysely, head)).toMatchObject({ whole: true, unsealed: 0 })
      // It carries on: numbers are not assigned twice, and what was written before can be undone.
      const { saved } = await inTransaction(ctx, (tx) =>
        write(tx, { source: 'test' }, [
          { kind: 'strategy.plan', action: 'create', values: { title: 'New', levels: [{ en: 'Goal' }] } },
        ]),
      )
      expect(saved[0]!.code).toBe('PLN-0002')
      const { rows } = await database.pool.query<{ id: string }>(
        `select id from records."changeSet" where source <> 'test' order by id limit 1`,
      )
      const taken = await inTransaction(ctx, (tx) => undo(tx, rows[0]!.id, { mode: 'possible', source: 'test' }))
      expect(taken.undone).toBeGreaterThan(10)
      await sealAll(database)
      expect(await verify(database.kysely)).toMatchObject({ whole: true })
    }))

  test('is not mixed with what a database holds', async () => {
    expect(await refusal(restore(house.app.database, migrationFolders, archive))).toBe('not-empty')
  })

  test('is not brought into an older program, and what is there stays', () =>
    into(async (database) => {
      const older = migrationFolders.filter((each) => each.module !== 'imports')
      expect(await refusal(restore(database, older, archive))).toBe('newer')
      const { rows } = await database.pool.query(`select to_regclass('records.record') as there`)
      expect(rows[0].there).toBeNull()
    }))

  test('of an older program is brought up to date', () =>
    into(async (older) => {
      const known = new Set(
        (await house.rows<{ name: string }>(`select module || '/' || name as name from commonweal.migration`)).map(
          (row) => row.name,
        ),
      )
      known.delete('imports/202611250010-formats.sql')
      await migrate(older, migrationFolders, known)
      const path = await archiveOf(older, 'older.zip')
      await into(async (database) => {
        const { applied } = await restore(database, migrationFolders, path)
        expect(applied).toEqual(['imports/202611250010-formats.sql'])
      })
      expect(await into((database) => refusal(restore(database, migrationFolders, path)), migrationFolders)).toBe(
        'not-fresh',
      )
    }))

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4000)],
    ['with one byte changed in a table', (bytes: Buffer) => changed(bytes, Math.floor(bytes.length / 2))],
    [
      'with one byte changed in its manifest',
      (bytes: Buffer) => changed(bytes, bytes.lastIndexOf('manifest.json', bytes.length - 5000) + 200),
    ],
    ['that is no archive', () => Buffer.from('PK and then nothing')],
  ])('%s is refused, and leaves nothing behind', (_name, spoil) =>
    into(async (database) => {
      const path = join(folder, 'spoilt.zip')
      writeFileSync(path, spoil(readFileSync(archive)))
      expect(await refusal(restore(database, migrationFolders, path))).toBe('damaged')
      const { rows } = await database.pool.query(`select to_regclass('records.record') as there`)
      if (rows[0].there) expect((await database.pool.query('select 1 from records.record')).rowCount).toBe(0)
      // The same database then takes the good one.
      await restore(database, migrationFolders, archive)
    }),
  )
})

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ 0x55
  return copy
}
