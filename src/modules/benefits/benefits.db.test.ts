/** The room over its tables: the path laid out, the framework, the profile, tables of rows. */
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { nobody, systemCaller } from '#platform/caller.ts'
import { openBenefitsHouse, request } from '#test/kit/benefits-house.ts'
import { places, problemOf, sample, someone } from '#test/kit/core.ts'
import { formOf, rowPageAt, saidIn, wrongIn } from '#test/kit/row-pages.ts'
import type { RowsPageView } from '#web/record-pages/rows.tsx'
import { startFramework } from './actions.ts'
import { profileOf } from './pages-profile.ts'
import { frameworkInForce, frameworkVersions, startingThresholds, thresholds } from './queries-framework.ts'
import { currentBenefits } from './queries-register.ts'

const { act, agreed, asApp, body, cash, core, owner, posts, recordOf } = await openBenefitsHouse()
afterAll(() => core.close())

describe('the path', () => {
  const pathPage = rowPageAt('/benefits/benefits/:key/rows/path')
  const analyst = () => asApp(someone({ grants: [{ role: 'analyst', organisations: null }] }))
  /** Lays it out and saves what is shown then. */
  const layOut = async (id: string) => {
    const shown = formOf((await pathPage.load(analyst(), request(id))) as RowsPageView)
    const proposed = (await pathPage.post(analyst(), request(id, { ...shown, act: 'derive' }))) as RowsPageView
    expect(await pathPage.post(analyst(), request(id, formOf(proposed)))).toHaveProperty('redirect')
  }

  test('is laid out from start, lag, ramp and full value, and laid out anew in its place', async () => {
    const id = await agreed({ rampMonths: 12 })
    const read = async () => (await currentBenefits(asApp(), sql`r.id = ${id}`))[0]!
    await layOut(id)
    expect((await read()).path.map((row) => [row.label, row.value])).toEqual([
      ['2024', '50000'],
      ['2025', '100000'],
    ])
    await act(id, 'change', systemCaller, { rampMonths: 0, startOn: '2024-07-01' })
    await layOut(id)
    expect((await read()).path.map((row) => [row.from, row.value])).toEqual([
      ['2024-07-01', '50000'],
      ['2025-01-01', '100000'],
    ])
  })

  test('without start, full value or end it says what is missing', async () => {
    const id = await core.make('benefits.benefit', { title: 'Vague', effect: 'gain', organisation: body })
    expect(await pathPage.load(analyst(), request(id))).toMatchObject({ derive: { ready: false } })
  })
})

describe('the framework', () => {
  test('begins with our text in both languages, and a version that is adopted ends the one before', async () => {
    expect(await thresholds(asApp())).toEqual(startingThresholds)
    const codes = [await startFramework(asApp(), body), await startFramework(asApp(), body)]
    const version = async (code: string | undefined) =>
      (await frameworkVersions(asApp())).find((each) => each.code === code)!
    const days = { adoptedOn: '2026-01-01', reviewOn: '2027-01-01' }
    const adopt = async (code: string | undefined, values: Record<string, string>) =>
      core.write([{ kind: 'benefits.framework', id: (await version(code)).id, action: 'adopt', values }])
    expect(places((await problemOf(adopt(codes[0], {}))).fields)).toEqual([
      '/adoptedOn field.required-in-state',
      '/reviewOn field.required-in-state',
    ])
    await adopt(codes[0], days)
    expect((await frameworkInForce(asApp()))!.purpose).toMatchObject({
      en: expect.any(String),
      'zh-Hans': expect.any(String),
    })
    const next = await version(codes[1])
    await core.write([{ kind: 'benefits.framework', id: next.id, action: 'change', values: { reviewEveryMonths: 3 } }])
    const { saved } = await adopt(codes[1], { ...days, adoptedOn: '2026-05-01' })
    expect(saved.map(({ code }) => code)).toEqual([codes[1], codes[0]])
    expect([(await version(codes[0])).state, (await frameworkInForce(asApp()))!.code]).toEqual(['replaced', codes[1]])
    expect((await thresholds(asApp(nobody))).reviewEveryMonths).toBe(3)
  })
})

