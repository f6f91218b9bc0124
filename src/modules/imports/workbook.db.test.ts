/** A workbook through the whole import: several sheets and kinds at once, the same result as text, taken back as one. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ImportHouse, openImportHouse, profileOf } from '#test/kit/imports.ts'
import { handMade, piecesOf, rowsXml, written } from '#test/kit/workbooks.ts'
import { undoImport } from './actions-runs.ts'

const source = 'office'
const office = profileOf({
  name: 'Programme office',
  version: 1,
  tables: [
    {
      kind: 'directory.organisation',
      file: { sheet: 'Bodies' },
      columns: {
        Body: { to: 'title', required: true },
        Kind: { to: 'organisationKind' },
        Sector: { to: 'sector' },
        'Part of': { to: 'parent' },
      },
      externalId: { source, columns: ['Body'] },
    },
    {
      kind: 'directory.post',
      file: { sheet: 'Posts', optional: true },
      columns: { Post: { to: 'title' }, Body: { to: 'organisation' } },
      externalId: { source, columns: ['Post'] },
    },
    {
      kind: 'strategy.outcome',
      file: { sheet: 'Outcomes' },
      columns: {
        Outcome: { to: 'title', required: true },
        Chinese: { to: 'title.zh-Hans' },
        Headline: { to: 'headline' },
        Rule: { to: 'rule' },
        Body: { to: 'organisation' },
      },
      externalId: { source, columns: ['No'] },
    },
    {
      kind: 'strategy.objective',
      file: { sheet: 'Objectives' },
      columns: {
        Objective: { to: 'title' },
        Level: { to: 'level', as: 'number' },
        Under: { to: 'links.under' },
        Serves: { to: 'links.contributesTo' },
        Weight: { to: 'links.contributesTo.weight', as: 'number' },
      },
      externalId: { source, columns: ['No'] },
    },
    {
      file: { sheet: 'Values' },
      columns: {
        Indicator: { to: 'indicator.title', required: true },
        Unit: { to: 'indicator.unit' },
        Outcome: { to: 'outcome.id' },
        2022: { to: 'measurement.value', as: 'period-value', period: '2022' },
        2023: { to: 'measurement.value', as: 'period-value', period: '2023' },
      },
      unpivot: { period: 'measurement.period' },
      externalId: { source, columns: ['Indicator'] },
    },
  ],
})

type Rows = Array<Array<string | number | null>>
const sheets = (change: Partial<Record<string, Rows>> = {}) => {
  const rows: Record<string, Rows> = {
    Bodies: [
      ['Body', 'Kind', 'Sector', 'Part of'],
      ['Parks', 'Department', 'public', 'The town'],
      ['The town', 'city', '公共部门', null],
    ],
    Posts: [
      ['Post', 'Body'],
      ['Head of parks', 'Parks'],
    ],
    Outcomes: [
      ['No', 'Outcome', 'Chinese', 'Headline', 'Rule', 'Body'],
      ['O1', 'Clean parks', '干净的公园', 'yes', 'All its indicators meet their targets', 'Parks'],
      ['O2', 'Quiet nights', null, 'no', null, 'Parks'],
    ],
    Objectives: [
      ['No', 'Objective', 'Level', 'Under', 'Serves', 'Weight'],
      ['B1', 'Bins that are emptied', 2, 'B2', 'Clean parks', 60],
      ['B2', 'Less litter', 1, null, 'O1; Quiet nights', null],
    ],
    Values: [
      ['Indicator', 'Unit', 'Outcome', '2022', '2023'],
      ['Litter picked up', 't', 'O1', 12.5, 13],
      ['Noise at night', 'dB', 'O2', 44, null],
    ],
    ...change,
  }
  return handMade({
    sheets: Object.entries(rows).map(([name, of]) => ({ name, rows: rowsXml(of) })),
  })
}

describe('a workbook of a programme office', () => {
  let house: ImportHouse
  let first: Awaited<ReturnType<ImportHouse['bring']>>
  const bring = async (bytes: Buffer, options: Parameters<ImportHouse['bring']>[2] = {}) =>
    house.bring(piecesOf(bytes), office, { name: 'office.xlsx', ...options })
  beforeAll(async () => {
    house = await openImportHouse()
    first = await bring(await sheets())
  })
  afterAll(() => house.close())

  test('every sheet becomes records of its kind, in one change set', async () => {
    expect(first.problems).toEqual([])
    expect(first.kinds).toEqual({
      'directory.organisation': { created: 2, changed: 0, unchanged: 0 },
      'directory.post': { created: 1, changed: 0, unchanged: 0 },
      'strategy.outcome': { created: 2, changed: 0, unchanged: 0 },
      'strategy.objective': { created: 2, changed: 0, unchanged: 0 },
      'indicators.indicator': { created: 2, changed: 0, unchanged: 0 },
    })
    expect(first.notes.map(({ message }) => message).join()).toContain(
      'sheets Bodies, Posts, Outcomes, Objectives, Values',
    )
    const sets = await house.rows(`select distinct "changeSet" from records.entry where "changeSet" = $1`, [
      first.changeSet,
    ])
    expect(sets).toHaveLength(1)
  })

  test('choices by what they are called, references by name and number, links with weights, both languages', async () => {
    const bodies =
      await house.rows(`select r.title->>'en' as title, o."organisationKind", o.sector, p.title->>'en' as parent
      from directory.organisation o join records.record r on r.id = o.id left join records.record p on p.id = o.parent
      where r.title->>'en' in ('Parks', 'The town') order by 1`)
    expect(bodies).toEqual([
      { title: 'Parks', organisationKind: 'department', sector: 'public', parent: 'The town' },
      { title: 'The town', organisationKind: 'city', sector: 'public', parent: null },
    ])
    const outcomes =
      await house.rows(`select r.title, o.headline, o.rule, b.title->>'en' as body from strategy.outcome o
      join records.record r on r.id = o.id join records.record b on b.id = r.organisation order by r.title->>'en'`)
    expect(outcomes).toEqual([
      { title: { en: 'Clean parks', 'zh-Hans': '干净的公园' }, headline: true, rule: 'all', body: 'Parks' },
      { title: { en: 'Quiet nights' }, headline: false, rule: null, body: 'Parks' },
    ])
    const links =
      await house.rows(`select l.name, f.title->>'en' as "from", t.title->>'en' as "to", l.weight from records.link l
      join records.record f on f.id = l."from" join records.record t on t.id = l."to" order by 1, 2, 3`)
    expect(links).toEqual([
      { name: 'indicators.indicator.measures', from: 'Litter picked up', to: 'Clean parks', weight: null },
      { name: 'indicators.indicator.measures', from: 'Noise at night', to: 'Quiet nights', weight: null },
      { name: 'strategy.objective.contributesTo', from: 'Bins that are emptied', to: 'Clean parks', weight: '60' },
      { name: 'strategy.objective.contributesTo', from: 'Less litter', to: 'Clean parks', weight: null },
      { name: 'strategy.objective.contributesTo', from: 'Less litter', to: 'Quiet nights', weight: null },
      { name: 'strategy.objective.under', from: 'Bins that are emptied', to: 'Less litter', weight: null },
    ])
  })

  test('the same workbook again changes nothing; a changed cell changes its record alone', async () => {
    const again = await bring(await sheets(), { dryRun: true })
    expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 9, rejected: 0 })
    const changed = await bring(
      await sheets({
        Objectives: [
          ['No', 'Objective', 'Level', 'Under', 'Serves', 'Weight'],
          ['B1', 'Bins that are emptied', 2, 'B2', 'Clean parks', 70],
        ],
      }),
      { dryRun: true },
    )
    expect(changed.kinds['strategy.objective']).toEqual({ created: 0, changed: 1, unchanged: 0 })
  })

  test('what is wrong is named by sheet and cell, and the rest is taken', async () => {
    const report = await bring(
      await sheets({
        Bodies: [
          ['Body', 'Kind', 'Sector', 'Part of'],
          ['Roads', 'ministry', 'public', null],
          ['Lights', 'department', 'public', 'The twon'],
        ],
        Outcomes: [
          ['No', 'Outcome', 'Chinese', 'Headline', 'Rule', 'Body'],
          ['O9', 'Bright streets', null, null, null, 'Roads'],
          ['O1', 'Clean parks', '干净的公园', 'yes', 'all', 'Parks'],
          ['O1', 'Cleaner parks', null, null, null, null],
        ],
        Values: [
          ['Indicator', 'Unit', 'Outcome', '2022', '2023'],
          ['Litter picked up', 't', 'O1', 'much', 13],
        ],
      }),
      { dryRun: true },
    )
    expect(report.problems.map(({ sheet, cell, row, code }) => [sheet, cell, row, code])).toEqual([
      ['Bodies', 'B2', 2, 'field.not-a-choice'],
      ['Bodies', 'D3', 3, 'import.unknown-name'],
      ['Outcomes', 'F2', 2, 'import.unknown-name'],
      ['Outcomes', undefined, 4, 'import.duplicate-id'],
      ['Values', 'D2', 2, 'cell.not-a-number'],
    ])
    const reported = report.problems.map(({ message }) => message)
    expect(reported.find((text) => text.includes('twon'))).toBe(
      'Sheet “Bodies”, D3: Line 3, column “Part of”: nothing here is called “The twon”. Did you mean “The town”? Correct the name, write its code, add it first, or leave the cell empty.',
    )
    expect(reported.find((text) => text.includes('O1'))).toContain('same identifier “O1” as line 3')
  })

  test('a sheet that may be missing is passed over, another one is asked for by name', async () => {
    const bytes = await handMade({
      sheets: [
        {
          name: 'Bodies',
          rows: rowsXml([
            ['Body', 'Kind', 'Sector', 'Part of'],
            ['Zoo', 'agency', 'public', null],
          ]),
        },
      ],
    })
    const report = await bring(bytes, { dryRun: true })
    expect(report.refused).toBe('stopped')
    expect(report.problems.map(({ code, message }) => [code, message.includes('Outcomes')])).toEqual([
      ['workbook.sheet-missing', true],
    ])
  })

  test('sheets that no mapping names are reported', async () => {
    const report = await bring(await sheets({ Ideas: [['Idea'], ['More benches']] }), { dryRun: true })
    expect(report.problems).toMatchObject([{ code: 'workbook.other-sheets', severity: 'warn' }])
    expect(report.problems[0]!.message).toContain('(Ideas)')
  })

  test('taking it back takes all of it back', async () => {
    await undoImport(house.ctx, first.run)
    const left = await house.rows(
      `select 1 from records."externalId" e join records.record r on r.id = e.record
      where e.source = $1 and r."retiredAt" is null`,
      [source],
    )
    expect(left).toEqual([])
  })
})

describe('what a mapping of a kind must say', () => {
  let house: ImportHouse
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())
  const trial = async (table: Record<string, unknown>) => {
    const bytes = await written({
      sheets: [
        {
          name: 'S',
          headerRows: 1,
          columns: [],
          rows: [
            ['Name', 'Code'],
            ['x', 'OUT-0001'],
          ],
        },
      ],
    })
    const report = await house.bring(piecesOf(bytes), profileOf({ name: 'P', version: 1, ...table }))
    return report.problems.map(({ code, message }) => [code, message])
  }
  const externalId = { source: 's', columns: ['Name'] }

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'a kind that exists',
      { kind: 'strategy.outcom', columns: {}, ignore: ['Name', 'Code'] },
      'import.profile-unknown-kind',
      /Did you mean “strategy\.outcome”/,
    ],
    [
      'targets of the kind',
      { kind: 'strategy.outcome', columns: { Name: { to: 'titl' }, Code: { to: 'title' } }, externalId },
      'import.profile-unknown-target',
      /“Name” the meaning “titl”.*Did you mean “title”/,
    ],
    [
      'an identity',
      { kind: 'strategy.outcome', columns: { Name: { to: 'title' } }, ignore: ['Code'] },
      'import.profile-no-identity',
      /externalId/,
    ],
    [
      'a name',
      { kind: 'strategy.outcome', columns: { Code: { to: 'description' } }, externalId },
      'import.profile-no-title',
      /“title”/,
    ],
    [
      'codes that exist',
      { kind: 'strategy.outcome', columns: { Name: { to: 'title' }, Code: { to: 'code' } } },
      'import.unknown-code',
      /no record with the code “OUT-0001”/,
    ],
  ])('%s', async (_name, table, code, message) => {
    const problems = await trial(table)
    expect(problems.map(([each]) => each)).toEqual([code])
    expect(problems[0]![1]).toMatch(message)
  })
})
