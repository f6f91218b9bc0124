/** Frames of classification: their axes and members, and which outcomes and objectives stand in each cell. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { AppContext } from '#platform/page.ts'

export type FrameRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly edition: string | null
  readonly note: Localized | null
  readonly axes: readonly Localized[]
  readonly key: string | null
}

/** Frames the caller may read, or one of them. */
export async function frames(ctx: AppContext, id: string | null = null): Promise<FrameRow[]> {
  const { rows } = await sql<FrameRow>`
    select r.id, r.code, r.title, t.edition, t.note, coalesce(t.axes, '[]') as axes,
      (select e.id from records."externalId" e where e.record = r.id and e.source = 'frame') as key
    from strategy.frame t join records.record r on r.id = t.id
    where ${id === null ? sql`true` : sql`r.id = ${id}`} and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} order by r.code limit 100`.execute(
    ctx.db,
  )
  return rows
}

export type MemberRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly axis: number
  readonly notation: string | null
}

export type ClassifiedRow = {
  readonly code: string
  readonly title: Localized
  readonly kind: string
  readonly categories: readonly string[]
}

/** Members of a frame in order, and what is classified under any of them. */
export async function frameContents(
  ctx: AppContext,
  frame: string,
): Promise<{ members: MemberRow[]; classified: ClassifiedRow[] }> {
  const { rows: members } = await sql<MemberRow>`
    select r.id, r.code, r.title, t.axis, t.notation from strategy.category t join records.record r on r.id = t.id
    where t.frame = ${frame} and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} order by t.axis, t.position, r.code limit 1000`.execute(
    ctx.db,
  )
  const ids = members.map((each) => each.id)
  const side = (kind: string) => sql`
    select r.code, r.title, r.kind, t.categories from strategy.${sql.id(kind)} t join records.record r on r.id = t.id
    where t.categories && ${ids}::uuid[] and r."retiredAt" is null and r.state <> 'dropped' and ${ctx.policies.visible(ctx.caller)}`
  const { rows: classified } = await sql<ClassifiedRow>`
    select * from (${side('outcome')} union all ${side('objective')}) all_kinds order by kind desc, code limit 5000`.execute(
    ctx.db,
  )
  return { members, classified }
}
