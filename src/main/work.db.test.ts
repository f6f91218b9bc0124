/** Every item of *my work*, for everybody in the demo city: an act that they may do, or for whom it waits. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rebuildForecasts, rebuildPerformance } from '#modules/indicators'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { write } from '#platform/records/index.ts'
import { refreshFindings } from '#test/kit/findings.ts'
import { formIn, linksIn, openWeb, type TestWeb, textOf } from '#test/kit/pages.ts'
import accounts from './demo/accounts.json' with { type: 'json' }

let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
  const system = contextOf(web.app, systemCaller, 'en')
  await rebuildPerformance(system)
  await rebuildForecasts(system)
  await refreshFindings(system)
})
afterAll(() => web?.close())

type Item = { readonly html: string; readonly act: string | undefined; readonly record: string }

/** Items of a list of findings: the link of the record, and the button if there is one. */
const itemsIn = (html: string): Item[] =>
  [...html.matchAll(/<ul class="cw-findings">([\s\S]*?)<\/ul>(?=<\/section>|<p)/g)].flatMap(([, list]) =>
    [...list!.matchAll(/<li><div>[\s\S]*?(?=<li><div>|$)/g)].map(([each]) => ({
      html: each,
      record: linksIn(each)[0]!,
      act: / class="ds-button" href="([^"]+)"|href="([^"]+)"[^>]*class="ds-button"/
        .exec(each)
        ?.slice(1)
        .find(Boolean)
        ?.replaceAll('&amp;', '&'),
    })),
  )

/** Does the page offer a form or a disclosed act, beyond those that stand in every frame? */
const offersAct = (html: string): boolean =>
  /<form[^>]*method="post"/.test(html.slice(html.indexOf('id="main"'), html.indexOf('</main>')))

test.each(accounts.map(({ login, role }) => [login, role]))('%s, %s', async (login) => {
  const reader = await web.signIn(login)
  const { status, html } = await reader.get('/work')
  expect(status).toBe(200)
  const items = itemsIn(html)
  const opened = new Map<string, boolean>()
  for (const item of items) {
    if (item.act === undefined) {
      expect(textOf(item.html)).toMatch(/Waits for: |Can be done by /)
      continue
    }
    if (!opened.has(item.act)) {
      const page = await reader.get(item.act)
      expect([login, item.act, page.status]).toEqual([login, item.act, 200])
      opened.set(item.act, offersAct(page.html))
    }
    expect([login, item.act, opened.get(item.act)]).toEqual([login, item.act, true])
  }
  // Lists that go on, and pages on which many are settled together.
  for (const [, cluster] of html.matchAll(/<p class="cw-cluster">([\s\S]*?)<\/p>/g))
    for (const link of linksIn(cluster!)) expect([link, (await reader.get(link)).status]).toEqual([link, 200])
})

test('what waits for holders of other posts stands apart from what waits for the reader', async () => {
  const { html } = await (await web.signIn('lena')).get('/work')
  const [, mine, others] = /id="mine"([\s\S]*?)(?:id="possible"([\s\S]*?))(?:id="waiting"|<\/main>)/.exec(html)!
  expect(itemsIn(others!).length).toBeGreaterThan(0)
  for (const item of itemsIn(others!)) expect(textOf(item.html)).toContain('Waits for: ')
  // Hers are those of her own posts, and those that no holder of a post answers for.
  for (const item of itemsIn(mine!)) {
    const text = textOf(item.html)
    if (text.includes('Waits for: ')) expect(text).toMatch(/Waits for: (nobody|[^·]*\(vacant\)|[^·]*$)/)
  }
})

