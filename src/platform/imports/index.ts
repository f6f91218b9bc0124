/** The door of the import machinery. */
export { type EditedRecord, editedSince } from './edited.ts'
export { type ExistingRecord, existingRecords, linksToKeep, localizedChange } from './known.ts'
export { hashed, type MappedColumns, stagedKey, textOf } from './mapped.ts'
export { RecordNames } from './names.ts'
export {
  type AllOffers,
  type ColumnForm,
  type FileQuestion,
  type FindNamed,
  type ImportOffers,
  type ImportSubject,
  joinOffers,
  type KeyOf,
  type MappedTable,
  type NamedRead,
  type NamedRecords,
  type OpenSubject,
  type SheetColumn,
  type SubjectForm,
  subjectOf,
  type TemplateSheet,
  type TemplateTable,
} from './offers.ts'
export { importerOf, PartPlaces } from './parts.ts'
export { importPolicy, mayImport } from './permission.ts'
export { type ImportProblem, messageOf, weightOf } from './problems.ts'
export { findProfile, listProfiles, type SavedProfile, saveProfile } from './profiles.ts'
export { ImportCancelled } from './progress.ts'
export { type RecordTarget, recordTargets } from './record-targets.ts'
export { hasRejections, inWords, type Note, type Report, type ReportProblem, type StoredReport } from './report.ts'
export { type Imported, type ImportOptions, runImport } from './run.ts'
export {
  cancelRun,
  draftRun,
  type EditedSince,
  getRun,
  interruptedRun,
  listRuns,
  mapRun,
  markUndone,
  mayStartRun,
  queueRun,
  type Run,
  type RunState,
  sweepRuns,
} from './runs.ts'
export type { Sink, Source } from './source.ts'
export type { StagedItem } from './staging.ts'
export type { Group, Importer, Planned, ReadRow, RowPreview, Step } from './steps.ts'
export { tableSource } from './table-source.ts'
export { hasUpload, storeUpload, uploadOf } from './upload.ts'
