import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Core, meeting, openCore, places, problemOf, sample, someone } from '#test/kit/core.ts'
import { get, linksOf, newId, write } from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())
const organisation = 'directory.organisation'
const objective = 'strategy.objective'
const kindOf = (name: string) => core.as().registry.kind(name).declaration
const reading = (kind: string, id: string) => get(core.as(), kindOf(kind), id, { retired: true })

describe('references and links', () => {
  test('of the wrong kind, retired, unreadable and unknown ones are refused; the last three look the same', async () => {
    const body = await core.make(organisation, sample.organisation())
    const retired = await core.make(organisation, sample.organisation())
    await core.write([{ kind: organisation, id: retired, action: 'retire' }])
    const secret = await core.make(organisation, { ...sample.organisation(), audience: 'restricted' })
    const caller = someone({ grants: [{ role: 'analyst', organisations: [body] }] })
    const plan = await core.make('strategy.plan', { title: 'P', levels: [{ en: 'Goal' }] })
    const at = async (parent: string) => {
      const problem = await problemOf(
        core.make(organisation, { ...sample.organisation(), organisation: body, parent }, {}, caller),
      )
      return problem.fields.map(({ at, code }) => ({ at, code }))
    }
    const unknown = [{ at: '/parent', code: 'reference.unknown' }]
    expect(await at(newId())).toEqual(unknown)
    expect(await at(secret)).toEqual(unknown)
    expect(await at(retired)).toEqual(unknown)
    expect(
      places((await problemOf(core.make(organisation, { ...sample.organisation(), parent: plan }))).fields),
    ).toEqual(['/parent reference.wrong-kind'])
  })

  test('a reference in a row is named by its place', async () => {
    const body = await core.make(organisation, sample.organisation())
    const person = await core.make('directory.person', { title: 'Ada' })
    const problem = await problemOf(
      core.make(
        'directory.post',
        { title: 'Chief', organisation: body },
        {
          rows: {
            holding: {
              set: [
                { person, from: '2024-01-01' },
                { person: body, from: '2024-01-01' },
              ],
            },
          },
        },
      ),
    )
    expect(places(problem.fields)).toEqual(['/rows/holding/1/person reference.wrong-kind'])
  })

  test('loops are found across stored records, within a batch, and along links', async () => {
    const [a, b, c] = [newId(), newId(), newId()]
    const make = (id: string, parent: string | null) => ({
      kind: organisation,
      action: 'create',
      id,
      values: { ...sample.organisation(), parent },
    })
    expect(places((await problemOf(core.write([make(a, b), make(b, c), make(c, a)]))).fields)).toEqual([
      '/0/parent reference.loop',
      '/1/parent reference.loop',
      '/2/parent reference.loop',
    ])
    await core.write([make(a, null), make(b, a), make(c, b)])
    const change = (id: string, parent: string | null) => ({
      kind: organisation,
      action: 'change',
      id,
      values: { parent },
    })
    expect(places((await problemOf(core.write([change(a, c)]))).fields)).toEqual(['/parent reference.loop'])
    expect(places((await problemOf(core.write([change(a, a)]))).fields)).toContain('/parent reference.loop')
    const [x, y] = [newId(), newId()]
    const goal = (id: string, under: string[]) => ({
      kind: objective,
      action: 'create',
      id,
      values: { title: 'G', level: 1, links: { under: under.map((to) => ({ to })) } },
    })
    await core.write([goal(x, []), goal(y, [x])])
    expect(
      places(
        (
          await problemOf(
            core.write([{ kind: objective, action: 'change', id: x, values: { links: { under: [{ to: y }] } } }]),
          )
        ).fields,
      ),
    ).toEqual(['/links/under reference.loop'])
  })

  test('turning a chain round in one batch is no loop', async () => {
    const [a, b] = [newId(), newId()]
    const create = (id: string, parent: string | null) => ({
      kind: organisation,
      action: 'create',
      id,
      values: { ...sample.organisation(), parent },
    })
    await core.write([create(a, null), create(b, a)])
    await core.write([
      { kind: organisation, action: 'change', id: a, values: { parent: b } },
      { kind: organisation, action: 'change', id: b, values: { parent: null } },
    ])
    expect(await reading(organisation, a)).toMatchObject({ parent: b })
  })

  test('two transactions that each close half of a loop cannot both succeed', async () => {
    const ids = [
      await core.make(organisation, sample.organisation()),
      await core.make(organisation, sample.organisation()),
    ]
    const both = meeting(2)
    const done = await Promise.allSettled(
      ids.map((id, index) => {
        let attempt = 0
        return core.writing(async (ctx) => {
          const change = (values: object) =>
            write(ctx, { source: 'test' }, [{ kind: organisation, action: 'change', id, values: { ...values } }])
          await change({ abbreviation: 'HELD' })
          // Each holds its own record before either asks for the other.
          if (attempt++ === 0) await both()
          await change({ parent: ids[1 - index] })
        })
      }),
    )
    expect(done.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
    const refused = done.find((each) => each.status === 'rejected')
    expect(places(refused!.reason.fields)).toEqual(['/parent reference.loop'])
  })

  test('giving a new list of links does not drop those whose end the writer cannot see', async () => {
    const body = await core.make(organisation, sample.organisation())
    const make = (audience: string) => core.make('strategy.outcome', { title: 'O', organisation: body, audience })
    const [seen, secret, other] = [await make('organisation'), await make('restricted'), await make('organisation')]
    const goal = await core.make(objective, {
      title: 'G',
      level: 1,
      organisation: body,
      links: { contributesTo: [{ to: seen }, { to: secret }] },
    })
    const analyst = someone({ grants: [{ role: 'analyst', organisations: [body] }] })
    await core.write(
      [{ kind: objective, action: 'change', id: goal, values: { links: { contributesTo: [{ to: other }] } } }],
      analyst,
    )
    const ends = (await linksOf(core.as(), [goal])).get(goal)!.map((link) => link.id)
    expect(new Set(ends)).toEqual(new Set([secret, other]))
  })
})

describe('external identifiers', () => {
  const ids = (id: string) => [{ source: 'register', id }]

  test('a taken one is named, also within one batch and within one record', async () => {
    await core.make(organisation, { ...sample.organisation(), externalIds: [...ids('A1'), ...ids('A1')] })
    const create = (id: string) => ({
      kind: organisation,
      action: 'create',
      values: { ...sample.organisation(), externalIds: ids(id) },
    })
    expect(places((await problemOf(core.write([create('A1')]))).fields)).toEqual(['/externalIds external-id.taken'])
    expect(places((await problemOf(core.write([create('A2'), create('A2')]))).fields)).toEqual([
      '/1/externalIds external-id.taken',
    ])
  })

  test('taken by somebody else at the same moment it is a problem, not a fault', async () => {
    for (let round = 0; round < 5; round++) {
      const done = await Promise.allSettled(
        Array.from({ length: 4 }, () =>
          core.make(organisation, { ...sample.organisation(), externalIds: ids(`race ${round}`) }),
        ),
      )
      expect(done.filter((each) => each.status === 'fulfilled')).toHaveLength(1)
      for (const each of done)
        if (each.status === 'rejected') expect(places(each.reason.fields)).toEqual(['/externalIds external-id.taken'])
    }
  })
})
