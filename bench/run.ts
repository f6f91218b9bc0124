/**
 * `npm run bench [-- NAME…] [-- --short] [-- --json]`: every figure next to its limit, measured in the same run, in
 * turns (A B A B), medians. A benchmark is not a test: it exits with 0 whatever it finds. It works in a temporary
 * directory, listens on 127.0.0.1 only, ends only what it started, and stops by itself.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Child, endAll, startChild } from './children.ts'
import { type BenchCity, makeCity } from './city.ts'
import { exporting } from './exchange.ts'
import { type Figure, holds, type Line, ratioOf, type Stage, type Unit } from './figure.ts'
import { findings } from './findings.ts'
import { forecasts } from './forecasts.ts'
import { growth } from './growth.ts'
import { importing } from './imports.ts'
import { map } from './maps.ts'
import { home, memory, page } from './pages.ts'
import { list, record, search } from './reads.ts'
import { register } from './register.ts'
import { scheduling } from './schedule.ts'
import { trace } from './scripts.ts'
import { simulating } from './simulation.ts'
import { startUp } from './starts.ts'
import { verifying } from './verifying.ts'
import { workbook } from './workbook.ts'
import { bulk, change } from './writes.ts'

const figures: readonly Figure[] = [
  startUp,
  record,
  list,
  search,
  page,
  // Home reads the register.
  findings,
  home,
  map,
  change,
  bulk,
  importing,
  memory,
  trace,
  forecasts,
  workbook,
  scheduling,
  exporting,
  simulating,
  register,
  verifying,
  growth,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !figures.some((figure) => figure.name === name))
if (unknown.length > 0) {
  console.error(
    `There is no figure "${unknown.join('", "')}". There are: ${figures.map(({ name }) => name).join(', ')}.`,
  )
  process.exit(2)
}
const chosen = figures.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

const folder = mkdtempSync(join(tmpdir(), 'commonweal-bench-'))
// The server's user must reach it where we are root; the data would lie elsewhere otherwise, and stay there.
chmodSync(folder, 0o755)
let city: Promise<BenchCity> | undefined
let web: Promise<Child> | undefined
let bare: Promise<Child> | undefined
const tell = (text: string) => {
  if (!values.json) process.stderr.write(`${text}\n`)
}
const stage: Stage = {
  seconds: values.short ? 1 : 2,
  turns: values.short ? 2 : 3,
  short: values.short,
  folder,
  city: () => {
    if (!city) {
      tell('Making the city …')
      mkdirSync(join(folder, 'city'))
      city = makeCity(join(folder, 'city'), values.short ? 0.1 : 1)
    }
    return city
  },
  web: async () => {
    web ??= startChild('server.ts', (await stage.city()).directory)
    return web
  },
  bare: async () => {
    bare ??= startChild('bare.ts', (await stage.city()).directory)
    return bare
  },
}

let leaving: Promise<void> | undefined
/** Ends the children, then the database, then removes the folder; once. */
const leave = (): Promise<void> => {
  leaving ??= (async () => {
    await endAll()
    await city?.then(({ opened }) => opened.close()).catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  })()
  return leaving
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void leave().then(() => process.exit(130)))
/** Nothing here may run for ever: after ten minutes it stops with what it has. */
const patience = setTimeout(() => void leave().then(() => process.exit(0)), 600_000)
patience.unref()

const startedAt = performance.now()
const results: Array<Line & { figure: string }> = []
try {
  for (const figure of chosen) {
    tell(`${figure.name} …`)
    const lines = await figure
      .measure(stage)
      .catch((error: Error): Line[] => [
        { name: figure.name, unit: '/s', note: `not available: ${error.message.split('\n', 1)[0]}` },
      ])
    results.push(...lines.map((line) => ({ ...line, figure: figure.name })))
  }
} finally {
  await leave()
  clearTimeout(patience)
}

const seconds = Math.round((performance.now() - startedAt) / 1000)
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}, ${process.platform}`
if (values.json) {
  const reported = results.map((line) => ({
    figure: line.figure,
    name: line.name,
    unit: line.unit,
    ours: line.ours ?? null,
    limit: line.limit ?? null,
    ratio: ratioOf(line) ?? null,
    target: line.target?.text ?? null,
    holds: holds(line) ?? null,
    note: line.note ?? null,
  }))
  console.log(JSON.stringify({ machine, seconds, short: values.short, lines: reported }))
} else print()
process.exit(0)

function print(): void {
  const cells = results.map((line) => {
    const ratio = ratioOf(line)
    const held = holds(line)
    return [
      line.name,
      shown(line.ours, line.unit),
      line.limit ? shown(line.limit.value, line.unit) : '',
      ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
      line.target?.text ?? 'no target',
      held === undefined ? (line.ours === undefined ? 'not available' : '') : held ? 'pass' : 'MISS',
    ]
  })
  const head = ['figure', 'ours', 'limit', 'ours / limit', 'target', '']
  const widths = head.map((_each, column) => Math.max(...[head, ...cells].map((row) => row[column]!.length)))
  const row = (texts: readonly string[]) =>
    texts
      .map((text, column) =>
        column === 0 || column > 3 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  console.log(`\n${row(head)}\n${widths.map((width) => '-'.repeat(width)).join('  ')}`)
  for (const [index, each] of cells.entries()) {
    console.log(row(each))
    const { limit, note } = results[index]!
    const more = [limit ? `limit: ${limit.name}` : '', note ?? ''].filter((text) => text !== '').join('; ')
    if (more) console.log(`    ${more}`)
  }
  const missed = results.filter((line) => holds(line) === false).length
  console.log(
    `\n${machine}\n${seconds} s${values.short ? ', short: a tenth of the data, not for comparison' : ''}. ${missed === 0 ? 'No target was missed.' : `${missed} missed.`}`,
  )
}

function shown(value: number | undefined, unit: Unit): string {
  if (value === undefined) return '–'
  const text =
    value >= 100 || unit === 'bytes'
      ? Math.round(value).toLocaleString('en')
      : value.toFixed(unit === 'MB' ? 0 : value < 10 ? 2 : 1)
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`
}
