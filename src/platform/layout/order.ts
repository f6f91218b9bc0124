/** Second step: the order of points in each column, so that few links cross (barycentres in sweeps; Sugiyama et al. 1981). */
import type { Columns } from './columns.ts'

/** Rounds of sweeps right to left and back; drawings settle after a few. */
const maxSweeps = 36
const maxIdle = 8
/** Neighbours are swapped while that helps, if the whole is small enough. */
const maxSwitched = 6000

export type Neighbours = { readonly start: Int32Array; readonly list: Int32Array }

/** Points joined to each point on one side. */
export function neighbours(points: number, own: Int32Array, others: Int32Array): Neighbours {
  const start = new Int32Array(points + 1)
  for (const point of own) start[point + 1]! += 1
  for (let index = 0; index < points; index += 1) start[index + 1]! += start[index]!
  const next = start.slice()
  const list = new Int32Array(own.length)
  for (let index = 0; index < own.length; index += 1) list[next[own[index]!]!++] = others[index]!
  return { start, list }
}

/** 'quick' keeps the first order: linear, for when there is no time. */
export type Effort = 'full' | 'quick'

/** Points of each column from top to bottom. Rows (lanes) are kept apart. */
export function inOrder(columns: Columns, effort: Effort): Int32Array[] {
  const work = workOf(columns)
  const rounds = effort === 'quick' ? 0 : maxSweeps
  let best: number[][] = []
  let fewest = Number.POSITIVE_INFINITY
  // Once from each side: which start is better depends on the map.
  for (const begin of ['right', 'left'] as const) {
    const { order, crossings } = swept(columns, work, begun(columns, work, begin), rounds)
    if (crossings >= fewest) continue
    fewest = crossings
    best = order
  }
  return best.map((list) => Int32Array.from(list))
}

type Work = {
  readonly onRight: Neighbours
  readonly onLeft: Neighbours
  readonly position: Int32Array
  readonly heart: Float64Array
}

const workOf = ({ column, left, right }: Columns): Work => ({
  onRight: neighbours(column.length, left, right),
  onLeft: neighbours(column.length, right, left),
  position: new Int32Array(column.length),
  heart: new Float64Array(column.length),
})

function swept(
  columns: Columns,
  work: Work,
  beginning: readonly number[],
  rounds: number,
): { order: number[][]; crossings: number } {
  const { column, lane, left, count } = columns
  const { onRight, onLeft, position, heart } = work
  const order: number[][] = Array.from({ length: count }, () => [])
  for (const point of beginning) order[column[point]!]!.push(point)
  const place = (list: readonly number[]) => {
    for (const [index, point] of list.entries()) position[point] = index
  }
  for (const list of order) {
    list.sort((a, b) => lane[a]! - lane[b]!)
    place(list)
  }
  const sweep = (at: number, sides: readonly Neighbours[]) => {
    const list = order[at]!
    for (const point of list) {
      let sum = 0
      let ends = 0
      for (const side of sides)
        for (let index = side.start[point]!; index < side.start[point + 1]!; index += 1) {
          const other = side.list[index]!
          // Columns have different lengths: what counts is how far down the other end is.
          sum += (position[other]! + 0.5) / order[column[other]!]!.length
          ends += 1
        }
      // A point without a neighbour there stays where it is.
      heart[point] = ends === 0 ? (position[point]! + 0.5) / list.length : sum / ends
    }
    list.sort((a, b) => lane[a]! - lane[b]! || heart[a]! - heart[b]! || position[a]! - position[b]!)
    place(list)
  }
  const crossingsNow = () =>
    order.reduce((sum, list, at) => sum + crossingsAfter(list, onRight, position, order[at + 1]?.length ?? 0), 0)
  let best = order.map((list) => [...list])
  let fewest = crossingsNow()
  for (let round = 0, idle = 0; round < rounds && idle < maxIdle && fewest > 0; round += 1) {
    const both = round % 6 >= 4
    if (round % 2 === 0) for (let at = count - 2; at >= 0; at -= 1) sweep(at, both ? [onRight, onLeft] : [onRight])
    else for (let at = 1; at < count; at += 1) sweep(at, both ? [onRight, onLeft] : [onLeft])
    if (left.length <= maxSwitched) for (const list of order) switchNeighbours(list, lane, position, [onLeft, onRight])
    const now = crossingsNow()
    idle = now < fewest ? 0 : idle + 1
    if (now >= fewest) continue
    fewest = now
    best = order.map((list) => [...list])
  }
  return { order: best, crossings: fewest }
}

