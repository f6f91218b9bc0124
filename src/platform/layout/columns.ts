/** First step of a layered drawing (Sugiyama, Tagawa & Toda 1981): the column of each node, and the route of long links. */
import type { LayoutGraph } from './graph.ts'

/**
 * Points in columns: the nodes first, in order, then one bend for every column that a long link crosses. `segments`
 * join points of neighbouring columns, left one first.
 */
export type Columns = {
  readonly count: number
  /** Column and lane of each point. */
  readonly column: Int32Array
  readonly lane: Int32Array
  readonly nodes: number
  /** Left end and right end of each segment. */
  readonly left: Int32Array
  readonly right: Int32Array
  /** The points of each link from its left end to its right end; a link inside one column has its two ends only. */
  readonly chains: ReadonlyArray<readonly number[]>
  /** Whether a link runs from right to left, against the order. */
  readonly backwards: Uint8Array
}

/** @throws RangeError for a link to a node that is not there. */
export function inColumns({ nodes, links }: LayoutGraph): Columns {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]))
  const end = (id: string) => {
    const index = indexOf.get(id)
    if (index === undefined) throw new RangeError(`a link names ${id}, which is not on the map`)
    return index
  }
  const from = links.map((link) => end(link.from))
  const to = links.map((link) => end(link.to))
  const columnOf = columnsOf(nodes, from, to)
  const column = [...columnOf]
  const lane = nodes.map((node) => node.lane ?? 0)
  const left: number[] = []
  const right: number[] = []
  const backwards = new Uint8Array(links.length)
  const chains = links.map((_, index) => {
    const [a, b] = [from[index]!, to[index]!]
    const turned = columnOf[a]! > columnOf[b]!
    if (turned) backwards[index] = 1
    const [first, last] = turned ? [b, a] : [a, b]
    const chain = [first]
    for (let at = columnOf[first]! + 1; at < columnOf[last]!; at += 1) {
      chain.push(column.length)
      // A bend stays in the row of the nearer end.
      const nearer = at - columnOf[first]! < columnOf[last]! - at ? first : last
      lane.push(lane[nearer]!)
      column.push(at)
    }
    chain.push(last)
    if (columnOf[first] !== columnOf[last])
      for (let step = 1; step < chain.length; step += 1) {
        left.push(chain[step - 1]!)
        right.push(chain[step]!)
      }
    return chain
  })
  return {
    count: column.reduce((most, each) => Math.max(most, each + 1), 0),
    column: Int32Array.from(column),
    lane: Int32Array.from(lane),
    nodes: nodes.length,
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    chains,
    backwards,
  }
}

/** Most columns of a part: a long link bends in each column it crosses, and a chain may be of any length. */
const maxColumns = 12

/**
 * Inside a part, a node is as many columns from the end as there are steps to what it leads to; anything
 * further away is in the first one.
 */
function columnsOf(nodes: LayoutGraph['nodes'], from: readonly number[], to: readonly number[]): Int32Array {
  const inside = from.flatMap((start, index) =>
    nodes[start]!.band === nodes[to[index]!]!.band && start !== to[index] ? [index] : [],
  )
  const leaving = Map.groupBy(inside, (index) => from[index]!)
  const depth = new Int32Array(nodes.length)
  const state = new Uint8Array(nodes.length)
  for (const start of leaving.keys()) {
    if (state[start] !== 0) continue
    const path = [{ node: start, next: 0 }]
    state[start] = 1
    while (path.length > 0) {
      const top = path.at(-1)!
      const link = leaving.get(top.node)?.[top.next]
      if (link === undefined) {
        state[top.node] = 2
        path.pop()
        const above = path.at(-1)
        if (above) depth[above.node] = Math.max(depth[above.node]!, depth[top.node]! + 1)
        continue
      }
      top.next += 1
      const other = to[link]!
      // A step that closes a loop is drawn against the order.
      if (state[other] === 1) continue
      if (state[other] === 2) depth[top.node] = Math.max(depth[top.node]!, depth[other]! + 1)
      else {
        state[other] = 1
        path.push({ node: other, next: 0 })
      }
    }
  }
  for (const [index, steps] of depth.entries()) depth[index] = Math.min(steps, maxColumns - 1)
  const deepest = new Map<number, number>()
  for (const [index, { band }] of nodes.entries()) deepest.set(band, Math.max(deepest.get(band) ?? 0, depth[index]!))
  const last = new Map<number, number>()
  let columns = 0
  for (const band of [...deepest.keys()].sort((a, b) => a - b)) {
    columns += deepest.get(band)! + 1
    last.set(band, columns - 1)
  }
  return Int32Array.from(nodes, ({ band }, index) => last.get(band)! - depth[index]!)
}
