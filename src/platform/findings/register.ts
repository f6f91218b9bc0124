/**
 * Keeps the register of findings: computes all of them for the whole city, lays them beside what is open, and writes
 * what differs. What is no longer found is closed, with the change set that ended it.
 */
import { sql } from 'kysely'
import { addDays, type Day } from '#kernel/day.ts'
import type { Context } from '../context.ts'
import type { Finding, Found, Stake, Waits } from '../finding.ts'
import type { People } from '../people.ts'
import { newId, readableRecords, unrestricted } from '../records/index.ts'
import { todayOf } from '../today.ts'

export type RegisterParts = { readonly findings: readonly Finding[]; readonly people: Pick<People, 'filled'> }

/** What the register keeps of a finding, and what its readers see of it. */
export type Entered = {
  readonly finding: string
  readonly record: string
  readonly part: string
  readonly reason: string
  readonly values: Readonly<Record<string, string | number>>
  readonly with: readonly string[]
  readonly presses: number
  readonly since: Day
  readonly post: string | null
  readonly vacant: boolean
  readonly organisation: string | null
  readonly stake: Stake | null
}
/** While it is open. */
type Open = Entered & { readonly postFirst: boolean; readonly escalated: boolean }
type Kept = Open & { readonly id: string; readonly firstSeenAt: string; readonly routes: readonly unknown[] }

export type Refreshed = { readonly opened: number; readonly changed: number; readonly closed: number }

/** How many rows are written in one statement. */
const portion = 5000

const keyOf = ({ finding, record, part }: Pick<Open, 'finding' | 'record' | 'part'>) => `${finding} ${record} ${part}`

/** Computes every finding anew; in one transaction, and one process at a time. */
export async function refreshRegister(ctx: Context, parts: RegisterParts): Promise<Refreshed> {
  const system = unrestricted('the register holds what waits for anybody; readers see what they may', ctx)
  const [state] = (
    await sql<{ newest: string | null }>`select newest from findings.state where id = 1 for update`.execute(ctx.db)
  ).rows
  const newest = await newestChange(ctx)
  const kept = new Map((await openRows(ctx)).map((row) => [keyOf(row), row]))
  const open = await computed(system, parts, kept)
  const at = ctx.now().toISOString()
  const opened = [...open].filter(([key]) => !kept.has(key)).map(([, row]) => row)
  const changed = [...open].flatMap(([key, row]) => {
    const before = kept.get(key)
    return before && differs(before, row) ? [{ before, row }] : []
  })
  const closed = [...kept].filter(([key]) => !open.has(key)).map(([, row]) => row)
  await insert(ctx, opened, at)
  await update(ctx, changed, at)
  await close(ctx, closed, at, state?.newest ?? null)
  const moved = opened.length + changed.length + closed.length > 0 ? 1 : 0
  await sql`update findings.state set newest = ${newest}, "madeFor" = ${todayOf(ctx)}, stale = false,
    revision = revision + ${moved} where id = 1`.execute(ctx.db)
  return { opened: opened.length, changed: changed.length, closed: closed.length }
}

