import { afterEach, describe, expect, test } from 'vitest'
import { inTransaction } from '#platform/app.ts'
import { catchUp } from '#platform/events.ts'
import { verify, write } from '#platform/records/index.ts'
import { administrator, analyst, mayor } from '#test/kit/people.ts'
import { openWeb, type TestWeb } from '#test/kit/visitors.ts'
import { subscribers } from './app.ts'
import { removeDemoCity } from './demo/load.ts'
import { type FoundingInput, foundCity, setupCode } from './first-start.ts'

let web: TestWeb
afterEach(() => web.close())

const password = 'a sentence of the founder'
const founding = async (more: Partial<FoundingInput> = {}): Promise<FoundingInput> => ({
  code: (await setupCode(web.app)) ?? '',
  city: 'Riverton',
  timeZone: 'Europe/Oslo',
  language: 'en',
  name: 'Ada Founder',
  login: 'ada',
  password,
  ...more,
})
const inForm = (given: FoundingInput) => ({ ...given }) as unknown as Record<string, string>

describe('founding a city', () => {
  test('names everything that is wrong at once, in the language of the reader, and writes nothing', async () => {
    web = await openWeb({ demo: false })
    const wrong = {
      code: 'guess',
      city: ' ',
      timeZone: '+02:00',
      language: 'en',
      name: '',
      login: 'a b',
      password: 'qz7-qz7',
    } as const
    const browser = web.browser()
    const answer = await browser.post('/start/city', wrong)
    expect(answer.status).toBe(422)
    for (const field of ['code', 'city', 'timeZone', 'name', 'login', 'password'])
      expect(answer.text).toContain(`href="#field-${field}"`)
    expect(answer.text).not.toContain('qz7-qz7')
    const chinese = await web.browser({ 'accept-language': 'zh-CN' }).post('/start/city', wrong)
    expect(/<ul class="cw-mistakes">(.*?)<\/ul>/s.exec(chinese.text)![1]!).not.toMatch(/>[A-Z][a-z]+ [a-z]+/)
    expect(await web.rows('select 1 from records.record')).toHaveLength(0)
  })

  test('takes the right code once: of two at the same moment one founds the city, the other gets a message', async () => {
    web = await openWeb({ demo: false })
    const given = await founding()
    const answers = await Promise.allSettled([
      foundCity(web.app, given),
      foundCity(web.app, { ...given, login: 'berta', city: 'Other', language: 'zh-Hans' }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = answers.find((answer) => answer.status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).toMatchObject({ kind: 'Invalid', reason: 'house.city-exists' })
    const [row] = await web.rows<{ language: string }>('select language from directory.city')
    expect(web.app.registry.language).toBe(row!.language)
    expect(await web.rows('select 1 from identity.account')).toHaveLength(1)
    expect(await setupCode(web.app)).toBeNull()
    const late = await web.browser().post('/start/city', inForm(await founding()), { from: '/sign-in' })
    expect(late.status).toBe(422)
    expect((await web.browser().get('/start/city')).location).toBe('/')
  })

  test('lets its founder sign in as administrator of everything', async () => {
    web = await openWeb({ demo: false })
    const browser = web.browser()
    expect(
      (await browser.post('/start/city', inForm(await founding({ city: 'Commonweal', timeZone: 'UTC' })))).location,
    ).toBe('/sign-in?next=/')
    expect((await browser.signIn('ada', password)).status).toBe(303)
    expect((await browser.get('/account/new')).status).toBe(200)
    // Also where the city is called as the program, and keeps its time.
    expect((await browser.get('/start')).text).not.toContain('/start/city')
  })
})

describe('the demo city', () => {
  test('is installed from the page into an empty database, and its password is printed at the terminal', async () => {
    web = await openWeb({ demo: false })
    const written: string[] = []
    const { write: out } = process.stdout
    process.stdout.write = ((text: string) => written.push(text) > 0) as never
    try {
      expect((await web.browser().post('/start', { act: 'install' })).location).toBe('/')
    } finally {
      process.stdout.write = out
    }
    const reported = /password (\S+) as:/.exec(written.join(''))![1]!
    expect((await web.browser().signIn(mayor, reported)).status).toBe(303)
    const again = await web.browser().post('/start', { act: 'install' }, { from: '/sign-in' })
    expect(again.location).toBe('/start')
  })

  test('goes only by the hand of an administrator of the whole city', async () => {
    web = await openWeb()
    for (const login of [mayor, analyst]) {
      const browser = web.browser()
      await browser.signIn(login)
      expect((await browser.post('/start', { act: 'remove' }, { from: '/account' })).status).toBe(403)
    }
    expect((await web.browser().post('/start', { act: 'remove' }, { from: '/sign-in' })).status).toBe(401)
    expect(web.app.city().demo).toBe(true)
  })

  test('goes in one act and signs everybody out; what people made and changed stays for the founder to read', async () => {
    web = await openWeb()
    const admin = web.browser()
    const other = web.browser()
    await admin.signIn(administrator)
    await other.signIn(mayor)
    const outcome = await edited('strategy.outcome', 'Changed by hand')
    const indicator = await edited('indicators.indicator', 'Changed by hand, too')
    const own = await madeBelow(outcome)
    const person = await accountOfSomebody(admin)
    const removed = await admin.post('/start', { act: 'remove' })
    expect(removed.location).toBe('/start')
    expect(web.app.city().demo).toBe(false)
    expect((await admin.get('/start')).status).toBe(200)
    for (const browser of [admin, other]) expect((await browser.get('/account')).status).toBe(303)
    expect((await web.browser().signIn(mayor)).status).toBe(422)
    expect(
      await web.rows(
        `select 1 from identity.session s join records.record r on r.id = s.account where r."retiredAt" is not null`,
      ),
    ).toHaveLength(0)
    await foundCity(web.app, await founding({ login: mayor }))
    const founder = web.browser()
    expect((await founder.signIn(mayor, password)).status).toBe(303)
    for (const [kind, id] of [
      ['strategy/outcomes', outcome],
      ['indicators/indicators', indicator],
      ['strategy/objectives', own],
    ] as const) {
      const answer = await founder.get(`/api/v1/${kind}/${id}`, { accept: 'application/json' })
      expect({ kind, status: answer.status }).toEqual({ kind, status: 200 })
      const { code } = JSON.parse(answer.text) as { code: string }
      for (const below of ['', '/history', '/edit']) {
        const page = await founder.get(`/${kind}/${code}${below}`)
        expect({ path: `${kind}/${code}${below}`, status: page.status }).toEqual({
          path: `${kind}/${code}${below}`,
          status: 200,
        })
      }
    }
    for (const path of [
      '/',
      '/directory/organisations',
      '/strategy/outcomes',
      '/indicators/indicators',
      '/history',
      '/identity/accounts',
      '/account',
    ])
      expect({ path, status: (await founder.get(path)).status }).toEqual({ path, status: 200 })
    expect((await founder.get(`/account/roles/${person}`)).status).toBe(200)
  }, 120_000)

  test('leaves a history that is whole, and the city founded after it continues it', async () => {
    web = await openWeb()
    await removeDemoCity(web.app)
    await foundCity(web.app, await founding())
    await catchUp(web.ctx(), web.app.database, subscribers())
    expect((await verify(web.app.database.kysely)).faults).toEqual([])
  }, 120_000)

  test('removed twice at once is removed once', async () => {
    web = await openWeb()
    const answers = await Promise.allSettled([removeDemoCity(web.app), removeDemoCity(web.app)])
    expect(answers.some((answer) => answer.status === 'fulfilled')).toBe(true)
    expect(await web.rows('select 1 from directory.city')).toHaveLength(0)
    expect(
      await web.rows(
        `select "undoOf" from records."changeSet" where "undoOf" is not null group by 1 having count(*) > 1`,
      ),
    ).toEqual([])
    await foundCity(web.app, await founding())
  }, 120_000)

  async function edited(kind: string, title: string): Promise<string> {
    const [row] = await web.rows<{ id: string }>(
      'select id from records.record where kind = $1 and "retiredAt" is null order by code limit 1',
      [kind],
    )
    await inTransaction(web.ctx(), (inside) =>
      write(inside, { source: 'page' }, [{ kind, action: 'change', id: row!.id, values: { title: { en: title } } }]),
    )
    return row!.id
  }

  async function madeBelow(outcome: string): Promise<string> {
    const [objective] = await web.rows<{ organisation: string; owner: string | null; level: string }>(
      `select r.organisation, r.owner, o.level from records.record r join strategy.objective o on o.id = r.id limit 1`,
    )
    const { saved } = await inTransaction(web.ctx(), (inside) =>
      write(inside, { source: 'page' }, [
        {
          kind: 'strategy.objective',
          action: 'create',
          values: {
            title: { en: 'An objective of our own' },
            organisation: objective!.organisation,
            owner: objective!.owner,
            level: objective!.level,
            links: { contributesTo: [{ to: outcome }] },
          },
        },
      ]),
    )
    return saved[0]!.id
  }

  /** An account that the demo's administrator made: it stays, with a role on a body that may go. */
  async function accountOfSomebody(admin: ReturnType<TestWeb['browser']>): Promise<string> {
    const [body] = await web.rows<{ id: string }>(
      `select id from records.record where kind = 'directory.organisation' order by code desc limit 1`,
    )
    const made = await admin.post('/account/new', { name: 'Own Person', login: 'own', role: 'analyst', body: body!.id })
    expect(made.status).toBe(303)
    return /roles\/([A-Z]+-\d+)/.exec(made.location!)![1]!
  }
})
