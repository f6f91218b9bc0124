import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, test as anywhere, describe, expect } from 'vitest'
import { openDatabase } from '#platform/db/index.ts'
import { endStarted, left, programFile, removeRoot, root, type Started, start } from '#test/kit/started.ts'

// The embedded database comes for Linux only, and processes are looked up in /proc.
const test = anywhere.runIf(process.platform === 'linux')
const patience = 90_000

afterEach(endStarted)
afterAll(removeRoot)

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

    process.kill(-again.pid, 'SIGTERM')
    expect((await again.end).code).toBe(0)
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
      expect(await refused(start(freeDirectory('old'), {}, [old!, programFile]))).toContain('needs Node.js 24')
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
