import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '#kernel/words.ts'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { type AppContext, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { type Core, openCore, sample, someone } from '#test/kit/core.ts'
import { mapPage } from './pages.ts'
import { mapPanels } from './pages-panels.ts'
import type { MapData } from './views.tsx'

let core: Core
const ids: Record<string, string> = {}
const codes: Record<string, string> = {}

/** One chain in two rows, an objective between a benefit and the outcome, and a loss nobody asked for. */
beforeAll(async () => {
  core = await openCore()
  const make = async (name: string, kind: string, values: Record<string, unknown>) => {
    ids[name] = await core.make(kind, { title: name, ...values })
    codes[name] = (
      await core.rows<{ code: string }>('select code from records.record where id = $1', [ids[name]])
    )[0]!.code
  }
  const to = (name: string, weight: number | null) => ({
    to: ids[name]!,
    ...(weight === null ? {} : { weight: String(weight) }),
  })
  ids.body = await core.make('directory.organisation', sample.organisation('Water'))
  await make('clean', 'strategy.outcome', {})
  await make('river', 'strategy.objective', { level: 1, links: { contributesTo: [to('clean', null)] } })
  await make('swim', 'benefits.benefit', {
    effect: 'gain',
    organisation: ids.body,
    links: { contributesTo: [to('river', 100)] },
  })
  await make('tourism', 'benefits.benefit', { effect: 'gain', links: { contributesTo: [to('clean', 100)] } })
  await make('anglers', 'benefits.benefit', { effect: 'loss', links: { contributesTo: [] } })
  await make('sampling', 'benefits.change', { links: { produces: [to('swim', 115), to('tourism', 100)] } })
  await make('sensors', 'benefits.enabler', { links: { enables: [to('sampling', 100)] } })
})
afterAll(() => core.close())

const asApp = (caller: Caller = systemCaller, language: Language = 'en'): AppContext => ({
  ...core.as(caller),
  language,
  database: core.database,
  city: { name: { en: 'City' }, timeZone: 'UTC', language: 'en', demo: false },
  exchange: noExchange,
  figures: [],
  people: noPeople,
  send: async () => null,
})
const request = { params: {}, form: {}, files: {}, path: '/benefits/map', address: '', userAgent: '', cookies: {} }
const map = async (query: Record<string, string> = {}, caller?: Caller): Promise<MapData> =>
  (await mapPage.load(asApp(caller), { ...request, query })) as MapData
const titles = ({ drawing }: MapData) => drawing.boxes.map(({ title }) => title).sort()
const boxOf = ({ drawing }: MapData, title: string) => drawing.boxes.find((box) => box.title === title)!
const arrowsOf = ({ drawing }: MapData) =>
  drawing.arrows
    .map(({ from, to, percent }) => `${drawing.boxes[from]!.title} → ${drawing.boxes[to]!.title} ${percent}`)
    .sort()

describe('the benefits map', () => {
  test('reaches from enablers to the outcomes of the plan, with weights', async () => {
    const whole = await map()
    expect(titles(whole)).toEqual(['anglers', 'clean', 'river', 'sampling', 'sensors', 'swim', 'tourism'])
    expect(arrowsOf(whole)).toEqual([
      'river → clean null',
      'sampling → swim 115',
      'sampling → tourism 100',
      'sensors → sampling 100',
      'swim → river 100',
      'tourism → clean 100',
    ])
    expect(whole.drawing.places.corners).toHaveLength(14)
    expect(boxOf(whole, 'anglers')).toMatchObject({ loss: true, kind: 'Loss' })
  })

  test('marks what is to be settled in words, for people who work on it', async () => {
    const whole = await map()
    expect(boxOf(whole, 'swim').marks.map(({ text }) => text)).toContain('Weights do not add up')
    expect(whole.findings?.href).toBe('/benefits/findings')
  })

  test('shows residents what is published and nothing of the work', async () => {
    // What a resident reads is remembered for two seconds in each language, so the first look is in another one.
    const before = (await mapPage.load(asApp(nobody, 'zh-Hans'), { ...request, query: {} })) as MapData
    expect([titles(before), before.empty]).toEqual([[], 'all'])
    const owner = await core.make('directory.post', { title: 'Head of water', organisation: ids.body! })
    const due = { dueOn: '2030-01-01', owner, organisation: ids.body! }
    const known: Record<string, Record<string, unknown>> = {
      'benefits.benefit': { benefitType: 'qualitative', startOn: '2029-01-01', counterfactual: 'Nothing', ...due },
      'benefits.change': { whoChanges: 'Bathers', adoptionMeasure: 'Share who follow the flags', ...due },
    }
    const chosen = [
      ['benefits.benefit', ids.swim!],
      ['benefits.change', ids.sampling!],
    ] as const
    for (const [kind, id] of chosen) {
      await core.write([{ kind, id, action: 'change', values: known[kind]! }])
      await core.write([{ kind, id, action: 'publish' }])
    }
    const published = await map({ detail: 'all' }, nobody)
    expect(titles(published)).toEqual(['sampling', 'swim'])
    expect(arrowsOf(published)).toEqual(['sampling → swim 115'])
    expect(boxOf(published, 'swim').marks).toEqual([])
    expect(published.findings).toBe(null)
  })

  test('shows nothing that lies behind a record which the reader may not see', async () => {
    const [behind, body] = [await core.make('strategy.outcome', { title: 'behind' }), ids.body!]
    const hidden = await core.make('strategy.objective', {
      ...{ title: 'hidden', level: 1, organisation: body, audience: 'restricted' },
      links: { contributesTo: [{ to: behind }] },
    })
    const seen = await core.make('strategy.objective', {
      ...{ title: 'seen', level: 2, audience: 'partners' },
      links: { under: [{ to: hidden }] },
    })
    const pays = await core.make('benefits.benefit', {
      title: 'pays',
      links: { contributesTo: [{ to: seen, weight: '100' }] },
    })
    const of = (await core.rows<{ code: string }>('select code from records.record where id = $1', [pays]))[0]!.code
    await core.write([{ kind: 'strategy.outcome', id: behind, action: 'change', values: { audience: 'partners' } }])
    const leader = someone({ grants: [{ role: 'leader', organisations: null }] })
    expect(titles(await map({ of }, leader))).toEqual(['behind', 'pays', 'seen'])
    expect(titles(await map({ of }, someone()))).toEqual(['pays', 'seen'])
  })

  test('is narrowed by outcome, by chain and by body', async () => {
    expect(titles(await map({ outcome: codes.clean! }))).toEqual([
      'clean',
      'river',
      'sampling',
      'sensors',
      'swim',
      'tourism',
    ])
    expect(titles(await map({ of: codes.tourism! }))).toEqual(['clean', 'sampling', 'sensors', 'tourism'])
    const [{ code }] = (await core.rows<{ code: string }>('select code from records.record where id = $1', [
      ids.body,
    ])) as [{ code: string }]
    expect(titles(await map({ body: code }))).toEqual(['clean', 'river', 'sampling', 'sensors', 'swim'])
    const post = await core.make('directory.post', { title: 'Head of tourism', organisation: ids.body! })
    await core.write([{ kind: 'benefits.benefit', id: ids.tourism!, action: 'change', values: { owner: post } }])
    const own = someone({ posts: [post] })
    expect(titles(await map({ mine: 'true' }, own))).toEqual(['sampling', 'sensors', 'tourism'])
    expect((await map({ detail: 'all' }, own)).mineHref).toBe('/benefits/map?mine=true')
    expect(titles(await map({ owner: 'PST-9999' }))).toEqual([])
    const none = await map({ of: 'BEN-9999' })
    expect([none.empty, none.narrowed]).toEqual(['cut', expect.stringContaining('BEN-9999')])
  })

  test('leaves parts out and leads on over them', async () => {
    const ends = await map({ show: 'without-enablers', of: codes.tourism! })
    expect(titles(ends)).toEqual(['clean', 'sampling', 'tourism'])
  })

  test('says what an outcome rests on by the weights people gave', async () => {
    const { weights } = await map({ outcome: codes.clean! })
    expect(weights?.lists.map(({ steps }) => steps.map(({ text, percent }) => [text, percent]))).toEqual([
      [['sensors', 100]],
      [['sampling', 100]],
    ])
    expect((await map()).weights).toBe(null)
  })

  test('a question that is nonsense is answered, whatever is typed', async () => {
    const odd = await map({
      style: 'x',
      outcome: "' or 1=1",
      body: '<b>',
      show: 'constructor',
      detail: '%',
      plan: '\\',
    })
    expect(odd.empty).toBe('cut')
    expect(odd.filters.show).toBe('all')
  })

  test('the chain of a record stands on its own page, and is left out where there is none', async () => {
    const [panel] = mapPanels
    const record = (name: string) => ({ id: ids[name], code: codes[name], kind: 'benefits.benefit' }) as never
    const shown = (await panel!.load(asApp(), record('tourism'), {})) as { drawing: MapData['drawing']; href: string }
    expect(shown.drawing.boxes.map(({ title }) => title).sort()).toEqual(['clean', 'sampling', 'sensors', 'tourism'])
    expect(shown.href).toBe(`/benefits/map?of=${codes.tourism}`)
    expect(await panel!.load(asApp(), record('anglers'), {})).toBe(null)
    expect(await panel!.load(asApp(nobody), record('tourism'), {})).toBe(null)
  })
})
