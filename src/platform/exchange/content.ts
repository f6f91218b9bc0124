/**
 * Reads content as a stream of neutral values, in one consistent snapshot and in bounded memory: cursors over the
 * selected records, a few statements for each page of them, rows of plain tables after the page of their records.
 */

import { sql } from 'kysely'
import { isSingleReference } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { AnyRecord, Field, RecordKind, Rows } from '#kernel/record.ts'
import type { Codes, ContentPage, ReadOptions, RecordItem, Scope, Snapshot } from '../content/index.ts'
import type { Context } from '../context.ts'
import type { AppContext } from '../page.ts'
import { type Page, rowTable, selected, selectedRows, tableOf } from '../records/index.ts'
import { selectRecords } from './select.ts'

/** Records per page, and rows per item. */
const pageRecords = 500
const pageRows = 1000

/** Selects content and keeps open the transaction that holds its snapshot. */
export async function openSnapshot(ctx: AppContext, scope: Scope): Promise<Snapshot> {
  const tx = await ctx.database.kysely.startTransaction().setIsolationLevel('repeatable read').execute()
  const inside: AppContext = { ...ctx, db: tx }
  try {
    // A slow reader of a large file is no reason to end the connection; elsewhere the limit is a minute.
    await sql`set local idle_in_transaction_session_timeout = '15min'`.execute(tx)
    // At the command line a large city may take its time; requests keep their limit.
    if (ctx.caller.system) await sql`set local statement_timeout = 0`.execute(tx)
    await selectRecords(inside, scope)
    const { rows } = await sql<{ kind: string; n: string }>`
      select kind, count(*) as n from exported group by kind order by kind collate "C"`.execute(tx)
    const kinds = rows.map((row) => ctx.registry.kind(row.kind).declaration)
    return {
      registry: ctx.registry,
      language: ctx.language,
      kinds,
      count: rows.reduce((sum, row) => sum + Number(row.n), 0),
      read: (options = {}) => readPages(inside, kinds, options),
      close: async () => {
        await tx.rollback().execute()
      },
    }
  } catch (error) {
    await tx.rollback().execute()
    throw error
  }
}

async function* readPages(
  ctx: AppContext,
  kinds: readonly RecordKind[],
  options: ReadOptions,
): AsyncGenerator<ContentPage> {
  for (const kind of kinds) {
    if (options.only && options.only.kind !== kind.kind) continue
    const wanted = Object.entries(kind.rows).filter(([name]) => !options.only?.rows || options.only.rows === name)
    const rows = options.withoutRows ? [] : wanted
    const query = sql`
      select e.context, r.id, r.code, r.title, r.state, r.organisation, r.owner, r.audience, ${selected(kind)}
      from exported e join records.record r on r.id = e.id join ${tableOf(kind.kind)} t on t.id = e.id
      where e.kind = ${kind.kind} ${options.only?.ids ? sql`and e.id = any(${[...options.only.ids]}::uuid[])` : sql``} order by e.id`
    for await (const page of fetched<AnyRecord & { context: boolean }>(ctx, 'records', query, pageRecords)) {
      if (!options.only?.rows) yield { of: 'records', kind, ...(await itemsOf(ctx, kind, page)) }
      const members = page.filter((row) => !row.context)
      if (members.length > 0)
        for (const [name, declaration] of rows) yield* rowPages(ctx, kind, name, declaration, members)
    }
  }
}

/** Pages of a query by a cursor of the transaction. */
async function* fetched<Row>(
  ctx: Context,
  name: string,
  query: ReturnType<typeof sql>,
  size: number,
): AsyncGenerator<Row[]> {
  const cursor = sql.id(`exported_${name}`)
  await sql`declare ${cursor} no scroll cursor for ${query}`.execute(ctx.db)
  try {
    for (;;) {
      const { rows } = await sql<Row>`fetch ${sql.raw(String(size))} from ${cursor}`.execute(ctx.db)
      if (rows.length > 0) yield rows
      if (rows.length < size) return
    }
  } finally {
    await sql`close ${cursor}`.execute(ctx.db).catch(() => {})
  }
}

