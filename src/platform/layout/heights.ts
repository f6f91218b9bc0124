/**
 * Third step: how far down each point stands. In its column it is drawn towards the middle of what it is joined to; the order
 * and the least distance are kept by least squares under order (pool adjacent violators; Barlow et al. 1972), which is exact
 * and linear.
 */
import type { Columns } from './columns.ts'
import { type Neighbours, neighbours } from './order.ts'

const rounds = 10
/** A bend pulls its link straight with more force than a box is pulled. */
const bendWeight = 6

/** Distance kept around a point: half of a box and its gap, or a narrow lane for a bend. */
export type Reach = (point: number) => number

/** Middle of each point from the top, the highest edge at 0; with `laneHead` above 0, rows follow each other with so much room between. */
export function heightsOf(
  columns: Columns,
  order: readonly Int32Array[],
  reach: Reach,
  laneHead: number,
): Float64Array {
  const { column, left, right, nodes } = columns
  const points = column.length
  const onRight = neighbours(points, left, right)
  const onLeft = neighbours(points, right, left)
  const y = new Float64Array(points)
  for (const list of order) {
    let down = 0
    for (const point of list) {
      down += reach(point)
      y[point] = down
      down += reach(point)
    }
  }
  const settle = (at: number, sides: readonly Neighbours[]) => {
    const list = order[at]!
    const wished = new Float64Array(list.length)
    const weight = new Float64Array(list.length)
    let offset = 0
    for (const [index, point] of list.entries()) {
      offset += index === 0 ? 0 : reach(list[index - 1]!) + reach(point)
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
    const fitted = ascending(wished, weight)
    offset = 0
    for (const [index, point] of list.entries()) {
      offset += index === 0 ? 0 : reach(list[index - 1]!) + reach(point)
      y[point] = fitted[index]! + offset
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    const sides = round < rounds - 2 ? (round % 2 === 0 ? [onRight] : [onLeft]) : [onLeft, onRight]
    if (round % 2 === 0) for (let at = order.length - 2; at >= 0; at -= 1) settle(at, sides)
    else for (let at = 1; at < order.length; at += 1) settle(at, sides)
  }
  if (laneHead > 0) inLanes(columns, order, reach, laneHead, y)
  let top = Number.POSITIVE_INFINITY
  for (let point = 0; point < points; point += 1) top = Math.min(top, y[point]! - reach(point))
  return points === 0 ? y : y.map((each) => each - top)
}

/** Moves every row as a whole below the one above it, with its name on top. */
function inLanes({ lane }: Columns, order: readonly Int32Array[], reach: Reach, head: number, y: Float64Array): void {
  const rows = [...new Set(lane)].sort((a, b) => a - b)
  let floor = 0
  for (const row of rows) {
    const tops = order.flatMap((list) => {
      const first = list.find((point) => lane[point] === row)
      return first === undefined ? [] : [y[first]! - reach(first)]
    })
    const top = Math.min(...tops)
    floor += head
    let bottom = floor
    for (const list of order) {
      // Inside the row, the wished places keep their distances to each other and are pressed together from above.
      let least = floor
      for (const point of list) {
        if (lane[point] !== row) continue
        y[point] = Math.max(y[point]! - top + floor, least + reach(point))
        least = y[point]! + reach(point)
        bottom = Math.max(bottom, least)
      }
    }
    floor = bottom
  }
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
