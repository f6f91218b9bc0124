/** Indicators whose source is a figure: what it gave for each closed period. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import type { Executor } from '#platform/db/index.ts'
import { readable, readableRows, unrestricted } from '#platform/records/index.ts'
import type { Decimal } from '#values/decimal.ts'
import type { Day, Grain } from '#values/period.ts'
import type { Indicator } from './queries-series.ts'
import { indicator } from './records.ts'
import type { Given } from './rules-figure.ts'

const house = unrestricted('values are brought in whoever may read the indicator')

export type FigureIndicator = {
  readonly id: string
  readonly title: Localized
  readonly figure: string
  readonly grain: Grain | null
  readonly fiscalStartMonth: number | null
  readonly fiscalNamedBy: 'start' | 'end' | null
  readonly valueKind: Indicator['valueKind']
}

/** Agreed indicators that name a figure. */
export async function figureIndicators(db: Executor): Promise<FigureIndicator[]> {
  const { rows } = await sql<FigureIndicator>`
    select r.id, r.title, r.figure, r.grain, r."fiscalStartMonth", r."fiscalNamedBy", r."valueKind"
    from ${readable(house, indicator.kind)} r where r.state = 'agreed' and r.figure is not null order by r.id`.execute(
    db,
  )
  return rows
}

/** What a figure gave for one period. */
export type Brought = Given & {
  readonly from: Day
  readonly to: Day
  readonly figure: string
  readonly method: number
  readonly position: string
  readonly broughtAt: string
  readonly met: string | null
  readonly of: string | null
  readonly query: string | null
}

/** What was brought in for an indicator, the newest period first. */
export async function broughtFor(ctx: Pick<Context, 'db'>, id: string): Promise<Brought[]> {
  const { rows } = await sql<Brought>`
    select "from", "to", figure, method, position, "broughtAt", state, value, met, "of", query
    from indicators.brought where indicator = ${id} order by "from" desc limit 500`.execute(ctx.db)
  return rows
}

export type WholeMeasurement = {
  readonly from: Day
  readonly to: Day
  readonly label: string
  readonly value: Decimal | null
  readonly status: string
  readonly revision: number | null
}

/** Values of the whole, without breakdowns. */
export async function wholeMeasurements(db: Executor, id: string): Promise<WholeMeasurement[]> {
  const { rows } = await sql<WholeMeasurement>`
    select w."from", w."to", w.label, w.value, w.status, w.revision from ${readableRows(house, indicator.kind, 'measurement')} w
    where w.record = ${id} and w.cell = '' order by w."from" limit 2000`.execute(db)
  return rows
}

/** Keeps others from changing the record until the transaction ends. */
export async function lockIndicator(db: Executor, id: string): Promise<void> {
  await sql`select r.id from ${readable(house, indicator.kind)} r where r.id = ${id} for update`.execute(db)
}
