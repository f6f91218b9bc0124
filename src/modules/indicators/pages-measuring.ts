/** Forecasts of the indicators that measure something, as its page shows them. */
import { sql } from 'kysely'
import { type NamedLink, presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { outlooksOf } from './queries-forecast.ts'
import { performanceOf } from './queries-status.ts'
import { type OutlookWords, outlookWords } from './rules-outlook.ts'
import { writerFor } from './rules-words.ts'

export type MeasuringOutlook = NamedLink & {
  readonly code: string
  readonly words: OutlookWords
}

/** How many indicators are described on one page. */
const maxTold = 10

/** Indicators at the other end of a link of a record, with a forecast for each; unreadable ones are left out. */
export async function measuringOutlooks(ctx: AppContext, record: string, link: string): Promise<MeasuringOutlook[]> {
  const { rows } = await sql<{ id: string }>`
    select "to" as id from records.link where "from" = ${record} and name = ${link} order by "to" limit ${maxTold}`.execute(
    ctx.db,
  )
  const ids = rows.map((row) => row.id)
  const [outlooks, statuses] = await Promise.all([outlooksOf(ctx, ids), performanceOf(ctx, ids)])
  const { say, named } = presenterOf(ctx)
  return ids.flatMap((id) => {
    const [outlook, status] = [outlooks.get(id), statuses.get(id)]
    if (!outlook || !status || outlook.counted === 0) return []
    const words = outlookWords(outlook, status, writerFor(status, say, ctx.language))
    return words ? [{ code: status.code, ...named({ kind: 'indicators.indicator', ...status }), words }] : []
  })
}
