/** A layered map as numbers: nodes by index, links as two flat lists per direction, so that every walk is linear and needs no recursion. */

/** Parts of a benefits map, each leading to the next (Ward & Daniel; ISO 37106 §7.3). */
export const networkParts = ['enabler', 'change', 'benefit', 'outcome'] as const
export type NetworkPart = (typeof networkParts)[number]

export type NetworkNode = { readonly id: string; readonly part: NetworkPart }
/** `from` leads to `to`; `percent` is its judged importance for `to` (0–100), null if nobody has judged it. */
export type NetworkLink = { readonly from: string; readonly to: string; readonly percent: number | null }

export type NetworkGraph = {
  readonly nodes: readonly NetworkNode[]
  readonly links: readonly NetworkLink[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Index of the part of each node: 0 = enabler … 3 = outcome. */
  readonly rank: Uint8Array
  readonly from: Int32Array
  readonly to: Int32Array
  /** Links that leave node i: `outLinks[outStart[i] … outStart[i + 1] - 1]`; the same for those that arrive. */
  readonly outStart: Int32Array
  readonly outLinks: Int32Array
  readonly inStart: Int32Array
  readonly inLinks: Int32Array
}

/**
 * Indexes nodes and links for traversal, in time linear in both.
 * @throws RangeError where two nodes share an id or a link names a node that is not there.
 */
export function networkGraph(nodes: readonly NetworkNode[], links: readonly NetworkLink[]): NetworkGraph {
  const indexOf = new Map<string, number>()
  const rank = new Uint8Array(nodes.length)
  for (const [index, { id, part }] of nodes.entries()) {
    if (indexOf.has(id)) throw new RangeError(`the map has two nodes with the id ${id}`)
    indexOf.set(id, index)
    rank[index] = networkParts.indexOf(part)
  }
  const at = (id: string) => {
    const index = indexOf.get(id)
    if (index === undefined) throw new RangeError(`a link names ${id}, which is no node of the map`)
    return index
  }
  const from = Int32Array.from(links, (link) => at(link.from))
  const to = Int32Array.from(links, (link) => at(link.to))
  const [outStart, outLinks] = grouped(from, nodes.length)
  const [inStart, inLinks] = grouped(to, nodes.length)
  return { nodes, links, indexOf, rank, from, to, outStart, outLinks, inStart, inLinks }
}

/** Positions of `keys` by key, in their own order (counting sort). */
function grouped(keys: Int32Array, count: number): [Int32Array, Int32Array] {
  const start = new Int32Array(count + 1)
  for (const key of keys) start[key + 1]! += 1
  for (let index = 0; index < count; index += 1) start[index + 1]! += start[index]!
  const next = start.slice()
  const list = new Int32Array(keys.length)
  for (let index = 0; index < keys.length; index += 1) list[next[keys[index]!]!++] = index
  return [start, list]
}

/**
 * Everything that can be reached from some nodes, themselves included: `forth` along the links, `back` against them.
 * `passes` filters the links.
 */
export function reachableFrom(
  graph: NetworkGraph,
  starts: Iterable<number>,
  direction: 'forth' | 'back',
  passes: (link: number) => boolean = () => true,
): Uint8Array {
  const [start, list, end] =
    direction === 'forth' ? [graph.outStart, graph.outLinks, graph.to] : [graph.inStart, graph.inLinks, graph.from]
  const seen = new Uint8Array(graph.nodes.length)
  const open: number[] = []
  for (const node of starts) {
    if (seen[node]) continue
    seen[node] = 1
    open.push(node)
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (let position = start[node]!; position < start[node + 1]!; position += 1) {
      const link = list[position]!
      const next = end[link]!
      if (seen[next] || !passes(link)) continue
      seen[next] = 1
      open.push(next)
    }
  }
  return seen
}

/**
 * Loops of the map, one for each set of nodes that reach each other (strongly connected components; Tarjan 1972,
 * without recursion). Each is named node by node in the direction of its links, beginning with the node given first; it
 * is the shortest through that node.
 */
export function networkLoops(graph: NetworkGraph): string[][] {
  const { outStart, outLinks, to } = graph
  const count = graph.nodes.length
  const order = new Int32Array(count).fill(-1)
  const low = new Int32Array(count)
  const knot = new Int32Array(count).fill(-1)
  const stack: number[] = []
  const path: number[] = []
  const next = outStart.slice(0, count)
  const loops: { first: number; nodes: number[] }[] = []
  let clock = 0
  let knots = 0
  for (let root = 0; root < count; root += 1) {
    if (order[root] !== -1) continue
    path.push(root)
    while (path.length > 0) {
      const node = path.at(-1)!
      if (order[node] === -1) {
        order[node] = low[node] = clock++
        stack.push(node)
      }
      if (next[node]! < outStart[node + 1]!) {
        const other = to[outLinks[next[node]!++]!]!
        if (order[other] === -1) path.push(other)
        else if (knot[other] === -1) low[node] = Math.min(low[node]!, order[other]!)
        continue
      }
      path.pop()
      const above = path.at(-1)
      if (above !== undefined) low[above] = Math.min(low[above]!, low[node]!)
      if (low[node] !== order[node]) continue
      const members: number[] = []
      let member: number
      do {
        member = stack.pop()!
        knot[member] = knots
        members.push(member)
      } while (member !== node)
      knots += 1
      const first = members.reduce((least, other) => Math.min(least, other))
      const loop = shortestLoop(graph, first, knot)
      if (loop) loops.push({ first, nodes: loop })
    }
  }
  return loops.sort((a, b) => a.first - b.first).map(({ nodes }) => nodes.map((node) => graph.nodes[node]!.id))
}

function shortestLoop(graph: NetworkGraph, first: number, knot: Int32Array): number[] | null {
  const { outStart, outLinks, to } = graph
  const cameFrom = new Map<number, number>([[first, -1]])
  const queue = [first]
  for (let head = 0; head < queue.length; head += 1) {
    const node = queue[head]!
    for (let position = outStart[node]!; position < outStart[node + 1]!; position += 1) {
      const other = to[outLinks[position]!]!
      if (other === first) {
        const loop: number[] = []
        for (let back = node; back !== -1; back = cameFrom.get(back)!) loop.push(back)
        return loop.reverse()
      }
      if (knot[other] !== knot[first] || cameFrom.has(other)) continue
      cameFrom.set(other, node)
      queue.push(other)
    }
  }
  return null
}
