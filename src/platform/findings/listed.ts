/** Reads of the register, limited to records the caller may read. */
import { type RawBuilder, sql } from 'kysely'
import { moduleOf } from '#kernel/record.ts'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '../context.ts'
import type { Finding } from '../finding.ts'
import { readableRecords } from '../records/index.ts'
import { isForMe, isForMyPosts, isMine, standingOf } from './mine.ts'
import { type Entered, registerState } from './register.ts'

export type Registered = Entered & {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly title: Localized
  readonly firstSeenAt: string
  readonly escalatedAt: string | null
  readonly escalatedTo: string | null
  readonly closedAt: string | null
  readonly closedBy: string | null
  readonly routes: ReadonlyArray<{ readonly at: string; readonly post: string | null }>
}

export type FindingFilter = {
  /** Keys of findings; all if none are given. */
  readonly findings?: readonly string[]
  readonly record?: string
  readonly mine?: boolean
  /** Those that have ended, the newest first, instead of those that stand. */
  readonly closed?: boolean
}

const shown = sql`f.id, f.finding, f.record, r.kind, r.code, r.title, f.part, f.reason, f."values", f."with", f.presses, f.since,
  f.post, f.vacant, f.organisation, f.stake, f."firstSeenAt", f."escalatedAt", f."escalatedTo", f."closedAt", f."closedBy", f.routes`

function conditions(ctx: Context, { findings, record, mine, closed }: FindingFilter): RawBuilder<unknown> {
  return sql.join(
    [
      closed ? sql`f."closedAt" is not null` : sql`f."closedAt" is null`,
      ...(findings ? [sql`f.finding = any(${[...findings]}::text[])`] : []),
      // That a record stands with another says something about it: only to those who may read it.
      ...(record
        ? [
            sql`(f.record = ${record} or (${record} = any(f."with")
              and exists (select from ${readableRecords(ctx)} n where n.id = ${record})))`,
          ]
        : []),
      ...(mine ? [isMine(standingOf(ctx.caller))] : []),
    ],
    sql` and `,
  )
}

const from = (ctx: Context, filter: FindingFilter) =>
  sql`from findings.register f join ${readableRecords(ctx)} r on r.id = f.record where ${conditions(ctx, filter)}`

export type FindingPage = { readonly rows: Registered[]; readonly next: string | null }

/**
 * The most urgent findings first, then in the order in which they were first seen (ended ones: the newest first), with
 * the cursor for the rest.
 */
