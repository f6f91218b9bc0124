/**
 * How often a wrong password may be tried: from one address, for any name, and for one name, from anywhere. Counted in
 * memory: one process serves the pages of a database (its lease sees to that), and losing the counts in a restart is
 * harmless.
 */
import { Problem } from '#kernel/problem.ts'
import type { Executor } from '#platform/db/index.ts'

type Limit = { readonly most: number; readonly withinMs: number }
export const triesByAddress: Limit = { most: 10, withinMs: 60_000 }
export const triesByLogin: Limit = { most: 10, withinMs: 300_000 }

const maxCached = 20_000

type Counted = { count: number; until: number }
const counters = new WeakMap<Executor, Map<string, Counted>>()

/** For IPv6 the network (64 bits) counts: one household has as many addresses as it likes. */
const networkOf = (address: string) => (address.includes(':') ? address.split(':').slice(0, 4).join(':') : address)

/**
 * Counts a try before the password is checked, so that a hundred in parallel cannot slip through. The returned function
 * uncounts it if the password was right. Right or wrong, nobody gets in while the limit is reached.
 * @throws TooMany `identity.too-many-tries`
 */
export function countTry(db: Executor, by: { address?: string; login: string }, now: Date): () => void {
  const cachedPerReader = counters.get(db) ?? new Map<string, Counted>()
  counters.set(db, cachedPerReader)
  const time = now.getTime()
  const asked: Array<[string, Limit]> = [[`login ${by.login.trim().toLowerCase().slice(0, 300)}`, triesByLogin]]
  if (by.address !== undefined) asked.push([`address ${networkOf(by.address)}`, triesByAddress])
  const counted = asked.map(([key, limit]) => {
    const known = cachedPerReader.get(key)
    const counter = known && known.until > time ? known : { count: 0, until: time + limit.withinMs }
    if (counter.count >= limit.most)
      throw new Problem('TooMany', 'identity.too-many-tries', {
        values: { seconds: Math.max(1, Math.ceil((counter.until - time) / 1000)) },
      })
    return { key, counter }
  })
  for (const { key, counter } of counted) {
    counter.count++
    // Moved to the end, so that the oldest entry is dropped first.
    cachedPerReader.delete(key)
    cachedPerReader.set(key, counter)
  }
  for (const key of cachedPerReader.keys()) {
    if (cachedPerReader.size <= maxCached) break
    cachedPerReader.delete(key)
  }
  return () => {
    for (const { counter } of counted) counter.count--
  }
}
