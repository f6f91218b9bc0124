/**
 * Background work in a separate process: seals the history, keeps derived results current, publishes after embargoes,
 * runs jobs.
 */
import type { Language } from '#kernel/words.ts'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { StartProblem, takeLease } from '#platform/db/index.ts'
import { catchUp } from '#platform/events.ts'
import { levelOf, openLog } from '#platform/log.ts'
import { publishDue } from '#platform/records/index.ts'
import { jobDefinitions, openApp, subscribers } from './app.ts'
import { endSignals, endWithin, outlivesItsReaders } from './endings.ts'
import { databaseOptions } from './options.ts'

const log = openLog({ level: levelOf(process.env.LOG ?? 'warn') })
const roundMs = 1000
/** After this long it ends in the middle of its work, which the next worker takes up again. */
const endMs = 4500
let stopping = false
const stop = () => {
  if (stopping) return
  stopping = true
  endWithin(endMs, 0)
}

/** Opens the application and works until the parent exits or a signal arrives. */
export async function work(): Promise<void> {
  outlivesItsReaders()
  for (const signal of endSignals) process.on(signal, stop)
  // The server is gone, even by kill -9.
  process.once('disconnect', stop)
  if (process.send && !process.connected) return
  const opened = await openApp({
    applicationName: 'commonweal worker',
    log,
    worker: true,
    max: 6,
    ...databaseOptions(),
  })
  const { app } = opened
  const context = () => contextOf(app, systemCaller, app.city().language as Language)
  let lease: { release: () => Promise<void> } | undefined
  try {
    if (stopping) return
    // Two workers would do the same work twice: the one of a killed server may still be finishing.
    lease = await takeLease(app.database.pool, { name: 'worker', onLost: stop })
    const jobs = await opened.jobs()
    await jobs.resume(jobDefinitions(), (job, data, again) => job.interrupted?.(context(), data, again))
    await jobs.work(jobDefinitions(), (job, data) => job.handle(context(), data), app.city().timeZone)
    for (const job of jobDefinitions()) if (job.atStart) await jobs.send(job.name, {})
    process.send?.('ready')
    for (let round = 0; !stopping; round++) {
      try {
        await catchUp(context(), app.database, subscribers())
        if (round % 10 === 0) {
          await publishDue(context(), app.database)
          await app.refreshCity()
        }
      } catch (error) {
        log.error({ error: String(error) }, 'a round of background work failed; it is tried again')
      }
      await new Promise((resolve) => setTimeout(resolve, roundMs))
    }
  } finally {
    await opened.stopWork()
    await lease?.release()
    await opened.close()
  }
}

try {
  await work()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof StartProblem ? error.message : (error as Error).stack}\n`)
  process.exit(error instanceof StartProblem ? error.exitCode : 70)
}
