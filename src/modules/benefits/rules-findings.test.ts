import { describe, expect, test } from 'vitest'
import {
  type BenefitFacts,
  type ClaimFacts,
  type FindingInput,
  findingNames,
  findingsOf,
  trackedMonths,
} from './rules-findings.ts'
import { flowStatus } from './rules-path.ts'
import en from './words/en.json' with { type: 'json' }
import mapEn from './words/map-en.json' with { type: 'json' }
import mapZhHans from './words/map-zh-Hans.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const today = '2026-06-01'
const benefit = (id: string, facts: Partial<BenefitFacts> = {}): BenefitFacts => ({
  id,
  state: 'realizing',
  effect: 'gain',
  benefitType: 'quantified',
  plan: 'plan',
  owner: 'post',
  accountable: 'post',
  vacant: false,
  unplanned: false,
  hasLosingGroup: false,
  settled: false,
  measured: true,
  budgetLines: 0,
  confirmed: false,
  closedOn: null,
  trackUntil: null,
  startOn: '2025-01-01',
  status: { ...flowStatus([], [], today, 90), state: 'on-path' },
  newestValueTo: '2026-05-01',
  lastReviewOn: '2026-03-01',
  openReviews: [],
  financeInChain: false,
  validatedByOwn: false,
  resultsChanged: false,
  ...facts,
})
const claim = (of: string, movement: string, more: Partial<ClaimFacts> = {}): ClaimFacts => ({
  benefit: of,
  indicator: 'waiting',
  baseline: '40',
  baselineOn: '2024-01-01',
  movement,
  counterfactualChange: '-2',
  ...more,
})

/** A map without a fault: an enabler, a change, two benefits, an outcome. */
const clean: FindingInput = {
  today,
  reviewEveryMonths: 6,
  trackMonths: 24,
  benefits: [benefit('B1'), benefit('B2', { plan: 'other' })],
  nodes: [
    { id: 'E', part: 'enabler' },
    { id: 'C', part: 'change' },
    { id: 'B1', part: 'benefit' },
    { id: 'B2', part: 'benefit' },
    { id: 'O', part: 'outcome' },
  ],
  links: [
    { from: 'E', to: 'C', percent: 100 },
    { from: 'C', to: 'B1', percent: 100 },
    { from: 'C', to: 'B2', percent: null },
    { from: 'B1', to: 'O', percent: 60 },
    { from: 'B2', to: 'O', percent: 40 },
  ],
  claims: [claim('B1', '-6')],
  // Down is better: from 40 to 28, two of it would have come anyway, so ten can be claimed.
  indicators: new Map([['waiting', { value: '28', down: true }]]),
}
const found = (more: Partial<FindingInput>) =>
  findingsOf({ ...clean, ...more }).map(({ finding, record, reason, with: others }) =>
    [finding, reason, record, ...others].join(' '),
  )
const benefitOf = (facts: Partial<BenefitFacts>) => found({ benefits: [benefit('B1', facts), benefit('B2')] })
const links = (...changed: { from: string; to: string; percent: number | null }[]) => [
  ...clean.links.filter((each) => !changed.some((other) => other.from === each.from && other.to === each.to)),
  ...changed,
]

test('a clean map gives none', () => {
  expect(found({})).toEqual([])
})

describe('planted faults are each found', () => {
  test.each<[string, Partial<FindingInput>, string[]]>([
    ['too much weight', { links: links({ from: 'B2', to: 'O', percent: 50 }) }, ['weights over O']],
    ['too little weight', { links: links({ from: 'B2', to: 'O', percent: 30 }) }, ['weights under O']],
    ['one part not judged', { links: links({ from: 'B2', to: 'O', percent: null }) }, ['weights partial O']],
    [
      'a circle',
      { links: [...clean.links, { from: 'B1', to: 'B2', percent: null }, { from: 'B2', to: 'B1', percent: null }] },
      ['cycle one B1 B2', 'weights partial B1'],
    ],
    ['an enabler of nothing', { nodes: [...clean.nodes, { id: 'E2', part: 'enabler' }] }, ['orphan alone E2']],
    [
      'a benefit without an outcome',
      { links: clean.links.filter((each) => each.from !== 'B2' && each.to !== 'O') },
      ['broken-chain outcome O', 'orphan leads-nowhere B1 C E', 'orphan leads-nowhere B2'],
    ],
    [
      'a benefit without a change',
      { links: clean.links.filter((each) => each.to !== 'B2') },
      ['broken-chain benefit B2'],
    ],
    [
      'two that claim more than there is',
      { claims: [claim('B1', '-6'), claim('B2', '-5')] },
      ['double-claim over B1 B2'],
    ],
    ['two that claim one movement', { claims: [claim('B1', '-6'), claim('B2', '-4')] }, ['double-claim overlap B1 B2']],
    ['one that claims too much', { claims: [claim('B1', '-12')] }, ['double-claim over-alone B1']],
  ])('%s', (_, more, expected) => {
    expect(found(more).sort()).toEqual(expected.sort())
  })

  test.each<[string, Partial<BenefitFacts>, string[]]>([
    [
      'cash that finance has not seen',
      { benefitType: 'cash-releasing', state: 'realized', budgetLines: 1 },
      ['cashed-without-finance one B1'],
    ],
    [
      'cash that finance has seen',
      { benefitType: 'cash-releasing', state: 'realized', budgetLines: 1, confirmed: true },
      [],
    ],
    ['nobody’s budget', { benefitType: 'cash-releasing' }, ['no-budget one B1']],
    ['a loss of nobody', { effect: 'loss' }, ['no-losing-group one B1']],
    ['no post', { owner: null, accountable: null }, ['no-post one B1']],
    ['a vacant post', { vacant: true }, ['vacant-post one B1']],
    ['nothing to measure it by', { measured: false }, ['no-measure one B1']],
    ['described only', { measured: false, benefitType: 'qualitative' }, []],
    ['validated by somebody who had it before', { validatedByOwn: true }, ['validated-by-own one B1']],
    ['another figure than the one that was validated', { resultsChanged: true }, ['results-changed one B1']],
    ['finance owns a part of it', { financeInChain: true }, ['finance-in-chain one B1']],
    ['no review for long', { lastReviewOn: '2025-09-01' }, ['review-due again B1']],
    ['never reviewed', { lastReviewOn: null }, ['review-due first B1']],
    [
      'a correction that was not made',
      { openReviews: [{ id: 'r', actionDueOn: '2026-05-31' }] },
      ['action-overdue one B1'],
    ],
    ['closed and never handed over', { closedOn: '2026-05-01' }, ['hand-over-due one B1']],
    ['tracked for a year only', { closedOn: '2026-05-01', trackUntil: '2027-05-01' }, ['not-tracked short B1']],
    ['dropped', { state: 'dropped', owner: null, vacant: true, measured: false }, []],
  ])('%s', (_, facts, expected) => {
    expect(benefitOf(facts)).toEqual(expected)
  })

  test('a missed path is open until a review was held after the newest period, and then the next period opens it', () => {
    const status = {
      ...benefit('x').status,
      state: 'missed' as const,
      percent: 41.6,
      missedSince: '2025-01-01',
      comparedTo: '2026-01-01',
    }
    expect(benefitOf({ status, lastReviewOn: '2025-12-31' })).toEqual(['missed-path one B1'])
    expect(benefitOf({ status, lastReviewOn: '2026-01-15' })).toEqual(['missed-path answered B1'])
  })
})

