/**
 * The figures of indicators as a whole, without breakdowns, for rooms that compare them with something of their own.
 */

import { sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import { readableRows } from '#platform/records/index.ts'
import { indicator } from './records.ts'
import type { MeasurementStatus } from './rules-series.ts'
export type WholeValue = {
  readonly indicator: string
  readonly from: string
  readonly to: string
  readonly label: string
  readonly value: string
  readonly status: MeasurementStatus
}

/**
 * Values of each indicator, oldest first, gaps left out; those the caller may not read are left out. Values of the
 * whole are never withheld. At most 2,000 for each indicator.
 */
export async function wholeSeries(ctx: Context, ids: readonly string[]): Promise<Map<string, WholeValue[]>> {
  const found = new Map<string, WholeValue[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<WholeValue>`
    select m.* from unnest(${[...new Set(ids)]}::uuid[]) as asked(id)
      cross join lateral (select m.record as indicator, m."from", m."to", m.label, m.value, m.status
        from ${readableRows(ctx, indicator.kind, 'measurement')} m
        where m.record = asked.id and m.cell = '' and m.value is not null order by m."from" desc limit 2000) m
    order by m.indicator, m."from"`.execute(ctx.db)
  for (const row of rows) {
    const list = found.get(row.indicator)
    if (list) list.push(row)
    else found.set(row.indicator, [row])
  }
  return found
}
