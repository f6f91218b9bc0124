/** A table or workbook as an import: what a mapping makes of it, and which mapping to use. */
import {
  type AllOffers,
  type Imported,
  type ImportProblem,
  listProfiles,
  runImport,
  tableSource,
} from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { fittingProfile } from './queries-fitting.ts'
import { guessForm, profileOfForm } from './queries-form.ts'
import { inspectFile } from './queries-inspection.ts'
import { rowMeaning } from './queries-meaning-rows.ts'

export type ImportFileOptions = {
  /** Path of the file, or its bytes. */
  readonly file: string | AsyncIterable<Uint8Array>
  readonly name: string
  readonly bytes?: number
  readonly profile: Profile
  readonly dryRun?: boolean
  readonly allOrNothing?: boolean
  /** An uploaded run that is waiting its turn. */
  readonly run?: string
}

/** Imports a file with the permissions of the caller. @throws ImportCancelled, and errors of the database. */
export const importFile = (ctx: AppContext, offers: AllOffers, options: ImportFileOptions): Promise<Imported> =>
  runImport(ctx, { ...options, open: () => tableSource(ctx.registry, offers, options.file, options.profile) })

/** For a file without a mapping: finds one that fits, or guesses one for a person to check. */
export async function mappingFor(
  ctx: AppContext,
  offers: AllOffers,
  source: string | AsyncIterable<Uint8Array>,
  name: string,
  asked: { readonly sheet?: string; readonly kind?: string },
): Promise<{
  fitting: Profile | null
  guess: Record<string, unknown> | null
  problems: readonly ImportProblem[]
}> {
  const { registry, language } = ctx
  const look = await inspectFile(source, asked.sheet === undefined ? {} : { sheet: asked.sheet })
  const saved = (await listProfiles(ctx)).map((each) => each.content)
  const meaning = rowMeaning({ registry, offers, language }, asked.kind ?? '')
  return {
    fitting: fittingProfile(registry, offers, look, saved),
    guess: meaning ? profileOfForm(guessForm(name, look, meaning), meaning, look.header, 1) : null,
    problems: look.problems,
  }
}
