/** What went wrong, as a page: in plain words, with what to do; somebody who must sign in is redirected. */
import type { FastifyRequest } from 'fastify'
import type { ComponentChildren } from 'preact'
import type { RenderError } from '#platform/http/index.ts'
import { errorView } from '#web/error-view.tsx'
import { renderPage } from '#web/page.tsx'
import type { PageParts } from './pages.ts'
import { shellFor, viewFor } from './shell.ts'
import { visitorOf } from './visitor.ts'

export const errorPage =
  (parts: PageParts): RenderError =>
  async (document, request: FastifyRequest) => {
    const path = request.url.split('?', 1)[0]!
    if (document.status === 401 && (request.method === 'GET' || request.method === 'HEAD'))
      return { redirect: `/sign-in?next=${encodeURIComponent(request.url)}` }
    const cookies = request.cookies ?? {}
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
