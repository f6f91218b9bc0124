/** Answers in the API description: headers, problems by status, and what each operation may answer besides success. */
import type { Say } from '#kernel/words.ts'
import type { KnownRoute } from './routes.ts'

type Part = Record<string, unknown>

const text = { type: 'string' }

/** Headers that mean something to a program, by their key in the words. */
const headerNames = {
  etag: 'ETag',
  link: 'Link',
  location: 'Location',
  'change-set': 'Change-Set',
  'content-language': 'Content-Language',
  'content-disposition': 'Content-Disposition',
  'retry-after': 'Retry-After',
} as const
export type HeaderKey = keyof typeof headerNames

/** Component headers by name; those that an answer always carries are marked so where they are used. */
export const headersOf = (say: Say): Record<string, Part> =>
  Object.fromEntries(
    Object.entries(headerNames).flatMap(([key, name]) => {
      const part = { description: say(`api.header.${key}`), schema: key === 'retry-after' ? { type: 'integer' } : text }
      return [
        [name, part],
        [`${name}-always`, { ...part, required: true }],
      ]
    }),
  )

/** References to headers: `etag` may be there, `etag!` always is. */
export const withHeaders = (...keys: ReadonlyArray<HeaderKey | `${HeaderKey}!`>): Part =>
  Object.fromEntries(
    keys.map((key) => {
      const name = headerNames[key.replace('!', '') as HeaderKey]
      return [name, { $ref: `#/components/headers/${name}${key.endsWith('!') ? '-always' : ''}` }]
    }),
  )

/** Statuses of problems that any operation here may answer with. */
const statuses = ['400', '401', '403', '404', '409', '410', '412', '413', '415', '422', '428', '429', '503'] as const
type Status = (typeof statuses)[number]

/** Component responses by name: a problem of each status, as a document, or for browsers as a page. */
export const responsesOf = (say: Say): Record<string, Part> =>
  Object.fromEntries(
    statuses.flatMap((status) => {
      const waits = status === '429' || status === '503' ? (['retry-after!'] as const) : []
      const document = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } }
      const problem = {
        description: say(`problem.title.${status}`),
        headers: withHeaders('content-language!', ...waits),
        content: document,
      }
      return [
        [`problem-${status}`, problem],
        [`page-${status}`, { ...problem, content: { ...document, 'text/html': { schema: text } } }],
      ]
    }),
  )

/** Conditions and answers that depend on the operation. */
export type Answering = {
  /** Is a version asked for, and must it be given? */
  readonly ifMatch: 'never' | 'may' | 'must'
  /** Do browsers get a page that says what is wrong? */
  readonly pages?: boolean
}

/** References to the problems of one operation, by status. */
export function problemsOf(route: KnownRoute, { ifMatch, pages = false }: Answering): Record<string, Part> {
  const writes = route.method !== 'GET'
  const ofOne = route.path.includes(':')
  const closed = route.policy !== 'anyone'
  const may: Record<Status, boolean> = {
    400: true,
    // Reading follows the audience of each record, but a kind may be closed to somebody as a whole.
    401: closed || writes,
    403: closed || writes,
    404: ofOne,
    409: writes,
    410: ofOne,
    412: ifMatch !== 'never',
    413: writes,
    415: writes,
    422: true,
    428: ifMatch === 'must',
    429: true,
    503: true,
  }
  const prefix = pages ? 'page' : 'problem'
  return Object.fromEntries(
    statuses
      .filter((status) => may[status])
      .map((status) => [status, { $ref: `#/components/responses/${prefix}-${status}` }]),
  )
}
