/** The working list of indicators: filters, words, keyset pages, what is missing, what went silent. */
import { type RawBuilder, sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import type { Context } from '#platform/context.ts'
import { isId, questionOf } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { addDays, type Day } from '#values/period.ts'
import {
  type Freshness,
  freshnessOn,
  type IndicatorStatus,
  type Reading,
  type Result,
  readingOn,
  resultOn,
  resultTables,
  statusColumns,
  statusTables,
} from './queries-status.ts'

/** What may be missing or wrong with an indicator, each a filter of the list. */
export const findingNames = [
  'no-owner',
  'no-target',
  'no-unit',
  'direction-not-agreed',
  'stale',
  'no-measurement',
  'no-goal',
] as const
export type FindingName = (typeof findingNames)[number]

export type ListFilter = {
  readonly state?: string
  readonly result?: Result
  /** 'overdue' is late, very late or stopped. */
  readonly freshness?: Freshness | 'overdue'
  readonly reading?: Reading
  readonly direction?: IndicatorStatus['direction']
  readonly finding?: FindingName
  /** An id, or 'none' if not stated. */
  readonly organisation?: string
  readonly owner?: string
  /** Below this outcome or objective. */
  readonly goal?: string
  readonly words?: string
  /** The period has ended and its value is due between today and this day. */
  readonly dueUntil?: Day
  /** Owned by one of the caller's posts, or held by one of their organisations. */
  readonly mine?: boolean
}

/** A finding over `r` and `p`. Ended indicators have none. */
const findingSql = (name: FindingName, today: Day): RawBuilder<boolean> => {
  const conditions: Record<FindingName, RawBuilder<boolean>> = {
    'no-owner': sql`r.owner is null`,
    'no-target': sql`coalesce(p.targets, 0) = 0`,
    'no-unit': sql`coalesce(p."lacksUnit", true)`,
    'direction-not-agreed': sql`coalesce(p."lacksDirection", true)`,
    stale: sql`p."veryLateAfter" is not null and ${today}::date > p."veryLateAfter"`,
    'no-measurement': sql`coalesce(p.points, 0) = 0`,
    'no-goal': sql`coalesce(p."lacksGoal", true)`,
  }
  return sql<boolean>`(r.state <> 'ended' and ${conditions[name]})`
}

function conditionsOf(ctx: Context, filter: ListFilter): RawBuilder<unknown> {
  const today = todayOf(ctx)
  const all: RawBuilder<unknown>[] = [sql`true`]
  if (filter.state) all.push(sql`r.state = ${filter.state}`)
  if (filter.result) all.push(sql`(${resultOn(today)}) = ${filter.result}`)
  if (filter.freshness === 'overdue') all.push(sql`(r.state <> 'ended' and p."nextDueOn" < ${today}::date)`)
  else if (filter.freshness) all.push(sql`(${freshnessOn(today)}) = ${filter.freshness}`)
  if (filter.reading) all.push(sql`(${readingOn(today)}) = ${filter.reading}`)
  if (filter.direction) all.push(sql`r.direction = ${filter.direction}`)
  if (filter.finding) all.push(findingSql(filter.finding, today))
  for (const name of ['organisation', 'owner'] as const) {
    const wanted = filter[name]
    if (wanted === 'none') all.push(sql`r.${sql.id(name)} is null`)
    else if (wanted) all.push(sql`r.${sql.id(name)} = ${wanted}::uuid`)
  }
  if (filter.goal)
    all.push(
      sql`exists (select 1 from indicators.serves s where s.goal = ${filter.goal}::uuid and s.indicator = r.id and s.counted)`,
    )
  if (filter.dueUntil)
    all.push(
      sql`(r.state <> 'ended' and p."nextDueOn" between ${today}::date and ${filter.dueUntil}::date and p."nextTo" <= ${today}::date)`,
    )
  if (filter.mine) {
    const bodies = ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])
    all.push(sql`(r.owner = any(${[...ctx.caller.posts]}::uuid[]) or r.organisation = any(${bodies}::uuid[]))`)
  }
  const question = filter.words ? questionOf(filter.words) : null
  if (question)
    all.push(
      sql`exists (select 1 from records.search s where s.record = r.id and s.words @@ to_tsquery('simple', ${question}))`,
    )
  return sql.join(all, sql` and `)
}

/** The same over `r` alone, for a list of indicators: one look into the results for each. */
export const statusIs = (ctx: Context, filter: ListFilter): RawBuilder<unknown> =>
  sql`(select ${conditionsOf(ctx, filter)} from (select 1) one
    left join indicators.performance p on p.indicator = r.id and p.cell = '')`

export type StatusPage = {
  readonly rows: IndicatorStatus[]
  readonly next: string | null
  readonly total: number
}

