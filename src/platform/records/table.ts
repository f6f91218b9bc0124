import { type RawBuilder, sql } from 'kysely'
import { columnsOfField, columnType, type Field, readsPlain, selectedField } from '#kernel/fields/field.ts'
import { nameOf, type RecordKind, schemaOf } from '#kernel/record.ts'

/** The table of a kind: `benefits.benefit`. */
export const tableOf = (kind: string) => sql`${sql.id(schemaOf(kind), nameOf(kind))}`
/** The table of a kind's rows: `directory.holding`. */
export const rowTable = (kind: string, name: string) => sql`${sql.id(schemaOf(kind), name)}`

type Fields = Readonly<Record<string, Field>>

/** One field from the table `t`, under its own name. */
export const selectedAs = (name: string, field: Field): RawBuilder<unknown> =>
  sql.raw(`${selectedField(name, field, 't')} as "${name}"`)

const fieldList = (fields: Fields) => Object.entries(fields).map(([name, field]) => selectedAs(name, field))

/** Select list of a kind's fields from its table `t`: one value per field, however many columns it has. */
export const selected = ({ fields }: Pick<RecordKind, 'fields'>): RawBuilder<unknown> =>
  Object.keys(fields).length === 0 || readsPlain(fields) ? sql`t.*` : sql.join(fieldList(fields))

/** Select list of the rows of a plain table `t`. */
export const selectedRows = (fields: Fields): RawBuilder<unknown> =>
  readsPlain(fields) ? sql`t.*` : sql.join([sql`t.id, t.record`, ...fieldList(fields)])

/** The fields' columns with their types, as `jsonb_to_recordset` needs them. */
export const columnsOf = (fields: Fields): Array<{ readonly name: string; readonly type: string }> =>
  Object.entries(fields).flatMap(([name, field]) =>
    columnsOfField(name, field).map((column) => ({ name: column.name, type: columnType(column) })),
  )
