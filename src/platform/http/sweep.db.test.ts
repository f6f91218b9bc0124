/** Over every endpoint of the house: a new kind is covered the day it is listed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nobody, systemCaller } from '#platform/caller.ts'
import { type Answer, type Ask, openTestApp, type TestApp } from '#test/kit/app.ts'
import { composeRegistry } from '#test/kit/registry.ts'
import { samplesOf } from '#test/kit/samples.ts'
import { apiEndpointsOf } from './endpoints.ts'

const { registry } = composeRegistry()
const endpoints = [...registry.kinds.values()].flatMap((known) =>
  apiEndpointsOf(known.declaration, known.verbs).map((endpoint) => ({ ...endpoint, kind: known.declaration.kind })),
)
const writing = endpoints.filter((endpoint) => endpoint.method !== 'GET')
const ofOne = endpoints.filter((endpoint) => endpoint.path.includes(':id'))
const nowhere = '0197a000-0000-7000-8000-00000000dead'

let app: TestApp
let house$: Ask
let stranger: Ask
let sample: (kind: string) => Promise<string>

beforeAll(async () => {
  app = await openTestApp()
  house$ = app.as(systemCaller)
  stranger = app.as(nobody)
  sample = samplesOf(app.core)
})
afterAll(() => app.close())

const named = (endpoint: { method: string; path: string }) => `${endpoint.method} ${endpoint.path}`

function expectProblem(answer: Answer<Record<string, unknown>>, status: number, reason: string, about: string): void {
  expect(answer.status, `${about}: ${answer.text.slice(0, 300)}`).toBe(status)
  expect(answer.headers['content-type'], about).toBe('application/problem+json; charset=utf-8')
  expect(answer.body, about).toMatchObject({ status, reason, type: `/problems/${reason}` })
  for (const part of ['title', 'detail']) expect(answer.body[part], about).toMatch(/^\P{Ll}.*[^.]$|^\P{Ll}.*\.$/u)
  expect(answer.body.request, about).toBe(answer.headers['x-request-id'])
}

it('every endpoint has a policy', () => {
  expect(app.server.knownRoutes.length).toBeGreaterThan(endpoints.length)
  for (const route of app.server.knownRoutes) expect(route.policy, named(route)).toBeDefined()
})

describe('every endpoint that writes', () => {
  it('asks a stranger to sign in', async () => {
    for (const endpoint of writing) {
      const answer = await stranger(endpoint.method, endpoint.path.replace(':id', nowhere), { body: {} })
      expectProblem(answer, 401, 'identity.not-signed-in', named(endpoint))
    }
  })

  it('names the place where JSON breaks', async () => {
    for (const endpoint of writing.filter((each) => each.method !== 'DELETE')) {
      const answer = await house$(endpoint.method, endpoint.path.replace(':id', nowhere), { raw: '{"title":' })
      expectProblem(answer, 400, 'http.bad-json', named(endpoint))
      expect(answer.body.detail).toContain('line 1, column 10')
    }
  })

  it('takes JSON only', async () => {
    for (const endpoint of writing) {
      const answer = await house$(endpoint.method, endpoint.path.replace(':id', nowhere), {
        raw: 'title=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      expectProblem(answer, 415, 'http.unsupported-media-type', named(endpoint))
    }
  })

  it('refuses a request from another site', async () => {
    for (const endpoint of writing) {
      const answer = await house$(endpoint.method, endpoint.path.replace(':id', nowhere), {
        body: {},
        headers: { origin: 'https://evil.example' },
      })
      expectProblem(answer, 403, 'http.cross-origin', named(endpoint))
    }
  })

  it('refuses a key it does not know, by name', async () => {
    for (const endpoint of writing.filter((each) => each.method !== 'DELETE')) {
      const path = endpoint.path.replace(':id', await sample(endpoint.kind))
      const body =
        endpoint.does === 'bulk' ? { items: [{ values: { colour: 'red' } }], colour: 'red' } : { colour: 'red' }
      const answer = await house$(endpoint.method, path, { body, headers: { 'if-match': '*' } })
      expect(answer.status, `${named(endpoint)} ${answer.text}`).toBe(422)
      expect(answer.body.errors, named(endpoint)).toContainEqual(
        expect.objectContaining({ pointer: '/colour', code: 'field.unknown' }),
      )
    }
  })
})

describe('every endpoint of one record', () => {
  it('does not find what is not there', async () => {
    for (const endpoint of ofOne) {
      for (const key of [nowhere, 'XYZ-0001', 'nonsense', '%00', `${'9'.repeat(150)}`]) {
        const path = endpoint.path.replace(':id', key)
        const body = endpoint.method === 'PUT' ? [] : {}
        const answer = await house$(endpoint.method, path, {
          ...(endpoint.method === 'GET' ? {} : { body }),
          headers: { 'if-match': '*' },
        })
        expectProblem(answer, 404, 'records.not-found', `${named(endpoint)} ${key}`)
      }
    }
  })

  it('does not overwrite a version the writer has not seen', async () => {
    for (const endpoint of ofOne.filter((each) => each.method !== 'GET')) {
      const path = endpoint.path.replace(':id', await sample(endpoint.kind))
      const body = endpoint.method === 'PUT' ? [] : {}
      const answer = await house$(endpoint.method, path, { body, headers: { 'if-match': '"99"' } })
      expectProblem(answer, 412, 'records.stale', named(endpoint))
      expect(answer.body.current, named(endpoint)).toMatchObject({ version: 1 })
    }
  })

  it('wants to know the version before it changes or retires', async () => {
    for (const endpoint of ofOne.filter((each) => each.method === 'PATCH' || each.method === 'DELETE')) {
      const path = endpoint.path.replace(':id', await sample(endpoint.kind))
      const answer = await house$(endpoint.method, path, { body: {} })
      expectProblem(answer, 428, 'records.if-match-missing', named(endpoint))
    }
  })
})

it('every endpoint that reads refuses a question it does not know', async () => {
  for (const endpoint of endpoints.filter((each) => each.method === 'GET')) {
    const path = endpoint.path.replace(':id', await sample(endpoint.kind))
    const answer = await house$('GET', `${path}?colour=red`)
    expectProblem(answer, 422, 'http.bad-query', named(endpoint))
    expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer: '/colour', code: 'query.unknown' }))
  }
})

it('every kind can be read and listed, and its history shown', async () => {
  for (const { declaration } of registry.kinds.values()) {
    const id = await sample(declaration.kind)
    const base = apiEndpointsOf(declaration, [])[0]!.path
    const one = await house$<Record<string, unknown>>('GET', `${base}/${id}`)
    expect(one.status, one.text).toBe(200)
    expect(one.headers.etag).toBe('"1"')
    const { links: _, externalIds: __, ...shown } = one.body
    const all = await house$<{ items: Array<{ id: string }> }>('GET', `${base}?limit=200`)
    // The list goes through the driver and one record is JSON of the database: both must say the same.
    const stated = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null))
    expect(all.body.items.find((each) => each.id === id)).toEqual(stated)
    const history = await house$<{ items: Array<{ action: string }> }>('GET', `${base}/${id}/history`)
    expect(history.body.items.map((each) => each.action)).toEqual(['create'])
    expect((await stranger('GET', `${base}/${id}/history`)).status).toBe(401)
  }
})
