/**
 * New York City's indicator file, read raw: our rules must reproduce what the city published (351 ratings, averages,
 * counts by agency number). Runs only where the data set lies beside the repository.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { isReadDecimal, parseDecimal } from '#values/decimal.ts'
import { isPeriod, parsePeriod } from '#values/period.ts'
import { changeBetween, changeFromMean } from './change.ts'
import { clockUnits } from './duration.ts'
import { chanceAt, forecast } from './forecast.ts'
import { rollUp } from './rollup.ts'
import { assessSeries } from './series.ts'
import { performance } from './target.ts'

const folder = fileURLToPath(new URL('../../../shared/data/strategy/', import.meta.url))
const present = existsSync(`${folder}nyc-mmr-tidy-indicators.csv`)
const title = present
  ? "New York's indicator file"
  : "New York's indicator file (skipped: ../shared/data/strategy is not here)"

type Row = Record<string, string>
const read = (name: string): Row[] => parse(readFileSync(folder + name, 'utf8'), { columns: true })
const cell = (text: string | undefined): string | null => {
  const value = parseDecimal(text ?? '', '1234.5')
  return isReadDecimal(value) ? value.value : null
}

describe.skipIf(!present)(title, () => {
  const rows = present ? read('nyc-mmr-tidy-indicators.csv') : []
  const fiscal = { startMonth: 7, namedBy: 'end' as const }
  const years = ['2016', '2017', '2018', '2019', '2020', '2021', '2022', '2023']
  const periods = years.map((year) => {
    const period = parsePeriod(year, { fiscal, grain: 'year' })
    if (!isPeriod(period)) throw new Error(year)
    return period
  })
  const directionOf = (row: Row) => (row['Desired.Direction'] === 'Up' ? 'up' : 'down')
  const judged = rows.map((row) => {
    const value = cell(row['Target.MMR'])
    if (value === null) return { row, result: 'unknown' as const }
    const actual = {
      from: periods[7]!.from,
      to: periods[7]!.to,
      value: cell(row.YTDScaled),
      status: 'annualised' as const,
    }
    return { row, result: performance({ kind: 'keep', value }, actual, { direction: directionOf(row) }).result }
  })

  test('performance against target equals the published rating on 351 of 351 rows', () => {
    const rated = judged.filter(({ row }) => row.Success !== 'NA')
    expect(rated).toHaveLength(351)
    for (const { row, result } of rated) expect(result, row.ID).toBe(row.Success === 'Met_Goal' ? 'met' : 'missed')
    expect(judged.filter(({ row }) => row.Success === 'NA').every(({ result }) => result === 'unknown')).toBe(true)
  })

  test('published averages are the means of the raw cells there are', () => {
    const spans: [string, string[]][] = [
      ['Avg3yr', ['2020', '2021', '2022']],
      ['Avg5yr', ['2018', '2019', '2020', '2021', '2022']],
    ]
    let checked = 0
    for (const row of rows) {
      for (const [column, span] of spans) {
        const published = cell(row[column])
        const own = changeFromMean(
          '0',
          span.map((year) => cell(row[year])),
          { direction: 'none' },
        )
        expect(own === null, `${row.ID} ${column}`).toBe(published === null)
        if (own === null || published === null) continue
        expect(Math.abs(Number(own.mean) - Number(published))).toBeLessThanOrEqual(1e-14 * Math.abs(Number(published)))
        checked += 1
      }
    }
    expect(checked).toBeGreaterThan(2200)
  })

  test('met and not met by agency number equal the published counts of all 35 groups', () => {
    const expected = read('nyc-mmr-outcomes-by-agency-expected.csv')
    expect(expected).toHaveLength(35)
    const groups = Map.groupBy(judged, ({ row }) => row['Agency.Number']!)
    expect(groups.size).toBe(35)
    for (const group of expected) {
      const items = groups.get(group['Agency.Number']!)!
      const counted = rollUp(items.map(({ row, result }) => ({ key: row.ID!, result })))
      expect([counted.met, counted.missed, counted.unknown], group['Agency.Number']).toEqual([
        Number(group.Met_Goal),
        Number(group.Did_Not_Meet),
        Number(group['NA.s']),
      ])
    }
  })

  test('the 69 ties that the file calls improving are no change', () => {
    const verdicts = rows.map((row) => ({
      row,
      change: changeBetween(cell(row.YTDScaled), cell(row['2022']), { direction: directionOf(row) }),
    }))
    const ties = verdicts.filter(({ change }) => change?.verdict === 'no-change')
    expect(ties).toHaveLength(69)
    expect(ties.every(({ row }) => row.OneYrImproving === 'Improving')).toBe(true)
    for (const { row, change } of verdicts) {
      if (change && change.verdict !== 'no-change') {
        expect(change.verdict === 'better', row.ID).toBe(row.OneYrImproving === 'Improving')
      }
    }
  })

  test('the annualised 2023 is drawn but counts for no limits, and eight years are too few for words', () => {
    for (const row of rows) {
      const points = years.map((year, index) => ({
        from: periods[index]!.from,
        to: periods[index]!.to,
        value: cell(row[year]),
        status: year === '2023' ? ('annualised' as const) : ('actual' as const),
      }))
      const seen = assessSeries({ points, direction: directionOf(row), grain: 'year' })
      expect(seen.reading).toBe('not-stated')
      expect(seen.counted).toBe(points.filter(({ value }, index) => value !== null && index < 7).length)
      expect(seen.capability).toBe('not-stated')
    }
  })

  test('23 rows are durations, and a row with seconds beyond 59 shows itself', () => {
    const clocks = rows.filter((row) => /\((minutes:seconds|hours:minutes)\)/.test(row.Indicator!))
    expect(clocks).toHaveLength(23)
    const cells = clocks.flatMap((row) => years.map((year) => row[year]!).filter((text) => text !== 'NA'))
    const refused = cells.filter((text) => typeof clockUnits(text) !== 'string')
    expect(refused).toEqual(['6.95'])
  })

  test('ranges from four to six yearly values hold the next one in 70 to 85 of 100 series', () => {
    let [tried, held] = [0, 0]
    for (const row of rows) {
      const values = years.slice(0, 7).map((year) => Number(cell(row[year]) ?? Number.NaN))
      const came = values.pop()!
      const found = forecast({ values, horizon: 1 })
      if (Number.isNaN(came) || found.counted < 4 || !found.steps[0]) continue
      expect(chanceAt(found, 1)).toMatchObject({ withheld: expect.arrayContaining(['under-12-points']) })
      tried += 1
      if (came >= found.steps[0].lower && came <= found.steps[0].upper) held += 1
    }
    expect(tried).toBeGreaterThan(800)
    expect(held / tried).toBeGreaterThan(0.7)
    expect(held / tried).toBeLessThan(0.85)
  })
})
