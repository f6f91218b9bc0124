/** Benchmarks that are separate programs and can be run alone; here they add their lines to the table. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Figure, Line, Stage } from './figure.ts'

const register = join(import.meta.dirname, '../src/main/tsx.ts')
const patienceMs = 120_000

async function run(file: string, options: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--import', register, join(import.meta.dirname, file), ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = () => child.kill('SIGTERM')
  process.once('exit', stop)
  const timer = setTimeout(stop, patienceMs)
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  await once(child, 'close')
  clearTimeout(timer)
  process.removeListener('exit', stop)
  return said
}

type TraceAnswer = {
  readonly records: string
  readonly links: string
  readonly limitMs: number
  readonly figures: ReadonlyArray<{ name: string; p50: number; p95: number; nodes: number }>
}

export const trace: Figure = {
  name: 'trace',
  measure: async (stage: Stage): Promise<Line[]> => {
    const answer = JSON.parse(await run('trace.ts', ['--json', '--runs', stage.short ? '40' : '200'])) as TraceAnswer
    const size = `${Number(answer.records).toLocaleString('en')} records, ${Number(answer.links).toLocaleString('en')} links`
    return (['up', 'down'] as const).flatMap((way) => {
      const bare = answer.figures.find((figure) => figure.name === `${way}, bare query`)
      return answer.figures
        .filter((figure) => figure.name.startsWith(`${way}, trace as`))
        .map(
          (figure): Line => ({
            name: `line of sight ${way}, depth 6, ${figure.name.replace(`${way}, trace as `, '')}`,
            unit: 'ms',
            ours: figure.p95,
            ...(bare ? { limit: { name: 'bare recursive query, ids only', value: bare.p95 } } : {}),
            target: { text: `≤ ${answer.limitMs} ms`, holds: (ms) => ms <= answer.limitMs },
            note: `95th percentile; ${size}; ${figure.nodes} records on average`,
          }),
        )
    })
  },
}
