import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fiveDays, type WorkCalendar } from '../calendar/calendar.ts'
import { backwardPass } from './backward.ts'
import { changeDuration, changeLag, changeNotBefore, openLive } from './change.ts'
import { forwardPass } from './forward.ts'
import { compileNetwork, type Network } from './network.ts'
import { finishOf, openPass, startOf } from './pass.ts'
import { type Activity, elapsed, type Link, type LinkType, type Plan } from './plan.ts'
import { type Schedule, schedule } from './schedule.ts'

const monday = 20_094 * 1440
const office: WorkCalendar = {
  week: fiveDays([
    [480, 720],
    [780, 1020],
  ]),
  exceptions: [{ from: 20_100, to: 20_103, shifts: [] }],
}
const nights: WorkCalendar = {
  week: [
    [[0, 120]],
    [[1320, 1440]],
    [[0, 120]],
    [],
    [
      [0, 60],
      [600, 660],
    ],
    [],
    [[300, 900]],
  ],
}

/** Networks with several calendars, all links and lags, summaries; without constraints they are always feasible. */
const plans = fc
  .record({
    activities: fc.array(
      fc.record({
        duration: fc.oneof(
          { weight: 1, arbitrary: fc.constant(0) },
          { weight: 4, arbitrary: fc.integer({ min: 1, max: 2000 }) },
        ),
        calendar: fc.constantFrom(0, 0, 0, 1, elapsed),
        gap: fc.option(fc.integer({ min: 1, max: 500 }), { freq: 6, nil: undefined }),
        delay: fc.option(fc.integer({ min: 1, max: 3000 }), { freq: 8, nil: undefined }),
        above: fc.option(fc.nat(), { freq: 4, nil: undefined }),
      }),
      { minLength: 1, maxLength: 14 },
    ),
    links: fc.array(
      fc.record({
        a: fc.nat(),
        b: fc.nat(),
        type: fc.constantFrom<LinkType>('FS', 'FS', 'SS', 'FF', 'SF'),
        lag: fc.oneof(fc.constant(0), fc.integer({ min: -800, max: 1500 })),
        unit: fc.constantFrom<NonNullable<Link['lagUnit']>>(
          'working',
          'working',
          'elapsed',
          'percent',
          'elapsed-percent',
        ),
      }),
      { maxLength: 25 },
    ),
    summaries: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ activities, links, summaries }): Plan => {
    const above = (choice: number | undefined) =>
      choice === undefined || summaries === 0 ? undefined : choice % summaries
    const all: Activity[] = [
      // Summaries first; each may lie within the one before it.
      ...Array.from({ length: summaries }, (_each, index) => ({
        duration: 0,
        calendar: 0,
        parent: index % 2 === 1 ? index - 1 : undefined,
      })),
      ...activities.map(({ duration, calendar, gap, delay, above: choice }) => ({
        duration,
        calendar,
        gaps: gap === undefined || duration < 2 ? undefined : [{ after: 1, length: gap }],
        delay,
        parent: above(choice),
      })),
    ]
    const within = (inner: number, outer: number): boolean => {
      for (let at = all[inner]!.parent; at !== undefined; at = all[at]!.parent) if (at === outer) return true
      return false
    }
    const isSummary = (at: number) => all.some(({ parent }) => parent === at)
    return {
      calendars: [office, nights],
      calendar: 0,
      start: monday + 480,
      activities: all,
      links: links.flatMap(({ a, b, type, lag, unit }): Link[] => {
        const [from, to] = [a % all.length, b % all.length].sort((left, right) => left - right) as [number, number]
        if (from === to || within(from, to) || within(to, from)) return []
        if (isSummary(to) && (type === 'FF' || type === 'SF')) return []
        const percent = unit === 'percent' || unit === 'elapsed-percent'
        return [{ from, to, type, lag: percent ? lag / 16 : lag, lagUnit: unit }]
      }),
    }
  })
  // Summaries linked to each other's activities can make a loop.
  .filter((plan) => !('problem' in compileNetwork(plan)))

const compiled = (plan: Plan): Network => {
  const network = compileNetwork(plan)
  if ('problem' in network) throw new Error(network.problem)
  return network
}
const scheduled = (plan: Plan): Schedule => {
  const found = schedule(plan)
  if ('problem' in found) throw new Error(found.problem)
  return found
}
const leaves = ({ activities }: Plan) =>
  activities.flatMap((_each, index) => (activities.some(({ parent }) => parent === index) ? [] : [index]))
/** Times are kept in steps that add up exactly. */
const tiny = 0

