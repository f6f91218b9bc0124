/**
 * A derived table: what follows from a record, its rows and the day, kept so that lists narrow, sort and sum it in SQL. A room
 * declares which records are concerned by a change and what the rows of some records are. It is made anew for what changed
 * (along the seal), for what the day changes (a job), and whole when the rules change; all three give the same. What the
 * caller has just changed is not in it yet: a read computes that (`notYetDerived`).
 */
import { type RawBuilder, sql } from 'kysely'
import type { Day } from '#kernel/day.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Context } from './context.ts'
import { transaction } from './db/index.ts'
import { ownUnheard } from './events.ts'
import type { JobDefinition, Subscriber } from './module.ts'
import type { AppContext } from './page.ts'
import { type Relation, readable, readableRecords, unrestricted } from './records/index.ts'
import { todayOf } from './today.ts'

/** What every row of a derived table has besides its own columns. */
export type DerivedRow = {
  readonly record: string
  /** Rows of one record that differ by the record they rest on; a reader is told by the first whose source they may read. */
  readonly place: number
  readonly source: string | null
  /** The first day on which the same rows may say something else. */
  readonly until: Day
}
export type Changed = ReadonlyArray<{ readonly record: string; readonly kind: string }>
type Condition = RawBuilder<unknown>

export type Derived<Row extends DerivedRow = DerivedRow> = {
  /** `ROOM.TABLE`: also the name of its subscriber and its job. */
  readonly table: string
  readonly of: RecordKind
  /** Version of the rules behind it: raise it whenever the same records would give something else. */
  readonly method: number
  /** The records that may stand differently once these have changed, over `r` and, for its kind, `t`; null = none. */
  readonly concerned: (changed: Changed) => Condition | null
  /** The rows of these records, for a context that reads everything. Retired records have none. */
  readonly rows: (ctx: Context, ids: readonly string[]) => Promise<readonly Row[]>
}

/** How many records are made anew in one transaction. */
const atOnce = 1000

const tableOf = ({ table }: Pick<Derived, 'table'>) => sql.table(table)

async function refresh(derived: Derived, ctx: Context, ids: readonly string[]): Promise<void> {
  const house = unrestricted('derived rows are made from everything, and cut at what the reader may read', ctx)
  for (let at = 0; at < ids.length; at += atOnce) {
    const some = ids.slice(at, at + atOnce)
    const rows = await derived.rows(house, some)
    await sql`delete from ${tableOf(derived)} where record = any(${some}::uuid[])`.execute(ctx.db)
    // A rebuild and the events may work on the same record; both write the same.
    await sql`insert into ${tableOf(derived)} select * from jsonb_populate_recordset(null::${tableOf(derived)}, ${JSON.stringify(rows)}::jsonb)
      on conflict (record, place) do nothing`.execute(ctx.db)
  }
}

async function refreshAll(derived: Derived, ctx: AppContext, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += atOnce)
    await transaction(ctx.database.kysely, (tx) => refresh(derived, { ...ctx, db: tx }, ids.slice(at, at + atOnce)))
}

async function idsWhere(derived: Derived, ctx: Context, where: Condition): Promise<string[]> {
  const every = readable(unrestricted('retired records lose their rows'), derived.of.kind, { retired: true })
  const { rows } = await sql<{ id: string }>`select r.id from ${every} r where ${where} order by r.id`.execute(ctx.db)
  return rows.map(({ id }) => id)
}

/** Is it made by the rules of this version, and which of its records has the day overtaken? */
async function stateOf(derived: Derived, ctx: Context): Promise<{ made: boolean; overtaken: string[] }> {
  const { rows } = await sql<{ made: boolean; overtaken: string[] }>`select
    coalesce((select method from records.derived where name = ${derived.table}), 0) = ${derived.method} as made,
    array(select distinct record from ${tableOf(derived)} where until <= ${todayOf(ctx)}::date) as overtaken`.execute(
    ctx.db,
  )
  return rows[0]!
}

/** Makes the whole table anew. Returns how many records there are. */
export async function rebuildDerived(derived: Derived, ctx: AppContext): Promise<number> {
  const ids = await idsWhere(derived, { ...ctx, db: ctx.database.kysely }, sql`true`)
  await refreshAll(derived, ctx, ids)
  await sql`insert into records.derived (name, method) values (${derived.table}, ${derived.method})
    on conflict (name) do update set method = excluded.method`.execute(ctx.database.kysely)
  return ids.length
}

/** Makes anew what changes concern. */
export const followChanges = (derived: Derived): Subscriber => ({
  name: derived.table,
  handle: async (ctx, entries) => {
    const where = derived.concerned(entries.flatMap(({ record, kind }) => (record && kind ? [{ record, kind }] : [])))
    if (where) await refresh(derived, ctx, await idsWhere(derived, ctx, where))
  },
})

/** Makes anew what the day has overtaken; everything, once the rules are others. */
export const followDays = (derived: Derived): JobDefinition => ({
  name: derived.table,
  cron: '*/5 * * * *',
  atStart: true,
  handle: async (ctx) => {
    const { made, overtaken } = await stateOf(derived, ctx)
    if (made) await refreshAll(derived, ctx, overtaken)
    else ctx.log.info({ records: await rebuildDerived(derived, ctx) }, `${derived.table} was made anew`)
  },
})

/**
 * The records of which the table does not say how they stand for this reader now, over `r`: what they have just changed, what
 * the day has overtaken and the job has not reached. All, until the table is made; null if there are none.
 */
export async function notYetDerived(derived: Derived, ctx: Context): Promise<Condition | null> {
  const [own, { made, overtaken }] = await Promise.all([ownUnheard(ctx, derived.table), stateOf(derived, ctx)])
  if (!made) return sql`true`
  const { kind } = derived.of
  return derived.concerned([...own, ...overtaken.map((record) => ({ record, kind }))])
}

/**
 * One row a record: the first whose source the reader may read. Whether they may read the record is asked elsewhere. Three
 * parts, because most rows rest on nothing else and are found without looking at it.
 */
export const derivedRows = (derived: Derived, ctx: Context): Relation => {
  const [table, seen] = [tableOf(derived), readableRecords(ctx)]
  return sql`(select s.* from ${table} s where s.place = 0 and s.source is null
    union all select s.* from ${table} s join ${seen} i on i.id = s.source where s.place = 0
    union all select s.* from ${table} s left join ${seen} i on i.id = s.source
      where s.place > 0 and (s.source is null or i.id is not null)
        and not exists (select 1 from ${table} o join ${seen} i on i.id = o.source where o.record = s.record and o.place < s.place))`
}
