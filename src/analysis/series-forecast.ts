/**
 * From a judged series to its forecast: which values count, which target applies and when, how far ahead. Nothing here
 * depends on today: what it says on a day is in `outlook.ts`. The mathematics is in `forecast.ts`.
 */

import {
  addPeriods,
  axisOf,
  type Day,
  dayNumber,
  daysBetween,
  type Grain,
  nextPeriod,
  type Period,
  partsOf,
} from '#values/period.ts'
import { type ChanceFor, type Forecast, forecast, type WithheldReason } from './forecast.ts'
import { seasonLength } from './seasonal.ts'
import { boundsOf, type SeriesPoint } from './series.ts'
import { acceptable, type DatedTarget, targetInForce } from './target.ts'
import type { Direction } from './variation.ts'

/** A target with what was agreed beside its level: the day by which, if any, and from when on. */
export type AgreedTarget = DatedTarget & { readonly row: { readonly from: Day; readonly dueOn: Day | null } }

/** What a forecast has to know of a series beyond its values. */
export type ForecastFacts = {
  readonly valueKind: string | null
  readonly publicationLagDays: number | null
  readonly seasonal: boolean | null
  readonly cumulative: boolean | null
  readonly rareEvents: boolean | null
}

/** A series with its targets; `rows` has the names of the periods of `points`. */
export type JudgedSeries<Target extends AgreedTarget> = {
  readonly points: readonly SeriesPoint[]
  readonly rows: ReadonlyArray<{ readonly label: string }>
  readonly grain: Grain
  readonly direction: Direction
  readonly targets: readonly Target[]
}

/** The range to expect in one period: 8 in 10 between the outer ends, 5 in 10 between the inner ones. */
export type ForecastStep = {
  readonly from: Day
  readonly to: Day
  readonly label: string
  readonly middle: number
  readonly lower: number
  readonly upper: number
  readonly innerLower: number
  readonly innerUpper: number
}

/** Why no chance is given: reasons of the analysis, of the series, and of the target. */
export type ForecastReason =
  | WithheldReason
  | 'rare-events'
  | 'no-target'
  | 'no-direction'
  | 'no-range'
  | 'no-single-level'
  | 'target-day-passed'
  | 'too-old'
  | 'ended'
  | 'not-made-yet'

/** Which steps a target looks at: one, or all from one on through another (null = no end). Steps count from 1. */
export type TargetSteps =
  | { readonly kind: 'reach'; readonly at: number }
  | { readonly kind: 'keep'; readonly at: number; readonly through: number | null }

/** A forecast as it is stored: the same on any day. */
export type SeriesForecast<Row> = Pick<Forecast, 'form' | 'seasonal' | 'counted' | 'backtest' | 'misses'> & {
  readonly withheld: readonly ForecastReason[]
  readonly rhythm: string | null
  readonly firstNumber: number | null
  readonly last: { readonly from: Day; readonly to: Day; readonly label: string } | null
  readonly steps: readonly ForecastStep[]
  readonly target: Row | null
  readonly look: TargetSteps | null
}

/** Periods of a year, rounded up; how far ahead a range is always given. */
const yearOf: Readonly<Record<Grain, number>> = {
  day: 60,
  week: 52,
  month: 12,
  quarter: 4,
  'half-year': 2,
  year: 1,
  'multi-year': 1,
  custom: 1,
}

/** Ranges further ahead help nobody. */
const maxSteps = 250
/** Daily and weekly series are forecast from this many of their newest values. */
const maxValues = 1000

/** Number of a period in its calendar: neighbours differ by one, and series of the same rhythm share the numbers. */
export function periodNumber(period: Pick<Period, 'from' | 'to' | 'grain'>): number {
  const { year, month } = partsOf(period.from)
  const months = year * 12 + month - 1
  const size = { month: 1, quarter: 3, 'half-year': 6, year: 12 }[period.grain as string]
  if (size) return Math.floor(months / size)
  return Math.floor(dayNumber(period.from) / Math.max(1, daysBetween(period.from, period.to))) + 1_000_000
}

/** The newest definition of the series by period: NaN if nothing that counts was measured. */
function countedValues(judged: JudgedSeries<AgreedTarget>): { values: number[]; periods: Period[] } {
  const { points, rows, grain } = judged
  const first = Math.max(
    0,
    points.findLastIndex((point) => point.breakBefore),
  )
  const values: number[] = []
  const periods: Period[] = []
  for (let index = first; index < points.length; index += 1) {
    const { from, to, value, status } = points[index]!
    const period: Period = { from, to, grain, label: rows[index]!.label }
    const counts = value !== null && status !== 'annualised' && status !== 'estimated'
    for (let before = periods.at(-1); before && grain !== 'custom' && before.to < from; before = periods.at(-1)) {
      const between = nextPeriod(before)
      if (between.to > from || values.length > 20_000) break
      values.push(Number.NaN)
      periods.push(between)
    }
    values.push(counts ? Number(value) : Number.NaN)
    periods.push(period)
  }
  const start = values.findIndex((value) => !Number.isNaN(value))
  const end = values.findLastIndex((value) => !Number.isNaN(value)) + 1
  const kept = Math.max(start, end - maxValues)
  return start < 0
    ? { values: [], periods: [] }
    : { values: values.slice(kept, end), periods: periods.slice(kept, end) }
}

type Aim<Target> = { readonly target: Target; readonly later: Day | null } | null