test('a period that is not over is not called unreported, and figures carry their unit', async () => {
  const year = (of: number, value: string) => ({ from: `${of}-01-01`, to: `${of + 1}-01-01`, label: String(of), value })
  const unitLabel = { en: '%', 'zh-Hans': '%' }
  const counted = { benefitType: 'quantified', recurrence: null, worth: null, fullValue: '100000', unitLabel }
  const path = { set: [year(2025, '40'), year(2026, '60')] }
  const id = await core.make('benefits.benefit', cash(counted), { state: 'agreed', rows: { path } })
  const profile = (await profileOf(asApp(), await recordOf(id)))!
  expect(profile.periods.map((each) => [each.planned, each.realized])).toEqual([
    ['40%', 'not reported'],
    ['60%', 'not over yet'],
  ])
  expect(profile.chart!.unit).toBe('%')
})

test('what is public is shown to everybody, with posts and bodies and no person', async () => {
  const id = await agreed({ title: 'Seen by all' })
  await core.write([{ kind: 'benefits.benefit', id, action: 'publish' }])
  const record = await recordOf(id, nobody)
  const shown = JSON.stringify(await profileOf(asApp(nobody), record))
  expect(shown).not.toMatch(/"owner"|treasurer|findings":\["/)
  expect((await currentBenefits(asApp(nobody))).every((each) => each.record.audience === 'public')).toBe(true)
})

describe('the tables of a benefit', () => {
  test('results are offered for ended periods of the path that have none, and are saved by who may', async () => {
    const year = (at: number) => ({ from: `${at}-01-01`, to: `${at + 1}-01-01`, label: `${at}` })
    const id = await agreed(
      {},
      {
        path: { set: [2024, 2025, 2026].map((at) => ({ ...year(at), value: '100000' })) },
        result: { set: [{ ...year(2024), value: '90000', status: 'actual' }] },
      },
    )
    const page = rowPageAt('/benefits/benefits/:key/rows/result')
    const view = (await page.load(asApp(owner()), request(id))) as RowsPageView
    expect(saidIn(view, 'period', 'value', 'status')).toEqual([
      ['2025', '', 'actual'],
      ['', '', 'actual'],
      ['2024', '90000', 'actual'],
    ])
    expect(view.tabs.map((tab) => tab.label)).toEqual([
      'Planned path',
      'Realized',
      'Forecast by the owner',
      'Whose budget is reduced',
      'Claimed movement of an indicator',
    ])
    const wrong = { ...formOf(view), '0.value': '12', '0.low': '15', '1.period': 'soon', '1.value': 'much' }
    const back = (await page.post(asApp(owner()), request(id, wrong))) as RowsPageView
    expect(Object.keys(wrongIn(back)).sort()).toEqual(['0.low', '1.period', '1.value'])
    await page.post(asApp(owner()), request(id, { ...formOf(view), '0.value': '95,000' }))
    expect(
      (await currentBenefits(asApp(), sql`r.id = ${id}`))[0]!.results.map((row) => [row.label, row.value]),
    ).toEqual([
      ['2024', '90000'],
      ['2025', '95000'],
    ])
    await expect(page.load(asApp(someone()), request(id))).rejects.toMatchObject({ kind: 'NotAllowed' })
  })

  test('a benefit that an indicator measures has no table of results, one that is no cash no budget lines', async () => {
    const indicator = await core.make('indicators.indicator', { ...sample.indicator('Swimmers'), audience: 'partners' })
    const id = await core.make('benefits.benefit', {
      title: 'Swims',
      effect: 'gain',
      benefitType: 'quantified',
      organisation: body,
      owner: posts.owner,
      links: { measuredBy: [{ to: indicator }] },
    })
    const page = rowPageAt('/benefits/benefits/:key/rows/path')
    const view = (await page.load(asApp(owner()), request(id))) as RowsPageView
    expect(view.tabs.map((tab) => tab.href.split('/').at(-1))).toEqual(['path', 'forecast', 'claim'])
  })
})
