/** The rows of many indicators for derived results, in batches of bounded size. */
import { sql } from 'kysely'
import type { Executor } from '#platform/db/index.ts'
import { readable, readableRows, unrestricted } from '#platform/records/index.ts'
import { seriesRowsOf } from './queries-rows.ts'
import { indicator } from './records.ts'
import type { SeriesFacts, SeriesRows, TargetRow } from './rules-series.ts'

/** Limits: measurements in memory at a time, and indicators per batch. */
const portionRows = 15_000
const portionIndicators = 500

export type PortionSeries = {
  readonly facts: SeriesFacts & { readonly id: string; readonly lacksUnit: boolean; readonly lacksGoal: boolean }
  readonly all: SeriesRows
}

/** Derived results are computed from everything; permissions apply when they are read. */
export const unrestrictedReader = unrestricted(
  'derived results are made from everything, and cut at what the reader may read',
)
const measurements = readableRows(unrestrictedReader, indicator.kind, 'measurement', { retired: true })

/** Splits a list so that no batch has more than `portionRows` measurements (a longer series gets its own). */
export async function portionsOf(db: Executor, ids: readonly string[]): Promise<string[][]> {
  const portions: string[][] = []
  for (let at = 0; at < ids.length; at += 5000) {
    const some = ids.slice(at, at + 5000)
    const { rows } = await sql<{ record: string; n: string }>`
      select record, count(*) as n from ${measurements} m
      where record = any(${some}::uuid[]) group by record`.execute(db)
    const sizes = new Map(rows.map((row) => [row.record, Number(row.n)]))
    let open: string[] = []
    let size = 0
    for (const id of some) {
      const more = sizes.get(id) ?? 0
      if (open.length > 0 && (size + more > portionRows || open.length >= portionIndicators)) {
        portions.push(open)
        open = []
        size = 0
      }
      open.push(id)
      size += more
    }
    if (open.length > 0) portions.push(open)
  }
  return portions
}

/** Facts and rows of the batch's indicators that are not retired. */
export async function portionSeries(db: Executor, ids: readonly string[]): Promise<PortionSeries[]> {
  const { rows } = await sql<PortionSeries['facts']>`
    select r.id, r."valueKind", r.unit, r.decimals, r.direction, r."rangeLow", r."rangeHigh", r.grain, r."publicationLagDays",
      r.seasonal, r.cumulative, r."rareEvents", r."minimumCell",
      r.unit is null and r."unitLabel" is null and r."valueKind" is distinct from 'done' as "lacksUnit",
      not exists (select 1 from indicators.serves s where s.indicator = r.id) as "lacksGoal"
    from ${readable(unrestrictedReader, indicator.kind)} r where r.id = any(${[...ids]}::uuid[]) order by r.id`.execute(
    db,
  )
  const series = await seriesRowsOf({ ...unrestrictedReader, db }, ids, 'judged')
  return rows.map((facts) => ({ facts, all: series(facts.id) }))
}

/** The cells that are judged: the whole, and every part that has a target. */
export const assessedCells = ({ all }: PortionSeries): string[] => [
  ...new Set(['', ...all.targets.map((target) => target.cell)]),
]

/** A target's figures without its text. */
export const bareTarget = ({ why: _why, ...figures }: TargetRow) => figures
