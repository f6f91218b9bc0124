/**
 * Publishing is an act with an approver and, where wanted, an embargo: until the day has come the record stays as it is,
 * and a job carries the approved publication out through the same gate.
 */
import { sql } from 'kysely'
import { invalid, Problem } from '#kernel/problem.ts'
import type { Context, WriteContext } from '../context.ts'
import { type Database, transaction } from '../db/connection.ts'
import type { Change } from './change.ts'
import { newId } from './id.ts'
import type { ChangeSetFacts } from './ledger.ts'
import { Permit } from './permit.ts'
import { prepare } from './prepare.ts'
import { write } from './save.ts'

export type Publication = { readonly record: string; readonly publicFrom: string; readonly done: boolean }

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
  if (due) await write(ctx, facts, changes)
  else Permit.for(ctx, await prepare(ctx, changes))
  const rows = records.map(({ id }) => ({
    id: newId(),
    record: id,
    approvedBy: ctx.caller.account,
    approvedAt: now.toISOString(),
    publicFrom: from.toISOString(),
    doneAt: due ? now.toISOString() : null,
  }))
  await sql`insert into records.publication (id, record, "approvedBy", "approvedAt", "publicFrom", "doneAt")
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(id uuid, record uuid, "approvedBy" uuid, "approvedAt" timestamptz, "publicFrom" timestamptz, "doneAt" timestamptz)`.execute(
    ctx.db,
  )
  return rows.map((row) => ({ record: row.record, publicFrom: row.publicFrom, done: due }))
}

/** Takes records back from the public and drops publications that still wait. */
export async function withdraw(
  ctx: WriteContext,
  facts: ChangeSetFacts,
  records: ReadonlyArray<{ kind: string; id: string; version?: number }>,
): Promise<void> {
  await write(
    ctx,
    facts,
    records.map(({ kind, id, version }) => ({
      kind,
      id,
      action: 'withdraw',
      ...(version === undefined ? {} : { version }),
    })),
  )
  await sql`delete from records.publication where record = any(${records.map((each) => each.id)}::uuid[]) and "doneAt" is null`.execute(
    ctx.db,
  )
}

/**
 * Carries out approved publications whose embargo has ended; the caller in `ctx` is the house, and the history names who
 * approved. One that the gate refuses (something required is missing since) is told to the log and stays waiting, so
 * that it does not hold up the others. Returns how many were carried out.
 */
export async function publishDue(ctx: Omit<Context, 'db'>, database: Database): Promise<number> {
  return transaction(database.kysely, async (tx) => {
    const { rows } = await sql<{
      id: string
      record: string
      kind: string
      retiredAt: string | null
      approvedBy: string | null
    }>`
      select p.id, p.record, p."approvedBy", r.kind, r."retiredAt" from records.publication p join records.record r on r.id = p.record
      where p."doneAt" is null and p."publicFrom" <= ${ctx.now().toISOString()} order by p."publicFrom" limit 100 for update of p skip locked`.execute(
      tx,
    )
    const done: string[] = []
    for (const row of rows) {
      const inside = { ...ctx, db: tx, caller: { ...ctx.caller, account: row.approvedBy } }
      try {
        if (row.retiredAt === null)
          await write(inside, { why: null, source: 'embargo' }, [{ kind: row.kind, id: row.record, action: 'publish' }])
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

/** Publications of a record that are approved and still wait for their day. */
export async function waitingPublications(
  ctx: Context,
  record: string,
): Promise<Array<{ publicFrom: string; approvedAt: string }>> {
  const { rows } = await sql<{ publicFrom: string; approvedAt: string }>`
    select "publicFrom", "approvedAt" from records.publication where record = ${record} and "doneAt" is null order by "publicFrom"`.execute(
    ctx.db,
  )
  return rows
}
