/** Workbooks as tests need them: from hand-written XML parts, so that dirt and malice can be put anywhere. */
import { ZipFile } from 'yazl'
import { type WorkbookContent, writeWorkbook } from '#platform/workbook/index.ts'

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const strict = 'http://purl.oclc.org/ooxml/spreadsheetml/main'
const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const strictRelated = 'http://purl.oclc.org/ooxml/officeDocument/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships'

export type SheetXml = {
  readonly name: string
  readonly state?: string
  /** Inside `sheetData`. */
  readonly rows: string
  /** Before and after it. */
  readonly before?: string
  readonly behind?: string
}

export type HandMade = {
  readonly sheets: readonly SheetXml[]
  readonly strings?: string
  readonly styles?: string
  readonly strict?: boolean
  readonly date1904?: boolean
  /** Additional entries, or replacements for those made here. */
  readonly parts?: Readonly<Record<string, string | Buffer>>
  readonly relations?: string
}

/** The entries of a workbook made by hand. */
export function partsOf(made: HandMade): Map<string, string | Buffer> {
  const [space, relation] = made.strict ? [strict, strictRelated] : [main, related]
  const of = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${relation}/${type}" Target="${target}"/>`
  const parts = new Map<string, string | Buffer>([
    ['[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'],
    [
      '_rels/.rels',
      `<Relationships xmlns="${packaged}">${of('a', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${space}" xmlns:r="${relation}"><workbookPr${made.date1904 ? ' date1904="1"' : ''}/><sheets>${made.sheets
        .map(
          ({ name, state }, index) =>
            `<sheet name="${name}" sheetId="${index + 1}"${state ? ` state="${state}"` : ''} r:id="s${index}"/>`,
        )
        .join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packaged}">${made.sheets
        .map((_, index) => of(`s${index}`, 'worksheet', `worksheets/sheet${index + 1}.xml`))
        .join(
          '',
        )}${made.strings ? of('t', 'sharedStrings', 'sharedStrings.xml') : ''}${made.styles ? of('l', 'styles', 'styles.xml') : ''}${made.relations ?? ''}</Relationships>`,
    ],
  ])
  for (const [index, { rows, before = '', behind = '' }] of made.sheets.entries())
    parts.set(
      `xl/worksheets/sheet${index + 1}.xml`,
      `<worksheet xmlns="${space}">${before}<sheetData>${rows}</sheetData>${behind}</worksheet>`,
    )
  if (made.strings) parts.set('xl/sharedStrings.xml', `<sst xmlns="${space}">${made.strings}</sst>`)
  if (made.styles) parts.set('xl/styles.xml', `<styleSheet xmlns="${space}">${made.styles}</styleSheet>`)
  for (const [name, content] of Object.entries(made.parts ?? {})) parts.set(name, content)
  return parts
}

/** Packs entries as they are given. */
export async function zipOf(parts: Iterable<readonly [string, string | Buffer]>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of parts) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return collected(zip.outputStream as AsyncIterable<Buffer>)
}

export const handMade = (made: HandMade): Promise<Buffer> => zipOf(partsOf(made))

/** The bytes of a workbook from our own writer. */
export const written = (content: WorkbookContent): Promise<Buffer> => collected(writeWorkbook(content))

async function collected(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

/** Rows of cells with inline text or numbers, from a place on; `null` leaves a cell out. */
export function rowsXml(rows: ReadonlyArray<ReadonlyArray<string | number | null> | null>, from = 1): string {
  return rows
    .map((cells, index) =>
      cells
        ? `<row r="${from + index}">${cells.map((cell, at) => cellXml(cell, `${String.fromCharCode(65 + at)}${from + index}`)).join('')}</row>`
        : '',
    )
    .join('')
}

function cellXml(cell: string | number | null, place: string): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
  const text = cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

export async function* piecesOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
