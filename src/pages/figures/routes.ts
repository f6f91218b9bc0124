/** Figures for programs: what they say now, and how they were. */
import type { FastifyInstance } from 'fastify'
import { notFound } from '#kernel/problem.ts'
import { type Figure, figureKinds, figureWord } from '#platform/figure.ts'
import { type FigureResult, figureHistory, latestResults, readingOf } from '#platform/figures/index.ts'
import { contextOf, querySchema } from '#platform/http/index.ts'

const text = { type: 'string' }
const whole = { type: ['integer', 'null'] }
const resultSchema = {
  type: 'object',
  required: ['asOf', 'is', 'value', 'method'],
  properties: {
    asOf: { type: 'string', format: 'date' },
    measuredAt: { type: 'string', format: 'date-time' },
    is: { type: 'string', enum: ['value', 'nothing', 'unknown'] },
    value: { type: ['string', 'null'] },
    met: whole,
    of: whole,
    unknown: whole,
    query: { type: ['string', 'null'] },
    lacking: { type: ['string', 'null'] },
    method: { type: 'integer' },
  },
}
const figureSchema = {
  type: 'object',
  required: ['id', 'name', 'kind', 'unit', 'over', 'result'],
  properties: {
    id: text,
    name: text,
    meaning: text,
    kind: { type: 'string', enum: [...figureKinds] },
    unit: text,
    over: { type: 'string', enum: ['day', 'period'] },
    recommendations: { type: 'array', items: text },
    result: { anyOf: [resultSchema, { type: 'null' }] },
  },
}
const items = (schema: object) => ({
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', items: schema } },
})

const count = (stored: string | null) => (stored === null ? null : Number(stored))

function resultOf(figure: Figure, result: FigureResult) {
  const reading = readingOf(figure.kind, result)
  return {
    asOf: result.asOf,
    measuredAt: result.measuredAt,
    is: reading.is,
    value: reading.is === 'value' ? reading.value : null,
    met: count(result.met),
    of: count(result.of),
    unknown: count(result.unknown),
    query: result.query,
    lacking: result.lacking,
    method: result.method,
  }
}

/** `GET /api/v1/figures` and `GET /api/v1/figures/{id}` with the results of the last year. */
export function figureRoutes(server: FastifyInstance): void {
  const described = (figure: Figure, say: (key: string) => string, result: FigureResult | undefined) => ({
    id: figure.id,
    name: say(figureWord(figure.id)),
    meaning: say(`${figureWord(figure.id)}.meaning`),
    kind: figure.kind,
    unit: figure.unit,
    over: figure.over,
    recommendations: figure.recommendations ?? [],
    result: result ? resultOf(figure, result) : null,
  })
  const asked = { querystring: querySchema({ language: { type: 'string', maxLength: 40 } }) }
  server.get(
    '/api/v1/figures',
    { config: { policy: 'signed in', does: 'figures', answers: items(figureSchema) }, schema: asked },
    async (request, reply) => {
      const ctx = contextOf(request)
      const say = ctx.registry.words.say(ctx.language)
      const results = await latestResults(ctx.db, ctx.figures)
      reply.header('cache-control', 'private, no-store')
      return { items: ctx.figures.map((figure) => described(figure, say, results.get(figure.id))) }
    },
  )
  const withHistory = {
    ...figureSchema,
    properties: { ...figureSchema.properties, history: { type: 'array', items: resultSchema } },
  }
  server.get(
    '/api/v1/figures/:id',
    { config: { policy: 'signed in', does: 'figure', answers: withHistory }, schema: asked },
    async (request, reply) => {
      const ctx = contextOf(request)
      const { id } = request.params as { id: string }
      const figure = ctx.figures.find((each) => each.id === id)
      if (!figure) throw notFound(id)
      const [results, history] = await Promise.all([latestResults(ctx.db, [figure]), figureHistory(ctx.db, id)])
      reply.header('cache-control', 'private, no-store')
      return {
        ...described(figure, ctx.registry.words.say(ctx.language), results.get(id)),
        history: history.map((each) => resultOf(figure, each)),
      }
    },
  )
}
