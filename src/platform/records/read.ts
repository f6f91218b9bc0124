/**
 * Reads of records as a query that is built step by step and run as one statement. It is always limited to what the
 * caller may read, and leaves out retired records unless asked for.
 *
 *     await read(ctx, commitment)
 *       .linked('towards', goal)
 *       .in({ state: ['draft', 'agreed'] })
 *       .where('dueOn', 'lte', until)
 *       .sort('dueOn', 'code')
 *       .limit(50)
 *       .pick('id', 'code', 'title', 'dueOn')
 *       .rows()
 *
 * What it cannot express (recursion, groups, joins) is SQL over `readable`.
 */
import { type RawBuilder, sql } from 'kysely'
import type { AnyRecord, RecordBase, RecordKind, RecordOf } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { type Comparison, columnOf, conditionOf } from './columns.ts'
import { keysetPage, type Page, sortOf } from './keyset.ts'
import { conditionsFor, ofKinds } from './readable.ts'
import { selected, selectedAs, tableOf } from './table.ts'

type Name<Row> = keyof Row & string
/** What a field's value may be compared with: an item if it is a list; never text by language. */
type Part<Value> = unknown extends Value
  ? string | number | boolean
  : NonNullable<Value> extends readonly (infer Entry)[]
    ? Entry
    : NonNullable<Value> extends string | number | boolean
      ? NonNullable<Value>
      : never
type OneOrMore<Value> = Value | null | readonly (Value | null)[]
/** Values by field, single or in a list; `null` = nothing is stated. */
export type Values<Kind extends RecordKind> = { readonly state?: OneOrMore<Kind['states'][number]> } & {
  readonly [Field in Exclude<Name<RecordOf<Kind>>, 'state'>]?: OneOrMore<Part<RecordOf<Kind>[Field]>>
}
type Computed<Columns> = {
  -readonly [Column in keyof Columns]: Columns[Column] extends RawBuilder<infer Value> ? Value : never
}

/** A query for records of a kind. Every step returns a new one; `Row` is the type of its results. */
export type Read<Kind extends RecordKind, Row> = {
  /** Those with one of these values in every field named; a field of several values needs one in common. */
  readonly in: (values: Values<Kind>) => Read<Kind, Row>
  /** These records only, where any are named: for a read that looks at everything or, again, at some. */
  readonly only: (ids: readonly string[] | undefined) => Read<Kind, Row>
  /** Those with none of these values in any field named. */
  readonly notIn: (values: Values<Kind>) => Read<Kind, Row>
  /** A comparison of a field, or SQL over `r` (the record) and `t` (the table of its kind). */
  readonly where: {
    (
      field: Name<RecordOf<Kind>>,
      is: Exclude<Comparison, 'in' | 'empty'>,
      value: string | number | boolean,
    ): Read<Kind, Row>
    (condition: RawBuilder<unknown>): Read<Kind, Row>
  }
  /** Those with such a link to one of these records or, if none are given, to any, readable or not. */
  readonly linked: (link: Name<Kind['links']>, to?: string | readonly string[]) => Read<Kind, Row>
  /** Those without such a link. */
  readonly notLinked: (link: Name<Kind['links']>, to?: string | readonly string[]) => Read<Kind, Row>
  /** Those with an incoming link of this full name from one of these records or, if none are given, from any. */
  readonly linkedFrom: (link: string, from?: string | readonly string[]) => Read<Kind, Row>
  /** Those without such an incoming link. */
  readonly notLinkedFrom: (link: string, from?: string | readonly string[]) => Read<Kind, Row>
  /** Includes retired ones. */
  readonly retired: () => Read<Kind, Row>
  /** Fields in order of importance; a leading '-' reverses one; missing values come last. Or any SQL to order by. */
  readonly sort: (
    ...by: readonly (Name<RecordOf<Kind>> | `-${Name<RecordOf<Kind>>}` | RawBuilder<unknown>)[]
  ) => Read<Kind, Row>
  readonly limit: (most: number) => Read<Kind, Row>
  /** Continues after a row of an earlier result, by the cursor from `page`; for a query sorted by one field. */
  readonly after: (cursor: string | undefined) => Read<Kind, Row>
  /** Reads these fields only. */
  readonly pick: <const Field extends Name<RecordOf<Kind>>>(
    ...fields: Field[]
  ) => Read<Kind, Pick<RecordOf<Kind>, Field>>
  /** Also reads these fields, which the declaration requires: they are never null. */
  readonly stated: <const Field extends Name<Kind['fields']> & Name<RecordOf<Kind>>>(
    ...fields: Field[]
  ) => Read<Kind, Omit<Row, Field> & { [Each in Field]: NonNullable<RecordOf<Kind>[Each]> }>
  /** Also reads something computed: `with({ overdue: sql<boolean>`…` })`, over `r` and `t`. */
  readonly with: <const Columns extends Readonly<Record<string, RawBuilder<unknown>>>>(
    columns: Columns,
  ) => Read<Kind, Row & Computed<Columns>>

  readonly rows: () => Promise<Row[]>
  readonly first: () => Promise<Row | undefined>
  /** At most `limit` of them (50), and the cursor after the last if there are more. */
  readonly page: () => Promise<Page<Row>>
  /** How many there are, whatever the limit. */
  readonly count: () => Promise<number>
  /** Are there any? */
  readonly some: () => Promise<boolean>
  readonly ids: () => Promise<string[]>
  /** The rows by the id of their record. */
  readonly byId: () => Promise<Map<string, Row>>
}

