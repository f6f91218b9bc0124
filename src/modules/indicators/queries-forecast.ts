/**
 * Today's forecasts: stored forecasts plus what depends on the day (too old, which period counts), limited to what the
 * caller may read. Nothing is recomputed here.
 */

import { sql } from 'kysely'
import { inTenths } from '#analysis/forecast.ts'
import { outlookFrom, type StoredForecast, scenariosIn } from '#analysis/outlook.ts'
import type { OutcomeRule } from '#analysis/rollup.ts'
import { type JointPart, jointShare, shareMet } from '#analysis/scenarios.ts'
import type { ForecastReason, ForecastStep } from '#analysis/series-forecast.ts'
import { fullLimitPoints } from '#analysis/variation.ts'
import type { Context } from '#platform/context.ts'
import { hiddenRecords, readableRecords } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import type { Day } from '#values/period.ts'
import { freshnessOn, type Result, resultOn } from './queries-status.ts'
import { indicator } from './records.ts'
import type { Outlook, TargetFigures } from './rules-series.ts'

type Row = {
  indicator: string
  form: string | null
  seasonal: boolean
  counted: number
  rhythm: string | null
  firstNumber: number | null
  lastFrom: Day | null
  lastTo: Day | null
  lastLabel: string | null
  steps: ForecastStep[]
  tried: number
  held: number
  origins: number
  withheld: ForecastReason[]
  target: TargetFigures | null
  look: 'reach' | 'keep' | null
  lookAt: number | null
  lookThrough: number | null
  misses: Uint8Array | null
  state: string
  freshness: string | null
  result: Result
}

async function forecastRows(ctx: Context, ids: readonly string[], today: Day): Promise<Row[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Row>`
    select f.indicator, f.form, f.seasonal, f.counted, f.rhythm, f."firstNumber", f."lastFrom", f."lastTo", f."lastLabel", f.steps,
      f.tried, f.held, f.origins, f.withheld, f.target, f.look, f."lookAt", f."lookThrough", f.misses,
      r.state, ${freshnessOn(today)} as freshness, ${resultOn(today)} as result
    from indicators.forecast f join ${readableRecords(ctx)} r on r.id = f.indicator
      left join indicators.performance p on p.indicator = f.indicator and p.cell = ''
    where f.cell = '' and f.indicator = any(${[...new Set(ids)]}::uuid[]) order by f.indicator`.execute(ctx.db)
  return rows
}

/** What is stored, and today's reasons. */
function storedIn(row: Row): StoredForecast<TargetFigures> {
  const { look, lookAt, lookThrough, lastFrom, lastTo, lastLabel } = row
  return {
    form: row.form,
    seasonal: row.seasonal,
    counted: row.counted,
    last: lastFrom && lastTo && lastLabel ? { from: lastFrom, to: lastTo, label: lastLabel } : null,
    steps: row.steps,
    backtest: row.tried > 0 ? { tried: row.tried, held: row.held, origins: row.origins } : null,
    target: row.target,
    withheld:
      row.state === 'ended'
        ? ['ended']
        : row.freshness === 'very-late' || row.freshness === 'stopped'
          ? ['too-old']
          : row.withheld,
    look:
      look === null || lookAt === null
        ? null
        : look === 'reach'
          ? { kind: 'reach', at: lookAt }
          : { kind: 'keep', at: lookAt, through: lookThrough },
    misses: row.misses,
  }
}

/** Today's forecasts of these indicators, by id; unreadable ones and those not computed yet are left out. */
export async function outlooksOf(ctx: Context, ids: readonly string[]): Promise<Map<string, Outlook>> {
  const today = todayOf(ctx)
  const rows = await forecastRows(ctx, ids, today)
  return new Map(rows.map((row) => [row.indicator, outlookFrom(storedIn(row), today)]))
}

/** The forecast of one indicator for the period in which a day lies; null if there is no forecast for that day. */
export async function forecastOn(ctx: Context, id: string, day: Day): Promise<ForecastStep | null> {
  const outlook = (await outlooksOf(ctx, [id])).get(id)
  return outlook?.steps.find((step) => step.from <= day && day < step.to) ?? null
}

/** Why no joint chance is calculated. */
export type JointReason =
  | 'no-rule'
  | 'no-parts'
  | 'parts-unseen'
  | 'too-many-parts'
  | 'headline-missing'
  | 'n-out-of-reach'
  | 'parts-without-chance'
  | 'different-rhythms'
  | 'too-few-common-periods'
  | 'nothing-open'

export type JointChance = {
  /** Chance in tenths that the rule is met, each part on its own day; null = not calculated. */
  readonly tenths: number | null
  readonly reason: JointReason | null
  /** How many parts there are, how many are decided already, and those for which no chance may be given. */
  readonly parts: number
  readonly decided: number
  readonly without: readonly { readonly id: string; readonly reasons: readonly ForecastReason[] }[]
  /** The part least likely to be met, if a chance is given for it. */
  readonly weakest: { readonly id: string; readonly tenths: number } | null
}

/** Outcomes with more parts than this are not calculated. */
const maxParts = 200

export type JointChanceInput = {
  readonly ids: readonly string[]
  readonly rule: OutcomeRule<string> | null
  /** There are further parts that the caller may not read. */
  readonly unseen?: boolean
}