async function newestChange(ctx: Context): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from records."changeSet" order by id desc limit 1`.execute(ctx.db)
  return rows[0]?.id ?? null
}

/** Is the register as new as the records, and of today? */
export async function isCurrent(ctx: Context): Promise<boolean> {
  const { rows } = await sql<{ current: boolean }>`
    select not stale and "madeFor" = ${todayOf(ctx)}::date
      and newest is not distinct from (select id from records."changeSet" order by id desc limit 1) as current
    from findings.state where id = 1`.execute(ctx.db)
  return rows[0]?.current ?? false
}

export type RegisterState = {
  readonly revision: string
  /** Kinds of what the caller has changed and it does not know yet. What others change, it learns within seconds. */
  readonly touched: readonly string[]
}

const everything = unrestricted('which kinds somebody has just changed, to look at their findings again')
/** So many of the caller's newest changes are looked at; they say which kinds were touched. */
const maxTouched = 2000
/** Kinds by database and by what was changed between which two changes: read once, however often the register is. */
const touches = new WeakMap<object, Map<string, Promise<readonly string[]>>>()
const maxKept = 200

/** Which state of the register a read sees. */
export async function registerState(ctx: Context): Promise<RegisterState> {
  const { account } = ctx.caller
  const { rows } = await sql<{ revision: string; newest: string | null; own: string | null }>`
    select s.revision, s.newest, (
      select c.id from records."changeSet" c
      where c.account is not distinct from ${account} and (s.newest is null or c.id > s.newest)
      order by c.id desc limit 1) as own
    from findings.state s where s.id = 1`.execute(ctx.db)
  const { revision, newest, own } = rows[0]!
  if (own === null) return { revision, touched: [] }
  const memory = touches.get(ctx.db) ?? new Map<string, Promise<readonly string[]>>()
  touches.set(ctx.db, memory)
  const key = `${account} ${newest} ${own}`
  if (memory.size >= maxKept) memory.clear()
  const touched = memory.get(key) ?? touchedKinds(ctx, newest, own)
  memory.set(key, touched)
  touched.catch(() => memory.delete(key))
  return { revision, touched: await touched }
}

/** Kinds of what the caller has changed after a change, up to another. */
async function touchedKinds(ctx: Context, after: string | null, upTo: string): Promise<readonly string[]> {
  const { rows } = await sql<{ kind: string }>`
    select distinct r.kind from (
      select e.record from records."changeSet" c join records.entry e on e."changeSet" = c.id and e.record is not null
      where c.account is not distinct from ${ctx.caller.account} and c.id <= ${upTo}
        and ${after === null ? sql`true` : sql`c.id > ${after}`}
      order by c.id desc limit ${maxTouched}) touched
    join ${readableRecords(everything, undefined, { retired: true })} r on r.id = touched.record`.execute(ctx.db)
  return rows.map(({ kind }) => kind)
}

/** Notes that something has changed, for the next run of the job. */
export const markStale = (ctx: Context): Promise<unknown> =>
  sql`update findings.state set stale = true where id = 1`.execute(ctx.db)

async function openRows(ctx: Context): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select id, finding, record, part, reason, "values", "with", presses, since, post, vacant, organisation, "postFirst",
      stake, "escalatedAt" is not null as escalated, "firstSeenAt", routes
    from findings.register where "closedAt" is null`.execute(ctx.db)
  return rows
}

type Place = { readonly id: string; readonly organisation: string | null; readonly owner: string | null }
type Each = { readonly finding: Finding; readonly row: Found }

async function computed(
  ctx: Context,
  { findings, people }: RegisterParts,
  kept: ReadonlyMap<string, Kept>,
): Promise<Map<string, Open>> {
  const all: Each[] = []
  const days = new Map<string, number>()
  for (const finding of findings) {
    for (const row of await finding.found(ctx)) all.push({ finding, row })
    const after = finding.escalates?.afterDays
    if (after !== undefined) days.set(finding.key, typeof after === 'number' ? after : await after(ctx))
  }
  const places = await placesOf(
    ctx,
    all.map(({ row }) => row.record),
  )
  const today = todayOf(ctx)
  const waits = new Map<Each, Waits>()
  for (const each of all) {
    const place = places.get(each.row.record)
    if (place)
      waits.set(each, each.finding.waitsFor?.(each.row) ?? { post: place.owner, organisation: place.organisation })
  }
  const posts = [...new Set([...waits.values()].flatMap(({ post }) => post ?? []))]
  const filled = await people.filled(ctx, posts, today)
  const open = new Map<string, Open>()
  for (const [{ finding, row }, { post, organisation }] of waits) {
    const named = { finding: finding.key, record: row.record, part: row.part ?? row.reason ?? 'one' }
    const key = keyOf(named)
    if (open.has(key)) continue
    const since = row.since ?? kept.get(key)?.since ?? today
    const after = days.get(finding.key)
    open.set(key, {
      ...named,
      reason: row.reason ?? 'one',
      values: row.values ?? {},
      with: row.with ?? [],
      presses: finding.presses,
      since,
      post,
      vacant: post !== null && !filled.has(post),
      organisation,
      postFirst: after !== undefined,
      stake: finding.atStake?.(row) ?? null,
      escalated: after !== undefined && addDays(since, after) <= today,
    })
  }
  return open
}

