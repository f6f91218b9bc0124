import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import { fieldType } from '#kernel/fields/types.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { type Rows, schemaOf } from '#kernel/record.ts'
import type { WriteContext } from '../context.ts'
import type { Change, RowChange, RowValues } from './change.ts'
import { newId } from './id.ts'

type PreparedRows = { rows: Record<string, RowChange[]>; problems: FieldProblem[] }

export const rowTable = (kind: string, name: string) => sql`${sql.id(schemaOf(kind), name)}`
const keyOf = (rows: Rows, values: RowValues) => rows.key.map((name) => String(values[name] ?? '')).join('\u0000')

/** Lays row changes beside the stored rows of their records; one query per table, whatever the number of records. */
export async function prepareRows(ctx: WriteContext, changes: readonly Change[]): Promise<PreparedRows[]> {
  const prepared: PreparedRows[] = changes.map(() => ({ rows: {}, problems: [] }))
  const tables = new Map<string, Array<{ index: number; change: Change }>>()
  for (const [index, change] of changes.entries()) {
    for (const name of Object.keys(change.rows ?? {})) {
      const slot = `${change.kind}/${name}`
      tables.set(slot, [...(tables.get(slot) ?? []), { index, change }])
    }
  }
  for (const [slot, uses] of tables) {
    const [kind, name] = slot.split('/') as [string, string]
    const known = ctx.house.kind(kind)
    const declaration = known.declaration.rows[name]
    const parse = known.rowParsers[name]
    if (!declaration || !parse) throw new Error(`${kind} has no rows "${name}".`)
    const stored = await loadRows(ctx, kind, name, declaration, uses)
    for (const { index, change } of uses) {
      const result = compare(change, name, declaration, parse, stored)
      prepared[index]!.rows[name] = result.rows
      prepared[index]!.problems.push(...result.problems)
    }
  }
  return prepared
}

async function loadRows(
  ctx: WriteContext,
  kind: string,
  name: string,
  declaration: Rows,
  uses: ReadonlyArray<{ change: Change }>,
) {
  const keys = uses.flatMap(({ change }) =>
    change.action === 'create'
      ? []
      : [...(change.rows?.[name]?.set ?? []), ...(change.rows?.[name]?.remove ?? [])].map((row) => ({
          record: change.id,
          ...Object.fromEntries(declaration.key.map((key) => [key, row[key] ?? null])),
        })),
  )
  const found = new Map<string, RowValues & { id: string }>()
  if (keys.length === 0) return found
  const types = sql.join(declaration.key.map((key) => sql`${sql.id(key)} ${sql.raw(columnType(declaration, key))}`))
  const on = sql.join(
    declaration.key.map((key) => sql`t.${sql.id(key)} = k.${sql.id(key)}`),
    sql` and `,
  )
  const { rows } = await sql<RowValues & { id: string; record: string }>`
    select t.* from ${rowTable(kind, name)} t
    join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(record uuid, ${types}) on t.record = k.record and ${on}`.execute(
    ctx.db,
  )
  for (const row of rows) found.set(`${row.record}\u0000${keyOf(declaration, row)}`, row)
  return found
}

export const columnType = (declaration: Rows, name: string): string =>
  fieldType(declaration.fields[name]!.type).column(declaration.fields[name]!).split(' ')[0]!

function compare(
  change: Change,
  name: string,
  declaration: Rows,
  parse: (value: unknown) => FieldProblem[],
  stored: Map<string, RowValues & { id: string }>,
): { rows: RowChange[]; problems: FieldProblem[] } {
  const rows: RowChange[] = []
  const problems: FieldProblem[] = []
  const names = Object.keys(declaration.fields)
  const plain = (row: RowValues) => Object.fromEntries(names.map((each) => [each, row[each] ?? null]))
  const seen = new Set<string>()
  for (const [position, values] of (change.rows?.[name]?.set ?? []).entries()) {
    const wrong = parse(values)
    if (wrong.length > 0) {
      problems.push(...wrong.map((problem) => ({ ...problem, at: `/rows/${name}/${position}${problem.at}` })))
      continue
    }
    const key = keyOf(declaration, values)
    if (seen.has(key)) {
      problems.push({ at: `/rows/${name}/${position}`, code: 'rows.repeated' })
      continue
    }
    seen.add(key)
    const existing = stored.get(`${change.id}\u0000${key}`)
    const before = existing ? plain(existing) : null
    const after = plain(before ? { ...before, ...values } : values)
    if (before && canonicalize(before) === canonicalize(after)) continue
    rows.push({ id: existing?.id ?? newId(), key: keyValues(declaration, after), before, after })
  }
  for (const values of change.rows?.[name]?.remove ?? []) {
    const existing = stored.get(`${change.id}\u0000${keyOf(declaration, values)}`)
    if (existing)
      rows.push({ id: existing.id, key: keyValues(declaration, existing), before: plain(existing), after: null })
  }
  return { rows, problems }
}

const keyValues = (declaration: Rows, row: RowValues): RowValues =>
  Object.fromEntries(declaration.key.map((key) => [key, row[key] ?? null]))

type RowWrite = { kind: string; name: string; record: string; row: RowChange }

/** Writes row changes of many records, one statement per table and direction. */
export async function writeRows(ctx: WriteContext, writes: readonly RowWrite[]): Promise<void> {
  const tables = Map.groupBy(writes, (write) => `${write.kind}/${write.name}`)
  for (const [slot, all] of tables) {
    const [kind, name] = slot.split('/') as [string, string]
    const declaration = ctx.house.kind(kind).declaration.rows[name]!
    const names = Object.keys(declaration.fields)
    const set = all
      .filter((write) => write.row.after)
      .map((write) => ({ id: write.row.id, record: write.record, ...write.row.after }))
    const gone = all.filter((write) => !write.row.after).map((write) => write.row.id)
    if (gone.length > 0) await sql`delete from ${rowTable(kind, name)} where id = any(${gone}::uuid[])`.execute(ctx.db)
    if (set.length === 0) continue
    const columns = sql.join(names.map((each) => sql.id(each)))
    const types = sql.join(names.map((each) => sql`${sql.id(each)} ${sql.raw(columnType(declaration, each))}`))
    const updates = sql.join(names.map((each) => sql`${sql.id(each)} = excluded.${sql.id(each)}`))
    await sql`
      insert into ${rowTable(kind, name)} (id, record, ${columns})
      select id, record, ${columns} from jsonb_to_recordset(${JSON.stringify(set)}::jsonb) as x(id uuid, record uuid, ${types})
      on conflict (id) do update set ${updates}`.execute(ctx.db)
  }
}
