import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { ensureOwnTables } from './own-tables.ts'
import { isAlive, ownProcessMark } from './process-mark.ts'
import { StartProblem } from './start-problem.ts'

/** How often the holder of a lease signals that it is alive, in milliseconds. */
const beatMs = 2_000

/** How long a silent holder on another machine keeps a lease, in milliseconds. */
const silenceMs = 10_000

/** The right to be the only process with this name working on a database. */
export type Lease = {
  /** Releases the lease; the database must still be open. Never throws: a lease that remains expires by itself. */
  release(): Promise<void>
}

export type LeaseOptions = {
  /** The role only one process may have at a time, such as `application`. */
  readonly name: string
  /** Called once if another process has taken the lease (after a long silence of this one): stop working then. */
  readonly onLost: () => void
}

type Holder = {
  holder: string
  host: string
  scope: string
  pid: number
  startedAt: string
  beat: string
  silence: string
}

/**
 * Takes the lease `name` in the database, so that a second application on the same data does not start.
 *
 * A holder on this machine keeps it exactly as long as its process lives: after kill -9 the next start takes over
 * immediately. A holder elsewhere is trusted while it beats: whoever wants the lease watches it for up to ten seconds,
 * is refused as soon as it beats, and takes over if it does not. Times are the database's, so clocks need not agree.
 *
 * @throws StartProblem `database.in-use`, naming the holder.
 */
export async function takeLease(pool: Pool, { name, onLost }: LeaseOptions): Promise<Lease> {
  await ensureOwnTables(pool)
  const holder = randomUUID()
  const { scope, pid, startedAt } = ownProcessMark()
  const take = async (from: string | null, beat: string | null): Promise<boolean> => {
    // Taken over only from the holder, and the beat, that we judged: if two try at the same time, one wins.
    const { rowCount } = await pool.query(
      `insert into commonweal.lease (name, holder, host, scope, pid, "startedAt", "beatAt")
       values ($1, $2, $3, $4, $5, $6, clock_timestamp())
       on conflict (name) do update set holder = excluded.holder, host = excluded.host, scope = excluded.scope,
         pid = excluded.pid, "startedAt" = excluded."startedAt", "beatAt" = excluded."beatAt"
       where lease.holder = $7 and lease."beatAt"::text = $8`,
      [name, holder, hostname(), scope, pid, startedAt, from, beat],
    )
    return rowCount === 1
  }
  let seen: Holder | undefined
  while (!(await take(null, null))) {
    const current = await readHolder(pool, name)
    if (current === undefined) continue
    const alive = isAlive(current)
    if (alive === true) throw inUse(name, current)
    if (alive === undefined && Number(current.silence) < silenceMs / 1000) {
      if (seen !== undefined && (seen.holder !== current.holder || seen.beat !== current.beat))
        throw inUse(name, current)
      seen = current
      await sleep(200)
      continue
    }
    if (await take(current.holder, current.beat)) break
  }
  return hold(pool, name, holder, onLost)
}

async function readHolder(pool: Pool, name: string): Promise<Holder | undefined> {
  const { rows } = await pool.query<Holder>(
    `select holder, host, scope, pid, "startedAt", "beatAt"::text as beat,
       extract(epoch from clock_timestamp() - "beatAt")::text as silence
     from commonweal.lease where name = $1`,
    [name],
  )
  return rows[0]
}

function inUse(name: string, { pid, host }: Holder): StartProblem {
  return new StartProblem(
    'database.in-use',
    `Commonweal (${name}) already runs on this database, as process ${pid} on ${host}: stop that one first, or use another data directory or DATABASE_URL.`,
    75,
  )
}

function hold(pool: Pool, name: string, holder: string, onLost: () => void): Lease {
  let ended = false
  let current: Promise<void> = Promise.resolve()
  const beat = async () => {
    const { rowCount } = await pool.query(
      'update commonweal.lease set "beatAt" = clock_timestamp() where name = $1 and holder = $2',
      [name, holder],
    )
    if (rowCount === 0 && !ended) {
      ended = true
      clearInterval(timer)
      onLost()
    }
  }
  const timer = setInterval(() => {
    // A temporarily unreachable database is not a lost lease: the next beat that gets through decides.
    current = beat().catch(() => {})
  }, beatMs)
  timer.unref()
  return {
    async release() {
      ended = true
      clearInterval(timer)
      await current
      await pool
        .query('delete from commonweal.lease where name = $1 and holder = $2', [name, holder])
        .catch(() => undefined)
    },
  }
}
