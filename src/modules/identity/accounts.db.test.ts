import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Problem } from '#kernel/problem.ts'
import { postsHeldBy } from '#modules/directory'
import { createSessions, houseSecret } from '#modules/identity'
import { inTransaction } from '#platform/app.ts'
import { nobody } from '#platform/caller.ts'
import { newId, write } from '#platform/records/index.ts'
import { cityOf, makeAccount, makeBody } from '#test/kit/accounts.ts'
import { demoPassword, mayor, owner } from '#test/kit/people.ts'
import { browserOf, openWeb, type TestWeb } from '#test/kit/visitors.ts'
import { type SignIn, signIn } from './actions.ts'
import { accountOfDevice, deviceCookie } from './actions-house-secret.ts'
import { maxWaiting, triesByAddress, triesByLogin, triesByLoginAnywhere } from './actions-tries.ts'

const hour = 3_600_000
let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
})
afterAll(() => web.close())

const callerOf = async (login: string) => {
  const browser = web.browser()
  await browser.signIn(login)
  const sessions = createSessions(
    web.app.database.kysely,
    await houseSecret(web.app.database.kysely),
    web.app.now,
    () => web.app.now().toISOString().slice(0, 10),
  )
  return (await sessions.find(browser.cookies.get('commonweal')))!.caller
}
const city = () => cityOf(web)

describe('roles', () => {
  test('on the city reach everything', async () => {
    const caller = await callerOf(mayor)
    expect(caller.grants).toEqual([{ role: 'leader', organisations: null }])
  })

  test('on a body reach it and the bodies below it, and no others', async () => {
    const top = await makeBody(web, 'Upper', await city())
    const middle = await makeBody(web, 'Middle', top)
    const low = await makeBody(web, 'Lower', middle)
    const beside = await makeBody(web, 'Beside', await city())
    const { login } = await makeAccount(web, [{ role: 'analyst', body: top }])
    const reached = (await callerOf(login)).grants[0]!.organisations!
    expect([...reached].sort()).toEqual([top, middle, low].sort())
    expect(reached).not.toContain(beside)
  })

  test('do not grow when a body is called a city', async () => {
    const body = await makeBody(web, 'Not the city', null, 'city')
    const { login } = await makeAccount(web, [{ role: 'administrator', body }])
    expect((await callerOf(login)).grants).toEqual([{ role: 'administrator', organisations: [body] }])
  })

  test('posts count on the days they are held: from the first day, no longer on the last', async () => {
    const [held] = await web.rows<{ person: string; record: string; from: string }>(
      'select person, record, "from" from directory.holding where "to" is null order by "from" limit 1',
    )
    const before = new Date(Date.parse(held!.from) - 24 * hour).toISOString().slice(0, 10)
    const db = web.app.database.kysely
    expect(await postsHeldBy(db, held!.person, held!.from)).toContain(held!.record)
    expect(await postsHeldBy(db, held!.person, before)).not.toContain(held!.record)
    const [past] = await web.rows<{ person: string; record: string; to: string }>(
      'select person, record, "to" from directory.holding where "to" is not null limit 1',
    )
    if (past) expect(await postsHeldBy(db, past.person, past.to)).not.toContain(past.record)
    expect((await callerOf(owner)).posts.length).toBeGreaterThan(0)
  })
})

