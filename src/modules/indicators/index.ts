/** The door of `indicators`: what other modules may use. */
export { type ImportFileOptions, importFile } from './actions-import.ts'
export { rebuildIfOutdated, rebuildPerformance } from './actions-performance.ts'
export {
  dueCounts,
  type FindingName,
  findingNames,
  findings,
  type ListFilter,
  type Silence,
  silentOrganisations,
  silentPosts,
  standings,
} from './queries-list.ts'
export { type Assessed, assess, type Indicator, readMeasurements, type SeriesOf, seriesOf } from './queries-series.ts'
export {
  emptyRollUp,
  performanceOf,
  type RollUp,
  rollUp,
  type Standing,
  standingsBelow,
} from './queries-standing.ts'
export * from './records.ts'
export { type Sentences, sentencesFor } from './rules-sentences.ts'
export { judge, type MeasurementRow, type SeriesFacts, type TargetRow } from './rules-series.ts'
