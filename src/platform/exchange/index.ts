/** The door of the exchange machinery: content out of one installation and into another. */

export {
  type Codes,
  type ContentPage,
  type Format,
  fileTypeOf,
  type Header,
  type Incoming,
  type Item,
  isRows,
  type Outgoing,
  type ReadPart,
  type RecordItem,
  type RowsItem,
  type Scope,
  type Snapshot,
} from '../content/index.ts'
export { csvFormat } from './csv.ts'
export { contentSource, formatOf, headBytes } from './incoming.ts'
export { jsonFormat, jsonLdFormat } from './json.ts'
export { type Asked, hashOf, writeContent } from './outgoing.ts'
export { type ContentPreview, previewContent } from './preview.ts'
export { shown } from './shown.ts'
export { workbookFormat } from './workbook.ts'
