/**
 * Ways to change the city by SQL, past the gate, as somebody with the database's password could. The check names each by
 * record, field and position, and says nothing where nobody did.
 */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import type { Database } from '#platform/db/index.ts'
import { publish, publishDue, sealAll, sealHead, undo, verifyAll, withdraw, write } from '#platform/records/index.ts'
import { demoDatabase } from '#test/kit/demo.ts'
import { compose, type OpenedApp } from './app.ts'
import { modules, secrets } from './modules.ts'

const quiet = { info() {}, warn() {}, error: console.error }
const open = async (): Promise<Omit<OpenedApp, 'applied'>> => {
  const database = await demoDatabase()
  await sealAll(database)
  return compose(database, { log: quiet })
}
const check = ({ app }: Omit<OpenedApp, 'applied'>, against?: { position: number; hash: string }) =>
  verifyAll(app.database, { registry: app.registry, secrets }, against)

describe('the tables of the demo city', () => {
  let house: Omit<OpenedApp, 'applied'>
  let known = new Set<string>()
  const run = (text: string) => house.app.database.pool.query(text)
  /** What the check finds that it did not find before. */
  const fresh = async () => {
    const { differences } = await check(house)
    const all = differences.map(
      ({ code, at, what, position }) => `${code} ${at} ${what} ${position === null ? '-' : 'bound'}`,
    )
    const found = all.filter((each) => !known.has(each))
    known = new Set(all)
    return found
  }
  beforeAll(async () => {
    house = await open()
  })
  afterAll(() => house?.close())

  test('agree with the history as long as everything went through the gate', async () => {
    const verdict = await check(house)
    expect(verdict).toMatchObject({ whole: true, faults: [], differences: [] })
    const { rows } = await run('select count(*) as n from records.record')
    expect(verdict.compared).toBe(Number(rows[0].n))
  })

  const one = (kind: string, more = '') =>
    `(select r.id from records.record r join ${kind} t on t.id = r.id where r."retiredAt" is null ${more} order by r.code limit 1)`
  const code = async (id: string) =>
    (await run(`select code from records.record where id = ${id}`)).rows[0].code as string

  const indicator = one('indicators.indicator')
  const benefit = one('benefits.benefit', 'and t."dueOn" is not null')
  const outcome = one('strategy.outcome')
  const accountId = one('identity.account')
  const other = `(select id from records.record where kind = 'directory.post' order by code desc limit 1)`

  test.each([
    [
      'a value',
      `update benefits.benefit set "dueOn" = "dueOn" + 400 where id = ${benefit}`,
      benefit,
      'dueOn changed bound',
    ],
    [
      'an amount of money',
      `update benefits.benefit set worth = worth * 10 where id = ${one('benefits.benefit', 'and t.worth is not null')}`,
      one('benefits.benefit', 'and t.worth is not null'),
      'worth changed bound',
    ],
    [
      'a title',
      `update records.record set title = '{"en":"Something else"}' where id = ${outcome}`,
      outcome,
      'title changed bound',
    ],
    [
      'who may read',
      `update records.record set audience = 'public' where id = ${accountId}`,
      accountId,
      'audience changed bound',
    ],
    [
      'who answers',
      `update records.record set owner = ${other} where id = ${indicator}`,
      indicator,
      'owner changed bound',
    ],
    ['a state', `update records.record set state = 'draft' where id = ${outcome}`, outcome, 'state changed bound'],
    [
      'a version',
      `update records.record set version = version + 1 where id = ${outcome}`,
      outcome,
      'version changed bound',
    ],
    [
      'a role given',
      `insert into identity."grant" (id, record, role, body) select gen_random_uuid(), ${accountId}, 'finance', id from records.record where kind = 'directory.organisation' order by code desc limit 1`,
      accountId,
      'rows.grant added -',
    ],
    [
      'a personal value',
      `update identity.account set login = 'mallory' where id = ${accountId}`,
      accountId,
      'login changed bound',
    ],
    [
      'a password',
      `update identity.secret set hash = '$argon2id$forged' where account = ${accountId}`,
      accountId,
      'secret changed bound',
    ],
    [
      'a measured value',
      `update indicators.measurement set value = value + 1 where id = (select id from indicators.measurement where record = ${indicator} and value is not null order by id limit 1)`,
      indicator,
      'rows.measurement changed bound',
    ],
    [
      'a measured value deleted',
      `delete from indicators.measurement where id = (select id from indicators.measurement where record = ${indicator} order by id desc limit 1)`,
      indicator,
      'rows.measurement gone bound',
    ],
    [
      'a link redirected',
      `update records.link set "to" = ${other} where id = (select l.id from records.link l join records.record r on r.id = l."from" where r.kind = 'benefits.benefit' order by r.code, l.name limit 1)`,
      `(select l."from" from records.link l join records.record r on r.id = l."from" where r.kind = 'benefits.benefit' order by r.code, l.name limit 1)`,
      /links\.\w+ changed bound/,
    ],
    [
      'a link cut',
      `delete from records.link where id = (select l.id from records.link l join records.record r on r.id = l."from" where r.kind = 'strategy.outcome' order by r.code, l.id limit 1)`,
      `(select r.id from records.link l join records.record r on r.id = l."from" where r.kind = 'strategy.outcome' order by r.code, l.id limit 1)`,
      /links\.\w+ gone bound/,
    ],
    [
      'an identifier',
      `update records."externalId" set id = id || 'x' where record = ${indicator}`,
      indicator,
      'externalIds gone bound',
    ],
    [
      'a record taken out of use',
      `update records.record set "retiredAt" = now() where id = ${indicator}`,
      indicator,
      'retiredAt changed bound',
    ],
    [
      'a forged approval',
      `insert into records.publication (id, record, "approvedAt", "publicFrom", version) select gen_random_uuid(), id, now(), now(), version from records.record where id = ${accountId}`,
      accountId,
      'publication added -',
    ],
  ])('%s', async (_what, statement, record, expected) => {
    const named = await code(record)
    const { rowCount } = await run(statement)
    expect(rowCount).toBeGreaterThan(0)
    const found = await fresh()
    expect(
      found.filter((each) => each.startsWith(`${named} `)).map((each) => each.slice(named.length + 1)),
    ).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
    expect(found.every((each) => each.startsWith(`${named} `))).toBe(true)
  })

  test('a record made without an entry, and one whose table is emptied', async () => {
    await run(`insert into records.record (id, kind, code, title, state, audience, version, "createdAt", "changedAt")
      values (gen_random_uuid(), 'directory.person', 'PER-9999', '{"und":"Nobody"}', 'active', 'restricted', 1, now(), now())`)
    expect(await fresh()).toEqual(['PER-9999  added -'])
    const link = await code(one('benefits.enabler'))
    await run(`delete from benefits.enabler where id = ${one('benefits.enabler')}`)
    expect(await fresh()).toEqual([`${link}  gone bound`])
  })

  test('a change taken back by laying its older entry last', async () => {
    const ctx = contextOf(house.app, systemCaller, 'en')
    const { rows } = await run(`select id, code, title from records.record where id = ${outcome}`)
    const { id, code: named, title } = rows[0]
    const rename = (to: Record<string, string>) =>
      inTransaction(ctx, (tx) =>
        write(tx, { source: 'test' }, [{ kind: 'strategy.outcome', id, action: 'change', values: { title: to } }]),
      )
    await rename({ en: 'Promised' })
    await rename(title)
    await sealAll(house.app.database)
    expect(await fresh()).toEqual([])
    await run(`update records.entry set sequence = default where id = (
      select id from records.entry where record = '${id}' order by sequence desc offset 1 limit 1)`)
    await run(`update records.record set title = '{"en":"Promised"}', version = version - 1 where id = '${id}'`)
    expect(await fresh()).toEqual([`${named} order changed bound`])
  })

  test('what becomes of an approval in the program is no difference', async () => {
    const ctx = contextOf(house.app, systemCaller, 'en')
    const { rows } = await run(`select id, kind from records.record
      where audience <> 'public' and "retiredAt" is null and kind = 'benefits.review' order by code limit 5`)
    const [replaced, withdrawn, retired, early, edited] = rows as [Named, Named, Named, Named, Named]
    type Named = { id: string; kind: string }
    const approve = (record: Named, from: string) =>
      inTransaction(ctx, (tx) => publish(tx, { source: 'test' }, [record], from))
    const act = (record: Named, action: string, values = {}) =>
      inTransaction(ctx, (tx) => write(tx, { source: 'test' }, [{ ...record, action, values }]))
    for (const each of [replaced, withdrawn, retired, early, edited]) await approve(each, '2090-01-01T00:00:00Z')
    await approve(replaced, '2091-01-01T00:00:00Z')
    await inTransaction(ctx, (tx) => withdraw(tx, { source: 'test' }, [withdrawn]))
    await act(retired, 'retire')
    await act(edited, 'change', { audience: 'restricted' })
    const [published] = await inTransaction(ctx, (tx) => publish(tx, { source: 'test' }, [early]))
    await approve(early, '2090-02-01T00:00:00Z')
    await sealAll(house.app.database)
    expect(await fresh()).toEqual([])
    await publishDue({ ...ctx, now: () => new Date('2090-06-01T00:00:00Z') }, house.app.database)
    await act(retired, 'restore')
    await inTransaction(ctx, (tx) => undo(tx, published!.changeSet!, { mode: 'possible', source: 'test' }))
    await sealAll(house.app.database)
    expect(await fresh()).toEqual([])
  })

  test('an approval that waits for its day is deleted, ended, or given in the name of another', async () => {
    const ctx = contextOf(house.app, systemCaller, 'en')
    const { rows } = await run(`select r.id, r.code, r.kind from records.record r
      where r.audience <> 'public' and r."retiredAt" is null and r.kind = 'benefits.review' order by r.code desc limit 3`)
    for (const { kind, id } of rows)
      await inTransaction(ctx, (tx) => publish(tx, { source: 'test' }, [{ kind, id }], '2099-01-01T00:00:00Z'))
    await sealAll(house.app.database)
    expect(await fresh()).toEqual([])
    const at = (index: number) => `where record = '${rows[index].id}'`
    await run(`delete from records.publication ${at(0)}`)
    await run(`update records.publication set "doneAt" = now() ${at(1)}`)
    await run(`update records.publication set "approvedBy" = ${accountId} ${at(2)}`)
    expect((await fresh()).toSorted()).toEqual(
      [
        `${rows[0].code} publication gone bound`,
        `${rows[1].code} publication gone bound`,
        `${rows[2].code} publication changed bound`,
      ].toSorted(),
    )
  })

  test('the nightly run keeps what it found, and it becomes findings of those records', async () => {
    const ctx = contextOf(house.app, systemCaller, 'en')
    const room = modules.find(({ name }) => name === 'verification')!
    await room.jobs![0]!.handle({ ...ctx, log: { ...quiet, error() {} } }, {})
    const found = await room.findings![0]!.found(ctx)
    expect(found).toHaveLength(new Set([...known].map((each) => each.split(' ')[0])).size)
  })
})

