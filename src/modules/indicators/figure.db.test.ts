/** An indicator whose values come from a figure: closing, correction, confirmation, failure, nothing to show. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Caller, systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { type Figure, figure } from '#platform/figure.ts'
import { figureSubscriber, listedCount, measureFigures } from '#platform/figures/index.ts'
import { type AppContext, noExchange, type PageRequest } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { get } from '#platform/records/index.ts'
import { type Core, openCore, places, problemOf, someone } from '#test/kit/core.ts'
import { bringFigures, settleBrought } from './actions-figure.ts'
import { figurePages } from './pages-figure.ts'
import type { Indicator } from './queries-series.ts'
import { indicator } from './records.ts'
import type { SettleData } from './views/figure.tsx'

let core: Core
let counted: Figure
let benefit: string
let owner: { organisation: string; owner: string }
beforeAll(async () => {
  core = await openCore()
  const review = core.as().registry.kind('benefits.review').declaration
  counted = listedCount(review, { id: 'benefits.reviews-held', on: 'heldOn', unit: '{review}' })
  const body = { title: 'Works', organisationKind: 'department', sector: 'public' }
  const organisation = await core.make('directory.organisation', body)
  owner = { organisation, owner: await core.make('directory.post', { title: 'Head', organisation }) }
  benefit = await core.make('benefits.benefit', { title: 'Time saved' })
})
afterAll(() => core.close())

const analyst = someone({ grants: [{ role: 'analyst', organisations: null }] })
const logged: string[] = []
const context = (day: string, figures: readonly Figure[], caller: Caller = systemCaller): AppContext => ({
  ...core.as(caller),
  now: () => new Date(`${day}T12:00:00Z`),
  database: core.database,
  exchange: noExchange,
  people: noPeople,
  figures,
  send: async () => null,
  log: { info() {}, warn: (_facts, message) => logged.push(message), error: (_facts, message) => logged.push(message) },
})

/** What the worker does on a day, in its order; returns how many values were written. */
async function workOn(day: string, figures: readonly Figure[] = [counted]): Promise<number> {
  const ctx = context(day, figures)
  await catchUp(ctx, core.database, [figureSubscriber])
  await measureFigures(ctx)
  return bringFigures(ctx)
}
const held = (heldOn: string) =>
  core.make('benefits.review', {
    ...{ title: 'Review', benefit, plannedOn: heldOn, heldOn, finding: 'It arrives.', decision: 'continue' },
    ...owner,
  })
const retire = (id: string) => core.write([{ kind: 'benefits.review', id, action: 'retire' }])

let id: string
const source = (values: Record<string, unknown> = {}) =>
  core.make(
    indicator.kind,
    { title: 'Reviews held', direction: 'up', grain: 'month', figure: counted.id, ...owner, ...values },
    { state: 'agreed' },
  )
const values = () =>
  core.rows<{ from: string; value: string; status: string; note: Record<string, string> | null; revision: number }>(
    'select "from", value, status, note, revision from indicators.measurement where record = $1 order by "from"',
    [id],
  )
const shown = async () => (await values()).map(({ from, value, status }) => `${from} ${value} ${status}`)
const record = () => get(context('2026-04-02', [counted], analyst), indicator, id) as Promise<Indicator>
const settle = async (from: string, seen: string, value: string, why: string | null = null) =>
  settleBrought(context('2026-04-02', [counted], analyst), await record(), [{ from, seen, value }], why)

beforeEach(async () => {
  logged.length = 0
  const old = await core.rows<{ id: string; kind: string }>(
    `select id, kind from records.record where kind in ('benefits.review', 'indicators.indicator') and "retiredAt" is null`,
  )
  await core.write(old.map((each) => ({ ...each, action: 'retire' })))
  id = await source()
})

