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

/** Everything about benefits, or about those named, computed once for all findings of one question. */
export const allFindings = (ctx: Context, only?: readonly string[]): Promise<Findings> =>
  readOnce(ctx, `benefits ${only?.join() ?? ''}`, () => findings(ctx, only))

export const unsignedStates = ['agreed', 'realizing'] as const

/** Hand-overs that wait for the signature of the receiving post. */
export const isUnsigned = (
  _ctx: Context,
  { record: { state, handedOverOn, receivingPost } }: CurrentBenefit,
): boolean => unsignedStates.some((each) => each === state) && handedOverOn === null && receivingPost !== null

/** Are there budget lines of past years that finance has not checked? */
export const isUnconfirmed = (ctx: Context, { record, budget, confirmations }: CurrentBenefit): boolean =>
  !['proposed', 'dropped'].includes(record.state) &&
  budgetLinesToCheck(budget, confirmations).some(
    (line) => line.state === 'unseen' && line.year < Number(todayOf(ctx).slice(0, 4)),
  )
