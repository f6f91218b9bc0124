/**
 * The status of indicators today: stored results with freshness computed on reading, limited to what the caller may
 * read.
 */

import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import { type Relation, readable, readableRecords } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import type { Day } from '#values/period.ts'
import { indicator } from './records.ts'
import type { TargetFigures } from './rules-series.ts'

/** 'current': nothing is overdue. Null: nothing was measured yet, or the indicator has ended. */
export type Freshness = 'current' | 'late' | 'very-late' | 'stopped'
export type Result = 'met' | 'missed' | 'not-due' | 'unknown'
export type Reading = 'improving' | 'concerning' | 'higher-than-usual' | 'lower-than-usual' | 'usual' | 'not-stated'

/** Over `indicators.performance p` and `records.record r`. */
export const freshnessOn = (today: Day): RawBuilder<Freshness | null> => sql`case
  when r.state = 'ended' or p."nextDueOn" is null then null
  when ${today}::date <= p."nextDueOn" then 'current' when ${today}::date <= p."veryLateAfter" then 'late'
  when ${today}::date <= p."stoppedAfter" then 'very-late' else 'stopped' end`

/** From "very late" on, a result is unknown; so is one whose due day has passed without a value. */
export const resultOn = (today: Day): RawBuilder<Result> => sql`case
  when p.indicator is null then 'unknown'
  when r.state = 'ended' then p.result
  when ${today}::date > p."veryLateAfter" then 'unknown'
  when p.result = 'not-due' and ${today}::date > p."targetDueOn" and ${today}::date > p."nextDueOn" then 'unknown'
  else p.result end`

const tooOld = (today: Day) => sql`(r.state <> 'ended' and ${today}::date > p."veryLateAfter")`

/** What the newest point says; nothing once it is too old to say anything about today. */
export const readingOn = (today: Day): RawBuilder<Reading> =>
  sql`case when p.indicator is null or ${tooOld(today)} then 'not-stated' else p.reading end`

export type IndicatorStatus = {
  id: string
  code: string
  title: Record<string, string>
  state: string
  organisation: string | null
  owner: string | null
  audience: string
  critical: boolean
  direction: 'up' | 'down' | 'range' | 'none' | 'not-agreed'
  valueKind: string | null
  unit: string | null
  unitLabel: Record<string, string> | null
  decimals: number | null
  grain: string | null
  result: Result
  /** Codes of `analysis/target.ts`, as of the newest value; 'very-late' and the like follow from `freshness`. */
  reasons: string[]
  freshness: Freshness | null
  progress: number | null
  asked: string | null
  gap: string | null
  relativeGap: number | null
  target: TargetFigures | null
  nextTarget: TargetFigures | null
  points: number
  latestFrom: Day | null
  latestTo: Day | null
  latestLabel: string | null
  latestValue: string | null
  latestStatus: string | null
  nextFrom: Day | null
  nextTo: Day | null
  nextLabel: string | null
  nextDueOn: Day | null
  reading: Reading
  side: 'high' | 'low' | null
  signal: string | null
  silence: string | null
  capability: string
  falseAlarmRate: number
  /** Newest values, at most 24, oldest first. */
  recent: (string | null)[]
}

const withResults = (indicators: Relation): RawBuilder<unknown> =>
  sql`${indicators} r left join indicators.performance p on p.indicator = r.id and p.cell = ''`

/** Indicators with their results, without their definitions; conditions are over `r` and `p`. */
export const resultTables = (ctx: Context): RawBuilder<unknown> => withResults(readableRecords(ctx, [indicator.kind]))

