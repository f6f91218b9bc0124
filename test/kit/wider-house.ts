/** The demo city, or an empty house, with further rooms: started, loaded and served as the listed ones are. */
import { type App, contextOf } from '#platform/app.ts'
import { type Caller, systemCaller } from '#platform/caller.ts'
import type { Manifest } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { compose } from '../../src/main/app.ts'
import { loadDemoCity } from '../../src/main/demo/load.ts'
import { foldersOf, modulesWith } from '../../src/main/modules.ts'
import { createWeb } from '../../src/main/server.ts'
import { freshDatabase } from './database.ts'
import { refreshFindings } from './findings.ts'
import { demoPassword } from './people.ts'
import { type Browser, browserOf } from './visitors.ts'

const quiet = { info() {}, warn() {}, error: console.error }

export type WiderHouse = {
  readonly app: App
  readonly ctx: (caller?: Caller) => AppContext
  readonly anybody: () => Browser
  /** The browser of somebody in the demo city. */
  readonly signedIn: (login: string) => Promise<Browser>
  /** Makes the register of findings anew, as the worker does after a change. */
  readonly refreshFindings: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function openWiderHouse(further: readonly Manifest[], { demo = true } = {}): Promise<WiderHouse> {
  const rooms = modulesWith(further)
  const database = await freshDatabase({ folders: foldersOf(rooms) })
  const { app, close } = await compose(database, { log: quiet, rooms })
  if (demo) await loadDemoCity(app, demoPassword, rooms)
  const limits = { readsPerMinute: false, writesPerMinute: false, loopDelayMs: 0 } as const
  const server = await createWeb(app, { rooms, limits })
  const ctx = (caller = systemCaller) => contextOf(app, caller, 'en')
  return {
    ...{ app, ctx },
    anybody: () => browserOf(server),
    signedIn: async (login) => {
      const browser = browserOf(server)
      const { status } = await browser.signIn(login)
      if (status !== 303) throw new Error(`${login} cannot sign in: ${status}.`)
      return browser
    },
    refreshFindings: async () => {
      await refreshFindings(
        ctx(),
        rooms.flatMap((room) => room.findings ?? []),
      )
    },
    close: async () => {
      await server.close()
      await close()
    },
  }
}
