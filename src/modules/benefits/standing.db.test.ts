/** How benefits stand, kept in a table: the same as if it were computed, for everybody what they may read. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Caller, nobody } from '#platform/caller.ts'
import { followDays, rebuildDerived } from '#platform/derived.ts'
import type { AppContext } from '#platform/page.ts'
import { read } from '#platform/records/index.ts'
import { openBenefitsHouse } from '#test/kit/benefits-house.ts'
import { sample, someone } from '#test/kit/core.ts'
import { standing } from './derived.ts'
import { findings } from './findings.ts'
import { moneyFacts, onPath, toConfirm, toSign } from './queries-standing.ts'
import { benefit } from './records.ts'
import { totalsOf } from './rules-money.ts'

const { agreed, asApp, body, cash, core, finance, posts, service, settle } = await openBenefitsHouse()
afterAll(() => core.close())

const leader = () => someone({ grants: [{ role: 'leader', organisations: null }] })
const year = (of: number, value: string) => ({ from: `${of}-01-01`, to: `${of + 1}-01-01`, label: String(of), value })
const result = (of: number, value: string) => ({ ...year(of, value), status: 'actual' })
const path = (...years: number[]) => ({ path: { set: years.map((each) => year(each, '1000')) } })
const report = (id: string, value: string, caller?: Caller) =>
  core.write([{ kind: benefit.kind, id, action: 'change', rows: { result: { set: [result(2025, value)] } } }], caller)
const rows = () => core.rows('select * from benefits.standing order by record, place')
const rebuilt = async (ctx = asApp()) => {
  await rebuildDerived(standing, ctx)
  return rows()
}
/** Their titles; a context of its own for each question, as each request has. */
const standingAs = async (ctx: AppContext, ...paths: string[]) =>
  (
    await read(ctx, benefit)
      .where(await onPath(ctx, paths))
      .sort('code')
      .rows()
  ).map(({ title }) => title.en)
const on = (day: string): AppContext => ({ ...asApp(), now: () => new Date(`${day}T12:00:00Z`) })

const ids: Record<'missed' | 'kept' | 'counted' | 'future', string> = {} as never
let indicator: string
beforeAll(async () => {
  const reported = (value: string) => ({ ...path(2024, 2025), result: { set: [result(2024, value)] } })
  ids.missed = await agreed({ title: 'Missed' }, reported('300'))
  ids.kept = await agreed({ title: 'Kept', benefitType: 'income', recurrence: 'one-off' }, reported('1000'))
  ids.future = await agreed({ title: 'Future' }, path(2026))
  indicator = await core.make('indicators.indicator', sample.indicator('Waits'))
  ids.counted = await core.make(
    benefit.kind,
    {
      ...cash({ title: 'Counted', benefitType: 'quantified', worth: null, recurrence: null, fullValue: '9' }),
      links: { measuredBy: [{ to: indicator }] },
    },
    { state: 'agreed', rows: path(2025) },
  )
  await core.write([{ kind: benefit.kind, id: ids.counted, action: 'publish' }])
  await core.write([
    {
      ...{ kind: 'indicators.indicator', id: indicator, action: 'change' },
      rows: { measurement: { set: [{ cell: '', ...result(2025, '2000') }] } },
    },
  ])
})
beforeEach(async () => {
  await settle()
  await rebuilt()
})

test('changes, days and a rebuild make the same of it', async () => {
  await report(ids.missed, '900')
  await core.write([
    { kind: benefit.kind, id: ids.kept, action: 'change', values: { effect: 'loss', losingGroup: { en: 'Cabs' } } },
  ])
  await settle()
  const followed = await rows()
  expect(followed.length).toBe(5)
  expect(await rebuilt()).toEqual(followed)
  const before = JSON.stringify(followed)
  await followDays(standing).handle(on('2027-06-01'), {})
  const overtaken = await rows()
  expect(JSON.stringify(overtaken)).not.toBe(before)
  expect(await rebuilt(on('2027-06-01'))).toEqual(overtaken)
  await core.write([
    { kind: benefit.kind, id: ids.kept, action: 'change', values: { effect: 'gain', losingGroup: null } },
  ])
})

