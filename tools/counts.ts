/** How many tests passed and failed, read from the reports of Vitest and Playwright and summed over several runs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './phases.ts'

export type Counts = { passed: number; failed: number; skipped: number }

const folder = join(root, 'test-results', 'counts')

/**
 * Where a run with this name writes its report; an older one is removed, so that it cannot be mistaken for the new one.
 */
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

type VitestFile = { name: string; status: string; assertionResults: { status: string }[] }

/**
 * A file that could not be loaded has no failed test but counts as one; so does a run that failed without saying why.
 * `isCounted` decides by path whether a test file is counted.
 */
export function vitestCounts(
  file: string,
  exitCode: number,
  isCounted: (testFile: string) => boolean = () => true,
): Counts {
  const report = readReport<{ testResults: VitestFile[] }>(file)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const failuresOf = ({ status, assertionResults }: VitestFile) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').length
    return tests === 0 && status === 'failed' ? 1 : tests
  }
  const isSilent = exitCode !== 0 && !report.testResults.some((each) => failuresOf(each) > 0)
  const counted = report.testResults.filter(({ name }) => isCounted(name))
  const tests = counted.flatMap(({ assertionResults }) => assertionResults)
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failedTests = tests.filter(({ status }) => status === 'failed').length
  return {
    passed,
    failed: counted.reduce((sum, each) => sum + failuresOf(each), isSilent ? 1 : 0),
    skipped: tests.length - passed - failedTests,
  }
}

/** A test that passed only on retry counts as passed, as in Playwright's own verdict. */
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
