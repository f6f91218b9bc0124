/**
 * First half of the gate: each change is matched with its record (locked), parsed, merged and checked. Nothing is
 * written and nothing is thrown for bad input: problems stay with the change, so that a form or an import can show all
 * of them together.
 */
import canonicalize from 'canonicalize'
import { sql } from 'kysely'
import { fieldType } from '#kernel/fields/types.ts'
import { type FieldProblem, notFound, Problem } from '#kernel/problem.ts'
import { type AnyRecord, isRequiredIn, type RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { WriteContext } from '../context.ts'
import { isId, newId } from '../id.ts'
import type { Change, ExternalId, LinkChange, LinkEnd, Prepared } from './change.ts'
import { checkReferences } from './references.ts'
import { prepareRows } from './rows.ts'
import { selected, tableOf } from './table.ts'

/** Columns of `records.record` that a change may set through `values`. */
const settable = ['title', 'organisation', 'owner', 'audience'] as const
/** Columns that only verbs, publishing, retiring and undo may change. */
const guarded = ['state', 'audience', 'retiredAt'] as const

/**
 * Matches changes with their records, which stay locked until the transaction ends. The action 'undo' restores earlier
 * states and audiences, so only `undo` may ask for it.
 */
export async function prepare(ctx: WriteContext, changes: readonly Change[], undoing = false): Promise<Prepared[]> {
  if (!undoing && changes.some((change) => change.action === 'undo')) throw new Error('Only undo undoes.')
  const currentRecords = await lockCurrentRecords(ctx, changes)
  const links = await loadLinks(ctx, changes, currentRecords)
  const externalIds = await loadExternalIds(ctx, changes, currentRecords)
  const rows = await prepareRows(ctx, changes)
  const seen = new Set<string>()
  const prepared = changes.map((change, index): Prepared => {
    const known = ctx.registry.kind(change.kind)
    const before = change.id ? currentRecords.get(change.id) : undefined
    if (!before && change.action !== 'create') throw notFound(change.id ?? '')
    const merged = merge(ctx, known, change, before)
    const problems = [...merged.problems, ...rows[index]!.problems]
    const after = merged.after
    if (!undoing && change.action !== 'erase') problems.push(...rowProblems(known, after, rows[index]!.rows))
    // Both would start from the same `before`, and the second would silently take back the first.
    if (seen.has(after.id)) problems.push({ at: '/', code: 'record.repeated', values: { code: after.code } })
    seen.add(after.id)
    if (!isId(after.id)) problems.push({ at: '/id', code: 'field.pattern' })
    if (change.action === 'erase' && known.declaration.title.personal) merged.values.externalIds = []
    const linked = merged.values.links
      ? linkChanges(change, merged.values.links as Record<string, LinkEnd[]>, links.get(after.id) ?? [])
      : []
    const ids = externalIdChanges(
      merged.values.externalIds as ExternalId[] | undefined,
      externalIds.get(after.id) ?? [],
    )
    const { changed } = merged
    // Rows have their own keys and no version: new measurements do not disturb somebody who is editing the record.
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
      refusal: merged.refusal,
    }
  })
  await checkReferences(ctx, prepared)
  return prepared
}

/** What the kind's rules say about each row that is set. Undo restores what was, even if a later rule forbids it. */
function rowProblems(known: KnownKind, after: AnyRecord, rows: Prepared['rows']): FieldProblem[] {
  return Object.entries(rows).flatMap(([name, list]) =>
    list.flatMap(({ place, after: row }) =>
      (row ? known.rowChecks[name]! : []).flatMap((check) =>
        check(after, row!).map((problem) => ({
          ...problem,
          at: `/rows/${name}/${place}${problem.at === '/' ? '' : problem.at}`,
        })),
      ),
    ),
  )
}

/**
 * Locks first and reads in the next statement: a single one would, after waiting for another writer, join the newest
 * version of `record` with the fields it saw before waiting. What the caller may not read counts as absent.
 */
