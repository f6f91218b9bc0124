/** The whole check: the chain of the history, and the tables beside it; and what the nightly run of it found. */
import { sql } from 'kysely'
import type { Database, Executor } from '../db/index.ts'
import { type Audited, audit } from './audit.ts'
import type { Difference } from './compare.ts'
import { type Fault, type Verdict, verify } from './verify.ts'

export type WholeVerdict = Verdict & {
  /** Records compared with their entries. */
  readonly compared: number
  /** At most 1,000, in the order of the records. */
  readonly differences: Difference[]
}

const most = 1000

/** Recomputes the chain and compares every record with its entries. Entries may be written and sealed in the meantime. */
export async function verifyAll(
  database: Database,
  audited: Audited,
  against?: { position: number; hash: string },
): Promise<WholeVerdict> {
  const verdict = await verify(database.kysely, against, 1000)
  const differences: Difference[] = []
  const compared = await audit(database, audited, (difference) => {
    if (differences.length < most) differences.push(difference)
  })
  return { ...verdict, whole: verdict.whole && differences.length === 0, compared, differences }
}

/** Keeps the result of a run; those of the last hundred runs stay. */
export async function keepVerification(db: Executor, verdict: WholeVerdict, at: string): Promise<void> {
  const { whole, position, hash, compared, faults, differences } = verdict
  await sql`insert into records.verification (at, whole, position, hash, compared, faults, differences)
    values (${at}, ${whole}, ${position}, ${hash}, ${compared}, ${JSON.stringify(faults)}::jsonb, ${JSON.stringify(differences)}::jsonb)
    on conflict (at) do nothing`.execute(db)
  await sql`delete from records.verification where at < (select at from records.verification order by at desc offset 99 limit 1)`.execute(
    db,
  )
}

export type Verification = {
  readonly at: string
  readonly whole: boolean
  readonly position: number
  readonly compared: number
  readonly faults: readonly Fault[]
  readonly differences: readonly Difference[]
}

/** What the newest run found, if there was one. */
export async function latestVerification(db: Executor): Promise<Verification | undefined> {
  const { rows } = await sql<Omit<Verification, 'position' | 'compared'> & { position: string; compared: string }>`
    select at, whole, position, compared, faults, differences from records.verification order by at desc limit 1`.execute(
    db,
  )
  const row = rows[0]
  return row && { ...row, position: Number(row.position), compared: Number(row.compared) }
}
