import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plans } from '#test/kit/plans.ts'
import { backwardPass } from './backward.ts'
import { changeDuration, changeLag, changeNotBefore, openLive } from './change.ts'
import { forwardPass } from './forward.ts'
import { compileNetwork, type Network } from './network.ts'
import { finishOf, openPass, startOf } from './pass.ts'
import type { Plan } from './plan.ts'
import { type Schedule, schedule } from './schedule.ts'

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
