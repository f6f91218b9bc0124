import { sweepRuns } from '#platform/imports/index.ts'
import type { JobDefinition } from '#platform/module.ts'
import { importJobName, performImport } from './actions-import-runs.ts'

export const importJobs: readonly JobDefinition[] = [
  { name: importJobName, handle: (ctx, data) => performImport(ctx, String(data.run)) },
  { name: 'indicators.import-sweep', cron: '17 * * * *', handle: (ctx) => sweepRuns(ctx) },
]
