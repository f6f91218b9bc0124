/** Lists as people use them: narrowed by a field of every type, walked through, grouped, on a board, in a calendar, as a file. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { geometry } from '#kernel/fields/geometry.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { migrationOf } from '#kernel/projections/columns.ts'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { record } from '#kernel/record.ts'
import { assertList, column, filter, list } from '#pages/list/declare.ts'
import { type App, contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { allow } from '#platform/policy.ts'
import { list as listOf, publish, write } from '#platform/records/index.ts'
import { freshDatabase } from '#test/kit/database.ts'
import { everyTypeRoom, fieldNames, thing, valuesOf } from '#test/kit/every-type.ts'
import { allTypes } from '#test/kit/field-types.ts'
import { formIn, linksIn, textOf } from '#test/kit/pages.ts'
import { type Browser, browserOf } from '#test/kit/visitors.ts'
import { compose } from './app.ts'
import { loadDemoCity } from './demo/load.ts'
import { migrationFolders, modules } from './modules.ts'
import { createWeb } from './server.ts'

const password = 'a long password of tests'
const quiet = { info() {}, warn() {}, error: console.error }
const { room: bare, close: forget } = everyTypeRoom()
const cases = [
  ...allTypes.map((type) => [type.type, fieldNames[type.type]!] as const),
  ['localized', 'localizedField'] as const,
]

/** Areas that stand behind a map. */
const quarter = record('trial.quarter', {
  code: 'TRQ',
  plural: 'quarters',
  title: { max: 200, localized: true },
  states: ['open'],
  fields: { boundary: geometry({ of: ['area'] }) },
})
writeFileSync(
  join(bare.folder, 'migrations', '203001010001-quarters.sql'),
  migrationOf(quarter).replace(/create schema[^;]*;/, ''),
)

let loads = 0
const room = {
  ...bare,
  kinds: [...bare.kinds!, quarter],
  policy: [
    ...bare.policy!,
    allow('administrator', ['create', 'change', 'retire', 'publish'], [quarter.kind], 'everywhere'),
  ],
  words: Object.fromEntries(
    Object.entries(bare.words).map(([language, words]) => [
      language,
      {
        ...words,
        ...Object.fromEntries(wordKeysOf(quarter).map((key) => [key, `«${key}»`])),
        'trial.double': 'Twice',
        'trial.big': 'Size',
        'trial.big.yes': 'Big',
        'trial.thing.view.big': 'Big ones',
      },
    ]),
  ) as unknown as typeof bare.words,
  lists: [
    list(thing, {
      columns: [
        'title',
        'code',
        'wholeField',
        'dayField',
        'moneyField',
        column('double', {
          label: 'trial.double',
          load: async (_ctx, ids) => {
            loads += 1
            return new Map(ids.map((id) => [id, id.slice(-4)]))
          },
          cell: (value) => ({ as: 'badge', text: `<${value}>` }),
        }),
      ] as never,
      filters: [
        ...cases.map(([, name]) => name),
        filter('big', {
          label: 'trial.big',
          of: ['yes'],
          where: () => sql`t."wholeField" >= 1000`,
        }),
      ] as never,
      sorts: ['code', 'title', 'wholeField', 'dayField'] as never,
      groups: ['choiceField', 'refField', 'flagField'] as never,
      sums: ['wholeField', 'moneyField'] as never,
      board: 'choiceField' as never,
      calendar: 'spanField' as never,
      map: { at: 'geometryField' as never, over: 'trial.quarter' },
      saved: [{ name: 'big', query: { big: 'yes' } }],
    }),
  ],
}
const rooms = [...modules, room]

