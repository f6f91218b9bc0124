import { Compile } from 'typebox/compile'
import Format from 'typebox/format'
import { Settings } from 'typebox/system'
import { isDay } from '../day.ts'
import { decimalPattern } from '../fields/number.ts'
import { type Field, idSchema, type JsonSchema, localizedSchema } from '../fields/schema.ts'
import { fieldType } from '../fields/types.ts'
import type { FieldProblem } from '../problem.ts'
import { audiences, type RecordKind } from '../record.ts'

// By default the library stops after eight problems, and accepts a year 0, which the database does not know.
Settings.Set({ maxErrors: 1000 })
Format.Set('date', isDay)

/** JSON Schema of a value that may also be cleared with null. */
export const nullable = (schema: JsonSchema): JsonSchema => {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] }
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
  }
}

export const schemaOfField = (field: Field): JsonSchema => fieldType(field.type).schema(field)

const linkItem = (weighted: boolean): JsonSchema =>
  weighted
    ? {
        type: 'object',
        required: ['to'],
        additionalProperties: false,
        properties: {
          to: idSchema,
          weight: { type: ['string', 'null'], pattern: '^(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?$' },
        },
      }
    : { type: 'object', required: ['to'], additionalProperties: false, properties: { to: idSchema } }

const externalIds: JsonSchema = {
  type: 'array',
  maxItems: 20,
  items: {
    type: 'object',
    required: ['source', 'id'],
    additionalProperties: false,
    properties: {
      source: { type: 'string', minLength: 1, maxLength: 100 },
      id: { type: 'string', minLength: 1, maxLength: 200 },
    },
  },
}

/** JSON Schema of what may be written: `create` needs a title, `change` needs nothing and null clears. */
export function writeSchema(kind: RecordKind, mode: 'create' | 'change'): JsonSchema {
  const properties: Record<string, JsonSchema> = {
    title: localizedSchema(kind.title.max),
    organisation: nullable(idSchema),
    owner: nullable(idSchema),
    audience: { type: 'string', enum: [...audiences] },
    externalIds,
  }
  for (const [name, field] of Object.entries(kind.fields)) properties[name] = nullable(schemaOfField(field))
  const linkNames = Object.entries(kind.links)
  if (linkNames.length > 0) {
    properties.links = {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        linkNames.map(([name, link]) => [name, { type: 'array', maxItems: 500, items: linkItem(link.weighted) }]),
      ),
    }
  }
  return {
    type: 'object',
    additionalProperties: false,
    ...(mode === 'create' ? { required: ['title'] } : {}),
    properties,
  }
}

/** JSON Schema of one row of a plain table. */
export const rowSchema = (fields: Record<string, Field>): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.entries(fields)
    .filter(([, field]) => field.required)
    .map(([name]) => name),
  properties: Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.required ? schemaOfField(field) : nullable(schemaOfField(field)),
    ]),
  ),
})

export type Parser = (value: unknown) => FieldProblem[]

/**
 * A parser that also lets the types check values that fit their schema: a span that runs backwards, a ring that is not
 * closed.
 */
export function valueParser(schema: JsonSchema, fields: Readonly<Record<string, Field>>): Parser {
  const parse = parser(schema)
  const asking = Object.entries(fields).flatMap(([name, field]) => {
    const { problems } = fieldType(field.type)
    return problems ? [{ name, field, problems }] : []
  })
  if (asking.length === 0) return parse
  return (given) => {
    const found = parse(given)
    if (typeof given !== 'object' || given === null) return found
    const wrong = new Set(found.map((problem) => problem.at.split('/')[1]))
    for (const { name, field, problems } of asking) {
      const value = (given as Record<string, unknown>)[name]
      if (value === null || value === undefined || wrong.has(name)) continue
      found.push(...problems(value, field).map((problem) => ({ ...problem, at: `/${name}${problem.at}` })))
    }
    return found
  }
}

/** How many allowed values a message lists; nobody reads a whole list of currencies. */
const maxNamed = 20

type SchemaError = { keyword: string; instancePath: string; params: Record<string, unknown> }

/**
 * Compiles a JSON Schema into a check that lists all problems (at most 1,000) by place, in stable codes; never throws,
 * never changes the value. Codes: unknown-key, required, type, too-long, too-short, pattern, not-a-day, not-a-choice,
 * too-many, …
 */
export function parser(schema: JsonSchema): Parser {
  const compiled = Compile(schema as never)
  return (value) => {
    const problems = new Map<string, FieldProblem>()
    for (const at of unstorable(value, '')) problems.set(at, { at, code: 'field.characters' })
    if (compiled.Check(value)) return [...problems.values()]
    for (const error of compiled.Errors(value) as unknown as SchemaError[]) {
      for (const problem of problemsOf(error)) if (!problems.has(problem.at)) problems.set(problem.at, problem)
    }
    return problems.size > 0 ? [...problems.values()] : [{ at: '/', code: 'field.wrong' }]
  }
}

/** Places of text that neither the database nor a JSON parser accepts: U+0000 and halves of surrogate pairs. */
function unstorable(value: unknown, at: string): string[] {
  if (typeof value === 'string') return value.includes('\u0000') || !value.isWellFormed() ? [at || '/'] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => unstorable(each, `${at}/${pointer(name)}`))
}

/** A name inside a JSON Pointer (RFC 6901 §3). */
const pointer = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

const codes: Record<string, string> = {
  type: 'field.type',
  maxLength: 'field.too-long',
  minLength: 'field.empty',
  pattern: 'field.pattern',
  format: 'field.not-a-day',
  enum: 'field.not-a-choice',
  minimum: 'field.too-small',
  maximum: 'field.too-large',
  maxItems: 'field.too-many',
  minItems: 'field.too-few',
  minProperties: 'field.empty',
  uniqueItems: 'field.repeated',
}

function problemsOf(error: SchemaError): FieldProblem[] {
  const { keyword, instancePath, params } = error
  if (keyword === 'required')
    return (params.requiredProperties as string[]).map((name) => ({
      at: `${instancePath}/${pointer(name)}`,
      code: 'field.required',
    }))
  if (keyword === 'additionalProperties')
    return (params.additionalProperties as string[]).map((name) => ({
      at: `${instancePath}/${pointer(name)}`,
      code: 'field.unknown',
      values: { name },
    }))
  if (keyword === 'boolean' || keyword === 'anyOf') return []
  const values: Record<string, string | number> = {}
  if (typeof params.limit === 'number') values.limit = params.limit
  if (Array.isArray(params.allowedValues)) {
    const allowed = params.allowedValues.filter((each) => each !== null)
    values.allowed = allowed.length > maxNamed ? `${allowed.slice(0, maxNamed).join(', ')} …` : allowed.join(', ')
  }
  if (params.type) values.type = Array.isArray(params.type) ? String(params.type[0]) : String(params.type)
  return [
    {
      at: instancePath || '/',
      code: params.pattern === decimalPattern ? 'field.not-a-number' : (codes[keyword] ?? 'field.wrong'),
      ...(Object.keys(values).length > 0 ? { values } : {}),
    },
  ]
}
