/** A plan as a tree: outcomes, the levels of objectives below them, and what has no outcome yet. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { type RollUp, rollUp } from '#modules/indicators'
import type { AppContext } from '#platform/page.ts'
import { type OutcomeRow, type OutcomeStanding, outcomeColumns, outcomeStandings } from './queries-standing.ts'

export type ObjectiveRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly level: number
  readonly organisation: string | null
  /** Objectives and outcomes it lies under. */
  readonly above: readonly string[]
}

export type PlanTree = {
  readonly outcomes: readonly OutcomeRow[]
  readonly objectives: readonly ObjectiveRow[]
  readonly standings: ReadonlyMap<string, OutcomeStanding>
  readonly counts: ReadonlyMap<string, RollUp>
  /** True where a plan is larger than what is read at once. */
  readonly truncated: boolean
}

/** A plan larger than this is shown by its upper levels; lists have the rest. */
const maxObjectives = 2000

/** Outcomes and objectives of a plan with how everything below each stands; five queries for any size. */
export async function planTree(ctx: AppContext, plan: string): Promise<PlanTree> {
  const [outcomes, objectives] = await Promise.all([
    sql<OutcomeRow>`
      select ${outcomeColumns(ctx)} from strategy.outcome t join records.record r on r.id = t.id
      where t.plan = ${plan} and r."retiredAt" is null and r.state <> 'dropped' and ${ctx.policies.visible(ctx.caller)}
      order by r.code limit 500`.execute(ctx.db),
    sql<ObjectiveRow>`
      select r.id, r.code, r.title, r.state, t.level, r.organisation, array(select l."to" from records.link l
        where l."from" = r.id and l.name in ('strategy.objective.under', 'strategy.objective.contributesTo')) as above
      from strategy.objective t join records.record r on r.id = t.id
      where t.plan = ${plan} and r."retiredAt" is null and r.state <> 'dropped' and ${ctx.policies.visible(ctx.caller)}
      order by t.level, r.code limit ${maxObjectives + 1}`.execute(ctx.db),
  ])
  const shown = objectives.rows.slice(0, maxObjectives)
  const [standings, counts] = await Promise.all([
    outcomeStandings(ctx, outcomes.rows),
    rollUp(
      ctx,
      shown.map((each) => each.id),
    ),
  ])
  return {
    outcomes: outcomes.rows,
    objectives: shown,
    standings,
    counts,
    truncated: objectives.rows.length > shown.length,
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

/** Objectives on top of a plan that serve no outcome: nothing lies above them. */
export async function objectivesWithoutOutcome(
  ctx: AppContext,
  plan: string | null,
  limit = 500,
): Promise<TopObjective[]> {
  const { rows } = await sql<TopObjective>`
    select r.id, r.code, r.title, t.level, r.version, r.organisation,
      (select count(*)::integer from records.link b where b."to" = r.id and b.name = 'strategy.objective.under') as below
    from strategy.objective t join records.record r on r.id = t.id
    where ${plan === null ? sql`true` : sql`t.plan = ${plan}`} and r."retiredAt" is null and r.state <> 'dropped'
      and not exists (select 1 from records.link a where a."from" = r.id
        and a.name in ('strategy.objective.under', 'strategy.objective.contributesTo'))
      and ${ctx.policies.visible(ctx.caller)} order by t.level, r.code limit ${limit}`.execute(ctx.db)
  return rows
}

export type PlanRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly organisation: string | null
  readonly levels: readonly Localized[]
}

/** Plans the caller may read, those in force first. */
export async function plans(ctx: AppContext): Promise<PlanRow[]> {
  const { rows } = await sql<PlanRow>`
    select r.id, r.code, r.title, r.state, r.organisation, coalesce(t.levels, '[]') as levels from strategy.plan t join records.record r on r.id = t.id
    where r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by array_position('{adopted,draft,ended}'::text[], r.state), r.code limit 100`.execute(ctx.db)
  return rows
}

export type IndicatorBelow = {
  readonly goal: string
  readonly id: string
  readonly code: string
  readonly title: Localized
  /** How many indicators measure the same goal. */
  readonly of: number
}

/** Indicators that measure each goal itself, at most `each` of them a goal. */
export async function indicatorsOf(ctx: AppContext, goals: readonly string[], each = 8): Promise<IndicatorBelow[]> {
  if (goals.length === 0) return []
  const { rows } = await sql<IndicatorBelow>`
    select goal, id, code, title, "of" from (
      select l."to" as goal, r.id, r.code, r.title, count(*) over (partition by l."to")::integer as "of",
        row_number() over (partition by l."to" order by r.code) as place
      from records.link l join records.record r on r.id = l."from"
      where l."to" = any(${[...goals]}::uuid[]) and l.name = 'indicators.indicator.measures' and r."retiredAt" is null
        and r.state <> 'ended' and ${ctx.policies.visible(ctx.caller)}) placed
    where place <= ${each} order by goal, code`.execute(ctx.db)
  return rows
}
