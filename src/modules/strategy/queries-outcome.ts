/** What belongs to one outcome or objective: the way up, commitments, the cells it is classified under. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { AppContext } from '#platform/page.ts'
import { read, readable, readableRecords } from '#platform/records/index.ts'
import { type OutcomeRow, outcomes } from './queries-status.ts'
import { commitment, objective } from './records.ts'

export type CommitmentRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly dueOn: string | null
  readonly keptOn: string | null
  readonly overdue: boolean
}

const isOpen = sql<boolean>`r.state in ('draft', 'agreed')`
const commitments = (ctx: AppContext, today: string) =>
  read(ctx, commitment)
    .pick('id', 'code', 'title', 'state', 'dueOn', 'keptOn')
    .with({ overdue: sql<boolean>`${isOpen} and t."dueOn" < ${today}::date` })

/** Commitments made towards a goal, the open ones first. */
export const commitmentsTowards = (ctx: AppContext, goal: string, today: string): Promise<CommitmentRow[]> =>
  commitments(ctx, today).linked('towards', goal).sort(sql`(${isOpen}) desc`, 'dueOn', 'code').limit(100).rows()

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
    select r.id, r.code, r.title, r.frame, f.code as "frameCode", f.title as "frameTitle", r.axis, r.notation
    from ${readable(ctx, 'strategy.category')} r join ${readableRecords(ctx)} f on f.id = r.frame
    where r.id = any(${[...ids]}::uuid[]) order by f.code, r.axis, r.position`.execute(ctx.db)
  return rows
}

/** One outcome with what its rule needs, even if retired: its page can still be read. */
export const outcomeById = (ctx: AppContext, id: string): Promise<OutcomeRow | undefined> =>
  outcomes(ctx).in({ id }).retired().first()

/** Objectives directly below a goal. */
export const objectivesBelow = (ctx: AppContext, goal: string) =>
  read(ctx, objective)
    .where(
      sql`r.id in (select l."from" from records.link l
        where l."to" = ${goal} and l.name in ('strategy.objective.under', 'strategy.objective.contributesTo'))`,
    )
    .notIn({ state: 'dropped' })
    .sort('level', 'code')
    .limit(200)
    .pick('id', 'code', 'title', 'state', 'level')
    .rows()
