/** Every figure over the demo city: the list it leads to shows as many records as it counted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages } from '#kernel/words.ts'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { type FigureResult, latestResults, measureFigures } from '#platform/figures/index.ts'
import { write } from '#platform/records/index.ts'
import { linksIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { administrator, owner } from '#test/kit/people.ts'
import { faultsOfPage } from '#test/kit/sweep.ts'
import { type OpenedApp, subscribers } from './app.ts'
import { catchUpCommand } from './commands/catch-up.ts'
import { figuresOf } from './modules.ts'

let web: TestWeb
let reader: Reader
let results: Map<string, FigureResult>
beforeAll(async () => {
  web = await openWeb()
  const ctx = contextOf(web.app, systemCaller, 'en')
  await catchUp(ctx, web.app.database, subscribers())
  await measureFigures(ctx)
  results = await latestResults(ctx.db, ctx.figures)
  reader = await web.signIn(administrator)
})
afterAll(() => web?.close())

/** Codes of the records that a list shows, over all its pages. */
async function codesAt(address: string, prefix: string): Promise<Set<string>> {
  const codes = new Set<string>()
  for (let next: string | undefined = address; next; ) {
    const { status, html }: { status: number; html: string } = await reader.get(next)
    expect(status, next).toBe(200)
    // The records that it can be narrowed by are not those that it shows.
    const main = html.slice(html.indexOf('<main')).replaceAll(/<(select|datalist)[\s\S]*?<\/\1>/g, '')
    for (const [code] of textOf(main).matchAll(new RegExp(`\\b${prefix}-\\d{4,}`, 'g'))) codes.add(code)
    for (const link of linksIn(main)) {
      const [code] = new RegExp(`\\b${prefix}-\\d{4,}$`).exec(link) ?? []
      if (code) codes.add(code)
    }
    next = / rel="next" href="([^"]+)"/.exec(main)?.[1]?.replaceAll('&amp;', '&')
  }
  return codes
}

describe.each(figuresOf().map((figure) => [figure.id, figure] as const))('%s', (id, figure) => {
  test('counts what its list shows, and what is lacking', async () => {
    const { failed, of, met, unknown, query, lacking } = results.get(id)!
    expect(failed).toBe(false)
    const prefix = web.app.registry.kind(figure.reads[0]!).declaration.code
    expect((await codesAt(query!, prefix)).size).toBe(Number(of))
    if (lacking) {
      expect((await codesAt(lacking, prefix)).size).toBe(Number(of) - Number(met) - Number(unknown))
    }
  })
})

test('the figures of the demo city say something', () => {
  const shares = [...results.values()].filter(({ met }) => met !== null)
  expect(shares.length).toBeGreaterThan(8)
  expect(shares.filter(({ of }) => Number(of) > 0).length).toBe(shares.length)
  expect(shares.some(({ of, met }) => Number(met) < Number(of))).toBe(true)
})

test('the page of all figures gives each with its counts, its age and a link to its records', async () => {
  const { html } = await reader.get('/figures')
  const text = textOf(html)
  const { met, of } = results.get('benefits.changes-adopted')!
  expect(text).toContain('Business changes adopted')
  expect(text).toContain(`${met} of ${of}`)
  expect(text).toContain('Measured today')
  expect(linksIn(html)).toContain('/benefits/changes?state=agreed,under-way,adopted')
  const one = await reader.get('/figures/benefits.changes-adopted')
  expect(textOf(one.html)).toContain('As things stood on')
  expect((await reader.get('/figures/benefits.gone')).status).toBe(404)
  // Each room is folded, and says in one line how its figures stand.
  const folds = [...html.matchAll(/<details class="cw-disclosure"( open)?><summary>([\s\S]*?)<\/summary>/g)]
  const rooms = new Set(figuresOf().map(({ id: asked }) => asked.split('.')[0]))
  expect(folds.length).toBe(rooms.size)
  expect(folds.every(([, open]) => open === undefined)).toBe(true)
  const lines = folds.map(([, , summary]) => textOf(summary!).trim())
  expect(lines.every((line) => /^\d+ figures?( · |$)/.test(line))).toBe(true)
  expect(lines.some((line) => / · lowest share: .+, [\d.]+ %/.test(line))).toBe(true)
  // A share is evidence, and says for what.
  expect(textOf(one.html)).toContain('7-1 Have a framework that maps, tracks and delivers benefits')
})

test('the interface gives figures with their history to whoever is signed in', async () => {
  const { html } = await (await web.signIn(owner)).get('/api/v1/figures')
  const { items } = JSON.parse(html) as { items: Array<Record<string, unknown>> }
  expect(items.map(({ id }) => id)).toEqual(figuresOf().map(({ id }) => id))
  const one = JSON.parse((await reader.get('/api/v1/figures/strategy.outcomes-with-owner')).html)
  const { met, of } = results.get('strategy.outcomes-with-owner')!
  expect(one.result).toMatchObject({ is: 'value', met: Number(met), of: Number(of), method: 1 })
  expect(one.history).toHaveLength(1)
  expect((await reader.get('/api/v1/figures/strategy.gone')).status).toBe(404)
  expect((await web.nobody().get('/api/v1/figures')).status).toBe(401)
})

