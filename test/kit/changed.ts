/** What is being worked on: its tests run first, so that breakage shows up early. */
import { execFileSync } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that differ from where this branch left `main`, committed or not; if there are none, the files of the last
 * commit. Paths are relative to the repository; none without a repository.
 */
export function changedFiles(root = process.cwd()): string[] {
  const git = (...words: string[]): string[] | undefined => {
    try {
      const output = execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      return output.split(/[\0\n]/).filter((line) => line !== '')
    } catch {
      return undefined
    }
  }
  const base = git('merge-base', 'HEAD', 'main') ?? git('merge-base', 'HEAD', 'origin/main') ?? ['HEAD']
  const since = (commit: string) => git('diff', '--name-only', '--relative', '-z', commit, '--') ?? []
  const changed = [...since(base[0]!), ...(git('ls-files', '--others', '--exclude-standard', '-z') ?? [])]
  return changed.length > 0 ? changed : since('HEAD^')
}

const roomOf = (file: string): string | undefined => /^src\/modules\/([^/]+)\//.exec(file)?.[1]
/** A room counts as one place; elsewhere each folder does. */
const placeOf = (file: string): string => roomOf(file) ?? dirname(file)

/** Rooms with a changed file. */
export const changedRooms = (files: readonly string[] = changedFiles()): Set<string> =>
  new Set(files.flatMap((file) => roomOf(file) ?? []))

/** They take longest, mostly waiting: started last, they would keep one core to themselves. */
const longest = ['src/main/start.test.ts', 'src/main/page-sweep.db.test.ts']

/**
 * 0 = a test next to what changed, 1 = a sweep over all rooms if one of them changed, 2 = the longest ones, 3 = the
 * others.
 */
export function turnOf(test: string, changed: readonly string[]): 0 | 1 | 2 | 3 {
  if (changed.some((file) => placeOf(file) === placeOf(test))) return 0
  if (changedRooms(changed).size > 0 && /(^|-)sweep\./.test(basename(test))) return 1
  return longest.includes(test) ? 2 : 3
}

/** Vitest's own order (what failed, then what takes long), preceded by the tests of what changed. */
export class ChangedFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config
    const changed = changedFiles(root)
    const turn = ({ moduleId }: TestSpecification) => turnOf(moduleId.slice(root.length + 1), changed)
    return (await super.sort(files)).sort((one, other) => turn(one) - turn(other))
  }
}
