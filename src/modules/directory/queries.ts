import { sql } from 'kysely'
import type { Executor } from '#platform/db/index.ts'

/** Posts a person holds on a day. */
export async function postsHeldBy(db: Executor, person: string, day: string): Promise<string[]> {
  const { rows } = await sql<{ record: string }>`
    select h.record from directory.holding h join records.record r on r.id = h.record
    where h.person = ${person} and h."from" <= ${day} and (h."to" is null or h."to" > ${day}) and r."retiredAt" is null`.execute(
    db,
  )
  return rows.map((row) => row.record)
}

/** One post that each of these people holds on a day (the first by id, where they hold several), by person. */
export async function postsOfPeople(
  db: Executor,
  people: readonly string[],
  day: string,
): Promise<Map<string, string>> {
  if (people.length === 0) return new Map()
  const { rows } = await sql<{ person: string; post: string }>`
    select distinct on (h.person) h.person, h.record as post from directory.holding h join records.record r on r.id = h.record
    where h.person = any(${[...new Set(people)]}::uuid[]) and h."from" <= ${day} and (h."to" is null or h."to" > ${day})
      and r."retiredAt" is null order by h.person, h.record`.execute(db)
  return new Map(rows.map(({ person, post }) => [person, post]))
}

/** Those of these posts that somebody holds on a day. */
export async function heldPosts(db: Executor, posts: readonly string[], day: string): Promise<Set<string>> {
  if (posts.length === 0) return new Set()
  const { rows } = await sql<{ record: string }>`
    select distinct h.record from directory.holding h
    where h.record = any(${[...posts]}::uuid[]) and h."from" <= ${day} and (h."to" is null or h."to" > ${day})`.execute(
    db,
  )
  return new Set(rows.map((row) => row.record))
}

/** Each body with all bodies below it; `null` for the city of this installation, which reaches everything. */
export async function bodiesBelow(db: Executor, bodies: readonly string[]): Promise<Map<string, string[] | null>> {
  const found = new Map<string, string[] | null>()
  if (bodies.length === 0) return found
  const { rows } = await sql<{ top: string; body: string; city: boolean }>`
    with recursive below(top, body) as (
      select id, id from directory.organisation where id = any(${[...bodies]}::uuid[])
      union select b.top, o.id from below b join directory.organisation o on o.parent = b.body)
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
  const { rows } = await sql<CityRow>`
    select c.organisation, r.title as name, c."timeZone", c.language, c.demo from directory.city c join records.record r on r.id = c.organisation`.execute(
    db,
  )
  return rows[0]
}

export type Holder = { post: string; person: string; name: Record<string, string>; from: string; to: string | null }

/** Who holds these posts, today and before; only callers who may read people get names. */
export async function holdersOf(db: Executor, posts: readonly string[]): Promise<Holder[]> {
  if (posts.length === 0) return []
  const { rows } = await sql<Holder>`
    select h.record as post, h.person, r.title as name, h."from", h."to" from directory.holding h join records.record r on r.id = h.person
    where h.record = any(${[...posts]}::uuid[]) order by h."from" desc limit 500`.execute(db)
  return rows
}
