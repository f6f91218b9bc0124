/**
 * Suppression of small counts (`measures` §2): cells from 1 up to below a minimum are withheld, and further cells with
 * them until no withheld number follows from what is shown.
 *
 * The reader is assumed to know the method: that the table adds up, that withheld cells are whole numbers of at least 1
 * (zeros are shown, see below). A withheld number is safe when the table could be completed with another number in its
 * place. A table is seen as a graph with a node per line and an edge per number; a number can move by one exactly where
 * a closed walk of withheld numbers leads through it (Gusfield 1988, "A graph theoretic approach to statistical data
 * security"). Beyond that, the withheld cells of a line with a shown total add up to the minimum or more.
 *
 * Zero cells are shown: they concern nobody. Where "nobody" itself gives something away (everybody in a group has
 * the other answer), state `zeros: 'withhold'`; zeros are then treated as small cells.
 */

export type SuppressionOptions = {
  /** Counts below this are withheld; default 10. */
  readonly minimum?: number
  readonly zeros?: 'show' | 'withhold'
}

/** Why a number is withheld: 'small' is below the minimum; 'secondary' protects another one. */
export type Mark = 'shown' | 'small' | 'secondary'

export const defaultMinimum = 10

const checkCounts = (counts: readonly number[]): void => {
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`Counts of people are whole numbers from 0; ${count} is none.`)
  }
}

export type ListSuppression = { readonly cells: readonly Mark[]; readonly total: Mark }

/** One list of counts shown with its total. Secondary cells are the smallest that do; the total goes last. */
export function suppressList(counts: readonly number[], options: SuppressionOptions = {}): ListSuppression {
  checkCounts(counts)
  const minimum = options.minimum ?? defaultMinimum
  const floor = options.zeros === 'withhold' ? 0 : 1
  const small = (count: number) => count >= floor && count < minimum
  const cells: Mark[] = counts.map((count) => (small(count) ? 'small' : 'shown'))
  const sum = counts.reduce((total, count) => total + count, 0)
  let total: Mark = small(sum) ? 'small' : 'shown'
  const withheld = () => cells.flatMap((mark, index) => (mark === 'shown' ? [] : [index]))
  while (total === 'shown') {
    const hidden = withheld()
    const residual = hidden.reduce((part, index) => part + counts[index]!, 0)
    if (hidden.length === 0 || (hidden.length >= 2 && residual >= minimum && residual > hidden.length * floor)) break
    let smallest = -1
    for (const [index, mark] of cells.entries()) {
      if (mark === 'shown' && counts[index]! >= floor && (smallest < 0 || counts[index]! < counts[smallest]!))
        smallest = index
    }
    if (smallest < 0) total = 'secondary'
    else cells[smallest] = 'secondary'
  }
  // A withheld total needs a withheld cell beside it, or it follows from the cells.
  if (total !== 'shown' && withheld().length === 0) {
    let smallest = -1
    for (const [index, count] of counts.entries())
      if (smallest < 0 || (count >= floor && count < counts[smallest]!)) smallest = index
    if (smallest >= 0) cells[smallest] = 'secondary'
  }
  return { cells, total }
}

export type TableSuppression = {
  readonly cells: readonly (readonly Mark[])[]
  readonly rowTotals: readonly Mark[]
  readonly columnTotals: readonly Mark[]
  readonly total: Mark
}

/** The table with its totals as a last row and column, and what is withheld of it. */
type Grid = {
  readonly rows: number
  readonly columns: number
  readonly values: number[][]
  readonly marks: Mark[][]
  readonly floor: number
}

const isTotal = (grid: Grid, row: number, column: number) => row === grid.rows - 1 || column === grid.columns - 1

/**
 * Signs: with y = −x for row and column totals and y = x elsewhere, each line of the grid adds up to zero in y. Along a
 * walk row → column a y rises by one, column → row it falls by one. A number may fall only while it stays at or above
 * the least a reader must allow.
 */
function canFall(grid: Grid, row: number, column: number): boolean {
  return grid.values[row]![column]! > grid.floor
}

function mayStep(grid: Grid, row: number, column: number, rowToColumn: boolean): boolean {
  const edge = row === grid.rows - 1 ? (column === grid.columns - 1 ? 1 : -1) : column === grid.columns - 1 ? -1 : 1
  const rises = rowToColumn === (edge === 1)
  return rises || canFall(grid, row, column)
}

type Walk = { readonly cost: number; readonly added: readonly (readonly [number, number])[] }

/**
 * Cheapest closed walk that lets the number at (row, column) move up or down by one without using that number twice;
 * numbers already withheld cost nothing. Dijkstra over the lines of the grid (rows first, then columns).
 */
