/** Serves pages: who is asking, whether they may, what is read, how it looks, and the frame around it. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type {} from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ComponentChildren } from 'preact'
import { invalid, notAllowed } from '#kernel/problem.ts'
import { languageOf } from '#kernel/words.ts'
import type { Sessions } from '#modules/identity'
import { type App, contextOf } from '#platform/app.ts'
import type { Navigation } from '#platform/module.ts'
import {
  type Cookie,
  isDownload,
  isRedirect,
  type PageDefinition,
  type PageRequest,
  type Redirect,
} from '#platform/page.ts'
import { renderPage } from '#web/page.tsx'
import { allows, shellFor, viewFor } from './shell.ts'
import { islandAddress } from './static.ts'
import { schemeOf, type Visitor, visitorOf } from './visitor.ts'

export type PageParts = {
  readonly app: App
  readonly sessions: Sessions
  readonly navigation: readonly Navigation[]
  /** Address of the style sheet. */
  readonly styles: string
  /**
   * Reads a submitted form and checks its token; files go to a private directory that is emptied after the response.
   */
  readonly receive: (
    request: FastifyRequest,
  ) => Promise<{ readonly form: PageRequest['form']; readonly files: PageRequest['files'] }>
  /** Is this site served over https? Then cookies are `Secure`. */
  readonly secure: boolean
}

const year = 365 * 24 * 3600
/** A public page is cached this long for people who are not signed in. */
const cacheMs = 2000
const cacheSize = 100

/** A page as sent, compressed for clients that accept it: a phone then loads a fifth. */
type Cached = { readonly plain: Buffer; readonly packed: Buffer; readonly etag: string }
type Remembered = { readonly page: Promise<Cached | null>; readonly until: number }

/**
 * Registers pages. Anonymous responses of `cache` pages are kept for two seconds, and dropped by every write in this
 * process.
 */
export function registerPages(
  server: FastifyInstance,
  parts: PageParts,
  pages: readonly PageDefinition[],
): { forget: () => void } {
  const cache = new Map<string, Remembered>()
  for (const page of pages) {
    // A wrong name fails at startup, not for the first reader.
    for (const name of page.islands ?? []) islandAddress(name)
    // What is left to `admit`, which leads to the page for the password.
    const withFirstPassword = true
    server.get(page.path, { config: { policy: page.policy, withFirstPassword } }, (request, reply) =>
      show(parts, page, cache, request, reply),
    )
    if (page.post)
      server.post(
        page.path,
        {
          config: {
            policy: page.postPolicy ?? page.policy,
            withFirstPassword,
            takesForms: true,
            takesFiles: page.files === true,
          },
        },
        async (request, reply) => {
          cache.clear()
          const answer = await submit(parts, page, request, reply)
          cache.clear()
          return answer
        },
      )
  }
  return { forget: () => cache.clear() }
}

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0]!
/** Cookies are limited to https if the site is reached that way, according to the proxy or the request itself. */
const isSecure = (parts: PageParts, request: FastifyRequest) => parts.secure || request.protocol === 'https'
const queryOf = (request: FastifyRequest): Record<string, string> =>
  Object.fromEntries(
    Object.entries((request.query ?? {}) as Record<string, string | string[]>).map(([name, value]) => [
      name,
      Array.isArray(value) ? (value.at(-1) ?? '') : value,
    ]),
  )

const visit = (parts: PageParts, request: FastifyRequest): Promise<Visitor> =>
  visitorOf(parts.app, parts.sessions, { cookies: request.cookies, acceptLanguage: request.headers['accept-language'] })

async function show(
  parts: PageParts,
  page: PageDefinition,
  cache: Map<string, Remembered>,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const query = queryOf(request)
  if (query.language !== undefined || query.scheme !== undefined) return chooseReading(parts, request, reply, query)
  const visitor = await visit(parts, request)
  if (page.cache !== true || visitor.session || request.cookies.notice)
    return draw(parts, page, visitor, request, reply)
  const key = `${visitor.language} ${visitor.scheme} ${request.url}`
  const known = cache.get(key)
  if (known && known.until > Date.now()) {
    const cachedPerReader = await known.page
    if (cachedPerReader) return sendPublic(request, reply, cachedPerReader)
  }
  if (cache.size >= cacheSize) cache.clear()
  // Requests that arrive while the page is being rendered wait for the same one.
  const made = draw(parts, page, visitor, request, reply)
  const packing = made.then((html) => (typeof html === 'string' ? pack(html) : null))
  packing.catch(() => cache.delete(key))
  cache.set(key, { page: packing, until: Date.now() + cacheMs })
  const html = await made
  const fresh = await packing
  return fresh ? sendPublic(request, reply, fresh) : html
}

/** Reads and renders a page for one visitor; anything else (a redirect, a file) is sent immediately. */
async function draw(
  parts: PageParts,
  page: PageDefinition,
  visitor: Visitor,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const gate = admit(parts.app, visitor, page, request)
  if (gate) return reply.redirect(gate, 303)
  const asked: PageRequest = { ...askedOf(request), form: {}, files: {} }
  const answer = await page.load(contextOf(parts.app, visitor.caller, visitor.language), asked)
  return respond(parts, page, visitor, request, reply, answer, 200)
}

const gzipped = promisify(gzip)

async function pack(html: string): Promise<Cached> {
  const plain = Buffer.from(html)
  const etag = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  return { plain, packed: await gzipped(plain), etag }
}

