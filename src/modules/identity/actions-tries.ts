/**
 * How often a wrong password may be tried. Nobody can shut the owner of an account out by trying: tries are counted by
 * name and network, a device on which the account has signed in before has a count of its own, and who is beyond a
 * count waits, longer with each try, before the password is looked at. Only what would wait behind too many others is
 * refused. Counted in memory: one process serves the pages of a database (its lease sees to that), and losing the
 * counts in a restart is harmless.
 */
import { Problem } from '#kernel/problem.ts'
import type { Executor } from '#platform/db/index.ts'
import { networkOf } from '#platform/network.ts'

type Limit = { readonly most: number; readonly withinMs: number }
/** Of one network for any name, of one network for one name, and of all networks together for one name. */
export const triesByAddress: Limit = { most: 10, withinMs: 60_000 }
export const triesByLogin: Limit = { most: 10, withinMs: 300_000 }
export const triesByLoginAnywhere: Limit = { most: 50, withinMs: 300_000 }

/** So many tries may wait at once for one name from one network, and in all. */
export const maxWaiting = { each: 5, all: 100 } as const
/** The first try beyond a limit waits a second, the next two; none more than ten. */
export const delayOf = (beyond: number): number => (beyond <= 0 ? 0 : Math.min(10_000, 1000 * 2 ** (beyond - 1)))

const maxCached = 20_000

type Counted = { count: number; until: number }
type Tries = { readonly counts: Map<string, Counted>; readonly waiting: Map<string, number> }
const triesOf = new WeakMap<Executor, Tries>()

export type Try = { readonly address?: string; readonly login: string; readonly knownDevice?: boolean }
/** What counting a try comes to: how long to wait before the password is looked at, and what to call then. */
export type CountedTry = {
  readonly delayMs: number
  /** Ends the wait; has to be called whatever happens. */
  readonly waited: () => void
  /** Uncounts the try, because the password was right. */
  readonly takeBack: () => void
}

/**
 * Counts a try before the password is checked, so that a hundred in parallel cannot slip through.
 * @throws TooMany `identity.too-many-tries` where too many wait already
 */
export function countTry(db: Executor, by: Try, now: Date): CountedTry {
  const tries = triesOf.get(db) ?? { counts: new Map(), waiting: new Map() }
  triesOf.set(db, tries)
  const login = by.login.trim().toLowerCase().slice(0, 300)
  const network = by.address === undefined ? '' : networkOf(by.address)
  const asked: Array<[string, Limit]> = by.knownDevice
    ? [[`device ${login}`, triesByLogin]]
    : [
        [`login ${login} ${network}`, triesByLogin],
        [`anywhere ${login}`, triesByLoginAnywhere],
      ]
  if (by.address !== undefined && !by.knownDevice) asked.push([`address ${network}`, triesByAddress])
  const counted = asked.map(([key, limit]) => ({ limit, counter: count(tries.counts, key, limit, now.getTime()) }))
  const delayMs = Math.max(...counted.map(({ limit, counter }) => delayOf(counter.count - limit.most)))
  const takeBack = () => {
    for (const { counter } of counted) counter.count--
  }
  if (delayMs === 0) return { delayMs, waited: () => {}, takeBack }
  const place = by.knownDevice ? `device ${login}` : `${login} ${network}`
  const here = tries.waiting.get(place) ?? 0
  const all = [...tries.waiting.values()].reduce((sum, each) => sum + each, 0)
  // Known devices do not stand in the queue that strangers can fill.
  if (here >= maxWaiting.each || (!by.knownDevice && all >= maxWaiting.all)) {
    takeBack()
    throw new Problem('TooMany', 'identity.too-many-tries', { values: { seconds: Math.ceil(delayMs / 1000) } })
  }
  tries.waiting.set(place, here + 1)
  const waited = () => {
    const left = (tries.waiting.get(place) ?? 1) - 1
    if (left > 0) tries.waiting.set(place, left)
    else tries.waiting.delete(place)
  }
  return { delayMs, waited, takeBack }
}

function count(counts: Tries['counts'], key: string, { withinMs }: Limit, time: number): Counted {
  const known = counts.get(key)
  const counter = known && known.until > time ? known : { count: 0, until: time + withinMs }
  counter.count++
  // Moved to the end, so that the oldest entry is dropped first.
  counts.delete(key)
  counts.set(key, counter)
  for (const oldest of counts.keys()) {
    if (counts.size <= maxCached) break
    counts.delete(oldest)
  }
  return counter
}
