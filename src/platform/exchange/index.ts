/** The door of the exchange machinery: content out of a house and into another. */

export { csvFormat } from './csv.ts'
export type { Format, Incoming, Outgoing, ReadPart } from './format.ts'
export { fileTypeOf } from './format.ts'
export { contentSource, formatOf, headBytes } from './incoming.ts'
export { type Header, type Item, isRows, type RecordItem, type RowsItem, type Scope } from './item.ts'
export { jsonFormat, jsonLdFormat } from './json.ts'
export { type Asked, hashOf, writeContent } from './outgoing.ts'
export { type ContentPreview, previewContent } from './preview.ts'
export { shown } from './shown.ts'
export type { Codes, ContentPage, Snapshot } from './snapshot.ts'
export { workbookFormat } from './workbook.ts'
