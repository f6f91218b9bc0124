import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Claim, claimFindings, type Movement } from './claims.ts'
import {
  layerSums,
  type NetworkLink,
  type NetworkNode,
  type NetworkPart,
  networkParts,
  networkScores,
} from './network.ts'
import { maxExact, networkChance } from './network-chance.ts'
import { networkFindings } from './network-findings.ts'

const node = (id: string, part: NetworkPart): NetworkNode => ({ id, part })
const link = (from: string, to: string, percent: number | null = 100): NetworkLink => ({ from, to, percent })

/** BDN-1 of the published oracles. */
const nodes = [
  node('O', 'outcome'),
  node('B1', 'benefit'),
  node('B2', 'benefit'),
  node('C1', 'change'),
  node('C2', 'change'),
  node('E1', 'enabler'),
  node('E2', 'enabler'),
]
const links = [
  link('B1', 'O', 60),
  link('B2', 'O', 40),
  link('C1', 'B1', 50),
  link('C2', 'B1', 50),
  link('C2', 'B2', 100),
  link('E1', 'C1', 100),
  link('E1', 'C2', 30),
  link('E2', 'C2', 70),
]
const judged = (list: readonly NetworkLink[]) => list.map((each) => ({ ...each, percent: each.percent! }))

/** Shares of 100 in whole percents, each at least 1. */
const sharesOf = (weights: readonly number[]): number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const spare = 100 - weights.length
  const shares = weights.map((weight) => 1 + Math.floor((weight * spare) / total))
  shares[0]! += 100 - shares.reduce((sum, share) => sum + share, 0)
  return shares
}

type CleanMap = { nodes: NetworkNode[]; links: NetworkLink[] }

/** A map in which every node has its place: each part has some nodes, all lead to one outcome, weights add up. */
const cleanMap: fc.Arbitrary<CleanMap> = fc
  .record({
    sizes: fc.tuple(...[1, 1, 1].map(() => fc.integer({ min: 1, max: 7 }))),
    weights: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 7, maxLength: 40 }),
    extra: fc.array(fc.nat(), { maxLength: 25 }),
  })
  .map(({ sizes, weights, extra }) => {
    const layers = [
      ...sizes.map((size, rank) => Array.from({ length: size }, (_, n) => `${networkParts[rank]}${n}`)),
      ['out'],
    ]
    const pairs = new Set<string>()
    for (let rank = 0; rank < 3; rank += 1) {
      const [here, next] = [layers[rank]!, layers[rank + 1]!]
      // Everything leads on, and everything rests on something.
      for (const [index, id] of here.entries()) pairs.add(`${id} ${next[index % next.length]}`)
      for (const [index, id] of next.entries()) pairs.add(`${here[index % here.length]} ${id}`)
      for (const [index, number] of extra.entries())
        if (index % 3 === rank) pairs.add(`${here[number % here.length]} ${next[(number >> 3) % next.length]}`)
    }
    const arriving = Map.groupBy(
      [...pairs].map((pair) => pair.split(' ') as [string, string]),
      ([, to]) => to,
    )
    return {
      nodes: layers.flatMap((ids, rank) => ids.map((id) => node(id, networkParts[rank]!))),
      links: [...arriving.values()].flatMap((list) => {
        const shares = sharesOf(list.map((_, index) => weights[index % weights.length]!))
        return list.map(([from, to], index) => link(from, to, shares[index]!))
      }),
    }
  })

describe('scores', () => {
  test('every complete layer of the published map sums to 100', () => {
    const found = networkScores('O', judged(links))
    if ('problem' in found) throw new Error(found.problem)
    expect(layerSums(found.scores, nodes, links)).toEqual({ enabler: 100, change: 100, benefit: 100 })
  })

  test('every layer of any clean map sums to 100, and what a benefit lacks is missing from there down', () => {
    fc.assert(
      fc.property(cleanMap, (map) => {
        const found = networkScores('out', judged(map.links))
        if ('problem' in found) throw new Error(found.problem)
        expect(found.incomplete).toEqual([])
        for (const sum of Object.values(layerSums(found.scores, map.nodes, map.links))) expect(sum).toBeCloseTo(100, 8)
        const without = map.links.filter(({ to }) => to !== 'benefit0')
        const cut = networkScores('out', judged(without))
        if ('problem' in cut) throw new Error(cut.problem)
        const sums = layerSums(cut.scores, map.nodes, without)
        expect(sums.benefit).toBeCloseTo(100, 8)
        expect(sums.change).toBeCloseTo(100 - found.scores.get('benefit0')!, 8)
        expect(sums.enabler).toBeCloseTo(sums.change, 8)
      }),
    )
  })

  test('a benefit that leads to another one counts once', () => {
    const chained = [link('B1', 'B2', 100), link('B2', 'O', 100), link('C1', 'B1', 100), link('E1', 'C1', 100)]
    const found = networkScores('O', judged(chained))
    if ('problem' in found) throw new Error(found.problem)
    expect(layerSums(found.scores, nodes, chained)).toEqual({ enabler: 100, change: 100, benefit: 100 })
  })
})

