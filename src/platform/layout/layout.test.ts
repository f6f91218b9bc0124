import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { LayoutGraph, LayoutSizes, Placement } from './graph.ts'
import { ascending } from './heights.ts'
import { placeLayered } from './layered.ts'
import { createPlacer, type Placer } from './placer.ts'

const sizes: LayoutSizes = { width: 200, height: 60, columnGap: 90, rowGap: 16, laneHead: 24 }

const maps: fc.Arbitrary<LayoutGraph> = fc
  .record({
    bands: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 30 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 50 }),
    lanes: fc.option(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 30 }), { nil: undefined }),
  })
  .map(({ bands, pairs, lanes }) => ({
    nodes: bands.map((band, index) => ({ id: `n${index}`, band, ...(lanes ? { lane: lanes[index]! } : {}) })),
    // Links of all kinds: forwards, backwards, inside a part, in loops, twice, to itself.
    links: pairs.map(([from, to]) => ({ from: `n${from % bands.length}`, to: `n${to % bands.length}` })),
    sizes,
  }))

const boxes = ({ nodes }: LayoutGraph, { corners }: Placement) =>
  nodes.map((node, index) => ({ ...node, x: corners[2 * index]!, y: corners[2 * index + 1]! }))

describe.each(['full', 'quick'] as const)('a %s placement', (effort) => {
  test('no box covers another or leaves the drawing, parts stand beside each other, rows below each other', () => {
    fc.assert(
      fc.property(maps, (graph) => {
        const placed = placeLayered(graph, effort)
        const all = boxes(graph, placed)
        for (const [index, a] of all.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(0)
          expect(a.y).toBeGreaterThanOrEqual(0)
          expect(a.x + sizes.width).toBeLessThanOrEqual(placed.width)
          expect(a.y + sizes.height).toBeLessThanOrEqual(placed.height)
          for (const b of all.slice(index + 1)) {
            // Coordinates are rounded to a tenth.
            if (a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(sizes.height + sizes.rowGap - 0.3)
            if (a.band < b.band) expect(a.x + sizes.width).toBeLessThan(b.x)
            if (a.lane !== undefined && a.lane < b.lane!) expect(a.y + sizes.height).toBeLessThan(b.y)
          }
        }
        for (const [index, { band, x, width }] of placed.bands.entries()) {
          const own = all.filter((box) => box.band === band)
          expect(own.every((box) => box.x >= x && box.x + sizes.width <= x + width)).toBe(true)
          if (index > 0) expect(placed.bands[index - 1]!.band).toBeLessThan(band)
        }
      }),
    )
  })

  test('every link begins at the side of one box and ends at the side of the other', () => {
    fc.assert(
      fc.property(maps, (graph) => {
        const placed = placeLayered(graph, effort)
        const all = new Map(boxes(graph, placed).map((box) => [box.id, box]))
        expect(placed.routes.length).toBe(graph.links.length)
        for (const [index, route] of placed.routes.entries()) {
          const [from, to] = [all.get(graph.links[index]!.from)!, all.get(graph.links[index]!.to)!]
          for (const [box, x, y] of [
            [from, route[0]!, route[1]!],
            [to, route.at(-2)!, route.at(-1)!],
          ] as const) {
            expect([box.x, box.x + sizes.width]).toContain(x)
            expect(y).toBeGreaterThanOrEqual(box.y)
            expect(y).toBeLessThanOrEqual(box.y + sizes.height)
          }
        }
      }),
    )
  })
})

test('a chain inside a part runs from left to right', () => {
  const chain = ['a', 'b', 'c'].map((id) => ({ id, band: 2 }))
  const placed = placeLayered({
    nodes: chain,
    links: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
    ],
    sizes,
  })
  expect(placed.corners[0]).toBeLessThan(placed.corners[2]!)
  expect(placed.corners[2]).toBeLessThan(placed.corners[4]!)
  expect(placed.corners[1]).toBe(placed.corners[5])
})

test('what need not cross does not: ten ladders given in disorder', () => {
  // 1, 3, 7 and 9 share no divisor with 10: each part lists its ladders in another order.
  const nodes = [1, 3, 7, 9].flatMap((step, band) =>
    Array.from({ length: 10 }, (_, index) => ({ id: `${(step * index) % 10} ${band}`, band })),
  )
  const links = Array.from({ length: 10 }, (_, ladder) =>
    [0, 1, 2].map((band) => ({ from: `${ladder} ${band}`, to: `${ladder} ${band + 1}` })),
  ).flat()
  const graph = { nodes, links, sizes }
  const placed = placeLayered(graph)
  for (const route of placed.routes) expect(route[1]).toBe(route.at(-1))
})

