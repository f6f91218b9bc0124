/**
 * The benefits map: what is built and changed, what it brings, and what it is for; one picture and the same as a list.
 */
import { presenterOf } from '#pages/presenter.ts'
import { cachedPerReader } from '#platform/cached-per-reader.ts'
import { type AppContext, page } from '#platform/page.ts'
import { drawGroups, drawNodes, mapHref } from './pages-drawing.ts'
import {
  benefitsOfPlan,
  findingsByRecord,
  idOfPost,
  lossesAmong,
  mapGraph,
  type Named,
  organisationsOf,
} from './queries.ts'
import type { Graph, GraphNode } from './queries-graph.ts'
import { chainsOf, leadingTo, type MapPart, mapStyles, maxBoxes, weightsFor, withoutParts } from './rules.ts'
import { type MapData, type MapStep, mapView } from './views.tsx'

/** Parts that can be left out, as the form offers it. */
const cuts: ReadonlyMap<string, readonly MapPart[]> = new Map([
  ['all', []],
  ['without-enablers', ['enabler']],
  ['ends', ['enabler', 'change']],
])
const questions = ['style', 'of', 'outcome', 'plan', 'body', 'owner', 'mine', 'show', 'detail'] as const
/** A longer list gets its own page. */
const maxListed = 600
/** How many of the parts with most weight are named. */
const maxWeighty = 5

type Asked = Readonly<Record<(typeof questions)[number], string>>

const askedIn = (query: Readonly<Record<string, string>>): Asked =>
  Object.fromEntries(questions.map((name) => [name, (query[name] ?? '').slice(0, 60)])) as Asked

/** The requested part of the map; asking for something not on it yields nothing. */
async function cutTo(ctx: AppContext, graph: Graph, bodies: ReadonlyMap<string, Named>, asked: Asked): Promise<Graph> {
  let cut: Graph = graph
  const idsOf = (holds: (node: GraphNode) => boolean) => graph.nodes.filter(holds).map(({ id }) => id)
  const idOf = (code: string) => idsOf((node) => node.code === code)
  if (asked.of) cut = chainsOf(cut, idOf(asked.of))
  if (asked.outcome) cut = leadingTo(cut, idOf(asked.outcome))
  if (asked.plan) cut = chainsOf(cut, await benefitsOfPlan(ctx, asked.plan))
  if (asked.body)
    cut = chainsOf(
      cut,
      idsOf(({ organisation }) => bodies.get(organisation ?? '')?.code === asked.body),
    )
  if (asked.mine)
    cut = chainsOf(
      cut,
      idsOf(({ owner }) => owner !== null && ctx.caller.posts.includes(owner)),
    )
  if (asked.owner) {
    const post = await idOfPost(ctx, asked.owner)
    cut = chainsOf(
      cut,
      idsOf(({ owner }) => owner !== null && owner === post),
    )
  }
  return withoutParts(cut, new Set(cuts.get(asked.show)))
}

/** Says which part of the map is shown and links back to all of it. */
function narrowedText(ctx: AppContext, graph: Graph, bodies: ReadonlyMap<string, Named>, asked: Asked): string | null {
  const { say, plain } = presenterOf(ctx)
  const titleOf = (code: string) => {
    const node = graph.nodes.find((each) => each.code === code)
    return node ? plain(node.title) : code
  }
  const body = [...bodies.values()].find(({ code }) => code === asked.body)
  const parts = [
    ...(asked.of ? [say('benefits.map.only.of', { title: titleOf(asked.of) })] : []),
    ...(asked.outcome ? [say('benefits.map.only.outcome', { title: titleOf(asked.outcome) })] : []),
    ...(asked.plan ? [say('benefits.map.only.plan', { code: asked.plan })] : []),
    ...(asked.mine ? [say('benefits.map.only.mine')] : []),
    ...(asked.owner ? [say('benefits.map.only.owner', { code: asked.owner })] : []),
    ...(asked.body ? [say('benefits.map.only.body', { title: body ? plain(body.title) : asked.body })] : []),
  ]
  return parts.length > 0 ? parts.join(' ') : null
}

/** What an outcome rests on most, and how much of it has nothing below. */
function weighty(ctx: AppContext, graph: Graph, outcome: GraphNode | undefined): MapData['weights'] {
  const weights = outcome ? weightsFor(outcome.id, graph) : null
  if (!outcome || !weights) return null
  const { say, text, plain } = presenterOf(ctx)
  const first = (part: MapPart) =>
    graph.nodes
      .filter((node) => node.part === part && (weights.scores.get(node.id) ?? 0) > 0)
      .map((node) => ({ node, score: weights.scores.get(node.id)! }))
      .sort((a, b) => b.score - a.score)
      .slice(0, maxWeighty)
  const lists = (['enabler', 'change'] as const).flatMap((part) => {
    const steps = first(part).map(
      ({ node, score }): MapStep => ({
        ...text(node.title),
        code: node.code,
        href: mapHref({ of: node.code }),
        percent: Math.round(score),
      }),
    )
    return steps.length > 0 ? [{ title: say(`benefits.map.most.${part}`), steps }] : []
  })
  const { layers } = weights
  return {
    title: say('benefits.map.weights', { title: plain(outcome.title) }),
    sentence: say(
      Object.values(layers).every((sum) => Math.abs(sum - 100) < 0.5)
        ? 'benefits.map.layers.whole'
        : 'benefits.map.layers',
      {
        benefit: Math.round(layers.benefit),
        change: Math.round(layers.change),
        enabler: Math.round(layers.enabler),
      },
    ),
    lists,
  }
}

