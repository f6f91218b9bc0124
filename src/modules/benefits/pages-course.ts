/** The course of one benefit by period: planned, realized, expected; as rows and as the points of a chart. */
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import type { Writer } from './pages-summary.ts'
import type { CurrentBenefit } from './queries-register.ts'
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

export type CourseChart = {
  readonly points: readonly CoursePoint[]
  readonly unit: string
  readonly description: string
}

export type PeriodView = {
  readonly period: string
  readonly planned: string
  readonly realized: string
  readonly forecast: string
}

/** Every planned period, and results outside them, in order. */
function joined(now: CurrentBenefit) {
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

export function periodsOf(ctx: AppContext, now: CurrentBenefit, write: Writer, foreseen: ForecastRanges): PeriodView[] {
  const { say, period, choice } = presenterOf(ctx)
  const withoutResult = ({ to }: { to: string }) =>
    say(to > todayOf(ctx) ? 'benefits.profile.not-over' : 'benefits.profile.no-result')
  const range = (low: string | null, high: string | null) =>
    low !== null && high !== null ? ` (${say('benefits.profile.between', { low: write(low), high: write(high) })})` : ''
  if (now.shape === 'level')
    return now.path.map((row) => {
      const value = now.values.findLast((each) => endsIn(row, each))
      return {
        period: period(row),
        planned: write(row.value),
        realized: !value
          ? withoutResult(row)
          : row.to > todayOf(ctx)
            ? say('benefits.profile.so-far', { value: write(value.value) })
            : write(value.value),
        forecast: foreseenText(ctx, row, foreseen, write),
      }
    })
  return joined(now).map(({ slot, results, forecast }) => {
    const unsettled = [...new Set(results.filter((row) => row.status !== 'actual').map((row) => row.status))]
    return {
      period: period(slot),
      planned: slot.value === null ? say('benefits.profile.not-planned') : write(slot.value),
      realized:
        results.length === 0
          ? withoutResult(slot)
          : [
              write(sumText(results)) + (results.length === 1 ? range(results[0]!.low, results[0]!.high) : ''),
              ...unsettled.map((status) => choice('benefits.benefit', 'result.status', status)),
            ].join(' · '),
      forecast: forecast ? write(forecast.value) + range(forecast.low, forecast.high) : '',
    }
  })
}

/**
 * The range that the indicator's own forecast gives for a planned period that has not ended; it is never drawn as fact.
 */
export type ForecastRanges = ReadonlyArray<{ readonly to: string; readonly lower: number; readonly upper: number }>
function foreseenText(
  ctx: AppContext,
  row: { from: string; to: string },
  foreseen: ForecastRanges,
  write: Writer,
): string {
  const step = row.to > todayOf(ctx) ? foreseen.findLast((each) => endsIn(row, each)) : undefined
  const digits = (value: number) => write(value.toFixed(2))
  return step
    ? presenterOf(ctx).say('benefits.profile.between', { low: digits(step.lower), high: digits(step.upper) })
    : ''
}

export function chartOf(ctx: AppContext, now: CurrentBenefit, write: Writer, unit: string): CourseChart | null {
  const { say, period } = presenterOf(ctx)
  if (now.path.length === 0 && now.results.length === 0 && now.values.length === 0) return null
  const points: CoursePoint[] =
    now.shape === 'level'
      ? levelPoints(ctx, now, write)
      : joined(now).map(({ slot, results }) => ({
          period: period(slot),
          value: results.length > 0 ? Number(sumText(results)) : null,
          text: results.length > 0 ? write(sumText(results)) : '',
          status: results.find((row) => row.status !== 'actual')?.status ?? 'actual',
          target: slot.value === null ? null : Number(slot.value),
          ...(slot.value === null ? {} : { targetText: write(slot.value) }),
        }))
  return points.length > 1 ? { points, unit, description: say('benefits.profile.chart-text') } : null
}

/** The indicator's values with the level planned for their period, then future planned periods. */
function levelPoints(ctx: AppContext, now: CurrentBenefit, write: Writer): CoursePoint[] {
  const { period, shortPeriod } = presenterOf(ctx)
  const planned = (to: string) => now.path.find((row) => endsIn(row, { to }))
  const shown = now.values.slice(-40).map((value): CoursePoint => {
    const target = planned(value.to)
    return {
      period: period(value),
      shortPeriod: shortPeriod(value),
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
        period: period(row),
        value: null,
        text: '',
        status: 'actual',
        target: Number(row.value),
        targetText: write(row.value),
      }),
    )
  return [...shown, ...ahead]
}
