/** The register: first seen, for whom, escalated, handed on, ended by which change; and what is mine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { type Core, openCore, sample, someone } from '#test/kit/core.ts'
import { transaction } from '../db/index.ts'
import { finding } from '../finding.ts'
import { read } from '../records/index.ts'
import { groupFindings, listFindings, type Registered } from './listed.ts'
import { refreshRegister } from './register.ts'

let core: Core
let body: string
let other: string
const posts: string[] = []
beforeAll(async () => {
  core = await openCore()
  body = await core.make('directory.organisation', sample.organisation('Parks'))
  other = await core.make('directory.organisation', sample.organisation('Roads'))
  for (const title of ['One', 'Two']) posts.push(await core.make('directory.post', { title, organisation: body }))
})
afterAll(() => core.close())

/** Goals without a unit to their name: here, whose title says so. */
const late = finding({ kind: 'strategy.objective' }, 'late', {
  presses: 1,
  found: async (ctx, only) => {
    const rows = await read(ctx, 'strategy.objective').rows()
    return rows
      .filter(({ id, title }) => String(title.en).startsWith('Late') && (!only || only.includes(id)))
      .map(({ id, title }) => ({ record: id, values: { word: String(title.en) } }))
  },
  act: { edit: true },
  escalates: { afterDays: 30 },
  atStake: () => ({ days: 3 }),
})
const findings = [late]

const on = (day: string, caller: Caller = systemCaller) => ({
  ...core.as(caller),
  now: () => new Date(`${day}T12:00:00Z`),
})
const filled = new Set<string>()
const refresh = (day: string) =>
  transaction(core.database.kysely, (tx) =>
    refreshRegister(
      { ...on(day), db: tx },
      { findings, people: { filled: async (_ctx, asked) => new Set(asked.filter((post) => filled.has(post))) } },
    ),
  )
const open = async (day: string, caller?: Caller, mine = false): Promise<Registered[]> =>
  (await listFindings(on(day, caller), findings, { mine })).rows
const ended = async () => (await listFindings(on('2026-06-01'), findings, { closed: true })).rows
const goal = (title: string, values = {}) =>
  core.make('strategy.objective', { title, level: 1, organisation: body, ...values })
const rename = async (id: string, title: string, values = {}) =>
  (await core.write([{ kind: 'strategy.objective', action: 'change', id, values: { title, ...values } }])).changeSet
const holder = (post: string) => someone({ posts: [post] })
const leader = (of: string) => someone({ grants: [{ role: 'leader', organisations: [of] }] })

describe('one finding', () => {
  test('is seen once, waits for a held post alone, and for the leaders of its organisation after thirty days', async () => {
    filled.add(posts[0]!)
    const id = await goal('Late one', { owner: posts[0] })
    expect(await refresh('2026-01-01')).toEqual({ opened: 1, changed: 0, closed: 0 })
    expect(await refresh('2026-01-01')).toEqual({ opened: 0, changed: 0, closed: 0 })
    const [row] = await open('2026-01-01')
    expect(row).toMatchObject({
      record: id,
      post: posts[0],
      organisation: body,
      since: '2026-01-01',
      stake: { days: 3 },
    })
    const mine = async (day: string, caller: Caller) => (await open(day, caller, true)).length
    expect([await mine('2026-01-01', holder(posts[0]!)), await mine('2026-01-01', leader(body))]).toEqual([1, 0])
    const city = someone({ grants: [{ role: 'analyst', organisations: null }] })
    const groups = async (caller: Caller) =>
      (await groupFindings(on('2026-01-31', caller), findings, { mine: true })).map(({ forMe, count }) => ({
        forMe,
        count,
      }))
    await refresh('2026-01-31')
    // Escalated it is the city's as well, but waits first for whoever holds the post.
    expect(await groups(city)).toEqual([{ forMe: false, count: 1 }])
    expect(await groups(holder(posts[0]!))).toEqual([{ forMe: true, count: 1 }])
    expect([await mine('2026-01-31', leader(body)), await mine('2026-01-31', leader(other))]).toEqual([1, 0])
    expect((await open('2026-01-31'))[0]).toMatchObject({ escalatedTo: body, escalatedAt: expect.any(String) })
  })

  test('tells for whom it waited before, and waits for the organisation if the post is vacant', async () => {
    const [row] = await open('2026-01-31')
    await rename(row!.record, 'Late one', { owner: posts[1] })
    expect(await refresh('2026-02-01')).toMatchObject({ changed: 1 })
    expect((await open('2026-02-01'))[0]).toMatchObject({
      post: posts[1],
      vacant: true,
      routes: [{ post: posts[0], organisation: body }],
    })
    expect(await groupFindings(on('2026-02-01', leader(body)), findings, { mine: true })).toMatchObject([
      { forMe: true, count: 1 },
    ])
  })

  test('is gone for a reader as soon as it is settled, and ended by that change in the register', async () => {
    const [row] = await open('2026-02-01')
    const changeSet = await rename(row!.record, 'In time')
    expect(await open('2026-02-01')).toEqual([])
    expect(await refresh('2026-02-02')).toMatchObject({ closed: 1 })
    expect((await ended())[0]).toMatchObject({ id: row!.id, closedBy: changeSet })
    await rename(row!.record, 'Late again')
    await refresh('2026-02-03')
    const [again] = await open('2026-02-03')
    expect(again).toMatchObject({ record: row!.record, since: '2026-02-03' })
    expect(again!.id).not.toBe(row!.id)
  })
})

describe('readers', () => {
  test('see what waits about records they may read, page by page, and nothing of others', async () => {
    for (const number of [1, 2, 3]) await goal(`Late ${number}`, { audience: 'restricted' })
    await refresh('2026-03-01')
    expect(await open('2026-03-01', nobody)).toEqual([])
    expect(await open('2026-03-01', leader(other))).toEqual([])
    const first = await listFindings(on('2026-03-01', leader(body)), findings, {}, { limit: 3 })
    const rest = await listFindings(on('2026-03-01', leader(body)), findings, {}, { limit: 3, after: first.next! })
    expect([first.rows.length, rest.rows.length, rest.next]).toEqual([3, 1, null])
  })

  test('who stand in for a holder without acting find their work, too', async () => {
    filled.add(posts[1]!)
    const id = await goal('Late for two', { owner: posts[1] })
    await refresh('2026-03-02')
    const deputy: Caller = { ...someone(), deputises: [posts[1]!] }
    expect((await open('2026-03-02', deputy, true)).map((row) => row.record)).toEqual([])
    const reading: Caller = { ...deputy, grants: [{ role: 'contributor', organisations: [body] }] }
    expect((await open('2026-03-02', reading, true)).map((row) => row.record)).toContain(id)
  })
})
