/** The reverse of a change set for each of its records, compared with what the record holds now. */
import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import { type AnyRecord, reservedNames } from '#kernel/record.ts'
import type { WriteContext } from '../context.ts'
import { reshapeAction } from '../db/index.ts'
import type { Change, ExternalId, LinkEnd, RowValues } from './change.ts'
import { type EntryContent, isErased, laterChange } from './history.ts'
import { lockRecords } from './prepare.ts'
import { plainRow, slotOf, storedRows } from './rows.ts'
import { selected, tableOf } from './table.ts'

export type UndoConflict = {
  record: string
  /** Number of the record. */
  code: string
  /** Field, link or table; '' = the record as a whole. */
  field: string
  /** Code of the problem if a rule forbids it; null = edited since. */
  reason: string | null
  /** The later change set, when and by which account. */
  changeSet: string | null
  at: string | null
  account: string | null
}

type Entry = EntryContent & { id: string }
type LaterEdit = { record: string; changeSet: string; at: string; account: string | null }
export type Inverse = { readonly change: Change; readonly later: LaterEdit | undefined }

const same = (left: unknown, right: unknown) => canonicalize(left ?? null) === canonicalize(right ?? null)

/** The reverse changes for a batch of records, which stay locked; anything edited since goes to `conflicts`. */
export async function inverse(
  ctx: WriteContext,
  batch: readonly Entry[][],
  conflicts: UndoConflict[],
): Promise<Inverse[]> {
  const current = await lockedRecords(ctx, batch.flat())
  const links = await currentLinks(ctx, [...current.keys()])
  const ids = await currentExternalIds(ctx, [...current.keys()])
  const edited = await editedSince(ctx, batch)
  const back: Inverse[] = []
  for (const entries of batch) {
    const record = current.get(entries[0]!.record)
    if (!record) continue
    const later = edited.get(record.id)
    const step = new UndoStep(ctx, entries, record, later, conflicts)
    const change = await step.back(links.get(record.id) ?? [], ids.get(record.id) ?? [])
    if (change) back.push({ change, later })
  }
  return back
}

async function lockedRecords(ctx: WriteContext, entries: readonly Entry[]): Promise<Map<string, AnyRecord>> {
  const found = new Map<string, AnyRecord>()
  await lockRecords(
    ctx,
    entries.map((entry) => entry.record),
  )
  for (const [kind, group] of Map.groupBy(entries, (entry) => entry.kind)) {
    const ids = [...new Set(group.map((entry) => entry.record))]
    const { rows } = await sql<AnyRecord>`
      select r.*, ${selected(ctx.registry.kind(kind).declaration)} from records.record r join ${tableOf(kind)} t on t.id = r.id where r.id = any(${ids}::uuid[])`.execute(
      ctx.db,
    )
    for (const row of rows) found.set(row.id, row)
  }
  return found
}

type StoredLink = { from: string; name: string; to: string; weight: string | null }
type StoredId = ExternalId & { record: string }

async function currentLinks(ctx: WriteContext, ids: string[]): Promise<Map<string, StoredLink[]>> {
  const { rows } =
    await sql<StoredLink>`select "from", name, "to", weight from records.link where "from" = any(${ids}::uuid[])`.execute(
      ctx.db,
    )
  return Map.groupBy(rows, (row) => row.from)
}

async function currentExternalIds(ctx: WriteContext, ids: string[]): Promise<Map<string, StoredId[]>> {
  const { rows } =
    await sql<StoredId>`select record, source, id from records."externalId" where record = any(${ids}::uuid[])`.execute(
      ctx.db,
    )
  return Map.groupBy(rows, (row) => row.record)
}

/** Records of the batch that a later change set touched, with the newest such change set. */
async function editedSince(ctx: WriteContext, batch: readonly Entry[][]): Promise<Map<string, LaterEdit>> {
  const last = batch.map((entries) => ({ record: entries[0]!.record, entry: entries.at(-1)!.id }))
  const { rows } = await sql<LaterEdit>`
    select distinct on (e.record) e.record, e."changeSet", c.at, c.account
    from jsonb_to_recordset(${JSON.stringify(last)}::jsonb) as x(record uuid, entry uuid) join records.entry l on l.id = x.entry
    join records.entry e on e.record = x.record and e.sequence > l.sequence join records."changeSet" c on c.id = e."changeSet"
    order by e.record, e.sequence desc`.execute(ctx.db)
  return new Map(rows.map((row) => [row.record, row]))
}

