/**
 * The sealer takes committed entries that are not yet sealed and appends each to a chain: position n holds hash(n) =
 * SHA-256(hash(n−1) ‖ n ‖ SHA-256(content)). Whoever changes, removes, inserts or reorders an entry breaks the chain at
 * a position that `verify` names; a published head also protects everything before it against a rewritten chain.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Database, type Executor, transaction } from '../db/index.ts'

export const firstHash = '0'.repeat(64)
const sha = (text: string) => createHash('sha256').update(text).digest('hex')
/** Next link of the chain. */
export const chain = (previous: string, position: number, content: string): string =>
  sha(`${previous}\n${position}\n${sha(content)}`)

export type SealHead = { position: number; hash: string; sealedAt: string }

/** The end of the chain: what is published, and what `verify --against` compares. */
export async function sealHead(db: Executor): Promise<SealHead> {
  const { rows } = await sql<{
    position: string
    hash: string
    sealedAt: string
  }>`select position, hash, "sealedAt" from records."sealHead"`.execute(db)
  return { ...rows[0]!, position: Number(rows[0]!.position) }
}

/**
 * Seals up to `batch` waiting entries; returns how many. If another sealer is at work it returns 0 immediately. Visible
 * entries are taken in the order of writing, so two entries of one record never swap; a transaction that commits late
 * comes later.
 */
export async function seal(database: Database, batch = 5000): Promise<number> {
  return transaction(database.kysely, async (tx) => {
    const head = await sql<{
      position: string
      hash: string
    }>`select position, hash from records."sealHead" for update skip locked`.execute(tx)
    if (!head.rows[0]) return 0
    const { rows } = await sql<{ id: string; content: string }>`
      select e.id, e.content from records.unsealed u join records.entry e on e.id = u.entry order by e.sequence limit ${batch}`.execute(
      tx,
    )
    if (rows.length === 0) return 0
    let position = Number(head.rows[0].position)
    let hash = head.rows[0].hash
    const seals = rows.map(({ id, content }) => {
      position += 1
      hash = chain(hash, position, content)
      return { position, entry: id, hash }
    })
    await sql`insert into records.seal (position, entry, hash)
      select * from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as x(position bigint, entry uuid, hash text)`.execute(
      tx,
    )
    await sql`delete from records.unsealed where entry = any(${rows.map((row) => row.id)}::uuid[])`.execute(tx)
    await sql`update records."sealHead" set position = ${position}, hash = ${hash}, "sealedAt" = clock_timestamp()`.execute(
      tx,
    )
    return rows.length
  })
}

/** Seals until nothing waits. */
export async function sealAll(database: Database): Promise<number> {
  let total = 0
  for (;;) {
    const sealed = await seal(database)
    total += sealed
    if (sealed === 0) return total
  }
}
