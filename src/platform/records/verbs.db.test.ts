import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemCaller } from '#platform/caller.ts'
import { read, undo } from '#platform/records/index.ts'
import { administrator, openTestApp, type TestApp } from '#test/kit/app.ts'
import { type Core, places, problemOf, someone } from '#test/kit/core.ts'
import { decision, decisionRooms, guarded } from '#test/kit/decisions.ts'

const { rooms, close } = decisionRooms()
let app: TestApp
let core: Core
beforeAll(async () => {
  app = await openTestApp({ rooms })
  core = app.core
})
afterAll(async () => {
  await app.close()
  close()
})

const today = new Date().toISOString().slice(0, 10)
const meeting = (values: Record<string, unknown> = {}) =>
  core.make('trial.meeting', { title: 'Council', present: 9, quorum: 5, audience: 'partners', ...values })
const put = (at: string, values: Record<string, unknown> = {}, more = {}) =>
  core.make('trial.decision', { title: 'Trams', meeting: at, audience: 'partners', ...values }, more)
const take = (id: string, values?: Record<string, unknown>, caller = systemCaller) =>
  core.write([{ kind: 'trial.decision', id, action: 'take', ...(values ? { values } : {}) }], caller)
const stored = async (id: string) => (await read(core.as(), decision).in({ id }).first())!
const because = (at: string) => ({ reason: 'Shorter ways', links: { serves: [{ to: at }] } })

describe('a verb', () => {
  test('asks for its input, all at once and each once, and writes what it sets', async () => {
    const at = await meeting()
    const id = await put(at)
    // The reason is asked for by the state, by the verb and by a rule: it is said once.
    expect(places((await problemOf(take(id))).fields)).toEqual([
      '/reason field.required-in-state',
      '/links/serves field.required-in-state',
    ])
    await take(id, because(at))
    expect(await stored(id)).toMatchObject({ state: 'taken', takenOn: today, reviewOn: null })
  })

  test('keeps a day that is given, such as one from a file', async () => {
    const at = await meeting()
    const id = await put(at)
    await take(id, { ...because(at), takenOn: '2024-02-29', reviewOn: '2025-02-28' })
    expect(await stored(id)).toMatchObject({ takenOn: '2024-02-29', reviewOn: '2025-02-28' })
  })

  test('needs no permission to edit for what it asks, and gives none for the rest', async () => {
    const at = await meeting()
    const leader = someone({ grants: [{ role: 'leader', organisations: null }] })
    const id = await put(at)
    expect((await problemOf(take(id, { ...because(at), weight: 'light' }, leader))).kind).toBe('NotAllowed')
    await take(id, because(at), leader)
    expect((await stored(id)).state).toBe('taken')
  })

  test('asks its guard once for all records', async () => {
    const [full, empty] = [await meeting(), await meeting({ present: 2 })]
    const ids = [await put(full), await put(empty), await put(full)]
    guarded.length = 0
    const changes = ids.map((id) => ({ kind: 'trial.decision', id, action: 'take', values: because(full) }))
    expect(places((await problemOf(core.write(changes))).fields)).toEqual(['/1 trial.no-quorum'])
    expect(guarded).toEqual([ids])
  })

  test('is not passed by beginning in the later state', async () => {
    const empty = await meeting({ present: 2 })
    const making = (caller = administrator) =>
      core.write(
        [
          {
            kind: 'trial.decision',
            action: 'create',
            state: 'taken',
            values: { title: 'Trams', meeting: empty, takenOn: '2024-01-01', ...because(empty) },
          },
        ],
        caller,
      )
    expect(places((await problemOf(making())).fields)).toEqual(['/ trial.no-quorum'])
    // What the house itself brings in, the demo city and what is restored, is taken as it is.
    expect((await making(systemCaller)).saved).toHaveLength(1)
  })

  test('is held up by another room', async () => {
    const at = await meeting()
    const id = await put(at, { weight: 'heavy' })
    expect(places((await problemOf(take(id, because(at)))).fields)).toEqual(['/ beside.too-heavy'])
  })

  test('brings others along, in one change set that is undone as one', async () => {
    const at = await meeting()
    const [first, second] = [await put(at), await put(at)]
    await take(first, because(at))
    const { changeSet, saved } = await take(second, because(at))
    expect(saved.map(({ id }) => id)).toEqual([second, first])
    expect([(await stored(first)).state, (await stored(second)).state]).toEqual(['replaced', 'taken'])
    await core.writing((ctx) => undo(ctx, changeSet!, { mode: 'all', source: 'test' }))
    expect([(await stored(first)).state, (await stored(second)).state]).toEqual(['taken', 'put'])
  })

  test('brings along only what its caller may do', async () => {
    const at = await meeting()
    const leader = someone({ grants: [{ role: 'leader', organisations: null }] })
    const [first, second] = [await put(at), await put(at)]
    await take(first, because(at))
    expect((await problemOf(take(second, because(at), leader))).kind).toBe('NotAllowed')
    expect([(await stored(first)).state, (await stored(second)).state]).toEqual(['taken', 'put'])
  })
})

