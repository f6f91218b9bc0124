import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { listFindings } from '#platform/findings/index.ts'
import { type AppContext, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { formOfActs, openActs, postActs } from '#test/kit/acts.ts'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import { allFindings, refreshFindings } from '#test/kit/findings.ts'
import { holdersOf, postsHeldBy, postsSeenBy } from './queries.ts'
import { gaps, heldByLeft, postsOf, responsibilities, unassigned, vacantPosts } from './queries-work.ts'

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
  test('takes a group, or all that a post owns, of any kind, in one change set that is undone as a whole', async () => {
    const parks = await body('Parks')
    const [manager, next] = [await post('Manager of parks', parks), await post('Next manager', parks)]
    const goals = [await goal('One', { organisation: parks }), await goal('Other', { organisation: parks })]
    const indicator = await core.make('indicators.indicator', {
      title: 'Trees',
      direction: 'up',
      organisation: parks,
      owner: manager,
    })
    const waiting = async () => (await gaps(asApp())).filter((gap) => gap.organisation === parks)
    expect(await waiting()).toMatchObject([{ kind, missing: 'owner', count: 2 }])
    const give = async (address: string, owner: string) => {
      const first = await openActs(asApp(), address)
      const looked = (await postActs(asApp(), address, { ...formOfActs(first), owner })) as typeof first
      // Nobody holds the post: that is said before anything is done.
      expect(looked.notices).toHaveLength(1)
      const done = await postActs(asApp(), address, { ...formOfActs(looked), owner })
      const { searchParams } = new URL((done as { redirect: string }).redirect, 'http://city.test')
      return { ids: first.form!.rows.map(({ id }) => id), changeSet: searchParams.get('done')! }
    }
    expect((await give(`/directory/assign?kind=${kind}&of=${parks}`, manager)).ids).toEqual(goals)
    expect(await waiting()).toEqual([])
    expect((await postsOf(asApp(), { id: manager }))[0]).toMatchObject({ owns: 3 })

    const moved = await give(`/directory/assign?owner=${manager}`, next)
    expect(moved.ids.sort()).toEqual([...goals, indicator].sort())
    expect(await responsibilities(asApp(), parks)).toEqual([
      { kind, all: 2, unowned: 0 },
      { kind: 'indicators.indicator', all: 1, unowned: 0 },
    ])
    expect((await postsOf(asApp(), { id: next }))[0]).toMatchObject({ owns: 3 })
    await postActs(asApp(), '/directory/assign', { undo: moved.changeSet })
    expect((await postsOf(asApp(), { id: manager }))[0]).toMatchObject({ owns: 3 })
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
