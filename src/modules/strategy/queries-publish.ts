/** Everything that belongs to a plan, an outcome or a version of the vision, for publishing it together. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import { read, readable, readableRecords } from '#platform/records/index.ts'

const publishableKinds = ['strategy.plan', 'strategy.vision', 'strategy.outcome'] as const

/** The record itself and everything below it that the caller may read. */
export async function belongingTo(ctx: Context, root: { id: string; kind: string }): Promise<string[]> {
  const { forward, backward } = ctx.registry.towardsVision
  const starts = {
    'strategy.plan': sql`select o.id from ${readable(ctx, 'strategy.outcome')} o where o.plan = ${root.id}
      union select o.id from ${readable(ctx, 'strategy.objective')} o where o.plan = ${root.id}`,
    'strategy.vision': sql`select s.id from ${readable(ctx, 'strategy.sentence')} s where s.vision = ${root.id}`,
  }[root.kind]
  const rest =
    root.kind === 'strategy.vision'
      ? sql``
      : sql`union
        select case when l.name = any(${[...forward]}::text[]) then l."from" else l."to" end from below b join records.link l
          on (l."to" = b.id and l.name = any(${[...forward]}::text[])) or (l."from" = b.id and l.name = any(${[...backward]}::text[]))`
  const { rows } = await sql<{ id: string }>`
    with recursive below(id) as (
      select * from (select ${root.id}::uuid as id ${starts ? sql`union ${starts}` : sql``}) begins ${rest})
    select r.id from below b join ${readableRecords(ctx)} r on r.id = b.id
    order by array_position('{strategy.plan,strategy.vision,strategy.sentence,strategy.outcome,strategy.objective,strategy.commitment}'::text[], r.kind) nulls last, r.code`.execute(
    ctx.db,
  )
  return rows.map(({ id }) => id)
}

export type Publishing = {
  readonly id: string
  readonly code: string
  readonly kind: string
  readonly title: Localized
  readonly audience: string
}

/** What can be published together with everything that belongs to it. */
export const publishableRoots = (ctx: Context): Promise<Publishing[]> =>
  read(ctx, publishableKinds)
    .notIn({ state: 'dropped' })
    .sort(sql`array_position(${[...publishableKinds]}::text[], r.kind)`, 'code')
    .limit(500)
    .pick('id', 'code', 'kind', 'title', 'audience')
    .rows()

export type PublicationsWaiting = {
  readonly publicFrom: string
  readonly count: number
  /** How many of them were edited since and need a new approval. */
  readonly overtaken: number
}

/** Approved publications waiting for their day, by day. */
export async function publicationsWaiting(ctx: Context): Promise<PublicationsWaiting[]> {
  const { rows } = await sql<PublicationsWaiting>`
    select p."publicFrom", count(*)::integer as count, count(*) filter (where p.version <> r.version)::integer as overtaken from records.publication p join ${readableRecords(ctx)} r on r.id = p.record
    where p."doneAt" is null group by p."publicFrom" order by 1 limit 20`.execute(ctx.db)
  return rows
}
