/** Reading endpoints of a kind: list, one record, rows. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Field } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { invalid } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import { isSignedIn } from '../caller.ts'
import type { AppContext } from '../page.ts'
import { count, list, namesOf, rowsOf } from '../records/index.ts'
import { type ListQuery, readableNames, readListQuery } from './filters.ts'
import type { ApiHandler } from './handlers.ts'
import { isUnchanged, tagOf } from './preconditions.ts'
import { getRecord, inLanguage } from './record-read.ts'
import { contextOf } from './request.ts'

/** Responses to signed-in people are private; none may be cached without revalidation. */
export const cacheControl = (ctx: AppContext): string => (isSignedIn(ctx.caller) ? 'private, no-cache' : 'no-cache')

const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/

/** `GET …/{id}`: by id or number, with links and external ids; 304 if If-None-Match contains its version. */
export const getHandler =
  (kind: RecordKind): ApiHandler =>
  async (request, reply) =>
    answerRecord(request, reply, kind, (request.params as { id: string }).id)

export async function answerRecord(request: FastifyRequest, reply: FastifyReply, kind: RecordKind, key: string) {
  const { language, ...others } = request.query as Record<string, unknown>
  for (const name in others)
    throw invalid('http.bad-query', [{ at: `/${name}`, code: 'query.unknown', values: { name } }])
  if (language !== undefined && !(typeof language === 'string' && languageTag.test(language)))
    throw invalid('http.bad-query', [{ at: '/language', code: 'query.not-a-language' }])
  const ctx = contextOf(request)
  const found = await getRecord(ctx, kind, key)
  const { raw } = reply
  raw.setHeader('etag', tagOf(found.version))
  raw.setHeader('cache-control', cacheControl(ctx))
  raw.setHeader('vary', 'Cookie')
  if (isUnchanged(request.headers['if-none-match'], found.version)) return reply.code(304).send()
  reply.type('application/json; charset=utf-8')
  if (language === undefined) return reply.send(found.body)
  const { record, used } = inLanguage(kind, JSON.parse(found.body) as AnyRecord, language, ctx.registry.language)
  if (used.size > 0) reply.header('content-language', [...used].join(', '))
  return reply.send(JSON.stringify(record))
}

/** `GET /strategy/outcomes?state=agreed&…`: a page of records, the next one named by `next` and a Link header. */
export const listHandler =
  (kind: RecordKind): ApiHandler =>
  async (request, reply) => {
    const ctx = contextOf(request)
    const question = readListQuery(kind, request.query as Record<string, unknown>)
    const { rows, next } = await list(ctx, kind, question.options).catch(wrongValue(question))
    const counted = question.count ? await count(ctx, kind, question.options).catch(wrongValue(question)) : undefined
    const shown = await shownOf(ctx, kind, rows as AnyRecord[], question, reply)
    if (next) {
      const address = new URL(request.url, 'http://localhost')
      address.searchParams.set('after', next)
      reply.header('link', `<${address.pathname}${address.search}>; rel="next"`)
    }
    reply.header('cache-control', cacheControl(ctx)).header('vary', 'Cookie')
    return reply.send({
      items: shown,
      next,
      ...(counted ? { count: counted.count, countIsAtLeast: counted.more } : {}),
    })
  }

/** Values that look right but that the database rejects, such as 31 February. */
const wrongValue =
  (question: ListQuery) =>
  (error: unknown): never => {
    if (!/^22/.test(String((error as { code?: unknown }).code))) throw error
    throw question.options.after
      ? invalid('records.bad-cursor', [{ at: '/after', code: 'field.wrong' }])
      : invalid('http.bad-query', [{ at: '/', code: 'field.wrong' }])
  }

/**
 * Values by the name of their field, as the reader may see them: to somebody who is not signed in, what points to a
 * record they may not read says nothing.
 */
async function shownTo(
  ctx: AppContext,
  fields: Readonly<Record<string, Field>>,
  rows: readonly AnyRecord[],
): Promise<(name: string, value: unknown) => unknown> {
  const references = new Map(
    Object.entries(fields).flatMap(([name, { type }]) => {
      const named = fieldType(type).references
      return named ? [[name, named] as const] : []
    }),
  )
  if (isSignedIn(ctx.caller) || references.size === 0) return (_name, value) => value
  const readable = await namesOf(
    ctx,
    rows.flatMap((row) => [...references].flatMap(([name, named]) => named(row[name]))),
  )
  return (name, value) => {
    if (!references.has(name)) return value
    if (!Array.isArray(value)) return readable.has(value as string) ? value : null
    const left = value.filter((id) => readable.has(id))
    return left.length > 0 ? left : null
  }
}

/** What a list says of each record: fields that are asked for by name are there even where they are empty, others are not. */
async function shownOf(
  ctx: AppContext,
  kind: RecordKind,
  rows: readonly AnyRecord[],
  { fields, language }: ListQuery,
  reply: FastifyReply,
): Promise<Array<Record<string, unknown>>> {
  const names = readableNames(kind).filter((name) => !fields || fields.has(name))
  const shownIn = await shownTo(ctx, { ...kind.fields, owner: { type: 'refAny' } }, rows)
  const used = new Set<string>()
  const shown = rows.map((row) => {
    const values: Record<string, unknown> = {}
    for (const name of names) {
      const value = shownIn(name, row[name] ?? null)
      if (fields || value !== null) values[name] = value
    }
    if (!language) return values
    const plain = inLanguage(kind, values, language, ctx.registry.language)
    for (const each of plain.used) used.add(each)
    return plain.record
  })
  if (language && used.size > 0) reply.header('content-language', [...used].join(', '))
  return shown
}

/** `GET …/{id}/measurement?after=…&limit=…`: rows of one record in order of creation. */
export const rowsHandler =
  (kind: RecordKind, name: string): ApiHandler =>
  async (request, reply) => {
    const ctx = contextOf(request)
    const found = await getRecord(ctx, kind, (request.params as { id: string }).id)
    const { id } = JSON.parse(found.body) as AnyRecord
    const options = request.query as { after?: string; limit?: number }
    const reader = ctx.exchange.rowReaders.get(`${kind.kind}/${name}`)
    const { rows, next } = reader ? await reader(ctx, id, options) : await rowsOf(ctx, kind, name, id, options)
    const fields = Object.entries(kind.rows[name]!.fields)
    const shownIn = await shownTo(ctx, kind.rows[name]!.fields, rows)
    const items = rows.map((row) =>
      Object.fromEntries(
        fields.map(([field]) => [field, shownIn(field, (row as Record<string, unknown>)[field] ?? null)]),
      ),
    )
    if (next) {
      const address = new URL(request.url, 'http://localhost')
      address.searchParams.set('after', next)
      reply.header('link', `<${address.pathname}${address.search}>; rel="next"`)
    }
    reply.header('cache-control', cacheControl(ctx)).header('vary', 'Cookie')
    return reply.send({ items, next })
  }
