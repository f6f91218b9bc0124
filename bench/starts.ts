/** Start-up as a person experiences it: from the command to the line that says where the page is. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openEmbedded } from '#platform/db/index.ts'
import { type Figure, median } from './figure.ts'

const program = join(import.meta.dirname, '../src/main/start.mjs')

/** Seconds until the program says that it is ready; it is stopped again by SIGTERM, and must then end with 0. */
async function start(directory: string): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: '0', DATA_DIRECTORY: directory, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const gone = once(child, 'exit')
  let said = ''
  let seconds: number | undefined
  const kill = setTimeout(() => child.kill('SIGKILL'), 60_000)
  await new Promise<void>((settle) => {
    const take = (bytes: Buffer) => {
      said += bytes.toString()
      if (seconds !== undefined || !said.includes('Commonweal is ready')) return
      seconds = (performance.now() - startedAt) / 1000
      settle()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    void gone.then(() => settle())
  })
  child.kill('SIGTERM')
  await gone
  clearTimeout(kill)
  if (seconds === undefined) throw new Error(`the program did not start: ${said.trim().slice(0, 300)}`)
  return seconds
}

/** Seconds until a bare PostgreSQL of the same binaries is ready on a directory. */
async function startDatabase(directory: string): Promise<number> {
  const startedAt = performance.now()
  const opened = await openEmbedded({ directory })
  const seconds = (performance.now() - startedAt) / 1000
  await opened.close()
  return seconds
}

export const startUp: Figure = {
  name: 'start',
  measure: async (stage) => {
    const first: number[] = []
    const later: number[] = []
    const bareFirst: number[] = []
    const bareLater: number[] = []
    for (let turn = 0; turn < (stage.short ? 1 : 2); turn++) {
      const bare = join(stage.folder, `bare-${turn}`)
      bareFirst.push(await startDatabase(bare))
      const ours = join(stage.folder, `start-${turn}`)
      first.push(await start(ours))
      for (let again = 0; again < 2; again++) {
        bareLater.push(await startDatabase(bare))
        later.push(await start(ours))
      }
    }
    return [
      {
        name: 'first start, with the demo city',
        unit: 's',
        ours: median(first),
        limit: { name: 'initdb and start of PostgreSQL', value: median(bareFirst) },
        target: { text: '≤ 10 s', holds: (seconds) => seconds <= 10 },
      },
      {
        name: 'later start',
        unit: 's',
        ours: median(later),
        limit: { name: 'start of PostgreSQL', value: median(bareLater) },
        target: { text: '≤ 2 s', holds: (seconds) => seconds <= 2 },
      },
    ]
  },
}
