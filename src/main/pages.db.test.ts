import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoPassword, mayor } from '#test/kit/people.ts'
import { openWeb, type TestWeb, type Visit } from '#test/kit/visitors.ts'
import { allPages } from './server.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
})
afterAll(() => web.close())

/** A real address for a page: a record of its kind takes the place of the parameter. */
const addressed = (path: string) => path.replace(/:\w+/g, 'OUT-0001')
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const cookiesOf = ({ headers }: Visit) => [headers['set-cookie'] ?? []].flat()

describe('forms of every page', () => {
  test('are refused without the token, with the token of others, and from another site', async () => {
    const browser = web.browser()
    await browser.signIn('nils')
    const stranger = web.browser()
    await stranger.signIn(mayor)
    const token = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)![1]!
    const own = token((await browser.get('/account')).text)
    const theirs = token((await stranger.get('/account')).text)
    const posts = allPages(web.app).filter((page) => page.post)
    expect(posts.length).toBeGreaterThan(10)
    for (const { path } of posts) {
      const send = (csrf: string | undefined, headers: Record<string, string>) =>
        browser.request('POST', addressed(path), {
          headers: { ...form, ...headers },
          payload: new URLSearchParams(csrf === undefined ? {} : { csrf }).toString(),
        })
      const refused = [
        await send(undefined, {}),
        await send('', {}),
        await send(theirs, {}),
        await send(`${own}x`, {}),
        await send(own, { 'sec-fetch-site': 'cross-site' }),
        await send(own, { 'sec-fetch-site': 'same-site' }),
        await send(own, { origin: 'https://elsewhere.example' }),
        await send(own, { origin: 'null' }),
      ]
      // A page the account may not use at all is refused for that; the point is that nothing passes.
      expect({ path, statuses: new Set(refused.map((answer) => answer.status)) }).toEqual({
        path,
        statuses: new Set([403]),
      })
      expect((await send(own, { 'content-type': 'text/plain' })).status, path).toBeGreaterThanOrEqual(400)
    }
    expect((await browser.get('/account')).status).toBe(200)
  })

  test('are not taken from people who are not signed in, but for signing in and the first start', async () => {
    const open = new Set(['/sign-in', '/sign-out', '/start', '/start/city'])
    for (const { path, post, policy } of allPages(web.app)) {
      if (!post || open.has(path)) continue
      const nobody = web.browser()
      const answer = await nobody.post(addressed(path), {}, { from: '/sign-in' })
      expect({ path, policy, refused: answer.status >= 400 || /^\/sign-in/.test(answer.location ?? '') }).toEqual({
        path,
        policy,
        refused: true,
      })
    }
    const before = await web.rows('select 1 from directory.city')
    await web.browser().post('/start', { act: 'remove' })
    await web.browser().post('/start', { act: 'install' })
    expect(await web.rows('select 1 from directory.city')).toEqual(before)
  })
})

describe('cookies', () => {
  test('of the session are for us alone, and Secure where the site is reached over https', async () => {
    const session = (visit: Visit) => cookiesOf(visit).find((cookie) => cookie.startsWith('commonweal='))!
    expect(session(await web.browser().signIn(mayor))).toMatch(/HttpOnly.*SameSite=Lax/i)
    expect(session(await web.browser().signIn(mayor))).not.toMatch(/Secure/i)
    const behind = await openWeb({ web: { trustProxy: true } })
    const published = await openWeb({ web: { publicOrigin: 'https://plan.city.example' } })
    try {
      const proxied = behind.browser({ 'x-forwarded-proto': 'https' })
      expect(session(await proxied.signIn(mayor))).toMatch(/Secure/i)
      expect(cookiesOf(await proxied.get('/about?language=zh-Hans'))[0]).toMatch(/Secure/i)
      expect(session(await published.browser().signIn(mayor))).toMatch(/Secure/i)
    } finally {
      await behind.close()
      await published.close()
    }
  })

  test('of a notice show only sentences of ours, once, as text', async () => {
    const notice = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const shown = async (value: string) => {
      const browser = web.browser()
      browser.cookies.set('notice', value)
      const answer = await browser.get('/about')
      expect(answer.status).toBe(200)
      expect(browser.cookies.has('notice')).toBe(false)
      return answer.text
    }
    expect(await shown(notice({ key: 'identity.signed-out' }))).toContain('You are signed out.')
    expect(
      await shown(notice({ key: 'identity.account.post', values: { post: '<script>alert(1)</script>' } })),
    ).not.toContain('<script>')
    for (const bad of [
      'x',
      '%00',
      notice(null),
      notice([]),
      notice('text'),
      notice({ key: 'no.such.word' }),
      notice({ key: '__proto__' }),
      notice({ key: 'constructor' }),
      notice({ key: 'start.removed' }),
      notice({ key: 'start.removed', values: { undone: { a: 1 }, kept: [1] } }),
      notice({ key: 'start.removed', values: 'text' }),
      'a'.repeat(3000),
    ])
      expect(await shown(bad)).not.toContain('[no.such')
  })
})

