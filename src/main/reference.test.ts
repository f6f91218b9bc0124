import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commitment, plan } from '#test/kit/kinds.ts'
import { trees } from '../../test/guide/trees/module.ts'
import { migrationDraft, referenceCommand, writeDraft } from './commands/reference.ts'

async function run(...args: string[]) {
  const reported: string[] = []
  const io = {
    app: () => Promise.reject(new Error('needs no database')),
    database: () => Promise.reject(new Error('needs no database')),
    out: (text: string) => reported.push(text),
    err: (text: string) => reported.push(text),
  }
  return { code: await referenceCommand.run(args, io), said: reported.join('\n') }
}

test('the reference pages of record kinds say what the declarations say', async () => {
  const { code, said } = await run('--check')
  expect(code, said).toBe(0)
})

test('a draft for a room that has its schema does not create it again', async () => {
  const { code, said } = await run('--migration', 'strategy.commitment')
  expect([code, said.match(/^create \w+ [^ ;]+/gm)]).toEqual([
    0,
    ['create sequence strategy."commitmentCode"', 'create table strategy."commitment"'],
  ])
})

test('a draft for a new room creates its schema, once for all its kinds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'room-'))
  try {
    const schemas = async () => (await migrationDraft({ folder }, [plan, commitment])).match(/^create schema .*$/gm)
    expect(await schemas()).toEqual(['create schema if not exists strategy;'])
    mkdirSync(join(folder, 'migrations'))
    writeFileSync(join(folder, 'migrations', '1-other.sql'), 'create schema if not exists strategyOfOthers;')
    expect(await schemas()).toEqual(['create schema if not exists strategy;'])
    writeFileSync(join(folder, 'migrations', '2-own.sql'), 'create schema strategy;\n')
    expect(await schemas()).toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a draft has the index of every reference and of every order in which a declared list is read, once', async () => {
  const drafted = await migrationDraft({ ...trees, folder: '/nowhere' }, trees.kinds!)
  expect(drafted.match(/^create index .*$/gm)).toEqual([
    'create index "inspectionByTree" on trees."inspection" ("tree", id);',
    'create index "inspectionByDueOn" on trees."inspection" ("dueOn", id);',
  ])
})

test('a draft that cannot be made leaves no file, whatever it was to be called', async () => {
  const folder = join(import.meta.dirname, '../modules/strategy/migrations')
  const before = readdirSync(folder)
  expect(await run('--migration', 'strategy.wish', '--as', 'wish')).toMatchObject({ code: 2 })
  for (const name of [[], ['../wish'], ['Wish'], ['wish', 'more']])
    expect(await run('--migration', 'strategy.plan', '--as', ...name)).toEqual({
      code: 2,
      said: 'After --as comes what the migration is about, in small letters: --as trees',
    })
  expect(readdirSync(folder)).toEqual(before)
})

test('a draft is written among the migrations of its room, under the minute, and replaces nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'room-'))
  try {
    const file = await writeDraft(folder, 'trees', 'create schema trees;', new Date('2026-12-01T09:00:59Z'))
    expect(file).toBe(join(folder, 'migrations/202612010900-trees.sql'))
    expect(readFileSync(file, 'utf8')).toBe('create schema trees;')
    await expect(writeDraft(folder, 'trees', '', new Date('2026-12-01T09:00:00Z'))).rejects.toThrow('EEXIST')
    expect(readFileSync(file, 'utf8')).toBe('create schema trees;')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a draft is refused, by name, for a kind that is not there and for kinds of two rooms', async () => {
  expect(await run('--migration', 'strategy.wish')).toMatchObject({
    code: 2,
    said: expect.stringContaining('no kind "strategy.wish"'),
  })
  expect(await run('--migration', 'strategy.plan', 'benefits.benefit')).toMatchObject({
    code: 2,
    said: expect.stringContaining('one room'),
  })
})
