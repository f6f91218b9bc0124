import { expect, test } from 'vitest'
import { judgeOf } from './document.ts'

const text = { type: 'string' }
const judge = judgeOf(
  JSON.stringify({
    paths: {
      '/things/{id}': {
        get: {
          operationId: 'getThing',
          parameters: [],
          responses: {
            '200': {
              headers: { ETag: { $ref: '#/components/headers/always' } },
              content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } },
            },
            '204': {},
            '404': { $ref: '#/components/responses/none' },
            default: { content: { 'application/json': { schema: {} } } },
          },
        },
      },
    },
    components: {
      headers: { always: { required: true, schema: text } },
      responses: { none: { content: { 'text/html': { schema: text } } } },
      schemas: {
        thing: {
          type: 'object',
          required: ['name'],
          properties: {
            name: text,
            on: { type: ['string', 'null'], format: 'date' },
            part: { type: 'object', properties: {} },
          },
        },
      },
    },
  }),
)
const [operation] = judge.operations
const json = { 'content-type': 'application/json; charset=utf-8', etag: '"1"' }
const faults = (status: number, headers: Record<string, string>, body: unknown) =>
  judge.faultsOf(operation!, { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) })

test('an answer that the description names has no fault', () => {
  expect(faults(200, json, { name: 'a', on: '2026-01-31', part: {} })).toEqual([])
  expect(faults(200, json, { name: 'a', on: null })).toEqual([])
  expect(faults(204, {}, '')).toEqual([])
  expect(faults(404, { 'content-type': 'text/html' }, '<p>')).toEqual([])
})

test.each([
  ['a status that only the default covers', 500, json, {}, /500 is not described/],
  ['another media type', 200, { ...json, 'content-type': 'text/html' }, '<p>', /sent as text\/html/],
  ['no media type', 200, { etag: '"1"' }, '{"name":"a"}', /sent as nothing/],
  ['a header that is missing', 200, { 'content-type': 'application/json' }, { name: 'a' }, /lacks the header ETag/],
  ['a header that nobody described', 200, { ...json, link: '<x>' }, { name: 'a' }, /header link that is not described/],
  ['a body where none is', 204, {}, 'x', /has a body/],
  ['broken JSON', 200, json, '{', /is no JSON/],
  ['a missing member', 200, json, {}, /required/],
  ['an unknown member', 200, json, { name: 'a', colour: 'red' }, /additional/],
  ['an unknown member further down', 200, json, { name: 'a', part: { x: 1 } }, /additional/],
  ['another type', 200, json, { name: 1 }, /string/],
  ['no such day', 200, json, { name: 'a', on: '2026-02-31' }, /format/],
])('%s is a fault', (_name, status, headers, body, fault) => {
  expect(faults(status, headers as Record<string, string>, body).join('\n')).toMatch(fault)
})
