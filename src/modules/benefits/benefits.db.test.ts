import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rebuildPerformance } from '#modules/indicators'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { listFindings } from '#platform/findings/index.ts'
import { type AppContext, noExchange, type PageRequest } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import type { RowValues } from '#platform/records/index.ts'
import { type Core, openCore, places, problemOf, sample, someone } from '#test/kit/core.ts'
import { allFindings, refreshFindings } from '#test/kit/findings.ts'
import { formOf, rowPageAt, saidIn, wrongIn } from '#test/kit/row-pages.ts'
import type { RowsPageView } from '#web/record-pages/rows.tsx'
import { startFramework } from './actions.ts'
import { profileOf } from './pages-profile.ts'
import { findings } from './queries-findings.ts'
import { frameworkInForce, frameworkVersions, startingThresholds, thresholds } from './queries-framework.ts'
import { type Benefit, currentBenefits } from './queries-register.ts'

let core: Core
let body: string
const posts: Record<'owner' | 'project' | 'service' | 'treasurer', string> = {} as never

beforeAll(async () => {
  core = await openCore()
  body = await core.make('directory.organisation', sample.organisation('Streets'))
  for (const name of ['owner', 'project', 'service', 'treasurer'] as const) {
    const person = await core.make('directory.person', { title: name, organisation: body })
    posts[name] = await core.make(
      'directory.post',
      { title: `Post of ${name}`, organisation: body },
      { rows: { holding: { set: [{ person, from: '2020-01-01', to: null }] } } },
    )
  }
})
afterAll(() => core.close())

const today = '2026-06-01'
const asApp = (caller: Caller = systemCaller): AppContext => ({
  ...core.as(caller),
  now: () => new Date(`${today}T12:00:00Z`),
  database: core.database,
  city: { name: { en: 'City' }, timeZone: 'UTC', language: 'en', demo: false },
  exchange: noExchange,
  figures: [],
  people: noPeople,
  send: async () => null,
})
const holding = (...names: Array<keyof typeof posts>) => names.map((name) => posts[name])
const owner = () => someone({ posts: holding('owner'), grants: [{ role: 'owner', organisations: [body] }] })
const service = () => someone({ posts: holding('service') })
const finance = (...names: Array<keyof typeof posts>) =>
  someone({ posts: holding(...names), grants: [{ role: 'finance', organisations: null }] })

const cash = (more: Record<string, unknown> = {}) => ({
  title: 'Lighting needs less power',
  effect: 'gain',
  benefitType: 'cash-releasing',
  recurrence: 'recurring',
  worth: { amount: '100000', currency: 'EUR', priceYear: 2024 },
  startOn: '2024-01-01',
  dueOn: '2025-12-31',
  counterfactual: { en: 'The old lamps' },
  organisation: body,
  owner: posts.owner,
  deliveredBy: posts.project,
  receivingPost: posts.service,
  ...more,
})
const line = { budgetCode: '41.2', year: 2024, amount: '100000' }
const agreed = (more: Record<string, unknown> = {}, rows = {}) =>
  core.make('benefits.benefit', cash(more), { state: 'agreed', rows: { budget: { set: [line] }, ...rows } })
const found = { budgetCode: '41.2', year: 2024, verdict: 'confirmed', amount: '90000', note: null } as const
const request = (key: string, form: Record<string, string | string[]> = {}): PageRequest => ({
  ...{ params: { key }, query: {}, form, files: {}, path: '', address: '', userAgent: '', cookies: {} },
})
const act = (id: string, action: string, caller: Caller, values?: Record<string, unknown>) =>
  core.write([{ kind: 'benefits.benefit', id, action, ...(values ? { values } : {}) }], caller)
const signing = { measurementBudget: '2000', trackUntil: '2028-12-31' }
const recordOf = async (id: string, caller?: Caller) =>
  (await currentBenefits(asApp(caller), sql`r.id = ${id}`))[0]!.record as Benefit

