/**
 * Writes a workbook (ECMA-376 transitional) as a stream that every spreadsheet opens: typed cells, frozen names of
 * columns, widths, drop-down lists, notes. Text is always a text cell, so that nothing in it can run, and text that
 * looks like a formula is marked so that it stays text when somebody edits it.
 */
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { canonicalDecimal, isDecimal } from '#values/decimal.ts'
import { dayNumber } from '#values/period.ts'
import { isFormulaLike } from '../tabular/index.ts'
import { lettersOf } from './address.ts'
import { listSheet } from './structure.ts'
import { escaped, fixedStyle, maxDecimals, type StyleName, styles, stylesPart } from './write-look.ts'
import { commentsPart, drawingPart, sheetRelations, workbookParts } from './write-parts.ts'

/** `{ decimal }` is an exact number as text, `{ day }` a day 'YYYY-MM-DD'. A plain string is always text. */
export type WorkbookCell =
  | string
  | number
  | boolean
  | null
  | undefined
  | { readonly decimal: string }
  | { readonly day: string }

export type WorkbookRow =
  | readonly WorkbookCell[]
  | { readonly style: StyleName; readonly cells: readonly WorkbookCell[] }

export type WorkbookColumn = {
  /** In characters. */
  readonly width?: number
  /** Name of the workbook's list that the column offers as a drop-down. */
  readonly list?: string
  /** May something else be typed as well? */
  readonly open?: boolean
  /** A note on the name of the column. */
  readonly note?: string
}

export type WorkbookSheet = {
  readonly name: string
  readonly hidden?: boolean
  readonly columns: readonly WorkbookColumn[]
  /** How many rows hold the names of the columns; they are frozen. */
  readonly headerRows: number
  readonly rows: Iterable<WorkbookRow> | AsyncIterable<WorkbookRow>
}

export type WorkbookContent = {
  readonly sheets: readonly WorkbookSheet[]
  /** Lists by name: texts offered in drop-down lists; or a range such as `Bodies!$A$2:$A$500`. */
  readonly lists?: Readonly<Record<string, readonly string[] | string>>
  readonly language?: string
}

/** Excel's limits. */
const maxTextLength = 32_767
const maxRows = 1_048_576
/** Digits that Excel keeps of a number; a longer one is written as text, so that none are lost. */
const significant = 15
const flushAt = 64 * 1024
/** Rows covered by a drop-down list. */
const listRows = 5000
/** The same content gives the same bytes: no entry carries its time of writing. */
const epoch = new Date('1980-01-01T00:00:00Z')

/** The bytes of a workbook. Rows are pulled as they are written; throws a RangeError for what no workbook can contain. */
export async function* writeWorkbook(content: WorkbookContent): AsyncGenerator<Buffer> {
  const lists = Object.entries(content.lists ?? {})
  const own = lists.filter((entry): entry is [string, readonly string[]] => typeof entry[1] !== 'string')
  const sheets = [...content.sheets, ...(own.length > 0 ? [sheetOfLists(own)] : [])]
  const names = lists.map(([name, of]): [string, string] => {
    if (typeof of === 'string') return [name, of]
    const letters = lettersOf(own.findIndex(([each]) => each === name))
    return [name, `${listSheet}!$${letters}$2:$${letters}$${of.length + 1}`]
  })
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const options = { mtime: epoch, forceDosTimestamp: true }
  const add = (path: string, text: string) => zip.addBuffer(Buffer.from(text), path, options)
  for (const [path, text] of workbookParts(sheets, names)) add(path, text)
  add('xl/styles.xml', stylesPart())
  for (const [index, sheet] of sheets.entries()) {
    const noted = sheet.columns.some((column) => column.note)
    zip.addReadStreamLazy(`xl/worksheets/sheet${index + 1}.xml`, options, (give) => {
      const rows = Readable.from(sheetPart(sheet, noted))
      // yazl misses an error in a stream that was handed to it late.
      rows.on('error', (error) => output.destroy(error))
      give(null, rows)
    })
    if (!noted) continue
    add(`xl/worksheets/_rels/sheet${index + 1}.xml.rels`, sheetRelations(index + 1))
    add(`xl/comments${index + 1}.xml`, commentsPart(sheet))
    add(`xl/drawings/vmlDrawing${index + 1}.vml`, drawingPart(sheet))
  }
  zip.on('error', (error: Error) => output.destroy(error))
  zip.end()
  try {
    yield* output as AsyncIterable<Buffer>
  } finally {
    output.destroy()
  }
}