let app: App
let browser: Browser
let body: string
let closing: Array<() => Promise<void>> = []
beforeAll(async () => {
  const database = await freshDatabase({ folders: [...migrationFolders, { module: 'trial', folder: room.folder }] })
  const opened = await compose(database, { log: quiet, rooms })
  app = opened.app
  await loadDemoCity(app, password)
  const server = await createWeb(app, {
    rooms,
    limits: { readsPerMinute: false, writesPerMinute: false, loopDelayMs: 0 },
  })
  closing = [() => server.close(), opened.close]
  browser = browserOf(server)
  expect((await browser.signIn('nils', password)).status).toBe(303)
  const { rows } = await database.pool.query(
    `select id from records.record where kind = 'directory.organisation' order by code limit 1`,
  )
  body = (rows[0] as { id: string }).id
})
afterAll(async () => {
  for (const each of closing) await each()
  forget()
})

const ctx = () => contextOf(app, systemCaller, 'en')
const make = async (values: ReadonlyArray<Record<string, unknown>>) =>
  (
    await transaction(app.database.kysely, (tx) =>
      write(
        { ...ctx(), db: tx },
        { source: 'test' },
        values.map((each) => ({ kind: thing.kind, action: 'create', values: { title: { en: 'A thing' }, ...each } })),
      ),
    )
  ).saved
const page = async (parameters: Record<string, string>) => {
  const { status, text } = await browser.get(`/trial/things?${new URLSearchParams(parameters)}`)
  expect([parameters, status, text.match(/\[(?:web|record|trial|problem)\.[\w.-]+\]/g) ?? []]).toEqual([
    parameters,
    200,
    [],
  ])
  return text
}
const codesIn = (html: string) => [...new Set(linksIn(html).flatMap((href) => /\/(TRL-\d+)$/.exec(href)?.[1] ?? []))]

/** What the control of a field would ask, so that exactly this value is found. */
function askedFor(type: string, name: string, value: unknown): Record<string, string> {
  const field = thing.fields[name]!
  const { compared, split } = fieldType(field.type)
  const { comparisons, as, choices } = compared(field)['']!
  const medium = { as: 'file', languages: ['en'], timeZone: 'UTC', readPeriod: () => null } as const
  const text = [split(value, field, medium)[''] ?? ''].flat()[0] ?? ''
  if (type === 'span' || type === 'period') {
    const { from } = value as { from: string }
    return { [`${name}.to[gt]`]: from, [`${name}[lte]`]: from }
  }
  if (choices || as === 'flag' || as === 'id' || as === 'ids') return { [name]: text }
  if (as === 'instant') return { [`${name}[gte]`]: text.slice(0, 10), [`${name}[lte]`]: text.slice(0, 10) }
  if (as === 'day' || as === 'whole' || as === 'decimal') return { [`${name}[gte]`]: text, [`${name}[lte]`]: text }
  return comparisons.includes('eq') ? { [name]: text } : { [name]: 'some' }
}

describe('a filter of', () => {
  test.each(cases)('%s has a control, finds what has the value and nothing without it', async (type, name) => {
    const field = thing.fields[name]!
    const values = valuesOf(type, field, fieldType(field.type).example(field), body)
    const value = fc.sample(values, { numRuns: 1, seed: 20261130 })[0]
    const [mine, without] = await make([
      { title: { en: `With ${name}` }, [name]: value },
      { title: { en: `No ${name}` } },
    ])
    const words = { q: name }
    const found = await page({ ...words, ...askedFor(type, name, value) })
    expect(codesIn(found)).toEqual([mine!.code])
    const controls = Object.keys(formIn(found, '/trial/things'))
    for (const key of Object.keys(askedFor(type, name, value))) expect(controls).toContain(key)
    const form = formIn(found, '/trial/things')
    if (!['ref', 'refs', 'refAny'].includes(type)) {
      for (const [key, asked] of Object.entries(askedFor(type, name, value))) expect(form[key]).toEqual([asked])
    }
    if (fieldType(field.type).compared(field)['']!.comparisons.includes('empty') && type !== 'flag') {
      expect(codesIn(await page({ ...words, [name]: 'none' }))).toEqual([without!.code])
      expect(codesIn(await page({ ...words, [`${name}[empty]`]: 'false' }))).toEqual([mine!.code])
    }
  })

  test('what no list can ask is refused, and so are ways to show it that it does not have', async () => {
    for (const asked of [
      'nothing=1',
      'big=no',
      'as=globe',
      'group=codeField',
      'month=2026-13',
      'wholeField[gte]=x',
      'sort=spanField.to',
      'as=map&geometryField=1,2,3',
    ])
      expect([asked, (await browser.get(`/trial/things?${asked}`)).status]).toEqual([asked, 422])
    expect((await browser.get('/strategy/outcomes?as=map')).status).toBe(422)
  })
})

