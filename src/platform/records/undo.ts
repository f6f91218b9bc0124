/**
 * Undo is a new change set that puts back what was before, wherever the value is still the one the undone change set
 * wrote. What was edited since is a conflict that names field, later change and account; `possible` leaves those alone,
 * undoes the rest and lists them. Nothing is taken out of the history.
 */
import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import { conflict, notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { WriteContext } from '../context.ts'
import type { Change, LinkEnd, RowValues } from './change.ts'
import { type EntryContent, entriesOf, findChangeSet, isErased, laterChange } from './history.ts'
import { type ChangeSet, openChangeSet } from './ledger.ts'
import { Permit } from './permit.ts'
import { prepare, tableOf } from './prepare.ts'
import { rowTable } from './rows.ts'
import { save } from './save.ts'

export type UndoConflict = {
  record: string
  code: string
  field: string
  changeSet: string | null
  at: string | null
  account: string | null
}
export type Undone = { changeSet: string | null; undone: number; conflicts: UndoConflict[] }

/**
 * @param mode 'all' refuses with Conflict if anything was edited since; 'possible' undoes what can be and lists the rest.
 * @throws NotFound for an unknown change set, Conflict where it is undone already or (mode 'all') edited since.
 */
export async function undo(
  ctx: WriteContext,
  changeSet: string,
  options: { mode: 'all' | 'possible'; why?: string; source: string },
): Promise<Undone> {
  const target = await findChangeSet(ctx, changeSet)
  if (!target) throw notFound(changeSet)
  const again = await sql`select 1 from records."changeSet" where "undoOf" = ${changeSet} limit 1`.execute(ctx.db)
  if (again.rows.length > 0) throw conflict('records.undone-already')
  const all = await readAll(ctx, changeSet)
  const conflicts: UndoConflict[] = []
  let opened: ChangeSet | null = null
  let undone = 0
  const batches = chunks(newestFirst(all), 500)
  for (const batch of batches) {
    const changes = await inverse(ctx, batch, conflicts)
    if (conflicts.length > 0 && options.mode === 'all')
      throw conflict('records.undo-conflict', { conflicts }, { count: conflicts.length })
    const permit = Permit.for(ctx, await prepare(ctx, changes))
    if (permit.covered.length === 0) continue
    opened ??= await openChangeSet(ctx, { why: options.why ?? null, source: options.source, undoOf: changeSet })
    undone += (await save(opened, permit)).length
  }
  return { changeSet: opened?.id ?? null, undone, conflicts }
}

type Entry = EntryContent & { id: string }

async function readAll(ctx: WriteContext, changeSet: string): Promise<Entry[]> {
  const all: Entry[] = []
  for (let after: string | null = null; ; ) {
    const portion = await entriesOf(ctx, changeSet, after)
    if (portion.length === 0) return all
    all.push(...portion)
    after = portion.at(-1)!.id
  }
}

/** Entries of one record joined into one step back: the oldest `before`, the newest `after`. */
function newestFirst(all: readonly Entry[]): Entry[][] {
  return [...Map.groupBy(all, (entry) => entry.record).values()].reverse()
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = []
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size))
  return parts
}

const same = (left: unknown, right: unknown) => canonicalize(left ?? null) === canonicalize(right ?? null)

async function inverse(ctx: WriteContext, batch: readonly Entry[][], conflicts: UndoConflict[]): Promise<Change[]> {
  const current = new Map<string, AnyRecord>()
  for (const [kind, entries] of Map.groupBy(batch.flat(), (entry) => entry.kind)) {
    const ids = [...new Set(entries.map((entry) => entry.record))]
    const { rows } =
      await sql<AnyRecord>`select r.*, t.* from records.record r join ${tableOf(kind)} t on t.id = r.id where r.id = any(${ids}::uuid[])`.execute(
        ctx.db,
      )
    for (const row of rows) current.set(row.id, row)
  }
  const links = await currentLinks(ctx, [...current.keys()])
  const ids = await currentExternalIds(ctx, [...current.keys()])
  const edited = await editedSince(ctx, batch)
  const changes: Change[] = []
  for (const entries of batch) {
    const record = current.get(entries[0]!.record)
    if (!record) continue
    const change = await inverseOf(
      ctx,
      entries,
      record,
      links.get(record.id) ?? [],
      ids.get(record.id) ?? [],
      edited,
      conflicts,
    )
    if (change) changes.push(change)
  }
  return changes
}

