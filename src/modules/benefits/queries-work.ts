/**
 * What waits for whom. A missed path waits for the post responsible for the benefit; if nobody has decided on it within
 * the framework's number of days, it waits for the organisation's leaders as well. Holding a review settles it.
 */

import type { Context } from '#platform/context.ts'
import { type WorkOffer, workItem } from '#platform/module.ts'
import { todayOf } from '#platform/today.ts'
import { daysBetween } from '#values/period.ts'
import { currentFindings, type Findings, findings } from './queries-findings.ts'
import { thresholds } from './queries-framework.ts'
import type { CurrentBenefit } from './queries-register.ts'
import { type Finding, findingNames, findingPriority } from './rules-findings.ts'
import { budgetLinesToCheck } from './rules-money.ts'

/** Findings that wait for somebody: a missed path whose review was held is settled. */
export const openFindings = (all: readonly Finding[]): Finding[] =>
  all.filter((each) => each.finding !== 'missed-path' || !each.reason.endsWith('answered'))

/** Who gets findings about a record: the responsible post immediately, the organisation's leaders after a time. */
export async function findingsForCaller(ctx: Context, found: Findings): Promise<Finding[]> {
  const { escalateAfterDays } = await thresholds(ctx)
  const { caller } = ctx
  const posts = new Set(caller.posts)
  const benefits = new Map(found.benefits.map((each) => [each.record.id, each]))
  const nodes = new Map(found.graph.nodes.map((node) => [node.id, node]))
  const leads = (organisation: string | null) =>
    caller.grants.some(
      (grant) =>
        grant.role === 'leader' &&
        (grant.organisations === null || (organisation !== null && grant.organisations.includes(organisation))),
    )
  return found.all.filter((each) =>
    [each.record, ...each.with].some((id) => {
      const now = benefits.get(id)
      const post = now ? now.accountable : (nodes.get(id)?.owner ?? null)
      if (post !== null && posts.has(post)) return true
      const organisation = now?.record.organisation ?? nodes.get(id)?.organisation ?? null
      if (!leads(organisation)) return false
      return each.finding === 'missed-path' ? isOldEnough(now, todayOf(ctx), escalateAfterDays) : true
    }),
  )
}

const isOldEnough = (now: CurrentBenefit | undefined, today: string, days: number): boolean =>
  now !== undefined && now.status.comparedTo !== null && daysBetween(now.status.comparedTo, today) >= days

/** Hand-overs that wait for the signature of the caller's posts. */
export const awaitingSignature = (ctx: Context, benefits: readonly CurrentBenefit[]) =>
  benefits.filter(
    ({ record }) =>
      ['agreed', 'realizing'].includes(record.state) &&
      record.handedOverOn === null &&
      record.receivingPost !== null &&
      ctx.caller.posts.includes(record.receivingPost),
  )

/** Budget lines of past years that finance has not checked, if the caller may. */
export const awaitingConfirmation = (ctx: Context, benefits: readonly CurrentBenefit[]) => {
  const year = Number(todayOf(ctx).slice(0, 4))
  return benefits.filter(
    (now) =>
      !['proposed', 'dropped'].includes(now.record.state) &&
      ctx.policies.can(ctx.caller, 'rows.confirmation', now.record) &&
      budgetLinesToCheck(now.budget, now.confirmations).some((line) => line.state === 'unseen' && line.year < year),
  )
}

export const workOffer: WorkOffer = {
  name: 'benefits',
  load: async (ctx, mine) => {
    // A reader's own work must be current; what everybody sees may lag.
    const found = await (mine ? findings(ctx) : currentFindings(ctx))
    const all = openFindings(mine ? await findingsForCaller(ctx, found) : found.all)
    const suffix = mine ? '&mine=true' : ''
    const counts = Map.groupBy(all, (each) => each.finding)
    const signing = awaitingSignature(ctx, found.benefits)
    const confirming = ctx.caller.system ? [] : awaitingConfirmation(ctx, found.benefits)
    const only = (list: readonly CurrentBenefit[], otherwise: string) =>
      list.length === 1 ? `/benefits/benefits/${list[0]!.record.code}` : otherwise
    return [
      ...workItem('benefits', 'sign', {
        count: signing.length,
        href: only(signing, '/benefits?waiting=sign'),
        priority: 1,
      }),
      ...workItem('benefits', 'confirm', {
        count: confirming.length,
        href: only(confirming, '/benefits?waiting=confirm'),
        priority: 1,
      }),
      ...findingNames.flatMap((name) =>
        workItem('benefits', name, {
          count: counts.get(name)?.length ?? 0,
          href: `/benefits/findings?for=${name}${suffix}`,
          priority: findingPriority[name],
        }),
      ),
    ]
  },
}
