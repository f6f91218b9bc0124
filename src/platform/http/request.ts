/** What every request carries: who asks, in which language, and the context that reads and actions take. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalid, notAllowed, notSignedIn } from '#kernel/problem.ts'
import type { Registry } from '#kernel/registry.ts'
import { type Language, languageOf, negotiateLanguage } from '#kernel/words.ts'
import { type Caller, isSignedIn, nobody } from '../caller.ts'
import type { City, Log } from '../context.ts'
import type { Database } from '../db/index.ts'
import type { Figure } from '../figure.ts'
import { type AppContext, type Exchange, noExchange, type PagePolicy } from '../page.ts'
import { noPeople, type People } from '../people.ts'
import type { Policies } from '../policy.ts'

/** The parts of an application; `main` assembles them once. */
export type AppParts = {
  readonly registry: Registry
  readonly policies: Policies
  readonly database: Database
  readonly log: Log
  readonly city: City
  readonly send: AppContext['send']
  /** Endpoints and pages beyond the generated ones. */
  readonly routes: ReadonlyArray<(server: FastifyInstance) => void>
  readonly exchange?: Exchange
  readonly figures?: readonly Figure[]
  readonly people?: People
  readonly now?: () => Date
}

/** Who sends a request: determined by `callerOf`, usually from a session cookie. `csrf` is the token of their forms. */
export type CallerFacts = {
  readonly caller: Caller
  readonly language?: Language
  readonly csrf: string
  /** Earlier tokens that are still taken, where tokens are short-lived. */
  readonly csrfBefore?: readonly string[]
}
export type CallerOf = (request: FastifyRequest) => CallerFacts | Promise<CallerFacts>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the endpoint; one without a policy prevents the start. */
    policy?: PagePolicy
    /** The record kind an endpoint is about, so that its messages can use the words of the kind. */
    kind?: string
    /** What the endpoint does, for the API description. */
    does?: string
    /** JSON Schema of the answer, for the API description. */
    answers?: Record<string, unknown>
    /** Set where forms of a page are taken; everything else takes JSON only. */
    takesForms?: boolean
    /** Set where files are taken, which needs a caller who is signed in. */
    takesFiles?: boolean
    /** Open to an account that has to choose its own password first. */
    withFirstPassword?: boolean
  }
  interface FastifyRequest {
    appParts: AppParts | null
    callerFacts: CallerFacts
    appContext: AppContext | null
    /** Cleared after the answer: temporary files of an upload. */
    uploadFolder: string | null
    /** Bytes in those files. */
    uploadBytes: number
  }
}

export const unknownCaller: CallerFacts = { caller: nobody, csrf: '' }

/** Language of the reader: their own choice, `?language=`, the browser's preference, the city's. */
export function readerLanguage(request: FastifyRequest, fallback: Language): Language {
  const asked = (request.query as Record<string, unknown> | undefined)?.language
  return (
    request.callerFacts?.language ??
    (typeof asked === 'string' ? languageOf(asked) : undefined) ??
    negotiateLanguage(request.headers['accept-language'], fallback)
  )
}

/** The context of a request, created on first use. Only inside an endpoint of the application. */
export function contextOf(request: FastifyRequest): AppContext {
  if (request.appContext) return request.appContext
  const app = request.appParts
  if (!app) throw new Error('The context of a request was asked for outside the application.')
  const { log } = app
  const tell = (facts: Record<string, unknown>) => ({ request: request.id, ...facts })
  request.appContext = {
    db: app.database.kysely,
    database: app.database,
    caller: request.callerFacts.caller,
    registry: app.registry,
    policies: app.policies,
    language: readerLanguage(request, app.registry.language),
    now: app.now ?? (() => new Date()),
    log: {
      info: (facts, message) => log.info(tell(facts), message),
      warn: (facts, message) => log.warn(tell(facts), message),
      error: (facts, message) => log.error(tell(facts), message),
    },
    city: app.city,
    exchange: app.exchange ?? noExchange,
    figures: app.figures ?? [],
    people: app.people ?? noPeople,
    send: app.send,
  }
  return request.appContext
}

/**
 * May the caller use the endpoint at all? The gate checks again what they may do to which record.
 * @throws NotSignedIn, NotAllowed
 */
export function checkPolicy(policy: PagePolicy, caller: Caller, policies: Policies): void {
  if (policy === 'anyone') return
  if (typeof policy === 'object' && policy.can === 'read') return
  if (!isSignedIn(caller)) throw notSignedIn()
  if (typeof policy === 'object' && !policies.canSome(caller, policy.can, policy.kind))
    throw notAllowed('identity.not-allowed', { action: policy.can, kind: policy.kind })
}

/** The JSON object that was sent, or Invalid. An optional body that is absent counts as `{}`. */
export function objectOf(body: unknown, optional = false): Record<string, unknown> {
  if (optional && (body === undefined || body === null)) return {}
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('http.body-not-an-object', [{ at: '/', code: 'field.type', values: { type: 'object' } }])
  return body as Record<string, unknown>
}
