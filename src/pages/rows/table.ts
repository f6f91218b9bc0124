/** One table of rows of one kind: its columns as a form asks for them, and its stored rows. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { type RawBuilder, sql } from 'kysely'
import { columnsOfField, columnType, type DisplayValue, type Field } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { AnyRecord, RecordKind, Rows } from '#kernel/record.ts'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import { isId, type Name, namesOf, readableRows, selectedRows } from '#platform/records/index.ts'
import type { RowColumn, RowForm, RowValues } from '#platform/row-form.ts'
import { presenterOf, referencesIn } from '../presenter.ts'

/** A table with what its room says about it. */
export type TableForm = {
  readonly kind: RecordKind
  readonly table: string
  readonly rows: Rows
  readonly form: RowForm
  /** Address of the kind's list, and of its navigation entry. */
  readonly base: string
  readonly section: string | undefined
}

/** A column as this record's form asks for it. */
export type Column = RowColumn & { readonly label: string; readonly required: boolean; readonly choices: string }

export type StoredRow = { readonly id: string; readonly values: RowValues }

export const pathBelow = ({ table, form }: Pick<TableForm, 'table' | 'form'>): string => form.at ?? `rows/${table}`

export const addressOfTable = (table: TableForm, record: AnyRecord): string =>
  table.form.ownPage?.(record) ?? `${table.base}/${record.code}/${pathBelow(table)}`

export const tableLabel = ({ kind, table }: Pick<TableForm, 'kind' | 'table'>): string => `${kind.kind}.rows.${table}`

/** The columns that are asked for, with their words. */
export function columnsFor(ctx: AppContext, table: TableForm, record: AnyRecord): Column[] {
  const { kind, rows, form } = table
  const { say, has } = presenterOf(ctx)
  const special = form.words?.(ctx, record) ?? {}
  const asked = form.columns?.(record, ctx) ?? Object.keys(rows.fields).filter((name) => name !== form.narrow?.field)
  return asked.map((each): Column => {
    const column = typeof each === 'string' ? plainColumn(each, rows.fields[each]!) : each
    const word = column.label ?? `${kind.kind}.rows.${table.table}.${column.name}`
    const hintWord = column.hint ?? (has(`${word}.hint`) ? `${word}.hint` : undefined)
    const hint = special[column.name]?.hint ?? (hintWord ? say(hintWord) : undefined)
    return {
      ...column,
      label: special[column.name]?.label ?? say(word),
      ...(hint ? { hint } : {}),
      required: column.field.required === true && !column.field.empty,
      choices: `${kind.kind}.choice.${table.table}.${column.name}`,
    }
  })
}

const plainColumn = (name: string, field: Field): RowColumn => ({
  name,
  field,
  writes: [name],
  shown: (_ctx, row) => row[name] ?? null,
  read: (value) => ({ values: { [name]: value } }),
})

/** The column that fills a field of the row; the first, if none does. */
export const columnOf = (columns: readonly Column[], field: string): string =>
  (columns.find((each) => each.name === field) ?? columns.find((each) => each.writes.includes(field)) ?? columns[0]!)
    .name

/** All declared fields of a row, as the gate writes them. */
export const plainRow = ({ rows }: Pick<TableForm, 'rows'>, row: RowValues): RowValues =>
  Object.fromEntries(Object.keys(rows.fields).map((name) => [name, row[name] ?? null]))

export const keyOf = ({ rows }: Pick<TableForm, 'rows'>, row: RowValues): RowValues =>
  Object.fromEntries(rows.key.map((name) => [name, row[name] ?? null]))
export const sameKey = (table: Pick<TableForm, 'rows'>, one: RowValues, other: RowValues): boolean =>
  canonicalize(keyOf(table, one)) === canonicalize(keyOf(table, other))

export const fingerprint = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('base64url')
    .slice(0, 16)

/** What a form remembers of a row it shows: which it is, and what stood there. */
export const seenOf = (row: StoredRow): string => `${row.id}.${fingerprint(row.values)}`
export const idIn = (seen: string): string => {
  const id = seen.split('.')[0] ?? ''
  return isId(id) ? id : ''
}

export type Narrowed = { readonly field: string; readonly value: string } | null

const columnNames = ({ rows }: TableForm) =>
  rows.key.flatMap((name) => columnsOfField(name, rows.fields[name]!).map((column) => sql.id(column.name)))

const condition = (narrowed: Narrowed): RawBuilder<unknown> =>
  narrowed ? sql` and t.${sql.id(narrowed.field)} = ${narrowed.value}` : sql``

