import { createHash } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { errorCode, errorText, StartProblem } from '../start-problem.ts'
import { canUse, type Identity, isRoot, serverIdentity } from './identity.ts'

/** Where the files of one embedded database are. `home` holds `postgres` (the data), `users` and the socket. */
export type Place = { readonly home: string; readonly data: string; readonly identity: Identity }

/** Room for `/.s.PGSQL.5432` in the 107 bytes that a socket's address may have (unix(7)), with some to spare. */
const maxSocketPath = 85

/**
 * Decides where the data are: in `directory`, or in `/var/lib/commonweal/<hash of its path>` where the server's user
 * cannot reach it. Data that exist already decide before anything else, so that a changed mode never shows an empty
 * city.
 *
 * @throws StartProblem `database.directory` if nothing can be written there or the data belong to someone else.
 */
export async function findPlace(directory: string): Promise<Place> {
  const wanted = await real(resolve(directory))
  const elsewhere = join('/var/lib/commonweal', createHash('sha256').update(wanted).digest('hex').slice(0, 16))
  for (const home of isRoot() ? [wanted, elsewhere] : [wanted]) {
    const data = join(home, 'postgres')
    const owner = await ownerOf(data)
    if (owner === undefined) continue
    const identity = owner.uid === 0 ? serverIdentity() : owner
    if (!isRoot() && owner.uid !== process.getuid?.()) {
      throw new StartProblem(
        'database.directory',
        `The data in ${data} belong to user ${owner.uid}, and this is user ${process.getuid?.()}: start as that user or as root, or set DATABASE_URL.`,
        77,
      )
    }
    if (!(await canUse(home, identity, 0o1))) {
      throw new StartProblem(
        'database.directory',
        `The data in ${data} cannot be reached by their owner (user ${identity.uid}): give the directories above them the mode o+x, or move the data, or set DATABASE_URL.`,
        77,
      )
    }
    return { home, data, identity }
  }
  const identity = serverIdentity()
  const existing = await firstExisting(wanted)
  const reachable = !isRoot() || !(await stat(existing)).isDirectory() || (await canUse(existing, identity, 0o1))
  const home = reachable ? wanted : elsewhere
  await prepareHome(home, directory)
  return { home, data: join(home, 'postgres'), identity }
}

async function prepareHome(home: string, asked: string): Promise<void> {
  try {
    await makeDirectories(home)
  } catch (error) {
    const reason = errorCode(error) === 'ENOTDIR' || errorCode(error) === 'EEXIST' ? 'is not a directory' : undefined
    throw new StartProblem(
      'database.directory',
      `The data directory ${home} ${reason ?? `cannot be written (${errorText(error)})`}: start in a directory that you may write${asked === home ? '' : ` (asked for: ${asked})`}, or set DATABASE_URL.`,
      77,
      { cause: error },
    )
  }
}

/** One by one, because Node's recursive `mkdir` never returns where the system answers ENOENT, as below /proc. */
async function makeDirectories(path: string): Promise<void> {
  try {
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' })
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
    await makeDirectories(dirname(path))
    await mkdir(path).catch((problem) => {
      if (errorCode(problem) !== 'EEXIST') throw problem
    })
    // A strict umask of root must not close the path to the server's user.
    if (isRoot()) await chmod(path, 0o755)
  }
}

/** The real path, even if the last parts do not exist yet. */
async function real(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await real(parent), path.slice(parent === '/' ? 1 : parent.length + 1))
  }
}

async function firstExisting(path: string): Promise<string> {
  try {
    await lstat(path)
    return path
  } catch {
    return firstExisting(dirname(path))
  }
}

async function ownerOf(data: string): Promise<Identity | undefined> {
  try {
    const { uid, gid } = await stat(data)
    return { uid, gid }
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined
    throw new StartProblem(
      'database.directory',
      `The data directory ${data} cannot be read (${errorText(error)}): start as its owner, or set DATABASE_URL.`,
      77,
      { cause: error },
    )
  }
}

/** The file in the data directory that names its socket directory: one name for the whole life of a cluster. */
export const socketNameFile = 'commonweal.socket'

/**
 * The directory of the server's socket, made if missing: private (0700) and short. It is named after the cluster, so a
 * restarted server is found again by pools that were open before, and a server whose data were deleted under it cannot
 * unlink the socket of its successor.
 */
export async function socketDirectory({ home, data, identity }: Place): Promise<string> {
  const name = `run-${(await readFile(join(data, socketNameFile), 'utf8')).trim()}`
  const near = join(home, name)
  const path =
    Buffer.byteLength(near) <= maxSocketPath
      ? near
      : join(isRoot() ? '/var/lib/commonweal' : shortTemporary(), `commonweal-${name}`)
  if (isRoot() && path !== near) await mkdir('/var/lib/commonweal', { recursive: true, mode: 0o755 })
  try {
    await mkdir(path, { mode: 0o700 })
    if (isRoot()) await chown(path, identity.uid, identity.gid)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
  const found = await lstat(path)
  // Someone else's directory under our name (possible only in a shared temporary directory) could listen to us.
  if (!found.isDirectory() || (found.uid !== identity.uid && found.uid !== process.getuid?.())) {
    throw new StartProblem(
      'database.directory',
      `${path} belongs to another user: remove it, or start in a directory with a shorter path.`,
      77,
    )
  }
  if (isRoot() && found.uid !== identity.uid) await chown(path, identity.uid, identity.gid)
  if ((found.mode & 0o777) !== 0o700) await chmod(path, 0o700)
  return path
}

function shortTemporary(): string {
  const path = tmpdir()
  return Buffer.byteLength(path) <= 40 ? path : '/tmp'
}
