/** Pieces that every operation of the API description is made of. */
import type { Say } from '#kernel/words.ts'
import { type Answering, withHeaders } from './openapi-responses.ts'

export type Part = Record<string, unknown>

/** One operation before its path, problems and common headers are added. */
export type Shape = {
  readonly summary: string
  readonly parameters?: readonly Part[]
  readonly body?: Part
  readonly optionalBody?: boolean
  /** Success by status; 304 says that the operation honours If-None-Match. */
  readonly answers: Readonly<Record<string, Part>>
  readonly isWrite?: boolean
  readonly ifMatch?: Answering['ifMatch']
}

export const text = { type: 'string' }

/** A tag of a language (BCP 47), as `?language=` takes it. */
export const languageSchema = { type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' }

export const json = (schema: Part, mediaType = 'application/json'): Part => ({ [mediaType]: { schema } })

export const ok = (say: Say, schema: Part, headers?: Part, mediaType?: string): Part => ({
  description: say('api.ok'),
  ...(headers ? { headers } : {}),
  content: json(schema, mediaType),
})

export const unchanged = (say: Say): Part => ({
  description: say('api.changed-meanwhile'),
  headers: withHeaders('etag!', 'content-language'),
})

export const question = (name: string, schema: Part, description?: string, required = false): Part => ({
  name,
  in: 'query',
  ...(required ? { required } : {}),
  ...(description ? { description } : {}),
  schema,
})

/** Several names of a fixed set, joined by commas. */
export const severalOf = (name: string, of: readonly string[], description: string): Part => ({
  ...question(name, { type: 'array', items: { type: 'string', enum: of } }, description),
  style: 'form',
  explode: false,
})

export const questionsOf = (schema: Part): Part[] => {
  const required = (schema.required as string[] | undefined) ?? []
  return Object.entries((schema.properties ?? {}) as Record<string, Part>).map(([name, each]) =>
    question(name, each, undefined, required.includes(name)),
  )
}
