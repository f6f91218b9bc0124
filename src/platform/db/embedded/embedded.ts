import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorText, StartProblem } from '../start-problem.ts'
import { findBinaries } from './binaries.ts'
import { ensureCluster, owner } from './cluster.ts'
import { exclusively } from './mutex.ts'
import { findPlace, type Place } from './place.ts'
import {
  port,
  pruneLog,
  readyPostmaster,
  runningPostmaster,
  signalStop,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts'
import { type Registration, register, users } from './users.ts'

/** How often a user checks that the server is alive and gives a sign of life itself. */
const watchMs = 1_000
const pruneEveryMs = 600_000

/** One use of the embedded server. `host` is the directory of its unix socket, as `pg` wants it. */
export type Embedded = {
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }
  /** The directory in which everything lies. */
  readonly home: string
  /** Whether the server was already running, started by another process or left over from one. */
  readonly adopted: boolean
  /** Leaves the server; the last one to leave stops it. */
  close(): Promise<void>
}

export type EmbeddedOptions = {
  /** Where the data go; `.commonweal` under the working directory by default. */
  readonly directory?: string
  /** Called with one line about anything that happens to the server while it is in use. */
  readonly log?: (message: string) => void
  /** False for tests: faster, survives kill -9, may lose data when the machine itself goes down. */
  readonly durable?: boolean
}

/**
 * Opens the PostgreSQL server that came with npm, on the data of one directory: starts it, or joins the one that runs.
 *
 * Any number of processes may use it together. While one does, a server that dies is started again (within about a
 * second; the socket keeps its path, so pools reconnect by themselves). A process that ends without `close`, even by
 * kill -9, no longer counts; a server left without users is adopted by the next one.
 *
 * @throws StartProblem `database.none`, `database.directory`, `database.version`, `database.start`, `database.busy`.
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const { directory = '.commonweal', log = () => {}, durable = true } = options
  const place = await findPlace(directory)
  const registration = await register(place.home)
  let server: { host: string; adopted: boolean }
  try {
    server = await exclusively(place.home, () => attach(place, durable, log))
  } catch (error) {
    registration.remove()
    throw error
  }
  const watch = watching(place, registration, durable, log)
  // Without this an uncaught error or process.exit would leave the server running until the next start.
  const atExit = () => {
    registration.remove()
    const left = users(place.home)
    if (left.here + left.elsewhere === 0) signalStop(place.data)
  }
  process.once('exit', atExit)
  let closing: Promise<void> | undefined
  return {
    connection: { host: server.host, port, user: owner, database: owner },
    home: place.home,
    adopted: server.adopted,
    close() {
      closing ??= (async () => {
        await watch.stop()
        process.removeListener('exit', atExit)
        await exclusively(place.home, async () => {
          registration.remove()
          const left = users(place.home)
          if (left.here + left.elsewhere === 0) await stopPostmaster(place.data)
        })
      })()
      return closing
    },
  }
}

async function attach(
  place: Place,
  durable: boolean,
  log: (message: string) => void,
): Promise<{ host: string; adopted: boolean }> {
  const ready = await readyPostmaster(place.data)
  if (ready !== undefined) return { host: ready.socketDirectory, adopted: true }
  if (runningPostmaster(place.data) !== undefined) await replaceUnreachable(place, log)
  await waitForOthers(place, log)
  const binaries = await findBinaries(place.home, place.identity)
  await ensureCluster(binaries, place)
  await removeOldSockets(place)
  const started = await startPostmaster(binaries, place, durable)
  return { host: started.socketDirectory, adopted: false }
}

/** A server whose socket was deleted (a swept temporary directory) is useless, unless someone is still connected. */
async function replaceUnreachable(place: Place, log: (message: string) => void): Promise<void> {
  // Our own registration is one of them.
  if (users(place.home).here > 1) {
    const pid = runningPostmaster(place.data)?.pid
    throw new StartProblem(
      'database.start',
      `The PostgreSQL server of ${place.data} (process ${pid}) runs but does not answer, and others use it: stop the other Commonweal processes, then start again.`,
      75,
    )
  }
  log('the database server did not answer on its socket: stopping it and starting it again')
  await stopPostmaster(place.data)
}

/** Two containers on one volume cannot see each other's processes, and two servers on the same data destroy them. */
async function waitForOthers(place: Place, log: (message: string) => void): Promise<void> {
  for (let waited = 0; users(place.home).elsewhere > 0; waited++) {
    if (waited === 0) log('the data were used from another container or machine moments ago: waiting for it to be gone')
    if (waited >= 120) {
      throw new StartProblem(
        'database.busy',
        `The data in ${place.data} are in use from another container or machine: stop Commonweal there, or set DATABASE_URL on both.`,
        75,
      )
    }
    await sleep(100)
  }
}

async function removeOldSockets({ home }: Place): Promise<void> {
  for (const name of await readdir(home)) {
    if (name.startsWith('run-')) await rm(join(home, name), { recursive: true, force: true })
  }
}

function watching(place: Place, registration: Registration, durable: boolean, log: (message: string) => void) {
  let stopped = false
  let prunedAt = Date.now()
  let pauseMs = watchMs
  let current: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout
  const look = async () => {
    registration.touch()
    if (Date.now() - prunedAt > pruneEveryMs) {
      prunedAt = Date.now()
      await pruneLog(place.data)
    }
    if (runningPostmaster(place.data) !== undefined) return
    await exclusively(place.home, async () => {
      if (stopped || runningPostmaster(place.data) !== undefined) return
      log('the database server has died: starting it again')
      await attach(place, durable, log)
      log('the database server is back')
    })
  }
  const plan = () => {
    timer = setTimeout(() => {
      current = look()
        .then(() => {
          pauseMs = watchMs
        })
        .catch((error) => {
          log(`the database server could not be started again: ${errorText(error)}`)
          pauseMs = Math.min(pauseMs * 2, 30_000)
        })
        .then(() => {
          if (!stopped) plan()
        })
    }, pauseMs)
    timer.unref()
  }
  plan()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
  }
}
