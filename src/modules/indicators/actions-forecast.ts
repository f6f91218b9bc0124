/** Forecasts of indicators, as a derived table: which values, which target, how far ahead; not what day it is. */
import { forecastSeries } from '#analysis/series-forecast.ts'
import type { Database, Executor } from '#platform/db/index.ts'
import { type Derived, isOutdated, rebuild, refresh } from './actions-derived.ts'
import { bareTarget, type PortionSeries } from './queries-portions.ts'
import { judge } from './rules-series.ts'

/** The last 32 bits of an identifier: the same indicator always gets the same random numbers. */
const seedOf = (id: string): number => Number.parseInt(id.slice(-8), 16)

function forecastRow({ facts, all }: PortionSeries, cell: string) {
  const reported = forecastSeries(facts, judge(facts, all, cell), seedOf(facts.id))
  const { look, last, backtest, misses } = reported
  return {
    form: reported.form,
    seasonal: reported.seasonal,
    counted: reported.counted,
    rhythm: reported.rhythm,
    firstNumber: reported.firstNumber,
    lastFrom: last?.from ?? null,
    lastTo: last?.to ?? null,
    lastLabel: last?.label ?? null,
    steps: reported.steps,
    tried: backtest?.tried ?? 0,
    held: backtest?.held ?? 0,
    origins: backtest?.origins ?? 0,
    withheld: [...reported.withheld],
    target: reported.target && bareTarget(reported.target),
    look: look?.kind ?? null,
    lookAt: look?.at ?? null,
    lookThrough: look?.kind === 'keep' ? look.through : null,
    misses: misses && `\\x${Buffer.from(misses).toString('hex')}`,
  }
}

const forecasts: Derived = { table: 'forecast', method: 1, row: forecastRow, atOnce: 200 }

/** Makes the forecasts of these indicators anew; retired ones lose theirs. */
export const refreshForecasts = (db: Executor, ids: readonly string[], position: number): Promise<void> =>
  refresh(forecasts, db, ids, position)

export const rebuildForecasts = (ctx: { database: Database }): Promise<number> => rebuild(forecasts, ctx)

/** After an update with new rules; with nothing to do it is one query. */
export async function rebuildForecastsIfOutdated(ctx: { database: Database }): Promise<boolean> {
  const outdated = await isOutdated(forecasts, ctx)
  if (outdated) await rebuildForecasts(ctx)
  return outdated
}
