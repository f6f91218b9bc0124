import type { JobDefinition } from '#platform/module.ts'
import { bringFigures } from './actions-figure.ts'
import { rebuildForecastsIfOutdated } from './actions-forecast.ts'
import { rebuildIfOutdated } from './actions-performance.ts'

/** After an update with new rules, derived results are rebuilt once; otherwise it is one query. */
export const performanceJob: JobDefinition = {
  name: 'indicators.rebuild-performance',
  cron: '*/5 * * * *',
  atStart: true,
  handle: async (ctx) => {
    if (await rebuildIfOutdated(ctx)) ctx.log.info({}, 'the results of all indicators were made anew')
  },
}

/** The same for forecasts. */
export const forecastJob: JobDefinition = {
  name: 'indicators.rebuild-forecasts',
  cron: '*/5 * * * *',
  atStart: true,
  handle: async (ctx) => {
    if (await rebuildForecastsIfOutdated(ctx)) ctx.log.info({}, 'the forecasts of all indicators were made anew')
  },
}

/** Every five minutes: a period may have closed, or the records that a provisional value was counted from changed. */
export const figureJob: JobDefinition = {
  name: 'indicators.bring-figures',
  cron: '*/5 * * * *',
  atStart: true,
  handle: async (ctx) => {
    const written = await bringFigures(ctx)
    if (written > 0) ctx.log.info({ written }, 'values of indicators were brought in from figures')
  },
}