describe('sessions', () => {
  test('end after twelve hours without use, and live on while they are used', async () => {
    const used = web.browser()
    const idle = web.browser()
    await used.signIn(mayor)
    await idle.signIn(mayor)
    for (let step = 0; step < 2; step++) {
      web.wait(7 * hour)
      expect((await used.get('/account')).status).toBe(200)
    }
    expect((await idle.get('/account')).location).toBe('/sign-in?next=%2Faccount')
  })

  test('end after seven days in any case', async () => {
    const browser = web.browser()
    await browser.signIn(mayor)
    let days = 0
    while ((await browser.get('/account')).status === 200 && days < 20) {
      web.wait(11 * hour)
      days += 11 / 24
    }
    expect(days).toBeGreaterThan(6.4)
    expect(days).toBeLessThan(7.5)
  })

  test('are listed and ended one by one; the other browser is out at once', async () => {
    const first = web.browser({
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    })
    const second = web.browser()
    await first.signIn(owner)
    await second.signIn(owner)
    const page = await second.get('/account')
    expect(page.text).toContain('Firefox · Linux')
    const id = /name="end" value="([^"]+)"/.exec(page.text)![1]!
    expect((await second.post('/account', { end: id })).status).toBe(303)
    expect((await first.get('/account')).status).toBe(303)
    expect((await second.get('/account')).status).toBe(200)
  })

  test('of somebody else cannot be ended', async () => {
    const theirs = web.browser()
    await theirs.signIn(owner)
    const [session] = await web.rows<{ id: string }>(
      `select s.id from identity.session s join identity.account a on a.id = s.account where a.login = $1`,
      [owner],
    )
    const mine = web.browser()
    await mine.signIn(mayor)
    await mine.post('/account', { end: session!.id })
    expect((await theirs.get('/account')).status).toBe(200)
  })

  test('end by signing out, here at once and in another process within five seconds', async () => {
    const here = web.browser()
    await here.signIn(mayor)
    const there = browserOf(await web.another())
    for (const [name, value] of here.cookies) there.cookies.set(name, value)
    expect((await there.get('/account')).status).toBe(200)
    const out = await here.post('/sign-out', {}, { from: '/account' })
    expect(out).toMatchObject({ status: 303, location: '/' })
    expect((await here.get('/account')).status).toBe(303)
    web.wait(5001)
    expect((await there.get('/account')).status).toBe(303)
  })

  test('are looked up once in five seconds, however many pages are asked for', async () => {
    const browser = web.browser()
    await browser.signIn(mayor)
    await browser.get('/account')
    const [session] = await web.rows<{ id: string }>(
      'select id from identity.session order by "createdAt" desc, id desc limit 1',
    )
    // Seen only by a lookup in the table: without one nothing of this is noticed.
    await web.rows('delete from identity.session where id = $1', [session!.id])
    for (let step = 0; step < 3; step++) expect((await browser.get('/about')).text).toContain('/sign-out')
    web.wait(5001)
    expect((await browser.get('/about')).text).not.toContain('/sign-out')
  })
})

