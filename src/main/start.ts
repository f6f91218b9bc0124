/**
 * `npm start`: opens the application, loads the demo city if it is empty, serves it, and starts the worker alongside.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { StartProblem, takeLease } from '#platform/db/index.ts'
import { catchUp } from '#platform/events.ts'
import { defaultLimits, stopServer, sweepUploads } from '#platform/http/index.ts'
import { levelOf, openLog } from '#platform/log.ts'
import { type OpenedApp, openApp, subscribers } from './app.ts'
import { demoLines, type Installed, installDemo, isEmptyInstallation, knownDemo, setupCode } from './first-start.ts'
import { databaseOptions } from './options.ts'
import { createWeb } from './server.ts'

const portOf = (word: string | undefined): number => {
  const text = word?.trim() || '3000'
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65535))
    throw new StartProblem(
      'start.port',
      `PORT is "${word}", and must be a number from 0 to 65535: correct it or leave it out for 3000.`,
    )
  return port
}

/** Starts and runs until a signal; a reason not to start is one line and a non-zero exit code. */
export async function start(): Promise<void> {
  try {
    await run()
  } catch (error) {
    const problem = error instanceof StartProblem ? error : fullDisk(error)
    if (!problem) throw error
    process.stderr.write(`${problem.message}\n`)
    process.exit(problem.exitCode)
  }
}

/** A disk that ran full while the database or the demo city was being made, whoever noticed it: one line that says what to do. */
export function fullDisk(error: unknown): StartProblem | undefined {
  for (let each = error; each instanceof Error; each = each.cause as Error | undefined) {
    const { code } = each as { code?: unknown }
    // 53100: PostgreSQL's disk_full.
    if (!['ENOSPC', 'EDQUOT', '53100'].includes(String(code)) && !/no space left on device/i.test(each.message))
      continue
    const place = process.env.DATABASE_URL
      ? 'of the PostgreSQL server'
      : `of ${process.env.DATA_DIRECTORY ?? '.commonweal'}`
    return new StartProblem(
      'start.disk-full',
      `The disk ${place} is full: make room on it, or choose another place (DATA_DIRECTORY=/somewhere/else npm start), and start again; what was begun is picked up.`,
      74,
      { cause: error },
    )
  }
  return undefined
}

const positive = (name: string, usual: number): number => {
  const text = process.env[name]?.trim()
  if (!text) return usual
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new StartProblem(
      'start.number',
      `${name} is "${text}", and must be a whole number above 0: correct it or leave it out for ${usual}.`,
    )
  return Number(text)
}

async function run(): Promise<void> {
  const port = portOf(process.env.PORT)
  const log = openLog({ level: levelOf(process.env.LOG ?? 'warn') })
  const parts: Parts = {}
  let ending: Promise<void> | undefined
  const stop = (code: number, why?: string): Promise<void> => {
    ending ??= end(parts, code, why)
    return ending
  }
  // From the first moment: stopping while the database is being created leaves nothing behind either.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
  parts.opening = openApp({
    applicationName: 'commonweal',
    log,
    ...databaseOptions(),
    before: async (database) => {
      parts.lease = await takeLease(database.pool, {
        name: 'application',
        onLost: () => void stop(75, 'Another start of Commonweal has taken over this database; this one ends.'),
      })
    },
  })
  try {
    const opened = await parts.opening
    if (ending) return await ending
    const demo = await firstStart(opened)
    if (ending) return await ending
    await sweepUploads()
    parts.server = await createWeb(opened.app, webOptions())
    await listen(parts.server, port)
    if (ending) return await ending
    parts.worker = startWorker((code) => {
      const early = () => void stop(70, `The background worker ended by itself (${code}); Commonweal stops with it.`)
      // Ctrl-C reaches the worker too, and it may exit first.
      if (code === 0) setTimeout(early, 500)
      else early()
    })
    await announce(opened, parts.server, demo)
  } catch (error) {
    // Ctrl-C also reaches whatever is being started: its failure is then expected.
    if (ending) return ending
    await leave(parts)
    throw error
  }
}

