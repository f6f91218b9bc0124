/**
 * For monitoring: is the process alive, and can it serve? None of these endpoints asks who is calling. `/health` and
 * `/health/ready` say the same: one word for whether requests are served, and how the background worker is doing, which never
 * makes the server itself unready.
 */
import { statfs } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Database } from '../db/index.ts'

export type Readiness = {
  readonly database: Database
  /** Throws or returns false while the database is not in the state this program expects. */
  readonly isMigrated?: (() => Promise<boolean>) | undefined
  readonly isStopping: () => boolean
  /** State of the background worker, if this process has one. */
  readonly worker?: (() => string) | undefined
  /** When the database last refused to write for want of room, in milliseconds since the epoch. */
  readonly fullAt: () => number
}

/** Below this many free bytes the disk of the data counts as full: PostgreSQL takes up its log in files of 16 MB. */
const roomBytes = 16 * 1_048_576
/** A refusal for want of room counts this long; then the next write decides anew. */
const fullMs = 30_000

const recordsAreThere = async (database: Database) => {
  await sql`select 1 from records."sealHead"`.execute(database.kysely)
  return true
}

/** Is there room to write? Of a server elsewhere only its refusals are known. */
async function isFull({ database, fullAt }: Readiness): Promise<boolean> {
  if (Date.now() - fullAt() < fullMs) return true
  if (!database.directory) return false
  const { bavail, bsize } = await statfs(database.directory)
  return bavail * bsize < roomBytes
}

export function healthRoutes(server: FastifyInstance, readiness: Readiness): void {
  const { database, isMigrated, isStopping, worker } = readiness
  const config = { policy: 'anyone' as const, does: 'health' }
  server.get('/health/live', { config }, async () => ({ status: 'ok' }))
  for (const path of ['/health', '/health/ready'])
    server.get(path, { config }, async (_request, reply) => {
      const problem = isStopping() ? 'stopping' : await notReady()
      const beside = worker ? { worker: worker() } : {}
      reply.header('cache-control', 'no-store')
      if (problem)
        return reply
          .code(503)
          .header('retry-after', '5')
          .send({ status: problem, ...beside })
      return { status: 'ok', ...beside }
    })
  const notReady = async (): Promise<string | undefined> => {
    try {
      if (!(await (isMigrated ?? (() => recordsAreThere(database)))())) return 'not migrated'
      return (await isFull(readiness).catch(() => false)) ? 'disk full' : undefined
    } catch (error) {
      return (error as { code?: string }).code === '42P01' ? 'not migrated' : 'database unreachable'
    }
  }
}
