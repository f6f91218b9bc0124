/** Nineteen files of city indicators in as many shapes become series. They lie beside the repository, or the test is skipped. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cityData, fixtureProfile, type ImportHouse, openImportHouse } from '#test/kit/imports.ts'

const folder = join(cityData, 'indicators/nyc-climate')
const present = existsSync(folder)
const title = present ? "New York's climate files" : `New York's climate files (skipped: ${folder} is not here)`

/** File, profile, indicators, cells, values, first and last period. */
const files: Array<[string, string, number, number, number, string, string]> = [
  ['bc_by_cd', 'air-quality', 1, 59, 59, '2023', '2023'],
  ['no2_by_cd', 'air-quality', 1, 59, 59, '2023', '2023'],
  ['no_by_cd', 'air-quality', 1, 59, 59, '2023', '2023'],
  ['o3_by_cd', 'air-quality', 1, 59, 59, '2023', '2023'],
  ['pm25_by_cd', 'air-quality', 1, 59, 59, '2023', '2023'],
  ['bicycle_lane_miles', 'bicycle-lane-miles', 1, 2, 20, 'FY2016', 'FY2025'],
  ['bike_parking_spaces', 'bike-parking-spaces', 1, 1, 9, 'FY2017', 'FY2025'],
  ['diversion_rate', 'diversion-rate', 1, 5, 45, 'FY2017', 'FY2025'],
  ['electric_vehicles_registered', 'electric-vehicles-registered', 2, 2, 4, '2025', '2025'],
  ['energy_star_scores__count_and_proportion_by_grade', 'energy-star-scores', 2, 4, 8, '2025', '2025'],
  ['ev_fleet_count', 'ev-fleet-count', 1, 1, 10, 'FY2016', 'FY2025'],
  ['ghg_emissions__buildings_by_sector_by_fuel', 'buildings-by-sector-by-fuel', 1, 12, 12, '2023', '2023'],
  ['ghg_emissions__buildings_change', 'buildings-change', 2, 18, 54, '2005', '2023'],
  ['ghg_emissions__total_by_sector', 'total-by-sector', 1, 3, 57, '2005', '2023'],
  ['ghg_emissions__transportation_change', 'transportation-change', 2, 10, 30, '2005', '2023'],
  ['organics_collection_buildings', 'organics-collection', 3, 1, 36, 'FY2013', 'FY2024'],
  ['solar_annual_to_meet_goal', 'solar-annual-to-meet-goal', 1, 1, 1, '2025-2030', '2025-2030'],
  ['solar_installed_mw_by_year', 'solar-installed-by-year', 1, 1, 23, '2002', '2024'],
  ['solar_installed_remaining', 'solar-installed-remaining', 3, 1, 3, '2024-12-31', '2024-12-31'],
]

describe.skipIf(!present)(title, () => {
  let house: ImportHouse
  beforeAll(async () => {
    if (present) house = await openImportHouse()
  })
  afterAll(() => house?.close())

  test('there is a profile for each of the 19 files', () => {
    expect(files.map(([file]) => file).sort()).toEqual(
      readdirSync(folder)
        .map((name) => name.replace('.csv', ''))
        .sort(),
    )
  })

  test.each(files)('%s becomes series', async (file, profileName, indicators, cells, values, firstLabel, lastLabel) => {
    const bring = () =>
      house.bring(join(folder, `${file}.csv`), fixtureProfile(`climate-${profileName}`), { name: file })
    const report = await bring()
    expect(report.problems.filter((problem) => problem.severity !== 'warn')).toEqual([])
    expect(report).toMatchObject({ created: indicators, changed: 0, rejected: 0 })
    expect(report.kinds).toEqual({ 'indicators.indicator': { created: indicators, changed: 0, unchanged: 0 } })
    const made = await house.rows<{
      direction: string
      state: string
      unit: string
      grain: string | null
      links: string
    }>(
      `select i.direction, r.state, i.unit, i.grain, (select count(*) from records.link l where l."from" = i.id) as links
       from indicators.indicator i join records.record r on r.id = i.id
       where i.id in (select record from records.entry where "changeSet" = $1)`,
      [report.changeSet],
    )
    // Nothing is invented: drafts without an objective and without a direction that the file does not state.
    for (const each of made) {
      expect(each).toMatchObject({ direction: 'not-agreed', state: 'draft', links: '0' })
      expect(each.unit).toEqual(expect.any(String))
    }
    const [counts] = await house.rows<Record<string, string>>(
      `select count(*) as n, count(distinct cell) as cells, min(label) as first, max(label) as last
       from indicators.measurement where record in (select record from records.entry where "changeSet" = $1)`,
      [report.changeSet],
    )
    expect(counts).toEqual({ n: String(values), cells: String(cells), first: firstLabel, last: lastLabel })
    expect(await bring()).toMatchObject({ created: 0, changed: 0, unchanged: indicators, changeSet: null })
  })

  test('fiscal and calendar years stay separate', async () => {
    const rows = await house.rows<{ label: string; from: string; fiscal: number | null }>(
      `select distinct m.label, m."from", i."fiscalStartMonth" as fiscal from indicators.measurement m join indicators.indicator i on i.id = m.record
       where m.label in ('FY2020', '2020')`,
    )
    expect(rows.sort((left, right) => (left.label < right.label ? -1 : 1))).toEqual([
      { label: '2020', from: '2020-01-01', fiscal: null },
      { label: 'FY2020', from: '2019-07-01', fiscal: 7 },
    ])
  })

  test('members of two dimensions make one cell', async () => {
    const [cell] = await house.rows<{ cell: string }>(
      `select m.cell from indicators.measurement m join records."externalId" e on e.record = m.record
       where e.id = 'emissions-buildings-by-fuel-group' order by m.cell limit 1`,
    )
    expect(cell!.cell).toMatch(/^fuel=[^;]+;sector=[^;]+$/)
  })
})
