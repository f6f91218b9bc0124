/** What is in the cells of real workbooks, and how it is read. */
import { describe, expect, test } from 'vitest'
import { handMade, piecesOf, rowsXml, written } from '#test/kit/workbooks.ts'
import { openTableFile } from '../table-file.ts'
import type { ReadOptions, Row } from '../tabular/index.ts'

async function read(bytes: Buffer, options: ReadOptions = {}) {
  const file = await openTableFile(piecesOf(bytes))
  const table = await file.open(options)
  const rows: Row[] = []
  for await (const row of table.rows) rows.push(row)
  await file.close()
  return {
    ...{ file, table, rows, header: table.header, cells: rows.map((row) => row.cells) },
    reported: [...file.problems, ...table.problems.shown].map(({ code, row, column }) => [code, row, column]),
  }
}

const styles = (formats: readonly string[]) =>
  `<numFmts>${formats.map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${code.replaceAll(`"`, '&quot;')}"/>`).join('')}</numFmts>
   <cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${200 + index}"/>`).join('')}</cellXfs>`
const shown = async (format: string, value: string, date1904 = false) => {
  const rows = `<row r="1"><c r="A1" t="inlineStr"><is><t>Head</t></is></c></row><row r="2"><c r="A2" s="1"><v>${value}</v></c></row>`
  const bytes = await handMade({ sheets: [{ name: 'S', rows }], styles: styles([format]), date1904 })
  const { cells, rows: made } = await read(bytes, { headerRow: 1 })
  expect(made[0]!.exact).toEqual([true])
  return cells[0]![0]
}

describe('numbers are read as they are shown', () => {
  test.each([
    ['General', '1234.5', '1234.5'],
    ['General', '0.30000000000000004', '0.3'],
    ['General', '1.1000000000000001', '1.1'],
    ['General', '1E-7', '0.0000001'],
    ['General', '1.5E+21', '1500000000000000000000'],
    ['General', '-0', '0'],
    ['#,##0.00', '1234567.125', '1234567.125'],
    ['#,##0.00\\ "€"', '12.5', '12.50'],
    ['0.00', '7', '7.00'],
    ['[$¥-804]#,##0', '300', '300'],
    ['0%', '0.45', '45%'],
    ['0.0%', '0.07', '7%'],
    ['0.0%', '1.0349999999999999', '103.5%'],
    ['0%', '-0.005', '-0.5%'],
    ['@', '17', '17'],
    ['"day" 0', '3', '3'],
    ['yyyy\\-mm\\-dd', '45351', '2024-02-29'],
    ['d/m/yy', '1', '1900-01-01'],
    ['d/m/yy', '59', '1900-02-28'],
    ['d/m/yy', '61', '1900-03-01'],
    ['dd.mm.yyyy hh:mm', '45351.75', '2024-02-29T18:00:00'],
    ['mmm\\ yy', '45352', '2024-03'],
    ['yyyy', '45352', '2024'],
    ['yyyy"年"m"月"d"日"', '45352', '2024-03-01'],
    ['h:mm', '0.17430555555555555', '4:11'],
    ['[h]:mm:ss', '1.5', '36:00:00'],
    ['mm:ss', '0.0029050925925925928', '0:04:11'],
  ])('%s of %s is %s', async (format, value, expected) => {
    expect(await shown(format, value)).toBe(expected)
  })

  test('the 29 February 1900 that Excel counts stays visible, to be refused as no day of the calendar', async () => {
    expect(await shown('yyyy-mm-dd', '60')).toBe('1900-02-29')
  })

  test('days that are counted from 1904 are the same days', async () => {
    expect(await shown('yyyy-mm-dd', '0', true)).toBe('1904-01-01')
    expect(await shown('yyyy-mm-dd', '43889', true)).toBe('2024-02-29')
  })

  test('a number that is no day in its system stays a number', async () => {
    expect(await shown('yyyy-mm-dd', '-1')).toBe('-1')
    expect(await shown('yyyy-mm-dd', '99999999')).toBe('99999999')
  })
})

describe('cells', () => {
  const strings = `<si><t>Name</t></si><si><r><t>Rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>
    <si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr/></si><si><t>a_x000D_b &amp; _x005F_x000D_</t></si>`
  const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>B</t></is></c><c r="C1" t="inlineStr"><is><t>C</t></is></c></row>
    <row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c></row>
    <row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="str"><f>A1&amp;"x"</f><v>Namex</v></c><c r="C3"><f>1+1</f><v>2</v></c></row>
    <row r="4"><c r="A4" t="s"><v>3</v></c><c r="C4"><f>SUM(C1:C3)</f></c></row>
    <row><c t="inlineStr"><is><t>without</t></is></c><c><v>5</v></c><c t="d"><v>2024-02-29T00:00:00</v></c></row>`

  test.each([false, true])('texts, flags, errors and results of formulas; strict form: %s', async (strict) => {
    const { header, cells, reported } = await read(await handMade({ sheets: [{ name: 'S', rows }], strings, strict }))
    expect(header).toEqual(['Name', 'B', 'C'])
    expect(cells).toEqual([
      ['Rich text', 'true', '#N/A'],
      ['東京', 'Namex', '2'],
      ['a\rb & _x000D_', '', ''],
      ['without', '5', '2024-02-29'],
    ])
    expect(reported).toEqual([
      ['cell.spreadsheet-error', 2, 'C'],
      ['cell.formula-not-calculated', 4, 'C'],
    ])
  })

  test('what no text may hold is told, a sign in two halves is one', async () => {
    const row = (number: number, text: string) =>
      `<row r="${number}"><c r="A${number}" t="inlineStr"><is><t>${text}</t></is></c></row>`
    const rows = [row(1, 'Name'), row(2, 'a_x0000_b'), row(3, 'a_xD800_b'), row(4, '_xD83D__xDE00_')].join('')
    const { cells, reported } = await read(await handMade({ sheets: [{ name: 'S', rows }] }))
    expect(cells).toEqual([['a\uFFFDb'], ['a\uFFFDb'], ['😀']])
    expect(reported).toEqual([
      ['cell.unreadable', 2, 'Name'],
      ['cell.unreadable', 3, 'Name'],
    ])
  })

  test('prefixed names, UTF-16 and comments do not matter', async () => {
    const sheet = `<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="urn:x"><x:sheetData><!-- <row> --><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>Größe</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`
    const parts = { 'xl/worksheets/sheet1.xml': Buffer.from(`\ufeff${sheet}`, 'utf16le') }
    const { header, cells } = await read(await handMade({ sheets: [{ name: 'S', rows: '' }], parts }))
    expect([header, cells]).toEqual([['Größe'], [['1']]])
  })

  test('numbers keep their value whatever number format the mapping states for texts', async () => {
    const { rows } = await read(
      await written({
        sheets: [
          {
            name: 'S',
            headerRows: 1,
            columns: [],
            rows: [
              ['a', 'b'],
              [1.234, '1.234'],
            ],
          },
        ],
      }),
    )
    expect(rows[0]).toMatchObject({ cells: ['1.234', '1.234'], exact: [true, false] })
  })
})

