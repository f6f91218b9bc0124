import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyCaller } from '#test/kit/callers.ts'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import type { Caller } from '../caller.ts'
import type { RecordRow } from '../policy.ts'
import {
  count,
  find,
  getMany,
  historyOf,
  linksOf,
  list,
  namesOf,
  newId,
  publish,
  publishDue,
  search,
  trace,
  undo,
  waitingPublications,
} from './index.ts'

let core: Core
const bodies: string[] = []
const posts: string[] = []
const goal = 'strategy.objective'
const audiences = ['restricted', 'organisation', 'partners', 'public'] as const

beforeAll(async () => {
  core = await openCore()
  for (const name of ['A', 'B', 'C']) bodies.push(await core.make('directory.organisation', sample.organisation(name)))
  for (const body of bodies) posts.push(await core.make('directory.post', { title: 'Post', organisation: body }))
  const organisations = [...bodies, null]
  const owners = [...posts, null]
  await core.write(
    organisations.flatMap((organisation) =>
      owners.flatMap((owner) =>
        audiences.map((audience) => ({
          kind: goal,
          action: 'create',
          values: {
            title: 'Findable goal',
            level: 1,
            organisation,
            owner,
            audience: audience === 'public' ? 'partners' : audience,
          },
        })),
      ),
    ),
  )
  // Every fourth is public, whatever the rules of publishing ask for: here only reading counts.
  await core.rows(
    `update records.record set audience = 'public' where id in
       (select id from (select id, row_number() over (order by code) as n from records.record where kind = $1) numbered where n % 4 = 0)`,
    [goal],
  )
  // A ring, so that every record has two neighbours.
  await core.database.pool.query(
    `insert into records.link (id, name, "from", "to") select gen_random_uuid(), 'strategy.objective.under', id, coalesce(lead(id) over (order by code), first_value(id) over (order by code)) from records.record where kind = $1`,
    [goal],
  )
})
afterAll(() => core.close())