/**
 * One record of the undone change set: its entries merged (the oldest `before`, the newest `after`) and its current
 * state.
 */
class UndoStep {
  readonly #ctx: WriteContext
  readonly #entries: readonly Entry[]
  readonly #record: AnyRecord
  readonly #later: LaterEdit | undefined
  readonly #conflicts: UndoConflict[]

  constructor(
    ctx: WriteContext,
    entries: readonly Entry[],
    record: AnyRecord,
    later: LaterEdit | undefined,
    conflicts: UndoConflict[],
  ) {
    this.#ctx = ctx
    this.#entries = entries
    this.#record = record
    this.#later = later
    this.#conflicts = conflicts
  }

  async back(links: readonly StoredLink[], ids: readonly StoredId[]): Promise<Change | null> {
    const reshaped = this.#entries.find((entry) => entry.action === reshapeAction)
    if (reshaped) {
      this.#tell('', undefined, 'record.reshaped')
      return null
    }
    const created = this.#entries.some((entry) => entry.action === 'create')
    if (created) return this.#uncreated(links)
    const fields = await this.#fields()
    const linksBack = await this.#links(links)
    const externalIds = this.#externalIds(ids)
    const values = { ...fields, ...(linksBack ? { links: linksBack } : {}), ...(externalIds ? { externalIds } : {}) }
    const rows = await this.#rows()
    if (Object.keys(values).length === 0 && Object.keys(rows).length === 0) return null
    return this.#change(values, rows)
  }

