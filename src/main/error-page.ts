/** What went wrong, as a page: in plain words, with what to do; somebody who must sign in is redirected. */
import type { FastifyRequest } from 'fastify'
import type { ComponentChildren } from 'preact'
import type { ProblemDocument, RenderError } from '#platform/http/index.ts'
import { errorView, waitView } from '#web/error-view.tsx'
import { renderPage } from '#web/page.tsx'
import type { PageParts } from './pages.ts'
import { shellFor, viewFor } from './shell.ts'
import { visitorOf } from './visitor.ts'

/** How often a page that could not be shown asks for itself again, in seconds; and how long its text is kept. */
const againSeconds = 5
const keptMs = 10_000

/**
 * One moment: said without asking the database, which may be what is missing, and put together once for all who wait. A page
 * that was only asked for asks again by itself; a form that was sent does not.
 */
const waitingPage = (parts: PageParts) => {
  const kept = new Map<string, { readonly html: string; readonly until: number }>()
  return async (document: ProblemDocument, request: FastifyRequest): Promise<string> => {
    const asking = request.method === 'GET' || request.method === 'HEAD'
    const visitor = await visitorOf(
      parts.app,
      { ...parts.sessions, find: async () => null },
      { cookies: request.cookies ?? {}, acceptLanguage: request.headers['accept-language'] },
    )
    const key = `${visitor.language} ${visitor.scheme} ${document.reason} ${asking ? '' : request.url}`
    const known = kept.get(key)
    if (known && known.until > Date.now()) return known.html
    const path = asking ? '/' : request.url.split('?', 1)[0]!
    const view = viewFor(parts.app, visitor, path, {})
    const shell = shellFor(parts.app, visitor, parts.navigation, {
      title: view.say('error.moment'),
      path,
      address: '/',
      styles: parts.styles,
      ...(asking ? { refresh: againSeconds } : {}),
    })
    const html = renderPage(
      shell,
      waitView({ detail: document.detail ?? '', back: asking ? undefined : path }, view) as ComponentChildren,
    )
    if (kept.size > 50) kept.clear()
    kept.set(key, { html, until: Date.now() + keptMs })
    return html
  }
}

export const errorPage = (parts: PageParts): RenderError => {
  const waiting = waitingPage(parts)
  return async (document, request: FastifyRequest) => {
    const path = request.url.split('?', 1)[0]!
    if (document.status === 401 && (request.method === 'GET' || request.method === 'HEAD'))
      return { redirect: `/sign-in?next=${encodeURIComponent(request.url)}` }
    const cookies = request.cookies ?? {}
    if (document.status === 503) return waiting(document, request)
    const visitor = await visitorOf(parts.app, parts.sessions, {
      cookies,
      acceptLanguage: request.headers['accept-language'],
    }).catch(() =>
      visitorOf(parts.app, parts.sessions, { cookies: {}, acceptLanguage: request.headers['accept-language'] }),
    )
    const view = viewFor(parts.app, visitor, path, {})
    const shell = shellFor(parts.app, visitor, parts.navigation, {
      title: document.title,
      path,
      address: '/',
      styles: parts.styles,
    })
    return renderPage(
      shell,
      errorView(
        {
          title: document.title,
          detail: document.detail ?? '',
          status: document.status,
          id: request.id,
          back: request.method === 'GET' || request.method === 'HEAD' ? undefined : path,
        },
        view,
      ) as ComponentChildren,
    )
  }
}
