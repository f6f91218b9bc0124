/** The web server: Fastify with the hooks every request passes, and the application's endpoints. */

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { notAllowed, Problem } from '#kernel/problem.ts'
import { networkOf } from '../network.ts'
import { newId } from '../records/index.ts'
import { acceptJson } from './body.ts'
import { limitConnections, limitTime } from './connections.ts'
import { isCrossOrigin, isForm, isSafe } from './cross-origin.ts'
import { answerError, type RenderError } from './errors.ts'
import { cleanUploads } from './forms.ts'
import { securityHeaders } from './headers.ts'
import { healthRoutes } from './health.ts'
import { type Hosts, knownHosts } from './hosts.ts'
import { openApiRoutes } from './openapi.ts'
import { compileQuery } from './query.ts'
import { recordApi } from './record-api.ts'
import { type AppParts, type CallerFacts, type CallerOf, checkPolicy, unknownCaller } from './request.ts'
import { checkRoutes, type KnownRoute, methodsAt } from './routes.ts'

export type Limits = {
  /** Size limit in bytes of a JSON body or a form without files. */
  readonly bodyBytes: number
  /** Requests per minute and client address: reads, and everything that changes something. `false` = unlimited. */
  readonly readsPerMinute: number | false
  readonly writesPerMinute: number | false
  /** Password attempts per minute and client address, on the endpoints of `passwordPaths`. */
  readonly signInsPerMinute: number | false
  /** Above this event loop delay, in milliseconds, requests are refused with 503; 0 = never. */
  readonly loopDelayMs: number
  /** Connections, and requests in progress, of one address other than the machine itself. `false` = unlimited. */
  readonly connectionsPerAddress: number | false
  /** Deadline in milliseconds for a body without files, and for one with files. */
  readonly bodyMs: number
  readonly filesMs: number
}

export const defaultLimits: Limits = {
  bodyBytes: 1_048_576,
  readsPerMinute: 6000,
  writesPerMinute: 600,
  signInsPerMinute: 20,
  loopDelayMs: 1000,
  connectionsPerAddress: 100,
  bodyMs: 30_000,
  filesMs: 1_800_000,
}

export type ServerOptions = {
  readonly app: AppParts
  readonly callerOf: CallerOf
  readonly renderError?: RenderError
  readonly limits?: Partial<Limits>
  /** Proxies whose `X-Forwarded-*` headers are trusted, as Fastify takes them (`true`, a number of hops, addresses). */
  readonly trustProxy?: boolean | string | number
  /** The address people use, if it is not that of the request: `https://plan.city.example`. */
  readonly publicOrigin?: string
  /** Names under which the site is reached besides that of `publicOrigin` and those of the machine itself. */
  readonly hosts?: readonly string[]
  /** Addresses where a post tries a password; `/sign-in` by default. */
  readonly passwordPaths?: readonly string[]
  /** Somebody has signed in on this device before: it is not shut out by what others of its network try. */
  readonly isKnownDevice?: (request: FastifyRequest) => boolean
  /** Name of the session cookie, for the API description. */
  readonly sessionCookie?: string
  readonly isMigrated?: () => Promise<boolean>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** True from the moment the server is asked to stop: `/health/ready` says so before connections are refused. */
    stopping: { now: boolean }
    /** Every endpoint with its policy, for sweeps and for the API description. */
    knownRoutes: readonly KnownRoute[]
  }
}

/**
 * Builds the server, ready to `listen` or `inject`.
 * @throws Error naming every endpoint without a policy, or with one that no rule covers.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { app } = options
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const errors = { registry: app.registry, log: app.log, renderError: options.renderError }
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerError(error, request, reply, errors)
  const headers = await securityHeaders()
  const server = fastify({
    logger: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    requestIdHeader: false,
    trustProxy: trusted(options.trustProxy),
    bodyLimit: limits.bodyBytes,
    // Headers within 20 s; the route shortens what a body may take.
    requestTimeout: limits.filesMs + 20_000,
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 5000 },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      for (const [name, value] of fixedHeaders) reply.header(name, value)
      void answer(error, request as FastifyRequest, reply as FastifyReply)
    },
  })
  const fixedHeaders = Object.entries(headers.always)
  const known: KnownRoute[] = []
  const stopping = { now: false }
  server.decorate('stopping', stopping)
  server.decorate('knownRoutes', known)
  server.decorateRequest('appParts', null)
  server.decorateRequest('appContext', null)
  server.decorateRequest('uploadFolder', null)
  server.decorateRequest('uploadBytes', 0)
  server.decorateRequest('callerFacts', null as never)
  server.removeAllContentTypeParsers()
  acceptJson(server)
  server.setValidatorCompiler(compileQuery)
  server.setErrorHandler(answer)
  server.addHook('onRoute', (route) => {
    const methods = [route.method].flat().filter((method) => method !== 'HEAD')
    const tries = methods.includes('POST') && (options.passwordPaths ?? ['/sign-in']).includes(route.url)
    if (tries && limits.signInsPerMinute !== false)
      route.config = {
        ...route.config,
        rateLimit: {
          max: limits.signInsPerMinute,
          timeWindow: 60_000,
          groupId: 'sign-in',
          ...(options.isKnownDevice ? { allowList: options.isKnownDevice } : {}),
        },
      }
    for (const method of methods) {
      const { policy, kind, does, answers } = route.config ?? {}
      known.push({ method, path: route.url, policy, kind, does, answers, schema: route.schema as KnownRoute['schema'] })
    }
  })
  limitConnections(server, limits.connectionsPerAddress)
  server.addHook('onRequest', (request, reply, done) => {
    const { raw } = reply
    request.callerFacts = unknownCaller
    raw.setHeader('x-request-id', request.id)
    for (const [name, value] of fixedHeaders) raw.setHeader(name, value)
    if (request.protocol === 'https') raw.setHeader('strict-transport-security', headers.overHttps)
    done()
  })
  server.addHook('onResponse', (request, reply, done) => {
    app.log.info(
      {
        id: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        account: request.callerFacts?.caller.account ?? null,
      },
      'request',
    )
    done()
  })
  server.addHook('preClose', async () => {
    stopping.now = true
  })
  healthRoutes(server, {
    database: app.database,
    isMigrated: options.isMigrated,
    isStopping: () => stopping.now,
  })
  await server.register((inside) => application(inside, options, limits, known, knownHosts(options)))
  await server.ready()
  checkRoutes(known, app)
  return server
}

/** Asks the server to stop: not ready at once, refusing after `drainMs`, closed when open requests are answered. */
export async function stopServer(server: FastifyInstance, drainMs = 0): Promise<void> {
  server.stopping.now = true
  if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs))
  await server.close()
}