describe('what is kept', () => {
  test('pages of people who are signed in are never stored', async () => {
    const browser = web.browser()
    await browser.signIn(mayor)
    for (const path of ['/about', '/account', '/strategy/outcomes', '/directory/people', '/no-such-page'])
      expect([path, (await browser.get(path)).headers['cache-control']]).toEqual([
        path,
        expect.stringContaining('no-store'),
      ])
  })

  test('public pages never show another language, other colours, or somebody signed in', async () => {
    const signedIn = web.browser()
    await signedIn.signIn(mayor)
    const nobody = web.browser()
    for (const path of ['/about', '/strategy/outcomes']) {
      await signedIn.get(path)
      const first = await nobody.get(path, { 'accept-language': 'en' })
      expect(first.text).not.toContain('Mara Ellisand')
      expect(first.headers['cache-control']).toBe('public, max-age=0, must-revalidate')
      expect(first.headers.vary).toMatch(/Cookie.*Accept-Language/)
      expect((await signedIn.get(path)).text).toContain('Mara Ellisand')
      expect((await nobody.get(path, { 'accept-language': 'zh-CN' })).text).toContain('lang="zh-Hans"')
      expect((await nobody.get(path, { cookie: 'scheme=dark' })).text).toContain('data-color-scheme="dark"')
      expect((await nobody.get(path, { cookie: 'language=zh-Hans' })).text).toContain('lang="zh-Hans"')
      const again = await nobody.get(path, { 'accept-language': 'en', 'if-none-match': String(first.headers.etag) })
      expect(again.status).toBe(304)
    }
  })

  test('a notice is no part of a public page for the next reader', async () => {
    const nobody = web.browser()
    nobody.cookies.set('notice', Buffer.from('{"key":"identity.signed-out"}').toString('base64url'))
    expect((await nobody.get('/about?n=1')).text).toContain('You are signed out.')
    expect((await web.browser().get('/about?n=1')).text).not.toContain('You are signed out.')
  })

  test('a stale session cookie reads as nobody', async () => {
    const browser = web.browser()
    browser.cookies.set('commonweal', 'x'.repeat(43))
    expect((await browser.get('/about')).status).toBe(200)
    expect((await browser.get('/account')).location).toBe('/sign-in?next=%2Faccount')
    browser.cookies.set('commonweal', 'x'.repeat(2000))
    expect((await browser.get('/about')).status).toBe(200)
  })
})