async function itemsOf(ctx: Context, kind: RecordKind, page: ReadonlyArray<AnyRecord & { context: boolean }>) {
  const ids = page.map((row) => row.id)
  const [externalIds, links] = [await externalIdsOf(ctx, kind, ids), await linksOf(ctx, kind, page)]
  const pointed = page.flatMap((row) => [row.organisation, row.owner, ...referencesOf(kind.fields, row)])
  const ends = [...links.values()].flatMap((of) => Object.values(of).flatMap((list) => list.map((each) => each.to)))
  const codes = await codesOf(ctx, [...pointed, ...ends])
  for (const row of page) codes.set(row.id, row.code)
  const items = page.map((row): RecordItem => {
    const fields = valuesOf(kind.fields, row, codes)
    const external = externalIds.get(row.id)
    const linked = links.get(row.id)
    return {
      kind: kind.kind,
      id: row.id,
      code: row.code,
      title: row.title,
      state: row.state,
      audience: row.audience,
      ...(row.organisation && codes.has(row.organisation) ? { organisation: row.organisation } : {}),
      ...(row.owner && codes.has(row.owner) ? { owner: row.owner } : {}),
      ...(external ? { externalIds: external } : {}),
      ...fields,
      ...(linked ? { links: linked } : {}),
      ...(row.context ? { context: true as const } : {}),
    }
  })
  return { items, codes }
}

const referencesOf = (fields: Readonly<Record<string, Field>>, row: Record<string, unknown>): string[] =>
  Object.entries(fields).flatMap(([name, field]) => [...(fieldType(field.type).references?.(row[name]) ?? [])])

/** The stated values of a record or row, without references to what is not exported. */
function valuesOf(
  fields: Readonly<Record<string, Field>>,
  row: Record<string, unknown>,
  codes: Codes,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    let value = row[name]
    if (value === null || value === undefined) continue
    const ends = fieldType(field.type).references?.(value)
    if (ends && isSingleReference(field) && !ends.every((id) => codes.has(id))) continue
    if (ends && !isSingleReference(field)) value = ends.filter((id) => codes.has(id))
    if (Array.isArray(value) && value.length === 0) continue
    if (typeof value === 'object' && Object.keys(value as object).length === 0) continue
    values[name] = value
  }
  return values
}

/** Readable numbers of those records that are exported. */
async function codesOf(ctx: Context, ids: ReadonlyArray<string | null>): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id): id is string => id !== null))]
  if (wanted.length === 0) return new Map()
  const { rows } = await sql<{ id: string; code: string }>`
    select r.id, r.code from exported e join records.record r on r.id = e.id where e.id = any(${wanted}::uuid[])`.execute(
    ctx.db,
  )
  return new Map(rows.map((row) => [row.id, row.code]))
}

async function externalIdsOf(ctx: Context, kind: RecordKind, ids: readonly string[]) {
  const { rows } = await sql<{ record: string; source: string; id: string }>`
    select record, source, id from records."externalId" where record = any(${[...ids]}::uuid[]) and kind = ${kind.kind}
    order by source collate "C", id collate "C"`.execute(ctx.db)
  const found = new Map<string, Array<{ source: string; id: string }>>()
  for (const { record, source, id } of rows) found.set(record, [...(found.get(record) ?? []), { source, id }])
  return found
}

type Ends = Record<string, Array<{ to: string; weight?: string }>>

