import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ask, administrator, openTestApp, type TestApp } from '#test/kit/app.ts'

const organisations = '/api/v1/directory/organisations'
const works = { title: 'Works', organisationKind: 'department', sector: 'public' }

let app: TestApp
let admin: Ask
let body: string
let other: string

beforeAll(async () => {
  app = await openTestApp()
  admin = app.as(administrator)
  const make = async (title: string) =>
    (await admin('POST', organisations, { body: { ...works, title } })).body.id as string
  body = await make('Works')
  other = await make('Parks')
})
afterAll(() => app.close())

describe('bulk', () => {
  type Result = {
    created: number
    changed: number
    unchanged: number
    rejected: number
    items: Array<Record<string, unknown>>
  }
  const source = (id: string) => ({ source: 'register', id })

  it('creates, changes by id or external id and acts, in one change set', async () => {
    const make = {
      items: ['1', '2'].map((id) => ({ externalId: source(id), values: { ...works, title: `Body ${id}` } })),
    }
    const first = await admin<Result>('POST', `${organisations}/bulk`, { body: { ...make, why: 'Register of bodies' } })
    expect(first.body, first.text).toMatchObject({ created: 2, changed: 0, rejected: 0 })
    const again = await admin<Result>('POST', `${organisations}/bulk`, { body: make })
    expect(again.body).toMatchObject({ created: 0, changed: 0, unchanged: 2, changeSet: null })
    const [one, two] = first.body.items as Array<{ id: string }>
    const third = await admin<Result>('POST', `${organisations}/bulk`, {
      body: {
        items: [
          { id: one!.id, version: 1, values: { abbreviation: 'B1' } },
          { externalId: source('2'), action: 'close' },
        ],
      },
    })
    expect(third.body, third.text).toMatchObject({ changed: 2 })
    const set = await admin<{ records: unknown[] }>('GET', `/api/v1/change-sets/${third.headers['change-set']}`)
    expect(set.body.records).toHaveLength(2)
    expect((await admin('GET', `${organisations}/${two!.id}`)).body.state).toBe('closed')
  })

  const mixed = () => [
    { values: { ...works, title: 'Right' } },
    { values: { ...works, title: '' } },
    { id: '0197a000-0000-7000-8000-00000000dead', values: {} },
    { id: body, version: 99, values: { abbreviation: 'W' } },
    { id: body, values: { abbreviation: 'W' } },
    { values: works, colour: 'red' },
    { id: other, action: 'reopen' },
    7,
  ]

  it('saves what is right and lists the rest by item', async () => {
    const { body: reported } = await admin<Result>('POST', `${organisations}/bulk`, {
      body: { atomic: false, items: mixed() },
    })
    expect(reported).toMatchObject({ created: 1, changed: 0, rejected: 7 })
    const reasons = reported.items.map(
      (item) => (item.problem as { reason: string } | undefined)?.reason ?? item.result,
    )
    expect(reasons).toEqual([
      ...['created', 'records.invalid', 'records.not-found', 'records.stale', 'records.repeated-in-bulk'],
      ...['records.invalid', 'records.wrong-state', 'records.invalid'],
    ])
  })

  it('saves everything or nothing otherwise', async () => {
    const before = await admin('GET', `${organisations}?count=true&limit=1`)
    const refused = await admin('POST', `${organisations}/bulk`, { body: { items: mixed() } })
    expect(refused).toMatchObject({ status: 422, body: { reason: 'records.bulk-rejected' } })
    const places = (refused.body.errors as Array<{ pointer: string }>).map((each) => each.pointer)
    expect(places).toEqual(
      expect.arrayContaining(['/items/1/values/title/en', '/items/2', '/items/5/colour', '/items/7']),
    )
    expect((await admin('GET', `${organisations}?count=true&limit=1`)).body.count).toBe(before.body.count)
  })

  it('takes a thousand at once, and no more', async () => {
    const items = Array.from({ length: 1000 }, (_each, index) => ({ values: { ...works, title: `Body of ${index}` } }))
    expect((await admin<Result>('POST', `${organisations}/bulk`, { body: { items } })).body.created).toBe(1000)
    const more = await admin('POST', `${organisations}/bulk`, { body: { items: [...items, items[0]] } })
    expect(more.body.errors).toMatchObject([{ pointer: '/items', code: 'field.too-many' }])
  })
})
