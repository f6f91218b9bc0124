/** The template as a workbook, and a large table that gives the same as a workbook and as text. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '#kernel/words.ts'
import type { WorkbookCell, WorkbookRow } from '#platform/workbook/index.ts'
import { cityData, fixtureProfile, type ImportHouse, importOffers, openImportHouse } from '#test/kit/imports.ts'
import { piecesOf, written } from '#test/kit/workbooks.ts'
import { mappingFor } from './actions-files.ts'
import { templateSheets, templateWorkbook } from './queries-template.ts'

describe.each(languages)('the template as a workbook, in %s', (language) => {
  let house: ImportHouse
  beforeAll(async () => {
    house = await openImportHouse()
  })
  afterAll(() => house.close())

  /** The template with rows written below its examples, by key of the column. */
  const filled = (rows: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, WorkbookCell>>>>> = {}) => {
    const content = templateWorkbook(house.app.registry, importOffers, language)
    const outline = templateSheets(importOffers, language)
    const sheets = content.sheets.map((sheet, index) => {
      const of = outline[index - 1]
      const more = (rows[of?.key ?? ''] ?? []).map((row) => {
        for (const name of Object.keys(row))
          if (!of!.columns.some((column) => column.key === name)) throw new Error(name)
        return of!.columns.map((column) => row[column.key])
      })
      return { ...sheet, rows: [...(sheet.rows as WorkbookRow[]), ...more] }
    })
    return written({ ...content, sheets })
  }
  const bring = async (bytes: Buffer) => {
    const path = piecesOf(bytes)
    const { fitting } = await mappingFor(house.ctx, importOffers, path, 'mine.xlsx', {})
    expect(fitting?.name).toBe(`Template: workbook (${language})`)
    return house.bring(piecesOf(bytes), fitting!, { name: 'mine.xlsx' })
  }

  test('as it is downloaded it brings nothing: the examples are recognised and left out', async () => {
    const report = await bring(await filled())
    expect(report).toMatchObject({ created: 0, changed: 0, rejected: 0, rows: { taken: 0 } })
    expect(report.problems.filter(({ severity }) => severity !== 'warn')).toEqual([])
    expect(report.problems.map(({ code }) => code)).toEqual(['workbook.other-sheets'])
  })

  test('a city that has nothing brings its bodies, plan, goals and values in one act', async () => {
    const word = (key: string) => house.app.registry.words.say(language)(key)
    const bytes = await filled({
      bodies: [
        { body: 'Town', bodyKind: word('directory.organisation.choice.organisationKind.city'), sector: 'public' },
        { body: 'Parks', bodyKind: 'department', sector: 'public', partOf: 'Town', post: 'Head of parks' },
        { body: 'Parks', post: 'Warden' },
      ],
      outcomes: [
        { number: 'A', outcome: 'Clean parks', plan: 'Plan 2030', levels: 'Goal; Step', body: 'Town' },
        { number: 'B', outcome: 'Quiet parks', plan: 'Plan 2030', owner: 'Head of parks' },
      ],
      objectives: [
        { number: 'A2', objective: 'Bins emptied', level: 2, under: 'A1', plan: 'Plan 2030' },
        { number: 'A1', objective: 'Less litter', level: 1, outcome: 'A', plan: 'Plan 2030', body: 'Parks' },
      ],
      indicators: [
        {
          ...{ number: '1', indicator: 'Litter left', unit: 't', grain: 'year', body: 'Parks', owner_post: 'Warden' },
          direction: word('indicators.indicator.choice.direction.down'),
          value_kind: word('indicators.indicator.choice.valueKind.sum'),
          target_kind: word('indicators.indicator.choice.target.targetKind.keep'),
          ...{ objective: 'A1', target: 10, target_from: { day: '2025-01-01' }, y1: 12.5, y2: 11 },
        },
      ],
    })
    const report = await bring(bytes)
    expect(report.problems.filter(({ severity }) => severity !== 'warn')).toEqual([])
    expect(Object.fromEntries(Object.entries(report.kinds).map(([kind, { created }]) => [kind, created]))).toEqual({
      'directory.organisation': 2,
      'directory.post': 2,
      'strategy.plan': 1,
      'strategy.outcome': 2,
      'strategy.objective': 2,
      'indicators.indicator': 1,
    })
    const values = await house.rows(`select m.label, m.value, p.title->>'en' as post, l."to" is not null as linked
      from indicators.measurement m join records.record r on r.id = m.record left join records.record p on p.id = r.owner
      left join records.link l on l."from" = r.id and l.name = 'indicators.indicator.measures' order by 1`)
    expect(values).toEqual([
      { label: '2024', value: '12.5', post: 'Warden', linked: true },
      { label: '2025', value: '11', post: 'Warden', linked: true },
    ])
    expect(await bring(bytes)).toMatchObject({ created: 0, changed: 0, rejected: 0 })
  })

  test('a number that no objective has is reported at its cell', async () => {
    const report = await bring(
      await filled({
        indicators: [
          {
            number: '9',
            indicator: 'Lost',
            unit: 't',
            direction: 'up',
            value_kind: 'sum',
            grain: 'year',
            objective: 'Z9',
          },
        ],
      }),
    )
    const reported = report.problems.filter(({ severity }) => severity === 'reject')
    expect(reported.map(({ code, cell }) => [code, cell])).toEqual([['import.unknown-name', 'Q4']])
  })
})

const file = join(cityData, 'strategy/nyc-mmr-tidy-indicators.csv')
const present = existsSync(file)

describe.skipIf(!present)(
  present ? "New York's plan as a workbook" : `New York's plan as a workbook (skipped: ${file} is not here)`,
  () => {
    const houses: ImportHouse[] = []
    afterAll(() => Promise.all(houses.map((house) => house.close())))

    test('gives the same records, values and targets as the text file', async () => {
      const lines = parse(readFileSync(file, 'utf8')) as string[][]
      const rows = lines.map((line, index) =>
        line.map((cell) => (index > 0 && /^-?\d+(\.\d+)?$/.test(cell) && cell.length <= 15 ? { decimal: cell } : cell)),
      )
      const workbook = await written({ sheets: [{ name: 'Tidy indicators', headerRows: 1, columns: [], rows }] })
      const profile = fixtureProfile('new-york')
      const [text, book] = [await openImportHouse(), await openImportHouse()]
      houses.push(text, book)
      const fromText = await text.bring(file, profile)
      const fromBook = await book.bring(piecesOf(workbook), profile)
      expect(fromBook).toMatchObject({
        created: fromText.created,
        rejected: fromText.rejected,
        rows: fromText.rows,
        kinds: fromText.kinds,
      })
      const stored = (house: ImportHouse) =>
        house.rows(`select e.id, r.title, i.direction, i.unit, i."breakdownCell",
        (select jsonb_agg(jsonb_build_array(m.cell, m.from, m.to, m.value, m.status) order by m.cell, m.from) from indicators.measurement m where m.record = i.id) as measured,
        (select jsonb_agg(jsonb_build_array(t."targetKind", t.value, t.from) order by t.from) from indicators.target t where t.record = i.id) as targets
        from indicators.indicator i join records.record r on r.id = i.id join records."externalId" e on e.record = i.id order by e.id`)
      expect(await stored(book)).toEqual(await stored(text))
    })
  },
)
