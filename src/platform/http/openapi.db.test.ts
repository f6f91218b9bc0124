import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parser } from '#kernel/projections/parser.ts'
import { languages } from '#kernel/words.ts'
import { nobody } from '#platform/caller.ts'
import { openTestApp, type TestApp } from '#test/kit/app.ts'
import { testCity } from '#test/kit/core.ts'
import { openApiDocument } from './openapi.ts'

type Operation = {
  operationId: string
  summary: string
  parameters: Array<{ name: string; in: string }>
  responses: Record<string, unknown>
  security?: unknown[]
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Record<string, unknown>> }
}

let app: TestApp
const documents = new Map<string, Document>()

beforeAll(async () => {
  app = await openTestApp()
  for (const language of languages) {
    const { body } = await app.as(nobody)<Document>('GET', `/api/v1/openapi.json?language=${language}`)
    documents.set(language, body)
  }
})
afterAll(() => app.close())

it.each(languages)(
  'the description in %s is valid OpenAPI 3.1, and every reference in it leads somewhere',
  async (language) => {
    const validator = new Validator()
    const result = await validator.validate(structuredClone(documents.get(language)!))
    expect(result.errors).toBeUndefined()
    expect(result.valid).toBe(true)
    expect(validator.version).toBe('3.1')
    expect(() => validator.resolveRefs()).not.toThrow()
  },
)

it('the validator does find mistakes', async () => {
  const broken = structuredClone(documents.get('en')!) as unknown as Record<string, unknown>
  broken.paths = { 'no-slash': {} }
  expect((await new Validator().validate(broken)).valid).toBe(false)
})

it('describes every endpoint of the interface once, and says what it needs', () => {
  const { paths } = documents.get('en')!
  const ids = new Set<string>()
  for (const route of app.server.knownRoutes.filter((each) => each.path.startsWith('/api/'))) {
    const operation = paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
    expect(operation, `${route.method} ${route.path}`).toBeDefined()
    expect(ids.has(operation!.operationId), operation!.operationId).toBe(false)
    ids.add(operation!.operationId)
    expect(operation!.responses).toHaveProperty('default')
    const names = operation!.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
    expect(new Set(names).size, operation!.operationId).toBe(names.length)
    if (route.policy === 'signed in') expect(operation!.security).toEqual([{ session: [] }])
  }
})

it('says what is answered: statuses, headers, languages, sparse and unchanged answers', () => {
  const { paths, components } = documents.get('en')!
  const operation = (method: string, path: string) => paths[path]![method]!
  const statuses = (method: string, path: string) => Object.keys(operation(method, path).responses)
  const one = '/api/v1/strategy/outcomes/{id}'
  const always = ['400', '422', '429', '503', 'default']
  expect(statuses('get', one).sort()).toEqual(['200', '304', '401', '403', '404', '410', ...always].sort())
  expect(statuses('patch', one)).toEqual(
    expect.arrayContaining([
      '200',
      '400',
      '401',
      '403',
      '404',
      '409',
      '410',
      '412',
      '413',
      '415',
      '422',
      '428',
      '429',
      '503',
    ]),
  )
  expect(statuses('post', `${one}/agree`)).not.toContain('428')
  expect(statuses('get', '/api/v1/strategy/outcomes')).not.toContain('412')
  const asked = (method: string, path: string) =>
    Object.fromEntries(
      operation(method, path).parameters.map(({ name, ...rest }) => [name, rest as Record<string, unknown>]),
    )
  const list = asked('get', '/api/v1/strategy/outcomes')
  expect(list.fields).toMatchObject({
    explode: false,
    schema: { type: 'array', items: { enum: expect.arrayContaining(['title', 'retiredAt']) } },
  })
  expect(list.sort).toMatchObject({ schema: { enum: expect.arrayContaining(['title', '-changedAt']) } })
  for (const [method, path] of [
    ['get', one],
    ['get', '/api/v1/strategy/outcomes'],
    ['get', '/api/v1/records/{id}'],
    ['get', '/api/v1/search'],
    ['get', '/api/v1/records/{id}/trace'],
    ['get', '/api/v1/openapi.json'],
  ] as const)
    expect(asked(method, path), path).toHaveProperty('language')
  expect(asked('get', one)).toHaveProperty('If-None-Match')
  expect(components.schemas['strategy.outcome.item']).not.toHaveProperty('required')
  expect(components.schemas['strategy.outcome.item']).toMatchObject({
    additionalProperties: false,
    properties: {
      title: { anyOf: [{ type: 'object' }, { type: 'string' }] },
      owner: { type: ['string', 'null'] },
      languages: {},
    },
  })
})

it('names every file beside the interface with its media types', async () => {
  const exchange = { formats: [{ name: 'csv', mediaType: 'text/csv; charset=utf-8', holds: ['list'] }] } as never
  const file = { method: 'GET', policy: 'anyone', kind: undefined, does: undefined, schema: undefined } as const
  const known = ['/a/download/:format', '/a/list.:format', '/a/:key/rows/b/table.csv', '/a/b'].map((path) => ({
    ...file,
    path,
  }))
  const { registry } = app.core.as(nobody)
  const { paths } = openApiDocument({ registry, city: testCity, exchange }, known, 's', (key) => key, 'en') as Document
  const types = Object.entries(paths).map(([path, { get }]) => [
    path,
    Object.keys((get!.responses['200'] as { content: object }).content),
  ])
  expect(Object.fromEntries(types)).toEqual({
    '/a/download/{format}': ['text/csv'],
    '/a/list.{format}': ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    '/a/{key}/rows/b/table.csv': ['text/csv'],
  })
})

it('gives an example that the interface would take', () => {
  for (const [name, schema] of Object.entries(documents.get('en')!.components.schemas)) {
    for (const example of (schema.examples as unknown[] | undefined) ?? []) {
      const { $ref: _, ...own } = schema
      const { rows: __, ...properties } = own.properties as Record<string, unknown>
      expect(parser({ ...own, properties })(example), name).toEqual([])
    }
  }
})

it('is not sent again while it stands unchanged', async () => {
  const ask = app.as(nobody)
  const { headers } = await ask('GET', '/api/v1/openapi.json')
  expect(headers['content-type']).toContain('application/json')
  expect((await ask('GET', '/api/v1/openapi.json', { headers: { 'if-none-match': headers.etag! } })).status).toBe(304)
})
