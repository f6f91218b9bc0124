import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCalendar, fiveDays, type WorkCalendar, workBetween } from '../calendar/calendar.ts'
import { localTime, parseLocalTime } from '../calendar/local-time.ts'
import { backwardPass } from '../schedule/backward.ts'
import { forwardPass } from '../schedule/forward.ts'
import { compileNetwork, type Network } from '../schedule/network.ts'
import { openPass } from '../schedule/pass.ts'
import { type Activity, elapsed, type Link, type LinkType, type Plan } from '../schedule/plan.ts'
import { markCritical, possibleEnds } from './critical.ts'
import { durationName, type PlanRisk, type PlanSimulationInput, riskName } from './plan.ts'
import { type PlanSimulation, simulatePlan } from './plan-result.ts'
import { batchSizes } from './sample.ts'
import { differenceOf } from './simulation.ts'
import type { Distribution } from './variable.ts'

const office: WorkCalendar = {
  week: fiveDays([
    [480, 720],
    [780, 1020],
  ]),
}
const day = 480
const start = parseLocalTime('2025-01-06T08:00')!
const estimate: Distribution = { kind: 'triangular', min: 8 * day, mode: 10 * day, max: 18 * day }

/** So many activities with the same estimate, side by side or one after the other. */
function together(
  count: number,
  links: readonly Link[] = [],
  more: Partial<PlanSimulationInput> = {},
): PlanSimulationInput {
  const activities = Array.from({ length: count }, (): Activity => ({ duration: 10 * day, calendar: 0 }))
  return {
    plan: { calendars: [office], calendar: 0, start, activities, links },
    names: activities.map((_, index) => `A${index + 1}`),
    durations: activities.map(() => estimate),
    draws: 20_000,
    seed: 1,
    ...more,
  }
}
const linked = (from: number, to: number, type: LinkType = 'FS', lag = 0): Link => ({ from, to, type, lag })
const run = (input: PlanSimulationInput, precision?: number) => {
  const found = simulatePlan(input, precision)
  if ('problem' in found) throw new Error(JSON.stringify(found))
  return found
}
const calendar = compileCalendar(office)
const daysTo = (instant: number) => workBetween(calendar, start, instant) / day

describe('a plan with uncertain durations', () => {
  test.each([
    [2, 13.159394, 15.09383, 13.226667, 0.04],
    [3, 13.937494, 15.605302, 13.910857, 0.008],
  ])('%i activities side by side end later than each of them (merge bias)', (count, p50, p80, mean, onTime) => {
    const { finish, planned, tasks } = run(together(count))
    const close = (instant: number, error: number | null, expected: number) =>
      expect(Math.abs(daysTo(instant) - expected)).toBeLessThan((3 * error! + 1) / day)
    close(finish.p50, finish.errors.p50, p50)
    close(finish.p80, finish.errors.p80, p80)
    close(finish.mean, finish.errors.mean, mean)
    expect(localTime(planned.finish)).toBe('2025-01-17T17:00:00')
    expect(Math.abs(planned.chance - onTime)).toBeLessThan(3 * Math.sqrt((onTime * (1 - onTime)) / 20_000) + 1e-3)
    for (const { p80: own, criticality } of tasks) {
      expect(Math.abs(daysTo(own) - 14)).toBeLessThan(0.05)
      expect(Math.abs(criticality - 1 / count)).toBeLessThan(0.02)
    }
  })

  test('one after the other', () => {
    const { finish } = run(together(2, [linked(0, 1)]))
    expect(Math.abs(daysTo(finish.mean) - 24)).toBeLessThan(0.05)
    for (const [instant, expected] of [
      [finish.p10, 20.13],
      [finish.p50, 23.81],
      [finish.p80, 26.63],
      [finish.p90, 28.13],
    ] as const)
      expect(Math.abs(daysTo(instant) - expected)).toBeLessThan(0.12)
  })

  test('each date is one on which the calendar works', () => {
    const { finishes } = run(together(2, [linked(0, 1)], { draws: 500 }))
    for (const instant of finishes) expect(localTime(instant)).toMatch(/T(08:[0-5]\d|09|1[0-7]:)/)
  })

  test('a plan without uncertainty ends every time when it is planned', () => {
    const { finish, planned } = run(together(2, [linked(0, 1)], { durations: [] }))
    expect(finish).toMatchObject({ p10: planned.finish, p90: planned.finish, mean: planned.finish })
    expect(planned.chance).toBe(1)
    expect(finish.errors.p80).toBe(0)
  })

  test('what pulls most is named first', () => {
    const narrow: Distribution = { kind: 'uniform', min: 9 * day, max: 11 * day }
    const { pulls } = run(together(3, [linked(0, 1), linked(1, 2)], { durations: [narrow, estimate, null] }))
    expect(pulls.map(({ name }) => name)).toEqual([durationName('A2'), durationName('A1')])
    expect(pulls[0]!.rank).toBeGreaterThan(0.9)
    expect(pulls[0]!.swing / day).toBeGreaterThan(6)
    expect(pulls[1]!.swing / day).toBeCloseTo(1.8, 0)
  })

  test('a summary ends with what is within it and is critical where that is', () => {
    const input = together(3)
    const activities: Activity[] = [
      { duration: 0, calendar: 0 },
      ...input.plan.activities.map((each) => ({ ...each, parent: 0 })),
    ]
    const whole = run({
      ...input,
      plan: { ...input.plan, activities },
      names: ['S', ...input.names],
      durations: [null, ...input.durations],
      draws: 2_000,
    })
    expect(whole.tasks[0]).toMatchObject({ criticality: 1, p10: whole.finish.p10, p90: whole.finish.p90 })
  })

  test('durations drawn below zero count as zero and are counted', () => {
    const wide: Distribution = { kind: 'normal', mean: day, deviation: day }
    expect(run(together(1, [], { durations: [wide], draws: 1_000 })).clipped).toBeCloseTo(159, -1)
  })
})

