/**
 * Everything that must hold: `node tools/test.ts [phase…]`, the phases being check, unit, modules, browser.
 *
 *   --as NAME   count this run under another name beside the earlier ones (the database tests on another server)
 *   --totals    only print the sum of all runs since the last complete one
 */
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type Counts,
  forgetCounts,
  inWords,
  keepCounts,
  playwrightCounts,
  reportFile,
  sumOfCounts,
  vitestCounts,
} from './counts.ts'
import { type Outcome, packageFile, root, runNode } from './phases.ts'

const phases = ['check', 'unit', 'modules', 'browser'] as const
type Phase = (typeof phases)[number]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { as: { type: 'string' }, totals: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !phases.some((phase) => phase === name))
if (unknown.length > 0) {
  console.error(`unknown phase: ${unknown.join(', ')}; there are ${phases.join(', ')}`)
  process.exit(2)
}

if (values.totals) {
  const sum = sumOfCounts()
  console.log(inWords(sum))
  process.exitCode = sum.failed > 0 ? 1 : 0
} else {
  if (positionals.length === 0 && values.as === undefined) forgetCounts()
  let failed = false
  const lines: string[] = []
  for (const phase of phases.filter((name) => positionals.length === 0 || positionals.includes(name))) {
    const name = values.as ?? phase
    console.log(`\n— ${name} —`)
    const { counts, seconds } = await runPhase(phase, name)
    keepCounts(name, counts)
    failed ||= counts.failed > 0
    const verdict = phase === 'check' ? (counts.failed > 0 ? 'failed' : 'ok') : inWords(counts)
    lines.push(
      `${name}: ${verdict}${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''} (${seconds.toFixed(0)} s)`,
    )
  }
  console.log(`\n${lines.join('\n')}\nall runs: ${inWords(sumOfCounts())}`)
  process.exitCode = failed ? 1 : 0
}

async function runPhase(phase: Phase, name: string): Promise<{ counts: Counts; seconds: number }> {
  const report = reportFile(name)
  const environment: Record<string, string> = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
  const aloud = true
  let outcome: Outcome
  let counts: Counts
  if (phase === 'check') {
    outcome = await runNode('tools/check.ts', [], { aloud, environment })
    counts = { passed: 0, failed: outcome.code === 0 ? 0 : 1, skipped: 0 }
  } else if (phase === 'browser') {
    outcome = await runNode(
      packageFile('@playwright/test/cli.js'),
      ['test', '--pass-with-no-tests', '--reporter=list,json'],
      { aloud, environment: { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
    )
    counts = playwrightCounts(report, outcome.code)
  } else {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${relative(root, report)}`]
    outcome = await runNode(packageFile('vitest/vitest.mjs'), ['run', '--project', phase, ...reporters], {
      aloud,
      environment,
    })
    counts = vitestCounts(report, outcome.code)
  }
  return { counts, seconds: outcome.seconds }
}
