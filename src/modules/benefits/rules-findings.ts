/**
 * What is wrong with the benefits of a city, for people to settle: computed from plain facts, named after what to do.
 */
import { type Claim, claimFindings, type Movement } from '#analysis/claims.ts'
import type { NetworkLink, NetworkNode, NetworkPart } from '#analysis/network.ts'
import { networkFindings } from '#analysis/network-findings.ts'
import { type Decimal, subtractDecimals } from '#values/decimal.ts'
import { addMonths, type Day } from '#values/period.ts'
import { agreedStates, isCash } from './rules.ts'
import type { PathStatus } from './rules-path.ts'

/** In order of urgency: how much each presses. */
export const findingPriority = {
  'missed-path': 1,
  'cashed-without-finance': 1,
  'validated-by-own': 2,
  'results-changed': 2,
  'double-claim': 2,
  'vacant-post': 2,
  late: 2,
  'action-overdue': 2,
  'not-tracked': 2,
  'no-losing-group': 2,
  'no-post': 3,
  'no-measure': 3,
  'no-budget': 3,
  'hand-over-due': 3,
  'review-due': 3,
  cycle: 3,
  weights: 4,
  'broken-chain': 4,
  orphan: 4,
  'finance-in-chain': 4,
} as const
export type FindingName = keyof typeof findingPriority
export const findingNames = Object.keys(findingPriority) as FindingName[]

/** One finding about one record; `with` names other records of the same finding, `values` are for its sentence. */
export type Finding = {
  readonly finding: FindingName
  readonly record: string
  readonly with: readonly string[]
  /** A more specific reason, part of its word key. */
  readonly reason: string
  readonly values: Readonly<Record<string, string | number>>
  /** The review whose correction is overdue. */
  readonly review?: string
}

export type BenefitFacts = {
  readonly id: string
  readonly state: string
  readonly effect: 'gain' | 'loss'
  readonly benefitType: string | null
  readonly plan: string | null
  readonly owner: string | null
  /** The post responsible for it today, after hand-over the receiving one; and whether somebody holds it. */
  readonly accountable: string | null
  readonly vacant: boolean
  readonly unplanned: boolean
  readonly hasLosingGroup: boolean
  readonly settled: boolean
  readonly measured: boolean
  readonly budgetLines: number
  /** Has finance confirmed at least one line? */
  readonly confirmed: boolean
  readonly closedOn: Day | null
  readonly trackUntil: Day | null
  readonly startOn: Day | null
  readonly status: PathStatus
  /** End of the newest period with a value. */
  readonly newestValueTo: Day | null
  readonly lastReviewOn: Day | null
  readonly openReviews: ReadonlyArray<{ readonly id: string; readonly actionDueOn: Day | null }>
  /** Posts of those who confirmed cash, and whether one of them owns part of the chain. */
  readonly financeInChain: boolean
  /** Was it validated or confirmed by somebody who had owned, delivered or received it at any time? */
  readonly validatedByOwn: boolean
  /** Was a result corrected or removed after somebody validated it? */
  readonly resultsChanged: boolean
}

export type ClaimFacts = {
  readonly benefit: string
  readonly indicator: string
  readonly baseline: Decimal
  readonly baselineOn: Day
  readonly movement: Decimal
  readonly counterfactualChange: Decimal
}

export type FindingInput = {
  readonly today: Day
  readonly reviewEveryMonths: number
  /** How long a benefit is tracked at least after its project has closed. */
  readonly trackMonths: number
  readonly benefits: readonly BenefitFacts[]
  readonly nodes: readonly NetworkNode[]
  readonly links: readonly NetworkLink[]
  readonly claims: readonly ClaimFacts[]
  /** Newest value and direction of the claimed indicators. */
  readonly indicators: ReadonlyMap<string, { readonly value: Decimal | null; readonly down: boolean }>
}

const isOpen = (state: string) => (agreedStates as readonly string[]).includes(state)
const isRunning = (state: string) => isOpen(state) && state !== 'not-realized'