async function lockCurrentRecords(ctx: WriteContext, changes: readonly Change[]): Promise<Map<string, AnyRecord>> {
  const currentRecords = new Map<string, AnyRecord>()
  const meeting = changes.filter((change) => change.id && isId(change.id) && change.action !== 'create')
  if (meeting.length === 0) return currentRecords
  await lockRecords(
    ctx,
    meeting.map((change) => change.id!),
  )
  for (const [kind, group] of Map.groupBy(meeting, (change) => change.kind)) {
    const found = await sql<AnyRecord>`
      select r.*, ${selected(ctx.registry.kind(kind).declaration)} from records.record r join ${tableOf(kind)} t on t.id = r.id
      where r.id = any(${group.map((change) => change.id!)}::uuid[]) and r.kind = ${kind} and ${ctx.policies.visible(ctx.caller)}`.execute(
      ctx.db,
    )
    for (const row of found.rows) currentRecords.set(row.id, row)
  }
  return currentRecords
}

/** Locks records against other writers, always in the same order; new references to them remain possible. */
export async function lockRecords(ctx: WriteContext, ids: readonly string[]): Promise<void> {
  await sql`select from records.record where id = any(${[...ids]}::uuid[]) order by id for no key update`.execute(
    ctx.db,
  )
}

const asking = (changes: readonly Change[], currentRecords: Map<string, AnyRecord>, part: string) =>
  changes
    .filter(
      (change) =>
        change.id &&
        currentRecords.has(change.id) &&
        (change.values?.[part] !== undefined || change.action === 'erase'),
    )
    .map((change) => change.id!)

type StoredLink = { id: string; name: string; from: string; to: string; weight: string | null; seen: boolean }

async function loadLinks(ctx: WriteContext, changes: readonly Change[], currentRecords: Map<string, AnyRecord>) {
  const ids = asking(changes, currentRecords, 'links')
  const found = new Map<string, StoredLink[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<StoredLink>`
    select l.id, l.name, l."from", l."to", l.weight, r.id is not null as seen from records.link l
    left join records.record r on r.id = l."to" and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    where l."from" = any(${ids}::uuid[])`.execute(ctx.db)
  for (const row of rows) found.set(row.from, [...(found.get(row.from) ?? []), row])
  return found
}

async function loadExternalIds(ctx: WriteContext, changes: readonly Change[], currentRecords: Map<string, AnyRecord>) {
  const ids = asking(changes, currentRecords, 'externalIds')
  const found = new Map<string, ExternalId[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<ExternalId & { record: string }>`
    select source, id, record from records."externalId" where record = any(${ids}::uuid[])`.execute(ctx.db)
  for (const row of rows) found.set(row.record, [...(found.get(row.record) ?? []), { source: row.source, id: row.id }])
  return found
}

type Merged = {
  after: AnyRecord
  values: Record<string, unknown>
  problems: FieldProblem[]
  changed: string[]
  refusal: Problem | null
}

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
    state: kind.states[0] as string,
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
  const refusal = change.action === 'undo' ? null : act(known, change, before, after, now, problems)
  const changed = changedColumns(kind, before, after)
  // Not checked on the way out: a later rule must not block retiring or privacy erasure.
  const leaves = after.retiredAt !== null || change.action === 'withdraw' || change.action === 'erase'
  if (!leaves && (!before || changed.length > 0)) {
    problems.push(...missing(kind, after, problems))
    for (const check of known.checks) problems.push(...check(before, after))
    const untitled = kind.title.localized && changed.includes('title') && !after.title[ctx.registry.language]
    if (untitled && !problems.some((each) => each.at.startsWith('/title')))
      problems.push({ at: `/title/${ctx.registry.language}`, code: 'field.required' })
  }
  return { after, values: usable, problems, changed, refusal }
}

/** A plain string means text in the city's language; there are no other shorthands. */
function normalized(ctx: WriteContext, kind: RecordKind, given: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...given }
  if (typeof values.title === 'string')
    values.title = { [kind.title.localized ? ctx.registry.language : 'und']: values.title.trim() }
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = values[name]
    if (value === '' && !field.empty) values[name] = null
    else if (field.localized && typeof value === 'string') values[name] = { [ctx.registry.language]: value }
    else if (value !== null && value !== undefined) values[name] = fieldType(field.type).normal?.(value, field) ?? value
  }
  return values
}

const withoutWrong = (values: Record<string, unknown>, problems: readonly FieldProblem[]) => {
  const wrong = new Set(problems.map((problem) => problem.at.split('/')[1]))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !wrong.has(name)))
}

