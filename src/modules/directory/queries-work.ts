/** Posts that nobody holds, records that nobody answers for, and what each body and post answers for. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { todayOf } from '#platform/app.ts'
import { type WorkOffer, workItem } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'

/** Over a post `p`: does nobody hold it on this day? */
const vacantOn = (today: string) => sql<boolean>`not exists (select 1 from directory.holding h
  where h.record = p.id and h."from" <= ${today}::date and (h."to" is null or h."to" > ${today}::date))`

/** Kinds whose records need somebody who answers for them, by declaration. */
const answeredKinds = (ctx: AppContext): string[] =>
  [...ctx.registry.kinds.values()]
    .map((known) => known.declaration)
    .filter((kind) => kind.owner.requiredFrom !== undefined)
    .map((kind) => kind.kind)

const bodiesOf = (ctx: AppContext) => ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])

type Counts = {
  vacant: number
  vacantOwning: number
  vacantOwned: number
  left: number
  noOrganisation: number
  noOwner: number
}

/** Kinds whose own room tells how many of its records lack an owner. */
const toldElsewhere = ['indicators.indicator']

/** All counts of the work offer, in one query. */
export async function workCounts(ctx: AppContext, mine: boolean): Promise<Counts> {
  const today = todayOf(ctx)
  const visible = ctx.policies.visible(ctx.caller)
  const kinds = answeredKinds(ctx)
  const own = mine ? sql`and r.organisation = any(${bodiesOf(ctx)}::uuid[])` : sql``
  const posts = sql`select p.id from directory.post p join records.record r on r.id = p.id
    where r.state = 'active' and r."retiredAt" is null and ${vacantOn(today)} and ${visible} ${own}`
  const { rows } = await sql<Counts>`
    with vacant as materialized (${posts}),
    owned as (select r.owner, count(*)::integer as n from records.record r
      where r.owner in (select id from vacant) and r.kind = any(${kinds}::text[]) and r."retiredAt" is null and ${visible} group by r.owner),
    open as (select count(*) filter (where r.organisation is null)::integer as "noOrganisation",
        count(*) filter (where r.organisation is not null and r.owner is null and not r.kind = any(${toldElsewhere}::text[]))::integer as "noOwner"
      from records.record r where (r.organisation is null or r.owner is null) and r.kind = any(${kinds}::text[])
        and r.state not in ('dropped', 'ended') and r."retiredAt" is null and ${visible} ${own})
    select (select count(*)::integer from vacant) as vacant, (select count(*)::integer from owned) as "vacantOwning",
      (select coalesce(sum(n), 0)::integer from owned) as "vacantOwned", open.*,
      (select count(distinct h.person)::integer from directory.holding h join records.record r on r.id = h.person
        where r.state = 'left' and (h."to" is null or h."to" > ${today}::date) and r."retiredAt" is null and ${visible} ${own}) as "left"
    from open`.execute(ctx.db)
  return rows[0]!
}

export const workOffer: WorkOffer = {
  name: 'directory',
  load: async (ctx, mine) => {
    const counts = await workCounts(ctx, mine)
    const item = (name: string, count: number, href: string, priority: number, values = {}) =>
      workItem('directory', name, { count, href, priority, values })
    return [
      ...item('vacant-owning', counts.vacantOwned, '/directory/vacant', 2, { posts: counts.vacantOwning }),
      ...(counts.vacantOwned === 0 ? item('vacant', counts.vacant, '/directory/vacant', 6) : []),
      ...item('left', counts.left, '/directory/people?state=left', 3),
      ...item('no-organisation', counts.noOrganisation, '/directory/assign', 3),
      ...item('no-owner', counts.noOwner, '/directory/assign', 4),
    ]
  },
}

export type PostRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly organisation: string | null
  readonly organisationTitle: Localized | null
  readonly vacant: boolean
  /** First day without anybody; null where it was never held. */
  readonly vacantSince: string | null
  readonly owns: number
}

const postColumns = (ctx: AppContext) => sql`r.id, r.code, r.title, r.organisation,
  (select o.title from records.record o where o.id = r.organisation) as "organisationTitle", ${vacantOn(todayOf(ctx))} as vacant,
  (select max(h."to") from directory.holding h where h.record = p.id) as "vacantSince",
  (select count(*)::integer from records.record r2 where r2.owner = p.id and r2.kind = any(${answeredKinds(ctx)}::text[]) and r2."retiredAt" is null) as owns`

/** Posts of one body, or all of them; vacant ones that own something first. */
export async function postsOf(
  ctx: AppContext,
  filter: { organisation?: string; id?: string; vacant?: boolean } = {},
): Promise<PostRow[]> {
  const { rows } = await sql<PostRow>`
    select * from (select ${postColumns(ctx)} from directory.post p join records.record r on r.id = p.id
      where r.state = 'active' and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
        ${filter.organisation ? sql`and r.organisation = ${filter.organisation}` : sql``} ${filter.id ? sql`and r.id = ${filter.id}` : sql``}
        ${filter.vacant ? sql`and ${vacantOn(todayOf(ctx))}` : sql``}) posts
    order by (vacant and owns > 0) desc, code limit 1000`.execute(ctx.db)
  return rows
}

export type Responsibility = { readonly kind: string; readonly all: number; readonly unowned: number }

/** What a body answers for, by kind. */
export async function responsibilities(ctx: AppContext, organisation: string): Promise<Responsibility[]> {
  const { rows } = await sql<Responsibility>`
    select r.kind, count(*)::integer as "all", count(*) filter (where r.owner is null)::integer as unowned from records.record r
    where r.organisation = ${organisation} and r.kind = any(${answeredKinds(ctx)}::text[]) and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
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

/** Records without organisation or without a post, in groups by kind and body. */
export async function gaps(ctx: AppContext): Promise<Gap[]> {
  const { rows } = await sql<Gap>`
    select g.*, o.title as "organisationTitle" from (
      select r.kind, r.organisation, case when r.organisation is null then 'organisation' else 'owner' end as missing, count(*)::integer as count
      from records.record r where (r.organisation is null or r.owner is null) and r.kind = any(${answeredKinds(ctx)}::text[])
        and r.state not in ('dropped', 'ended') and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
      group by r.kind, r.organisation) g left join records.record o on o.id = g.organisation
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
  limit: number,
): Promise<Array<GapRecord & { kind: string }>> {
  const which =
    'owner' in group
      ? sql`r.owner = ${group.owner} and r.kind = any(${answeredKinds(ctx)}::text[])`
      : group.organisation === null
        ? sql`r.kind = ${group.kind} and r.organisation is null`
        : sql`r.kind = ${group.kind} and r.organisation = ${group.organisation} and r.owner is null`
  const { rows } = await sql<GapRecord & { kind: string }>`
    select r.id, r.code, r.title, r.kind from records.record r where ${which} and r.state not in ('dropped', 'ended')
      and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} order by r.kind, r.code limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}
