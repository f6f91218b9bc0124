/** The door of the exchange machinery: content out of one installation and into another. */

export {
  type Codes,
  type ContentPage,
  type FileItem,
  type Format,
  fileTypeOf,
  type Header,
  type Item,
  isRows,
  type ReadPart,
  type RecordItem,
  type RowsItem,
  type Scope,
  type Snapshot,
  type WriterInput,
} from '../content/index.ts'
export { csvFormat } from './csv.ts'
export { contentSource, formatOf, headBytes } from './incoming.ts'
export { jsonFormat, jsonLdFormat } from './json.ts'
export { type ExportRequest, hashOf, writeContent } from './outgoing.ts'
export { type ContentPreview, previewContent } from './preview.ts'
export { safeExcerpt } from './safe-excerpt.ts'
export { workbookFormat } from './workbook.ts'
