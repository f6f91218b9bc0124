/**
 * The one place where anything thrown becomes a response: RFC 9457 for programs, an accessible page for browsers.
 * Anything but a known problem is a fault: logged in full, shown only as the request number.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '#kernel/problem.ts'
import type { Registry } from '#kernel/registry.ts'
import type { Language, Say, Values } from '#kernel/words.ts'
import type { Log } from '../context.ts'
import type { Redirect } from '../page.ts'
import { readerLanguage } from './request.ts'

/** RFC 9457 §3, with the place and code of each wrong value. `extra` members of the problem are added to these. */
export type ProblemDocument = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  reason: string
  /** Request number, to quote to whoever runs the installation. */
  request: string
  errors?: Array<{ pointer: string; code: string; detail: string }>
  [extra: string]: unknown
}

/** Makes the page that shows a problem; it may redirect instead, e.g. to sign in. */
export type RenderError = (
  document: ProblemDocument,
  request: FastifyRequest,
) => Promise<string | Redirect> | string | Redirect

type Facts = {
  code?: unknown
  statusCode?: unknown
  message?: unknown
  limit?: unknown
}

const byCode: Record<string, (error: Facts) => Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem('Invalid', 'http.body-too-large', { status: 413 }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new Problem('Invalid', 'http.unsupported-media-type', { status: 415 }),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new Problem('Invalid', 'http.bad-request', { status: 400 }),
  FST_ERR_BAD_URL: () => new Problem('Invalid', 'http.bad-address', { status: 400 }),
  FST_ERR_MAX_PARAM_LENGTH: () => new Problem('NotFound', 'http.not-found'),
  FST_REQ_FILE_TOO_LARGE: () => new Problem('Invalid', 'http.file-too-large', { status: 413 }),
  FST_FILES_LIMIT: () => new Problem('Invalid', 'http.too-many-files', { status: 413 }),
  FST_PARTS_LIMIT: () => new Problem('Invalid', 'http.too-many-fields', { status: 413 }),
  FST_FIELDS_LIMIT: () => new Problem('Invalid', 'http.too-many-fields', { status: 413 }),
  FST_INVALID_MULTIPART_CONTENT_TYPE: () => new Problem('Invalid', 'http.unsupported-media-type', { status: 415 }),
  FST_UNDER_PRESSURE: () => new Problem('Unavailable', 'http.busy'),
  // PostgreSQL, Appendix A: statement cancelled (its time ran out), too many connections, shutting down, starting.
  '57014': () => new Problem('Unavailable', 'database.too-slow'),
  '53300': () => new Problem('Unavailable', 'database.busy'),
  '40001': () => new Problem('Unavailable', 'database.busy'),
  '40P01': () => new Problem('Unavailable', 'database.busy'),
  '57P01': () => new Problem('Unavailable', 'database.unreachable'),
  '57P03': () => new Problem('Unavailable', 'database.unreachable'),
  ECONNREFUSED: () => new Problem('Unavailable', 'database.unreachable'),
  ECONNRESET: () => new Problem('Unavailable', 'database.unreachable'),
  ENOENT: (error) => connectFault(error) ?? fault(),
  // Two people wrote the same key at the same moment.
  '23505': () => new Problem('Conflict', 'records.written-meanwhile'),
  '22021': () => new Problem('Invalid', 'http.bad-characters'),
  '22P05': () => new Problem('Invalid', 'http.bad-characters'),
}

const fault = () => new Problem('Unavailable', 'http.fault', { status: 500 })
const connectFault = (error: Facts & { syscall?: unknown }) =>
  error.syscall === 'connect' ? new Problem('Unavailable', 'database.unreachable') : undefined

