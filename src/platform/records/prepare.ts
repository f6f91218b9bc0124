/**
 * First half of the gate: each change is laid beside the record it meets (locked), parsed, merged and checked. Nothing
 * is written and nothing is thrown for bad input: the problems stand with the change, so that a form or an import can
 * show all of them at once.
 */
import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import type { KnownKind } from '#kernel/house.ts'
import { type FieldProblem, notFound, Problem } from '#kernel/problem.ts'
import { type AnyRecord, isRequiredIn, nameOf, type RecordKind, schemaOf } from '#kernel/record.ts'
import type { WriteContext } from '../context.ts'
import type { Change, ExternalId, LinkChange, LinkEnd, Prepared } from './change.ts'
import { newId } from './id.ts'
import { checkReferences } from './references.ts'
import { prepareRows } from './rows.ts'

/** Columns of `records.record` that a change may set through `values`. */
const settable = ['title', 'organisation', 'owner', 'audience'] as const
/** Columns that only verbs, publishing, retiring and undo move. */
const guarded = ['state', 'audience', 'retiredAt'] as const

export const tableOf = (kind: string) => sql`${sql.id(schemaOf(kind), nameOf(kind))}`

/** Lays changes beside their records; the records stay locked until the transaction ends. */
export async function prepare(ctx: WriteContext, changes: readonly Change[]): Promise<Prepared[]> {
  const befores = await loadBefores(ctx, changes)
  const links = await loadLinks(ctx, changes, befores)
  const externalIds = await loadExternalIds(ctx, changes, befores)
  const rows = await prepareRows(ctx, changes)
  const prepared = changes.map((change, index): Prepared => {
    const known = ctx.house.kind(change.kind)
    const before = change.id ? befores.get(change.id) : undefined
    if (!before && change.action !== 'create') throw notFound(change.id ?? '')
    const merged = merge(ctx, known, change, before)
    const problems = [...merged.problems, ...rows[index]!.problems]
    const after = merged.after
    const linked = merged.values.links
      ? linkChanges(change.kind, merged.values.links as Record<string, LinkEnd[]>, links.get(after.id) ?? [])
      : []
    const ids = externalIdChanges(
      merged.values.externalIds as ExternalId[] | undefined,
      externalIds.get(after.id) ?? [],
    )
    const changed = changedColumns(known.declaration, before, after)
    // Rows have their own keys and no version: new measurements do not get in the way of somebody who edits the record.
    const touched = changed.length + linked.length + ids.added.length + ids.removed.length > 0
    if (before && !touched) Object.assign(after, { version: before.version, changedAt: before.changedAt })
    return {
      change,
      known,
      before,
      after,
      changed,
      touched,
      links: linked,
      externalIds: ids,
      rows: rows[index]!.rows,
      problems,
    }
  })
  await checkReferences(ctx, prepared)
  return prepared
}

async function loadBefores(ctx: WriteContext, changes: readonly Change[]): Promise<Map<string, AnyRecord>> {
  const byKind = new Map<string, string[]>()
  for (const change of changes) {
    if (!change.id || change.action === 'create') continue
    const ids = byKind.get(change.kind) ?? []
    ids.push(change.id)
    byKind.set(change.kind, ids)
  }
  const befores = new Map<string, AnyRecord>()
  for (const [kind, ids] of [...byKind].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const found = await sql<AnyRecord>`
      select r.*, t.* from records.record r join ${tableOf(kind)} t on t.id = r.id
      where r.id = any(${ids}::uuid[]) and r.kind = ${kind} order by r.id for update of r`.execute(ctx.db)
    for (const row of found.rows) befores.set(row.id, row)
  }
  return befores
}

const asking = (changes: readonly Change[], befores: Map<string, AnyRecord>, part: string) =>
  changes
    .filter((change) => change.id && befores.has(change.id) && change.values?.[part] !== undefined)
    .map((change) => change.id!)

type StoredLink = { id: string; name: string; from: string; to: string; weight: string | null }

