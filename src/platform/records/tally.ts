/** Counts and sums of a list, set-based: over all of it, or by one column. */
import { type RawBuilder, sql } from 'kysely'
import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { columnOf } from './columns.ts'
import { conditionsOf, type ListOptions } from './find.ts'
import { tableOf } from './table.ts'

/** Exact decimal, and its unit or currency where the field has one. */
export type Amount = { readonly amount: string; readonly unit: string | null }
export type Tally = {
  /** The value of the column; null where it is not stated, or where nothing is grouped. */
  readonly key: string | null
  readonly count: number
  /** By field; different units and currencies are never added up. */
  readonly sums: Readonly<Record<string, readonly Amount[]>>
}

/** More groups than this are not told apart: the largest are. */
const maxGroups = 200

/** How many records of a list there are, and what their numbers add up to; by a column, the largest groups first. */
export async function tally(
  ctx: Context,
  kind: RecordKind,
  where: Pick<ListOptions, 'filters' | 'words' | 'where'>,
  { by, sums = [] }: { readonly by?: string; readonly sums?: readonly string[] } = {},
): Promise<Tally[]> {
  const from = sql`from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
    where ${sql.join(conditionsOf(ctx, kind, where), sql` and `)}`
  const key = by === undefined ? sql`null::text` : sql`${columnOf(ctx, kind, by).by}::text`
  const { rows: counts } = await sql<{ key: string | null; count: number }>`
    select ${key} as key, count(*)::integer as count ${from} group by 1 order by 2 desc, 1 limit ${maxGroups}`.execute(
    ctx.db,
  )
  const added = new Map<string, Map<string | null, Amount[]>>()
  for (const name of sums) {
    const { rows } = await sql<Amount & { key: string | null }>`
      select ${key} as key, ${unitOf(ctx, kind, name)} as unit, sum(${columnOf(ctx, kind, name).by})::text as amount
      ${from} and ${columnOf(ctx, kind, name).by} is not null group by 1, 2 order by 2`.execute(ctx.db)
    const found = new Map<string | null, Amount[]>()
    for (const { key: group, amount, unit } of rows) found.set(group, [...(found.get(group) ?? []), { amount, unit }])
    added.set(name, found)
  }
  return counts.map(({ key: group, count }) => ({
    key: group,
    count,
    sums: Object.fromEntries(sums.map((name) => [name, added.get(name)!.get(group) ?? []])),
  }))
}

function unitOf(ctx: Context, kind: RecordKind, name: string): RawBuilder<unknown> {
  const field = kind.fields[name]!
  const parts = fieldType(field.type).compared(field)
  const unit = ['currency', 'unit'].find((part) => Object.hasOwn(parts, part))
  return unit ? columnOf(ctx, kind, `${name}.${unit}`).by : sql`null::text`
}
