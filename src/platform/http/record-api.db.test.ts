import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, nobody } from '#platform/caller.ts'
import { sealAll } from '#platform/records/index.ts'
import { type Ask, administrator, openTestApp, type TestApp } from '#test/kit/app.ts'
import { someone } from '#test/kit/core.ts'

const organisations = '/api/v1/directory/organisations'
const outcomes = '/api/v1/strategy/outcomes'
const indicators = '/api/v1/indicators/indicators'
const works = { title: 'Works', organisationKind: 'department', sector: 'public' }

let app: TestApp
let admin: Ask
let stranger: Ask
let analyst: Ask
let body: string
let other: string

beforeAll(async () => {
  app = await openTestApp()
  admin = app.as(administrator)
  stranger = app.as(nobody)
  const make = async (title: string) =>
    (await admin('POST', organisations, { body: { ...works, title } })).body.id as string
  body = await make('Works')
  other = await make('Parks')
  analyst = app.as(someone({ grants: [{ role: 'analyst', organisations: [body] }] }) as Caller)
})
afterAll(() => app.close())

const newOutcome = async (values: Record<string, unknown> = {}) => {
  const made = await admin('POST', outcomes, {
    body: { title: 'Clean air', rule: 'all', organisation: body, ...values },
  })
  expect(made.status, made.text).toBe(201)
  return made
}

describe('a record', () => {
  it('is created, read by id and number, changed, retired and restored', async () => {
    const made = await newOutcome({ title: { en: 'Clean air', 'zh-Hans': '清洁空气' } })
    const place = made.headers.location!
    expect(place).toBe(`${outcomes}/${made.body.id}`)
    expect(made.headers).toMatchObject({ etag: '"1"', 'change-set': expect.stringMatching(/^[0-9a-f-]{36}$/) })
    const read = await admin('GET', place)
    expect(read.body).toEqual(made.body)
    expect((await admin('GET', `${outcomes}/${String(made.body.code).toLowerCase()}`)).body).toEqual(made.body)
    expect((await admin('GET', `/api/v1/records/${made.body.code}`)).body).toEqual(made.body)

    const changed = await admin('PATCH', place, {
      body: { description: 'Air one can breathe.' },
      headers: { 'if-match': '"1"' },
    })
    expect(changed.status).toBe(200)
    expect(changed.headers.etag).toBe('"2"')
    expect(changed.body).toMatchObject({ version: 2, description: { en: 'Air one can breathe.' } })

    const nothing = await admin('PATCH', place, { body: {}, headers: { 'if-match': '"2"' } })
    expect(nothing.headers).not.toHaveProperty('change-set')
    expect(nothing.headers.etag).toBe('"2"')

    const retired = await admin('DELETE', place, { headers: { 'if-match': '"2"', 'x-why': 'Joined%20with%20another' } })
    expect(retired.status).toBe(204)
    const gone = await admin('GET', place)
    expect(gone.status).toBe(410)
    expect(gone.body.reason).toBe('records.retired')
    const set = await admin('GET', `/api/v1/change-sets/${retired.headers['change-set']}`)
    expect(set.body).toMatchObject({ why: 'Joined with another', source: 'api', undoneBy: null })
    expect(set.body.records).toEqual([
      { record: made.body.id, kind: 'strategy.outcome', code: made.body.code, action: 'retire' },
    ])

    expect((await admin('POST', `${place}/restore`)).body).toMatchObject({ version: 4, retiredAt: null })
  })

  it('is not sent again while it stands unchanged', async () => {
    const { headers } = await newOutcome()
    const again = await admin('GET', headers.location!, { headers: { 'if-none-match': '"1"' } })
    expect(again).toMatchObject({ status: 304, text: '' })
    expect((await admin('GET', headers.location!, { headers: { 'if-none-match': '"0"' } })).status).toBe(200)
  })

  it('keeps the languages a change does not name', async () => {
    const { headers } = await newOutcome({ title: { en: 'Clean air', 'zh-Hans': '清洁空气' } })
    const place = headers.location!
    const patch = (title: unknown) => admin('PATCH', place, { body: { title }, headers: { 'if-match': '*' } })
    expect((await patch({ en: 'Cleaner air' })).body.title).toEqual({ en: 'Cleaner air', 'zh-Hans': '清洁空气' })
    expect((await patch('Cleanest air')).body.title).toEqual({ en: 'Cleanest air', 'zh-Hans': '清洁空气' })
    expect((await patch({ 'zh-Hans': null })).body.title).toEqual({ en: 'Cleanest air' })
    const without = await patch({ en: null })
    expect(without.status).toBe(422)
  })

  it('is told in one language, and says which', async () => {
    const { headers } = await newOutcome({
      title: { en: 'Clean air', 'zh-Hans': '清洁空气' },
      description: { en: 'Only in English.' },
    })
    const read = await admin('GET', `${headers.location}?language=zh-CN`)
    expect(read.body).toMatchObject({
      title: '清洁空气',
      description: 'Only in English.',
      languages: { title: 'zh-Hans', description: 'en' },
    })
    expect(read.headers['content-language']).toBe('zh-Hans, en')
  })

  it('is written against the version that was read, and both are shown where they differ', async () => {
    const { headers } = await newOutcome()
    const place = headers.location!
    await admin('PATCH', place, { body: { title: 'Theirs' }, headers: { 'if-match': '"1"' } })
    const late = await admin('PATCH', place, { body: { title: 'Mine' }, headers: { 'if-match': '"1"' } })
    expect(late.status).toBe(412)
    expect(late.body).toMatchObject({
      reason: 'records.stale',
      current: { version: 2, title: { en: 'Theirs' } },
      attempted: { title: 'Mine' },
    })
  })

  it('moves through its life by verbs only', async () => {
    const { headers } = await newOutcome()
    const place = headers.location!
    const early = await admin('POST', `${place}/agree`, { body: { values: { description: 5 } } })
    expect(early.status).toBe(422)
    expect(early.body.errors).toContainEqual(expect.objectContaining({ pointer: '/values/description' }))
    const dropped = await admin('POST', `${place}/drop`, { body: { why: 'Overtaken' } })
    expect(dropped.body).toMatchObject({ state: 'dropped', version: 2 })
    const again = await admin('POST', `${place}/drop`)
    expect(again).toMatchObject({ status: 409, body: { reason: 'records.wrong-state' } })
    const edit = await admin('PATCH', place, { body: { state: 'draft' }, headers: { 'if-match': '*' } })
    expect(edit.status).toBe(422)
  })
})

