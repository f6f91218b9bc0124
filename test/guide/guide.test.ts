/** What guides show is what runs: a block that has drifted from its file, or that no longer compiles, fails here. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { languages } from '#kernel/words.ts'
import type { Manifest } from '#platform/module.ts'
import { migrationDraft } from '../../src/main/commands/reference.ts'
import { cityChanges } from '../../src/main/demo/city.ts'
import { composeRegistry, modules } from '../../src/main/modules.ts'
import { besideTheRoom, chapter, codeBlocks, root, textOf } from './blocks.ts'
import { trees } from './trees/module.ts'
import { followed } from './twenty-minutes.ts'

const results = join(root, 'test-results')
mkdirSync(results, { recursive: true })

/** What the compiler says about files of a folder, which lies inside the repository; '' = nothing. */
async function compiled(folder: string, files: readonly string[]): Promise<string> {
  const options = {
    extends: join(root, 'tsconfig.json'),
    // A file in `src` of the folder finds its neighbours of the repository's `src`.
    compilerOptions: { rootDirs: [join(root, 'src'), join(folder, 'src')] },
    include: [...files, join(root, 'src/**/*.d.ts')],
    exclude: [],
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js')
  return promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false']).then(
    () => '',
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
  )
}

const shown = 'src/modules/trees/'
const room = 'test/guide/trees/'
const pages = ['docs/how-to/add-a-room.md', 'docs/how-to/show-a-panel.md']
const blocksOf = (page: string) => codeBlocks(textOf(page))
const filesOf = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/.test(name))
    .map((name) => name.replaceAll('\\', '/'))

describe.each(pages)('%s', (page) => {
  test('shows files as they run', () => {
    const blocks = blocksOf(page)
    expect(blocks.length).toBeGreaterThan(1)
    for (const { file, code, heading } of blocks) {
      expect(file, `${heading} says which file`).toMatch(/^src\/modules\/trees\//)
      expect(code, file).toBe(textOf(`${room}${file!.slice(shown.length)}`))
    }
  })
})

describe('what the other pages show', () => {
  const pieces = readdirSync(join(root, 'docs/how-to'))
    .map((name) => `docs/how-to/${name}`)
    .filter((page) => page.endsWith('.md') && !pages.includes(page))
    .flatMap((page) => blocksOf(page).map((block) => ({ page, ...block })))
    .filter(({ language }) => ['ts', 'tsx'].includes(language))
  const ofRoom = filesOf(room).map((name) => textOf(`${room}${name}`))
  const folder = mkdtempSync(join(results, 'pages-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('stands in the room of the guide, or compiles beside it', { timeout: 120_000 }, async () => {
    const own = pieces.filter(({ code }) => !ofRoom.some((text) => text.includes(code)))
    expect([pieces.length > 15, own.length < pieces.length, own.length > 5]).toEqual([true, true, true])
    expect(await compiled(folder, besideTheRoom(own, folder))).toBe('')
  })

  test('is refused if it does not compile', { timeout: 120_000 }, async () => {
    const wrong = { ...pieces[0]!, file: undefined, language: 'ts', code: "import { shrub } from './records.ts'\n" }
    const other = join(folder, 'wrong')
    expect(await compiled(other, besideTheRoom([wrong], other))).toContain('shrub')
  })
})

test('together they show every file of the room', () => {
  const all = pages.flatMap(blocksOf).map(({ file }) => file!.slice(shown.length))
  expect(all.toSorted()).toEqual(filesOf(room).toSorted())
})

test('the room is small: 250 lines besides its words and the draft of its migration', () => {
  const own = filesOf(room).filter((name) => name.endsWith('.ts') && !name.startsWith('panel/'))
  const lines = own.reduce((sum, name) => sum + textOf(`${room}${name}`).split('\n').length - 1, 0)
  expect(lines).toBeLessThanOrEqual(250)
})

test('the migration that the guide shows is the draft: nothing of it is typed', async () => {
  const drafted = await migrationDraft({ ...trees, folder: '/nowhere' }, trees.kinds!)
  expect(drafted).toBe(textOf(`${room}migrations/202612010900-trees.sql`))
})

test('the map lists everything that a manifest can hold', () => {
  const declared = /export type Manifest = \{\n([\s\S]*?)\n\}/.exec(textOf('src/platform/module.ts'))![1]!
  const keys = [...declared.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, key]) => key!)
  const table = chapter(textOf('docs/explanation/map.md'), 'What a manifest holds')
  const listed = [...table.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, names]) => names!.match(/\w+/g)!)
  expect(keys.length).toBeGreaterThan(15)
  expect(listed.toSorted()).toEqual(keys.toSorted())
})

describe('a record kind in twenty minutes', () => {
  const guide = chapter(textOf('CONTRIBUTING.md'), 'Add a record kind in twenty minutes')
  // Inside the repository, so that `#kernel/…` and packages are found from the copy.
  const folder = mkdtempSync(join(results, 'twenty-minutes-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const copy = join(folder, 'strategy')
  const changed = followed(codeBlocks(guide), copy)

  test('compiles, its test too', { timeout: 120_000 }, async () => {
    expect(new Set(changed).size).toBe(8)
    expect(await compiled(folder, ['strategy'])).toBe('')
  })

  test('fits into the house: declared, permitted, in words of both languages, in the demo city', async () => {
    const { strategy } = (await import(join(copy, 'module.ts'))) as { strategy: Manifest }
    const house = modules.map((each) => (each.name === strategy.name ? strategy : each))
    const { registry, policies } = composeRegistry('en', house)
    const { declaration, verbs, checks } = registry.kind('strategy.assumption')
    expect([verbs.map(({ name }) => name), checks.length]).toEqual([['agree', 'break', 'drop'], 1])
    for (const action of ['create', 'change', ...verbs.map(({ name }) => name)])
      expect(policies.covers(action, declaration.kind), action).toBe(true)
    const needed = [...wordKeysOf(declaration), ...verbs.map(({ kind, name }) => `${kind}.verb.${name}`)]
    for (const language of languages)
      expect(
        needed.filter((key) => !registry.words.has(language, key)),
        language,
      ).toEqual([])
    const made = cityChanges(house, '2026-12-01').batches.flat()
    expect(made.filter(({ kind }) => kind === declaration.kind)).toHaveLength(1)
    expect(await migrationDraft(strategy, [declaration])).not.toContain('create schema')
  })
})