describe('separation of duties', () => {
  test('the receiving post signs the hand-over, nobody in its place, and with budget and last day', async () => {
    const id = await agreed()
    const leader = someone({ grants: [{ role: 'leader', organisations: null }] })
    for (const caller of [owner(), leader])
      expect((await problemOf(act(id, 'hand-over', caller, signing))).kind).toBe('NotAllowed')
    expect(places((await problemOf(act(id, 'hand-over', service()))).fields)).toEqual([
      '/measurementBudget field.required-in-state',
      '/trackUntil field.required-in-state',
    ])
    await act(id, 'hand-over', service(), signing)
    const [now] = await currentBenefits(asApp(), sql`r.id = ${id}`)
    expect([now!.record.state, now!.accountable]).toEqual(['handed-over', posts.service])
    expect(now!.record.handedOverOn).toBe(new Date().toISOString().slice(0, 10))
  })

  test('nobody writes the day of a hand-over by hand', async () => {
    const id = await agreed()
    const problem = await problemOf(act(id, 'change', owner(), { handedOverOn: '2026-01-01' }))
    expect(places(problem.fields)).toEqual(['/handedOverOn benefits.signed-by-receiver'])
  })

  test('realized is validated by somebody who neither owns, delivers nor receives it', async () => {
    const id = await agreed()
    await act(id, 'hand-over', service(), signing)
    const validation = { validation: { en: 'Meters read' } }
    const everything = [{ role: 'leader' as const, organisations: null }]
    for (const name of ['owner', 'project', 'service'] as const) {
      const caller = someone({ posts: holding(name), grants: everything })
      expect((await problemOf(act(id, 'realize', caller, validation))).kind).toBe('NotAllowed')
    }
    await act(id, 'realize', someone({ grants: [{ role: 'reviewer', organisations: [body] }] }), validation)
    expect((await recordOf(id)).state).toBe('realized')
  })

  test('finance disputes what it does not find, and neither owner nor project settles that', async () => {
    const id = await agreed()
    await act(id, 'dispute', finance('treasurer'), { disputeReason: { en: 'The line grew' } })
    expect((await recordOf(id)).state).toBe('disputed')
    const everything = [{ role: 'leader' as const, organisations: null }]
    for (const caller of [owner(), someone({ posts: holding('project'), grants: everything })])
      expect((await problemOf(act(id, 'settle', caller))).kind).toBe('NotAllowed')
    await act(id, 'settle', someone({ grants: everything }))
    expect((await recordOf(id)).state).toBe('realizing')
  })

  test('cash is confirmed by finance alone, through every door', async () => {
    const id = await agreed()
    const rows = { confirmation: { set: [{ ...found, confirmedOn: today, post: posts.treasurer }] } }
    const write = (caller: Caller) => core.write([{ kind: 'benefits.benefit', id, action: 'change', rows }], caller)
    const administrator = someone({ grants: [{ role: 'administrator', organisations: null }] })
    for (const caller of [owner(), administrator, finance('owner'), finance('treasurer', 'project')])
      expect((await problemOf(write(caller))).kind).toBe('NotAllowed')
    // Who is finance cannot sign with a post that has a part in it either.
    const own = { confirmation: { set: [{ ...rows.confirmation.set[0]!, post: posts.owner }] } }
    const forged = core.write([{ kind: 'benefits.benefit', id, action: 'change', rows: own }], finance('treasurer'))
    expect((await problemOf(forged)).kind).toBe('NotAllowed')

    const page = rowPageAt('/benefits/benefits/:key/cash')
    const open = async (caller: Caller) => (await page.load(asApp(caller), request(id))) as RowsPageView
    const offered = await open(finance('treasurer'))
    expect(saidIn(offered, 'budgetCode', 'year')[0]).toEqual(['41.2', '2024'])
    const typed = { ...formOf(offered), '0.verdict': 'confirmed' }
    const back = (await page.post(asApp(finance('treasurer')), request(id, typed))) as RowsPageView
    expect(Object.keys(wrongIn(back))).toEqual(['0.amount'])
    const withoutPost = (await page.post(
      asApp(finance()),
      request(id, { ...typed, '0.amount': '90,000' }),
    )) as RowsPageView
    expect(withoutPost.mistakes.map((each) => each.text)).toEqual([expect.stringContaining('you hold none')])
    await page.post(asApp(finance('treasurer')), request(id, { ...typed, '0.amount': '90,000' }))
    expect((await currentBenefits(asApp(), sql`r.id = ${id}`))[0]).toMatchObject({
      cashed: '90000',
      confirmations: [{ confirmedOn: today, post: posts.treasurer }],
    })
  })

  test('what is no cash has no line of a budget', async () => {
    const problem = await problemOf(agreed({ benefitType: 'cost-avoided' }))
    expect(places(problem.fields)).toEqual(['/rows/budget/0 benefits.not-cash'])
  })
})

