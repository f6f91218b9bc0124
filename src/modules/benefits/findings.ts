/**
 * What is wrong with benefits, and who ends it where. All of it is computed together (`queries-findings.ts`, judged by
 * `rules-findings.ts`), so each finding takes its share of one read.
 */
import { localize } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import { type Act, type FindingOptions, type Found, finding, type Stake, type Waits } from '#platform/finding.ts'
import { subtractDecimals } from '#values/decimal.ts'
import { thresholds } from './queries-framework.ts'
import type { CurrentBenefit } from './queries-register.ts'
import { allFindings, isUnconfirmed, isUnsigned, openFindings } from './queries-work.ts'
import { benefit, change, enabler, review } from './records.ts'
import { isMoney } from './rules.ts'
import { type FindingName, findingPriority } from './rules-findings.ts'

/** A finding with the benefit it is about; a node of the map that is no benefit has none. */
type Row = Found & { readonly now?: CurrentBenefit }
type Options = FindingOptions<Row>

/** After a hand-over the receiving post is responsible. */
const accountable = ({ now }: Row): Waits | undefined =>
  now && { post: now.accountable, organisation: now.record.organisation }
/** For those who have no part in it: finance, reviewers. */
const forOthers = ({ now }: Row): Waits => ({ post: null, organisation: now?.record.organisation ?? null })

/** Money that was promised up to now and has not come. */
function moneyBehind({ now }: Row): Stake | null {
  if (!now || !isMoney(now.record.benefitType)) return null
  const { promisedWhereKnown, realized } = now.status
  const behind = subtractDecimals(promisedWhereKnown, realized ?? '0')
  return Number(behind) > 0 ? { money: { amount: behind, currency: now.record.worth?.currency ?? null } } : null
}

/** The form of a new review, filled in with what is known. */
const reviewForm: Act = {
  page: (ctx, { code, title, organisation, owner }) => {
    const name = localize(title, ctx.language, ctx.city.language).text
    const heading = ctx.registry.words.say(ctx.language)('benefits.profile.review-title', { benefit: name })
    return `/benefits/reviews/new?${new URLSearchParams({
      benefit: code,
      title: heading.slice(0, 200),
      ...(organisation ? { organisation } : {}),
      ...(owner ? { owner } : {}),
    })}`
  },
  may: 'create',
  on: review.kind,
}
const budgetForm: Act = { rows: 'confirmation', below: 'cash' }
const figures = (rows: string): Act => ({ rows })
const links: Act = { edit: 'links' }

const shareOf = (name: FindingName, only: (row: Row) => boolean = () => true): Options['found'] => {
  return async (ctx, asked) => {
    const { all, benefits } = await allFindings(ctx, asked)
    const byId = new Map(benefits.map((now) => [now.record.id, now]))
    return openFindings(all).flatMap(({ finding, record, with: others, reason, values, review: held }): Row[] => {
      if (finding !== name) return []
      const now = byId.get(record)
      const row: Row = {
        record: held ?? record,
        reason,
        values,
        with: held ? [record] : others,
        ...(now ? { now } : {}),
        ...(name === 'missed-path' && now?.status.comparedTo ? { since: now.status.comparedTo } : {}),
      }
      return only(row) ? [row] : []
    })
  }
}

const found = (
  name: FindingName,
  act: Act,
  more: Partial<Options> = {},
  about: Parameters<typeof finding>[0] = benefit,
) =>
  finding<Row>(about, name, {
    presses: findingPriority[name],
    found: shareOf(name),
    waitsFor: accountable as (row: Row) => Waits,
    act,
    ...more,
  })

/** Benefits that wait for something which is no fault. */
const waiting = (
  name: string,
  act: Act,
  which: (ctx: Context, now: CurrentBenefit) => boolean,
  waitsFor: (row: Row) => Waits,
) =>
  finding<Row>(benefit, name, {
    presses: 1,
    found: async (ctx, asked) =>
      (await allFindings(ctx, asked)).benefits
        .filter((now) => which(ctx, now) && (asked?.includes(now.record.id) ?? true))
        .map((now) => ({ record: now.record.id, now })),
    waitsFor,
    act,
  })

/** Faults of the map may lie with any of its nodes. */
const onMap = (name: FindingName, presses: 2 | 3 | 4) =>
  finding<Row>([benefit, change, enabler, 'strategy.outcome', 'strategy.objective'], name, {
    presses,
    found: shareOf(name),
    act: links,
  })

export const findings = [
  waiting('sign', { verb: 'hand-over' }, isUnsigned, ({ now }) => ({
    post: now!.record.receivingPost,
    organisation: now!.record.organisation,
  })),
  waiting('confirm', budgetForm, isUnconfirmed, forOthers),
  found('missed-path', reviewForm, {
    atStake: moneyBehind,
    escalates: { afterDays: async (ctx) => (await thresholds(ctx)).escalateAfterDays },
  }),
  found('cashed-without-finance', budgetForm, { waitsFor: forOthers }),
  found('validated-by-own', { verb: ['sustain', 'dispute'] }, { waitsFor: forOthers }),
  found('results-changed', { verb: ['sustain', 'dispute'] }, { waitsFor: forOthers }),
  found('double-claim', { edit: 'settlement' }),
  found('vacant-post', { edit: 'owner' }),
  found('late', figures('result')),
  found('action-overdue', { verb: 'settle' }, {}, review),
  found('not-tracked', figures('result')),
  found('no-losing-group', { edit: 'losingGroup' }),
  found('no-measure', links),
  found('no-budget', figures('budget')),
  // With a receiving post named, the signature waits there.
  found(
    'hand-over-due',
    { edit: 'receivingPost' },
    {
      found: shareOf('hand-over-due', ({ now }) => now?.record.receivingPost === null),
    },
  ),
  found('review-due', reviewForm),
  onMap('cycle', 3),
  onMap('weights', 4),
  onMap('broken-chain', 4),
  onMap('orphan', 4),
  found('finance-in-chain', budgetForm, { waitsFor: forOthers }),
]
