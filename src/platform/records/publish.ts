/**
 * Publishing has an approver and, if wanted, an embargo: until that day the record stays unchanged, then a job carries
 * out the approved publication through the same gate. The approval is written to the history and holds only for the
 * version approved: a later edit needs a new one.
 */

import { sql } from 'kysely'
import { invalid, Problem } from '#kernel/problem.ts'
import type { Context, WriteContext } from '../context.ts'
import { type Database, transaction } from '../db/index.ts'
import { newId } from '../id.ts'
import type { Change, Prepared } from './change.ts'
import { type ChangeSet, type ChangeSetFacts, openChangeSet, writeEntries } from './ledger.ts'
import { authorize, Permit } from './permit.ts'
import { prepare } from './prepare.ts'
import { write } from './save.ts'

export type Publication = {
  readonly record: string
  readonly publicFrom: string
  readonly done: boolean
  /** The approval, or the publication itself if it is due; null if nothing was left to do. */
  readonly changeSet: string | null
}

/** Approves the publication of records, now or from an instant in the future. All or nothing. */
export async function publish(
  ctx: WriteContext,
  facts: ChangeSetFacts,
  records: ReadonlyArray<{ kind: string; id: string; version?: number }>,
  publicFrom?: string,
): Promise<Publication[]> {
  const now = ctx.now()
  const from = publicFrom ? new Date(publicFrom) : now
  if (Number.isNaN(from.getTime()))
    throw invalid('records.bad-embargo', [{ at: '/publicFrom', code: 'field.not-a-day' }])
  const changes: Change[] = records.map(({ kind, id, version }) => ({
    kind,
    id,
    action: 'publish',
    ...(version === undefined ? {} : { version }),
  }))
  const due = from <= now
  const approved = due ? null : await approve(ctx, facts, changes, from)
  const changeSet = approved ?? (await write(ctx, facts, changes)).changeSet
  const at = now.toISOString()
  const made = sql`select x.id, x.record, ${ctx.caller.account}::uuid, ${at}::timestamptz, ${from.toISOString()}::timestamptz, ${due ? at : null}::timestamptz,
      r.version, ${approved}::uuid
    from unnest(${records.map(() => newId())}::uuid[], ${records.map(({ id }) => id)}::uuid[]) x(id, record) join records.record r on r.id = x.record
    where ${due} or r.audience <> 'public'`
  // A new approval replaces a pending one. What is public already needs none, and the history has none.
  await sql`
    with gone as (delete from records.publication where record = any(${records.map(({ id }) => id)}::uuid[]) and "doneAt" is null)
    insert into records.publication (id, record, "approvedBy", "approvedAt", "publicFrom", "doneAt", version, "changeSet") ${made}`.execute(
    ctx.db,
  )
  return records.map(({ id }) => ({ record: id, publicFrom: from.toISOString(), done: due, changeSet }))
}

/** The action under which the history records the approval of a later publication. */
const approval = 'approve-publication'

/** Asks the gate whether the records may be published, and writes the approval to the history. */
async function approve(
  ctx: WriteContext,
  facts: ChangeSetFacts,
  changes: readonly Change[],
  from: Date,
): Promise<string> {
  const { covered } = Permit.for(ctx, await prepare(ctx, changes))
  const changeSet = await openChangeSet(ctx, facts)
  const reported = covered.map((each) => beside(each, approval))
  await writeEntries(changeSet, reported, { publicFrom: from.toISOString() })
  return changeSet.id
}

/** The action under which the history records that an approval was withdrawn before its day. */
const takenBack = 'take-back-approval'

/**
 * The records with a pending approval from a change set, with permission to withdraw it. @throws NotFound, NotAllowed
 */
export async function waitingApprovals(ctx: WriteContext, changeSet: string): Promise<Prepared[]> {
  const { rows } = await sql<{ id: string; kind: string }>`
    select r.id, r.kind from records.publication p join records.record r on r.id = p.record
    where p."changeSet" = ${changeSet} and p."doneAt" is null order by r.id`.execute(ctx.db)
  return withdrawable(ctx, rows)
}

async function withdrawable(ctx: WriteContext, rows: ReadonlyArray<{ id: string; kind: string }>): Promise<Prepared[]> {
  // Checked like withdrawing, which needs the same permission as publishing; the record itself does not change.
  const prepared = await prepare(
    ctx,
    rows.map(({ kind, id }) => ({ kind, id, action: 'withdraw' })),
  )
  for (const each of prepared) authorize(ctx, each)
  return prepared
}

