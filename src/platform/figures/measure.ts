/**
 * Measures figures and keeps the results. Each is measured in a read-only transaction with a time limit: one that fails
 * or takes too long is *unknown*, is logged, and holds up no other.
 */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { type Database, type Executor, transaction } from '../db/index.ts'
import type { Figure, Measured, Span } from '../figure.ts'
import type { JobDefinition, Subscriber } from '../module.ts'
import type { AppContext } from '../page.ts'
import { unrestricted } from '../records/index.ts'
import { dayAt, todayOf } from '../today.ts'
import { type FigureResult, lastTwelveMonths, latestResults } from './results.ts'

/** A figure that needs longer is written differently. */
const maxSeconds = 30
/** One that failed is tried again after this long, although nothing it reads has changed. */
const retryAfterMinutes = 15

export type Attempt = { readonly position: string } & ({ readonly found: Measured } | { readonly failed: true })

type Measuring = Omit<Context, 'db'> & { readonly database: Database }

/** Asks a figure about a period; a failure is an answer, and is logged. */
export async function measureFigure(ctx: Measuring, figure: Figure, period: Span): Promise<Attempt> {
  // Read before the records: what changes meanwhile is measured again.
  const position = await lastPosition(ctx.database.kysely, figure.reads)
  try {
    const found = await transaction(ctx.database.kysely, async (tx) => {
      await sql`set transaction read only`.execute(tx)
      await sql`set local statement_timeout = ${sql.raw(String(maxSeconds * 1000))}`.execute(tx)
      return figure.measure(unrestricted('a figure counts whoever may read the records', { ...ctx, db: tx }), {
        period,
      })
    })
    if (figure.kind === 'share' && found.met === undefined) throw new Error('A share says how many meet it.')
    return { position, found }
  } catch (error) {
    ctx.log.error({ figure: figure.id, error: String(error) }, 'a figure could not be measured; it is unknown')
    return { position, failed: true }
  }
}

/** The last seal position at which one of these kinds changed. */
export async function lastPosition(db: Executor, kinds: readonly string[]): Promise<string> {
  const { rows } = await sql<{ position: string }>`
    select coalesce(max(position), 0) as position from figures.touched where kind = any(${[...kinds]}::text[])`.execute(
    db,
  )
  return rows[0]!.position
}

async function keep(ctx: Measuring, figure: Figure, attempt: Attempt): Promise<void> {
  const found = 'found' in attempt ? attempt.found : null
  await sql`insert into figures.result (figure, method, "asOf", position, "measuredAt", failed, met, "of", unknown, value, query, lacking)
    values (${figure.id}, ${figure.method}, ${found?.asOf ?? todayOf(ctx)}, ${attempt.position}, ${ctx.now().toISOString()}, ${found === null},
      ${found?.met ?? null}, ${found?.of ?? null}, ${found?.unknown ?? 0}, ${found?.value ?? null}, ${found?.query ?? null}, ${found?.lacking ?? null})
    on conflict (figure, method, "asOf") do update set position = excluded.position, "measuredAt" = excluded."measuredAt",
      failed = excluded.failed, met = excluded.met, "of" = excluded."of", unknown = excluded.unknown, value = excluded.value,
      query = excluded.query, lacking = excluded.lacking`.execute(ctx.database.kysely)
}

function isDue(ctx: Measuring, result: FigureResult | undefined, position: string): boolean {
  if (!result || BigInt(position) > BigInt(result.position)) return true
  if (dayAt(ctx, result.measuredAt) < todayOf(ctx)) return true
  return result.failed && ctx.now().getTime() - Date.parse(result.measuredAt) > retryAfterMinutes * 60_000
}

/** Measures every figure whose records, method or day have changed since its last result. Returns how many it asked. */
export async function measureFigures(ctx: Measuring & Pick<AppContext, 'figures'>): Promise<number> {
  const results = await latestResults(ctx.database.kysely, ctx.figures)
  let measured = 0
  for (const figure of ctx.figures) {
    if (!isDue(ctx, results.get(figure.id), await lastPosition(ctx.database.kysely, figure.reads))) continue
    await keep(ctx, figure, await measureFigure(ctx, figure, lastTwelveMonths(ctx)))
    measured += 1
  }
  return measured
}

/** Notes which kinds have changed, so that the job knows which figures to measure again. */
export const figureSubscriber: Subscriber = {
  name: 'figures.touched',
  handle: async (ctx, entries) => {
    const last = new Map(entries.flatMap(({ kind, position }) => (kind === null ? [] : [[kind, position] as const])))
    if (last.size === 0) return
    const rows = JSON.stringify([...last].map(([kind, position]) => ({ kind, position })))
    await sql`insert into figures.touched (kind, position)
      select kind, position from jsonb_to_recordset(${rows}::jsonb) as x(kind text, position bigint)
      on conflict (kind) do update set position = greatest(figures.touched.position, excluded.position)`.execute(ctx.db)
  },
}

/** Every minute, what has changed; after midnight therefore everything, because a figure may depend on the day. */
export const figureJob: JobDefinition = {
  name: 'figures.measure',
  cron: '* * * * *',
  atStart: true,
  handle: async (ctx) => {
    await measureFigures(ctx)
  },
}
