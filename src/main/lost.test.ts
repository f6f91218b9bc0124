/** What the running program loses and gets back: its database, its disk, whoever reads its output. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, test as anywhere, expect } from 'vitest'
import { runningPostmaster } from '#platform/db/index.ts'
import { endStarted, programFile, removeRoot, root, start } from '#test/kit/started.ts'

const linux = process.platform === 'linux'
const test = anywhere.runIf(linux)
const mounted: string[] = []
afterEach(async () => {
  await endStarted()
  for (const place of mounted.splice(0)) execFileSync('umount', ['-l', place])
})
afterAll(removeRoot)

const asPage = { headers: { accept: 'text/html', 'accept-language': 'en' } }

async function until<Found>(look: () => Promise<Found | undefined>, patienceMs = 20_000): Promise<Found> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(100)) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('It did not come.')
  }
}
const readiness = async (address: string): Promise<string> =>
  ((await (await fetch(`${address}/health/ready`)).json()) as { status: string }).status

test('a database that dies is said in plain words, and all goes on when it is back', async () => {
  const directory = join(root, 'lost')
  const started = start(directory, { DEMO: 'off' })
  const address = await started.ready
  const data = join(directory, 'postgres')
  for (let turn = 0; turn < 2; turn++) {
    // Stopped rather than killed, so that it is away for a while: nobody answers, and nobody starts another.
    const { pid } = runningPostmaster(data)!
    process.kill(pid, 'SIGKILL')
    const answer = await until(async () => {
      const page = await fetch(`${address}/history`, asPage)
      const text = await page.text()
      if (page.status === 200) return { done: true }
      expect({ status: page.status, after: page.headers.get('retry-after') }).toEqual({ status: 503, after: '5' })
      expect(text).toContain('<meta http-equiv="refresh"')
      expect(text).toContain('One moment')
      return (await readiness(address)) === 'database unreachable' ? { done: false } : undefined
    })
    expect(answer).toBeDefined()
    await until(async () => ((await readiness(address)) === 'ok' ? true : undefined))
    expect((await fetch(`${address}/history`, asPage)).status).toBe(200)
  }
  expect(started.ended()).toBe(false)
}, 120_000)

test('whoever reads its output may go away', async () => {
  const directory = join(root, 'unheard')
  // `head` leaves after the first lines; each further request is another line.
  const command = `"${process.execPath}" "${programFile}" 2>&1 | (head -n 6; exec >&-; exec <&-; sleep 60)`
  const started = start(directory, { DEMO: 'off', LOG: 'info' }, ['bash', '-c', command])
  const address = await until(async () => /ready: (http:\S+)/.exec(started.out())?.[1], 60_000)
  for (let count = 0; count < 20; count++) {
    expect((await fetch(`${address}/about`)).status).toBe(200)
    await sleep(20)
  }
  expect(await readiness(address)).toBe('ok')
}, 120_000)

anywhere.runIf(linux && process.getuid?.() === 0)(
  'a full disk refuses what is written, says why, and takes it again when there is room (skipped without root)',
  async () => {
    const directory = join(root, 'full')
    mkdirSync(directory)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=755', 'tmpfs', directory])
    mounted.push(directory)
    chmodSync(directory, 0o755)
    const started = start(directory, { DEMO: 'off' })
    const address = await started.ready
    const filler = join(directory, 'filler')
    const fill = () => {
      try {
        for (let part = 0; part < 400; part++) writeFileSync(`${filler}${part}`, Buffer.alloc(1_048_576))
      } catch {
        // Full.
      }
    }
    fill()
    await until(async () => ((await readiness(address)) === 'disk full' ? true : undefined))
    // What is only read is still answered.
    expect((await fetch(`${address}/about`, asPage)).status).toBe(200)
    for (let part = 0; part < 400; part++) rmSync(`${filler}${part}`, { force: true })
    await until(async () => ((await readiness(address)) === 'ok' ? true : undefined), 60_000)
    expect((await fetch(`${address}/history`, asPage)).status).toBe(200)
    expect(started.ended()).toBe(false)
  },
  120_000,
)