/** Withdraws pending approvals and records that in the history. */
export async function withdrawApprovals(opened: ChangeSet, waiting: readonly Prepared[]): Promise<void> {
  const ids = waiting.map(({ after }) => after.id)
  await sql`delete from records.publication where record = any(${ids}::uuid[]) and "doneAt" is null`.execute(
    opened.ctx.db,
  )
  await writeEntries(
    opened,
    waiting.map((each) => beside(each, takenBack)),
  )
}

/** An entry about something done to a record that leaves the record itself unchanged. */
const beside = (each: Prepared, action: string): Prepared => ({
  ...each,
  change: { ...each.change, action },
  after: { ...each.after, version: each.before!.version },
  changed: [],
})

/** Withdraws records from the public and drops pending publications. */
export async function withdraw(
  ctx: WriteContext,
  facts: ChangeSetFacts,
  records: ReadonlyArray<{ kind: string; id: string; version?: number }>,
): Promise<void> {
  const { changeSet } = await write(
    ctx,
    facts,
    records.map(({ kind, id, version }) => ({
      kind,
      id,
      action: 'withdraw',
      ...(version === undefined ? {} : { version }),
    })),
  )
  const ids = records.map(({ id }) => id)
  // Of what was public, the withdrawal is in the history; of what only waited to be, that it was taken back.
  const { rows } = await sql<{ id: string; kind: string }>`
    select r.id, r.kind from records.publication p join records.record r on r.id = p.record
    where p.record = any(${ids}::uuid[]) and p."doneAt" is null and not exists (
      select from records.entry e where e.record = p.record and e."changeSet" = ${changeSet}) order by r.id`.execute(
    ctx.db,
  )
  if (rows.length > 0) await withdrawApprovals(await openChangeSet(ctx, facts), await withdrawable(ctx, rows))
  await sql`delete from records.publication where record = any(${ids}::uuid[]) and "doneAt" is null`.execute(ctx.db)
}

/**
 * Carries out approved publications whose embargo has ended; the caller in `ctx` is the system, and the history names
 * who approved. If the record was edited since, it waits for a new approval; if the gate refuses, that is logged and
 * the publication stays pending, so that it does not hold up the others. Returns how many were carried out.
 */
export async function publishDue(ctx: Omit<Context, 'db'>, database: Database): Promise<number> {
  return transaction(database.kysely, async (tx) => {
    const { rows } = await sql<{
      id: string
      record: string
      kind: string
      version: number
      retiredAt: string | null
      approvedBy: string | null
    }>`
      select p.id, p.record, p.version, p."approvedBy", r.kind, r."retiredAt" from records.publication p join records.record r on r.id = p.record
      where p."doneAt" is null and (p.version = r.version or r."retiredAt" is not null) and p."publicFrom" <= ${ctx.now().toISOString()} order by p."publicFrom" limit 100 for update of p skip locked`.execute(
      tx,
    )
    const done: string[] = []
    for (const row of rows) {
      const inside = { ...ctx, db: tx, caller: { ...ctx.caller, account: row.approvedBy } }
      try {
        if (row.retiredAt === null)
          await write(inside, { why: null, source: 'embargo' }, [
            { kind: row.kind, id: row.record, action: 'publish', version: row.version },
          ])
        done.push(row.id)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        ctx.log.warn({ record: row.record, problem: error.message }, 'an approved publication cannot be carried out')
      }
    }
    if (done.length > 0)
      await sql`update records.publication set "doneAt" = ${ctx.now().toISOString()} where id = any(${done}::uuid[])`.execute(
        tx,
      )
    return done.length
  })
}

export type WaitingPublication = {
  readonly publicFrom: string
  readonly approvedAt: string
  /** The record was edited after the approval, which is therefore no longer valid. */
  readonly overtaken: boolean
}

/** Approved publications of a record that still wait for their day. */
export async function waitingPublications(ctx: Context, record: string): Promise<WaitingPublication[]> {
  const { rows } = await sql<WaitingPublication>`
    select p."publicFrom", p."approvedAt", p.version <> r.version as overtaken from records.publication p join records.record r on r.id = p.record
    where p.record = ${record} and p."doneAt" is null order by p."publicFrom"`.execute(ctx.db)
  return rows
}