const optionsOf = (ctx: AppContext, named: ReadonlyArray<{ code: string; title: Record<string, string> }>) =>
  named
    .map(({ code, title }) => ({ value: code, label: presenterOf(ctx).plain(title) }))
    .sort((a, b) => a.label.localeCompare(b.label, ctx.language))

/** How many of each kind are on it; absent kinds are left out. */
function countsText(ctx: AppContext, { nodes }: Graph): string {
  const { say } = presenterOf(ctx)
  const kinds = Map.groupBy(nodes, ({ part, kind }) => (kind === 'strategy.objective' ? 'objective' : part))
  const reported = (['outcome', 'objective', 'benefit', 'change', 'enabler'] as const).flatMap((kind) => {
    const count = kinds.get(kind)?.length ?? 0
    return count > 0 ? [say(`benefits.map.count.${kind}`, { count })] : []
  })
  return say('benefits.map.counts', { list: new Intl.ListFormat(ctx.language).format(reported) })
}

/** The style of an address, whatever it says. */
const styleOf = (asked: Asked) => mapStyles.find((each) => each === asked.style) ?? mapStyles[0]

async function mapData(ctx: AppContext, asked: Asked): Promise<MapData> {
  const { say } = presenterOf(ctx)
  const style = styleOf(asked)
  const { graph, found, losses, bodies } = await cachedPerReader(ctx, 'map graph', async () => {
    const read = await mapGraph(ctx, presenterOf(ctx).signedIn)
    const [lost, named] = await Promise.all([
      lossesAmong(ctx, read.graph.nodes),
      organisationsOf(ctx, read.graph.nodes),
    ])
    return { ...read, losses: lost, bodies: named }
  })
  const cut = await cutTo(ctx, graph, bodies, asked)
  const keep = (change: Partial<Asked>) => mapHref({ ...asked, ...change })
  const parts = { cut, losses, bodies, byRecord: findingsByRecord(found), style, asked }
  const several = cut.nodes.filter(({ kind }) => kind === 'strategy.outcome').length > 1
  // The list of a whole city is always by outcome; only the picture can show everything.
  const groups = several && cut.nodes.length > maxBoxes && (asked.detail !== 'all' || style === 'list')
  const drawn = groups ? await drawGroups(ctx, parts) : await drawNodes(ctx, parts)
  const outcomes = graph.nodes.filter(({ part }) => part === 'outcome')
  const marked = cut.nodes.filter(({ id }) => parts.byRecord.has(id)).length
  return {
    ...drawn,
    counts: countsText(ctx, cut),
    empty: graph.nodes.length === 0 ? 'all' : cut.nodes.length === 0 ? 'cut' : null,
    style,
    styles: mapStyles.map((each) => ({
      label: say(`benefits.map.style.${each}`),
      href: keep({ style: each === mapStyles[0] ? '' : each }),
      current: each === style,
    })),
    reading: say(`benefits.map.reading.${style}`),
    narrowed: narrowedText(ctx, graph, bodies, asked),
    wholeHref: mapHref({ style: asked.style }),
    mineHref:
      asked.mine === '' && graph.nodes.some(({ owner }) => owner !== null && ctx.caller.posts.includes(owner))
        ? mapHref({ style: asked.style, mine: 'true' })
        : null,
    listHref: cut.nodes.length > maxListed && style !== 'list' && !groups ? keep({ style: 'list' }) : null,
    groups: groups
      ? {
          sentence: say('benefits.map.grouped', { count: cut.nodes.length }),
          href: style === 'list' ? null : keep({ detail: 'all' }),
        }
      : null,
    findings:
      marked > 0 ? { sentence: say('benefits.map.findings', { count: marked }), href: '/benefits/findings' } : null,
    weights: weighty(ctx, cut, asked.outcome ? outcomes.find(({ code }) => code === asked.outcome) : undefined),
    filters: { outcome: asked.outcome, body: asked.body, show: cuts.has(asked.show) ? asked.show : 'all' },
    choices: [
      { name: 'outcome', label: say('benefits.map.filter.outcome'), options: optionsOf(ctx, outcomes) },
      { name: 'body', label: say('benefits.map.filter.body'), options: optionsOf(ctx, [...bodies.values()]) },
      {
        name: 'show',
        label: say('benefits.map.filter.show'),
        options: [...cuts.keys()].map((value) => ({ value, label: say(`benefits.map.show.${value}`) })),
        complete: true,
      },
    ],
    keep: Object.fromEntries(
      (['style', 'of', 'plan', 'owner', 'mine', 'detail'] as const).flatMap((name) =>
        asked[name] ? [[name, asked[name]]] : [],
      ),
    ),
  }
}

export const mapPage = page<MapData>({
  path: '/benefits/map',
  policy: 'anyone',
  section: 'results',
  cache: true,
  islands: ['map'],
  load: (ctx, { query }) => {
    const asked = askedIn(query)
    // The whole map is opened again and again; its parts are many, and each is requested rarely.
    const whole = questions.every((name) => name === 'style' || asked[name] === '')
    return whole ? cachedPerReader(ctx, `map ${styleOf(asked)}`, () => mapData(ctx, asked)) : mapData(ctx, asked)
  },
  title: (_data, { say }) => say('benefits.map.title'),
  trail: (_data, { say }) => [{ label: say('benefits.register.title'), href: '/benefits' }],
  view: mapView,
})
