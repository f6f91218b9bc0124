/**
 * Everything that can be checked without running the program: `node tools/check.ts [name…]`. Two checks run at a time;
 * only failures print more than their line.
 */
import { houseProblems } from './house.ts'
import { type Outcome, packageFile, runNode } from './phases.ts'

const checks: Record<string, () => Promise<Outcome>> = {
  types: () => runNode(packageFile('typescript/lib/tsc.js'), ['-p', '.', '--noEmit', '--pretty', 'false']),
  islands: () =>
    runNode(packageFile('typescript/lib/tsc.js'), ['-p', 'src/web/islands', '--noEmit', '--pretty', 'false']),
  style: () => runNode(packageFile('@biomejs/biome/bin/biome'), ['check', '--colors=off', '--diagnostic-level=error']),
  boundaries: () => runNode('tools/boundaries.ts'),
  unused: () =>
    runNode(packageFile('knip/bin/knip.js'), ['--no-progress', '--no-config-hints', '--reporter', 'compact']),
  house: async () => {
    const startedAt = performance.now()
    const problems = houseProblems()
    return {
      code: problems.length > 0 ? 1 : 0,
      output: problems.join('\n'),
      seconds: (performance.now() - startedAt) / 1000,
    }
  },
  readable: () => runNode('tools/readable.ts', ['--check']),
  notices: () => runNode('tools/notices.ts', ['--check']),
  reasons: () => runNode('docs/reference/error-reasons.mjs', ['--check']),
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in checks))
if (unknown.length > 0) {
  console.error(`unknown check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`)
  process.exit(2)
}

const waiting = Object.entries(checks).filter(([name]) => chosen.length === 0 || chosen.includes(name))
const failed: string[] = []
await Promise.all([next(), next()])
if (failed.length > 0) console.log(`check failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

async function next(): Promise<void> {
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    const [name, check] = entry
    const { code, output, seconds } = await check()
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`)
    if (code === 0) continue
    failed.push(name)
    console.log(output.replace(/^/gm, '  '))
  }
}
