/** The running application: opened once per process and shared by every request, job and command. */
import type { Registry } from '#kernel/registry.ts'
import type { Language } from '#kernel/words.ts'
import type { Caller } from './caller.ts'
import type { City, Log, WriteContext } from './context.ts'
import { type Database, transaction } from './db/index.ts'
import type { Figure } from './figure.ts'
import type { AppContext, Exchange } from './page.ts'
import type { People } from './people.ts'
import type { Policies } from './policy.ts'

export type App = {
  readonly registry: Registry
  readonly policies: Policies
  readonly database: Database
  readonly log: Log
  readonly now: () => Date
  /** The city as it is now: the first start and the demo city change it while the application runs. */
  readonly city: () => City
  /** Rereads the city after it was created or removed. */
  readonly refreshCity: () => Promise<void>
  readonly exchange: Exchange
  readonly figures: readonly Figure[]
  readonly people: People
  readonly send: AppContext['send']
}

/** What one request, job or command works with. */
export const contextOf = (app: App, caller: Caller, language: Language): AppContext => ({
  db: app.database.kysely,
  database: app.database,
  caller,
  registry: app.registry,
  policies: app.policies,
  language,
  now: app.now,
  log: app.log,
  city: app.city(),
  exchange: app.exchange,
  figures: app.figures,
  people: app.people,
  send: app.send,
})

/** Runs a write in a single transaction (retried if the database asks for it). */
export const inTransaction = <Result>(ctx: AppContext, body: (ctx: WriteContext) => Promise<Result>): Promise<Result> =>
  transaction(ctx.database.kysely, (tx) => body({ ...ctx, db: tx }))