/** The status of these indicators, by id; unreadable ones are left out. */
export async function performanceOf(ctx: Context, ids: readonly string[]): Promise<Map<string, IndicatorStatus>> {
  if (ids.length === 0) return new Map()
  const today = todayOf(ctx)
  const { rows } = await sql<IndicatorStatus>`
    select
      r.id, r.code, r.title, r.state, r.organisation, r.owner, r.audience, coalesce(r.critical, false) as critical, r.direction, r."valueKind", r.unit,
      r."unitLabel", r.decimals, r.grain, ${resultOn(today)} as result, coalesce(p.reasons, '{no-value}') as reasons, ${freshnessOn(today)} as freshness,
      p.progress, p.asked, p.gap, p."relativeGap", p.target, p."nextTarget", coalesce(p.points, 0) as points, p."latestFrom", p."latestTo",
      p."latestLabel", p."latestValue", p."latestStatus", p."nextFrom", p."nextTo", p."nextLabel", p."nextDueOn",
      ${readingOn(today)} as reading, p.side, p.signal,
      case when p.indicator is null then 'no-points' when ${tooOld(today)} and p.silence is null then 'too-old' else p.silence end as silence,
      case when p.indicator is null or ${tooOld(today)} then 'not-stated' else p.capability end as capability,
      case when p.indicator is null or ${tooOld(today)} then 0 else p."falseAlarmRate" end as "falseAlarmRate", coalesce(p.recent, '{}') as recent
    from ${withResults(readable(ctx, indicator.kind))}
    where r.id = any(${[...new Set(ids)]}::uuid[])`.execute(ctx.db)
  return new Map(rows.map((row) => [row.id, row]))
}

export type RollUp = {
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
  /** How many of them have no owner. */
  readonly unowned: number
  readonly total: number
  /** The missed indicator furthest from its target, relative to the target. */
  readonly worst: { readonly id: string; readonly code: string; readonly title: Record<string, string> } | null
}

export const emptyRollUp: RollUp = { met: 0, missed: 0, notDue: 0, unknown: 0, unowned: 0, total: 0, worst: null }

/**
 * How many indicators below each goal (outcome or objective, by id) are met, missed, not due, unknown, and the worst;
 * one query. Indicators the caller may not read, ended ones, and parts whose whole is counted are not counted.
 */
export async function rollUp(ctx: Context, goals: readonly string[]): Promise<Map<string, RollUp>> {
  const found = new Map(goals.map((id) => [id, emptyRollUp]))
  if (goals.length === 0) return found
  const { rows } = await sql<{
    goal: string
    met: number
    missed: number
    notDue: number
    unknown: number
    unowned: number
    total: number
    worst: string | null
    code: string | null
    title: Record<string, string> | null
  }>`
    with standing as (
      select s.goal, r.id, r.owner, p."relativeGap", ${resultOn(todayOf(ctx))} as result
      from indicators.serves s join ${readableRecords(ctx, [indicator.kind])} r on r.id = s.indicator
        left join indicators.performance p on p.indicator = s.indicator and p.cell = ''
      where s.goal = any(${[...new Set(goals)]}::uuid[]) and s.counted and r.state <> 'ended'),
    counted as (
      select goal, count(*) filter (where result = 'met')::integer as met, count(*) filter (where result = 'missed')::integer as missed,
        count(*) filter (where result = 'not-due')::integer as "notDue", count(*) filter (where result = 'unknown')::integer as unknown,
        count(*) filter (where owner is null)::integer as unowned, count(*)::integer as total
      from standing group by goal),
    worst as (
      select distinct on (goal) goal, id from standing where result = 'missed' order by goal, coalesce("relativeGap", 0), id)
    select c.*, w.id as worst, r.code, r.title from counted c left join worst w on w.goal = c.goal
      left join ${readableRecords(ctx)} r on r.id = w.id`.execute(ctx.db)
  for (const { goal, worst, code, title, ...counts } of rows)
    found.set(goal, { ...counts, worst: worst && code && title ? { id: worst, code, title } : null })
  return found
}

/** Indicators below a goal: the worst first, then unknown, not due, met; at most `limit`. */
export async function indicatorsOf(ctx: Context, goal: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (select r.id, r.code, ${resultOn(todayOf(ctx))} as result, p."relativeGap"
      from ${resultTables(ctx)} join indicators.serves s on s.indicator = r.id
      where s.goal = ${goal} and s.counted and r.state <> 'ended') standing
    order by array_position('{missed,unknown,not-due,met}'::text[], result), coalesce("relativeGap", 0), code limit ${limit}`.execute(
    ctx.db,
  )
  return rows.map(({ id }) => id)
}
