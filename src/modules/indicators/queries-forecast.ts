/**
 * What is to be expected today: stored forecasts with what depends on the day added on reading (too old, which period is
 * looked at), cut at what the caller may read. Nothing is computed anew here.
 */
import { sql } from 'kysely'
import { chanceAt, inTenths, longestHorizon } from '#analysis/forecast.ts'
import type { OutcomeRule } from '#analysis/rollup.ts'
import { type JointPart, jointShare, shareMet } from '#analysis/scenarios.ts'
import { fullLimitPoints } from '#analysis/variation.ts'
import type { Day } from '#values/period.ts'
import {
  freshnessOn,
  type ReadContext,
  type Result,
  resultOn,
  type TargetFigures,
  todayOf,
} from './queries-standing.ts'
import { type ForecastReason, type ForeseenStep, type Look, stepWithinYear } from './rules-forecast.ts'

export type StepPeriod = Pick<ForeseenStep, 'from' | 'to' | 'label'>

/**
 * The chance to meet the target on the past pattern, in tenths (1 to 9); or why there is none. For a target to keep: in the
 * next period, and in all periods through `through` (null where that one is not given, and why).
 */
export type Chance =
  | { readonly given: 'reach'; readonly tenths: number; readonly through: StepPeriod }
  | {
      readonly given: 'keep'
      readonly tenths: number
      readonly next: StepPeriod
      readonly all: { readonly tenths: number; readonly periods: number; readonly through: StepPeriod } | null
      readonly allWithheld: readonly ForecastReason[]
    }
  | { readonly given: null; readonly reasons: readonly ForecastReason[] }

/** A stored forecast as it may be told today. */
export type Outlook = {
  readonly indicator: string
  readonly form: string | null
  readonly seasonal: boolean
  /** Values of the newest definition that it rests on. */
  readonly counted: number
  readonly last: StepPeriod | null
  /** Ranges by period; none where the values are too old to speak for today. */
  readonly steps: readonly ForeseenStep[]
  /** How many of the steps are worth showing: through the day of the target, or a year from today. */
  readonly shown: number
  readonly backtest: { readonly tried: number; readonly held: number; readonly origins: number } | null
  readonly target: TargetFigures | null
  readonly chance: Chance
}

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
  steps: ForeseenStep[]
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

async function forecastRows(ctx: ReadContext, ids: readonly string[], today: Day): Promise<Row[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Row>`
    select f.indicator, f.form, f.seasonal, f.counted, f.rhythm, f."firstNumber", f."lastFrom", f."lastTo", f."lastLabel", f.steps,
      f.tried, f.held, f.origins, f.withheld, f.target, f.look, f."lookAt", f."lookThrough", f.misses,
      r.state, ${freshnessOn(today)} as freshness, ${resultOn(today)} as result
    from indicators.forecast f join records.record r on r.id = f.indicator
      left join indicators.performance p on p.indicator = f.indicator and p.cell = ''
    where f.cell = '' and f.indicator = any(${[...new Set(ids)]}::uuid[]) and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by f.indicator`.execute(ctx.db)
  return rows
}

const lookIn = ({ look, lookAt, lookThrough }: Row): Look | null =>
  look === null || lookAt === null
    ? null
    : look === 'reach'
      ? { kind: 'reach', at: lookAt }
      : { kind: 'keep', at: lookAt, through: lookThrough }

/** Nothing at all is told of what is too old or has ended. */
const silencing = (reason: ForecastReason): boolean => reason === 'too-old' || reason === 'ended'

/** Reasons that hold on this day, whatever the forecast says. */
function dated({ state, freshness, withheld }: Row): ForecastReason[] {
  if (state === 'ended') return ['ended']
  if (freshness === 'very-late' || freshness === 'stopped') return ['too-old']
  return [...withheld]
}

/** The last step of a target to keep, today. */
const throughOf = (look: Look, steps: readonly ForeseenStep[], today: Day): number =>
  look.kind === 'reach' ? look.at : Math.max(look.at, look.through ?? stepWithinYear(steps, today))

