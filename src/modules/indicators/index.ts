/** The door of `indicators`: what other modules may use. */

export { rebuildForecasts } from './actions-forecast.ts'
export { rebuildPerformance } from './actions-performance.ts'
export {
  countedBelow,
  forecastOn,
  type JointAsked,
  type JointChance,
  type JointReason,
  jointChance,
  jointChances,
  outlooksOf,
  partlyUnseen,
} from './queries-forecast.ts'
export {
  type FindingName,
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
export { type WholeValue, wholeSeries } from './queries-whole.ts'
export * from './records.ts'
export { type Chance, type Outlook, outlookFrom } from './rules-chance.ts'
export { foretell } from './rules-forecast.ts'
export { type OutlookWords, outlookWords } from './rules-outlook.ts'
export { type Sentences, sentencesFor } from './rules-sentences.ts'
export { judge, type MeasurementRow, type SeriesFacts, type TargetRow } from './rules-series.ts'
export { writerFor } from './rules-words.ts'
