/** How benefits stand: what their register filters and sums, in a table of its own. */
import { sql } from 'kysely'
import { indicator } from '#modules/indicators'
import type { Context } from '#platform/context.ts'
import type { Derived, DerivedRow } from '#platform/derived.ts'
import { todayOf } from '#platform/today.ts'
import type { Decimal } from '#values/decimal.ts'
import { addDays, type Day } from '#values/period.ts'
import { type CurrentBenefit, currentBenefits, forecastOf } from './queries-register.ts'
import { isUnconfirmed } from './queries-work.ts'
import { benefit, framework } from './records.ts'
import { type PathStatus, resultLagDays } from './rules-path.ts'

type Row = DerivedRow &
  Pick<PathStatus, 'promised' | 'promisedSoFar' | 'realized' | 'runningCost'> & {
    readonly path: PathStatus['state']
    readonly forecast: Decimal | null
    readonly cashed: Decimal | null
    readonly unseen: boolean
  }

/**
 * The first day after today on which the same rows may say something else: a period ends, its result is due, a result
 * counts, a budget line is a past year's. What an indicator measures may grow old on any day.
 */
function settledUntil({ path, results, budget, shape }: CurrentBenefit, today: Day): Day {
  const days = [
    ...(shape === 'level' ? [addDays(today, 1)] : []),
    ...path.flatMap(({ to }) => [to, addDays(to, resultLagDays)]),
    ...results.map(({ from }) => addDays(from, 1)),
    ...budget.map(({ year }) => `${year + 1}-01-01`),
  ].filter((day) => day > today)
  return days.reduce((least, day) => (day < least ? day : least), '9999-12-31')
}

const rowsOf = (ctx: Context, now: CurrentBenefit): Row[] =>
  now.sources.map(({ indicator: source, status }, place) => ({
    record: now.record.id,
    place,
    source,
    until: settledUntil(now, todayOf(ctx)),
    path: status.state,
    promised: status.promised,
    promisedSoFar: status.promisedSoFar,
    realized: status.realized,
    runningCost: status.runningCost,
    forecast: forecastOf(now),
    cashed: now.cashed,
    unseen: isUnconfirmed(ctx, now),
  }))

export const standing: Derived<Row> = {
  table: 'benefits.standing',
  of: benefit,
  method: 1,
  // The framework sets the thresholds of all of them.
  concerned: (changed) => {
    const of = (kind: string) => changed.filter((each) => each.kind === kind).map((each) => each.record)
    if (of(framework.kind).length > 0) return sql`true`
    const [own, measuring] = [of(benefit.kind), of(indicator.kind)]
    if (own.length + measuring.length === 0) return null
    return sql`(r.id = any(${own}::uuid[]) or r.id in (select l."from" from records.link l
      where l."to" = any(${measuring}::uuid[]) and l.name = 'benefits.benefit.measuredBy'))`
  },
  rows: async (ctx, ids) => {
    const all = await currentBenefits(ctx, sql`r.id = any(${[...ids]}::uuid[])`, { everySource: true })
    return all.flatMap((now) => rowsOf(ctx, now))
  },
}
