/** What people do on the pages of records, posted as browsers do it without a script. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formIn, linksIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { administrator, analyst } from '#test/kit/people.ts'
import { beside, mistakesIn } from '#test/kit/record-pages.ts'

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

  test('calls a part of a value as its box is called, and says how a number is written', async () => {
    const { html } = await admin.get('/benefits/benefits/new')
    const answer = await admin.post('/benefits/benefits/new', {
      ...formIn(html, '/benefits/benefits/new'),
      'title.en': 'Fewer letters',
      worth: '1,234.56',
    })
    expect(answer.status).toBe(422)
    const mistakes = mistakesIn(answer.html)
    expect(mistakes).toContain('Full value a year, in money: Amount: This is not a number. Write it like 1234.56')
    expect(mistakes).toContain('Full value a year, in money: Currency: This is needed.')
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

  test('shows the links that start at the record, not those that lead to it', async () => {
    const [pair] = await rows<{ lower: string; upper: string; upperId: string; above: string }>(
      `select f.code as lower, t.code as upper, t.id as "upperId",
        (select count(*) from records.link l where l."from" = t.id and l.name = 'strategy.objective.under') as above
       from records.link l join records.record f on f.id = l."from" join records.record t on t.id = l."to"
       where l.name = 'strategy.objective.under' order by above, f.code limit 1`,
    )
    const held = async (code: string) => {
      const edit = `/strategy/objectives/${code}/edit`
      return Object.entries(formIn((await admin.get(edit)).html, edit))
        .filter(([name, [value]]) => /^links\.under\.\d+\.to$/.test(name) && value)
        .map(([, value]) => value[0])
    }
    expect(await held(pair!.lower)).toContain(pair!.upperId)
    expect((await held(pair!.upper)).length).toBe(Number(pair!.above))
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
    for (const { declaration } of web.app.registry.kinds.values()) {
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

test('a form asks for what a later step needs only where that step has been taken, and editing loses nothing of it', async () => {
  const asked = (html: string, action: string) => Object.keys(formIn(html, action)).map((name) => name.split('.')[0])
  const fresh = asked((await admin.get('/benefits/benefits/new')).html, '/benefits/benefits/new')
  expect(fresh).toEqual(expect.arrayContaining(['benefitType', 'dueOn']))
  for (const later of ['dropReason', 'validation', 'handedOverOn']) expect(fresh).not.toContain(later)
  const { html } = await admin.get('/benefits/benefits/new?dropReason=Known%20already')
  expect(asked(html, '/benefits/benefits/new')).toContain('dropReason')

  const code = await codeOf('benefits.benefit', `state = 'dropped'`)
  const edit = `/benefits/benefits/${code}/edit`
  const form = formIn((await admin.get(edit)).html, edit)
  expect(form['dropReason.en']![0]).not.toBe('')
  await admin.post(edit, { ...form, 'title.en': 'Given up' })
  const [kept] = await rows<{ text: string }>(
    `select t."dropReason"->>'en' as text from benefits.benefit t join records.record r on r.id = t.id where r.code = $1 and r.title->>'en' = 'Given up'`,
    [code],
  )
  expect(kept?.text).toBe(form['dropReason.en']![0])
})
