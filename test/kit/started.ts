/** The whole program as real processes: started, looked up with all its descendants, ended. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pidExists } from '#platform/db/index.ts'
import { databasePlace } from './place.ts'

export const programFile = resolve(import.meta.dirname, '../../src/main/start.mjs')

/** Where data directories of one test file lie. */
export const root = mkdtempSync(join(databasePlace(), 'commonweal-start-'))
// Root's database server runs as another user, who must be able to pass.
chmodSync(root, 0o755)
const running: Started[] = []

/** Ends by force whatever a test left. */
export async function endStarted(): Promise<void> {
  for (const each of running.splice(0)) {
    if (!each.ended()) process.kill(-each.pid, 'SIGKILL')
    for (const pid of each.family()) if (pidExists(pid)) process.kill(pid, 'SIGKILL')
    await each.end
  }
}
export const removeRoot = () => rmSync(root, { recursive: true, force: true })

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
export type Started = {
  readonly pid: number
  readonly directory: string
  readonly ready: Promise<string>
  readonly end: Promise<Ended>
  readonly ended: () => boolean
  /** The worker and the database server with their children, as they were when last looked at. */
  readonly family: () => number[]
  readonly out: () => string
}

/** Starts the program in a process group of its own, as a terminal does. */
export function start(
  directory: string,
  more: Record<string, string> = {},
  command: readonly string[] = [process.execPath, programFile],
): Started {
  const { DATABASE_URL: _, NODE_OPTIONS: __, VITEST: ___, npm_lifecycle_event: ____, ...inherited } = process.env
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { ...inherited, PORT: '0', DATA_DIRECTORY: directory, LOG: 'error', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let out = ''
  let err = ''
  let over = false
  const family = new Set<number>()
  const end = new Promise<Ended>((done) =>
    child.once('close', (code) => {
      over = true
      done({ code, out, err })
    }),
  )
  child.stderr!.on('data', (bytes) => {
    err += bytes
  })
  const ready = new Promise<string>((done, fail) => {
    child.stdout!.on('data', (bytes) => {
      out += bytes
      const address = /ready: (http:\S+)/.exec(out)?.[1]
      if (address && out.includes('Ctrl-C')) done(address)
    })
    void end.then((ended) => fail(new Error(`It ended with ${ended.code}: ${ended.err || ended.out}`)))
  })
  ready.catch(() => {})
  const started: Started = {
    pid: child.pid!,
    directory,
    ready,
    end,
    ended: () => over,
    out: () => out,
    family: () => {
      for (const pid of familyOf([child.pid!, ...postmasters(directory)])) if (pid !== child.pid) family.add(pid)
      return [...family]
    },
  }
  running.push(started)
  return started
}

/** Process ids with all their descendants. */
export function familyOf(tops: readonly number[]): number[] {
  const found = new Set(tops)
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // The name of the program is in brackets and may contain spaces.
        const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')
        return [[Number(name), Number(parent)] as const]
      } catch {
        return []
      }
    })
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

function postmasters(directory: string): number[] {
  const file = join(directory, 'postgres', 'postmaster.pid')
  return existsSync(file) ? [Number(readFileSync(file, 'utf8').split('\n')[0])] : []
}

/** Of these, the ones that are still there after a moment's grace. */
export async function left(pids: readonly number[], graceMs: number): Promise<number[]> {
  for (const until = Date.now() + graceMs; ; await sleep(50)) {
    const alive = pids.filter((pid) => pidExists(pid))
    if (alive.length === 0 || Date.now() > until) return alive
  }
}
