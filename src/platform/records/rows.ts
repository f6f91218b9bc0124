import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import { fieldType, storedValues } from '#kernel/fields/field.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import type { Parser } from '#kernel/projections/parser.ts'
import type { Rows } from '#kernel/record.ts'
import type { WriteContext } from '../context.ts'
import { newId } from '../id.ts'
import type { Change, RowChange, RowValues } from './change.ts'
import { columnsOf, rowTable, selectedRows } from './table.ts'

type PreparedRows = { rows: Record<string, RowChange[]>; problems: FieldProblem[] }

/** A row's key as one text. */
export const keyOf = (rows: Rows, values: RowValues) =>
  rows.key.map((name) => String(values[name] ?? '')).join('\u0000')

/** Matches row changes with the stored rows of their records; one query per table, however many records. */
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
    const known = ctx.registry.kind(kind)
    if (!Object.hasOwn(known.declaration.rows, name)) {
      for (const { index } of uses)
        prepared[index]!.problems.push({ at: `/rows/${name}`, code: 'field.unknown', values: { name } })
      continue
    }
    const declaration = known.declaration.rows[name]!
    const parsed = uses.map((use) => ({
      ...use,
      ...parsedRows(use.change, name, declaration, known.rowParsers[name]!, ctx.registry.language),
    }))
    // Only well-formed values go to the database: a bad day in a key would be an error there.
    const stored = await storedRows(
      ctx,
      kind,
      name,
      parsed.flatMap(({ change, set, remove }) =>
        change.action === 'create'
          ? []
          : [...set, ...remove].map((row) => ({ record: change.id!, values: row.values })),
      ),
    )
    for (const { index, change, set, remove, problems } of parsed) {
      prepared[index]!.rows[name] = compare(change, declaration, set, remove, stored)
      prepared[index]!.problems.push(...problems)
    }
  }
  for (const [index, change] of changes.entries())
    if (change.action === 'erase') Object.assign(prepared[index]!.rows, await erasedRows(ctx, change))
  return prepared
}

/** The rows of a record without their personal values, if they hold any. */
async function erasedRows(ctx: WriteContext, change: Change): Promise<Record<string, RowChange[]>> {
  const erased: Record<string, RowChange[]> = {}
  for (const [name, declaration] of Object.entries(ctx.registry.kind(change.kind).declaration.rows)) {
    const personal = Object.keys(declaration.fields).filter((field) => declaration.fields[field]!.personal)
    if (personal.length === 0) continue
    const { rows } = await sql<RowValues & { id: string }>`
      select ${selectedRows(declaration.fields)} from ${rowTable(change.kind, name)} t where t.record = ${change.id} order by t.id`.execute(
      ctx.db,
    )
    erased[name] = rows.flatMap((row, place) => {
      if (personal.every((field) => (row[field] ?? null) === null)) return []
      const before = plainRow(declaration, row)
      const after = { ...before, ...Object.fromEntries(personal.map((field) => [field, null])) }
      return [{ id: row.id, place, key: keyValues(declaration, row), before, after }]
    })
  }
  return erased
}

type Placed = { place: number; values: RowValues }

/** The well-formed rows, each key once, and what is wrong with the others, by place. */
function parsedRows(change: Change, name: string, declaration: Rows, parse: Parser, language: string) {
  const problems: FieldProblem[] = []
  const seen = new Set<string>()
  const take = (list: readonly RowValues[] | undefined, at: string, problemsOf: Parser): Placed[] => {
    const good: Placed[] = []
    for (const [place, given] of (list ?? []).entries()) {
      const values = inLanguage(declaration, given, language)
      const wrong = problemsOf(values)
      const key = wrong.length > 0 ? '' : keyOf(declaration, values)
      const here = `/rows/${name}${at}/${place}`
      if (wrong.length > 0)
        problems.push(...wrong.map((each) => ({ ...each, at: each.at === '/' ? here : `${here}${each.at}` })))
      else if (seen.has(key)) problems.push({ at: here, code: 'rows.repeated' })
      else good.push({ place, values })
      seen.add(key)
    }
    return good
  }
  const rows = change.rows?.[name]
  const set = take(rows?.set, '', parse)
  const keys = new Set(declaration.key)
  const remove = take(rows?.remove, '/remove', (values) =>
    parse(values).filter((problem) => problem.at === '/' || keys.has(problem.at.split('/')[1]!)),
  )
  return { set, remove, problems }
}

