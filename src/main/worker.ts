/**
 * Background work in a separate process: seals the history, keeps derived results current, publishes after embargoes,
 * runs jobs.
 */
import type { Language } from '#kernel/words.ts'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { StartProblem } from '#platform/db/index.ts'
import { catchUp } from '#platform/events.ts'
import { levelOf, openLog } from '#platform/log.ts'
import { publishDue } from '#platform/records/index.ts'
import { jobDefinitions, openApp, subscribers } from './app.ts'
import { databaseOptions } from './options.ts'

const log = openLog({ level: levelOf(process.env.LOG ?? 'warn') })
const roundMs = 1000
let stopping = false

/** Opens the application and works until the parent exits or a signal arrives. */
export async function work(): Promise<void> {
  const opened = await openApp({
    applicationName: 'commonweal worker',
    log,
    worker: true,
    max: 6,
    ...databaseOptions(),
  })
  const { app } = opened
  const context = () => contextOf(app, systemCaller, app.city().language as Language)
  const stop = () => {
    stopping = true
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  process.once('disconnect', stop)
  try {
    const jobs = await opened.jobs()
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