describe('pages', () => {
  test('show every record once, those with a value first and in order, then those without, in both directions', async () => {
    await make(
      Array.from({ length: 130 }, (_, index) => ({
        title: { en: `Walked ${index % 7}` },
        ...(index % 3 === 0 ? {} : { wholeField: index % 11, dayField: `2026-01-${10 + (index % 9)}` }),
      })),
    )
    for (const field of ['wholeField', 'dayField', 'title', 'code'])
      for (const sort of [field, `-${field}`]) {
        const seen: string[] = []
        for (let next: string | undefined = `/trial/things?q=walked&sort=${sort}`; next; ) {
          const { text } = await browser.get(next)
          seen.push(...codesIn(text))
          next = / rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
        }
        expect([sort, seen.length, new Set(seen).size]).toEqual([sort, 130, 130])
        const { rows } = await listOf(ctx(), thing, { words: 'walked', sort, limit: 200 })
        expect(rows.map(({ code }) => code)).toEqual(seen)
        const kept = rows.map((row) => (row as Record<string, unknown>)[field] as string | number | null)
        if (!field.endsWith('Field')) continue
        const stated = kept.filter((value) => value !== null)
        expect(kept.slice(stated.length).every((value) => value === null)).toBe(true)
        const rising = stated.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        expect(stated).toEqual(sort.startsWith('-') ? rising.toReversed() : rising)
      }
  })

  test('load a computed column once for all their records, and say how many there are beside those shown', async () => {
    loads = 0
    const html = await page({ q: 'walked' })
    expect(loads).toBe(1)
    expect(textOf(html)).toContain('50 shown, of 130')
    expect(html).toContain('&lt;')
  })
})

describe('groups and sums', () => {
  test('are of the whole list, by currency, and each group leads to exactly its records', async () => {
    const [one] = thing.fields.choiceField!.of!
    await make([
      { title: { en: 'Summed up' }, choiceField: one, wholeField: 2, moneyField: { amount: '10', currency: 'EUR' } },
      { title: { en: 'Summed up' }, choiceField: one, wholeField: 3, moneyField: { amount: '5', currency: 'CNY' } },
      { title: { en: 'Summed up' }, moneyField: { amount: '7.50', currency: 'EUR' } },
    ])
    const html = await page({ q: 'summed', group: 'choiceField' })
    const said = textOf(html)
    expect(said).toContain('¥5 · €17.50')
    expect(said).toContain('Not stated')
    const groups = linksIn(html).filter((href) => /[?&]choiceField=/.test(href) && !href.includes('list.'))
    const sizes = await Promise.all(
      [...new Set(groups)]
        .filter((href) => !href.includes('download'))
        .map(async (href) => [href.includes('=none'), codesIn((await browser.get(href)).text).length]),
    )
    expect(sizes.toSorted()).toEqual([
      [false, 2],
      [true, 1],
    ])
  })
})

