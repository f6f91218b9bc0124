/** What was measured: the newest result of every figure, and how it was on earlier days. */
import { sql } from 'kysely'
import { type Decimal, divideDecimals, multiplyDecimals, roundDecimal } from '#values/decimal.ts'
import { addDays, type Day } from '#values/period.ts'
import type { Context } from '../context.ts'
import type { Executor } from '../db/index.ts'
import type { Figure, FigureKind, Span } from '../figure.ts'
import { todayOf } from '../today.ts'

/** A result as it is kept. */
export type FigureResult = {
  readonly figure: string
  readonly method: number
  readonly asOf: Day
  readonly position: string
  readonly measuredAt: string
  readonly failed: boolean
  readonly met: string | null
  readonly of: string | null
  readonly unknown: string
  readonly value: Decimal | null
  readonly query: string | null
  readonly lacking: string | null
}

/** What a result says: a number, nothing to show, or that it is not known. */
export type Reading = { readonly is: 'value'; readonly value: Decimal } | { readonly is: 'nothing' | 'unknown' }

/** Digits after the point of a share in percent. */
const shareDecimals = 1

type Counts = {
  readonly failed: boolean
  readonly met: string | number | null
  readonly of: string | number | null
  readonly value: Decimal | null
}

/** Reads a result: of a share the percentage that meets it, of the others the number itself. */
export function readingOf(kind: FigureKind, { failed, met, of, value }: Counts): Reading {
  if (failed || of === null) return { is: 'unknown' }
  if (kind === 'count') return { is: 'value', value: String(of) }
  if (Number(of) === 0) return { is: 'nothing' }
  const number =
    kind === 'share' ? divideDecimals(multiplyDecimals(String(met ?? 0), '100'), String(of), shareDecimals) : value
  return number === null ? { is: 'unknown' } : { is: 'value', value: roundDecimal(number, shareDecimals * 2) }
}

const columns = sql`figure, method, "asOf", position, "measuredAt", failed, met, "of", unknown, value, query, lacking`

/** The newest result of each of these figures under its present method. */
export async function latestResults(
  db: Executor,
  figures: readonly Pick<Figure, 'id' | 'method'>[],
): Promise<Map<string, FigureResult>> {
  const asked = JSON.stringify(figures.map(({ id, method }) => ({ id, version: method })))
  const { rows } = await sql<FigureResult>`
    select distinct on (figure) ${columns} from figures.result r
      join jsonb_to_recordset(${asked}::jsonb) as f(id text, version integer) on f.id = r.figure and f.version = r.method
    order by figure, "asOf" desc`.execute(db)
  return new Map(rows.map((row) => [row.figure, row]))
}

/** Results of one figure on earlier days, the newest first; of a former method as well. */
export async function figureHistory(
  db: Executor,
  figure: string,
  { limit = 366, within }: { readonly limit?: number; readonly within?: Span } = {},
): Promise<FigureResult[]> {
  const span = within ? sql`and "asOf" >= ${within.from}::date and "asOf" < ${within.to}::date` : sql``
  const { rows } = await sql<FigureResult>`
    select distinct on ("asOf") ${columns} from figures.result where figure = ${figure} ${span}
    order by "asOf" desc, method desc limit ${limit}`.execute(db)
  return rows
}

/** The newest results of several figures, at most `limit` days of each, the newest first; one query. */
export async function recentResults(
  db: Executor,
  figures: readonly string[],
  limit: number,
): Promise<Map<string, FigureResult[]>> {
  const { rows } = await sql<FigureResult>`
    select r.* from unnest(${[...figures]}::text[]) as asked(id)
      cross join lateral (select distinct on ("asOf") ${columns} from figures.result where figure = asked.id
        order by "asOf" desc, method desc limit ${limit}) r
    order by r.figure, r."asOf" desc`.execute(db)
  return Map.groupBy(rows, (row) => row.figure)
}

/** The twelve months up to and with today: what a figure over a period is shown for. */
export function lastTwelveMonths(ctx: Pick<Context, 'city' | 'now'>): Span {
  const to = addDays(todayOf(ctx), 1)
  const year = Number(to.slice(0, 4)) - 1
  // 29 February has no counterpart in the year before.
  return { from: to.endsWith('02-29') ? `${year}-03-01` : `${year}${to.slice(4)}`, to }
}
