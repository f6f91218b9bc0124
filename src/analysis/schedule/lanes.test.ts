import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fullPlans } from '#test/kit/plans.ts'
import { fiveDays, type WorkCalendar } from '../calendar/calendar.ts'
import { markCritical, possibleEnds } from '../simulation/critical.ts'
import { cross, crossingsOf } from './crossing.ts'
import { bound, forwardPass, planFinish } from './forward.ts'
import { compileNetwork, type Network } from './network.ts'
import { openPass } from './pass.ts'
import { elapsed, type Plan } from './plan.ts'

const compiled = (plan: Plan): Network => {
  const network = compileNetwork(plan)
  if ('problem' in network) throw new Error(network.problem)
  return network
}

test('many schedules side by side, with quick ways between calendars, are bit for bit what each gives alone', () => {
  let crossed = 0
  fc.assert(
    fc.property(
      fullPlans,
      fc.array(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 20, maxLength: 20 }), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.integer({ min: -3000, max: 10_000 }),
      fc.integer({ min: 1, max: 60_000 }),
      (plan, draws, from, length) => {
        const network = compiled(plan)
        const lanes = draws.length
        const crossings = crossingsOf(network, plan.start + from, plan.start + from + length, 1e9)
        crossed += crossings.filter((each) => each !== null).length
        const together = openPass(network, lanes, crossings)
        const durations = new Float64Array(network.size * lanes)
        for (let node = 0; node < network.size; node++)
          for (const [lane, drawn] of draws.entries())
            durations[node * lanes + lane] = network.durations[node] === 0 ? 0 : drawn[node]!
        forwardPass(network, durations, together)
        const finishes = Float64Array.from({ length: lanes }, (_each, lane) => planFinish(network, together, lane))
        const ends = possibleEnds(network)
        const marks = new Uint8Array(network.size * lanes)
        markCritical(network, durations, together, finishes, ends, marks)
        for (let lane = 0; lane < lanes; lane++) {
          const lanesOf = (rows: Float64Array | Uint8Array) => [...rows].filter((_each, at) => at % lanes === lane)
          const own = Float64Array.from(lanesOf(durations))
          const alone = openPass(network)
          const finish = forwardPass(network, own, alone)
          const ownMarks = new Uint8Array(network.size)
          markCritical(network, own, alone, Float64Array.of(finish), ends, ownMarks)
          expect(finishes[lane]).toBe(finish)
          for (const name of ['start', 'finish', 'startSide', 'finishSide'] as const)
            expect(lanesOf(together[name]), name).toEqual([...alone[name]])
          expect(lanesOf(marks)).toEqual([...ownMarks])
        }
      },
    ),
    { numRuns: 1_000 },
  )
  expect(crossed).toBeGreaterThan(500)
})

const calendars: WorkCalendar[] = [
  {
    week: fiveDays([
      [480, 720],
      [780, 1020],
    ]),
    exceptions: [{ from: 20_100, to: 20_103, shifts: [] }],
  },
  { week: fiveDays([[360, 840]]), exceptions: [{ from: 20_090, to: 20_250, shifts: [[0, 1440]] }] },
  { week: [[], [[1320, 1440]], [[0, 120]], [], [[0, 60.5]], [[719.25, 720.75]], []] },
  { week: Array.from({ length: 7 }, () => []), exceptions: [{ from: 20_105, to: 20_106, shifts: [[480, 720]] }] },
]

test.each([0, 1, 2, 3, elapsed].flatMap((from) => [0, 1, 2, 3, elapsed].map((to) => [from, to] as const)))(
  'from calendar %i to %i every quarter of a minute is where the long way leads',
  (from, to) => {
    fc.assert(
      fc.property(
        fc.integer({ min: -10_000, max: 60_000 }),
        fc.integer({ min: 0, max: 1 }),
        fc.constantFrom('FS' as const, 'SF' as const),
        fc.constantFrom(0, 0, 30, 480, 2000.5),
        (quarters, side, type, lag) => {
          const network = compiled({
            calendars,
            calendar: 0,
            start: 20_094 * 1440 + 480,
            activities: [from, to].map((calendar) => ({ duration: 0, calendar })),
            links: [{ from: 0, to: 1, type, lag }],
          })
          const pass = openPass(network)
          const [work, hand] = [network.floorStart[0]! + quarters / 4, new Float64Array(2)]
          for (const name of ['start', 'finish'] as const) pass[name][0] = work
          for (const name of ['startSide', 'finishSide'] as const) pass[name][0] = side
          bound(network, network.durations, pass, 0)
          const [crossing] = crossingsOf(network, 20_090 * 1440, 20_130 * 1440, 1e9)
          // A lag into elapsed time is counted in the calendar of the plan.
          if (!crossing || (to === elapsed && lag > 0)) return
          if (cross(crossing, work, side, lag, hand)) expect([...hand]).toEqual([...pass.hand])
        },
      ),
      { numRuns: 300 },
    )
  },
)

test('a table whose buckets do not fit its pieces is not believed', () => {
  const network = compiled({
    calendars,
    calendar: 0,
    start: 20_094 * 1440 + 480,
    activities: [0, 1].map((calendar) => ({ duration: 0, calendar })),
    links: [{ from: 0, to: 1, type: 'FS', lag: 0 }],
  })
  const [crossing] = crossingsOf(network, 20_090 * 1440, 20_130 * 1440, 1e9)
  const sound = crossing!
  const range = sound.range.slice()
  range[3]! *= 2
  const [right, wrong] = [new Float64Array(2), new Float64Array(2)]
  let known = 0
  for (let work = range[0]! + 1; work < range[1]!; work += 7)
    for (const side of [0, 1]) {
      expect(cross(sound, work, side, 0, right)).toBe(true)
      if (!cross({ ...sound, range }, work, side, 0, wrong)) continue
      known += 1
      expect([...wrong]).toEqual([...right])
    }
  expect(known).toBeGreaterThan(0)
})
