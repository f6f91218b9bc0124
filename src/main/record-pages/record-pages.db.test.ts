/** What people do on the pages of records, posted as browsers do it without a script. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administrator, analyst } from '#test/kit/people.ts'
import { formIn, linksIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/web.ts'

let web: TestWeb
let admin: Reader
let helper: Reader
beforeAll(async () => {
  web = await openWeb()
  admin = await web.signIn(administrator)
  helper = await web.signIn(analyst)
})
afterAll(() => web?.close())

const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await web.app.database.pool.query(text, values)).rows as Row[]
const codeOf = async (kind: string, where = 'true') =>
  (
    await rows<{ code: string }>(
      `select code from records.record where kind = $1 and "retiredAt" is null and ${where} order by code limit 1`,
      [kind],
    )
  )[0]!.code
const recordOf = async (code: string) =>
  (
    await rows<{
      id: string
      title: Record<string, string>
      state: string
      audience: string
      version: number
      retiredAt: string | null
    }>('select * from records.record where code = $1', [code])
  )[0]!
const mistakesIn = (html: string) => {
  const start = html.indexOf('id="mistakes"')
  return start < 0 ? '' : textOf(html.slice(start, html.indexOf('</ul>', start)))
}
const made = (to: string | undefined) => to?.split('/').at(-1) ?? ''
const newObjective = async (title: string) => {
  const form = formIn((await admin.get('/strategy/objectives/new')).html, '/strategy/objectives/new')
  const { to } = await admin.post('/strategy/objectives/new', { ...form, 'title.en': title, level: '1' })
  return made(to)
}

describe('a list', () => {
  test('shows how many there are, narrows by words and state, and sorts by links', async () => {
    const { html } = await admin.get('/strategy/objectives')
    const [{ n }] = (await rows<{ n: string }>(
      `select count(*) as n from records.record where kind = 'strategy.objective' and "retiredAt" is null`,
    )) as [{ n: string }]
    expect(textOf(html)).toContain(`: ${n}`)
    expect(linksIn(html)).toContain('/strategy/objectives?sort=-code')
    const none = await admin.get('/strategy/objectives?state=dropped&q=zzzz')
    expect(none.status).toBe(200)
    expect(textOf(none.html)).toContain('Nothing matches')
    expect((await admin.get('/strategy/objectives?nonsense=1')).status).toBe(422)
  })

  test('goes on by keyset to the last record and back to the first page', async () => {
    const seen = new Set<string>()
    let next: string | undefined = '/indicators/indicators?sort=-title'
    for (let page = 0; next && page < 10; page++) {
      const { html } = await admin.get(next)
      for (const link of linksIn(html)) if (/^\/indicators\/indicators\/IND-\d+$/.test(link)) seen.add(link)
      next = / rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    const [{ n }] = (await rows<{ n: string }>(
      `select count(*) as n from records.record where kind = 'indicators.indicator' and "retiredAt" is null`,
    )) as [{ n: string }]
    expect(seen.size).toBe(Number(n))
  })

  test('shows nobody public records only, without the columns of the house', async () => {
    const inside = await admin.get('/strategy/objectives?audience=organisation')
    const hidden = linksIn(inside.html).find((link) => /OBJ-\d+$/.test(link))
    const outside = await web.nobody().get('/strategy/objectives')
    expect(outside.html).not.toContain('Who may read it')
    expect(outside.html).not.toContain('/strategy/objectives/new')
    if (hidden) expect(outside.html).not.toContain(`"${hidden}"`)
    expect((await admin.get('/strategy/objectives')).html).toContain('Who may read it')
  })
})

describe('a form', () => {
  test('lists everything that is wrong at once, beside the fields too, and loses nothing that was typed', async () => {
    const { html } = await admin.get('/strategy/objectives/new')
    const form = formIn(html, '/strategy/objectives/new')
    const answer = await admin.post('/strategy/objectives/new', {
      ...form,
      'title.en': '',
      'title.zh-Hans': '更清洁的空气',
      'description.en': 'Kept <as> typed',
      level: 'nine',
      'links.contributesTo.0.to': 'no such outcome at all',
    })
    expect(answer.status).toBe(422)
    const mistakes = mistakesIn(answer.html)
    for (const said of ['no such outcome at all', 'whole number', 'needed']) expect(mistakes).toContain(said)
    const again = formIn(answer.html, '/strategy/objectives/new')
    expect(again['title.zh-Hans']).toEqual(['更清洁的空气'])
    expect(again['description.en']).toEqual(['Kept <as> typed'])
    expect(again.level).toEqual(['nine'])
    expect(again['links.contributesTo.0.to']).toEqual(['no such outcome at all'])
    for (const [, target] of answer.html.matchAll(/<li><a href="#([^"]+)"/g))
      expect(answer.html).toContain(`id="${target}"`)
  })

  test('is filled in by its address, and makes the record with its links', async () => {
    const outcome = await codeOf('strategy.outcome')
    const address = `/strategy/objectives/new?links.contributesTo=${outcome}&level=2`
    const { html } = await admin.get(address)
    const form = formIn(html, '/strategy/objectives/new')
    const { id } = await recordOf(outcome)
    expect(form.level).toEqual(['2'])
    expect(form['links.contributesTo.0.to']).toEqual([id])
    const answer = await admin.post('/strategy/objectives/new', {
      ...form,
      'title.en': 'Shade on every square',
      'links.contributesTo.0.weight': '0.5',
      why: 'Asked for by the council',
    })
    expect(answer.status).toBe(303)
    const show = await admin.get(answer.to!)
    expect(textOf(show.html)).toContain('Shade on every square')
    expect(linksIn(show.html)).toContain(`/strategy/outcomes/${outcome}`)
    const history = await admin.get(`${answer.to}/history`)
    expect(textOf(history.html)).toContain('Asked for by the council')
    expect(textOf(history.html)).toContain('Nils Arkwright-Boe')
    expect(textOf(history.html)).toContain('weight 0.5')
  })

  test('takes a code, a code with its name, or a name that only one record has, and suggests where it is unclear', async () => {
    const indicator = await codeOf('indicators.indicator')
    const { id, title } = await recordOf(indicator)
    const outcome = await codeOf('strategy.outcome')
    const edit = `/strategy/outcomes/${outcome}/edit`
    const form = formIn((await admin.get(edit)).html, edit)
    for (const typed of [indicator.toLowerCase(), `${indicator} — ${title.en}`, title.en!, id]) {
      const looked = await admin.post(edit, { ...form, headlineIndicator: typed, act: 'search' })
      expect(looked.status).toBe(422)
      expect(formIn(looked.html, edit).headlineIndicator![0]).toContain(indicator)
      expect(mistakesIn(looked.html)).toBe('')
    }
    const unclear = await admin.post(edit, { ...form, headlineIndicator: 'the', act: 'search' })
    const none = await admin.post(edit, { ...form, headlineIndicator: 'qqqqqq', act: 'search' })
    expect(mistakesIn(none.html)).toContain('qqqqqq')
    expect(unclear.html).toContain('<datalist')
  })

  test('gives more rows for links without saving anything', async () => {
    const form = formIn((await admin.get('/strategy/objectives/new')).html, '/strategy/objectives/new')
    const more = await admin.post('/strategy/objectives/new', {
      ...form,
      'title.en': 'Half typed',
      act: 'more:links.under',
    })
    const again = formIn(more.html, '/strategy/objectives/new')
    expect(Number(again['rows.links.under']![0])).toBe(Number(form['rows.links.under']![0]) + 3)
    expect(again['title.en']).toEqual(['Half typed'])
    expect(await rows(`select 1 from records.record where title->>'en' = 'Half typed'`)).toEqual([])
  })

  test('that is saved untouched changes nothing, for every kind with a record', async () => {
    let tried = 0
    for (const { declaration } of web.app.house.kinds.values()) {
      const [found] = await rows<{ code: string; version: number }>(
        `select code, version from records.record where kind = $1 and "retiredAt" is null order by code limit 1`,
        [declaration.kind],
      )
      const edit = `/${declaration.kind.split('.')[0]}/${declaration.plural}/${found?.code}/edit`
      const { status, html } = await admin.get(edit)
      if (!found || status !== 200 || !html.includes(`action="${edit}"`)) continue
      const answer = await admin.post(edit, formIn(html, edit))
      tried++
      expect(`${edit} ${answer.status} ${mistakesIn(answer.html)}`).toBe(`${edit} 303 `)
      expect((await recordOf(found.code)).version, edit).toBe(found.version)
    }
    expect(tried).toBeGreaterThan(8)
  })
})

describe('two people at one record', () => {
  test('the second sees what it was, what the first saved and what they typed, and may keep a side of each field', async () => {
    const code = await newObjective('Trees in every street')
    const edit = `/strategy/objectives/${code}/edit`
    const opened = formIn((await admin.get(edit)).html, edit)
    expect(
      (
        await helper.post(edit, {
          ...formIn((await helper.get(edit)).html, edit),
          'title.en': 'Trees in most streets',
          level: '3',
        })
      ).status,
    ).toBe(303)
    const answer = await admin.post(edit, { ...opened, 'title.en': 'Trees in all streets', 'description.en': 'Mine' })
    expect(answer.status).toBe(422)
    const text = textOf(answer.html)
    for (const side of ['Trees in every street', 'Trees in most streets', 'Trees in all streets'])
      expect(text).toContain(side)
    const conflict = formIn(answer.html, edit)
    expect(conflict['description.en']).toEqual(['Mine'])
    const saved = await admin.post(edit, { ...conflict, 'keep.title': 'mine' })
    expect(saved.status).toBe(303)
    const { title, id } = await recordOf(code)
    expect(title.en).toBe('Trees in all streets')
    const [fields] = await rows('select level, description from strategy.objective where id = $1', [id])
    // The level was changed by the first only, the description by the second only: both stay.
    expect(fields).toEqual({ level: 3, description: { en: 'Mine' } })
  })

  test('the second may save everything as they typed it', async () => {
    const code = await newObjective('Quiet nights')
    const edit = `/strategy/objectives/${code}/edit`
    const opened = formIn((await admin.get(edit)).html, edit)
    await helper.post(edit, { ...formIn((await helper.get(edit)).html, edit), 'title.en': 'Quieter nights' })
    const answer = await admin.post(edit, { ...opened, 'title.en': 'Silent nights' })
    await admin.post(edit, { ...formIn(answer.html, edit), act: ['merge', 'mine'] })
    expect((await recordOf(code)).title.en).toBe('Silent nights')
  })
})

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
