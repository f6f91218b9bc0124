/** A queue for heavy work that everybody may ask for, with a share that is kept for people who are signed in. */
import { Problem } from '#kernel/problem.ts'

export type FairQueueLimits = {
  /** How many are at work at a time, and how many of these may be of people who are not signed in. */
  readonly atOnce: number
  readonly anonymousAtOnce: number
  /** How many of each wait at most, and how long in milliseconds. */
  readonly waiting: number
  readonly waitMs: number
}

export type FairQueue = {
  /** @throws Unavailable `http.busy` when too many wait, or the wait was too long */
  readonly run: <Result>(signedIn: boolean, work: () => Promise<Result>) => Promise<Result>
}

export function fairQueue({ atOnce, anonymousAtOnce, waiting, waitMs }: FairQueueLimits): FairQueue {
  const working = { signedIn: 0, anonymous: 0 }
  const queues: Record<keyof typeof working, Array<() => void>> = { signedIn: [], anonymous: [] }
  const mayBegin = (who: keyof typeof working) =>
    working.signedIn + working.anonymous < atOnce && (who === 'signedIn' || working.anonymous < anonymousAtOnce)
  const next = () => {
    // Whoever is signed in goes first; the others have the rest.
    for (const who of ['signedIn', 'anonymous'] as const)
      while (queues[who].length > 0 && mayBegin(who)) {
        working[who]++
        queues[who].shift()!()
      }
  }
  const enter = (who: keyof typeof working): Promise<void> => {
    if (queues[who].length === 0 && mayBegin(who)) {
      working[who]++
      return Promise.resolve()
    }
    if (queues[who].length >= waiting) return Promise.reject(new Problem('Unavailable', 'http.busy'))
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(late)
        resolve()
      }
      const late = setTimeout(() => {
        queues[who].splice(queues[who].indexOf(begin), 1)
        reject(new Problem('Unavailable', 'http.busy'))
      }, waitMs)
      queues[who].push(begin)
    })
  }
  return {
    run: async (signedIn, work) => {
      const who = signedIn ? 'signedIn' : 'anonymous'
      await enter(who)
      try {
        return await work()
      } finally {
        working[who]--
        next()
      }
    },
  }
}
