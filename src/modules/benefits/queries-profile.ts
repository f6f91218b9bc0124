/** The profile of one benefit in words: what was promised, what has come, who says so, what is decided. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import { outlooksOf } from '#modules/indicators'
import { hrefOf, type NamedLink, type Text, textIn } from '#modules/strategy'
import { isSignedIn } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import { namesOf } from '#platform/records/index.ts'
import { subtractDecimals } from '#values/decimal.ts'
import { findings, type ReviewRow, reviewsOf } from './queries-findings.ts'
import { type Benefit, type BenefitNow, benefitsNow, todayOf } from './queries-register.ts'
import {
  benefitHref,
  dayText,
  findingText,
  moneyWriter,
  periodText,
  sayOf,
  standsText,
  unitsOf,
  type Writer,
  writerFor,
} from './queries-shown.ts'
import { isCash } from './rules.ts'
import { openLines } from './rules-money.ts'
import { endsIn } from './rules-path.ts'

/** One point of the course, as a chart takes it. */
export type CoursePoint = {
  readonly period: string
  readonly shortPeriod?: string
  readonly value: number | null
  readonly text: string
  readonly status: 'actual' | 'provisional' | 'estimated' | 'annualised'
  readonly target: number | null
  readonly targetText?: string
}

export type PeriodShown = {
  readonly period: string
  readonly planned: string
  readonly realized: string
  readonly forecast: string
}
export type BudgetShown = {
  readonly line: string
  readonly year: string
  readonly whose: Text | null
  readonly amount: string
  readonly state: 'unseen' | 'less' | 'refused' | 'confirmed'
  readonly found: string
}
export type ClaimShown = {
  readonly indicator: NamedLink
  readonly sentence: string
  readonly note: Text | null
}
export type ReviewShown = {
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
  readonly path: BenefitNow['standing']['state']
  readonly stands: string
  readonly lead: string
  /** What is disputed, or why it was missed or dropped. */
  readonly reason: (Text & { readonly title: string }) | null
  readonly facts: ReadonlyArray<{ readonly term: string; readonly value: string; readonly lang?: string }>
  readonly chart: {
    readonly points: readonly CoursePoint[]
    readonly unit: string
    readonly description: string
  } | null
  readonly periods: readonly PeriodShown[]
  readonly budget: readonly BudgetShown[]
  readonly cashed: string | null
  readonly net: string | null
  readonly claims: readonly ClaimShown[]
  readonly reviews: readonly ReviewShown[]
  readonly findings: readonly string[]
  readonly links: {
    readonly figures: string | null
    readonly confirm: string | null
    readonly review: string | null
  }
}

export async function profileOf(ctx: AppContext, record: Benefit): Promise<Profile | null> {
  const [now] = await benefitsNow(ctx, sql`r.id = ${record.id}`)
  if (!now) return null
  const say = sayOf(ctx)
  const signedIn = isSignedIn(ctx.caller)
  const [units, names, reviews, all] = await Promise.all([
    unitsOf(ctx, [now]),
    namesOf(ctx, [
      record.receivingPost,
      ...now.budget.map((row) => row.body),
      ...now.confirmations.map((row) => row.post),
      ...now.claims.map((row) => row.indicator),
      ...now.indicators,
    ]),
    reviewsOf(ctx, [record.id]),
    signedIn ? findings(ctx) : null,
  ])
  const measure = now.shape === 'level' ? now.indicators[0]! : null
  const foreseen = measure ? ((await outlooksOf(ctx, [measure])).get(measure)?.steps ?? []) : []
  const write = writerFor(ctx, now, units.get(record.id) ?? null)
  const may = (action: string) => signedIn && ctx.policies.can(ctx.caller, action, record as unknown as RecordRow)
  const named = (id: string | null): NamedLink | null => {
    const found = id ? names.get(id) : undefined
    return found ? { ...textIn(ctx, found.title), href: hrefOf(ctx, found.kind, found.code) } : null
  }
  return {
    code: record.code,
    foreseen: foreseen.length > 0,
    loss: record.effect === 'loss',
    path: now.standing.state,
    stands: standsText(ctx, now, write),
    lead: leadOf(ctx, now),
    reason: reasonOf(ctx, record),
    facts: factsOf(ctx, now, named),
    chart: chartOf(ctx, now, write),
    periods: periodsOf(ctx, now, write, foreseen),
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
                movement: signed(ctx, claim.movement),
                baseline: plain(ctx, claim.baseline),
                day: dayText(ctx, claim.baselineOn),
                anyway: signed(ctx, claim.counterfactualChange),
              }),
              note: claim.note ? textIn(ctx, claim.note) : null,
            },
          ]
        : []
    }),
    reviews: reviews.map((review) => reviewShown(ctx, review)),
    findings: (all?.all ?? [])
      .filter((each) => each.record === record.id || each.with.includes(record.id))
      .map((each) => findingText(ctx, each)),
    links: {
      figures: ['rows.path', 'rows.result'].some(may) ? `${benefitHref(record.code)}/figures` : null,
      confirm: may('rows.confirmation') && isCash(record.benefitType) ? `${benefitHref(record.code)}/cash` : null,
      review:
        signedIn && ctx.policies.canSome(ctx.caller, 'create', 'benefits.review')
          ? `/benefits/reviews/new?${new URLSearchParams({
              benefit: record.code,
              title: say('benefits.profile.review-title', { benefit: textIn(ctx, record.title).text }).slice(0, 200),
              ...(record.organisation ? { organisation: record.organisation } : {}),
            })}`
          : null,
    },
  }
}

