/** Puts the web server together: endpoints, pages, style sheet, who asks. */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notAllowed } from '#kernel/problem.ts'
import { languageOf } from '#kernel/words.ts'
import { accountOfDevice, createSessions, deviceCookie, houseSecret, sessionCookie } from '#modules/identity'
import { figureNavigation, figurePages } from '#pages/figures/pages.ts'
import { figureRoutes } from '#pages/figures/routes.ts'
import { recordPages } from '#pages/record/index.ts'
import type { App } from '#platform/app.ts'
import { nobody } from '#platform/caller.ts'
import { type CallerFacts, createServer, formOf, type Limits } from '#platform/http/index.ts'
import type { Manifest, Navigation } from '#platform/module.ts'
import type { PageDefinition } from '#platform/page.ts'
import { dayIn } from '#platform/today.ts'
import { errorPage } from './error-page.ts'
import { modules } from './modules.ts'
import { registerPages } from './pages.ts'
import { startPages } from './start-pages.ts'
import { staticFiles, stylesAddress } from './static.ts'
export type WebOptions = {
  readonly trustProxy?: boolean | string | number
  readonly publicOrigin?: string
  readonly hosts?: readonly string[]
  readonly limits?: Partial<Limits>
  /** Rooms other than the listed ones, for tests. */
  readonly rooms?: readonly Manifest[]
}

/** Every page: the rooms' first, then those every kind has. */
export const allPages = (app: App, rooms: readonly Manifest[] = modules): PageDefinition[] => [
  ...startPages(app),
  ...rooms.flatMap((module) => module.pages ?? []),
  ...figurePages,
  ...recordPages(app.registry, rooms),
]

export const navigation = (rooms: readonly Manifest[] = modules): Navigation[] => [
  ...rooms.flatMap((module) => module.navigation ?? []),
  figureNavigation,
]

/** The server, ready to listen or to accept injected requests. */
export async function createWeb(app: App, options: WebOptions = {}): Promise<FastifyInstance> {
  const secret = await houseSecret(app.database.kysely)
  const sessions = createSessions(app.database.kysely, secret, app.now, () => dayIn(app.city().timeZone, app.now()))
  const styles = stylesAddress()
  const secure = options.publicOrigin?.startsWith('https:') ?? false
  const anonymous = (): CallerFacts => {
    const [csrf = '', ...csrfBefore] = sessions.formTokens()
    return { caller: nobody, csrf, csrfBefore }
  }
  const callerOf = (request: FastifyRequest): CallerFacts | Promise<CallerFacts> => {
    const token = request.cookies[sessionCookie]
    const chosen = languageOf(request.cookies.language)
    if (!token) return chosen ? { ...anonymous(), language: chosen } : anonymous()
    return sessions.find(token).then((session) => {
      // An initial password opens only the page that changes it. The matched route decides: an address has many spellings.
      const { config } = request.routeOptions
      if (session?.mustChange && request.routeOptions.url && !config.withFirstPassword)
        throw notAllowed('identity.password-first')
      const language = chosen ?? session?.language ?? undefined
      return {
        ...(session ? { caller: session.caller, csrf: session.csrf } : anonymous()),
        ...(language ? { language } : {}),
      }
    })
  }
  const parts = { app, sessions, navigation: navigation(options.rooms), styles, secure, receive: formOf }
  const pages = (server: FastifyInstance) => {
    staticFiles(server)
    registerPages(server, parts, allPages(app, options.rooms))
  }
  return createServer({
    app: {
      registry: app.registry,
      policies: app.policies,
      database: app.database,
      log: app.log,
      get city() {
        return app.city()
      },
      send: app.send,
      routes: [
        ...(options.rooms ?? modules).flatMap((module) => (module.routes ? [module.routes] : [])),
        figureRoutes,
        pages,
      ],
      figures: app.figures,
      people: app.people,
      exchange: { ...app.exchange, ...(options.publicOrigin ? { origin: options.publicOrigin } : {}) },
      now: app.now,
    },
    callerOf,
    sessionCookie,
    isKnownDevice: (request) => accountOfDevice(secret, request.cookies?.[deviceCookie], app.now()) !== null,
    passwordPaths: ['/sign-in', '/start/city'],
    renderError: errorPage(parts),
    ...(options.hosts ? { hosts: options.hosts } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
    ...(options.publicOrigin ? { publicOrigin: options.publicOrigin } : {}),
  })
}
