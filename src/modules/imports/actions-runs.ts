/** Imports as people see them: uploaded, started in the background, watched, undone. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { conflict } from '#kernel/problem.ts'
import type { Language } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import { contentSource, type Format, formatOf, headBytes } from '#platform/exchange/index.ts'
import {
  type AllOffers,
  draftRun,
  type EditedSince,
  getRun,
  ImportCancelled,
  interruptedRun,
  markUndone,
  mayStartRun,
  queueRun,
  type Run,
  runImport,
  storeUpload,
  uploadOf,
} from '#platform/imports/index.ts'
import type { AppContext, UploadedFile } from '#platform/page.ts'
import { newId, undo } from '#platform/records/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { importFile } from './actions-files.ts'

/** The job keeps its name from when imports belonged to indicators, so that queued work continues after an update. */
export const importJobName = 'indicators.import'
/** How many of the records edited after an import are listed. */
export const maxListed = 200

/** Stores an uploaded file as a draft; returns its id. */
export async function uploadImport(ctx: AppContext, file: UploadedFile, profile: Profile | null): Promise<string> {
  const id = newId()
  const format = (await formatOf(ctx.exchange.formats, await beginningOf(file.path), file.path))?.name ?? null
  await inTransaction(ctx, async (tx) => {
    await draftRun(tx, { id, fileName: basename(file.name) || 'table.csv', fileBytes: file.bytes, profile, format })
    await storeUpload(tx, id, file.path)
  })
  return id
}

async function beginningOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await file.close()
  }
}

/** The format of a run's file, if it is self-describing. */
export const formatOfRun = (ctx: AppContext, run: Run): Format | undefined =>
  run.format === null ? undefined : ctx.exchange.formats.find((each) => each.name === run.format && each.read)

/** Queues the import; work begins when this transaction has committed. */
export async function startImport(
  ctx: AppContext,
  id: string,
  options: { dryRun: boolean; allOrNothing: boolean },
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await queueRun(tx, id, options)
    await ctx.send(importJobName, { run: id }, { db: tx.db })
  })
}

/** Does the work of a run, with the rights of the person who asked for it. */
export async function performImport(systemContext: AppContext, offers: AllOffers, id: string): Promise<void> {
  const run = await getRun(systemContext, id)
  if (run.state !== 'waiting' || !(run.profile || run.format)) return
  if (!(await mayStartRun(systemContext, run))) return
  const ctx: AppContext = { ...systemContext, caller: run.caller, language: run.language as Language }
  const { fileName: name, fileBytes: bytes, dryRun, allOrNothing } = run
  const file = () => uploadOf(systemContext.database.kysely, id)
  try {
    const format = formatOfRun(ctx, run)
    if (format)
      await runImport(ctx, {
        ...{ run: id, name, bytes, dryRun, allOrNothing },
        ...{ profile: null, format: format.name },
        // What was public elsewhere is reviewed before it is published here.
        open: () => contentSource(ctx, format, file(), { publish: false }),
      })
    else if (run.profile) {
      const { profile } = run
      await importFile(ctx, offers, { run: id, file: file(), name, bytes, profile, dryRun, allOrNothing })
    }
  } catch (error) {
    if (error instanceof ImportCancelled) return
    // What failed before it began is said as well; if the database is away, the job is tried again.
    await interruptedRun(systemContext, id, false).catch(() => {})
    throw error
  }
}

/**
 * Undoes an import as far as possible, and keeps the list of what was edited since.
 * @throws Conflict if there is nothing to undo, or it was already undone; NotAllowed.
 */
export async function undoImport(ctx: AppContext, id: string): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const run = await getRun(tx, id)
    if (!run.changeSet || run.undo) throw conflict('records.undone-already')
    const taken = await undo(tx, run.changeSet, {
      mode: 'possible',
      source: `undo import:${run.fileName}`.slice(0, 300),
    })
    const kept: EditedSince[] = taken.conflicts
      .slice(0, maxListed)
      .map(({ record, code, field, at }) => ({ record, code, field, at }))
    await markUndone(tx, id, { at: tx.now().toISOString(), undone: taken.undone, kept })
  })
}
