/** The door of text tables: reading and writing them, what is wrong with them, profiles that say what their columns mean. */
export { possibleDayOrders, readDay, usualNumberFormat } from './cells.ts'
export { otherContent } from './content.ts'
export { type CellValue, type ConvertedRow, type ExternalId, prepareConversion, type Values } from './convert.ts'
export { isFormulaLike } from './formula.ts'
export { hashing } from './hash.ts'
export { findHeader, nameColumns } from './header.ts'
export { nearest } from './nearest.ts'
export {
  excerpt,
  ProblemList,
  problemCodes,
  ReadingStopped,
  type Severity,
  severityOf,
  type TableProblem,
  tableProblem,
  wordValues,
} from './problems.ts'
export { type ColumnRule, type Condition, type Profile, readOptionsOf, rulesOf, tablesOf } from './profile.ts'
export { parseProfile } from './profile-check.ts'
export { defaultLimits, type ReadOptions, type Row, readTable, type Table, type TableLimits } from './read.ts'
export { type ColumnGuess, type Recognition, recognise } from './recognise.ts'
export type { RawRecord } from './records.ts'
export { type WritableCell, writeTable } from './write.ts'