/** Organisation and owner of live records; what was retired waits for nobody. */
async function placesOf(ctx: Context, records: readonly string[]): Promise<Map<string, Place>> {
  if (records.length === 0) return new Map()
  const { rows } = await sql<Place>`
    select r.id, r.organisation, r.owner from ${readableRecords(ctx)} r
    where r.id = any(${[...new Set(records)]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map((row) => [row.id, row]))
}

const compared = [
  ...(['reason', 'values', 'with', 'presses', 'since', 'post', 'vacant', 'organisation'] as const),
  ...(['postFirst', 'stake', 'escalated'] as const),
]
/** As the database gives back a document: with its keys in an order of its own. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_key, each) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  ) ?? 'null'

const differs = (before: Open, after: Open): boolean =>
  compared.some((name) => before[name] !== after[name] && written(before[name]) !== written(after[name]))

async function inPortions<Row>(rows: readonly Row[], write: (rows: readonly Row[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += portion) await write(rows.slice(from, from + portion))
}

const columns = sql`"values" jsonb, "with" uuid[], presses smallint, since date, post uuid, vacant boolean, organisation uuid,
  "postFirst" boolean, stake jsonb, escalated boolean`

const insert = (ctx: Context, rows: readonly Open[], at: string) =>
  inPortions(rows, (some) =>
    sql`insert into findings.register (id, finding, record, part, reason, "values", "with", presses, since, post, vacant,
        organisation, "postFirst", stake, "firstSeenAt", "escalatedAt", "escalatedTo")
      select n.id, n.finding, n.record, n.part, n.reason, n."values", n."with", n.presses, n.since, n.post, n.vacant,
        n.organisation, n."postFirst", n.stake, ${at}, case when n.escalated then ${at}::timestamptz end,
        case when n.escalated then n.organisation end
      from jsonb_to_recordset(${JSON.stringify(some.map((row) => ({ id: newId(), ...row })))}::jsonb)
        as n(id uuid, finding text, record uuid, part text, reason text, ${columns})`.execute(ctx.db),
  )

const update = (ctx: Context, rows: ReadonlyArray<{ before: Kept; row: Open }>, at: string) =>
  inPortions(rows, (some) => {
    const next = some.map(({ before, row }) => ({
      ...row,
      id: before.id,
      routes:
        before.post === row.post && before.organisation === row.organisation
          ? before.routes
          : [...before.routes, { at, post: before.post, organisation: before.organisation }],
    }))
    return sql`update findings.register f set reason = n.reason, "values" = n."values", "with" = n."with", presses = n.presses,
        since = n.since, post = n.post, vacant = n.vacant, organisation = n.organisation, "postFirst" = n."postFirst",
        stake = n.stake, routes = n.routes,
        "escalatedAt" = case when n.escalated then coalesce(f."escalatedAt", ${at}::timestamptz) end,
        "escalatedTo" = case when n.escalated then coalesce(f."escalatedTo", n.organisation) end
      from jsonb_to_recordset(${JSON.stringify(next)}::jsonb)
        as n(id uuid, reason text, routes jsonb, ${columns}) where f.id = n.id`.execute(ctx.db)
  })

/**
 * By which change set: the newest since the last run that touched the record or one it stood with, else the only one
 * there was. Null = no change, the day has passed.
 */
const close = (ctx: Context, rows: readonly Kept[], at: string, since: string | null) =>
  inPortions(rows, (some) =>
    sql`with fresh as (select c.id from records."changeSet" c where ${since === null ? sql`true` : sql`c.id > ${since}`}),
      gone as (select f.id, f.record, f."with" from findings.register f where f.id = any(${some.map((row) => row.id)}::uuid[])),
      touched as (
        select g.id, max(e."changeSet"::text) as "changeSet" from gone g
          join records.entry e on (e.record = g.record or e.record = any(g."with"))
          join fresh c on c.id = e."changeSet" group by g.id)
      update findings.register f set "closedAt" = ${at}, "closedBy" = coalesce(t."changeSet"::uuid,
        (select min(id::text)::uuid from fresh having count(*) = 1))
      from gone g left join touched t on t.id = g.id where f.id = g.id`.execute(ctx.db),
  )
