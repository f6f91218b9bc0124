import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  address,
  choice,
  choices,
  day,
  decimal,
  flag,
  link,
  list,
  paragraph,
  record,
  ref,
  refs,
  rows,
  text,
  whole,
} from '../record.ts'
import { migrationOf, tablesOf } from './columns.ts'
import { endpointsOf } from './endpoints.ts'
import { fieldsetOf, wordKeysOf } from './fieldset.ts'
import { parser, rowSchema, writeSchema } from './parser.ts'
import { jsonLdContext, readSchema, referencePage } from './reference.ts'

const thing = record('shop.thing', {
  code: 'THG',
  plural: 'things',
  source: 'ISO 1',
  title: { max: 10, localized: true },
  owner: { requiredFrom: 'live' },
  states: ['draft', 'live'],
  fields: {
    note: paragraph({ localized: true, max: 20 }),
    name: text({ max: 5, required: true }),
    count: whole({ min: 1, max: 9 }),
    price: decimal({ requiredFrom: 'live', source: 'law 3' }),
    on: day(),
    ready: flag(),
    size: choice(['s', "l'"]),
    tags: choices(['a', 'b']),
    maker: ref('shop.thing', { back: 'makes' }),
    parts: refs('shop.thing', { back: 'partOf' }),
    page: address(),
    levels: list({ min: 1, max: 2 }),
  },
  links: { serves: link('shop.thing', { back: 'servedBy', towards: 'vision', weighted: true }) },
  rows: { sale: rows({ key: ['on'], fields: { on: day({ required: true }), amount: decimal() } }) },
})
const id = '01890000-0000-7000-8000-000000000000'
const create = parser(writeSchema(thing, 'create'))
const change = parser(writeSchema(thing, 'change'))
const codes = (value: unknown, parse = change) => parse(value).map(({ at, code }) => `${at} ${code}`)

describe('the parser', () => {
  test('takes what is in form, and null to clear', () => {
    expect(create({ title: { en: 'A', 'zh-Hans': '甲' } })).toEqual([])
    expect(change({})).toEqual([])
    const full = {
      note: { en: 'x' },
      name: 'abc',
      count: 9,
      price: '-0.50',
      on: '2024-02-29',
      ready: false,
      size: "l'",
      tags: ['b', 'a'],
      maker: id,
      parts: [id],
      page: 'https://example.org/a?b',
      levels: [{ en: 'Goal' }],
      organisation: null,
      links: { serves: [{ to: id, weight: '0.5' }] },
      externalIds: [{ source: 's', id: '1' }],
    }
    expect(change(full)).toEqual([])
    expect(change(Object.fromEntries(Object.keys(thing.fields).map((name) => [name, null])))).toEqual([])
  })

  test.each<[object, string[]]>([
    [{ title: {} }, ['/title field.empty']],
    [{ title: { en: '  ' } }, ['/title/en field.pattern']],
    [{ title: { english: 'x' } }, ['/title/english field.unknown']],
    [{ title: null }, ['/title field.type']],
    [{ name: 'abcdef' }, ['/name field.too-long']],
    [{ name: 5 }, ['/name field.type']],
    [{ count: 1.5 }, ['/count field.type']],
    [{ count: 0 }, ['/count field.too-small']],
    [{ count: '3' }, ['/count field.type']],
    [{ price: 1.5 }, ['/price field.type']],
    [{ on: '2023-02-29' }, ['/on field.not-a-day']],
    [{ on: '0000-01-01' }, ['/on field.not-a-day']],
    [{ on: '2023-02-01T00:00:00Z' }, ['/on field.not-a-day']],
    [{ size: 'm' }, ['/size field.not-a-choice']],
    [{ tags: ['a', 'a'] }, ['/tags field.repeated']],
    [{ tags: ['c'] }, ['/tags/0 field.not-a-choice']],
    [{ maker: 'x' }, ['/maker field.pattern']],
    [{ page: 'javascript:alert(1)' }, ['/page field.pattern']],
    [{ levels: [] }, ['/levels field.too-few']],
    [{ 'a/b~c': 1 }, ['/a~1b~0c field.unknown']],
    [{ state: 'live' }, ['/state field.unknown']],
    [{ links: { other: [] } }, ['/links/other field.unknown']],
    [{ links: { serves: [{ to: id, weight: '01' }] } }, ['/links/serves/0/weight field.pattern']],
    [{ externalIds: [{ source: 's' }] }, ['/externalIds/0/id field.required']],
    [{ name: 'a\u0000' }, ['/name field.characters']],
    [{ note: { en: '\udc00' } }, ['/note/en field.characters']],
    [JSON.parse('{"__proto__": {"name": "x"}}'), ['/__proto__ field.unknown']],
  ])('%j', (value, expected) => {
    expect(codes(value)).toEqual(expected)
  })

  test.each([null, [], 'text', 3, true])('a body that is %j is one problem', (value) => {
    expect(codes(value, create)).toEqual(['/ field.type'])
  })

  test('names all of many problems at once', () => {
    const parse = parser(rowSchema({ ...thing.fields }))
    const bad = Object.fromEntries(Object.keys(thing.fields).map((name) => [name, { bad: 1 }]))
    expect(new Set(parse(bad).map((each) => each.at.split('/')[1]))).toEqual(new Set(Object.keys(thing.fields)))
  })

  test('whatever it is given, it answers problems with places and changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value)
        for (const problem of create(value)) expect(problem.at).toMatch(/^\//)
        expect(JSON.stringify(value)).toBe(before)
      }),
    )
  })

  test('takes exactly the decimals that the database gives back in the same spelling', () => {
    const good = (text: string) => change({ price: text }).length === 0
    for (const text of ['0', '-1', '10.00', '0.000000000000000001', `-${'9'.repeat(28)}`]) expect(good(text)).toBe(true)
    for (const text of ['-0', '-0.00', '+1', '01', '1.', '.5', '1e5', ' 1', '1,5', '٣', '9'.repeat(29), 'NaN', ''])
      expect(good(text)).toBe(false)
  })
})