/** A page of the list in the order of the codes. @throws Invalid `records.bad-cursor` */
export async function listStatuses(
  ctx: Context,
  filter: ListFilter,
  page: { readonly after?: string; readonly limit?: number } = {},
): Promise<StatusPage> {
  const limit = Math.min(page.limit ?? 50, 1000)
  const where = conditionsOf(ctx, filter)
  const after = page.after ? cursorOf(page.after) : null
  const further = after ? sql`and (r.code, r.id) > (${after[0]}, ${after[1]}::uuid)` : sql``
  const { rows } = await sql<IndicatorStatus>`
    select ${statusColumns(todayOf(ctx))} from ${statusTables(ctx)} where ${where} ${further} order by r.code, r.id limit ${limit + 1}`.execute(
    ctx.db,
  )
  const sums = await sql<{ total: number }>`
    select count(*)::integer as total from ${statusTables(ctx)} where ${where}`.execute(ctx.db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: shown,
    next: rows.length > limit && last ? Buffer.from(JSON.stringify([last.code, last.id])).toString('base64url') : null,
    total: sums.rows[0]!.total,
  }
}

/** How many of all indicators would show a signal even if nothing had changed anywhere. */
export async function expectedFalseAlarms(ctx: Context): Promise<number> {
  const { rows } = await sql<{ alarms: number }>`
    select coalesce(sum(p."falseAlarmRate") filter (where (${readingOn(todayOf(ctx))}) <> 'not-stated'), 0)::double precision as alarms
    from ${resultTables(ctx)}`.execute(ctx.db)
  return rows[0]!.alarms
}

/** How many a filter finds, how many of them have a finding, and how many were never measured; one query. */
export async function countLacking(
  ctx: Context,
  filter: ListFilter,
  finding: FindingName,
): Promise<{ of: number; lacking: number; unmeasured: number }> {
  const today = todayOf(ctx)
  const { rows } = await sql<{ of: number; lacking: number; unmeasured: number }>`
    select count(*)::integer as "of", count(*) filter (where ${findingSql(finding, today)})::integer as lacking,
      count(*) filter (where ${findingSql('no-measurement', today)})::integer as unmeasured
    from ${resultTables(ctx)} where ${conditionsOf(ctx, filter)}`.execute(ctx.db)
  return rows[0]!
}

function cursorOf(text: string): [string, string] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && typeof parsed[1] === 'string' && isId(parsed[1]))
      return [parsed[0], parsed[1]]
  } catch {
    // Handled below, like any other invalid cursor.
  }
  throw invalid('records.bad-cursor', [{ at: '/after', code: 'field.wrong' }])
}

/** Values due within this many days are announced. */
const announcedDays = 30

export type WaitingName = Exclude<FindingName, 'stale' | 'no-owner'> | 'late' | 'due'

/** Indicators that wait for a value or lack something, with the period and the day it was due. */
export type WaitingIndicator = {
  readonly id: string
  readonly nextFrom: Day | null
  readonly nextTo: Day | null
  readonly nextDueOn: Day | null
  readonly overdueDays: number | null
}

/** One pass over the records and the narrow part of their results; among some of them, or all that may be read. */
export async function waitingIndicators(
  ctx: Context,
  name: WaitingName,
  only?: readonly string[],
): Promise<WaitingIndicator[]> {
  const today = todayOf(ctx)
  const filter: ListFilter =
    name === 'late'
      ? { freshness: 'overdue' }
      : name === 'due'
        ? { dueUntil: addDays(today, announcedDays) }
        : { finding: name }
  const among = only ? sql`and r.id = any(${[...only]}::uuid[])` : sql``
  const { rows } = await sql<WaitingIndicator>`
    select r.id, p."nextFrom", p."nextTo", p."nextDueOn", ${today}::date - p."nextDueOn" as "overdueDays"
    from ${resultTables(ctx)} where ${conditionsOf(ctx, filter)} ${among}`.execute(ctx.db)
  return rows
}

export type SilentReporter = {
  readonly organisation: string | null
  readonly owner: string | null
  readonly late: number
  readonly veryLate: number
  readonly stopped: number
  readonly oldestDueOn: Day
}

const silence = sql`count(*) filter (where freshness = 'late')::integer as late, count(*) filter (where freshness = 'very-late')::integer as "veryLate",
  count(*) filter (where freshness = 'stopped')::integer as stopped, min("nextDueOn") as "oldestDueOn"`

const silentRows = (ctx: Context) => sql`
  (select r.organisation, r.owner, p."nextDueOn", ${freshnessOn(todayOf(ctx))} as freshness from ${resultTables(ctx)}
    where p."nextDueOn" < ${todayOf(ctx)}::date and r.state <> 'ended') silent`

/**
 * Posts whose values are overdue, the most stopped ones first; without an owner they are listed under their
 * organisation.
 */
export async function silentPosts(ctx: Context, limit = 50): Promise<SilentReporter[]> {
  const { rows } = await sql<SilentReporter>`
    select organisation, owner, ${silence} from ${silentRows(ctx)} group by organisation, owner
    order by count(*) filter (where freshness = 'stopped') desc, count(*) desc, min("nextDueOn"), organisation, owner limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** The same by organisation alone; `owner` is always null. */
export async function silentOrganisations(ctx: Context, limit = 50): Promise<SilentReporter[]> {
  const { rows } = await sql<SilentReporter>`
    select organisation, null::uuid as owner, ${silence} from ${silentRows(ctx)} group by organisation
    order by count(*) filter (where freshness = 'stopped') desc, count(*) desc, min("nextDueOn"), organisation limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}
