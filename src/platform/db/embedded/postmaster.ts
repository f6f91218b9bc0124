import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pidExists } from '../process-mark.ts'
import { StartProblem } from '../start-problem.ts'
import type { Binaries } from './binaries.ts'
import { startFailure } from './cluster.ts'
import { type Place, socketDirectory } from './place.ts'
import { cannotRun, launch } from './run.ts'

/** The number in the socket's file name; no network port is ever opened. */
export const port = 5432

const readyMs = 120_000
const stopMs = 60_000
const keptLogFiles = 6

/** What a running server wrote into `postmaster.pid`. */
export type Postmaster = { readonly pid: number; readonly socketDirectory: string; readonly status: string }

/**
 * The living server of this data directory, or undefined. A `postmaster.pid` left by kill -9 whose process id now
 * belongs to another program does not count: the command line must be that of a server of these data. (It is readable
 * by all, unlike /proc/PID/cwd, which root may not read in a container without CAP_SYS_PTRACE.)
 */
export function runningPostmaster(data: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  if (!isServerOf(pid, data)) return undefined
  return { pid, socketDirectory: lines[4] ?? '', status: (lines[7] ?? '').trim() }
}

function isServerOf(pid: number, data: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return args[args.indexOf('-D') + 1] === data && (args[0] ?? '').endsWith('postgres')
  } catch {
    return false
  }
}

/** The server if it is ready and answers on its socket; waits while it starts, recovers or stops. */
export async function readyPostmaster(data: string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + readyMs
  for (let silent = 0; Date.now() < deadline && silent < 20; ) {
    const found = runningPostmaster(data)
    if (found === undefined) return undefined
    if (found.status !== 'ready') await sleep(5)
    else if (await answers(found.socketDirectory)) return found
    // A server that has just been killed is still listed for a moment.
    else await sleep(25 + silent++)
  }
  return undefined
}

/** Asks PostgreSQL whether a connection may be encrypted (protocol 3.0, SSLRequest); a live server says no. */
const question = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

function answers(directory: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(join(directory, `.s.PGSQL.${port}`))
    socket.setTimeout(5_000, () => socket.destroy())
    socket.once('connect', () => socket.write(question))
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve(false))
  })
}

/**
 * Starts the server and waits until it takes connections (crash recovery included). It is the head of its own session,
 * so that Ctrl-C in the terminal reaches only the program, which stops the server itself when it has finished.
 *
 * @param durable false only for tests: a crash of the machine may then lose data.
 */
export async function startPostmaster(binaries: Binaries, place: Place, durable: boolean): Promise<Postmaster> {
  const { home, data, identity } = place
  const directory = await socketDirectory(place)
  await pruneLog(data)
  const args = [
    '-D',
    data,
    '-c',
    'listen_addresses=',
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${directory}`,
  ]
  args.push('-c', 'unix_socket_permissions=0700')
  // A test database lives for seconds, and a worker of autovacuum in it would keep it from being dropped.
  if (!durable) args.push('-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'autovacuum=off')
  const deadline = Date.now() + readyMs
  for (;;) {
    if (runningPostmaster(data) === undefined) await rm(join(data, 'postmaster.pid'), { force: true })
    const printedPath = join(home, 'start.log')
    writeFileSync(printedPath, '')
    const file = openSync(printedPath, 'a')
    let child: ChildProcess
    try {
      child = launch(binaries.postgres, args, identity, { stdio: ['ignore', file, file], detached: true })
    } finally {
      closeSync(file)
    }
    let ended: number | string | undefined
    let refused: unknown
    child.once('exit', (code, signal) => {
      ended = code ?? signal ?? -1
    })
    child.once('error', (error) => {
      refused = error
    })
    child.unref()
    while (ended === undefined && refused === undefined && Date.now() < deadline) {
      const found = runningPostmaster(data)
      if (found?.status === 'ready') return found
      await sleep(4)
    }
    if (refused !== undefined) throw cannotRun(binaries.postgres, identity, refused)
    const printed = await readFile(printedPath, 'utf8')
    // The children of a server killed with -9 need a moment to notice; until then its memory is in use.
    const stillInUse = /shared memory block .* is still in use|is another postmaster/s.test(printed)
    if (ended !== undefined && stillInUse && Date.now() < deadline) {
      await sleep(50)
      continue
    }
    if (ended === undefined) {
      throw new StartProblem(
        'database.start',
        `PostgreSQL is still recovering after ${readyMs / 1000} seconds: start again later, see ${join(data, 'log')}.`,
        75,
      )
    }
    throw startFailure('postgres', ended, printed.includes('FATAL') ? printed : `${printed}\n${await lastLog(data)}`)
  }
}

/** Stops the server quickly and cleanly (SIGINT, "fast shutdown"): open transactions end, everything is written. */
export async function stopPostmaster(data: string): Promise<void> {
  const found = runningPostmaster(data)
  if (found === undefined) return
  signal(found.pid, 'SIGINT')
  const deadline = Date.now() + stopMs
  for (let asked = 'SIGINT'; isServerOf(found.pid, data) && Date.now() < deadline + 10_000; await sleep(4)) {
    if (asked === 'SIGINT' && Date.now() > deadline) {
      // Better a recovery at the next start than a process that lingers.
      asked = 'SIGQUIT'
      signal(found.pid, 'SIGQUIT')
    }
  }
  // Only if empty and ours: a directory made by the operator is not ours.
  if (/run-[0-9a-f]{12}$/.test(found.socketDirectory)) await rmdir(found.socketDirectory).catch(() => {})
}

/** Asks the server to stop without waiting; for the exit of the process, when nothing can be awaited. */
export function signalStop(data: string): void {
  const found = runningPostmaster(data)
  if (found !== undefined) signal(found.pid, 'SIGINT')
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (pidExists(pid)) throw error
  }
}

/** Bounds the log: keeps the newest files, of 5 MB each. */
export async function pruneLog(data: string): Promise<void> {
  const directory = join(data, 'log')
  const names = await readdir(directory).catch(() => [])
  // The names hold the time, so they sort by age.
  const old = names.filter((name) => name.startsWith('postgres-')).sort()
  for (const name of old.slice(0, -keptLogFiles)) await rm(join(directory, name), { force: true })
}

async function lastLog(data: string): Promise<string> {
  const directory = join(data, 'log')
  const newest = (await readdir(directory).catch(() => [])).sort().at(-1)
  return newest === undefined ? '' : (await readFile(join(directory, newest), 'utf8')).slice(-2_000)
}
