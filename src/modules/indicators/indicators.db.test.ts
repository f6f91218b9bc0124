import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { performanceOf, rebuildPerformance, rollUp } from '#modules/indicators'
import { nobody, systemCaller } from '#platform/caller.ts'
import type { Context } from '#platform/context.ts'
import { catchUp } from '#platform/events.ts'
import { read } from '#platform/records/index.ts'
import { type Core, openCore, someone } from '#test/kit/core.ts'
import { performanceSubscriber } from './events.ts'
import { findingNames, silentPosts, statusIs, waitingIndicators } from './queries-list.ts'
import { indicator } from './records.ts'

type Row = Record<string, unknown>
const kind = 'indicators.indicator'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const settle = async () => {
  const { db: _, ...ctx } = core.as()
  await catchUp(ctx, core.database, [performanceSubscriber])
}
const on = (day: string, caller = systemCaller): Context => ({
  ...core.as(caller),
  now: () => new Date(`${day}T12:00:00Z`),
})

const years = (values: (number | null)[], first = 2018) =>
  values.map((value, index) => ({
    cell: '',
    from: `${first + index}-01-01`,
    to: `${first + index + 1}-01-01`,
    label: String(first + index),
    value: value === null ? null : String(value),
    status: 'actual',
  }))
const keep = (value: number, from = '2018-01-01') => ({
  cell: '',
  targetKind: 'keep',
  from,
  setOn: from,
  value: String(value),
})
const make = (title: string, values: Row, rows: Row) =>
  core.make(kind, { title, direction: 'up', grain: 'year', ...values }, { rows: rows as never })
const goal = (title: string, values: Row = {}) => core.make('strategy.objective', { title, level: 1, ...values })
const outcome = (title: string) => core.make('strategy.outcome', { title })
const measuring = (...ids: string[]) => ({ links: { measures: ids.map((to) => ({ to })) } })

describe('performance of an indicator', () => {
  test('is met, missed or unknown by the target in force, and grows stale by the day it is read', async () => {
    const met = await make(
      'Met',
      { publicationLagDays: 30 },
      { measurement: { set: years([1, 2, 3]) }, target: { set: [keep(3)] } },
    )
    const missed = await make('Missed', {}, { measurement: { set: years([5, 5, 2]) }, target: { set: [keep(3)] } })
    const bare = await make('No target', {}, { measurement: { set: years([5]) } })
    const blank = await make('Never measured', {}, { target: { set: [keep(3)] } })
    await settle()
    const fresh = await performanceOf(on('2021-11-01'), [met, missed, bare, blank])
    expect(fresh.get(met)).toMatchObject({
      result: 'met',
      freshness: 'current',
      latestLabel: '2020',
      nextLabel: '2021',
      nextDueOn: '2022-01-31',
    })
    expect(fresh.get(missed)).toMatchObject({ result: 'missed', gap: '-1', asked: '3' })
    expect(fresh.get(missed)!.relativeGap).toBeCloseTo(-1 / 3)
    expect(fresh.get(bare)).toMatchObject({ result: 'unknown', reasons: ['no-target'] })
    expect(fresh.get(blank)).toMatchObject({ result: 'unknown', reasons: ['no-value'], freshness: null })
    const at = async (day: string) => (await performanceOf(on(day), [met])).get(met)!
    expect(await at('2022-01-31')).toMatchObject({ result: 'met', freshness: 'current' })
    expect(await at('2022-02-01')).toMatchObject({ result: 'met', freshness: 'late' })
    expect(await at('2023-02-01')).toMatchObject({ result: 'unknown', freshness: 'very-late' })
    expect(await at('2025-02-01')).toMatchObject({ result: 'unknown', freshness: 'stopped' })
  })

  test('a target that has fallen due without a value is unknown, before that it is not due', async () => {
    const reach = {
      cell: '',
      targetKind: 'reach',
      from: '2018-01-01',
      setOn: '2018-01-01',
      dueOn: '2021-06-30',
      value: '9',
      base: '1',
    }
    const id = await make(
      'Reach',
      { publicationLagDays: 60 },
      { measurement: { set: years([1, 2, 5]) }, target: { set: [reach] } },
    )
    await settle()
    const at = async (day: string) => (await performanceOf(on(day), [id])).get(id)!
    expect(await at('2021-05-01')).toMatchObject({ result: 'not-due', progress: 0.5 })
    // The value for the due day is not late yet: it is still waited for.
    expect(await at('2022-01-15')).toMatchObject({ result: 'not-due', freshness: 'current' })
    expect(await at('2022-03-15')).toMatchObject({ result: 'unknown', freshness: 'late' })
  })

  test('an annualised value is met on an estimate, and the final value of its period is still due', async () => {
    const rows = years([1, 2, 4])
    const id = await make(
      'Annualised',
      {},
      { measurement: { set: [...rows.slice(0, 2), { ...rows[2], status: 'annualised' }] }, target: { set: [keep(3)] } },
    )
    await settle()
    const found = (await performanceOf(on('2020-09-01'), [id])).get(id)!
    expect(found).toMatchObject({
      result: 'met',
      latestStatus: 'annualised',
      nextLabel: '2020',
      reasons: ['annualised'],
    })
  })

  test('a later target never rewrites an earlier one: met under the old, missed under the new', async () => {
    const id = await make(
      'Steps',
      {},
      { measurement: { set: years([1, 2, 4]) }, target: { set: [keep(3), keep(6, '2020-07-01')] } },
    )
    await settle()
    const found = (await performanceOf(on('2021-01-05'), [id])).get(id)!
    expect(found).toMatchObject({ result: 'met', reasons: ['met-under-old-missed-under-new'] })
    expect(found.target).toMatchObject({ value: '3' })
    expect(found.nextTarget).toMatchObject({ value: '6' })
  })
})