describe('a board', () => {
  test('has a column for each choice and moves a card by a form; who comes late is told', async () => {
    const [from, to] = thing.fields.choiceField!.of!
    const [card] = await make([{ title: { en: 'Carried over' }, choiceField: from }])
    const html = await page({ q: 'carried', as: 'board' })
    expect(codesIn(html)).toEqual([card!.code])
    const action = /<form method="post" action="(\/trial[^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&')
    const move = (version: number, target: string) =>
      browser.post(action, { record: card!.id, version: String(version), to: target }, { from: action })
    const moved = await move(1, to!)
    expect([moved.status, moved.location]).toEqual([303, action])
    expect(codesIn(await page({ q: 'carried', choiceField: to! }))).toEqual([card!.code])
    expect((await move(1, from!)).status).toBe(409)
    const refused = await move(2, 'nonsense')
    expect(refused.status).toBe(422)
    expect(textOf(refused.text)).toContain(card!.code)
  })

  test('by states moves with the verbs that the reader may do, and offers none to others', async () => {
    const { text } = await browser.get('/strategy/objectives?as=board')
    expect(text).toContain('name="to"')
    expect(text).toMatch(/<option value="reopen"/)
    // What is no verb of the kind is no move: neither what a form never offers nor what only the house does.
    const action = '/strategy/objectives?as=board'
    const record = /name="record" value="([^"]+)"/.exec(text)![1]!
    for (const to of ['undo', 'erase', 'publish', 'retire', 'create', '__proto__', ''])
      expect([to, (await browser.post(action, { record, to }, { from: action })).status]).toEqual([to, 422])
    const stranger = browserOf(await createWeb(app, { rooms }))
    expect((await stranger.get('/strategy/objectives?as=board')).text).not.toContain('name="to"')
  })
})

test('a calendar shows what lasts on each of its days, says what has no day, and leads to the months beside it', async () => {
  const [long] = await make([
    { title: { en: 'Dated long' }, spanField: { from: '2026-01-30', to: '2026-02-03' } },
    { title: { en: 'Dated never' } },
  ])
  const daysOf = async (month: string) => {
    const html = await page({ q: 'dated', as: 'calendar', month })
    return {
      html,
      days: [...html.matchAll(/<time datetime="(\d{4}-\d\d-\d\d)"[^>]*>[^<]*<\/time>(<ul>.*?<\/ul>)?/gi)]
        .filter(([, , entries]) => entries?.includes(long!.code))
        .map(([, day]) => day),
    }
  }
  expect((await daysOf('2026-01')).days).toEqual(['2026-01-30', '2026-01-31'])
  const { html, days } = await daysOf('2026-02')
  expect(days).toEqual(['2026-02-01', '2026-02-02'])
  expect(textOf(html)).toContain('1 without a day')
  expect(linksIn(html)).toContain('/trial/things?q=dated&as=calendar&month=2026-01')
})

test('the first and the last days there are break nothing', async () => {
  const months = async (month: string) =>
    linksIn(await page({ as: 'calendar', month })).filter((link) => /[&?]month=[^&]*$/.test(link))
  expect(await months('0001-01')).toEqual(['/trial/things?as=calendar&month=0001-02'])
  expect(await months('9999-11')).toEqual(['/trial/things?as=calendar&month=9999-10'])
  expect((await browser.get('/trial/things?as=calendar&month=9999-12')).status).toBe(422)
  expect(await page({ 'changedAt[lte]': '9999-12-31' })).toContain('/trial/things/TRL-')
})

