/** What an import makes of tables of indicators: what rows say of an indicator, where they contradict, what a second file changes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '#platform/app.ts'
import { newId, write } from '#platform/records/index.ts'
import {
  bytesOf,
  codesOf as codes,
  type ImportHouse,
  openImportHouse,
  profileOf,
  seriesRow as row,
  seriesMapping as series,
  seriesTable as table,
} from '#test/kit/imports.ts'

describe('a table of indicators', () => {
  let house: ImportHouse
  const profile = profileOf(series)
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())

  const bring = (text: string, options: Parameters<ImportHouse['bring']>[2] = {}, as = profile) =>
    house.bring(bytesOf(text), as, options)

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

  test('an unknown body or post is reported with the closest name', async () => {
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
})
