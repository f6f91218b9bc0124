/** For monitoring: is the process alive, and can it serve? Neither endpoint asks who is calling. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { Database } from '../db/index.ts'

export type Readiness = {
  readonly database: Database
  /** Throws or returns false while the database is not in the state this program expects. */
  readonly isMigrated?: (() => Promise<boolean>) | undefined
  readonly isStopping: () => boolean
}

const recordsAreThere = async (database: Database) => {
  await sql`select 1 from records."sealHead"`.execute(database.kysely)
  return true
}

export function healthRoutes(server: FastifyInstance, { database, isMigrated, isStopping }: Readiness): void {
  const config = { policy: 'anyone' as const, does: 'health' }
  server.get('/health/live', { config }, async () => ({ status: 'ok' }))
  server.get('/health/ready', { config }, async (_request, reply) => {
    const problem = isStopping() ? 'stopping' : await notReady()
    reply.header('cache-control', 'no-store')
    if (problem) return reply.code(503).header('retry-after', '5').send({ status: problem })
    return { status: 'ok' }
  })
  const notReady = async (): Promise<string | undefined> => {
    try {
      return (await (isMigrated ?? (() => recordsAreThere(database)))()) ? undefined : 'not migrated'
    } catch (error) {
      return (error as { code?: string }).code === '42P01' ? 'not migrated' : 'database unreachable'
    }
  }
}
