/**
 * How much work is taken on at once. Work begins when a request has arrived in full and ends when its answer is ready: slow
 * senders and slow readers are not work. The limit finds itself: it sinks while answers take long or the database keeps
 * requests waiting, and rises while there is more to do and answers are quick. What is above it is refused at once, so that
 * what is taken is answered soon.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Waiting } from '../db/index.ts'

export type SheddingLimits = {
  /** A median answer slower than this, in milliseconds, is a sign of too much work. */
  readonly slowMs: number
  /** A request may wait so long for a connection of the database before others are refused, in milliseconds. */
  readonly waitMs: number
  /** So many requests are always taken on, however slow they are. */
  readonly fewest: number
  readonly most: number
}

export const sheddingLimits: SheddingLimits = { slowMs: 500, waitMs: 700, fewest: 12, most: 1000 }

/** The limit looks at itself this often, in milliseconds, and only after so many answers. */
const everyMs = 200
const fewestAnswers = 8

export type Shedding = {
  /** May one more be taken on? */
  readonly admits: () => boolean
  readonly begin: () => void
  /** One is answered, so long after it had arrived. */
  readonly end: (ms: number) => void
  /** Adapts the limit; called every 200 ms. */
  readonly adapt: () => void
  readonly now: () => { readonly open: number; readonly limit: number }
}

/** The limit and what it counts, without a server around it. */
export function openShedding(
  waiting: () => Waiting,
  { slowMs, waitMs, fewest, most }: SheddingLimits = sheddingLimits,
): Shedding {
  let limit = Math.min(most, fewest * 8)
  let open = 0
  let peak = 0
  let answered: number[] = []
  return {
    admits: () => open < fewest || (open < limit && waiting().oldestMs <= waitMs),
    begin: () => {
      open++
      if (open > peak) peak = open
    },
    end: (ms) => {
      open--
      answered.push(ms)
    },
    adapt: () => {
      const queued = waiting().oldestMs > waitMs
      if (answered.length < fewestAnswers && !queued) return
      const middle = answered.sort((left, right) => left - right)[Math.floor(answered.length / 2)] ?? 0
      if (queued || middle > slowMs) limit = Math.max(fewest, Math.floor(Math.min(limit, Math.max(peak, fewest)) * 0.8))
      else if (peak >= limit * 0.8) limit = Math.min(most, limit + Math.max(1, Math.floor(limit * 0.1)))
      answered = []
      peak = open
    },
    now: () => ({ open, limit }),
  }
}

/** Counts the work of a server by its requests, and calls `refuse` for what is too much. */
export function shed(
  server: FastifyInstance,
  shedding: Shedding,
  options: { readonly always: readonly string[]; readonly isLate: () => boolean; readonly refuse: () => Error },
): void {
  const always = new Set(options.always)
  const begunAt = new WeakMap<FastifyRequest, number>()
  const timer = setInterval(shedding.adapt, everyMs)
  timer.unref()
  server.addHook('onClose', async () => clearInterval(timer))
  const begin = (request: FastifyRequest) => {
    if (begunAt.has(request)) return
    begunAt.set(request, performance.now())
    shedding.begin()
  }
  const end = (request: FastifyRequest) => {
    const at = begunAt.get(request)
    if (at === undefined) return
    begunAt.delete(request)
    shedding.end(performance.now() - at)
  }
  server.addHook('onRequest', (request, _reply, done) => {
    if (always.has(request.routeOptions.url ?? '')) return done()
    // A late event loop alone is no reason: a program that has just started is late, and has nothing to do.
    const { open, limit } = shedding.now()
    if (!shedding.admits() || (options.isLate() && open >= limit / 2)) return done(options.refuse())
    if (request.method === 'GET' || request.method === 'HEAD' || request.raw.readableEnded) begin(request)
    else request.raw.once('end', () => begin(request))
    done()
  })
  server.addHook('onSend', (request, _reply, payload, done) => {
    end(request)
    done(null, payload)
  })
  // Whoever went away before the answer gets none.
  server.addHook('onResponse', (request, _reply, done) => {
    end(request)
    done()
  })
}
