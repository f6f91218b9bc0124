/** House rules that no other tool checks: sizes, names, and nothing that belongs to one machine. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { root } from './phases.ts'
import { roomsWithoutPortableTest } from './portable.ts'

const maxFileLines = 400
const maxKernelLines = 2_000
/** A field type must be readable in one go. */
const maxFieldTypeLines = 180
const emptyWords = ['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'service']
const skippedFolders = new Set(['.git', '.commonweal', 'node_modules', 'dist', 'coverage', 'test-results'])
const binary = /\.(?:png|jpe?g|gif|ico|woff2?|ttf|otf|xlsx?|ods|zip|gz|parquet|pdf|wasm)$/

/** One line for each breach: where, what, how to fix it. */
export function houseProblems(): string[] {
  const files = filesBelow('')
  const sources = files.filter((file) => /\.(?:ts|tsx|css|sql)$/.test(file) && !isTest(file))
  const fieldTypes = sources.filter((file) => file.startsWith('src/kernel/fields/') && !file.endsWith('/field.ts'))
  const kernel = sources
    .filter((file) => file.startsWith('src/kernel/') && !fieldTypes.includes(file))
    .reduce((sum, file) => sum + linesOf(file), 0)
  const problems = [
    ...sources.flatMap(tooLong),
    ...(kernel > maxKernelLines
      ? [
          `src/kernel: ${kernel} lines without tests and field types, at most ${maxKernelLines}: move what is not about records out of it`,
        ]
      : []),
    ...fieldTypes
      .filter((file) => linesOf(file) > maxFieldTypeLines)
      .map((file) => `${file}: ${linesOf(file)} lines, at most ${maxFieldTypeLines}: a field type says little`),
    ...files.flatMap(emptyName),
    ...files.filter(isTest).flatMap(misplacedDatabaseTest),
    ...roomsWithoutPortableTest(),
    ...files.filter((file) => !binary.test(file)).flatMap(machinePaths),
  ]
  return problems
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skippedFolders.has(entry.name)) return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

function tooLong(file: string): string[] {
  const lines = linesOf(file)
  return lines > maxFileLines
    ? [`${file}: ${lines} lines, at most ${maxFileLines}: split it by what it talks about`]
    : []
}

/** A file or folder whose last word says nothing, such as `date-utils.ts`. */
function emptyName(file: string): string[] {
  return file.split('/').flatMap((part) => {
    const last = part.replace(/\..*$/, '').split('-').at(-1) ?? ''
    return emptyWords.includes(last.toLowerCase())
      ? [`${file}: "${last}" says nothing: name it after what it does`]
      : []
  })
}

/** The database tests run a second time on another server, and are recognised by their name. */
function misplacedDatabaseTest(file: string): string[] {
  if (!file.startsWith('src/') || file.includes('.db.test.')) return []
  return /from '#test\/kit\/database\.ts'/.test(textOf(file))
    ? [`${file}: uses the test database: name it *.db.test.ts`]
    : []
}

/** Absolute paths that exist only where this was written: next to the repository, or in somebody's home. */
function machinePaths(file: string): string[] {
  return textOf(file)
    .split('\n')
    .flatMap((line, index) => {
      const found = privatePrefixes().find((prefix) => line.includes(prefix))
      return found ? [`${file}:${index + 1}: a path of this machine: write it relative to the repository`] : []
    })
}

let prefixes: readonly string[] | undefined

function privatePrefixes(): readonly string[] {
  if (prefixes) return prefixes
  const above = dirname(root)
  const neighbours = above === '/' ? [] : readdirSync(above).map((name) => join(above, name))
  // Next to a repository directly below a shared folder there may be unrelated neighbours.
  const shared = new Set(['/', '/tmp', '/home', '/srv', '/opt', '/usr', '/var'])
  prefixes = [root, ...(shared.has(above) ? [] : neighbours), homedir() === '/' ? root : `${homedir()}/`]
  return prefixes
}

const texts = new Map<string, string>()

function textOf(file: string): string {
  let text = texts.get(file)
  if (text === undefined) {
    text = existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''
    texts.set(file, text)
  }
  return text
}

function linesOf(file: string): number {
  return textOf(file).split('\n').length - 1
}

function isTest(file: string): boolean {
  return /\.(?:test|journey|bench)\.tsx?$/.test(basename(file))
}
