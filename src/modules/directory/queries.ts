import { type RawBuilder, sql } from 'kysely'
import type { Attempt, Objections } from '#kernel/verb.ts'
import type { Context } from '#platform/context.ts'
import type { Executor } from '#platform/db/index.ts'
import { readable, readableRecords, readableRows, unrestricted } from '#platform/records/index.ts'
import { organisation, post } from './records.ts'

const signIn = unrestricted('what a caller may read follows from the posts and bodies found here')
/** Who held which post when. Whoever sees a post may know that it is held; by whom, only readers of that person. */
export const holdings = readableRows(unrestricted('says whether a post is held, names nobody'), post.kind, 'holding', {
  retired: true,
})
/** Holdings of posts that are not retired. */
const livePosts = readableRows(signIn, post.kind, 'holding')

const deputies = readableRows(signIn, post.kind, 'deputy')

/** Does a holding or a deputy begin and not end by this day? */
const on = (from: RawBuilder<unknown>, to: RawBuilder<unknown>, day: string) =>
  sql`${from} <= ${day} and (${to} is null or ${to} > ${day})`

async function deputisedBy(db: Executor, person: string, day: string, covers: string): Promise<string[]> {
  const { rows } = await sql<{ record: string }>`
    select distinct d.record from ${deputies} d where ${on(sql`d."from"`, sql`d."to"`, day)} and d.covers = ${covers} and (d.deputy = ${person}
      or d.deputy in (select h.record from ${livePosts} h where h.person = ${person} and ${on(sql`h."from"`, sql`h."to"`, day)}))`.execute(
    db,
  )
  return rows.map((row) => row.record)
}

/** Posts a person holds on a day, and those in which they act as a deputy. */
export async function postsHeldBy(db: Executor, person: string, day: string): Promise<string[]> {
  const { rows } = await sql<{ record: string }>`
    select h.record from ${livePosts} h where h.person = ${person} and ${on(sql`h."from"`, sql`h."to"`, day)}`.execute(
    db,
  )
  return [...new Set([...rows.map((row) => row.record), ...(await deputisedBy(db, person, day, 'everything'))])]
}

/** Posts whose work a person sees as a deputy, without acting for their holders. */
export const postsSeenBy = (db: Executor, person: string, day: string): Promise<string[]> =>
  deputisedBy(db, person, day, 'sight')

/** One post that each of these people holds on a day (the first by id, if they hold several), by person. */
export async function postsOfPeople(
  db: Executor,
  people: readonly string[],
  day: string,
): Promise<Map<string, string>> {
  if (people.length === 0) return new Map()
  const { rows } = await sql<{ person: string; post: string }>`
    select distinct on (h.person) h.person, h.record as post from ${livePosts} h
    where h.person = any(${[...new Set(people)]}::uuid[]) and h."from" <= ${day} and (h."to" is null or h."to" > ${day})
    order by h.person, h.record`.execute(db)
  return new Map(rows.map(({ person, post }) => [person, post]))
}

/** Which of these posts somebody holds on a day. */
export async function filledPosts(db: Executor, posts: readonly string[], day: string): Promise<Set<string>> {
  if (posts.length === 0) return new Set()
  const { rows } = await sql<{ record: string }>`
    select distinct h.record from ${holdings} h
    where h.record = any(${[...posts]}::uuid[]) and h."from" <= ${day} and (h."to" is null or h."to" > ${day})`.execute(
    db,
  )
  return new Set(rows.map((row) => row.record))
}

/**
 * Each organisation with all organisations below it; `null` for the city of this installation, which covers everything.
 */
export async function organisationsBelow(
  db: Executor,
  bodies: readonly string[],
): Promise<Map<string, string[] | null>> {
  const found = new Map<string, string[] | null>()
  if (bodies.length === 0) return found
  const all = readable(signIn, organisation.kind, { retired: true })
  const { rows } = await sql<{ top: string; body: string; city: boolean }>`
    with recursive below(top, body) as (
      select o.id, o.id from ${all} o where o.id = any(${[...bodies]}::uuid[])
      union select b.top, o.id from below b join ${all} o on o.parent = b.body)
    select b.top, b.body, exists (select 1 from directory.city c where c.organisation = b.top) as city from below b`.execute(
    db,
  )
  for (const row of rows) found.set(row.top, row.city ? null : [...(found.get(row.top) ?? []), row.body])
  return found
}

export type CityRow = {
  organisation: string
  name: Record<string, string>
  timeZone: string
  language: 'en' | 'zh-Hans'
  demo: boolean
}

/** The city of this installation, or nothing before the first start is finished. */
export async function findCity(db: Executor): Promise<CityRow | undefined> {
  const everybody = readableRecords(unrestricted('the name of the city stands on every page'), undefined, {
    retired: true,
  })
  const { rows } = await sql<CityRow>`
    select c.organisation, r.title as name, c."timeZone", c.language, c.demo
    from directory.city c join ${everybody} r on r.id = c.organisation`.execute(db)
  return rows[0]
}

export type Holder = { post: string; person: string; name: Record<string, string>; from: string; to: string | null }

/** Who holds these posts, today and earlier; a holder whom the caller may not read is left out. */
export async function holdersOf(ctx: Context, posts: readonly string[]): Promise<Holder[]> {
  if (posts.length === 0) return []
  const { rows } = await sql<Holder>`
    select h.record as post, h.person, r.title as name, h."from", h."to"
    from ${holdings} h join ${readableRecords(ctx)} r on r.id = h.person
    where h.record = any(${[...posts]}::uuid[]) order by h."from" desc limit 500`.execute(ctx.db)
  return rows
}

/** A post that still owns records cannot be abolished: nobody would be responsible for them. */
export async function ownsNothing(ctx: Context, attempts: readonly Attempt[]): Promise<Objections> {
  const records = readableRecords(unrestricted('a post is responsible for records whoever may read them'))
  const { rows } = await sql<{ owner: string; count: number }>`
    select r.owner, count(*)::integer as count from ${records} r
    where r.owner = any(${attempts.map(({ id }) => id)}::uuid[]) group by r.owner`.execute(ctx.db)
  return new Map(
    rows.map(({ owner, count }) => [owner, [{ at: '/', code: 'directory.post-still-owns', values: { count } }]]),
  )
}
