/** What stops the reading of a workbook, as problems of the table. */
import { excerpt, ReadingStopped, tableProblem } from '../tabular/index.ts'

/** Looked up as a choice in `tabular.workbook.damaged`. */
export type Damage =
  | 'truncated'
  | 'checksum'
  | 'xml'
  | 'missing'
  | 'duplicate'
  | 'method'
  | 'encoding'
  | 'order'
  | 'string'
/** Looked up as a choice in `tabular.workbook.too-much`. */
export type LimitExceeded =
  | 'archive'
  | 'entries'
  | 'part'
  | 'inflated'
  | 'ratio'
  | 'depth'
  | 'markup'
  | 'sheets'
  | 'strings'
  | 'string-bytes'
  | 'styles'
  | 'rows'
  | 'columns'
  | 'merges'

export const damaged = (reason: Damage, part = ''): ReadingStopped =>
  new ReadingStopped(tableProblem('workbook.damaged', { reason, part: excerpt(part) }))

export const tooMuch = (reason: LimitExceeded, limit: number, part = ''): ReadingStopped =>
  new ReadingStopped(tableProblem('workbook.too-much', { reason, limit, part: excerpt(part) }))