export async function listFindings(
  ctx: Context,
  declared: readonly Finding[],
  filter: FindingFilter,
  { after, limit = 50 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<FindingPage> {
  const down = filter.closed === true
  const last = sql`(select a.presses, a.id from findings.register a where a.id = ${after})`
  const further = after ? (down ? sql`and f.id < ${after}` : sql`and (f.presses, f.id) > ${last}`) : sql``
  const { rows } = await sql<Registered>`
    select ${shown} ${from(ctx, filter)} ${further} order by ${down ? sql`f.id desc` : sql`f.presses, f.id`} limit ${limit + 1}`.execute(
    ctx.db,
  )
  const page = rows.slice(0, limit)
  return {
    rows: down ? page : await stillFound(ctx, declared, page),
    next: rows.length > limit ? page.at(-1)!.id : null,
  }
}

/** How many there are of each finding, the most urgent first. */
export async function countFindings(
  ctx: Context,
  filter: FindingFilter = {},
): Promise<Array<{ readonly finding: string; readonly count: number }>> {
  const { rows } = await sql<{ finding: string; count: number }>`
    select f.finding, count(*)::integer as count ${from(ctx, filter)}
    group by f.finding order by min(f.presses), count(*) desc, f.finding`.execute(ctx.db)
  return rows
}

/** Records that an open finding is about, as far as the caller may read all of them. */
export async function recordsFound(ctx: Context, finding: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct each.id from findings.register f cross join lateral unnest(array[f.record] || f."with") each(id)
    where f.finding = ${finding} and f."closedAt" is null and not exists (
      select 1 from unnest(array[f.record] || f."with") named(id)
      where named.id not in (select r.id from ${readableRecords(ctx)} r where r.id = named.id))`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

export type FindingGroup = {
  readonly finding: string
  /** Do they wait for the caller, and not first for holders of other posts? */
  readonly forMe: boolean
  readonly count: number
  /** The first of them, those of the caller's posts before others. */
  readonly first: readonly (Registered & { readonly forMyPost: boolean })[]
}

type GroupRow = Registered & { readonly forMe: boolean; readonly count: number; readonly forMyPost: boolean }

/** Groups by reader and question, as long as the register stays as it is: counting a large city again takes 20 ms. */
const maxKept = 60
const memories = new WeakMap<object, Map<string, { readonly revision: string; readonly rows: Promise<GroupRow[]> }>>()

async function groupRows(ctx: Context, filter: FindingFilter, first: number): Promise<GroupRow[]> {
  const { caller } = ctx
  const memory = memories.get(ctx.db) ?? new Map()
  memories.set(ctx.db, memory)
  const { account, system, posts, deputises, grants } = caller
  const key = JSON.stringify([account !== null, system, [...posts].sort(), deputises, grants, filter, first])
  const { revision } = await registerState(ctx)
  const known = memory.get(key)
  if (known?.revision === revision) return known.rows
  if (memory.size >= maxKept) memory.clear()
  const rows = readGroups(ctx, filter, first)
  memory.set(key, { revision, rows })
  rows.catch(() => memory.delete(key))
  return rows
}

/** One statement, which counts narrow rows and reads titles only of what is shown. */
async function readGroups(ctx: Context, filter: FindingFilter, first: number): Promise<GroupRow[]> {
  const standing = standingOf(ctx.caller)
  const mine = isForMyPosts(standing)
  const forMe = isForMe(standing)
  const part = (forMyPost: boolean) => sql`(
    select ${shown}, ${forMyPost}::boolean as "forMyPost" ${from(ctx, filter)} and f.finding = c.finding
      and ${forMe} = c."forMe" and ${forMyPost ? mine : sql`not ${mine}`} order by f.since, f.id limit ${first})`
  const parts = standing.posts.length > 0 ? sql`${part(true)} union all ${part(false)}` : part(false)
  const { rows } = await sql<GroupRow>`
    with counts as materialized (
      select f.finding, ${forMe} as "forMe", min(f.presses) as presses, count(*)::integer as count
      ${from(ctx, filter)} group by 1, 2)
    select each.*, c.count, c."forMe" from counts c cross join lateral (${parts}) each
    order by c.presses, c.count desc, c.finding, c."forMe" desc, each."forMyPost" desc, each.since, each.id`.execute(
    ctx.db,
  )
  return rows
}

/**
 * Findings grouped by what to do and by whether they wait for the caller, each with its first records, those of the
 * caller's posts before others; the most urgent first.
 */
export async function groupFindings(
  ctx: Context,
  declared: readonly Finding[],
  filter: FindingFilter,
  first = 8,
): Promise<FindingGroup[]> {
  const rows = await groupRows(ctx, filter, first)
  const groups = [...Map.groupBy(rows, (row) => `${row.forMe} ${row.finding}`)].map(([, some]) => some.slice(0, first))
  const live = new Set((await stillFound(ctx, declared, groups.flat())).map((row) => row.id))
  return groups.flatMap((some) => {
    const standing = some.filter((row) => live.has(row.id))
    const { finding, forMe, count } = some[0]!
    if (standing.length === 0) return []
    return [{ finding, forMe, count: count - (some.length - standing.length), first: standing }]
  })
}

/**
 * After a change of the caller's own, findings of the rooms and kinds that it touched are looked at again: what somebody
 * has just settled is gone at once. What follows from it in other rooms is gone within seconds.
 */
async function stillFound<Row extends Registered>(
  ctx: Context,
  declared: readonly Finding[],
  rows: readonly Row[],
): Promise<Row[]> {
  const touched = rows.length === 0 ? [] : (await registerState(ctx)).touched
  if (touched.length === 0) return [...rows]
  const rooms = new Set(touched.map(moduleOf))
  const known = new Map(declared.map((finding) => [finding.key, finding]))
  const concerned = ({ finding: key }: Row) => {
    const finding = known.get(key)
    if (!finding || rooms.has(finding.room)) return true
    return finding.kinds === 'any' || finding.kinds.some((kind) => touched.includes(kind))
  }
  const live = new Set<string>()
  const again = rows.filter(concerned)
  // A room that computes its findings together is asked by all of them about the same records.
  const asked = new Map(
    [...Map.groupBy(again, (row) => moduleOf(row.finding))].map(
      ([room, some]) => [room, [...new Set(some.map((row) => row.record))].sort()] as const,
    ),
  )
  await Promise.all(
    [...new Set(again.map((row) => row.finding))].map(async (key) => {
      for (const row of (await known.get(key)?.found(ctx, asked.get(moduleOf(key)))) ?? [])
        live.add(`${key} ${row.record} ${row.part ?? row.reason ?? 'one'}`)
    }),
  )
  return rows.filter((row) => !concerned(row) || live.has(`${row.finding} ${row.record} ${row.part}`))
}
