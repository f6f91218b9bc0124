/** Security headers. They are the same for every response, so helmet builds them once, at startup. */
import helmet from '@fastify/helmet'
import fastify from 'fastify'

/** Everything from our own address only; no inline script or style, no frames, no plug-ins. */
export const contentSecurityPolicy: Record<string, readonly string[]> = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'style-src': ["'self'"],
  'script-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'form-action': ["'self'"],
}

const halfYearSeconds = 15_552_000

/** Strict-Transport-Security is for responses over https only (RFC 6797 §7.2), so it is separate. */
export type SecurityHeaders = { readonly always: Readonly<Record<string, string>>; readonly overHttps: string }

export async function securityHeaders(): Promise<SecurityHeaders> {
  const once = fastify({ logger: false })
  await once.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: Object.fromEntries(Object.entries(contentSecurityPolicy).map(([name, list]) => [name, [...list]])),
    },
    // `require-corp` for embedded content: a page embeds only our own.
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  })
  once.get('/', async () => '')
  const { headers } = await once.inject('/')
  await once.close()
  const own = new Set(['content-type', 'content-length', 'date', 'connection'])
  const always = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !own.has(name))
      .map(([name, value]) => [name, String(value)]),
  )
  always['permissions-policy'] = 'camera=(), geolocation=(), microphone=(), payment=()'
  return { always, overHttps: `max-age=${halfYearSeconds}; includeSubDomains` }
}
