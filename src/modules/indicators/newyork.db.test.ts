/**
 * New York's management report through the whole import: recognised, saved, judged from what is stored, imported again,
 * taken back. The file is not ours to ship: the test runs where the sample data lies beside the repository.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { performance, type Target } from '#analysis/target.ts'
import { outlooksOf, outlookWords, rebuildForecasts, writerFor } from '#modules/indicators'
import { inTransaction } from '#platform/app.ts'
import { undo } from '#platform/records/index.ts'
import { cityData, fixtureProfile, type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import { isReadDecimal, parseDecimal } from '#values/decimal.ts'
import type { FigureFacts } from './rules-words.ts'

const folder = join(cityData, 'strategy')
const file = join(folder, 'nyc-mmr-tidy-indicators.csv')
const present = existsSync(file)
const title = present ? "New York's plan" : `New York's plan (skipped: ${folder} is not here)`

type Source = Record<string, string>
const read = (name: string): Source[] => parse(readFileSync(join(folder, name), 'utf8'), { columns: true })
const cell = (text: string | null | undefined): string | null => {
  const value = parseDecimal(text ?? '', '1234.5')
  return isReadDecimal(value) ? value.value : null
}

type Stored = {
  externalId: string
  id: string
  direction: 'up' | 'down'
  title: Record<string, string>
  unit: string | null
  valueKind: string | null
  organisation: string | null
  breakdownOf: string | null
  breakdownCell: string | null
  measurements: Array<{
    from: string
    to: string
    label: string
    value: string
    raw: string | null
    status: 'actual' | 'annualised'
  }>
  targets: Array<{ targetKind: string; value: string; from: string; setOn: string }>
}

describe.skipIf(!present)(title, () => {
  const profile = fixtureProfile('new-york')
  const source = present ? read('nyc-mmr-tidy-indicators.csv') : []
  let house: ImportHouse
  let first: Awaited<ReturnType<ImportHouse['bring']>>
  let stored: Map<string, Stored>

  beforeAll(async () => {
    if (!present) return
    house = await openImportHouse()
    first = await house.bring(file, profile, { name: 'nyc-mmr-tidy-indicators.csv' })
    const rows = await house.rows<Stored>(`
      select e.id as "externalId", i.id, i.direction, r.title, i.unit, i."valueKind", r.organisation, i."breakdownOf", i."breakdownCell",
        (select coalesce(jsonb_agg(jsonb_build_object('from', m."from", 'to', m."to", 'label', m.label, 'value', m.value::text, 'raw', m.raw, 'status', m.status)
          order by m."from"), '[]') from indicators.measurement m where m.record = i.id) as measurements,
        (select coalesce(jsonb_agg(jsonb_build_object('targetKind', t."targetKind", 'value', t.value::text, 'from', t."from", 'setOn', t."setOn")), '[]')
          from indicators.target t where t.record = i.id) as targets
      from indicators.indicator i join records.record r on r.id = i.id
      join records."externalId" e on e.record = i.id and e.source = 'nyc-mmr'`)
    stored = new Map(rows.map((row) => [row.externalId, row]))
  })
  afterAll(() => house?.close())

  const judged = (row: Source) => {
    const indicator = stored.get(row.ID!)!
    const [target] = indicator.targets
    const latest = indicator.measurements.find((each) => each.label === 'FY2023')
    if (!target || !latest) return 'unknown'
    return performance({ kind: target.targetKind, value: target.value } as Target, latest, {
      direction: indicator.direction,
    }).result
  }

  test('every row is taken: bodies, one plan, services over goals over indicators', () => {
    expect(first.problems.filter((problem) => problem.severity !== 'warn')).toEqual([])
    expect(first).toMatchObject({ rejected: 0, changed: 0, unchanged: 0, refused: null })
    expect(first.rows).toEqual({ read: 1139, left: 0, taken: 1139 })
    expect(first.kinds).toEqual({
      'directory.organisation': { created: 36, changed: 0, unchanged: 0 },
      'strategy.plan': { created: 1, changed: 0, unchanged: 0 },
      'strategy.objective': { created: 173 + 252, changed: 0, unchanged: 0 },
      'indicators.indicator': { created: 1139, changed: 0, unchanged: 0 },
    })
    expect(stored.size).toBe(1139)
  })

  test('performance against target, from what is stored, equals the published rating in 351 of 351 rows', () => {
    const rated = source.filter((row) => row.Success !== 'NA')
    expect(rated).toHaveLength(351)
    for (const row of rated) expect(judged(row), row.ID).toBe(row.Success === 'Met_Goal' ? 'met' : 'missed')
    for (const row of source.filter((each) => each.Success === 'NA')) expect(judged(row), row.ID).toBe('unknown')
  })

  test('the published averages follow from the raw cells that are kept', () => {
    const spans: Array<[string, string, string]> = [
      ['Avg3yr', 'FY2020', 'FY2022'],
      ['Avg5yr', 'FY2018', 'FY2022'],
    ]
    let checked = 0
    for (const row of source)
      for (const [column, from, to] of spans) {
        const cells = stored
          .get(row.ID!)!
          .measurements.filter((each) => each.label >= from && each.label <= to)
          .map((each) => Number(cell(each.raw ?? each.value)))
        const published = cell(row[column])
        expect(cells.length === 0, `${row.ID} ${column}`).toBe(published === null)
        if (published === null) continue
        const mean = cells.reduce((sum, each) => sum + each, 0) / cells.length
        expect(Math.abs(mean - Number(published)), `${row.ID} ${column}`).toBeLessThanOrEqual(
          1e-12 * Math.max(1, Math.abs(Number(published))),
        )
        checked += 1
      }
    expect(checked).toBeGreaterThan(2200)
  })

  test('met and not met by budget code equal the published counts of the 35 groups', () => {
    const groups = Map.groupBy(source, (row) => row['Agency.Number']!)
    const expected = read('nyc-mmr-outcomes-by-agency-expected.csv')
    expect(groups.size).toBe(35)
    expect(expected).toHaveLength(35)
    for (const group of expected) {
      const results = groups.get(group['Agency.Number']!)!.map(judged)
      expect(
        [results.filter((each) => each === 'met').length, results.filter((each) => each === 'missed').length],
        group['Agency.Number'],
      ).toEqual([Number(group.Met_Goal), Number(group.Did_Not_Meet)])
    }
  })

  test('identity and budget code are two things', async () => {
    const bodies = await house.rows<{ name: string; code: string }>(
      `select r.title->>'en' as name, o."budgetCode" as code from directory.organisation o join records.record r on r.id = o.id`,
    )
    expect(bodies).toHaveLength(36)
    expect(bodies.some((body) => body.name === 'NA')).toBe(false)
    expect(bodies.find((body) => body.name === 'Department of Education')!.code).toBe('40, 56')
    expect(bodies.filter((body) => body.code === '816')).toHaveLength(2)
  })

  test('rows without a body, districts, durations and the annualised year are handled and reported', () => {
    const all = [...stored.values()]
    expect(all.filter((each) => each.organisation === null)).toHaveLength(164)
    const parts = all.filter((each) => each.breakdownCell !== null)
    expect(parts).toHaveLength(177)
    expect(new Set(parts.map((each) => each.breakdownCell)).size).toBe(59)
    const parent = stored.get('940')!
    expect(parts.filter((each) => each.breakdownOf === parent.id)).toHaveLength(59)
    expect(parts.filter((each) => each.breakdownOf === null)).toHaveLength(118)
    expect(all.filter((each) => each.valueKind === 'duration' && each.unit === 's')).toHaveLength(23)
    const fires = stored.get('2491')!
    expect(fires.measurements[0]).toMatchObject({ label: 'FY2016', from: '2015-07-01', value: '251', raw: '4.11' })
    const latest = all.flatMap((each) => each.measurements.filter((value) => value.label === 'FY2023'))
    expect(latest).toHaveLength(1139)
    expect(latest.every((value) => value.status === 'annualised')).toBe(true)
    expect(all.every((each) => each.valueKind === null || ['percent', 'duration'].includes(each.valueKind))).toBe(true)
    expect(stored.get('3986')!.title.en).toMatch(/ – Below standard$/)
    const reported = Object.fromEntries(first.notes.map((note) => [note.code.split('.').at(-1), note.message]))
    expect(reported['no-organisation']).toContain('164 rows state no organisation')
    expect(reported.parts).toContain('177 rows are parts')
    expect(reported.parts).toContain('59 belong to an indicator of this file, 118 stand without one')
    expect(reported.durations).toContain('23 rows are durations')
    expect(reported.annualised).toContain('FY2023 is annualised from part of the year (1,139 values)')
    for (const what of ['vision', 'outcome', 'owner', 'baseline', 'unit'])
      expect(reported[`lacks-${what}`]).toBeDefined()
    expect(reported['group-objectives']).toContain('under outcomes that the city writes')
    expect(reported.codes).toContain('34 budget codes; 164 rows have none')
    expect(first.notes.every((note) => !note.message.startsWith('['))).toBe(true)
  })

  test('seven yearly values bear ranges and "too little history", and no chance at all', async () => {
    await rebuildForecasts({ database: house.app.database })
    const ids = [...stored.values()].map((each) => each.id)
    const outlooks = await outlooksOf({ ...house.ctx, now: () => new Date('2023-03-01T12:00:00Z') }, ids)
    expect(outlooks.size).toBe(1139)
    const rows = await house.rows<FigureFacts & { id: string; direction: 'up' | 'down' }>(
      'select id, "valueKind", unit, "unitLabel", decimals, direction, grain from indicators.indicator',
    )
    const say = house.app.registry.words.say('en')
    let ranges = 0
    for (const row of rows) {
      const outlook = outlooks.get(row.id)!
      expect(outlook.chance.given).toBe(null)
      expect(outlook.counted).toBeLessThan(12)
      if (outlook.counted === 0) continue
      const words = outlookWords(outlook, row, writerFor(row, say, 'en'))!
      expect(words.reasons.join(' ')).toContain('Too little history')
      expect(`${words.chance} ${words.reasons.join(' ')}`).not.toMatch(/about \d+ in 10/)
      if (!words.range) continue
      ranges += 1
      // The annualised year is foretold like any other that is not over.
      if (outlook.last!.label === 'FY2022') expect(outlook.steps[0]!.label).toBe('FY2023')
      expect(words.range).toMatch(/^For .*: roughly between .* How often such a range holds is not known/)
    }
    expect(ranges).toBeGreaterThan(700)
    expect((await house.rows('select 1 from indicators.forecast where misses is not null')).length).toBe(0)
  })

  test('a trial and a second import find nothing to change', async () => {
    for (const options of [{ dryRun: true }, {}]) {
      const again = await house.bring(file, profile, { name: 'nyc-mmr-tidy-indicators.csv', ...options })
      expect(again).toMatchObject({
        created: 0,
        changed: 0,
        rejected: 0,
        unchanged: 36 + 1 + 425 + 1139,
        changeSet: null,
      })
    }
    const sets = await house.rows(`select 1 from records."changeSet" where source like 'import:%'`)
    expect(sets).toHaveLength(1)
  })

  test('taking it back leaves nothing, and the file can come again', async () => {
    const taken = await inTransaction(house.ctx, (ctx) =>
      undo(ctx, first.changeSet!, { mode: 'possible', source: 'undo import' }),
    )
    expect(taken.conflicts).toEqual([])
    expect(taken.undone).toBe(first.created)
    const left = await house.rows<{ what: string; n: string }>(`
      select 'record' as what, count(*) as n from records.record where "retiredAt" is null
      union all select 'measurement', count(*) from indicators.measurement
      union all select 'target', count(*) from indicators.target
      union all select 'external id', count(*) from records."externalId"
      union all select 'link', count(*) from records.link
      union all select 'staged', count(*) from imports.row`)
    expect(Object.fromEntries(left.map(({ what, n }) => [what, Number(n)]))).toEqual({
      record: 0,
      measurement: 0,
      target: 0,
      'external id': 0,
      link: 0,
      staged: 0,
    })
    const third = await house.bring(file, profile)
    expect(third).toMatchObject({ created: first.created, rejected: 0 })
  })
})