function chanceIn(row: Row, today: Day): Chance {
  const reasons = dated(row)
  const look = lookIn(row)
  if (reasons.length > 0 || !look || !row.misses) {
    // A day that is too far ahead is told beside the rest.
    const far = look?.kind === 'reach' && look.at > longestHorizon(row.counted) && !reasons.some(silencing)
    return {
      given: null,
      reasons: [...new Set<ForecastReason>([...reasons, ...(far ? ['horizon-beyond-half-the-history' as const] : [])])],
    }
  }
  const found = { misses: row.misses, withheld: [], counted: row.counted }
  const through = throughOf(look, row.steps, today)
  const told = chanceAt(found, look.kind === 'reach' ? through : look.at)
  if ('withheld' in told) return { given: null, reasons: told.withheld }
  if (look.kind === 'reach') return { given: 'reach', tenths: told.tenths, through: row.steps[through - 1]! }
  const all = chanceAt(found, through)
  const next = row.steps[look.at - 1]!
  const longer = through > look.at && row.steps[through - 1]
  return {
    given: 'keep',
    tenths: told.tenths,
    next,
    all:
      longer && 'tenths' in all
        ? { tenths: all.tenths, periods: through - look.at + 1, through: row.steps[through - 1]! }
        : null,
    allWithheld: longer && 'withheld' in all ? all.withheld : [],
  }
}

function outlookIn(row: Row, today: Day): Outlook {
  const chance = chanceIn(row, today)
  const silent = chance.given === null && chance.reasons.some(silencing)
  const look = lookIn(row)
  const year = stepWithinYear(row.steps, today)
  const wanted = look?.kind === 'reach' ? Math.max(year, look.at) : look ? throughOf(look, row.steps, today) : year
  return {
    indicator: row.indicator,
    form: row.form,
    seasonal: row.seasonal,
    counted: row.counted,
    last:
      row.lastFrom && row.lastTo && row.lastLabel ? { from: row.lastFrom, to: row.lastTo, label: row.lastLabel } : null,
    steps: silent ? [] : row.steps,
    shown: silent ? 0 : Math.min(row.steps.length, wanted),
    backtest: row.tried > 0 ? { tried: row.tried, held: row.held, origins: row.origins } : null,
    target: row.target,
    chance,
  }
}

/** What is to be expected of these indicators today, by id; what the caller may not read, and what is not made yet, is left out. */
export async function outlooksOf(ctx: ReadContext, ids: readonly string[]): Promise<Map<string, Outlook>> {
  const today = todayOf(ctx)
  const rows = await forecastRows(ctx, ids, today)
  return new Map(rows.map((row) => [row.indicator, outlookIn(row, today)]))
}

/** The forecast of one indicator for the period in which a day lies; null where nothing is foretold for that day. */
export async function forecastOn(ctx: ReadContext, id: string, day: Day): Promise<ForeseenStep | null> {
  const outlook = (await outlooksOf(ctx, [id])).get(id)
  return outlook?.steps.find((step) => step.from <= day && day < step.to) ?? null
}

/** Why no joint chance is calculated. */
export type JointReason =
  | 'no-rule'
  | 'no-parts'
  | 'too-many-parts'
  | 'headline-missing'
  | 'n-out-of-reach'
  | 'parts-without-chance'
  | 'different-rhythms'
  | 'too-few-common-periods'
  | 'nothing-open'

export type JointChance = {
  /** Chance in tenths that the rule is met, every part at its own day; null = not calculated. */
  readonly tenths: number | null
  readonly reason: JointReason | null
  /** How many parts there are, how many are decided already, and those for which no chance may be given. */
  readonly parts: number
  readonly decided: number
  readonly without: readonly { readonly id: string; readonly reasons: readonly ForecastReason[] }[]
  /** The part least likely to be met, where a chance is given for it. */
  readonly weakest: { readonly id: string; readonly tenths: number } | null
}

