import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode, errorText, StartProblem } from '../start-problem.ts'
import type { Binaries } from './binaries.ts'
import { isRoot } from './identity.ts'
import { type Place, socketNameFile } from './place.ts'
import { run } from './run.ts'

/** The major version of the PostgreSQL that comes with npm; data of another version cannot be opened. */
const majorVersion = '18'

/** The role and database of the program: not a superuser, so that development meets the rights of production. */
export const owner = 'commonweal'

const settings = `# Written once by Commonweal for its own PostgreSQL; yours to edit. Takes effect at the next start of the server.
# Given on the command line, so not changeable here: unix socket only, never a network port.
shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_connections = 60

# An acknowledged change is on the disk.
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 512MB
min_wal_size = 80MB

# Many small queries on few cores: compiling them and spreading them over processes costs more than it gives,
# and parallel workers need a /dev/shm that containers keep small.
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
max_worker_processes = 4
max_logical_replication_workers = 0
autovacuum_max_workers = 2
io_method = sync
random_page_cost = 1.1

datestyle = 'iso, ymd'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'

# Files of at most 5 MB, of which Commonweal keeps the newest ones. Terse: no values of rows, which may be personal.
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%Y%m%d-%H%M%S.log'
log_rotation_size = 5MB
log_rotation_age = 1d
log_error_verbosity = terse
log_min_messages = warning
log_checkpoints = off
log_line_prefix = '%m [%p] %a '
`

/** Only the server's user and root can enter the socket's directory, so no password is needed. */
const access = '# TYPE DATABASE USER METHOD\nlocal all all trust\n'

/**
 * Makes the cluster in `place.data` unless there is one. It appears there in one step: a crash half-way leaves a draft
 * next to it that the next start removes.
 *
 * Text sorts by the Unicode root collation (ICU `und`): "å É ø 中" sorts as people expect in a language-neutral list and
 * the order comes with our binaries, not with the machine. Page checksums are on.
 */
export async function ensureCluster(binaries: Binaries, place: Place): Promise<void> {
  const version = await versionOf(place.data)
  if (version === majorVersion) return
  if (version !== undefined) {
    throw new StartProblem(
      'database.version',
      `The data in ${place.data} were written by PostgreSQL ${version}, and this program brings ${majorVersion}: restore a backup with this version, or set DATABASE_URL to a PostgreSQL ${version} server.`,
    )
  }
  await removeDrafts(place.home)
  const draft = await mkdtemp(join(place.home, 'postgres.draft-')).catch((error) => {
    throw new StartProblem('database.directory', `${place.home} cannot be written (${errorText(error)}).`, 77)
  })
  try {
    if (isRoot()) await chown(draft, place.identity.uid, place.identity.gid)
    await chmod(draft, 0o700)
    await initialize(binaries, place, draft)
    await writeOwned(place, join(draft, 'postgresql.conf'), settings)
    await writeOwned(place, join(draft, 'pg_hba.conf'), access)
    await writeOwned(place, join(draft, socketNameFile), `${randomBytes(6).toString('hex')}\n`)
    await createDatabase(binaries, place, draft)
    await rename(draft, place.data)
    await flush(dirname(place.data))
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function versionOf(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    const names = await readdir(data).catch(() => [])
    if (errorCode(error) === 'ENOENT' && names.length === 0) return undefined
    throw new StartProblem(
      'database.directory',
      `${data} holds no readable PostgreSQL data (${errorText(error)}): move it away or restore a backup, or set DATABASE_URL.`,
      78,
      { cause: error },
    )
  }
}

async function removeDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    // An initdb whose parent was killed may still be writing into it.
    if (name.startsWith('postgres.draft-')) await rm(join(home, name), { recursive: true, force: true, maxRetries: 10 })
  }
}

async function initialize({ initdb }: Binaries, { identity }: Place, draft: string): Promise<void> {
  const fixed = ['-D', draft, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--data-checksums']
  const sorting = ['--locale-provider=icu', '--icu-locale=und', '--no-instructions']
  // With C.UTF-8, full text search distinguishes Chinese punctuation from characters; not every machine has that locale.
  let [code, printed] = await run(initdb, [...fixed, ...sorting, '--locale=C.UTF-8'], identity)
  if (code !== 0 && /invalid locale|locale .*could not/i.test(printed)) {
    ;[code, printed] = await run(initdb, [...fixed, ...sorting, '--locale=C'], identity)
  }
  if (code !== 0) throw startFailure('initdb', code, printed)
}

/** In single-user mode, so that a cluster is either absent or has its role and database. */
async function createDatabase({ postgres }: Binaries, { identity }: Place, draft: string): Promise<void> {
  const statements = `create role ${owner} login createdb;\ncreate database ${owner} owner ${owner};\n`
  const args = ['--single', '-D', draft, '-c', 'logging_collector=off', 'template1']
  const [code, printed] = await run(postgres, args, identity, statements)
  if (code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(printed)) throw startFailure('postgres', code, printed)
}

/** A problem that quotes the line in which a PostgreSQL program says what is wrong. */
export function startFailure(program: string, code: number | string, printed: string): StartProblem {
  const lines = printed.split('\n').filter((line) => line.trim() !== '')
  const telling =
    lines.findLast((line) => /error:|ERROR:|FATAL:|PANIC:/.test(line)) ?? lines.at(-1) ?? 'it said nothing'
  const mend = /No space left/i.test(printed)
    ? 'make room on the disk'
    : /user does not exist/.test(printed)
      ? 'start as a user that is listed in /etc/passwd (in a container, add a line for it), or set DATABASE_URL'
      : 'see to that, or set DATABASE_URL'
  return new StartProblem(
    'database.start',
    `PostgreSQL did not start (${program}, ${code}): ${telling.trim()}; ${mend}.`,
    69,
  )
}

async function writeOwned({ identity }: Place, path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 })
  if (isRoot()) await chown(path, identity.uid, identity.gid)
}

/** Makes the renaming itself survive a loss of power. */
async function flush(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