test('the interface gives the same: for whom it waits, and whether the caller may end it', async () => {
  const reader = await web.signIn('samira')
  type Item = { finding: string; yours: boolean; act: { href: string } | null; waitsFor: { post: string | null } }
  const found = async (query: string) =>
    JSON.parse((await reader.get(`/api/v1/findings?${query}`)).html) as { items: Item[]; next: string | null }
  const mine = (await found('mine=true&limit=200')).items
  expect(mine.map(({ finding }) => finding)).toContain('benefits.missed-path')
  for (const { yours, act } of mine) expect(yours).toBe(act !== null)
  const review = mine.find(({ finding }) => finding === 'benefits.missed-path')!
  expect(review).toMatchObject({ yours: true, waitsFor: { post: expect.any(String) } })
  const first = await found('limit=3')
  const second = await found(`limit=3&after=${first.next}`)
  expect([first.items.length, second.items.length]).toEqual([3, 3])
  expect((await reader.get('/api/v1/findings?finding=trees.tall')).status).toBe(422)
  expect((await web.nobody().get('/api/v1/findings')).status).toBe(401)
})

test('the interface names only what the caller may read, and refuses what is no identifier', async () => {
  const { rows } = await web.app.database.pool.query<{ account: string; id: string }>(
    `update findings.register f set "with" = f."with" || a.id from identity.account a
      where a.login = 'nils' and f.id = (select id from findings.register where finding = 'benefits.missed-path' and "closedAt" is null limit 1)
      returning a.id as account, f.id`,
  )
  const { account, id } = rows[0]!
  type Item = { id: string; with: string[] }
  const found = async (login: string, query: string) =>
    (JSON.parse((await (await web.signIn(login)).get(`/api/v1/findings?${query}`)).html) as { items: Item[] }).items
  const item = async (login: string) =>
    (await found(login, 'finding=benefits.missed-path&limit=200')).find((each) => each.id === id)
  expect((await item('nils'))?.with).toContain(account)
  expect((await item('samira'))?.with).not.toContain(account)
  expect(await found('nils', `record=${account}`)).toHaveLength(1)
  expect(await found('samira', `record=${account}`)).toEqual([])
  const reader = await web.signIn('samira')
  const none = '-'.repeat(36)
  for (const path of [`findings?record=${none}`, `findings?after=${none}`, `change-sets/${account}?after=${none}`])
    expect([path, (await reader.get(`/api/v1/${path}`)).status]).toEqual([path, 422])
})

test('a vacant post is filled, and the holding of somebody who has left ended, where their items lead', async () => {
  const system = contextOf(web.app, systemCaller, 'en')
  const held = await web.app.database.pool.query<{ code: string; person: string }>(
    `select r.code, h.person from directory.holding h join records.record r on r.id = h.record
      join records.record p on p.id = h.person where h."to" is null and r.state = 'active' and p.state = 'active'
      and h.person not in (select person from identity.account where person is not null)
      and (select count(*) from directory.holding o where o.person = h.person or o.record = h.record) = 1 order by r.code limit 1`,
  )
  const { code, person } = held.rows[0]!
  await inTransaction(system, (tx) =>
    write(tx, { source: 'test' }, [{ kind: 'directory.person', action: 'leave', id: person }]),
  )
  await refreshFindings(system)
  const reader = await web.signIn('nils')
  const form = `/directory/posts/${code}/rows/holding`
  type Item = { record: { code: string }; act: { href: string } | null }
  const actOf = async (finding: string) => {
    const { html } = await reader.get(`/api/v1/findings?finding=${finding}&limit=200`)
    return (JSON.parse(html) as { items: Item[] }).items.find(({ record }) => record.code === code)?.act?.href
  }
  expect(await actOf('directory.left')).toBe(form)
  const shown = formIn((await reader.get(form)).html, form)
  const line = Object.entries(shown)
    .find(([name, [value]]) => value === person && /^\d/.test(name))![0]
    .split('.')[0]
  const ended = await reader.post(form, { ...shown, [`${line}.to`]: '2026-01-01', why: 'They have left.' })
  expect(ended.status).toBe(303)
  expect(await actOf('directory.left')).toBeUndefined()
  // Now the post is vacant, and the same form names who follows.
  await refreshFindings(system)
  expect([await actOf('directory.vacant'), await actOf('directory.vacant-owning')]).toContain(form)
  expect((await reader.get(`/directory/posts/${code}/deputies`)).to).toBe(`/directory/posts/${code}/rows/deputy`)
})
