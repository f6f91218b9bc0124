/** Operations over all kinds, and those that a module adds with a schema of its own. */
import type { Say } from '#kernel/words.ts'
import { languageSchema, ok, type Part, question, questionsOf, type Shape, text, unchanged } from './openapi-parts.ts'
import { withHeaders } from './openapi-responses.ts'
import { reference } from './openapi-schemas.ts'
import type { KnownRoute } from './routes.ts'

const undoBody: Part = {
  type: 'object',
  additionalProperties: false,
  properties: { mode: { type: 'string', enum: ['all', 'possible'], default: 'all' }, why: text },
}

const words: Record<string, string> = { 'get any': 'get-any', 'change set': 'change-set' }
const listed = (items: Part): Part => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items } },
})

const success: Record<string, (say: Say) => Shape['answers']> = {
  'get any': (say) => ({
    '200': ok(say, reference('any-record'), withHeaders('etag!', 'content-language')),
    '304': unchanged(say),
  }),
  trace: (say) => ({ '200': ok(say, reference('trace')) }),
  search: (say) => ({ '200': ok(say, listed(reference('hit'))) }),
  head: (say) => ({ '200': ok(say, reference('seal-head')) }),
  'change set': (say) => ({ '200': ok(say, reference('change-set')) }),
  undo: (say) => ({ '200': ok(say, reference('undo-result'), withHeaders('change-set')) }),
  context: (say) => ({ '200': ok(say, listedContext, undefined, 'application/ld+json') }),
  schema: (say) => ({ '200': ok(say, { type: 'object' }, undefined, 'application/schema+json') }),
  openapi: (say) => ({
    '200': ok(say, { type: 'object' }, withHeaders('etag!', 'content-language!')),
    '304': unchanged(say),
  }),
}

const listedContext = { type: 'object', required: ['@context'], properties: { '@context': { type: 'object' } } }

/** Health says itself what is wrong, in one word, and asks nobody who they are. */
function healthShape(route: KnownRoute, say: Say): Shape {
  const state = { type: 'object', required: ['status'], properties: { status: text } }
  const waiting = { ...ok(say, state, withHeaders('retry-after!')), description: say('problem.title.503') }
  return {
    summary: `${route.method} ${route.path}`,
    answers: { '200': ok(say, state), ...(route.path.endsWith('/ready') ? { '503': waiting } : {}) },
  }
}

export function shapeOfOther(route: KnownRoute, say: Say): Shape {
  const does = route.does ?? ''
  if (does === 'health') return healthShape(route, say)
  const own = route.schema
  const summary = own?.summary ?? (does === '' ? `${route.method} ${route.path}` : say(`api.${words[does] ?? does}`))
  const body = own?.body ?? (does === 'undo' ? undoBody : undefined)
  const answers = success[does]?.(say) ?? {
    '200': ok(say, own?.response?.['200'] ?? route.answers ?? { type: 'object' }),
  }
  return {
    summary,
    // One record reads its question itself, for speed.
    parameters:
      does === 'get any'
        ? [question('language', languageSchema, say('api.question.language'))]
        : own?.querystring
          ? questionsOf(own.querystring)
          : [],
    ...(body ? { body, optionalBody: does === 'undo' } : {}),
    answers,
    isWrite: route.method !== 'GET',
  }
}
