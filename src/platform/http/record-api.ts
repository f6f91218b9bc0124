/** Registers the endpoints of every declared kind; a module enables nothing by hand. */
import type { FastifyInstance } from 'fastify'
import { notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import { type HistoryEntry, historyOf } from '../records/index.ts'
import { bulkHandler } from './bulk.ts'
import { type ApiEndpoint, apiEndpointsOf, policyOf } from './endpoints.ts'
import { graphApi } from './graph-api.ts'
import type { ApiHandler } from './handlers.ts'
import { historyQuery, querySchema, rowsQuery } from './query.ts'
import { cacheControl, getHandler, listHandler, rowsHandler } from './record-list.ts'
import { readRecord } from './record-read.ts'
import {
  actHandler,
  changeHandler,
  createHandler,
  publishHandler,
  retireHandler,
  withdrawHandler,
  writeRowsHandler,
} from './record-write.ts'
import { type AppParts, contextOf } from './request.ts'

/** Size limit in bytes of a body with many records or rows. */
export const bulkBytes = 16 * 1_048_576

const nothingAsked = querySchema({})

export function recordApi(server: FastifyInstance, app: AppParts, publicOrigin?: string): void {
  for (const known of app.registry.kinds.values()) {
    const kind = known.declaration
    for (const endpoint of apiEndpointsOf(kind, known.verbs)) {
      const querystring = queryOf(endpoint)
      server.route({
        method: endpoint.method,
        url: endpoint.path,
        config: { policy: policyOf(kind, endpoint), kind: kind.kind, does: endpoint.verb ?? endpoint.does },
        ...(querystring ? { schema: { querystring } } : {}),
        ...(endpoint.does === 'bulk' || endpoint.does === 'write rows' ? { bodyLimit: bulkBytes } : {}),
        handler: handlerOf(known, endpoint),
      })
    }
  }
  graphApi(server, app, publicOrigin)
}

/**
 * Lists and single records parse their query parameters themselves: a list by the fields of its kind, one record for
 * speed.
 */
function queryOf(endpoint: ApiEndpoint) {
  if (endpoint.does === 'list' || endpoint.does === 'get') return undefined
  if (endpoint.does === 'history') return historyQuery
  if (endpoint.does === 'rows') return rowsQuery
  return nothingAsked
}

function handlerOf(known: KnownKind, endpoint: ApiEndpoint): ApiHandler {
  const kind = known.declaration
  switch (endpoint.does) {
    case 'list':
      return listHandler(kind)
    case 'get':
      return getHandler(kind)
    case 'create':
      return createHandler(known)
    case 'change':
      return changeHandler(kind)
    case 'retire':
      return retireHandler(kind)
    case 'restore':
      return actHandler(kind, 'restore')
    case 'verb':
      return actHandler(kind, endpoint.verb!)
    case 'publish':
      return publishHandler(kind)
    case 'withdraw':
      return withdrawHandler(kind)
    case 'bulk':
      return bulkHandler(known)
    case 'rows':
      return rowsHandler(kind, endpoint.rows!)
    case 'write rows':
      return writeRowsHandler(known, endpoint.rows!)
    case 'history':
      return historyHandler(known)
  }
}

/** `GET …/{id}/history`: newest first, even for a retired record, for people who are signed in and may read it. */
const historyHandler =
  (known: KnownKind): ApiHandler =>
  async (request, reply) => {
    const ctx = contextOf(request)
    const key = (request.params as { id: string }).id
    const found = await readRecord(ctx, known.declaration, key)
    if (!found) throw notFound(key)
    const { after, limit = 50 } = request.query as { after?: string; limit?: number }
    const record = JSON.parse(found.body) as AnyRecord
    const entries = await historyOf(ctx, record.id, { limit: limit + 1, ...(after ? { after } : {}) })
    // What stands for a secret is for whoever verifies the history.
    const items = entries.slice(0, limit).map(({ secret: _, ...entry }: HistoryEntry & { secret?: unknown }) => entry)
    reply.header('cache-control', cacheControl(ctx)).header('vary', 'Cookie')
    return { items, next: entries.length > limit ? items.at(-1)!.id : null }
  }
