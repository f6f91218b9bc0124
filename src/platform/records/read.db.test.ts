import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordOf } from '#kernel/record.ts'
import { anyCaller } from '#test/kit/callers.ts'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import { commitment, indicator, objective, plan } from '#test/kit/kinds.ts'
import { nobody, systemCaller } from '../caller.ts'
import type { Context } from '../context.ts'
import type { RecordRow } from '../policy.ts'
import { hiddenRecords, newId, read, readable, readableRecords, readableRows, rowsOf, unrestricted } from './index.ts'

let core: Core
const bodies: string[] = []
const posts: string[] = []
const plans: string[] = []
const indicatorKind = 'indicators.indicator'
type Stored = RecordRow & { retiredAt: string | null }
let stored: Stored[]

beforeAll(async () => {
  core = await openCore()
  for (const name of ['A', 'B', 'C']) bodies.push(await core.make('directory.organisation', sample.organisation(name)))
  for (const body of bodies) posts.push(await core.make('directory.post', { title: 'Post', organisation: body }))
  for (const title of ['One', 'Two'])
    plans.push(await core.make('strategy.plan', { title, levels: [{ en: 'Goal' }], audience: 'partners' }))
  const places = [...bodies, null].flatMap((organisation) =>
    [...posts, null].map((owner) => ({ organisation, owner, audience: 'partners' })),
  )
  await core.write(
    places.flatMap((place, at) => [
      {
        kind: 'strategy.objective',
        action: 'create' as const,
        values: { title: `Goal ${at % 5}`, level: 1 + (at % 3), plan: [...plans, null][at % 3], ...place },
      },
      {
        kind: 'strategy.objective',
        action: 'create' as const,
        values: { title: `Goal ${at % 4}`, level: 1 + (at % 2), plan: null, ...place },
      },
      {
        kind: indicatorKind,
        action: 'create' as const,
        values: { ...sample.indicator(`Trees ${at}`), ...place },
        rows: {
          measurement: {
            set: [{ cell: '', from: '2024-01-01', to: '2025-01-01', label: '2024', value: '1', status: 'actual' }],
          },
        },
      },
    ]),
  )
  // Audiences, states and what is retired by chance, but the same in every run; publishing and verbs are no matter here.
  await core.rows(
    `update records.record set audience = (array['restricted','organisation','partners','public'])[1 + n % 4],
       state = (array['draft','agreed','dropped'])[1 + n % 3], "retiredAt" = case when n % 7 = 0 then now() end
     from (select id as of, row_number() over (order by md5(code)) as n from records.record where kind = any($1)) numbered where of = id`,
    [['strategy.objective', indicatorKind]],
  )
  await core.database.pool.query(
    `insert into records.link (id, name, "from", "to")
       select gen_random_uuid(), 'strategy.objective.under', one.id, other.id
       from (select id, row_number() over (order by code) as n from records.record where kind = 'strategy.objective') one
       join (select id, row_number() over (order by code) as n from records.record where kind = 'strategy.objective') other
         on other.n = one.n + 1 or other.n = one.n + 5 where one.n % 3 > 0`,
  )
  stored = await core.rows<Stored>('select id, kind, organisation, owner, audience, "retiredAt" from records.record')
})
afterAll(() => core.close())

const idsIn = async (ctx: Context, relation: ReturnType<typeof readable>): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`select o.id from ${relation} o`.execute(ctx.db)
  return rows.map((row) => row.id).toSorted()
}

