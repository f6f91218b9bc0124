/** The history of a record, read from its entries: what changed, when, by which account, why. */
import { sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import type { Context } from '../context.ts'
import { isId } from '../id.ts'
import type { RowChange } from './change.ts'

export type EntryContent = {
  changeSet: string
  record: string
  kind: string
  action: string
  code: string
  version: number
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  links?: Array<{
    id: string
    name: string
    to: string
    before: { weight: string | null } | null
    after: { weight: string | null } | null
  }>
  externalIds?: { added: Array<{ source: string; id: string }>; removed: Array<{ source: string; id: string }> }
  rows?: Record<string, Array<Omit<RowChange, 'place'>>>
  /** The day for which a publication was approved. */
  publicFrom?: string
}

export type HistoryEntry = EntryContent & {
  id: string
  at: string
  account: string | null
  why: string | null
  source: string
  undoOf: string | null
  position: number | null
}

type Stored = {
  id: string
  content: string
  at: string
  account: string | null
  why: string | null
  source: string
  undoOf: string | null
  position: string | null
}

/**
 * Newest first; `after` is the id of the last entry of the previous page. The caller must already be allowed to read
 * the record.
 */
export async function historyOf(
  ctx: Context,
  record: string,
  options: { after?: string; limit?: number } = {},
): Promise<HistoryEntry[]> {
  const limit = Math.min(options.limit ?? 50, 200)
  if (options.after && !isId(options.after))
    throw invalid('records.bad-cursor', [{ at: '/after', code: 'field.wrong' }])
  const { rows } = await sql<Stored>`
    select e.id, e.content, c.at, c.account, c.why, c.source, c."undoOf", s.position
    from records.entry e join records."changeSet" c on c.id = e."changeSet" left join records.seal s on s.entry = e.id
    where e.record = ${record} ${options.after ? sql`and e.sequence < (select l.sequence from records.entry l where l.id = ${options.after})` : sql``}
    order by e.sequence desc limit ${limit}`.execute(ctx.db)
  const personal = await personalOf(
    ctx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ ...read(row.content, personal.get(row.id)), ...facts(row) }))
}

const facts = ({ id, at, account, why, source, undoOf, position }: Stored) => ({
  id,
  at,
  account,
  why,
  source,
  undoOf,
  position: position === null ? null : Number(position),
})

type PersonalValues = Map<string, unknown>

/**
 * Values of personal fields that are still readable, by entry and place ('before.title', 'rows.contact.0.after.email').
 */
export async function personalOf(ctx: Context, entries: readonly string[]): Promise<Map<string, PersonalValues>> {
  const found = new Map<string, PersonalValues>()
  if (entries.length === 0) return found
  const { rows } = await sql<{ entry: string; place: string; value: string }>`
    select entry, place, value from records.personal where entry = any(${[...entries]}::uuid[])`.execute(ctx.db)
  for (const { entry, place, value } of rows) {
    const values = found.get(entry) ?? new Map<string, unknown>()
    values.set(place, JSON.parse(value))
    found.set(entry, values)
  }
  return found
}

/** The content of an entry with its personal values restored where they still exist; erased ones stay commitments. */
export function read(content: string, personal: PersonalValues | undefined): EntryContent {
  const entry = JSON.parse(content) as EntryContent
  if (isErased(entry.externalIds)) delete entry.externalIds
  for (const [place, value] of personal ?? []) {
    if (place === 'externalIds') {
      entry.externalIds = value as NonNullable<EntryContent['externalIds']>
      continue
    }
    const names = place.split('.')
    const last = names.pop()!
    const within = names.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], entry)
    if (typeof within === 'object' && within !== null) (within as Record<string, unknown>)[last] = value
  }
  return entry
}

/** Is this a commitment whose value has been erased (or hidden)? */
export const isErased = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { personal?: unknown }).personal === 'string'

/** Entries of one change set in the order they were written, page by page. */
export async function entriesOf(
  ctx: Context,
  changeSet: string,
  after: string | null,
  limit = 1000,
): Promise<Array<EntryContent & { id: string }>> {
  const { rows } = await sql<{ id: string; content: string }>`
    select id, content from records.entry where "changeSet" = ${changeSet} and record is not null
      ${after ? sql`and sequence > (select l.sequence from records.entry l where l.id = ${after})` : sql``}
    order by sequence limit ${limit}`.execute(ctx.db)
  const personal = await personalOf(
    ctx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ ...read(row.content, personal.get(row.id)), id: row.id }))
}

export type ChangeSetRow = {
  id: string
  at: string
  account: string | null
  why: string | null
  source: string
  undoOf: string | null
}

export async function findChangeSet(ctx: Context, id: string): Promise<ChangeSetRow | undefined> {
  if (!isId(id)) return undefined
  const { rows } =
    await sql<ChangeSetRow>`select id, at, account, why, source, "undoOf" from records."changeSet" where id = ${id}`.execute(
      ctx.db,
    )
  return rows[0]
}

/** The newest entry after `entry` that touched `name` of a record: for the name in an undo conflict. */
export async function laterChange(
  ctx: Context,
  record: string,
  entry: string,
  name: string,
): Promise<{ changeSet: string; at: string; account: string | null } | undefined> {
  const { rows } = await sql<{ content: string; changeSet: string; at: string; account: string | null }>`
    select e.content, e."changeSet", c.at, c.account from records.entry e join records."changeSet" c on c.id = e."changeSet"
    where e.record = ${record} and e.sequence > (select l.sequence from records.entry l where l.id = ${entry})
    order by e.sequence desc limit 200`.execute(ctx.db)
  const row = rows.find((each) => {
    const content = JSON.parse(each.content) as EntryContent
    return (
      name in (content.after ?? {}) ||
      content.links?.some((link) => link.name.endsWith(`.${name}`)) ||
      name in (content.rows ?? {})
    )
  })
  return row ? { changeSet: row.changeSet, at: row.at, account: row.account } : undefined
}
