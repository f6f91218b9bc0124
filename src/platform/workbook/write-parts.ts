/** The small parts of a written workbook: content types, relations, and the notes on column names. */
import { lettersOf } from './address.ts'
import { escaped } from './write-look.ts'

type SheetOutline = {
  readonly name: string
  readonly hidden?: boolean
  readonly headerRows: number
  readonly columns: ReadonlyArray<{ readonly note?: string }>
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'
const sheetML = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Content types, relations and the list of sheets, by path. */
export function workbookParts(
  sheets: readonly SheetOutline[],
  names: ReadonlyArray<readonly [string, string]>,
): Array<[string, string]> {
  const numbers = sheets.map((_, index) => index + 1)
  const noted = numbers.filter((number) => sheets[number - 1]!.columns.some((column) => column.note))
  const override = (path: string, type: string) =>
    `<Override PartName="/${path}" ContentType="${sheetML}.${type}+xml"/>`
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${related}/${type}" Target="${target}"/>`
  const relations = (inner: string) =>
    `${head}<Relationships xmlns="${packaged}/relationships">${inner}</Relationships>`
  const sheetList = sheets
    .map(
      ({ name, hidden }, index) =>
        `<sheet name="${escaped(sheetName(name))}" sheetId="${index + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
    )
    .join('')
  const defined = names.map(([name, range]) => `<definedName name="${escaped(name)}">${escaped(range)}</definedName>`)
  return [
    [
      '[Content_Types].xml',
      `${head}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>${override('xl/workbook.xml', 'sheet.main')}${override('xl/styles.xml', 'styles')}${numbers.map((number) => override(`xl/worksheets/sheet${number}.xml`, 'worksheet')).join('')}${noted.map((number) => override(`xl/comments${number}.xml`, 'comments')).join('')}</Types>`,
    ],
    ['_rels/.rels', relations(relation('rId1', 'officeDocument', 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${related}"><bookViews><workbookView/></bookViews><sheets>${sheetList}</sheets>${defined.length > 0 ? `<definedNames>${defined.join('')}</definedNames>` : ''}</workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relations(
        `${numbers.map((number) => relation(`rId${number}`, 'worksheet', `worksheets/sheet${number}.xml`)).join('')}${relation('rIdStyles', 'styles', 'styles.xml')}`,
      ),
    ],
  ]
}

/** At most 31 characters, none of those that formulas use. */
export const sheetName = (name: string): string => name.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31) || 'Sheet'

export const sheetRelations = (number: number): string =>
  `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${related}/comments" Target="../comments${number}.xml"/><Relationship Id="rId2" Type="${related}/vmlDrawing" Target="../drawings/vmlDrawing${number}.vml"/></Relationships>`

type Noted = { place: string; row: number; column: number; note: string }

const notesOf = ({ columns, headerRows }: SheetOutline): Noted[] =>
  columns.flatMap(({ note }, column) => {
    const row = Math.max(1, headerRows)
    return note ? [{ place: `${lettersOf(column)}${row}`, row, column, note }] : []
  })

export function commentsPart(sheet: SheetOutline): string {
  const list = notesOf(sheet).map(
    ({ place, note }) =>
      `<comment ref="${place}" authorId="0"><text><r><t xml:space="preserve">${escaped(note)}</t></r></text></comment>`,
  )
  return `${head}<comments xmlns="${main}"><authors><author>Commonweal</author></authors><commentList>${list.join('')}</commentList></comments>`
}

/** Excel shows a note only where a drawing in its older form places it (ECMA-376 part 4, 19.4). */
export function drawingPart(sheet: SheetOutline): string {
  const shapes = notesOf(sheet).map(
    ({ row, column }, index) =>
      `<v:shape id="_x0000_s${1025 + index}" type="#_x0000_t202" style="position:absolute;width:220pt;height:70pt;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${column + 1}, 15, ${row}, 2, ${column + 4}, 15, ${row + 4}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`,
  )
  return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"/>${shapes.join('')}</xml>`
}