describe('findings', () => {
  test('a clean map has none', () => {
    expect(networkFindings(nodes, links)).toEqual([])
    fc.assert(
      fc.property(cleanMap, (map) => {
        expect(networkFindings(map.nodes, map.links)).toEqual([])
      }),
    )
  })

  test('a map that nobody has weighed has none', () => {
    const unweighed = links.map((each) => ({ ...each, percent: null }))
    expect(networkFindings(nodes, unweighed)).toEqual([])
  })

  test('a third, a third and a third are a whole', () => {
    const thirds = [link('A', 'O', 33.33), link('B', 'O', 33.33), link('C', 'O', 33.33)]
    const three = [node('O', 'outcome'), node('A', 'benefit'), node('B', 'benefit'), node('C', 'benefit')]
    expect(networkFindings(three, thirds).map(({ finding }) => finding)).toEqual(Array(3).fill('rests-on-nothing'))
  })

  test.each<[string, readonly NetworkNode[], readonly NetworkLink[], object[]]>([
    [
      'too much weight',
      nodes,
      links.map((each) => (each.from === 'B1' ? { ...each, percent: 75 } : each)),
      [{ finding: 'weights-over', node: 'O', sum: 115 }],
    ],
    [
      'too little weight',
      nodes,
      links.map((each) => (each.from === 'B1' ? { ...each, percent: 50 } : each)),
      [{ finding: 'weights-under', node: 'O', sum: 90 }],
    ],
    [
      'a weight that is not judged',
      nodes,
      links.map((each) => (each.from === 'B1' ? { ...each, percent: null } : each)),
      [{ finding: 'weights-partial', node: 'O', sum: 40, unjudged: 1 }],
    ],
    ['an orphan', [...nodes, node('B3', 'benefit')], links, [{ finding: 'alone', node: 'B3' }]],
    [
      'an outcome that nothing serves',
      [...nodes, node('O2', 'outcome')],
      links,
      [{ finding: 'rests-on-nothing', node: 'O2' }],
    ],
    [
      'a benefit without change',
      [...nodes, node('B3', 'benefit'), node('O2', 'outcome')],
      [...links, link('B3', 'O2')],
      [{ finding: 'rests-on-nothing', node: 'B3' }],
    ],
    [
      'a change without enabler',
      [...nodes, node('C3', 'change'), node('B3', 'benefit'), node('O2', 'outcome')],
      [...links, link('C3', 'B3'), link('B3', 'O2')],
      [{ finding: 'rests-on-nothing', node: 'C3' }],
    ],
    [
      'an enabler that reaches no outcome, named where the chain ends',
      [...nodes, node('E3', 'enabler'), node('C3', 'change'), node('B3', 'benefit')],
      [...links, link('E3', 'C3'), link('C3', 'B3')],
      [{ finding: 'leads-nowhere', node: 'B3', stranded: ['C3', 'E3'] }],
    ],
    [
      'an enabler that leaves the change out',
      nodes,
      [
        ...links.map((each) => (each.from === 'C2' && each.to === 'B1' ? { ...each, percent: 30 } : each)),
        link('E2', 'B1', 20),
      ],
      [{ finding: 'skips-part', from: 'E2', to: 'B1' }],
    ],
    [
      'a link against the order of the parts',
      [...nodes, node('O2', 'outcome')],
      [...links, link('O2', 'E2')],
      [
        { finding: 'runs-backwards', from: 'O2', to: 'E2' },
        { finding: 'rests-on-nothing', node: 'O2' },
      ],
    ],
  ])('%s is found, and nothing else', (_name, faulty, wired, expected) => {
    expect(networkFindings(faulty, wired)).toEqual(expected)
  })

  test('a loop is named node by node, the shortest through its first node', () => {
    const looped = [
      node('O', 'outcome'),
      ...['A', 'B', 'C', 'D'].map((id) => node(id, 'benefit')),
      node('X', 'change'),
      node('E', 'enabler'),
    ]
    const wired = [
      link('E', 'X'),
      link('X', 'A', null),
      link('A', 'B'),
      link('B', 'C', null),
      link('C', 'D', null),
      link('D', 'A', null),
      link('C', 'A', null),
      link('D', 'O'),
    ]
    expect(networkFindings(looped, wired)).toEqual([{ finding: 'loop', nodes: ['A', 'B', 'C'] }])
  })

  test('any loop planted in a clean map is found, and each of its steps is a link', () => {
    fc.assert(
      fc.property(cleanMap, fc.nat(), (map, number) => {
        const forth = map.links[number % map.links.length]!
        const wired = [...map.links, link(forth.to, forth.from, null)]
        const [loop, ...others] = networkFindings(map.nodes, wired).filter(({ finding }) => finding === 'loop')
        expect(others).toEqual([])
        const steps = loop?.finding === 'loop' ? loop.nodes : []
        expect(steps.length).toBeGreaterThan(1)
        for (const [index, from] of steps.entries())
          expect(wired.some((each) => each.from === from && each.to === steps[(index + 1) % steps.length])).toBe(true)
      }),
    )
  })

  test('a map of a whole city, with chains of any length, is no trouble', () => {
    const long = Array.from({ length: 50_000 }, (_, index) => node(`b${index}`, 'benefit'))
    const chain = long.slice(1).map(({ id }, index) => link(`b${index}`, id))
    expect(networkFindings(long, [...chain, link('b49999', 'b0')])).toMatchObject([
      { finding: 'loop', nodes: { length: 50_000 } },
    ])
    expect(networkFindings(long, chain)).toMatchObject([
      { finding: 'rests-on-nothing', node: 'b0' },
      { finding: 'leads-nowhere', node: 'b49999', stranded: { length: 49_999 } },
    ])
  })

  test('a link to nowhere and a node given twice are refused by name', () => {
    expect(() => networkFindings(nodes, [link('B1', 'gone')])).toThrow(/gone/)
    expect(() => networkFindings([...nodes, nodes[0]!], links)).toThrow(/two nodes with the id O/)
  })
})

