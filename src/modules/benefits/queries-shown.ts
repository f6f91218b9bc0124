/** Benefits in words, for lists and panels: everything a row shows is finished text. */

import { addDays } from '#kernel/day.ts'
import { type Localized, localize, type Say } from '#kernel/words.ts'
import { writerFor as indicatorWriter, performanceOf } from '#modules/indicators'
import { hrefOf, type NamedLink, type Text, textIn } from '#modules/strategy'
import type { AppContext } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { type Decimal, formatNumber } from '#values/decimal.ts'
import { formatDay } from '#values/moment.ts'
import { formatPeriod, type Grain, wholeMonths } from '#values/period.ts'
import type { BenefitNow } from './queries-register.ts'
import { isMoney } from './rules.ts'
import type { Finding } from './rules-findings.ts'
import type { Standing } from './rules-path.ts'

export const sayOf = (ctx: AppContext): Say => ctx.registry.words.say(ctx.language)

/** A day in words of the reader's language. */
export const dayText = (ctx: AppContext, day: string): string => formatDay(day, ctx.language)

const grains: Readonly<Record<number, Grain>> = { 1: 'month', 3: 'quarter', 6: 'half-year', 12: 'year' }

/** A period in the reader's language; what is no month, quarter, half-year or year is written with its days. */
export function periodText(
  ctx: AppContext,
  { from, to, label }: { from: string; to: string; label: string | null },
  write = formatPeriod,
) {
  const grain = label === null ? 'custom' : (grains[wholeMonths({ from, to }) ?? 0] ?? 'custom')
  return write({ from, to, grain, label: label ?? '' }, ctx.language)
}

export const benefitHref = (code: string): string => `/benefits/benefits/${code}`

export type ShownBenefit = NamedLink & {
  readonly id: string
  readonly code: string
  readonly loss: boolean
  readonly type: string | null
  readonly state: string
  readonly stateText: string
  readonly path: Standing['state']
  /** '84 % of what was promised so far', or why that cannot be said. */
  readonly pathText: string
  readonly realized: string | null
  readonly promised: string | null
  readonly post: Text | null
  readonly organisation: Text | null
  readonly losingGroup: Text | null
}

/** The sentence of one finding about one record. */
export function findingText(ctx: AppContext, { finding, reason, values }: Finding): string {
  const { day, ...others } = values
  return sayOf(ctx)(`benefits.finding.${finding}.${reason}`, {
    ...others,
    ...(day === undefined ? {} : { day: dayText(ctx, String(day)) }),
  })
}

export type Writer = (value: Decimal) => string

export type Measure = ReturnType<typeof indicatorWriter>

/** Writes amounts of a benefit: money in its currency, a level as its indicator is written, counts with their own unit. */
export function writerFor(ctx: AppContext, now: BenefitNow, measure: Measure | null): Writer {
  const { record } = now
  if (isMoney(record.benefitType)) return moneyWriter(ctx, record.worth?.currency ?? null)
  if (now.shape === 'level' && measure) return (value) => measure.quantity(value)
  return countWriter(ctx, record.unitLabel)
}

/** Writes a figure with its unit in words; a percent sign and Chinese words follow it without a blank. */
export function countWriter(ctx: AppContext, label: Localized | null): Writer {
  const unit = label ? localize(label, ctx.language, ctx.registry.language).text : ''
  const blank = unit === '' || /^[%‰\p{Script=Han}]/u.test(unit) ? '' : ' '
  return (value) => `${formatNumber(value, ctx.language, { decimals: { min: 0, max: 2 } })}${blank}${unit}`
}

/** What the amounts of a benefit are counted in, as it stands above a chart. */
export function unitOf(ctx: AppContext, now: BenefitNow, measure: Measure | null): string {
  const { benefitType, worth, unitLabel } = now.record
  if (isMoney(benefitType)) return worth?.currency ?? ''
  if (now.shape === 'level' && measure) return measure.unit
  return unitLabel ? localize(unitLabel, ctx.language, ctx.registry.language).text : ''
}

/** Whole units of a currency: what a benefit is worth is never known to the cent. */
export const moneyWriter =
  (ctx: AppContext, currency: string | null): Writer =>
  (value) =>
    formatNumber(value, ctx.language, { kind: 'money', currency: currency ?? 'XXX', decimals: 0 })

/** How values are written in the units of the indicators that these benefits are measured by, by benefit. */
export async function unitsOf(ctx: AppContext, benefits: readonly BenefitNow[]): Promise<Map<string, Measure>> {
  const first = benefits.flatMap((now) => (now.indicators[0] ? [[now.record.id, now.indicators[0]] as const] : []))
  const found = await performanceOf(
    ctx,
    first.map(([, indicator]) => indicator),
  )
  return new Map(
    first.flatMap(([id, indicator]) => {
      const facts = found.get(indicator)
      return facts ? [[id, indicatorWriter(facts, sayOf(ctx), ctx.language)] as const] : []
    }),
  )
}

/** Where a benefit stands, in a sentence: share of what was promised in the same periods, with the ends of its range. */
export function standsText(ctx: AppContext, { record, standing, shape }: BenefitNow, write: Writer): string {
  const say = sayOf(ctx)
  const whole = (percent: number) => Math.round(percent)
  const { percent, percentLow, percentHigh } = standing
  const key = ['none', 'not-begun', 'late'].includes(standing.state) ? standing.state : shape
  const loss = record.effect === 'loss' && key === 'flow' ? '-loss' : ''
  return say(`benefits.stands.${key}${loss}`, {
    percent: whole(percent ?? 0),
    range:
      percent !== null && (percentLow !== percent || percentHigh !== percent)
        ? say('benefits.stands.range', { low: whole(percentLow ?? 0), high: whole(percentHigh ?? 0) })
        : '',
    realized: standing.realized === null ? '' : write(standing.realized),
    promised: write(standing.promisedWhereKnown),
    count: standing.withoutResult,
    day: standing.comparedTo === null ? '' : dayText(ctx, addDays(standing.comparedTo, -1)),
  })
}

export async function shownBenefits(ctx: AppContext, benefits: readonly BenefitNow[]): Promise<ShownBenefit[]> {
  const say = sayOf(ctx)
  const [units, names] = await Promise.all([
    unitsOf(ctx, benefits),
    namesOf(
      ctx,
      benefits.flatMap((now) => [now.accountable, now.record.organisation]),
    ),
  ])
  const named = (id: string | null) => (id && names.has(id) ? textIn(ctx, names.get(id)!.title) : null)
  return benefits.map((now) => {
    const { record, standing } = now
    const write = writerFor(ctx, now, units.get(record.id) ?? null)
    return {
      id: record.id,
      code: record.code,
      ...textIn(ctx, record.title),
      href: hrefOf(ctx, record.kind, record.code),
      loss: record.effect === 'loss',
      type: record.benefitType ? say(`benefits.benefit.choice.benefitType.${record.benefitType}`) : null,
      state: record.state,
      stateText: say(`benefits.benefit.state.${record.state}`),
      path: standing.state,
      pathText:
        record.state === 'dropped' && record.dropReason
          ? textIn(ctx, record.dropReason).text
          : standsText(ctx, now, write),
      realized: standing.realized === null ? null : write(standing.realized),
      promised: now.path.length === 0 ? null : write(standing.promised),
      post: named(now.accountable),
      organisation: named(record.organisation),
      losingGroup: record.losingGroup ? textIn(ctx, record.losingGroup) : null,
    }
  })
}
