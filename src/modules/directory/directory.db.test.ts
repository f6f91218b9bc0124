import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { type AppContext, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { undo } from '#platform/records/index.ts'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import { assign } from './actions.ts'
import { holdersOf } from './queries.ts'
import { gapRecords, gaps, postsOf, responsibilities, workCounts, workOffer } from './queries-work.ts'

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
    expect(await workCounts(asApp(leader), true)).toMatchObject({ vacant: 2, vacantOwning: 1, vacantOwned: 1, left: 0 })
    await core.write([{ kind: 'directory.person', action: 'leave', id: person }])
    expect((await workCounts(asApp(leader), true)).left).toBe(1)
    const items = await workOffer.load(asApp(leader), true)
    expect(items.map((item) => item.key)).toEqual(['directory.vacant-owning', 'directory.left'])
  })

  test('tell nothing to those who may not read them', async () => {
    expect(await workCounts(asApp(nobody), false)).toMatchObject({ vacant: 0, vacantOwned: 0, noOwner: 0, left: 0 })
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
