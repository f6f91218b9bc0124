import type { Subscriber } from '#platform/module.ts'
import { refreshForecasts } from './actions-forecast.ts'
import { indicatorsBelow, refreshPerformance, refreshServes } from './actions-performance.ts'
import { indicator } from './records.ts'

/** Keeps performance and reach of every indicator up to date, batch by batch along the seal. */
export const performanceSubscriber: Subscriber = {
  name: 'indicators.performance',
  handle: async (ctx, entries) => {
    const touched = entries.filter((entry) => entry.record !== null)
    const position = entries.at(-1)?.position ?? 0
    const own = idsOf(touched.filter((entry) => entry.kind === indicator.kind))
    const goals = idsOf(touched.filter((entry) => indicator.links.measures.to.includes(entry.kind ?? '')))
    const moved = goals.length > 0 ? await indicatorsBelow(ctx, goals) : []
    const serving = [...new Set([...own, ...moved])]
    if (serving.length > 0) await refreshServes(ctx, serving)
    if (own.length > 0) await refreshPerformance(ctx.db, own, position)
  },
}

/** Keeps forecasts up to date; separate from performance, so that a slow forecast never holds up a result. */
export const forecastSubscriber: Subscriber = {
  name: 'indicators.forecast',
  handle: async (ctx, entries) => {
    const own = idsOf(entries.filter((entry) => entry.record !== null && entry.kind === indicator.kind))
    if (own.length > 0) await refreshForecasts(ctx.db, own, entries.at(-1)?.position ?? 0)
  },
}

const idsOf = (entries: ReadonlyArray<{ record: string | null }>) => [
  ...new Set(entries.flatMap((entry) => entry.record ?? [])),
]
