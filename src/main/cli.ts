/**
 * The command line: `npm run -s cli -- COMMAND …`. Every command supports `--json` and exits with 0, 1 (check failed)
 * or 2 (usage).
 */
import { openDatabase, StartProblem } from '#platform/db/index.ts'
import { levelOf, openLog } from '#platform/log.ts'
import { type OpenedApp, openApp } from './app.ts'
import type { Command, Output } from './command.ts'
import { backupCommand } from './commands/backup.ts'
import { catchUpCommand } from './commands/catch-up.ts'
import { demoCommand } from './commands/demo.ts'
import { exportCommand } from './commands/export.ts'
import { importCommand } from './commands/import.ts'
import { levelCommand } from './commands/level.ts'
import { referenceCommand } from './commands/reference.ts'
import { restoreCommand } from './commands/restore.ts'
import { scheduleCommand } from './commands/schedule.ts'
import { seriesCommand } from './commands/series.ts'
import { setupCodeCommand } from './commands/setup-code.ts'
import { simulateCommand } from './commands/simulate.ts'
import { verifyCommand } from './commands/verify.ts'
import { endWithin, onEnding } from './endings.ts'
import { databaseOptions } from './options.ts'

export const commands: readonly Command[] = [
  importCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
  seriesCommand,
  scheduleCommand,
  levelCommand,
  simulateCommand,
  verifyCommand,
  demoCommand,
  setupCodeCommand,
  catchUpCommand,
  referenceCommand,
]

const overview = () =>
  [
    'Usage: npm run -s cli -- COMMAND …',
    '',
    ...commands.map((command) => `  ${command.usage.padEnd(64)} ${command.summary}`),
    '',
  ].join('\n')

/** Runs one command and returns its exit code. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv
  const command = commands.find((each) => each.name === name)
  if (!command) {
    const help = name === undefined || name === 'help' || name === '--help'
    ;(help ? process.stdout : process.stderr).write(help ? overview() : `There is no command "${name}".\n${overview()}`)
    return help ? 0 : 2
  }
  let opened: Promise<{ readonly close: () => Promise<void> }> | undefined
  let app: Promise<OpenedApp> | undefined
  const io: Output = {
    app: () => {
      app ??= openApp({
        applicationName: `commonweal ${command.name}`,
        log: openLog({ level: levelOf(process.env.LOG ?? 'warn'), write: (lines) => process.stderr.write(lines) }),
        ...databaseOptions(),
      })
      opened = app
      return app
    },
    database: () => {
      const database = openDatabase({ applicationName: `commonweal ${command.name}`, ...databaseOptions() })
      opened = database
      return database
    },
    out: (text) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    err: (text) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  }
  const leave = () => {
    if (!opened) process.exit(130)
    endWithin(9000, 130)
    void opened.then((open) => open.close()).finally(() => process.exit(130))
  }
  // Whoever reads our output may stop early (`| head`): that is not an error.
  process.stdout.on('error', (error: { code?: string }) => {
    if (error.code !== 'EPIPE') throw error
  })
  // The shell between npm and us does not hand signals on; we see that it is gone.
  const forget = onEnding(leave)
  try {
    return await command.run(args, io)
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error
    io.err(error.message)
    return error.exitCode
  } finally {
    await opened?.then((open) => open.close()).catch(() => {})
    forget()
  }
}