describe('who may do what', () => {
  it('is asked for each record: a body of one’s own, and not another', async () => {
    const mine = await analyst('POST', outcomes, { body: { title: 'Mine', rule: 'all', organisation: body } })
    expect(mine.status, mine.text).toBe(201)
    const theirs = await analyst('POST', outcomes, { body: { title: 'Theirs', rule: 'all', organisation: other } })
    expect(theirs).toMatchObject({ status: 403, body: { reason: 'identity.not-allowed' } })
    const retire = await analyst('DELETE', mine.headers.location!, { headers: { 'if-match': '"1"' } })
    expect(retire.status).toBe(403)
  })

  it('hides what may not be read as if it were not there', async () => {
    const secret = await newOutcome({ organisation: other, audience: 'restricted' })
    for (const ask of [analyst, stranger]) {
      expect((await ask('GET', secret.headers.location!)).status).toBe(404)
      expect((await ask('GET', `/api/v1/records/${secret.body.id}/trace`)).status).toBe(404)
      expect((await ask('GET', `${outcomes}?id=${secret.body.id}`)).body.items).toEqual([])
    }
    const patch = await analyst('PATCH', secret.headers.location!, {
      body: { title: 'x' },
      headers: { 'if-match': '"7"' },
    })
    expect(patch).toMatchObject({ status: 404, body: { reason: 'records.not-found' } })
    expect(patch.text).not.toContain('restricted')
  })
})

describe('publishing', () => {
  it('lets everybody read, without the officer, and can be taken back', async () => {
    const post = await admin('POST', '/api/v1/directory/posts', { body: { title: 'Head of air', organisation: body } })
    const made = await newOutcome({ owner: post.body.id, audience: 'partners' })
    const place = made.headers.location!
    expect((await stranger('GET', place)).status).toBe(404)
    const published = await admin('POST', `${place}/publish`, { body: { why: 'Adopted by the council' } })
    expect(published.status).toBe(200)
    expect(published.headers['change-set']).toBeDefined()
    expect((await admin('POST', `${place}/publish`)).headers['change-set']).toBeUndefined()

    const seen = await stranger('GET', place)
    expect(seen.body).toMatchObject({ audience: 'public', owner: null })
    expect(seen.headers['cache-control']).toBe('no-cache')
    expect((await admin('GET', place)).body.owner).toBe(post.body.id)
    const listed = await stranger<{ items: Array<Record<string, unknown>> }>('GET', `${outcomes}?id=${made.body.id}`)
    expect(listed.body.items[0]).not.toHaveProperty('owner')
    await admin('POST', `/api/v1/directory/posts/${post.body.id}/publish`)
    expect((await stranger('GET', place)).body.owner).toBe(post.body.id)

    expect((await admin('POST', `${place}/withdraw`)).status).toBe(200)
    expect((await stranger('GET', place)).status).toBe(404)
  })

  it('may wait for its day', async () => {
    const made = await newOutcome()
    const answer = await admin('POST', `${made.headers.location}/publish`, {
      body: { publicFrom: '2999-01-01T00:00:00Z' },
    })
    expect(answer).toMatchObject({ status: 202, body: { publicFrom: '2999-01-01T00:00:00.000Z' } })
    expect((await stranger('GET', made.headers.location!)).status).toBe(404)
    for (const publicFrom of ['soon', 5, '2026-02-31T99:00:00Z'])
      expect((await admin('POST', `${made.headers.location}/publish`, { body: { publicFrom } })).status).toBe(422)
  })

  it('is not there for people: their names never become public', async () => {
    const person = await admin('POST', '/api/v1/directory/people', { body: { title: 'Ada Example' } })
    expect(person.status, person.text).toBe(201)
    expect((await admin('POST', `${person.headers.location}/publish`)).status).toBe(404)
    const names = await stranger('GET', '/api/v1/search?q=Ada')
    expect(names.body.items).toEqual([])
    const post = await admin('POST', '/api/v1/directory/posts', { body: { title: 'Clerk', organisation: body } })
    const rows = [{ person: person.body.id, from: '2026-01-01' }]
    expect((await admin('PUT', `${post.headers.location}/holding`, { body: rows })).status).toBe(200)
    await admin('POST', `${post.headers.location}/publish`)
    const held = await stranger('GET', `${post.headers.location}/holding`)
    expect(held.body.items).toEqual([{ person: null, from: '2026-01-01', to: null }])
  })
})

