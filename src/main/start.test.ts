import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, test as anywhere, describe, expect } from 'vitest'
import { openDatabase, pidExists } from '#platform/db/index.ts'
import { databasePlace } from '#test/kit/place.ts'

// The embedded database comes for Linux only, and processes are looked up in /proc.
const test = anywhere.runIf(process.platform === 'linux')
const program = resolve(import.meta.dirname, 'start.mjs')
const root = mkdtempSync(join(databasePlace(), 'commonweal-start-'))
// Root's database server runs as another user, who must be able to pass.
chmodSync(root, 0o755)
const patience = 90_000
const running: Started[] = []

afterEach(async () => {
  for (const each of running.splice(0)) {
    if (!each.ended()) process.kill(-each.pid, 'SIGKILL')
    for (const pid of each.family()) if (pidExists(pid)) process.kill(pid, 'SIGKILL')
    await each.end
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
type Started = {
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
function start(directory: string, more: Record<string, string> = {}, node = process.execPath): Started {
  const { DATABASE_URL: _, NODE_OPTIONS: __, VITEST: ___, ...inherited } = process.env
  const child: ChildProcess = spawn(node, [program], {
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
function familyOf(tops: readonly number[]): number[] {
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
async function left(pids: readonly number[], graceMs: number): Promise<number[]> {
  for (const until = Date.now() + graceMs; ; await sleep(50)) {
    const alive = pids.filter((pid) => pidExists(pid))
    if (alive.length === 0 || Date.now() > until) return alive
  }
}

/** It refused to start: one line with the mend, nothing on the ordinary output, a code that is not 0, no process left. */
async function refused(started: Started, { beside = false } = {}): Promise<string> {
  const { code, out, err } = await started.end
  expect({ err, lines: err.trimEnd().split('\n').length, out }).toEqual({ err, lines: 1, out: '' })
  expect(err).toMatch(/: .{10,}/)
  expect(code).toBeGreaterThan(0)
  if (!beside) expect(await left(started.family(), 5000)).toEqual([])
  return err
}

const freeDirectory = (name: string) => join(root, name)

describe('starting', () => {
  test('for the first time makes the demo city; Ctrl-C leaves no process; the next start finds everything', async () => {
    const directory = freeDirectory('first')
    const first = start(directory)
    const address = await first.ready
    expect(first.out()).toMatch(/Sign in with the password (\S+) as:/)
    expect(first.out()).toContain(`Data directory: ${directory}`)
    const page = await fetch(`${address}/about`, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect((await fetch(`${address}/health/ready`)).status).toBe(200)
    const family = first.family()
    expect(family.length).toBeGreaterThan(3)

    expect(await refused(start(directory), { beside: true })).toMatch(/already runs on this database, as process \d+/)
    expect((await fetch(`${address}/about`)).status).toBe(200)

    process.kill(-first.pid, 'SIGINT')
    const { code, err } = await first.end
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(await left(family, 2000)).toEqual([])

    const later = start(directory)
    await later.ready
    expect(/password (\S+) as:/.exec(later.out())![1]).toBe(/password (\S+) as:/.exec(first.out())![1])

    // Killed without a word: worker and database go by themselves, or the next start puts them right.
    const orphans = later.family()
    process.kill(later.pid, 'SIGKILL')
    await later.end
    const again = start(directory)
    const back = await again.ready
    expect((await fetch(`${back}/about`)).status).toBe(200)
    const now = new Set(again.family())
    expect(
      await left(
        orphans.filter((pid) => !now.has(pid)),
        15_000,
      ),
    ).toEqual([])

    // The worker killed: the server says so and ends, because nobody would seal the history.
    const worker = again.family().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts'))!
    process.kill(worker, 'SIGKILL')
    const lonely = await again.end
    expect(lonely.code).toBe(70)
    expect(lonely.err).toContain('background worker ended')
    expect(await left(again.family(), 5000)).toEqual([])

    const database = await openDatabase({ directory, applicationName: 'test' })
    await database.pool.query(
      `insert into commonweal.migration select 'strategy', '299912312359-from-the-future', hash, "appliedAt" from commonweal.migration limit 1`,
    )
    await database.close()
    expect(await refused(start(directory))).toContain('newer than the program')
  }, 180_000)

  test('can be given up at any moment, and leaves no process then either', async () => {
    for (const afterMs of [150, 700, 1500, 2500]) {
      const directory = freeDirectory(`given-up-${afterMs}`)
      const started = start(directory)
      await sleep(afterMs)
      const family = started.family()
      process.kill(-started.pid, 'SIGINT')
      const { err } = await started.end
      expect({ afterMs, err, left: await left([...family, ...started.family()], 10_000) }).toEqual({
        afterMs,
        err: '',
        left: [],
      })
    }
    // What was begun is finished by the next start.
    await start(freeDirectory('given-up-1500')).ready
  }, 180_000)
})

describe('says in one line why it does not start', () => {
  test(
    'when the port is taken',
    async () => {
      const other = createServer().listen(0, '127.0.0.1')
      await new Promise((done) => other.once('listening', done))
      const { port } = other.address() as { port: number }
      try {
        expect(await refused(start(freeDirectory('port'), { PORT: String(port), DEMO: 'off' }))).toContain(
          `Port ${port} is taken`,
        )
      } finally {
        other.close()
      }
    },
    patience,
  )

  test(
    'when the port is none',
    async () => {
      for (const PORT of ['eighty', '70000', '-1', '80.5'])
        expect(await refused(start(freeDirectory('none'), { PORT }))).toContain('PORT')
    },
    patience,
  )

  test(
    'when the data directory cannot be written',
    async () => {
      const file = join(root, 'a-file')
      writeFileSync(file, '')
      for (const directory of [join(file, 'below'), file, '/proc/commonweal'])
        expect(await refused(start(directory))).toContain(directory)
    },
    patience,
  )

  test(
    'when DATABASE_URL is wrong, without saying its password',
    async () => {
      const unused = createServer().listen(0, '127.0.0.1')
      await new Promise((done) => unused.once('listening', done))
      const { port } = unused.address() as { port: number }
      await new Promise((done) => unused.close(done))
      for (const DATABASE_URL of [
        'nonsense',
        'mysql://a:secret@h/x',
        `postgres://someone:secret@127.0.0.1:${port}/city`,
        'postgres://someone:secret@no-such-host.invalid/city',
      ]) {
        const said = await refused(start(freeDirectory('url'), { DATABASE_URL }))
        expect(said).toContain('DATABASE_URL')
        expect(said).not.toContain('secret')
      }
    },
    patience,
  )

  const old = oldNode()
  anywhere.skipIf(old === undefined)(
    'when Node is too old (skipped where no old Node is at hand)',
    async () => {
      expect(await refused(start(freeDirectory('old'), {}, old!))).toContain('needs Node.js 24')
    },
    patience,
  )

  const binaries = '/usr/lib/postgresql/15/bin'
  anywhere.skipIf(!existsSync(join(binaries, 'initdb')))(
    'when the database is not UTF-8 (skipped without the PostgreSQL of Debian)',
    async () => {
      const place = join(root, 'latin')
      mkdirSync(place)
      // Its programs refuse to run as root.
      const asUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
      if (asUser.uid !== undefined) chownSync(place, asUser.uid, asUser.gid)
      const options = { ...asUser, cwd: place, stdio: 'ignore' } as const
      execFileSync(
        join(binaries, 'initdb'),
        ['-D', 'data', '-E', 'SQL_ASCII', '--locale=C', '-U', 'someone', '-A', 'trust', '-N'],
        options,
      )
      const set = `-c listen_addresses= -c unix_socket_directories=${place} -F`
      execFileSync(join(binaries, 'pg_ctl'), ['-D', 'data', '-w', '-l', 'log', '-o', set, 'start'], options)
      try {
        const DATABASE_URL = `postgres:///postgres?user=someone&host=${encodeURIComponent(place)}`
        const said = await refused(start(freeDirectory('latin-house'), { DATABASE_URL }))
        expect(said).toMatch(/SQL_ASCII.*UTF8.*create database/)
      } finally {
        execFileSync(join(binaries, 'pg_ctl'), ['-D', 'data', '-m', 'immediate', 'stop'], options)
      }
    },
    patience,
  )
})

function oldNode(): string | undefined {
  return ['/usr/bin/node', '/usr/local/bin/node'].find((path) => {
    try {
      return Number(/^v(\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))![1]) < 24
    } catch {
      return false
    }
  })
}
