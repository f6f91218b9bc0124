import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NetworkLink, type NetworkNode, type NetworkPart, networkParts } from '#analysis/network.ts'
import { chainsOf, groupedByOutcome, leadingTo, type MapGraph, weightsFor, withoutParts } from './rules.ts'

const node = (id: string, part: NetworkPart): NetworkNode => ({ id, part })
const link = (from: string, to: string, percent: number | null = null): NetworkLink => ({ from, to, percent })
const ids = (map: MapGraph) => map.nodes.map(({ id }) => id).sort()

/** Two outcomes that share one enabler. */
const map: MapGraph = {
  nodes: [
    node('E', 'enabler'),
    node('E2', 'enabler'),
    node('C', 'change'),
    node('D', 'change'),
    node('B', 'benefit'),
    node('B2', 'benefit'),
    node('O', 'outcome'),
    node('P', 'outcome'),
  ],
  links: [
    link('E', 'C', 50),
    link('E', 'D', 100),
    link('E2', 'C', 50),
    link('C', 'B', 60),
    link('D', 'B', 40),
    link('D', 'B2', 100),
    link('B', 'O', 100),
    link('B2', 'P', 100),
  ],
}

const maps: fc.Arbitrary<MapGraph> = fc
  .record({
    parts: fc.array(fc.constantFrom(...networkParts), { minLength: 1, maxLength: 20 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
  })
  .map(({ parts, pairs }) => ({
    nodes: parts.map((part, index) => node(`n${index}`, part)),
    links: pairs.map(([from, to]) => link(`n${from % parts.length}`, `n${to % parts.length}`, (from % 100) + 1)),
  }))

describe('a cut of the map', () => {
  test('a chain holds what leads there and where it leads, not its neighbours', () => {
    expect(ids(chainsOf(map, ['B2']))).toEqual(['B2', 'D', 'E', 'P'])
    expect(ids(chainsOf(map, ['E2']))).toEqual(['B', 'C', 'E2', 'O'])
    expect(ids(chainsOf(map, ['gone']))).toEqual([])
    expect(ids(leadingTo(map, ['O']))).toEqual(['B', 'C', 'D', 'E', 'E2', 'O'])
  })

  test('keeps only links between what it keeps', () => {
    fc.assert(
      fc.property(maps, fc.nat(), (any, number) => {
        for (const cut of [chainsOf, leadingTo]) {
          const start = any.nodes[number % any.nodes.length]!.id
          const kept = cut(any, [start])
          const known = new Set(ids(kept))
          expect(known.has(start)).toBe(true)
          expect(kept.links.every(({ from, to }) => known.has(from) && known.has(to))).toBe(true)
        }
      }),
    )
  })
})

describe('without a part', () => {
  test('what led through it leads on, with the product of the weights added over the ways', () => {
    const bare = withoutParts(map, new Set<NetworkPart>(['change']))
    expect(ids(bare)).toEqual(['B', 'B2', 'E', 'E2', 'O', 'P'])
    expect(bare.links).toContainEqual(link('E', 'B', 70))
    expect(bare.links).toContainEqual(link('E2', 'B', 30))
    expect(bare.links).toContainEqual(link('E', 'B2', 100))
  })

  test('a way with a link that nobody judged has no weight', () => {
    const partly = {
      ...map,
      links: map.links.map((each) => (each.from === 'D' && each.to === 'B' ? { ...each, percent: null } : each)),
    }
    expect(withoutParts(partly, new Set<NetworkPart>(['change'])).links).toContainEqual(link('E', 'B', null))
  })

  test('hides exactly these parts and ends, whatever the map', () => {
    fc.assert(
      fc.property(maps, fc.subarray([...networkParts]), (any, hidden) => {
        const bare = withoutParts(any, new Set(hidden))
        expect(bare.nodes).toEqual(any.nodes.filter(({ part }) => !hidden.includes(part)))
        const known = new Set(ids(bare))
        expect(bare.links.every(({ from, to }) => known.has(from) && known.has(to))).toBe(true)
      }),
    )
  })
})

describe('groups', () => {
  test('gather each part by the outcome it reaches first, the first given of two as near', () => {
    const { groups, links } = groupedByOutcome(map)
    const reported = groups.map(({ part, outcome, members }) => `${part} → ${outcome}: ${members.join(' ')}`)
    expect(reported).toEqual([
      'enabler → O: E E2',
      'change → O: C D',
      'benefit → O: B',
      'benefit → P: B2',
      'outcome → O: O',
      'outcome → P: P',
    ])
    expect(links.map(({ from, to }) => `${groups[from]!.key} → ${groups[to]!.key}`)).toContain('change O → benefit P')
  })

  test('gather objectives below the outcome they lie under', () => {
    const { groups } = groupedByOutcome({
      nodes: [...map.nodes, node('Q', 'outcome')],
      links: [...map.links, link('P', 'Q')],
    })
    expect(groups.map(({ outcome, members }) => `${outcome}: ${members.join(' ')}`)).toEqual([
      'O: E E2',
      'O: C D',
      'O: B',
      'Q: B2',
      'O: O',
      'Q: P',
      'Q: Q',
    ])
  })

  test('hold every node once, also where no outcome is reached', () => {
    fc.assert(
      fc.property(maps, (any) => {
        const { groups, links } = groupedByOutcome(any)
        expect(groups.flatMap(({ members }) => members).sort()).toEqual(ids(any))
        expect(links.every(({ from, to }) => from !== to && groups[from] && groups[to])).toBe(true)
      }),
    )
  })
})

describe('weights for an outcome', () => {
  test('say how much of it rests on each, and what each part accounts for', () => {
    const found = weightsFor('O', map)!
    expect(found.scores.get('E')).toBeCloseTo(70, 10)
    expect(found.scores.get('E2')).toBeCloseTo(30, 10)
    expect(found.layers).toEqual({ enabler: 100, change: 100, benefit: 100 })
  })

  test('are silent where nothing is judged and where a loop has no answer', () => {
    expect(weightsFor('O', { ...map, links: map.links.map((each) => ({ ...each, percent: null })) })).toBe(null)
    expect(weightsFor('O', { ...map, links: [...map.links, link('B', 'C', 10)] })).toBe(null)
  })
})
