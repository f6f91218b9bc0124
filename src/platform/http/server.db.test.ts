import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nobody } from '#platform/caller.ts'
import { type Ask, administrator, openTestApp, type TestApp } from '#test/kit/app.ts'
import { contextOf, formOf, stopServer } from './index.ts'

const outcomes = '/api/v1/strategy/outcomes'
const seen: { path: string; bytes: number; text: string }[] = []
const logged: Array<Record<string, unknown>> = []
const keep = (facts: Record<string, unknown>) => void logged.push(facts)

const held = (() => {
  const here = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  return { here: here.promise, arrived: here.resolve, gone: gone.promise, go: gone.resolve }
})()

let app: TestApp
let admin: Ask
let stranger: Ask

const upload = async (request: FastifyRequest) => {
  const { form, files } = await formOf(request, { fileBytes: 1000, files: 2, requestBytes: 1500, callerBytes: 1800 })
  for (const { path, bytes } of Object.values(files)) seen.push({ path, bytes, text: readFileSync(path, 'utf8') })
  return { form, files: Object.fromEntries(Object.entries(files).map(([name, { path: _, ...rest }]) => [name, rest])) }
}

beforeAll(async () => {
  app = await openTestApp({
    server: {
      trustProxy: 1,
      passwordPaths: ['/try'],
      publicOrigin: 'https://plan.city.example',
      limits: { readsPerMinute: 1000, writesPerMinute: 50, signInsPerMinute: 10, loopDelayMs: 0, bodyBytes: 2000 },
      renderError: ({ status, detail }) =>
        status === 401 ? { redirect: '/sign-in' } : `<h1>${status}</h1><p>${detail}</p>`,
    },
    app: {
      log: { info: keep, warn: keep, error: keep },
      routes: [
        (server) => {
          server.post('/upload', { config: { policy: 'signed in', takesForms: true, takesFiles: true } }, upload)
          const files = { takesForms: true, takesFiles: true }
          server.post('/open', { config: { policy: 'anyone', ...files } }, upload)
          server.post('/plain', { config: { policy: 'signed in', takesForms: true } }, upload)
          server.post('/held', { config: { policy: 'signed in', ...files } }, async (request) => {
            const form = await upload(request)
            held.arrived()
            await held.gone
            return form
          })
          server.get('/private', { config: { policy: 'signed in' } }, async () => 'in')
          server.get('/broken', { config: { policy: 'anyone' } }, async () => {
            throw new Error('the secret reason')
          })
          server.get('/slow', { config: { policy: 'anyone' } }, async (request) => {
            const { pool } = contextOf(request).database
            await pool.query({ text: `set statement_timeout = 20; select pg_sleep(5)` })
          })
          server.post('/try', { config: { policy: 'anyone' } }, async () => 'tried')
        },
      ],
    },
  })
  admin = app.as(administrator)
  stranger = app.as(nobody)
})
afterAll(() => app.close())

describe('every answer', () => {
  it('tells the browser to be careful', async () => {
    for (const path of [outcomes, '/nowhere', '/health/live', '/%zz']) {
      const { headers } = await stranger('GET', path)
      expect(headers['content-security-policy'], path).toBe(
        "default-src 'self';img-src 'self' data:;style-src 'self';script-src 'self';object-src 'none';base-uri 'none';frame-ancestors 'none';form-action 'self'",
      )
      expect(headers['x-content-type-options'], path).toBe('nosniff')
      expect(headers, path).not.toHaveProperty('strict-transport-security')
    }
    const behindHttps = await stranger('GET', outcomes, { headers: { 'x-forwarded-proto': 'https' } })
    expect(behindHttps.headers['strict-transport-security']).toMatch(/^max-age=\d+/)
  })

  it('carries the number of its request, the caller’s own where it is a sane one', async () => {
    const own = await stranger('GET', outcomes, { headers: { 'x-request-id': 'trace-1234' } })
    expect(own.headers['x-request-id']).toBe('trace-1234')
    for (const strange of ['short', 'with blank in it', `${'x'.repeat(65)}`, '<script>alert(1)</script>']) {
      const { headers } = await stranger('GET', outcomes, { headers: { 'x-request-id': strange } })
      expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9._-]{8,64}$/)
      expect(headers['x-request-id']).not.toBe(strange)
    }
  })

  it('is logged with its route, and without what was asked or sent', async () => {
    logged.length = 0
    await admin('GET', `${outcomes}/0197a000-0000-7000-8000-00000000dead?language=en`, {
      headers: { cookie: 'session=secret', 'x-request-id': 'logged-1' },
    })
    expect(logged).toEqual([
      {
        id: 'logged-1',
        method: 'GET',
        route: `${outcomes}/:id`,
        status: 404,
        ms: expect.any(Number),
        account: administrator.account,
      },
    ])
  })
})

