/**
 * Undo is a new change set that restores the earlier values wherever the current value is still the one the undone
 * change set wrote. Anything edited since is a conflict that names field, later change and account; `possible` leaves
 * those alone, undoes the rest and lists them. Nothing is removed from the history.
 */
import { sql } from 'kysely'
import { conflict, notFound } from '#kernel/problem.ts'
import type { WriteContext } from '../context.ts'
import type { Prepared } from './change.ts'
import { type EntryContent, entriesOf, findChangeSet } from './history.ts'
import { type Inverse, inverse, type UndoConflict } from './inverse.ts'
import { type ChangeSet, openChangeSet } from './ledger.ts'
import { Permit } from './permit.ts'
import { prepare } from './prepare.ts'
import { waitingApprovals, withdrawApprovals } from './publish.ts'
import { save } from './save.ts'

export type { UndoConflict } from './inverse.ts'
export type UndoResult = { changeSet: string | null; undone: number; conflicts: UndoConflict[] }

/**
 * @param mode 'all' refuses with Conflict if anything was edited since; 'possible' undoes what can be and lists the
 * rest.
 * @throws NotFound for an unknown change set, Conflict if it is already undone or (mode 'all') was edited since.
 */
export async function undo(
  ctx: WriteContext,
  changeSet: string,
  options: { mode: 'all' | 'possible'; why?: string; source: string },
): Promise<UndoResult> {
  const target = await findChangeSet(ctx, changeSet)
  if (!target) throw notFound(changeSet)
  // Locked until the end, so that the second of two concurrent undos finds it undone.
  await sql`select from records."changeSet" where id = ${changeSet} for no key update`.execute(ctx.db)
  if (await isUndone(ctx, changeSet)) throw conflict('records.undone-already')
  const conflicts: UndoConflict[] = []
  let opened: ChangeSet | null = null
  let undone = 0
  for (const batch of chunks(newestFirst(await readAll(ctx, changeSet)), 500)) {
    const back = await inverse(ctx, batch, conflicts)
    const changes = back.map((each) => each.change)
    const prepared = await prepare(ctx, changes, true)
    const possible = prepared.filter(
      (each, index) => each.problems.length === 0 || !refused(each, back[index]!, conflicts),
    )
    if (conflicts.length > 0 && options.mode === 'all')
      throw conflict('records.undo-conflict', { conflicts }, { count: conflicts.length })
    const permit = Permit.for(ctx, possible)
    if (permit.covered.length === 0) continue
    opened ??= await openChangeSet(ctx, { why: options.why ?? null, source: options.source, undoOf: changeSet })
    undone += (await save(opened, permit)).length
  }
  const approvals = await waitingApprovals(ctx, changeSet)
  if (approvals.length > 0) {
    opened ??= await openChangeSet(ctx, { why: options.why ?? null, source: options.source, undoOf: changeSet })
    await withdrawApprovals(opened, approvals)
  }
  return { changeSet: opened?.id ?? null, undone: undone + approvals.length, conflicts }
}

/** What the rules refuse to restore (a reference that would close a loop, a number taken since) stays as it is. */
function refused({ after, problems }: Prepared, { later }: Inverse, conflicts: UndoConflict[]): true {
  for (const { at, code } of problems)
    conflicts.push({
      record: after.id,
      code: after.code,
      field: at.split('/')[1] ?? '',
      reason: code,
      changeSet: later?.changeSet ?? null,
      at: later?.at ?? null,
      account: later?.account ?? null,
    })
  return true
}

/** A change set counts as undone while it has an undo that has not itself been undone. */
async function isUndone(ctx: WriteContext, changeSet: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`select id from records."changeSet" where "undoOf" = ${changeSet}`.execute(
    ctx.db,
  )
  for (const { id } of rows) if (!(await isUndone(ctx, id))) return true
  return false
}

async function readAll(ctx: WriteContext, changeSet: string): Promise<Array<EntryContent & { id: string }>> {
  const all: Array<EntryContent & { id: string }> = []
  for (let after: string | null = null; ; ) {
    const portion = await entriesOf(ctx, changeSet, after)
    if (portion.length === 0) return all
    all.push(...portion)
    after = portion.at(-1)!.id
  }
}

/** Entries by record: several of one record are merged into one reverse change. The record written last comes first. */
const newestFirst = <Entry extends EntryContent>(all: readonly Entry[]): Entry[][] =>
  [...Map.groupBy(all, (entry) => entry.record).values()].reverse()

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = []
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size))
  return parts
}
