/** What is wrong with a benefits map, for people to resolve: findings, not errors (`measures` §7; ISO 37106 §7.3). */
import {
  type NetworkGraph,
  type NetworkLink,
  type NetworkNode,
  networkGraph,
  networkLoops,
  reachableFrom,
} from './network-graph.ts'

export type NetworkFinding =
  /** Each node leads to the next, and the last to the first. */
  | { readonly finding: 'loop'; readonly nodes: readonly string[] }
  /** Weights of what arrives at `node`, in percent. 'under' only where every link is judged. */
  | { readonly finding: 'weights-over' | 'weights-under'; readonly node: string; readonly sum: number }
  /** Some of what arrives at `node` is judged and some is not; `sum` is what is judged. */
  | { readonly finding: 'weights-partial'; readonly node: string; readonly sum: number; readonly unjudged: number }
  /** Has no links at all. */
  | { readonly finding: 'alone'; readonly node: string }
  /** No outcome is reached: the chain ends here. `stranded`: nodes whose paths all end at such nodes, each listed once. */
  | { readonly finding: 'leads-nowhere'; readonly node: string; readonly stranded: readonly string[] }
  /** A change without an enabler, a benefit without a change, an outcome without a benefit. */
  | { readonly finding: 'rests-on-nothing'; readonly node: string }
  /** A link that skips a part (an enabler straight to a benefit), or runs against the order of the parts. */
  | { readonly finding: 'skips-part' | 'runs-backwards'; readonly from: string; readonly to: string }

/** Weights have two decimals; three thirds written that way still count as a whole. */
const roundingPercent = 0.05

/**
 * Findings in the order: loops, links, nodes as given. Linear in nodes and links; any depth.
 * @throws RangeError as `networkGraph`.
 */
export function networkFindings(nodes: readonly NetworkNode[], links: readonly NetworkLink[]): NetworkFinding[] {
  const graph = networkGraph(nodes, links)
  const findings: NetworkFinding[] = networkLoops(graph).map((loop) => ({ finding: 'loop', nodes: loop }))
  for (const [index, { from, to }] of links.entries()) {
    const steps = graph.rank[graph.to[index]!]! - graph.rank[graph.from[index]!]!
    if (steps > 1) findings.push({ finding: 'skips-part', from, to })
    if (steps < 0) findings.push({ finding: 'runs-backwards', from, to })
  }
  const stranded = strandedBy(graph)
  for (let node = 0; node < nodes.length; node += 1) {
    const { id, part } = nodes[node]!
    const arrives = graph.inStart[node + 1]! - graph.inStart[node]!
    const leaves = graph.outStart[node + 1]! - graph.outStart[node]!
    if (arrives + leaves === 0 && part !== 'outcome') {
      findings.push({ finding: 'alone', node: id })
      continue
    }
    if (arrives > 0) findings.push(...weightFindings(graph, node))
    if (leaves === 0 && part !== 'outcome')
      findings.push({ finding: 'leads-nowhere', node: id, stranded: stranded.get(node) ?? [] })
    if (arrives === 0 && part !== 'enabler') findings.push({ finding: 'rests-on-nothing', node: id })
  }
  return findings
}

/** Weights arriving at one node; none if nobody has judged any of them. */
function weightFindings(graph: NetworkGraph, node: number): NetworkFinding[] {
  const { id } = graph.nodes[node]!
  let sum = 0
  let unjudged = 0
  const links = graph.inLinks.subarray(graph.inStart[node]!, graph.inStart[node + 1]!)
  for (const link of links) {
    const { percent } = graph.links[link]!
    if (percent === null) unjudged += 1
    else sum += percent
  }
  if (unjudged === links.length) return []
  if (sum > 100 + roundingPercent) return [{ finding: 'weights-over', node: id, sum }]
  if (unjudged > 0) return [{ finding: 'weights-partial', node: id, sum, unjudged }]
  return sum < 100 - roundingPercent ? [{ finding: 'weights-under', node: id, sum }] : []
}

/** Nodes that reach no outcome, by the dead end they lead to; a node that leads to several is listed under one. */
function strandedBy(graph: NetworkGraph): Map<number, string[]> {
  const outcomes: number[] = []
  const ends: number[] = []
  for (let node = 0; node < graph.nodes.length; node += 1) {
    if (graph.nodes[node]!.part === 'outcome') outcomes.push(node)
    else if (graph.outStart[node] === graph.outStart[node + 1]) ends.push(node)
  }
  const arrives = reachableFrom(graph, outcomes, 'back')
  const named = new Map<number, string[]>()
  const seen = new Uint8Array(graph.nodes.length)
  for (const end of ends) {
    const open = [end]
    const list: string[] = []
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (let position = graph.inStart[node]!; position < graph.inStart[node + 1]!; position += 1) {
        const other = graph.from[graph.inLinks[position]!]!
        if (arrives[other] || seen[other]) continue
        seen[other] = 1
        list.push(graph.nodes[other]!.id)
        open.push(other)
      }
    }
    named.set(end, list)
  }
  return named
}
