/**
 * Every page of the house over the demo city, in both languages, for an administrator and for nobody, and once more in
 * pseudo-locales. A page of a new room is visited from the day its manifest lists it: pages without parameters by their
 * address, those of records by a record, the others by the first link that leads to them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf } from '#kernel/projections/endpoints.ts'
import { type Language, languages } from '#kernel/words.ts'
import type { App } from '#platform/app.ts'
import { linksIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { administrator, analyst, finance, mayor, owner } from '#test/kit/people.ts'
import { allPages } from './server.ts'

/** Pages that need a state no link of the demo city leads to; each has a test of its own beside its room. */
const visitedElsewhere: readonly string[] = [
  '/import/:run',
  '/import/:run/columns',
  '/import/:run/table',
  '/import/:run/profile',
]

type Shape = { readonly path: string; readonly pattern: RegExp; readonly anyone: boolean }

const shapesOf = (app: App): Shape[] =>
  allPages(app).map(({ path, policy }) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`),
    anyone: policy === 'anyone',
  }))

/** The page that answers an address: one without parameters before one with. */
const shapeAt = (shapes: readonly Shape[], address: string) => {
  const fitting = shapes.filter((shape) => shape.pattern.test(address.split(/[?#]/)[0]!))
  return fitting.find((shape) => !shape.path.includes(':')) ?? fitting[0]
}

/** What is wrong with a page, whatever it is about. */
function faultsOf(html: string, language: string): string[] {
  const faults: string[] = []
  const text = textOf(html)
  const headings = html.match(/<h1[\s>]/g)?.length ?? 0
  if (headings !== 1) faults.push(`${headings} h1`)
  if (/ style="/.test(html)) faults.push('a style attribute')
  if (/<script/.test(html.replaceAll(/<script type="module" src="[^"]*"><\/script>/g, ''))) faults.push('inline script')
  if (!html.includes(`<html lang="${language}"`)) faults.push('another language')
  for (const [word] of text.matchAll(/\[[a-z][\w-]*(\.[\w -]+)+\]/g)) faults.push(`no word ${word}`)
  for (const odd of ['[object Object]', 'undefined', 'NaN', '{count', ', plural,'])
    if (text.includes(odd)) faults.push(`"${odd}" in the text`)
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!)
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`the id ${id} twice`)
  for (const [, , name] of html.matchAll(/ (for|aria-labelledby)="([^"]+)"/g))
    if (!ids.includes(name!)) faults.push(`nothing has the id ${name}`)
  for (const [form] of html.matchAll(/<form\b[^>]*method="post"[\s\S]*?<\/form>/g))
    if (!form.includes('name="csrf"')) faults.push('a form without its token')
  return [...new Set(faults)]
}

/**
 * Visits every page that can be reached; gives the faults by address, and which pages were seen. What is kept from the
 * first reader (separate hands: an administrator is not finance) is opened by the next one.
 */
async function sweep(
  app: App,
  [reader, ...others]: readonly [Reader, ...Reader[]],
  language: string,
  signedIn: boolean,
) {
  const shapes = shapesOf(app)
  const seen = new Map<string, string>()
  const faults: string[] = []
  const wanted: string[] = shapes.filter((shape) => !shape.path.includes(':')).map((shape) => shape.path)
  const { rows } = await app.database.pool.query<{ kind: string; code: string }>(
    `select distinct on (kind) kind, code from records.record where "retiredAt" is null ${signedIn ? '' : `and audience = 'public'`} order by kind, code`,
  )
  for (const { kind, code } of rows) {
    const base = addressOf(app.registry.kind(kind).declaration)
    for (const { path } of shapes)
      if (path.startsWith(`${base}/:`) && path.split(':').length === 2) wanted.push(path.replace(/:\w+/, code))
  }
  const first = new Set(wanted)
  const visited = new Set<string>()
  for (let address = wanted.shift(); address !== undefined; address = wanted.shift()) {
    const shape = shapeAt(shapes, address)
    if (!shape || visited.has(address) || (seen.has(shape.path) && !first.has(address))) continue
    visited.add(address)
    let answer = await reader.get(address)
    // A page may send its reader on; a list without rows is still a page.
    for (let step = 0; step < 3 && answer.status === 303 && answer.to; step++) {
      if (answer.to.startsWith('/sign-in')) break
      answer = await reader.get(answer.to)
    }
    if (!signedIn && !shape.anyone) {
      if (answer.status !== 303) faults.push(`${address}: ${answer.status} for somebody who is not signed in`)
      continue
    }
    for (const other of others) if (answer.status === 403) answer = await other.get(address)
    if (answer.status !== 200) {
      faults.push(`${address}: ${answer.status} ${textOf(answer.html).slice(0, 300)}`)
      continue
    }
    seen.set(shape.path, answer.html)
    // A page may be a file to take home.
    if (!answer.html.startsWith('<!doctype html>')) continue
    for (const fault of faultsOf(answer.html, language)) {
      // A word that is missing in the frame is missing on every page: it is told once.
      if (fault.startsWith('no word') && faults.some((each) => each.endsWith(fault))) continue
      faults.push(`${address}: ${fault}`)
    }
    for (const link of linksIn(answer.html)) {
      const target = shapeAt(shapes, link)
      if (target?.path.includes(':') && !seen.has(target.path) && !visited.has(link)) wanted.push(link)
    }
  }
  return { faults, seen, shapes }
}

const readersOf = async (from: TestWeb, language?: string) =>
  [await from.signIn(administrator, language), await from.signIn(finance, language)] as const

let web: TestWeb
beforeAll(async () => {
  web = await openWeb()
})
afterAll(() => web?.close())

describe.each([...languages])('in %s', (language) => {
  test('an administrator meets every page without a fault', async () => {
    const { faults, seen, shapes } = await sweep(web.app, await readersOf(web, language), language, true)
    expect(faults).toEqual([])
    const missed = shapes
      .map((shape) => shape.path)
      .filter((path) => !seen.has(path) && !visitedElsewhere.includes(path))
    expect(missed).toEqual([])
  })

  test('the public meets every public page, and no name of an officer', async () => {
    const { faults, seen } = await sweep(web.app, [web.nobody(language)], language, false)
    expect(faults).toEqual([])
    const { rows } = await web.app.database.pool.query<{ name: string }>(
      `select title->>'und' as name from records.record where kind = 'directory.person'`,
    )
    expect(rows.length).toBeGreaterThan(5)
    const reported = [...seen].flatMap(([path, html]) =>
      rows.filter(({ name }) => name && html.includes(name)).map(({ name }) => `${path}: ${name}`),
    )
    expect(reported).toEqual([])
  })
})

test.each([mayor, analyst, owner, finance])('%s is offered no link to a page that is closed to them', async (login) => {
  const reader = await web.signIn(login)
  const shapes = shapesOf(web.app)
  const tried = new Set<string>()
  const closed: string[] = []
  for (const { path } of shapes.filter((shape) => !shape.path.includes(':'))) {
    const answer = await reader.get(path)
    if (answer.status !== 200) continue
    for (const link of linksIn(answer.html)) {
      const target = shapeAt(shapes, link)
      if (!target || tried.has(target.path)) continue
      tried.add(target.path)
      if ((await reader.get(link)).status === 403) closed.push(`${path}: ${link}`)
    }
  }
  expect(tried.size).toBeGreaterThan(20)
  expect(closed).toEqual([])
})

/** The house with all its words changed. */
const withWords = (change: (text: string) => string) => (app: App) => {
  const { words } = app.registry
  const registry = Object.create(app.registry, {
    words: {
      value: {
        ...words,
        say: (language: Language) => (key: string, values?: Record<string, string | number>) =>
          change(words.say(language)(key, values)),
      },
    },
  }) as App['registry']
  return { ...app, registry }
}

describe('in pseudo-locales', () => {
  test('words that are 40 % longer go through every page', async () => {
    const longer = (text: string) => `${text}${'·'.repeat(Math.ceil(text.length * 0.4))}`
    const pseudo = await openWeb(withWords(longer))
    try {
      const { faults, seen } = await sweep(pseudo.app, await readersOf(pseudo), 'en', true)
      expect(faults).toEqual([])
      expect(seen.size).toBeGreaterThan(50)
    } finally {
      await pseudo.close()
    }
  })

  test('words of a language written from right to left go through every page, isolated from what they stand beside', async () => {
    // U+2067 … U+2069 isolate a right-to-left run, as mirrored words would be.
    const mirrored = (text: string) => `\u2067${text}\u2069`
    const pseudo = await openWeb(withWords(mirrored))
    try {
      const { faults } = await sweep(pseudo.app, await readersOf(pseudo), 'en', true)
      expect(faults).toEqual([])
    } finally {
      await pseudo.close()
    }
  })
})
