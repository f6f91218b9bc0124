/** Turns a graph of benefits into boxes and arrows in the reader's language, and lays them out. */
import { presenterOf } from '#pages/presenter.ts'
import { type LayoutSizes, placeMap } from '#platform/layout/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { Finding } from '../rules-findings.ts'
import type { Named } from './queries.ts'
import type { Graph, GraphNode } from './queries-graph.ts'
import { groupedByOutcome, type MapStyle, mapParts } from './rules.ts'
import type { DrawnBox, DrawnMap } from './views.tsx'

/** Sizes of a box that shows everything, code and name, or the name in one line. */
const sizes = {
  full: { width: 212, height: 84, columnGap: 92, rowGap: 14, laneHead: 30 },
  short: { width: 212, height: 42, columnGap: 92, rowGap: 9, laneHead: 30 },
  line: { width: 212, height: 22, columnGap: 100, rowGap: 5, laneHead: 28 },
} as const
const maxFull = 120
const maxShort = 600

export type MapParts = {
  readonly cut: Graph
  readonly losses: ReadonlySet<string>
  readonly bodies: ReadonlyMap<string, Named>
  readonly byRecord: ReadonlyMap<string, readonly Finding[]>
  readonly style: MapStyle
  readonly asked: Readonly<Record<string, string>>
}

/** Address of the map with these query parameters; empty ones are left out. */
export function mapHref(asked: Readonly<Record<string, string | undefined>>): string {
  const filled = Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return filled.length > 0 ? `/benefits/map?${new URLSearchParams(filled)}` : '/benefits/map'
}

/** The last part is named after its content. */
function bandNames(ctx: AppContext, cut: Graph): string[] {
  const goals = cut.nodes.some(({ kind }) => kind === 'strategy.objective')
  const { say } = presenterOf(ctx)
  return mapParts.map((part) => say(`benefits.map.part.${part === 'outcome' && goals ? 'goals' : part}`))
}

const bandOf = ({ part }: Pick<GraphNode, 'part'>): number => mapParts.indexOf(part)

/** Objectives come before the outcomes they belong to: one more column, so each is a little narrower. */
const narrower = { width: 200, columnGap: 62 }

const sizeOf = (cut: Graph, detail: keyof typeof sizes): LayoutSizes => {
  const kinds = new Set(cut.nodes.map(({ kind }) => kind))
  const both = kinds.has('strategy.objective') && kinds.has('strategy.outcome')
  return { ...sizes[detail], ...(both ? narrower : {}) }
}

/** Every record as a box. */
export async function drawNodes(ctx: AppContext, parts: MapParts): Promise<DrawnMap> {
  const { cut, bodies, style } = parts
  const detail = cut.nodes.length <= maxFull ? 'full' : cut.nodes.length <= maxShort ? 'short' : 'line'
  const lanes = lanesOf(ctx, parts)
  const position = new Map(cut.nodes.map(({ id }, index) => [id, index]))
  const circles = circlesIn(parts)
  const size = sizeOf(cut, detail)
  const places = await placeMap(ctx, {
    nodes: cut.nodes.map((node) => ({
      id: node.id,
      band: bandOf(node),
      ...(style === 'bodies' ? { lane: lanes.of.get(node.organisation ?? '') ?? lanes.names.length - 1 } : {}),
    })),
    links: cut.links.map(({ from, to }) => ({ from, to })),
    sizes: size,
  })
  return {
    drawing: {
      boxes: cut.nodes.map((node) => boxOf(ctx, node, parts, textOf(ctx, bodies.get(node.organisation ?? '')))),
      arrows: cut.links.map(({ from, to, percent }) => ({
        from: position.get(from)!,
        to: position.get(to)!,
        percent,
        ...(circles.some((circle) => circle.has(from) && circle.has(to)) ? { concern: true } : {}),
      })),
      places,
      size,
      detail,
      bandNames: bandNames(ctx, cut),
      laneNames: lanes.names,
      reversed: style === 'outcomes',
    },
  }
}

const textOf = (ctx: AppContext, named: Named | undefined): string | undefined =>
  named && presenterOf(ctx).plain(named.title)