describe('the history of the demo city', () => {
  const cases: ReadonlyArray<readonly [string, (database: Database) => Promise<void>, string]> = [
    [
      'an entry changed',
      (db) =>
        sqlOf(
          db,
          `update records.entry set content = replace(content, '"version":1', '"version":7') where id = (select entry from records.seal where position = 40)`,
        ),
      'changed 40',
    ],
    [
      'an entry removed',
      (db) =>
        sqlOf(
          db,
          `delete from records.personal where entry = (select entry from records.seal where position = 41); delete from records.entry where id = (select entry from records.seal where position = 41)`,
        ),
      'removed 41',
    ],
    [
      'an entry inserted',
      (db) =>
        sqlOf(
          db,
          `insert into records.entry (id, "changeSet", record, content) select gen_random_uuid(), "changeSet", record, content from records.entry order by sequence desc limit 1`,
        ),
      'inserted',
    ],
    [
      'two entries reordered',
      (db) =>
        sqlOf(
          db,
          `create temporary table kept as select position, entry, hash from records.seal where position in (50, 51);
        delete from records.seal where position in (50, 51);
        insert into records.seal select 101 - kept.position, kept.entry, k.hash from kept join kept k on k.position = 101 - kept.position`,
        ),
      'reordered 50',
    ],
    [
      'the newest entries cut',
      (db) =>
        sqlOf(
          db,
          `delete from records.personal where entry in (select entry from records.seal where position > (select position - 3 from records."sealHead"));
        create temporary table cut as select entry from records.seal where position > (select position - 3 from records."sealHead");
        delete from records.seal where entry in (select entry from cut); delete from records.entry where id in (select entry from cut);
        update records."sealHead" set position = position - 3, hash = (select hash from records.seal order by position desc limit 1)`,
        ),
      'head',
    ],
    ['everything rewritten and sealed anew', rewrite, 'head'],
  ]
  const sqlOf = async (database: Database, text: string) => {
    const client = await database.pool.connect()
    try {
      await client.query(text)
    } finally {
      client.release(true)
    }
  }

  test.each(cases)('%s', async (_what, tamper, expected) => {
    const house = await open()
    try {
      const head = await sealHead(house.app.database.kysely)
      await tamper(house.app.database)
      const { whole, faults } = await check(house, head)
      expect(whole).toBe(false)
      expect(faults.map(({ code, position }) => `${code} ${position}`)).toContainEqual(
        expect.stringContaining(expected),
      )
    } finally {
      await house.close()
    }
  })
})

/** Changes one entry and recomputes every seal after it: only a head kept elsewhere shows it. */
async function rewrite(database: Database): Promise<void> {
  const sha = (text: string) => createHash('sha256').update(text).digest('hex')
  await database.pool.query(
    `update records.entry set content = replace(content, 'e', 'E') where id = (select entry from records.seal where position = 30)`,
  )
  const { rows } = await database.pool.query(
    'select s.position, e.content from records.seal s join records.entry e on e.id = s.entry order by s.position',
  )
  let hash = '0'.repeat(64)
  const seals = rows.map(({ position, content }) => {
    hash = sha(`${hash}\n${position}\n${sha(content)}`)
    return { position, hash }
  })
  await database.pool.query(
    `update records.seal s set hash = x.hash from jsonb_to_recordset($1::jsonb) as x(position bigint, hash text) where x.position = s.position`,
    [JSON.stringify(seals)],
  )
  await database.pool.query('update records."sealHead" set hash = $1', [hash])
}
