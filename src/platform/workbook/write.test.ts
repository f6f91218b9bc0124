/** What is written is read back the same, by us and (checked by hand) by spreadsheets. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import yauzl from 'yauzl'
import { piecesOf, written } from '#test/kit/workbooks.ts'
import { decimalFromNumber } from '#values/decimal.ts'
import { dayFromNumber } from '#values/period.ts'
import { lettersOf, rangeOf } from './address.ts'
import { openWorkbook } from './open.ts'
import type { WorkbookCell, WorkbookRow } from './write.ts'

async function readBack(bytes: Buffer, name: string) {
  const workbook = await openWorkbook(piecesOf(bytes, 1000) as AsyncGenerator<Buffer>)
  const sheet = await workbook.open(name)
  const rows: Array<Record<number, string>> = []
  for await (const row of sheet.rows)
    rows[row.number - 1] = Object.fromEntries(row.cells.map((cell) => [cell.column, cell.text]))
  await workbook.close()
  return rows
}

/** The text of one part of a workbook. */
const partOf = (bytes: Buffer, name: string): Promise<string> =>
  new Promise((resolve, reject) =>
    yauzl.fromBuffer(bytes, (_error, zip) =>
      zip!.on('error', reject).on('entry', (entry: yauzl.Entry) => {
        if (entry.fileName !== name) return
        zip!.openReadStream(entry, async (_failed, stream) => resolve((await stream!.toArray()).join('')))
      }),
    ),
  )

/** How a cell is read back: half a character, which no record can hold, becomes U+FFFD. */
function said(cell: WorkbookCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'boolean') return String(cell)
  if (typeof cell === 'number') return decimalFromNumber(Number(cell.toPrecision(15)))
  if (typeof cell === 'string') return cell.replaceAll('\u0000', '\uFFFD').toWellFormed()
  return 'day' in cell ? cell.day : cell.decimal
}

const cell: fc.Arbitrary<WorkbookCell> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '=1+1',
    '+1',
    '_x000D_',
    '_x005F_x000D_',
    ' padded ',
    'a\r\nb',
    '\t',
    "'",
    ']]>',
    '<a>&amp;</a>',
    '\ud800',
    '\ufffe',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e27, max: 1e27 }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: -25508, max: 2_932_896 }).map((number) => ({ day: dayFromNumber(number) })),
  fc.constantFrom('7.0', '-0.50', '12345678901234.50', '0.00', '1.230').map((decimal) => ({ decimal })),
  fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }).map((number) => ({ decimal: String(number) })),
)

test('every cell comes back as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 6 }), { minLength: 1, maxLength: 8 }), async (rows) => {
      const bytes = await written({ sheets: [{ name: 'Table', headerRows: 0, columns: [], rows }] })
      const found = await readBack(bytes, 'Table')
      for (const [index, row] of rows.entries())
        for (const [column, each] of row.entries()) expect(found[index]?.[column] ?? '').toBe(said(each))
    }),
    { numRuns: 200 },
  )
})

test.each(['=1+1', '\u200b=1+1', '\ufeff@x', '\u00a0+1+1', '\t-1+1', ' ＝1', "' x", 'plain', '-5.5', ' -'])(
  'a text that begins a formula (%j), behind whatever blanks, stays text when somebody edits it',
  async (text) => {
    const bytes = await written({ sheets: [{ name: 'A', headerRows: 1, columns: [{}], rows: [['name'], [text]] }] })
    const sheet = await partOf(bytes, 'xl/worksheets/sheet1.xml')
    const styles = await partOf(bytes, 'xl/styles.xml')
    const style = /<c r="A2"(?: s="(\d+)")?/.exec(sheet)?.[1]
    const formats = [
      ...styles
        .split('<cellXfs')[1]!
        .split('</cellXfs>')[0]!
        .matchAll(/<xf [^>]*?(?:\/>|>)/g),
    ]
    const isMarked = style !== undefined && formats[Number(style)]![0].includes('quotePrefix="1"')
    expect(isMarked).toBe(!["' x", 'plain', '-5.5', ' -'].includes(text))
  },
)

test('the same content is the same bytes', async () => {
  const content = { sheets: [{ name: 'A', headerRows: 1, columns: [{ note: 'why' }], rows: [['a'], [1]] }] }
  expect((await written(content)).equals(await written(content))).toBe(true)
})

test('lists, notes, widths and a name that is no name', async () => {
  const rows: WorkbookRow[] = [
    ['Which <way>', 'Kind'],
    ['up', 'other'],
  ]
  const columns = [
    { width: 30, list: 'Ways', note: 'Up & down' },
    { list: 'Kinds', open: true },
  ]
  const bytes = await written({
    sheets: [{ name: 'A/B: [plan]', headerRows: 1, columns, rows }],
    lists: { Ways: ['up', 'down', 'a,b'], Kinds: "'A B   plan '!$B$2:$B$9" },
  })
  const workbook = await openWorkbook(piecesOf(bytes) as AsyncGenerator<Buffer>)
  expect(workbook.sheets.map(({ name, hidden }) => [name, hidden])).toEqual([
    ['A B   plan ', false],
    ['Lists', true],
  ])
  // A sheet that we hid ourselves is nothing to tell.
  expect(workbook.problems).toEqual([])
  await workbook.close()
  expect(await readBack(bytes, 'Lists')).toEqual([{ 0: 'Ways' }, { 0: 'up' }, { 0: 'down' }, { 0: 'a,b' }])
})

test('what no workbook can hold is refused by name', async () => {
  const one = (cell: WorkbookCell) => written({ sheets: [{ name: 'A', headerRows: 0, columns: [], rows: [[cell]] }] })
  await expect(one('x'.repeat(32_768))).rejects.toThrow(/32767 characters/)
  await expect(one(Number.NaN)).rejects.toThrow(RangeError)
  await expect(one({ decimal: 'ten' })).rejects.toThrow(/"ten" is no number/)
})

test('columns are lettered as spreadsheets do', () => {
  expect([0, 25, 26, 701, 702, 16383].map(lettersOf)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD'])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 16383 }), (column) => rangeOf(`${lettersOf(column)}7`)?.left === column),
  )
  expect([rangeOf('B2:D4'), rangeOf('A'), rangeOf('1A')]).toEqual([
    { top: 2, left: 1, bottom: 4, right: 3 },
    null,
    null,
  ])
})