describe('the roll-up of outcomes and objectives', () => {
  test('counts over every level, once, without parts beside their whole, and names the worst', async () => {
    const top = await outcome('Clean river')
    const upper = await goal('Less sewage', { links: { contributesTo: [{ to: top }] } })
    const lower = await goal('Repair pipes', {
      level: 2,
      links: { under: [{ to: upper }], contributesTo: [{ to: top }] },
    })
    const rows = (value: number) => ({ measurement: { set: years([value]) }, target: { set: [keep(10)] } })
    const bad = await make('Bad', measuring(lower), rows(1))
    await make('Less bad', measuring(top), rows(9))
    await make('Good', measuring(upper), rows(10))
    const whole = await make('Whole', measuring(upper), rows(11))
    await make('Part', { ...measuring(upper), breakdownOf: whole, breakdownCell: 'North' }, rows(2))
    await make('Part measured elsewhere', { ...measuring(lower), breakdownOf: whole, breakdownCell: 'South' }, rows(12))
    const gone = await make('Gone', measuring(top), rows(0))
    await core.write([{ kind, id: gone, action: 'retire' }])
    await settle()
    const found = await rollUp(on('2019-01-05'), [top, upper, lower, '00000000-0000-7000-8000-000000000000'])
    expect(found.get(top)).toMatchObject({
      total: 4,
      met: 2,
      missed: 2,
      unknown: 0,
      notDue: 0,
      unowned: 4,
      worst: { id: bad },
    })
    expect(found.get(upper)).toMatchObject({ total: 3, met: 2, missed: 1 })
    expect(found.get(lower)).toMatchObject({ total: 2, met: 1, missed: 1 })
    expect(found.get('00000000-0000-7000-8000-000000000000')).toMatchObject({ total: 0, worst: null })
    // Moving a goal moves everything below it.
    await core.write([
      { kind: 'strategy.objective', id: upper, action: 'change', values: { links: { contributesTo: [] } } },
    ])
    await core.write([{ kind: 'strategy.objective', id: lower, action: 'retire' }])
    await settle()
    const moved = await rollUp(on('2019-01-05'), [top, lower])
    expect(moved.get(top)).toMatchObject({ total: 1, missed: 1 })
    expect(moved.get(lower)).toMatchObject({ total: 0 })
  })

  test('leaves out what the caller may not read', async () => {
    const top = await outcome('Safe streets')
    const open = await make('Open', measuring(top), { measurement: { set: years([1]) }, target: { set: [keep(1)] } })
    await make('Closed', measuring(top), { measurement: { set: years([0]) }, target: { set: [keep(1)] } })
    await core.write([{ kind, id: open, action: 'change', values: { grain: 'year', audience: 'partners' } }])
    await settle()
    const stranger = someone()
    expect((await rollUp(on('2019-01-05', stranger), [top])).get(top)).toMatchObject({ total: 1, met: 1, worst: null })
    expect((await rollUp(on('2019-01-05', nobody), [top])).get(top)).toMatchObject({ total: 0 })
    expect((await performanceOf(on('2019-01-05', nobody), [open])).size).toBe(0)
  })
})

