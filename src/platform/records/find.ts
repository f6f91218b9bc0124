/** Reads of records: one, several, a filtered and sorted page, a count. All are limited to what the caller may read. */
import { type RawBuilder, sql } from 'kysely'
import { invalid, notFound } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind, RecordOf } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { isId } from '../id.ts'
import { columnOf, conditionOf, type Filter, isBase } from './columns.ts'
import { keysetPage, type Page, sortOf } from './keyset.ts'
import { readableRows } from './readable.ts'
import { questionOf } from './search.ts'
import { selected, selectedRows, tableOf } from './table.ts'

export type ListOptions = {
  readonly filters?: readonly Filter[]
  /** Words that must occur, as in the global search. */
  readonly words?: string
  /** A condition of the room over `r` (the record) and `t` (the table of its kind). */
  readonly where?: RawBuilder<unknown>
  /** Column to sort by; a leading '-' reverses the order. Default 'code'. */
  readonly sort?: string
  /** Cursor from the previous page's `next`. */
  readonly after?: string
  /** 1–200, default 50. */
  readonly limit?: number
}

/** One record by id or by its readable number, or nothing; retired ones only with `retired: true`. */
export async function find<Kind extends RecordKind>(
  ctx: Context,
  kind: Kind,
  key: string,
  options: { retired?: boolean } = {},
): Promise<RecordOf<Kind> | undefined> {
  if (!isId(key) && !/^[A-Za-z]{2,4}-\d{4,18}$/.test(key)) return undefined
  const by = isId(key) ? sql`r.id = ${key}` : sql`r.code = ${key.toUpperCase()}`
  const { rows } = await sql<RecordOf<Kind>>`
    select r.*, ${selected(kind)} from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
    where ${by} and r.kind = ${kind.kind} and ${ctx.policies.visible(ctx.caller)}
    ${options.retired ? sql`` : sql`and r."retiredAt" is null`}`.execute(ctx.db)
  return rows[0]
}

/** One record by id or number; throws NotFound. */
export async function get<Kind extends RecordKind>(
  ctx: Context,
  kind: Kind,
  key: string,
  options: { retired?: boolean } = {},
): Promise<RecordOf<Kind>> {
  const found = await find(ctx, kind, key, options)
  if (!found) throw notFound(key)
  return found
}

/** Several records of one kind by id; those that may not be read are left out. */
export async function getMany<Kind extends RecordKind>(
  ctx: Context,
  kind: Kind,
  ids: readonly string[],
): Promise<Map<string, RecordOf<Kind>>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<RecordOf<Kind>>`
    select r.*, ${selected(kind)} from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
    where r.id = any(${[...new Set(ids)]}::uuid[]) and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}`.execute(
    ctx.db,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

export type Name = { id: string; kind: string; code: string; title: Record<string, string>; state: string }

/** Names of records of any kind, for references and links; those that may not be read are left out. */
export async function namesOf(ctx: Context, ids: ReadonlyArray<string | null | undefined>): Promise<Map<string, Name>> {
  const wanted = [...new Set(ids.filter((id): id is string => Boolean(id)))]
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<Name>`
    select r.id, r.kind, r.code, r.title, r.state from records.record r
    where r.id = any(${wanted}::uuid[]) and ${ctx.policies.visible(ctx.caller)}`.execute(ctx.db)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Which records carry these external ids, by id; one query. */
export async function byExternalId(
  ctx: Context,
  kind: string,
  source: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; record: string }>`
    select e.id, e.record from records."externalId" e where e.source = ${source} and e.kind = ${kind} and e.id = any(${[...ids]}::text[])`.execute(
    ctx.db,
  )
  return new Map(rows.map((row) => [row.id, row.record]))
}

/** External ids of some records. */
export async function externalIdsOf(
  ctx: Context,
  ids: readonly string[],
): Promise<Map<string, Array<{ source: string; id: string }>>> {
  const found = new Map<string, Array<{ source: string; id: string }>>()
  if (ids.length === 0) return found
  const { rows } = await sql<{ source: string; id: string; record: string }>`
    select source, id, record from records."externalId" where record = any(${[...ids]}::uuid[]) order by source, id`.execute(
    ctx.db,
  )
  for (const { source, id, record } of rows) found.set(record, [...(found.get(record) ?? []), { source, id }])
  return found
}

/** A page of records of one kind, keyset by the sort column and then the id. */
export async function list<Kind extends RecordKind>(
  ctx: Context,
  kind: Kind,
  options: ListOptions = {},
): Promise<Page<RecordOf<Kind>>> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200)
  const order = sortOf(ctx, kind, options.sort ?? 'code')
  const given = conditionsOf(ctx, kind, options)
  const { rows, next } = await keysetPage(order, options.after, limit, async (where, ordered, most) => {
    const { rows } = await sql<RecordOf<Kind> & { id: string; sortedBy: string | null }>`
      with page as materialized (
        select r.id, ${order.by} as "by" from records.record r ${order.over === 't' ? ownTable(kind) : tableFor(kind, options)}
        where ${sql.join([...given, ...where], sql` and `)} ${ordered} limit ${most})
      select r.*, ${selected(kind)}, page."by"::text as "sortedBy" from page join records.record r on r.id = page.id
        join ${tableOf(kind.kind)} t on t.id = page.id
      order by page."by"${order.down ? sql` desc` : sql``}, page.id${order.down ? sql` desc` : sql``}`.execute(ctx.db)
    return rows
  })
  return { rows: rows.map(({ sortedBy: _, ...row }) => row as unknown as RecordOf<Kind>), next }
}