async function loadLinks(ctx: WriteContext, changes: readonly Change[], befores: Map<string, AnyRecord>) {
  const ids = asking(changes, befores, 'links')
  const found = new Map<string, StoredLink[]>()
  if (ids.length === 0) return found
  const { rows } =
    await sql<StoredLink>`select id, name, "from", "to", weight from records.link where "from" = any(${ids}::uuid[])`.execute(
      ctx.db,
    )
  for (const row of rows) found.set(row.from, [...(found.get(row.from) ?? []), row])
  return found
}

async function loadExternalIds(ctx: WriteContext, changes: readonly Change[], befores: Map<string, AnyRecord>) {
  const ids = asking(changes, befores, 'externalIds')
  const found = new Map<string, ExternalId[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<ExternalId & { record: string }>`
    select source, id, record from records."externalId" where record = any(${ids}::uuid[])`.execute(ctx.db)
  for (const row of rows) found.set(row.record, [...(found.get(row.record) ?? []), { source: row.source, id: row.id }])
  return found
}

type Merged = { after: AnyRecord; values: Record<string, unknown>; problems: FieldProblem[] }

function merge(ctx: WriteContext, known: KnownKind, change: Change, before: AnyRecord | undefined): Merged {
  const kind = known.declaration
  const now = ctx.now().toISOString()
  const values = normalized(ctx, kind, change.values ?? {})
  const restored: Record<string, unknown> = {}
  if (change.action === 'undo') {
    for (const name of guarded) {
      if (name in values) restored[name] = values[name]
      delete values[name]
    }
  }
  const problems = before ? known.change(values) : known.create(values)
  const usable = problems.length === 0 ? values : withoutWrong(values, problems)
  const base: AnyRecord = before ?? {
    id: change.id ?? newId(),
    kind: kind.kind,
    code: '',
    title: {},
    state: change.state ?? (kind.states[0] as string),
    organisation: null,
    owner: null,
    audience: kind.audience,
    version: 0,
    createdAt: now,
    changedAt: now,
    retiredAt: null,
    ...Object.fromEntries(Object.keys(kind.fields).map((name) => [name, null])),
  }
  const after: AnyRecord = { ...base, version: base.version + 1, changedAt: now }
  for (const name of settable) if (usable[name] !== undefined) after[name] = usable[name] as never
  for (const name of Object.keys(kind.fields)) if (usable[name] !== undefined) after[name] = usable[name]
  for (const [name, value] of Object.entries(restored)) after[name] = value
  if (change.action !== 'undo') problems.push(...act(known, change, before, after, now))
  // Erasure empties what is personal even where it is otherwise needed.
  if (change.action !== 'erase') {
    problems.push(...missing(kind, after, problems))
    for (const check of known.checks) problems.push(...check(before, after))
  }
  if (
    kind.title.localized &&
    after.title &&
    !after.title[ctx.house.language] &&
    !problems.some((each) => each.at.startsWith('/title'))
  )
    problems.push({ at: `/title/${ctx.house.language}`, code: 'field.required' })
  return { after, values: usable, problems }
}

/** A plain string stands for text in the city's language; the day's other conveniences end here. */
function normalized(ctx: WriteContext, kind: RecordKind, given: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...given }
  if (typeof values.title === 'string')
    values.title = { [kind.title.localized ? ctx.house.language : 'und']: values.title.trim() }
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = values[name]
    if (field.localized && typeof value === 'string') values[name] = { [ctx.house.language]: value }
    else if (value === '') values[name] = null
  }
  return values
}

const withoutWrong = (values: Record<string, unknown>, problems: readonly FieldProblem[]) => {
  const wrong = new Set(problems.map((problem) => problem.at.split('/')[1]))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !wrong.has(name)))
}

function act(
  known: KnownKind,
  change: Change,
  before: AnyRecord | undefined,
  after: AnyRecord,
  now: string,
): FieldProblem[] {
  const { action } = change
  if (before?.retiredAt && action !== 'restore' && action !== 'erase')
    throw new Problem('Gone', 'records.retired', { values: { code: before.code } })
  if (before && change.version !== undefined && change.version !== before.version) throw stale(before, change)
  if (action === 'create' || action === 'change') {
    const moved = before ? before.audience !== after.audience : true
    if (moved && (after.audience === 'public' || before?.audience === 'public'))
      return [{ at: '/audience', code: 'record.publish-instead' }]
    return []
  }
  if (action === 'retire') after.retiredAt = now
  else if (action === 'restore') after.retiredAt = null
  else if (action === 'publish') after.audience = 'public'
  else if (action === 'withdraw') after.audience = 'organisation'
  else if (action === 'erase') erasePersonal(known.declaration, after)
  else {
    const verb = known.verbs.find((each) => each.name === action)
    if (!verb) throw new Error(`${change.kind} has no verb "${action}".`)
    if (!before || !verb.from.includes(before.state))
      throw new Problem('Conflict', 'records.wrong-state', { values: { verb: action, state: before?.state ?? '' } })
    after.state = verb.to
  }
  return []
}

