/** Endpoints over all kinds: any record, the line of sight, search, history, schemas and the JSON-LD context. */
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { type FieldProblem, invalid, notFound } from '#kernel/problem.ts'
import { rowSchema, writeSchema } from '#kernel/projections/parser.ts'
import { jsonLdContext, readSchema } from '#kernel/projections/reference.ts'
import { languageOf, localize } from '#kernel/words.ts'
import { inTransaction } from '../app.ts'
import { isId } from '../id.ts'
import type { AppContext } from '../page.ts'
import {
  findChangeSet,
  read,
  readableRecords,
  sealHead,
  search,
  type TraceDirection,
  trace,
  undo,
} from '../records/index.ts'
import { querySchema } from './query.ts'
import { answerRecord, cacheControl } from './record-list.ts'
import { isKey } from './record-read.ts'
import { type AppParts, contextOf, objectOf } from './request.ts'
import { factsOf } from './writing.ts'

const language = { type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' }
type Named = { title: Record<string, string> }

/** Titles as plain text if a language is requested. */
const titled = <Row extends Named>(ctx: AppContext, rows: readonly Row[], wanted: string | undefined) =>
  wanted
    ? rows.map((row) => ({
        ...row,
        title: localize(row.title, languageOf(wanted) ?? wanted, ctx.registry.language).text,
      }))
    : rows

export function graphApi(server: FastifyInstance, { registry }: AppParts, publicOrigin?: string): void {
  const anyone = { policy: 'anyone' as const }
  const signedIn = { policy: 'signed in' as const }

  server.get('/api/v1/records/:id', { config: { ...anyone, does: 'get any' } }, async (request, reply) => {
    const ctx = contextOf(request)
    const { id } = request.params as { id: string }
    const found = await resolveKey(ctx, id)
    return answerRecord(request, reply, registry.kind(found.kind).declaration, found.id)
  })

  const traceQuery = querySchema({
    direction: { type: 'string', enum: ['up', 'down', 'both'] },
    depth: { type: 'integer', minimum: 1, maximum: 20 },
    language,
  })
  server.get(
    '/api/v1/records/:id/trace',
    { config: { ...anyone, does: 'trace' }, schema: { querystring: traceQuery } },
    async (request, reply) => {
      const ctx = contextOf(request)
      const question = request.query as { direction?: TraceDirection; depth?: number; language?: string }
      const start = await resolveKey(ctx, (request.params as { id: string }).id)
      const found = await trace(ctx, start.id, question.direction ?? 'both', question.depth ?? 6)
      if (found.nodes.length === 0) throw notFound(start.id)
      reply.header('cache-control', cacheControl(ctx)).header('vary', 'Cookie')
      return { ...found, nodes: titled(ctx, found.nodes, question.language) }
    },
  )

  const searchQuery = querySchema(
    {
      q: { type: 'string', minLength: 1, maxLength: 200 },
      kind: { type: 'string', maxLength: 1000 },
      limit: { type: 'integer', minimum: 1, maximum: 100 },
      language,
    },
    ['q'],
  )
  server.get(
    '/api/v1/search',
    { config: { ...anyone, does: 'search' }, schema: { querystring: searchQuery } },
    async (request, reply) => {
      const ctx = contextOf(request)
      const question = request.query as { q: string; kind?: string; limit?: number; language?: string }
      const kinds = question.kind?.split(',')
      for (const kind of kinds ?? [])
        if (!registry.kinds.has(kind))
          throw invalid('http.bad-query', [{ at: '/kind', code: 'query.unknown-kind', values: { name: kind } }])
      const { q, limit } = question
      const items = await search(ctx, q, { ...(kinds ? { kinds } : {}), ...(limit ? { limit } : {}) })
      reply.header('cache-control', cacheControl(ctx)).header('vary', 'Cookie')
      return { items: titled(ctx, items, question.language) }
    },
  )

  const nothing = { querystring: querySchema({}) }
  server.get('/api/v1/history/head', { config: { ...anyone, does: 'head' }, schema: nothing }, async (request) =>
    sealHead(contextOf(request).db),
  )

  const pageQuery = querySchema({
    after: { type: 'string', pattern: '^[0-9a-f-]{36}$' },
    limit: { type: 'integer', minimum: 1, maximum: 500 },
  })
  server.get(
    '/api/v1/change-sets/:id',
    { config: { ...signedIn, does: 'change set' }, schema: { querystring: pageQuery } },
    async (request) => {
      const ctx = contextOf(request)
      const { id } = request.params as { id: string }
      return readChangeSet(ctx, id, request.query as { after?: string; limit?: number })
    },
  )

  server.post(
    '/api/v1/change-sets/:id/undo',
    { config: { ...signedIn, does: 'undo' }, schema: nothing },
    async (request, reply) => {
      const ctx = contextOf(request)
      const { id } = request.params as { id: string }
      const { mode, why, ...others } = objectOf(request.body, true)
      const fields: FieldProblem[] = Object.keys(others).map((name) => ({
        at: `/${name}`,
        code: 'field.unknown',
        values: { name },
      }))
      if (mode !== undefined && mode !== 'all' && mode !== 'possible')
        fields.push({ at: '/mode', code: 'field.not-a-choice', values: { allowed: 'all, possible' } })
      if (fields.length > 0) throw invalid('records.invalid', fields, { count: fields.length })
      const facts = factsOf(request, why)
      await readChangeSet(ctx, id, { limit: 1 })
      const undone = await inTransaction(ctx, (inside) =>
        undo(inside, id, {
          mode: (mode as 'all' | 'possible' | undefined) ?? 'all',
          source: facts.source,
          ...(facts.why ? { why: facts.why } : {}),
        }),
      )
      if (undone.changeSet) reply.header('change-set', undone.changeSet)
      return undone
    },
  )

  server.get('/ns/v1', { config: { ...anyone, does: 'context' }, schema: nothing }, async (request, reply) => {
    const kinds = [...registry.kinds.values()].map((known) => known.declaration)
    reply.type('application/ld+json; charset=utf-8').header('cache-control', 'public, max-age=3600')
    return JSON.stringify(jsonLdContext(kinds, `${publicOrigin ?? `${request.protocol}://${request.host}`}/ns/v1`))
  })

  const schemaQuery = querySchema({ for: { type: 'string', pattern: '^(read|create|change|rows\\.[A-Za-z]+)$' } })
  server.get(
    '/api/v1/schemas/:kind',
    { config: { ...anyone, does: 'schema' }, schema: { querystring: schemaQuery } },
    async (request, reply) => {
      const { kind: name } = request.params as { kind: string }
      const kind = registry.kinds.get(name)?.declaration
      if (!kind) throw notFound(name)
      const use = (request.query as { for?: string }).for ?? 'read'
      const rows = use.startsWith('rows.') ? kind.rows[use.slice(5)] : undefined
      if (use.startsWith('rows.') && !rows) throw notFound(`${name} ${use}`)
      const schema = rows
        ? rowSchema(rows.fields)
        : use === 'read'
          ? readSchema(kind)
          : writeSchema(kind, use as 'create' | 'change')
      reply.type('application/schema+json; charset=utf-8').header('cache-control', 'public, max-age=3600')
      return JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema })
    },
  )
}

/** Id and kind of a record of any kind that the caller may read, even if retired. */
async function resolveKey(ctx: AppContext, key: string): Promise<{ id: string; kind: string }> {
  if (!isKey(key)) throw notFound(key)
  const by = isId(key) ? sql`r.id = ${key}` : sql`r.code = ${key.toUpperCase()}`
  const found = await read(ctx).retired().where(by).pick('id', 'kind').first()
  if (!found) throw notFound(key)
  return found
}

type TouchedRecord = { entry: string; record: string; kind: string; code: string; action: string }

/** Who, when, why, and which records the caller may read; a change set without any does not exist for them. */
async function readChangeSet(ctx: AppContext, id: string, page: { after?: string; limit?: number }) {
  const found = isId(id) ? await findChangeSet(ctx, id) : undefined
  if (!found || (page.after && !isId(page.after))) throw notFound(id)
  const limit = page.limit ?? 100
  const { rows } = await sql<TouchedRecord>`
    select e.id as entry, r.id as record, r.kind, r.code, e.content::jsonb->>'action' as action
    from records.entry e join ${readableRecords(ctx, undefined, { retired: true })} r on r.id = e.record
    where e."changeSet" = ${id} and ${page.after ? sql`e.sequence > (select l.sequence from records.entry l where l.id = ${page.after})` : sql`true`}
    order by e.sequence limit ${limit + 1}`.execute(ctx.db)
  if (rows.length === 0 && !page.after) throw notFound(id)
  const undone = await sql<{ id: string }>`select id from records."changeSet" where "undoOf" = ${id} limit 1`.execute(
    ctx.db,
  )
  const shown = rows.slice(0, limit)
  return {
    ...found,
    undoneBy: undone.rows[0]?.id ?? null,
    records: shown.map(({ entry: _, ...row }) => row),
    next: rows.length > limit ? shown.at(-1)!.entry : null,
  }
}