describe('claims', () => {
  test('are compared with the change against the counterfactual, and both plans are named', () => {
    const [over] = findingsOf({ ...clean, claims: [claim('B1', '-8'), claim('B2', '-5')] })
    expect(over!.values).toEqual({ claimed: 13, available: 10, plans: 2 })
  })
  test('an agreed note settles them, where all have it', () => {
    const both = { claims: [claim('B1', '-8'), claim('B2', '-5')] }
    expect(found({ ...both, benefits: [benefit('B1', { settled: true }), benefit('B2')] })).toHaveLength(1)
    expect(found({ ...both, benefits: [benefit('B1', { settled: true }), benefit('B2', { settled: true })] })).toEqual(
      [],
    )
  })
  test('of benefits that were dropped or only proposed do not count', () => {
    const both = { claims: [claim('B1', '-8'), claim('B2', '-5')] }
    for (const state of ['dropped', 'proposed'])
      expect(found({ ...both, benefits: [benefit('B1'), benefit('B2', { state })] })).toEqual([])
  })
  test('a loss claims what got worse, and is not laid beside a gain', () => {
    const indicators = new Map([['waiting', { value: '46', down: true }]])
    const claims = [claim('B2', '5', { counterfactualChange: '1' })]
    const losing = [benefit('B1'), benefit('B2', { effect: 'loss', hasLosingGroup: true })]
    expect(found({ claims, indicators, benefits: losing })).toEqual([])
    expect(found({ claims: [claim('B2', '6', { counterfactualChange: '1' })], indicators, benefits: losing })).toEqual([
      'double-claim over-alone B2',
    ])
  })
})

describe('what need not be there', () => {
  test('a loss need not lead to an outcome, and what came unplanned need not rest on a change', () => {
    const without = (end: 'from' | 'to') =>
      clean.links
        .filter((each) => each[end] !== 'B2')
        .map((each) => (each.from === 'B1' ? { ...each, percent: 100 } : each))
    expect(
      found({
        links: without('from'),
        benefits: [benefit('B1'), benefit('B2', { effect: 'loss', hasLosingGroup: true })],
      }),
    ).toEqual([])
    expect(
      found({
        links: clean.links.filter((each) => each.to !== 'B2'),
        benefits: [benefit('B1'), benefit('B2', { unplanned: true })],
      }),
    ).toEqual([])
  })
})

test.each<[string, string | null, string | null, string, 12 | 24 | null]>([
  ['measured to the end', '2023-01-01', '2025-06-01', '2026-06-01', null],
  ['measured for a year', '2023-01-01', '2024-06-01', '2026-06-01', 24],
  ['never measured after closure', '2023-01-01', '2022-12-31', '2026-06-01', 24],
  ['too early to say', '2026-01-01', null, '2026-06-01', null],
  ['one year is over', '2024-09-01', null, '2026-06-01', 12],
  ['not closed', null, null, '2026-06-01', null],
])('tracking after closure: %s', (_, closedOn, newestValueTo, on, expected) => {
  expect(trackedMonths({ closedOn, trackUntil: null, newestValueTo, benefitType: 'quantified' }, on)).toBe(expected)
})

test('nothing is asked beyond the day on which tracking ends', () => {
  const facts = { closedOn: '2023-01-01', newestValueTo: '2024-06-01', benefitType: 'quantified' }
  expect(trackedMonths({ ...facts, trackUntil: '2024-06-30' }, '2026-06-01')).toBeNull()
})

test('every finding has its words in lists, in work and on the map, in both languages', () => {
  const needed = findingNames.flatMap((name) => [
    `benefits.finding.${name}`,
    `benefits.finding.${name}.counted`,
    `benefits.finding.${name}.step`,
    `benefits.map.mark.${name}`,
  ])
  for (const words of [
    { ...en, ...mapEn },
    { ...zhHans, ...mapZhHans },
  ])
    expect(needed.filter((key) => !(key in words))).toEqual([])
})
