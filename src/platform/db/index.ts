/**
 * The door of the database: connections and transactions, migrations, bulk copies, the lease of a running application.
 */
export {
  type Database,
  type Executor,
  openDatabase,
  StartProblem,
  type TransactionOf,
  transaction,
} from './connection.ts'
export { copyIn, copyOut } from './copy.ts'
// The embedded server: the test kit and benchmarks start and stop it themselves.
export { openEmbedded } from './embedded/embedded.ts'
export { findPlace } from './embedded/place.ts'
export { runningPostmaster } from './embedded/postmaster.ts'
export { takeLease } from './lease.ts'
export { hashOfSql, type MigrationFolder, migrate, readSql } from './migrate.ts'
export { isAlive, ownProcessMark, pidExists, processScope } from './process-mark.ts'
export { reshapeAction } from './reshape.ts'
export { type Waiting, waitingFor } from './waiting.ts'