/** Applies the action to `after`; returns why it is impossible, if it is, for the permit to throw. */
function act(
  known: KnownKind,
  change: Change,
  before: AnyRecord | undefined,
  after: AnyRecord,
  now: string,
  problems: FieldProblem[],
): Problem | null {
  const { action } = change
  if (before?.retiredAt && action !== 'restore' && action !== 'erase')
    return new Problem('Gone', 'records.retired', { values: { code: before.code } })
  if (before && change.version !== undefined && change.version !== before.version) return stale(before, change)
  const wasPublic = before?.audience === 'public'
  if (wasPublic !== (after.audience === 'public')) problems.push({ at: '/audience', code: 'record.publish-instead' })
  if (action === 'create') {
    if (change.state === undefined) return null
    const states: readonly string[] = known.declaration.states
    if (states.includes(change.state)) after.state = change.state
    else problems.push({ at: '/state', code: 'field.not-a-choice', values: { allowed: states.join(', ') } })
  } else if (action === 'retire') after.retiredAt = now
  else if (action === 'restore') after.retiredAt = null
  else if (action === 'publish') after.audience = 'public'
  else if (action === 'withdraw') {
    if (wasPublic) after.audience = known.declaration.audience
  } else if (action === 'erase') erasePersonal(known.declaration, after)
  else if (action !== 'change') {
    const verb = known.verbs.find((each) => each.name === action)
    if (!verb) {
      problems.push({ at: '/', code: 'record.unknown-action', values: { action } })
      return null
    }
    if (!before || !verb.from.includes(before.state))
      return new Problem('Conflict', 'records.wrong-state', { values: { verb: action, state: before?.state ?? '' } })
    after.state = verb.to
  }
  return null
}

function erasePersonal(kind: RecordKind, after: AnyRecord): void {
  if (kind.title.personal) after.title = { und: '—' }
  for (const [name, field] of Object.entries(kind.fields)) if (field.personal) after[name] = null
}

/** The writer saw an older version: the answer holds both, so that nothing typed is lost. */
export const stale = (current: AnyRecord, change: Change): Problem =>
  new Problem('Conflict', 'records.stale', {
    values: { seen: change.version ?? 0, current: current.version },
    extra: { current, attempted: change.values ?? {} },
  })

function missing(kind: RecordKind, after: AnyRecord, already: readonly FieldProblem[]): FieldProblem[] {
  const reported = new Set(already.map((problem) => problem.at.split('/')[1]))
  const problems: FieldProblem[] = []
  const need = (name: string, from: string | undefined, always: boolean) => {
    const value = after[name]
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0)
    // A published record meets at least the requirements of the first state after draft, whatever its own state.
    const published = after.audience === 'public' && from !== undefined && kind.states.indexOf(from) <= 1
    const needed = always || isRequiredIn(kind, from, after.state) || published
    if (empty && !reported.has(name) && needed)
      problems.push({
        at: `/${name}`,
        code: always ? 'field.required' : 'field.required-in-state',
        values: { state: after.state },
      })
  }
  // An organisation may hold a record provisionally until it names a post; that gap is a finding, not an error.
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

/** The given ends replace the stored ones, except those the caller cannot see: leaving them out does not drop them. */
function linkChanges(change: Change, wanted: Record<string, LinkEnd[]>, stored: readonly StoredLink[]): LinkChange[] {
  const changes: LinkChange[] = []
  for (const [short, ends] of Object.entries(wanted)) {
    const name = `${change.kind}.${short}`
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
      if (gone.seen || change.action === 'undo')
        changes.push({ id: gone.id, name, to: gone.to, before: { weight: gone.weight }, after: null })
  }
  return changes
}

function externalIdChanges(wanted: readonly ExternalId[] | undefined, stored: readonly ExternalId[]) {
  if (!wanted) return { added: [], removed: [] }
  const has = (list: readonly ExternalId[], each: ExternalId) =>
    list.some((other) => other.source === each.source && other.id === each.id)
  const once = [...new Map(wanted.map((each) => [`${each.source}\u0000${each.id}`, each])).values()]
  return { added: once.filter((each) => !has(stored, each)), removed: stored.filter((each) => !has(wanted, each)) }
}
