import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive, ownProcessMark, processScope } from '../process-mark.ts'
import { errorCode, errorText, StartProblem } from '../start-problem.ts'

/** How old the sign of life of a user in another container or machine may be before it counts as gone. */
const signOfLifeMs = 10_000

/** One use of the server by one process (or worker thread): a file named after the process, touched while it lives. */
export type Registration = { touch(): void; remove(): void }

/** Enters this process among the users of the server of `home`. */
export async function register(home: string): Promise<Registration> {
  const directory = join(home, 'users')
  const { scope, pid, startedAt } = ownProcessMark()
  const path = join(directory, `${scope}-${pid}-${startedAt}-${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await writeFile(path, '', { flag: 'wx' })
  } catch (error) {
    const full = errorCode(error) === 'ENOSPC'
    throw new StartProblem(
      'database.directory',
      `The data directory ${home} cannot be written (${errorText(error)}): ${full ? 'make room on its disk' : 'start as a user who may write there'}, or set DATABASE_URL.`,
      77,
      { cause: error },
    )
  }
  return {
    touch() {
      try {
        const now = new Date()
        utimesSync(path, now, now)
      } catch {
        // Removed by hand, or the disk is gone: the server itself will say so.
      }
    },
    remove() {
      rmSync(path, { force: true })
    },
  }
}

/** The living users of the server of `home`: `here` on this machine, `elsewhere` in other containers or machines. */
export function users(home: string): { here: number; elsewhere: number } {
  const found = { here: 0, elsewhere: 0 }
  for (const name of names(home)) {
    const [scope = '', pid = '', startedAt = ''] = name.split('-')
    const path = join(home, 'users', name)
    const alive = isAlive({ scope, pid: Number(pid), startedAt })
    if (alive === true) found.here++
    else if (alive === undefined && scope !== processScope() && touchedLately(path)) found.elsewhere++
    else rmSync(path, { force: true })
  }
  return found
}

function names(home: string): string[] {
  try {
    return readdirSync(join(home, 'users'))
  } catch {
    return []
  }
}

function touchedLately(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs < signOfLifeMs
  } catch {
    return false
  }
}
