/** Which part of the benefits map is drawn: limited to what was asked for, without some parts, or grouped. Pure. */
import {
  layerSums,
  type NetworkLink,
  type NetworkNode,
  type NetworkPart,
  networkParts,
  networkScores,
} from '#analysis/network.ts'
import { networkGraph, reachableFrom } from '#analysis/network-graph.ts'

/** Parts of the map in the order in which one brings about the next. */
export const mapParts = networkParts
export type MapPart = NetworkPart

export type MapGraph<Node extends NetworkNode = NetworkNode> = {
  readonly nodes: readonly Node[]
  readonly links: readonly NetworkLink[]
}

/** How the map is shown; the first is the default. */
export const mapStyles = ['enablers', 'outcomes', 'bodies', 'list'] as const
export type MapStyle = (typeof mapStyles)[number]

/** More boxes than this are grouped, unless all are asked for. */
export const maxBoxes = 400

const rankOf = (part: NetworkPart): number => networkParts.indexOf(part)

const keep = <Node extends NetworkNode>(
  { nodes, links }: MapGraph<Node>,
  kept: (id: string) => boolean,
): MapGraph<Node> => ({
  nodes: nodes.filter(({ id }) => kept(id)),
  links: links.filter(({ from, to }) => kept(from) && kept(to)),
})

/** Only what leads to these nodes and where they lead; nodes that are not on the map are ignored. */
export function chainsOf<Node extends NetworkNode>(map: MapGraph<Node>, ids: readonly string[]): MapGraph<Node> {
  const graph = networkGraph(map.nodes, map.links)
  const starts = ids.flatMap((id) => graph.indexOf.get(id) ?? [])
  const [forth, back] = [reachableFrom(graph, starts, 'forth'), reachableFrom(graph, starts, 'back')]
  return keep(map, (id) => {
    const index = graph.indexOf.get(id)!
    return forth[index] === 1 || back[index] === 1
  })
}

/** Only what leads to these nodes, and they themselves. */
export function leadingTo<Node extends NetworkNode>(map: MapGraph<Node>, ids: readonly string[]): MapGraph<Node> {
  const graph = networkGraph(map.nodes, map.links)
  const back = reachableFrom(
    graph,
    ids.flatMap((id) => graph.indexOf.get(id) ?? []),
    'back',
  )
  return keep(map, (id) => back[graph.indexOf.get(id)!] === 1)
}

/**
 * Without some parts: links through them become direct. The weight of a path is the product along it, summed over all
 * paths; null if any of its links is not judged. Loops inside a hidden part are walked once.
 */
export function withoutParts<Node extends NetworkNode>(
  map: MapGraph<Node>,
  hidden: ReadonlySet<NetworkPart>,
): MapGraph<Node> {
  if (hidden.size === 0) return map
  const parts = new Map(map.nodes.map((node) => [node.id, node.part]))
  const leaving = Map.groupBy(map.links, ({ from }) => from)
  const links: NetworkLink[] = []
  for (const { id, part } of map.nodes) {
    if (hidden.has(part)) continue
    const ends = new Map<string, number | null>()
    const open: { at: string; percent: number | null; way: readonly string[] }[] = [{ at: id, percent: 100, way: [id] }]
    // Every path is walked, so that their weights add up; a tangle of hidden nodes is cut short.
    for (let steps = 0, here = open.pop(); here && steps < maxWays; steps += 1, here = open.pop())
      for (const link of leaving.get(here.at) ?? []) {
        const percent = here.percent === null || link.percent === null ? null : (here.percent * link.percent) / 100
        if (!hidden.has(parts.get(link.to)!)) {
          const known = ends.get(link.to)
          ends.set(link.to, known === null || percent === null ? null : (known ?? 0) + percent)
        } else if (!here.way.includes(link.to)) open.push({ at: link.to, percent, way: [...here.way, link.to] })
      }
    for (const [to, percent] of ends) links.push({ from: id, to, percent })
  }
  return { nodes: map.nodes.filter(({ part }) => !hidden.has(part)), links }
}

const maxWays = 2000

export type MapGroup = {
  readonly key: string
  readonly part: NetworkPart
  readonly outcome: string | null
  readonly members: readonly string[]
}
export type GroupedMap = {
  readonly groups: readonly MapGroup[]
  /** Positions of nodes connected by at least one link. */
  readonly links: ReadonlyArray<{ readonly from: number; readonly to: number }>
}

/**
 * One group for each part and outcome: a node belongs to the outcome it reaches first, by fewest links and then in the
 * order given. Nodes that reach none form their own group. Outcomes are not grouped; goals that lead to one are.
 */
export function groupedByOutcome({ nodes, links }: MapGraph): GroupedMap {
  const arriving = Map.groupBy(links, ({ to }) => to)
  const outcomeOf = new Map<string, string>()
  const goals = new Set(nodes.filter(({ part }) => part === 'outcome').map(({ id }) => id))
  const under = new Set(links.filter(({ from, to }) => goals.has(from) && goals.has(to)).map(({ from }) => from))
  const queue = [...goals].filter((id) => !under.has(id))
  for (const id of queue) outcomeOf.set(id, id)
  for (const id of queue)
    for (const { from } of arriving.get(id) ?? []) {
      if (outcomeOf.has(from)) continue
      outcomeOf.set(from, outcomeOf.get(id)!)
      queue.push(from)
    }
  const keyOf = ({ id, part }: NetworkNode) =>
    outcomeOf.get(id) === id ? `alone ${id}` : `${part} ${outcomeOf.get(id) ?? ''}`
  const found = Map.groupBy(nodes, keyOf)
  const groups = [...found]
    .map(([key, members]) => ({
      key,
      part: members[0]!.part,
      outcome: outcomeOf.get(members[0]!.id) ?? null,
      members: members.map(({ id }) => id),
    }))
    .sort((a, b) => rankOf(a.part) - rankOf(b.part))
  const position = new Map(groups.map(({ key }, index) => [key, index]))
  const groupOf = new Map(nodes.map((node) => [node.id, position.get(keyOf(node))!]))
  const joined = new Map<string, { from: number; to: number }>()
  for (const link of links) {
    const [from, to] = [groupOf.get(link.from)!, groupOf.get(link.to)!]
    if (from !== to) joined.set(`${from} ${to}`, { from, to })
  }
  return { groups, links: [...joined.values()] }
}

export type Weights = {
  /** How much of the outcome rests on each node, in percent. */
  readonly scores: ReadonlyMap<string, number>
  /** How much of it each part accounts for; 100 where the layer is complete. */
  readonly layers: Readonly<Record<'enabler' | 'change' | 'benefit', number>>
}

/** What an outcome rests on, by the weights people gave; null if nothing is judged, or a loop has no solution. */
export function weightsFor(outcome: string, { nodes, links }: MapGraph): Weights | null {
  const judged = links.flatMap(({ from, to, percent }) => (percent === null ? [] : [{ from, to, percent }]))
  if (!judged.some(({ to }) => to === outcome)) return null
  const found = networkScores(outcome, judged)
  return 'problem' in found ? null : { scores: found.scores, layers: layerSums(found.scores, nodes, links) }
}