const ownTable = (kind: RecordKind) => sql`join ${tableOf(kind.kind)} t on t.id = r.id`

/** What every record has is asked of one index; the table of the kind is visited only for a filter of its own. */
const tableFor = (kind: RecordKind, { where, filters = [] }: Pick<ListOptions, 'filters' | 'where'>) =>
  where !== undefined || filters.some(({ field }) => !isBase(field)) ? ownTable(kind) : sql``

/** How many records a list holds, counted up to 10,000; `more` says whether there are more. */
export async function count(
  ctx: Context,
  kind: RecordKind,
  options: Pick<ListOptions, 'filters' | 'words' | 'where'> = {},
): Promise<{ count: number; more: boolean }> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from (select 1 from records.record r ${tableFor(kind, options)}
      where ${sql.join(conditionsOf(ctx, kind, options), sql` and `)} limit 10001) counted`.execute(ctx.db)
  const n = Number(rows[0]!.n)
  return { count: Math.min(n, 10_000), more: n > 10_000 }
}

/** The condition of a list, over `r` (the record) and `t` (the table of its kind): live, readable, and as filtered. */
export function conditionsOf(
  ctx: Context,
  kind: RecordKind,
  options: Pick<ListOptions, 'filters' | 'words' | 'where'>,
): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [
    sql`r.kind = ${kind.kind}`,
    sql`r."retiredAt" is null`,
    ctx.policies.visible(ctx.caller),
  ]
  if (options.where) conditions.push(options.where)
  const question = options.words ? questionOf(options.words) : null
  if (question)
    conditions.push(
      sql`exists (select 1 from records.search s where s.record = r.id and s.words @@ to_tsquery('simple', ${question}))`,
    )
  for (const filter of options.filters ?? []) {
    const column = columnOf(ctx, kind, filter.field)
    if (column.comparisons && !column.comparisons.includes(filter.is))
      throw invalid('records.bad-filter', [{ at: `/${filter.field}`, code: 'field.wrong' }], {
        name: filter.field,
        value: filter.is,
      })
    conditions.push(conditionOf(column, filter))
  }
  return conditions
}

/** Rows of a plain table of one record, keyset by id; none of a record that may not be read. Retired ones keep theirs. */
export async function rowsOf(
  ctx: Context,
  kind: RecordKind,
  name: string,
  record: string,
  options: { after?: string; limit?: number } = {},
): Promise<Page<AnyRecord>> {
  const limit = Math.min(Math.max(options.limit ?? 100, 1), 1000)
  if (options.after && !isId(options.after))
    throw invalid('records.bad-cursor', [{ at: '/after', code: 'field.wrong' }])
  const { fields } = kind.rows[name]!
  const { rows } = await sql<AnyRecord>`
    select ${selectedRows(fields)} from ${readableRows(ctx, kind.kind, name, { retired: true })} t where t.record = ${record} ${options.after ? sql`and t.id > ${options.after}` : sql``}
    order by t.id limit ${limit + 1}`.execute(ctx.db)
  return { rows: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]!.id : null }
}
