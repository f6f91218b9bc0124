/**
 * Simulations in separate threads, so that the caller stays responsive and two cores take half the time. The result is
 * bit for bit that of a single thread: a batch is the same whoever draws it, and sums are of whole numbers.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  compilePlanSimulation,
  type PlanSimulationInput,
  type PlanSimulationProblem,
} from '#analysis/simulation/plan.ts'
import { addSums, allocateDraws, type Sums } from '#analysis/simulation/plan-draws.ts'
import {
  checkpoints,
  isPreciseAfter,
  type PlanSimulation,
  resultOfDraws,
  rowWidth,
  simulatePlan,
} from '#analysis/simulation/plan-result.ts'
import type { FromThread, ToThread } from './messages.ts'

export type SimulationOptions = {
  /** Stop early once the answer is this precise; see `isPrecise`. */
  readonly precision?: number
  /** Called as batches finish, with the share of the maximum that may be needed. */
  readonly onProgress?: (share: number) => void
}

export type SimulationPool = {
  readonly threads: number
  /** One after another; the pool runs one simulation at a time. */
  readonly simulate: (
    input: PlanSimulationInput,
    options?: SimulationOptions,
  ) => Promise<PlanSimulation | PlanSimulationProblem>
  readonly close: () => Promise<void>
}

/** Activities times draws below which threads take longer to start than a single one takes to finish. */
const worthThreads = 1_000_000

/** Threads are started on first use, at most eight. */
export function openSimulationPool(threads = Math.min(8, availableParallelism())): SimulationPool {
  let workers: Worker[] | undefined
  let last: Promise<unknown> = Promise.resolve()
  const simulate: SimulationPool['simulate'] = (input, options = {}) => {
    const turn = last.then(async () => {
      if (threads < 2 || input.draws * input.plan.activities.length < worthThreads)
        return simulatePlan(input, options.precision)
      workers ??= Array.from({ length: threads }, () => new Worker(new URL('./thread.ts', import.meta.url)))
      return inThreads(workers, input, options)
    })
    last = turn.catch(async () => {
      // A failed thread is not reused.
      await endAll(workers)
      workers = undefined
    })
    return turn
  }
  return {
    threads,
    simulate,
    close: async () => {
      await last
      await endAll(workers)
      workers = undefined
    },
  }
}

const endAll = (workers: readonly Worker[] = []) => Promise.all(workers.map((worker) => worker.terminate()))

async function inThreads(
  workers: readonly Worker[],
  input: PlanSimulationInput,
  { precision, onProgress }: SimulationOptions,
): Promise<PlanSimulation | PlanSimulationProblem> {
  const compiled = compilePlanSimulation(input)
  if ('problem' in compiled) return compiled
  const drawn = allocateDraws(compiled, true)
  const next = new Int32Array(new SharedArrayBuffer(4))
  const batches = compiled.sizes.length
  for (const worker of workers) worker.postMessage({ do: 'open', input, drawn, next } satisfies ToThread)
  let reported = 0
  const all = (order: ToThread) =>
    Promise.all(workers.map((worker) => answerOf(worker, order, () => onProgress?.(++reported / batches))))
  let done = 0
  for (const until of precision === undefined ? [batches] : checkpoints(compiled)) {
    Atomics.store(next, 0, done)
    await all({ do: 'draw', until })
    done = until
    if (precision !== undefined && isPreciseAfter(compiled, drawn, done, precision)) break
  }
  Atomics.store(next, 0, 0)
  const rows = new Float64Array(new SharedArrayBuffer(input.plan.activities.length * rowWidth * 8))
  const draws = compiled.sizes.slice(0, done).reduce((sum, size) => sum + size, 0)
  for (const sums of await all({ do: 'read', draws, rows })) if (sums) addSums(drawn, sums)
  return resultOfDraws(compiled, drawn, done, precision, rows)
}

/** Gives a thread a task and waits until it is done; fails if the thread fails, or ends before answering. */
export function answerOf(worker: Worker, order: ToThread, onBatch: () => void): Promise<Sums | null> {
  return new Promise((resolve, reject) => {
    const listen = (message: FromThread) => {
      if (message.done === 'batch') return onBatch()
      leave()
      if (message.done === 'failed') reject(new Error(message.message))
      else resolve(message.done === 'read' ? message.sums : null)
    }
    const fail = (error: Error) => {
      leave()
      reject(error)
    }
    const end = (code: number) =>
      fail(new Error(`A thread of the simulation ended with ${code} before it had answered.`))
    const leave = () => {
      worker.off('message', listen)
      worker.off('error', fail)
      worker.off('exit', end)
    }
    worker.on('message', listen)
    worker.on('error', fail)
    worker.on('exit', end)
    // A thread that ended between two tasks does not report it again.
    if (worker.threadId < 0) return fail(new Error('A thread of the simulation has ended.'))
    worker.postMessage(order)
  })
}
