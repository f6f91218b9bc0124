/** The first pages as people meet them, over the demo city. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rebuildPerformance } from '#modules/indicators'
import { contextOf } from '#platform/app.ts'
import { nobody, systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { write } from '#platform/records/index.ts'
import { refreshFindings } from '#test/kit/findings.ts'
import { formIn, linksIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { mayor as mayorLogin, owner as ownerLogin } from '#test/kit/people.ts'
import { recentChanges } from './queries.ts'

let web: TestWeb
let mayor: Reader
let owner: Reader
let resident: Reader
beforeAll(async () => {
  web = await openWeb()
  await rebuildPerformance({ registry: web.app.registry, database: web.app.database })
  await refreshFindings(houseCtx())
  mayor = await web.signIn(mayorLogin)
  owner = await web.signIn(ownerLogin)
  resident = web.nobody()
})
afterAll(() => web?.close())

const houseCtx = () => contextOf(web.app, systemCaller, 'en')
const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await web.app.database.pool.query(text, values)).rows as Row[]

describe('home', () => {
  test('tells a leader where each outcome stands, by its rule and in counts, and at most five next steps', async () => {
    const { status, html } = await mayor.get('/')
    expect(status).toBe(200)
    const text = textOf(html)
    expect(html.match(/<article class="cw-card"/g)).toHaveLength(8)
    expect(text).toMatch(/Of 8 outcomes, \d+ (is|are) reached and \d+ (is|are) not/)
    expect(text).toContain('Getting around without a car Not reached')
    expect(text).toContain('“Buses on time” misses its target.')
    expect(text).toContain('Furthest from its target:')
    const steps = html.slice(html.indexOf('id="next-steps"'), html.indexOf('</ol>', html.indexOf('id="next-steps"')))
    expect(steps.match(/<li/g)!.length).toBeLessThanOrEqual(5)
  })

  test('names posts and organisations that went silent, and no person', async () => {
    const { html } = await mayor.get('/')
    const silent = textOf(html.slice(html.indexOf('id="silent"'), html.indexOf('id="changed"')))
    expect(silent).toMatch(/\d figures are overdue/)
    const people = await rows<{ name: string }>(
      `select title->>'und' as name from records.record where kind = 'directory.person'`,
    )
    for (const { name } of people) expect(silent).not.toContain(name)
  })

  test('shows the change that one has just made', async () => {
    const outcome = (await rows<{ id: string }>(`select id from records.record where code = 'OUT-0001'`))[0]!
    const account = (await rows<{ id: string }>(`select id from identity.account where login = $1`, [mayorLogin]))[0]!
      .id
    const rename = (en: string) =>
      transaction(web.app.database.kysely, (tx) =>
        write(
          { ...houseCtx(), caller: { ...systemCaller, account }, db: tx },
          { source: 'test', why: 'a better name' },
          [
            {
              kind: 'strategy.outcome',
              action: 'change',
              id: outcome.id,
              values: { title: { en, 'zh-Hans': '水清气净' } },
            },
          ],
        ),
      )
    await mayor.get('/')
    await rename('A river to swim in')
    const text = textOf((await mayor.get('/')).html)
    expect(text).toContain('A river to swim in')
    expect(text).toContain('Outcome: A river to swim in')
    expect(text).toContain('a better name')
    await rename('Clean river, clean air')
  })

  test('shows a resident the sentences of the vision and where they stand, and nothing from inside', async () => {
    const { html } = await resident.get('/')
    const text = textOf(html)
    expect(text).toContain('The Aver is clean enough to swim in')
    expect(text).not.toContain('What went silent')
    expect(linksIn(html)).toContain('/strategy/sentences/SEN-0007')
    expect(textOf((await web.nobody('zh-Hans').get('/')).html)).toContain('苇河清澈得可以游泳')
  })

  test('leads a resident from a sentence to the last measurement in three clicks', async () => {
    const [sentence] = linksIn((await resident.get('/')).html).filter((link) => link.startsWith('/strategy/sentences/'))
    const outcome = linksIn((await resident.get(sentence!)).html).find((link) => /\/outcomes\/OUT-\d+$/.test(link))
    const indicator = linksIn((await resident.get(outcome!)).html).find((link) => /\/indicators\/IND-\d+$/.test(link))
    const { status, html } = await resident.get(indicator!)
    expect(status).toBe(200)
    expect(html).toContain('<table')
  })
})

describe('what changed', () => {
  test('counts by kind what the reader may see, and leaves out what touched nothing of it', async () => {
    const since = new Date(Date.now() - 3_600_000)
    const all = await recentChanges(houseCtx(), since)
    expect(all.at(-1)!.kinds.find((each) => each.kind === 'strategy.outcome')!.count).toBe(8)
    expect(all.flatMap((each) => each.kinds).some((each) => each.kind.startsWith('identity.'))).toBe(false)
    const some = await recentChanges(contextOf(web.app, nobody, 'en'), since)
    expect(some.flatMap((each) => each.kinds).some((each) => each.kind === 'directory.person')).toBe(false)
  })
})

describe('work, decisions and the brief', () => {
  test('my work holds what waits for my posts and bodies, with days, and every step leads to a page', async () => {
    const { html } = await owner.get('/work')
    expect(textOf(html)).toContain('What waits for your posts and organisations:')
    const main = html.slice(html.indexOf('id="main"'), html.indexOf('</main>'))
    for (const link of new Set(linksIn(main))) expect([link, (await owner.get(link)).status]).toEqual([link, 200])
  })

  test('decide names the outcomes that are not reached, and every step leads to a page', async () => {
    const { html } = await mayor.get('/decide')
    expect(textOf(html)).toContain('Getting around without a car Not reached')
    const main = html.slice(html.indexOf('id="main"'), html.indexOf('</main>'))
    for (const link of new Set(linksIn(main))) expect([link, (await mayor.get(link)).status]).toEqual([link, 200])
  })

  test('the brief is one page in both languages', async () => {
    expect(textOf((await mayor.get('/brief')).html)).toContain('Weekly brief')
    const chinese = await web.signIn(mayorLogin, 'zh-Hans')
    expect(textOf((await chinese.get('/brief')).html)).toContain('每周简报')
  })

  test('none of them is for people who are not signed in', async () => {
    for (const path of [
      '/work',
      '/decide',
      '/brief',
      '/strategy/findings',
      '/findings',
      '/directory/assign',
      '/strategy/publish',
    ])
      expect((await resident.get(path)).to).toMatch(/^\/sign-in/)
  })
})

describe('forms of the strategy pages', () => {
  test('a new version of the vision goes through preview, adoption and relinking', async () => {
    const path = '/strategy/vision/edit'
    const form = formIn((await mayor.get(path)).html, path)
    const english = form['text.en']![0]!.replace(
      'Nobody grows old or lives with a disability alone',
      'Nobody grows old alone',
    )
    const preview = await mayor.post(path, { ...form, 'text.en': english, act: 'preview' })
    expect(preview.status).toBe(422)
    expect(textOf(preview.html)).toMatch(/Changed/)
    const saving = formIn(preview.html, path)
    const adopted = await mayor.post(path, { ...saving, act: 'adopt' })
    expect([adopted.status, adopted.to]).toEqual([303, '/strategy/vision/relink'])
    const relink = '/strategy/vision/relink'
    const page = await mayor.get(relink)
    const moves = formIn(page.html, relink)
    expect(moves.move).toHaveLength(8)
    expect((await mayor.post(relink, moves)).to).toBe('/strategy/vision')
    expect(textOf((await mayor.get(relink)).html)).toContain('Every outcome answers a sentence that stands')
    expect(textOf((await mayor.get('/strategy/vision')).html)).toContain('Version 3')
    // The new version is not published yet: residents still read the one that is.
    expect(textOf((await resident.get('/strategy/vision')).html)).toContain('the new one is not published yet')
  })

  test('lines that do not match are named by language, and nothing typed is lost', async () => {
    const path = '/strategy/vision/edit'
    const form = formIn((await mayor.get(path)).html, path)
    const { status, html } = await mayor.post(path, { ...form, 'text.zh-Hans': '只有一句。', act: 'preview' })
    expect(status).toBe(422)
    expect(textOf(html)).toContain('Line must stand beside line')
    expect(html).toContain('只有一句。')
  })

  test('an assignment is previewed, made and undone from the page', async () => {
    const start = '/directory/assign'
    const lena = await web.signIn('nils')
    const group = linksIn((await lena.get(start)).html).find((link) =>
      link.startsWith(`${start}?kind=strategy.objective`),
    )!
    const action = group.replaceAll('&', '&amp;')
    const form = formIn((await lena.get(group)).html, action)
    const post = (
      await rows<{ id: string }>(`select id from records.record where kind = 'directory.post' order by code limit 1`)
    )[0]!
    const looked = await lena.post(group, { ...form, owner: post.id })
    expect(textOf(looked.html)).toContain('It would be done for')
    const saved = await lena.post(group, formIn(looked.html, action))
    expect(saved.to).toMatch(/^\/directory\/assign\?.*done=/)
    const undo = formIn((await lena.get(saved.to!)).html, action)
    expect((await lena.post(group, undo)).to).toBe(group)
    expect(linksIn((await lena.get(start)).html)).toContain(group)
  })
})
