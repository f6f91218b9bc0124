/** What is found about benefits, and for whom it waits. */

import { afterAll, describe, expect, test } from 'vitest'
import { rebuildPerformance } from '#modules/indicators'
import { type Caller, systemCaller } from '#platform/caller.ts'
import { listFindings } from '#platform/findings/index.ts'
import { openBenefitsHouse, signing } from '#test/kit/benefits-house.ts'
import { places, problemOf, someone } from '#test/kit/core.ts'
import { allFindings, refreshFindings } from '#test/kit/findings.ts'
import { findings } from './queries-findings.ts'

const { act, agreed, asApp, body, core, owner, posts, service } = await openBenefitsHouse()
afterAll(() => core.close())

describe('a path', () => {
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
