/** What was edited since an import: it stays when the import is undone. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'

export type EditedRecord = {
  readonly code: string
  readonly kind: string
  readonly title: Record<string, string>
  readonly at: string
}

/** Records of a change set that somebody changed afterwards, the newest change first. */
export async function editedSince(ctx: Context, changeSet: string, limit: number): Promise<EditedRecord[]> {
  const { rows } = await sql<EditedRecord>`
    select r.code, r.kind, r.title, max(c.at) as at
    from records.entry e join records.entry l on l.record = e.record and l."changeSet" <> e."changeSet" and l.sequence > e.sequence
    join records."changeSet" c on c.id = l."changeSet" join records.record r on r.id = e.record
    where e."changeSet" = ${changeSet} and ${ctx.policies.visible(ctx.caller)}
    group by r.id order by max(c.at) desc, r.code limit ${limit}`.execute(ctx.db)
  return rows
}
