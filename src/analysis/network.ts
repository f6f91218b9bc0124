/**
 * Weighted benefits dependency network (Ward & Daniel; Bradley): percent weights are given from the objective
 * backwards, and the score of a node is the sum over all paths of the products of its weights.
 */

/** `from` contributes to `to` with `percent` of what `to` needs (judged importance, not a measured share). */
export type Dependency = { readonly from: string; readonly to: string; readonly percent: number }

export type NetworkScores = {
  /** Score of each node; the objective has 100. */
  readonly scores: ReadonlyMap<string, number>
  /** Nodes whose incoming weights do not add up to 100: a finding for people to settle. */
  readonly incomplete: readonly { readonly node: string; readonly sum: number }[]
}

export type NetworkProblem = { readonly problem: 'loop'; readonly nodes: readonly string[] }

/** Scores of all nodes that lead to the objective; a loop is named node by node. */
export function networkScores(objective: string, dependencies: readonly Dependency[]): NetworkScores | NetworkProblem {
  const incoming = new Map<string, Dependency[]>()
  for (const dependency of dependencies) {
    const list = incoming.get(dependency.to)
    if (list) list.push(dependency)
    else incoming.set(dependency.to, [dependency])
  }
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
  const scores = new Map<string, number>([[objective, 100]])
  const incomplete: { node: string; sum: number }[] = []
  for (const node of order.reverse()) {
    const list = incoming.get(node)
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
