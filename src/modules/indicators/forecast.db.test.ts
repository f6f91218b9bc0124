import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imitate } from '#analysis/simulated.ts'
import {
  forecastOn,
  type JointChance,
  type JointChanceInput,
  jointChance,
  outlooksOf,
  rebuildForecasts,
} from '#modules/indicators'
import { nobody, systemCaller } from '#platform/caller.ts'
import type { Context } from '#platform/context.ts'
import { catchUp } from '#platform/events.ts'
import { type Core, openCore } from '#test/kit/core.ts'
import { addMonths, type Day } from '#values/period.ts'
import { rebuildForecastsIfOutdated } from './actions-forecast.ts'
import { forecastSubscriber, performanceSubscriber } from './events.ts'

type Row = Record<string, unknown>
const kind = 'indicators.indicator'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const settle = async () => {
  const { db: _, ...ctx } = core.as()
  await catchUp(ctx, core.database, [performanceSubscriber, forecastSubscriber])
}
const on = (day: string, caller = systemCaller): Context => ({
  ...core.as(caller),
  now: () => new Date(`${day}T12:00:00Z`),
})

/** Months from January 2019 on; 60 of them end with December 2023. */
const months = (values: readonly (number | null)[], first: Day = '2019-01-01') =>
  values.flatMap((value, index) =>
    value === null
      ? []
      : [
          {
            cell: '',
            from: addMonths(first, index),
            to: addMonths(first, index + 1),
            label: addMonths(first, index).slice(0, 7),
            value: value.toFixed(3),
            status: 'actual',
          },
        ],
  )
const target = (targetKind: string, values: Row) => ({
  cell: '',
  targetKind,
  from: '2019-01-01',
  setOn: '2019-01-01',
  ...values,
})
const make = (values: readonly (number | null)[], targets: Row[], fields: Row = {}) =>
  core.make(
    kind,
    { title: 'Foretold', direction: 'up', grain: 'month', valueKind: 'index', ...fields },
    { rows: { measurement: { set: months(values) }, target: { set: targets } } as never },
  )
const change = (id: string, rows: Row) => core.write([{ kind, id, action: 'change', rows: rows as never }])
const outlook = async (id: string, day = '2024-01-20') => (await outlooksOf(on(day), [id])).get(id)!
const steady = (seed = 1) => imitate('noise', 60, seed)

