/** What comes into an import beside good files, and how an import behaves when it is taken apart. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction } from '#platform/app.ts'
import type { Caller } from '#platform/caller.ts'
import { getRun } from '#platform/imports/index.ts'
import { newId, write } from '#platform/records/index.ts'
import { bytesOf, type ImportHouse, openImportHouse, profileOf } from '#test/kit/imports.ts'
import { editedSince, undoImport } from './actions-import-runs.ts'

const series = {
  name: 'Series',
  version: 1,
  columns: {
    id: { to: 'indicator.libraryNumber' },
    name: { to: 'indicator.title', required: true },
    organisation: { to: 'organisation.name' },
    post: { to: 'owner.post' },
    unit: { to: 'indicator.unit' },
    period: { to: 'measurement.period', as: 'period', required: true },
    value: { to: 'measurement.value', as: 'number' },
    day: { to: 'measurement.asOfOn', as: 'day', days: 'day-month-year' },
  },
  externalId: { source: 'test', columns: ['id'] },
}
const header = 'id,name,organisation,post,unit,period,value,day'
const table = (...rows: string[]) => [header, ...rows].join('\n')
const row = (id: string, rest: Partial<Record<string, string>> = {}) =>
  [
    id,
    rest.name ?? `Indicator ${id}`,
    rest.organisation ?? '',
    rest.post ?? '',
    rest.unit ?? 'h',
    rest.period ?? '2024',
    rest.value ?? '1',
    rest.day ?? '',
  ].join(',')

describe('an import of a table', () => {
  let house: ImportHouse
  const profile = profileOf(series)
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())

  const bring = (text: string, options: Parameters<ImportHouse['bring']>[2] = {}, as = profile) =>
    house.bring(bytesOf(text), as, options)
  const codes = (report: { problems: ReadonlyArray<{ row: number | null; column: string | null; code: string }> }) =>
    report.problems.map(({ row, column, code }) => [row, column, code])
  const standing = async () =>
    Number(
      (await house.rows<{ n: string }>(`select count(*) as n from records.record where "retiredAt" is null`))[0]!.n,
    )

  test('valid rows are taken and wrong ones named by row and column, in words that say how to mend them', async () => {
    const report = await bring(
      table(
        row('a1'),
        row('a2', { value: 'many' }),
        row('a3', { day: '31/02/2024' }),
        row('a4', { unit: 'per person' }),
        row('a5', { period: 'some day' }),
        row('a6', { name: '' }),
      ),
    )
    expect(report).toMatchObject({ created: 1, changed: 0, rejected: 5, rows: { read: 6, left: 0, taken: 1 } })
    expect(codes(report)).toEqual([
      [3, 'value', 'cell.not-a-number'],
      [4, 'day', 'cell.day-impossible'],
      [5, 'unit', 'import.not-a-unit'],
      [6, 'period', 'cell.not-a-period'],
      [7, 'name', 'cell.required'],
    ])
    for (const problem of report.problems) expect(problem.message).toContain(`ine ${problem.row}`)
  })

  test('all or nothing leaves nothing, and still names every problem', async () => {
    const before = await standing()
    const report = await bring(table(row('n1'), row('n2', { value: 'x' }), row('n3', { organisation: 'Nobody' })), {
      allOrNothing: true,
    })
    expect(report).toMatchObject({ created: 0, rejected: 2, refused: 'all-or-nothing', changeSet: null })
    expect(codes(report).map(([at]) => at)).toEqual([3, 4])
    expect(await standing()).toBe(before)
  })

  test('a trial says what would happen and writes nothing', async () => {
    const before = await standing()
    expect(await bring(table(row('t1'), row('t2')), { dryRun: true })).toMatchObject({
      created: 2,
      dryRun: true,
      changeSet: null,
    })
    expect(await standing()).toBe(before)
    expect(await bring(table(row('t1'), row('t2')))).toMatchObject({ created: 2 })
  })

  test('an unknown body or post is told with the name most like it', async () => {
    await inTransaction(house.ctx, async (ctx) => {
      const body = newId()
      await write(ctx, { source: 'test' }, [
        {
          kind: 'directory.organisation',
          action: 'create',
          id: body,
          values: { title: 'Parks Department', organisationKind: 'department', sector: 'public', organisation: body },
        },
        { kind: 'directory.post', action: 'create', values: { title: 'Head of Trees', organisation: body } },
      ])
    })
    const report = await bring(
      table(
        row('u1', { organisation: 'parks  department', post: 'Head of Trees' }),
        row('u2', { organisation: 'Park Department' }),
        row('u3', { organisation: 'Parks Department', post: 'Head of Treees' }),
        row('u4', { organisation: 'Zoo' }),
      ),
    )
    expect(report).toMatchObject({ created: 1, rejected: 3 })
    expect(codes(report)).toEqual([
      [3, 'organisation', 'import.unknown-organisation'],
      [4, 'post', 'import.unknown-post'],
      [5, 'organisation', 'import.unknown-organisation'],
    ])
    expect(report.problems[0]!.message).toContain('“Parks Department”')
    expect(report.problems[1]!.message).toContain('“Head of Trees”')
    expect(report.problems[2]!.message).not.toContain('Did you mean')
    const [made] = await house.rows<{ owned: boolean; held: boolean }>(
      `select r.owner is not null as owned, r.organisation is not null as held from records.record r
       join records."externalId" e on e.record = r.id where e.id = 'u1'`,
    )
    expect(made).toEqual({ owned: true, held: true })
  })

  test('a second value for one period and contradicting rows are refused with the line they clash with', async () => {
    const report = await bring(
      table(
        row('d1', { value: '1' }),
        row('d1', { value: '2' }),
        row('d1', { period: '2025', unit: 'km' }),
        row('d1', { period: '2026', value: '3' }),
      ),
    )
    expect(report).toMatchObject({ created: 1, rejected: 2, rows: { taken: 2 } })
    expect(codes(report)).toEqual([
      [3, null, 'import.duplicate-value'],
      [4, 'unit', 'import.differs'],
    ])
    expect(report.problems[0]!.message).toContain('line 2')
  })

  test('two rows of a wide table with one identifier are duplicates', async () => {
    const wide = profileOf({
      name: 'Wide',
      version: 1,
      columns: {
        Name: { to: 'indicator.title' },
        '2023': { to: 'measurement.value', as: 'period-value', period: '2023' },
        '2024': { to: 'measurement.value', as: 'period-value', period: '2024' },
      },
      unpivot: { period: 'measurement.period' },
      externalId: { source: 'wide', columns: ['ID'] },
    })
    const report = await bring('ID,Name,2023,2024\nw1,One,1,2\nw2,Two,3,4\nw1,One again,5,6\n', {}, wide)
    expect(report).toMatchObject({ created: 2, rejected: 1 })
    expect(codes(report)).toEqual([[4, null, 'import.duplicate-id']])
  })

  test('the next import updates what changed, counts the revision up, and leaves what people wrote', async () => {
    await bring(table(row('r1', { value: '5' }), row('r1', { period: '2025', value: '6' }), row('r2')))
    const [indicator] = await house.rows<{ id: string }>(
      `select record as id from records."externalId" where source = 'test' and id = 'r1'`,
    )
    await inTransaction(house.ctx, (ctx) =>
      write(ctx, { source: 'page' }, [
        {
          kind: 'indicators.indicator',
          action: 'change',
          id: indicator!.id,
          values: { title: { en: 'Indicator r1', 'zh-Hans': '指标一' }, definition: 'Written by hand' },
        },
      ]),
    )
    const report = await bring(table(row('r1', { value: '5.5' }), row('r1', { period: '2025', value: '6' }), row('r2')))
    expect(report).toMatchObject({ created: 0, changed: 1, unchanged: 1 })
    const values = await house.rows(
      `select label, value, revision from indicators.measurement where record = $1 order by label`,
      [indicator!.id],
    )
    expect(values).toEqual([
      { label: '2024', value: '5.5', revision: 2 },
      { label: '2025', value: '6', revision: 1 },
    ])
    const [kept] = await house.rows<{ title: Record<string, string>; definition: Record<string, string> }>(
      `select r.title, i.definition from indicators.indicator i join records.record r on r.id = i.id where i.id = $1`,
      [indicator!.id],
    )
    expect(kept).toEqual({ title: { en: 'Indicator r1', 'zh-Hans': '指标一' }, definition: { en: 'Written by hand' } })
    const other = await bring(table(row('r1', { unit: 'km', period: '2026' })))
    expect(codes(other)).toEqual([[2, 'unit', 'import.unit-differs']])
  })

  test('series for a number that nobody knows are refused, with the number most like it', async () => {
    const values = profileOf({
      name: 'Values',
      version: 1,
      columns: { period: { to: 'measurement.period', as: 'period' }, value: { to: 'measurement.value', as: 'number' } },
      externalId: { source: 'test', columns: ['id'] },
    })
    await bring(table(row('known-1')))
    const report = await bring('id,period,value\nknown-1,2025,4\nknwon-1,2025,4\n', {}, values)
    expect(report).toMatchObject({ created: 0, changed: 1, rejected: 1 })
    expect(codes(report)).toEqual([[3, 'id', 'import.unknown-indicator']])
    expect(report.problems[0]!.message).toContain('“known-1”')
  })

  test('numbers of another format are refused, not guessed', async () => {
    const german = profileOf({ ...series, name: 'German', numberFormat: '1.234,5', file: { delimiter: ';' } })
    const text = (...rows: string[]) => [header, ...rows].join('\n').replaceAll(',', ';')
    const report = await bring(
      `${text(row('g1', { value: '7' }))}\ng2;Two;;;h;2024;1.234,5;\ng3;Three;;;h;2024;1,234.5;\n`,
      {},
      german,
    )
    expect(codes(report)).toEqual([[4, 'value', 'cell.other-number-format']])
    const [stored] = await house.rows<{ value: string }>(
      `select m.value from indicators.measurement m join records."externalId" e on e.record = m.record where e.id = 'g2'`,
    )
    expect(stored!.value).toBe('1234.5')
  })

  test('Latin-1 is read and said, ragged rows are named', async () => {
    const latin = Buffer.from(table(row('l1', { name: 'Straßenlänge' }), 'l2,short'), 'latin1')
    const report = await house.bring(
      (async function* () {
        yield latin
      })(),
      profile,
    )
    expect(report).toMatchObject({ created: 1, rejected: 1 })
    expect(report.problemCounts['file.encoding-guessed']).toBe(1)
    expect(codes(report)).toContainEqual([3, 'organisation', 'row.too-few-cells'])
    const [made] = await house.rows<{ title: string }>(
      `select r.title->>'en' as title from records.record r join records."externalId" e on e.record = r.id where e.id = 'l1'`,
    )
    expect(made!.title).toBe('Straßenlänge')
  })

  test('50,000 problems are counted, the first thousand listed, and the good row is taken', async () => {
    const report = await bring(
      table(...Array.from({ length: 50_000 }, (_, index) => row(`m${index}`, { value: 'x' })), row('good')),
    )
    expect(report).toMatchObject({ created: 1, rejected: 50_000, problemCounts: { 'cell.not-a-number': 50_000 } })
    expect(report.problems).toHaveLength(1000)
    expect(report.notes.some((note) => note.message.startsWith('49,000 further problems'))).toBe(true)
  })

  test('a file that cannot be read to its end is not taken at all', async () => {
    const before = await standing()
    const report = await bring(`${table(row('q1'), row('q2'))}\nq3,"never closed,,,h,2024,1,\n${row('q4')}`)
    expect(report).toMatchObject({ created: 0, refused: 'stopped', changeSet: null })
    expect(report.problems.at(-1)).toMatchObject({ code: 'row.quote-not-closed', severity: 'stop' })
    expect(await standing()).toBe(before)
    for (const text of ['', 'PK\u0003\u0004', '<!doctype html><html></html>'])
      expect(await bring(text)).toMatchObject({ created: 0, refused: 'stopped' })
  })

  test('a profile without identity, or without the column it names, takes nothing', async () => {
    const { externalId: _, ...without } = series
    expect(codes(await bring(table(row('x1')), {}, profileOf(without)))).toContainEqual([
      null,
      null,
      'import.profile-no-identity',
    ])
    const report = await bring('id,name\nx1,One\n')
    expect(report.refused).toBe('stopped')
    expect(report.problemCounts['header.column-missing']).toBe(6)
  })

  test('taking an import back leaves what was edited since, and lists it', async () => {
    const report = await bring(table(row('b1'), row('b2')))
    const [kept] = await house.rows<{ id: string; code: string }>(
      `select r.id, r.code from records.record r join records."externalId" e on e.record = r.id where e.id = 'b1'`,
    )
    await inTransaction(house.ctx, (ctx) =>
      write(ctx, { source: 'page' }, [
        { kind: 'indicators.indicator', action: 'change', id: kept!.id, values: { definition: 'Written since' } },
      ]),
    )
    expect((await editedSince(house.ctx, report.changeSet!)).map((each) => each.code)).toEqual([kept!.code])
    await undoImport(house.ctx, report.run)
    const run = await getRun(house.ctx, report.run)
    expect(run.undo).toMatchObject({ undone: 1 })
    expect(run.undo!.kept.map((each) => each.code)).toEqual([kept!.code])
    await expect(undoImport(house.ctx, report.run)).rejects.toMatchObject({ kind: 'Conflict' })
  })

  test('what a dead import had staged is swept, and it is shown as ended', async () => {
    const report = await bring(table(row('s1')))
    await house.rows(`update imports.run set state = 'running', "beatAt" = now() - interval '1 hour' where id = $1`, [
      report.run,
    ])
    await house.rows(
      `insert into imports.row (run, step, key, slot, line, content) values ($1, 20, 'k', '', 2, '{}')`,
      [report.run],
    )
    expect((await getRun(house.ctx, report.run)).state).toBe('failed')
    await bring(table(row('s1')))
    expect(await house.rows(`select 1 from imports.row`)).toEqual([])
    expect(await house.rows(`select state from imports.run where id = $1`, [report.run])).toEqual([{ state: 'failed' }])
  })

  test('what the gate refuses keeps its whole row out, and what only that row asked for', async () => {
    const planned = profileOf({
      ...series,
      columns: { ...series.columns, goal: { to: 'objective.title' } },
      constants: { 'plan.title': 'A plan' },
    })
    const long = 'x'.repeat(401)
    const report = await bring(
      [`${header},goal`, `${row('p1')},Clean water`, `${row('p2', { name: long })},Only asked for by p2`].join('\n'),
      {},
      planned,
    )
    expect(report.kinds['strategy.objective']).toEqual({ created: 1, changed: 0, unchanged: 0 })
    expect(codes(report)).toEqual([[3, 'name', 'field.too-long']])
  })
})

describe('who imports', () => {
  let house: ImportHouse
  const profile = profileOf(series)
  beforeEach(async () => {
    house = await openImportHouse()
    return () => house.close()
  })

  test('the import may do what its caller may, and no more', async () => {
    const [mine, theirs] = [newId(), newId()]
    const body = (id: string, title: string) => ({
      kind: 'directory.organisation',
      action: 'create',
      id,
      values: { title, organisationKind: 'agency', sector: 'public', organisation: id },
    })
    await inTransaction(house.ctx, (ctx) =>
      write(ctx, { source: 'test' }, [body(mine, 'Mine'), body(theirs, 'Theirs')]),
    )
    const analyst: Caller = {
      account: null,
      person: null,
      posts: [],
      grants: [{ role: 'analyst', organisations: [mine] }],
      system: false,
    }
    // Bodies are for partners by default, so that both are known by name.
    const signedIn = { ...analyst, account: newId() }
    const text = table(row('a', { organisation: 'Mine' }), row('b', { organisation: 'Theirs' }), row('c'))
    const report = await house.bring(bytesOf(text), profile, { caller: signedIn })
    expect(report).toMatchObject({ created: 1, rejected: 2 })
    expect(report.problems.map((problem) => problem.code)).toEqual(['identity.not-allowed', 'identity.not-allowed'])
    // What others keep is neither shown nor touched.
    await house.bring(bytesOf(table(row('b', { organisation: 'Theirs' }))), profile)
    const again = await house.bring(bytesOf(table(row('b', { organisation: 'Theirs', value: '9' }))), profile, {
      caller: signedIn,
    })
    expect(again.problems.map((problem) => problem.code)).toEqual(['import.not-yours'])
    const [run] = await house.rows<{ source: string; account: string | null }>(
      `select source, account from records."changeSet" where id = $1`,
      [report.changeSet],
    )
    expect(run).toEqual({ source: 'import:table.csv', account: signedIn.account })
  })
})
