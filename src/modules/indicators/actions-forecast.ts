/**
 * Forecasts of indicators, as a derived table: built along the seal like performance, replaced whole for each
 * indicator, rebuilt when the method changes. Requests only read it.
 */

import { sql } from 'kysely'
import { type Database, type Executor, transaction } from '#platform/db/index.ts'
import { readableRecords } from '#platform/records/index.ts'
import {
  assessedCells,
  bareTarget,
  type PortionSeries,
  portionSeries,
  portionsOf,
  unrestrictedReader,
} from './queries-portions.ts'
import { indicator } from './records.ts'
import { forecastCell } from './rules-forecast.ts'
import { judge } from './rules-series.ts'
/** Version of the rules behind the table: raise it whenever the same rows would give a different forecast. */
export const forecastMethod = 1

/** Yields to other work of the process after this many series: each takes a millisecond or two. */
const breathAfter = 50

/** Recomputes the forecasts of these indicators; retired ones lose theirs. */
export async function refreshForecasts(db: Executor, ids: readonly string[], position: number): Promise<void> {
  for (const portion of await portionsOf(db, [...new Set(ids)])) {
    const made: object[] = []
    for (const [index, series] of (await portionSeries(db, portion)).entries()) {
      if (index % breathAfter === breathAfter - 1) await new Promise((resolve) => setImmediate(resolve))
      for (const cell of assessedCells(series))
        made.push({ ...forecastRow(series, cell), method: forecastMethod, position })
    }
    await sql`delete from indicators.forecast where indicator = any(${portion}::uuid[])`.execute(db)
    if (made.length === 0) continue
    await sql`insert into indicators.forecast (${columnNames}) select ${columnNames}
      from jsonb_to_recordset(${JSON.stringify(made)}::jsonb) as x(${columnTypes})
      on conflict (indicator, cell) do update set ${columnUpdates}`.execute(db)
  }
}

/** The last 32 bits of an identifier: the same indicator always gets the same random numbers. */
const seedOf = (id: string): number => Number.parseInt(id.slice(-8), 16)

/** One row of `indicators.forecast`. */
function forecastRow({ facts, all }: PortionSeries, cell: string) {
  const reported = forecastCell(facts, judge(facts, all, cell), seedOf(facts.id))
  const { look, last, backtest, misses } = reported
  return {
    indicator: facts.id,
    cell,
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

const columns = {
  indicator: 'uuid',
  cell: 'text',
  method: 'integer',
  position: 'bigint',
  form: 'text',
  seasonal: 'boolean',
  counted: 'integer',
  rhythm: 'text',
  firstNumber: 'integer',
  lastFrom: 'date',
  lastTo: 'date',
  lastLabel: 'text',
  steps: 'jsonb',
  tried: 'integer',
  held: 'integer',
  origins: 'integer',
  withheld: 'text[]',
  target: 'jsonb',
  look: 'text',
  lookAt: 'integer',
  lookThrough: 'integer',
  misses: 'bytea',
} as const
const columnNames = sql.join(Object.keys(columns).map((name) => sql.id(name)))
const columnTypes = sql.join(Object.entries(columns).map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`))
// A rebuild and the events may work on the same indicator; both write the same.
const columnUpdates = sql.join(Object.keys(columns).map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`))

/** Recomputes all forecasts in batches, one transaction each; concurrent writes come through the events. */
export async function rebuildForecasts({ database }: { database: Database }): Promise<number> {
  const head = await sql<{ position: string }>`select position from records."sealHead"`.execute(database.kysely)
  const position = Number(head.rows[0]?.position ?? 0)
  await sql`delete from indicators.forecast where indicator in
    (select r.id from ${readableRecords(unrestrictedReader, [indicator.kind], { retired: true })} r where r."retiredAt" is not null)`.execute(
    database.kysely,
  )
  let after = '00000000-0000-0000-0000-000000000000'
  let done = 0
  for (;;) {
    const { rows } = await sql<{ id: string }>`
      select r.id from ${readableRecords(unrestrictedReader, [indicator.kind])} r
      where r.id > ${after} order by r.id limit 200`.execute(database.kysely)
    if (rows.length === 0) break
    const ids = rows.map((row) => row.id)
    await transaction(database.kysely, (tx) => refreshForecasts(tx, ids, position))
    after = ids.at(-1)!
    done += ids.length
  }
  await sql`insert into indicators."forecastMethod" (method, position) values (${forecastMethod}, ${position})
    on conflict (one) do update set method = excluded.method, position = excluded.position`.execute(database.kysely)
  return done
}

/** Rebuilds everything if it was made by another version of the rules; with nothing to do it is one query. */
export async function rebuildForecastsIfOutdated(ctx: { database: Database }): Promise<boolean> {
  const { rows } = await sql<{ outdated: boolean }>`
    select coalesce((select method from indicators."forecastMethod"), 0) <> ${forecastMethod} as outdated`.execute(
    ctx.database.kysely,
  )
  if (!rows[0]?.outdated) return false
  await rebuildForecasts(ctx)
  return true
}
