/**
 * Kills at moments of their own: when a queued import is picked up by the worker, in the middle of a migration and of a restore;
 * and a disk that fills up while people write. Each returns how often it killed and what was wrong afterwards.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { contextOf as contextIn } from '#platform/app.ts'
import { backup, restore } from '#platform/backup/index.ts'
import { systemCaller } from '#platform/caller.ts'
import { migrate, openDatabase, openEmbedded } from '#platform/db/index.ts'
import { newId, verify } from '#platform/records/index.ts'
import { openApp } from '../../src/main/app.ts'
import { migrationFolders } from '../../src/main/modules.ts'
import { startImport, uploadImport } from '../../src/modules/imports/actions-runs.ts'
import { halves } from './checks.ts'
import { killDatabase } from './kill.ts'
import { fileOf, profileOf, tableOf } from './load.ts'

export type Moments = { readonly kills: number; readonly found: readonly string[]; readonly note: string }
type Random = () => number

const register = join(import.meta.dirname, '../../src/main/tsx.ts')
const silent = { info() {}, warn() {}, error() {} }

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** The whole program on a directory, as `npm start` runs it. */
async function program(directory: string): Promise<{ child: ChildProcess; worker: () => number | undefined }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/main/start.mjs')], {
    env: { ...process.env, PORT: '0', DATA_DIRECTORY: directory, DEMO: 'off', LOG: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<void>()
  let out = ''
  child.stdout!.on('data', (bytes) => {
    out += bytes
    if (out.includes('is ready')) ready.resolve()
  })
  child.once('exit', (code) => ready.reject(new Error(`The program ended with ${code}.`)))
  await ready.promise
  const worker = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => {
        try {
          const parent = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[1]
          return Number(parent) === child.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.ts')
        } catch {
          return false
        }
      })
  return { child, worker }
}

/**
 * A file is queued, and the worker (by turns the whole program with its database) is killed at a random moment of the next
 * seconds, up to twice. The import must go on by itself and be done, or be named as failed if it was begun three times.
 */
export async function pickUps(directory: string, wanted: number, random: Random): Promise<Moments> {
  if (wanted === 0) return { kills: 0, found: [], note: 'not asked for' }
  const found: string[] = []
  const ends: Record<string, number> = {}
  let kills = 0
  let slowestMs = 0
  let running = await program(directory)
  const opened = await openApp({ applicationName: 'chaos', log: silent, directory })
  const ctx = contextIn(opened.app, systemCaller, 'en')
  const rows = async <Row>(text: string, values: unknown[] = []) =>
    (await opened.app.database.pool.query(text, values)).rows as Row[]
  try {
    for (let turn = 0; kills < wanted; turn++) {
      const token = `pickup${turn}-${newId().slice(-6)}`
      const path = join(directory, '..', fileOf(token))
      await writeFile(path, tableOf(token))
      const file = { name: fileOf(token), type: 'text/csv', path, bytes: (await stat(path)).size }
      const run = await uploadImport(ctx, file, profileOf(token))
      rmSync(path)
      await startImport(ctx, run, { dryRun: false, allOrNothing: false })
      const beganAt = performance.now()
      for (let blow = 0; blow < 1 + (turn % 2); blow++) {
        await sleep(random() * 2500)
        const pid = running.worker()
        if (turn % 5 === 4) {
          await killed(running.child)
          if (pid) await sleep(50).then(() => tryKill(pid))
          if (turn % 10 === 9) await killDatabase(directory)
          running = await program(directory)
          kills++
        } else if (pid && tryKill(pid)) kills++
      }
      const state = await ended(rows, run)
      ends[state] = (ends[state] ?? 0) + 1
      slowestMs = Math.max(slowestMs, performance.now() - beganAt)
      if (state !== 'done')
        found.push(`${token}: its import is ${state} ${Math.round(performance.now() - beganAt)} ms after it was queued`)
    }
    found.push(...(await halves(opened.app.database)))
    const [stuck] = await rows<{ runs: number; jobs: number }>(
      `select (select count(*)::int from imports.run where state in ('waiting', 'running')) as runs,
         (select count(*)::int from jobs.job where state = 'active' and name = 'indicators.import') as jobs`,
    )
    if (stuck!.runs + stuck!.jobs > 0) found.push(`stuck: ${JSON.stringify(stuck)}`)
  } finally {
    await opened.close()
    const gone = once(running.child, 'exit')
    running.child.kill('SIGTERM')
    await gone
  }
  return { kills, found, note: `${JSON.stringify(ends)}, slowest ${Math.round(slowestMs)} ms from queue to end` }
}

