/** Import runs in the database: created, followed, ended, swept. */
import { sql } from 'kysely'
import { conflict, notFound } from '#kernel/problem.ts'
import type { Caller } from '../caller.ts'
import type { Context, WriteContext } from '../context.ts'
import { isId } from '../id.ts'
import type { AppContext } from '../page.ts'
import type { Profile } from '../tabular/index.ts'
import { ImportCancelled } from './progress.ts'
import type { StoredReport } from './report.ts'

export type RunState = 'draft' | 'waiting' | 'running' | 'done' | 'refused' | 'cancelled' | 'failed'

export type EditedSince = {
  readonly record: string
  readonly code: string
  readonly field: string
  readonly at: string | null
}

export type Run = {
  readonly id: string
  readonly state: RunState
  readonly fileName: string
  readonly fileBytes: number
  readonly profile: Profile | null
  /** Name of the format, for a self-describing file; null for a table. */
  readonly format: string | null
  readonly account: string | null
  readonly caller: Caller
  readonly language: string
  readonly dryRun: boolean
  readonly allOrNothing: boolean
  readonly phase: 'reading' | 'checking' | 'saving' | null
  readonly done: number
  readonly total: number
  readonly report: StoredReport | null
  readonly changeSet: string | null
  /** What undoing it did; null if it has not been undone. */
  readonly undo: { readonly at: string; readonly undone: number; readonly kept: readonly EditedSince[] } | null
  readonly createdAt: string
  readonly endedAt: string | null
}

/** A run that has been silent for this long is dead: its process or its computer has stopped. */
const deadAfterMinutes = 5
/** An uploaded file that nobody imports is deleted after this many days. */
const draftDays = 7

type Stored = Omit<Run, 'fileBytes' | 'done' | 'total'> & { fileBytes: string; done: string; total: string }
const runOf = (row: Stored): Run => ({
  ...row,
  fileBytes: Number(row.fileBytes),
  done: Number(row.done),
  total: Number(row.total),
})

/** Only whoever started an import, and administrators of the whole city, may look at it. */
const mine = (caller: Caller) =>
  caller.system || caller.grants.some((grant) => grant.role === 'administrator' && grant.organisations === null)
    ? sql`true`
    : sql`account = ${caller.account}`

/** Has its process died silently? */
const isDead = sql`(state = 'running' and "beatAt" < now() - make_interval(mins => ${deadAfterMinutes}))`

const columns = sql`id, case when ${isDead} then 'failed' else state end as state, "fileName", "fileBytes", profile, format, account, caller, language, "dryRun", "allOrNothing", phase, done, total,
  report, "changeSet", undo, "createdAt", "endedAt"`

/** One run. @throws NotFound, also if it is somebody else's. */
export async function getRun(ctx: Context, id: string): Promise<Run> {
  if (!isId(id)) throw notFound(id)
  const { rows } =
    await sql<Stored>`select ${columns} from imports.run where id = ${id} and ${mine(ctx.caller)}`.execute(ctx.db)
  if (!rows[0]) throw notFound(id)
  return runOf(rows[0])
}

/** The newest runs the caller may look at. */
export async function listRuns(ctx: Context, limit = 20): Promise<Run[]> {
  const { rows } = await sql<Stored>`
    select ${columns} from imports.run where ${mine(ctx.caller)} order by "createdAt" desc, id desc limit ${limit}`.execute(
    ctx.db,
  )
  return rows.map(runOf)
}

const asJson = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`

/** Creates a run that waits for its mapping; the caller's rights are those at the moment it starts. */
export async function draftRun(
  ctx: Context,
  run: { id: string; fileName: string; fileBytes: number; profile: Profile | null; format?: string | null },
): Promise<void> {
  await sql`insert into imports.run (id, state, "fileName", "fileBytes", profile, format, account, caller, language, "createdAt")
    values (${run.id}, 'draft', ${run.fileName.slice(0, 200)}, ${run.fileBytes}, ${run.profile ? asJson(run.profile) : null}, ${run.format ?? null},
      ${ctx.caller.account}, ${asJson(ctx.caller)}, ${ctx.language}, ${ctx.now().toISOString()})`.execute(ctx.db)
}

/** Gives a draft its mapping. @throws Conflict if it was already started. */
export async function mapRun(ctx: Context, id: string, profile: Profile): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update imports.run set profile = ${asJson(profile)} where id = ${id} and ${mine(ctx.caller)} and state in ('draft', 'refused', 'cancelled', 'failed')
    returning id`.execute(ctx.db)
  if (!rows[0]) throw conflict('import.started-already')
}

