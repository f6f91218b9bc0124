import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, openCore, sample } from '#test/kit/core.ts'
import { sealAll, verify } from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const root = join(import.meta.dirname, '../../..')
/** A process of its own that adds to the number in the budget code of every record, reading it in the same transaction. */
const program = `
  import { sql } from 'kysely'
  import { openDatabase, transaction } from '#platform/db/index.ts'
  import { systemCaller } from '#platform/caller.ts'
  import { composeRegistry } from './src/main/modules.ts'
  import { prepare, Permit, openChangeSet, save, write } from '#platform/records/index.ts'
  const { address, ids, times } = JSON.parse(process.argv[1])
  const database = await openDatabase({ url: address, applicationName: 'writer', max: 3 })
  const log = { info() {}, warn() {}, error() {} }
  const ctx = { caller: systemCaller, ...composeRegistry(), language: 'en', now: () => new Date(), log }
  const adding = async () => {
    for (let count = 0; count < times; count++)
      await transaction(database.kysely, async (tx) => {
        const inside = { ...ctx, db: tx }
        const order = Math.random() < 0.5 ? ids : ids.toReversed()
        const { rows } = await sql\`select id from records.record where id = any(\${ids}::uuid[]) order by id for no key update\`.execute(tx)
        const now = await sql\`select id, "budgetCode" as value from directory.organisation where id = any(\${ids}::uuid[])\`.execute(tx)
        const values = new Map(now.rows.map((row) => [row.id, Number(row.value)]))
        await write(inside, { source: 'process ' + process.pid }, order.map((id) => ({ kind: 'directory.organisation', action: 'change', id, values: { budgetCode: String(values.get(id) + 1) } })))
      })
  }
  // Without a lock of its own: the gate alone keeps two change sets apart.
  const naming = async () => {
    for (let count = 0; count < times; count++) {
      const name = process.pid + ' ' + count
      await transaction(database.kysely, (tx) =>
        write({ ...ctx, db: tx }, { source: 'process ' + process.pid }, (Math.random() < 0.5 ? ids : ids.toReversed()).map((id) => ({ kind: 'directory.organisation', action: 'change', id, values: { abbreviation: name } }))))
    }
  }
  await Promise.all([adding(), naming()])
  await database.close()
`

test('two processes that write the same records lose nothing and never mix their change sets', async () => {
  const ids: string[] = []
  for (let count = 0; count < 5; count++)
    ids.push(await core.make('directory.organisation', { ...sample.organisation(), budgetCode: '0' }))
  const times = 25
  const { host, user, database, port, password } = (
    core.database.pool as unknown as { options: Record<string, string> }
  ).options
  const given = core.database.pool.options.connectionString
  const address = given ?? `postgres://${user}:${password ?? ''}@/${database}?host=${host}&port=${port}`
  const ends = await Promise.all(
    [1, 2].map(async () => {
      const child = spawn(
        process.execPath,
        [
          '--import',
          join(root, 'src/main/tsx.ts'),
          '--input-type=module',
          '--eval',
          program,
          JSON.stringify({ address, ids, times }),
        ],
        { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
      )
      const [code] = await once(child, 'exit')
      return code
    }),
  )
  expect(ends).toEqual([0, 0])
  const stored = await core.rows<{ budgetCode: string; abbreviation: string; version: number }>(
    'select o."budgetCode", o.abbreviation, r.version from directory.organisation o join records.record r using (id) where id = any($1)',
    [ids],
  )
  // Every addition of both is there, and all records carry the name that was written last.
  expect(stored.map((row) => row.budgetCode)).toEqual(ids.map(() => String(2 * times)))
  expect(new Set(stored.map((row) => row.abbreviation)).size).toBe(1)
  expect(stored.map((row) => row.version)).toEqual(ids.map(() => 1 + 4 * times))
  // In the history of each record the change sets stand in the same order, each version once.
  const orders = await Promise.all(
    ids.map(async (id) =>
      (
        await core.rows<{ changeSet: string; version: number }>(
          `select "changeSet", (content::json->>'version')::int as version from records.entry where record = $1 order by sequence`,
          [id],
        )
      ).slice(1),
    ),
  )
  for (const order of orders) {
    expect(order.map((row) => row.version)).toEqual(order.map((_, index) => index + 2))
    expect(order.map((row) => row.changeSet)).toEqual(orders[0]!.map((row) => row.changeSet))
  }
  await sealAll(core.database)
  expect((await verify(core.database.kysely)).whole).toBe(true)
}, 60_000)
