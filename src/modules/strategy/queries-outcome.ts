/** What belongs to one outcome or objective: the way up, commitments, the cells it is classified under. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { AppContext } from '#platform/page.ts'
import { type OutcomeRow, outcomeColumns } from './queries-standing.ts'

export type CommitmentRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly dueOn: string | null
  readonly keptOn: string | null
  readonly overdue: boolean
}

const commitmentColumns = (today: string) => sql`r.id, r.code, r.title, r.state, t."dueOn", t."keptOn",
  r.state in ('draft', 'agreed') and t."dueOn" < ${today}::date as overdue`

/** Commitments made towards a goal, the open ones first. */
export async function commitmentsTowards(ctx: AppContext, goal: string, today: string): Promise<CommitmentRow[]> {
  const { rows } = await sql<CommitmentRow>`
    select ${commitmentColumns(today)} from records.link l join strategy.commitment t on t.id = l."from" join records.record r on r.id = t.id
    where l."to" = ${goal} and l.name = 'strategy.commitment.towards' and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by (r.state in ('draft', 'agreed')) desc, t."dueOn" nulls last, r.code limit 100`.execute(ctx.db)
  return rows
}

/** Commitments that are overdue or due until a day, the earliest first. */
export async function commitmentsDue(
  ctx: AppContext,
  today: string,
  until: string,
  options: { mine?: boolean; limit?: number } = {},
): Promise<Array<CommitmentRow & { organisation: string | null; owner: string | null }>> {
  const bodies = ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])
  const mine = sql`and (r.owner = any(${[...ctx.caller.posts]}::uuid[]) or r.organisation = any(${bodies}::uuid[]))`
  const { rows } = await sql<CommitmentRow & { organisation: string | null; owner: string | null }>`
    select ${commitmentColumns(today)}, r.organisation, r.owner from strategy.commitment t join records.record r on r.id = t.id
    where r.state in ('draft', 'agreed') and t."dueOn" <= ${until}::date and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
      ${options.mine ? mine : sql``} order by t."dueOn", r.code limit ${options.limit ?? 50}`.execute(ctx.db)
  return rows
}

export type CategoryRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly frame: string
  readonly frameCode: string
  readonly frameTitle: Localized
  readonly axis: number
  readonly notation: string | null
}

/** The cells of frames a record is classified under. */
export async function categoriesOf(ctx: AppContext, ids: readonly string[]): Promise<CategoryRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<CategoryRow>`
    select r.id, r.code, r.title, t.frame, f.code as "frameCode", f.title as "frameTitle", t.axis, t.notation
    from strategy.category t join records.record r on r.id = t.id join records.record f on f.id = t.frame
    where r.id = any(${[...ids]}::uuid[]) and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by f.code, t.axis, t.position`.execute(ctx.db)
  return rows
}

/** One outcome with what its rule needs. */
export async function outcomeById(ctx: AppContext, id: string): Promise<OutcomeRow | undefined> {
  const { rows } = await sql<OutcomeRow>`
    select ${outcomeColumns(ctx)} from strategy.outcome t join records.record r on r.id = t.id
    where r.id = ${id} and ${ctx.policies.visible(ctx.caller)}`.execute(ctx.db)
  return rows[0]
}

/** Objectives right below a goal. */
export async function objectivesBelow(ctx: AppContext, goal: string) {
  const { rows } = await sql<{ id: string; code: string; title: Localized; state: string; level: number }>`
    select distinct r.id, r.code, r.title, r.state, t.level from records.link l join strategy.objective t on t.id = l."from" join records.record r on r.id = t.id
    where l."to" = ${goal} and l.name in ('strategy.objective.under', 'strategy.objective.contributesTo') and r."retiredAt" is null
      and r.state <> 'dropped' and ${ctx.policies.visible(ctx.caller)} order by t.level, r.code limit 200`.execute(
    ctx.db,
  )
  return rows
}
