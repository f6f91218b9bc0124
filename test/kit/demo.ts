/** The demo city for tests: written through the gate once per run, then copied as fast as an empty database. */
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

/** A separate database with the demo city, whose people sign in with `demoPassword`. */
export const demoDatabase = (): Promise<Database> => freshDatabase({ folders: migrationFolders, content: demoCity })
