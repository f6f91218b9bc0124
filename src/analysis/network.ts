/**
 * Weighted benefits dependency network (Ward & Daniel; Bradley): percent weights are given from the objective
 * backwards, and the score of a node is the sum over all paths of the products of its weights.
 */
import { type NetworkLink, type NetworkNode, type NetworkPart, networkParts } from './network-graph.ts'

export {
  type NetworkLink,
  type NetworkNode,
  type NetworkPart,
  networkParts,
} from './network-graph.ts'

/** `from` contributes to `to` with `percent` of what `to` needs (judged importance, not a measured share). */
export type Dependency = { readonly from: string; readonly to: string; readonly percent: number }

export type NetworkScores = {
  /** Score of each node; the objective has 100. */
  readonly scores: ReadonlyMap<string, number>
  /** Nodes whose incoming weights do not add up to 100: a finding for people to resolve. */
  readonly incomplete: readonly { readonly node: string; readonly sum: number }[]
}

export type NetworkProblem = { readonly problem: 'loop'; readonly nodes: readonly string[] }

/** What the objective depends on, each node after everything it depends on itself; the objective comes last. */
export type NetworkOrder = {
  readonly order: readonly string[]
  /** What each node depends on directly. */
  readonly incoming: ReadonlyMap<string, readonly Dependency[]>
}

/** Nodes that lead to the objective, in an order for computing; a loop is named node by node. */
export function networkOrder(objective: string, dependencies: readonly Dependency[]): NetworkOrder | NetworkProblem {
  const incoming = Map.groupBy(dependencies, ({ to }) => to)
  // Depth-first without recursion: a chain may be as long as a city's plan.
  const state = new Map<string, 'open' | 'done'>()
  const order: string[] = []
  const path: { node: string; next: number }[] = [{ node: objective, next: 0 }]
  state.set(objective, 'open')
  while (path.length > 0) {
    const top = path.at(-1)!
    const following = incoming.get(top.node)?.[top.next]
    if (!following) {
      state.set(top.node, 'done')
      order.push(top.node)
      path.pop()
      continue
    }
    top.next += 1
    const seen = state.get(following.from)
    if (seen === 'open') {
      const nodes = path.map(({ node }) => node)
      return { problem: 'loop', nodes: nodes.slice(nodes.indexOf(following.from)).reverse() }
    }
    if (seen === undefined) {
      state.set(following.from, 'open')
      path.push({ node: following.from, next: 0 })
    }
  }
  return { order, incoming }
}

/** Scores of all nodes that lead to the objective; a loop is named node by node. */
export function networkScores(objective: string, dependencies: readonly Dependency[]): NetworkScores | NetworkProblem {
  const found = networkOrder(objective, dependencies)
  if ('problem' in found) return found
  const scores = new Map<string, number>([[objective, 100]])
  const incomplete: { node: string; sum: number }[] = []
  for (const node of found.order.toReversed()) {
    const list = found.incoming.get(node)
    if (!list) continue
    let sum = 0
    for (const { from, percent } of list) {
      sum += percent
      scores.set(from, (scores.get(from) ?? 0) + (scores.get(node)! * percent) / 100)
    }
    if (Math.abs(sum - 100) > 1e-9) incomplete.push({ node, sum })
  }
  return { scores, incomplete }
}

/**
 * How much of the objective (in percent) depends on each part, measured at the cut between it and the parts after it: links
 * inside a part are not counted twice, a link that skips a part counts in the one it skips. A complete layer has 100; what
 * is missing ends before that part, what exceeds 100 is counted twice.
 */
export function layerSums(
  scores: ReadonlyMap<string, number>,
  nodes: readonly NetworkNode[],
  links: readonly NetworkLink[],
): Record<Exclude<NetworkPart, 'outcome'>, number> {
  const rank = new Map(nodes.map(({ id, part }) => [id, networkParts.indexOf(part)]))
  const sums = { enabler: 0, change: 0, benefit: 0 }
  for (const { from, to, percent } of links) {
    const score = scores.get(to)
    if (score === undefined || percent === null) continue
    for (const part of ['enabler', 'change', 'benefit'] as const) {
      const cut = networkParts.indexOf(part)
      if (rank.get(from)! <= cut && rank.get(to)! > cut) sums[part] += (score * percent) / 100
    }
  }
  return sums
}