describe('addresses', () => {
  test('choosing language or colours keeps the rest of the question, repeated parts too', async () => {
    const browser = web.browser()
    const to = async (path: string) => (await browser.get(path)).location
    expect(await to('/strategy/outcomes?state=agreed&language=zh-Hans&q=a%20b&state=draft')).toBe(
      '/strategy/outcomes?state=agreed&q=a+b&state=draft',
    )
    expect(browser.cookies.get('language')).toBe('zh-Hans')
    expect(await to('/about?scheme=dark')).toBe('/about')
    expect(browser.cookies.get('scheme')).toBe('dark')
    expect(await to('/about?language=tlh&scheme=pink')).toBe('/about')
    expect(browser.cookies.get('language')).toBe('zh-Hans')
    expect(browser.cookies.get('scheme')).toBe('auto')
  })

  test('answer HEAD as they answer GET, without a body', async () => {
    const browser = web.browser()
    for (const path of ['/about', '/start', '/account', '/strategy/outcomes', '/no-such-page']) {
      const [get, head] = [await browser.get(path), await browser.request('HEAD', path)]
      expect([path, head.status, head.location]).toEqual([path, get.status, get.location])
      expect(head.text).toBe('')
    }
  })

  test('that do not exist, are too long or broken get a page in the language of the reader', async () => {
    const english = web.browser()
    const chinese = web.browser({ 'accept-language': 'zh-CN' })
    const chosen = web.browser({ 'accept-language': 'en' })
    chosen.cookies.set('language', 'zh-Hans')
    expect((await chosen.get('/no-such-page')).headers['content-language']).toBe('zh-Hans')
    for (const path of [
      '/no-such-page',
      '/strategy/outcomes/OUT-9999',
      `/strategy/outcomes/${'x'.repeat(1000)}`,
      `/${'x'.repeat(8000)}`,
      '/strategy/outcomes/%00',
      '/%E0%A4%A',
      '/strategy/outcomes?sort=nonsense',
      `/strategy/outcomes?q=${'x'.repeat(6000)}`,
    ]) {
      const [own, foreign] = [await english.get(path), await chinese.get(path)]
      expect([path.slice(0, 60), own.status]).toEqual([path.slice(0, 60), foreign.status])
      expect([path.slice(0, 60), own.status < 500]).toEqual([path.slice(0, 60), true])
      if (own.status === 200) continue
      for (const [answer, lang] of [
        [own, 'en'],
        [foreign, 'zh-Hans'],
      ] as const) {
        expect(answer.headers['content-type']).toContain('text/html')
        expect(answer.headers['content-language']).toBe(lang)
        expect(answer.text).toContain(`<html lang="${lang}"`)
        const heading = /<h1[^>]*>(.*?)<\/h1>/s.exec(answer.text)![1]!
        expect([path.slice(0, 60), lang, /\p{Script=Han}/u.test(heading)]).toEqual([
          path.slice(0, 60),
          lang,
          lang === 'zh-Hans',
        ])
        expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
      }
    }
  })

  test('of the interface answer problems as data, in the language that is asked for', async () => {
    const signedIn = web.browser()
    await signedIn.signIn(mayor)
    for (const browser of [web.browser(), signedIn]) {
      const answer = await browser.get('/api/v1/strategy/outcomes/OUT-9999?language=zh-Hans', {
        accept: 'application/json',
      })
      expect(answer.headers['content-type']).toContain('application/problem+json')
      expect(JSON.parse(answer.text).title).toMatch(/\p{Script=Han}/u)
    }
  })

  test('that need a permission say so to those who lack it, and send others to sign in and back', async () => {
    const nobody = web.browser()
    const sent = await nobody.get('/account/new?x=1')
    expect(sent.location).toBe('/sign-in?next=%2Faccount%2Fnew%3Fx%3D1')
    const signedIn = web.browser()
    await signedIn.signIn(mayor)
    expect((await signedIn.get('/account/new')).status).toBe(403)
    const back = await web
      .browser()
      .post('/sign-in', { login: 'nils', password: demoPassword, next: '/account/new?x=1' }, { from: sent.location! })
    expect(back.location).toBe('/account/new?x=1')
  })
})

describe('scripts', () => {
  const scriptsOf = (text: string) =>
    [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => / src="([^"]+)"/.exec(tag)?.[1])

  test('are loaded by pages that ask for an island and by no other, from an address of their own', async () => {
    const browser = web.browser()
    const [address, ...others] = scriptsOf((await browser.get('/benefits/map')).text)
    expect(others).toEqual([])
    expect(address).toMatch(/^\/islands\/map\.[0-9a-f]{12}\.js$/)
    const script = await browser.get(address!)
    expect(script.status).toBe(200)
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(script.headers['cache-control']).toContain('immutable')
    expect(script.headers['x-content-type-options']).toBe('nosniff')
    expect((await browser.get('/islands/map.000000000000.js')).status).toBe(404)
    for (const path of ['/', '/strategy/outcomes', '/benefits'])
      expect(scriptsOf((await browser.get(path)).text)).toEqual([])
  })
})
