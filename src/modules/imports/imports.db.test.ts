/** What comes into an import beside good files, and how an import behaves when it is taken apart. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { inTransaction } from '#platform/app.ts'
import type { Caller } from '#platform/caller.ts'
import { editedSince, getRun } from '#platform/imports/index.ts'
import { newId, write } from '#platform/records/index.ts'
import {
  bytesOf,
  codesOf as codes,
  seriesHeader as header,
  type ImportHouse,
  importOffers,
  openImportHouse,
  profileOf,
  seriesRow as row,
  seriesMapping as series,
  seriesTable as table,
} from '#test/kit/imports.ts'
import { undoImport } from './actions-runs.ts'

describe('an import of a table', () => {
  let house: ImportHouse
  const profile = profileOf(series)
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())

  const bring = (text: string, options: Parameters<ImportHouse['bring']>[2] = {}, as = profile) =>
    house.bring(bytesOf(text), as, options)
  const standing = async () =>
    Number(
      (await house.rows<{ n: string }>(`select count(*) as n from records.record where "retiredAt" is null`))[0]!.n,
    )

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
    expect((await editedSince(house.ctx, report.changeSet!, 10)).map((each) => each.code)).toEqual([kept!.code])
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

describe('what rows become', () => {
  let house: ImportHouse
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())

  test('the first subject may go without its name', async () => {
    const [plain, named] = [profileOf(series), profileOf({ ...series, kind: importOffers.subjects[0]!.name })]
    expect(await house.bring(bytesOf(table(row('s1'))), plain)).toMatchObject({ created: 1, rejected: 0 })
    expect(await house.bring(bytesOf(table(row('s1'))), named)).toMatchObject({ created: 0, changed: 0, unchanged: 1 })
  })

  test('records that a row names are made once, kept as people put them, and lead to a vision', async () => {
    const plan = profileOf({
      ...series,
      columns: {
        ...series.columns,
        kind: { to: 'organisation.organisationKind' },
        outcome: { to: 'outcome.title' },
        area: { to: 'serviceArea.title' },
        goal: { to: 'objective.title' },
      },
      constants: { 'plan.title': 'Plan 2030', 'organisation.sector': 'Public' },
    })
    const text = [
      `${header},kind,outcome,area,goal`,
      `${row('n1', { organisation: 'Parks' })},Department,Clean parks,Litter,Less litter`,
      `${row('n2', { organisation: 'parks' })},,Clean parks,Litter,More bins`,
    ].join('\n')
    const first = await house.bring(bytesOf(text), plan)
    expect(first.problems.filter(({ severity }) => severity !== 'warn')).toEqual([])
    const created = (report: typeof first) =>
      Object.fromEntries(Object.entries(report.kinds).map(([kind, counts]) => [kind, counts.created]))
    expect(created(first)).toEqual({
      'directory.organisation': 1,
      'strategy.plan': 1,
      'strategy.outcome': 1,
      'strategy.objective': 3,
      'indicators.indicator': 2,
    })
    const above = await house.rows(`select f.title->>'en' as "from", t.title->>'en' as "to" from records.link l
      join records.record f on f.id = l."from" join records.record t on t.id = l."to" order by 1, 2`)
    expect(above).toEqual([
      { from: 'Indicator n1', to: 'Less litter' },
      { from: 'Indicator n2', to: 'More bins' },
      { from: 'Less litter', to: 'Litter' },
      { from: 'Litter', to: 'Clean parks' },
      { from: 'More bins', to: 'Litter' },
    ])
    const [made] = await house.rows(
      `select p.levels, o."organisationKind", o.sector from strategy.plan p, directory.organisation o`,
    )
    expect(made).toEqual({ levels: [{ en: 'area' }, { en: 'goal' }], organisationKind: 'department', sector: 'public' })
    // A person words a goal anew; its identity is the path in the file, so the next file leaves the words alone.
    const [goal] = await house.rows<{ id: string }>(`select id from records.record where title->>'en' = 'Less litter'`)
    await inTransaction(house.ctx, (ctx) =>
      write(ctx, { source: 'page' }, [
        { kind: 'strategy.objective', action: 'change', id: goal!.id, values: { title: 'Litter is rare' } },
      ]),
    )
    expect(await house.bring(bytesOf(text), plan)).toMatchObject({ created: 0, changed: 0, rejected: 0 })
    expect(await house.rows(`select title->>'en' as title from records.record where id = $1`, [goal!.id])).toEqual([
      { title: 'Litter is rare' },
    ])
  })
})