const plain = (ctx: AppContext, value: string) =>
  new Intl.NumberFormat(ctx.language, { maximumFractionDigits: 2 }).format(value as Intl.StringNumericLiteral)
const signed = (ctx: AppContext, value: string) =>
  new Intl.NumberFormat(ctx.language, { maximumFractionDigits: 2, signDisplay: 'exceptZero' }).format(
    value as Intl.StringNumericLiteral,
  )

/** Whose doing it is, said before any number: contributed to, unless a design shows more. */
function leadOf(ctx: AppContext, { record }: BenefitNow): string {
  const say = sayOf(ctx)
  const design = record.attributionDesign ? textIn(ctx, record.attributionDesign).text : ''
  return say(`benefits.profile.attribution.${record.attribution ?? 'contributed'}`, { design })
}

function reasonOf(ctx: AppContext, record: Benefit): Profile['reason'] {
  const [name, text] =
    record.state === 'disputed'
      ? (['disputeReason', record.disputeReason] as const)
      : record.state === 'not-realized'
        ? (['missReason', record.missReason] as const)
        : (['dropReason', record.state === 'dropped' ? record.dropReason : null] as const)
  return text ? { title: sayOf(ctx)(`benefits.benefit.field.${name}`), ...textIn(ctx, text) } : null
}

function factsOf(
  ctx: AppContext,
  { record }: BenefitNow,
  named: (id: string | null) => NamedLink | null,
): Profile['facts'] {
  const say = sayOf(ctx)
  const text = (name: string, value: Localized | null) =>
    value
      ? [{ term: say(`benefits.benefit.field.${name}`), value: textIn(ctx, value).text, lang: textIn(ctx, value).lang }]
      : []
  const day = (name: string, value: string | null) =>
    value ? [{ term: say(`benefits.benefit.field.${name}`), value: dayText(ctx, value) }] : []
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
              day: dayText(ctx, record.handedOverOn),
            }),
          },
        ]
      : []),
    ...day('trackUntil', record.trackUntil),
  ].map(({ lang, ...fact }: { term: string; value: string; lang?: string | undefined }) =>
    lang ? { ...fact, lang } : fact,
  )
}

/** Every planned period, and what came outside of them, in order. */
function joined(now: BenefitNow) {
  const slots: Array<{ from: string; to: string; label: string | null; value: string | null }> = [...now.path]
  for (const row of [...now.results, ...now.forecasts])
    if (!slots.some((slot) => endsIn(slot, row))) slots.push({ ...row, value: null })
  return slots
    .sort((one, other) => (one.from < other.from ? -1 : 1))
    .map((slot) => ({
      slot,
      results: now.results.filter((row) => endsIn(slot, row)),
      forecast: now.forecasts.findLast((row) => endsIn(slot, row)) ?? null,
    }))
}

const sumText = (rows: ReadonlyArray<{ value: string }>) =>
  String(rows.reduce((sum, row) => sum + Number(row.value), 0))

function periodsOf(ctx: AppContext, now: BenefitNow, write: Writer, foreseen: Foreseen): PeriodShown[] {
  const say = sayOf(ctx)
  const range = (low: string | null, high: string | null) =>
    low !== null && high !== null ? ` (${say('benefits.profile.between', { low: write(low), high: write(high) })})` : ''
  if (now.shape === 'level')
    return now.path.map((row) => {
      const value = now.values.findLast((each) => endsIn(row, each))
      return {
        period: periodText(ctx, row),
        planned: write(row.value),
        realized: !value
          ? say('benefits.profile.no-result')
          : row.to > todayOf(ctx)
            ? say('benefits.profile.so-far', { value: write(value.value) })
            : write(value.value),
        forecast: foreseenText(ctx, row, foreseen, write),
      }
    })
  return joined(now).map(({ slot, results, forecast }) => {
    const unsettled = [...new Set(results.filter((row) => row.status !== 'actual').map((row) => row.status))]
    return {
      period: periodText(ctx, slot),
      planned: slot.value === null ? say('benefits.profile.not-planned') : write(slot.value),
      realized:
        results.length === 0
          ? say('benefits.profile.no-result')
          : [
              write(sumText(results)) + (results.length === 1 ? range(results[0]!.low, results[0]!.high) : ''),
              ...unsettled.map((status) => say(`benefits.benefit.choice.result.status.${status}`)),
            ].join(' · '),
      forecast: forecast ? write(forecast.value) + range(forecast.low, forecast.high) : '',
    }
  })
}

