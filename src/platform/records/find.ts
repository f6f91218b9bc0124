/** Reads of records: one, several, a filtered and sorted page, a count. All are limited to what the caller may read. */
import { type RawBuilder, sql } from 'kysely'
import { isDay } from '#kernel/day.ts'
import type { Compared, Comparison, Field } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { invalid, notFound } from '#kernel/problem.ts'
import { type Parser, parser } from '#kernel/projections/parser.ts'
import type { AnyRecord, RecordKind, RecordOf } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { isId } from '../id.ts'
import { readableRows } from './readable.ts'
import { questionOf } from './search.ts'
import { selected, selectedRows, tableOf } from './table.ts'

export type { Comparison }
export type Filter = {
  /** A field, or part of one: `budget.currency`. */
  readonly field: string
  readonly is: Comparison
  readonly value: string | readonly string[] | boolean
}

export type ListOptions = {
  readonly filters?: readonly Filter[]
  /** Words that must occur, as in the global search. */
  readonly words?: string
  /** Column to sort by; a leading '-' reverses the order. Default 'code'. */
  readonly sort?: string
  /** Cursor from the previous page's `next`. */
  readonly after?: string
  /** 1–200, default 50. */
  readonly limit?: number
}

export type Page<Row> = { readonly rows: Row[]; readonly next: string | null }

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
  const where = [...conditionsOf(ctx, kind, options), ...(options.after ? [afterCursor(order, options.after)] : [])]
  const direction = order.down ? sql`desc` : sql`asc`
  const { rows } = await sql<RecordOf<Kind> & { sortedBy: string | null }>`
    select r.*, ${selected(kind)}, ${order.by}::text as "sortedBy" from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
    where ${sql.join(where, sql` and `)}
    order by (${order.by} is null), ${order.by} ${direction}, r.id ${direction} limit ${limit + 1}`.execute(ctx.db)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? cursorAfter(last.sortedBy, last.id) : null
  return { rows: page.map(({ sortedBy: _, ...row }) => row as unknown as RecordOf<Kind>), next }
}

