/** Lists as people use them: narrowed by a field of every type, walked through, grouped, on a board, in a calendar, as a file. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldType } from '#kernel/fields/types.ts'
import { column, filter, list } from '#pages/list/declare.ts'
import { type App, contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { list as listOf, write } from '#platform/records/index.ts'
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

let loads = 0
const room = {
  ...bare,
  words: Object.fromEntries(
    Object.entries(bare.words).map(([language, words]) => [
      language,
      {
        ...words,
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
      'as=map',
      'group=codeField',
      'month=2026-13',
      'wholeField[gte]=x',
      'sort=spanField.to',
    ])
      expect([asked, (await browser.get(`/trial/things?${asked}`)).status]).toEqual([asked, 422])
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
