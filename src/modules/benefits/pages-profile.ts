/** The profile of one benefit in words: what was promised, what was realized, who says so, what was decided. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { outlooksOf } from '#modules/indicators'
import { may, maySome } from '#pages/permission.ts'
import { type NamedLink, presenterOf, type Text } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { formatNumber, subtractDecimals } from '#values/decimal.ts'
import { type CourseChart, chartOf, type PeriodView, periodsOf } from './pages-course.ts'
import { statusText, unitOf, unitsOf, type Writer, writerFor } from './pages-summary.ts'
import { type ReviewRow, reviewsOf } from './queries-findings.ts'
import { type Benefit, type CurrentBenefit, currentBenefits } from './queries-register.ts'
import { isCash } from './rules.ts'
import { budgetLinesToCheck } from './rules-money.ts'

export type BudgetView = {
  readonly line: string
  readonly year: string
  readonly whose: Text | null
  readonly amount: string
  readonly state: 'unseen' | 'less' | 'refused' | 'confirmed'
  readonly found: string
}
export type ClaimView = {
  readonly indicator: NamedLink
  readonly sentence: string
  readonly note: Text | null
}
export type ReviewView = {
  readonly title: NamedLink
  readonly when: string
  readonly decision: string
  readonly finding: Text | null
  readonly action: Text | null
  readonly due: string | null
}

export type Profile = {
  readonly code: string
  /** Are there ranges from the past pattern of the indicator among the periods? */
  readonly foreseen: boolean
  readonly loss: boolean
  readonly path: CurrentBenefit['status']['state']
  readonly stands: string
  readonly lead: string
  /** What is disputed, or why it was missed or dropped. */
  readonly reason: (Text & { readonly title: string }) | null
  readonly facts: ReadonlyArray<{ readonly term: string; readonly value: string; readonly lang?: string }>
  readonly chart: CourseChart | null
  readonly periods: readonly PeriodView[]
  readonly budget: readonly BudgetView[]
  readonly cashed: string | null
  readonly net: string | null
  readonly claims: readonly ClaimView[]
  readonly reviews: readonly ReviewView[]
  readonly links: {
    readonly figures: string | null
    readonly confirm: string | null
    readonly review: string | null
  }
}

export async function profileOf(ctx: AppContext, record: Benefit): Promise<Profile | null> {
  const [now] = await currentBenefits(ctx, sql`r.id = ${record.id}`)
  if (!now) return null
  const presenter = presenterOf(ctx)
  const { say, text } = presenter
  const [units, named, reviews] = await Promise.all([
    unitsOf(ctx, [now]),
    presenter.names([
      record.receivingPost,
      ...now.budget.map((row) => row.body),
      ...now.confirmations.map((row) => row.post),
      ...now.claims.map((row) => row.indicator),
      ...now.indicators,
    ]),
    reviewsOf(ctx, [record.id]),
  ])
  const measure = now.shape === 'level' ? now.indicators[0]! : null
  const foreseen = measure ? ((await outlooksOf(ctx, [measure])).get(measure)?.steps ?? []) : []
  const indicator = units.get(record.id) ?? null
  const write = writerFor(ctx, now, indicator)
  const periods = periodsOf(ctx, now, write, foreseen)
  const here = presenter.href(record.kind, record.code)
  return {
    code: record.code,
    foreseen: foreseen.length > 0 && periods.some((each) => each.forecast !== ''),
    loss: record.effect === 'loss',
    path: now.status.state,
    stands: statusText(ctx, now, write),
    lead: leadOf(ctx, now),
    reason: reasonOf(ctx, record),
    facts: factsOf(ctx, now, named),
    chart: chartOf(ctx, now, write, unitOf(ctx, now, indicator)),
    periods,
    budget: budgetOf(ctx, now, named),
    cashed: cashedText(ctx, now),
    net: netText(ctx, now, write),
    claims: now.claims.flatMap((claim) => {
      const indicator = named(claim.indicator)
      return indicator
        ? [
            {
              indicator,
              sentence: say('benefits.profile.claim', {
                movement: inFigures(ctx, claim.movement, true),
                baseline: inFigures(ctx, claim.baseline),
                day: presenter.day(claim.baselineOn),
                anyway: inFigures(ctx, claim.counterfactualChange, true),
              }),
              note: claim.note ? text(claim.note) : null,
            },
          ]
        : []
    }),
    reviews: reviews.map((review) => reviewShown(ctx, review)),
    links: {
      figures: ['rows.path', 'rows.result'].some((action) => may(ctx, action, record)) ? `${here}/rows` : null,
      confirm: may(ctx, 'rows.confirmation', record) && isCash(record.benefitType) ? `${here}/cash` : null,
      review: maySome(ctx, 'create', 'benefits.review')
        ? `/benefits/reviews/new?${new URLSearchParams({
            benefit: record.code,
            title: say('benefits.profile.review-title', { benefit: presenter.plain(record.title) }).slice(0, 200),
            ...(record.organisation ? { organisation: record.organisation } : {}),
          })}`
        : null,
    },
  }
}

