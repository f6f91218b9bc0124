import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Core, openCore, places, problemOf, sample, someone } from '#test/kit/core.ts'
import { find, get, historyOf, newId, publish, trace, withdraw } from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())
const organisation = 'directory.organisation'
const objective = 'strategy.objective'
const indicator = 'indicators.indicator'
const kindOf = (name: string) => core.as().registry.kind(name).declaration
const reading = (kind: string, id: string) => get(core.as(), kindOf(kind), id, { retired: true })
const entries = async () => Number((await core.rows<{ n: string }>('select count(*) n from records.entry'))[0]!.n)
const row = (from: string, to: string, value: string, cell = '') => ({
  cell,
  from,
  to,
  label: from,
  value,
  status: 'actual',
})

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
        '/3/rows/measurement/0/value field.not-a-number',
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
