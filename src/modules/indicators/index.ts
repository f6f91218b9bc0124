/** The door of `indicators`: what other modules may use. */
export { type ImportFileOptions, importFile } from './actions-import.ts'
export { performImport, uploadImport } from './actions-import-runs.ts'
export { rebuildPerformance } from './actions-performance.ts'
export {
  type FindingName,
  findings,
  type ListFilter,
  type Silence,
  silentOrganisations,
  silentPosts,
  standings,
} from './queries-list.ts'
export type { Assessed, Indicator, SeriesOf } from './queries-series.ts'
export {
  performanceOf,
  type RollUp,
  rollUp,
  type Standing,
} from './queries-standing.ts'
export * from './records.ts'
export { type Sentences, sentencesFor } from './rules-sentences.ts'
export { judge, type MeasurementRow, type SeriesFacts, type TargetRow } from './rules-series.ts'
