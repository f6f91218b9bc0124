// Writes error-reasons.md from the English words: `npx node docs/reference/error-reasons.mjs`. `--check` only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const source = join(import.meta.dirname, '../../src')
const files = readdirSync(source, { recursive: true })
  .filter((name) => /(^|[/\\])words[/\\][^/\\]*en\.json$/.test(name))
  .sort()
  .map((name) => join(source, name))
const words = Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(file, 'utf8'))))
const reasons = Object.keys(words)
  .filter((key) => key.startsWith('problem.') && !key.startsWith('problem.title.'))
  .sort()
const groups = Map.groupBy(reasons, (key) => key.split('.')[1])
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const lines = [
  '# Reasons and codes of problems',
  '',
  '`reason` of a problem and `code` of its `errors` are stable; the sentences may change. Made from the English words by',
  '`npx node docs/reference/error-reasons.mjs`. Curly brackets stand for values. Problems of tables begin with `file`, `header`, `row`,',
  '`cell` or `profile` and stand in `src/platform/tabular/words`.',
]
for (const [group, keys] of groups)
  lines.push('', `## ${group}`, '', '| Code | Says |', '| --- | --- |', ...keys.map((key) => `| \`${key.slice(8)}\` | ${cell(words[key])} |`))
const text = `${lines.join('\n')}\n`
const file = join(import.meta.dirname, 'error-reasons.md')
if (process.argv.includes('--check')) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error('docs/reference/error-reasons.md is not current; run: npx node docs/reference/error-reasons.mjs')
    process.exitCode = 1
  }
} else writeFileSync(file, text)
