/** The line of sight of one record: the ways up to the vision, and everything below it as a tree. */

import { latestResults } from '#platform/figures/index.ts'
import type { AppContext } from '#platform/page.ts'
import { getMany, type Trace, type TraceNode, trace } from '#platform/records/index.ts'
import type { SightNode, TreeNode } from '#web/parts/sight.tsx'
import { figureName } from '../figures/shown.ts'
import { presenterOf } from '../presenter.ts'

const shownBelow = 100
const maxBelow = 2000
const depth = 8
const shownWays = 3

export type RecordSight = {
  /** Ways from the top down to the record, the record last; at most three. */
  readonly ways: readonly (readonly SightNode[])[]
  readonly furtherWays: number
  readonly below: readonly TreeNode[]
  readonly belowCount: number
  readonly cut: boolean
}

/** Which records of a trace are directly above or below which. */
function steps(ctx: AppContext, found: Trace, way: 'above' | 'below'): Map<string, string[]> {
  const forward = new Set(ctx.registry.towardsVision.forward)
  const next = new Map<string, string[]>()
  for (const edge of found.edges) {
    const [lower, upper] = forward.has(edge.name) ? [edge.from, edge.to] : [edge.to, edge.from]
    const [near, far] = way === 'above' ? [lower, upper] : [upper, lower]
    const known = next.get(near) ?? []
    if (!known.includes(far)) next.set(near, [...known, far])
  }
  return next
}

/** `all` shows everything below, without the limit of 100. */
export async function sightOf(ctx: AppContext, id: string, all: boolean): Promise<RecordSight> {
  const presenter = presenterOf(ctx)
  const [up, down] = await Promise.all([
    trace(ctx, id, 'up', depth, 60),
    trace(ctx, id, 'down', depth, (all ? maxBelow : shownBelow) + 1),
  ])
  const line = (node: TraceNode): SightNode => ({
    kind: presenter.kind(node.kind),
    title: presenter.text(node.title).text,
    ...langOf(presenter.text(node.title)),
    href: presenter.named(node).href,
    ...(node.id === id ? { current: true } : {}),
  })
  const upper = new Map(up.nodes.map((node) => [node.id, node]))
  const ways = waysUp(id, steps(ctx, up, 'above'), upper)
  const counted = presenter.signedIn ? await countedBelow(ctx, down.nodes) : new Map<string, More>()
  const lower = new Map(down.nodes.map((node) => [node.id, node]))
  return {
    ways: ways.slice(0, shownWays).map((way) => way.map((each) => line(upper.get(each)!))),
    furtherWays: Math.max(0, ways.length - shownWays),
    below: treeBelow(id, steps(ctx, down, 'below'), lower, line, presenter.href, {
      again: presenter.say('record.show.shown-above'),
      counted,
    }),
    belowCount: Math.max(0, down.nodes.length - 1),
    cut: down.truncated,
  }
}

type More = NonNullable<TreeNode['more']>

/** Where a record takes its values from a figure, the sight goes on to the very records that the figure counted. */
async function countedBelow(ctx: AppContext, nodes: readonly TraceNode[]): Promise<Map<string, More>> {
  const sources = new Map<string, string>()
  for (const [kind, group] of Map.groupBy(nodes, (node) => node.kind)) {
    const { declaration } = ctx.registry.kind(kind)
    const field = Object.entries(declaration.fields).find(([, { type, list }]) => type === 'code' && list === 'figure')
    if (!field) continue
    const ids = group.map(({ id }) => id)
    for (const [id, record] of await getMany(ctx, declaration, ids)) {
      const figure = (record as Readonly<Record<string, unknown>>)[field[0]]
      if (typeof figure === 'string') sources.set(id, figure)
    }
  }
  if (sources.size === 0) return new Map()
  const asked = new Set(sources.values())
  const results = await latestResults(
    ctx.db,
    ctx.figures.filter(({ id }) => asked.has(id)),
  )
  const { say } = presenterOf(ctx)
  return new Map(
    [...sources].flatMap(([id, figure]) => {
      const result = results.get(figure)
      if (!result?.query) return []
      return [
        [
          id,
          {
            text: say('record.show.counted', { count: Number(result.of), figure: figureName(ctx, figure) }),
            href: result.query,
          },
        ],
      ]
    }),
  )
}

const langOf = ({ lang }: { lang?: string | undefined }) => (lang ? { lang } : {})

/** The shortest way from each top down to the record; the longest first, since they reach the vision. */
function waysUp(id: string, above: ReadonlyMap<string, string[]>, known: ReadonlyMap<string, TraceNode>): string[][] {
  const ways: string[][] = []
  const seen = new Set([id])
  let level: string[][] = [[id]]
  while (level.length > 0) {
    const next: string[][] = []
    for (const way of level) {
      const further = (above.get(way[0]!) ?? []).filter((each) => known.has(each))
      if (further.length === 0 && way.length > 1) ways.push(way)
      for (const each of further) {
        if (seen.has(each)) continue
        seen.add(each)
        next.push([each, ...way])
      }
    }
    level = next
  }
  return ways.sort((left, right) => right.length - left.length)
}

function treeBelow(
  id: string,
  below: ReadonlyMap<string, string[]>,
  known: ReadonlyMap<string, TraceNode>,
  line: (node: TraceNode) => SightNode,
  address: (kind: string, code: string) => string,
  words: { again: string; counted: ReadonlyMap<string, More> },
): TreeNode[] {
  const opened = new Set([id])
  const branch = (parent: string, level: number): TreeNode[] =>
    (below.get(parent) ?? [])
      .flatMap((each) => known.get(each) ?? [])
      .sort((left, right) => (left.code < right.code ? -1 : 1))
      .map((node): TreeNode => {
        const repeated = opened.has(node.id)
        opened.add(node.id)
        const hasMore = (below.get(node.id) ?? []).length > 0
        const children = repeated ? [] : branch(node.id, level + 1)
        const counted = words.counted.get(node.id)
        return {
          ...line(node),
          ...(children.length > 0 ? { children, closed: level >= 1 } : {}),
          ...(counted ? { more: counted } : {}),
          ...(repeated && hasMore ? { more: { text: words.again, href: address(node.kind, node.code) } } : {}),
        }
      })
  return branch(id, 0)
}