describe('when a period closes', () => {
  test('its value comes in, provisional, and says from what it was counted', async () => {
    await held('2026-02-10')
    await held('2026-02-20')
    expect(await workOn('2026-02-28')).toBe(0)
    expect(await workOn('2026-03-01')).toBe(1)
    expect(await shown()).toEqual(['2026-02-01 2 provisional'])
    const [{ note } = { note: null }] = await values()
    expect(note?.en).toBe(
      'From the figure “Benefit reviews held” (benefits.reviews-held, method 1), counted on 2026-03-01 over 2 records: ' +
        '/benefits/reviews?heldOn[gte]=2026-02-01&heldOn[lt]=2026-03-01',
    )
    expect(note?.['zh-Hans']).toContain('已举行的效益评审')
    // Nothing has changed: it is not written again.
    expect(await workOn('2026-03-02')).toBe(0)
  })

  test('a month without a review is none only after there has been one: before, nobody kept reviews', async () => {
    await held('2026-01-10')
    await workOn('2026-03-01')
    expect(await shown()).toEqual(['2026-01-01 1 provisional', '2026-02-01 0 provisional'])
  })

  test('an indicator that is still a draft gets nothing', async () => {
    id = await core.make(indicator.kind, { title: 'Draft', direction: 'up', grain: 'month', figure: counted.id })
    await held('2026-02-10')
    await workOn('2026-03-01')
    expect(await values()).toEqual([])
  })
})

describe('when the records change', () => {
  test('a provisional value is corrected, and a new revision of it', async () => {
    await held('2026-02-10')
    await workOn('2026-03-01')
    const late = await held('2026-02-27')
    expect(await workOn('2026-03-05')).toBe(1)
    expect((await values())[0]).toMatchObject({ value: '2', status: 'provisional', revision: 2 })
    await retire(late)
    await workOn('2026-03-06')
    expect((await values())[0]).toMatchObject({ value: '1', status: 'provisional', revision: 3 })
  })

  test('a confirmed value stays, and so does a replaced one', async () => {
    await held('2026-02-10')
    await held('2026-03-10')
    await workOn('2026-04-01')
    await settle('2026-02-01', '1', '1')
    await settle('2026-03-01', '1', '4', 'Three were held without a record.')
    await held('2026-02-11')
    await held('2026-03-11')
    expect(await workOn('2026-04-03')).toBe(0)
    expect(await shown()).toEqual(['2026-02-01 1 actual', '2026-03-01 4 actual'])
    expect((await values())[1]?.note).toEqual({ en: 'Three were held without a record.' })
  })

  test('a value that a person entered is never touched', async () => {
    const row = { cell: '', from: '2026-02-01', to: '2026-03-01', label: '2026-02', value: '9', status: 'provisional' }
    await core.write([{ kind: indicator.kind, id, action: 'change', rows: { measurement: { set: [row] } } }])
    await held('2026-02-10')
    expect(await workOn('2026-03-01')).toBe(0)
    expect(await shown()).toEqual(['2026-02-01 9 provisional'])
  })
})

describe('a person', () => {
  test('says why a value is replaced, and decides about the value that was seen', async () => {
    await held('2026-02-10')
    await workOn('2026-03-01')
    const unexplained = await problemOf(settle('2026-02-01', '1', '4'))
    expect([unexplained.reason, ...places(unexplained.fields)]).toEqual([
      'indicators.figure-needs-why',
      '/why field.required',
    ])
    await held('2026-02-11')
    await workOn('2026-03-02')
    expect((await problemOf(settle('2026-02-01', '1', '1'))).reason).toBe('indicators.figure-changed')
    await settle('2026-02-01', '2', '2')
    expect((await problemOf(settle('2026-02-01', '2', '2'))).reason).toBe('indicators.figure-changed')
  })

  test('confirms several values at once, or none of them', async () => {
    await held('2026-01-10')
    await held('2026-02-10')
    await workOn('2026-03-01')
    const both = (second: string) => [
      { from: '2026-01-01', seen: '1', value: '1' },
      { from: '2026-02-01', seen: second, value: second },
    ]
    const all = async (second: string) =>
      settleBrought(context('2026-04-02', [counted], analyst), await record(), both(second), null)
    expect((await problemOf(all('7'))).reason).toBe('indicators.figure-changed')
    expect(await shown()).toEqual(['2026-01-01 1 provisional', '2026-02-01 1 provisional'])
    await all('1')
    expect(await shown()).toEqual(['2026-01-01 1 actual', '2026-02-01 1 actual'])
  })

  test('who may not enter values cannot confirm them', async () => {
    await held('2026-02-10')
    await workOn('2026-03-01')
    const reviewer = someone({ grants: [{ role: 'reviewer', organisations: null }] })
    const decision = { from: '2026-02-01', seen: '1', value: '1' }
    const settled = settleBrought(context('2026-04-02', [counted], reviewer), await record(), [decision], null)
    expect((await problemOf(settled)).kind).toBe('NotAllowed')
  })

  test('meets the values that wait on a page, and what is wrong with the form beside its field', async () => {
    await held('2026-02-10')
    await workOn('2026-03-01')
    const [page] = figurePages
    const ctx = context('2026-04-02', [counted], analyst)
    const request = (form: Record<string, string> = {}): PageRequest => ({
      ...{ params: { key: id }, query: {}, form, files: {}, path: '', address: '', userAgent: '', cookies: {} },
    })
    const data = (await page!.load(ctx, request())) as SettleData
    expect(data.rows[0]).toMatchObject({ from: '2026-02-01', standing: 'provisional', plain: '1' })
    expect(data.rows[0]?.query).toBe('/benefits/reviews?heldOn[gte]=2026-02-01&heldOn[lt]=2026-03-01')
    const form = { act: 'replace', from: '2026-02-01', 'seen.2026-02-01': '1', 'value.2026-02-01': '4' }
    const refused = (await page!.post!(ctx, request(form))) as SettleData
    expect(refused.mistakes).toEqual({ 'why.2026-02-01': 'Say why the value is replaced.' })
    const done = await page!.post!(ctx, request({ ...form, 'why.2026-02-01': 'Counted by hand.' }))
    expect(done).toHaveProperty('redirect')
    expect(await shown()).toEqual(['2026-02-01 4 actual'])
  })
})

