import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { listFindings } from '#platform/findings/index.ts'
import { type AppContext, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { undo } from '#platform/records/index.ts'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import { allFindings, refreshFindings } from '#test/kit/findings.ts'
import { assign } from './actions.ts'
import { holdersOf, postsHeldBy, postsSeenBy } from './queries.ts'
import { gapRecords, gaps, heldByLeft, postsOf, responsibilities, unassigned, vacantPosts } from './queries-work.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const asApp = (caller: Caller = systemCaller): AppContext => ({
  ...core.as(caller),
  now: () => new Date('2026-06-01T12:00:00Z'),
  database: core.database,
  city: { name: { en: 'City' }, timeZone: 'UTC', language: 'en', demo: false },
  exchange: noExchange,
  figures: [],
  people: noPeople,
  send: async () => null,
})
const body = (name: string) => core.make('directory.organisation', sample.organisation(name))
const post = (title: string, organisation: string) => core.make('directory.post', { title, organisation })
const goal = (title: string, values = {}) => core.make('strategy.objective', { title, level: 1, ...values })
const holding = (id: string, person: string, from: string, to: string | null) =>
  core.write([{ kind: 'directory.post', action: 'change', id, rows: { holding: { set: [{ person, from, to }] } } }])
const kind = 'strategy.objective'

describe('giving records to somebody in bulk', () => {
  test('is one change set over records of any kind, and undo takes all of it back', async () => {
    const parks = await body('Parks')
    const manager = await post('Manager of parks', parks)
    const [one, other] = [await goal('One', { organisation: parks }), await goal('Other', { organisation: parks })]
    const indicator = await core.make('indicators.indicator', { title: 'Trees', direction: 'up', organisation: parks })
    const group = (await gaps(asApp())).find((gap) => gap.organisation === parks && gap.kind === kind)!
    expect(group).toMatchObject({ missing: 'owner', count: 2 })
    const rows = await gapRecords(asApp(), { kind, organisation: parks }, 10)
    expect(rows.map((row) => row.id)).toEqual([one, other])

    const records = [...rows, { id: indicator, kind: 'indicators.indicator' }]
    const made = await core.writing((ctx) =>
      assign(ctx, { records, organisation: null, owner: manager, why: 'new manager' }),
    )
    expect(made.count).toBe(3)
    expect((await gaps(asApp())).filter((gap) => gap.organisation === parks)).toEqual([])
    expect((await postsOf(asApp(), { id: manager }))[0]).toMatchObject({ owns: 3 })
    expect(await responsibilities(asApp(), parks)).toEqual([
      { kind, all: 2, unowned: 0 },
      { kind: 'indicators.indicator', all: 1, unowned: 0 },
    ])

    await core.writing((ctx) => undo(ctx, made.changeSet!, { mode: 'possible', source: 'page' }))
    expect((await gaps(asApp())).filter((gap) => gap.organisation === parks).map((gap) => gap.count)).toEqual([2, 1])
  })

  test('a post brings its organisation to what has none, and leaves what another one has', async () => {
    const [works, roads] = [await body('Works'), await body('Roads')]
    const engineer = await post('Engineer', works)
    const [without, withOne] = [await goal('Without'), await goal('With', { organisation: roads })]
    const records = [without, withOne].map((id) => ({ id, kind }))
    await core.writing((ctx) => assign(ctx, { records, organisation: null, owner: engineer, why: null }))
    const stored = await core.rows<{ organisation: string; owner: string }>(
      'select organisation, owner from records.record where id = any($1::uuid[]) order by code',
      [[without, withOne]],
    )
    expect(stored).toEqual([
      { organisation: works, owner: engineer },
      { organisation: roads, owner: engineer },
    ])
  })

  test('is refused for records out of reach, and nothing of it happens', async () => {
    const [mine, theirs] = [await body('Mine'), await body('Theirs')]
    const analyst = someone({ grants: [{ role: 'analyst', organisations: [mine] }] })
    const near = await goal('Near', { organisation: mine, audience: 'partners' })
    const far = await goal('Far', { organisation: theirs, audience: 'partners' })
    const clerk = await post('Clerk', mine)
    const refused = core.writing(
      (ctx) =>
        assign(ctx, { records: [near, far].map((id) => ({ id, kind })), organisation: null, owner: clerk, why: null }),
      analyst,
    )
    expect((await problemOf(refused)).kind).toBe('NotAllowed')
    expect(await core.rows('select owner from records.record where id = $1', [near])).toEqual([{ owner: null }])
    const { fields } = await problemOf(
      core.writing((ctx) => assign(ctx, { records: [], organisation: null, owner: clerk, why: null })),
    )
    expect(fields[0]!.code).toBe('directory.assign-what')
  })
})

