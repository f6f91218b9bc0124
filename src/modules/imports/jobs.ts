import { type AllOffers, sweepRuns } from '#platform/imports/index.ts'
import type { JobDefinition } from '#platform/module.ts'
import { importJobName, performImport } from './actions-runs.ts'

export const importJobs = (offers: AllOffers): readonly JobDefinition[] => [
  { name: importJobName, handle: (ctx, data) => performImport(ctx, offers, String(data.run)) },
  // The name it had when imports belonged to indicators; what is scheduled under it goes on.
  { name: 'indicators.import-sweep', cron: '17 * * * *', handle: (ctx) => sweepRuns(ctx) },
]