/** Rows by organisation, ordered by name; records without one come last. */
function lanesOf(ctx: AppContext, { cut, bodies }: MapParts): { of: Map<string, number>; names: string[] } {
  const used = [...new Set(cut.nodes.map(({ organisation }) => organisation ?? ''))].filter((id) => bodies.has(id))
  const sorted = used
    .map((id) => ({ id, name: textOf(ctx, bodies.get(id))! }))
    .sort((a, b) => a.name.localeCompare(b.name, ctx.language))
  return {
    of: new Map(sorted.map(({ id }, index) => [id, index])),
    names: [...sorted.map(({ name }) => name), presenterOf(ctx).say('benefits.map.no-body')],
  }
}

const circlesIn = ({ byRecord }: MapParts): Set<string>[] =>
  [...new Set([...byRecord.values()].flat())]
    .filter(({ finding }) => finding === 'cycle')
    .map((each) => new Set([each.record, ...each.with]))

function boxOf(ctx: AppContext, node: GraphNode, parts: MapParts, body: string | undefined): DrawnBox {
  const { say, named, state } = presenterOf(ctx)
  const { losses, byRecord, asked } = parts
  const loss = losses.has(node.id)
  const found = [...new Set((byRecord.get(node.id) ?? []).map(({ finding }) => finding))]
  const { text, lang, href } = named(node)
  return {
    key: node.code,
    band: bandOf(node),
    kind: say(loss ? 'benefits.map.loss' : node.kind),
    code: node.code,
    title: text,
    ...(lang ? { lang } : {}),
    href,
    chain: mapHref({ of: node.code, style: asked.style, show: asked.show }),
    ...(node.part === 'outcome' ? {} : { state: state(node.kind, node.state) }),
    loss,
    ...(node.kind === 'strategy.objective' ? { minor: true } : {}),
    marks: found.map((finding) => ({ icon: 'alert', text: say(`benefits.map.mark.${finding}`), tone: 'concern' })),
    ...(body ? { note: body } : {}),
  }
}

/** One box for everything in a part that leads to the same outcome; outcomes are not grouped. */
export async function drawGroups(ctx: AppContext, parts: MapParts): Promise<DrawnMap> {
  const { say, plain } = presenterOf(ctx)
  const { cut, byRecord, asked, style } = parts
  const nodes = new Map(cut.nodes.map((node) => [node.id, node]))
  const { groups, links } = groupedByOutcome(cut)
  const places = await placeMap(ctx, {
    nodes: groups.map(({ key, part }) => ({ id: key, band: mapParts.indexOf(part) })),
    links: links.map(({ from, to }) => ({ from: groups[from]!.key, to: groups[to]!.key })),
    sizes: sizes.full,
  })
  const boxes = groups.map(({ key, part, outcome, members }): DrawnBox => {
    const first = nodes.get(members[0]!)!
    const marked = members.filter((id) => byRecord.has(id)).length
    const marks: DrawnBox['marks'] =
      marked > 0 ? [{ icon: 'alert', text: say('benefits.map.to-settle', { count: marked }), tone: 'concern' }] : []
    if (outcome === first.id)
      return { ...boxOf(ctx, first, parts, undefined), href: mapHref({ ...asked, detail: '', outcome: first.code }) }
    const goal = outcome ? nodes.get(outcome) : undefined
    return {
      key,
      band: mapParts.indexOf(part),
      // The title says what they are, the line above what they are for.
      kind: goal ? plain(goal.title) : say('benefits.map.no-outcome'),
      title: say(`benefits.map.count.${part === 'outcome' ? 'objective' : part}`, { count: members.length }),
      count: members.length,
      ...(part === 'outcome' ? { minor: true } : {}),
      ...(goal ? { href: mapHref({ ...asked, detail: '', outcome: goal.code }) } : {}),
      marks,
    }
  })
  const arrows = links.map(({ from, to }) => ({ from, to, percent: null }))
  return {
    drawing: {
      boxes,
      arrows,
      places,
      size: sizes.full,
      detail: 'full',
      bandNames: bandNames(ctx, cut),
      laneNames: [],
      reversed: style === 'outcomes',
    },
    // The list follows each outcome separately; the picture shows what leads to another.
    list: { boxes, arrows: arrows.filter(({ from, to }) => groups[from]!.outcome === groups[to]!.outcome) },
  }
}
