/**
 * The demo city with one more room, whose kind has a field of every type, and somebody signed in who may change it.
 */
import type { App } from '#platform/app.ts'
import { transaction } from '#platform/db/index.ts'
import type { AppContext } from '#platform/page.ts'
import { get, write } from '#platform/records/index.ts'
import { everyTypeRoom, thing } from './every-type.ts'
import { administrator } from './people.ts'
import type { Browser } from './visitors.ts'
import { openWiderHouse } from './wider-house.ts'

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
  const house = await openWiderHouse([room])
  const { app, ctx } = house
  const browser = await house.signedIn(administrator)
  const found = await app.database.pool.query<{ id: string }>(
    `select id from records.record where kind = 'directory.organisation' order by code limit 1`,
  )
  const writing: EveryTypeHouse['writing'] = (changes) =>
    transaction(app.database.kysely, (tx) => write({ ...ctx(), db: tx }, { source: 'test' }, changes))
  return {
    ...{ app, browser, ctx, writing },
    anybody: house.anybody,
    body: found.rows[0]!.id,
    make: async (values, more = {}) =>
      (await writing([{ kind: thing.kind, action: 'create', values: { title: 'A thing', ...values }, ...more }]))
        .saved[0]!,
    stored: async (id) => (await get(ctx(), thing, id)) as Record<string, unknown>,
    close: async () => {
      await house.close()
      forget()
    },
  }
}
