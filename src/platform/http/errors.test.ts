import { describe, expect, it } from 'vitest'
import { conflict, invalid, notAllowed, notFound, Problem } from '#kernel/problem.ts'
import { composeRegistry } from '#test/kit/registry.ts'
import { documentOf, problemOf, uriReference } from './errors.ts'

const { registry } = composeRegistry()
const about = { registry, language: 'en' as const, instance: '/api/v1/x', request: 'request-1' }
const failing = (facts: Record<string, unknown>) => Object.assign(new Error('secret text'), facts)

describe('what was thrown becomes a problem', () => {
  it.each([
    [{ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }, 'http.body-too-large', 413],
    [{ code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }, 'http.unsupported-media-type', 415],
    [{ code: 'FST_UNDER_PRESSURE', statusCode: 503 }, 'http.busy', 503],
    [{ code: '57014' }, 'database.too-slow', 503],
    [{ code: '53300' }, 'database.busy', 503],
    [{ code: '40001' }, 'database.busy', 503],
    [{ code: 'ECONNREFUSED' }, 'database.unreachable', 503],
    [{ code: 'ENOENT', syscall: 'connect' }, 'database.unreachable', 503],
    [{ code: 'ENOENT', syscall: 'open' }, 'http.fault', 500],
    [{ code: '23505' }, 'records.written-meanwhile', 409],
    [{ code: '22P05' }, 'http.bad-characters', 422],
    [{ statusCode: 418 }, 'http.bad-request', 418],
    [{ code: '42P01' }, 'http.fault', 500],
    [{ code: 'toString' }, 'http.fault', 500],
    [{}, 'http.fault', 500],
  ])('%j', (facts, reason, status) => expect(problemOf(failing(facts))).toMatchObject({ reason, status }))

  it('whatever it was', () => {
    for (const thing of [null, undefined, 'text', 7]) expect(problemOf(thing)).toMatchObject({ reason: 'http.fault' })
    const own = notFound('OUT-0001')
    expect(problemOf(own)).toBe(own)
  })
})

it.each([
  ['/api/v1/records/%zz', '/api/v1/records/%25zz'],
  ['/a%', '/a%25'],
  ['/a%2Fb/%E4%BD%A0', '/a%2Fb/%E4%BD%A0'],
  ['/a[1]|"<>\\^`{}', '/a%5B1%5D%7C%22%3C%3E%5C%5E%60%7B%7D'],
  ['/你好\ud800', '/%E4%BD%A0%E5%A5%BD%EF%BF%BD'],
])('the address %s is named as a reference that every program can read: %s', (address, named) => {
  expect(uriReference(address)).toBe(named)
  expect(() => new URL(uriReference(address), 'http://localhost')).not.toThrow()
})

describe('the document of RFC 9457', () => {
  it('says in plain words what happened, where, and what to do', () => {
    const document = documentOf(
      invalid('records.invalid', [{ at: '/title', code: 'field.too-long', values: { limit: 200 } }], { count: 1 }),
      about,
    )
    expect(document).toEqual({
      type: '/problems/records.invalid',
      title: 'Something needs to be corrected',
      status: 422,
      detail: 'One thing needs to be corrected; nothing was saved.',
      instance: '/api/v1/x',
      reason: 'records.invalid',
      request: 'request-1',
      errors: [
        { pointer: '/title', code: 'field.too-long', detail: 'This is too long: at most 200 characters. Shorten it.' },
      ],
    })
  })

  it('speaks the language of the reader', () =>
    expect(documentOf(notFound('OUT-0001'), { ...about, language: 'zh-Hans' }).detail).toBe(
      '没有您可以查看的记录“OUT-0001”。请核对编号，或询问提供此地址的人。',
    ))

  it('shows what a conflict compares, without letting it replace the rest', () => {
    const problem = conflict(
      'records.stale',
      { current: { version: 2 }, status: 1, detail: 'x' },
      { seen: 1, current: 2 },
    )
    expect(documentOf(problem, about)).toMatchObject({ current: { version: 2 }, status: 409, reason: 'records.stale' })
  })

  it('names kinds and actions in words', () => {
    const { detail } = documentOf(
      notAllowed('identity.not-allowed', { action: 'retire', kind: 'directory.post' }),
      about,
    )
    expect(detail).toContain('Take out of use')
    expect(detail).not.toContain('directory.post')
  })

  it('names what is unknown as it was written, also where a field had that name once', () => {
    const unknown = { at: '/priceBaseYear', code: 'query.unknown', values: { name: 'priceBaseYear' } }
    const document = documentOf(invalid('http.bad-query', [unknown]), { ...about, kind: 'benefits.benefit' })
    expect(document.errors![0]!.detail).toContain('“priceBaseYear”')
  })

  it('shows a fault as the number of the request only', () => {
    const document = documentOf(problemOf(failing({ detail: 'Key (email)=(a@b.example)' })), about)
    expect(JSON.stringify(document)).not.toMatch(/secret|email/)
    expect(document).toMatchObject({ status: 500, detail: expect.stringContaining('request-1') })
  })

  it('falls back on the code where there is no sentence', () => {
    expect(documentOf(new Problem('Conflict', 'nobody.knows'), about).detail).toBe('nobody.knows')
  })
})