describe('chance', () => {
  const uncertain = [
    { id: 'E1', chance: 0.9 },
    { id: 'E2', chance: 0.6 },
    { id: 'C2', needs: 'all' as const },
  ]

  test('the published map: value 0.3·E1 + 0.7·E1·E2, mean 0.648, nothing with 0.10', () => {
    const found = networkChance('O', uncertain, links)
    if ('problem' in found) throw new Error(found.problem)
    expect(found.mean).toBeCloseTo(0.648, 12)
    expect(found.nothing).toBeCloseTo(0.1, 12)
    expect(found.method).toBe('exact')
    expect(found.distribution.map(({ share }) => share)).toEqual([0, 0.3, 1])
    for (const [index, chance] of [0.1, 0.36, 0.54].entries())
      expect(found.distribution[index]!.chance).toBeCloseTo(chance, 12)
  })

  test('without a need for all, the mean is the sum of scores times chances', () => {
    fc.assert(
      fc.property(
        cleanMap,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }),
        (map, chances) => {
          const enablers = map.nodes.filter(({ part }) => part === 'enabler')
          const given = enablers.map(({ id }, index) => ({ id, chance: chances[index]! }))
          const found = networkChance('out', given, map.links)
          const scored = networkScores('out', judged(map.links))
          if ('problem' in found || 'problem' in scored) throw new Error('loop')
          const expected = given.reduce((sum, { id, chance }) => sum + (chance * scored.scores.get(id)!) / 100, 0)
          expect(found.mean).toBeCloseTo(expected, 6)
          expect(found.distribution.reduce((sum, { chance }) => sum + chance, 0)).toBeCloseTo(1, 9)
        },
      ),
    )
  })

  test('too many to weigh are drawn, the same for the same seed, and say so', () => {
    const many = Array.from({ length: maxExact + 4 }, (_, index) => `e${index}`)
    const given = many.map((id) => ({ id, chance: 0.7 }))
    const wired = many.map((id) => link(id, 'O', 100 / many.length))
    const found = networkChance('O', given, wired)
    if ('problem' in found) throw new Error(found.problem)
    expect(found).toMatchObject({ method: 'sampled', combinations: 20_000 })
    // Four standard errors of a mean of 20 independent parts over 20,000 draws.
    expect(Math.abs(found.mean - 0.7)).toBeLessThan(4 * Math.sqrt((0.7 * 0.3) / many.length / 20_000))
    expect(networkChance('O', given, wired)).toEqual(found)
  })

  test('a chance outside 0 to 1 is refused, a loop is named', () => {
    expect(() => networkChance('O', [{ id: 'E1', chance: 1.2 }], links)).toThrow(/E1 is 1.2/)
    expect(networkChance('O', [], [...links, link('B1', 'C1', 10)])).toMatchObject({ problem: 'loop' })
  })
})

