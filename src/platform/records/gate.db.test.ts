import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import {
  find,
  get,
  historyOf,
  linksOf,
  newId,
  openChangeSet,
  Permit,
  prepare,
  publish,
  save,
  trace,
  withdraw,
  write,
} from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const organisation = 'directory.organisation'
const objective = 'strategy.objective'
const indicator = 'indicators.indicator'
const kindOf = (name: string) => core.as().house.kind(name).declaration
const reading = (kind: string, id: string) => get(core.as(), kindOf(kind), id, { retired: true })
const entries = async () => Number((await core.rows<{ n: string }>('select count(*) n from records.entry'))[0]!.n)
const places = (fields: ReadonlyArray<{ at: string; code: string }>) => fields.map(({ at, code }) => `${at} ${code}`)
const row = (from: string, to: string, value: string, cell = '') => ({
  cell,
  from,
  to,
  label: from,
  value,
  status: 'actual',
})

/** Lets everybody go on once `count` have come. */
const meeting = (count: number) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let come = 0
  return () => {
    if (++come === count) resolve()
    return promise
  }
}
/** Until a statement in this database waits for a lock. */
const untilWaiting = async () => {
  const asking = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await core.rows(asking)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('writing', () => {
  test('one record and a thousand go the same way', async () => {
    const { saved } = await core.write(
      Array.from({ length: 1000 }, (_, index) => ({
        kind: organisation,
        action: 'create',
        values: sample.organisation(`Body ${index}`),
      })),
    )
    expect(new Set(saved.map((each) => each.code)).size).toBe(1000)
    const changed = await core.write(
      saved.map(({ id }) => ({ kind: organisation, action: 'change', id, version: 1, values: { sector: 'private' } })),
    )
    expect(changed.saved.every((each) => each.version === 2)).toBe(true)
    expect(await reading(organisation, saved[999]!.id)).toMatchObject({ sector: 'private', version: 2 })
  })

  test('all problems of all records come at once, by place', async () => {
    const problem = await problemOf(
      core.write([
        { kind: organisation, action: 'create', values: { title: '', sector: 'civic', parent: newId(), nonsense: 1 } },
        { kind: organisation, action: 'create', values: sample.organisation() },
        {
          kind: objective,
          action: 'create',
          values: { title: { en: 'x'.repeat(301) }, level: 9, links: { under: [{ to: newId() }] } },
        },
        {
          kind: indicator,
          action: 'create',
          values: sample.indicator(),
          rows: { measurement: { set: [row('2024-01-01', '31/02', 'x')] } },
        },
      ]),
    )
    expect(places(problem.fields)).toEqual(
      expect.arrayContaining([
        '/0/title/en field.empty',
        '/0/sector field.not-a-choice',
        '/0/organisationKind field.required',
        '/0/parent reference.unknown',
        '/0/nonsense field.unknown',
        '/2/title/en field.too-long',
        '/2/level field.too-large',
        '/2/links/under reference.unknown',
        '/3/rows/measurement/0/to field.not-a-day',
        '/3/rows/measurement/0/value field.pattern',
      ]),
    )
    expect(problem.fields.some((each) => each.at.startsWith('/1'))).toBe(false)
  })

  test('a change that alters nothing leaves no trace', async () => {
    const id = await core.make(organisation, { ...sample.organisation(), externalIds: [{ source: 'hr', id: 'same' }] })
    const before = await entries()
    const done = await core.write([
      {
        kind: organisation,
        action: 'change',
        id,
        values: { ...sample.organisation(), externalIds: [{ source: 'hr', id: 'same' }] },
      },
    ])
    expect(done).toEqual({ changeSet: null, saved: [] })
    expect(await entries()).toBe(before)
    expect(await reading(organisation, id)).toMatchObject({ version: 1 })
  })

  test('text that no database takes is named, not a fault', async () => {
    for (const title of ['a\u0000b', 'a\ud800'])
      expect(places((await problemOf(core.make(organisation, { ...sample.organisation(), title }))).fields)).toEqual([
        '/title/en field.characters',
      ])
  })

  test('the same record twice in one batch is refused, for the second would take back the first', async () => {
    const id = await core.make(organisation, sample.organisation())
    const problem = await problemOf(
      core.write([
        { kind: organisation, action: 'change', id, values: { abbreviation: 'A' } },
        { kind: organisation, action: 'change', id, values: { budgetCode: 'B' } },
      ]),
    )
    expect(places(problem.fields)).toEqual(['/1 record.repeated'])
  })

  test('an id that is none finds nothing', async () => {
    expect((await problemOf(core.write([{ kind: organisation, action: 'retire', id: 'x' }]))).kind).toBe('NotFound')
    expect(await trace(core.as(), "'", 'both')).toEqual({ nodes: [], edges: [], truncated: false })
    expect((await problemOf(historyOf(core.as(), newId(), { after: 'x' }))).kind).toBe('Invalid')
    expect(places((await problemOf(core.make(organisation, sample.organisation(), { id: 'x' }))).fields)).toEqual([
      '/id field.pattern',
    ])
  })

  test('an id that is taken is a conflict', async () => {
    const id = await core.make(organisation, sample.organisation())
    const problem = await problemOf(core.make(organisation, sample.organisation(), { id }))
    expect(problem).toMatchObject({ kind: 'Conflict', reason: 'records.exists' })
  })

  test('an unknown table of rows and an unknown first state are named', async () => {
    const problem = await problemOf(
      core.make(organisation, sample.organisation(), { state: 'asleep', rows: { constructor: { set: [{}] } } }),
    )
    expect(places(problem.fields)).toEqual(['/state field.not-a-choice', '/rows/constructor field.unknown'])
  })
})

describe('versions and states', () => {
  test('a stale version is a conflict that shows both', async () => {
    const id = await core.make(organisation, sample.organisation())
    await core.write([{ kind: organisation, action: 'change', id, version: 1, values: { abbreviation: 'NEW' } }])
    const problem = await problemOf(
      core.write([{ kind: organisation, action: 'change', id, version: 1, values: { abbreviation: 'MINE' } }]),
    )
    expect(problem).toMatchObject({
      kind: 'Conflict',
      reason: 'records.stale',
      extra: { current: { abbreviation: 'NEW', version: 2 }, attempted: { abbreviation: 'MINE' } },
    })
  })

  test('a stale version shows nothing to somebody who may not read the record', async () => {
    const id = await core.make(organisation, { ...sample.organisation('Secret'), audience: 'restricted' })
    const stranger = someone({ grants: [{ role: 'analyst', organisations: [newId()] }] })
    for (const change of [
      { action: 'change', version: 0, values: { abbreviation: 'X' } },
      { action: 'close' },
      { action: 'reopen' },
      { action: 'retire' },
    ]) {
      const problem = await problemOf(core.write([{ kind: organisation, id, ...change }], stranger))
      expect(problem.kind).toBe('NotFound')
      expect(JSON.stringify(problem.extra)).not.toContain('Secret')
    }
  })

  test('a verb asks for the state it starts from, and a retired record is gone', async () => {
    const id = await core.make(organisation, sample.organisation())
    expect(await problemOf(core.write([{ kind: organisation, id, action: 'reopen' }]))).toMatchObject({
      kind: 'Conflict',
      reason: 'records.wrong-state',
    })
    await core.write([{ kind: organisation, id, action: 'retire' }])
    expect(await find(core.as(), kindOf(organisation), id)).toBeUndefined()
    expect((await problemOf(core.write([{ kind: organisation, id, action: 'close' }]))).kind).toBe('Gone')
    await core.write([{ kind: organisation, id, action: 'restore' }])
    expect(await find(core.as(), kindOf(organisation), id)).toMatchObject({ version: 3, retiredAt: null })
  })

  test('of a batch the refusal says which', async () => {
    const ids = await Promise.all([1, 2].map(() => core.make(organisation, sample.organisation())))
    const problem = await problemOf(
      core.write(
        ids.map((id, index) => ({
          kind: organisation,
          id,
          action: 'change',
          version: 1 - index,
          values: { abbreviation: 'X' },
        })),
      ),
    )
    expect(problem).toMatchObject({ reason: 'records.stale', extra: { index: 1 } })
  })

  test('neither an edit nor a verb changes the state or makes something public on the side', async () => {
    const id = await core.make(organisation, sample.organisation())
    expect(
      places(
        (await problemOf(core.write([{ kind: organisation, id, action: 'change', values: { state: 'closed' } }])))
          .fields,
      ),
    ).toEqual(['/state field.unknown'])
    for (const action of ['change', 'close', 'retire'])
      expect(
        places(
          (await problemOf(core.write([{ kind: organisation, id, action, values: { audience: 'public' } }]))).fields,
        ),
      ).toEqual(['/audience record.publish-instead'])
    expect(
      places((await problemOf(core.make(organisation, { ...sample.organisation(), audience: 'public' }))).fields),
    ).toEqual(['/audience record.publish-instead'])
    expect(await reading(organisation, id)).toMatchObject({ state: 'active', audience: 'partners', version: 1 })
  })

  test('what was public stays so until it is withdrawn, and withdrawing never widens', async () => {
    const id = await core.make(organisation, { ...sample.organisation(), audience: 'restricted' })
    await core.writing((ctx) => withdraw(ctx, { source: 'test' }, [{ kind: organisation, id }]))
    expect((await reading(organisation, id)).audience).toBe('restricted')
    await core.writing((ctx) => publish(ctx, { source: 'test' }, [{ kind: organisation, id }]))
    expect((await reading(organisation, id)).audience).toBe('public')
    const problem = await problemOf(
      core.write([{ kind: organisation, id, action: 'change', values: { audience: 'partners' } }]),
    )
    expect(places(problem.fields)).toEqual(['/audience record.publish-instead'])
    await core.writing((ctx) => withdraw(ctx, { source: 'test' }, [{ kind: organisation, id }]))
    expect((await reading(organisation, id)).audience).toBe('partners')
  })

  test('what is retired or erased is let go as it is, whatever the rules ask for today', async () => {
    const id = await core.make(organisation, sample.organisation())
    await core.rows('update directory.organisation set sector = null where id = $1', [id])
    expect(
      places(
        (await problemOf(core.write([{ kind: organisation, id, action: 'change', values: { abbreviation: 'X' } }])))
          .fields,
      ),
    ).toEqual(['/sector field.required'])
    await core.write([{ kind: organisation, id, action: 'retire' }])
    expect((await reading(organisation, id)).retiredAt).not.toBeNull()
  })
})

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

describe('rows', () => {
  test('are set by their key, repeated keys are named, removing what is not there does nothing', async () => {
    const id = await core.make(indicator, sample.indicator(), {
      rows: { measurement: { set: [row('2024-01-01', '2025-01-01', '1.50'), row('2023-01-01', '2024-01-01', '1')] } },
    })
    const change = (rows: object) =>
      core.write([{ kind: indicator, action: 'change', id, rows: { measurement: rows } }])
    expect((await change({ set: [row('2024-01-01', '2025-01-01', '1.50')] })).changeSet).toBeNull()
    expect((await change({ remove: [{ cell: '', from: '1999-01-01', to: '2000-01-01' }] })).changeSet).toBeNull()
    await change({
      set: [row('2024-01-01', '2025-01-01', '2')],
      remove: [{ cell: '', from: '2023-01-01', to: '2024-01-01' }],
    })
    expect(await core.rows('select value from indicators.measurement where record = $1', [id])).toEqual([
      { value: '2' },
    ])
    expect(await reading(indicator, id)).toMatchObject({ version: 1 })
    const twice = [row('2022-01-01', '2023-01-01', '1'), row('2022-01-01', '2023-01-01', '2')]
    expect(places((await problemOf(change({ set: twice }))).fields)).toEqual(['/rows/measurement/1 rows.repeated'])
    const both = { set: [twice[0]], remove: [{ cell: '', from: '2022-01-01', to: '2023-01-01' }] }
    expect(places((await problemOf(change(both))).fields)).toEqual(['/rows/measurement/remove/0 rows.repeated'])
    expect(places((await problemOf(change({ remove: [{ cell: '', from: 'x' }] }))).fields)).toEqual([
      '/rows/measurement/remove/0/to field.required',
      '/rows/measurement/remove/0/from field.not-a-day',
    ])
  })

  test('a rule that only the database keeps is a problem by name', async () => {
    const problem = await problemOf(
      core.make(indicator, sample.indicator(), {
        rows: { measurement: { set: [row('2024-01-01', '2023-01-01', '1')] } },
      }),
    )
    expect(problem.fields).toMatchObject([{ code: 'record.check', values: { table: 'indicators.measurement' } }])
  })
})

describe('two writers of one record', () => {
  test('the one who waited sees what the other wrote, in every table', async () => {
    const id = await core.make(organisation, sample.organisation())
    const change = (values: Record<string, unknown>) => [{ kind: organisation, action: 'change', id, values }]
    let waiting: Promise<unknown> = Promise.resolve()
    await core.writing(async (ctx) => {
      await write(ctx, { source: 'test' }, change({ abbreviation: 'FIRST' }))
      // Sets what it saw at its beginning; it must not be taken for a change that alters nothing.
      waiting = core.write(change({ abbreviation: null }))
      await untilWaiting()
    })
    expect(await waiting).toMatchObject({ saved: [{ version: 3 }] })
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: null, version: 3 })
    const [last] = await historyOf(core.as(), id)
    expect(last).toMatchObject({ before: { abbreviation: 'FIRST' }, after: { abbreviation: null } })
  })

  test('an open import that refers to a body does not hold up an edit of the body', async () => {
    const body = await core.make(organisation, sample.organisation())
    await core.writing(async (ctx) => {
      await write(ctx, { source: 'test' }, [
        { kind: 'directory.post', action: 'create', values: { title: 'Clerk', organisation: body } },
      ])
      await core.write([{ kind: organisation, action: 'change', id: body, values: { abbreviation: 'B' } }])
    })
    expect(await reading(organisation, body)).toMatchObject({ abbreviation: 'B' })
  })
})