/** Queues a draft; the caller queues the work itself in the same transaction. */
export async function queueRun(
  ctx: Context,
  id: string,
  options: { dryRun: boolean; allOrNothing: boolean },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update imports.run set state = 'waiting', "dryRun" = ${options.dryRun}, "allOrNothing" = ${options.allOrNothing},
      account = ${ctx.caller.account}, caller = ${asJson(ctx.caller)}, language = ${ctx.language}, phase = null, done = 0, total = 0,
      report = null, "cancelAskedAt" = null, "startedAt" = ${ctx.now().toISOString()}, "endedAt" = null
    where id = ${id} and ${mine(ctx.caller)} and (profile is not null or format is not null) and "changeSet" is null
      and (state in ('draft', 'refused', 'cancelled', 'failed') or (state = 'done' and "dryRun") or ${isDead})
      and exists (select 1 from imports.piece p where p.run = ${id})
    returning id`.execute(ctx.db)
  if (!rows[0]) throw conflict('import.started-already')
}

/**
 * May a waiting run begin? An account that was closed after it started an import may no longer write, and a file that
 * is gone cannot be read: such a run ends as failed.
 */
export async function mayStartRun(ctx: Context, run: Run): Promise<boolean> {
  const { rows } = await sql`
    select 1 from imports.piece p where p.run = ${run.id}
      and (${run.account}::uuid is null or exists (select 1 from records.record where id = ${run.account} and state = 'active' and "retiredAt" is null))
    limit 1`.execute(ctx.db)
  if (rows.length > 0) return true
  await sql`update imports.run set state = 'failed' where id = ${run.id} and state = 'waiting'`.execute(ctx.db)
  return false
}

/** Cancels a run; it ends at its next step, unless it has committed. */
export async function cancelRun(ctx: Context, id: string): Promise<void> {
  await sql`update imports.run set "cancelAskedAt" = ${ctx.now().toISOString()},
      state = case when state = 'waiting' then 'cancelled' else state end
    where id = ${id} and ${mine(ctx.caller)} and state in ('waiting', 'running')`.execute(ctx.db)
}

/** Begins a run, or creates one that begins immediately. @throws ImportCancelled if it was cancelled while waiting. */
export async function startRun(
  ctx: AppContext,
  id: string,
  options: {
    readonly run?: string
    readonly name: string
    readonly bytes?: number
    readonly profile: Profile | null
    readonly format?: string
    readonly dryRun?: boolean
    readonly allOrNothing?: boolean
  },
): Promise<void> {
  const at = ctx.now().toISOString()
  if (options.run !== undefined) {
    const { rows } = await sql<{ id: string }>`
      update imports.run set state = 'running', "startedAt" = ${at}, "beatAt" = now() where id = ${id} and state = 'waiting' returning id`.execute(
      ctx.db,
    )
    if (!rows[0]) throw new ImportCancelled()
    return
  }
  await sql`insert into imports.run (id, state, "fileName", "fileBytes", profile, format, account, caller, language, "dryRun", "allOrNothing",
      "createdAt", "startedAt", "beatAt")
    values (${id}, 'running', ${options.name.slice(0, 200)}, ${options.bytes ?? 0}, ${options.profile ? asJson(options.profile) : null}, ${options.format ?? null}, ${ctx.caller.account},
      ${asJson(ctx.caller)}, ${ctx.language}, ${options.dryRun ?? false}, ${options.allOrNothing ?? false}, ${at}, ${at}, now())`.execute(
    ctx.db,
  )
}

/**
 * Puts right a run whose process died over it: nothing of it was saved, and its file is still there. It waits again, or is
 * said to have failed if it was begun often enough.
 */
export async function interruptedRun(ctx: Context, id: string, again: boolean): Promise<void> {
  await sql`delete from imports.row where run = ${id}`.execute(ctx.db)
  await sql`delete from imports.rejected where run = ${id}`.execute(ctx.db)
  if (again)
    await sql`update imports.run set state = 'waiting', phase = null, done = 0, total = 0
      where id = ${id} and state = 'running' and "cancelAskedAt" is null`.execute(ctx.db)
  await sql`update imports.run set state = case when "cancelAskedAt" is null then 'failed' else 'cancelled' end, "endedAt" = now()
    where id = ${id} and (state = 'running' or (state = 'waiting' and not ${again}))`.execute(ctx.db)
}

/**
 * Ends a run in the transaction of its records, so that both are written or neither. @throws ImportCancelled at the last
 * moment.
 */
export async function endRunWithin(ctx: WriteContext, id: string, report: StoredReport): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update imports.run set state = 'done', report = ${asJson(report)}, "changeSet" = ${report.changeSet}, "endedAt" = ${ctx.now().toISOString()}
    where id = ${id} and state = 'running' and "cancelAskedAt" is null returning id`.execute(ctx.db)
  if (!rows[0]) throw new ImportCancelled()
  await sql`delete from imports.piece where run = ${id}`.execute(ctx.db)
}

/** Ends a run that saved nothing. Its file is kept for another try. */
export async function endRun(ctx: AppContext, id: string, state: RunState, report: StoredReport | null): Promise<void> {
  await sql`update imports.run set state = ${state}, report = ${report ? asJson(report) : null}, "endedAt" = ${ctx.now().toISOString()}
    where id = ${id} and state = 'running'`.execute(ctx.db)
}

/** Records that a run was undone, and what stayed because it was edited since. */
export async function markUndone(ctx: WriteContext, id: string, undo: NonNullable<Run['undo']>): Promise<void> {
  await sql`update imports.run set undo = ${asJson(undo)} where id = ${id}`.execute(ctx.db)
}

/**
 * Cleans up: runs whose process died are marked as failed, and staged rows and files of ended runs are deleted. Called
 * before every import, and by a job once an hour.
 */
export async function sweepRuns(ctx: Context): Promise<void> {
  await sql`update imports.run set state = 'failed', "endedAt" = now()
    where ${isDead}`.execute(ctx.db)
  const ended = sql`select id from imports.run where state <> 'running' and "startedAt" > now() - interval '30 days'`
  await sql`delete from imports.row where run in (${ended})`.execute(ctx.db)
  await sql`delete from imports.rejected where run in (${ended})`.execute(ctx.db)
  await sql`delete from imports.piece p using imports.run r
    where r.id = p.run and r.state not in ('waiting', 'running') and r."createdAt" < now() - make_interval(days => ${draftDays})`.execute(
    ctx.db,
  )
  await sql`delete from imports.run where state = 'draft' and "createdAt" < now() - make_interval(days => ${draftDays})`.execute(
    ctx.db,
  )
}
