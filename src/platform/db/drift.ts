/**
 * Drift: the declarations compared with the database. Migrations are written by hand, so a test checks all modules; one
 * sentence for each difference, none = they agree.
 */
import { type RawBuilder, sql } from 'kysely'
import { type Column, type Table, tablesOf } from '#kernel/projections/columns.ts'
import { nameOf, type RecordKind, schemaOf } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import type { Executor } from './connection.ts'

type Stored = {
  columns: Map<string, { type: string; notNull: boolean }>
  /** CHECK constraints as SQL, by the columns they use. */
  checks: Array<{ columns: string[]; definition: string }>
  /** Columns of unique indexes without a condition, including the primary key. */
  unique: string[][]
  /** Columns that refer to `records.record`. */
  references: Set<string>
}

/**
 * @param plain tables of module schemas that belong to no declaration, as `schema.table` (sessions, staging).
 * @returns sentences, in the order of the declarations.
 */
export async function drift(db: Executor, registry: Registry, plain: readonly string[] = []): Promise<string[]> {
  const kinds = [...registry.kinds.values()].map((known) => known.declaration)
  const schemas = [...new Set(kinds.map((kind) => schemaOf(kind.kind)))]
  const stored = await readTables(db, schemas)
  const sequences = new Set(await names(db, sql`select schemaname || '.' || sequencename as name from pg_sequences`))
  const reported: string[] = []
  for (const kind of kinds) {
    const sequence = `${schemaOf(kind.kind)}.${nameOf(kind.kind)}Code`
    if (!sequences.has(sequence))
      reported.push(`The sequence ${sequence} is missing: ${kind.kind} draws its numbers from it.`)
    for (const table of tablesOf(kind))
      reported.push(...compare(kind, table, stored.get(`${table.schema}.${table.name}`)))
  }
  const declared = new Set(kinds.flatMap((kind) => tablesOf(kind).map((table) => `${table.schema}.${table.name}`)))
  for (const name of stored.keys())
    if (!declared.has(name) && !plain.includes(name)) reported.push(`The table ${name} belongs to no declaration.`)
  return reported
}

function compare(kind: RecordKind, table: Table, stored: Stored | undefined): string[] {
  const name = `${table.schema}.${table.name}`
  if (!stored) return [`The table ${name} is missing: ${kind.kind} declares it.`]
  const reported: string[] = []
  for (const column of table.columns) {
    const found = stored.columns.get(column.name)
    if (found) reported.push(...compareColumn(name, column, found, stored))
    else reported.push(`The column ${name}."${column.name}" is missing.`)
  }
  for (const column of stored.columns.keys())
    if (!table.columns.some((each) => each.name === column))
      reported.push(`The column ${name}."${column}" belongs to no declared field.`)
  const isUnique = (columns: readonly string[]) =>
    stored.unique.some((each) => each.length === columns.length && columns.every((column) => each.includes(column)))
  if (!isUnique(['id'])) reported.push(`The table ${name} has no primary key "id".`)
  if (table.unique.length > 0 && !isUnique(table.unique))
    reported.push(`The table ${name} lacks a unique key on ${table.unique.map((column) => `"${column}"`).join(', ')}.`)
  const owner = table.unique.length > 0 ? 'record' : 'id'
  if (!stored.references.has(owner)) reported.push(`The column ${name}."${owner}" does not refer to records.record.`)
  return reported
}

function compareColumn(
  table: string,
  column: Column,
  found: { type: string; notNull: boolean },
  stored: Stored,
): string[] {
  const reported: string[] = []
  const name = `${table}."${column.name}"`
  const [type, ...rest] = column.sql.split(' ')
  if (found.type !== type) reported.push(`The column ${name} is ${found.type}, and the declaration asks for ${type}.`)
  if (found.notNull !== column.notNull)
    reported.push(`The column ${name} ${found.notNull ? 'refuses' : 'takes'} null, and the declaration says otherwise.`)
  if (rest[0] === 'references' && !stored.references.has(column.name))
    reported.push(`The column ${name} does not refer to records.record.`)
  if (!column.check) return reported
  const wanted = wordsIn(column.check)
  const checks = stored.checks.filter((each) => each.columns.length === 1 && each.columns[0] === column.name)
  if (!checks.some((each) => sameWords(wordsIn(each.definition), wanted)))
    reported.push(
      checks.length === 0
        ? `The column ${name} has no CHECK of its choices.`
        : `The CHECK of ${name} allows other choices than ${[...wanted].join(', ')}.`,
    )
  return reported
}

/** The quoted words of a condition: the choices, however the database writes the condition. */
const wordsIn = (condition: string): Set<string> =>
  new Set([...condition.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1]!.replaceAll("''", "'")))
const sameWords = (left: Set<string>, right: Set<string>) => left.size === right.size && left.isSubsetOf(right)

const names = async (db: Executor, query: RawBuilder<unknown>): Promise<string[]> =>
  ((await query.execute(db)).rows as Array<{ name: string }>).map((row) => row.name)

async function readTables(db: Executor, schemas: readonly string[]): Promise<Map<string, Stored>> {
  const tables = new Map<string, Stored>()
  const columns = await sql<{ table: string; column: string; type: string; notNull: boolean }>`
    select n.nspname || '.' || c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and n.nspname = any(${[...schemas]}::text[]) order by 1, a.attnum`.execute(db)
  for (const { table, column, type, notNull } of columns.rows) {
    const stored = tables.get(table) ?? { columns: new Map(), checks: [], unique: [], references: new Set() }
    stored.columns.set(column, { type, notNull })
    tables.set(table, stored)
  }
  const rules = await sql<{
    table: string
    type: string
    target: string | null
    columns: string[]
    definition: string
  }>`
    select n.nspname || '.' || c.relname as "table", o.contype as type, o.confrelid::regclass::text as target, pg_get_constraintdef(o.oid) as definition,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any(o.conkey)) as columns
    from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
    where o.contype in ('c', 'f') and n.nspname = any(${[...schemas]}::text[])`.execute(db)
  for (const { table, type, target, columns: over, definition } of rules.rows) {
    const stored = tables.get(table)
    if (type === 'c') stored?.checks.push({ columns: over, definition })
    else if (target === 'records.record' && over.length === 1) stored?.references.add(over[0]!)
  }
  const keys = await sql<{ table: string; columns: string[] }>`
    select n.nspname || '.' || c.relname as "table",
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any((i.indkey::smallint[])[0:i.indnkeyatts - 1])) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where i.indisunique and i.indpred is null and i.indexprs is null and n.nspname = any(${[...schemas]}::text[])`.execute(
    db,
  )
  for (const { table, columns: over } of keys.rows) tables.get(table)?.unique.push(over)
  return tables
}
