/**
 * Chaos: kill -9 of the application and of the database at random points of imports and writes; after each, everything
 * that was acknowledged must be there, nothing may be there in part, the history must be whole, and the next start must
 * be clean.
 *
 * Then kills at moments of their own: the worker that picks up an import, a migration, a restore; and a full disk.
 *
 * `npm run chaos [-- --imports 30 --writes 300 --pickups 20 --migrations 30 --restores 20 --disks 3] [--seed N] [--short] [--keep]`;
 * `--short` is for continuous integration. Exits with 1 if anything was found. Linux only (it looks processes up in
 * /proc).
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { migrate, openDatabase } from '#platform/db/index.ts'
import type { SealHead } from '#platform/records/index.ts'
import { migrationFolders } from '../src/main/modules.ts'
import { chained, halves, lost, unswept } from './chaos/checks.ts'
import { killDatabase } from './chaos/kill.ts'
import type { Acknowledged } from './chaos/load.ts'
import { fullDisks, type Moments, migrations, pickUps, restores, smallDisk } from './chaos/moments.ts'

const { values: options } = parseArgs({
  options: {
    imports: { type: 'string' },
    writes: { type: 'string' },
    pickups: { type: 'string' },
    migrations: { type: 'string' },
    restores: { type: 'string' },
    disks: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    short: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const wantedImports = Number(options.imports ?? (options.short ? 6 : 30))
const wantedWrites = Number(options.writes ?? (options.short ? 40 : 300))
const wantedOf = (given: string | undefined, short: number, whole: number) =>
  Number(given ?? (options.short ? short : whole))
/** mulberry32: the same seed kills at the same points (as far as two runs of a machine are alike). */
let state = Number(options.seed)
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}

type Mode = 'imports' | 'writes'
type Victim = 'application' | 'database' | 'both'
const victims: readonly Victim[] = ['application', 'database', 'both']
const base = mkdtempSync(join(tmpdir(), 'commonweal-chaos-'))
// The database runs as another user where this is root; where that user cannot enter, its data would lie elsewhere: not on the disk that
// is filled.
chmodSync(base, 0o755)
const directory = join(base, 'data')
const journal = join(base, 'acknowledged.jsonl')
writeFileSync(journal, '')

const acknowledged = (file = journal): Acknowledged[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Acknowledged)

const writers = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of writers) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    for (const child of writers) child.kill('SIGKILL')
    for (const each of [directory, smallDisk(base)]) await killDatabase(each)
    process.exit(1)
  })

class ChaosWriter {
  count = 0
  /** Imports that claimed more than they did. */
  readonly wrong: string[] = []
  /** Why the newest attempt failed. */
  failed = ''
  /** Milliseconds from being ready to the first acknowledgement. */
  firstMs: number | undefined
  #readyAt = 0
  readonly #child: ChildProcess
  #woken: () => void = () => {}

  constructor(mode: Mode, prefix: string, where = directory, saved = journal) {
    const register = join(import.meta.dirname, '../src/main/tsx.ts')
    const program = join(import.meta.dirname, 'chaos/writer.ts')
    this.#child = spawn(process.execPath, ['--import', register, program, where, saved, mode, prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    writers.add(this.#child)
    this.#child.once('exit', () => writers.delete(this.#child))
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      if (line === 'acknowledged') {
        this.count++
        this.firstMs ??= performance.now() - this.#readyAt
      } else if (line === 'ready') {
        this.ready = true
        this.#readyAt = performance.now()
      } else if (line.startsWith('wrong ')) this.wrong.push(line.slice('wrong '.length))
      else if (line.startsWith('failed ')) this.failed = line.slice('failed '.length)
      this.#woken()
    })
    this.#child.once('exit', () => this.#woken())
  }

  ready = false
  get gone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Waits until the condition holds, the writer is gone, or time runs out. */
  async until(holds: () => boolean, patienceMs: number): Promise<boolean> {
    const deadline = Date.now() + patienceMs
    while (!holds() && !this.gone && Date.now() < deadline) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#woken = resolve
      await Promise.race([promise, sleep(100)])
    }
    return holds()
  }

  async kill(): Promise<void> {
    if (this.gone) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}

