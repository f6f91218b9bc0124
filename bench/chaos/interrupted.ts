/** The process that is killed in the middle: `interrupted.ts migration URL`, `interrupted.ts restore URL ARCHIVE`. */
import { restore } from '#platform/backup/index.ts'
import { migrate, openDatabase } from '#platform/db/index.ts'
import { migrationFolders } from '../../src/main/modules.ts'

const [work, url, archive] = process.argv.slice(2)
const database = await openDatabase({ url: url!, applicationName: `chaos ${work}` })
process.send?.('begun')
if (work === 'migration') await migrate(database, migrationFolders)
else await restore(database, migrationFolders, archive!)
await database.close()
process.disconnect?.()