function sheetOfLists(lists: ReadonlyArray<[string, readonly string[]]>): WorkbookSheet {
  const longest = Math.max(...lists.map(([, texts]) => texts.length))
  const rows: WorkbookRow[] = [
    lists.map(([name]) => name),
    ...Array.from({ length: longest }, (_, index) => lists.map(([, texts]) => texts[index] ?? null)),
  ]
  return { name: listSheet, hidden: true, columns: lists.map(() => ({ width: 24 })), headerRows: 1, rows }
}

async function* sheetPart(sheet: WorkbookSheet, noted: boolean): AsyncGenerator<string> {
  const { columns, headerRows } = sheet
  const widths = columns
    .map(({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width ?? 14}" customWidth="1"/>`)
    .join('')
  let text = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheetViews><sheetView workbookViewId="0">${
    headerRows > 0
      ? `<pane ySplit="${headerRows}" topLeftCell="A${headerRows + 1}" activePane="bottomLeft" state="frozen"/>`
      : ''
  }</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${widths ? `<cols>${widths}</cols>` : ''}<sheetData>`
  let number = 0
  for await (const row of sheet.rows) {
    number += 1
    if (number > maxRows) throw new RangeError(`A sheet holds at most ${maxRows} rows.`)
    text += rowPart(row, number, number <= headerRows)
    if (text.length >= flushAt) {
      yield text
      text = ''
    }
  }
  yield `${text}</sheetData>${validations(sheet)}${noted ? '<legacyDrawing r:id="rId2"/>' : ''}</worksheet>`
}

function rowPart(row: WorkbookRow, number: number, header: boolean): string {
  const styled = 'cells' in row ? row : { style: header ? ('header' as const) : undefined, cells: row }
  const cells = styled.cells.map((cell, index) => cellPart(cell, `${lettersOf(index)}${number}`, styled.style)).join('')
  return `<row r="${number}">${cells}</row>`
}

function cellPart(cell: WorkbookCell, place: string, style: StyleName | undefined): string {
  const of = (name: StyleName) => ` s="${styles[name]}"`
  const own = style === undefined ? '' : of(style)
  if (cell === null || cell === undefined) return style === undefined ? '' : `<c r="${place}"${own}/>`
  if (typeof cell === 'boolean') return `<c r="${place}"${own} t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'number') {
    if (!Number.isFinite(cell)) throw new RangeError(`${cell} cannot be written to a workbook.`)
    return `<c r="${place}"${own}><v>${cell}</v></c>`
  }
  if (typeof cell === 'string') return textPart(cell, place, own || (isFormulaLike(cell) ? of('literal') : ''))
  if ('day' in cell) {
    const serial = serialOf(cell.day)
    return serial === null
      ? textPart(cell.day, place, own)
      : `<c r="${place}"${of(style === 'example' ? 'exampleDay' : 'day')}><v>${serial}</v></c>`
  }
  if (!isDecimal(cell.decimal)) throw new RangeError(`"${cell.decimal}" is no number.`)
  const value = canonicalDecimal(cell.decimal)
  const zeros = /^-?\d+\.(\d*0)$/.exec(cell.decimal)?.[1]?.length ?? 0
  const digits = value.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length
  if (digits > significant || zeros > maxDecimals) return textPart(zeros > 0 ? cell.decimal : value, place, own)
  const shown = style === undefined && zeros > 0 ? ` s="${fixedStyle(zeros)}"` : own
  return `<c r="${place}"${shown}><v>${value}</v></c>`
}

function textPart(text: string, place: string, style: string): string {
  if (text.length > maxTextLength) throw new RangeError(`A cell holds at most ${maxTextLength} characters.`)
  return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
}

/** Serial number in the 1900 system; null before 1 March 1900, where programs disagree. */
function serialOf(day: string): number | null {
  const serial = dayNumber(day) + 25_569
  return serial >= 61 ? serial : null
}

function validations({ columns, headerRows }: WorkbookSheet): string {
  const offered = columns.flatMap((column, index) => {
    if (!column.list) return []
    const letters = lettersOf(index)
    const range = `${letters}${headerRows + 1}:${letters}${headerRows + listRows}`
    return [
      `<dataValidation type="list" allowBlank="1" showInputMessage="1"${column.open ? '' : ' showErrorMessage="1"'} sqref="${range}"><formula1>${escaped(column.list)}</formula1></dataValidation>`,
    ]
  })
  return offered.length > 0 ? `<dataValidations count="${offered.length}">${offered.join('')}</dataValidations>` : ''
}