/** How long an undisturbed import takes, as last measured. */
let importMs = 0

/** Lets a writer import once before anything is killed. */
async function measure(): Promise<void> {
  const writer = new ChaosWriter('imports', 'unkilled')
  try {
    await writer.until(() => writer.count + writer.wrong.length > 0, 60_000)
    if (writer.firstMs === undefined) throw new Error(`No import was done. ${writer.wrong[0] ?? writer.failed}`)
    importMs = writer.firstMs
  } finally {
    await writer.kill()
  }
}

/** When to kill: while the writer starts, or at a random point of its work. */
async function wait(writer: ChaosWriter, mode: Mode, turn: number): Promise<void> {
  if (mode === 'writes') {
    if (random() < 0.1) return sleep(random() * 400)
    const some = Math.floor(random() * 15)
    await writer.until(() => writer.count >= some, 30_000)
    return sleep(random() * 20)
  }
  // By turns of all victims: somewhere in an import that is mostly not done yet, and soon after one that was
  // acknowledged.
  const afterOne = Math.floor(turn / victims.length) % 2 === 1
  if (!afterOne && random() < 0.1) return sleep(random() * 400)
  await writer.until(() => writer.ready, 30_000)
  if (afterOne) await writer.until(() => writer.count > 0, 60_000)
  await sleep(random() * importMs * (afterOne ? 0.3 : 1.3))
}

/**
 * One round: a writer at work, a kill at a random point and, if it was the database, more work afterwards.
 */
async function round(mode: Mode, victim: Victim, name: string, turn: number): Promise<string[]> {
  const writer = new ChaosWriter(mode, name)
  try {
    await wait(writer, mode, turn)
    if (mode === 'imports') importMs = writer.firstMs ?? importMs
    if (victim === 'both') await Promise.all([writer.kill(), killDatabase(directory)])
    if (victim !== 'database') return writer.wrong
    const killed = await killDatabase(directory)
    const before = writer.count
    const resumed = await writer.until(() => writer.count > before + (mode === 'imports' ? 0 : 3), 60_000)
    const stuck = `the writer did not go on after the database had died: ${writer.failed}`
    return [...writer.wrong, ...(resumed || !killed ? [] : [stuck])]
  } finally {
    await writer.kill()
  }
}

type Tally = {
  rounds: number
  acknowledged: number
  lost: number
  halves: number
  history: number
  starts: number
  slowestStartMs: number
}
const fresh = (): Tally => ({
  rounds: 0,
  acknowledged: 0,
  lost: 0,
  halves: 0,
  history: 0,
  starts: 0,
  slowestStartMs: 0,
})
const tallies = new Map<string, Tally>()
const found: string[] = []
let head: SealHead | undefined

async function check(tally: Tally, name: string): Promise<void> {
  const beganAt = performance.now()
  const complaints: string[] = []
  const database = await openDatabase({
    directory,
    applicationName: 'chaos check',
    statementTimeoutMs: 120_000,
    log: (line) => complaints.push(line),
  })
  tally.slowestStartMs = Math.max(tally.slowestStartMs, performance.now() - beganAt)
  try {
    const gone = await lost(database, acknowledged())
    const parts = [...(await halves(database)), ...(await unswept(database))]
    const history = await chained(database, head)
    head = history.head
    tally.lost += gone.length
    tally.halves += parts.length
    tally.history += history.reported.length
    found.push(...[...gone, ...parts, ...history.reported].map((each) => `${name}: ${each}`))
  } finally {
    await database.close()
  }
}

