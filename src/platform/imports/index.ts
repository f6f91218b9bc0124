/** The door of the import machinery. */
export { type Localized, linksKept, localizedChange, type Met, metBy } from './known.ts'
export { type FoundName, RecordNames } from './names.ts'
export { type ImporterFor, importerOf, PartPlaces } from './parts.ts'
export { type ImportProblem, messageOf, weightOf } from './problems.ts'
export { findProfile, listProfiles, type SavedProfile, saveProfile } from './profiles.ts'
export { ImportCancelled } from './progress.ts'
export { type RecordTarget, recordTargets } from './record-targets.ts'
export { hasRejections, inWords, type Note, type Report, type ReportProblem, type StoredReport } from './report.ts'
export { type Imported, type ImportOptions, runImport } from './run.ts'
export {
  askForRun,
  cancelRun,
  draftRun,
  type EditedSince,
  getRun,
  listRuns,
  mapRun,
  markUndone,
  type Run,
  type RunState,
  sweepRuns,
} from './runs.ts'
export type { Sink, Source } from './source.ts'
export type { StagedItem } from './staging.ts'
export type { Group, Importer, Planned, ReadRow, Step } from './steps.ts'
export { tableSource } from './table-source.ts'
export { hasUpload, storeUpload, uploadOf } from './upload.ts'