describe('an indicator of the demo city whose values come from a figure of another room', () => {
  // By hand, as where no worker ran when the period closed.
  const bring = async () => {
    const io = { app: async () => ({ app: web.app }) as OpenedApp, out() {}, err() {} }
    expect(await catchUpCommand.run(['--json'], io)).toBe(0)
  }
  const newest = async () => {
    const { rows } = await web.app.database.pool.query<{ code: string; from: string; value: string; query: string }>(
      `select r.code, m."from", m.value, b.query from indicators.indicator i join records.record r on r.id = i.id
         join indicators.measurement m on m.record = r.id join indicators.brought b on b.indicator = r.id and b."from" = m."from"
       where i.figure = 'benefits.reviews-held' and m.status = 'provisional' order by m."from" desc limit 1`,
    )
    return rows[0]!
  }

  test('is brought in, leads on to the records counted, and is corrected when they change', async () => {
    await bring()
    const first = await newest()
    const { html } = await reader.get(`/indicators/indicators/${first.code}`)
    expect(textOf(html)).toContain('Values from the figure “Benefit reviews held”')
    expect(linksIn(html)).toContain(first.query)
    expect((await codesAt(first.query, 'REV')).size).toBe(Number(first.value))

    const ctx = contextOf(web.app, systemCaller, 'en')
    const { rows } = await web.app.database.pool.query<{ id: string; owner: string; organisation: string }>(
      `select id, owner, organisation from records.record where kind = 'benefits.benefit' and owner is not null limit 1`,
    )
    const { id: benefit, owner: post, organisation } = rows[0]!
    const values = {
      ...{ title: 'One more', benefit, plannedOn: first.from, heldOn: first.from, finding: 'It arrives.' },
      ...{ decision: 'continue', owner: post, organisation },
    }
    await inTransaction(ctx, (tx) =>
      write(tx, { source: 'test' }, [{ kind: 'benefits.review', action: 'create', state: 'held', values }]),
    )
    await bring()
    const second = await newest()
    expect(Number(second.value)).toBe(Number(first.value) + 1)
    expect((await codesAt(second.query, 'REV')).size).toBe(Number(second.value))
  })

  test('the line of sight of what it measures leads to it, and on to the very records counted', async () => {
    const { code } = await newest()
    const { rows } = await web.app.database.pool.query<{ code: string }>(
      `select o.code from records.record i join records.link l on l."from" = i.id join records.record o on o.id = l."to"
       where i.code = $1 and l.name = 'indicators.indicator.measures'`,
      [code],
    )
    const outcome = linksIn((await reader.get(`/strategy/outcomes/${rows[0]!.code}`)).html)
    expect(outcome.join(' ')).toContain(code)
    // The sentence of the vision that the outcome answers draws everything below it as a tree.
    const sentence = outcome.find((link) => link.startsWith('/strategy/sentences/'))!
    const links = linksIn((await reader.get(`${sentence}?sight=all`)).html)
    const { rows: results } = await web.app.database.pool.query<{ query: string; of: string }>(
      `select query, "of" from figures.result where figure = 'benefits.reviews-held' order by "asOf" desc limit 1`,
    )
    expect(links).toContain(results[0]!.query)
    const list = await reader.get(results[0]!.query)
    const counted = new Set(linksIn(list.html).flatMap((link) => /\/(REV-\d+)$/.exec(link)?.[1] ?? []))
    expect([list.status, counted.size]).toEqual([200, Number(results[0]!.of)])
  })

  test.each([...languages])('its pages, and those of the figures, have no fault in %s', async (language) => {
    const { code } = await newest()
    const somebody = await web.signIn(administrator, language)
    const one = `/indicators/indicators/${code}`
    for (const address of [
      '/figures',
      '/figures/benefits.reviews-held',
      '/figures/indicators.current',
      one,
      `${one}/figure`,
    ])
      expect([address, ...faultsOfPage((await somebody.get(address)).html, language)]).toEqual([address])
  })

  test('a person confirms the value on its page', async () => {
    const { code, from, value } = await newest()
    const page = `/indicators/indicators/${code}/figure`
    expect(textOf((await reader.get(page)).html)).toContain('Waiting for a person')
    const answer = await reader.post(page, { act: 'confirm', from, [`seen.${from}`]: value })
    expect(answer.to).toBe(page)
    const { rows } = await web.app.database.pool.query<{ status: string }>(
      `select m.status from indicators.measurement m join records.record r on r.id = m.record where r.code = $1 and m."from" = $2`,
      [code, from],
    )
    expect(rows).toEqual([{ status: 'actual' }])
  })
})