/**
 * The chance that several indicators meet their targets together by a rule: counted over scenarios in which they move
 * together as they have in the past, never a product. Without a rule, with a part that may not be disclosed, or if it
 * is not known how the parts move together, nothing is calculated, and the reason is given. One query for any number of
 * rules.
 */
export async function jointChances(ctx: Context, asked: readonly JointChanceInput[]): Promise<JointChance[]> {
  const today = todayOf(ctx)
  const ids = asked.flatMap((each) => (each.rule ? partsOf(each).slice(0, maxParts) : []))
  const rows = new Map((await forecastRows(ctx, ids, today)).map((row) => [row.indicator, row]))
  return asked.map((each) => jointOf(each, rows, today))
}

/** The same for one rule. */
export const jointChance = async (ctx: Context, asked: JointChanceInput): Promise<JointChance> =>
  (await jointChances(ctx, [asked]))[0]!

const partsOf = ({ ids, rule }: JointChanceInput): readonly string[] =>
  rule?.rule === 'headline' ? [rule.key] : [...new Set(ids)]

function jointOf(asked: JointChanceInput, rows: ReadonlyMap<string, Row>, today: Day): JointChance {
  const { rule } = asked
  const looked = partsOf(asked)
  const bare = { tenths: null, parts: looked.length, decided: 0, without: [], weakest: null }
  if (!rule) return { ...bare, reason: 'no-rule' }
  if (asked.unseen && rule.rule !== 'headline') return { ...bare, reason: 'parts-unseen' }
  if (looked.length === 0) return { ...bare, reason: 'no-parts' }
  if (looked.length > maxParts) return { ...bare, reason: 'too-many-parts' }
  const needed = rule.rule === 'n-of' ? rule.n : looked.length
  if (needed < 1 || needed > looked.length) return { ...bare, reason: 'n-out-of-reach' }
  if (rule.rule === 'headline' && !rows.has(rule.key)) return { ...bare, reason: 'headline-missing' }
  const parts: JointPart[] = []
  const open: Row[] = []
  const without: { id: string; reasons: readonly ForecastReason[] }[] = []
  let weakest: { id: string; share: number } | null = null
  for (const id of looked) {
    const row = rows.get(id)
    const part = row ? partOf(row, today) : { reasons: ['not-made-yet' as const] }
    if ('reasons' in part) {
      without.push({ id, reasons: part.reasons })
      continue
    }
    parts.push(part)
    if ('decided' in part) continue
    open.push(row!)
    const share = shareMet(part.misses, part.through)
    if (!weakest || share < weakest.share) weakest = { id, share }
  }
  const reported = {
    ...bare,
    decided: parts.length - open.length,
    without,
    weakest: weakest && { id: weakest.id, tenths: inTenths(weakest.share) },
  }
  if (without.length > 0) return { ...reported, reason: 'parts-without-chance' }
  if (open.length === 0) return { ...reported, reason: 'nothing-open' }
  if (new Set(open.map((row) => row.rhythm)).size > 1) return { ...reported, reason: 'different-rhythms' }
  if (open.length > 1 && commonPeriods(open) < fullLimitPoints) return { ...reported, reason: 'too-few-common-periods' }
  return { ...reported, tenths: inTenths(jointShare(parts, needed)), reason: null }
}

/** The active indicators counted below a goal, by id; at most one more than can be combined. */
export async function countedBelow(ctx: Context, goal: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from indicators.serves s join ${readableRecords(ctx)} r on r.id = s.indicator
    where s.goal = ${goal} and s.counted and r.state <> 'ended' order by r.id limit ${maxParts + 1}`.execute(ctx.db)
  return rows.map((row) => row.id)
}

/**
 * Goals that also rest on indicators which the caller may not read: of the goal itself, or anywhere below it. A chance
 * from the others alone would be that of a different goal.
 */
export async function goalsWithHiddenParts(
  ctx: Context,
  goals: readonly string[],
): Promise<Map<string, 'directly' | 'below'>> {
  const { rows } = await sql<{ goal: string; direct: boolean }>`
    select s.goal, bool_or(s.direct) as direct from indicators.serves s
      join ${hiddenRecords(ctx, [indicator.kind])} r on r.id = s.indicator
    where s.goal = any(${[...goals]}::uuid[]) and s.counted and r.state <> 'ended' group by s.goal`.execute(ctx.db)
  return new Map(rows.map(({ goal, direct }) => [goal, direct ? 'directly' : 'below']))
}

/** A part of an outcome today: decided, with scenarios, or why not. */
function partOf(row: Row, today: Day): JointPart | { readonly reasons: readonly ForecastReason[] } {
  const stored = storedIn(row)
  const decided = stored.withheld.includes('target-day-passed') && (row.result === 'met' || row.result === 'missed')
  return decided ? { decided: row.result === 'met' } : scenariosIn(stored, today)
}

/** Periods in which all of them were measured, from the latest first one to the earliest last one. */
function commonPeriods(rows: readonly Row[]): number {
  const first = Math.max(...rows.map((row) => row.firstNumber ?? 0))
  const last = Math.min(...rows.map((row) => (row.firstNumber ?? 0) + row.counted))
  return last - first
}