describe('what is read', () => {
  test('is exactly what the policy lets the caller read, whichever way it is asked for', async () => {
    const links = await core.rows<{ from: string; to: string }>('select "from", "to" from records.link')
    await fc.assert(
      fc.asyncProperty(anyCaller(bodies, posts), fc.boolean(), async (caller, retired) => {
        const ctx = core.as(caller)
        const may = stored.filter((row) => ctx.policies.can(caller, 'read', row) && (retired || row.retiredAt === null))
        const of = (...kinds: string[]) =>
          may.flatMap(({ id, kind }) => (kinds.length === 0 || kinds.includes(kind) ? [id] : [])).toSorted()
        const goals = of('strategy.objective')
        const asked = <Question extends { retired: () => Question }>(question: Question) =>
          retired ? question.retired() : question

        expect((await asked(read(ctx, objective)).ids()).toSorted()).toEqual(goals)
        expect((await asked(read(ctx, objective)).rows()).map((row) => row.id).toSorted()).toEqual(goals)
        expect(await asked(read(ctx, objective)).count()).toBe(goals.length)
        expect(await asked(read(ctx, objective)).some()).toBe(goals.length > 0)
        expect([...(await asked(read(ctx, objective)).byId()).keys()].toSorted()).toEqual(goals)
        const some = stored.flatMap(({ id }, at) => (at % 3 === 0 ? [id] : []))
        expect((await asked(read(ctx, objective).only(some)).ids()).toSorted()).toEqual(
          goals.filter((id) => some.includes(id)),
        )
        expect((await asked(read(ctx, objective).only(undefined)).ids()).toSorted()).toEqual(goals)
        expect(await asked(read(ctx, objective).only([])).ids()).toEqual([])
        expect((await asked(read(ctx, [indicatorKind, 'directory.post'])).ids()).toSorted()).toEqual(
          of(indicatorKind, 'directory.post'),
        )
        expect((await asked(read(ctx)).ids()).toSorted()).toEqual(of())

        expect(await idsIn(ctx, readable(ctx, 'strategy.objective', { retired }))).toEqual(goals)
        expect(await idsIn(ctx, readableRecords(ctx, undefined, { retired }))).toEqual(of())
        expect(await idsIn(ctx, readableRecords(ctx, [indicatorKind], { retired }))).toEqual(of(indicatorKind))
        const rows = await sql<{ record: string }>`
          select m.record from ${readableRows(ctx, indicatorKind, 'measurement', { retired })} m`.execute(ctx.db)
        expect(rows.rows.map((row) => row.record).toSorted()).toEqual(of(indicatorKind))
        // Whoever asks for the rows of one record need not have read it before.
        if (retired) {
          const asked = stored.filter((row) => row.kind === indicatorKind).slice(0, 6)
          const pages = await Promise.all(asked.map((row) => rowsOf(ctx, indicator, 'measurement', row.id)))
          const readableOnes = new Set(of(indicatorKind))
          expect(pages.map((page) => page.rows.length)).toEqual(asked.map((row) => (readableOnes.has(row.id) ? 1 : 0)))
        }

        const hidden = sql`(select h.id from ${hiddenRecords(ctx, ['strategy.objective'])} h)`
        if (!retired)
          expect(await idsIn(ctx, hidden)).toEqual(
            stored
              .flatMap((row) => (row.kind === 'strategy.objective' && row.retiredAt === null ? [row.id] : []))
              .filter((id) => !goals.includes(id))
              .toSorted(),
          )

        const open = new Set(goals)
        const reached = new Set(goals.slice(0, 1))
        for (const id of reached) for (const { from, to } of links) if (from === id && open.has(to)) reached.add(to)
        const walk = await sql<{ id: string }>`
          with recursive up(id) as (
            select ${goals[0] ?? null}::uuid
            union select o.id from up join records.link l on l."from" = up.id
              join ${readable(ctx, 'strategy.objective', { retired })} o on o.id = l."to")
          select id from up where id is not null`.execute(ctx.db)
        expect(new Set(walk.rows.map((row) => row.id))).toEqual(reached)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('is everything where the house asks, and it says why', async () => {
    const unrestrictedReader = unrestricted('the test looks at everything')
    const live = stored.filter((row) => row.retiredAt === null)
    expect(await idsIn(core.as(nobody), readableRecords(unrestrictedReader))).toEqual(
      live.map((row) => row.id).toSorted(),
    )
    const { rows } =
      await sql`select * from ${readableRows(unrestrictedReader, indicatorKind, 'measurement', { retired: true })} m`.execute(
        core.as(nobody).db,
      )
    expect(rows).toHaveLength(stored.filter((row) => row.kind === indicatorKind).length)
    const inside = unrestricted('the test looks at everything', core.as(nobody))
    expect(await read(inside, objective).count()).toBe(live.filter((row) => row.kind === 'strategy.objective').length)
    expect(unrestrictedReader.why).toBe('the test looks at everything')
  })

  test('inside a transaction is what that transaction has written', async () => {
    const id = newId()
    await core.writing(async (ctx) => {
      await sql`insert into records.record select ${id}, kind, 'OBJ-999', title, state, organisation, owner, 'public', 1, now(), now()
        from records.record where kind = 'strategy.objective' limit 1`.execute(ctx.db)
      await sql`insert into strategy.objective (id, level) values (${id}, 1)`.execute(ctx.db)
      expect(
        await read({ ...ctx, caller: nobody }, objective)
          .in({ id })
          .count(),
      ).toBe(1)
      expect(
        await read({ ...core.as(nobody) }, objective)
          .in({ id })
          .count(),
      ).toBe(0)
      await sql`delete from strategy.objective where id = ${id}`.execute(ctx.db)
      await sql`delete from records.record where id = ${id}`.execute(ctx.db)
    })
  })
})

describe('a question', () => {
  type Goal = RecordOf<typeof objective>
  let all: Goal[]
  let above: Map<string, string[]>
  beforeAll(async () => {
    all = await read(core.as(), objective).rows()
    const links = await core.rows<{ from: string; to: string }>('select "from", "to" from records.link')
    above = new Map(all.map(({ id }) => [id, links.flatMap((link) => (link.from === id ? [link.to] : []))]))
  })

  const some = <Value>(...values: Value[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 })
  test('finds what each of its steps says, all of them together', async () => {
    const arbitrary = fc.record({
      state: fc.option(some('draft' as const, 'agreed' as const, 'dropped' as const)),
      plan: fc.option(some<string | null>(plans[0]!, plans[1]!, null)),
      notPlan: fc.option(some<string | null>(plans[0]!, null)),
      notState: fc.option(fc.constantFrom('draft' as const, 'dropped' as const)),
      level: fc.option(fc.integer({ min: 1, max: 3 })),
      under: fc.option(fc.constantFrom<'some' | 'none' | number>('some', 'none', 0, 1, 2)),
      limit: fc.option(fc.integer({ min: 0, max: 9 })),
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ state, plan: of, notPlan, notState, level, under, limit }) => {
        let question = read(core.as(), objective).sort('level', '-code')
        let expected = all.toSorted(
          (one, other) => (one.level ?? 0) - (other.level ?? 0) || (one.code < other.code ? 1 : -1),
        )
        const only = (holds: (goal: Goal) => boolean) => {
          expected = expected.filter(holds)
        }
        if (state) {
          question = question.in({ state })
          only((goal) => (state as string[]).includes(goal.state))
        }
        if (of) {
          question = question.in({ plan: of })
          only((goal) => of.includes(goal.plan))
        }
        if (notPlan) {
          question = question.notIn({ plan: notPlan })
          only((goal) => !notPlan.includes(goal.plan))
        }
        if (notState) {
          question = question.notIn({ state: notState })
          only((goal) => goal.state !== notState)
        }
        if (level) {
          question = question.where('level', 'gte', level)
          only((goal) => goal.level! >= level)
        }
        if (under === 'some' || under === 'none') {
          question = under === 'some' ? question.linked('under') : question.notLinked('under')
          only((goal) => above.get(goal.id)!.length > 0 === (under === 'some'))
        } else if (under !== null) {
          const goal = all[under]!.id
          question = question.linked('under', goal)
          only((each) => above.get(each.id)!.includes(goal))
        }
        expect(await question.count()).toBe(expected.length)
        if (limit !== null) question = question.limit(limit)
        expect(await question.ids()).toEqual(expected.slice(0, limit ?? expected.length).map((goal) => goal.id))
      }),
      { numRuns: 150 },
    )
  }, 60_000)

  test('goes along links from the other end, too, and leaves an earlier question as it was', async () => {
    const [goal] = all.filter(({ id }) => above.get(id)!.length > 0)
    const base = read(core.as(), objective)
    expect((await base.linkedFrom('strategy.objective.under', goal!.id).ids()).toSorted()).toEqual(
      above
        .get(goal!.id)!
        .filter((id) => all.some((each) => each.id === id))
        .toSorted(),
    )
    // A link from a retired record is one, too.
    const linked = new Set((await core.rows<{ to: string }>('select "to" from records.link')).map((link) => link.to))
    expect(await base.notLinkedFrom('strategy.objective.under').count()).toBe(
      all.filter(({ id }) => !linked.has(id)).length,
    )
    expect(await base.count()).toBe(all.length)
  })

  test('gives the fields that were picked and what is computed beside them, with their types', async () => {
    const rows = await read(core.as(), objective)
      .pick('code', 'title', 'plan')
      .stated('level')
      .with({ deep: sql<boolean>`t.level > 1` })
      .sort('code')
      .limit(2)
      .rows()
    const level: number = rows[0]!.level
    const of: string | null = rows[0]!.plan
    const deep: boolean = rows[0]!.deep
    expect(Object.keys(rows[0]!)).toEqual(['code', 'title', 'plan', 'level', 'deep'])
    expect(of === null || plans.includes(of)).toBe(true)
    expect(deep).toBe(level > 1)
    expect(() => read(core.as(), objective).stated('plan')).toThrow('strategy.objective.plan is not required')
    const byId = await read(core.as(), objective).in({ id: all[0]!.id }).pick('code').byId()
    expect([...byId]).toEqual([[all[0]!.id, { code: all[0]!.code }]])
    expect(await read(core.as(), objective).where(sql`false`).first()).toBeUndefined()
    // @ts-expect-error a state that the kind does not have
    read(core.as(), objective).in({ state: 'kept' })
    // @ts-expect-error a field that the kind does not have
    read(core.as(), objective).pick('dueOn')
    // @ts-expect-error a link that the kind does not have
    expect(() => read(core.as(), objective).linked('towards')).toThrow('has no link "towards"')
    expect(() => read(core.as(), objective).linkedFrom('strategy.objective.towards')).toThrow('No kind declares')
  })

  test('in pages gives every record once, in every order, to somebody who may read some', async () => {
    const ctx = core.as(someone({ posts: [posts[1]!] }))
    const wanted = (await read(ctx, objective).ids()).toSorted()
    expect(wanted.length).toBeGreaterThan(5)
    for (const sort of ['title', 'plan', 'level', 'changedAt', 'owner', 'code'] as const)
      for (const order of [sort, `-${sort}`] as const) {
        const seen: string[] = []
        for (let after: string | undefined; ; ) {
          const page = await read(ctx, objective).sort(order).limit(4).after(after).pick('id').page()
          seen.push(...page.rows.map((row) => row.id))
          expect(page.rows.every((row) => Object.keys(row).length === 1)).toBe(true)
          if (!page.next) break
          after = page.next
        }
        expect([order, seen.length, seen.toSorted()]).toEqual([order, wanted.length, wanted])
      }
    expect((await read(ctx, objective).limit(1).page()).next).not.toBeNull()
  })

  test('with a value, cursor or field that cannot be is refused, and an "or" does not widen it', async () => {
    const ctx = core.as(nobody)
    const refused = [
      () => read(ctx, objective).in({ id: 'x' }).rows(),
      () => read(ctx, commitment).where('dueOn', 'lt', '2024-02-31').rows(),
      () => read(ctx, plan).after('x').page(),
      () =>
        read(ctx, 'strategy.plan')
          .in({ constructor: 'x' as never })
          .rows(),
    ]
    for (const ask of refused) expect((await problemOf((async () => ask())())).kind).toBe('Invalid')
    const readableNow = await read(ctx, objective).count()
    expect(await read(ctx, objective).where(sql`false or true`).count()).toBe(readableNow)
  })
})

test('PostgreSQL takes a relation apart as if its conditions were written out', async () => {
  const caller = someone({ grants: [{ role: 'leader', organisations: [bodies[0]!, bodies[1]!] }], posts: [posts[2]!] })
  const ctx = core.as(caller)
  const plan = async (statement: ReturnType<typeof readable>) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain (costs off) ${statement}`.execute(ctx.db)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  const live = sql`r."retiredAt" is null and ${ctx.policies.visible(caller)}`
  const counting = (records: ReturnType<typeof readable>, conditions: ReturnType<typeof readable>) =>
    plan(sql`select l."to", count(*) from records.link l join ${records} r on r.id = l."from"
      where l.name = 'strategy.objective.under' ${conditions} group by l."to"`)
  expect(await counting(readableRecords(ctx), sql``)).toBe(await counting(sql`records.record`, sql`and ${live}`))
  const walk = await plan(sql`
    with recursive up(id) as (select ${newId()}::uuid
      union select o.id from up join records.link l on l."from" = up.id
        join ${readable(ctx, 'strategy.objective')} o on o.id = l."to" and o.level < 3)
    select up.id, exists (select 1 from ${readableRows(ctx, indicatorKind, 'measurement')} m where m.id = up.id) from up`)
  expect(walk).not.toMatch(/Subquery Scan|Materialize/)
  const scans = walk.split(/(?=->)/).filter((node) => /Scan.* on record r/.test(node))
  expect(scans).toHaveLength(2)
  for (const scan of scans) expect(scan).toMatch(/Filter: .*"retiredAt" IS NULL/)
  const unrestrictedReader = readableRecords({ ...ctx, caller: systemCaller }, undefined, { retired: true })
  expect(await plan(sql`select r.id from ${unrestrictedReader} r`)).not.toMatch(/Filter/)
})
