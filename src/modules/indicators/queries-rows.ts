/** Measurements, targets and breaks of indicators as they are stored, before anything is withheld. */
import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import type { Executor } from '#platform/db/index.ts'
import { type Reader, readableRows } from '#platform/records/index.ts'
import { indicator } from './records.ts'
import type { BreakRow, MeasurementRow, SeriesRows, TargetRow } from './rules-series.ts'

/** Rows of one table that a page reads at most; derived results are made from all of them. */
const mostShown = 20_000

/**
 * The rows of some indicators, oldest first, by the id of their indicator. For results, texts are left out, and parts
 * unless a target refers to one.
 */
export async function seriesRowsOf(
  ctx: Reader & { readonly db: Executor },
  ids: readonly string[],
  what: 'shown' | 'judged' = 'shown',
): Promise<(id: string) => SeriesRows> {
  const isShown = what === 'shown'
  const limit = sql.raw(isShown ? `limit ${mostShown}` : '')
  const rowsIn = async <Row>(
    table: string,
    columns: RawBuilder<unknown>,
    order: RawBuilder<unknown>,
    only: RawBuilder<unknown> = sql`true`,
  ) => {
    const { rows } = await sql<Row & { record: string }>`
      select record, ${columns} from ${readableRows(ctx, indicator.kind, table, { retired: true })} w
      where record = any(${[...ids]}::uuid[]) and ${only} order by record, ${order} ${limit}`.execute(ctx.db)
    return Map.groupBy(rows, ({ record }) => record)
  }
  const targets = await rowsIn<TargetRow>(
    'target',
    sql`cell, "targetKind", "from", "dueOn", value, low, high, base, comparator, "setOn", why`,
    sql`cell, "from", "setOn", "targetKind"`,
  )
  const parted = [...targets].flatMap(([id, all]) => (all.some((row) => row.cell !== '' || row.comparator) ? id : []))
  const measurements = await rowsIn<MeasurementRow>(
    'measurement',
    sql`id, cell, "from", "to", label, value, numerator, denominator, status, revision${isShown ? sql`, note, raw` : sql``}`,
    sql`"from", "to", cell`,
    isShown ? undefined : sql`(cell = '' or record = any(${parted}::uuid[]))`,
  )
  const breaks = await rowsIn<BreakRow>(
    'break',
    sql`"on", "breakKind", direction, "directionBefore", reason`,
    sql`"on"`,
  )
  const of = <Row extends { record: string }>(rows: ReadonlyMap<string, Row[]>, id: string) =>
    (rows.get(id) ?? []).map(({ record: _, ...row }) => row)
  return (id) =>
    ({ measurements: of(measurements, id), targets: of(targets, id), breaks: of(breaks, id) }) as SeriesRows
}

export type WholeValue = Pick<MeasurementRow, 'from' | 'to' | 'label' | 'status'> & {
  readonly indicator: string
  readonly value: string
}

/**
 * Values of each indicator as a whole, oldest first, gaps left out, for rooms that compare them with something of their
 * own; those the caller may not read are left out. Values of the whole are never withheld. At most 2,000 for each.
 */
export async function wholeSeries(ctx: Context, ids: readonly string[]): Promise<Map<string, WholeValue[]>> {
  const { rows } = await sql<WholeValue>`
    select m.* from unnest(${[...new Set(ids)]}::uuid[]) as asked(id)
      cross join lateral (select m.record as indicator, m."from", m."to", m.label, m.value, m.status
        from ${readableRows(ctx, indicator.kind, 'measurement')} m
        where m.record = asked.id and m.cell = '' and m.value is not null order by m."from" desc limit 2000) m
    order by m.indicator, m."from"`.execute(ctx.db)
  return Map.groupBy(rows, (row) => row.indicator)
}
