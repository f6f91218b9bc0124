/** Doors that hold, whatever is written on the envelope: spellings of addresses, files, tokens. */

import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWeb, type TestWeb } from '#test/kit/visitors.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
})
afterAll(() => web?.close())

const uploads = () => readdirSync(tmpdir()).filter((name) => name.startsWith('commonweal-upload-'))
const form = (fields: Record<string, string>, file = 'some bytes') => {
  const edge = 'edge'
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${edge}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${edge}` },
    payload: `${parts.join('')}--${edge}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n${file}\r\n--${edge}--\r\n`,
  }
}

/** Other ways to write the same address. */
const spellings = (path: string) => [
  path,
  path.replace('api', '%61pi'),
  path.replace('/api/', '/a%70i/'),
  path.replace('/v1/', '/%76%31/'),
  `${path}/`,
  path.replace('/api', '//api'),
  path.replace('/api', '/./api'),
  path.replace('/api', '/x/../api'),
  path.replace('api', 'API'),
]

describe('an account that must choose a password first', () => {
  test('neither reads nor writes over the interface, however the address is written', async () => {
    const browser = web.browser()
    await browser.signIn('lena')
    await web.rows(
      `update identity.secret set "mustChange" = true where account = (select id from identity.account where login = 'lena')`,
    )
    const fresh = web.browser()
    await fresh.signIn('lena')
    const reached: string[] = []
    for (const route of web.server.knownRoutes.filter(({ path }) => path.startsWith('/api/')))
      for (const path of spellings(route.path.replaceAll(/:\w+/g, '01a22f3b-8dfb-7001-962f-16f6d369efb5'))) {
        const { status } = await fresh.request(route.method as 'GET', path, {
          ...(route.method === 'GET'
            ? {}
            : { headers: { 'content-type': 'application/json', 'if-match': '*' }, payload: '{}' }),
        })
        if (![403, 404, 405].includes(status)) reached.push(`${route.method} ${path}: ${status}`)
      }
    expect(reached).toEqual([])
  })

  test('meets no page but the one that changes it, and the way out', async () => {
    const fresh = web.browser()
    await fresh.signIn('lena')
    for (const path of ['/work', '/w%6Frk', '/work/', '/indicators', '/%69ndicators', '/history'])
      expect((await fresh.get(path)).location).toBe('/account/password')
    expect((await fresh.get('/account/password')).status).toBe(200)
    expect((await fresh.get('/account/passwor%64')).status).toBe(200)
    await web.rows(`update identity.secret set "mustChange" = false`)
  })
})

describe('files', () => {
  test('are taken only where a page declares them, and nobody else stores a byte', async () => {
    const before = uploads()
    const stranger = web.browser()
    const token = /name="csrf" value="([^"]*)"/.exec((await stranger.get('/sign-in')).text)![1]!
    const posts = web.server.knownRoutes.filter(({ method }) => method === 'POST')
    expect(posts.length).toBeGreaterThan(20)
    const answers = new Set<number>()
    for (const { path } of posts) {
      const address = path.replaceAll(/:\w+/g, '01a22f3b-8dfb-7001-962f-16f6d369efb5')
      answers.add((await stranger.request('POST', address, form({ csrf: token }))).status)
      answers.add(
        (
          await stranger.request(
            'POST',
            address.replace(/^\/./, (each) => `/%${each.charCodeAt(1).toString(16)}`),
            form({ csrf: token }),
          )
        ).status,
      )
    }
    expect([...answers].every((status) => [401, 403, 404, 415].includes(status))).toBe(true)
    expect(uploads()).toEqual(before)
  })

  test('come in for those who may, up to what one caller may have waiting', async () => {
    const lena = web.browser()
    await lena.signIn('lena')
    const token = /name="csrf" value="([^"]*)"/.exec((await lena.get('/import')).text)![1]!
    const { status, location } = await lena.request('POST', '/import', form({ csrf: token }, 'title\nTrees\n'))
    expect([status, location?.startsWith('/import/')]).toEqual([303, true])
  })
})

describe('the token of a form for strangers', () => {
  test('is not the same in two installations, and ends after some hours', async () => {
    const tokenIn = (text: string) => /name="csrf" value="([^"]*)"/.exec(text)![1]!
    const other = await openWeb({ demo: false })
    try {
      const here = web.browser()
      const token = tokenIn((await here.get('/sign-in')).text)
      expect(tokenIn((await other.browser().get('/sign-in')).text)).not.toBe(token)
      const tried = () => here.post('/sign-in', { login: 'nobody', password: 'nothing like it' }, { token })
      expect((await tried()).status).toBe(422)
      web.wait(3_600_000)
      expect((await tried()).status).toBe(422)
      web.wait(2 * 3_600_000)
      expect((await tried()).status).toBe(403)
    } finally {
      await other.close()
    }
  })
})
