/** The background worker as seen by the server: started, watched, and started again when it ends by itself. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { Log } from '#platform/context.ts'

export type WorkerState = 'starting' | 'running' | 'restarting' | 'stopped'

export type SupervisedWorker = {
  readonly state: () => WorkerState
  /** Asks it to finish what it is doing; after five seconds it is killed. */
  readonly stop: () => Promise<void>
}

/** A worker that dies at once is not started in a tight loop: half a second, then twice as long, half a minute at most. */
const firstPauseMs = 500
const maxPauseMs = 30_000
/** After this long at work, the next end counts as the first. */
const steadyMs = 15_000
const patienceMs = 5000

/** The pause before the next start, given the one before and how long the worker has lived. */
export const nextPause = (beforeMs: number, livedMs: number): number =>
  beforeMs === 0 || livedMs >= steadyMs ? firstPauseMs : Math.min(beforeMs * 2, maxPauseMs)

/** Starts the worker and keeps one running until `stop`. */
export function superviseWorker(
  log: Log,
  launch: () => ChildProcess = () =>
    fork(join(import.meta.dirname, 'worker.ts'), [], {
      execArgv: ['--import', join(import.meta.dirname, 'tsx.ts')],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
): SupervisedWorker {
  let state: WorkerState = 'starting'
  let pauseMs = 0
  let timer: NodeJS.Timeout | undefined
  let worker: ChildProcess
  let gone: Promise<void>
  const begin = () => {
    const startedAt = Date.now()
    const child = launch()
    const { promise, resolve } = Promise.withResolvers<void>()
    worker = child
    gone = promise
    const over = (how: string) => {
      resolve()
      if (state === 'stopped' || child !== worker || timer) return
      pauseMs = nextPause(pauseMs, Date.now() - startedAt)
      state = 'restarting'
      log.error({ how, pauseMs }, 'the background worker ended by itself and is started again')
      timer = setTimeout(() => {
        timer = undefined
        begin()
      }, pauseMs)
    }
    child.on('message', (message) => {
      if (message !== 'ready' || state === 'stopped') return
      state = 'running'
      if (pauseMs > 0) log.warn({ pauseMs }, 'the background worker is back')
    })
    child.once('exit', (code, signal) => over(signal ?? `exit code ${code}`))
    // The system refused to start it at all.
    child.once('error', (error) => over(error.message))
  }
  begin()
  return {
    state: () => state,
    stop: async () => {
      state = 'stopped'
      clearTimeout(timer)
      if (timer) return
      worker.kill('SIGTERM')
      const late = setTimeout(() => worker.kill('SIGKILL'), patienceMs)
      await gone
      clearTimeout(late)
    },
  }
}