async function application(
  server: FastifyInstance,
  options: ServerOptions,
  limits: Limits,
  known: readonly KnownRoute[],
  isHost: Hosts,
): Promise<void> {
  const { app, callerOf, publicOrigin } = options
  if (limits.loopDelayMs > 0)
    await server.register(underPressure, {
      maxEventLoopDelay: limits.loopDelayMs,
      pressureHandler: () => {
        throw new Problem('Unavailable', 'http.busy')
      },
    })
  const counts = [limits.readsPerMinute, limits.writesPerMinute, limits.signInsPerMinute]
  if (counts.some((count) => count !== false)) await limitRates(server, limits)
  await server.register(cookie)
  await server.register(formbody, { bodyLimit: limits.bodyBytes })
  await server.register(multipart)
  cleanUploads(server)
  limitTime(server, limits)
  const enter = (request: FastifyRequest, facts: CallerFacts) => {
    request.callerFacts = facts
    request.appParts = app
    const { method, headers, routeOptions } = request
    const { policy, takesForms } = routeOptions.config
    if (!isHost(request.hostname))
      throw new Problem('Invalid', 'http.unknown-host', { status: 421, values: { host: request.host.slice(0, 200) } })
    if (!isSafe(method)) {
      const own = [`${request.protocol}://${request.host}`, ...(publicOrigin ? [publicOrigin] : [])]
      const fetchSite = headers['sec-fetch-site'] as string | undefined
      if (isCrossOrigin({ method, origin: headers.origin, fetchSite, own })) throw notAllowed('http.cross-origin')
      if (routeOptions.url && !takesForms && isForm(headers['content-type']))
        throw new Problem('Invalid', 'http.unsupported-media-type', { status: 415 })
    }
    if (policy !== undefined) checkPolicy(policy, facts.caller, app.policies)
  }
  server.addHook('onRequest', (request, _reply, done) => {
    try {
      const facts = callerOf(request)
      if (facts instanceof Promise) {
        facts.then((found) => enter(request, found)).then(() => done(), done)
        return
      }
      enter(request, facts)
    } catch (error) {
      done(error as Error)
      return
    }
    done()
  })
  server.setNotFoundHandler((request, reply) => {
    const methods = methodsAt(known, request.url.split('?')[0] ?? '')
    if (methods.length === 0)
      throw new Problem('NotFound', 'http.not-found', { values: { path: request.url.slice(0, 200) } })
    reply.header('allow', methods.join(', '))
    throw new Problem('Invalid', 'http.wrong-method', {
      status: 405,
      values: { method: request.method, allowed: methods.join(', ') },
    })
  })
  recordApi(server, app, publicOrigin)
  openApiRoutes(server, app, { known, cookie: options.sessionCookie ?? 'session' })
  for (const routes of app.routes) routes(server)
}

async function limitRates(server: FastifyInstance, { readsPerMinute, writesPerMinute }: Limits): Promise<void> {
  const most = (request: FastifyRequest) =>
    (isSafe(request.method) ? readsPerMinute : writesPerMinute) || Number.MAX_SAFE_INTEGER
  await server.register(rateLimit, {
    max: most,
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: (request) => `${isSafe(request.method) ? 'r' : 'w'} ${networkOf(request.ip)}`,
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { ttl }) =>
      new Problem('TooMany', 'http.too-many', { values: { seconds: Math.max(1, Math.ceil(ttl / 1000)) } }),
  })
}

/** A number of hops counts from the nearest proxy. */
const trusted = (proxies: boolean | string | number | undefined) =>
  typeof proxies === 'number' ? (_address: string, hop: number) => hop < proxies : (proxies ?? false)

// Process start time and a running number: as unique as a UUID, without its cost.
const start = newId()
let requests = 0

/** The caller's own request id if it is harmless, so that a request can be traced through several programs. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given)
    ? given
    : `${start}-${(++requests).toString(36)}`
}
