/**
 * Everything that must hold: `node tools/test.ts [phase…]`, the phases being check, unit, modules, browser. The tests
 * of what changed run first (`test/kit/changed.ts`), whether they need a database or not.
 *
 *   --as NAME   count this run under another name, in addition to earlier ones (the database tests on another server)
 *   --portable  of the database tests only those that run on every PostgreSQL (`tools/portable.ts`)
 *   --totals    only print the sum of all runs since the last complete one
 */
import { existsSync } from 'node:fs'
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
import { packageFile, root, runNode } from './phases.ts'
import { portableTests } from './portable.ts'
import { roomsInWords, secondsByRoom } from './room-seconds.ts'

const phases = ['check', 'unit', 'modules', 'browser'] as const
type Phase = (typeof phases)[number]
type Counted = { readonly phase: Phase; readonly counts: Counts }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    as: { type: 'string' },
    portable: { type: 'boolean', default: false },
    totals: { type: 'boolean', default: false },
  },
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
  const chosen = phases.filter((name) => positionals.length === 0 || positionals.includes(name))
  // One run of Vitest for both kinds of tests: so neither core waits for the last file of the other kind.
  const inVitest = chosen.filter((phase) => phase === 'unit' || phase === 'modules')
  let failed = false
  const lines: string[] = []
  for (const together of [
    chosen.filter((phase) => phase === 'check'),
    inVitest,
    chosen.filter((phase) => phase === 'browser'),
  ]) {
    if (together.length === 0) continue
    const nameOf = (phase: Phase) => values.as ?? phase
    console.log(`\n— ${together.map(nameOf).join(', ')} —`)
    const startedAt = performance.now()
    const counted = await runPhases(together, together.map(nameOf).join('-'))
    const seconds = (performance.now() - startedAt) / 1000
    for (const { phase, counts } of counted) {
      keepCounts(nameOf(phase), counts)
      failed ||= counts.failed > 0
      const verdict = phase === 'check' ? (counts.failed > 0 ? 'failed' : 'ok') : inWords(counts)
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
      const shared = together.length > 1 ? ' together' : ''
      lines.push(`${nameOf(phase)}: ${verdict}${skipped} (${seconds.toFixed(0)} s${shared})`)
    }
  }
  console.log(`\n${lines.join('\n')}\nall runs: ${inWords(sumOfCounts())}`)
  process.exitCode = failed ? 1 : 0
}

async function runPhases(together: readonly Phase[], name: string): Promise<Counted[]> {
  const report = reportFile(name)
  const environment: Record<string, string> = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
  const aloud = true
  const phase = together[0]!
  if (phase === 'check') {
    const { code } = await runNode('tools/check.ts', [], { aloud, environment })
    return [{ phase, counts: { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 } }]
  }
  if (phase === 'browser') {
    const input = ['test', '--pass-with-no-tests', '--reporter=list,json']
    const reporting = { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report }
    const { code } = await runNode(packageFile('@playwright/test/cli.js'), input, { aloud, environment: reporting })
    return [{ phase, counts: playwrightCounts(report, code) }]
  }
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${relative(root, report)}`]
  const files = values.portable ? portableTests() : []
  const input = ['run', ...together.flatMap((each) => ['--project', each]), ...reporters, ...files]
  const { code } = await runNode(packageFile('vitest/vitest.mjs'), input, { aloud, environment })
  if (existsSync(report)) console.log(`rooms add: ${roomsInWords(secondsByRoom(report))}`)
  const isOf = (each: Phase) => (file: string) =>
    together.length === 1 || /\.db\.test\./.test(file) === (each === 'modules')
  return together.map((each) => ({ phase: each, counts: vitestCounts(report, code, isOf(each)) }))
}