test('columns say type, check, null and key', () => {
  const [main, sale] = tablesOf(thing)
  const column = (name: string) => main!.columns.find((each) => each.name === name)
  expect(column('note')).toEqual({ name: 'note', sql: 'jsonb', notNull: false })
  expect(column('size')).toMatchObject({ sql: 'text', check: `"size" in ('s', 'l''')` })
  expect(column('name')).toMatchObject({ notNull: false })
  expect(sale).toMatchObject({ schema: 'shop', name: 'sale', unique: ['record', 'on'] })
  expect(sale!.columns.map((each) => [each.name, each.notNull])).toEqual([
    ['id', true],
    ['record', true],
    ['on', true],
    ['amount', false],
  ])
  const draft = migrationOf(thing)
  expect(draft).toContain('create sequence shop."thingCode";')
  expect(draft).toContain('unique ("record", "on")')
})

test('endpoints are the generic ones, the rows and the verbs', () => {
  const verbs = [
    { kind: 'shop.thing', name: 'open', from: ['draft'], to: 'live' },
    { kind: 'shop.other', name: 'close', from: ['live'], to: 'draft' },
  ]
  expect(
    endpointsOf(thing, verbs).map((each) => `${each.method} ${each.path.slice('/api/v1/shop/things'.length)}`),
  ).toEqual([
    'GET ',
    'POST ',
    'POST /bulk',
    'GET /:id',
    'PATCH /:id',
    'DELETE /:id',
    'GET /:id/history',
    'GET /:id/sale',
    'POST /:id/open',
  ])
})

test('a form asks for what the state requires, with labels and hints where there are words', () => {
  const known = new Set(['shop.thing.field.name', 'shop.thing.field.name.hint'])
  const form = (state: string) =>
    fieldsetOf(
      thing,
      state,
      { organisation: 'a.body', post: 'a.post', plan: 'a.plan' },
      (key) => `<${key}>`,
      (key) => known.has(key),
    )
  const required = (state: string) =>
    form(state)
      .filter((field) => field.required)
      .map((field) => field.name)
  expect(required('draft')).toEqual(['title', 'name'])
  expect(required('live')).toEqual(['title', 'owner', 'name', 'price'])
  const field = (name: string) => form('draft').find((each) => each.name === name)
  expect(field('name')).toMatchObject({
    label: '<shop.thing.field.name>',
    hint: '<shop.thing.field.name.hint>',
    max: 5,
  })
  expect(field('owner')).toMatchObject({ label: '<record.field.owner>', to: ['a.post'] })
  expect(field('size')!.choices).toEqual([
    { value: 's', label: '<shop.thing.choice.size.s>' },
    { value: "l'", label: "<shop.thing.choice.size.l'>" },
  ])
  expect(field('links.serves')).toMatchObject({ type: 'link', to: ['shop.thing'], weighted: true })
})

test('every word of a kind is asked for once', () => {
  const keys = wordKeysOf(thing)
  expect(new Set(keys).size).toBe(keys.length)
  for (const key of [
    'shop.thing.state.live',
    'shop.thing.choice.tags.b',
    'shop.thing.link.serves.back',
    'shop.thing.rows.sale.amount',
  ])
    expect(keys).toContain(key)
})

test('the reference, JSON Schema and JSON-LD context name every field', () => {
  const page = referencePage(thing, (key) => key)
  const { '@context': context } = jsonLdContext([thing], 'https://city.example/ns/v1') as {
    '@context': Record<string, unknown>
  }
  const schema = readSchema(thing) as { properties: Record<string, { description?: string }> }
  for (const name of Object.keys(thing.fields)) {
    expect(page).toContain(`\`${name}\``)
    expect(schema.properties).toHaveProperty(name)
  }
  expect(page).toContain('from live')
  expect(schema.properties.price!.description).toBe('law 3')
  expect(context.maker).toEqual({ '@id': 'https://city.example/ns/v1#maker', '@type': '@id' })
  expect(context.note).toMatchObject({ '@container': '@language' })
  expect(context.servedBy).toEqual({ '@reverse': 'https://city.example/ns/v1#serves' })
})
