/** How far people now work differently: the adoption of a business change, as measured. */
import { sql } from 'kysely'
import type { RecordOf } from '#kernel/record.ts'
import type { Context } from '#platform/context.ts'
import { readableRows } from '#platform/records/index.ts'
import { compareDecimals, type Decimal } from '#values/decimal.ts'
import type { Day } from '#values/period.ts'
import { change } from './records.ts'

export type BusinessChange = RecordOf<typeof change>
export type AdoptionRow = {
  readonly on: Day
  readonly value: Decimal
  readonly status: 'actual' | 'provisional' | 'estimated'
  readonly note: Readonly<Record<string, string>> | null
}

/** What was measured, oldest first; at most 500 values. */
export async function adoptionOf(ctx: Context, record: string): Promise<AdoptionRow[]> {
  const { rows } = await sql<AdoptionRow>`
    select a."on", a.value, a.status, a.note from ${readableRows(ctx, change.kind, 'adoption', { retired: true })} a
    where a.record = ${record} order by a."on" limit 500`.execute(ctx.db)
  return rows
}

/** Does the newest value count as adopted? Below the target it falls short, unless the change is meant to lower it. */
export function isAdopted({ adoptionBaseline, adoptionTarget }: BusinessChange, value: Decimal): boolean | null {
  if (adoptionTarget === null) return null
  const down = adoptionBaseline !== null && compareDecimals(adoptionTarget, adoptionBaseline) < 0
  const beside = compareDecimals(value, adoptionTarget)
  return down ? beside <= 0 : beside >= 0
}
