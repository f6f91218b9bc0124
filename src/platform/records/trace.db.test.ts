import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, openCore } from '#test/kit/core.ts'
import { nobody } from '../caller.ts'
import { newId, type TraceDirection, trace } from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

/** 'secret' may not be read by the caller, 'retired' by nobody. */
type Node = 'open' | 'secret' | 'retired'
type Graph = { nodes: Node[]; links: Array<{ from: number; to: number; towards: boolean }> }

const count = 14
const anyGraph: fc.Arbitrary<Graph> = fc.record({
  nodes: fc.array(fc.constantFrom<Node[]>('open', 'open', 'open', 'open', 'secret', 'retired'), {
    minLength: count,
    maxLength: count,
  }),
  links: fc.uniqueArray(fc.record({ from: fc.nat(count - 1), to: fc.nat(count - 1), towards: fc.boolean() }), {
    maxLength: 40,
    selector: ({ from, to, towards }) => `${from} ${to} ${towards}`,
  }),
})

/** Puts a graph into the database; the record behind each node. */
async function store({ nodes, links }: Graph): Promise<string[]> {
  const ids = nodes.map(() => newId())
  await core.rows(
    `insert into records.record (id, kind, code, title, state, audience, version, "createdAt", "changedAt", "retiredAt")
     select x.id, 'strategy.objective', x.id::text, '{"en": "G"}', 'draft', x.audience, 1, now(), now(), x.retired
     from jsonb_to_recordset($1::jsonb) as x(id uuid, audience text, retired timestamptz)`,
    [
      JSON.stringify(
        nodes.map((node, at) => ({
          id: ids[at],
          audience: node === 'secret' ? 'restricted' : 'public',
          retired: node === 'retired' ? '2024-01-01' : null,
        })),
      ),
    ],
  )
  await core.rows(
    `insert into records.link (id, name, "from", "to") select x.id, x.name, x."from", x."to" from jsonb_to_recordset($1::jsonb) as x(id uuid, name text, "from" uuid, "to" uuid)`,
    [
      JSON.stringify(
        links.map(({ from, to, towards }) => ({
          id: newId(),
          name: towards ? 'strategy.objective.up' : 'strategy.objective.down',
          from: ids[from],
          to: ids[to],
        })),
      ),
    ],
  )
  return ids
}

/** A plain search in memory: depth of each node, and the links that were walked. */
function search({ nodes, links }: Graph, start: number, way: 'up' | 'down', depth: number) {
  const found = new Map<number, number>([[start, 0]])
  const walked = new Set<number>()
  let level = [start]
  for (let step = 1; step <= depth; step++) {
    const next: number[] = []
    for (const [index, link] of links.entries()) {
      const [near, far] = (way === 'up') === link.towards ? [link.from, link.to] : [link.to, link.from]
      if (!level.includes(near) || nodes[far] !== 'open') continue
      walked.add(index)
      if (found.has(far)) continue
      found.set(far, way === 'up' ? -step : step)
      next.push(far)
    }
    level = next
  }
  return { found, walked }
}

const context = () => {
  const ctx = core.as(nobody)
  const { kinds } = ctx.registry
  const known = kinds.get('strategy.objective')!
  // Links of the test only, declared as any others are.
  const { under } = known.declaration.links
  const links = { up: under!, down: under! }
  return {
    ...ctx,
    registry: {
      ...ctx.registry,
      kinds: new Map(kinds).set('strategy.objective', { ...known, declaration: { ...known.declaration, links } }),
      towardsVision: { forward: ['strategy.objective.up'], backward: ['strategy.objective.down'] },
    },
  }
}

