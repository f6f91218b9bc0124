import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Identifies one process for good: a process id alone is reused by another program sooner or later.
 *
 * `scope` is the space in which the id means something (one boot of one kernel and one PID namespace, so that two
 * containers are two scopes); `startedAt` is the start in clock ticks since boot, '' if the system does not say.
 */
export type ProcessMark = { readonly scope: string; readonly pid: number; readonly startedAt: string }

let ownScope: string | undefined

/** The scope of this process. Short, without spaces or slashes. */
export function processScope(): string {
  if (ownScope === undefined) {
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '').slice(0, 16)
      const space = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
      ownScope = `${boot}.${space}`
    } catch {
      ownScope = hostname().replace(/[^\w.]/g, '.')
    }
  }
  return ownScope
}

/** The mark of this process (all worker threads of a process share it). */
export function ownProcessMark(): ProcessMark {
  return { scope: processScope(), pid: process.pid, startedAt: startOf(process.pid) ?? '' }
}

/**
 * Whether the marked process lives: `true` and `false` are certain, `undefined` means that it belongs to another
 * machine or container and nothing here can tell. A zombie counts as dead.
 */
export function isAlive(mark: ProcessMark): boolean | undefined {
  if (mark.scope !== processScope()) return undefined
  if (mark.startedAt !== '') return startOf(mark.pid) === mark.startedAt
  return pidExists(mark.pid)
}

/** Whether a live process has this id here, even one of another user. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Dead, but not yet collected by its parent; in a container whose first process collects none, for ever. */
function isZombie(pid: number): boolean {
  return existsSync('/proc/self/stat') && startOf(pid) === undefined
}

/**
 * Field 22 of /proc/PID/stat (proc(5)), or undefined if there is no such process, it is a zombie, or there is no /proc.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