function tryKill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

async function ended(rows: <Row>(text: string, values?: unknown[]) => Promise<Row[]>, run: string): Promise<string> {
  let state = 'unknown'
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await sleep(200)) {
    const [row] = await rows<{ state: string }>('select state from imports.run where id = $1', [run]).catch(() => [])
    state = row?.state ?? state
    if (!['waiting', 'running', 'unknown'].includes(state)) return state
  }
  return `still ${state}`
}

/** A database of its own on the embedded server, for one round. */
async function ownDatabases(directory: string) {
  const embedded = await openEmbedded({ directory })
  const { host, port, user } = embedded.connection
  const urlOf = (name: string) => `postgres:///${name}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`
  const admin = await openDatabase({ url: urlOf(embedded.connection.database), applicationName: 'chaos admin' })
  return {
    make: async (name: string) => {
      await admin.pool.query(`create database ${name}`)
      return urlOf(name)
    },
    drop: (name: string) => admin.pool.query(`drop database ${name} with (force)`),
    close: async () => {
      await admin.close()
      await embedded.close()
    },
  }
}

/** Kills a child that works on a database at a random moment; then the same work here must end as if nothing had been. */
async function interrupted(
  directory: string,
  wanted: number,
  random: Random,
  work: { readonly name: string; readonly args: readonly string[]; readonly again: (url: string) => Promise<string> },
): Promise<Moments> {
  const databases = await ownDatabases(directory)
  const child = (url: string) =>
    fork(join(import.meta.dirname, 'interrupted.ts'), [work.name, url, ...work.args], {
      execArgv: ['--import', register],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
  const found: string[] = []
  let kills = 0
  let spanMs = 0
  try {
    const expected = await work.again(await databases.make(`chaos_${work.name}`))
    for (let turn = 0; kills < wanted; turn++) {
      const name = `chaos_${work.name}_${turn}`
      const url = await databases.make(name)
      const victim = child(url)
      await once(victim, 'message')
      const beganAt = performance.now()
      if (turn === 0) {
        await once(victim, 'exit')
        spanMs = performance.now() - beganAt
      } else {
        await sleep(random() * spanMs * 1.1)
        if (victim.exitCode === null) kills++
        await killed(victim)
      }
      try {
        const after = await work.again(url)
        if (after !== expected) found.push(`${name}: ${after} instead of ${expected}`)
      } catch (error) {
        found.push(`${name}: ${(error as Error).message}`)
      }
      await databases.drop(name)
    }
    await databases.drop(`chaos_${work.name}`)
  } finally {
    await databases.close()
  }
  return { kills, found, note: `over ${Math.round(spanMs)} ms` }
}

/** The shape of a database: every column of our schemas, and the migrations that were taken. */
const shapeSql = `select md5(string_agg(line, ',' order by line)) as shape from (
  select table_schema || '.' || table_name || '.' || column_name || ' ' || data_type as line from information_schema.columns
    where table_schema not in ('pg_catalog', 'information_schema')
  union all select module || '/' || name from commonweal.migration) lines`

export const migrations = (directory: string, wanted: number, random: Random): Promise<Moments> =>
  interrupted(directory, wanted, random, {
    name: 'migration',
    args: [],
    again: async (url) => {
      const database = await openDatabase({ url, applicationName: 'chaos check' })
      try {
        await migrate(database, migrationFolders)
        return (await database.pool.query<{ shape: string }>(shapeSql)).rows[0]!.shape
      } finally {
        await database.close()
      }
    },
  })

/** A restore that was killed has restored nothing or everything; what is not there yet is restored by the next one. */
export async function restores(directory: string, wanted: number, random: Random): Promise<Moments> {
  const archive = join(directory, '..', 'chaos.zip')
  const from = await openDatabase({ directory, applicationName: 'chaos backup' })
  const made = await backup(from.pool, { modules: migrationFolders, program: 'chaos', now: () => new Date() })
  await pipeline(made.pieces, createWriteStream(archive))
  await made.manifest
  await from.close()
  return interrupted(directory, wanted, random, {
    name: 'restore',
    args: [archive],
    again: async (url) => {
      const database = await openDatabase({ url, applicationName: 'chaos check', statementTimeoutMs: 120_000 })
      try {
        await restore(database, migrationFolders, archive).catch((error) => {
          // It was whole already.
          if ((error as { code?: string }).code !== 'not-empty') throw error
        })
        const { whole, position, hash } = await verify(database.kysely)
        const { rows } = await database.pool.query<{ count: string }>('select count(*) from records.record')
        return `${whole} ${position} ${hash} ${rows[0]!.count}`
      } finally {
        await database.close()
      }
    },
  })
}

export const smallDisk = (base: string): string => join(base, 'small')
/** The smallest disk a fresh database and its log fit on, with some room. */
const diskMegabytes = 320

/**
 * People write while the disk fills up, and again when there is room. `writer` writes for one round in a directory; what it was told was
 * saved is checked by `check`. Needs root, for a file system of its own.
 */
export async function fullDisks(
  base: string,
  wanted: number,
  round: {
    readonly begin: (directory: string) => Promise<void>
    readonly stop: () => Promise<void>
    /** Writes acknowledged so far. */
    readonly count: () => number
    /** Why the newest write was refused; '' if none was. */
    readonly refused: () => string
    readonly check: (directory: string) => Promise<string[]>
  },
): Promise<Moments> {
  if (process.getuid?.() !== 0) return { kills: 0, found: [], note: 'skipped: needs root' }
  const directory = smallDisk(base)
  mkdirSync(directory)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m,mode=755`, 'tmpfs', directory])
  const found: string[] = []
  let refusedMs = 0
  try {
    const database = await openDatabase({ directory, applicationName: 'chaos' })
    await migrate(database, migrationFolders)
    await database.close()
    for (let turn = 0; turn < wanted; turn++) {
      await round.begin(directory)
      const filler = (part: number) => join(directory, `filler${part}`)
      let parts = 0
      const began = Date.now()
      const refused = () => /space|full|recovery|terminat|connect/i.test(round.refused())
      // The database goes on in the pages and log files that it holds, and takes what is freed meanwhile: the disk is filled again and
      // again, to its last page, until somebody was refused and for a while after that.
      while (Date.now() - began < (refused() ? 4000 : 60_000)) {
        for (const bytes of [65_536, 4096]) {
          const piece = Buffer.alloc(bytes)
          try {
            for (; ; parts++) writeFileSync(filler(parts), piece)
          } catch {
            // No room for a piece of this size: the smaller one, or full.
          }
        }
        await sleep(50)
      }
      const before = round.count()
      if (!refused()) found.push(`disk ${turn}: the disk was full and nobody was refused (${round.refused()})`)
      for (let part = 0; part <= parts; part++) rmSync(filler(part), { force: true })
      const freedAt = performance.now()
      while (round.count() <= before && performance.now() - freedAt < 60_000) await sleep(50)
      if (round.count() <= before) found.push(`disk ${turn}: nobody could write after there was room again`)
      refusedMs = Math.max(refusedMs, performance.now() - freedAt)
      await sleep(500)
      await round.stop()
      found.push(...(await round.check(directory)).map((each) => `disk ${turn}: ${each}`))
    }
  } finally {
    await round.stop()
    execFileSync('umount', ['-l', directory])
  }
  return { kills: wanted, found, note: `written again ${Math.round(refusedMs)} ms after there was room, at the latest` }
}
