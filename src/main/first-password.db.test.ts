/** Whoever has to choose a password of their own first gets nothing else, however an address is written. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityOf, makeAccount } from '#test/kit/accounts.ts'
import { type Browser, openWeb, type TestWeb } from '#test/kit/visitors.ts'

let web: TestWeb
let fresh: Browser
beforeAll(async () => {
  web = await openWeb()
  const { login } = await makeAccount(web, [{ role: 'administrator', body: await cityOf(web) }], { mustChange: true })
  fresh = web.browser()
  expect((await fresh.signIn(login)).text).toBe('')
})
afterAll(() => web.close())

const coded = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`

/** Ways to write an address that some guard, router or proxy may take for the same. */
const spellings = (path: string): string[] => [
  path,
  `${path}/`,
  `${path}?x=/account/password`,
  path.replace(/[a-z]/, coded),
  path.replaceAll(/[a-z]/g, coded),
  `/${path}`,
  path.replace(/(.)\//, '$1//'),
  `/.${path}`,
  `/x/..${path}`,
  `/account/password/..${path}`,
  `/account/password/%2e%2e${path}`,
  `/%2e${path}`,
  path.toUpperCase(),
  `http://localhost${path}`,
  `${path};x`,
]

const id = '00000000-0000-7000-8000-000000000000'
const open = /^\/(account\/password|sign-out|assets|static|health|fonts|islands|favicon)/

test('reads and writes nothing, by any spelling of any route', async () => {
  const routes = web.server.knownRoutes.filter(({ path }) => !path.startsWith('/health/'))
  expect(routes.length).toBeGreaterThan(200)
  const leaks: string[] = []
  let asked = 0
  for (const { method, path } of routes) {
    const { withFirstPassword } = {
      withFirstPassword:
        open.test(path) ||
        (/\.(css|js|woff2|svg|ico|png|txt|json)$/.test(path) &&
          !path.startsWith('/api/') &&
          method === 'GET' &&
          !path.includes(':')),
    }
    if (withFirstPassword) continue
    const plain = path.replaceAll(/:[a-zA-Z]+|\*/g, id)
    for (const url of spellings(plain)) {
      const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }
      if (method !== 'GET')
        headers['content-type'] = path.startsWith('/api/') ? 'application/json' : 'application/x-www-form-urlencoded'
      const answer = await fresh.request(method as 'GET', url, {
        headers,
        ...(method === 'GET' ? {} : { payload: path.startsWith('/api/') ? '{}' : 'a=b' }),
      })
      asked++
      const refused = answer.status === 403 || answer.status === 404 || answer.status === 400 || answer.status === 405
      const led = answer.status === 303 && answer.location === '/account/password'
      if (!refused && !led) leaks.push(`${method} ${url} ${answer.status} ${answer.location ?? ''}`)
    }
  }
  expect(leaks.slice(0, 20)).toEqual([])
  expect(asked).toBeGreaterThan(3000)
}, 240_000)

test('is told so where an address is written otherwise', async () => {
  const json = { accept: 'application/json' }
  for (const path of [
    '/api/v1/strategy/outcomes',
    '/%61pi/v1/strategy/outcomes',
    '/api/v1/strategy/outcomes/',
    '/%61%70%69/v1/search?q=a',
  ]) {
    const answer = await fresh.get(path, json)
    expect([answer.status, answer.text], path).toEqual([403, expect.stringContaining('identity.password-first')])
  }
  for (const path of ['/%61ccount', '/account/', '/strategy/%76ision'])
    expect((await fresh.get(path)).location, path).toBe('/account/password')
})

test('JSON is all that an interface takes, however its address is written', async () => {
  const somebody = web.browser()
  for (const path of ['/api/v1/strategy/outcomes', '/%61pi/v1/strategy/outcomes'])
    expect(
      (
        await somebody.request('POST', path, {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: 'a=b',
        })
      ).status,
    ).toBe(415)
})
