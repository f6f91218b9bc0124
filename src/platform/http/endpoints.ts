/** The API endpoints of a kind: those the kernel projects, and those the gate adds to every kind. */
import { addressOf, type Endpoint, endpointsOf } from '#kernel/projections/endpoints.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Verb } from '#kernel/verb.ts'
import type { PagePolicy } from '../page.ts'

export type ApiEndpoint = Omit<Endpoint, 'method' | 'does'> & {
  readonly method: Endpoint['method'] | 'PUT'
  readonly does: Endpoint['does'] | 'restore' | 'publish' | 'withdraw' | 'write rows'
}

/** A person's name is never made public, so kinds with a personal title cannot be published. */
export const isPublishable = (kind: RecordKind): boolean => !kind.title.personal

export function apiEndpointsOf(kind: RecordKind, verbs: readonly Verb[]): ApiEndpoint[] {
  const one = `/api/v1${addressOf(kind)}/:id`
  return [
    ...endpointsOf(kind, verbs),
    { method: 'POST', path: `${one}/restore`, does: 'restore' },
    ...(isPublishable(kind)
      ? ([
          { method: 'POST', path: `${one}/publish`, does: 'publish' },
          { method: 'POST', path: `${one}/withdraw`, does: 'withdraw' },
        ] as const)
      : []),
    ...Object.keys(kind.rows).map(
      (rows): ApiEndpoint => ({ method: 'PUT', path: `${one}/${rows}`, does: 'write rows', rows }),
    ),
  ]
}

/**
 * Who may use an endpoint. Reading follows the audience of each record; the history is for people who are signed in.
 */
export function policyOf(kind: RecordKind, endpoint: ApiEndpoint): PagePolicy {
  const can = (action: string): PagePolicy => ({ can: action, kind: kind.kind })
  switch (endpoint.does) {
    case 'list':
    case 'get':
    case 'rows':
      return can('read')
    case 'create':
    case 'change':
    case 'retire':
      return can(endpoint.does)
    case 'restore':
      return can('retire')
    case 'publish':
    case 'withdraw':
      return can('publish')
    case 'verb':
      return can(endpoint.verb!)
    case 'write rows':
      return can(`rows.${endpoint.rows}`)
    case 'bulk':
    case 'history':
      return 'signed in'
  }
}
