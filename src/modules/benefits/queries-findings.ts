/** What is wrong with the benefits that the caller may read: facts gathered here, judged in `rules-findings`. */

import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { performanceOf } from '#modules/indicators'
import type { Context } from '#platform/context.ts'
import { read, readable, readableRows } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import type { Day } from '#values/period.ts'
import { benefitsGraph, type Graph } from './map/queries-graph.ts'
import { thresholds } from './queries-framework.ts'
import { type CurrentBenefit, currentBenefits } from './queries-register.ts'
import { type Validations, validationsOf } from './queries-separation-of-duties.ts'
import { benefit, review } from './records.ts'
import { type BenefitFacts, type Finding, findingsOf } from './rules-findings.ts'
export type ReviewRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly benefit: string
  readonly plannedOn: Day
  readonly heldOn: Day | null
  readonly finding: Localized | null
  readonly decision: string | null
  readonly action: Localized | null
  readonly actionDueOn: Day | null
  readonly actionDoneOn: Day | null
}

/** Reviews of these benefits, the newest first. */
export async function reviewsOf(ctx: Context, benefits: readonly string[]): Promise<ReviewRow[]> {
  if (benefits.length === 0) return []
  return read(ctx, review)
    .in({ benefit: benefits })
    .notIn({ state: 'dropped' })
    .sort(sql`coalesce(t."heldOn", t."plannedOn") desc`, '-id')
    .limit(5000)
    .pick('id', 'code', 'title', 'state', 'heldOn', 'finding', 'decision', 'action', 'actionDueOn', 'actionDoneOn')
    .stated('benefit', 'plannedOn')
    .rows()
}

export type Findings = {
  readonly all: readonly Finding[]
  readonly benefits: readonly CurrentBenefit[]
  readonly graph: Graph
  readonly reviews: readonly ReviewRow[]
  readonly today: Day
}

/** These benefits, those that reviews among these are of, and those that claim the same movements. */
const around = (ctx: Context, only: readonly string[]) => {
  const claims = readableRows(ctx, benefit.kind, 'claim')
  return sql`r.id in (
    select unnest(${[...only]}::uuid[])
    union select v.benefit from ${readable(ctx, review.kind)} v where v.id = any(${[...only]}::uuid[])
    union select o.record from ${claims} c join ${claims} o on o.indicator = c.indicator where c.record = any(${[...only]}::uuid[]))`
}

/** All findings, or those about some records. */
export async function findings(ctx: Context, only?: readonly string[]): Promise<Findings> {
  const rules = await thresholds(ctx)
  const [benefits, graph] = await Promise.all([
    currentBenefits(ctx, only && around(ctx, only), { thresholds: rules }),
    benefitsGraph(ctx, only),
  ])
  const ids = benefits.map((each) => each.record.id)
  const claims = benefits.flatMap((each) => each.claims.map((claim) => ({ ...claim, benefit: each.record.id })))
  const [reviews, indicators, validations] = await Promise.all([
    reviewsOf(ctx, ids),
    performanceOf(
      ctx,
      claims.map((claim) => claim.indicator),
    ),
    validationsOf(ctx, benefits),
  ])
  const asked = only && new Set(only)
  const byBenefit = Map.groupBy(reviews, (review) => review.benefit)
  const owners = chainOwners(graph)
  const today = todayOf(ctx)
  const all = findingsOf({
    today,
    reviewEveryMonths: rules.reviewEveryMonths,
    trackMonths: rules.trackMonths,
    benefits: benefits.map((each) => factsOf(each, byBenefit.get(each.record.id) ?? [], owners, validations)),
    nodes: graph.nodes,
    links: graph.links,
    claims,
    indicators: new Map(
      [...indicators].map(([id, { latestValue, direction }]) => [
        id,
        { value: latestValue, down: direction === 'down' },
      ]),
    ),
  })
  return {
    // Of what lies around those asked about, too little is known.
    all: asked ? all.filter(({ record, review: held }) => asked.has(held ?? record)) : all,
    benefits,
    graph,
    reviews,
    today,
  }
}

/** Posts that own what a benefit rests on, by benefit: changes, and their enablers. */
function chainOwners({ nodes, links }: Graph): Map<string, Set<string>> {
  const owner = new Map(nodes.map((node) => [node.id, node.owner]))
  const into = Map.groupBy(links, (link) => link.to)
  return new Map(
    nodes
      .filter((node) => node.part === 'benefit')
      .map((node) => {
        const seen = new Set<string>()
        const walk = [node.id]
        for (let at = walk.pop(); at !== undefined; at = walk.pop())
          for (const { from } of into.get(at) ?? [])
            if (!seen.has(from)) {
              seen.add(from)
              walk.push(from)
            }
        return [node.id, new Set([...seen].flatMap((id) => owner.get(id) ?? []))]
      }),
  )
}

function factsOf(
  now: CurrentBenefit,
  reviews: readonly ReviewRow[],
  owners: ReadonlyMap<string, ReadonlySet<string>>,
  validations: Validations,
): BenefitFacts {
  const { record } = now
  const held = reviews.filter((review) => review.heldOn !== null)
  return {
    id: record.id,
    state: record.state,
    effect: record.effect ?? 'gain',
    benefitType: record.benefitType,
    plan: record.plan,
    owner: record.owner,
    accountable: now.accountable,
    vacant: now.vacant,
    unplanned: record.unplanned === true,
    hasLosingGroup: record.losingGroup !== null,
    settled: record.settlement !== null,
    measured: now.indicators.length > 0 || now.path.length > 0,
    budgetLines: now.budget.length,
    confirmed: now.confirmations.some((each) => each.verdict === 'confirmed'),
    closedOn: record.closedOn,
    trackUntil: record.trackUntil,
    startOn: record.startOn,
    status: now.status,
    newestValueTo: (now.shape === 'level' ? now.values.at(-1)?.to : now.results.at(-1)?.to) ?? null,
    lastReviewOn: held[0]?.heldOn ?? null,
    openReviews: held.filter((review) => review.state === 'held' && review.action !== null),
    validatedByOwn: validations.byOwn.has(record.id),
    resultsChanged: validations.resultsChanged.has(record.id),
    financeInChain: now.confirmations.some((each) => owners.get(record.id)?.has(each.post)),
  }
}
