import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { playwrightCounts, vitestCounts } from './counts.ts'

const folder = mkdtempSync(join(tmpdir(), 'counts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, report: unknown): string => {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify(report))
  return file
}

const vitest = (testResults: unknown[]) => ({ testResults })
const fileWith = (status: string, ...tests: string[]) => ({
  name: 'src/a.test.ts',
  status,
  assertionResults: tests.map((of) => ({ status: of })),
})

test('a test file that cannot be loaded counts as one failure', () => {
  const file = written('load', vitest([fileWith('failed'), fileWith('passed', 'passed', 'pending', 'todo')]))
  expect(vitestCounts(file, 1)).toEqual({ passed: 1, failed: 1, skipped: 2 })
})

test('every failed test counts', () => {
  const file = written('failed', vitest([fileWith('failed', 'failed', 'passed', 'failed')]))
  expect(vitestCounts(file, 1).failed).toBe(2)
})

test('a run that ends badly is never without failure', () => {
  expect(vitestCounts(written('bad', vitest([fileWith('passed', 'passed')])), 1).failed).toBe(1)
  expect(vitestCounts(join(folder, 'missing'), 0).failed).toBe(1)
  expect(playwrightCounts(join(folder, 'missing'), 1).failed).toBe(1)
})

test('of one run the parts are counted apart', () => {
  const database = { ...fileWith('failed', 'failed', 'passed'), name: 'src/b.db.test.ts' }
  const file = written('parts', vitest([fileWith('passed', 'passed', 'passed'), database]))
  const isDatabase = (name: string) => name.includes('.db.')
  expect(vitestCounts(file, 1, isDatabase)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(vitestCounts(file, 1, (name) => !isDatabase(name))).toEqual({ passed: 2, failed: 0, skipped: 0 })
})

test('journeys that passed when repeated count as passed', () => {
  const file = written('journeys', { stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 2 } })
  expect(playwrightCounts(file, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 })
})