describe('a rule', () => {
  test('sees the record it refers to, its links and its rows as they will be', async () => {
    const [open, shut] = [await meeting(), await meeting()]
    await core.write([{ kind: 'trial.meeting', id: shut, action: 'close' }])
    const closed = await problemOf(put(shut))
    expect(places(closed.fields)).toEqual(['/meeting trial.closed'])
    const id = await put(open, {}, { rows: { effect: { set: [{ name: 'a', value: 60 }] } } })
    const change = (more: object) => core.write([{ kind: 'trial.decision', id, action: 'change', ...more }])
    const second = { rows: { effect: { set: [{ name: 'b', value: 41 }] } } }
    expect(places((await problemOf(change(second))).fields)).toEqual(['/rows/effect trial.too-much'])
    await change({ rows: { effect: { set: [{ name: 'b', value: 41 }], remove: [{ name: 'a' }] } } })
    await change({ values: { links: { serves: [{ to: open }] } } })
    const both = change({ values: { links: { serves: [{ to: open }, { to: shut }] } } })
    expect((await problemOf(both)).fields).toMatchObject([{ at: '/links/serves', values: { count: 2 } }])
    await change({ values: { links: { serves: [{ to: shut }] } } })
  })

  test('that requires a link does not let the last one go', async () => {
    const at = await meeting()
    const id = await put(at)
    await take(id, because(at))
    const cut = core.write([{ kind: 'trial.decision', id, action: 'change', values: { links: { serves: [] } } }])
    expect(places((await problemOf(cut)).fields)).toEqual(['/links/serves field.required-in-state'])
  })
})

test('the interface asks what the page asks, and its document says so', async () => {
  const ask = app.as(administrator)
  const at = await meeting()
  const id = await put(at)
  const path = `/api/v1/trial/decisions/${id}/take`
  const refused = await ask<{ errors: Array<{ pointer: string }> }>('POST', path, { body: {} })
  expect([refused.status, refused.body.errors.map(({ pointer }) => pointer)]).toEqual([
    422,
    ['/values/reason', '/values/links/serves'],
  ])
  const done = await ask('POST', path, { body: { values: because(at) } })
  expect([done.status, done.body.state, done.body.takenOn]).toEqual([200, 'taken', today])
  const { body } = await ask<{ paths: Record<string, Record<string, never>> }>('GET', '/api/v1/openapi.json')
  const operation = body.paths['/api/v1/trial/decisions/{id}/take']!.post as unknown as {
    requestBody: { content: Record<string, { schema: { properties: { values: { description: string } } } }> }
  }
  const { values } = operation.requestBody.content['application/json']!.schema.properties
  expect(values.description).toMatch(/field\.reason.*link\.serves.*field\.reviewOn/)
})
