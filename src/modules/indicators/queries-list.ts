/** What is known of indicators today as conditions: what a list is narrowed by, what waits for somebody, what went silent. */
import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import { isId } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { addDays, type Day } from '#values/period.ts'
import { freshnessOn, readingOn, resultOn, resultTables } from './queries-status.ts'

/** What may be missing or wrong with an indicator, over `r` and `p`. Ended indicators lack nothing. */
const lacking = {
  'no-owner': sql`r.owner is null`,
  'no-target': sql`coalesce(p.targets, 0) = 0`,
  'no-unit': sql`coalesce(p."lacksUnit", true)`,
  'direction-not-agreed': sql`coalesce(p."lacksDirection", true)`,
  'no-measurement': sql`coalesce(p.points, 0) = 0`,
  'no-goal': sql`coalesce(p."lacksGoal", true)`,
}
type Lacking = keyof typeof lacking
export const findingNames = [...(Object.keys(lacking) as Lacking[]), 'stale'] as const
export type FindingName = (typeof findingNames)[number]

/** Values due within this many days are announced. */
export const dueSoonDays = 30

/** Conditions over `r` and `p` by name, for a value from an address; null for a value that is not known. */
const conditions = {
  result: (today: Day, value: string) => sql`(${resultOn(today)}) = ${value}`,
  // 'overdue' is late, very late or stopped.
  freshness: (today: Day, value: string) =>
    value === 'overdue'
      ? sql`(r.state <> 'ended' and p."nextDueOn" < ${today}::date)`
      : sql`(${freshnessOn(today)}) = ${value}`,
  reading: (today: Day, value: string) => sql`(${readingOn(today)}) = ${value}`,
  finding: (today: Day, value: string) =>
    value === 'stale'
      ? sql`(r.state <> 'ended' and p."veryLateAfter" is not null and ${today}::date > p."veryLateAfter")`
      : Object.hasOwn(lacking, value)
        ? sql`(r.state <> 'ended' and ${lacking[value as Lacking]})`
        : null,
  // Below this outcome or objective.
  goal: (_today: Day, value: string) =>
    isId(value)
      ? sql`exists (select 1 from indicators.serves s where s.goal = ${value}::uuid and s.indicator = r.id and s.counted)`
      : null,
  // The period has ended and its value is due from today on.
  due: (today: Day, value: string) =>
    value === 'soon'
      ? sql`(r.state <> 'ended' and p."nextDueOn" between ${today}::date and ${addDays(today, dueSoonDays)}::date and p."nextTo" <= ${today}::date)`
      : null,
  // Owned by one of the caller's posts, or held by one of their organisations.
  mine: (_today: Day, value: string, { caller }: Context) =>
    value === 'true'
      ? sql`(r.owner = any(${[...caller.posts]}::uuid[]) or r.organisation = any(${caller.grants.flatMap((grant) => grant.organisations ?? [])}::uuid[]))`
      : null,
} satisfies Record<string, (today: Day, value: string, ctx: Context) => RawBuilder<unknown> | null>

export type StatusFilter = keyof typeof conditions

/** A condition over `r` alone, for a list of indicators: one look into the results for each. */
export function statusIs(ctx: Context, name: StatusFilter, value: string): RawBuilder<unknown> | null {
  const condition = conditions[name](todayOf(ctx), value, ctx)
  return (
    condition &&
    sql`(select ${condition} from (select 1) one left join indicators.performance p on p.indicator = r.id and p.cell = '')`
  )
}

/** How many of all indicators would show a signal even if nothing had changed anywhere. */
export async function expectedFalseAlarms(ctx: Context): Promise<number> {
  const { rows } = await sql<{ alarms: number }>`
    select coalesce(sum(p."falseAlarmRate") filter (where (${readingOn(todayOf(ctx))}) <> 'not-stated'), 0)::double precision as alarms
    from ${resultTables(ctx)}`.execute(ctx.db)
  return rows[0]!.alarms
}

/** How many agreed ones there are, how many of them have a finding, and how many were never measured; one query. */
export async function countLacking(ctx: Context, finding: FindingName) {
  const today = todayOf(ctx)
  const { rows } = await sql<{ of: number; lacking: number; unmeasured: number }>`
    select count(*)::integer as "of", count(*) filter (where ${conditions.finding(today, finding)})::integer as lacking,
      count(*) filter (where ${conditions.finding(today, 'no-measurement')})::integer as unmeasured
    from ${resultTables(ctx)} where r.state = 'agreed'`.execute(ctx.db)
  return rows[0]!
}

export type WaitingName = Exclude<Lacking, 'no-owner'> | 'late' | 'due'

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
  const condition =
    name === 'late'
      ? conditions.freshness(today, 'overdue')
      : name === 'due'
        ? conditions.due(today, 'soon')
        : conditions.finding(today, name)
  const among = only ? sql`and r.id = any(${[...only]}::uuid[])` : sql``
  const { rows } = await sql<WaitingIndicator>`
    select r.id, p."nextFrom", p."nextTo", p."nextDueOn", ${today}::date - p."nextDueOn" as "overdueDays"
    from ${resultTables(ctx)} where ${condition} ${among}`.execute(ctx.db)
  return rows
}

/**
 * Posts whose values are overdue, the most stopped ones first; without an owner they are listed under their
 * organisation.
 */
export async function silentPosts(ctx: Context, limit = 50) {
  const today = todayOf(ctx)
  const { rows } = await sql<{
    organisation: string | null
    post: string | null
    all: number
    stopped: number
    oldestDueOn: Day
  }>`
    select organisation, post, count(*)::integer as "all", (count(*) filter (where freshness = 'stopped'))::integer as stopped,
      min("nextDueOn") as "oldestDueOn"
    from (select r.organisation, r.owner as post, p."nextDueOn", ${freshnessOn(today)} as freshness from ${resultTables(ctx)}
      where ${conditions.freshness(today, 'overdue')}) silent
    group by organisation, post order by 4 desc, 3 desc, 5, organisation, post limit ${limit}`.execute(ctx.db)
  return rows
}
