/**
 * The sealer takes entries that are committed but not yet sealed and appends each to a chain: position n holds
 * hash(n) = SHA-256(hash(n−1) ‖ n ‖ SHA-256(content)). Whoever changes, removes, inserts or reorders an entry breaks the chain
 * at a position that `verify` names; a published head also binds what came before against a rewritten chain.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type Database, type Executor, transaction } from '../db/connection.ts'

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
 * Seals up to `batch` waiting entries; returns how many. Another sealer at work = 0, at once. Every entry a transaction
 * made visible is taken in the order of its identifier (time of writing).
 */
export async function seal(database: Database, batch = 5000): Promise<number> {
  return transaction(database.kysely, async (tx) => {
    const head = await sql<{
      position: string
      hash: string
    }>`select position, hash from records."sealHead" for update skip locked`.execute(tx)
    if (!head.rows[0]) return 0
    const { rows } = await sql<{ id: string; content: string }>`
      select e.id, e.content from records.unsealed u join records.entry e on e.id = u.entry order by u.entry limit ${batch}`.execute(
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

export type Fault = {
  readonly position: number | null
  readonly code: 'changed' | 'removed' | 'inserted' | 'reordered' | 'head' | 'personal'
  readonly entry: string | null
}
export type Verdict = {
  readonly whole: boolean
  readonly position: number
  readonly hash: string
  readonly unsealed: number
  readonly faults: Fault[]
}

/**
 * Recomputes the chain from the first entry and names what does not fit, by position. `against` is a head published
 * earlier ("position:hash"): the chain must still pass through it.
 */
export async function verify(
  db: Executor,
  against?: { position: number; hash: string },
  batch = 5000,
): Promise<Verdict> {
  const faults: Fault[] = []
  const fault = (code: Fault['code'], position: number | null, entry: string | null) => {
    if (faults.length < 1000) faults.push({ code, position, entry })
  }
  let position = 0
  let hash = firstHash
  let stored = firstHash
  for (;;) {
    const { rows } = await sql<{ position: string; entry: string; hash: string; content: string | null }>`
      select s.position, s.entry, s.hash, e.content from records.seal s left join records.entry e on e.id = s.entry
      where s.position > ${position} order by s.position limit ${batch}`.execute(db)
    if (rows.length === 0) break
    for (const row of rows) {
      const at = Number(row.position)
      for (let lost = position + 1; lost < at; lost++) fault('removed', lost, null)
      if (row.content === null) fault('removed', at, row.entry)
      else if (at === position + 1 && chain(stored, at, row.content) !== row.hash) {
        const moved = await sealedElsewhere(db, at, stored, row.hash)
        fault(moved ? 'reordered' : 'changed', at, row.entry)
      }
      position = at
      stored = row.hash
      hash = row.hash
      if (against && against.position === at && against.hash !== row.hash) fault('head', at, row.entry)
    }
  }
  const head = await sealHead(db)
  if (head.position !== position || head.hash !== hash) {
    for (let lost = position + 1; lost <= head.position; lost++) fault('removed', lost, null)
    if (head.position <= position) fault('head', head.position, null)
  }
  if (against && against.position > position) fault('head', against.position, null)
  const strangers = await sql<{ id: string; position: string | null }>`
    select e.id, (select max(s.position) from records.seal s where s.entry < e.id) as position from records.entry e
    where not exists (select 1 from records.seal s where s.entry = e.id) and not exists (select 1 from records.unsealed u where u.entry = e.id)
    order by e.id limit 1000`.execute(db)
  for (const row of strangers.rows) fault('inserted', row.position === null ? 1 : Number(row.position) + 1, row.id)
  const waiting = await sql<{ n: string }>`select count(*) as n from records.unsealed`.execute(db)
  return { whole: faults.length === 0, position, hash, unsealed: Number(waiting.rows[0]!.n), faults }
}

/** Would another sealed entry give the stored hash here? Then entries changed places rather than their content. */
async function sealedElsewhere(db: Executor, position: number, previous: string, wanted: string): Promise<boolean> {
  const { rows } = await sql<{ content: string }>`
    select e.content from records.seal s join records.entry e on e.id = s.entry where s.position between ${position - 50} and ${position + 50}`.execute(
    db,
  )
  return rows.some((row) => chain(previous, position, row.content) === wanted)
}
