/**
 * First half of the gate: each change is matched with its record (locked), parsed, merged and checked. Nothing is
 * written and nothing is thrown for bad input: problems stay with the change, so that a form or an import can show all
 * of them together.
 */
import { sql } from 'kysely'
import { type FieldProblem, notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { WriteContext } from '../context.ts'
import { isId, newId } from '../id.ts'
import type { Change, ExternalId, LinkChange, LinkEnd, Prepared } from './change.ts'
import { askGuards, followersOf } from './guards.ts'
import { merge } from './merge.ts'
import { checkReferences } from './references.ts'
import { prepareRows } from './rows.ts'
import { applyRules, type Draft, needsLinks } from './rules.ts'
import { selected, tableOf } from './table.ts'

/** Steps that bring further steps: so many one after another. */
const maxFollowing = 3

/**
 * Matches changes with their records, which stay locked until the transaction ends. The action 'undo' restores earlier
 * states and audiences, so only `undo` may ask for it.
 */
export async function prepare(ctx: WriteContext, changes: readonly Change[], undoing = false): Promise<Prepared[]> {
  const prepared = await prepareAll(ctx, changes, undoing)
  if (!undoing) await bringFollowers(ctx, prepared, 1)
  return prepared
}

/** Prepares what belongs to the verbs of these changes; what is wrong with it is said of the change that brings it. */
async function bringFollowers(ctx: WriteContext, prepared: readonly Prepared[], step: number): Promise<void> {
  const following = await followersOf(ctx, prepared)
  for (const [parent, changes] of following) {
    if (changes.length === 0) continue
    if (step > maxFollowing)
      throw new Error(`The verb ${parent.change.action} of ${parent.change.kind} goes on for ever.`)
    const followers = await prepareAll(ctx, changes, false)
    await bringFollowers(ctx, followers, step + 1)
    for (const { refusal, problems, after } of followers) {
      const values = { code: after.code }
      if (refusal) parent.problems.push({ at: '/', code: refusal.reason, values: { ...refusal.values, ...values } })
      parent.problems.push(...problems.map((each) => ({ ...each, at: '/', values: { ...each.values, ...values } })))
    }
    parent.followers.push(...followers)
  }
}

async function prepareAll(ctx: WriteContext, changes: readonly Change[], undoing: boolean): Promise<Prepared[]> {
  if (!undoing && changes.some((change) => change.action === 'undo')) throw new Error('Only undo undoes.')
  const currentRecords = await lockCurrentRecords(ctx, changes)
  const links = await loadLinks(ctx, changes, currentRecords)
  const externalIds = await loadExternalIds(ctx, changes, currentRecords)
  const rows = await prepareRows(ctx, changes)
  const seen = new Set<string>()
  const drafts = changes.map((change, index): Draft => {
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
      prepared: {
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
        followers: [],
      },
      links: links.get(after.id) ?? [],
      leaves: merged.leaves,
    }
  })
  await applyRules(ctx, drafts)
  const prepared = drafts.map((draft) => draft.prepared)
  if (!undoing) await askGuards(ctx, prepared)
  await checkReferences(ctx, prepared)
  return prepared
}

/** What the kind's rules say about each row that is set. Undo restores what was, even if a later rule forbids it. */
function rowProblems(known: KnownKind, after: AnyRecord, rows: Prepared['rows']): FieldProblem[] {
  return Object.entries(rows).flatMap(([name, list]) =>
    list.flatMap(({ place, after: row }) =>
      (row ? known.rowChecks[name]! : []).flatMap((check) =>
        check.rule(after, row!).map((problem) => ({
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

const asking = (
  changes: readonly Change[],
  currentRecords: Map<string, AnyRecord>,
  part: string,
  also: (change: Change) => boolean = () => false,
) =>
  changes
    .filter(
      (change) =>
        change.id &&
        currentRecords.has(change.id) &&
        (change.values?.[part] !== undefined || change.action === 'erase' || also(change)),
    )
    .map((change) => change.id!)

type StoredLink = { id: string; name: string; from: string; to: string; weight: string | null; seen: boolean }

async function loadLinks(ctx: WriteContext, changes: readonly Change[], currentRecords: Map<string, AnyRecord>) {
  const ids = asking(changes, currentRecords, 'links', ({ kind, action }) =>
    needsLinks(ctx.registry.kind(kind), action),
  )
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
