import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The user and group that own the data and run the server. */
export type Identity = { readonly uid: number; readonly gid: number }

/** `nobody` on nearly every Linux: PostgreSQL refuses to run as root. */
const nobody: Identity = { uid: 65534, gid: 65534 }

/**
 * initdb refuses a user without an entry in the list of users, so if `nobody` has none, another harmless one will do.
 */
function unprivileged(): Identity {
  let entries: string[][] = []
  try {
    entries = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
  } catch {
    // A system without the file may know its users by other means.
  }
  if (entries.some((entry) => Number(entry[2]) === nobody.uid)) return nobody
  const other = entries.find(
    ([name = '', , uid = '0']) => ['nobody', 'daemon', 'bin'].includes(name) && Number(uid) > 0,
  )
  return other === undefined ? nobody : { uid: Number(other[2]), gid: Number(other[3]) }
}

/** Whether this process may become another user. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Who runs a new server: ourselves, or `nobody` where we are root. */
export function serverIdentity(): Identity {
  return isRoot() ? unprivileged() : { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 }
}

/**
 * Whether `identity` can reach `path` and has the rights `bits` there (4 read, 2 write, 1 enter or run), judged by the
 * modes of the path and all directories above it. Access control lists are not looked at: a wrong "no" costs a copy.
 */
export async function canUse(path: string, identity: Identity, bits: number): Promise<boolean> {
  try {
    if (!allows(await stat(path), identity, bits)) return false
    for (let above = dirname(path), below = path; above !== below; below = above, above = dirname(above)) {
      if (!allows(await stat(above), identity, 0o1)) return false
    }
    return true
  } catch {
    return false
  }
}

function allows(entry: { mode: number; uid: number; gid: number }, { uid, gid }: Identity, bits: number): boolean {
  const own = uid === process.getuid?.()
  const inGroup = entry.gid === gid || (own && process.getgroups?.().includes(entry.gid))
  const shift = entry.uid === uid ? 6 : inGroup ? 3 : 0
  return ((entry.mode >> shift) & bits) === bits
}