type StoredLink = { from: string; name: string; to: string; weight: string | null }
type StoredId = { record: string; source: string; id: string }

const currentLinks = async (ctx: WriteContext, ids: string[]) =>
  Map.groupBy(
    (
      await sql<StoredLink>`select "from", name, "to", weight from records.link where "from" = any(${ids}::uuid[])`.execute(
        ctx.db,
      )
    ).rows,
    (row) => row.from,
  )
const currentExternalIds = async (ctx: WriteContext, ids: string[]) =>
  Map.groupBy(
    (
      await sql<StoredId>`select record, source, id from records."externalId" where record = any(${ids}::uuid[])`.execute(
        ctx.db,
      )
    ).rows,
    (row) => row.record,
  )

type LaterEdit = { record: string; changeSet: string; at: string; account: string | null }

/** Records of the batch that another change set touched afterwards, with the newest of those. */
async function editedSince(ctx: WriteContext, batch: readonly Entry[][]): Promise<Map<string, LaterEdit>> {
  const last = batch.map((entries) => ({ record: entries[0]!.record, entry: entries.at(-1)!.id }))
  const { rows } = await sql<LaterEdit>`
    select distinct on (e.record) e.record, e."changeSet", c.at, c.account
    from jsonb_to_recordset(${JSON.stringify(last)}::jsonb) as x(record uuid, entry uuid)
    join records.entry e on e.record = x.record and e.id > x.entry join records."changeSet" c on c.id = e."changeSet"
    order by e.record, e.id desc`.execute(ctx.db)
  return new Map(rows.map((row) => [row.record, row]))
}

async function inverseOf(
  ctx: WriteContext,
  entries: readonly Entry[],
  record: AnyRecord,
  links: readonly StoredLink[],
  ids: readonly StoredId[],
  edited: ReadonlyMap<string, LaterEdit>,
  conflicts: UndoConflict[],
): Promise<Change | null> {
  const last = entries.at(-1)!
  const clash = async (field: string) => {
    const later = await laterChange(ctx, record.id, last.id, field)
    conflicts.push({
      record: record.id,
      code: record.code,
      field,
      changeSet: later?.changeSet ?? null,
      at: later?.at ?? null,
      account: later?.account ?? null,
    })
  }
  const created = entries.some((entry) => entry.before === null && entry.after !== null && entry.action === 'create')
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  for (const entry of entries) {
    for (const [name, value] of Object.entries(entry.before ?? {})) if (!(name in before)) before[name] = value
    Object.assign(after, entry.after ?? {})
  }
  const values: Record<string, unknown> = {}
  let kept = false
  for (const name of Object.keys(after)) {
    if (isErased(after[name]) || isErased(before[name])) continue
    if (!same(record[name], after[name])) {
      if (!created && same(record[name], before[name])) continue
      kept = true
      await clash(name)
    } else if (!created) values[name] = before[name] ?? null
  }
  if (created) {
    const later = edited.get(record.id)
    if (later && !kept)
      conflicts.push({
        record: record.id,
        code: record.code,
        field: '',
        changeSet: later.changeSet,
        at: later.at,
        account: later.account,
      })
    if (later || kept) return null
    if (record.retiredAt) return null
    return {
      kind: record.kind,
      action: 'undo',
      id: record.id,
      values: {
        retiredAt: ctx.now().toISOString(),
        externalIds: [],
        ...(links.length > 0
          ? {
              links: Object.fromEntries(
                [...new Set(links.map((link) => shortName(record.kind, link.name)))].map((name) => [name, []]),
              ),
            }
          : {}),
      },
      rows: await rowsBack(ctx, entries, record, clash),
    }
  }
  const linksBack = linkValues(entries, record.kind, links)
  const externalIds = idsBack(entries, ids)
  const rows = await rowsBack(ctx, entries, record, clash)
  return {
    kind: record.kind,
    action: 'undo',
    id: record.id,
    ...(Object.keys(values).length > 0 || linksBack || externalIds
      ? { values: { ...values, ...(linksBack ? { links: linksBack } : {}), ...(externalIds ? { externalIds } : {}) } }
      : {}),
    ...(Object.keys(rows).length > 0 ? { rows } : {}),
  }
}

