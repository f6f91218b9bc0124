/** Operations of the API description: parameters, bodies and responses of the endpoints of a kind. */
import type { KnownKind } from '#kernel/registry.ts'
import type { Say } from '#kernel/words.ts'
import { filterShapesOf, listParameterNames, readableNames, sortableOf } from './filters.ts'
import { shapeOfOther } from './openapi-others.ts'
import {
  json,
  languageSchema,
  ok,
  type Part,
  question,
  questionsOf,
  type Shape,
  severalOf,
  text,
  unchanged,
} from './openapi-parts.ts'
import { problemsOf, withHeaders } from './openapi-responses.ts'
import { reference, rowChanges, schemaName } from './openapi-schemas.ts'
import { historyQuery, rowsQuery } from './query.ts'
import type { KnownRoute } from './routes.ts'

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
    additionalProperties: false,
  }
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
    parameters: [
      ...path,
      ...(shape.parameters ?? []),
      ...(shape.ifMatch && shape.ifMatch !== 'never' ? [ifMatch(say, shape.ifMatch === 'must')] : []),
      ...('304' in shape.answers ? [ifNoneMatch(say)] : []),
      ...(shape.isWrite ? [whyHeader(say)] : []),
    ],
    ...(shape.body ? { requestBody: { required: !shape.optionalBody, content: json(shape.body) } } : {}),
    responses: {
      ...shape.answers,
      ...(route.does === 'health' ? {} : problemsOf(route, { ifMatch: shape.ifMatch ?? 'never' })),
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
const ifNoneMatch = (say: Say): Part => ({
  name: 'If-None-Match',
  in: 'header',
  schema: text,
  description: say('api.if-none-match'),
})
// Whoever may no longer read what they have written gets no version of it.
const writeHeaders = withHeaders('etag', 'change-set')

function shapeOfKind(route: KnownRoute, known: KnownKind, say: Say): Shape {
  const { kind } = known.declaration
  const label = say(kind)
  const read = reference(schemaName.read(kind))
  const summary = (does: string, values: Record<string, string> = {}) => say(`api.${does}`, { kind: label, ...values })
  const written = { anyOf: [read, reference('unseen')] }
  const saved = { '200': ok(say, written, writeHeaders) }
  const reason = { type: 'object', additionalProperties: false, properties: { why: text } }
  switch (route.does) {
    case 'list':
      return {
        summary: summary('list'),
        parameters: listParameters(known, say),
        answers: { '200': ok(say, counted(reference(schemaName.item(kind))), withHeaders('link', 'content-language')) },
      }
    case 'get':
      return {
        summary: summary('get'),
        parameters: [question('language', languageSchema, say('api.question.language'))],
        answers: { '200': ok(say, read, withHeaders('etag!', 'content-language')), '304': unchanged(say) },
      }
    case 'create':
      return {
        summary: summary('create'),
        body: reference(schemaName.create(kind)),
        answers: { '201': ok(say, written, { ...writeHeaders, ...withHeaders('location!') }) },
        isWrite: true,
      }
    case 'change':
      return {
        summary: summary('change'),
        ifMatch: 'must',
        body: reference(schemaName.change(kind)),
        answers: saved,
        isWrite: true,
      }
    case 'retire':
      return {
        summary: summary('retire'),
        ifMatch: 'must',
        answers: { '204': { description: say('api.ok'), headers: withHeaders('change-set') } },
        isWrite: true,
      }
    case 'publish':
      return {
        summary: summary('publish'),
        ifMatch: 'may',
        body: { ...reason, properties: { why: text, publicFrom: { type: 'string', format: 'date-time' } } },
        optionalBody: true,
        answers: { ...saved, '202': { description: say('api.later'), content: json(reference('publication')) } },
        isWrite: true,
      }
    case 'withdraw':
      return {
        summary: summary('withdraw'),
        ifMatch: 'may',
        body: reason,
        optionalBody: true,
        answers: saved,
        isWrite: true,
      }
    case 'bulk':
      return {
        summary: summary('bulk'),
        body: reference(schemaName.bulk(kind)),
        answers: { '200': ok(say, reference('bulk-result'), withHeaders('change-set')) },
        isWrite: true,
      }
    case 'history':
      return {
        summary: summary('history'),
        parameters: questionsOf(historyQuery),
        answers: { '200': ok(say, page(reference('history-entry'))) },
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
        ifMatch: 'may',
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
    const items = reference(schemaName.row(kind, rows))
    return {
      summary: say('api.rows', values),
      parameters: questionsOf(rowsQuery),
      answers: { '200': ok(say, page(items), withHeaders('link')) },
    }
  }
  const count = { type: 'integer' }
  const names = ['created', 'changed', 'removed', 'unchanged']
  const counts = {
    type: 'object',
    required: names,
    properties: { created: count, changed: count, removed: count, unchanged: count },
  }
  return {
    summary: say('api.write-rows', values),
    ifMatch: 'may',
    body: rowChanges(kind, rows),
    answers: { '200': ok(say, counts, withHeaders('etag!', 'change-set')) },
    isWrite: true,
  }
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
    const takesMany = shape.several && shape.comparisons.includes('in')
    // A field with the name of a standard list parameter is filtered with `[eq]`.
    const asked = (listParameterNames as readonly string[]).includes(name) ? `${name}[eq]` : name
    // Several values of one parameter are separated by commas, so it is a list without `explode`.
    const plain =
      takesMany && asked === name
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
    language: languageSchema,
    sort: { type: 'string', enum: sortableOf(declaration).flatMap((name) => [name, `-${name}`]) },
  }
  return [
    ...listParameterNames.map((name) =>
      name === 'fields'
        ? severalOf(name, readableNames(declaration), say('api.question.fields'))
        : question(name, schemas[name] ?? text, say(`api.question.${name}`)),
    ),
    ...filters,
  ]
}
