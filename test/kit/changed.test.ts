import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { changedFiles, changedRooms, turnOf } from './changed.ts'

const root = mkdtempSync(join(tmpdir(), 'commonweal-changed-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@city.example', ...words], {
    cwd: root,
    stdio: 'ignore',
  })
const write = (file: string) => {
  mkdirSync(join(root, file, '..'), { recursive: true })
  writeFileSync(join(root, file), String(Math.random()))
}

test('what changed is what the branch brings, committed or not; on main, the last commit', () => {
  expect(changedFiles(root)).toEqual([])
  git('init', '--initial-branch=main')
  write('a/first.ts')
  git('add', '.')
  git('commit', '-m', 'First')
  write('a/second.ts')
  git('add', '.')
  git('commit', '-m', 'Second')
  expect(changedFiles(root)).toEqual(['a/second.ts'])
  write('a/first.ts')
  expect(changedFiles(root)).toEqual(['a/first.ts'])
  git('switch', '-c', 'branch')
  git('commit', '-a', '-m', 'Third')
  write('b/größer.ts')
  expect(changedFiles(root)).toEqual(['a/first.ts', 'b/größer.ts'])
})

test('the tests of a changed room come first, then the sweeps over all rooms, then the others', () => {
  const changed = ['src/modules/benefits/views/map.tsx', 'src/platform/records/save.ts', 'README.md']
  expect([...changedRooms(changed)]).toEqual(['benefits'])
  const turns = [
    'src/modules/benefits/map.db.test.ts',
    'src/platform/records/gate.db.test.ts',
    'src/main/page-sweep.db.test.ts',
    'src/platform/http/sweep.db.test.ts',
    'src/modules/strategy/rules.test.ts',
    'src/platform/db/drift.db.test.ts',
  ].map((file) => turnOf(file, changed))
  expect(turns).toEqual([0, 0, 1, 1, 3, 3])
  expect(turnOf('src/main/page-sweep.db.test.ts', ['src/platform/records/save.ts'])).toBe(2)
  expect(turnOf('src/platform/http/sweep.db.test.ts', ['src/platform/records/save.ts'])).toBe(3)
})