describe('signing in', () => {
  test('answers a wrong name, a wrong password and a closed account alike', async () => {
    const closed = await makeAccount(web, [{ role: 'leader', body: await city() }])
    await inTransaction(web.ctx(), (inside) =>
      write(inside, { source: 'test' }, [{ kind: 'identity.account', action: 'close', id: closed.id }]),
    )
    const retired = await makeAccount(web, [{ role: 'leader', body: await city() }])
    await inTransaction(web.ctx(), (inside) =>
      write(inside, { source: 'test' }, [{ kind: 'identity.account', action: 'retire', id: retired.id }]),
    )
    const answers = []
    for (const [login, password] of [
      ['nobody-of-this-name', demoPassword],
      [mayor, 'not the password'],
      [closed.login, demoPassword],
      [retired.login, demoPassword],
    ] as const) {
      const browser = web.browser()
      const { status, text } = await browser.signIn(login, password)
      expect(browser.cookies.has('commonweal')).toBe(false)
      answers.push(`${status} ${text.replace(`value="${login}"`, '…')}`)
    }
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toMatch(/^422 /)
  })

  test('spends the work of a password on names that do not exist', async () => {
    const time = async (login: string) => {
      const started = process.cpuUsage()
      await web.browser().signIn(login, 'not the password')
      const { user, system } = process.cpuUsage(started)
      return user + system
    }
    await time('warm')
    // CPU time of the whole process, where other tests may be at work in another thread: of some tries the least is nearest
    // to what one costs. Only the order of size counts: argon2 is far more than the rest.
    const tries: Array<readonly [number, number]> = []
    for (let step = 0; step < 3; step++) tries.push([await time(mayor), await time('nobody-of-this-name')])
    const known = Math.min(...tries.map((each) => each[0]))
    const unknown = Math.min(...tries.map((each) => each[1]))
    expect(unknown).toBeGreaterThan(known / 4)
  })

  beforeEach(() => web.wait(triesByLogin.withinMs))

  /** Tries a password as the page does, and tells how long it would have waited. */
  const tryAs = async (login: string, password: string, address: string, more: Partial<SignIn> = {}) => {
    let waited = 0
    const pause = async (milliseconds: number) => {
      waited += milliseconds
    }
    const given = { login, password, address, userAgent: '', pause, ...more }
    const outcome = await signIn(web.ctx(nobody), given).then(
      () => 'in',
      (error) => (error as Problem).reason,
    )
    return { outcome, waited }
  }

  test('is slowed down for a name from one network, known or not, and lets the right password in', async () => {
    for (const login of [mayor, 'nobody-of-this-name']) {
      const waits = []
      for (let step = 0; step < triesByLogin.most + 6; step++)
        waits.push((await tryAs(login, 'wrong', '198.51.100.7')).waited)
      expect(waits.slice(0, triesByLogin.most)).toEqual(Array(triesByLogin.most).fill(0))
      expect(waits.slice(triesByLogin.most)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
      web.wait(triesByLogin.withinMs)
    }
    for (let step = 0; step < 20; step++) await tryAs(mayor, 'wrong', '198.51.100.8')
    expect(await tryAs(mayor, demoPassword, '198.51.100.8')).toEqual({ outcome: 'in', waited: 10_000 })
    expect(await tryAs(mayor, demoPassword, '198.51.100.9')).toEqual({ outcome: 'in', waited: 0 })
  })

  test('from many networks slows the name down everywhere but on a device that is known', async () => {
    for (let step = 0; step < triesByLoginAnywhere.most; step++) await tryAs(mayor, 'wrong', `10.9.${step}.1`)
    expect(await tryAs(mayor, demoPassword, '198.51.100.30')).toEqual({ outcome: 'in', waited: 1000 })
    const [{ id }] = (await web.rows<{ id: string }>('select id from identity.account where login = $1', [mayor])) as [
      { id: string },
    ]
    expect(await tryAs(mayor, demoPassword, '10.9.0.1', { device: id })).toEqual({ outcome: 'in', waited: 0 })
    // The mark of another account is worth nothing here.
    expect((await tryAs(mayor, 'wrong', '198.51.100.31', { device: newId() })).waited).toBeGreaterThan(0)
  })

  test('waits in a queue that has an end, which a known device passes', async () => {
    for (let step = 0; step < triesByLogin.most; step++) await tryAs(mayor, 'wrong', '198.51.100.40')
    const gate = Promise.withResolvers<void>()
    const held = Array.from({ length: maxWaiting.each + 3 }, () =>
      tryAs(mayor, 'wrong', '198.51.100.40', { pause: () => gate.promise }),
    )
    await expect
      .poll(async () => (await Promise.race([...held, { outcome: '' }])).outcome)
      .toBe('identity.too-many-tries')
    const [{ id }] = (await web.rows<{ id: string }>('select id from identity.account where login = $1', [mayor])) as [
      { id: string },
    ]
    expect((await tryAs(mayor, demoPassword, '198.51.100.40', { device: id })).outcome).toBe('in')
    gate.resolve()
    const outcomes = (await Promise.all(held)).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'identity.too-many-tries')).toHaveLength(3)
  })

  test('marks the device, and a mark that was altered or is old counts for nothing', async () => {
    const browser = web.browser()
    await browser.signIn(mayor)
    const secret = await houseSecret(web.app.database.kysely)
    const mark = browser.cookies.get(deviceCookie)!
    const at = (mark: string, days = 0) =>
      accountOfDevice(secret, mark, new Date(web.app.now().getTime() + days * 86_400_000))
    expect(at(mark)).toMatch(/^[0-9a-f-]{36}$/)
    expect(at(mark, 181)).toBeNull()
    expect(at(mark.replace(/^./, (letter) => (letter === '0' ? '1' : '0')))).toBeNull()
    expect(at('')).toBeNull()
  })

  test('ends the session that was there before', async () => {
    const browser = web.browser()
    await browser.signIn(owner)
    const planted = new Map(browser.cookies)
    await browser.post('/sign-in', { login: mayor, password: demoPassword }, { from: '/account' })
    const other = web.browser()
    for (const [name, value] of planted) other.cookies.set(name, value)
    expect((await other.get('/account')).location).toMatch(/^\/sign-in/)
    expect((await browser.get('/account')).status).toBe(200)
  })

  test('ends everywhere at once on the account page', async () => {
    const { login } = await makeAccount(web, [{ role: 'analyst', body: await city() }])
    const [here, there] = [web.browser(), web.browser()]
    await here.signIn(login)
    await there.signIn(login)
    expect((await here.get('/account')).text).toContain('Sign out everywhere')
    expect((await here.post('/account', { act: 'everywhere' })).location).toBe('/')
    for (const browser of [here, there]) expect((await browser.get('/account')).location).toMatch(/^\/sign-in/)
  })

  test('as often as one likes with the right password', async () => {
    for (let step = 0; step < triesByAddress.most + 2; step++)
      expect((await trying('203.0.113.44', mayor, demoPassword)).status).toBe(303)
  })

  test('leads back to addresses of this house only', async () => {
    const targets: Array<[string, string]> = [
      ['/strategy/outcomes?state=agreed', '/strategy/outcomes?state=agreed'],
      ['https://elsewhere.example/', '/'],
      ['//elsewhere.example', '/'],
      ['/\\elsewhere.example', '/'],
      ['/\t/elsewhere.example', '/'],
      ['/\n/elsewhere.example', '/'],
      ['\\\\elsewhere.example', '/'],
      ['/sign-in?next=/', '/'],
      ['/sign-out', '/'],
      ['', '/'],
    ]
    for (const [next, expected] of targets) {
      const browser = web.browser()
      const answer = await browser.post(
        '/sign-in',
        { login: mayor, password: demoPassword, next },
        { from: '/sign-in' },
      )
      expect({ next, to: answer.location }).toEqual({ next, to: expected })
      expect((await browser.get(`/sign-in?next=${encodeURIComponent(next)}`)).location).toBe(expected)
    }
  })

  test('bears strange input', async () => {
    for (const login of ['', '\u0000', 'a'.repeat(5000), '" or 1=1', '%', '\ud83d'])
      expect((await web.browser().signIn(login, 'x'.repeat(5000))).status).toBe(422)
  })

  const trying = (address: string, login: string, password: string) => web.browser({}, address).signIn(login, password)
})

