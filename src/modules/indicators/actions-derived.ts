/**
 * Derived tables of indicators: made from rows and links in batches of bounded size, replaced whole for each indicator,
 * so that doing it twice changes nothing and a full rebuild gives the same as the events. Requests only read them.
 */
import { sql } from 'kysely'
import { type Database, type Executor, transaction } from '#platform/db/index.ts'
import { readableRecords } from '#platform/records/index.ts'
import { assessedCells, type PortionSeries, portionSeries, portionsOf, unrestrictedReader } from './queries-portions.ts'
import { indicator } from './records.ts'

export type Derived = {
  readonly table: 'performance' | 'forecast'
  /** Version of the rules behind the table: raise it whenever the same rows would give a different result. */
  readonly method: number
  /** One row, for what holds on any day. */
  readonly row: (series: PortionSeries, cell: string) => object
  /** How many indicators a rebuild takes in one transaction. */
  readonly atOnce: number
}

const tables = { performance: sql`indicators.performance`, forecast: sql`indicators.forecast` }
const methods = { performance: sql`indicators."performanceMethod"`, forecast: sql`indicators."forecastMethod"` }
const tableOf = ({ table }: Derived) => tables[table]
const methodOf = ({ table }: Derived) => methods[table]

/** Yields to other work of the process after this many series: a forecast takes a millisecond or two. */
const breathAfter = 50

/** Makes the rows of these indicators anew; retired ones lose theirs. */
export async function refresh(derived: Derived, db: Executor, ids: readonly string[], position: number): Promise<void> {
  const table = tableOf(derived)
  for (const portion of await portionsOf(db, [...new Set(ids)])) {
    const made: object[] = []
    for (const [index, series] of (await portionSeries(db, portion)).entries()) {
      if (index % breathAfter === breathAfter - 1) await new Promise((resolve) => setImmediate(resolve))
      for (const cell of assessedCells(series))
        made.push({
          indicator: series.facts.id,
          cell,
          method: derived.method,
          position,
          ...derived.row(series, cell),
        })
    }
    await sql`delete from ${table} where indicator = any(${portion}::uuid[])`.execute(db)
    if (made.length === 0) continue
    const names = Object.keys(made[0]!).map((name) => sql.id(name))
    // A rebuild and the events may work on the same indicator; both write the same.
    await sql`insert into ${table} (${sql.join(names)}) select ${sql.join(names)}
      from jsonb_populate_recordset(null::${table}, ${JSON.stringify(made)}::jsonb)
      on conflict (indicator, cell) do update set ${sql.join(names.map((name) => sql`${name} = excluded.${name}`))}`.execute(
      db,
    )
  }
}

/**
 * Makes everything anew, with a transaction for each batch: after a change of method, or to be safe. `first` runs before
 * each batch. Concurrent writes reach the table through the events. Returns how many indicators there are.
 */
export async function rebuild(
  derived: Derived,
  { database }: { database: Database },
  first?: (db: Executor, ids: readonly string[]) => Promise<void>,
): Promise<number> {
  const head = await sql<{ position: string }>`select position from records."sealHead"`.execute(database.kysely)
  const position = Number(head.rows[0]?.position ?? 0)
  const every = readableRecords(unrestrictedReader, [indicator.kind], { retired: true })
  await sql`delete from ${tableOf(derived)} where indicator in (select r.id from ${every} r where r."retiredAt" is not null)`.execute(
    database.kysely,
  )
  const { rows: all } = await sql<{ id: string }>`
    select r.id from ${readableRecords(unrestrictedReader, [indicator.kind])} r order by r.id`.execute(database.kysely)
  for (let at = 0; at < all.length; at += derived.atOnce) {
    const ids = all.slice(at, at + derived.atOnce).map(({ id }) => id)
    await transaction(database.kysely, async (tx) => {
      await first?.(tx, ids)
      await refresh(derived, tx, ids, position)
    })
  }
  await sql`insert into ${methodOf(derived)} (method, position) values (${derived.method}, ${position})
    on conflict (one) do update set method = excluded.method, position = excluded.position`.execute(database.kysely)
  return all.length
}

/** Was the table made by another version of the rules? */
export async function isOutdated(derived: Derived, { database }: { database: Database }): Promise<boolean> {
  const { rows } = await sql<{ outdated: boolean }>`
    select coalesce((select method from ${methodOf(derived)}), 0) <> ${derived.method} as outdated`.execute(
    database.kysely,
  )
  return rows[0]!.outdated
}
