/** Findings that wait for somebody, and what benefits wait for beside them: a signature, a word of finance. */
import type { Context } from '#platform/context.ts'
import { readOnce } from '#platform/finding.ts'
import type { Day } from '#values/period.ts'
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

/** Before hand-over. */
export const unsignedStates = ['agreed', 'realizing'] as const

/** Hand-overs that wait for the signature of the receiving post. */
export const isUnsigned = ({ record }: CurrentBenefit): boolean =>
  unsignedStates.some((state) => state === record.state) &&
  record.handedOverOn === null &&
  record.receivingPost !== null

/** Are there budget lines of past years that finance has not checked? */
export const isUnconfirmed = ({ record, budget, confirmations }: CurrentBenefit, today: Day): boolean =>
  !['proposed', 'dropped'].includes(record.state) &&
  budgetLinesToCheck(budget, confirmations).some(
    (line) => line.state === 'unseen' && line.year < Number(today.slice(0, 4)),
  )
