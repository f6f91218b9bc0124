/**
 * An event is a sealed entry. A subscriber keeps a cursor along the seal (gapless, restartable); the results it derives
 * and the cursor move in one transaction, so work is done exactly once, whoever does it and wherever it was
 * interrupted.
 */
import { sql } from 'kysely'
import type { Context } from './context.ts'
import { type Database, transaction } from './db/index.ts'
import { firstIdAt } from './id.ts'
import type { Subscriber } from './module.ts'
import { readableRecords, sealAll, unrestricted } from './records/index.ts'

/** A change that a subscriber has not been told of within this time is left to it: no worker is running. */
const unheardHours = 1
const everyone = unrestricted('of what kind a record is that somebody has just changed')

/** What the caller has just changed and a subscriber has not heard of yet, for reads that show one's own changes at once. */
export async function ownUnheard(
  ctx: Context,
  subscriber: string,
): Promise<Array<{ readonly record: string; readonly kind: string }>> {
  const { account, system } = ctx.caller
  if (account === null && !system) return []
  const { rows } = await sql<{ record: string; kind: string }>`
    with own as materialized (
      select e.id, e.record from records."changeSet" c join records.entry e on e."changeSet" = c.id and e.record is not null
      where c.id > ${firstIdAt(Date.now() - unheardHours * 3_600_000)} and c.account is not distinct from ${account})
    select distinct r.id as record, r.kind
    from own left join records.seal s on s.entry = own.id
      join ${readableRecords(everyone, undefined, { retired: true })} r on r.id = own.record
    where s.position is null
      or s.position > coalesce((select position from records.cursor where subscriber = ${subscriber}), 0)`.execute(
    ctx.db,
  )
  return rows
}

type Row = { position: string; record: string | null; content: string }

/** Gives a subscriber its next batch; 0 = nothing is waiting, or another process is working on it. */
export async function advance(
  ctx: Omit<Context, 'db'>,
  database: Database,
  subscriber: Subscriber,
  portion = 1000,
): Promise<number> {
  return transaction(database.kysely, async (tx) => {
    await sql`insert into records.cursor (subscriber, position) values (${subscriber.name}, 0) on conflict do nothing`.execute(
      tx,
    )
    const cursor = await sql<{
      position: string
    }>`select position from records.cursor where subscriber = ${subscriber.name} for update skip locked`.execute(tx)
    if (!cursor.rows[0]) return 0
    const { rows } = await sql<Row>`
      select s.position, e.record, e.content from records.seal s join records.entry e on e.id = s.entry
      where s.position > ${cursor.rows[0].position} order by s.position limit ${portion}`.execute(tx)
    if (rows.length === 0) return 0
    const entries = rows.map(({ position, record, content }) => {
      const {
        kind,
        action,
        rows: tables,
      } = JSON.parse(content) as { kind?: string; action?: string; rows?: Record<string, unknown> }
      return {
        position: Number(position),
        record,
        kind: kind ?? null,
        action: action ?? null,
        rows: Object.keys(tables ?? {}),
      }
    })
    await subscriber.handle({ ...ctx, db: tx }, entries)
    await sql`update records.cursor set position = ${entries.at(-1)!.position} where subscriber = ${subscriber.name}`.execute(
      tx,
    )
    return rows.length
  })
}

/**
 * Seals what is waiting and brings every subscriber up to date; for the worker's loop and for commands without a
 * worker.
 */
export async function catchUp(
  ctx: Omit<Context, 'db'>,
  database: Database,
  subscribers: readonly Subscriber[],
): Promise<number> {
  let done = await sealAll(database)
  for (const subscriber of subscribers) {
    for (;;) {
      const moved = await advance(ctx, database, subscriber)
      if (moved === 0) break
      // A slow batch must not hold up the seal: what was committed in the meantime is sealed between batches.
      done += moved + (await sealAll(database))
    }
  }
  return done
}
