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
import { chapter, codeBlocks, root, textOf } from './blocks.ts'
import { trees } from './trees/module.ts'
import { followed } from './twenty-minutes.ts'

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
  const results = join(root, 'test-results')
  mkdirSync(results, { recursive: true })
  // Inside the repository, so that `#kernel/…` and packages are found from the copy.
  const folder = mkdtempSync(join(results, 'twenty-minutes-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const copy = join(folder, 'strategy')
  const changed = followed(codeBlocks(guide), copy)

  test('compiles, its test too', { timeout: 120_000 }, async () => {
    expect(new Set(changed).size).toBe(8)
    const options = { extends: '../../tsconfig.json', include: ['strategy', '../../src/**/*.d.ts'], exclude: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const compiler = join(root, 'node_modules/typescript/lib/tsc.js')
    const compiled = promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false'])
    const { code, stdout } = await compiled.then(
      () => ({ code: 0, stdout: '' }),
      (error: { code: number; stdout: string }) => error,
    )
    expect([code, stdout]).toEqual([0, ''])
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