describe('what a caller may read', () => {
  test('is the same by rule, in SQL, in lists, counts, search, names, links and traces', async () => {
    const all = await core.rows<RecordRow>('select id, kind, organisation, owner, audience from records.record')
    const links = await core.rows<{ from: string; to: string }>('select "from", "to" from records.link')
    await fc.assert(
      fc.asyncProperty(anyCaller(bodies, posts), async (caller) => {
        const ctx = core.as(caller)
        const readable = new Set(all.filter((row) => ctx.policies.can(caller, 'read', row)).map((row) => row.id))
        const bySql = await sql<{
          id: string
        }>`select r.id from records.record r where ${ctx.policies.visible(caller)}`.execute(ctx.db)
        expect(new Set(bySql.rows.map((row) => row.id))).toEqual(readable)
        const kind = ctx.registry.kind(goal).declaration
        const goals = all.filter((row) => row.kind === goal && readable.has(row.id)).map((row) => row.id)
        const listed: string[] = []
        for (let after: string | undefined; ; ) {
          const page = await list(ctx, kind, { limit: 7, sort: '-owner', ...(after ? { after } : {}) })
          listed.push(...page.rows.map((row) => row.id))
          if (!page.next) break
          after = page.next
        }
        expect(listed.toSorted()).toEqual(goals.toSorted())
        expect(await count(ctx, kind)).toEqual({ count: goals.length, more: false })
        expect((await search(ctx, 'findable', { limit: 100 })).map((hit) => hit.id).toSorted()).toEqual(
          goals.toSorted(),
        )
        const ids = all.map((row) => row.id)
        expect(new Set((await namesOf(ctx, ids)).keys())).toEqual(readable)
        expect(new Set((await getMany(ctx, kind, ids)).keys())).toEqual(new Set(goals))
        const linked = await linksOf(ctx, goals)
        for (const id of goals) {
          const near = links.flatMap((link) => (link.from === id ? [link.to] : link.to === id ? [link.from] : []))
          expect((linked.get(id) ?? []).map((each) => each.id).toSorted()).toEqual(
            near.filter((each) => readable.has(each)).toSorted(),
          )
        }
        const start = goals[0]
        if (start)
          for (const node of (await trace(ctx, start, 'both', 20)).nodes) expect(readable.has(node.id)).toBe(true)
        const hidden = all.find((row) => row.kind === goal && !readable.has(row.id))
        if (hidden) {
          expect(await find(ctx, kind, hidden.id)).toBeUndefined()
          expect((await trace(ctx, hidden.id, 'both')).nodes).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('bad keys, filters, sorts and cursors are problems or nothing, never faults', async () => {
    const ctx = core.as()
    const kind = ctx.registry.kind('strategy.plan').declaration
    const objective = ctx.registry.kind(goal).declaration
    for (const key of [
      '',
      '\u0000',
      'OBJ-1\u0000',
      '%',
      'x'.repeat(10_000),
      '01890000-0000-7000-8000-00000000000',
      newId(),
    ])
      expect(await find(ctx, objective, key)).toBeUndefined()
    const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const bad: Array<Parameters<typeof list>[2]> = [
      { filters: [{ field: 'constructor', is: 'eq', value: 'x' }] },
      { filters: [{ field: '__proto__', is: 'eq', value: 'x' }] },
      { filters: [{ field: 'levels', is: 'eq', value: 'x' }] },
      { filters: [{ field: 'from', is: 'eq', value: '2023-02-31' }] },
      { filters: [{ field: 'summary', is: 'eq', value: 'a\u0000' }] },
      { filters: [{ field: 'createdAt', is: 'gt', value: '2023-13-01' }] },
      { filters: [{ field: 'createdAt', is: 'gt', value: '2023-12-01T25:00' }] },
      { filters: [{ field: 'organisation', is: 'eq', value: 'x' }] },
      { sort: 'levels' },
      { sort: 'toString' },
      { after: 'x' },
      { after: cursor(1, newId()) },
      { after: cursor('a\u0000', newId()) },
      { sort: 'from', after: cursor('x', newId()) },
      { sort: 'changedAt', after: cursor('yesterday', newId()) },
      { sort: 'organisation', after: cursor('x', newId()) },
    ]
    for (const options of bad)
      expect([options, (await problemOf(list(ctx, kind, options))).kind]).toEqual([options, 'Invalid'])
    expect(
      (await problemOf(list(ctx, objective, { filters: [{ field: 'level', is: 'eq', value: '1e3' }] }))).kind,
    ).toBe('Invalid')
  })

  test('pages in every order hold every record once, localized fields and empty ones among them', async () => {
    const values = ['b', null, 'a', null, 'b', 'c', 'a']
    for (const summary of values)
      await core.make('strategy.plan', {
        title: 'P',
        levels: [{ en: 'L' }],
        summary,
        from: summary === 'b' ? '2024-01-01' : null,
      })
    const ctx = core.as()
    const kind = ctx.registry.kind('strategy.plan').declaration
    for (const sort of ['title', 'summary', 'from', 'changedAt', 'createdAt', 'state', 'owner'])
      for (const direction of ['', '-']) {
        const seen: string[] = []
        for (let after: string | undefined; ; ) {
          const page = await list(ctx, kind, { limit: 2, sort: `${direction}${sort}`, ...(after ? { after } : {}) })
          seen.push(...page.rows.map((row) => row.id))
          if (!page.next) break
          after = page.next
        }
        expect([sort, new Set(seen).size, seen.length]).toEqual([sort, values.length, values.length])
      }
    expect(await count(ctx, kind, { filters: [{ field: 'summary', is: 'eq', value: 'b' }] })).toMatchObject({
      count: 2,
    })
    expect(await count(ctx, kind, { filters: [{ field: 'summary', is: 'empty', value: true }] })).toMatchObject({
      count: 2,
    })
  })
})

describe('publishing', () => {
  const make = () => core.make(goal, { title: 'G', level: 1, organisation: bodies[0] })
  const audienceOf = async (id: string) =>
    (await core.rows<{ audience: string }>('select audience from records.record where id = $1', [id]))[0]!.audience
  const leader = () => someone({ grants: [{ role: 'leader', organisations: [bodies[0]!] }] })

  test('asks for leave, and waits for the end of an embargo; the history names who approved', async () => {
    const id = await make()
    const analyst = someone({ grants: [{ role: 'analyst', organisations: [bodies[0]!] }] })
    const publishing = (caller: Caller, from?: string) =>
      core.writing((ctx) => publish(ctx, { source: 'test' }, [{ kind: goal, id }], from), caller)
    expect((await problemOf(publishing(analyst))).kind).toBe('NotAllowed')
    expect((await problemOf(publishing(analyst, '2999-01-01'))).kind).toBe('NotAllowed')
    expect((await problemOf(publishing(leader(), 'soon'))).fields).toMatchObject([{ at: '/publicFrom' }])
    const caller = leader()
    await publishing(caller, new Date(Date.now() + 300).toISOString())
    expect(await audienceOf(id)).toBe('organisation')
    expect(await waitingPublications(core.as(), id)).toHaveLength(1)
    const later = { ...core.as(), now: () => new Date(Date.now() + 1000) }
    expect(await publishDue(later, core.database)).toBe(1)
    expect(await publishDue(later, core.database)).toBe(0)
    expect(await audienceOf(id)).toBe('public')
    const [set] = await core.rows(
      `select c.account, c.source from records."changeSet" c join records.entry e on e."changeSet" = c.id where e.record = $1 order by e.sequence desc limit 1`,
      [id],
    )
    expect(set).toEqual({ account: caller.account, source: 'embargo' })
  })

  test('an approval holds for what was approved: what is edited after it waits for a new one', async () => {
    const id = await make()
    const caller = leader()
    const soon = () => new Date(Date.now() + 60_000).toISOString()
    const approve = () => core.writing((ctx) => publish(ctx, { source: 'test' }, [{ kind: goal, id }], soon()), caller)
    const later = () => ({ ...core.as(), now: () => new Date(Date.now() + 120_000) })
    await approve()
    await core.write([{ kind: goal, id, action: 'change', values: { title: 'Something else' } }])
    expect(await waitingPublications(core.as(), id)).toMatchObject([{ overtaken: true }])
    expect(await publishDue(later(), core.database)).toBe(0)
    expect(await audienceOf(id)).toBe('organisation')
    await approve()
    expect(await waitingPublications(core.as(), id)).toMatchObject([{ overtaken: false }])
    expect(await publishDue(later(), core.database)).toBe(1)
    expect(await audienceOf(id)).toBe('public')
  })

  test('an approval stands in the history and can be taken back there', async () => {
    const id = await make()
    const from = new Date(Date.now() + 60_000).toISOString()
    await core.writing(
      (ctx) => publish(ctx, { source: 'test', why: 'After the election' }, [{ kind: goal, id }], from),
      leader(),
    )
    const [newest] = await historyOf(core.as(), id)
    expect(newest).toMatchObject({ action: 'approve-publication', publicFrom: from, why: 'After the election' })
    const takeBack = (caller: Caller) =>
      core.writing((ctx) => undo(ctx, newest!.changeSet, { mode: 'all', source: 'test' }), caller)
    // Whoever may not publish it may not keep it from being published.
    const analyst = someone({ grants: [{ role: 'analyst', organisations: [bodies[0]!] }] })
    expect((await problemOf(takeBack(analyst))).kind).toBe('NotAllowed')
    expect((await problemOf(takeBack(someone()))).kind).toBe('NotFound')
    expect(await waitingPublications(core.as(), id)).toHaveLength(1)
    expect(await takeBack(leader())).toMatchObject({ undone: 1, conflicts: [] })
    expect(await waitingPublications(core.as(), id)).toEqual([])
    expect((await historyOf(core.as(), id))[0]).toMatchObject({ action: 'take-back-approval' })
    expect((await problemOf(takeBack(leader()))).kind).toBe('Conflict')
  })

  test('one that cannot be carried out does not hold up the others', async () => {
    const [bad, good] = [await make(), await make()]
    const from = new Date(Date.now() + 200).toISOString()
    for (const id of [bad, good])
      await core.writing((ctx) => publish(ctx, { source: 'test' }, [{ kind: goal, id }], from))
    await core.rows('update strategy.objective set level = null where id = $1', [bad])
    const reported: unknown[] = []
    const log = { info() {}, warn: (facts: object) => reported.push(facts), error() {} }
    expect(await publishDue({ ...core.as(), log, now: () => new Date(Date.now() + 1000) }, core.database)).toBe(1)
    expect([await audienceOf(bad), await audienceOf(good)]).toEqual(['organisation', 'public'])
    expect(reported).toMatchObject([{ record: bad }])
  })
})
