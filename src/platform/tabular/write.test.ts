import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFormulaLike, neutralise, restore } from './formula.ts'
import { readTable } from './read.ts'
import { type WritableCell, writeTable } from './write.ts'

async function written(rows: WritableCell[][], options = {}): Promise<string> {
  let text = ''
  for await (const piece of writeTable(rows, options)) text += piece
  return text
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

const text = fc
  .oneof(
    fc.string({ maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        "'",
        '"',
        ',',
        ';',
        '\t',
        '\r',
        '\n',
        ' ',
        '1',
        'a',
        '中',
        '＝',
        '\u200b',
        '\ufeff',
        '\u00a0',
        '\u3000',
        '\u202e',
        '﹢',
      ),
    }),
  )
  // U+FFFD marks damage, NUL is not text, and lone surrogates have no UTF-8.
  .filter((value) => !/[\0\ufffd]/.test(value) && value.isWellFormed())

describe('writing tables', () => {
  test('what is written reads back the same, whatever the texts and the delimiter', async () => {
    const rows = fc.array(fc.tuple(fc.constant('x'), text, text), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t', '|'), fc.boolean(), async (given, delimiter, bom) => {
        const file = await written([['id', 'first', 'second'], ...given], { delimiter, bom })
        const table = await readTable(bytesOf(file), { delimiter, restoreNeutralised: true })
        const cells: string[][] = []
        for await (const row of table.rows) cells.push(row.cells)
        expect(cells).toEqual(given)
        expect(table.problems.stop).toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  test('no text that a spreadsheet might run is written as it is, and restoring gives every text back', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(isFormulaLike(neutralise(value))).toBe(false)
        expect(restore(neutralise(value))).toBe(value)
      }),
      { numRuns: 1000 },
    )
  })

  test('genuine numbers are never touched, formulas always', async () => {
    const file = await written(
      [[-5.5, '-5.5', '-1,234.50', '+1e3', '-12 %', '=SUM(A1)', '-1+2', '@cmd', '＝1', null]],
      {
        bom: false,
      },
    )
    expect(file).toBe(`-5.5,-5.5,"-1,234.50",+1e3,-12 %,"'=SUM(A1)","'-1+2","'@cmd","'＝1",\r\n`)
  })

  test.each(['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢'].flatMap((sign) => [[sign]]))(
    'what hides before %s does not make it harmless, and is read back',
    async (sign) => {
      const hidden = [
        ...' \t\r\n\u000b\u00a0\u00ad\u034f\u061c\u180e\u2003\u200b\u200c\u200d\u200e\u2028\u202e\u2060\u2800\u3000\u3164\ufe0f\ufeff',
        '\u{e0020}',
      ]
      const before = ['', ...hidden, ...hidden.map((each) => `\u200b${each}\ufeff`), hidden.join('')]
      const cells = before.map((each) => `${each}${sign}HYPERLINK("x")`)
      for (const cell of cells) expect(isFormulaLike(cell), JSON.stringify(cell)).toBe(true)
      const file = await written([['id', 'text'], ...cells.map((cell) => ['x', cell])])
      for (const line of file.split('\r\n').filter((each) => each.startsWith('x,'))) expect(line).toMatch(/^x,"'/)
      const table = await readTable(bytesOf(file), { delimiter: ',', restoreNeutralised: true })
      const read: string[] = []
      for await (const row of table.rows) read.push(row.cells[1]!)
      expect(read).toEqual(cells)
    },
  )

  test('numbers and dashes behind blanks stay as they are', () => {
    for (const cell of [' -5', '\u00a0-5.5', '\u200b-1,234.50', ' -', '\u3000--', '\ufeff+3 %'])
      expect(neutralise(cell), JSON.stringify(cell)).toBe(cell)
    for (const cell of ['', ' ', '\u200b', '\ufeff', 'a=b', ' x', "'", "' x"]) expect(neutralise(cell)).toBe(cell)
  })

  test('a number that is not finite is refused', async () => {
    await expect(written([[Number.NaN]])).rejects.toThrow(RangeError)
  })
})
