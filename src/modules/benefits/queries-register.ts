/** Benefits with their rows and status: a fixed number of statements, however many benefits. */

import { type RawBuilder, sql } from 'kysely'
import type { RecordOf } from '#kernel/record.ts'
import { type Objections, objections } from '#kernel/verb.ts'
import { filledPosts } from '#modules/directory'
import { performanceOf, type WholeValue, wholeSeries } from '#modules/indicators'
import type { Context } from '#platform/context.ts'
import { read, readableRecords, readableRows, unrestricted } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { addDecimals, type Decimal } from '#values/decimal.ts'
import { addDays, type Day } from '#values/period.ts'
import { type Thresholds, thresholds } from './queries-framework.ts'
import { benefit } from './records.ts'
import { isMoney } from './rules.ts'
import type { ClaimFacts } from './rules-findings.ts'
import { confirmedAmount, type MoneyFacts, type MoneyType } from './rules-money.ts'
import {
  type Course,
  flowStatus,
  type LevelValue,
  levelStatus,
  lossStatus,
  type PathRow,
  type PathStatus,
  type PeriodRow,
  type ResultRow,
} from './rules-path.ts'
export type Benefit = RecordOf<typeof benefit>
type Text = Readonly<Record<string, string>>

export type ResultOf = ResultRow & { readonly sourceText: Text | null; readonly note: Text | null }
export type ForecastRow = PeriodRow & { readonly madeOn: Day; readonly note: Text | null }
export type BudgetRow = {
  readonly budgetCode: string
  readonly year: number
  readonly amount: Decimal
  readonly body: string | null
}
export type ConfirmationRow = Omit<BudgetRow, 'body'> & {
  readonly verdict: 'confirmed' | 'refused'
  readonly confirmedOn: Day
  readonly post: string
  readonly note: Text | null
}
export type ClaimRow = Omit<ClaimFacts, 'benefit'> & { readonly note: Text | null }

export type CurrentBenefit = {
  readonly record: Benefit
  readonly path: readonly PathRow[]
  readonly results: readonly ResultOf[]
  readonly forecasts: readonly ForecastRow[]
  readonly budget: readonly BudgetRow[]
  readonly confirmations: readonly ConfirmationRow[]
  readonly claims: readonly ClaimRow[]
  /** Indicators it is measured by, as the caller may read them. */
  readonly indicators: readonly string[]
  /** Values of the first of them, if the benefit is counted rather than money: then its path is a level. */
  readonly values: readonly WholeValue[]
  readonly shape: 'flow' | 'level'
  readonly status: PathStatus
  /** The same by each indicator in turn and, last, by none: what they are told who may not read those before. */
  readonly sources: readonly Source[]
  /** The post responsible today: the receiving one after hand-over. */
  readonly accountable: string | null
  readonly vacant: boolean
  readonly cashed: Decimal | null
}

export type Source = {
  readonly indicator: string | null
  readonly values: readonly WholeValue[]
  readonly status: PathStatus
}

const tables = ['path', 'result', 'forecast', 'budget', 'confirmation', 'claim'] as const
const orders: Record<(typeof tables)[number], string> = {
  path: '"from"',
  result: '"from"',
  forecast: '"from"',
  budget: 'year, "budgetCode"',
  confirmation: 'year, "budgetCode"',
  claim: '"baselineOn"',
}

/** At most this many are read at once. */
const maxBenefits = 5000

/** Benefits that match a condition over `records.record r` and `benefits.benefit t`; at most `maxBenefits`, by code. */
export async function currentBenefits(
  ctx: Context,
  where: RawBuilder<unknown> = sql`true`,
  options: { readonly thresholds?: Thresholds; readonly everySource?: boolean } = {},
): Promise<CurrentBenefit[]> {
  const records = await read(ctx, benefit).where(where).sort('code').limit(maxBenefits).rows()
  if (records.length === 0) return []
  const ids = records.map((record) => record.id)
  const rowsIn = async (table: (typeof tables)[number]) => {
    const { rows } = await sql<{ record: string }>`
      select w.* from ${readableRows(ctx, benefit.kind, table)} w
      where w.record = any(${ids}::uuid[]) order by ${sql.raw(orders[table])}, id`.execute(ctx.db)
    return Map.groupBy(rows, (row) => row.record)
  }
  const [path, result, forecast, budget, confirmation, claim] = await Promise.all(tables.map(rowsIn))
  const rowsOf = <Row>(from: Map<string, unknown[]> | undefined, id: string) => (from?.get(id) ?? []) as Row[]
  const measured = await measuredBy(ctx, ids)
  const most = options.everySource ? undefined : 1
  const levels = records.flatMap((record) =>
    record.benefitType === 'quantified' ? (measured.get(record.id) ?? []).slice(0, most) : [],
  )
  const [series, statuses, rules] = await Promise.all([
    wholeSeries(ctx, levels),
    performanceOf(ctx, levels),
    options.thresholds ?? thresholds(ctx),
  ])
  const accountable = new Map(records.map((record) => [record.id, accountableOf(record)]))
  const held = await filledPosts(
    ctx.db,
    [...accountable.values()].filter((post) => post !== null),
    todayOf(ctx),
  )
  return records.map((record): CurrentBenefit => {
    const indicators = measured.get(record.id) ?? []
    const measuring = record.benefitType === 'quantified' ? indicators : []
    const rows = {
      path: rowsOf<PathRow>(path, record.id),
      results: rowsOf<ResultOf>(result, record.id),
      forecasts: rowsOf<ForecastRow>(forecast, record.id),
      budget: rowsOf<BudgetRow>(budget, record.id),
      confirmations: rowsOf<ConfirmationRow>(confirmation, record.id),
      claims: rowsOf<ClaimRow>(claim, record.id),
    }
    const post = accountable.get(record.id) ?? null
    const by = (indicator: string | null): Source => {
      const values = (indicator && series.get(indicator)) || []
      const freshness = statuses.get(indicator ?? '')?.freshness ?? 'current'
      const { path, results } = rows
      const below = rules.missedBelowPercent
      const status = indicator
        ? levelStatus(path, values.map(levelValue), record.baseline, todayOf(ctx), freshness !== 'current', below)
        : flowStatus(path, results, todayOf(ctx), below)
      return { indicator, values, status: record.effect === 'loss' ? lossStatus(status, below) : status }
    }
    const sources = [...measuring, null].slice(0, most).map(by)
    const { values, status } = sources[0]!
    return {
      record,
      ...rows,
      indicators,
      values,
      shape: measuring.length > 0 ? 'level' : 'flow',
      status,
      sources,
      accountable: post,
      vacant: post !== null && !held.has(post),
      cashed: confirmedAmount(rows.confirmations),
    }
  })
}

