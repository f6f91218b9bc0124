import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cityOf, makeAccount, makeBody } from '#test/kit/accounts.ts'
import { administrator, mayor } from '#test/kit/people.ts'
import { openWeb, type TestWeb } from '#test/kit/visitors.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
})
afterAll(() => web.close())

const city = () => cityOf(web)

describe('administrators of one body', () => {
  const setting = async () => {
    const mine = await makeBody(web, 'Mine', await city())
    const below = await makeBody(web, 'Below mine', mine)
    const other = await makeBody(web, 'Not mine', await city())
    const { id, login } = await makeAccount(web, [{ role: 'administrator', body: mine }])
    const browser = web.browser()
    await browser.signIn(login)
    const [{ code }] = (await web.rows<{ code: string }>('select code from records.record where id = $1', [id])) as [
      { code: string },
    ]
    return { mine, below, other, id, code, browser }
  }
  const rolesOf = (id: string) =>
    web.rows<{ role: string; body: string }>(
      'select role, body from identity."grant" where record = $1 order by role',
      [id],
    )
  const codeOf = async (id: string) =>
    (await web.rows<{ code: string }>('select code from records.record where id = $1', [id]))[0]!.code

  test('make accounts in their bodies, with a password that works once', async () => {
    const { below, browser } = await setting()
    const login = `new${Date.now()}`
    const made = await browser.post('/account/new', { name: 'New', login, role: 'analyst', body: below })
    expect(made.status).toBe(303)
    const page = await browser.get(made.location!)
    const password = /<code>([^<]+)<\/code>/.exec(page.text)![1]!
    expect((await browser.get(made.location!)).text).not.toContain(password)
    const person = web.browser()
    expect((await person.signIn(login, password)).status).toBe(303)
    expect((await person.get('/account')).location).toBe('/account/password')
  })

  test('make none elsewhere, neither by the page nor by the interface', async () => {
    const { mine, other, browser } = await setting()
    for (const body of [other, await city()]) {
      const answer = await browser.post('/account/new', { name: 'X', login: `x${Date.now()}`, role: 'leader', body })
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('only on the bodies that you administer')
    }
    for (const organisation of [mine, other, await city()])
      for (const body of [mine, other, await city()]) {
        const answer = await browser.request('POST', '/api/v1/identity/accounts', {
          headers: { 'content-type': 'application/json', accept: 'application/json', 'sec-fetch-site': 'same-origin' },
          payload: JSON.stringify({
            title: 'X',
            login: `y${Date.now()}`,
            organisation,
            rows: { grant: { set: [{ role: 'leader', body }] } },
          }),
        })
        expect(answer.status).toBe(403)
      }
    expect(await web.rows(`select 1 from identity.account where login like 'x%' or login like 'y%'`)).toHaveLength(0)
  })

  test('cannot raise themselves to the city or to another body', async () => {
    const { other, id, code, browser } = await setting()
    for (const body of [other, await city()]) {
      const answer = await browser.post(`/account/roles/${code}`, { act: 'give', role: 'administrator', body })
      expect(answer.status).toBe(422)
      const api = await browser.request('PUT', `/api/v1/identity/accounts/${id}/grant`, {
        headers: { 'content-type': 'application/json', accept: 'application/json', 'sec-fetch-site': 'same-origin' },
        payload: JSON.stringify([{ role: 'administrator', body }]),
      })
      expect(api.status).toBe(403)
    }
    expect(await rolesOf(id)).toHaveLength(1)
  })

  test('cannot take on the posts of a person beyond their reach', async () => {
    const { mine, id, browser } = await setting()
    const [holder] = await web.rows<{ person: string }>(
      `select h.person from directory.holding h join records.record r on r.id = h.record where r.organisation <> $1 and h."to" is null limit 1`,
      [mine],
    )
    const made = await browser.post('/account/new', {
      name: 'Z',
      login: `z${Date.now()}`,
      role: 'leader',
      body: mine,
      person: holder!.person,
    })
    expect(made.status).toBe(422)
    const api = await browser.request('PATCH', `/api/v1/identity/accounts/${id}`, {
      headers: {
        'content-type': 'application/merge-patch+json',
        accept: 'application/json',
        'sec-fetch-site': 'same-origin',
        'if-match': '"1"',
      },
      payload: JSON.stringify({ person: holder!.person }),
    })
    expect(api.status).toBeGreaterThanOrEqual(400)
    const [row] = await web.rows<{ person: string | null }>('select person from identity.account where id = $1', [id])
    expect(row!.person).toBeNull()
  })

  test('cannot get hold of an account that reaches further, though it is kept in their body', async () => {
    const { mine, browser } = await setting()
    const mighty = await makeAccount(web, [{ role: 'leader', body: await city() }], { organisation: mine })
    const code = await codeOf(mighty.id)
    expect((await browser.get(`/account/roles/${code}`)).status).toBe(200)
    for (const form of [
      { act: 'password' },
      { act: 'close' },
      { act: 'take', role: 'leader', body: await city() },
      { act: 'give', role: 'analyst', body: mine },
    ]) {
      const answer = await browser.post(`/account/roles/${code}`, form as never, { from: '/account' })
      expect(answer.status).toBe(403)
    }
    expect((await web.browser().signIn(mighty.login)).status).toBe(303)
  })

  test('do not meet accounts of other bodies at all', async () => {
    const { browser } = await setting()
    const [{ code }] = (await web.rows<{ code: string }>(
      `select r.code from records.record r join identity.account a on a.id = r.id where a.login = $1`,
      [mayor],
    )) as [{ code: string }]
    expect((await browser.get(`/account/roles/${code}`)).status).toBe(404)
    expect((await browser.post(`/account/roles/${code}`, { act: 'password' }, { from: '/account' })).status).toBe(404)
  })
})