describe('what is to be expected of an indicator', () => {
  test('a monthly series of sixty values has ranges, a backtest and a chance for the day of its target', async () => {
    const id = await make(steady(), [target('reach', { value: '45', dueOn: '2024-06-30' })])
    await settle()
    const found = await outlook(id)
    expect(found).toMatchObject({ counted: 60, last: { label: '2023-12' }, target: { value: '45' } })
    expect(found.steps[0]).toMatchObject({ label: '2024-01', from: '2024-01-01', to: '2024-02-01' })
    expect(found.chance).toMatchObject({ given: 'reach', through: { label: '2024-06' } })
    if (found.chance.given !== 'reach') throw new Error('no chance')
    expect(found.chance.tenths).toBeGreaterThanOrEqual(7)
    expect(found.backtest!.held / found.backtest!.tried).toBeGreaterThan(0.7)
    expect(found.steps[found.shown - 1]!.to <= '2025-01-20').toBe(true)
    expect(await forecastOn(on('2024-01-20'), id, '2024-03-15')).toMatchObject({ label: '2024-03' })
    expect(await forecastOn(on('2024-01-20'), id, '2023-03-15')).toBe(null)
  })

  test('a target to keep is reported for the next period and for all of the year ahead, counted from today', async () => {
    const id = await make(steady(2), [target('keep', { value: '46' })], { publicationLagDays: 40 })
    await settle()
    const { chance } = await outlook(id)
    expect(chance).toMatchObject({ given: 'keep', next: { label: '2024-01' }, all: { periods: 12 } })
    if (chance.given !== 'keep') throw new Error('no chance')
    expect(chance.all!.tenths).toBeLessThan(chance.tenths)
    // A month later without a new value the year ahead reaches a month further.
    const later = await outlook(id, '2024-02-20')
    expect(later.chance).toMatchObject({ all: { periods: 13, through: { label: '2025-01' } } })
  })

  test('a later target ends what the present one is asked for', async () => {
    const id = await make(steady(3), [
      target('keep', { value: '46' }),
      target('keep', { value: '60', from: '2024-04-01', setOn: '2023-12-01' }),
    ])
    await settle()
    expect((await outlook(id)).chance).toMatchObject({
      given: 'keep',
      all: { periods: 3, through: { label: '2024-03' } },
    })
  })

  test.each<[string, (number | null)[], Row[], Row, string[]]>([
    ['eleven values', steady().slice(0, 11), [target('keep', { value: '46' })], {}, ['under-12-points']],
    ['no target', steady(), [], {}, ['no-target']],
    ['no agreed direction', steady(), [target('keep', { value: '46' })], { direction: 'not-agreed' }, ['no-direction']],
    ['a target done or not done', steady(), [target('done', { dueOn: '2025-01-31' })], {}, ['no-single-level']],
    [
      'a day beyond half the history',
      steady(),
      [target('reach', { value: '46', dueOn: '2028-12-31' })],
      {},
      ['horizon-beyond-half-the-history'],
    ],
    [
      'a day that is behind',
      steady(),
      [target('reach', { value: '46', dueOn: '2023-06-30' })],
      {},
      ['target-day-passed'],
    ],
    ['rare events', steady(), [target('keep', { value: '46' })], { rareEvents: true }, ['rare-events']],
  ])('no chance, and the reason: %s', async (_name, values, targets, fields, reasons) => {
    const id = await make(values, targets, fields)
    await settle()
    const { chance, steps } = await outlook(id, values.length < 60 ? '2019-12-20' : '2024-01-20')
    expect(chance).toEqual({ given: null, reasons })
    expect(steps.length).toBeGreaterThan(0)
  })

  test('values that are too old speak for nothing: no range and no chance, until a new one comes', async () => {
    const id = await make(steady(9), [target('keep', { value: '46' })])
    await settle()
    expect((await outlook(id, '2024-03-20')).chance).toEqual({ given: null, reasons: ['too-old'] })
    expect((await outlook(id, '2024-03-20')).steps).toEqual([])
    await change(id, { measurement: { set: months([50], '2024-01-01') } })
    await settle()
    const found = await outlook(id, '2024-02-20')
    expect(found).toMatchObject({ counted: 61, last: { label: '2024-01' }, chance: { given: 'keep' } })
  })

  test('a change of definition ends the history; estimated and annualised values are not used', async () => {
    const broken = await make(steady(5), [target('keep', { value: '46' })])
    await change(broken, {
      break: { set: [{ on: '2023-06-01', breakKind: 'definition', reason: { en: 'Counted anew.' } }] },
    })
    const rows = months(steady(6))
    const estimated = await core.make(
      kind,
      { title: 'Estimated', direction: 'up', grain: 'month' },
      {
        rows: {
          measurement: { set: rows.map((row, index) => (index > 56 ? { ...row, status: 'estimated' } : row)) },
        } as never,
      },
    )
    await settle()
    expect(await outlook(broken)).toMatchObject({ counted: 7, chance: { reasons: ['under-12-points'] } })
    expect(await outlook(estimated)).toMatchObject({ counted: 57, last: { label: '2023-09' } })
  })

  test('who may not read an indicator gets nothing of it', async () => {
    const id = await make(steady(7), [target('keep', { value: '46' })])
    await settle()
    expect((await outlooksOf(on('2024-01-20', nobody), [id])).size).toBe(0)
    expect(await jointChance(on('2024-01-20', nobody), { ids: [id], rule: { rule: 'all' } })).toMatchObject({
      tenths: null,
      reason: 'parts-without-chance',
    })
  })

  test('a rebuild gives what the events gave, and a retired indicator loses its forecast', async () => {
    const stored = async () =>
      (await core.database.pool.query('select * from indicators.forecast order by indicator, cell')).rows.map(
        ({ position: _, ...row }) => row,
      )
    const id = await make(steady(8), [target('keep', { value: '46' })])
    await settle()
    const before = await stored()
    expect(before.length).toBeGreaterThan(5)
    await core.database.pool.query('delete from indicators.forecast')
    await rebuildForecasts({ database: core.database })
    expect(await stored()).toEqual(before)
    await core.write([{ kind, id, action: 'retire' }])
    await settle()
    expect((await stored()).some((row) => row.indicator === id)).toBe(false)
  })
})

