import type { Opened } from './app.ts'

/** What a command may use: the database, opened on the first call, and the two ways to speak. */
export type Output = {
  readonly app: () => Promise<Opened>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** One word of the command line. `run` answers with the exit code: 0, 1 (did not hold, something was refused) or 2 (usage). */
export type Command = {
  readonly name: string
  readonly summary: string
  readonly usage: string
  readonly run: (args: string[], io: Output) => Promise<number>
}