describe('where the table stands', () => {
  const merge = (...ranges: string[]) =>
    `<mergeCells>${ranges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`

  test('titles above, blank columns beside, remarks below', async () => {
    const data = rowsXml([
      [null, null, 'Report of the city, 2024'],
      null,
      [null, null, 'Measure', 'Unit', '2022', '2023'],
      [null, null, 'Litter', 't', 12, 13],
      [null, null, 'Benches', '1', 4, 5],
      null,
      [null, null, 'Source: Parks'],
    ])
    const bytes = await handMade({ sheets: [{ name: 'S', rows: data, behind: merge('C1:F1') }] })
    const { table, header, cells, reported } = await read(bytes, { endsWith: 'blank-row' })
    expect(table.sheet).toEqual({ name: 'S', headerRow: 3, headerRows: 1, letters: ['C', 'D', 'E', 'F'] })
    expect(header).toEqual(['Measure', 'Unit', '2022', '2023'])
    expect(cells).toEqual([
      ['Litter', 't', '12', '13'],
      ['Benches', '1', '4', '5'],
    ])
    expect(reported).toEqual([
      ['file.preamble', 1, null],
      ['workbook.below-table', 7, null],
    ])
  })

  test('names over two rows, merged', async () => {
    const data = rowsXml([
      ['Measure', 'Agency', '2022', null, '2023', null],
      [null, null, 'Actual', 'Target', 'Actual', 'Target'],
      ['Litter', 'Parks', 12, 10, 13, 10],
      ['Benches', 'Parks', 4, 5, 5, 5],
    ])
    const behind = merge('A1:A2', 'B1:B2', 'C1:D1', 'E1:F1')
    const { table, header, cells } = await read(await handMade({ sheets: [{ name: 'S', rows: data, behind }] }))
    expect(header).toEqual(['Measure', 'Agency', '2022 / Actual', '2022 / Target', '2023 / Actual', '2023 / Target'])
    expect(table.sheet).toMatchObject({ headerRow: 1, headerRows: 2 })
    expect(cells[0]).toEqual(['Litter', 'Parks', '12', '10', '13', '10'])
  })

  test('names over two rows, not merged, below a title', async () => {
    const data = rowsXml([
      ['Results'],
      [null, null, '2022', null, '2023', null],
      ['Measure', 'Agency', 'Actual', 'Target', 'Actual', 'Target'],
      ['Litter', 'Parks', 12, 10, 13, 10],
      ['Benches', 'Parks', 4, 5, 5, 5],
    ])
    const { table, header } = await read(await handMade({ sheets: [{ name: 'S', rows: data }] }))
    expect(header).toEqual(['Measure', 'Agency', '2022 / Actual', '2022 / Target', '2023 / Actual', '2023 / Target'])
    expect(table.sheet).toMatchObject({ headerRow: 2, headerRows: 2 })
  })

  test('a label merged over several rows belongs to each of them, a number to the first alone', async () => {
    const data = rowsXml([
      ['Department', 'Measure', 'Value'],
      ['Parks', 'Litter', 12],
      [null, 'Benches', null],
      [null, 'Trees', 7],
    ])
    const behind = merge('A2:A4', 'C2:C3')
    const { cells, reported } = await read(await handMade({ sheets: [{ name: 'S', rows: data, behind }] }))
    expect(cells).toEqual([
      ['Parks', 'Litter', '12'],
      ['Parks', 'Benches', ''],
      ['Parks', 'Trees', '7'],
    ])
    expect(reported).toEqual([['workbook.merged-cells', null, null]])
  })

  test('what is hidden is taken, and told', async () => {
    const rows = `${rowsXml([['a', 'b']])}<row r="2" hidden="1"><c r="A2"><v>1</v></c></row>${rowsXml([[2, 3]], 3)}`
    const before = '<cols><col min="2" max="16384" hidden="1"/></cols>'
    const sheets = [
      { name: 'Notes', state: 'veryHidden', rows: rowsXml([['secret']]) },
      { name: 'S', rows, before },
    ]
    const { table, cells, reported } = await read(await handMade({ sheets }))
    expect(table.sheet?.name).toBe('S')
    expect(cells).toEqual([
      ['1', ''],
      ['2', '3'],
    ])
    expect(reported.map(([code]) => code)).toEqual([
      'workbook.hidden-sheets',
      'workbook.hidden-rows',
      'workbook.hidden-columns',
    ])
  })

  test('a sheet is found by its name but for case and spaces, and what there is is named', async () => {
    const bytes = await handMade({ sheets: [{ name: 'Plan 2024', rows: rowsXml([['a'], [1]]) }] })
    expect((await read(bytes, { sheet: 'plan 2024 ' })).header).toEqual(['a'])
    const { table } = await read(bytes, { sheet: 'Values' })
    expect(table.problems.stop).toMatchObject({ code: 'workbook.sheet-missing', values: { text: 'Plan 2024' } })
  })

  test('a cell beside the table rejects its row and is named by its letter', async () => {
    const data = rowsXml([
      ['a', 'b'],
      [1, 2],
    ])
    const far = '<row r="900"><c r="A900"><v>3</v></c><c r="AB900" t="inlineStr"><is><t>stray</t></is></c></row>'
    const filler = Array.from(
      { length: 320 },
      (_, index) => `<row r="${index + 3}"><c r="A${index + 3}"><v>1</v></c></row>`,
    )
    const { table } = await read(await handMade({ sheets: [{ name: 'S', rows: data + filler.join('') + far }] }))
    expect(table.problems.shown).toMatchObject([{ code: 'row.too-many-cells', row: 900, cell: 'AB900' }])
  })

  test('colours are text only where they are asked for', async () => {
    const fills =
      '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFC00000"/></patternFill></fill></fills>'
    const xfs = '<cellXfs><xf fillId="0"/><xf fillId="1"/></cellXfs>'
    const rows = `${rowsXml([['Measure', 'Status']])}<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"/></row>`
    const bytes = await handMade({ sheets: [{ name: 'S', rows }], styles: fills + xfs })
    expect((await read(bytes)).cells).toEqual([['1', '']])
    expect((await read(bytes, { colours: ['Status'] })).cells).toEqual([['1', '#C00000']])
  })
})
