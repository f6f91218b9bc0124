/** Benefits in words, for lists and panels: everything a row shows is finished text. */
import { addDays } from '#kernel/day.ts'
import type { Localized } from '#kernel/words.ts'
import { writerFor as indicatorWriter, performanceOf } from '#modules/indicators'
import { type NamedLink, presenterOf, type Text } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { type Decimal, formatNumber } from '#values/decimal.ts'
import type { CurrentBenefit } from './queries-register.ts'
import { isMoney } from './rules.ts'
import type { PathStatus } from './rules-path.ts'

export type BenefitSummary = NamedLink & {
  readonly id: string
  readonly loss: boolean
  readonly type: string | null
  readonly state: string
  readonly stateText: string
  readonly path: PathStatus['state']
  /** '84 % of what was promised so far', or why that cannot be said. */
  readonly pathText: string
  readonly realized: string | null
  readonly promised: string | null
  /** The newest values it was measured by, oldest first, and the level they should reach. */
  readonly course: readonly number[]
  readonly level: number | null
  readonly post: Text | null
  readonly organisation: Text | null
  readonly losingGroup: Text | null
}

/** Values drawn in a row of a list. */
const shownValues = 24

export type Writer = (value: Decimal) => string

export type Measure = ReturnType<typeof indicatorWriter>

/**
 * Writes amounts of a benefit: money in its currency, a level in its indicator's format, counts with their own unit.
 */
export function writerFor(ctx: AppContext, now: CurrentBenefit, measure: Measure | null): Writer {
  const { record } = now
  if (isMoney(record.benefitType)) return (amount) => presenterOf(ctx).money(amount, record.worth?.currency ?? null)
  if (now.shape === 'level' && measure) return (value) => measure.quantity(value)
  return countWriter(ctx, record.unitLabel)
}

/** Writes a figure with its unit in words; a percent sign and Chinese words follow it without a space. */
export function countWriter(ctx: AppContext, label: Localized | null): Writer {
  const unit = presenterOf(ctx).plain(label)
  const blank = unit === '' || /^[%‰\p{Script=Han}]/u.test(unit) ? '' : ' '
  return (value) => `${formatNumber(value, ctx.language, { decimals: { min: 0, max: 2 } })}${blank}${unit}`
}

/** The unit of a benefit's amounts, for the heading of a chart. */
export function unitOf(ctx: AppContext, now: CurrentBenefit, measure: Measure | null): string {
  const { benefitType, worth, unitLabel } = now.record
  if (isMoney(benefitType)) return worth?.currency ?? ''
  if (now.shape === 'level' && measure) return measure.unit
  return presenterOf(ctx).plain(unitLabel)
}

/** Formatters for the units of the indicators these benefits are measured by, by benefit. */
export async function unitsOf(ctx: AppContext, benefits: readonly CurrentBenefit[]): Promise<Map<string, Measure>> {
  const first = benefits.flatMap((now) => (now.indicators[0] ? [[now.record.id, now.indicators[0]] as const] : []))
  const found = await performanceOf(ctx, [...new Map(first).values()])
  return new Map(
    first.flatMap(([id, indicator]) => {
      const facts = found.get(indicator)
      return facts ? [[id, indicatorWriter(facts, presenterOf(ctx).say, ctx.language)] as const] : []
    }),
  )
}

/** A benefit's status in a sentence: its share of what was promised in the same periods, with the ends of its range. */
export function statusText(ctx: AppContext, { record, status, shape }: CurrentBenefit, write: Writer): string {
  const { say, day } = presenterOf(ctx)
  const { percent, percentLow, percentHigh } = status
  const key = ['none', 'not-begun', 'late'].includes(status.state) ? status.state : shape
  const loss = record.effect === 'loss' && key === 'flow' ? '-loss' : ''
  return say(`benefits.stands.${key}${loss}`, {
    percent: Math.round(percent ?? 0),
    range:
      percent !== null && (percentLow !== percent || percentHigh !== percent)
        ? say('benefits.stands.range', { low: Math.round(percentLow ?? 0), high: Math.round(percentHigh ?? 0) })
        : '',
    realized: status.realized === null ? '' : write(status.realized),
    promised: write(status.promisedWhereKnown),
    count: status.withoutResult,
    day: status.comparedTo === null ? '' : day(addDays(status.comparedTo, -1)),
  })
}

export async function benefitSummaries(
  ctx: AppContext,
  benefits: readonly CurrentBenefit[],
): Promise<BenefitSummary[]> {
  const presenter = presenterOf(ctx)
  const { text, choice } = presenter
  const [units, nameOf] = await Promise.all([
    unitsOf(ctx, benefits),
    presenter.names(benefits.flatMap((now) => [now.accountable, now.record.organisation])),
  ])
  return benefits.map((now) => {
    const { record, status } = now
    const write = writerFor(ctx, now, units.get(record.id) ?? null)
    return {
      id: record.id,
      ...presenter.named(record),
      loss: record.effect === 'loss',
      type: record.benefitType ? choice(record.kind, 'benefitType', record.benefitType) : null,
      state: record.state,
      stateText: presenter.state(record.kind, record.state),
      path: status.state,
      pathText:
        record.state === 'dropped' && record.dropReason
          ? presenter.plain(record.dropReason)
          : statusText(ctx, now, write),
      realized: status.realized === null ? null : write(status.realized),
      promised: now.path.length === 0 ? null : write(status.promised),
      course: (now.shape === 'level' ? now.values : now.results).slice(-shownValues).map(({ value }) => Number(value)),
      level: now.shape === 'level' && now.path.length > 0 ? Number(status.promised) : null,
      post: nameOf(now.accountable),
      organisation: nameOf(record.organisation),
      losingGroup: record.losingGroup ? text(record.losingGroup) : null,
    }
  })
}