/** The target in force when the next period begins, or else the first after it; and when the following one starts. */
function aimOf<Target extends AgreedTarget>(targets: readonly Target[], next: Period): Aim<Target> {
  const { inForce, later } = targetInForce(targets, next)
  return inForce ? { target: inForce, later: later[0]?.inForceFrom ?? null } : null
}

/** The first step whose period passes a test, counted from the next period; null if none is within reach. */
function stepWhere(next: Period, test: (period: Period) => boolean): number | null {
  let period = next
  for (let step = 1; step <= maxSteps; step += 1) {
    if (test(period)) return step
    period = nextPeriod(period)
  }
  return null
}

function targetStepsOf({ target, later }: NonNullable<Aim<AgreedTarget>>, next: Period, grain: Grain): TargetSteps {
  const { row } = target
  const stepAt = (test: (period: Period) => boolean) => stepWhere(next, test)
  const kind = target.target.kind
  if (kind !== 'keep' && kind !== 'range' && row.dueOn !== null) {
    const { dueOn } = row
    return { kind: 'reach', at: stepAt(({ to }) => to >= dueOn) ?? maxSteps + 1 }
  }
  const end = [row.dueOn, later].filter((day) => day !== null).sort()[0]
  const over = end ? stepAt(({ from }) => from >= end) : null
  return {
    kind: 'keep',
    at: grain === 'custom' ? 1 : (stepAt(({ from }) => from >= row.from) ?? 1),
    through: over === null ? null : over - 1,
  }
}

/** Everything stored about the forecast of a series; `until` asks for steps through the period that contains a day. */
export function forecastSeries<Target extends AgreedTarget>(
  facts: ForecastFacts,
  judged: JudgedSeries<Target>,
  seed: number,
  until: Day | null = null,
): SeriesForecast<Target['row']> {
  const { grain, direction } = judged
  const { values, periods } = countedValues(judged)
  const last = periods.at(-1)
  const nothing = { form: null, seasonal: false, counted: values.length, backtest: null, misses: null, steps: [] }
  if (!last || facts.valueKind === 'done')
    return {
      ...nothing,
      withheld: [last ? 'no-single-level' : 'under-12-points'],
      rhythm: null,
      firstNumber: null,
      last: null,
      target: null,
      look: null,
    }
  const next = nextPeriod(last)
  const aim = aimOf(judged.targets, next)
  const asked = aim ? acceptable(aim.target.target, direction) : 'no-target'
  const look = aim && typeof asked === 'object' ? targetStepsOf(aim, next, grain) : null
  // A target whose day is before the newest value is already decided; there is no step before the first.
  const passed = aim?.target.row.dueOn && look?.kind === 'reach' && last.to >= aim.target.row.dueOn
  const withheld: ForecastReason[] = []
  if (facts.rareEvents) withheld.push('rare-events')
  if (typeof asked === 'string') withheld.push(asked)
  else if (passed) withheld.push('target-day-passed')
  const chanceFor = withheld.length > 0 || !look || typeof asked === 'string' ? null : chanceForOf(look, asked)
  const lag = Math.ceil((facts.publicationLagDays ?? 0) / Math.max(1, daysBetween(last.from, last.to)))
  const wanted = !look || passed ? 0 : look.kind === 'reach' ? look.at : Math.max(look.at, look.through ?? 0)
  const ahead = Math.max(wanted, until === null ? 0 : (stepWhere(next, ({ to }) => to > until) ?? maxSteps))
  const found = forecast({
    values,
    horizon: Math.min(maxSteps, Math.max(yearOf[grain] + lag + 3, ahead)),
    chanceFor,
    bounds: boundsAhead(facts, values),
    seasonLength: seasonLength(grain),
    seasonal: facts.seasonal,
    firstPeriod: periodNumber(periods[0]!),
    seed,
  })
  return {
    form: found.form,
    seasonal: found.seasonal,
    counted: found.counted,
    backtest: found.backtest,
    misses: found.misses,
    withheld: [...found.withheld, ...withheld],
    rhythm: axisOf(last),
    firstNumber: periodNumber(periods[0]!),
    last: { from: last.from, to: last.to, label: last.label },
    steps: stepsBy(found, next),
    target: aim?.target.row ?? null,
    look,
  }
}

const chanceForOf = (look: TargetSteps, asked: { readonly min?: number; readonly max?: number }): ChanceFor =>
  look.kind === 'reach' ? { kind: 'reach', asked, at: look.at } : { kind: 'keep', asked, from: look.at }

function stepsBy({ steps }: Forecast, next: Period): ForecastStep[] {
  let period = next
  return steps.map((step) => {
    const { from, to, label } = period
    period = nextPeriod(period)
    return { from, to, label, ...step }
  })
}

/** Bounds for future values: those of the quantity, and for a running total that never fell its current value. */
function boundsAhead(facts: ForecastFacts, values: readonly number[]) {
  const known = values.filter((value) => !Number.isNaN(value))
  const bounds = boundsOf(facts, known)
  if (!facts.cumulative) return bounds
  const rises = known.every((value, index) => index === 0 || value >= known[index - 1]!)
  return rises ? { ...bounds, min: known.at(-1)! } : bounds
}

/**
 * The last step that counts for an open-ended target on a given day: the one that ends within a year; at least the
 * first.
 */
export function stepWithinYear(steps: readonly ForecastStep[], today: Day): number {
  const limit = addPeriods(today, 'year', 1)
  const within = steps.findLastIndex(({ to }) => to <= limit) + 1
  return Math.max(1, within)
}
