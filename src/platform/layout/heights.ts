/**
 * Third step: the height of each point. In its column it is drawn towards the middle of what it is joined to; the order
 * and the least distance are kept by least squares under order (pool adjacent violators; Barlow et al. 1972), which is exact
 * and linear.
 */
import type { Columns } from './columns.ts'
import { type Neighbours, neighbours } from './order.ts'

const rounds = 10
/** A bend pulls its link straight with more force than a box is pulled. */
const bendWeight = 6

/** Distance kept around a point: half of a box and its gap, or a narrow lane for a bend. */
export type Clearance = (point: number) => number

/** Points of one column that keep together, in their order, and the room they have. */
type Run = { readonly points: readonly number[]; readonly top: number; readonly bottom: number }

/**
 * Middle of each point from the top, the highest edge at 0. With `laneHead` above 0 every row has room for its fullest
 * column and no more, with that much space between rows.
 */
export function heightsOf(
  columns: Columns,
  order: readonly Int32Array[],
  reach: Clearance,
  laneHead: number,
): Float64Array {
  const { column, left, right, nodes } = columns
  const points = column.length
  const onRight = neighbours(points, left, right)
  const onLeft = neighbours(points, right, left)
  const y = new Float64Array(points)
  const runs = laneHead > 0 ? inLanes(columns, order, reach, laneHead) : order.map((list) => [freely(list)])
  for (const { points: run, top } of runs.flat()) {
    let down = Number.isFinite(top) ? top : 0
    for (const point of run) {
      down += reach(point)
      y[point] = down
      down += reach(point)
    }
  }
  const settle = ({ points: run, top, bottom }: Run, sides: readonly Neighbours[]) => {
    const wished = new Float64Array(run.length)
    const weight = new Float64Array(run.length)
    let offset = 0
    for (const [index, point] of run.entries()) {
      offset += index === 0 ? 0 : reach(run[index - 1]!) + reach(point)
      let sum = 0
      let pull = 0
      for (const side of sides)
        for (let position = side.start[point]!; position < side.start[point + 1]!; position += 1) {
          const other = side.list[position]!
          const force = point >= nodes && other >= nodes ? bendWeight : 1
          sum += force * y[other]!
          pull += force
        }
      wished[index] = (pull === 0 ? y[point]! : sum / pull) - offset
      weight[index] = pull === 0 ? 0.05 : Math.sqrt(pull)
    }
    // Clipping the ascending sequence to its bounds gives the nearest one within them.
    const least = top + reach(run[0]!)
    const most = bottom - reach(run.at(-1)!) - offset
    const fitted = ascending(wished, weight)
    offset = 0
    for (const [index, point] of run.entries()) {
      offset += index === 0 ? 0 : reach(run[index - 1]!) + reach(point)
      y[point] = Math.min(most, Math.max(least, fitted[index]!)) + offset
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    const sides = round < rounds - 2 ? (round % 2 === 0 ? [onRight] : [onLeft]) : [onLeft, onRight]
    const settled = round % 2 === 0 ? runs.slice(0, -1).reverse() : runs.slice(1)
    for (const list of settled) for (const run of list) settle(run, sides)
  }
  if (laneHead > 0) return y
  let top = Number.POSITIVE_INFINITY
  for (let point = 0; point < points; point += 1) top = Math.min(top, y[point]! - reach(point))
  return points === 0 ? y : y.map((each) => each - top)
}

const freely = (list: Int32Array): Run => ({
  points: [...list],
  top: Number.NEGATIVE_INFINITY,
  bottom: Number.POSITIVE_INFINITY,
})

/** The runs of every column, row by row. */
function inLanes({ lane }: Columns, order: readonly Int32Array[], reach: Clearance, head: number): Run[][] {
  const byRow = order.map((list) => Map.groupBy(list, (point) => lane[point]!))
  const rows = [...new Set(lane)].sort((a, b) => a - b)
  const runs: Run[][] = order.map(() => [])
  let top = 0
  for (const row of rows) {
    top += head
    const here = byRow.map((columns) => columns.get(row) ?? [])
    const height = Math.max(...here.map((points) => points.reduce((sum, point) => sum + 2 * reach(point), 0)))
    for (const [at, points] of here.entries())
      if (points.length > 0) runs[at]!.push({ points, top, bottom: top + height })
    top += height
  }
  return runs
}

/** The ascending sequence nearest to the wished one in least squares with weights. */
export function ascending(wished: Float64Array, weight: Float64Array): Float64Array {
  const mean: number[] = []
  const mass: number[] = []
  const size: number[] = []
  for (let index = 0; index < wished.length; index += 1) {
    mean.push(wished[index]!)
    mass.push(weight[index]!)
    size.push(1)
    while (mean.length > 1 && mean.at(-2)! > mean.at(-1)!) {
      const [lowerMean, lowerMass, lowerSize] = [mean.pop()!, mass.pop()!, size.pop()!]
      const at = mean.length - 1
      const together = mass[at]! + lowerMass
      mean[at] = (mean[at]! * mass[at]! + lowerMean * lowerMass) / together
      mass[at] = together
      size[at]! += lowerSize
    }
  }
  const fitted = new Float64Array(wished.length)
  let index = 0
  for (const [block, value] of mean.entries())
    for (let member = 0; member < size[block]!; member += 1) fitted[index++] = value
  return fitted
}
