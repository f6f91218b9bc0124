import type { Database } from '#platform/db/index.ts'
import type { OpenedApp } from './app.ts'

/** What a command may use: the database, opened on the first call, and the two output streams. */
export type Output = {
  readonly app: () => Promise<OpenedApp>
  /** The database as it is, without bringing it up to date. It is closed with the command. */
  readonly database: () => Promise<Database>
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
