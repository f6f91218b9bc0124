import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parser } from '#kernel/projections/parser.ts'
import { languages } from '#kernel/words.ts'
import { nobody } from '#platform/caller.ts'
import { openTestApp, type TestApp } from '#test/kit/app.ts'

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
