import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Mark, suppressList, suppressTable } from './suppression.ts'

/** All ways to fill the withheld numbers of a table that fit what is shown, each at least 1; values found per number. */
function completions(values: readonly (readonly number[])[], marks: readonly (readonly Mark[])[]): Set<number>[] {
  const hidden = values.flatMap((row, r) => row.flatMap((_, c) => (marks[r]![c] === 'shown' ? [] : [[r, c] as const])))
  const found = hidden.map(() => new Set<number>())
  const work = values.map((row) => [...row])
  const rows = values.length - 1
  const columns = values[0]!.length - 1
  const most = values[rows]![columns]! + 3
  const fits = () => {
    for (let r = 0; r <= rows; r += 1)
      if (work[r]!.slice(0, -1).reduce((a, b) => a + b, 0) !== work[r]![columns]) return false
    for (let c = 0; c <= columns; c += 1) {
      let sum = 0
      for (let r = 0; r < rows; r += 1) sum += work[r]![c]!
      if (sum !== work[rows]![c]) return false
    }
    return true
  }
  const rowIsWrong = (r: number, index: number) =>
    hidden.slice(index + 1).every(([later]) => later !== r) &&
    work[r]!.slice(0, -1).reduce((a, b) => a + b, 0) !== work[r]![columns]
  const fill = (index: number): void => {
    if (index === hidden.length) {
      if (fits()) for (const [position, [r, c]] of hidden.entries()) found[position]!.add(work[r]![c]!)
      return
    }
    const [r, c] = hidden[index]!
    for (let value = 1; value <= most; value += 1) {
      work[r]![c] = value
      if (!rowIsWrong(r, index)) fill(index + 1)
    }
    work[r]![c] = values[r]![c]!
  }
  fill(0)
  return found
}

function withTotals(counts: readonly (readonly number[])[]): number[][] {
  const rows = counts.map((row) => [...row, row.reduce((a, b) => a + b, 0)])
  rows.push(rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0)))
  return rows
}

/** Numbers that follow from the shown ones by linear algebra alone: a column of the reduced matrix with one entry. */
function determined(rows: number, columns: number, marks: readonly (readonly Mark[])[]): number {
  const hidden = marks.flatMap((row, r) => row.flatMap((mark, c) => (mark === 'shown' ? [] : [[r, c] as const])))
  const equations: number[][] = []
  for (let r = 0; r < rows; r += 1)
    equations.push(hidden.map(([hr, hc]) => (hr === r ? (hc === columns - 1 ? -1 : 1) : 0)))
  for (let c = 0; c < columns; c += 1)
    equations.push(hidden.map(([hr, hc]) => (hc === c ? (hr === rows - 1 ? -1 : 1) : 0)))
  let rank = 0
  for (let column = 0; column < hidden.length; column += 1) {
    const pivot = equations.findIndex((row, index) => index >= rank && Math.abs(row[column]!) > 1e-9)
    if (pivot < 0) continue
    ;[equations[rank], equations[pivot]] = [equations[pivot]!, equations[rank]!]
    const top = equations[rank]!
    const lead = top[column]!
    for (let index = 0; index < top.length; index += 1) top[index] = top[index]! / lead
    for (const [index, row] of equations.entries()) {
      const factor = row[column]!
      if (index !== rank && Math.abs(factor) > 1e-9)
        for (let at = 0; at < row.length; at += 1) row[at] = row[at]! - factor * top[at]!
    }
    rank += 1
  }
  return equations.filter((row) => row.filter((entry) => Math.abs(entry) > 1e-9).length === 1).length
}

const fullMarks = (result: ReturnType<typeof suppressTable>): Mark[][] => [
  ...result.cells.map((row, index) => [...row, result.rowTotals[index]!]),
  [...result.columnTotals, result.total],
]

describe('a list with its total', () => {
  test.each([
    [
      [50, 40, 30],
      ['shown', 'shown', 'shown'],
    ],
    [
      [50, 3, 30],
      ['shown', 'small', 'secondary'],
    ],
    [
      [50, 3, 4, 30],
      ['shown', 'small', 'small', 'secondary'],
    ],
    [
      [50, 8, 9],
      ['shown', 'small', 'small'],
    ],
    [
      [50, 0, 30],
      ['shown', 'shown', 'shown'],
    ],
  ] as const)('%j becomes %j', (counts, expected) => {
    expect(suppressList(counts).cells).toEqual(expected)
  })

  test('where nothing else is left, the total is withheld', () => {
    expect(suppressList([12, 0, 3])).toEqual({ cells: ['secondary', 'shown', 'small'], total: 'shown' })
    expect(suppressList([3, 0])).toEqual({ cells: ['small', 'shown'], total: 'small' })
    expect(suppressList([1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toMatchObject({ total: 'secondary' })
  })

  test('zeros are shown unless they tell something', () => {
    expect(suppressList([0, 30, 40]).cells[0]).toBe('shown')
    expect(suppressList([0, 30, 40], { zeros: 'withhold' }).cells).toEqual(['small', 'secondary', 'shown'])
  })

  test('no withheld cell follows from the rest, and no small cell is shown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 40 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (counts) => {
          const { cells, total } = suppressList(counts)
          const hidden = counts.filter((_, index) => cells[index] !== 'shown')
          for (const [index, count] of counts.entries()) if (count > 0 && count < 10) expect(cells[index]).toBe('small')
          if (total !== 'shown' || hidden.length === 0) return
          expect(hidden.length).toBeGreaterThanOrEqual(2)
          expect(hidden.reduce((a, b) => a + b, 0)).toBeGreaterThan(hidden.length)
        },
      ),
    )
  })

  test('counts that are no whole numbers are refused', () => {
    expect(() => suppressList([1.5])).toThrow(RangeError)
    expect(() => suppressTable([[1], [1, 2]])).toThrow(RangeError)
  })
})

describe('a table with its totals', () => {
  test('one small cell takes three others with it', () => {
    const { cells, rowTotals, total } = suppressTable([
      [50, 3, 60],
      [40, 70, 20],
      [30, 80, 90],
    ])
    expect(cells[0]![1]).toBe('small')
    expect(cells.flat().filter((mark) => mark === 'secondary')).toHaveLength(3)
    expect(rowTotals).toEqual(['shown', 'shown', 'shown'])
    expect(total).toBe('shown')
  })

  const table = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 60 })), {
        minLength: columns,
        maxLength: columns,
      }),
      {
        minLength: rows,
        maxLength: rows,
      },
    ),
  )

  test('no withheld number follows from the shown ones by any subtraction', () => {
    fc.assert(
      fc.property(table, (counts) => {
        const marks = fullMarks(suppressTable(counts))
        const values = withTotals(counts)
        for (const [r, row] of values.entries()) {
          for (const [c, value] of row.entries()) if (value > 0 && value < 10) expect(marks[r]![c]).toBe('small')
        }
        expect(determined(values.length, values[0]!.length, marks)).toBe(0)
      }),
      { numRuns: 500 },
    )
  })

  test('even a reader who tries all whole numbers finds at least two for each withheld one', () => {
    const tiny = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 2 }), {
      minLength: 2,
      maxLength: 2,
    })
    fc.assert(
      fc.property(tiny, fc.integer({ min: 2, max: 3 }), (counts, minimum) => {
        const marks = fullMarks(suppressTable(counts, { minimum }))
        const values = withTotals(counts)
        for (const found of completions(values, marks)) expect(found.size).toBeGreaterThanOrEqual(2)
      }),
      { numRuns: 60 },
    )
  })
})
