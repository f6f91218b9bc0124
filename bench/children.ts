/**
 * The processes that are measured: each separate, so that memory is measured separately; ended by us and only by us.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type Child = {
  /** `http://127.0.0.1:PORT` */
  readonly address: string
  /** Resident memory of the process now, in MB. */
  readonly memory: () => Promise<number>
  /** Server time of the requests since the last question, in ms; empty for a process that does not note it. */
  readonly times: () => Promise<number[]>
  readonly close: () => Promise<void>
}

const register = join(import.meta.dirname, '../src/main/tsx.ts')
const open = new Set<ChildProcess>()

/** Starts `bench/FILE` on the database of `directory`; it reports its port when it is ready. */
export async function startChild(
  file: string,
  directory: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), [], {
    // The limits of `npm start`.
    execArgv: ['--max-semi-space-size=8', '--max-old-space-size=256', '--import', register],
    env: {
      ...process.env,
      MALLOC_ARENA_MAX: '2',
      DATA_DIRECTORY: directory,
      LOG: 'warn',
      NODE_ENV: 'production',
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  open.add(child)
  child.once('exit', () => open.delete(child))
  const waiting: Array<(said: Record<string, unknown>) => void> = []
  const answer = () => new Promise<Record<string, unknown>>((settle) => waiting.push(settle))
  child.on('message', (said) => waiting.shift()?.(said as Record<string, unknown>))
  const ask = (question: string) => {
    const answered = answer()
    child.send(question)
    return answered
  }
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`)))
  died.catch(() => {})
  const { port } = await Promise.race([answer(), died])
  return {
    address: `http://127.0.0.1:${port}`,
    memory: async () => ((await ask('memory')).bytes as number) / 1_048_576,
    times: async () => (await ask('times')).times as number[],
    close: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 5000)
  await gone
  clearTimeout(patience)
}

/** Ends what still runs, at the end or on Ctrl-C. */
export const endAll = (): Promise<unknown> => Promise.all([...open].map(end))