test('a link to nowhere is refused', () => {
  expect(() => placeLayered({ nodes: [{ id: 'a', band: 0 }], links: [{ from: 'a', to: 'b' }], sizes })).toThrow(
    /names b/,
  )
})

test('the ascending sequence nearest to a wished one: no ascending change of it comes nearer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
        minLength: 1,
        maxLength: 20,
      }),
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 20, maxLength: 20 }),
      (pairs, others) => {
        const wished = Float64Array.from(pairs, ([value]) => value)
        const weight = Float64Array.from(pairs, ([, mass]) => mass)
        const fitted = ascending(wished, weight)
        const far = (values: ArrayLike<number>) =>
          pairs.reduce((sum, [value, mass], index) => sum + mass * (values[index]! - value) ** 2, 0)
        for (let index = 1; index < fitted.length; index += 1)
          expect(fitted[index]).toBeGreaterThanOrEqual(fitted[index - 1]! - 1e-9)
        const rival = others.slice(0, pairs.length).sort((a, b) => a - b)
        expect(far(fitted)).toBeLessThanOrEqual(far(rival) + 1e-6)
      },
    ),
  )
})

test('a chain of any length takes twelve columns, so that long links bend a bounded number of times', () => {
  const nodes = Array.from({ length: 400 }, (_, index) => ({ id: `${index}`, band: 0 }))
  const chain = nodes.slice(1).map(({ id }, index) => ({ from: `${index}`, to: id }))
  const fan = nodes.slice(2).map(({ id }) => ({ from: '0', to: id }))
  const { corners, width } = placeLayered({ nodes, links: [...chain, ...fan], sizes }, 'quick')
  const columns = new Set(nodes.map((_, index) => corners[index * 2]))
  expect(columns.size).toBe(12)
  expect(width).toBeLessThan(12 * (sizes.width + sizes.columnGap) + 100)
})

describe('the placer', () => {
  const graph: LayoutGraph = {
    nodes: [
      { id: 'a', band: 0 },
      { id: 'b', band: 1 },
    ],
    links: [{ from: 'a', to: 'b' }],
    sizes,
  }
  let placer: Placer | undefined
  afterEach(() => placer?.close())
  const program = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

  test('a thread answers as the plain function does, and the second time it is remembered', async () => {
    placer = createPlacer()
    const first = await placer.place(graph)
    expect(first).toEqual(placeLayered(graph))
    expect(await placer.place(structuredClone(graph))).toBe(first)
  })

  test('whoever asks for the same meanwhile waits for the same', async () => {
    placer = createPlacer()
    const [first, second] = await Promise.all([placer.place(graph), placer.place(structuredClone(graph))])
    expect(second).toBe(first)
  })

  test.each([
    [
      'never answers',
      'import("node:worker_threads").then(({ parentPort }) => parentPort.on("message", () => {}))',
      /longer than 50 ms/,
      50,
    ],
    ['breaks', 'throw new Error("broken")', /broken/, 60_000],
    ['ends', 'process.exit(0)', /has ended/, 60_000],
  ])(
    'a thread that %s leaves a quick placement, and the next map is placed too',
    async (_what, code, message, limitMs) => {
      const troubles: string[] = []
      placer = createPlacer({ program: program(code), limitMs, onTrouble: (error) => troubles.push(error.message) })
      expect(await placer.place(graph)).toEqual(placeLayered(graph, 'quick'))
      expect(troubles).toEqual([expect.stringMatching(message)])
      const other = { ...graph, sizes: { ...sizes, width: 300 } }
      expect(await placer.place(other)).toEqual(placeLayered(other, 'quick'))
      // One that was placed in the quick way is not tried again at once.
      expect(await placer.place(graph)).toEqual(placeLayered(graph, 'quick'))
      expect(troubles).toHaveLength(2)
    },
  )

  test('more maps than may wait are placed at once', async () => {
    placer = createPlacer({ maxWaiting: 1 })
    const many = Array.from({ length: 5 }, (_, index) => ({ ...graph, sizes: { ...sizes, width: 100 + index } }))
    const placed = await Promise.all(many.map((each) => placer!.place(each)))
    expect(placed.map(({ width }) => width)).toEqual(many.map((each) => placeLayered(each).width))
  })

  test('what is remembered is bounded, the oldest go first', async () => {
    placer = createPlacer({ maxNumbers: 20 })
    const at = (width: number) => placer!.place({ ...graph, sizes: { ...sizes, width } })
    const first = await at(1)
    await at(2)
    expect(await at(1)).toBe(first)
    await at(3)
    await at(4)
    expect(await at(1)).not.toBe(first)
  })

  test('a link to nowhere is refused before it reaches the thread', async () => {
    placer = createPlacer()
    await expect(placer.place({ ...graph, links: [{ from: 'a', to: 'c' }] })).rejects.toThrow(/from a to c/)
  })
})
