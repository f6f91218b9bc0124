/** The demo city for tests: written through the gate once a run, then copied in the time that an empty database takes. */
import type { Database } from '#platform/db/index.ts'
import { compose } from '../../src/main/app.ts'
import { loadDemoCity } from '../../src/main/demo/load.ts'
import { migrationFolders } from '../../src/main/modules.ts'
import { type Content, freshDatabase } from './database.ts'
import { demoPassword } from './people.ts'

const demoCity: Content = {
  name: 'demo city',
  write: async (database) => {
    const { app } = await compose(database, { log: { info() {}, warn() {}, error: console.error } })
    await loadDemoCity(app, demoPassword)
  },
}

/** A database of its own with the demo city in it, whose people sign in with `demoPassword`. */
export const demoDatabase = (): Promise<Database> => freshDatabase({ folders: migrationFolders, content: demoCity })
