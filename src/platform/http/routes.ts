/**
 * Every endpoint is registered here with its policy; one without a policy, or with one that nobody can satisfy,
 * prevents the start.
 */
import type { PagePolicy } from '../page.ts'
import type { AppParts } from './request.ts'

export type KnownRoute = {
  readonly method: string
  readonly path: string
  readonly policy: PagePolicy | undefined
  readonly kind: string | undefined
  readonly does: string | undefined
  /** JSON Schema of what it answers, for the API description, where the house does not know it. */
  readonly answers?: Record<string, unknown> | undefined
  readonly schema:
    | {
        readonly summary?: string
        readonly description?: string
        readonly querystring?: Record<string, unknown>
        readonly body?: Record<string, unknown>
        readonly response?: Record<string, Record<string, unknown>>
      }
    | undefined
}

/**
 * @throws Error naming every endpoint without a policy, of a kind that nobody declares and no rule names, or with an
 * action that no rule allows anybody.
 */
export function checkRoutes(
  routes: readonly KnownRoute[],
  { registry, policies }: Pick<AppParts, 'registry' | 'policies'>,
) {
  const faults = routes.flatMap(({ method, path, policy }) => {
    const name = `${method} ${path}`
    if (policy === undefined) return [`${name} has no policy: give its config one.`]
    if (typeof policy === 'string') return []
    if (!registry.kinds.has(policy.kind) && !policies.names(policy.kind))
      return [`${name} asks about ${policy.kind}, which no module declares.`]
    if (!policies.covers(policy.can, policy.kind))
      return [`${name} needs leave to ${policy.can} ${policy.kind}, and no rule gives that to anybody.`]
    return []
  })
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Methods supported at an address; none = no such address. */
export function methodsAt(routes: readonly KnownRoute[], path: string): string[] {
  const methods = new Set<string>()
  const asked = path.length > 1 ? path.replace(/\/$/, '') : path
  for (const route of routes) {
    if (route.path.includes('*')) continue
    const pattern = route.path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part)))
      .join('/')
    if (new RegExp(`^${pattern}$`).test(asked)) {
      methods.add(route.method)
      if (route.method === 'GET') methods.add('HEAD')
    }
  }
  return [...methods].sort()
}