/** How many records a list holds, counted up to 10,000; `more` says whether there are more. */
export async function count(
  ctx: Context,
  kind: RecordKind,
  options: Pick<ListOptions, 'filters' | 'words'> = {},
): Promise<{ count: number; more: boolean }> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from (select 1 from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
      where ${sql.join(conditionsOf(ctx, kind, options), sql` and `)} limit 10001) counted`.execute(ctx.db)
  const n = Number(rows[0]!.n)
  return { count: Math.min(n, 10_000), more: n > 10_000 }
}

export type Column = {
  readonly by: RawBuilder<unknown>
  readonly type: string
  readonly sorts: boolean
  /** The comparisons allowed, where not all are. */
  readonly comparisons?: readonly Comparison[]
  /** The one spelling of a value asked for. */
  readonly spelled?: (value: string) => string
  /** Can the field have such a value at all? */
  readonly possible?: (value: string) => boolean
}

/** PostgreSQL types of the compared values. */
const typesOf: Readonly<Record<Compared['as'], string>> = {
  ...{ text: 'text', whole: 'integer', decimal: 'numeric', day: 'date', instant: 'timestamptz', flag: 'boolean' },
  ...{ id: 'uuid', ids: 'uuid[]', texts: 'text[]', box: 'box' },
}

/** Text by language, in the reader's language. */
const inLanguage = (ctx: Context, column: RawBuilder<unknown>) =>
  sql`coalesce(${column}->>${ctx.language}, ${column}->>${ctx.registry.language}, ${column}->>'und')`

/**
 * The expression a list compares and sorts by, over `r` (the record) and `t` (the table of its kind). @throws Invalid
 * for an unknown name.
 */
export function columnOf(ctx: Context, kind: RecordKind, name: string): Column {
  if (name === 'title') return { by: inLanguage(ctx, sql`r.title`), type: 'text', sorts: true }
  if (['code', 'state', 'audience'].includes(name)) return { by: sql`r.${sql.id(name)}`, type: 'text', sorts: true }
  if (['organisation', 'owner', 'id'].includes(name)) return { by: sql`r.${sql.id(name)}`, type: 'uuid', sorts: true }
  if (['createdAt', 'changedAt'].includes(name)) return { by: sql`r.${sql.id(name)}`, type: 'timestamptz', sorts: true }
  const [own = '', part = ''] = name.split('.')
  const field = Object.hasOwn(kind.fields, own) ? kind.fields[own]! : undefined
  const compared = field && fieldType(field.type).compared(field)[part]
  if (!compared)
    throw invalid('records.unknown-filter', [{ at: `/${name}`, code: 'field.unknown', values: { name } }], { name })
  const column = sql`t.${sql.id(`${own}${compared.suffix}`)}`
  return {
    by: compared.localized ? inLanguage(ctx, column) : column,
    type: typesOf[compared.as],
    // By language or long, it has an order only as the reader meets it; lists over the interface do not offer that one.
    sorts: compared.sorts || compared.localized || false,
    // Text by language becomes one text in the reader's language.
    ...(compared.localized ? {} : { comparisons: compared.comparisons }),
    ...(part === '' ? { spelled: spellingOf(field), ...possibleIn(field, compared) } : {}),
  }
}

/** Values are kept in one spelling of their type and found by any: `00 47 22 11 33 44` is `+4722113344`. */
const spellingOf = (field: Field) => (value: string) => {
  const normal = fieldType(field.type).normal?.(value, field)
  return typeof normal === 'string' ? normal : value
}

const parsers = new WeakMap<Field, Parser>()

/**
 * What is kept as one text has the form its schema asks for: a question for the duration `P1X` is a mistake, not an
 * empty list. Other values are judged by what they are compared as.
 */
function possibleIn(field: Field, { as }: Compared): Pick<Column, 'possible'> {
  const schema = fieldType(field.type).schema(field)
  if (as !== 'text' || schema.type !== 'string') return {}
  return {
    possible: (value) => {
      const parse = parsers.get(field) ?? parser(schema)
      parsers.set(field, parse)
      return parse(value).length === 0
    },
  }
}

/** The order a sort parameter asks for. @throws Invalid `records.unknown-filter` */
export function sortOf(ctx: Context, kind: RecordKind, sort: string): Column & { down: boolean } {
  const down = sort.startsWith('-')
  const column = columnOf(ctx, kind, down ? sort.slice(1) : sort)
  if (!column.sorts)
    throw invalid('records.unknown-filter', [{ at: '/sort', code: 'field.unknown', values: { name: sort } }], {
      name: sort,
    })
  return { ...column, down }
}

/** Identifies the row after which the next page begins. */
export const cursorAfter = (sortedBy: string | null, id: string): string =>
  Buffer.from(JSON.stringify([sortedBy, id])).toString('base64url')

/** The condition for rows after a cursor in an order. @throws Invalid `records.bad-cursor` */
export function afterCursor(order: Column & { down: boolean }, cursor: string): RawBuilder<unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    parsed = null
  }
  if (
    !Array.isArray(parsed) ||
    parsed.length !== 2 ||
    typeof parsed[1] !== 'string' ||
    !isId(parsed[1]) ||
    !(parsed[0] === null || (typeof parsed[0] === 'string' && sortable(order.type, parsed[0])))
  )
    throw invalid('records.bad-cursor', [{ at: '/after', code: 'field.wrong' }])
  const [value, id] = parsed as [string | null, string]
  const further = order.down ? sql`<` : sql`>`
  if (value === null) return sql`(${order.by} is null and r.id ${further} ${id}::uuid)`
  const typed = sql`${value}::${sql.raw(order.type)}`
  return sql`(${order.by} is null or (${order.by}, r.id) ${further} (${typed}, ${id}::uuid))`
}

/** The condition of a list, over `r` (the record) and `t` (the table of its kind): live, readable, and as filtered. */
export function conditionsOf(
  ctx: Context,
  kind: RecordKind,
  options: Pick<ListOptions, 'filters' | 'words'>,
): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [
    sql`r.kind = ${kind.kind}`,
    sql`r."retiredAt" is null`,
    ctx.policies.visible(ctx.caller),
  ]
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

/** One comparison. @throws Invalid `records.bad-filter` */
export function conditionOf(column: Column, { is, value, field }: Filter): RawBuilder<unknown> {
  const { by, type, spelled = String, possible = () => true } = column
  const values = [value].flat().map((each) => spelled(String(each)))
  const base = type.replace('[]', '')
  if (is === 'within') return within(by, field, values)
  for (const each of is === 'empty' ? [] : values)
    if (!fits(base, each) || !possible(each))
      throw invalid('records.bad-filter', [{ at: `/${field}`, code: 'field.wrong' }], { name: field, value: each })
  if (is === 'empty') return value === true || value === 'true' ? sql`${by} is null` : sql`${by} is not null`
  if (type.endsWith('[]')) return sql`${by} && ${values}::${sql.raw(type)}`
  if (is === 'in') return sql`${by} = any(${values}::${sql.raw(`${base}[]`)})`
  const typed = sql`${values[0] ?? ''}::${sql.raw(base)}`
  const signs = { eq: sql`=`, lt: sql`<`, lte: sql`<=`, gt: sql`>`, gte: sql`>=` }
  return sql`${by} ${signs[is]} ${typed}`
}

/**
 * Boxes that meet: `west,south,east,north` in degrees; a box that crosses the antimeridian has west greater than east.
 */
function within(by: RawBuilder<unknown>, field: string, values: readonly string[]): RawBuilder<unknown> {
  const sides = (values.length === 1 ? values[0]!.split(',') : values).map((each) => each.trim())
  if (sides.length !== 4 || !sides.every((side) => /^-?\d{1,3}(\.\d{1,15})?$/.test(side)) || !isBox(sides.map(Number)))
    throw invalid('records.bad-filter', [{ at: `/${field}`, code: 'field.wrong' }], {
      name: field,
      value: values.join(),
    })
  const [west, south, east, north] = sides.map((side) => sql`${side}::numeric`)
  const side = (name: string) => sql`t.${sql.id(`${field}${name}`)}`
  const across = Number(sides[0]) > Number(sides[2])
  const lengthwise = across
    ? sql`(${side('East')} >= ${west} or ${side('West')} <= ${east})`
    : sql`${side('East')} >= ${west} and ${side('West')} <= ${east}`
  return sql`${by} is not null and ${lengthwise} and ${side('North')} >= ${south} and ${side('South')} <= ${north}`
}

const isBox = ([west, south, east, north]: readonly number[]) =>
  Math.max(Math.abs(west!), Math.abs(east!)) <= 180 && -90 <= south! && south! <= north! && north! <= 90

const shapes: Record<string, RegExp> = {
  integer: /^-?\d{1,10}$/,
  numeric: /^-?\d{1,30}(\.\d{1,18})?$/,
  boolean: /^(true|false)$/,
  timestamptz: /^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?$/,
}
const fits = (type: string, value: string) => {
  if (value.length > 200 || value.includes('\u0000') || !value.isWellFormed()) return false
  if (type === 'uuid') return isId(value)
  if (type === 'integer' && Math.abs(Number(value)) > 2_147_483_647) return false
  if (type === 'date') return isDay(value)
  if (type === 'timestamptz' && !isDay(value.slice(0, 10))) return false
  return shapes[type]?.test(value) ?? true
}

/** Is the text valid in a cursor of this type? Instants are as the database writes them. */
const sortable = (type: string, value: string) =>
  type === 'text'
    ? !value.includes('\u0000') && value.isWellFormed()
    : fits(type, type === 'timestamptz' ? `${value.replace(' ', 'T').slice(0, -3)}Z` : value)

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