function erasePersonal(kind: RecordKind, after: AnyRecord): void {
  if (kind.title.personal) after.title = { und: '—' }
  for (const [name, field] of Object.entries(kind.fields)) if (field.personal) after[name] = null
}

/** The writer saw an older version: both stand in the answer, so that nothing typed is lost. */
export const stale = (current: AnyRecord, change: Change): Problem =>
  new Problem('Conflict', 'records.stale', {
    values: { seen: change.version ?? 0, current: current.version },
    extra: { current, attempted: change.values ?? {} },
  })

function missing(kind: RecordKind, after: AnyRecord, already: readonly FieldProblem[]): FieldProblem[] {
  const told = new Set(already.map((problem) => problem.at.split('/')[1]))
  const problems: FieldProblem[] = []
  const need = (name: string, from: string | undefined, always: boolean) => {
    const value = after[name]
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0)
    // What is published meets at least what the first state after the draft asks for, whatever its own state.
    const published = after.audience === 'public' && from !== undefined && kind.states.indexOf(from) <= 1
    const needed = always || isRequiredIn(kind, from, after.state) || published
    if (empty && !told.has(name) && needed)
      problems.push({
        at: `/${name}`,
        code: always ? 'field.required' : 'field.required-in-state',
        values: { state: after.state },
      })
  }
  // A body may hold a record provisionally until it names a post; that gap is a finding, not an error.
  if (!after.organisation) need('owner', kind.owner.requiredFrom, false)
  need('organisation', kind.organisation.requiredFrom, false)
  for (const [name, field] of Object.entries(kind.fields)) need(name, field.requiredFrom, field.required === true)
  return problems
}

const same = (left: unknown, right: unknown) =>
  left === right ||
  (left ?? null) === (right ?? null) ||
  (typeof left === 'object' && canonicalize(left) === canonicalize(right))

function changedColumns(kind: RecordKind, before: AnyRecord | undefined, after: AnyRecord): string[] {
  const names = ['title', 'state', 'organisation', 'owner', 'audience', 'retiredAt', ...Object.keys(kind.fields)]
  return names.filter((name) =>
    before ? !same(before[name], after[name]) : after[name] !== null && after[name] !== undefined,
  )
}

function linkChanges(kind: string, wanted: Record<string, LinkEnd[]>, stored: readonly StoredLink[]): LinkChange[] {
  const changes: LinkChange[] = []
  for (const [short, ends] of Object.entries(wanted)) {
    const name = `${kind}.${short}`
    const existing = new Map(stored.filter((each) => each.name === name).map((each) => [each.to, each]))
    for (const end of new Map(ends.map((each) => [each.to, each])).values()) {
      const found = existing.get(end.to)
      existing.delete(end.to)
      const weight = end.weight ?? null
      if (!found) changes.push({ id: newId(), name, to: end.to, before: null, after: { weight } })
      else if (found.weight !== weight)
        changes.push({ id: found.id, name, to: end.to, before: { weight: found.weight }, after: { weight } })
    }
    for (const gone of existing.values())
      changes.push({ id: gone.id, name, to: gone.to, before: { weight: gone.weight }, after: null })
  }
  return changes
}

function externalIdChanges(wanted: readonly ExternalId[] | undefined, stored: readonly ExternalId[]) {
  if (!wanted) return { added: [], removed: [] }
  const has = (list: readonly ExternalId[], each: ExternalId) =>
    list.some((other) => other.source === each.source && other.id === each.id)
  return { added: wanted.filter((each) => !has(stored, each)), removed: stored.filter((each) => !has(wanted, each)) }
}
