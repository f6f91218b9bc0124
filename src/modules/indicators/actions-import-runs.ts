/** Imports as people follow them: uploaded, started in the background, watched, taken back. */
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { sql } from 'kysely'
import { conflict } from '#kernel/problem.ts'
import type { Language } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { Context } from '#platform/context.ts'
import { contentSource, type Format, formatOf, headBytes } from '#platform/exchange/index.ts'
import {
  askForRun,
  draftRun,
  type EditedSince,
  getRun,
  hasUpload,
  ImportCancelled,
  listProfiles,
  markUndone,
  type Run,
  runImport,
  storeUpload,
  uploadOf,
} from '#platform/imports/index.ts'
import type { AppContext, UploadedFile } from '#platform/page.ts'
import { newId, undo } from '#platform/records/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { importFile } from './actions-import.ts'
import { fittingProfile } from './actions-import-fitting.ts'
import { guessForm, profileOfForm } from './actions-import-form.ts'
import { type FirstLook, lookAt } from './actions-import-preview.ts'

/** What a file brought without a mapping is: one that fits is found, or a guess is made, to be looked at by a person. */
export async function mappingFor(
  ctx: AppContext,
  source: string | AsyncIterable<Uint8Array>,
  name: string,
  asked: { readonly sheet?: string; readonly kind?: string },
): Promise<{ fitting: Profile | null; guess: Record<string, unknown>; problems: FirstLook['problems'] }> {
  const look = await lookAt(source, asked.sheet === undefined ? {} : { sheet: asked.sheet })
  const saved = (await listProfiles(ctx)).map((each) => each.content)
  const form = guessForm(name, look, { registry: ctx.registry, kind: asked.kind ?? '' })
  return {
    fitting: fittingProfile(ctx.registry, look, saved),
    guess: profileOfForm(form, look.header, 1),
    problems: look.problems,
  }
}

export const importJobName = 'indicators.import'
/** So much is listed of what was edited after an import. */
const maxListed = 200

/** Keeps an uploaded file as a draft; gives its id. */
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

/** The format of a run's file, where it says by itself what it holds. */
export const formatOfRun = (ctx: AppContext, run: Run): Format | undefined =>
  run.format === null ? undefined : ctx.exchange.formats.find((each) => each.name === run.format && each.read)

/** Asks for the import; the work begins when this transaction has committed. */
export async function startImport(
  ctx: AppContext,
  id: string,
  options: { dryRun: boolean; allOrNothing: boolean },
): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await askForRun(tx, id, options)
    await ctx.send(importJobName, { run: id }, { db: tx.db })
  })
}

/** Does the work of a run, with the rights of the person who asked for it. */
export async function performImport(systemContext: AppContext, id: string): Promise<void> {
  const run = await getRun(systemContext, id)
  if (run.state !== 'waiting' || !(run.profile || run.format)) return
  const ctx: AppContext = { ...systemContext, caller: run.caller, language: run.language as Language }
  if (!(await isActive(systemContext, run.account)) || !(await hasUpload(systemContext, id))) {
    await sql`update imports.run set state = 'failed' where id = ${id} and state = 'waiting'`.execute(systemContext.db)
    return
  }
  try {
    const format = formatOfRun(ctx, run)
    if (format)
      await runImport(ctx, {
        run: id,
        name: run.fileName,
        bytes: run.fileBytes,
        profile: null,
        format: format.name,
        dryRun: run.dryRun,
        allOrNothing: run.allOrNothing,
        // What was public elsewhere is looked at here before it is published here.
        open: () => contentSource(ctx, format, uploadOf(systemContext.database.kysely, id), { publish: false }),
      })
    else if (run.profile)
      await importFile(ctx, {
        run: id,
        file: uploadOf(systemContext.database.kysely, id),
        name: run.fileName,
        bytes: run.fileBytes,
        profile: run.profile,
        dryRun: run.dryRun,
        allOrNothing: run.allOrNothing,
      })
  } catch (error) {
    if (!(error instanceof ImportCancelled)) throw error
  }
}

/** An account that was closed after it asked for an import writes nothing any more. */
async function isActive(ctx: Context, account: string | null): Promise<boolean> {
  if (account === null) return true
  const { rows } = await sql`
    select 1 from records.record where id = ${account} and state = 'active' and "retiredAt" is null`.execute(ctx.db)
  return rows.length > 0
}

/**
 * Takes an import back as far as that goes, and keeps the list of what was edited since.
 * @throws Conflict where there is nothing to take back, or it was taken back already; NotAllowed.
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

export type Edited = {
  readonly code: string
  readonly kind: string
  readonly title: Record<string, string>
  readonly at: string
}

/** Records of an import that somebody changed afterwards: these stay when it is taken back. */
export async function editedSince(ctx: Context, changeSet: string): Promise<Edited[]> {
  const { rows } = await sql<Edited>`
    select r.code, r.kind, r.title, max(c.at) as at
    from records.entry e join records.entry l on l.record = e.record and l."changeSet" <> e."changeSet" and l.sequence > e.sequence
    join records."changeSet" c on c.id = l."changeSet" join records.record r on r.id = e.record
    where e."changeSet" = ${changeSet} and ${ctx.policies.visible(ctx.caller)}
    group by r.id order by max(c.at) desc, r.code limit ${maxListed}`.execute(ctx.db)
  return rows
}