const shortName = (kind: string, name: string) => name.slice(kind.length + 1)

function linkValues(
  entries: readonly Entry[],
  kind: string,
  stored: readonly StoredLink[],
): Record<string, LinkEnd[]> | null {
  const touched = entries.flatMap((entry) => entry.links ?? [])
  if (touched.length === 0) return null
  const wanted = new Map(
    stored.map((link) => [`${link.name} ${link.to}`, { name: link.name, to: link.to, weight: link.weight }]),
  )
  for (const link of [...touched].reverse()) {
    const slot = `${link.name} ${link.to}`
    const now = wanted.get(slot)
    if (link.after === null ? now !== undefined : !now || now.weight !== link.after.weight) continue
    if (link.before === null) wanted.delete(slot)
    else wanted.set(slot, { name: link.name, to: link.to, weight: link.before.weight })
  }
  const names = new Set(touched.map((link) => link.name))
  return Object.fromEntries(
    [...names].map((name) => [
      shortName(kind, name),
      [...wanted.values()].filter((link) => link.name === name).map(({ to, weight }) => ({ to, weight })),
    ]),
  )
}

function idsBack(entries: readonly Entry[], stored: readonly StoredId[]): Array<{ source: string; id: string }> | null {
  const touched = entries.filter((entry) => entry.externalIds)
  if (touched.length === 0) return null
  const slot = (each: { source: string; id: string }) => `${each.source}\u0000${each.id}`
  const wanted = new Map(stored.map(({ source, id }) => [slot({ source, id }), { source, id }]))
  for (const { externalIds } of [...touched].reverse()) {
    for (const each of externalIds!.added) wanted.delete(slot(each))
    for (const each of externalIds!.removed) wanted.set(slot(each), each)
  }
  return [...wanted.values()]
}

async function rowsBack(
  ctx: WriteContext,
  entries: readonly Entry[],
  record: AnyRecord,
  clash: (field: string) => Promise<void>,
): Promise<Record<string, { set: RowValues[]; remove: RowValues[] }>> {
  const back: Record<string, { set: RowValues[]; remove: RowValues[] }> = {}
  const tables = new Set(entries.flatMap((entry) => Object.keys(entry.rows ?? {})))
  for (const name of tables) {
    const changes = entries.flatMap((entry) => entry.rows?.[name] ?? [])
    const fields = Object.keys(ctx.house.kind(record.kind).declaration.rows[name]!.fields)
    const steps = Map.groupBy(changes, (change) => canonicalize(change.key)!)
    const ids = [...new Set(changes.map((change) => change.id))]
    const { rows } = await sql<
      RowValues & { id: string }
    >`select * from ${rowTable(record.kind, name)} where id = any(${ids}::uuid[])`.execute(ctx.db)
    const now = new Map(
      rows.map((row) => [row.id, Object.fromEntries(fields.map((field) => [field, row[field] ?? null]))]),
    )
    const set: RowValues[] = []
    const remove: RowValues[] = []
    for (const group of steps.values()) {
      const oldest = group[0]!
      const newest = group.at(-1)!
      if (!same(now.get(newest.id) ?? null, newest.after)) await clash(name)
      else if (oldest.before) set.push(oldest.before)
      else remove.push(newest.key)
    }
    if (set.length > 0 || remove.length > 0) back[name] = { set, remove }
  }
  return back
}