describe('posts that nobody holds', () => {
  test('are listed by day, with what they leave behind', async () => {
    const health = await body('Health')
    const leader = someone({ grants: [{ role: 'leader', organisations: [health] }] })
    const person = await core.make('directory.person', { title: 'A. Person', organisation: health })
    const [held, left, future] = [await post('Held', health), await post('Left', health), await post('Future', health)]
    await holding(held, person, '2020-01-01', null)
    await holding(left, person, '2020-01-01', '2026-01-01')
    await holding(future, person, '2026-07-01', null)
    await goal('Behind', { organisation: health, owner: left })
    const vacant = await postsOf(asApp(leader), { organisation: health, vacant: true })
    expect(vacant.map((each) => [each.id, each.vacantSince, each.owns])).toEqual([
      [left, '2026-01-01', 1],
      [future, null, 0],
    ])
    const owning = async () =>
      (await vacantPosts(asApp(leader), [held, left, future])).map(({ id, count }) => [id, count]).sort()
    expect(await owning()).toEqual(
      [
        [left, 1],
        [future, 0],
      ].sort(),
    )
    const heldStill = async () => (await heldByLeft(asApp(leader), [held, left, future])).map(({ id }) => id).sort()
    expect(await heldStill()).toEqual([])
    await core.write([{ kind: 'directory.person', action: 'leave', id: person }])
    expect(await heldStill()).toEqual([held, future].sort())
    await refreshFindings(asApp())
    const { rows } = await listFindings(asApp(leader), allFindings, { mine: true })
    const told = rows.map(({ finding, record, values, with: others }) => [finding, record, values, others])
    expect(told).toContainEqual(['directory.vacant-owning', left, { count: 1 }, []])
    expect(told).toContainEqual(['directory.left', held, {}, [person]])
    await holding(held, person, '2020-01-01', '2026-01-01')
    expect(await heldStill()).toEqual([future])
  })

  test('tell nothing to those who may not read them', async () => {
    for (const read of [vacantPosts, heldByLeft]) expect(await read(asApp(nobody))).toEqual([])
    expect(await unassigned(asApp(nobody), 'owner')).toEqual([])
    expect(await postsOf(asApp(nobody))).toEqual([])
    expect(await gaps(asApp(nobody))).toEqual([])
  })

  test('say that somebody holds one, but not who, to those who may not read the person', async () => {
    const [harbour, police] = [await body('Harbour'), await body('Police')]
    const officer = await post('Officer', police)
    const person = await core.make('directory.person', { title: 'B. Person', organisation: police })
    await holding(officer, person, '2020-01-01', null)
    const member = (of: string) => someone({ grants: [{ role: 'contributor', organisations: [of] }] })
    const known = (caller: Caller) => holdersOf(asApp(caller), [officer])
    expect((await known(member(police))).map((each) => each.person)).toEqual([person])
    expect(await known(member(harbour))).toEqual([])
    expect((await postsOf(asApp(member(harbour)), { id: officer }))[0]).toMatchObject({ vacant: false })
  })
})

describe('deputies of a post', () => {
  test('act for its holder, or see what waits, for as long as it is said', async () => {
    const harbour = await body('Harbour office')
    const [main, second] = [await post('Harbour master', harbour), await post('Second', harbour)]
    const person = await core.make('directory.person', { title: 'C. Person', organisation: harbour })
    const stranger = await core.make('directory.person', { title: 'D. Person', organisation: harbour })
    await holding(second, person, '2020-01-01', null)
    const deputise = (deputy: string, covers: string, to: string | null = null) =>
      core.write([
        {
          kind: 'directory.post',
          action: 'change',
          id: main,
          rows: { deputy: { set: [{ deputy, from: '2026-01-01', to, covers }] } },
        },
      ])
    await deputise(second, 'everything', '2026-05-01')
    await deputise(stranger, 'sight')
    const db = core.database.kysely
    expect((await postsHeldBy(db, person, '2026-02-01')).sort()).toEqual([main, second].sort())
    expect(await postsHeldBy(db, person, '2026-05-01')).toEqual([second])
    expect([await postsHeldBy(db, stranger, '2026-02-01'), await postsSeenBy(db, stranger, '2026-02-01')]).toEqual([
      [],
      [main],
    ])
    const own = await problemOf(deputise(main, 'everything'))
    expect(own.fields.map((each) => each.code)).toEqual(['directory.own-deputy'])
    const member = (held: string) =>
      someone({ posts: [held], grants: [{ role: 'contributor', organisations: [harbour] }] })
    // Its holder names them; a deputy who only sees, and anybody else, does not.
    const naming = (caller: Caller) =>
      core.write(
        [
          {
            kind: 'directory.post',
            action: 'change',
            id: second,
            rows: { deputy: { set: [{ deputy: stranger, from: '2026-06-01', to: null, covers: 'sight' }] } },
          },
        ],
        caller,
      )
    expect((await problemOf(naming(member(main)))).kind).toBe('NotAllowed')
    await naming(member(second))
  })
})