async function linksOf(
  ctx: Context,
  kind: RecordKind,
  page: ReadonlyArray<{ id: string; context: boolean }>,
): Promise<Map<string, Ends>> {
  const found = new Map<string, Ends>()
  const members = page.filter((row) => !row.context).map((row) => row.id)
  if (Object.keys(kind.links).length === 0 || members.length === 0) return found
  const { rows } = await sql<{ name: string; from: string; to: string; weight: string | null }>`
    select l.name, l."from", l."to", l.weight from records.link l join exported e on e.id = l."to"
    where l."from" = any(${members}::uuid[]) order by l."from", l.name collate "C", l."to"`.execute(ctx.db)
  for (const { name, from, to, weight } of rows) {
    const short = name.slice(kind.kind.length + 1)
    const ends = found.get(from) ?? {}
    found.set(from, ends)
    ends[short] = [...(ends[short] ?? []), { to, ...(weight === null ? {} : { weight }) }]
  }
  return found
}

async function* rowPages(
  ctx: AppContext,
  kind: RecordKind,
  name: string,
  declaration: Rows,
  members: readonly AnyRecord[],
): AsyncGenerator<ContentPage> {
  const reader = ctx.caller.system ? undefined : ctx.exchange.rowReaders.get(`${kind.kind}/${name}`)
  const ids = members.map((row) => row.id)
  const guarded = reader ? await reader.concerns(ctx, ids) : []
  const open = ids.filter((id) => !guarded.includes(id))
  const order = sql.join(
    keysOf(declaration).map(([key, text]) => (text ? sql`t.${sql.id(key)} collate "C"` : sql`t.${sql.id(key)}`)),
  )
  const query = sql`select ${selectedRows(declaration.fields)} from ${rowTable(kind.kind, name)} t where t.record = any(${open}::uuid[]) order by t.record, ${order}`
  if (open.length > 0)
    for await (const rows of fetched<Record<string, unknown> & { record: string }>(ctx, 'rows', query, pageRows)) {
      const codes = await codesOfRows(ctx, declaration, rows, members)
      for (const [record, list] of Map.groupBy(rows, (row) => row.record))
        yield* rowsPage(kind, name, record, list, codes)
    }
  for (const record of guarded) {
    const rows: Array<Record<string, unknown>> = []
    let after: string | undefined
    do {
      const page: Page<AnyRecord> = await reader!(ctx, record, { limit: 1000, ...(after ? { after } : {}) })
      rows.push(...page.rows)
      after = page.next ?? undefined
    } while (after)
    yield* rowsPage(
      kind,
      name,
      record,
      rows.sort(byKey(declaration)),
      await codesOfRows(ctx, declaration, rows, members),
    )
  }
}

const keysOf = (declaration: Rows): Array<[string, boolean]> =>
  declaration.key.map((key) => [key, ['text', 'choice'].includes(declaration.fields[key]!.type)])

const byKey = (declaration: Rows) => (left: Record<string, unknown>, right: Record<string, unknown>) => {
  for (const key of declaration.key) {
    const [one, other] = [left[key] as string | number, right[key] as string | number]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

/** Readable numbers of what the rows point at, and of the records they belong to. */
async function codesOfRows(
  ctx: Context,
  declaration: Rows,
  rows: ReadonlyArray<Record<string, unknown>>,
  members: readonly AnyRecord[],
): Promise<Codes> {
  const codes = await codesOf(
    ctx,
    rows.flatMap((row) => referencesOf(declaration.fields, row)),
  )
  for (const { id, code } of members) codes.set(id, code)
  return codes
}

function* rowsPage(
  kind: RecordKind,
  name: string,
  record: string,
  rows: ReadonlyArray<Record<string, unknown>>,
  codes: Codes,
): Generator<ContentPage> {
  const { fields } = kind.rows[name]!
  const needed = Object.keys(fields).filter((field) => fields[field]!.required && isSingleReference(fields[field]!))
  const values = rows
    .map((row) => valuesOf(fields, row, codes))
    // Whoever may not read a row's required other end does not see the row.
    .filter((row) => needed.every((field) => field in row))
  if (values.length > 0) yield { of: 'rows', kind, item: { rows: name, kind: kind.kind, record, values }, codes }
}