describe('a list', () => {
  it('is filtered, sorted, counted and given in portions', async () => {
    const parent = body
    for (const name of ['Alpha', 'Beta', 'Gamma'])
      await admin('POST', organisations, {
        body: { ...works, title: name, abbreviation: name.slice(0, 1), sector: 'private', parent },
      })
    const base = `${organisations}?parent=${parent}&sector=private,voluntary`
    type List = { items: Array<{ title: Record<string, string> }>; next: string | null; count?: number }
    const first = await admin<List>('GET', `${base}&sort=-abbreviation&limit=2&count=true`)
    expect(first.body.items.map((each) => each.title.en)).toEqual(['Gamma', 'Beta'])
    expect(first.body).toMatchObject({ count: 3, countIsAtLeast: false })
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link!)![1]!
    const second = await admin<List>('GET', next)
    expect(second.body.items.map((each) => each.title.en)).toEqual(['Alpha'])
    expect(second.body.next).toBeNull()
    expect(second.headers).not.toHaveProperty('link')
    const few = await admin('GET', `${base}&abbreviation=A&fields=code&language=en`)
    expect(few.body.items).toEqual([
      { id: expect.any(String), kind: 'directory.organisation', code: expect.any(String), languages: {} },
    ])
    expect((await admin<List>('GET', `${base}&q=bet`)).body.items).toHaveLength(1)
    expect((await admin<List>('GET', `${organisations}?parent[empty]=true&abbreviation=A`)).body.items).toEqual([])
  })

  it('refuses a place it has not given and days that are none', async () => {
    for (const after of ['abc', Buffer.from('["x","y"]').toString('base64url')])
      expect((await admin('GET', `${organisations}?after=${after}`)).body.reason).toBe('records.bad-cursor')
    const answer = await admin('GET', '/api/v1/strategy/plans?from=2026-02-31')
    expect(answer.status).toBe(422)
    expect((await admin('GET', `${organisations}?createdAt[gt]=2026-99-99`)).status).toBe(422)
  })
})

describe('rows', () => {
  let place: string
  beforeEach(async () => {
    const made = await admin('POST', indicators, { body: { title: 'Trees', direction: 'up', organisation: body } })
    expect(made.status, made.text).toBe(201)
    place = `${made.headers.location}/measurement`
  })
  const year = (from: number, value: string) => ({
    ...{ cell: '', from: `${from}-01-01`, to: `${from + 1}-01-01`, label: String(from), value, status: 'actual' },
  })

  it('are set by their keys, read in portions and taken out', async () => {
    const first = await admin('PUT', place, { body: [year(2023, '10'), year(2024, '12.50')] })
    expect(first).toMatchObject({ status: 200, body: { created: 2, changed: 0, removed: 0, unchanged: 0 } })
    expect(first.headers['change-set']).toBeDefined()
    const second = await admin('PUT', place, {
      body: { set: [year(2024, '13'), year(2023, '10')], remove: [], why: 'Counted again' },
    })
    expect(second.body).toEqual({ created: 0, changed: 1, removed: 0, unchanged: 1 })
    const page = await admin<{ items: Array<Record<string, unknown>>; next: string }>('GET', `${place}?limit=1`)
    expect(page.body.items).toMatchObject([{ from: '2023-01-01', value: '10' }])
    const rest = await admin<{ items: Array<Record<string, unknown>> }>(
      'GET',
      `${place}?limit=1&after=${page.body.next}`,
    )
    expect(rest.body.items).toMatchObject([{ from: '2024-01-01', value: '13' }])
    const third = await admin('PUT', place, { body: { remove: [{ cell: '', from: '2023-01-01', to: '2024-01-01' }] } })
    expect(third.body).toMatchObject({ removed: 1 })
    const same = await admin('PUT', place, { body: [year(2024, '13')] })
    expect(same.headers).not.toHaveProperty('change-set')
  })

  it('name what is wrong by place, and nothing is written', async () => {
    const wrong = [year(2023, '10'), { ...year(2024, '1'), value: 12 }, { ...year(2025, '1'), from: 'x' }, 5]
    const listed = await admin('PUT', place, { body: wrong.slice(0, 3) })
    expect(listed.status).toBe(422)
    expect((listed.body.errors as Array<{ pointer: string }>).map((each) => each.pointer)).toEqual([
      '/1/value',
      '/2/from',
    ])
    const inObject = await admin('PUT', place, { body: { set: wrong.slice(0, 3) } })
    expect((inObject.body.errors as Array<{ pointer: string }>)[0]!.pointer).toBe('/set/1/value')
    expect((await admin('PUT', place, { body: wrong })).body.errors).toMatchObject([{ pointer: '/3' }])
    expect((await admin('PUT', place, { body: 'x' })).status).toBe(422)
    expect((await admin('GET', place)).body.items).toEqual([])
  })
})