describe('the permit', () => {
  test('cannot be forged, used twice, or carried into another transaction', async () => {
    const create = { kind: organisation, action: 'create', values: sample.organisation() }
    expect(() => new (Permit as unknown as new (...given: unknown[]) => Permit)(Symbol('maker'), [])).toThrow(
      'Permit.for',
    )
    await core.writing(async (ctx) => {
      const permit = Permit.for(ctx, await prepare(ctx, [create]))
      const changeSet = await openChangeSet(ctx, { source: 'test' })
      await save(changeSet, permit)
      await expect(save(changeSet, permit)).rejects.toThrow('one save')
      const forged = Object.create(Permit.prototype) as Permit
      await expect(save(changeSet, forged)).rejects.toThrow(TypeError)
      const second = Permit.for(ctx, await prepare(ctx, [create]))
      await core.writing(async (other) => {
        await expect(save(await openChangeSet(other, { source: 'test' }), second)).rejects.toThrow('own transaction')
      })
    })
  })

  test('writes nothing once the versions have moved', async () => {
    const id = await core.make(organisation, sample.organisation())
    const changing = core.writing(async (ctx) => {
      const permit = Permit.for(
        ctx,
        await prepare(ctx, [{ kind: organisation, action: 'change', id, values: { abbreviation: 'OLD' } }]),
      )
      const between = { kind: organisation, action: 'change', id, values: { abbreviation: 'BETWEEN' } }
      await write(ctx, { source: 'test' }, [between])
      return save(await openChangeSet(ctx, { source: 'test' }), permit)
    })
    expect(await problemOf(changing)).toMatchObject({ kind: 'Conflict', reason: 'records.stale' })
    expect(await reading(organisation, id)).toMatchObject({ version: 1, abbreviation: null })
  })

  test('nobody but undo undoes', async () => {
    const id = await core.make(organisation, sample.organisation())
    await expect(core.write([{ kind: organisation, id, action: 'undo', values: { state: 'closed' } }])).rejects.toThrow(
      'Only undo',
    )
  })
})
