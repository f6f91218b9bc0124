/** What all writing endpoints share: one transaction, the reason that was given, JSON merge, and the answer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type FieldProblem, invalid, notFound } from '#kernel/problem.ts'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { WriteContext } from '../context.ts'
import type { AppContext } from '../page.ts'
import { type ChangeSetFacts, find, type RowChanges, type RowValues } from '../records/index.ts'
import { tagOf } from './preconditions.ts'
import { isKey, localizedNames, readRecord } from './record-read.ts'

const maxReasonLength = 1000

/**
 * Why something is done: `why` of a body that is not itself a record, else the header `X-Why`, whose text may be
 * percent-encoded UTF-8 (a header carries ASCII only).
 */
export function factsOf(request: FastifyRequest, why?: unknown): ChangeSetFacts {
  if (why !== undefined && why !== null && typeof why !== 'string')
    throw invalid('records.invalid', [{ at: '/why', code: 'field.type', values: { type: 'string' } }], { count: 1 })
  const text = why ?? decoded(request.headers['x-why'])
  if (text && text.length > maxReasonLength)
    throw invalid('records.invalid', [{ at: '/why', code: 'field.too-long', values: { limit: maxReasonLength } }], {
      count: 1,
    })
  return { why: text || null, source: 'api' }
}

function decoded(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null
  try {
    return decodeURIComponent(header)
  } catch {
    return header
  }
}

/** The record to write, as the caller may read it, even if retired. @throws NotFound */
export async function currentOf(ctx: WriteContext, kind: RecordKind, key: string): Promise<AnyRecord> {
  const found = isKey(key) ? await find(ctx, kind, key, { retired: true }) : undefined
  if (!found) throw notFound(key)
  return found as AnyRecord
}

/**
 * JSON Merge Patch (RFC 7396) for text by language: languages that are not named stay unchanged, null removes one;
 * plain text is in the city's language. Everything else is replaced as a whole, null clears.
 */
export function merged(
  kind: RecordKind,
  current: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
  cityLanguage: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...values }
  for (const name of localizedNames(kind)) {
    const text = values[name]
    const given = typeof text === 'string' && text !== '' && hasLanguages(kind, name) ? { [cityLanguage]: text } : text
    if (typeof given !== 'object' || given === null || Array.isArray(given)) continue
    const texts = { ...((current[name] as Record<string, unknown> | null) ?? {}), ...given }
    for (const [language, text] of Object.entries(texts)) if (text === null) delete texts[language]
    result[name] = Object.keys(texts).length === 0 && name !== 'title' ? null : texts
  }
  return result
}

const hasLanguages = (kind: RecordKind, name: string) => name !== 'title' || kind.title.localized

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Row changes of a body: a list sets rows by their keys, `{ set, remove }` does both. Problems are added, by place. */
export function rowChangesOf(
  known: KnownKind,
  given: unknown,
  problems: FieldProblem[],
): Record<string, RowChanges> | undefined {
  if (given === undefined) return undefined
  if (!isObject(given)) {
    problems.push({ at: '/rows', code: 'field.type', values: { type: 'object' } })
    return undefined
  }
  const changes: Record<string, RowChanges> = {}
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known.declaration.rows, name))
      problems.push({ at: `/rows/${name}`, code: 'field.unknown', values: { name } })
    else changes[name] = oneRowChange(value, `/rows/${name}`, problems)
  }
  return changes
}

function oneRowChange(value: unknown, at: string, problems: FieldProblem[]): RowChanges {
  const parts: Record<string, unknown> = Array.isArray(value)
    ? { set: value }
    : isObject(value)
      ? value
      : { set: value }
  for (const [name, list] of Object.entries(parts)) {
    const here = name === 'set' ? at : `${at}/${name}`
    if (name !== 'set' && name !== 'remove') problems.push({ at: here, code: 'field.unknown', values: { name } })
    else if (!Array.isArray(list)) problems.push({ at: here, code: 'field.type', values: { type: 'array' } })
    else
      for (const [index, row] of list.entries())
        if (!isObject(row)) problems.push({ at: `${here}/${index}`, code: 'field.type', values: { type: 'object' } })
  }
  const listOf = (name: string) => (Array.isArray(parts[name]) ? (parts[name] as RowValues[]) : [])
  return { set: listOf('set'), remove: listOf('remove') }
}

/** The API address of one record. */
export const addressOfRecord = (kind: RecordKind, id: string): string => `/api/v1${addressOf(kind)}/${id}`

/** Answers with the record as it is now. Somebody who can no longer read it gets only its id. */
export async function answerSaved(
  reply: FastifyReply,
  ctx: AppContext,
  kind: RecordKind,
  saved: { id: string; changeSet: string | null; status?: number },
): Promise<FastifyReply> {
  const record = await readRecord(ctx, kind, saved.id)
  if (saved.changeSet) reply.header('change-set', saved.changeSet)
  if (saved.status === 201) reply.header('location', addressOfRecord(kind, saved.id))
  if (record) reply.header('etag', tagOf(record.version))
  reply.code(saved.status ?? 200).header('cache-control', 'no-store')
  return reply
    .type('application/json; charset=utf-8')
    .send(record?.body ?? JSON.stringify({ id: saved.id, kind: kind.kind }))
}