describe('a map', () => {
  const at = (longitude: number, latitude: number) => ({ type: 'Point', coordinates: [longitude, latitude] })
  const square = (west: number, south: number, size: number) => ({
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
      ],
    ],
  })
  /** What the links of the drawing are called, and where they lead. */
  const drawn = (html: string) => {
    const svg = /<svg class="cw-places-drawing"[\s\S]*?<\/svg>/.exec(html)?.[0] ?? ''
    const marks = [...svg.matchAll(/<a href="([^"]+)" aria-label="([^"]+)"/g)]
    return marks.map(([, href, label]) => ({ href: href!.replaceAll('&amp;', '&'), label: label! }))
  }

  test('shows every place as a link with a name, gathers what is close, and leads into each part until it is told apart', async () => {
    const [lime, oak, first, second, park, way, lost] = await make([
      { title: { en: 'Charted lime' }, geometryField: at(10.7, 59.9) },
      { title: { en: 'Charted oak <old>' }, geometryField: at(10.8, 59.95) },
      { title: { en: 'Charted twin' }, geometryField: at(10.75, 59.91) },
      { title: { en: 'Charted twin' }, geometryField: at(10.7502, 59.91) },
      { title: { en: 'Charted park' }, geometryField: square(10.72, 59.92, 0.02) },
      {
        title: { en: 'Charted way' },
        geometryField: {
          type: 'LineString',
          coordinates: [
            [10.7, 59.94],
            [10.74, 59.95],
          ],
        },
      },
      { title: { en: 'Charted nowhere' } },
    ])
    const html = await page({ q: 'charted', as: 'map' })
    expect(textOf(html)).toContain('6 are on the map')
    const links = drawn(html)
    const single = (code: string) => links.find(({ href }) => href.endsWith(code))?.label
    expect([lime, park, way].map((each) => single(each!.code))).toEqual([
      `Charted lime (${lime!.code})`,
      `Charted park (${park!.code})`,
      `Charted way (${way!.code})`,
    ])
    expect(single(oak!.code)).toBe(`Charted oak &lt;old> (${oak!.code})`)
    const near = links.filter(({ label }) => label.includes('2 close together'))
    expect([near.length, links.length]).toEqual([1, 5])
    const closer = await page(Object.fromEntries(new URL(near[0]!.href, 'http://city.example').searchParams))
    expect(drawn(closer).map(({ href }) => href.split('/').at(-1))).toEqual([first!.code, second!.code])
    expect(linksIn(closer)).toContain('/trial/things?q=charted&as=map')
    expect(textOf(closer)).toContain('A part of the map')
    // The list beside holds the same, and what has no place is one link away.
    expect(codesIn(html).toSorted()).toEqual([lime, oak, first, second, park, way].map((each) => each!.code).toSorted())
    expect(textOf(html)).toContain('1 without a place')
    expect(codesIn(await page({ q: 'charted', geometryField: 'none' }))).toEqual([lost!.code])
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
  })

  test('counts those at the same place and leads to them as a list', async () => {
    const same = await make(Array.from({ length: 3 }, () => ({ title: { en: 'Stacked' }, geometryField: at(5, 5) })))
    const [only, ...more] = drawn(await page({ q: 'stacked', as: 'map' }))
    expect([only!.label, more.length]).toEqual([expect.stringContaining('3 at the same place'), 0])
    const { text } = await browser.get(only!.href)
    expect([text.includes('cw-places'), codesIn(text)]).toEqual([false, same.map(({ code }) => code)])
  })

  test('pages its list in the order asked for, while the drawing holds all; without a place there is no drawing', async () => {
    await make(
      Array.from({ length: 60 }, (_, index) => ({
        title: { en: 'Spread' },
        wholeField: index,
        geometryField: at(10 + (index % 10) / 10, 50 + Math.floor(index / 10) / 10),
      })),
    )
    const first = await page({ q: 'spread', as: 'map', sort: '-wholeField' })
    const next = / rel="next" href="([^"]+)"/.exec(first)![1]!.replaceAll('&amp;', '&')
    const rowsIn = (html: string) => codesIn(html.slice(html.indexOf('id="places-list"')))
    const second = (await browser.get(next)).text
    const { rows } = await listOf(ctx(), thing, { words: 'spread', sort: '-wholeField', limit: 200 })
    expect([...rowsIn(first), ...rowsIn(second)]).toEqual(rows.map(({ code }) => code))
    expect(drawn(second)).toEqual(drawn(first).map((mark) => ({ ...mark, href: expect.any(String) })))
    await make([{ title: { en: 'Unplaced' } }])
    const none = await page({ q: 'unplaced', as: 'map' })
    expect([drawn(none), textOf(none)]).toEqual([[], expect.stringContaining('Nothing here has a place')])
  })

  test('has the areas of the city behind it, as far as they may be read', async () => {
    await transaction(app.database.kysely, (tx) =>
      write({ ...ctx(), db: tx }, { source: 'test' }, [
        { kind: quarter.kind, action: 'create', values: { title: { en: 'Old Town' }, boundary: square(10, 20, 4) } },
      ]),
    )
    const placed = await make(
      [11, 13].map((east) => ({ title: { en: 'Quartered' }, geometryField: at(east, east + 10) })),
    )
    await transaction(app.database.kysely, (tx) =>
      publish(
        { ...ctx(), db: tx },
        { source: 'test' },
        placed.map(({ id }) => ({ kind: thing.kind, id })),
      ),
    )
    const asked = '/trial/things?q=quartered&as=map'
    expect((await browser.get(asked)).text).toContain('>Old Town<')
    const stranger = browserOf(await createWeb(app, { rooms }))
    const { text } = await stranger.get(asked)
    expect([drawn(text).length, text.includes('Old Town')]).toEqual([2, false])
  })

  test('over a kind without places, or by a field that is none, is refused at start', () => {
    const { kinds } = app.registry
    const bad = (map: unknown) => () => assertList(list(thing, { columns: ['title'], map: map as never }), kinds)
    expect(bad({ at: 'geometryField', over: 'trial.quarter' })).not.toThrow()
    expect(bad({ at: 'dayField' })).toThrow('not a place')
    expect(bad({ at: 'geometryField', over: 'strategy.outcome' })).toThrow('no places')
    expect(bad({ at: 'geometryField', over: 'trial.moon' })).toThrow('no places')
  })
})