describe('a figure that gives no number', () => {
  const mean = (found: () => Promise<{ of: number; value: string | null }>) =>
    figure({
      ...{ id: counted.id, unit: 'd', kind: 'mean', over: 'period', reads: ['benefits.review'] },
      measure: async () => ({ ...(await found()), asOf: '2026-03-01', query: '/benefits/reviews' }),
    })

  test('writes nothing where there is nothing to show, and takes back what it gave before', async () => {
    await held('2026-02-10')
    const given = mean(async () => ({ of: 3, value: '12.5' }))
    await workOn('2026-03-01', [given])
    expect((await values()).at(-1)).toMatchObject({ from: '2026-02-01', value: '12.5' })
    await held('2026-02-11')
    await workOn('2026-03-02', [mean(async () => ({ of: 0, value: null }))])
    expect(await values()).toEqual([])
  })

  test('writes nothing while it fails, says so, and comes in once it can be measured', async () => {
    await held('2026-02-10')
    let broken = true
    const fragile = mean(async () => {
      if (broken) throw new Error('a table is gone')
      return { of: 3, value: '7' }
    })
    expect(await workOn('2026-03-01', [fragile])).toBe(0)
    expect(await values()).toEqual([])
    expect(logged).toContain('a figure could not be measured; it is unknown')
    const states = await core.rows<{ state: string }>(
      `select state from indicators.brought where indicator = $1 and "from" = '2026-02-01'`,
      [id],
    )
    expect(states).toEqual([{ state: 'unknown' }])
    broken = false
    await workOn('2026-03-01', [fragile])
    expect((await values()).at(-1)).toMatchObject({ from: '2026-02-01', value: '7', status: 'provisional' })
  })
})

test('how things stood on a day comes in from the last day of the period on which it was measured', async () => {
  let met = 1
  const standing = figure({
    ...{ id: 'indicators.current', unit: '%', kind: 'share', reads: ['benefits.review'] },
    measure: async (ctx) => ({ met, of: 4, asOf: ctx.now().toISOString().slice(0, 10), query: '/benefits/reviews' }),
  })
  id = await source({ figure: standing.id })
  await workOn('2026-07-10', [standing])
  met = 3
  await workOn('2026-07-30', [standing])
  met = 4
  await workOn('2026-08-02', [standing])
  // June was never looked at: nobody can say today how things stood then.
  expect(await shown()).toEqual(['2026-07-01 75 provisional'])
})

test('a figure that there is not is refused by name', async () => {
  const refused = await problemOf(source({ figure: 'benefits.gone' }))
  expect(places(refused.fields)).toEqual(['/figure field.not-a-choice'])
})
