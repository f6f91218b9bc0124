/** The processes that are measured: each on its own, so that its memory is its own; ended by us and only by us. */
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

/** Starts `bench/FILE` on the database of `directory`; it tells its port when it is ready. */
export async function startChild(file: string, directory: string): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), [], {
    execArgv: ['--import', register],
    env: { ...process.env, DATA_DIRECTORY: directory, LOG: 'warn', NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  open.add(child)
  child.once('exit', () => open.delete(child))
  const port = (await answer(child)).port as number
  const ask = async (question: string) => {
    const answered = answer(child)
    child.send(question)
    return answered
  }
  return {
    address: `http://127.0.0.1:${port}`,
    memory: async () => ((await ask('memory')).bytes as number) / 1_048_576,
    times: async () => (await ask('times')).times as number[],
    close: () => end(child),
  }
}

async function answer(child: ChildProcess): Promise<Record<string, unknown>> {
  const patience = AbortSignal.timeout(60_000)
  const told = once(child, 'message', { signal: patience })
  const gone = once(child, 'exit', { signal: patience })
  gone.catch(() => {})
  told.catch(() => {})
  const first = await Promise.race([told, gone.then(([code]) => Promise.reject(new Error(`ended with ${code}`)))])
  return first[0] as Record<string, unknown>
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
