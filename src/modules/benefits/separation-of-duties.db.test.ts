/** Who signs, validates, confirms and disputes a benefit, and the ways around it. */
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import type { Caller } from '#platform/caller.ts'
import type { RowValues } from '#platform/records/index.ts'
import { openBenefitsHouse, request, signing, today } from '#test/kit/benefits-house.ts'
import { places, problemOf, someone } from '#test/kit/core.ts'
import { formOf, rowPageAt, saidIn, wrongIn } from '#test/kit/row-pages.ts'
import type { RowsPageView } from '#web/record-pages/rows.tsx'
import { startFramework } from './actions.ts'
import { findings } from './queries-findings.ts'
import { frameworkVersions } from './queries-framework.ts'
import { currentBenefits } from './queries-register.ts'

const { act, agreed, asApp, body, cash, core, finance, holding, owner, posts, recordOf, service } =
  await openBenefitsHouse()
afterAll(() => core.close())

const found = { budgetCode: '41.2', year: 2024, verdict: 'confirmed', amount: '90000', note: null } as const

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