describe('passwords', () => {
  test('a change ends the other sessions and keeps this one', async () => {
    const { login } = await makeAccount(web, [{ role: 'analyst', body: await city() }])
    const mine = web.browser()
    const other = web.browser()
    await mine.signIn(login)
    await other.signIn(login)
    const wrong = await mine.post('/account/password', { current: 'no', password: 'a fresh sentence of mine' })
    expect(wrong.status).toBe(422)
    const same = await mine.post('/account/password', { current: demoPassword, password: demoPassword })
    expect(same.text).toContain('choose another one')
    const done = await mine.post('/account/password', { current: demoPassword, password: 'a fresh sentence of mine' })
    expect(done.location).toBe('/account')
    expect((await mine.get('/account')).status).toBe(200)
    expect((await other.get('/account')).status).toBe(303)
    expect((await web.browser().signIn(login)).status).toBe(422)
    expect((await web.browser().signIn(login, 'a fresh sentence of mine')).status).toBe(303)
  })

  test('a first password opens nothing but the page that changes it', async () => {
    const { login } = await makeAccount(web, [{ role: 'administrator', body: await city() }], { mustChange: true })
    const browser = web.browser()
    await browser.signIn(login)
    for (const path of ['/account', '/about', '/start', '/identity/accounts', '/account/new'])
      expect((await browser.get(path)).location).toBe('/account/password')
    expect((await browser.get('/api/v1/identity/accounts', { accept: 'application/json' })).status).toBe(403)
    expect((await browser.get('/account/password')).text).toContain('first sign-in')
    expect((await browser.post('/account', { end: newId() }, { from: '/account/password' })).location).toBe(
      '/account/password',
    )
    await browser.post('/account/password', { current: demoPassword, password: 'a fresh sentence of mine' })
    expect((await browser.get('/account')).status).toBe(200)
  })

  test('guessing the present one with a stolen session is limited too', async () => {
    const { login } = await makeAccount(web, [{ role: 'analyst', body: await city() }])
    const browser = web.browser()
    await browser.signIn(login)
    for (let step = 0; step < triesByLogin.most; step++)
      await browser.post('/account/password', { current: `guess ${step}`, password: 'a fresh sentence of mine' })
    const refused = await browser.post('/account/password', {
      current: demoPassword,
      password: 'a fresh sentence of mine',
    })
    expect(refused.status).toBe(429)
    web.wait(triesByLogin.withinMs)
  })
})