/** The stored rows with these keys, by `slotOf`; one query for all records. */
export async function storedRows(
  ctx: WriteContext,
  kind: string,
  name: string,
  wanted: ReadonlyArray<{ record: string; values: RowValues }>,
): Promise<Map<string, RowValues & { id: string }>> {
  const found = new Map<string, RowValues & { id: string }>()
  if (wanted.length === 0) return found
  const declaration = ctx.registry.kind(kind).declaration.rows[name]!
  const keys = wanted.map(({ record, values }) => ({ record, ...keyValues(declaration, values) }))
  const on = sql.join(
    declaration.key.map((key) => sql`t.${sql.id(key)} = k.${sql.id(key)}`),
    sql` and `,
  )
  const { rows } = await sql<RowValues & { id: string; record: string }>`
    select ${selectedRows(declaration.fields)} from ${rowTable(kind, name)} t
    join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(record uuid, ${keyColumns(declaration)}) on t.record = k.record and ${on}`.execute(
    ctx.db,
  )
  for (const row of rows) found.set(slotOf(declaration, row.record, row), row)
  return found
}

export const slotOf = (declaration: Rows, record: string | undefined, values: RowValues) =>
  `${record}\u0000${keyOf(declaration, values)}`

/** All declared fields of a row, in a comparable form. */
export const plainRow = (declaration: Rows, row: RowValues): RowValues =>
  Object.fromEntries(Object.keys(declaration.fields).map((name) => [name, row[name] ?? null]))

/** Types of the key columns; a key field has one column. */
const keyColumns = (declaration: Rows) =>
  sql.join(
    columnsOf(Object.fromEntries(declaration.key.map((key) => [key, declaration.fields[key]!]))).map(
      ({ name, type }) => sql`${sql.id(name)} ${sql.raw(type)}`,
    ),
  )

function compare(
  change: Change,
  declaration: Rows,
  set: readonly Placed[],
  remove: readonly Placed[],
  stored: ReadonlyMap<string, RowValues & { id: string }>,
): RowChange[] {
  const changes: RowChange[] = []
  for (const { place, values } of set) {
    const existing = stored.get(slotOf(declaration, change.id, values))
    const before = existing ? plainRow(declaration, existing) : null
    const after = plainRow(declaration, { ...before, ...values })
    if (before && canonicalize(before) === canonicalize(after)) continue
    changes.push({ id: existing?.id ?? newId(), place, key: keyValues(declaration, after), before, after })
  }
  for (const { place, values } of remove) {
    const existing = stored.get(slotOf(declaration, change.id, values))
    if (!existing) continue
    const before = plainRow(declaration, existing)
    changes.push({ id: existing.id, place, key: keyValues(declaration, existing), before, after: null })
  }
  return changes
}

/** A plain string means text in the city's language; every value gets its one spelling. */
const inLanguage = (declaration: Rows, row: RowValues, language: string): RowValues =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const field = Object.hasOwn(declaration.fields, name) ? declaration.fields[name]! : undefined
      if (!field || value === null) return [name, value]
      if (field.localized && typeof value === 'string') return [name, { [language]: value }]
      return [name, fieldType(field.type).normal?.(value, field) ?? value]
    }),
  )

const keyValues = (declaration: Rows, row: RowValues): RowValues =>
  Object.fromEntries(declaration.key.map((key) => [key, row[key] ?? null]))

type RowWrite = { kind: string; name: string; record: string; row: RowChange }

/** Writes row changes of many records, one statement per table and direction. */
export async function writeRows(ctx: WriteContext, writes: readonly RowWrite[]): Promise<void> {
  const tables = Map.groupBy(writes, (write) => `${write.kind}/${write.name}`)
  for (const [slot, all] of tables) {
    const [kind, name] = slot.split('/') as [string, string]
    const declaration = ctx.registry.kind(kind).declaration.rows[name]!
    const own = columnsOf(declaration.fields)
    const set = all
      .filter((write) => write.row.after)
      .map((write) => ({
        id: write.row.id,
        record: write.record,
        ...storedValues(declaration.fields, write.row.after!),
      }))
    const gone = all.filter((write) => !write.row.after).map((write) => write.row.id)
    if (gone.length > 0) await sql`delete from ${rowTable(kind, name)} where id = any(${gone}::uuid[])`.execute(ctx.db)
    if (set.length === 0) continue
    const columns = sql.join(own.map(({ name: each }) => sql.id(each)))
    const types = sql.join(own.map(({ name: each, type }) => sql`${sql.id(each)} ${sql.raw(type)}`))
    const updates = sql.join(own.map(({ name: each }) => sql`${sql.id(each)} = excluded.${sql.id(each)}`))
    await sql`
      insert into ${rowTable(kind, name)} (id, record, ${columns})
      select id, record, ${columns} from jsonb_to_recordset(${JSON.stringify(set)}::jsonb) as x(id uuid, record uuid, ${types})
      on conflict (id) do update set ${updates}`.execute(ctx.db)
  }
}