describe('claims on a movement', () => {
  const movement: Movement = { id: 'M', change: 10, counterfactual: 4 }
  const claim = (claimant: string, amount: number | null, plan: string | null = 'P'): Claim => ({
    claimant,
    movement: 'M',
    plan,
    amount,
  })
  const found = (given: Movement, ...claims: Claim[]) => claimFindings([given], claims)

  test('one claim within the change against the counterfactual is none', () => {
    expect(found(movement, claim('A', 6))).toEqual([])
    expect(found(movement)).toEqual([])
  })

  test('the whole change is too much where part of it would have come anyway', () => {
    expect(found(movement, claim('A', 10))).toEqual([
      { finding: 'over', movement: 'M', available: 6, claimed: 10, claimants: ['A'], plans: ['P'] },
    ])
  })

  test('two plans that claim one movement are reported together', () => {
    const [finding] = found(movement, claim('A', 2, 'P'), claim('B', 3, 'Q'))
    expect(finding).toEqual({
      finding: 'overlap',
      movement: 'M',
      available: 6,
      claimed: 5,
      claimants: ['A', 'B'],
      plans: ['P', 'Q'],
    })
    expect(found(movement, claim('A', 4, 'P'), claim('B', 4, 'Q'))).toMatchObject([
      { finding: 'over', plans: ['P', 'Q'] },
    ])
    expect(found({ ...movement, change: null }, claim('A', null), claim('B', null))).toMatchObject([
      { finding: 'overlap' },
    ])
  })

  test('an agreed split or a note settles it, a split that does not fit does not', () => {
    const claims = [claim('A', 2.4, 'P'), claim('B', 3.6, 'Q')]
    const agreed = (...shares: [string, number][]) => ({ ...movement, split: new Map(shares) })
    expect(found(agreed(['A', 40], ['B', 60]), ...claims)).toEqual([])
    expect(found({ ...movement, noted: true }, ...claims)).toEqual([])
    expect(found(agreed(['A', 40], ['B', 70]), ...claims)).toMatchObject([{ finding: 'split' }])
    expect(found(agreed(['A', 40]), ...claims)).toMatchObject([{ finding: 'split' }])
    expect(found(agreed(['A', 30], ['B', 70]), ...claims)).toMatchObject([{ finding: 'split' }])
    expect(found(agreed(['A', 40], ['B', 60]), claim('A', 4), claim('B', 6))).toMatchObject([{ finding: 'over' }])
  })

  test('a claim needs a word on what would have happened anyway', () => {
    expect(found({ ...movement, counterfactual: null }, claim('A', 5))).toMatchObject([
      { finding: 'no-counterfactual', available: null },
    ])
  })

  test('a movement for the worse leaves nothing to claim', () => {
    expect(found({ ...movement, change: 1 }, claim('A', 1))).toMatchObject([{ finding: 'over', available: 0 }])
  })

  test('claims that fit into an agreed split are never a finding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (weights, available, counterfactual) => {
          const shares = sharesOf(weights)
          const given = {
            id: 'M',
            change: counterfactual + available,
            counterfactual,
            split: new Map(shares.map((share, index) => [`c${index}`, share])),
          }
          const reach = Math.max(0, given.change - counterfactual)
          const claims = shares.map((share, index) => claim(`c${index}`, (reach * share) / 100))
          expect(claimFindings([given], claims)).toEqual([])
        },
      ),
    )
  })
})
