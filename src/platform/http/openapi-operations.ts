/** Operations of the API description: parameters, bodies and responses of every endpoint. */
import type { KnownKind } from '#kernel/registry.ts'
import type { Say } from '#kernel/words.ts'
import { filterShapesOf, listParameterNames } from './filters.ts'
import { reference, rowChanges, schemaName } from './openapi-schemas.ts'
import { historyQuery, rowsQuery } from './query.ts'
import type { KnownRoute } from './routes.ts'

type Part = Record<string, unknown>

const text = { type: 'string' }
const json = (schema: Part) => ({ 'application/json': { schema } })
const page = (items: Part): Part => ({
  type: 'object',
  required: ['items', 'next'],
  properties: { items: { type: 'array', items }, next: { type: ['string', 'null'] } },
})
const counted = (items: Part): Part => {
  const { properties, ...rest } = page(items)
  return {
    ...rest,
    properties: { ...(properties as Part), count: { type: 'integer' }, countIsAtLeast: { type: 'boolean' } },
  }
}

type Shape = {
  summary: string
  parameters?: Part[]
  body?: Part
  optionalBody?: boolean
  answers: Record<string, Part>
  isWrite?: boolean
}

/** One operation; `known` is its kind, if it has one. */
export function operationOf(route: KnownRoute, known: KnownKind | undefined, say: Say): Part {
  const shape = known ? shapeOfKind(route, known, say) : shapeOfOther(route, say)
  const path = [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: text,
  }))
  const signedIn = route.policy === 'signed in' || (typeof route.policy === 'object' && route.policy.can !== 'read')
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_all, next: string | undefined) => (next ?? '').toUpperCase())}`,
    summary: shape.summary,
    ...(known ? { tags: [known.declaration.kind] } : {}),
    ...(signedIn ? { security: [{ session: [] }] } : {}),
    parameters: [...path, ...(shape.parameters ?? []), ...(shape.isWrite ? [whyHeader(say)] : [])],
    ...(shape.body ? { requestBody: { required: !shape.optionalBody, content: json(shape.body) } } : {}),
    responses: {
      ...shape.answers,
      default: {
        description: say('api.problem'),
        content: { 'application/problem+json': { schema: reference('problem') } },
      },
    },
  }
}

const whyHeader = (say: Say): Part => ({ name: 'X-Why', in: 'header', schema: text, description: say('api.why') })
const ifMatch = (say: Say, required: boolean): Part => ({
  name: 'If-Match',
  in: 'header',
  required,
  schema: text,
  description: say('api.if-match'),
})
const ok = (say: Say, schema: Part, headers?: Part): Part => ({
  description: say('api.ok'),
  ...(headers ? { headers } : {}),
  content: json(schema),
})
const tagHeader = { ETag: { schema: text } }
const writeHeaders = { ETag: { schema: text }, 'Change-Set': { schema: text } }

function shapeOfKind(route: KnownRoute, known: KnownKind, say: Say): Shape {
  const { kind } = known.declaration
  const label = say(kind)
  const read = reference(schemaName.read(kind))
  const summary = (does: string, values: Record<string, string> = {}) => say(`api.${does}`, { kind: label, ...values })
  const saved = { '200': ok(say, read, writeHeaders) }
  const reason = { type: 'object', additionalProperties: false, properties: { why: text } }
  switch (route.does) {
    case 'list':
      return {
        summary: summary('list'),
        parameters: listParameters(known, say),
        answers: { '200': ok(say, counted(read)) },
      }
    case 'get':
      return {
        summary: summary('get'),
        parameters: [question('language', { type: 'string' }, say('api.question.language'))],
        answers: { '200': ok(say, read, tagHeader), '304': { description: say('api.changed-meanwhile') } },
      }
    case 'create':
      return {
        summary: summary('create'),
        body: reference(schemaName.create(kind)),
        answers: { '201': ok(say, read, { ...writeHeaders, Location: { schema: text } }) },
        isWrite: true,
      }
    case 'change':
      return {
        summary: summary('change'),
        parameters: [ifMatch(say, true)],
        body: reference(schemaName.change(kind)),
        answers: saved,
        isWrite: true,
      }
    case 'retire':
      return {
        summary: summary('retire'),
        parameters: [ifMatch(say, true)],
        answers: { '204': { description: say('api.ok'), headers: { 'Change-Set': { schema: text } } } },
        isWrite: true,
      }
    case 'publish':
      return {
        summary: summary('publish'),
        parameters: [ifMatch(say, false)],
        body: { ...reason, properties: { why: text, publicFrom: { type: 'string', format: 'date-time' } } },
        optionalBody: true,
        answers: { ...saved, '202': { description: say('api.later'), content: json(reference('named')) } },
        isWrite: true,
      }
    case 'withdraw':
      return {
        summary: summary('withdraw'),
        parameters: [ifMatch(say, false)],
        body: reason,
        optionalBody: true,
        answers: saved,
        isWrite: true,
      }
    case 'bulk':
      return {
        summary: summary('bulk'),
        body: reference(schemaName.bulk(kind)),
        answers: { '200': ok(say, reference('bulk-result'), { 'Change-Set': { schema: text } }) },
        isWrite: true,
      }
    case 'history':
      return {
        summary: summary('history'),
        parameters: questionsOf(historyQuery),
        answers: { '200': ok(say, page({ type: 'object' })) },
      }
    case 'rows':
    case 'write rows':
      return rowsShape(route, known, say)
    default:
      return {
        summary:
          route.does === 'restore'
            ? summary('restore')
            : summary('verb', { verb: verbLabel(known, route.does ?? '', say) }),
        parameters: [ifMatch(say, false)],
        body: { ...reason, properties: { why: text, values: verbValues(known, route.does ?? '', say) } },
        optionalBody: true,
        answers: saved,
        isWrite: true,
      }
  }
}

/** The values of a step: what it asks for is named, in the words of the form. */
function verbValues({ declaration, verbs }: KnownKind, name: string, say: Say): Part {
  const { kind } = declaration
  const values = reference(schemaName.change(kind))
  const input = verbs.find((verb) => verb.name === name)?.input ?? []
  if (input.length === 0) return values
  const named = (asked: string) =>
    asked.startsWith('links.')
      ? say(`${kind}.link.${asked.slice('links.'.length)}`)
      : say(asked in declaration.fields ? `${kind}.field.${asked}` : `record.field.${asked}`)
  const asked = (required: boolean) =>
    input
      .filter((each) => each.required === required)
      .map((each) => named(each.name))
      .join(', ')
  const parts = [
    ...(asked(true) ? [say('api.verb-asks', { fields: asked(true) })] : []),
    ...(asked(false) ? [say('api.verb-may-ask', { fields: asked(false) })] : []),
  ]
  return { allOf: [values], description: parts.join(' ') }
}

const verbLabel = (known: KnownKind, verb: string, say: Say): string => {
  const label = say(`${known.declaration.kind}.verb.${verb}`)
  return label.startsWith('[') ? verb : label
}

function rowsShape(route: KnownRoute, known: KnownKind, say: Say): Shape {
  const { kind } = known.declaration
  const rows = route.path.split('/').at(-1)!
  const values = { kind: say(kind), rows: say(`${kind}.rows.${rows}`) }
  if (route.does === 'rows') {
    const items = reference(schemaName.rows(kind, rows))
    return {
      summary: say('api.rows', values),
      parameters: questionsOf(rowsQuery),
      answers: { '200': ok(say, page(items)) },
    }
  }
  const count = { type: 'integer' }
  const counts = { type: 'object', properties: { created: count, changed: count, removed: count, unchanged: count } }
  return {
    summary: say('api.write-rows', values),
    parameters: [ifMatch(say, false)],
    body: rowChanges(kind, rows),
    answers: { '200': ok(say, counts, writeHeaders) },
    isWrite: true,
  }
}

const question = (name: string, schema: Part, description?: string, required = false): Part => ({
  name,
  in: 'query',
  ...(required ? { required } : {}),
  ...(description ? { description } : {}),
  schema,
})

const questionsOf = (schema: Part): Part[] => {
  const required = (schema.required as string[] | undefined) ?? []
  return Object.entries((schema.properties ?? {}) as Record<string, Part>).map(([name, each]) =>
    question(name, each, undefined, required.includes(name)),
  )
}

const schemasOfShape: Record<string, Part> = {
  text,
  whole: { type: 'integer' },
  decimal: text,
  day: { type: 'string', format: 'date' },
  instant: { type: 'string', format: 'date-time' },
  flag: { type: 'boolean' },
  id: { type: 'string', format: 'uuid' },
  ids: { type: 'string', format: 'uuid' },
  texts: text,
  // West, south, east and north in degrees, separated by commas.
  box: text,
}

function listParameters({ declaration }: KnownKind, say: Say): Part[] {
  const filters = Object.entries(filterShapesOf(declaration)).flatMap(([name, shape]) => {
    const [own = '', part] = name.split('.')
    const label = say(
      Object.hasOwn(declaration.fields, own) ? `${declaration.kind}.field.${own}` : `record.field.${own}`,
    )
    const field = part === undefined ? label : say('api.part-of', { field: label, part: say(`web.part.${part}`) })
    const description = say('api.filter', { field, comparisons: shape.comparisons.join(', ') })
    const one = { ...schemasOfShape[shape.as], ...(shape.choices ? { enum: [...shape.choices] } : {}) }
    const several = shape.several && shape.comparisons.includes('in')
    // A field with the name of a standard list parameter is filtered with `[eq]`.
    const asked = (listParameterNames as readonly string[]).includes(name) ? `${name}[eq]` : name
    // Several values of one parameter are separated by commas, so it is a list without `explode`.
    const plain =
      several && asked === name
        ? { ...question(asked, { type: 'array', items: one }, description), style: 'form', explode: false }
        : question(asked, one, description)
    const compared = shape.comparisons
      .filter((comparison) => comparison !== 'eq' && comparison !== 'in')
      .map((comparison) =>
        question(`${name}[${comparison}]`, comparison === 'empty' ? { type: 'boolean' } : one, description),
      )
    return shape.comparisons.includes('eq') ? [plain, ...compared] : compared
  })
  const schemas: Record<string, Part> = {
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    count: { type: 'boolean' },
  }
  return [
    ...listParameterNames.map((name) => question(name, schemas[name] ?? text, say(`api.question.${name}`))),
    ...filters,
  ]
}

const otherAnswers: Record<string, Part> = {
  trace: reference('trace'),
  search: { type: 'object', required: ['items'], properties: { items: { type: 'array', items: reference('named') } } },
  head: reference('seal-head'),
}
const otherWords: Record<string, string> = { 'get any': 'get-any', 'change set': 'change-set' }

/** Endpoints over all kinds, and those a module adds with a schema of its own. */
function shapeOfOther(route: KnownRoute, say: Say): Shape {
  const does = route.does ?? ''
  const own = route.schema
  const key = `api.${otherWords[does] ?? does}`
  const isWrite = route.method !== 'GET'
  const summary = own?.summary ?? (does === '' || does === 'health' ? `${route.method} ${route.path}` : say(key))
  const body = own?.body ?? (does === 'undo' ? undoBody : undefined)
  return {
    summary,
    parameters: own?.querystring ? questionsOf(own.querystring) : [],
    ...(body ? { body, optionalBody: does === 'undo' } : {}),
    answers: { '200': ok(say, own?.response?.['200'] ?? route.answers ?? otherAnswers[does] ?? { type: 'object' }) },
    isWrite,
  }
}

const undoBody: Part = {
  type: 'object',
  additionalProperties: false,
  properties: { mode: { type: 'string', enum: ['all', 'possible'], default: 'all' }, why: text },
}