/** A first order: what is joined to the first node of the last column on that side comes first (depth-first). */
function begun({ column, count }: Columns, work: Work, side: 'right' | 'left'): number[] {
  const beside = side === 'right' ? work.onLeft : work.onRight
  const seen = new Uint8Array(column.length)
  const list: number[] = []
  const open: number[] = []
  const roots: number[][] = Array.from({ length: count }, () => [])
  for (const [point, at] of column.entries()) roots[side === 'right' ? count - 1 - at : at]!.push(point)
  for (const root of roots.flat()) {
    if (seen[root]) continue
    open.push(root)
    for (let point = open.pop(); point !== undefined; point = open.pop()) {
      if (seen[point]) continue
      seen[point] = 1
      list.push(point)
      for (let index = beside.start[point + 1]! - 1; index >= beside.start[point]!; index -= 1)
        if (!seen[beside.list[index]!]) open.push(beside.list[index]!)
    }
  }
  return list
}

/** Crossings between a column and the next one, by counting inversions in a tree of sums (Barth, Mutzel & Jünger 2004). */
function crossingsAfter(list: readonly number[], onRight: Neighbours, position: Int32Array, next: number): number {
  const sums = new Int32Array(next + 2)
  let crossings = 0
  let before = 0
  for (const point of list) {
    const [from, to] = [onRight.start[point]!, onRight.start[point + 1]!]
    for (let at = from; at < to; at += 1) {
      let above = 0
      for (let index = position[onRight.list[at]!]! + 1; index > 0; index -= index & -index) above += sums[index]!
      crossings += before - above
    }
    for (let at = from; at < to; at += 1)
      for (let index = position[onRight.list[at]!]! + 1; index < sums.length; index += index & -index) sums[index]! += 1
    before += to - from
  }
  return crossings
}

/** Swaps two adjacent points if fewer links cross that way. */
function switchNeighbours(list: number[], lane: Int32Array, position: Int32Array, sides: readonly Neighbours[]): void {
  // The columns beside this one stay fixed meanwhile.
  const ends = sides.map((side) =>
    list.map((point) => {
      const found = side.list.slice(side.start[point]!, side.start[point + 1]!)
      for (let index = 0; index < found.length; index += 1) found[index] = position[found[index]!]!
      return found.sort()
    }),
  )
  for (let turn = 0, better = true; turn < 4 && better; turn += 1) {
    better = false
    for (let index = 0; index + 1 < list.length; index += 1) {
      const [upper, lower] = [list[index]!, list[index + 1]!]
      if (lane[upper] !== lane[lower]) continue
      let gain = 0
      for (const side of ends)
        gain += inversions(side[index]!, side[index + 1]!) - inversions(side[index + 1]!, side[index]!)
      if (gain <= 0) continue
      list[index] = lower
      list[index + 1] = upper
      for (const side of ends) [side[index], side[index + 1]] = [side[index + 1]!, side[index]!]
      better = true
    }
  }
  for (const [index, point] of list.entries()) position[point] = index
}

/** Pairs in which the end of the upper one lies below that of the lower one; both lists ascending. */
function inversions(upper: Int32Array, lower: Int32Array): number {
  let pairs = 0
  let reached = 0
  for (const end of upper) {
    while (reached < lower.length && lower[reached]! < end) reached += 1
    pairs += reached
  }
  return pairs
}
