import { moduleOf, type RecordKind } from '../record.ts'
import type { Verb } from '../verb.ts'

export type Endpoint = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly does: 'list' | 'get' | 'create' | 'change' | 'retire' | 'bulk' | 'verb' | 'history' | 'rows'
  readonly verb?: string
  readonly rows?: string
}

/** Address of a kind's list, below `/api/v1` and as a page. */
export const addressOf = (kind: RecordKind): string => `/${moduleOf(kind.kind)}/${kind.plural}`

/** The endpoints every kind has, and one for each of its verbs; a module enables nothing by hand. */
export function endpointsOf(kind: RecordKind, verbs: readonly Verb[]): Endpoint[] {
  const base = `/api/v1${addressOf(kind)}`
  return [
    { method: 'GET', path: base, does: 'list' },
    { method: 'POST', path: base, does: 'create' },
    { method: 'POST', path: `${base}/bulk`, does: 'bulk' },
    { method: 'GET', path: `${base}/:id`, does: 'get' },
    { method: 'PATCH', path: `${base}/:id`, does: 'change' },
    { method: 'DELETE', path: `${base}/:id`, does: 'retire' },
    { method: 'GET', path: `${base}/:id/history`, does: 'history' },
    ...Object.keys(kind.rows).map(
      (rows): Endpoint => ({ method: 'GET', path: `${base}/:id/${rows}`, does: 'rows', rows }),
    ),
    ...verbs
      .filter((verb) => verb.kind === kind.kind)
      .map((verb): Endpoint => ({ method: 'POST', path: `${base}/:id/${verb.name}`, does: 'verb', verb: verb.name })),
  ]
}