/** Outcomes with more parts than this are not calculated. */
const mostParts = 200

/**
 * The chance that several indicators meet their targets together by a rule: counted over scenarios in which they move
 * as they have moved together, never a product. Without a rule, with a part that may not be told, or where it is not known
 * how the parts move together, nothing is calculated, and the reason is given.
 */
export async function jointChance(
  ctx: ReadContext,
  ids: readonly string[],
  rule: OutcomeRule<string> | null,
): Promise<JointChance> {
  const looked = rule?.rule === 'headline' ? [rule.key] : [...new Set(ids)]
  const bare = { tenths: null, parts: looked.length, decided: 0, without: [], weakest: null }
  if (!rule) return { ...bare, reason: 'no-rule' }
  if (looked.length === 0) return { ...bare, reason: 'no-parts' }
  if (looked.length > mostParts) return { ...bare, reason: 'too-many-parts' }
  const needed = rule.rule === 'n-of' ? rule.n : looked.length
  if (needed < 1 || needed > looked.length) return { ...bare, reason: 'n-out-of-reach' }
  const today = todayOf(ctx)
  const rows = new Map((await forecastRows(ctx, looked, today)).map((row) => [row.indicator, row]))
  if (rule.rule === 'headline' && !rows.has(rule.key)) return { ...bare, reason: 'headline-missing' }
  const parts: JointPart[] = []
  const open: Row[] = []
  const without: { id: string; reasons: readonly ForecastReason[] }[] = []
  let weakest: { id: string; share: number } | null = null
  for (const id of looked) {
    const row = rows.get(id)
    const part = row ? partOf(row, today) : { reasons: ['not-made-yet' as const] }
    if ('reasons' in part) without.push({ id, reasons: part.reasons })
    else {
      parts.push(part)
      if ('decided' in part) continue
      open.push(row!)
      const share = shareMet(part.misses, part.through)
      if (!weakest || share < weakest.share) weakest = { id, share }
    }
  }
  const told = {
    ...bare,
    decided: parts.length - open.length,
    without,
    weakest: weakest && { id: weakest.id, tenths: inTenths(weakest.share) },
  }
  if (without.length > 0) return { ...told, reason: 'parts-without-chance' }
  if (open.length === 0) return { ...told, reason: 'nothing-open' }
  if (new Set(open.map((row) => row.rhythm)).size > 1) return { ...told, reason: 'different-rhythms' }
  if (open.length > 1 && commonPeriods(open) < fullLimitPoints) return { ...told, reason: 'too-few-common-periods' }
  return { ...told, tenths: inTenths(jointShare(parts, needed)), reason: null }
}

/** A part of an outcome today: decided, with scenarios, or why not. */
function partOf(row: Row, today: Day): JointPart | { readonly reasons: readonly ForecastReason[] } {
  const reasons = dated(row)
  const decided = reasons.includes('target-day-passed') && (row.result === 'met' || row.result === 'missed')
  if (decided) return { decided: row.result === 'met' }
  const look = lookIn(row)
  if (reasons.length > 0 || !look || !row.misses) return { reasons: chanceReasons(row, today) }
  const through = throughOf(look, row.steps, today)
  const told = chanceAt({ misses: row.misses, withheld: [], counted: row.counted }, through)
  return 'withheld' in told ? { reasons: told.withheld } : { misses: row.misses, through }
}

function chanceReasons(row: Row, today: Day): readonly ForecastReason[] {
  const chance = chanceIn(row, today)
  return chance.given === null ? chance.reasons : []
}

/** Periods in which all of them were measured, from the latest first one to the earliest last one. */
function commonPeriods(rows: readonly Row[]): number {
  const first = Math.max(...rows.map((row) => row.firstNumber ?? 0))
  const last = Math.min(...rows.map((row) => (row.firstNumber ?? 0) + row.counted))
  return last - first
}