describe('risks and costs', () => {
  const flood: PlanRisk = {
    name: 'flood',
    chance: 0.3,
    hits: [0],
    delay: { kind: 'triangular', min: 2 * day, mode: 4 * day, max: 9 * day },
    cost: { kind: 'fixed', value: 50_000 },
    mitigated: { chance: 0.1, price: 4_000 },
  }
  const fixed = together(1, [], {
    durations: [],
    risks: [flood],
    costs: [{ fixed: { kind: 'fixed', value: 1_000 }, perMinute: 1 }],
  })

  test('a risk adds delay and cost where it happens', () => {
    const { finish, cost, risks, planned } = run(fixed)
    // 10 days, and with a chance of 0.3 five more on average.
    expect(Math.abs(daysTo(finish.mean) - 11.5)).toBeLessThan((3 * finish.errors.mean! + 1) / day)
    expect(planned.chance).toBeCloseTo(0.7, 3)
    expect(risks[0]!.share).toBeCloseTo(0.3, 3)
    expect(risks[0]!.later! / day).toBeCloseTo(5, 1)
    expect(Math.abs(cost!.mean.value - (1_000 + 11.5 * day + 0.3 * 50_000))).toBeLessThan(
      3 * cost!.mean.standardError! + 1,
    )
  })

  test('mitigation has its price and lowers the chance, in the same draws', () => {
    const before = run(fixed)
    const afterwards = run({ ...fixed, riskView: 'after-mitigation' })
    expect(afterwards.risks[0]!.share).toBeCloseTo(0.1, 3)
    expect(afterwards.works.every((work, draw) => work <= before.works[draw]!)).toBe(true)
    const difference = differenceOf(before.costs, afterwards.costs, batchSizes(20_000))!
    expect(Math.abs(difference.mean.value - (0.2 * (50_000 + 5 * day) - 4_000))).toBeLessThan(
      3 * difference.mean.standardError! + 50,
    )
  })

  test('time that passes costs money, so late draws are dear ones', () => {
    const { finishes, costs } = run(together(2, [], { costPerDay: 100, draws: 500 }))
    expect([...costs]).toEqual([...finishes].map((finish) => (100 * (finish - start)) / 1440))
  })
})

describe('scenarios and correlation', () => {
  test('two that are the same differ by exactly nothing', () => {
    const once = () => run(together(3, [linked(0, 2)], { draws: 2_000 }))
    expect(differenceOf(once().works, once().works, batchSizes(2_000))).toMatchObject({
      deviation: 0,
      mean: { value: 0 },
    })
  })

  test('an activity more leaves the draws of the others as they were', () => {
    const few = run(together(2, [], { draws: 1_000 }))
    const more = run(together(3, [], { draws: 1_000 }))
    expect(more.tasks.slice(0, 2).map(({ p10, p50, p80, p90, mean }) => ({ p10, p50, p80, p90, mean }))).toEqual(
      few.tasks.map(({ p10, p50, p80, p90, mean }) => ({ p10, p50, p80, p90, mean })),
    )
  })

  test('common causes widen a chain and leave each activity as it is', () => {
    const chain = Array.from({ length: 9 }, (_, index) => linked(index, index + 1))
    const members = Array.from({ length: 10 }, (_, index) => durationName(`A${index + 1}`))
    const alone = run(together(10, chain, { draws: 5_000 }))
    const common = run(together(10, chain, { draws: 5_000, correlations: { groups: [{ members, rank: 0.6 }] } }))
    const width = ({ finish }: PlanSimulation) => daysTo(finish.p90) - daysTo(finish.p10)
    expect(width(common)).toBeGreaterThan(2 * width(alone))
    expect(common.tasks[0]).toEqual(alone.tasks[0])
  })

  test('it stops where the answer is precise enough, with the first draws of a longer run', () => {
    const input = together(2, [], { draws: 50_000 })
    const early = run(input, 0.02)
    expect(early.precise).toBe(true)
    expect(early.draws).toBeLessThan(50_000)
    expect(run(input).finishes.subarray(0, early.draws)).toEqual(early.finishes)
  })
})