describe('the line of sight and the history', () => {
  it('follows links, undoes a change set and publishes the head of the seal', async () => {
    const outcome = await newOutcome()
    const objective = await admin('POST', '/api/v1/strategy/objectives', {
      body: {
        ...{ title: 'Fewer cars', level: 1, organisation: body },
        links: { contributesTo: [{ to: outcome.body.id, weight: '0.5' }] },
      },
    })
    expect(objective.body.links, objective.text).toMatchObject({
      contributesTo: [{ to: outcome.body.id, weight: '0.5' }],
    })
    const sight = await admin<{ nodes: Array<{ code: string; depth: number; title: unknown }>; truncated: boolean }>(
      'GET',
      `/api/v1/records/${objective.body.code}/trace?direction=up&depth=3&language=en`,
    )
    expect(sight.body.nodes).toMatchObject([{ title: 'Fewer cars' }, { code: outcome.body.code, depth: -1 }])
    expect(sight.body.truncated).toBe(false)

    const undone = await admin('POST', `/api/v1/change-sets/${objective.headers['change-set']}/undo`, {
      body: { mode: 'all', why: 'A mistake' },
    })
    expect(undone, undone.text).toMatchObject({ status: 200, body: { undone: 1, conflicts: [] } })
    expect((await admin('GET', objective.headers.location!)).status).toBe(410)
    const twice = await admin('POST', `/api/v1/change-sets/${objective.headers['change-set']}/undo`)
    expect(twice).toMatchObject({ status: 409, body: { reason: 'records.undone-already' } })

    await sealAll(app.core.database)
    const head = await stranger('GET', '/api/v1/history/head')
    expect(head.body).toMatchObject({ position: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const history = await admin<{ items: Array<{ position: number }>; next: string }>(
      'GET',
      `${outcome.headers.location}/history?limit=1`,
    )
    expect(history.body.items[0]!.position).toBeGreaterThan(0)
  })

  it('shows a change set only to somebody who may read one of its records', async () => {
    const secret = await newOutcome({ organisation: other, audience: 'restricted' })
    const place = `/api/v1/change-sets/${secret.headers['change-set']}`
    expect((await stranger('GET', place)).status).toBe(401)
    expect((await analyst('GET', place)).status).toBe(404)
    expect((await analyst('POST', `${place}/undo`)).status).toBe(404)
    expect((await admin('GET', '/api/v1/change-sets/nonsense')).status).toBe(404)
    expect((await admin('POST', `${place}/undo`, { body: { mode: 'half', other: 1 } })).body.errors).toHaveLength(2)
  })

  it('describes kinds and names', async () => {
    const schema = await stranger('GET', '/api/v1/schemas/strategy.outcome?for=create')
    expect(schema.body).toMatchObject({ required: ['title'], additionalProperties: false })
    expect((await stranger('GET', '/api/v1/schemas/strategy.dream')).status).toBe(404)
    const context = await stranger('GET', '/ns/v1')
    expect(context.headers['content-type']).toContain('application/ld+json')
    expect(context.body['@context']).toHaveProperty(['strategy.outcome'])
    expect((await stranger('GET', '/api/v1/search?q=air&kind=strategy.dream')).status).toBe(422)
    expect((await stranger('GET', '/api/v1/search')).status).toBe(422)
    expect((await admin<{ items: unknown[] }>('GET', '/api/v1/search?q=clean%20a&limit=3')).body.items).toHaveLength(3)
  })
})