describe('what needs a person', () => {
  test('findings, the list they lead to, and what went silent by post and body agree', async () => {
    const ctx = on('2024-06-01')
    for (const finding of findingNames) {
      if (finding === 'stale' || finding === 'no-owner') continue
      const listed = await read(ctx, indicator)
        .where(statusIs(ctx, 'finding', finding)!)
        .count()
      expect([finding, (await waitingIndicators(ctx, finding)).length]).toEqual([finding, listed])
    }
    const overdue = () => read(ctx, indicator).where(statusIs(ctx, 'freshness', 'overdue')!)
    const late = await overdue().count()
    expect(late).toBeGreaterThan(0)
    expect((await waitingIndicators(ctx, 'late')).length).toBe(late)
    const silent = await silentPosts(ctx)
    expect(silent.reduce((total, { all }) => total + all, 0)).toBe(late)
    // Whatever the home page counts for a post, or for nobody, leads to a list of just as many.
    for (const { post, organisation, all } of silent)
      expect(await overdue().in({ owner: post, organisation }).count()).toBe(all)
  })

  test('a value that no filter knows narrows nothing', () => {
    const ctx = on('2024-06-01')
    for (const name of ['goal', 'due', 'mine', 'finding'] as const) expect(statusIs(ctx, name, 'trees')).toBeNull()
  })
})

test('derived results built by events are those of a full rebuild, and building twice changes nothing', {
  timeout: 120_000,
}, async () => {
  const goals = [await outcome('A'), await outcome('B')]
  const objectives = [await goal('One'), await goal('Two', { level: 2 })]
  const ids: string[] = []
  const stored = async () => ({
    performance: await core
      .rows(`select * from indicators.performance order by indicator, cell`)
      .then((rows) => rows.map((row) => ({ ...(row as Row), position: null }))),
    serves: await core.rows('select * from indicators.serves order by goal, indicator'),
  })
  const value = fc.option(fc.integer({ min: 0, max: 50 }))
  const step = fc.oneof(
    fc.record({
      settled: fc.boolean(),
      does: fc.constant('make' as const),
      values: fc.array(value, { maxLength: 14 }),
      target: fc.option(fc.nat(50)),
      up: fc.boolean(),
      under: fc.nat(3),
      partOf: fc.option(fc.nat(5)),
    }),
    fc.record({
      settled: fc.boolean(),
      does: fc.constant('measure' as const),
      which: fc.nat(9),
      year: fc.integer({ min: 2018, max: 2031 }),
      value,
    }),
    fc.record({
      settled: fc.boolean(),
      does: fc.constant('target' as const),
      which: fc.nat(9),
      year: fc.integer({ min: 2018, max: 2031 }),
      value: fc.nat(50),
    }),
    fc.record({ settled: fc.boolean(), does: fc.constant('retire' as const), which: fc.nat(9) }),
    fc.record({
      settled: fc.boolean(),
      does: fc.constant('link' as const),
      goal: fc.nat(1),
      objective: fc.nat(1),
      nested: fc.boolean(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const each of steps) {
        const id = 'which' in each ? ids[each.which % Math.max(ids.length, 1)] : undefined
        if (each.does === 'make') {
          const whole = each.partOf === null ? undefined : ids[each.partOf]
          ids.push(
            await make(
              'Made',
              {
                direction: each.up ? 'up' : 'down',
                ...(whole ? { breakdownOf: whole } : {}),
                ...measuring([...goals, ...objectives][each.under]!),
              },
              {
                measurement: { set: years(each.values) },
                target: { set: each.target === null ? [] : [keep(each.target)] },
              },
            ).catch((error) => {
              // A whole that was retired takes no new parts.
              if (!whole) throw error
              return ids[0]!
            }),
          )
        } else if (each.does === 'link') {
          const to =
            each.nested && each.objective === 1
              ? { under: [{ to: objectives[0]! }] }
              : { contributesTo: [{ to: goals[each.goal]! }] }
          await core.write([
            { kind: 'strategy.objective', id: objectives[each.objective]!, action: 'change', values: { links: to } },
          ])
        } else if (id) {
          const rows =
            each.does === 'measure'
              ? { measurement: { set: years([each.value], each.year) } }
              : each.does === 'target'
                ? { target: { set: [keep(each.value, `${each.year}-01-01`)] } }
                : undefined
          await core
            .write([rows ? { kind, id, action: 'change', rows: rows as never } : { kind, id, action: 'retire' }])
            .catch((error) => {
              if (error.kind !== 'Gone') throw error
            })
        }
        if (each.settled) await settle()
      }
      await settle()
      const incremental = await stored()
      const { registry } = core.as()
      await rebuildPerformance({ registry, database: core.database })
      const whole = await stored()
      expect(incremental).toEqual(whole)
      await rebuildPerformance({ registry, database: core.database })
      expect(await stored()).toEqual(whole)
    }),
    { numRuns: 15 },
  )
})
