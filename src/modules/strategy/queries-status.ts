/** The status of outcomes: by their own rule, and counted over everything below them. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { type IndicatorStatus, performanceOf, type RollUp, rollUp } from '#modules/indicators'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import { read, readableRecords } from '#platform/records/index.ts'
import { outcome } from './records.ts'
import { countsOf, type RuleFields, type Verdict, verdictOf } from './rules-status.ts'

export type OutcomeRow = RuleFields & {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly organisation: string | null
  readonly owner: string | null
  /** Indicators that measure the outcome itself. */
  readonly measuredBy: readonly string[]
}

export type OutcomeStatus = {
  readonly verdict: Verdict
  /** Everything below the outcome. */
  readonly counts: RollUp
  /** The indicators the rule looks at: its own, or the headline; empty if it is measured through objectives. */
  readonly parts: readonly IndicatorStatus[]
  /** The newest figure among them. */
  readonly newest: IndicatorStatus | null
  /** How many of them have an overdue value. */
  readonly overdue: number
}

const overdue = new Set(['late', 'very-late', 'stopped'])

/** Outcomes with what their rule needs; only indicators the caller may read count as their own. */
export const outcomes = (ctx: Context) =>
  read(ctx, outcome)
    .pick('id', 'code', 'title', 'state', 'organisation', 'owner', 'rule', 'ruleCount', 'headlineIndicator')
    .with({
      measuredBy: sql<
        string[]
      >`array(select l."from" from records.link l join ${readableRecords(ctx)} i on i.id = l."from"
        where l."to" = r.id and l.name = 'indicators.indicator.measures' and i.state <> 'ended' limit 500)`,
    })

/** Nothing was counted, or there is nothing to count. */
const nothing: RollUp = { met: 0, missed: 0, notDue: 0, unknown: 0, unowned: 0, total: 0, worst: null }

/**
 * Two queries for any number of outcomes. Counting everything below them is most of the work: `counts: false` leaves it
 * out for outcomes that indicators measure directly, when only the result is shown.
 */
export async function outcomeStatuses(
  ctx: AppContext,
  outcomes: readonly OutcomeRow[],
  { counts: counted = true }: { counts?: boolean } = {},
): Promise<Map<string, OutcomeStatus>> {
  if (outcomes.length === 0) return new Map()
  const [performance, counts] = await Promise.all([
    performanceOf(
      ctx,
      outcomes.flatMap(({ measuredBy, headlineIndicator }) =>
        headlineIndicator ? [...measuredBy, headlineIndicator] : measuredBy,
      ),
    ),
    rollUp(
      ctx,
      outcomes.filter((outcome) => counted || outcome.measuredBy.length === 0).map((outcome) => outcome.id),
    ),
  ])
  return new Map(
    outcomes.map((outcome) => [outcome.id, standingOf(outcome, performance, counts.get(outcome.id) ?? nothing)]),
  )
}

function standingOf(
  outcome: OutcomeRow,
  performance: ReadonlyMap<string, IndicatorStatus>,
  counts: RollUp,
): OutcomeStatus {
  const own = outcome.measuredBy.map((id) => performance.get(id)).filter((each) => each !== undefined)
  const headline = outcome.headlineIndicator ? performance.get(outcome.headlineIndicator) : undefined
  const running = own.filter((each) => each.state !== 'ended')
  const parts = outcome.rule === 'headline' ? (headline ? [headline] : []) : running
  const newest = parts.reduce<IndicatorStatus | null>(
    (best, each) => (each.latestTo === null || (best && best.latestTo! >= each.latestTo) ? best : each),
    null,
  )
  return {
    verdict: verdictOf(
      outcome,
      running.length > 0 ? countsOf(running.map((each) => each.result)) : counts,
      headline?.result ?? null,
    ),
    counts,
    parts,
    newest,
    overdue: parts.filter((each) => overdue.has(each.freshness ?? '')).length,
  }
}

/** The outcomes a leader looks at first: those marked as headlines, else the first agreed ones; at most `most`. */
export const headlineOutcomes = (ctx: AppContext, most = 8): Promise<OutcomeRow[]> =>
  outcomes(ctx)
    .notIn({ state: 'dropped' })
    .sort(sql`coalesce(t.headline, false) desc`, sql`(r.state = 'agreed') desc`, 'code')
    .limit(most)
    .rows()
