/** Classification frames: their axes and members, and which outcomes and objectives are in each cell. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { AppContext } from '#platform/page.ts'
import { read, readable } from '#platform/records/index.ts'
import { category, frame } from './records.ts'

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
export const frames = (ctx: AppContext, id: string | null = null): Promise<FrameRow[]> =>
  read(ctx, frame)
    .in(id === null ? {} : { id })
    .sort('code')
    .limit(100)
    .pick('id', 'code', 'title', 'edition', 'note')
    .with({
      axes: sql<Localized[]>`coalesce(t.axes, '[]')`,
      key: sql<string | null>`(select e.id from records."externalId" e where e.record = r.id and e.source = 'frame')`,
    })
    .rows()

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
  id: string,
): Promise<{ members: MemberRow[]; classified: ClassifiedRow[] }> {
  const members = await read(ctx, category)
    .in({ frame: id })
    .sort('axis', 'position', 'code')
    .limit(1000)
    .pick('id', 'code', 'title', 'notation')
    .stated('axis')
    .rows()
  const ids = members.map((each) => each.id)
  const side = (kind: string) => sql`
    select r.code, r.title, r.kind, r.categories from ${readable(ctx, kind)} r
    where r.categories && ${ids}::uuid[] and r.state <> 'dropped'`
  const { rows: classified } = await sql<ClassifiedRow>`
    select * from (${side('strategy.outcome')} union all ${side('strategy.objective')}) all_kinds
    order by kind desc, code limit 5000`.execute(ctx.db)
  return { members, classified }
}