describe('any network without dates that must be kept', () => {
  test('has no negative float, and free float is never more than total float', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        for (const { totalFloat, freeFloat, start, finish, lateStart, lateFinish } of scheduled(plan).dates) {
          expect(totalFloat).toBeGreaterThanOrEqual(-tiny)
          expect(freeFloat).toBeLessThanOrEqual(totalFloat + tiny)
          expect(finish).toBeGreaterThanOrEqual(start)
          expect(lateStart).toBeGreaterThanOrEqual(start - tiny)
          expect(lateFinish).toBeGreaterThanOrEqual(lateStart - tiny)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('has something critical, and nothing ends after the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { finish, dates } = scheduled(plan)
        expect(leaves(plan).some((index) => dates[index]!.totalFloat <= tiny)).toBe(true)
        expect(Math.max(...leaves(plan).map((index) => dates[index]!.finish))).toBe(finish)
      }),
    )
  })

  test('forward and backward agree: started as late as it may be, nothing makes the plan late', () => {
    fc.assert(
      fc.property(plans, fc.nat(), (plan, choice) => {
        const { finish, dates } = scheduled(plan)
        const each = leaves(plan)
        const index = each[choice % each.length]!
        const network = compiled(plan)
        const pass = openPass(network)
        pass.notBefore[network.nodeOf[index]!] = dates[index]!.lateStart
        const again = forwardPass(network, network.durations, pass)
        expect(again).toBeLessThanOrEqual(finish + tiny)
      }),
      { numRuns: 400 },
    )
  })

  test('a later start never makes anything earlier', () => {
    fc.assert(
      fc.property(plans, fc.nat(), fc.integer({ min: 1, max: 50_000 }), (plan, choice, later) => {
        const network = compiled(plan)
        const [before, after] = [openPass(network), openPass(network)]
        forwardPass(network, network.durations, before)
        const node = choice % network.size
        after.notBefore[node] = startOf(network, before, node) + later
        forwardPass(network, network.durations, after)
        for (let each = 0; each < network.size; each++) {
          expect(startOf(network, after, each)).toBeGreaterThanOrEqual(startOf(network, before, each) - tiny)
          expect(finishOf(network, after, each)).toBeGreaterThanOrEqual(finishOf(network, before, each) - tiny)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('every link holds', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { dates } = scheduled(plan)
        for (const { from, to, type, lag, lagUnit } of plan.links) {
          if (lagUnit !== 'elapsed' && lag !== 0) continue
          const reached = (type === 'FS' || type === 'FF' ? dates[from]!.finish : dates[from]!.start) + lag
          const start = type === 'FS' || type === 'SS'
          // The end of Friday reaches the end of Friday and the beginning of Monday alike.
          const own = start ? dates[to]!.start : dates[to]!.finish
          const floor = start ? own : Math.max(own, scheduledLatest(plan, to, own))
          expect(floor, `${type} ${from}→${to}`).toBeGreaterThanOrEqual(reached - tiny)
        }
      }),
      { numRuns: 300 },
    )
  })
})

/** The latest instant with the same work behind it in the calendar of an activity. */
function scheduledLatest(plan: Plan, index: number, instant: number): number {
  const network = compiled({
    ...plan,
    links: [],
    activities: [{ ...plan.activities[index]!, parent: undefined, duration: 0, gaps: undefined, delay: undefined }],
  })
  const pass = openPass(network)
  pass.notBefore[0] = instant + 0.5
  forwardPass(network, network.durations, pass)
  return startOf(network, pass, 0)
}

describe('after a change', () => {
  const changes = fc.array(
    fc.record({
      kind: fc.constantFrom('duration', 'lag', 'not-before'),
      place: fc.nat(),
      amount: fc.integer({ min: 0, max: 4000 }),
    }),
    { minLength: 1, maxLength: 8 },
  )

  test('what is calculated anew is what a whole calculation gives', () => {
    fc.assert(
      fc.property(plans, changes, (plan, wanted) => {
        const network = compiled(plan)
        const live = openLive(network)
        for (const { kind, place, amount } of wanted) {
          const node = place % network.size
          if (kind === 'duration' && network.durations[node]! > 0) changeDuration(live, node, amount + 1)
          else if (kind === 'lag' && network.linkFrom.length > 0) {
            const link = place % network.linkFrom.length
            // A link keeps its calendar arithmetic; only what had a lag may change it.
            if (network.linkLag[link] !== 0) changeLag(live, link, amount - 2000 || 1)
          } else if (kind === 'not-before') changeNotBefore(live, node, plan.start + amount)
          const whole = openPass(network)
          whole.notBefore.set(live.pass.notBefore)
          const finish = forwardPass(network, live.durations, whole)
          backwardPass(network, live.durations, whole, finish)
          expect(live.finish).toBe(finish)
          for (const name of ['start', 'finish', 'startSide', 'finishSide', 'lateStart', 'lateFinish'] as const)
            expect([...live.pass[name]], name).toEqual([...whole[name]])
        }
      }),
      { numRuns: 400 },
    )
  })
})