test('another version of the method makes everything anew once, and nothing after that', async () => {
  const stated = () => core.rows<{ method: number }>('select method from indicators."forecastMethod"')
  await rebuildForecasts({ database: core.database })
  const [now] = await stated()
  await core.database.pool.query('update indicators."forecastMethod" set method = method + 1')
  await core.database.pool.query(`update indicators.forecast set form = 'walk', method = method + 1`)
  expect(await rebuildForecastsIfOutdated({ database: core.database })).toBe(true)
  expect(await stated()).toEqual([now])
  const odd = await core.rows('select 1 from indicators.forecast where method <> $1 or (counted > 11 and form = $2)', [
    now!.method,
    'walk',
  ])
  expect(odd).toEqual([])
  expect(await rebuildForecastsIfOutdated({ database: core.database })).toBe(false)
})

describe('the chance of an outcome', () => {
  const joint = (ids: string[], rule: JointChanceInput['rule']): Promise<JointChance> =>
    jointChance(on('2024-01-20'), { ids, rule })
  const common = imitate('noise', 60, 50)
  const alike = (seed: number) => imitate('noise', 60, seed).map((value, index) => common[index]! + (value - 50) * 0.1)
  const aim = [target('reach', { value: '50', dueOn: '2024-03-31' })]

  test('is joint: parts that move as one are no product, and the rule decides how many are needed', async () => {
    const [first, second, third] = [await make(alike(1), aim), await make(alike(2), aim), await make(alike(3), aim)]
    await settle()
    const all = await joint([first, second, third], { rule: 'all' })
    const one = await joint([first, second, third], { rule: 'n-of', n: 1 })
    const headline = await joint([first, second, third], { rule: 'headline', key: second })
    expect(all).toMatchObject({ reason: null, parts: 3, decided: 0, without: [] })
    // As a product three halves would be about 1 in 10.
    expect(all.tenths).toBeGreaterThanOrEqual(3)
    expect(one.tenths).toBeGreaterThanOrEqual(headline.tenths!)
    expect(all.tenths).toBeLessThanOrEqual(headline.tenths!)
    expect(headline.parts).toBe(1)
  })

  test('is not calculated without a rule, with a part that may not be shown, in different rhythms', async () => {
    const first = await make(alike(4), aim)
    const short = await make(
      alike(5).map((value, index) => (index < 50 ? null : value)),
      aim,
    )
    const quarters = Array.from({ length: 20 }, (_, index) => ({
      ...months([50 + (index % 3)])[0]!,
      from: addMonths('2019-01-01', index * 3),
      to: addMonths('2019-01-01', index * 3 + 3),
      label: `${2019 + Math.floor(index / 4)}-Q${(index % 4) + 1}`,
    }))
    const slow = await core.make(
      kind,
      { title: 'Quarterly', direction: 'up', grain: 'quarter' },
      { rows: { measurement: { set: quarters }, target: { set: aim } } as never },
    )
    await settle()
    expect(await joint([first], null)).toMatchObject({ tenths: null, reason: 'no-rule' })
    expect(await joint([], { rule: 'all' })).toMatchObject({ tenths: null, reason: 'no-parts' })
    expect(await joint([first], { rule: 'n-of', n: 2 })).toMatchObject({ tenths: null, reason: 'n-out-of-reach' })
    expect(await joint([first, short], { rule: 'all' })).toMatchObject({
      tenths: null,
      reason: 'parts-without-chance',
      without: [{ id: short, reasons: ['under-12-points'] }],
    })
    expect(await joint([first, slow], { rule: 'all' })).toMatchObject({ tenths: null, reason: 'different-rhythms' })
  })

  test('counts what is decided as it was decided', async () => {
    const open = await make(alike(6), aim)
    const met = await make(alike(7), [target('reach', { value: '1', dueOn: '2023-06-30' })])
    await settle()
    const alone = await joint([open], { rule: 'all' })
    expect(await joint([open, met], { rule: 'all' })).toMatchObject({ tenths: alone.tenths, decided: 1, parts: 2 })
    expect(await joint([met], { rule: 'all' })).toMatchObject({ tenths: null, reason: 'nothing-open' })
  })
})
