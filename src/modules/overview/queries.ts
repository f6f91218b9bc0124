/** What changed recently, and whether there is anything here at all. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import type { Offers } from '#platform/offer.ts'
import { read, readableRecords, unrestricted } from '#platform/records/index.ts'

export type RecentChange = {
  readonly id: string
  readonly at: string
  readonly why: string | null
  readonly source: string
  readonly undoOf: string | null
  /** How many records of each kind it touched, of the first 2,000. */
  readonly kinds: ReadonlyArray<{ readonly kind: string; readonly count: number }>
  /** The record, if it is one. */
  readonly code: string | null
  readonly title: Localized | null
}

/** Change sets since an instant that touched something the caller may read, newest first; one query. */
export async function recentChanges(ctx: Context, since: Date, limit = 6): Promise<RecentChange[]> {
  const { rows } = await sql<RecentChange>`
    with latest as materialized (select * from records."changeSet" where at >= ${since.toISOString()} order by id desc limit ${limit * 5}),
    touched as (
      select c.id, r.kind, count(*)::integer as count, min(r.code) as code, (array_agg(r.title order by r.code))[1] as title
      from latest c cross join lateral (select distinct e.record from (
          select record from records.entry e where e."changeSet" = c.id and e.record is not null limit 2000) e) x
      join ${readableRecords(ctx, undefined, { retired: true })} r on r.id = x.record and r.kind not like 'identity.%'
      group by c.id, r.kind)
    select c.id, c.at, c.why, c.source, c."undoOf", jsonb_agg(jsonb_build_object('kind', t.kind, 'count', t.count) order by t.count desc) as kinds,
      case when sum(t.count) = 1 then min(t.code) end as code, case when sum(t.count) = 1 then (array_agg(t.title))[1] end as title
    from latest c join touched t on t.id = c.id group by c.id, c.at, c.why, c.source, c."undoOf" order by c.id desc limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** Is there any record of the kinds that mean a city has begun, whoever may see it? */
export function hasBegun(ctx: Context, offers: readonly Offers[]): Promise<boolean> {
  const kinds = offers.flatMap((offer) => offer.begun ?? [])
  return read(unrestricted('a house with plans is not empty, whoever may read them', ctx), kinds).some()
}
