/** How many tests passed and failed, read from the reports of Vitest and Playwright and summed over several runs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './phases.ts'

export type Counts = { passed: number; failed: number; skipped: number }

const folder = join(root, 'test-results', 'counts')

/** Where a run with this name writes its report; an older one is removed, so that it cannot be taken for the new one. */
export function reportFile(run: string): string {
  const file = join(root, 'test-results', `${run}.json`)
  rmSync(file, { force: true })
  mkdirSync(join(root, 'test-results'), { recursive: true })
  return file
}

export function forgetCounts(): void {
  rmSync(folder, { recursive: true, force: true })
}

export function keepCounts(run: string, counts: Counts): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${run}.json`), `${JSON.stringify(counts)}\n`)
}

export function sumOfCounts(): Counts {
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Counts)
    .reduce((sum, next) => add(sum, next), { passed: 0, failed: 0, skipped: 0 })
}

/** A file that could not be loaded holds no failed test but counts as one; so does a run that ended badly without saying why. */
export function vitestCounts(file: string, exitCode: number): Counts {
  const report = readReport<{
    numPassedTests: number
    numPendingTests: number
    numTodoTests: number
    testResults: { status: string; assertionResults: { status: string }[] }[]
  }>(file)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const failed = report.testResults
    .map(({ status, assertionResults }) => {
      const tests = assertionResults.filter((test) => test.status === 'failed').length
      return tests === 0 && status === 'failed' ? 1 : tests
    })
    .reduce((sum, next) => sum + next, 0)
  return {
    passed: report.numPassedTests,
    failed: exitCode === 0 ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** A test that passed only when it was repeated counts as passed, as in Playwright's own verdict. */
export function playwrightCounts(file: string, exitCode: number): Counts {
  const report = readReport<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(file)
  if (!report) return { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected + flaky, failed: exitCode === 0 ? unexpected : Math.max(unexpected, 1), skipped }
}

export function inWords({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

function readReport<Report>(file: string): Report | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : undefined
}
