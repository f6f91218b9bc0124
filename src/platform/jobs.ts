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
  /**
   * Takes up work whose process died over it. What has killed its process three times is given up, by name. Only for a
   * process that knows that no other one works.
   */
  readonly resume: (
    definitions: readonly JobDefinition[],
    interrupted: (job: JobDefinition, data: Record<string, unknown>, again: boolean) => Promise<void> | undefined,
  ) => Promise<void>
  readonly stop: () => Promise<void>
}

/** How often work may be begun whose process dies over it. */
const maxBegun = 3

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
  const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue.retryLimit]))
  for (const { name, retries = 0 } of definitions) {
    const again = { retryLimit: retries, retryDelay: 2, retryBackoff: true }
    if (!existing.has(name)) await boss.createQueue(name, { ...again, expireInSeconds: 3600 })
    else if (existing.get(name) !== retries) await boss.updateQueue(name, again)
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
    resume: async (all, interrupted) => {
      const { rows } = await database.pool.query<{ id: string; name: string; data: unknown; begun: number }>(
        `select id, name, data, retry_count + 1 as begun from jobs.job where state = 'active' and name = any($1::text[])`,
        [all.map(({ name }) => name)],
      )
      for (const { id, name, data, begun } of rows) {
        const definition = all.find((each) => each.name === name)!
        const again = begun < maxBegun
        await interrupted(definition, (data ?? {}) as Record<string, unknown>, again)
        if (again) {
          await database.pool.query(
            `update jobs.job set state = 'retry', retry_count = retry_count + 1, retry_limit = greatest(retry_limit, retry_count + 1),
               start_after = now() where name = $1 and id = $2 and state = 'active'`,
            [name, id],
          )
          options.log.warn({ job: name, begun }, 'work whose process died is taken up again')
          continue
        }
        options.log.error({ job: name, begun }, 'work whose process died over it several times is given up')
        await boss.cancel(name, id)
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 4000 }),
  }
}
