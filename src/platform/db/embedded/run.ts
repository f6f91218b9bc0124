import { type ChildProcess, type ChildProcessWithoutNullStreams, type SpawnOptions, spawn } from 'node:child_process'
import { errorCode, errorText, StartProblem } from '../start-problem.ts'
import { type Identity, isRoot } from './identity.ts'

/**
 * PostgreSQL's programs get nothing from our environment: it may hold passwords, and LC_ or PG variables mislead them.
 */
const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** The options that make a child run as `identity`; only root may and need change the user. */
function runAs(identity: Identity): { uid?: number; gid?: number; cwd: string; env: Record<string, string> } {
  return { ...(isRoot() ? identity : {}), cwd: '/', env: environment }
}

/** Starts a program as `identity`. The system may refuse immediately (as here) or through the event `error`. */
export function launch(program: string, args: string[], identity: Identity, options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, args, { ...runAs(identity), ...options })
  } catch (error) {
    throw cannotRun(program, identity, error)
  }
}

/** Runs one program to its end and returns its exit code and everything it printed. */
export function run(program: string, args: string[], identity: Identity, input = ''): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const child = launch(program, args, identity, { stdio: ['pipe', 'pipe', 'pipe'] }) as ChildProcessWithoutNullStreams
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
    })
    child.stderr.on('data', (chunk) => {
      printed += chunk
    })
    child.once('error', (error) => reject(cannotRun(program, identity, error)))
    child.once('close', (code) => resolve([code ?? -1, printed]))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** The problem to report when the system refuses to run a program at all. */
export function cannotRun(program: string, { uid }: Identity, error: unknown): StartProblem {
  const code = errorCode(error)
  const reason =
    code === 'EPERM' || code === 'EINVAL'
      ? `root may not act as user ${uid} here, and PostgreSQL refuses to run as root: start as an ordinary user`
      : code === 'ENOENT'
        ? 'it needs a Linux with the GNU C library'
        : `${errorText(error)}; is it on a disk mounted with noexec?`
  return new StartProblem(
    'database.start',
    `PostgreSQL (${program}) cannot be run: ${reason}, or set DATABASE_URL.`,
    69,
    {
      cause: error,
    },
  )
}
