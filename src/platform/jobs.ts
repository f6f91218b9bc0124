/** Background work by pg-boss in the same database: work queued inside a transaction happens only if it commits. */
import { CompiledQuery } from 'kysely'
import { PgBoss } from 'pg-boss'
import type { Log } from './context.ts'
import type { Database, Executor } from './db/index.ts'
import type { JobDefinition } from './module.ts'

export type Jobs = {
  /** Queues work; with the `db` of an open transaction, as part of it. */
  readonly send: (
    job: string,
    data: Record<string, unknown>,
    options?: { db?: Executor; startAfter?: Date },
  ) => Promise<string | null>
  /** Does the work of these definitions until `stop`. */
  readonly work: (
    definitions: readonly JobDefinition[],
    handle: (job: JobDefinition, data: Record<string, unknown>) => Promise<void>,
    timeZone: string,
  ) => Promise<void>
  readonly stop: () => Promise<void>
}

const viaPool = (database: Database) => ({
  executeSql: async (text: string, values?: unknown[]) => {
    const result = await database.pool.query(text, values as unknown[])
    return { rows: Array.isArray(result) ? result.flatMap((each) => each.rows) : result.rows }
  },
})

const viaExecutor = (db: Executor) => ({
  executeSql: async (text: string, values?: unknown[]) => {
    const result = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, (values ?? []) as unknown[]))
    return { rows: result.rows }
  },
})

/** Opens the queue. A process that only queues work passes `worker: false` and runs no timers. */
export async function openJobs(
  database: Database,
  definitions: readonly JobDefinition[],
  options: { worker: boolean; log: Log },
): Promise<Jobs> {
  const boss = new PgBoss({
    db: viaPool(database),
    schema: 'jobs',
    supervise: options.worker,
    schedule: options.worker,
    openTelemetry: { enabled: false },
  })
  boss.on('error', (error) => options.log.error({ err: String(error) }, 'the job queue met an error'))
  await boss.start()
  const existing = new Set((await boss.getQueues()).map((queue) => queue.name))
  for (const definition of definitions) {
    if (!existing.has(definition.name))
      await boss.createQueue(definition.name, { retryLimit: definition.retries ?? 0, expireInSeconds: 3600 })
  }
  return {
    send: (job, data, { db, startAfter } = {}) =>
      boss.send(job, data, { ...(db ? { db: viaExecutor(db) } : {}), ...(startAfter ? { startAfter } : {}) }),
    work: async (all, handle, timeZone) => {
      for (const definition of all) {
        await boss.work(definition.name, { batchSize: 1, pollingIntervalSeconds: 0.5 }, async ([job]) => {
          if (job) await handle(definition, (job.data ?? {}) as Record<string, unknown>)
        })
        if (definition.cron) await boss.schedule(definition.name, definition.cron, {}, { tz: timeZone })
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 5000 }),
  }
}
