/** However the program is asked to end, or whoever started it dies: everything ends, cleanly, within ten seconds. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, test as anywhere, describe, expect } from 'vitest'
import { pidExists } from '#platform/db/index.ts'
import { endStarted, familyOf, left, programFile, removeRoot, root, type Started, start } from '#test/kit/started.ts'

const test = anywhere.runIf(process.platform === 'linux')
afterEach(endStarted)
afterAll(removeRoot)

/** What a container gives between SIGTERM and SIGKILL. */
const graceMs = 10_000
const directory = join(root, 'ending')
const off = { DEMO: 'off' }
const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
const oneOf = (family: readonly number[], word: string) => family.find((pid) => commandOf(pid).includes(word))!
const npm = ['npm', 'start', '--silent']

type Running = { readonly started: Started; readonly address: string; readonly all: number[] }

/** Started and at work: all its processes. */
async function atWork(command?: readonly string[]): Promise<Running> {
  const started = start(directory, off, command)
  const address = await started.ready
  await until(address, ({ worker }) => worker === 'running')
  return { started, address, all: [...new Set([started.pid, ...started.family()])] }
}

type Health = { readonly status: string; readonly worker: string }
async function until(address: string, holds: (health: Health) => boolean, patienceMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(50)) {
    const health = (await (await fetch(`${address}/health`)).json()) as Health
    if (holds(health)) return
    if (Date.now() > deadline) throw new Error(`It stays ${JSON.stringify(health)}.`)
  }
}

/** The database wrote everything and said so: the next start has nothing to recover. */
const endedCleanly = () =>
  !execFileSync('ls', [join(directory, 'postgres')], { encoding: 'utf8' }).includes('postmaster.pid')

describe('SIGTERM and SIGINT', () => {
  test.each([
    ['npm', 'SIGTERM', npm, ({ started }: Running) => started.pid],
    ['npm', 'SIGINT', npm, ({ started }: Running) => started.pid],
    ['the program that npm started', 'SIGTERM', npm, ({ all }: Running) => oneOf(all, 'start.mjs')],
    ['the program started without npm', 'SIGTERM', undefined, ({ started }: Running) => started.pid],
    ['the program whose terminal is closed', 'SIGHUP', undefined, ({ started }: Running) => started.pid],
  ] as const)(
    'to %s (%s) ends all of it',
    async (_who, signal, command, whom) => {
      const running = await atWork(command)
      expect(running.all.length).toBeGreaterThan(4)
      process.kill(whom(running), signal)
      expect(await left(running.all, graceMs)).toEqual([])
      expect(endedCleanly()).toBe(true)
      await running.started.end
    },
    90_000,
  )

  test('wait for nobody who sends slowly', async () => {
    const { started, address, all } = await atWork()
    const slow = connect(Number(new URL(address).port), '127.0.0.1')
    slow.on('error', () => {})
    slow.write(
      'POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\na',
    )
    await sleep(200)
    process.kill(started.pid, 'SIGTERM')
    expect(await left(all, graceMs)).toEqual([])
    expect((await started.end).code).toBe(0)
    slow.destroy()
  }, 90_000)

  anywhere.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'reach it as the first process of a container, even while it is loading (skipped without root)',
    async () => {
      // The first process of a PID name space gets no signal that it has no handler for, as in a container.
      const alone = ['unshare', '--pid', '--fork', '--mount-proc', process.execPath, programFile]
      for (const early of [false, true]) {
        const started = early ? start(directory, off, alone) : (await atWork(alone)).started
        if (early) await sleep(250)
        const inside = familyOf([started.pid]).filter((pid) => pid !== started.pid)
        process.kill(oneOf(inside, 'start.mjs'), 'SIGTERM')
        expect({ early, left: await left(inside, graceMs) }).toEqual({ early, left: [] })
        await started.end
      }
    },
    90_000,
  )
})

describe('kill -9', () => {
  test('of npm: the program notices that it is alone, and ends', async () => {
    const { started, all } = await atWork(npm)
    process.kill(started.pid, 'SIGKILL')
    expect(await left(all, graceMs)).toEqual([])
    expect(endedCleanly()).toBe(true)
  }, 90_000)

  test('of the server: the worker notices, and stops the database', async () => {
    const { started, all } = await atWork()
    process.kill(started.pid, 'SIGKILL')
    expect(await left(all, graceMs)).toEqual([])
    expect(endedCleanly()).toBe(true)
  }, 90_000)

  test('of the worker, again and again: the server serves, says so, and has a new one', async () => {
    const { started, address, all } = await atWork()
    let worker = oneOf(all, 'worker.ts')
    for (let turn = 0; turn < 2; turn++) {
      process.kill(worker, 'SIGKILL')
      await until(address, (health) => health.worker === 'restarting')
      expect((await fetch(`${address}/about`)).status).toBe(200)
      expect((await fetch(`${address}/health/ready`)).status).toBe(200)
      await until(address, (health) => health.worker === 'running')
      const next = oneOf(familyOf([started.pid]), 'worker.ts')
      expect([next === worker, pidExists(next)]).toEqual([false, true])
      worker = next
    }
    process.kill(started.pid, 'SIGTERM')
    expect((await started.end).code).toBe(0)
    expect(started.out()).toContain('the background worker ended by itself')
  }, 90_000)
})