const levelValue = (row: WholeValue): LevelValue => ({
  from: row.from,
  to: row.to,
  value: row.value,
  settled: row.status === 'actual',
})

/** How many benefits the register holds, and how many of them have no path; one query. */
export async function countPaths(ctx: Context): Promise<{ of: number; without: number }> {
  const { rows } = await sql<{ of: number; without: number }>`
    select count(*)::integer as "of", count(*) filter (where not exists (
        select 1 from ${readableRows(ctx, benefit.kind, 'path')} w where w.record = r.id))::integer as without
    from ${readableRecords(ctx, [benefit.kind])} r`.execute(ctx.db)
  return rows[0]!
}

/** Who is responsible for a benefit: its owner, and after hand-over the post that received it. */
export const accountableOf = (record: Pick<Benefit, 'owner' | 'receivingPost' | 'handedOverOn'>): string | null =>
  record.handedOverOn ? (record.receivingPost ?? record.owner) : record.owner

/** A post that benefits are to be handed over to, or were, cannot be abolished while they are tracked. */
export async function stillReceives(ctx: Context, posts: readonly string[]): Promise<Objections> {
  const house = unrestricted('a benefit needs its receiver whoever may read it', ctx)
  const waiting = await read(house, benefit)
    .in({ receivingPost: posts })
    .notIn({ state: ['not-realized', 'disputed', 'dropped'] })
    .pick('receivingPost')
    .rows()
  return objections(
    'benefits.post-still-receives',
    waiting.map((each) => each.receivingPost),
  )
}

async function measuredBy(ctx: Context, ids: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ from: string; to: string }>`
    select l."from", l."to" from records.link l join ${readableRecords(ctx)} r on r.id = l."to"
    where l."from" = any(${[...ids]}::uuid[]) and l.name = 'benefits.benefit.measuredBy' order by l.id`.execute(ctx.db)
  const found = new Map<string, string[]>()
  for (const { from, to } of rows) found.set(from, [...(found.get(from) ?? []), to])
  return found
}

/** The path that a benefit's fields describe; null if start, full value or end are still missing. */
export function courseOf({ record, shape }: CurrentBenefit): Course | null {
  const last = record.trackUntil ?? record.dueOn
  const fullValue = record.worth?.amount ?? record.fullValue
  if (!record.startOn || fullValue === null || !last || last < record.startOn) return null
  return {
    startOn: record.startOn,
    lagMonths: record.lagMonths ?? 0,
    rampMonths: record.rampMonths ?? 0,
    fullValue,
    until: addDays(last, 1),
    shape: shape === 'level' ? 'level' : record.recurrence === 'one-off' ? 'once' : 'flow',
    ...(record.baseline === null ? {} : { base: record.baseline }),
  }
}

/** What its owner forecasts of a benefit; null if nothing. */
export const forecastOf = ({ forecasts }: Pick<CurrentBenefit, 'forecasts'>): Decimal | null =>
  forecasts.length > 0 ? forecasts.map((row) => row.value).reduce(addDecimals, '0') : null

/** What a monetary benefit adds to the totals. */
export function moneyOf(now: CurrentBenefit, overlapping: readonly string[]): MoneyFacts | null {
  const { record, status } = now
  if (!isMoney(record.benefitType)) return null
  return {
    count: 1,
    effect: record.effect ?? 'gain',
    benefitType: record.benefitType as MoneyType,
    recurrence: record.recurrence,
    currency: record.worth?.currency ?? null,
    priceBaseYear: record.worth?.priceYear ?? null,
    state: record.state,
    promised: status.promised,
    promisedSoFar: status.promisedSoFar,
    realized: status.realized,
    runningCost: status.runningCost,
    forecast: forecastOf(now),
    cashed: now.cashed,
    overlapping: overlapping.includes(record.id) ? 1 : 0,
  }
}