/** The problem for whatever was thrown; `http.fault` with status 500 for anything unforeseen. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (typeof error !== 'object' || error === null) return fault()
  const facts = error as Facts
  const known = typeof facts.code === 'string' && Object.hasOwn(byCode, facts.code) ? byCode[facts.code] : undefined
  if (known) return known(facts)
  if (/timeout exceeded when trying to connect|Connection terminated/.test(String(facts.message)))
    return new Problem('Unavailable', 'database.busy')
  const status = facts.statusCode
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Problem('Invalid', 'http.bad-request', { status })
  return fault()
}

/** Words for values that are names of the program: kinds, states, verbs, fields. */
function spoken(values: Values, registry: Registry, say: Say, language: Language, kind: string | undefined): Values {
  const words = registry.words
  const about = typeof values.kind === 'string' ? values.kind : kind
  const first = (...keys: Array<string | undefined>) => keys.find((key) => key && words.has(language, key))
  const spokenValues: Values = { ...values }
  const put = (name: string, ...keys: Array<string | undefined>) => {
    const key = values[name] === undefined ? undefined : first(...keys)
    if (key) spokenValues[name] = say(key)
  }
  put('kind', String(values.kind))
  put('state', about && `${about}.state.${values.state}`)
  // A field that was replaced keeps its word for the history, but nobody finds the old name under it.
  const fields = registry.kinds.get(about ?? '')?.declaration.fields ?? {}
  put(
    'name',
    Object.hasOwn(fields, String(values.name)) ? `${about}.field.${values.name}` : undefined,
    `record.field.${values.name}`,
  )
  for (const name of ['action', 'verb'])
    put(name, about && `${about}.verb.${values[name]}`, `record.verb.${values[name]}`)
  return spokenValues
}

/** The RFC 9457 document of a problem in the reader's language. */
export function documentOf(
  problem: Problem,
  about: { registry: Registry; language: Language; instance: string; request: string; kind?: string | undefined },
): ProblemDocument {
  const { registry, language } = about
  const say = registry.words.say(language)
  const presenter = (key: string, values: Values) => {
    const full = `problem.${key}`
    if (!registry.words.has(language, full) && !registry.words.has('en', full)) return key
    const spokenValues = spoken(values, registry, say, language, about.kind)
    try {
      return say(full, spokenValues)
    } catch {
      // A value the sentence needs is missing: the code says more than a broken response.
      return key
    }
  }
  return {
    ...problem.extra,
    type: `/problems/${problem.reason}`,
    title: presenter(`title.${problem.status}`, {}),
    status: problem.status,
    detail: presenter(problem.reason, { ...problem.values, request: about.request }),
    instance: about.instance,
    reason: problem.reason,
    request: about.request,
    ...(problem.fields.length > 0
      ? {
          errors: problem.fields
            .slice(0, 1000)
            .map(({ at, code, values }) => ({ pointer: at, code, detail: presenter(code, values ?? {}) })),
        }
      : {}),
  }
}

/** The address as RFC 3986 writes it: what is no part of one, such as a stray `%`, is percent-encoded. */
export const uriReference = (address: string): string =>
  address
    .replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25')
    .replaceAll(/[^\w\-.~:/?#@!$&'()*+,;=%]/gu, (sign) => encodeURIComponent(sign.toWellFormed()))

/** Is the response for a person in a browser? */
export const wantsPage = (request: FastifyRequest): boolean =>
  !/^\/(api|ns|health)(\/|$|\?)/.test(request.url) && (request.headers.accept ?? '').includes('text/html')

const retrySeconds = (problem: Problem): number => {
  const seconds = problem.values.seconds
  return typeof seconds === 'number' ? seconds : 5
}

export type ErrorParts = {
  readonly registry: Registry
  readonly log: Log
  readonly renderError?: RenderError | undefined
}

/** Answers a request with what went wrong. */
export async function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { registry, log, renderError }: ErrorParts,
): Promise<FastifyReply> {
  const problem = problemOf(error)
  if (problem.status >= 500)
    log.error(
      { request: request.id, route: request.routeOptions.url ?? null, reason: problem.reason, error: reported(error) },
      'a request failed',
    )
  const language = readerLanguage(request, registry.language)
  const document = documentOf(problem, {
    registry,
    language,
    instance: uriReference(request.url.split('?')[0] ?? ''),
    request: request.id,
    kind: request.routeOptions.config?.kind,
  })
  reply.code(problem.status).header('content-language', language).header('cache-control', 'no-store')
  if (problem.status === 429 || problem.status === 503) reply.header('retry-after', String(retrySeconds(problem)))
  if (renderError && wantsPage(request)) {
    try {
      const page = await renderError(document, request)
      if (typeof page !== 'string') return reply.redirect(page.redirect, 303)
      return reply.type('text/html; charset=utf-8').send(page)
    } catch (failed) {
      log.error({ request: request.id, error: reported(failed) }, 'the page of a problem failed')
    }
  }
  return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(document))
}

/** An error as the log keeps it; the values of a failed statement may be personal data and are left out. */
function reported(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, table, constraint, schema } = error as unknown as Record<string, unknown>
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(code === undefined ? {} : { code }),
    ...(table === undefined ? {} : { schema, table, constraint }),
    ...(error.cause === undefined ? {} : { cause: reported(error.cause) }),
  }
}
