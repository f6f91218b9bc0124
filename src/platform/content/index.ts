/** The door of content: the city's data as plain values, a snapshot of it, and its file formats. */

export {
  between,
  cellsOf,
  cellText,
  type FieldCell,
  fileMedium,
  readPeriod,
  valuesOfCells,
  withFormer,
} from './field-cells.ts'
export type { FileItem, Format, ReadPart, WriterInput } from './format.ts'
export { fileTypeOf } from './format.ts'
export {
  formatName,
  formatVersion,
  type Header,
  type Item,
  isRows,
  type RecordItem,
  type RowsItem,
  type Scope,
} from './item.ts'
export type { Codes, ContentPage, ReadOptions, Snapshot } from './snapshot.ts'