type Parts = {
  opening?: Promise<OpenedApp>
  lease?: { release: () => Promise<void> }
  server?: FastifyInstance
  worker?: ChildProcess
}

/**
 * Stops whatever was started; waits for what is still opening, because stopping a database is better than killing it.
 */
async function end(parts: Parts, code: number, why?: string): Promise<void> {
  if (why) process.stderr.write(`${why}\n`)
  await leave(parts)
  process.exit(code)
}

async function leave({ opening, server, worker, lease }: Parts): Promise<void> {
  const opened = await opening?.catch(() => undefined)
  if (server) await stopServer(server)
  await endWorker(worker)
  await lease?.release()
  await opened?.close()
}

const webOptions = () => ({
  hosts: (process.env.HOSTS ?? '').split(',').filter((name) => name.trim() !== ''),
  limits: { connectionsPerAddress: positive('CONNECTIONS_PER_ADDRESS', defaultLimits.connectionsPerAddress || 100) },
  ...(process.env.TRUST_PROXY
    ? { trustProxy: process.env.TRUST_PROXY === 'true' ? true : process.env.TRUST_PROXY }
    : {}),
  ...(process.env.PUBLIC_ORIGIN ? { publicOrigin: process.env.PUBLIC_ORIGIN } : {}),
})

/** The demo city is loaded if nothing has ever been written, on the embedded database, unless DEMO=off. */
async function firstStart({ app }: OpenedApp): Promise<Installed | null> {
  if (app.database.directory && process.env.DEMO !== 'off' && (await isEmptyInstallation(app))) {
    const installed = await installDemo(app)
    await catchUp(contextOf(app, systemCaller, 'en'), app.database, subscribers())
    return installed
  }
  return knownDemo(app)
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: '127.0.0.1', port })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE')
      throw new StartProblem(
        'start.port-taken',
        `Port ${port} is taken by another program: end that one, or choose another port, for example PORT=3100 npm start.`,
        75,
      )
    if (code === 'EACCES')
      throw new StartProblem(
        'start.port-refused',
        `Port ${port} may not be used by this user: choose one above 1023, for example PORT=3100 npm start.`,
        77,
      )
    throw error
  }
}

function startWorker(ended: (code: number | null) => void): ChildProcess {
  const worker = fork(join(import.meta.dirname, 'worker.ts'), [], {
    execArgv: ['--import', join(import.meta.dirname, 'tsx.ts')],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  worker.once('exit', ended)
  return worker
}

async function endWorker(worker: ChildProcess | undefined): Promise<void> {
  if (!worker || worker.exitCode !== null || worker.signalCode !== null) return
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.removeAllListeners('exit')
  worker.once('exit', () => {})
  worker.kill('SIGTERM')
  const patience = setTimeout(() => worker.kill('SIGKILL'), 8000)
  await Promise.race([gone, new Promise<void>((resolve) => worker.once('exit', () => resolve()))])
  clearTimeout(patience)
}

async function announce({ app, applied }: OpenedApp, server: FastifyInstance, demo: Installed | null): Promise<void> {
  const address = server.server.address()
  const port = typeof address === 'object' ? address?.port : address
  const lines = ['', `Commonweal is ready: http://127.0.0.1:${port}`, '']
  if (applied.length > 0) lines.push(`Database brought up to date by ${applied.length} migrations.`)
  if (demo) {
    lines.push(...demoLines(demo), '')
  }
  const code = await setupCode(app)
  if (code) lines.push(`No city yet. Found it at http://127.0.0.1:${port}/start/city with the code ${code}`, '')
  lines.push(
    app.database.directory
      ? `Data directory: ${app.database.directory}`
      : 'Data: the PostgreSQL server of DATABASE_URL',
    'Ctrl-C stops it.',
    '',
  )
  process.stdout.write(lines.join('\n'))
}