describe('ways around the separation of duties', () => {
  const leader = (...names: Array<keyof typeof posts>) =>
    someone({ posts: holding(...names), grants: [{ role: 'leader', organisations: null }] })
  const validated = async () => {
    const id = await agreed()
    await act(id, 'hand-over', service(), signing)
    await act(id, 'realize', leader(), { validation: { en: 'Meters read' } })
    return id
  }

  test('what a validation rests on is written by the validation alone, by whoever may change the rest', async () => {
    const id = await validated()
    for (const caller of [owner(), leader()])
      expect((await problemOf(act(id, 'change', caller, { validation: { en: 'All is well' } }))).kind).toBe(
        'NotAllowed',
      )
  })

  test('nobody writes down a benefit that is handed over or validated already', async () => {
    const values = cash({ ...signing, validation: { en: 'Seen' } })
    const made = core.make('benefits.benefit', values, { state: 'realized' }, leader())
    expect((await problemOf(made)).kind).toBe('NotAllowed')
  })

  test('what was signed or validated stays as it was', async () => {
    const id = await validated()
    for (const values of [{ measurementBudget: '1' }, { trackUntil: '2026-12-31' }])
      expect(places((await problemOf(act(id, 'change', leader(), values))).fields)[0]).toContain('benefits.sign-again')
    for (const values of [
      { worth: { amount: '9', currency: 'EUR', priceYear: 2024 } },
      { benefitType: 'income' },
      { deliveredBy: posts.treasurer },
      { worth: { amount: '100000', currency: 'EUR', priceYear: 2020 } },
    ])
      expect(places((await problemOf(act(id, 'change', leader(), values))).fields)[0]).toContain(
        'benefits.validated-so',
      )
  })

  test('whoever brings it about does not sign for having received it', async () => {
    const id = await agreed({ deliveredBy: posts.service })
    expect((await problemOf(act(id, 'hand-over', service(), signing))).kind).toBe('NotAllowed')
  })

  test('who puts their post elsewhere, validates and puts it back is found by the history', async () => {
    const person = await core.make('directory.person', { title: 'Crafty', organisation: body })
    const post = await core.make(
      'directory.post',
      { title: 'Crafty post', organisation: body },
      { rows: { holding: { set: [{ person, from: '2020-01-01', to: null }] } } },
    )
    const account = await core.make('identity.account', {
      title: 'Crafty',
      login: 'crafty',
      person,
      organisation: body,
    })
    const crafty: Caller = { ...leader(), account, person, posts: [post] }
    const id = await agreed({ owner: post })
    await act(id, 'hand-over', service(), signing)
    await act(id, 'change', crafty, { owner: posts.owner })
    await act(id, 'realize', crafty, { validation: { en: 'Trust me' } })
    await act(id, 'change', crafty, { owner: post })
    const own = (await findings(asApp())).all.filter((each) => each.finding === 'validated-by-own')
    expect(own.map((each) => each.record)).toEqual([id])
  })

  test('a result that is corrected after it was validated is found, until somebody validates it again', async () => {
    const year = { from: '2024-01-01', to: '2025-01-01', label: '2024' }
    const id = await agreed({}, { result: { set: [{ ...year, value: '30000', status: 'actual' }] } })
    await act(id, 'hand-over', service(), signing)
    await act(id, 'realize', leader(), { validation: { en: 'Seen in the books' } })
    const changed = async () =>
      (await findings(asApp())).all.filter((each) => each.finding === 'results-changed').map((each) => each.record)
    const result = (row: RowValues) =>
      core.write([{ kind: 'benefits.benefit', id, action: 'change', rows: { result: { set: [row] } } }])
    await result({ from: '2025-01-01', to: '2026-01-01', label: '2025', value: '31000', status: 'actual' })
    await result({ ...year, value: '30000', status: 'actual', note: { en: 'Source added' } })
    expect(await changed()).toEqual([])
    await result({ ...year, value: '90000', status: 'actual' })
    expect(await changed()).toEqual([id])
    await act(id, 'sustain', leader(), { sustainedBecause: { en: 'Seen again' } })
    expect(await changed()).toEqual([])
  })

  test('finance confirms with a post of its own', async () => {
    const id = await agreed()
    const rows = { confirmation: { set: [{ ...found, confirmedOn: today, post: posts.treasurer }] } }
    const borrowed = core.write([{ kind: 'benefits.benefit', id, action: 'change', rows }], finance())
    expect((await problemOf(borrowed)).kind).toBe('NotAllowed')
  })

  test('a leader of one body does not set the thresholds of the city', async () => {
    const code = await startFramework(asApp(), body)
    const [draft] = (await frameworkVersions(asApp())).filter((each) => each.code === code)
    const small = someone({ grants: [{ role: 'leader', organisations: [body] }] })
    const days = { adoptedOn: '2026-01-01', reviewOn: '2027-01-01' }
    const adopting = core.write([{ kind: 'benefits.framework', id: draft!.id, action: 'adopt', values: days }], small)
    expect((await problemOf(adopting)).kind).toBe('NotAllowed')
  })
})

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

  test('a missed one waits for its owner at once, for the leaders of the body after thirty days, until a review is held', async () => {
    const year = { from: '2025-01-01', to: '2026-01-01', label: '2025' }
    const id = await agreed(
      { title: 'Misses its path' },
      {
        path: { set: [{ ...year, value: '100000' }] },
        result: { set: [{ ...year, value: '30000', status: 'actual' }] },
      },
    )
    const leader = someone({ grants: [{ role: 'leader', organisations: [body] }] })
    const waits = async (caller: Caller, day: string) => {
      const ctx = { ...asApp(caller), now: () => new Date(`${day}T12:00:00Z`) }
      await refreshFindings({ ...asApp(), now: ctx.now })
      const { rows } = await listFindings(ctx, allFindings, { findings: ['benefits.missed-path'], mine: true })
      return rows.length
    }
    expect([await waits(owner(), '2026-01-20'), await waits(leader, '2026-01-20')]).toEqual([1, 0])
    expect([await waits(owner(), '2026-02-10'), await waits(leader, '2026-02-10')]).toEqual([1, 1])
    await core.make(
      'benefits.review',
      {
        title: 'Review',
        benefit: id,
        plannedOn: '2026-02-12',
        heldOn: '2026-02-12',
        finding: { en: 'Lamps came late' },
        decision: 'continue',
        organisation: body,
        owner: posts.owner,
      },
      { state: 'held' },
    )
    expect([await waits(owner(), '2026-02-20'), await waits(leader, '2026-02-20')]).toEqual([0, 0])
  })
})

