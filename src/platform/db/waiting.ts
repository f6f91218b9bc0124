/** How much work waits for a connection of a pool, and for how long: the truest sign that there is too much of it. */
import type { Pool, PoolClient } from 'pg'

export type Waiting = {
  readonly count: number
  /** How long the one at the front has waited, in milliseconds; 0 if nobody waits. */
  readonly oldestMs: number
}

const watched = new WeakMap<Pool, Set<number>>()
const noOne: Waiting = { count: 0, oldestMs: 0 }

type Done = (error: Error | undefined, client: PoolClient | undefined, release: () => void) => void

/** Notes from now on when each request for a connection began. A set keeps the order, so the first is the oldest. */
export function watchWaiting(pool: Pool): void {
  const since = new Set<number>()
  watched.set(pool, since)
  const connect = pool.connect.bind(pool) as (done: Done) => void
  const enter = () => {
    // Two of the same microsecond must be two.
    let at = performance.now()
    while (since.has(at)) at += 1e-6
    since.add(at)
    return at
  }
  const asked = (done?: Done): Promise<PoolClient> | undefined => {
    const at = enter()
    const { promise, resolve, reject } = Promise.withResolvers<PoolClient>()
    connect((error, client, release) => {
      since.delete(at)
      if (done) done(error, client, release)
      else if (error) reject(error)
      else resolve(client!)
    })
    return done ? undefined : promise
  }
  pool.connect = asked as Pool['connect']
}

/** Who waits for a connection now; nobody for a pool that is not watched. */
export function waitingFor(pool: Pool): Waiting {
  const since = watched.get(pool)
  const [oldest] = since ?? []
  return since && oldest !== undefined ? { count: since.size, oldestMs: performance.now() - oldest } : noOne
}
