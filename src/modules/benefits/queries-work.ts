/** Findings that wait for somebody, and what benefits wait for beside them: a signature, a word of finance. */
import type { Context } from '#platform/context.ts'
import { readOnce } from '#platform/finding.ts'
import { todayOf } from '#platform/today.ts'
import { type Findings, findings } from './queries-findings.ts'
import type { CurrentBenefit } from './queries-register.ts'
import type { Finding } from './rules-findings.ts'
import { budgetLinesToCheck } from './rules-money.ts'

/** Findings that wait for somebody: a missed path whose review was held is settled. */
export const openFindings = (all: readonly Finding[]): Finding[] =>
  all.filter((each) => each.finding !== 'missed-path' || !each.reason.endsWith('answered'))

/** Everything about benefits, computed once for all findings of one question. */
export const allFindings = (ctx: Context): Promise<Findings> => readOnce(ctx, 'benefits', () => findings(ctx))

/** Hand-overs that wait for the signature of the receiving post. */
export const unsigned = (benefits: readonly CurrentBenefit[]): CurrentBenefit[] =>
  benefits.filter(
    ({ record }) =>
      ['agreed', 'realizing'].includes(record.state) && record.handedOverOn === null && record.receivingPost !== null,
  )

/** Budget lines of past years that finance has not checked. */
export const unconfirmed = (ctx: Context, benefits: readonly CurrentBenefit[]): CurrentBenefit[] => {
  const year = Number(todayOf(ctx).slice(0, 4))
  return benefits.filter(
    (now) =>
      !['proposed', 'dropped'].includes(now.record.state) &&
      budgetLinesToCheck(now.budget, now.confirmations).some((line) => line.state === 'unseen' && line.year < year),
  )
}

/** Hand-overs that wait for the signature of the caller's posts. */
export const awaitingSignature = (ctx: Context, benefits: readonly CurrentBenefit[]): CurrentBenefit[] =>
  unsigned(benefits).filter(({ record }) => ctx.caller.posts.includes(record.receivingPost!))

/** Budget lines that the caller may confirm. */
export const awaitingConfirmation = (ctx: Context, benefits: readonly CurrentBenefit[]): CurrentBenefit[] =>
  unconfirmed(ctx, benefits).filter((now) => ctx.policies.can(ctx.caller, 'rows.confirmation', now.record))
