import type { OpenedApp } from './app.ts'

/** What a command may use: the database, opened on the first call, and the two output streams. */
export type Output = {
  readonly app: () => Promise<OpenedApp>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/**
 * One word of the command line. `run` returns the exit code: 0, 1 (check failed or something was refused) or 2 (usage).
 */
export type Command = {
  readonly name: string
  readonly summary: string
  readonly usage: string
  readonly run: (args: string[], io: Output) => Promise<number>
}