describe('a file', () => {
  test('holds exactly what the page shows: its filters, its columns, its order, all pages', async () => {
    const { text } = await browser.get('/trial/things/list.csv?q=walked&sort=-wholeField&columns=wholeField,double')
    const lines = text
      .replace('\ufeff', '')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(lines[0]).toHaveLength(4)
    expect(lines).toHaveLength(131)
    const { rows } = await listOf(ctx(), thing, { words: 'walked', sort: '-wholeField', limit: 200 })
    expect(lines.slice(1).map(([code]) => code)).toEqual(rows.map(({ code }) => code))
    expect(lines.slice(1).map((cells) => cells[2])).toEqual(
      rows.map((row) => String((row as Record<string, unknown>).wholeField ?? '')),
    )
    const workbook = await browser.get('/trial/things/list.xlsx?q=walked')
    expect([workbook.status, workbook.headers['content-type']]).toEqual([200, expect.stringContaining('spreadsheetml')])
    expect((await browser.get('/trial/things/list.pdf')).status).toBe(404)
  })

  test('columns ticked in the form become one parameter of the address, and the name always stays', async () => {
    const { status, location } = await browser.get('/trial/things?q=walked&show.code=1&show.double=1')
    expect([status, location]).toEqual([303, '/trial/things?q=walked&columns=code%2Cdouble'])
    const html = await page({ q: 'walked', columns: 'double' })
    // The box to tick, the name, and what was asked for.
    expect([...html.matchAll(/<th[^>]*scope="col"/g)]).toHaveLength(3)
  })
})

test('a view with a name is an address', async () => {
  const [big] = await make([{ title: { en: 'Biggest' }, wholeField: 123_456 }])
  const html = await page({})
  expect(linksIn(html)).toContain('/trial/things?big=yes')
  expect(codesIn(await page({ big: 'yes', q: 'biggest' }))).toEqual([big!.code])
})

test('every order that a room offers is served by an index that ends with the id', async () => {
  const { rows } = await app.database.pool.query(
    `select schemaname || '.' || tablename as "table", indexdef from pg_indexes where schemaname not like 'pg\\_%'`,
  )
  const indexes = (rows as Array<{ table: string; indexdef: string }>).map(({ table, indexdef }) => ({
    table,
    columns: indexdef.replaceAll('"', ''),
  }))
  const unserved = modules.flatMap(({ lists = [] }) =>
    lists.flatMap((each) => {
      const { kind, sorts, calendar } = each as unknown as ReturnType<typeof list>
      const fields = [...sorts.map((sort) => sort.replace(/^-/, '')), ...(calendar ? [calendar] : [])]
      return fields
        .filter((field) => Object.hasOwn(kind.fields, field))
        .filter(
          (field) => !indexes.some(({ table, columns }) => table === kind.kind && columns.includes(`(${field}, id)`)),
        )
        .map((field) => `${kind.kind}.${field}`)
    }),
  )
  expect(unserved).toEqual([])
})
