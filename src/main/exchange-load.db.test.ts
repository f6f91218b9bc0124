import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '#platform/app.ts'
import { type Caller, systemCaller } from '#platform/caller.ts'
import { jsonFormat, writeContent } from '#platform/exchange/index.ts'
import { newId, read, write } from '#platform/records/index.ts'
import { documentOf, loadContent, places } from '#test/kit/content.ts'
import { type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import { foundCity, setupCode } from './first-start.ts'

describe('what is wrong with content', () => {
  let house: ImportHouse
  const [plan, other, taken] = [newId(), newId(), newId()]
  const goodPlan = { kind: 'strategy.plan', id: plan, title: { en: 'Plan' }, levels: [{ en: 'Goal' }] }
  beforeAll(async () => {
    house = await openImportHouse()
    await inTransaction(house.ctx, (tx) =>
      write(tx, { source: 'test' }, [
        {
          kind: 'directory.organisation',
          action: 'create',
          id: taken,
          values: { title: 'Works', organisationKind: 'department', sector: 'public' },
        },
      ]),
    )
    await loadContent(house, documentOf([goodPlan]))
  })
  afterAll(() => house.close())

  test('is named by line and place; the rest comes in', async () => {
    const report = await loadContent(
      house,
      documentOf([
        goodPlan,
        { kind: 'strategy.dream', id: newId(), title: { en: 'A' } },
        { kind: 'strategy.objective', id: 'x', title: { en: 'A' } },
        { kind: 'strategy.objective', id: newId(), title: { en: 'No level' }, plan },
        { kind: 'strategy.objective', id: taken, title: { en: 'Taken' }, level: 1 },
        { kind: 'strategy.objective', id: newId(), title: { en: 'Odd' }, level: 1, colour: 'red' },
        { kind: 'strategy.objective', id: newId(), title: { en: 'Points at nothing' }, level: 1, plan: newId() },
        {
          kind: 'strategy.objective',
          id: other,
          title: { en: 'Good' },
          level: 1,
          plan,
          links: { under: [{ to: newId() }] },
        },
        { rows: 'measurement', kind: 'indicators.indicator', record: newId(), values: [{ cell: '' }] },
        { rows: 'dreams', kind: 'indicators.indicator', record: newId(), values: [] },
        'not a record',
        { kind: 'strategy.objective', id: newId(), title: { en: 'Nothing wrong' }, level: 1, plan },
      ]),
    )
    expect(places(report)).toEqual([
      [3, null, 'import.unknown-kind'],
      [4, 'id', 'import.not-an-item'],
      [5, 'level', 'field.required'],
      [6, 'id', 'import.taken-item'],
      [7, 'colour', 'field.unknown'],
      [8, 'plan', 'reference.unknown'],
      [9, 'links.under', 'reference.unknown'],
      [10, 'record', 'import.rows-of-nothing'],
      [11, 'dreams', 'import.unknown-rows'],
      [12, null, 'import.not-an-item'],
    ])
    expect(report).toMatchObject({ created: 1, rejected: 10 })
  })

  test('a whole file on one line loses nothing, and the same record twice is reported', async () => {
    const id = newId()
    const one = documentOf([
      { kind: 'indicators.indicator', id, title: { en: 'Counted' }, direction: 'up' },
      ...['2021', '2022'].map((year) => ({
        rows: 'measurement',
        kind: 'indicators.indicator',
        record: id,
        values: [
          {
            cell: '',
            from: `${year}-01-01`,
            to: `${Number(year) + 1}-01-01`,
            label: year,
            value: '1',
            status: 'actual',
          },
        ],
      })),
    ]).replaceAll('\n', '')
    expect(places(await loadContent(house, one))).toEqual([])
    expect(await house.rows(`select 1 from indicators.measurement where record = '${id}'`)).toHaveLength(2)
    const twice = await loadContent(house, documentOf([goodPlan, { ...goodPlan, title: { en: 'Other' } }]))
    expect(places(twice)).toEqual([[3, 'id', 'import.repeated-item']])
  })

  test.each([
    ['of another program', '{"format":"other","version":1,"records":[{}]}', 'import.file-other-format'],
    ['of a newer program', '{"format":"commonweal-content","version":99,"records":[{}]}', 'import.file-newer-version'],
    ['that breaks off', documentOf([goodPlan]).slice(0, -30), 'import.file-truncated'],
    ['without a record', documentOf([]), 'import.file-no-items'],
    [
      'with more beside its records than any has',
      `{"format":"commonweal","version":1${Array.from({ length: 9 }, (_, at) => `,"m${at}":"${'x'.repeat(500_000)}"`).join('')},"records":[]}`,
      'import.file-part-too-large',
    ],
    ['in another encoding', Buffer.from([0x7b, 0xff, 0xfe]).toString('latin1'), 'import.file-not-json'],
  ])('a file %s is refused as a whole', async (_name, text, code) => {
    const report = await loadContent(house, text)
    expect(report).toMatchObject({ refused: 'stopped', created: 0, changeSet: null })
    expect(report.problems.map((each) => each.code)).toContain(code)
  })

  test('signs that no database takes are named, wherever they stand, and break nothing', async () => {
    const objective = (more: string) =>
      `{"kind":"strategy.objective","id":"${newId()}","level":1,"title":{"en":"A"}${more}}`
    const report = await loadContent(
      house,
      `{"format":"commonweal-content","version":1,"records":[
${objective(',"description":{"en":"\\ud800"}')},
${objective(',"a\\u0000b":1')},
${objective(',"externalIds":[{"source":"s","id":"\\udfff"}]')},
${objective(',"links":{"\\u0000":[]}')},
${objective(',"more":1e400')},
{"kind":"\\ud83d","id":"${newId()}"}
],"hash":"\\u0000"}`,
    )
    expect(report.problems.map(({ row, code }) => [row, code])).toEqual([
      [null, 'import.hint-hash-differs'],
      ...[2, 3, 4, 5, 6, 7].map((row) => [row, 'field.characters']),
    ])
    expect(report).toMatchObject({ created: 0, rejected: 6 })
  })

  test('accounts and roles do not come in with content, whoever brings them', async () => {
    const account = newId()
    const report = await loadContent(
      house,
      documentOf([
        {
          kind: 'identity.account',
          id: account,
          title: { und: 'Mallory' },
          login: 'mallory',
          state: 'active',
          organisation: taken,
        },
        { rows: 'grant', kind: 'identity.account', record: account, values: [{ role: 'administrator', body: taken }] },
      ]),
    )
    expect(places(report)).toEqual([
      [2, null, 'import.not-content'],
      [3, null, 'import.not-content'],
    ])
    expect(await house.rows(`select 1 from identity.account where login = 'mallory'`)).toEqual([])
  })

  test('a file that was changed after it was exported is taken with a warning', async () => {
    let text = ''
    for await (const piece of writeContent(house.ctx, {
      format: jsonFormat,
      scope: { of: 'root', kind: 'strategy.plan', id: plan },
    }))
      text += piece
    expect(places(await loadContent(house, text))).toEqual([])
    expect(places(await loadContent(house, text.replace('"Goal"', '"Aim"')))).toEqual([
      [null, null, 'import.hint-hash-differs'],
    ])
  })

  test('what a file of the public leaves out is not taken away here', async () => {
    const id = newId()
    const full = {
      kind: 'strategy.objective',
      id,
      title: { en: 'Kept' },
      level: 1,
      plan,
      description: { en: 'Known here' },
      organisation: taken,
    }
    await loadContent(house, documentOf([full]))
    await loadContent(house, documentOf([{ kind: 'strategy.objective', id, title: { en: 'Renamed' } }], false))
    const [row] = await house.rows(
      `select r.title, r.organisation, t.description, t.plan from records.record r join strategy.objective t on t.id = r.id where r.id = '${id}'`,
    )
    expect(row).toEqual({ title: { en: 'Renamed' }, organisation: taken, description: { en: 'Known here' }, plan })
  })

  test('what is only pointed at is made where it is missing, and never changed', async () => {
    const fresh = newId()
    const works = {
      kind: 'directory.organisation',
      id: taken,
      title: { en: 'Renamed by a plan' },
      organisationKind: 'agency',
      sector: 'public',
      context: true,
    }
    const report = await loadContent(house, documentOf([works, { ...works, id: fresh, title: { en: 'Fresh' } }]))
    expect(places(report)).toEqual([])
    expect(
      await house.rows(`select title from records.record where id in ('${taken}', '${fresh}') order by title->>'en'`),
    ).toEqual([{ title: { en: 'Fresh' } }, { title: { en: 'Works' } }])
  })

  test('somebody who may not agree gets drafts, and a note that says so', async () => {
    const analyst: Caller = {
      ...systemCaller,
      system: false,
      account: newId(),
      grants: [{ role: 'analyst', organisations: null }],
    }
    const id = newId()
    const text = documentOf([
      {
        kind: 'strategy.objective',
        id,
        title: { en: 'Asked for' },
        level: 1,
        state: 'agreed',
        audience: 'public',
        organisation: taken,
        plan,
      },
    ])
    const report = await loadContent(house, text, { caller: analyst })
    expect(places(report)).toEqual([])
    const [row] = await house.rows(`select state, audience from records.record where id = '${id}'`)
    expect(row).toEqual({ state: 'draft', audience: 'organisation' })
    expect(report.notes.map((note) => note.code)).toContain('import.note.drafts')
    // Where the caller may do everything, the same file leads the record on.
    await loadContent(house, text)
    expect((await house.rows(`select state, audience from records.record where id = '${id}'`))[0]).toEqual({
      state: 'agreed',
      audience: 'public',
    })
  })

  test('a file of 0.1.0 with amounts in three fields brings them in as money', async () => {
    const [saved, counted] = [newId(), newId()]
    const report = await loadContent(
      house,
      documentOf(
        [
          {
            ...{ kind: 'benefits.benefit', id: saved, title: { en: 'Less travel' }, plan },
            ...{ fullValue: '1250000.5', currency: 'NOK', priceBaseYear: 2024 },
          },
          { kind: 'benefits.benefit', id: counted, title: { en: 'Fewer queues' }, plan, fullValue: '300' },
        ],
        false,
      ),
    )
    expect(places(report)).toEqual([])
    const worth = await read(house.ctx, 'benefits.benefit')
      .in({ id: [saved, counted] })
      .pick('worth', 'fullValue')
      .byId()
    expect(worth.get(saved)).toEqual({
      worth: { amount: '1250000.5', currency: 'NOK', priceYear: 2024 },
      fullValue: null,
    })
    expect(worth.get(counted)).toEqual({ worth: null, fullValue: '300' })
  })
})

test('whoever founds the city after its content has come takes over the city that is in it', async () => {
  const house = await openImportHouse()
  try {
    const city = newId()
    await loadContent(
      house,
      documentOf([
        {
          kind: 'directory.organisation',
          id: city,
          title: { en: 'Moved City' },
          organisationKind: 'city',
          sector: 'public',
        },
      ]),
    )
    const founding = {
      city: 'Moved City',
      timeZone: 'UTC',
      language: 'en',
      name: 'Ada',
      login: 'ada',
      password: 'a long phrase for founding',
    } as const
    await foundCity(house.app, { ...founding, code: (await setupCode(house.app))! })
    expect(await house.rows(`select organisation from directory.city`)).toEqual([{ organisation: city }])
    expect(await house.rows(`select id from directory.organisation`)).toEqual([{ id: city }])
  } finally {
    await house.close()
  }
})