test('it says the same as what is computed while it is not made, money too', async () => {
  const questions = ['missed', 'on-path', 'late', 'not-begun', 'none', 'uncertain']
  const asked = async () => ({
    paths: await Promise.all(questions.map((each) => standingAs(asApp(), each))),
    money: totalsOf(await moneyFacts(asApp(), [ids.kept])),
    facts: (await moneyFacts(asApp(), [])).length,
  })
  const kept = await asked()
  await core.rows('delete from records.derived')
  const computed = await asked()
  expect([kept.paths, kept.money]).toEqual([computed.paths, computed.money])
  expect(kept.paths.flat().sort()).toEqual(['Counted', 'Future', 'Kept', 'Missed'])
  expect([kept.facts, computed.facts]).toEqual([2, 3])
})

test('one’s own change shows at once, that of others when it is sealed', async () => {
  const me = leader()
  const isMissed = async (caller: Caller) => (await standingAs(asApp(caller), 'missed')).includes('Missed')
  await report(ids.missed, '0')
  await settle()
  expect([await isMissed(me), await isMissed(leader())]).toEqual([true, true])
  await report(ids.missed, '1900', me)
  expect([await isMissed(me), await isMissed(leader())]).toEqual([false, true])
  await settle()
  expect([await isMissed(me), await isMissed(leader())]).toEqual([false, false])
})

test('a reader is told by what they may read', async () => {
  expect(await standingAs(asApp(leader()), 'on-path')).toContain('Counted')
  // Without the indicator it has no results of its own.
  expect(await standingAs(asApp(nobody), 'on-path')).toEqual([])
  expect(await standingAs(asApp(nobody), 'late')).toEqual(['Counted'])
})

test('a new day counts before the job has run', async () => {
  expect(await standingAs(on('2026-12-31'), 'not-begun')).toContain('Future')
  expect(await standingAs(on('2027-03-02'), 'late')).toContain('Future')
})

test('what waits for a signature or for finance is shown to those who may', async () => {
  const confirming = async (caller: Caller) =>
    (
      await read(asApp(caller), benefit)
        .where(await toConfirm(asApp(caller)))
        .ids()
    ).length
  const mine = await Promise.all([finance('treasurer'), finance('owner'), leader()].map(confirming))
  expect(mine).toEqual([3, 0, 0])
  const signing = async (caller: Caller) =>
    (
      await read(asApp(caller), benefit)
        .where(toSign(asApp(caller)))
        .ids()
    ).length
  const all = leader()
  expect([await signing({ ...all, posts: [posts.service] }), await signing(service()), await signing(all)]).toEqual([
    4, 4, 0,
  ])
})

test('a finding asked about some records says of them what it says of all', async () => {
  const outcome = await core.make('strategy.outcome', { title: 'Outcome', organisation: body })
  const change = await core.make('benefits.change', {
    title: 'Change',
    links: { produces: [{ to: ids.kept, weight: '60' }] },
  })
  await core.make('benefits.enabler', { title: 'Enabler', links: { enables: [{ to: change, weight: '120' }] } })
  await core.make('benefits.enabler', { title: 'Alone' })
  const claim = { indicator, baseline: '16', baselineOn: '2024-01-01', movement: '4', counterfactualChange: '1' }
  for (const id of [ids.missed, ids.kept])
    await core.write([{ kind: benefit.kind, id, action: 'change', rows: { claim: { set: [claim] } } }])
  await core.make(
    'benefits.review',
    {
      ...{
        title: 'Review',
        benefit: ids.future,
        plannedOn: '2026-02-01',
        heldOn: '2026-02-01',
        finding: { en: 'Late' },
      },
      ...{
        decision: 'correct',
        action: { en: 'Hurry' },
        actionDueOn: '2026-03-01',
        organisation: body,
        owner: posts.owner,
      },
    },
    { state: 'held' },
  )
  const nodes = (
    await core.rows<{ id: string }>(`select id from records.record where kind ~ '^(benefits|strategy)'`)
  ).map(({ id }) => id)
  expect(nodes).toContain(outcome)
  let seen = 0
  for (const finding of findings) {
    const all = await finding.found(asApp())
    for (const record of nodes) {
      const key = (row: (typeof all)[number]) => [row.record, row.part ?? row.reason, row.values, row.with]
      const some = await finding.found(asApp(), [record])
      const of = (found: typeof all) => found.filter((row) => row.record === record).map(key)
      // Which nodes are stranded behind a dead end is known of the whole map alone.
      if (finding.name !== 'orphan') expect([finding.name, of(some)]).toEqual([finding.name, of(all)])
      else expect(of(some).length).toBe(of(all).length)
      expect(some.every((row) => row.record === record)).toBe(true)
      seen += of(some).length
    }
  }
  expect(seen).toBeGreaterThan(8)
})