describe('the page of an account', () => {
  test('gives and takes roles at once, sets a first password, closes and reopens', async () => {
    const admin = web.browser()
    await admin.signIn(administrator)
    const account = await makeAccount(web, [{ role: 'analyst', body: await city() }])
    const [{ code }] = (await web.rows<{ code: string }>('select code from records.record where id = $1', [
      account.id,
    ])) as [{ code: string }]
    const address = `/account/roles/${code}`
    const person = web.browser()
    await person.signIn(account.login)
    expect((await person.get('/account/new')).status).toBe(403)
    expect((await admin.get('/identity/accounts')).text).toContain('href="/identity/accounts/new"')
    expect((await admin.get('/identity/accounts/new')).location).toBe('/account/new')
    expect((await admin.get(`/identity/accounts/${code}`)).text).toContain(`href="${address}"`)
    const give = { act: 'give', role: 'administrator', body: await city() }
    expect((await admin.post(address, give)).status).toBe(303)
    expect((await person.get('/account/new')).status).toBe(200)
    expect((await admin.post(address, { ...give, act: 'take' })).status).toBe(303)
    expect((await person.get('/account/new')).status).toBe(403)
    expect((await admin.post(address, { act: 'give', role: 'king', body: 'x' })).status).toBe(422)
    const set = await admin.post(address, { act: 'password' })
    expect((await person.get('/account')).status).toBe(303)
    const password = /<code>([^<]+)<\/code>/.exec((await admin.get(set.location!)).text)![1]!
    expect((await web.browser().signIn(account.login)).status).toBe(422)
    expect((await person.signIn(account.login, password)).status).toBe(303)
    await admin.post(address, { act: 'close' })
    expect((await person.get('/account/password')).status).toBe(303)
    expect((await web.browser().signIn(account.login, password)).status).toBe(422)
    await admin.post(address, { act: 'reopen' })
    expect((await web.browser().signIn(account.login, password)).status).toBe(303)
    expect((await admin.post(address, { act: 'dance' })).status).toBe(404)
    const chinese = await admin.get(address, {
      cookie: `commonweal=${admin.cookies.get('commonweal')}; language=zh-Hans`,
    })
    expect(chinese.text).toContain('授予角色')
  })

  test('keeps the last administrator of the city', async () => {
    const admin = web.browser()
    await admin.signIn(administrator)
    const rows = await web.rows<{ id: string; code: string; login: string }>(
      `select r.id, r.code, a.login from records.record r join identity.account a on a.id = r.id join identity."grant" g on g.record = r.id
       where g.role = 'administrator' and g.body = $1 and r.state = 'active' and r."retiredAt" is null`,
      [await city()],
    )
    const last = rows.find((row) => row.login === administrator)!
    for (const row of rows)
      if (row.id !== last.id)
        expect((await admin.post(`/account/roles/${row.code}`, { act: 'close' })).status).toBe(303)
    for (const form of [{ act: 'close' }, { act: 'take', role: 'administrator', body: await city() }]) {
      const answer = await admin.post(`/account/roles/${last.code}`, form as never)
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('last administrator')
    }
    expect((await admin.get('/account')).status).toBe(200)
  })
})
