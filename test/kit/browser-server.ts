/**
 * The application for browser journeys: a fresh database with the demo city, pages, endpoints and background work in
 * one process.
 */
import type { Language } from '#kernel/words.ts'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { openLog } from '#platform/log.ts'
import { compose, jobDefinitions, subscribers } from '../../src/main/app.ts'
import { loadDemoCity } from '../../src/main/demo/load.ts'
import { migrationFolders } from '../../src/main/modules.ts'
import { createWeb } from '../../src/main/server.ts'
import { freshDatabase } from './database.ts'
import { demoPassword } from './people.ts'

const database = await freshDatabase({ folders: migrationFolders })
const log = openLog({ level: 'warn', write: (lines) => process.stderr.write(lines) })
const opened = await compose(database, { log, worker: true })
const { app } = opened
const context = () => contextOf(app, systemCaller, app.city().language as Language)
await loadDemoCity(app, demoPassword)
await catchUp(context(), database, subscribers())
const jobs = await opened.jobs()
await jobs.work(jobDefinitions(), (job, data) => job.handle(context(), data), app.city().timeZone)
const server = await createWeb(app, {
  limits: { readsPerMinute: false, writesPerMinute: false, signInsPerMinute: 1000, loopDelayMs: 0 },
})
await server.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 18_080) })

let stopping = false
const stop = () => {
  stopping = true
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
while (!stopping) {
  await catchUp(context(), database, subscribers())
  await new Promise((resolve) => setTimeout(resolve, 300))
}
await server.close()
await opened.close()
process.exit(0)