describe('what goes wrong', () => {
  it('is a document for programs and a page for people', async () => {
    expect((await stranger('GET', '/nowhere')).body).toMatchObject({ reason: 'http.not-found' })
    const html = { accept: 'text/html,application/xhtml+xml' }
    const page = await stranger<string>('GET', '/nowhere', { headers: html })
    expect(page).toMatchObject({ status: 404, body: expect.stringContaining('<h1>404</h1>') })
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const inside = await stranger('GET', '/private', { headers: html })
    expect(inside).toMatchObject({ status: 303, headers: { location: '/sign-in' } })
    const api = await stranger('GET', `${outcomes}/x`, { headers: html })
    expect(api.headers['content-type']).toContain('application/problem+json')
  })

  it('is told in the language of the reader', async () => {
    const { body, headers } = await stranger('GET', '/nowhere', { headers: { 'accept-language': 'zh-CN, en;q=0.5' } })
    expect(body.title).toBe('没有找到')
    expect(headers['content-language']).toBe('zh-Hans')
  })

  it('names the methods an address understands', async () => {
    const { status, headers, body } = await admin('DELETE', outcomes)
    expect(status).toBe(405)
    expect(headers.allow).toBe('GET, HEAD, POST')
    expect(body.reason).toBe('http.wrong-method')
  })

  it('shows a fault by its number only, and logs it whole', async () => {
    logged.length = 0
    const { status, text, headers } = await stranger('GET', '/broken')
    expect(status).toBe(500)
    expect(text).not.toContain('secret')
    expect(text).toContain(headers['x-request-id'])
    const entry = logged.find((each) => each.reason === 'http.fault')
    expect(entry).toMatchObject({ request: headers['x-request-id'], error: { message: 'the secret reason' } })
  })

  it('asks to come back where the database has no time', async () => {
    const { status, headers, body } = await stranger('GET', '/slow')
    expect({ status, reason: body.reason }).toEqual({ status: 503, reason: 'database.too-slow' })
    expect(headers['retry-after']).toBe('5')
  })

  it('is a body that is too large, of a strange kind, or an address that cannot be read', async () => {
    const large = await admin('POST', outcomes, { body: { title: 'x'.repeat(3000) } })
    expect(large).toMatchObject({ status: 413, body: { reason: 'http.body-too-large' } })
    const xml = await admin('POST', outcomes, { raw: '<x/>', headers: { 'content-type': 'application/xml' } })
    expect(xml).toMatchObject({ status: 415, body: { reason: 'http.unsupported-media-type' } })
    expect((await stranger('GET', '/%zz')).body).toMatchObject({ status: 400, reason: 'http.bad-address' })
    const merge = await admin('POST', outcomes, {
      raw: '[]',
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    expect(merge.body).toMatchObject({ status: 422, reason: 'http.body-not-an-object' })
  })
})

describe('a form', () => {
  const boundary = 'limit'
  const part = (name: string, content: string, file?: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"\r\ncontent-type: text/csv`}\r\n\r\n${content}\r\n`
  const send = (...parts: string[]) => sendAs(admin, '/upload', ...parts)
  const sendAs = (who: Ask, path: string, ...parts: string[]) =>
    who('POST', path, {
      raw: `${parts.join('')}--${boundary}--\r\n`,
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, origin: 'https://plan.city.example' },
    })
  const token = part('csrf', 'token-of-the-tests')

  it('brings fields and files, which are gone after the answer', async () => {
    seen.length = 0
    const answer = await send(
      token,
      part('kind', 'a'),
      part('kind', 'b'),
      part('file', 'period,value\n', '../../data.csv'),
    )
    expect(answer.body, answer.text).toEqual({
      form: { kind: ['a', 'b'] },
      files: { file: { name: 'data.csv', type: 'text/csv', bytes: 13 } },
    })
    expect(seen).toMatchObject([{ text: 'period,value\n' }])
    await expect.poll(() => existsSync(dirname(seen[0]!.path))).toBe(false)
  })

  it('may leave its file out', async () =>
    expect((await send(token, part('file', '', ''))).body).toEqual({ form: {}, files: {} }))

  it('is refused without its token, before any file is stored', async () => {
    seen.length = 0
    for (const parts of [
      [part('file', 'x', 'a.csv')],
      [part('csrf', 'wrong'), part('file', 'x', 'a.csv')],
      [part('a', 'b')],
    ]) {
      expect(await send(...parts)).toMatchObject({ status: 403, body: { reason: 'http.form-token' } })
    }
    expect(seen).toEqual([])
    const plain = (raw: string) =>
      admin('POST', '/upload', { raw, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect((await plain('a=b')).status).toBe(403)
    expect((await plain('a=b&csrf=token-of-the-tests')).body).toEqual({ form: { a: 'b' }, files: {} })
  })

  it('may not bring too much', async () => {
    const large = await send(token, part('file', 'x'.repeat(2000), 'a.csv'))
    expect(large).toMatchObject({ status: 413, body: { reason: 'http.file-too-large' } })
    const many = await send(token, ...['a', 'b', 'c'].map((name) => part(name, 'x', `${name}.csv`)))
    expect(many).toMatchObject({ status: 413, body: { reason: 'http.too-many-files' } })
  })

  it('brings no files from somebody who is not signed in, nor where none are declared', async () => {
    seen.length = 0
    const file = part('file', 'x', 'a.csv')
    expect((await sendAs(stranger, '/upload', token, file)).status).toBe(401)
    for (const [who, path] of [
      [stranger, '/open'],
      [admin, '/plain'],
    ] as const)
      expect(await sendAs(who, path, token, file)).toMatchObject({
        status: 415,
        body: { reason: 'http.no-files-here' },
      })
    expect(seen).toEqual([])
  })

  it('brings no more in all than one request may', async () => {
    const half = (name: string) => part(name, 'x'.repeat(900), `${name}.csv`)
    expect(await send(token, half('a'), half('b'))).toMatchObject({
      status: 413,
      body: { reason: 'http.files-too-large' },
    })
    // What was refused no longer counts against the caller.
    for (let index = 0; index < 4; index++)
      await expect.poll(async () => (await send(token, half('a'))).status).toBe(200)
  })

  it('waits while other files of the same caller lie in temporary files', async () => {
    const half = part('a', 'x'.repeat(950), 'a.csv')
    await expect.poll(async () => (await send(token, part('b', 'x'.repeat(999), 'b.csv'))).status).toBe(200)
    await expect.poll(() => seen.every(({ path }) => !existsSync(dirname(path)))).toBe(true)
    const first = sendAs(admin, '/held', token, half)
    await held.here
    expect(await send(token, half)).toMatchObject({ status: 429, body: { reason: 'http.files-waiting' } })
    held.go()
    await first
    await expect.poll(async () => (await send(token, half)).status).toBe(200)
  })

  it('is no form if it is JSON', async () => expect((await admin('POST', '/upload', { body: {} })).status).toBe(415))
})

describe('the name a request is made under', () => {
  const under = (host: string, path = outcomes) => stranger('GET', path, { headers: { host } })

  it.each([
    'localhost',
    'localhost:3000',
    '127.0.0.1:3000',
    '[::1]:3000',
    'PLAN.city.example',
    'plan.city.example.:443',
  ])('%s is ours', async (host) => expect((await under(host)).status).toBe(200))

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'plan.city.example.evil',
    '10.0.0.1',
    '192.0.2.1:3000',
  ])('%s is not', async (host) => {
    expect(await under(host)).toMatchObject({ status: 421, body: { reason: 'http.unknown-host' } })
    expect((await under(host, '/nowhere')).status).toBe(421)
  })

  it('is not asked of those who watch over the health', async () =>
    expect((await under('10.0.0.1', '/health/live')).status).toBe(200))
})

describe('health', () => {
  it('tells life and readiness without asking who calls', async () => {
    expect((await stranger('GET', '/health/live')).body).toEqual({ status: 'ok' })
    expect((await stranger('GET', '/health/ready')).body).toEqual({ status: 'ok' })
  })

  it('is not ready while the database lacks its tables', async () => {
    const empty = await openTestApp({ server: { isMigrated: async () => false } })
    expect(await empty.as(nobody)('GET', '/health/ready')).toMatchObject({
      status: 503,
      body: { status: 'not migrated' },
    })
    empty.server.stopping.now = true
    expect(await empty.as(nobody)('GET', '/health/ready')).toMatchObject({ status: 503, body: { status: 'stopping' } })
    expect((await empty.as(nobody)('GET', '/health/live')).status).toBe(200)
    await stopServer(empty.server)
    await empty.close()
  })
})

describe('too many requests', () => {
  it('are told when to come back, by address and kind', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    const tries: number[] = []
    for (let index = 0; index < 12; index++) tries.push((await stranger('POST', '/try', from('192.0.2.7'))).status)
    expect(tries.filter((status) => status === 200)).toHaveLength(10)
    const late = await stranger('POST', '/try', from('192.0.2.7'))
    expect(late).toMatchObject({ status: 429, body: { reason: 'http.too-many' } })
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
    expect((await stranger('POST', '/try', from('192.0.2.8'))).status).toBe(200)
    expect((await stranger('GET', outcomes, from('192.0.2.7'))).status).toBe(200)
  })

  it('count writes separately from reads', async () => {
    const write = () => admin('POST', outcomes, { body: {}, headers: { 'x-forwarded-for': '192.0.2.9' } })
    const statuses: number[] = []
    for (let index = 0; index < 52; index++) statuses.push((await write()).status)
    expect(statuses.indexOf(429)).toBe(50)
  })
})

it('does not start with an endpoint that has no policy', async () => {
  const routes = [
    (server: { get: (path: string, handler: () => Promise<string>) => unknown }) =>
      void server.get('/open', async () => ''),
  ]
  await expect(openTestApp({ app: { routes } })).rejects.toThrow('GET /open has no policy')
})
