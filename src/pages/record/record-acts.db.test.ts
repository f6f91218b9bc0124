/** What people do on the pages of records, posted as browsers do it without a script. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formIn, linksIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { administrator, analyst } from '#test/kit/people.ts'
import { beside, made, mistakesIn } from '#test/kit/record-pages.ts'

let web: TestWeb
let admin: Reader
let helper: Reader
beforeAll(async () => {
  web = await openWeb()
  admin = await web.signIn(administrator)
  helper = await web.signIn(analyst)
})
afterAll(() => web?.close())

const { rows, codeOf, recordOf, newObjective } = beside(
  () => web,
  () => admin,
)

describe('what may be done to a record', () => {
  test('a verb asks for what the next state needs, names what is missing, and keeps the reason', async () => {
    const code = await newObjective('Warm homes')
    const address = `/strategy/objectives/${code}`
    const form = formIn((await admin.get(address)).html, address)
    const bad = await admin.post(address, { ...form, do: 'agree', owner: 'nobody of that name', organisation: '' })
    expect(bad.status).toBe(422)
    expect(mistakesIn(bad.html)).toContain('nobody of that name')
    const [post] = await rows<{ id: string; organisation: string }>(
      `select id, organisation from records.record where kind = 'directory.post' and "retiredAt" is null order by code limit 1`,
    )
    const good = await admin.post(address, {
      ...form,
      do: 'agree',
      owner: post!.id,
      organisation: post!.organisation,
      why: 'Agreed in the council',
    })
    expect(good.status).toBe(303)
    expect((await recordOf(code)).state).toBe('agreed')
    const history = textOf((await admin.get(`${address}/history`)).html)
    expect(history).toContain('Agreed in the council')
  })

  test('what is taken out of use says so and comes back', async () => {
    const code = await newObjective('Clean rivers')
    const address = `/strategy/objectives/${code}`
    const { version } = await recordOf(code)
    await admin.post(address, { do: 'retire', version: String(version), why: 'Written twice' })
    const gone = await admin.get(address)
    expect(gone.status).toBe(200)
    const text = textOf(gone.html)
    expect(text).toContain('taken out of use')
    expect(text).toContain('Written twice')
    expect((await admin.get('/strategy/objectives?q=clean+rivers')).html).not.toContain(`"${address}"`)
    expect((await helper.get(address)).html).not.toContain('value="restore"')
    expect((await helper.post(address, { do: 'restore' })).status).toBe(403)
    await admin.post(address, { do: 'restore', why: '' })
    expect((await recordOf(code)).retiredAt).toBeNull()
  })

  test('publishing shows beforehand what the public will see, and what is not translated; nobody reads it before', async () => {
    const outcome = await codeOf('strategy.outcome', `audience = 'public'`)
    const form = formIn(
      (await admin.get(`/strategy/objectives/new?links.contributesTo=${outcome}`)).html,
      '/strategy/objectives/new',
    )
    const [post] = await rows<{ id: string; organisation: string }>(
      `select id, organisation from records.record where kind = 'directory.post' and "retiredAt" is null order by code limit 1`,
    )
    const answer = await admin.post('/strategy/objectives/new', {
      ...form,
      'title.en': 'Light at every crossing',
      level: '1',
      owner: post!.id,
      organisation: post!.organisation,
    })
    const address = answer.to!
    const nobody = web.nobody()
    expect((await nobody.get(address)).status).toBe(404)
    const look = await admin.get(`${address}/publish`)
    expect(look.status).toBe(200)
    const preview = look.html.slice(look.html.indexOf('id="preview"'))
    expect(textOf(preview)).toContain('Light at every crossing')
    expect(linksIn(preview)).toContain(`/strategy/outcomes/${outcome}`)
    expect(preview).not.toContain(`/directory/posts/${post!.id}`)
    expect(textOf(look.html)).toContain('简体中文')
    const shown = formIn(look.html, `${address}/publish`)
    const later = await admin.post(`${address}/publish`, { ...shown, from: '2999-01-01' })
    expect(later.status).toBe(303)
    expect((await nobody.get(address)).status).toBe(404)
    expect(textOf((await admin.get(address)).html)).toContain('2999')
    expect((await admin.post(`${address}/publish`, { ...shown, from: '2999-02-31' })).status).toBe(422)
    const done = await admin.post(`${address}/publish`, { ...shown, from: '' })
    expect(done.status).toBe(303)
    expect((await nobody.get(address)).status).toBe(200)
    const { version } = await recordOf(made(address))
    await admin.post(address, { do: 'withdraw', version: String(version) })
    expect((await nobody.get(address)).status).toBe(404)
  })

  test('is offered to nobody who may not do it, and refused when asked for all the same', async () => {
    const code = await codeOf('strategy.outcome', `audience = 'public'`)
    const address = `/strategy/outcomes/${code}`
    const { html } = await web.nobody().get(address)
    expect(html).not.toContain('name="do"')
    expect(html).not.toContain(`${address}/edit`)
    expect((await web.nobody().post(address, { do: 'retire' })).status).toBe(403)
    expect((await web.nobody().get(`${address}/history`)).to).toContain('/sign-in')
    expect((await helper.post(address, { do: 'retire' })).status).toBe(403)
  })
})

describe('history', () => {
  test('a change set can be undone whole; what was edited since is named, and the rest undone on request', async () => {
    const code = await newObjective('Safe crossings')
    const edit = `/strategy/objectives/${code}/edit`
    const opened = formIn((await admin.get(edit)).html, edit)
    await admin.post(edit, { ...opened, 'title.en': 'Safer crossings', 'description.en': 'With signals' })
    const [set] = await rows<{ id: string }>('select id from records."changeSet" order by id desc limit 1')
    const page = await admin.get(`/history/${set!.id}`)
    expect(textOf(page.html)).toContain('Safer crossings')
    await helper.post(edit, { ...formIn((await helper.get(edit)).html, edit), 'title.en': 'Safest crossings' })
    const refused = await admin.post(`/history/${set!.id}`, {})
    expect(refused.status).toBe(422)
    expect(textOf(refused.html)).toContain('Name')
    const partly = await admin.post(`/history/${set!.id}`, { mode: 'possible' })
    expect(partly.status).toBe(303)
    const { title, id } = await recordOf(code)
    expect(title.en).toBe('Safest crossings')
    expect(await rows('select description from strategy.objective where id = $1', [id])).toEqual([
      { description: null },
    ])
    expect(textOf((await admin.get(partly.to!)).html)).toContain('takes back an earlier change')
  })

  test('rows are summarised, and a correction says which value became which', async () => {
    const [row] = await rows<{ code: string }>(
      `select r.code from records.entry e join records.record r on r.id = e.record
       where e.content like '%"rows":{"measurement":%' and e.content not like '%"before":null,"id"%' limit 1`,
    )
    const text = textOf((await admin.get(`/indicators/indicators/${row!.code}/history`)).html)
    expect(text).toMatch(/\d+ added/)
    expect(text).toMatch(/1 corrected: [^;]+ → /)
  })

  test('the page of the seal shows everybody the head, and the latest changes to those who are signed in', async () => {
    const open = textOf((await web.nobody().get('/history')).html)
    expect(open).toMatch(/verify --against \d+:[0-9a-f]{64}/)
    expect(open).not.toContain('Latest changes')
    expect(textOf((await admin.get('/history')).html)).toContain('Latest changes')
  })
})

describe('search', () => {
  test('finds in both scripts, groups by kind with counts, narrows to one kind, and finds a number', async () => {
    const [outcome] = await rows<{ code: string; title: Record<string, string> }>(
      `select code, title from records.record where kind = 'strategy.outcome' and audience = 'public' order by code limit 1`,
    )
    const address = `/strategy/outcomes/${outcome!.code}`
    const chinese = outcome!.title['zh-Hans']!.replaceAll(/[^\p{Script=Han}]/gu, '').slice(0, 3)
    for (const asked of [outcome!.code, chinese, outcome!.title.en!.split(' ').slice(0, 2).join(' ')]) {
      const { html } = await web.nobody().get(`/search?q=${encodeURIComponent(asked)}`)
      expect(linksIn(html), asked).toContain(address)
    }
    const one = await admin.get('/search?q=a&kind=directory.post')
    expect(linksIn(one.html).filter((link) => link.startsWith('/strategy/outcomes/'))).toEqual([])
    expect(textOf((await admin.get('/search?q=qqqqqqq')).html)).toContain('Nothing found')
    expect((await admin.get('/search?q=%00%F0%9F')).status).toBe(200)
  })
})

describe('the line of sight', () => {
  test('leads from a sentence of the vision to an indicator and back on the public side', async () => {
    const sentences = await rows<{ code: string }>(
      `select code from records.record where kind = 'strategy.sentence' and audience = 'public' and "retiredAt" is null`,
    )
    const nobody = web.nobody()
    const down: string[] = []
    for (const { code } of sentences)
      down.push(
        ...linksIn((await nobody.get(`/strategy/sentences/${code}`)).html).filter((link) => /\/IND-\d+$/.test(link)),
      )
    expect(down.length).toBeGreaterThan(0)
    const up = linksIn((await nobody.get(down[0]!)).html).filter((link) => /\/SEN-\d+$/.test(link))
    expect(up.length).toBeGreaterThan(0)
  })
})