/** All findings, ordered by name. */
export function findingsOf(input: FindingInput): Finding[] {
  const found = [
    ...input.benefits.flatMap((benefit) => benefitFindings(benefit, input)),
    ...mapFindings(input),
    ...claimedTwice(input),
  ]
  const rank = new Map(findingNames.map((name, index) => [name, index]))
  return found.sort((one, other) => rank.get(one.finding)! - rank.get(other.finding)!)
}

function benefitFindings(benefit: BenefitFacts, { today, reviewEveryMonths, trackMonths }: FindingInput): Finding[] {
  const found: Finding[] = []
  const add = (finding: FindingName, reason = 'one', values: Finding['values'] = {}, more: { review?: string } = {}) =>
    found.push({ finding, record: benefit.id, with: [], reason, values, ...more })
  const { state, status } = benefit
  if (state === 'dropped') return []
  if (benefit.effect === 'loss' && !benefit.hasLosingGroup) add('no-losing-group')
  if (benefit.owner === null) add('no-post')
  else if (benefit.vacant) add('vacant-post')
  if (!benefit.measured && benefit.benefitType !== 'qualitative') add('no-measure')
  if (!isOpen(state)) return found
  if (isCash(benefit.benefitType) && benefit.effect === 'gain' && benefit.budgetLines === 0) add('no-budget')
  if (isCash(benefit.benefitType) && ['realized', 'sustained'].includes(state) && !benefit.confirmed)
    add('cashed-without-finance')
  if (benefit.financeInChain) add('finance-in-chain')
  if (benefit.validatedByOwn) add('validated-by-own')
  if (benefit.resultsChanged) add('results-changed')
  for (const review of benefit.openReviews)
    if (review.actionDueOn !== null && review.actionDueOn < today)
      add('action-overdue', 'one', { day: review.actionDueOn }, { review: review.id })
  if (!isRunning(state)) return found
  if (status.state === 'missed' || status.state === 'larger')
    // A review held since the newest period ended settles it; the next missed period reopens it.
    add(
      'missed-path',
      `${status.state === 'larger' ? 'larger-' : ''}${(benefit.lastReviewOn ?? '') >= (status.comparedTo ?? '') ? 'answered' : 'one'}`,
      {
        percent: Math.round(status.percent ?? 0),
        ...(status.missedSince ? { day: status.missedSince } : {}),
      },
    )
  if (status.withoutResult > 0) add('late', 'one', { count: status.withoutResult })
  const untracked = trackedMonths(benefit, today)
  if (untracked !== null) add('not-tracked', 'one', { months: untracked })
  if (benefit.closedOn !== null && benefit.trackUntil !== null) {
    if (benefit.trackUntil < addMonths(benefit.closedOn, trackMonths))
      add('not-tracked', 'short', { months: trackMonths })
  } else if (benefit.closedOn !== null && benefit.closedOn < today) add('hand-over-due')
  const since = benefit.lastReviewOn ?? benefit.startOn
  if (since !== null && since < today && addMonths(since, reviewEveryMonths) < today)
    add('review-due', benefit.lastReviewOn ? 'again' : 'first', { months: reviewEveryMonths })
  return found
}

/**
 * 12 and 24 months after closure: was it still measured? The latest of these dates that was missed; null = tracked, or
 * too early.
 */
export function trackedMonths(
  benefit: Pick<BenefitFacts, 'closedOn' | 'trackUntil' | 'newestValueTo' | 'benefitType'>,
  today: Day,
): 12 | 24 | null {
  const { closedOn, trackUntil, newestValueTo } = benefit
  if (closedOn === null || benefit.benefitType === 'qualitative') return null
  for (const months of [24, 12] as const) {
    const mark = addMonths(closedOn, months)
    // A value for the year with that date is due some time after it.
    if (addMonths(mark, 6) > today || (trackUntil !== null && trackUntil < mark)) continue
    return newestValueTo === null || newestValueTo < addMonths(mark, -6) ? months : null
  }
  return null
}

const partOf = (nodes: readonly NetworkNode[]) => new Map(nodes.map(({ id, part }) => [id, part]))