describe('findings over records', () => {
  const named = async () => {
    const { all, graph, benefits } = await findings(asApp())
    const title = new Map([
      ...graph.nodes.map((node) => [node.id, node.title.en!] as const),
      ...benefits.map(({ record }) => [record.id, record.title.en!] as const),
    ])
    return all.map((each) => `${each.finding} ${title.get(each.record)}`)
  }

  test('a clean chain gives none, and planted faults give theirs', async () => {
    const outcome = await core.make('strategy.outcome', { title: 'Clean outcome', organisation: body })
    const link = (name: string, to: string, weight: string | null = '100') => ({ links: { [name]: [{ to, weight }] } })
    const counted = {
      effect: 'gain',
      benefitType: 'quantified',
      startOn: '2026-01-01',
      dueOn: '2027-12-31',
      counterfactual: { en: 'As before' },
      organisation: body,
      owner: posts.owner,
    }
    const path = { path: { set: [{ from: '2026-01-01', to: '2027-01-01', label: '2026', value: '5' }] } }
    const good = await core.make(
      'benefits.benefit',
      { ...counted, title: 'Clean benefit', ...link('contributesTo', outcome) },
      { state: 'agreed', rows: path },
    )
    const change = await core.make('benefits.change', {
      title: 'Clean change',
      organisation: body,
      ...link('produces', good),
    })
    await core.make('benefits.enabler', { title: 'Clean enabler', organisation: body, ...link('enables', change) })
    expect((await named()).filter((each) => each.includes('Clean'))).toEqual([])

    await core.make('benefits.enabler', { title: 'Heavy enabler', ...link('enables', change, '20') })
    await core.make('benefits.enabler', { title: 'Lonely enabler' })
    const loss = await core.make('benefits.benefit', { title: 'Loss of nobody', effect: 'loss', organisation: body })
    await core.make('benefits.change', { title: 'Losing change', ...link('produces', loss) })
    const one = await core.make('benefits.benefit', { ...counted, title: 'Circle one' }, { rows: path })
    const two = await core.make(
      'benefits.benefit',
      { ...counted, title: 'Circle two', ...link('contributesTo', one, null) },
      { rows: path },
    )
    const circle = core.write([
      { kind: 'benefits.benefit', id: one, action: 'change', values: link('contributesTo', two, null) },
    ])
    expect(places((await problemOf(circle)).fields)).toEqual(['/links/contributesTo reference.loop'])
    // As it may be in a database that somebody has repaired by hand.
    await core.rows(
      `insert into records.link (id, name, "from", "to") values (gen_random_uuid(), 'benefits.benefit.contributesTo', $1, $2)`,
      [one, two],
    )
    const unseen = await agreed({ title: 'Cash unseen' })
    await act(unseen, 'hand-over', service(), signing)
    await act(unseen, 'realize', someone({ grants: [{ role: 'reviewer', organisations: null }] }), {
      validation: { en: 'Seen' },
    })
    const all = await named()
    for (const expected of [
      'weights Clean change',
      'orphan Lonely enabler',
      'no-losing-group Loss of nobody',
      'no-post Loss of nobody',
      'cycle Circle one',
      'cashed-without-finance Cash unseen',
    ])
      expect(all).toContain(expected)
  })

  test('two plans that claim one movement are reported together, and an agreed note settles it', async () => {
    const indicator = await core.make(
      'indicators.indicator',
      { title: 'Weeks', direction: 'down', grain: 'year', organisation: body, owner: posts.owner },
      {
        state: 'agreed',
        rows: {
          measurement: {
            set: [{ cell: '', from: '2025-01-01', to: '2026-01-01', label: '2025', value: '10', status: 'actual' }],
          },
        },
      },
    )
    await rebuildPerformance(asApp())
    const plan = (title: string) => core.make('strategy.plan', { title, levels: [{ en: 'Goal' }] })
    const claiming = async (title: string, movement: string) =>
      agreed(
        { title, plan: await plan(`Plan of ${title}`) },
        {
          claim: {
            set: [{ indicator, baseline: '16', baselineOn: '2024-01-01', movement, counterfactualChange: '-1' }],
          },
        },
      )
    const [first, second] = [await claiming('Claims first', '-4'), await claiming('Claims second', '-3')]
    const double = async () => (await findings(asApp())).all.filter((each) => each.finding === 'double-claim')
    expect((await double()).map((each) => [each.record, ...each.with, each.values.plans])).toEqual([[first, second, 2]])
    for (const id of [first, second])
      await act(id, 'change', systemCaller, { settlement: { en: 'Four to three, agreed in May' } })
    expect(await double()).toEqual([])
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
