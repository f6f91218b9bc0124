/** OpenAPI 3.1 of everything below `/api` and of the files beside it, generated from the declarations, the words and the endpoints. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { languages, type Say } from '#kernel/words.ts'
import { fileOperation, isFile } from './openapi-files.ts'
import { operationOf } from './openapi-operations.ts'
import { headersOf, responsesOf } from './openapi-responses.ts'
import { schemasOf } from './openapi-schemas.ts'
import { isUnchanged } from './preconditions.ts'
import { querySchema } from './query.ts'
import { type AppParts, contextOf, readerLanguage } from './request.ts'
import type { KnownRoute } from './routes.ts'

type Document = Record<string, unknown>

/** The description in one language. */
export function openApiDocument(
  { registry, city, exchange }: Pick<AppParts, 'registry' | 'city' | 'exchange'>,
  known: readonly KnownRoute[],
  cookie: string,
  say: Say,
  language: string,
): Document {
  const kinds = [...registry.kinds.values()]
  const paths: Record<string, Document> = {}
  const described = known.filter((route) => /^\/(api|ns|health)\//.test(route.path) || route.path === '/ns/v1')
  for (const route of described) {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    const place = paths[path] ?? {}
    place[route.method.toLowerCase()] = operationOf(route, route.kind ? registry.kind(route.kind) : undefined, say)
    paths[path] = place
  }
  for (const route of known.filter(isFile))
    paths[route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}')] = { get: fileOperation(route, exchange?.formats ?? [], say) }
  const name = city.name[language] ?? city.name[city.language] ?? Object.values(city.name)[0] ?? ''
  return {
    openapi: '3.1.0',
    info: {
      title: say('api.title', { city: name }),
      version: '1',
      description: say('api.description'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    // A read without a session returns what the public may read.
    security: [{}, { session: [] }],
    tags: kinds.map(({ declaration }) => ({
      name: declaration.kind,
      description: say(`${declaration.kind}.plural`),
    })),
    paths,
    components: {
      schemas: schemasOf(kinds, say),
      responses: responsesOf(say),
      headers: headersOf(say),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: cookie, description: say('api.session') },
      },
    },
  }
}

/** `GET /api/v1/openapi.json`, made once for each language. */
export function openApiRoutes(
  server: FastifyInstance,
  app: AppParts,
  { known, cookie }: { readonly known: readonly KnownRoute[]; readonly cookie: string },
): void {
  const made = new Map<string, { text: string; tag: string }>()
  const schema = { querystring: querySchema({ language: { type: 'string', maxLength: 40 } }) }
  server.get(
    '/api/v1/openapi.json',
    { config: { policy: 'anyone', does: 'openapi' }, schema },
    async (request, reply) => {
      const language = readerLanguage(request, languages[0])
      const { name } = contextOf(request).city
      const slot = `${language} ${JSON.stringify(name)}`
      let document = made.get(slot)
      if (!document) {
        const text = JSON.stringify(openApiDocument(app, known, cookie, app.registry.words.say(language), language))
        document = { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
        made.set(slot, document)
      }
      reply.header('etag', document.tag).header('cache-control', 'no-cache').header('content-language', language)
      reply.header('vary', 'Accept-Language, Cookie')
      if (isUnchanged(request.headers['if-none-match'], document.tag)) return reply.code(304).send()
      return reply.type('application/json; charset=utf-8').send(document.text)
    },
  )
}
