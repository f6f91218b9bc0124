import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, openCore, problemOf, sample } from '#test/kit/core.ts'
import { get, historyOf, sealAll, undo, verify } from '../records/index.ts'
import { writeReshaped } from './reshape.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const kind = 'directory.organisation'
const declared = () => core.as().registry.kind(kind).declaration

/** What a migration does between two others: its statements, then the program's change set, in one transaction. */
async function migrating(statements: string): Promise<void> {
  const client = await core.database.pool.connect()
  try {
    await client.query(`begin; ${statements}`)
    await writeReshaped(client, 'migration:directory/209901010000-test.sql')
    await client.query('commit')
  } finally {
    client.release(true)
  }
}

test('a migration that changes the shape of a field writes one change set of the system, and the history stays whole', async () => {
  const id = await core.make(kind, { ...sample.organisation(), budgetCode: '41.2' })
  await sealAll(core.database)
  await migrating(`
    create temporary table reshaped on commit drop as
      select id as record, jsonb_build_object('budgetCode', "budgetCode") as before, jsonb_build_object('budgetCode', 'B-' || "budgetCode") as after,
        'Codes begin with a letter.' as why, array['budgetCode'] as personal from directory.organisation where id = '${id}';
    update directory.organisation set "budgetCode" = 'B-' || "budgetCode" where id = '${id}'`)
  expect(await get(core.as(), declared(), id)).toMatchObject({ budgetCode: 'B-41.2', version: 2 })
  const [newest] = await historyOf(core.as(), id)
  expect(newest).toMatchObject({
    ...{ action: 'reshape', version: 2, account: null, source: 'migration:directory/209901010000-test.sql' },
    ...{ why: 'Codes begin with a letter.', before: { budgetCode: '41.2' }, after: { budgetCode: 'B-41.2' } },
  })
  const [entry] = await core.rows<{ content: string }>(`select content from records.entry where id = '${newest!.id}'`)
  expect(entry!.content).not.toContain('41.2')
  await sealAll(core.database)
  expect(await verify(core.database.kysely)).toMatchObject({ whole: true, faults: [] })
})

test('a migration that says nothing writes nothing', async () => {
  const count = async () => (await core.rows<{ n: string }>('select count(*) as n from records."changeSet"'))[0]!.n
  const before = await count()
  await migrating('select 1')
  expect(await count()).toBe(before)
})

test('undo across it is a conflict that names it, and it cannot be undone itself', async () => {
  const id = await core.make(kind, sample.organisation())
  const { changeSet } = await core.write([{ kind, action: 'change', id, values: { budgetCode: '7' } }])
  await migrating(`
    create temporary table reshaped on commit drop as
      select '${id}'::uuid as record, jsonb_build_object('budgetCode', '7') as before, jsonb_build_object('budgetCode', '007') as after, null as why;
    update directory.organisation set "budgetCode" = '007' where id = '${id}'`)
  const [newest] = await historyOf(core.as(), id)
  const back = (set: string) => core.writing((ctx) => undo(ctx, set, { mode: 'all', source: 'test' }))
  expect((await problemOf(back(changeSet!))).extra.conflicts).toMatchObject([
    { record: id, field: 'budgetCode', changeSet: newest!.changeSet },
  ])
  expect((await problemOf(back(newest!.changeSet))).extra.conflicts).toMatchObject([
    { record: id, field: '', reason: 'record.reshaped' },
  ])
})