/** Records of several kinds together have only what every record has. */
type AnyKind = RecordKind<Record<never, never>>

type Question = {
  readonly conditions: readonly RawBuilder<unknown>[]
  readonly retired: boolean
  readonly sorts: readonly (string | RawBuilder<unknown>)[]
  readonly limit?: number
  readonly after?: string
  readonly fields?: readonly string[]
  readonly columns: Readonly<Record<string, RawBuilder<unknown>>>
}
const everything: Question = { conditions: [], retired: false, sorts: [], columns: {} }

/** What every record has, with no fields of a particular kind. */
const anyKind = { kind: '*', states: [], fields: {}, links: {}, rows: {} } as unknown as RecordKind

/**
 * Asks for records of a kind (its declaration or, in a room that does not own it, its name), of several kinds, or of
 * any.
 */
export function read<Kind extends RecordKind>(ctx: Context, kind: Kind): Read<Kind, RecordOf<Kind>>
export function read(ctx: Context, kind: string): Read<RecordKind, AnyRecord>
export function read(ctx: Context, kinds?: readonly string[]): Read<AnyKind, RecordBase>
export function read(ctx: Context, kind?: RecordKind | string | readonly string[]): unknown {
  if (typeof kind === 'string') return read(ctx, ctx.registry.kind(kind).declaration)
  if (kind === undefined || Array.isArray(kind))
    return asking(ctx, anyKind, { ...everything, conditions: ofKinds(kind) })
  const { kind: name } = kind as RecordKind
  return asking(ctx, kind as RecordKind, { ...everything, conditions: ofKinds([name]) })
}