async function rounds(mode: Mode, wanted: number): Promise<void> {
  let done = 0
  for (let turn = 0; done < wanted; turn++) {
    const victim = victims[turn % victims.length]!
    const tally = tallies.get(`${mode}, ${victim} killed`) ?? fresh()
    tallies.set(`${mode}, ${victim} killed`, tally)
    const name = `${mode}${turn}`
    const before = acknowledged().length
    const reported = await round(mode, victim, name, turn)
    tally.starts += reported.length
    found.push(...reported.map((each) => `${name}: ${each}`))
    try {
      await check(tally, name)
    } catch (error) {
      tally.starts++
      found.push(`${name}: the next start was not clean: ${(error as Error).message}`)
    }
    const more = acknowledged().length - before
    tally.rounds++
    process.stderr.write(`${name}, ${victim} killed: ${more} acknowledged, ${found.length} faults so far\n`)
    tally.acknowledged += more
    done += mode === 'imports' ? 1 : more
    if (turn > wanted * 3) throw new Error('The writer hardly gets anything done.')
  }
}

const moments = new Map<string, Moments>()
async function moment(name: string, work: Promise<Moments>): Promise<void> {
  const done = await work
  moments.set(name, done)
  process.stderr.write(`${name}: ${done.kills} kills, ${done.found.length} faults, ${done.note}\n`)
  found.push(...done.found.map((each) => `${name}: ${each}`))
}

/** Writers and checks for the disk that fills up; what they were told was saved has a list of its own. */
function onSmallDisk(): Parameters<typeof fullDisks>[2] {
  const saved = join(base, 'small-acknowledged.jsonl')
  writeFileSync(saved, '')
  let writer: ChaosWriter | undefined
  let turn = 0
  let before: SealHead | undefined
  return {
    begin: async (small) => {
      writer = new ChaosWriter('writes', `small${turn++}`, small, saved)
      await writer.until(() => writer!.count > 5, 60_000)
    },
    stop: async () => {
      await writer?.kill()
      writer = undefined
    },
    count: () => writer?.count ?? 0,
    refused: () => writer?.failed ?? '',
    check: async (small) => {
      const database = await openDatabase({ directory: small, applicationName: 'chaos check' })
      try {
        const history = await chained(database, before)
        before = history.head
        return [...(await lost(database, acknowledged(saved))), ...(await halves(database)), ...history.reported]
      } finally {
        await database.close()
      }
    },
  }
}

const beganAt = performance.now()
try {
  const database = await openDatabase({ directory, applicationName: 'chaos' })
  await migrate(database, migrationFolders)
  await database.close()
  // Writes first: imported data makes every later check of the whole history longer.
  await rounds('writes', wantedWrites)
  if (wantedImports > 0) await measure()
  await rounds('imports', wantedImports)
  await moment('import picked up', pickUps(directory, wantedOf(options.pickups, 4, 20), random))
  await moment('migration', migrations(directory, wantedOf(options.migrations, 4, 30), random))
  await moment('restore', restores(directory, wantedOf(options.restores, 3, 20), random))
  await moment('full disk', fullDisks(base, wantedOf(options.disks, 1, 3), onSmallDisk()))
  console.log(
    `seed ${options.seed}, ${Math.round((performance.now() - beganAt) / 1000)} s, history of ${head?.position ?? 0} entries\n`,
  )
  console.log(`${''.padEnd(30)} kills  acknowledged  lost  halves  history  starts  slowest start`)
  for (const [name, tally] of tallies)
    console.log(
      `${name.padEnd(30)} ${String(tally.rounds).padStart(5)}  ${String(tally.acknowledged).padStart(12)}  ${String(tally.lost).padStart(4)}  ${String(tally.halves).padStart(6)}  ${String(tally.history).padStart(7)}  ${String(tally.starts).padStart(6)}  ${Math.round(tally.slowestStartMs)} ms`,
    )
  console.log('')
  for (const [name, { kills, found: faults, note }] of moments)
    console.log(`${name.padEnd(30)} ${String(kills).padStart(5)}  ${faults.length} faults  ${note}`)
  for (const each of found.slice(0, 50)) console.log(each)
  console.log(
    found.length === 0
      ? '\nNothing was lost, nothing was there in part, every start was clean.'
      : `\n${found.length} faults.`,
  )
} finally {
  if (options.keep || found.length > 0) console.log(`Kept in ${base}`)
  else rmSync(base, { recursive: true, force: true })
}
process.exitCode = found.length > 0 ? 1 : 0