test('finds what a plain search finds, at the same depth, over loops and up to what may not be read', async () => {
  await fc.assert(
    fc.asyncProperty(anyGraph, fc.nat(count - 1), fc.integer({ min: 1, max: 7 }), async (graph, start, depth) => {
      const ids = await store(graph)
      const seen = graph.nodes[start] === 'open'
      for (const direction of ['up', 'down', 'both'] satisfies TraceDirection[]) {
        const traced = await trace(context(), ids[start]!, direction, depth)
        const ways = direction === 'both' ? (['up', 'down'] as const) : [direction]
        const parts = seen ? ways.map((way) => search(graph, start, way, depth)) : []
        const depths = new Map<string, number>()
        for (const { found } of parts)
          for (const [at, each] of found) if (!depths.has(ids[at]!)) depths.set(ids[at]!, each)
        expect(new Map(traced.nodes.map((node) => [node.id, node.depth]))).toEqual(depths)
        const edges = new Set(
          parts
            .flatMap(({ walked }) => [...walked])
            .map((at) => `${graph.links[at]!.towards} ${ids[graph.links[at]!.from]} ${ids[graph.links[at]!.to]}`),
        )
        expect(
          new Set(traced.edges.map((edge) => `${edge.name === 'strategy.objective.up'} ${edge.from} ${edge.to}`)),
        ).toEqual(edges)
        expect(traced.truncated).toBe(false)
      }
    }),
    { numRuns: 80 },
  )
}, 60_000)

test('says when it was cut short, by records or by links', async () => {
  const nodes: Node[] = Array.from({ length: 40 }, () => 'open')
  const star = nodes.slice(1).map((_, index) => ({ from: 0, to: index + 1, towards: true }))
  const ids = await store({ nodes, links: star })
  const traced = async (limit: number) => {
    const { nodes: found, edges, truncated } = await trace(context(), ids[0]!, 'up', 6, limit)
    return [found.length, edges.length, truncated]
  }
  expect(await traced(40)).toEqual([40, 39, false])
  expect(await traced(39)).toEqual([39, 38, true])
  expect(await traced(1)).toEqual([1, 0, true])
})

test('a chain is followed exactly as deep as asked', async () => {
  const nodes: Node[] = Array.from({ length: 30 }, () => 'open')
  const ids = await store({
    nodes,
    links: nodes.slice(1).map((_, index) => ({ from: index, to: index + 1, towards: true })),
  })
  for (const [depth, expected] of [
    [1, 2],
    [6, 7],
    [20, 21],
    [99, 21],
    [0, 2],
  ] as const)
    expect((await trace(context(), ids[0]!, 'up', depth)).nodes).toHaveLength(expected)
})

test('a level of hundreds of records is gone on from whole, and at once where there is no more room', async () => {
  const wide = 500
  const nodes: Node[] = Array.from({ length: 1 + wide * 2 }, () => 'open')
  const ids = await store({
    nodes,
    links: Array.from({ length: wide }, (_, at) => [
      { from: 0, to: at + 1, towards: true },
      { from: at + 1, to: wide + at + 1, towards: true },
      { from: at + 1, to: wide + ((at + 1) % wide) + 1, towards: true },
    ]).flat(),
  })
  const whole = await trace(context(), ids[0]!, 'up', 6)
  expect([whole.nodes.length, whole.edges.length, whole.truncated]).toEqual([1 + wide * 2, wide * 3, false])
  expect(new Set(whole.edges.map(({ from, to }) => `${from} ${to}`)).size).toBe(wide * 3)
  const short = await trace(context(), ids[0]!, 'up', 6, 700)
  expect([short.nodes.length, short.truncated]).toEqual([700, true])
})

test('what may not be read takes no room: however much of it there is, the rest is found', async () => {
  const hidden = 50_050
  const nodes: Node[] = Array.from({ length: 1 + hidden + 3 }, (_, at) => (at > 0 && at <= hidden ? 'secret' : 'open'))
  const ids = await store({ nodes, links: nodes.slice(1).map((_, at) => ({ from: 0, to: at + 1, towards: true })) })
  const found = await trace(context(), ids[0]!, 'up', 6)
  expect(new Set(found.nodes.map(({ id }) => id))).toEqual(new Set([ids[0], ...ids.slice(-3)]))
  expect(found.truncated).toBe(false)
}, 60_000)
