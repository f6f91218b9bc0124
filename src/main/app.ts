/** Opens the application: database, migrations, declarations, city, queue. */

import type { Language } from '#kernel/words.ts'
import { type CityRow, findCity } from '#modules/directory'
import type { App } from '#platform/app.ts'
import type { City, Log } from '#platform/context.ts'
import { type Database, migrate, openDatabase } from '#platform/db/index.ts'
import { figureJob, figureSubscriber } from '#platform/figures/index.ts'
import { type Jobs, openJobs } from '#platform/jobs.ts'
import type { Manifest } from '#platform/module.ts'
import { composeRegistry, exchange, figuresOf, migrationFolders, modules } from './modules.ts'
import { people } from './people.ts'
export type OpenedApp = {
  readonly app: App
  readonly jobs: () => Promise<Jobs>
  readonly applied: readonly string[]
  /** Ends the queue, waiting a few seconds for what is at work; `close` does so, too. */
  readonly stopWork: () => Promise<void>
  readonly close: () => Promise<void>
}

export type OpenOptions = {
  readonly applicationName: string
  readonly log: Log
  readonly url?: string
  readonly directory?: string
  readonly now?: () => Date
  /** Maximum database connections of this process (10). */
  readonly max?: number
  readonly worker?: boolean
  /** Rooms other than the listed ones, for tests. */
  readonly rooms?: readonly Manifest[]
  /** Runs once the database is open and before it is brought up to date: the application's lease. */
  readonly before?: (database: Database) => Promise<void>
}

/** Stands in for the city until one is founded. */
export const noCity: City = {
  name: { en: 'Commonweal', 'zh-Hans': '共治' },
  timeZone: 'UTC',
  language: 'en',
  demo: false,
}
const cityOf = (row: CityRow | undefined): City =>
  row ? { name: row.name, timeZone: row.timeZone, language: row.language, demo: row.demo } : noCity

export const jobDefinitions = () => [figureJob, ...modules.flatMap((module) => module.jobs ?? [])]
export const subscribers = () => [figureSubscriber, ...modules.flatMap((module) => module.subscribers ?? [])]

/** Opens the database by DATABASE_URL or the embedded server, brings it up to date and joins the declarations. */
export async function openApp(options: OpenOptions): Promise<OpenedApp> {
  const database = await openDatabase({
    ...(options.url ? { url: options.url } : {}),
    ...(options.directory ? { directory: options.directory } : {}),
    applicationName: options.applicationName,
    ...(options.max ? { max: options.max } : {}),
    log: (message) => options.log.warn({}, message),
  })
  try {
    await options.before?.(database)
    const applied = await migrate(database, migrationFolders)
    return { ...(await compose(database, options)), applied }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Builds the application around a database that is open and up to date. */
export async function compose(
  database: Database,
  options: Pick<OpenOptions, 'log' | 'now' | 'worker' | 'rooms'>,
): Promise<Omit<OpenedApp, 'applied'>> {
  const row = await findCity(database.kysely)
  let city = cityOf(row)
  const { registry, policies } = composeRegistry(city.language as Language, options.rooms)
  let jobs: Promise<Jobs> | undefined
  const queue = () => {
    jobs ??= openJobs(database, jobDefinitions(), { worker: options.worker ?? false, log: options.log })
    return jobs
  }
  const app: App = {
    registry,
    policies,
    database,
    log: options.log,
    now: options.now ?? (() => new Date()),
    exchange,
    figures: figuresOf(options.rooms),
    people,
    city: () => city,
    refreshCity: async () => {
      city = cityOf(await findCity(database.kysely))
      registry.setLanguage(city.language as Language)
    },
    send: async (job, data, sendOptions) => (await queue()).send(job, data, sendOptions),
  }
  let stopped: Promise<void> | undefined
  const stopWork = () => {
    stopped ??= (jobs ?? Promise.resolve(undefined)).then((open) => open?.stop()).catch(() => {})
    return stopped
  }
  return {
    app,
    jobs: queue,
    stopWork,
    close: async () => {
      await stopWork()
      await database.close()
    },
  }
}
