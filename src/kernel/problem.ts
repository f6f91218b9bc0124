/**
 * The closed list of things that can go wrong for a caller, modelled on RFC 9457. Each carries a stable reason
 * `module.reason`, values for its message, the fields it concerns and a status. The sentence itself comes from the word
 * catalogues under `problem.<reason>` in the reader's language; `detail` is the English fallback.
 */
export type FieldProblem = {
  /** JSON Pointer inside the request, e.g. `/title/en` or `/3/values/unit`. */
  readonly at: string
  /** Stable code, looked up as `problem.<code>`. */
  readonly code: string
  readonly values?: Record<string, string | number>
}

export type ProblemKind =
  | 'Invalid'
  | 'NotSignedIn'
  | 'NotAllowed'
  | 'NotFound'
  | 'Conflict'
  | 'Gone'
  | 'TooMany'
  | 'Unavailable'

export const problemStatus: Record<ProblemKind, number> = {
  Invalid: 422,
  NotSignedIn: 401,
  NotAllowed: 403,
  NotFound: 404,
  Conflict: 409,
  Gone: 410,
  TooMany: 429,
  Unavailable: 503,
}

export type ProblemOptions = {
  readonly values?: Record<string, string | number>
  readonly fields?: readonly FieldProblem[]
  /** Structured extra members of the RFC 9457 document, e.g. both versions of a conflict. */
  readonly extra?: Record<string, unknown>
  readonly status?: number
}

/** Thrown by rules, actions and the gate; anything else that is thrown is a bug. */
export class Problem extends Error {
  readonly kind: ProblemKind
  /** Stable `module.reason`. */
  readonly reason: string
  readonly values: Record<string, string | number>
  readonly fields: readonly FieldProblem[]
  readonly extra: Record<string, unknown>
  readonly status: number

  constructor(kind: ProblemKind, reason: string, options: ProblemOptions = {}) {
    // At most ten places: a refused import has thousands, and `fields` holds the whole list.
    const places = (options.fields ?? []).slice(0, 10).map((field) => `${field.at} ${field.code}`)
    super(`${kind} ${reason}${places.length > 0 ? ` (${places.join(', ')})` : ''}`)
    this.name = kind
    this.kind = kind
    this.reason = reason
    this.values = options.values ?? {}
    this.fields = options.fields ?? []
    this.extra = options.extra ?? {}
    this.status = options.status ?? problemStatus[kind]
  }
}

export const invalid = (
  reason: string,
  fields: readonly FieldProblem[] = [],
  values?: Record<string, string | number>,
) => new Problem('Invalid', reason, { fields, ...(values ? { values } : {}) })
export const notSignedIn = () => new Problem('NotSignedIn', 'identity.not-signed-in')
export const notAllowed = (reason = 'identity.not-allowed', values?: Record<string, string | number>) =>
  new Problem('NotAllowed', reason, values ? { values } : {})
export const notFound = (what: string) => new Problem('NotFound', 'records.not-found', { values: { what } })
export const conflict = (
  reason: string,
  extra: Record<string, unknown> = {},
  values: Record<string, string | number> = {},
) => new Problem('Conflict', reason, { extra, values })