function cheapestWalk(
  grid: Grid,
  row: number,
  column: number,
  upwards: boolean,
  cost: (row: number, column: number) => number,
): Walk | null {
  const { rows, columns } = grid
  // The number itself is one step of the walk; the rest leads from its end back to its start.
  const forwards = (row === rows - 1) !== (column === columns - 1) ? !upwards : upwards
  if (!upwards && !canFall(grid, row, column)) return null
  const [start, goal] = forwards ? [rows + column, row] : [row, rows + column]
  const distance: number[] = new Array(rows + columns).fill(Number.POSITIVE_INFINITY)
  const previous: number[] = new Array(rows + columns).fill(-1)
  const done: boolean[] = new Array(rows + columns).fill(false)
  distance[start] = 0
  for (;;) {
    let node = -1
    for (let next = 0; next < distance.length; next += 1) {
      if (!done[next] && distance[next]! < Number.POSITIVE_INFINITY && (node < 0 || distance[next]! < distance[node]!))
        node = next
    }
    if (node < 0) return null
    if (node === goal) break
    done[node] = true
    const isRow = node < rows
    for (let other = 0; other < (isRow ? columns : rows); other += 1) {
      const [r, c] = isRow ? [node, other] : [other, node - rows]
      if (r === row && c === column) continue
      if (!mayStep(grid, r, c, isRow)) continue
      const target = isRow ? rows + other : other
      const next = distance[node]! + (grid.marks[r]![c] === 'shown' ? cost(r, c) : 0)
      if (next < distance[target]!) {
        distance[target] = next
        previous[target] = node
      }
    }
  }
  const added: [number, number][] = []
  for (let node = goal; node !== start; node = previous[node]!) {
    const before = previous[node]!
    const [r, c] = node < rows ? [node, before - rows] : [before, node - rows]
    if (grid.marks[r]![c] === 'shown') added.push([r, c])
  }
  return { cost: distance[goal]!, added }
}

/** Withholds more until each withheld number can move; returns whether anything was added. */
function closeWalks(grid: Grid, cost: (row: number, column: number) => number): boolean {
  let changed = false
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      if (grid.marks[row]![column] === 'shown') continue
      const walks = [cheapestWalk(grid, row, column, true, cost), cheapestWalk(grid, row, column, false, cost)]
      const best = walks.reduce((least, walk) => (walk && (!least || walk.cost < least.cost) ? walk : least), null)
      for (const [r, c] of best?.added ?? []) {
        grid.marks[r]![c] = 'secondary'
        changed = true
      }
    }
  }
  return changed
}

/** In a line with a shown total the withheld cells add up to the minimum; returns whether anything was added. */
function fillLines(grid: Grid, minimum: number, cost: (row: number, column: number) => number): boolean {
  let changed = false
  const line = (cells: readonly (readonly [number, number])[], total: readonly [number, number]) => {
    while (grid.marks[total[0]]![total[1]] === 'shown') {
      const hidden = cells.filter(([r, c]) => grid.marks[r]![c] !== 'shown')
      const sum = hidden.reduce((part, [r, c]) => part + grid.values[r]![c]!, 0)
      if (hidden.length === 0 || sum >= minimum) return
      const open = cells.filter(([r, c]) => grid.marks[r]![c] === 'shown' && grid.values[r]![c]! >= grid.floor)
      const [r, c] = open.reduce(
        (best, cell) => (cost(cell[0], cell[1]) < cost(best[0], best[1]) ? cell : best),
        open[0] ?? total,
      )
      grid.marks[r]![c] = 'secondary'
      changed = true
    }
  }
  const indexes = (count: number) => Array.from({ length: count - 1 }, (_, index) => index)
  for (const row of indexes(grid.rows + 1)) {
    line(
      indexes(grid.columns).map((column) => [row, column] as const),
      [row, grid.columns - 1],
    )
  }
  for (const column of indexes(grid.columns + 1)) {
    line(
      indexes(grid.rows).map((row) => [row, column] as const),
      [grid.rows - 1, column],
    )
  }
  return changed
}

/**
 * A table of counts shown with row totals, column totals and the grand total. Throws RangeError for ragged rows or
 * counts that are no whole numbers. Prefers to withhold small cells, then large ones, then totals.
 */
export function suppressTable(
  counts: readonly (readonly number[])[],
  options: SuppressionOptions = {},
): TableSuppression {
  checkCounts(counts.flat())
  const width = counts[0]?.length ?? 0
  if (counts.some((row) => row.length !== width))
    throw new RangeError('All rows of a table have the same number of cells.')
  const minimum = options.minimum ?? defaultMinimum
  const floor = options.zeros === 'withhold' ? 0 : 1
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const values = counts.map((row) => [...row, sum(row)])
  values.push(Array.from({ length: width + 1 }, (_, column) => sum(values.map((row) => row[column]!))))
  const marks = values.map((row) => row.map((value): Mark => (value >= floor && value < minimum ? 'small' : 'shown')))
  const grid: Grid = { rows: values.length, columns: width + 1, values, marks, floor }
  const largest = values.at(-1)!.at(-1)! + 1
  const cost = (row: number, column: number) => {
    const value = values[row]![column]!
    // Below the floor nothing may be withheld: the reader knows that withheld numbers are at least that.
    if (value < floor) return Number.POSITIVE_INFINITY
    const kind = row === grid.rows - 1 && column === grid.columns - 1 ? 2 : isTotal(grid, row, column) ? 1 : 0
    return 1 + value + kind * largest * (grid.rows + grid.columns)
  }
  while (fillLines(grid, minimum, cost) || closeWalks(grid, cost)) {
    // Each round withholds at least one more number, so this ends.
  }
  return {
    cells: marks.slice(0, -1).map((row) => row.slice(0, -1)),
    rowTotals: marks.slice(0, -1).map((row) => row.at(-1)!),
    columnTotals: marks.at(-1)!.slice(0, -1),
    total: marks.at(-1)!.at(-1)!,
  }
}
