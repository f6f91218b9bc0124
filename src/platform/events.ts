/**
 * An event is a sealed entry. A subscriber keeps a cursor along the seal (gapless, restartable); the results it derives
 * and the cursor move in one transaction, so work is done exactly once, whoever does it and wherever it was
 * interrupted.
 */
import { sql } from 'kysely'
import type { Context } from './context.ts'
import { type Database, transaction } from './db/index.ts'
import type { Subscriber } from './module.ts'
import { sealAll } from './records/index.ts'

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
