/**
 * The profiles in test/fixtures/profiles against the real files they are made for. The files are not ours to ship:
 * the tests run where the folder of sample data lies beside the repository (or where CITY_DATA points to).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compareDecimals } from '#values/decimal.ts'
import type { Period } from '#values/period.ts'
import { type ConvertedRow, prepareConversion } from './convert.ts'
import { readOptionsOf } from './profile.ts'
import { parseProfile } from './profile-check.ts'
import { type Row, readTable, type Table } from './read.ts'
import { recognise } from './recognise.ts'

const root = resolve(import.meta.dirname, '../../..')
const data = process.env.CITY_DATA ?? resolve(root, '../shared/data')
const profiles = join(root, 'test/fixtures/profiles')

function profileOf(name: string) {
  const result = parseProfile(readFileSync(join(profiles, `${name}.json`), 'utf8'))
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.profile
}

async function convert(path: string, profileName: string) {
  const profile = profileOf(profileName)
  const table: Table = await readTable(path, readOptionsOf(profile))
  const conversion = prepareConversion(profile, table.header)
  const source: Row[] = []
  const rows: ConvertedRow[] = []
  for await (const row of table.rows) {
    source.push(row)
    rows.push(conversion.convertRow(row))
  }
  const problems = rows.flatMap((row) => row.problems)
  return { table, conversion, source, rows, problems }
}

const labelOf = (value: unknown) => (value as Period).label

test('every profile of the fixtures is a valid profile', () => {
  for (const file of readdirSync(profiles))
    expect(parseProfile(readFileSync(join(profiles, file), 'utf8'))).toHaveProperty('profile')
})

describe.skipIf(!existsSync(join(data, 'strategy')))("New York's management report", () => {
  const path = join(data, 'strategy/nyc-mmr-tidy-indicators.csv')

  test('every row converts, with the known counts', async () => {
    const { table, conversion, source, rows, problems } = await convert(path, 'new-york')
    expect(conversion.problems).toEqual([])
    expect(rows).toHaveLength(1139)
    expect(new Set(rows.map((row) => row.externalId!.id)).size).toBe(1139)
    expect(rows.filter((row) => row.values['organisation.name'] === null)).toHaveLength(164)
    expect(new Set(rows.map((row) => row.values['organisation.name'])).size).toBe(37)
    expect(new Set(rows.map((row) => row.values['organisation.budgetCode'])).size).toBe(35)
    const districts = rows.filter((row) => row.values['breakdown.communityDistrict'] !== undefined)
    expect(districts).toHaveLength(177)
    expect(new Set(districts.map((row) => row.values['indicator.title'])).size).toBe(3)
    expect(new Set(districts.map((row) => row.values['breakdown.communityDistrict'])).size).toBe(59)
    expect(rows.filter((row) => row.values['indicator.unit'] === 's')).toHaveLength(23)
    expect(rows.filter((row) => row.values['indicator.direction'] === 'up')).toHaveLength(728)
    expect(rows.filter((row) => row.values['indicator.critical'] === true)).toHaveLength(336)
    expect(rows.filter((row) => row.values['target.value'] === null)).toHaveLength(788)
    // Two labels begin with a dash that a spreadsheet would take for a formula, two with an en dash.
    expect(table.problems.byCode).toEqual({ 'header.unnamed': 1, 'cell.formula': 2 })
    expect(problems.map((problem) => problem.code).sort()).toEqual([
      'cell.duration-read-as-decimal',
      'row.continues',
      'row.continues',
      'row.continues',
      'row.continues-nothing',
    ])
    // One year that the file misses is one part fewer: nothing becomes zero.
    const years = table.header.map((name, at) => ({ name, at })).filter(({ name }) => /^20\d\d$/.test(name))
    const given = years.flatMap(({ at }) => source.filter((row) => row.cells[at] !== 'NA')).length
    expect(rows.flatMap((row) => row.parts)).toHaveLength(given)
  })

  test('years in any order become fiscal years, and 2023 is annualised', async () => {
    const { rows } = await convert(path, 'new-york')
    const parts = rows[0]!.parts
    expect(parts.map((part) => part.column).sort()).toEqual([
      '2016',
      '2017',
      '2018',
      '2019',
      '2020',
      '2021',
      '2022',
      '2023',
    ])
    const last = parts.find((part) => part.column === '2023')!
    expect(last.values).toEqual({
      'measurement.value': '50.34',
      'measurement.status': 'annualised',
      'measurement.period': { from: '2022-07-01', to: '2023-07-01', grain: 'year', label: 'FY2023' },
    })
    const statuses = rows.flatMap((row) =>
      row.parts.map((part) => `${part.column} ${part.values['measurement.status']}`),
    )
    expect(new Set(statuses).size).toBe(8)
    expect(statuses.filter((status) => status.endsWith('annualised'))).toHaveLength(1139)
  })

  test('durations are seconds in values and targets alike', async () => {
    const { rows } = await convert(path, 'new-york')
    const fires = rows.find((row) => row.externalId!.id === '2491')!
    expect(fires.values['target.value']).toBe('254')
    expect(fires.parts.find((part) => part.column === '2016')!.values['measurement.value']).toBe('251')
    expect(fires.parts.find((part) => part.column === '2023')!.values['measurement.value']).toBe('270')
    const signals = rows.find((row) => row.externalId!.id === '10641')!
    expect(signals.values['target.value']).toBe('7200')
  })

  test('the converted values give the published verdict in all 351 rated rows', async () => {
    const { table, source, rows } = await convert(path, 'new-york')
    const success = table.header.indexOf('Success')
    let rated = 0
    for (const [index, row] of rows.entries()) {
      const published = source[index]!.cells[success]!
      if (published === 'NA') continue
      rated += 1
      const value = row.parts.find((part) => part.column === '2023')!.values['measurement.value'] as string
      const side = compareDecimals(value, row.values['target.value'] as string)
      const met = row.values['indicator.direction'] === 'up' ? side >= 0 : side <= 0
      expect(met ? 'Met_Goal' : 'Did_Not_Meet', row.externalId!.id).toBe(published)
    }
    expect(rated).toBe(351)
  })

  test('a dash continues the row above within the same agency and goal only', async () => {
    const { rows } = await convert(path, 'new-york')
    const above = (id: string) => rows.find((row) => row.externalId!.id === id)!.values['indicator.labelAbove']
    expect(above('11293')).toMatch(/^Written PPRs issued during previous fiscal years that have been accepted/)
    expect(above('3986')).toBe(above('3984'))
    expect(above('12310')).toBeNull()
  })

  test('the columns are recognised without a profile', async () => {
    const table = await readTable(path)
    const rows: string[][] = []
    for await (const row of table.rows) if (rows.push(row.cells) >= 500) break
    const { columns, shape, periodColumns } = recognise(table.header, rows)
    expect(shape).toBe('wide')
    expect([...periodColumns].sort()).toEqual(['2016', '2017', '2018', '2019', '2020', '2021', '2022', '2023'])
    const kinds = Object.fromEntries(columns.map((column) => [column.name, column.kind]))
    expect(kinds).toMatchObject({
      'column 1': 'row-number',
      ID: 'identifier',
      'Desired.Direction': 'choice',
      Critical: 'choice',
      'Agency.Number': 'code',
      'Target.MMR': 'number',
      Success: 'choice',
    })
    expect(columns.find((column) => column.name === 'Indicator')!.durationLabels).toBeGreaterThan(0)
  })
})

describe.skipIf(!existsSync(join(data, 'indicators')))("New York's climate files", () => {
  /** File, profile, rows, values, different periods (first and last), different series. */
  const files: [string, string, number, number, string, string, number][] = [
    ['bc_by_cd', 'air-quality', 59, 59, '2023', '2023', 59],
    ['no2_by_cd', 'air-quality', 59, 59, '2023', '2023', 59],
    ['no_by_cd', 'air-quality', 59, 59, '2023', '2023', 59],
    ['o3_by_cd', 'air-quality', 59, 59, '2023', '2023', 59],
    ['pm25_by_cd', 'air-quality', 59, 59, '2023', '2023', 59],
    ['bicycle_lane_miles', 'bicycle-lane-miles', 20, 20, 'FY2016', 'FY2025', 2],
    ['bike_parking_spaces', 'bike-parking-spaces', 10, 9, 'FY2017', 'FY2025', 1],
    ['diversion_rate', 'diversion-rate', 45, 45, 'FY2017', 'FY2025', 5],
    ['electric_vehicles_registered', 'electric-vehicles-registered', 2, 4, '2025', '2025', 4],
    ['energy_star_scores__count_and_proportion_by_grade', 'energy-star-scores', 4, 8, '2025', '2025', 8],
    ['ev_fleet_count', 'ev-fleet-count', 10, 10, 'FY2016', 'FY2025', 1],
    ['ghg_emissions__buildings_by_sector_by_fuel', 'buildings-by-sector-by-fuel', 12, 12, '2023', '2023', 12],
    ['ghg_emissions__buildings_change', 'buildings-change', 18, 54, '2005', '2023', 36],
    ['ghg_emissions__total_by_sector', 'total-by-sector', 57, 57, '2005', '2023', 3],
    ['ghg_emissions__transportation_change', 'transportation-change', 10, 30, '2005', '2023', 20],
    ['organics_collection_buildings', 'organics-collection', 36, 36, 'FY2013', 'FY2024', 3],
    ['solar_annual_to_meet_goal', 'solar-annual-to-meet-goal', 1, 1, '2025-2030', '2025-2030', 1],
    ['solar_installed_mw_by_year', 'solar-installed-by-year', 23, 23, '2002', '2024', 1],
    ['solar_installed_remaining', 'solar-installed-remaining', 1, 3, '2024-12-31', '2024-12-31', 3],
  ]

  test('there is a profile for each of the 19 files', () => {
    const present = readdirSync(join(data, 'indicators/nyc-climate')).map((name) => name.replace('.csv', ''))
    expect(files.map(([file]) => file).sort()).toEqual(present.sort())
  })

  test.each(files)('%s becomes series', async (file, profile, rowCount, valueCount, first, last, seriesCount) => {
    const { table, conversion, rows, problems } = await convert(
      join(data, `indicators/nyc-climate/${file}.csv`),
      `climate-${profile}`,
    )
    expect(conversion.problems).toEqual([])
    expect(problems).toEqual([])
    expect(Object.keys(table.problems.byCode).filter((code) => code !== 'header.unnamed')).toEqual([])
    expect(rows).toHaveLength(rowCount)
    const points = rows.flatMap((row) => {
      const id = row.externalId!.id
      const parts = row.parts.length > 0 ? row.parts : [{ values: {}, externalId: null }]
      return parts.map(
        (part) => ({ id: part.externalId?.id ?? id, ...row.values, ...part.values }) as Record<string, unknown>,
      )
    })
    const measured = points.filter((point) => point['measurement.value'] !== null)
    expect(measured).toHaveLength(valueCount)
    const labels = measured.map((point) => labelOf(point['measurement.period'])).sort()
    expect([labels[0], labels.at(-1)]).toEqual([first, last])
    const dimensions = (point: Record<string, unknown>) =>
      Object.keys(point)
        .filter((key) => key.startsWith('breakdown.'))
        .sort()
        .map((key) => point[key])
    const series = measured.map((point) => JSON.stringify([point.id, ...dimensions(point)]))
    expect(new Set(series).size).toBe(seriesCount)
    const keys = measured.map((point, at) => `${series[at]} ${labelOf(point['measurement.period'])}`)
    expect(new Set(keys).size).toBe(valueCount)
    for (const point of measured) {
      expect(point['indicator.title']).toEqual(expect.any(String))
      expect(point['indicator.unit']).toEqual(expect.any(String))
      expect(point['measurement.value']).toMatch(/^-?\d+(\.\d+)?$/)
    }
  })
})
