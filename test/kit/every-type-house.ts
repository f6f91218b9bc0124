/**
 * The demo city with one more room, whose kind has a field of every type, and somebody signed in who may change it.
 */
import { type App, contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import type { AppContext } from '#platform/page.ts'
import { get, write } from '#platform/records/index.ts'
import { compose } from '../../src/main/app.ts'
import { loadDemoCity } from '../../src/main/demo/load.ts'
import { migrationFolders, modules } from '../../src/main/modules.ts'
import { createWeb } from '../../src/main/server.ts'
import { freshDatabase } from './database.ts'
import { everyTypeRoom, thing } from './every-type.ts'
import { administrator, demoPassword } from './people.ts'
import { type Browser, browserOf } from './visitors.ts'

const quiet = { info() {}, warn() {}, error: console.error }

export type EveryTypeHouse = {
  readonly app: App
  /** The administrator. */
  readonly browser: Browser
  readonly anybody: () => Browser
  /** Some organisation, to point at. */
  readonly body: string
  readonly ctx: () => AppContext
  readonly writing: (changes: Parameters<typeof write>[2]) => ReturnType<typeof write>
  /** A new thing with these values; `more` holds its rows. */
  readonly make: (
    values: Record<string, unknown>,
    more?: object,
  ) => Promise<Awaited<ReturnType<typeof write>>['saved'][number]>
  readonly stored: (id: string) => Promise<Record<string, unknown>>
  readonly close: () => Promise<void>
}

export async function openEveryTypeHouse(): Promise<EveryTypeHouse> {
  const { room, close: forget } = everyTypeRoom()
  const rooms = [...modules, room]
  const database = await freshDatabase({ folders: [...migrationFolders, { module: 'trial', folder: room.folder }] })
  const { app, close } = await compose(database, { log: quiet, rooms })
  await loadDemoCity(app, demoPassword)
  const server = await createWeb(app, {
    rooms,
    limits: { readsPerMinute: false, writesPerMinute: false, loopDelayMs: 0 },
  })
  const browser = browserOf(server)
  const { status } = await browser.signIn(administrator)
  if (status !== 303) throw new Error(`Nobody could sign in: ${status}.`)
  const found = await database.pool.query<{ id: string }>(
    `select id from records.record where kind = 'directory.organisation' order by code limit 1`,
  )
  const ctx = () => contextOf(app, systemCaller, 'en')
  const writing: EveryTypeHouse['writing'] = (changes) =>
    transaction(app.database.kysely, (tx) => write({ ...ctx(), db: tx }, { source: 'test' }, changes))
  return {
    ...{ app, browser, ctx, writing },
    anybody: () => browserOf(server),
    body: found.rows[0]!.id,
    make: async (values, more = {}) =>
      (await writing([{ kind: thing.kind, action: 'create', values: { title: 'A thing', ...values }, ...more }]))
        .saved[0]!,
    stored: async (id) => (await get(ctx(), thing, id)) as Record<string, unknown>,
    close: async () => {
      await server.close()
      await close()
      forget()
    },
  }
}