/** What the map itself shows, except what a loss or an unplanned benefit need not have. */
function mapFindings({ nodes, links, benefits }: FindingInput): Finding[] {
  const parts = partOf(nodes)
  const facts = new Map(benefits.map((benefit) => [benefit.id, benefit]))
  const spared = (id: string, forWhat: 'end' | 'begin') => {
    const benefit = facts.get(id)
    return benefit !== undefined && (forWhat === 'end' ? benefit.effect === 'loss' : benefit.unplanned)
  }
  return networkFindings(nodes, links).flatMap((each): Finding[] => {
    const one = (finding: FindingName, record: string, reason: string, values = {}, others: readonly string[] = []) => [
      { finding, record, with: others, reason, values },
    ]
    switch (each.finding) {
      case 'loop':
        return one('cycle', each.nodes[0]!, 'one', { count: each.nodes.length }, each.nodes.slice(1))
      case 'weights-over':
      case 'weights-under':
        return one('weights', each.node, each.finding.slice(8), { sum: rounded(each.sum) })
      case 'weights-partial':
        return one('weights', each.node, 'partial', { sum: rounded(each.sum), count: each.unjudged })
      case 'alone':
        return spared(each.node, 'end') && spared(each.node, 'begin') ? [] : one('orphan', each.node, 'alone')
      case 'leads-nowhere':
        return spared(each.node, 'end')
          ? []
          : one('orphan', each.node, 'leads-nowhere', { count: each.stranded.length }, each.stranded)
      case 'rests-on-nothing':
        return spared(each.node, 'begin') ? [] : one('broken-chain', each.node, restsOn(parts.get(each.node)!))
      case 'runs-backwards':
        return one('cycle', each.from, 'backwards', {}, [each.to])
      default:
        // An enabler may bring about a benefit by itself; the map draws it, and nobody has to fix it.
        return []
    }
  })
}

const rounded = (sum: number) => Math.round(sum * 10) / 10
const restsOn = (part: NetworkPart) => (part === 'outcome' ? 'outcome' : part === 'benefit' ? 'benefit' : 'change')

/**
 * Benefits, even of several plans, that claim the same movement; better counts as positive whichever way the indicator
 * runs.
 */
function claimedTwice(input: FindingInput): Finding[] {
  const facts = new Map(input.benefits.map((benefit) => [benefit.id, benefit]))
  const live = input.claims.filter((claim) => isOpen(facts.get(claim.benefit)?.state ?? ''))
  const movements: Movement[] = []
  const claims: Claim[] = []
  for (const [id, group] of Map.groupBy(live, (claim) => `${claim.indicator}|${facts.get(claim.benefit)!.effect}`)) {
    const { indicator } = group[0]!
    const loss = facts.get(group[0]!.benefit)!.effect === 'loss'
    const found = input.indicators.get(indicator)
    const better = (value: Decimal) => Number(value) * ((found?.down ?? false) === loss ? 1 : -1)
    const earliest = group.toSorted((one, other) => (one.baselineOn < other.baselineOn ? -1 : 1))[0]!
    movements.push({
      id,
      change: found?.value == null ? null : better(subtractDecimals(found.value, earliest.baseline)),
      // If they state it differently, the one that leaves least to claim.
      counterfactual: Math.max(...group.map((claim) => better(claim.counterfactualChange))),
      noted: group.every((claim) => facts.get(claim.benefit)!.settled),
    })
    for (const claim of group)
      claims.push({
        claimant: claim.benefit,
        movement: id,
        plan: facts.get(claim.benefit)!.plan,
        amount: better(claim.movement),
      })
  }
  return claimFindings(movements, claims).flatMap(({ finding, available, claimed, claimants, plans }): Finding[] =>
    finding === 'no-counterfactual'
      ? []
      : [
          {
            finding: 'double-claim',
            record: claimants[0]!,
            with: claimants.slice(1),
            reason: finding === 'over' ? (claimants.length > 1 ? 'over' : 'over-alone') : 'overlap',
            values: { claimed: rounded(claimed), available: rounded(available ?? 0), plans: plans.length },
          },
        ],
  )
}