function asking(ctx: Context, kind: RecordKind, question: Question): Read<RecordKind, AnyRecord> {
  const also = (more: Partial<Question>) => asking(ctx, kind, { ...question, ...more })
  const where = (...more: RawBuilder<unknown>[]) => also({ conditions: [...question.conditions, ...more] })
  const ask = async <Row>(columns: RawBuilder<unknown>, limit = question.limit) => {
    if (question.after !== undefined) throw new Error(`A cursor of ${kind.kind} is for page().`)
    const { rows } = await sql<Row>`select ${columns} ${fromWhere(ctx, kind, question)}
      ${orderOf(ctx, kind, question.sorts, limit)}${limit === undefined ? sql`` : sql` limit ${limit}`}`.execute(ctx.db)
    return rows
  }
  const links = (near: 'from' | 'to', name: string, ids: string | readonly string[] | undefined, none: boolean) =>
    where(linkCondition(near, name, ids, none))
  const own = (link: string) => {
    if (!Object.hasOwn(kind.links, link)) throw new Error(`${kind.kind} has no link "${link}".`)
    return `${kind.kind}.${link}`
  }
  const declared = (link: string) => {
    const at = link.lastIndexOf('.')
    const links = ctx.registry.kinds.get(link.slice(0, at))?.declaration.links ?? {}
    if (!Object.hasOwn(links, link.slice(at + 1))) throw new Error(`No kind declares the link "${link}".`)
    return link
  }
  return {
    in: (values) => where(...Object.entries(values).map(([name, value]) => isIn(ctx, kind, name, value))),
    only: (ids) => where(...(ids ? [isIn(ctx, kind, 'id', ids)] : [])),
    notIn: (values) => where(...Object.entries(values).map(([name, value]) => isNotIn(ctx, kind, name, value))),
    where: (first: string | RawBuilder<unknown>, is?: Comparison, value?: string | number | boolean) =>
      where(
        typeof first === 'string'
          ? conditionOf(columnOf(ctx, kind, first), { field: first, is: is!, value: String(value) })
          : sql`(${first})`,
      ),
    linked: (link, to) => links('from', own(link), to, false),
    notLinked: (link, to) => links('from', own(link), to, true),
    linkedFrom: (link, from) => links('to', declared(link), from, false),
    notLinkedFrom: (link, from) => links('to', declared(link), from, true),
    retired: () => also({ retired: true }),
    sort: (...sorts) => also({ sorts }),
    limit: (limit) => also({ limit }),
    after: (after) => also({ after, ...(question.sorts.length === 0 ? { sorts: ['code'] } : {}) }),
    pick: (...fields) => also({ fields }) as never,
    stated: (...fields) => {
      for (const field of fields)
        if (!kind.fields[field]?.required) throw new Error(`${kind.kind}.${field} is not required, so it may be null.`)
      return also({ fields: question.fields && [...question.fields, ...fields] }) as never
    },
    with: (columns) => also({ columns: { ...question.columns, ...columns } }) as never,
    rows: () => ask(answerOf(kind, question)),
    first: async () => (await ask<AnyRecord>(answerOf(kind, question), 1))[0],
    page: () => (question.sorts.length === 0 ? also({ sorts: ['code'] }).page() : pageOf(ctx, kind, question)),
    count: async () => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::integer as n ${fromWhere(ctx, kind, question)}`.execute(ctx.db)
      return rows[0]!.n
    },
    some: async () => {
      const { rows } = await sql<{ some: boolean }>`
        select exists (select 1 ${fromWhere(ctx, kind, question)}) as some`.execute(ctx.db)
      return rows[0]!.some
    },
    ids: async () => (await ask<{ id: string }>(sql`r.id`)).map((row) => row.id),
    byId: async () => {
      const rows = await ask<AnyRecord & { ofRecord: string }>(sql`${answerOf(kind, question)}, r.id as "ofRecord"`)
      return new Map(rows.map(({ ofRecord, ...row }) => [ofRecord, row as unknown as AnyRecord]))
    },
  }
}

const baseColumns = new Set(
  'id kind code title state organisation owner audience version createdAt changedAt retiredAt'.split(' '),
)
const column = (kind: RecordKind, name: string) =>
  baseColumns.has(name) ? sql`r.${sql.id(name)}` : selectedAs(name, kind.fields[name]!)

/** The columns of a result. */
function answerOf(kind: RecordKind, { fields, columns }: Question): RawBuilder<unknown> {
  const whole = kind === anyKind ? sql`r.*` : sql`r.*, ${selected(kind)}`
  const named = Object.entries(columns).map(([name, value]) => sql`${value} as ${sql.id(name)}`)
  return sql.join([...(fields ? fields.map((name) => column(kind, name)) : [whole]), ...named])
}

function fromWhere(
  ctx: Context,
  kind: RecordKind,
  question: Question,
  more: readonly RawBuilder<unknown>[] = [],
): RawBuilder<unknown> {
  const table = kind === anyKind ? sql`` : sql` join ${tableOf(kind.kind)} t on t.id = r.id`
  const conditions = [...conditionsFor(ctx, question), ...question.conditions, ...more]
  return sql`from records.record r${table} where ${sql.join([...conditions, sql`true`], sql` and `)}`
}

/** A cursor holds one value and the id. */
function onlySort(ctx: Context, kind: RecordKind, { sorts }: Question) {
  const [sort, ...others] = sorts
  if (typeof sort !== 'string' || others.length > 0)
    throw new Error(`Pages of ${kind.kind} need a question that is sorted by one field.`)
  return sortOf(ctx, kind, sort)
}

/** Ends with the id, so that the order is total; without a limit, ties may come in any order. */
function orderOf(ctx: Context, kind: RecordKind, sorts: Question['sorts'], limit: number | undefined) {
  if (sorts.length === 0 && limit === undefined) return sql``
  const parts = sorts.map((sort) => (typeof sort === 'string' ? sortOf(ctx, kind, sort) : sort))
  const last = parts.at(-1)
  const down = last && 'down' in last && last.down ? sql` desc` : sql``
  const named = parts.map((part) => {
    if (!('by' in part)) return part
    // Said only where it changes something: an index does not serve an order with it.
    const nulls = part.down && !part.stated ? sql` nulls last` : sql``
    return sql`${part.by}${part.down ? sql` desc` : sql``}${nulls}`
  })
  return sql`order by ${sql.join([...named, sql`r.id${down}`])}`
}

async function pageOf(ctx: Context, kind: RecordKind, question: Question): Promise<Page<AnyRecord>> {
  const order = onlySort(ctx, kind, question)
  type Row = AnyRecord & { sortedBy: string | null; ofRecord: string }
  const { rows, next } = await keysetPage(order, question.after, question.limit ?? 50, async (where, ordered, most) => {
    const { rows } = await sql<Row>`
      select ${answerOf(kind, question)}, ${order.by}::text as "sortedBy", r.id as "ofRecord"
      ${fromWhere(ctx, kind, question, where)} ${ordered} limit ${most}`.execute(ctx.db)
    return rows.map((row) => ({ row, id: row.ofRecord, sortedBy: row.sortedBy }))
  })
  return { rows: rows.map(({ row: { sortedBy: _by, ofRecord: _id, ...row } }) => row as unknown as AnyRecord), next }
}

function isIn(ctx: Context, kind: RecordKind, field: string, value: unknown): RawBuilder<unknown> {
  const by = columnOf(ctx, kind, field)
  if (value === undefined)
    throw new Error(`${kind.kind}.${field} is asked for undefined; say null where nothing is stated.`)
  const values = Array.isArray(value) ? (value as unknown[]) : [value]
  const stated = values.filter((each) => each !== null && each !== undefined).map(String)
  const found = conditionOf(by, { field, is: 'in', value: stated })
  return stated.length === values.length ? found : sql`(${by.by} is null or ${found})`
}

/** A missing value equals none of the values. */
function isNotIn(ctx: Context, kind: RecordKind, field: string, value: unknown): RawBuilder<unknown> {
  const found = isIn(ctx, kind, field, value)
  return ['id', 'code', 'state', 'audience'].includes(field) ? sql`not (${found})` : sql`(${found}) is not true`
}

function linkCondition(near: 'from' | 'to', name: string, ids: string | readonly string[] | undefined, none: boolean) {
  const far = near === 'from' ? 'to' : 'from'
  const ends = ids === undefined ? sql`` : sql` and l.${sql.id(far)} = any(${[ids].flat()}::uuid[])`
  return sql`${none ? sql`not ` : sql``}exists (
    select 1 from records.link l where l.${sql.id(near)} = r.id and l.name = ${name}${ends})`
}
