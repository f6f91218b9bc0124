/**
 * Ends processes with kill -9: the writer, or the database server with all its backends. Only those of our own
 * directory.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { findPlace, runningPostmaster } from '#platform/db/index.ts'

/** Children of a process (field 4 of /proc/PID/stat, proc(5)). */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Kills the server of the directory, the postmaster first; false if none is running (yet). */
export async function killDatabase(directory: string): Promise<boolean> {
  const { data } = await findPlace(directory)
  const postmaster = runningPostmaster(data)
  if (!postmaster) return false
  const backends = childrenOf(postmaster.pid)
  end(postmaster.pid)
  for (const pid of backends) end(pid)
  return true
}