/** The range that the indicator's own forecast gives for a planned period that is not over; it is never drawn as fact. */
type Foreseen = ReadonlyArray<{ readonly to: string; readonly lower: number; readonly upper: number }>
function foreseenText(ctx: AppContext, row: { from: string; to: string }, foreseen: Foreseen, write: Writer): string {
  const step = row.to > todayOf(ctx) ? foreseen.findLast((each) => endsIn(row, each)) : undefined
  const digits = (value: number) => write(value.toFixed(2))
  return step ? sayOf(ctx)('benefits.profile.between', { low: digits(step.lower), high: digits(step.upper) }) : ''
}

function chartOf(ctx: AppContext, now: BenefitNow, write: Writer): Profile['chart'] {
  const say = sayOf(ctx)
  if (now.path.length === 0 && now.results.length === 0 && now.values.length === 0) return null
  const money = now.record.currency
  const label = now.record.unitLabel
  const unitText = money ?? (label ? textIn(ctx, label).text : '')
  const points: CoursePoint[] =
    now.shape === 'level'
      ? levelPoints(ctx, now, write)
      : joined(now).map(({ slot, results }) => ({
          period: periodText(ctx, slot),
          value: results.length > 0 ? Number(sumText(results)) : null,
          text: results.length > 0 ? write(sumText(results)) : '',
          status: results.find((row) => row.status !== 'actual')?.status ?? 'actual',
          target: slot.value === null ? null : Number(slot.value),
          ...(slot.value === null ? {} : { targetText: write(slot.value) }),
        }))
  return points.length > 1 ? { points, unit: unitText, description: say('benefits.profile.chart-text') } : null
}

/** The values of the indicator with the level planned for the period they lie in; planned periods to come follow. */
function levelPoints(ctx: AppContext, now: BenefitNow, write: Writer): CoursePoint[] {
  const planned = (to: string) => now.path.find((row) => endsIn(row, { to }))
  const shown = now.values.slice(-40).map((value): CoursePoint => {
    const target = planned(value.to)
    return {
      period: periodText(ctx, value),
      shortPeriod: value.label,
      value: Number(value.value),
      text: write(value.value),
      status: value.status === 'year-to-date' ? 'estimated' : value.status,
      target: target ? Number(target.value) : null,
      ...(target ? { targetText: write(target.value) } : {}),
    }
  })
  const last = now.values.at(-1)?.to ?? ''
  const ahead = now.path
    .filter((row) => row.from >= last)
    .map(
      (row): CoursePoint => ({
        period: periodText(ctx, row),
        value: null,
        text: '',
        status: 'actual',
        target: Number(row.value),
        targetText: write(row.value),
      }),
    )
  return [...shown, ...ahead]
}

function budgetOf(ctx: AppContext, now: BenefitNow, named: (id: string | null) => NamedLink | null): BudgetShown[] {
  const say = sayOf(ctx)
  const write = moneyWriter(ctx, now.record.currency)
  const states = openLines(now.budget, now.confirmations)
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
        day: found ? dayText(ctx, found.confirmedOn) : '',
        post: (found && named(found.post)?.text) || say('benefits.profile.finance'),
      }),
    }
  })
}

function cashedText(ctx: AppContext, now: BenefitNow): string | null {
  if (!isCash(now.record.benefitType)) return null
  const say = sayOf(ctx)
  return now.cashed === null
    ? say('benefits.profile.not-cashed')
    : say('benefits.profile.cashed', { amount: moneyWriter(ctx, now.record.currency)(now.cashed) })
}

/** Gross and net of running cost, where running cost is stated. */
function netText(ctx: AppContext, { standing }: BenefitNow, write: Writer): string | null {
  const { realized, runningCost } = standing
  if (realized === null || runningCost === null) return null
  return sayOf(ctx)('benefits.profile.net', {
    cost: write(runningCost),
    net: write(subtractDecimals(realized, runningCost)),
  })
}

function reviewShown(ctx: AppContext, review: ReviewRow): ReviewShown {
  const say = sayOf(ctx)
  return {
    title: { ...textIn(ctx, review.title), href: hrefOf(ctx, 'benefits.review', review.code) },
    when: review.heldOn
      ? dayText(ctx, review.heldOn)
      : say('benefits.profile.planned-for', { day: dayText(ctx, review.plannedOn) }),
    decision: review.decision ? say(`benefits.review.choice.decision.${review.decision}`) : '',
    finding: review.finding ? textIn(ctx, review.finding) : null,
    action: review.action ? textIn(ctx, review.action) : null,
    due: review.actionDoneOn
      ? say('benefits.profile.action-done', { day: dayText(ctx, review.actionDoneOn) })
      : review.actionDueOn
        ? say('benefits.profile.action-due', { day: dayText(ctx, review.actionDueOn) })
        : null,
  }
}
