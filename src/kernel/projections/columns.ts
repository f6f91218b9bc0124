import { columnsOfField } from '../fields/field.ts'
import { nameOf, type RecordKind, schemaOf } from '../record.ts'

export type Column = { readonly name: string; readonly sql: string; readonly notNull: boolean; readonly check?: string }
export type Table = {
  readonly schema: string
  readonly name: string
  readonly columns: readonly Column[]
  readonly unique: readonly string[]
}

/**
 * Tables a declaration needs, as they should be in the database: for the drift check and the first draft of a
 * migration.
 */
export function tablesOf(kind: RecordKind): Table[] {
  const schema = schemaOf(kind.kind)
  const columns = (fields: RecordKind['fields'], required: boolean): Column[] =>
    Object.entries(fields).flatMap(([name, field]) =>
      columnsOfField(name, field).map((column) => ({
        name: column.name,
        sql: column.sql,
        // Only the first column of a value is always filled.
        notNull: required && field.required === true && column.suffix === '',
        ...(column.check ? { check: column.check(`"${column.name}"`) } : {}),
      })),
    )
  const id = { name: 'id', sql: 'uuid', notNull: true }
  return [
    { schema, name: nameOf(kind.kind), columns: [id, ...columns(kind.fields, false)], unique: [] },
    ...Object.entries(kind.rows).map(([name, rows]) => ({
      schema,
      name,
      columns: [id, { name: 'record', sql: 'uuid', notNull: true }, ...columns(rows.fields, true)],
      unique: ['record', ...rows.key],
    })),
  ]
}

/**
 * First draft of the migration for a kind; a person edits and names it. The schema is there once a room has a kind.
 * `orders` are the fields by which lists of the kind are read: each gets the index that serves it.
 */
export function migrationOf(
  kind: RecordKind,
  { inSchema = false, orders = [] }: { inSchema?: boolean; orders?: readonly string[] } = {},
): string {
  const [main, ...others] = tablesOf(kind)
  const line = (column: Column) =>
    `  "${column.name}" ${column.sql}${column.notNull ? ' not null' : ''}${column.check ? ` check (${column.check})` : ''}`
  const table = (each: Table, key: string[]) => {
    const own = each.columns.filter((column) => !['id', 'record'].includes(column.name)).map(line)
    return `create table ${each.schema}."${each.name}" (\n${[...key, ...own].join(',\n')}\n);\n`
  }
  return [
    ...(inSchema ? [] : [`create schema if not exists ${main!.schema};\n`]),
    `create sequence ${main!.schema}."${main!.name}Code";\n`,
    table(main!, ['  id uuid primary key references records.record (id)']),
    ...others.map((each) =>
      table(each, [
        '  id uuid primary key',
        '  record uuid not null references records.record (id)',
        `  unique (${each.unique.map((name) => `"${name}"`).join(', ')})`,
      ]),
    ),
    ...orders.map(
      (field) =>
        `create index "${main!.name}By${field[0]!.toUpperCase()}${field.slice(1)}" on ${main!.schema}."${main!.name}" ("${field}", id);\n`,
    ),
  ].join('')
}
