import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf } from '#kernel/projections/endpoints.ts'
import { catchUp } from '#platform/events.ts'
import { type Browser, openWeb, type TestWeb } from '#test/kit/visitors.ts'
import people from '../modules/directory/samples/people.json' with { type: 'json' }
import { subscribers } from './app.ts'

let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
  await catchUp(web.ctx(), web.app.database, subscribers())
})
afterAll(() => web.close())

const maxPages = 700

/** Names and addresses of people that occur in a text. */
const named = (text: string) => {
  const plain = text.replaceAll('&#39;', "'").replaceAll('&amp;', '&')
  return people.flatMap(({ name, email }) => [name, email]).filter((each) => plain.includes(each))
}

/** Everything of ours that a page leads to, but for workbooks: they are packed, so that no name would be seen in them. */
const linksOf = (text: string) =>
  [...text.matchAll(/(?:href|action)="(\/[^"#]*)/g)]
    .map((match) => match[1]!.replaceAll('&amp;', '&'))
    .filter((path) => !/[?&](language|scheme|sort)=|^\/styles|^\/sign-|\/download\/xlsx/.test(path))

async function crawl(browser: Browser, starts: readonly string[]): Promise<Map<string, string>> {
  const pages = new Map<string, string>()
  const waiting = [...starts]
  for (let path = waiting.shift(); path !== undefined && pages.size < maxPages; path = waiting.shift()) {
    if (pages.has(path)) continue
    const { text, location } = await browser.get(path)
    pages.set(path, text)
    waiting.push(...linksOf(text), ...(location ? [location] : []))
  }
  return pages
}

test('no page that anybody may read shows the name or address of a person', async () => {
  const lists = [...web.app.registry.kinds.values()].map((known) => addressOf(known.declaration))
  const starts = ['/', '/start', '/about', '/history', '/search', ...lists]
  const pages = await crawl(web.browser(), starts)
  expect(pages.size).toBeGreaterThan(100)
  const telling = [...pages]
    .map(([path, text]) => ({ path, names: named(text) }))
    .filter(({ names }) => names.length > 0)
  expect(telling).toEqual([])
}, 180_000)

test('nor does the interface, a search or a history', async () => {
  const nobody = web.browser()
  const json = { accept: 'application/json' }
  const texts: Array<[string, string]> = []
  for (const known of web.app.registry.kinds.values()) {
    const path = `/api/v1${addressOf(known.declaration)}`
    const answer = await nobody.get(`${path}?limit=200`, json)
    texts.push([path, answer.text])
    const first = (JSON.parse(answer.text) as { items?: Array<{ id: string }> }).items?.[0]
    for (const below of first ? ['', '/history', ...Object.keys(known.declaration.rows).map((rows) => `/${rows}`)] : [])
      texts.push([`${path}${below}`, (await nobody.get(`${path}/${first!.id}${below}`, json)).text])
  }
  for (const { name } of people.slice(0, 5)) {
    const [given, family] = name.split(' ') as [string, string]
    // The page says the word back, so the other half of the name must not come with it.
    const found = (await nobody.get(`/search?q=${encodeURIComponent(given)}`)).text
    expect([given, found.includes(family)]).toEqual([given, false])
    texts.push([`search ${given}`, (await nobody.get(`/api/v1/search?q=${encodeURIComponent(given)}`, json)).text])
  }
  expect(texts.map(([path, text]) => ({ path, names: named(text) })).filter(({ names }) => names.length > 0)).toEqual(
    [],
  )
})

test('whoever is signed in does read who holds a post, so that the sweep means something', async () => {
  const browser = web.browser()
  await browser.signIn('mayor')
  const { text } = await browser.get('/directory/people')
  expect(named(text).length).toBeGreaterThan(10)
})
