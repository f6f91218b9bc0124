import { type AllOffers, interruptedRun, sweepRuns } from '#platform/imports/index.ts'
import type { JobDefinition } from '#platform/module.ts'
import { importJobName, performImport } from './actions-runs.ts'

export const importJobs = (offers: AllOffers): readonly JobDefinition[] => [
  {
    name: importJobName,
    handle: (ctx, data) => performImport(ctx, offers, String(data.run)),
    interrupted: (ctx, data, again) => interruptedRun(ctx, String(data.run), again),
    // A run that waits is begun when the database is back; one that was begun says itself how it ended.
    retries: 5,
  },
  // Its name from when imports belonged to indicators, so that existing schedules continue.
  { name: 'indicators.import-sweep', cron: '17 * * * *', handle: (ctx) => sweepRuns(ctx) },
]
