/**
 * A benefits map with chances: each node does its part with its own probability, independently of the others, and
 * the result is a whole distribution, because a mean alone hides the chance of missing (oracle BDN-1).
 */
import { type NetworkLink, type NetworkProblem, networkOrder } from './network.ts'
import { seeded } from './random.ts'

export type ChanceNode = {
  readonly id: string
  /** Probability (0–1) that it does its part once what it depends on is there; default 1. */
  readonly chance?: number
  /**
   * 'shares': it is reached in proportion to the weights of what it depends on. 'all': it needs every one of them, and is
   * reached no further than the weakest. Default 'shares'.
   */
  readonly needs?: 'shares' | 'all'
}

export type ChanceResult = {
  /** Expected share of the objective that is reached, 0–1. */
  readonly mean: number
  readonly nothing: number
  /** Values of that share with their probabilities, ascending; probabilities add up to 1. */
  readonly distribution: readonly { readonly share: number; readonly chance: number }[]
  /** 'exact': every combination was weighed. 'sampled': a sample was drawn, because there are too many. */
  readonly method: 'exact' | 'sampled'
  readonly combinations: number
}

/** Up to this many uncertain nodes, every combination is weighed: 2^16 of them. */
export const maxExact = 16
const draws = 20_000

/**
 * How much of the objective is reached. Nodes not listed have the chance 1; links without weight are ignored.
 * @throws RangeError for a chance outside 0–1.
 */
export function networkChance(
  objective: string,
  nodes: readonly ChanceNode[],
  links: readonly NetworkLink[],
  seed = 1,
): ChanceResult | NetworkProblem {
  const judged = links.flatMap(({ from, to, percent }) => (percent === null ? [] : [{ from, to, percent }]))
  const ordered = networkOrder(objective, judged)
  if ('problem' in ordered) return ordered
  const { order, incoming } = ordered
  const known = new Map(nodes.map((node) => [node.id, node]))
  const position = new Map(order.map((id, index) => [id, index]))
  // What a node depends on comes before it.
  const steps = order.map((id) => {
    const { chance = 1, needs = 'shares' } = known.get(id) ?? { id }
    if (!(chance >= 0 && chance <= 1)) throw new RangeError(`the chance of ${id} is ${chance}; it lies between 0 and 1`)
    const inputs = incoming.get(id) ?? []
    return {
      chance,
      needs,
      from: inputs.map(({ from }) => position.get(from)!),
      share: inputs.map(({ percent }) => percent / 100),
    }
  })
  const uncertain = steps.flatMap(({ chance }, index) => (chance > 0 && chance < 1 ? [index] : []))
  const does = steps.map(({ chance }) => chance > 0)
  const reached = new Float64Array(steps.length)
  const share = () => {
    for (const [index, { needs, from, share: shares }] of steps.entries()) {
      let value = 1
      if (!does[index]) value = 0
      else if (from.length > 0 && needs === 'all') value = Math.min(...from.map((other) => reached[other]!))
      else if (from.length > 0) value = from.reduce((sum, other, input) => sum + shares[input]! * reached[other]!, 0)
      reached[index] = value
    }
    return reached.at(-1)!
  }
  const chances = new Map<number, number>()
  // Sums of the same shares in another order differ in the last digits only.
  const add = (value: number, chance: number) => {
    const rounded = Math.round(value * 1e9) / 1e9
    chances.set(rounded, (chances.get(rounded) ?? 0) + chance)
  }
  const exact = uncertain.length <= maxExact
  const combinations = exact ? 2 ** uncertain.length : draws
  const random = seeded(seed)
  for (let combination = 0; combination < combinations; combination += 1) {
    let chance = 1
    for (const [bit, index] of uncertain.entries()) {
      const own = steps[index]!.chance
      does[index] = exact ? (combination >> bit) % 2 === 1 : random() < own
      if (exact) chance *= does[index] ? own : 1 - own
    }
    add(share(), exact ? chance : 1 / draws)
  }
  const distribution = [...chances]
    .map(([value, chance]) => ({ share: value, chance }))
    .sort((a, b) => a.share - b.share)
  return {
    mean: distribution.reduce((sum, each) => sum + each.share * each.chance, 0),
    nothing: chances.get(0) ?? 0,
    distribution,
    method: exact ? 'exact' : 'sampled',
    combinations,
  }
}