const aLink = (count: number) =>
  fc
    .record({
      a: fc.nat(count - 1),
      b: fc.nat(count - 1),
      type: fc.constantFrom<LinkType>('FS', 'SS', 'FF', 'SF'),
      lag: fc.integer({ min: -240, max: 960 }),
    })
    .filter(({ a, b }) => a !== b)
    .map(({ a, b, type, lag }): Link => ({ from: Math.min(a, b), to: Math.max(a, b), type, lag }))
const aNetwork = fc.integer({ min: 2, max: 9 }).chain((count) =>
  fc.record({
    durations: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: count, maxLength: count }),
    links: fc.array(aLink(count), { maxLength: 14 }),
  }),
)

test('the activities that decide the finish are those without float, where there is one calendar', () => {
  fc.assert(
    fc.property(aNetwork, ({ durations, links }) => {
      const plan: Plan = {
        calendars: [office],
        calendar: 0,
        start,
        activities: durations.map((duration) => ({ duration, calendar: 0 })),
        links,
      }
      const network = compileNetwork(plan) as Network
      const pass = openPass(network)
      const finish = forwardPass(network, network.durations, pass)
      const marks = new Uint8Array(network.size)
      markCritical(network, network.durations, pass, Float64Array.of(finish), possibleEnds(network), marks)
      backwardPass(network, network.durations, pass, finish)
      for (let node = 0; node < network.size; node += 1)
        expect([node, marks[node] === 1]).toEqual([node, pass.lateFinish[node]! - pass.finish[node]! <= 0])
    }),
  )
})

test.each<[Partial<PlanSimulationInput>, object]>([
  [{ draws: 0 }, { problem: 'draws-out-of-range' }],
  [{ draws: 1_000_000, names: [], plan: { ...together(200).plan } }, { problem: 'too-much-to-keep' }],
  [{ names: ['same', 'same'] }, { problem: 'name-twice', name: 'same' }],
  [{ durations: [{ kind: 'triangular', min: 3, mode: 2, max: 9 }] }, { problem: 'min-above-mode', name: 'A1' }],
  [{ durations: [{ kind: 'uniform', min: -3, max: 9 }] }, { problem: 'duration-below-zero', name: 'A1' }],
  [{ risks: [{ name: 'r', chance: 2 }] }, { problem: 'chance-out-of-range', name: 'r' }],
  [{ risks: [{ name: 'r', chance: 0.5, delay: estimate }] }, { problem: 'hits-nothing', name: 'r' }],
  [{ risks: [{ name: 'r', chance: 0.5, delay: estimate, hits: [7] }] }, { problem: 'hits-nothing', name: 'r' }],
  [
    { correlations: { pairs: [{ a: durationName('A1'), b: riskName('none', 'delay'), rank: 0.5 }] } },
    { problem: 'unknown-variable', names: [riskName('none', 'delay')] },
  ],
])('%j is refused', (wrong, problem) => {
  expect(simulatePlan({ ...together(2), ...wrong })).toEqual(problem)
})

test('tells how many draws find no working time any more', () => {
  const first = Math.floor(start / 1440)
  const week: WorkCalendar = {
    week: Array.from({ length: 7 }, () => []),
    exceptions: [{ from: first, to: first + 11, shifts: [[480, 960]] }],
  }
  const input = together(1)
  const found = simulatePlan({ ...input, draws: 1_000, plan: { ...input.plan, calendars: [week] } })
  // Twelve days are worked; the estimate is above them with a chance of 0.45.
  expect(found).toEqual({ problem: 'draws-never-end', draws: expect.closeTo(450, -1) })
})

test('elapsed activities, progress and constraints are simulated by the same engine', () => {
  const activities: Activity[] = [
    { duration: 2 * 1440, calendar: elapsed },
    { duration: 5 * day, calendar: 0, actualStart: start, done: 2 * day },
    { duration: 5 * day, calendar: 0, constraint: { kind: 'start-no-earlier', at: start + 14 * 1440 } },
  ]
  const plan: Plan = { calendars: [office], calendar: 0, start, activities, links: [linked(0, 1), linked(1, 2)] }
  const { planned, finish } = run({ plan, names: ['a', 'b', 'c'], durations: [], draws: 50, seed: 1 })
  expect(localTime(planned.finish)).toBe('2025-01-24T17:00:00')
  expect(finish.p50).toBe(planned.finish)
})
