/** A plan as a tree: outcomes, the levels of objectives below them, and what has no outcome yet. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { type RollUp, rollUp } from '#modules/indicators'
import type { AppContext } from '#platform/page.ts'
import { read, readableRecords } from '#platform/records/index.ts'
import { type OutcomeRow, type OutcomeStatus, outcomeStatuses, outcomes } from './queries-status.ts'
import { objective } from './records.ts'

export type ObjectiveRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly level: number
  readonly organisation: string | null
  /** Objectives and outcomes it belongs to. */
  readonly above: readonly string[]
}

export type PlanTree = {
  readonly outcomes: readonly OutcomeRow[]
  readonly objectives: readonly ObjectiveRow[]
  readonly statuses: ReadonlyMap<string, OutcomeStatus>
  readonly counts: ReadonlyMap<string, RollUp>
  /** True if a plan is too large to read in one go. */
  readonly truncated: boolean
}

/** A plan larger than this is shown by its upper levels; lists have the rest. */
const maxObjectives = 2000

/** Outcomes and objectives of a plan with the status of everything below each; five queries for any size. */
export async function planTree(ctx: AppContext, id: string): Promise<PlanTree> {
  const above = sql<string[]>`array(select l."to" from records.link l
    where l."from" = r.id and l.name in ('strategy.objective.under', 'strategy.objective.contributesTo'))`
  const [top, objectives] = await Promise.all([
    outcomes(ctx).in({ plan: id }).notIn({ state: 'dropped' }).sort('code').limit(500).rows(),
    read(ctx, objective)
      .in({ plan: id })
      .notIn({ state: 'dropped' })
      .sort('level', 'code')
      .limit(maxObjectives + 1)
      .pick('id', 'code', 'title', 'state', 'organisation')
      .stated('level')
      .with({ above })
      .rows(),
  ])
  const shown = objectives.slice(0, maxObjectives)
  const [statuses, counts] = await Promise.all([
    outcomeStatuses(ctx, top),
    rollUp(
      ctx,
      shown.map((each) => each.id),
    ),
  ])
  return {
    outcomes: top,
    objectives: shown,
    statuses,
    counts,
    truncated: objectives.length > shown.length,
  }
}

export type TopObjective = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly level: number
  readonly version: number
  readonly organisation: string | null
  readonly below: number
}

/** Top-level objectives of a plan that serve no outcome. */
export const objectivesWithoutOutcome = (ctx: AppContext, id: string | null, limit = 500): Promise<TopObjective[]> =>
  read(ctx, objective)
    .in(id === null ? {} : { plan: id })
    .notIn({ state: 'dropped' })
    .where(
      sql`not exists (select 1 from records.link a where a."from" = r.id
        and a.name in ('strategy.objective.under', 'strategy.objective.contributesTo'))`,
    )
    .sort('level', 'code')
    .limit(limit)
    .pick('id', 'code', 'title', 'version', 'organisation')
    .stated('level')
    .with({
      below: sql<number>`(select count(*)::integer from records.link b where b."to" = r.id and b.name = 'strategy.objective.under')`,
    })
    .rows()

export type IndicatorBelow = {
  readonly goal: string
  readonly id: string
  readonly code: string
  readonly title: Localized
  /** How many indicators measure the goal. */
  readonly of: number
}

/** Indicators that measure each goal directly, at most `each` per goal. */
export async function indicatorsOf(ctx: AppContext, goals: readonly string[], each = 8): Promise<IndicatorBelow[]> {
  if (goals.length === 0) return []
  const { rows } = await sql<IndicatorBelow>`
    select goal, id, code, title, "of" from (
      select l."to" as goal, r.id, r.code, r.title, count(*) over (partition by l."to")::integer as "of",
        row_number() over (partition by l."to" order by r.code) as place
      from records.link l join ${readableRecords(ctx)} r on r.id = l."from"
      where l."to" = any(${[...goals]}::uuid[]) and l.name = 'indicators.indicator.measures' and r.state <> 'ended') placed
    where place <= ${each} order by goal, code`.execute(ctx.db)
  return rows
}
