/** One indicator with its series: measurements, targets, breaks and corrections, and what may be said about it. */
import { sql } from 'kysely'
import { type Withheld, withheldCells } from '#analysis/small-cells.ts'
import type { RecordOf } from '#kernel/record.ts'
import type { Context } from '#platform/context.ts'
import type { AppContext, RowReader } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import { find, historyOf, readableRows, rowsOf } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { freshness, type Freshness as Lateness } from '#values/period.ts'
import { authorsOf } from './queries-authors.ts'
import { seriesRowsOf } from './queries-rows.ts'
import { indicator } from './records.ts'
import { maskedRow } from './rules-cells.ts'
import {
  type BreakRow,
  type Judged,
  judge,
  type MeasurementRow,
  type SeriesFacts,
  type SeriesRows,
  type TargetRow,
} from './rules-series.ts'

export type Indicator = RecordOf<typeof indicator>
export type VisibleMeasurement = MeasurementRow & { readonly withheld: Withheld | null }

/** The facts of an indicator that its figures depend on. */
export const factsOf = (record: Indicator): SeriesFacts => record as unknown as SeriesFacts

/** May the caller see figures below the minimum? Whoever may enter them, may. */
export const maySeeSmallCells = (
  ctx: Context,
  record: Pick<Indicator, 'id' | 'kind' | 'organisation' | 'owner' | 'audience'>,
): boolean => ctx.policies.can(ctx.caller, 'rows.measurement', record as RecordRow)

/** All rows of an indicator, oldest first, before anything is withheld. */
export const allRows = async (ctx: Context, id: string): Promise<SeriesRows> => (await seriesRowsOf(ctx, [id]))(id)

export type SeriesOf = {
  readonly measurements: readonly VisibleMeasurement[]
  readonly targets: readonly (TargetRow & { readonly author: string | null })[]
  readonly breaks: readonly BreakRow[]
  readonly corrections: readonly Correction[]
}

/** An earlier value, and what became of it. */
export type Correction = {
  readonly cell: string
  readonly from: string
  readonly label: string
  /** Null if the value was empty, or is withheld. */
  readonly before: string | null
  readonly after: string | null
  readonly withheld: boolean
  /** Instant of the correction, the author (a post or body for people who are not signed in), and the reason. */
  readonly at: string
  readonly author: string | null
  readonly why: string | null
}

/**
 * The rows of an indicator (of one cell, if given) as the caller may see them, with who set targets and what was
 * corrected.
 */
export async function seriesOf(ctx: AppContext, record: Indicator, cell?: string): Promise<SeriesOf> {
  const all = await allRows(ctx, record.id)
  return visibleSeries(ctx, record, all, cell)
}

/** The same for rows already read. */
export async function visibleSeries(
  ctx: AppContext,
  record: Indicator,
  all: SeriesRows,
  cell?: string,
): Promise<SeriesOf> {
  const open = maySeeSmallCells(ctx, record)
  const withheld = open ? new Map<string, Withheld>() : withheldCells(factsOf(record), all.measurements)
  const of = <Row extends { cell: string }>(rows: readonly Row[]) =>
    cell === undefined ? rows : rows.filter((row) => row.cell === cell)
  const { corrections, setters } = await rowHistory(ctx, record, open)
  const slot = (row: { cell: string; targetKind: string; from: string; setOn: string }) =>
    `${row.cell}|${row.targetKind}|${row.from}|${row.setOn}`
  return {
    measurements: of(all.measurements).map((row) => maskedRow(row, withheld)),
    targets: of(all.targets).map((row) => ({ ...row, author: setters.get(slot(row)) ?? null })),
    breaks: all.breaks,
    corrections: of(corrections),
  }
}

/** How far back the history of one indicator is read for corrections and authors, in entries. */
const historyReach = 1000

async function rowHistory(ctx: AppContext, record: Indicator, open: boolean) {
  const setters = new Map<string, { account: string | null; at: string }>()
  const found: (Omit<Correction, 'author'> & { account: string | null })[] = []
  let after: string | undefined
  for (let read = 0; read < historyReach; ) {
    const entries = await historyOf(ctx, record.id, { limit: 200, ...(after ? { after } : {}) })
    for (const entry of entries) {
      for (const { before, after: now } of entry.rows?.measurement ?? []) {
        if (!before || before.value === (now?.value ?? null)) continue
        const small = !open && before.cell !== ''
        found.push({
          cell: String(before.cell),
          from: String(before.from),
          label: String(before.label),
          before: small ? null : (before.value as string | null),
          after: small ? null : ((now?.value ?? null) as string | null),
          withheld: small,
          at: entry.at,
          account: entry.account,
          why: entry.why,
        })
      }
      for (const { key } of entry.rows?.target ?? []) {
        const slot = `${key.cell}|${key.targetKind}|${key.from}|${key.setOn}`
        // Newest first: the last one read is the one who set it.
        setters.set(slot, { account: entry.account, at: entry.at })
      }
    }
    read += entries.length
    if (entries.length < 200) break
    after = entries.at(-1)!.id
  }
  const authors = await authorsOf(ctx, [...found, ...setters.values()])
  return {
    corrections: found.map(({ account, ...rest }): Correction => ({ ...rest, author: authors(account, rest.at) })),
    setters: new Map([...setters].map(([slot, { account, at }]) => [slot, authors(account, at)])),
  }
}

export type CellAssessment = {
  readonly judged: Judged
  /** Null without a due day, and for an indicator that has ended. */
  readonly lateness: Lateness | null
  readonly today: string
}

/** What may be said about one cell of an indicator today, for rows already read. */
export function assessToday(ctx: Context, record: Indicator, all: SeriesRows, cell = ''): CellAssessment {
  const today = todayOf(ctx)
  const facts = factsOf(record)
  const due = judge(facts, all, cell).due
  const lateness = due && record.state !== 'ended' ? freshness(due.dueOn, today, facts.grain ?? 'year') : null
  const judged = judge(facts, all, cell, { today, ...(lateness ? { freshness: lateness } : {}) })
  return { judged, lateness, today }
}

/**
 * The rows endpoint of measurements: what `rowsOf` gives, with small cells withheld as on the page. Parts are judged
 * together with all parts of their period, even those on other pages of the response.
 */
export const readMeasurements: RowReader = Object.assign(readShown, {
  concerns: async (ctx: AppContext, records: readonly string[]) => {
    const { rows } = await sql<{ record: string }>`
      select distinct record from ${readableRows(ctx, indicator.kind, 'measurement', { retired: true })} w
      where record = any(${[...records]}::uuid[]) and cell <> ''`.execute(ctx.db)
    return rows.map((row) => row.record)
  },
})

async function readShown(ctx: AppContext, record: string, options: { after?: string; limit?: number }) {
  const page = await rowsOf(ctx, indicator, 'measurement', record, options)
  const found = await find(ctx, indicator, record)
  if (!found || maySeeSmallCells(ctx, found as Indicator) || page.rows.every((row) => row.cell === '')) return page
  const periods = page.rows.map((row) => ({ from: row.from, to: row.to }))
  const beside = await sql<MeasurementRow>`
    select m.* from ${readableRows(ctx, indicator.kind, 'measurement')} m where m.record = ${record} and m.cell <> '' and exists (
      select 1 from jsonb_to_recordset(${JSON.stringify(periods)}::jsonb) as p("from" date, "to" date) where p."from" = m."from" and p."to" = m."to")`.execute(
    ctx.db,
  )
  const withheld = withheldCells(factsOf(found as Indicator), beside.rows)
  return { rows: page.rows.map((row) => maskedRow(row, withheld)), next: page.next }
}
