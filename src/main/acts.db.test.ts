/** One step for many records of a list: asked once, said of each, done in one change set, undone together. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, systemCaller } from '#platform/caller.ts'
import { type AppContext, isRedirect, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { formOfActs, leftIn, openActs, postActs } from '#test/kit/acts.ts'
import { type Core, openCore, problemOf, sample, someone, testCity } from '#test/kit/core.ts'
import type { ActData } from '#web/acts/page.tsx'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const asApp = (caller: Caller = systemCaller): AppContext => ({
  ...core.as(caller),
  database: core.database,
  city: testCity,
  exchange: noExchange,
  figures: [],
  people: noPeople,
  send: async () => null,
})
const body = (name: string) => core.make('directory.organisation', sample.organisation(name))
const leaderOf = (...organisations: string[]) => someone({ grants: [{ role: 'leader', organisations }] })
const promise = (title: string, organisation: string, owner: string, state = 'agreed') =>
  core.make('strategy.commitment', { title, organisation, owner, dueOn: '2026-06-01' }, { state })
const stored = (ids: readonly string[]) =>
  core.rows<{ state: string; keptOn: string | null; version: number }>(
    `select r.state, t."keptOn"::text, r.version from records.record r join strategy.commitment t on t.id = r.id
      where r.id = any($1::uuid[]) order by array_position($1::uuid[], r.id)`,
    [[...ids]],
  )
const shown = (answer: unknown): ActData => {
  if (isRedirect(answer)) throw new Error(`Led to ${answer.redirect} instead of a page.`)
  return answer as ActData
}
const ledTo = (answer: unknown): string => (isRedirect(answer) ? answer.redirect : '')
const kept = { keptOn: '2026-05-01' }

describe('a verb with input', () => {
  test('is asked once, left out where something stands in the way, and undone by the notice', async () => {
    const [parks, roads] = [await body('Parks'), await body('Roads')]
    const keeper = await core.make('directory.post', { title: 'Keeper', organisation: parks })
    const many: string[] = []
    for (let index = 1; index <= 60; index++) many.push(await promise(`Promise ${index}`, parks, keeper))
    const draft = await promise('Still open', parks, keeper, 'draft')
    const stale = await promise('Changed meanwhile', parks, keeper)
    const far = await promise('Of another body', roads, keeper)
    await core.write([{ kind: 'strategy.commitment', action: 'change', id: far, values: { audience: 'partners' } }])
    const ctx = asApp(leaderOf(parks))
    const address = '/strategy/commitments/act?act=keep'

    const first = shown(await postActs(ctx, address, { act: 'keep', records: [...many, draft, stale, far] }))
    expect(first.form!.controls.map(({ field }) => [field.name, field.required])).toEqual([['keptOn', true]])
    expect([first.form!.ready, first.form!.mistakes]).toEqual([null, []])
    const asking = shown(await postActs(ctx, address, formOfActs(first)))
    expect(asking.form!.mistakes.map(({ field }) => field)).toEqual(['field-keptOn'])

    const looked = shown(await postActs(ctx, address, { ...formOfActs(first), ...kept }))
    expect(looked.form!.ready).toContain('61')
    expect(Object.values(leftIn(looked)).flat()).toHaveLength(2)
    expect(new Set((await stored(many)).map(({ state }) => state))).toEqual(new Set(['agreed']))

    await core.write([{ kind: 'strategy.commitment', action: 'change', id: stale, values: { dueOn: '2026-07-01' } }])
    const done = shown(await postActs(ctx, address, { ...formOfActs(looked), ...kept }))
    expect(done.done).toMatchObject({ count: 60, left: 3 })
    const left = leftIn(done)
    expect(Object.keys(left)).toHaveLength(3)
    expect(Object.keys(left).join()).toContain('Somebody changed it')
    const after = await stored([...many, draft, stale, far])
    expect(after.slice(0, 60).every(({ state, keptOn }) => state === 'kept' && keptOn === '2026-05-01')).toBe(true)
    expect(after.slice(60).map(({ state }) => state)).toEqual(['draft', 'agreed', 'agreed'])
    const sets = await core.rows(
      'select count(distinct record)::integer as records from records.entry where "changeSet" = $1',
      [done.done!.changeSet],
    )
    expect(sets).toEqual([{ records: 60 }])

    expect(ledTo(await postActs(ctx, address, { undo: done.done!.changeSet }))).toBe('/strategy/commitments')
    expect(new Set((await stored(many)).map(({ state, keptOn }) => `${state} ${keptOn}`))).toEqual(
      new Set(['agreed null']),
    )
  })

  test('sending the same form twice does nothing a second time', async () => {
    const lakes = await body('Lakes')
    const keeper = await core.make('directory.post', { title: 'Warden', organisation: lakes })
    const ids = [await promise('One', lakes, keeper), await promise('Two', lakes, keeper)]
    const address = `/strategy/commitments/act?act=keep&organisation=${lakes}`
    const looked = shown(await postActs(asApp(), address, { ...formOfActs(await openActs(asApp(), address)), ...kept }))
    const form = { ...formOfActs(looked), ...kept }
    const to = ledTo(await postActs(asApp(), address, form))
    expect(to).toMatch(/^\/strategy\/commitments\/act\?.*done=/)
    expect((await openActs(asApp(), to)).done).toMatchObject({ count: 2 })
    const before = await stored(ids)
    const again = shown(await postActs(asApp(), address, form))
    expect([again.done, Object.values(leftIn(again)).flat().length]).toEqual([undefined, 2])
    expect(await stored(ids)).toEqual(before)
  })
})

describe('all that a list finds', () => {
  test('is what its address narrows it to, and nothing is ticked for whoever may do nothing', async () => {
    const harbour = await body('Harbour')
    const keeper = await core.make('directory.post', { title: 'Pilot', organisation: harbour })
    await promise('Dredge', harbour, keeper)
    await promise('Light', harbour, keeper)
    const address = `/strategy/commitments/act?q=dredge&organisation=${harbour}`
    const open = await openActs(asApp(), `${address}&act=drop`)
    expect(open.form!.rows.map(({ text }) => text)).toEqual(['Dredge'])
    expect((await openActs(asApp(), address)).form).toBeUndefined()
    const contributor = someone({ grants: [{ role: 'contributor', organisations: [harbour] }] })
    expect((await openActs(asApp(contributor), address)).acts.map(({ href }) => href)).not.toContain(
      expect.stringContaining('act=drop'),
    )
    expect(ledTo(await postActs(asApp(contributor), `${address}&act=drop`, { act: 'drop', records: [] }))).not.toBe('')
    const wrong = openActs(asApp(), '/strategy/commitments/act?act=drop&flavour=sweet')
    expect((await problemOf(wrong)).reason).toBe('http.bad-query')
  })
})

describe('who is responsible', () => {
  const goal = (title: string, values = {}) => core.make('strategy.objective', { title, level: 1, ...values })
  const ownersOf = (...ids: string[]) =>
    core.rows<{ organisation: string | null; owner: string | null }>(
      'select organisation, owner from records.record where id = any($1::uuid[]) order by array_position($1::uuid[], id)',
      [ids],
    )
  const address = '/strategy/objectives/act?act=responsible'

  test('a post brings its organisation to what has none, and leaves what another one has', async () => {
    const [works, streets] = [await body('Works'), await body('Streets')]
    const engineer = await core.make('directory.post', { title: 'Engineer', organisation: works })
    const [without, having] = [await goal('Without'), await goal('With', { organisation: streets })]
    const first = shown(await postActs(asApp(), address, { act: 'responsible', records: [without, having] }))
    const nobody = shown(await postActs(asApp(), address, formOfActs(first)))
    expect(nobody.form!.mistakes.map(({ field }) => field)).toEqual(['field-owner'])
    const looked = shown(await postActs(asApp(), address, { ...formOfActs(first), owner: engineer }))
    expect(ledTo(await postActs(asApp(), address, { ...formOfActs(looked), owner: engineer }))).toContain('done=')
    expect(await ownersOf(without, having)).toEqual([
      { organisation: works, owner: engineer },
      { organisation: streets, owner: engineer },
    ])
  })

  test('what is out of reach is said by name, and only that is left out', async () => {
    const [mine, theirs] = [await body('Mine'), await body('Theirs')]
    const analyst = someone({ grants: [{ role: 'analyst', organisations: [mine] }] })
    const near = await goal('Near', { organisation: mine, audience: 'partners' })
    const far = await goal('Far', { organisation: theirs, audience: 'partners' })
    const clerk = await core.make('directory.post', { title: 'Clerk', organisation: mine, audience: 'partners' })
    const ctx = asApp(analyst)
    const first = shown(await postActs(ctx, address, { act: 'responsible', records: [near, far] }))
    const looked = shown(await postActs(ctx, address, { ...formOfActs(first), owner: clerk }))
    expect(looked.form!.left.flatMap(({ names }) => names.map(({ text }) => text))).toEqual(['Far'])
    const done = shown(await postActs(ctx, address, { ...formOfActs(looked), owner: clerk }))
    expect(done.done).toMatchObject({ count: 1, left: 1 })
    expect((await ownersOf(near, far)).map(({ owner }) => owner)).toEqual([clerk, null])
  })
})

describe('publishing', () => {
  test('takes what has ended as well, and names what is a draft', async () => {
    const hall = await body('Hall')
    const planIn = (title: string, state: string) =>
      core.make(
        'strategy.plan',
        { title, levels: [{ en: 'Goal' }], organisation: hall, from: '2020-01-01', to: '2025-01-01' },
        { state },
      )
    const [draft, adopted, ended] = [
      await planIn('A', 'draft'),
      await planIn('B', 'adopted'),
      await planIn('C', 'ended'),
    ]
    const address = '/strategy/plans/act?act=publish'
    const looked = shown(await postActs(asApp(), address, { act: 'publish', records: [draft, adopted, ended] }))
    expect(looked.form!.rows.map(({ id }) => id)).toEqual([adopted, ended])
    expect(Object.keys(leftIn(looked)).join()).toContain('still a draft')
    const done = shown(await postActs(asApp(), address, formOfActs(looked)))
    expect(done.done).toMatchObject({ count: 2, left: 1 })
    const audiences = () =>
      core.rows<{ audience: string }>(
        'select audience from records.record where id = any($1::uuid[]) order by array_position($1::uuid[], id)',
        [[draft, adopted, ended]],
      )
    expect((await audiences()).map(({ audience }) => audience === 'public')).toEqual([false, true, true])
    await postActs(asApp(), address, { undo: done.done!.changeSet })
    expect((await audiences()).some(({ audience }) => audience === 'public')).toBe(false)
  })
})