function sendPublic(request: FastifyRequest, reply: FastifyReply, page: Cached) {
  const packed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  const etag = `"${page.etag}${packed ? '-gz' : ''}"`
  reply
    .header('etag', etag)
    .header('cache-control', 'public, max-age=0, must-revalidate')
    .header('vary', 'Cookie, Accept-Language, Accept-Encoding')
    .type('text/html; charset=utf-8')
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (packed) reply.header('content-encoding', 'gzip')
  return reply.send(packed ? page.packed : page.plain)
}

/**
 * `?language=` and `?scheme=` set a cookie and redirect to the clean address, so that a page keeps a single address.
 */
function chooseReading(parts: PageParts, request: FastifyRequest, reply: FastifyReply, query: Record<string, string>) {
  const keep = { path: '/', sameSite: 'lax', secure: isSecure(parts, request), maxAge: year } as const
  const chosen = languageOf(query.language)
  if (chosen) reply.setCookie('language', chosen, keep)
  if (query.scheme !== undefined) reply.setCookie('scheme', schemeOf(query.scheme), keep)
  const rest = new URLSearchParams(request.url.slice(pathOf(request).length))
  rest.delete('language')
  rest.delete('scheme')
  return reply.redirect(rest.size > 0 ? `${pathOf(request)}?${rest}` : pathOf(request), 303)
}

/** Pages for an account that has to choose its own password first, by their declared address and never by the one asked for. */
const openWithFirstPassword = new Set(['/account/password', '/sign-out'])

/**
 * Nothing = allowed; an address = sign in there first. @throws NotAllowed for somebody signed in without the
 * permission.
 */
function admit(app: App, visitor: Visitor, page: PageDefinition, request: FastifyRequest): string | null {
  if (allows(app, visitor, page.policy)) {
    if (visitor.session?.mustChange && !openWithFirstPassword.has(page.path)) return '/account/password'
    return null
  }
  if (visitor.session) throw notAllowed('identity.not-allowed-page')
  return `/sign-in?next=${encodeURIComponent(request.url)}`
}

const askedOf = (request: FastifyRequest) => ({
  params: (request.params ?? {}) as Record<string, string>,
  query: queryOf(request),
  path: pathOf(request),
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? '',
  cookies: Object.fromEntries(
    Object.entries(request.cookies).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
})

async function submit(parts: PageParts, page: PageDefinition, request: FastifyRequest, reply: FastifyReply) {
  const visitor = await visit(parts, request)
  const gate = admit(parts.app, visitor, page, request)
  if (gate) return reply.redirect(gate, 303)
  const { form, files } = await parts.receive(request)
  const ctx = contextOf(parts.app, visitor.caller, visitor.language)
  const answer = await page.post!(ctx, { ...askedOf(request), form, files })
  return respond(parts, page, visitor, request, reply, answer, 422)
}

function respond(
  parts: PageParts,
  page: PageDefinition,
  visitor: Visitor,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: unknown,
  status: number,
) {
  if (isRedirect(answer)) return redirect(isSecure(parts, request), reply, answer)
  if (isDownload(answer))
    return reply
      .header('cache-control', visitor.session ? 'private, no-store' : 'no-cache')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(answer.download)}`)
      .type(answer.type)
      .send(answer.body)
  const query = queryOf(request)
  const view = viewFor(parts.app, visitor, pathOf(request), query)
  const notice = readNotice(parts.app, visitor, request.cookies.notice)
  if (request.cookies.notice !== undefined) reply.clearCookie('notice', { path: '/' })
  const trail = page.trail?.(answer, view)
  const refresh = page.refresh?.(answer)
  const scripts = page.islands?.map((name) => islandAddress(name))
  const shell = shellFor(parts.app, visitor, parts.navigation, {
    title: page.title(answer, view),
    ...(page.section ? { section: page.section } : {}),
    path: pathOf(request),
    address: request.url,
    styles: parts.styles,
    ...(trail ? { trail } : {}),
    ...(notice ? { notice } : {}),
    ...(refresh ? { refresh } : {}),
    ...(scripts ? { scripts } : {}),
    ...(query.q && pathOf(request) === '/search' ? { search: query.q } : {}),
    listed: page.policy === 'anyone',
  })
  reply.code(status).type('text/html; charset=utf-8')
  // Without a session nothing in it is private except a form or a notice, which must not be shown twice.
  reply.header('cache-control', visitor.session ? 'private, no-store' : 'no-cache')
  const html = renderPage(shell, page.view(answer, view) as ComponentChildren)
  return status === 200 ? html : reply.send(html)
}

function redirect(secure: boolean, reply: FastifyReply, { redirect: to, notice, cookies }: Redirect) {
  // Browsers drop tabs and line breaks and read a backslash as a slash: none of these may turn it into another site.
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(to)) throw invalid('http.bad-redirect')
  const base = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
  for (const { name, value, maxAgeSeconds } of cookies ?? ([] as Cookie[])) {
    if (maxAgeSeconds <= 0) reply.clearCookie(name, base)
    else reply.setCookie(name, value, { ...base, maxAge: maxAgeSeconds })
  }
  if (notice)
    reply.setCookie('notice', Buffer.from(JSON.stringify(notice)).toString('base64url'), { ...base, maxAge: 60 })
  return reply.redirect(to, 303)
}

/** A notice from a cookie is no more trustworthy than any cookie: only our own sentences, with plain values. */
function readNotice(app: App, visitor: Visitor, cookie: string | undefined): Redirect['notice'] {
  if (!cookie || cookie.length > 2000) return undefined
  try {
    const { key, values } = JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8')) as Record<string, unknown>
    if (typeof key !== 'string' || !app.registry.words.has(visitor.language, key)) return undefined
    const plain = Object.entries(values ?? {}).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'number' || (typeof entry[1] === 'string' && entry[1].length <= 200),
    )
    return { key, values: Object.fromEntries(plain) }
  } catch {
    return undefined
  }
}
