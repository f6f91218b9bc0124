/** The door of `indicators`: what other modules may use. */

export { rebuildForecasts } from './actions-forecast.ts'
export { rebuildPerformance } from './actions-performance.ts'
export {
  countedBelow,
  forecastOn,
  goalsWithHiddenParts,
  type JointChance,
  type JointChanceInput,
  type JointReason,
  jointChance,
  jointChances,
  outlooksOf,
} from './queries-forecast.ts'
export { type WholeValue, wholeSeries } from './queries-rows.ts'
export {
  type IndicatorStatus,
  performanceOf,
  type RollUp,
  rollUp,
} from './queries-status.ts'
export * from './records.ts'
export { type OutlookWords, outlookWords } from './rules-outlook.ts'
export { type Sentences, sentencesFor } from './rules-sentences.ts'
export { judge, type MeasurementRow, type SeriesFacts, type TargetRow } from './rules-series.ts'
export { writerFor } from './rules-words.ts'
