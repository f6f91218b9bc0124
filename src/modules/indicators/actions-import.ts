/**
 * Import of a table of indicators: a plan (one row for each indicator, years as columns) or series (one row for each
 * value). What columns mean is said by a mapping profile; nothing here knows any city's file.
 */
import { type Imported, type Importer, type ImportProblem, runImport, tableSource } from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { IndicatorSteps } from './actions-import-indicator.ts'
import { ImportTally } from './actions-import-notes.ts'
import { PlanSteps } from './actions-import-plan.ts'
import { RowReader } from './actions-import-read.ts'
import { isTarget, levelNames } from './actions-import-targets.ts'

export type ImportFileOptions = {
  /** Path of the file, or its bytes. */
  readonly file: string | AsyncIterable<Uint8Array>
  readonly name: string
  readonly bytes?: number
  readonly profile: Profile
  readonly dryRun?: boolean
  readonly allOrNothing?: boolean
  /** An uploaded run that waits for its turn. */
  readonly run?: string
}

/** Imports a file with the permissions of the caller. @throws Cancelled, and errors of the database. */
export const importFile = (ctx: AppContext, options: ImportFileOptions): Promise<Imported> =>
  runImport(ctx, {
    ...options,
    open: () =>
      tableSource(ctx.registry, options.file, options.profile, ({ header, profile }) => importerFor(profile, header)),
  })

/** What rows of a file become under a profile; also for the preview, which saves nothing. */
export function importerFor(profile: Profile, header: readonly string[]): Importer {
  const source = profile.externalId?.source ?? ''
  const tally = new ImportTally()
  const reader = new RowReader(profile, header, tally)
  const plan = new PlanSteps(source, reader.sources, tally)
  const indicators = new IndicatorSteps(source, profile, reader, plan, tally)
  return {
    problems: profileProblems(profile, reader),
    read: (row, converted) => reader.read(row, converted),
    steps: [...plan.steps(), ...indicators.steps()],
    begin: async (ctx) => {
      tally.beginRound()
      indicators.begin()
      await plan.begin(ctx)
    },
    notes: () => tally.notes(reader.sources),
  }
}

/** What a profile must say before it can mean anything here. */
export function profileProblems(profile: Profile, reader: RowReader): ImportProblem[] {
  const { all } = reader.sources
  const problems: ImportProblem[] = []
  const add = (what: string, values: Record<string, string | number> = {}) =>
    problems.push({ row: null, column: null, code: `import.profile-${what}`, values })
  if (!profile.externalId) add('no-identity')
  if (![...all].some(isTarget)) add('no-targets')
  else if (!all.has('indicator.title') && !all.has('measurement.value')) add('no-indicator')
  if (levelNames.some((level) => all.has(`${level}.title`)) && !all.has('plan.title')) add('no-plan')
  return problems
}
