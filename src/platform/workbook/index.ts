/** The door of workbooks: reading sheets as tables, guessing what a sheet contains, writing workbooks. */
export { lettersOf } from './address.ts'
export { guessSheet, outlineSheets, type SheetGuess, type SheetOutline } from './guess.ts'
export { workbookLimits } from './limits.ts'
export { openWorkbook, type Workbook } from './open.ts'
export type { SheetFacts } from './structure.ts'
export { readSheetTable } from './table.ts'
export {
  type WorkbookCell,
  type WorkbookContent,
  type WorkbookRow,
  type WorkbookSheet,
  writeWorkbook,
} from './write.ts'
export { sheetName } from './write-parts.ts'
