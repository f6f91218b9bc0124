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
      unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\t', '\r', '\n', ' ', '1', 'a', '中', '＝'),
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

  test('a number that is not finite is refused', async () => {
    await expect(written([[Number.NaN]])).rejects.toThrow(RangeError)
  })
})