const inFigures = (ctx: AppContext, value: string, signed = false) =>
  formatNumber(value, ctx.language, { decimals: { min: 0, max: 2 }, signed })

/** Attribution, stated before any number: contributed to, unless a design shows more. */
function leadOf(ctx: AppContext, { record }: CurrentBenefit): string {
  const { say, plain } = presenterOf(ctx)
  const design = plain(record.attributionDesign)
  return say(`benefits.profile.attribution.${record.attribution ?? 'contributed'}`, { design })
}

function reasonOf(ctx: AppContext, record: Benefit): Profile['reason'] {
  const [name, text] =
    record.state === 'disputed'
      ? (['disputeReason', record.disputeReason] as const)
      : record.state === 'not-realized'
        ? (['missReason', record.missReason] as const)
        : (['dropReason', record.state === 'dropped' ? record.dropReason : null] as const)
  const presenter = presenterOf(ctx)
  return text ? { title: presenter.fieldLabel(record.kind, name), ...presenter.text(text) } : null
}

function factsOf(
  ctx: AppContext,
  { record }: CurrentBenefit,
  named: (id: string | null) => NamedLink | null,
): Profile['facts'] {
  const presenter = presenterOf(ctx)
  const { say, fieldLabel } = presenter
  const text = (name: string, value: Localized | null) => {
    const { text: words, lang } = presenter.text(value)
    return value ? [{ term: fieldLabel(record.kind, name), value: words, lang }] : []
  }
  const day = (name: string, value: string | null) =>
    value ? [{ term: fieldLabel(record.kind, name), value: presenter.day(value) }] : []
  const receiver = named(record.receivingPost)
  return [
    ...(record.effect === 'loss' ? text('losingGroup', record.losingGroup) : text('whoGains', record.whoGains)),
    ...text('counterfactual', record.counterfactual),
    ...(receiver && record.handedOverOn
      ? [
          {
            term: say('benefits.profile.handed-over'),
            value: say('benefits.profile.handed-over-to', {
              post: receiver.text,
              day: presenter.day(record.handedOverOn),
            }),
          },
        ]
      : []),
    ...day('trackUntil', record.trackUntil),
  ].map(({ lang, ...fact }: { term: string; value: string; lang?: string | undefined }) =>
    lang ? { ...fact, lang } : fact,
  )
}

function budgetOf(ctx: AppContext, now: CurrentBenefit, named: (id: string | null) => NamedLink | null): BudgetView[] {
  const { say, day, money } = presenterOf(ctx)
  const write = (amount: string) => money(amount, now.record.worth?.currency ?? null)
  const states = budgetLinesToCheck(now.budget, now.confirmations)
  return now.budget.map((row, index) => {
    const { state } = states[index]!
    const found = now.confirmations.find((each) => each.budgetCode === row.budgetCode && each.year === row.year)
    return {
      line: row.budgetCode,
      year: String(row.year),
      whose: named(row.body),
      amount: write(row.amount),
      state,
      found: say(`benefits.profile.budget.${state}`, {
        amount: found ? write(found.amount) : '',
        day: found ? day(found.confirmedOn) : '',
        post: (found && named(found.post)?.text) || say('benefits.profile.finance'),
      }),
    }
  })
}

function cashedText(ctx: AppContext, now: CurrentBenefit): string | null {
  if (!isCash(now.record.benefitType)) return null
  const { say, money } = presenterOf(ctx)
  return now.cashed === null
    ? say('benefits.profile.not-cashed')
    : say('benefits.profile.cashed', { amount: money(now.cashed, now.record.worth?.currency ?? null) })
}

/** Gross and net of running cost, if running cost is stated. */
function netText(ctx: AppContext, { status }: CurrentBenefit, write: Writer): string | null {
  const { realized, runningCost } = status
  if (realized === null || runningCost === null) return null
  return presenterOf(ctx).say('benefits.profile.net', {
    cost: write(runningCost),
    net: write(subtractDecimals(realized, runningCost)),
  })
}

function reviewShown(ctx: AppContext, review: ReviewRow): ReviewView {
  const { say, text, named, day, choice } = presenterOf(ctx)
  return {
    title: named({ kind: 'benefits.review', ...review }),
    when: review.heldOn ? day(review.heldOn) : say('benefits.profile.planned-for', { day: day(review.plannedOn) }),
    decision: review.decision ? choice('benefits.review', 'decision', review.decision) : '',
    finding: review.finding ? text(review.finding) : null,
    action: review.action ? text(review.action) : null,
    due: review.actionDoneOn
      ? say('benefits.profile.action-done', { day: day(review.actionDoneOn) })
      : review.actionDueOn
        ? say('benefits.profile.action-due', { day: day(review.actionDueOn) })
        : null,
  }
}