  #change(values: Record<string, unknown>, rows: Change['rows']): Change {
    const { kind, id } = this.#record
    return {
      kind,
      id,
      action: 'undo',
      ...(Object.keys(values).length > 0 ? { values } : {}),
      ...(Object.keys(rows ?? {}).length > 0 ? { rows } : {}),
    }
  }

  /** A created record is retired and loses its links, rows and identifiers; one that was edited since stays. */
  async #uncreated(links: readonly StoredLink[]): Promise<Change | null> {
    const record = this.#record
    if (!this.#later) {
      if (record.retiredAt) return null
      const names = [...new Set(links.map((link) => this.#short(link.name)))]
      const values = {
        retiredAt: this.#ctx.now().toISOString(),
        externalIds: [],
        ...(names.length > 0 ? { links: Object.fromEntries(names.map((name) => [name, []])) } : {}),
      }
      return this.#change(values, await this.#rows())
    }
    const { after } = this.#joined()
    const reported = this.#conflicts.length
    for (const name of Object.keys(after))
      if (!this.#isOwn(name)) await this.#clash(name, 'record.reshaped')
      else if (!isErased(after[name]) && !same(record[name], after[name])) await this.#clash(name)
    if (this.#conflicts.length === reported) this.#tell('', this.#later)
    return null
  }

  #joined() {
    const before: Record<string, unknown> = {}
    const after: Record<string, unknown> = {}
    for (const entry of this.#entries) {
      for (const [name, value] of Object.entries(entry.before ?? {})) if (!(name in before)) before[name] = value
      Object.assign(after, entry.after ?? {})
    }
    return { before, after }
  }

  /** What one value returns to: its earlier value, nothing to do, or a conflict. */
  async #step<Value>(field: string, now: Value, before: Value, after: Value): Promise<{ to: Value } | null> {
    if (same(before, after) || same(now, before)) return null
    if (same(now, after)) return { to: before }
    await this.#clash(field)
    return null
  }

  async #fields(): Promise<Record<string, unknown>> {
    const { before, after } = this.#joined()
    const values: Record<string, unknown> = {}
    for (const name of Object.keys(after)) {
      if (isErased(after[name]) || isErased(before[name])) continue
      if (!this.#isOwn(name)) {
        await this.#clash(name, 'record.reshaped')
        continue
      }
      const step = await this.#step(name, this.#record[name], before[name], after[name])
      if (step) values[name] = step.to ?? null
    }
    return values
  }

  async #links(stored: readonly StoredLink[]): Promise<Record<string, LinkEnd[]> | null> {
    const slot = (link: { name: string; to: string }) => `${link.name} ${link.to}`
    const wanted = new Map(stored.map((link) => [slot(link), link as LinkEnd & { name: string }]))
    const names = new Set<string>()
    const touched = this.#entries.flatMap((entry) => entry.links ?? [])
    for (const [key, group] of Map.groupBy(touched, slot)) {
      const { name, to, before } = group[0]!
      const now = wanted.get(key)
      const step = await this.#step(
        this.#short(name),
        now ? { weight: now.weight ?? null } : null,
        before,
        group.at(-1)!.after,
      )
      if (!step) continue
      names.add(name)
      if (step.to) wanted.set(key, { name, to, weight: step.to.weight })
      else wanted.delete(key)
    }
    if (names.size === 0) return null
    const ends = [...wanted.values()]
    const { links } = this.#ctx.registry.kind(this.#record.kind).declaration
    const weighted = (name: string) => links[this.#short(name)]?.weighted
    return Object.fromEntries(
      [...names].map((name) => [
        this.#short(name),
        ends.filter((link) => link.name === name).map(({ to, weight }) => (weighted(name) ? { to, weight } : { to })),
      ]),
    )
  }

  #externalIds(stored: readonly StoredId[]): ExternalId[] | null {
    const slot = (each: ExternalId) => `${each.source}\u0000${each.id}`
    const wanted = new Map(stored.map(({ source, id }) => [slot({ source, id }), { source, id }]))
    const touched = this.#entries.flatMap((entry) => (entry.externalIds ? [entry.externalIds] : []))
    if (touched.length === 0) return null
    for (const { added, removed } of touched.reverse()) {
      for (const each of added) wanted.delete(slot(each))
      for (const each of removed) wanted.set(slot(each), each)
    }
    return [...wanted.values()]
  }

  async #rows(): Promise<Record<string, { set: RowValues[]; remove: RowValues[] }>> {
    const back: Record<string, { set: RowValues[]; remove: RowValues[] }> = {}
    const { kind, id } = this.#record
    for (const name of new Set(this.#entries.flatMap((entry) => Object.keys(entry.rows ?? {})))) {
      const declaration = this.#ctx.registry.kind(kind).declaration.rows[name]
      if (!declaration) continue
      const changes = this.#entries.flatMap((entry) => entry.rows?.[name] ?? [])
      const stored = await storedRows(
        this.#ctx,
        kind,
        name,
        changes.map(({ key }) => ({ record: id, values: key })),
      )
      const set: RowValues[] = []
      const remove: RowValues[] = []
      for (const group of Map.groupBy(changes, ({ key }) => slotOf(declaration, id, key)).values()) {
        const { key, before } = group[0]!
        const now = stored.get(slotOf(declaration, id, key))
        const step = await this.#step(name, now ? plainRow(declaration, now) : null, before, group.at(-1)!.after)
        if (step?.to) set.push(step.to)
        else if (step) remove.push(key)
      }
      if (set.length > 0 || remove.length > 0) back[name] = { set, remove }
    }
    return back
  }

  #short(link: string): string {
    return link.slice(this.#record.kind.length + 1)
  }

  /** Does the kind still have the field? A value from an earlier shape cannot be restored. */
  #isOwn(name: string): boolean {
    const { fields } = this.#ctx.registry.kind(this.#record.kind).declaration
    return (reservedNames as readonly string[]).includes(name) || Object.hasOwn(fields, name)
  }

  async #clash(field: string, reason: string | null = null): Promise<void> {
    this.#tell(field, await laterChange(this.#ctx, this.#record.id, this.#entries.at(-1)!.id, field), reason)
  }

  #tell(field: string, later: Omit<LaterEdit, 'record'> | undefined, reason: string | null = null): void {
    this.#conflicts.push({
      record: this.#record.id,
      code: this.#record.code,
      field,
      reason,
      changeSet: later?.changeSet ?? null,
      at: later?.at ?? null,
      account: later?.account ?? null,
    })
  }
}
