/** Vacant posts, records without an owner, and what each organisation and post is responsible for. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import { read, readableRecords } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { holdings } from './queries.ts'
import { person, post } from './records.ts'

/** Over a post `r`: is it vacant on this day? */
const vacantOn = (today: string) => sql<boolean>`not exists (select 1 from ${holdings} h
  where h.record = r.id and h."from" <= ${today}::date and (h."to" is null or h."to" > ${today}::date))`

/** Kinds whose records need an owner, by declaration. */
export const answeredKinds = (ctx: Context): string[] =>
  [...ctx.registry.kinds.values()]
    .map((known) => known.declaration)
    .filter((kind) => kind.owner.requiredFrom !== undefined)
    .map((kind) => kind.kind)

/** A record that lacks something or waits for somebody, and how many records hang on it. */
export type Waiting = { readonly id: string; readonly count: number }

const among = (only: readonly string[] | undefined) => (only ? sql`and r.id = any(${[...only]}::uuid[])` : sql``)

/** Vacant posts, with how many records they own. */
export async function vacantPosts(ctx: Context, only?: readonly string[]): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    with vacant as materialized (
      select r.id from ${readableRecords(ctx, [post.kind])} r where r.state = 'active' and ${vacantOn(todayOf(ctx))} ${among(only)})
    select v.id, count(o.id)::integer as count from vacant v
      left join ${readableRecords(ctx, answeredKinds(ctx))} o on o.owner = v.id group by v.id`.execute(ctx.db)
  return rows
}

/** Posts whose holders have left, with those people; whom the caller may not read is left out. */
export async function heldByLeft(
  ctx: Context,
  only?: readonly string[],
): Promise<Array<{ id: string; people: string[] }>> {
  const { rows } = await sql<{ id: string; people: string[] }>`
    select r.id, array_agg(distinct p.id) as people from ${holdings} h
      join ${readableRecords(ctx, [post.kind])} r on r.id = h.record join ${readableRecords(ctx, [person.kind])} p on p.id = h.person
    where p.state = 'left' and r.state = 'active' and (h."to" is null or h."to" > ${todayOf(ctx)}::date) ${among(only)}
    group by r.id`.execute(ctx.db)
  return rows
}

/** Records without an organisation, or with one and without an owner. */
export async function unassigned(
  ctx: Context,
  missing: 'organisation' | 'owner',
  only?: readonly string[],
): Promise<Waiting[]> {
  const lacks =
    missing === 'organisation' ? sql`r.organisation is null` : sql`r.organisation is not null and r.owner is null`
  const { rows } = await sql<Waiting>`
    select r.id, 1 as count from ${readableRecords(ctx, answeredKinds(ctx))} r
    where ${lacks} and r.state not in ('dropped', 'ended') ${among(only)}`.execute(ctx.db)
  return rows
}

/** How many active posts there are, and how many of them nobody holds today. */
export async function countPosts(ctx: Context): Promise<{ active: number; vacant: number }> {
  const { rows } = await sql<{ active: number; vacant: number }>`
    select count(*)::integer as active, count(*) filter (where ${vacantOn(todayOf(ctx))})::integer as vacant
    from ${readableRecords(ctx, [post.kind])} r where r.state = 'active'`.execute(ctx.db)
  return rows[0]!
}

export type PostRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly organisation: string | null
  readonly organisationTitle: Localized | null
  readonly vacant: boolean
  /** First vacant day; null if it was never held. */
  readonly vacantSince: string | null
  readonly owns: number
}

/** Posts of one organisation, or all posts; vacant ones that own something first. */
export async function postsOf(
  ctx: AppContext,
  filter: { organisation?: string; id?: string; vacant?: boolean } = {},
): Promise<PostRow[]> {
  const { vacant: onlyVacant, ...named } = filter
  const vacant = vacantOn(todayOf(ctx))
  const owned = sql`from ${readableRecords(ctx, answeredKinds(ctx))} o where o.owner = r.id`
  return read(ctx, post)
    .in({ state: 'active', ...named })
    .where(onlyVacant ? vacant : sql`true`)
    .sort(sql`(${vacant} and exists (select 1 ${owned})) desc`, 'code')
    .limit(1000)
    .pick('id', 'code', 'title', 'organisation')
    .with({
      organisationTitle: sql<Localized | null>`(
        select o.title from ${readableRecords(ctx)} o where o.id = r.organisation)`,
      vacant,
      vacantSince: sql<string | null>`(select max(h."to") from ${holdings} h where h.record = r.id)`,
      owns: sql<number>`(select count(*)::integer ${owned})`,
    })
    .rows()
}

export type Responsibility = { readonly kind: string; readonly all: number; readonly unowned: number }

/** What an organisation is responsible for, by kind. */
export async function responsibilities(ctx: AppContext, organisation: string): Promise<Responsibility[]> {
  const { rows } = await sql<Responsibility>`
    select r.kind, count(*)::integer as "all", count(*) filter (where r.owner is null)::integer as unowned
    from ${readableRecords(ctx, answeredKinds(ctx))} r where r.organisation = ${organisation}
    group by r.kind order by 2 desc`.execute(ctx.db)
  return rows
}

export type Gap = {
  readonly kind: string
  readonly organisation: string | null
  readonly organisationTitle: Localized | null
  readonly missing: 'organisation' | 'owner'
  readonly count: number
}

/** Records without organisation or without a post, grouped by kind and organisation. */
export async function gaps(ctx: AppContext): Promise<Gap[]> {
  const { rows } = await sql<Gap>`
    select g.*, o.title as "organisationTitle" from (
      select r.kind, r.organisation, case when r.organisation is null then 'organisation' else 'owner' end as missing, count(*)::integer as count
      from ${readableRecords(ctx, answeredKinds(ctx))} r
      where (r.organisation is null or r.owner is null) and r.state not in ('dropped', 'ended')
      group by r.kind, r.organisation) g left join ${readableRecords(ctx)} o on o.id = g.organisation
    order by (g.missing = 'organisation') desc, g.count desc, g.kind limit 500`.execute(ctx.db)
  return rows
}

export type GapRecord = {
  readonly id: string
  readonly code: string
  readonly title: Localized
}

/** The records of one such group, or those that a vacant post owns. */
export async function gapRecords(
  ctx: AppContext,
  group: { kind: string; organisation: string | null } | { owner: string },
  limit = 20_000,
): Promise<Array<GapRecord & { kind: string }>> {
  const which =
    'owner' in group
      ? read(ctx, answeredKinds(ctx)).in({ owner: group.owner })
      : read(ctx, [group.kind]).in(
          group.organisation === null ? { organisation: null } : { organisation: group.organisation, owner: null },
        )
  return which
    .notIn({ state: ['dropped', 'ended'] })
    .sort(sql`r.kind`, 'code')
    .limit(limit)
    .pick('id', 'code', 'title', 'kind')
    .rows()
}
