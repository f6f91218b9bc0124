/**
 * Places maps without holding up requests: one thread, one map at a time, a time limit, and a cache of results.
 * If the thread is too slow, too busy or broken, the map is placed at once in the quick way: it is drawn in any case.
 */
import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { LayoutGraph, Placement } from './graph.ts'
import { placeLayered } from './layered.ts'

export type PlacerOptions = {
  /** A map that takes longer is placed in the quick way, and the thread is started anew. */
  readonly limitMs: number
  /** Longest queue; further maps are placed in the quick way. */
  readonly maxWaiting: number
  /** Numbers cached over all placements (8 bytes each); the oldest are dropped first. */
  readonly maxNumbers: number
  /** The thread ends after being idle this long. */
  readonly idleMs: number
  /** Program of the thread. */
  readonly program: URL
  readonly onTrouble: (error: Error) => void
}

export type Placer = {
  /** @throws RangeError for a link to a node that is not there. */
  readonly place: (graph: LayoutGraph) => Promise<Placement>
  readonly close: () => Promise<void>
}

/** How long a map placed in the quick way is not tried again. */
const quickMs = 60_000

const defaults: PlacerOptions = {
  limitMs: 3000,
  maxWaiting: 16,
  maxNumbers: 1_000_000,
  idleMs: 60_000,
  program: new URL('./thread.ts', import.meta.url),
  onTrouble: () => {},
}

type Waiting = { readonly graph: LayoutGraph; readonly done: (placement: Placement | null) => void }

export function createPlacer(options: Partial<PlacerOptions> = {}): Placer {
  const { limitMs, maxWaiting, maxNumbers, idleMs, program, onTrouble } = { ...defaults, ...options }
  const cachedPerReader = new Map<string, { placement: Placement; numbers: number; until: number }>()
  const underWay = new Map<string, Promise<Placement>>()
  const waiting: Waiting[] = []
  let numbers = 0
  let thread: Worker | undefined
  let current: Waiting | undefined
  let timer: NodeJS.Timeout | undefined

  const remember = (key: string, placement: Placement, until = Number.POSITIVE_INFINITY) => {
    const size = placement.corners.length + placement.routes.reduce((sum, route) => sum + route.length, 0)
    if (size > maxNumbers / 2) return
    cachedPerReader.set(key, { placement, numbers: size, until })
    numbers += size
    for (const [oldest, entry] of cachedPerReader) {
      if (numbers <= maxNumbers) break
      cachedPerReader.delete(oldest)
      numbers -= entry.numbers
    }
  }

  const finish = (placement: Placement | null) => {
    clearTimeout(timer)
    const finished = current
    current = undefined
    finished?.done(placement)
    next()
  }

  const stop = () => {
    const old = thread
    thread = undefined
    old?.removeAllListeners()
    return old?.terminate()
  }

  const broken = (error: Error) => {
    onTrouble(error)
    void stop()
    finish(null)
  }

  const open = (): Worker => {
    // The thread inherits no options of this process.
    const worker = new Worker(program, { execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 128 } })
    worker.on('message', finish)
    worker.on('error', broken)
    worker.on('exit', () => broken(new Error('the thread that places maps has ended')))
    worker.unref()
    return worker
  }

  const next = () => {
    if (current) return
    current = waiting.shift()
    if (!current) {
      timer = setTimeout(() => void stop(), idleMs)
      timer.unref()
      return
    }
    clearTimeout(timer)
    timer = setTimeout(() => broken(new Error(`placing a map took longer than ${limitMs} ms`)), limitMs)
    thread ??= open()
    thread.postMessage(current.graph)
  }

  const inThread = (graph: LayoutGraph): Promise<Placement | null> => {
    if (waiting.length >= maxWaiting) return Promise.resolve(null)
    const { promise, resolve } = Promise.withResolvers<Placement | null>()
    waiting.push({ graph, done: resolve })
    next()
    return promise
  }

  return {
    place: (graph) => {
      const key = createHash('sha256').update(JSON.stringify(graph)).digest('base64url')
      const known = cachedPerReader.get(key)
      if (known && known.until < Date.now()) {
        cachedPerReader.delete(key)
        numbers -= known.numbers
      } else if (known) {
        // The newest come last.
        cachedPerReader.delete(key)
        cachedPerReader.set(key, known)
        return Promise.resolve(known.placement)
      }
      const same = underWay.get(key)
      if (same) return same
      const ids = new Set(graph.nodes.map(({ id }) => id))
      const loose = graph.links.find(({ from, to }) => !ids.has(from) || !ids.has(to))
      if (loose) return Promise.reject(new RangeError(`a link from ${loose.from} to ${loose.to} leaves the map`))
      const placed = inThread(graph).then((placement) => {
        underWay.delete(key)
        const found = placement ?? placeLayered(graph, 'quick')
        // A quick one is tried again later, when the thread may have time.
        remember(key, found, placement ? undefined : Date.now() + quickMs)
        return found
      })
      underWay.set(key, placed)
      return placed
    },
    close: async () => {
      clearTimeout(timer)
      for (const each of waiting.splice(0)) each.done(null)
      await stop()
      finish(null)
      clearTimeout(timer)
    },
  }
}