async function rowsWhere(
  ctx: Context,
  table: TableForm,
  record: string,
  more: RawBuilder<unknown>,
): Promise<StoredRow[]> {
  const { rows } = await sql<RowValues & { id: string }>`
    select ${selectedRows(table.rows.fields)} from ${readableRows(ctx, table.kind.kind, table.table, { retired: true })} t
    where t.record = ${record}${more}`.execute(ctx.db)
  return rows.map((row) => ({ id: row.id, values: plainRow(table, row) }))
}

/** One page of stored rows in the order of their keys, and how many there are. */
export async function storedPage(
  ctx: Context,
  table: TableForm,
  record: string,
  { narrowed, page, size }: { narrowed: Narrowed; page: number; size: number },
): Promise<{ rows: StoredRow[]; count: number }> {
  const where = condition(narrowed)
  const down = table.form.newestFirst ? sql` desc` : sql``
  const order = sql.join(columnNames(table).map((name) => sql`t.${name}${down}`))
  const rows = await rowsWhere(
    ctx,
    table,
    record,
    sql`${where} order by ${order} limit ${size} offset ${(page - 1) * size}`,
  )
  const { rows: counted } = await sql<{ n: number }>`
    select count(*)::integer as n from ${readableRows(ctx, table.kind.kind, table.table, { retired: true })} t
    where t.record = ${record}${where}`.execute(ctx.db)
  return { rows, count: counted[0]!.n }
}

/** Every stored row in the order of the keys; at most `maxExported`. */
export const allStored = (ctx: Context, table: TableForm, record: string, narrowed: Narrowed): Promise<StoredRow[]> =>
  rowsWhere(
    ctx,
    table,
    record,
    sql`${condition(narrowed)} order by ${sql.join(columnNames(table).map((name) => sql`t.${name}`))} limit ${maxExported}`,
  )
const maxExported = 20_000

export const storedById = async (
  ctx: Context,
  table: TableForm,
  record: string,
  ids: readonly string[],
): Promise<Map<string, StoredRow>> =>
  ids.length === 0
    ? new Map()
    : new Map(
        (await rowsWhere(ctx, table, record, sql` and t.id = any(${[...ids]}::uuid[])`)).map((row) => [row.id, row]),
      )

/** The stored rows with the keys of these. */
export async function storedByKey(
  ctx: Context,
  table: TableForm,
  record: string,
  rows: readonly RowValues[],
): Promise<StoredRow[]> {
  if (rows.length === 0) return []
  const columns = table.rows.key.flatMap((name) => columnsOfField(name, table.rows.fields[name]!))
  const types = sql.join(columns.map((column) => sql`${sql.id(column.name)} ${sql.raw(columnType(column))}`))
  const same = sql.join(
    columns.map(({ name }) => sql`k.${sql.id(name)} = t.${sql.id(name)}`),
    sql` and `,
  )
  const keys = JSON.stringify(rows.map((row) => keyOf(table, row)))
  return rowsWhere(
    ctx,
    table,
    record,
    sql` and exists (select 1 from jsonb_to_recordset(${keys}::jsonb) as k(${types}) where ${same})`,
  )
}

/** A value as plain text, for a sentence. */
const textOf = (value: DisplayValue): string => {
  if (value.as === 'text' || value.as === 'link') return value.text
  if (value.as === 'address') return value.text ?? value.href
  if (value.as === 'several') return value.items.map(textOf).join(', ')
  return ''
}

/** Writes rows in the reader's words: what names one, or everything it says. */
export async function rowWriter(
  ctx: AppContext,
  table: TableForm,
  record: AnyRecord,
  columns: readonly Column[],
  rows: readonly RowValues[],
) {
  const presenter = presenterOf(ctx)
  const names: ReadonlyMap<string, Name> = await namesOf(
    ctx,
    rows.flatMap((row) => referencesIn(table.rows.fields, row)),
  )
  const text = (column: Column, row: RowValues) => {
    const value = column.shown(ctx, row, record)
    return value === '' ? '' : textOf(presenter.value(column.field, column.choices, value, names))
  }
  const isKey = (column: Column) => column.writes.some((name) => table.rows.key.includes(name))
  const written = (row: RowValues, which: readonly Column[]) =>
    which
      .map((column) => text(column, row))
      .filter((each) => each !== '')
      .join(' · ')
  return {
    text,
    title: (row: RowValues) => written(row, columns.filter(isKey)),
    whole: (row: RowValues) => written(row, columns),
  }
}

/** Is it asked below the others, because it is long or rarely filled in? */
export const isAside = ({ field, required }: Pick<Column, 'field' | 'required'>): boolean =>
  !required && (field.localized === true || ['paragraph', 'geometry', 'list', 'choices', 'refs'].includes(field.type))

export const typeOf = (column: Pick<Column, 'field'>) => fieldType(column.field.type)
