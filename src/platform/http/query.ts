/** Query parameters (`?depth=3`): coerced to the declared types; unknown or repeated ones are refused by name. */
import type { FastifySchemaCompiler } from 'fastify'
import { idSchema } from '#kernel/fields/schema.ts'
import { type FieldProblem, invalid } from '#kernel/problem.ts'
import { type Parser, parser } from '#kernel/projections/parser.ts'

type Properties = Record<string, { type?: string }>
export type QuerySchema = {
  readonly type: 'object'
  readonly additionalProperties: false
  readonly properties: Record<string, Record<string, unknown>>
  readonly required?: readonly string[]
}

/** Declares the query parameters an endpoint understands, for checking them and for the API description. */
export const querySchema = (
  properties: Record<string, Record<string, unknown>>,
  required: readonly string[] = [],
): QuerySchema => ({ type: 'object', additionalProperties: false, properties, required })

/** Query parameters of a record's history and rows. */
export const historyQuery = querySchema({ after: idSchema, limit: { type: 'integer', minimum: 1, maximum: 100 } })
export const rowsQuery = querySchema({ after: idSchema, limit: { type: 'integer', minimum: 1, maximum: 1000 } })

/**
 * Fastify asks this for every declared schema. Only query strings are checked here; bodies are checked once, by the
 * gate, which knows the record they apply to.
 */
export const compileQuery: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (httpPart !== 'querystring') return (value: unknown) => ({ value })
  const check = parser(schema as Record<string, unknown>)
  const properties = ((schema as { properties?: Properties }).properties ?? {}) as Properties
  return (value: unknown) => {
    const { problems, coerced } = readQuery(value as Record<string, unknown>, properties, check)
    return problems.length > 0 ? { error: invalid('http.bad-query', problems) } : { value: coerced }
  }
}

/** The query parameters by name in their declared types, and everything that is wrong with them. */
export function readQuery(
  query: Record<string, unknown>,
  properties: Properties,
  check: Parser,
): { problems: FieldProblem[]; coerced: Record<string, unknown> } {
  const problems: FieldProblem[] = []
  const coerced: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) problems.push({ at: `/${name}`, code: 'query.repeated', values: { name } })
    else if (!Object.hasOwn(properties, name))
      problems.push({ at: `/${name}`, code: 'query.unknown', values: { name } })
    else if (String(value).includes('\0')) problems.push({ at: `/${name}`, code: 'field.characters' })
    else coerced[name] = coerce(String(value), properties[name]?.type)
  }
  return { problems: problems.length > 0 ? problems : check(coerced), coerced }
}

function coerce(value: string, type: string | undefined): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d{1,9})?$/.test(value)) return Number(value)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
