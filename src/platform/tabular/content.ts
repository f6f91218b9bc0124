/**
 * Tells from its first bytes what a file that claims to be CSV really is. Most "broken CSV" is a workbook with the wrong
 * extension, or the error page of a portal.
 */

/** Names used in the words `tabular.file.not-a-table`. */
export type OtherContent =
  | 'xlsx'
  | 'xls'
  | 'xlsb'
  | 'docx'
  | 'ods'
  | 'zip'
  | 'gzip'
  | 'pdf'
  | 'image'
  | 'html'
  | 'xml'
  | 'json'
  | 'parquet'
  | 'rtf'
  | 'binary'

const signatures: ReadonlyArray<readonly [string, OtherContent]> = [
  ['d0cf11e0a1b11ae1', 'xls'], // OLE2 compound file
  ['1f8b', 'gzip'], // RFC 1952
  ['255044462d', 'pdf'], // %PDF-
  ['89504e470d0a1a0a', 'image'], // PNG
  ['ffd8ff', 'image'], // JPEG
  ['474946383', 'image'], // GIF8
  ['50415231', 'parquet'], // PAR1
  ['7b5c727466', 'rtf'], // {\rtf
]

/** What the first bytes (a few kilobytes are enough) show the file to be; null when it may be CSV. */
export function otherContent(head: Buffer): OtherContent | null {
  const start = head.subarray(0, 16).toString('hex')
  if (start.startsWith('504b0304') || start.startsWith('504b0506')) {
    const names = head.toString('latin1')
    if (names.includes('application/vnd.oasis.opendocument')) return 'ods'
    return names.includes('xl/') || names.includes('[Content_Types].xml') ? 'xlsx' : 'zip'
  }
  for (const [signature, content] of signatures) if (start.startsWith(signature)) return content
  return null
}

/** The same for text that is not a table: a web page, XML or JSON. */
export function otherText(text: string): OtherContent | null {
  const start = text.slice(0, 500).trimStart().toLowerCase()
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'html'
  if (start.startsWith('<?xml')) return start.includes('<html') ? 'html' : 'xml'
  if (/^(\{\s*"[^"]*"\s*:|\[\s*(\{|\[))/.test(start)) return 'json'
  return null
}
