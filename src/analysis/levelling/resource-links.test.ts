import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileCalendar, fiveDays, type WorkCalendar, workBetween } from '../calendar/calendar.ts'
import type { Demand } from '../schedule/named-plan.ts'
import type { Activity, Link, LinkType, Plan } from '../schedule/plan.ts'
import { schedule } from '../schedule/schedule.ts'
import { level } from './level.ts'
import { linkResources } from './resource-links.ts'

const office: WorkCalendar = { week: fiveDays([[480, 960]]) }
const compiled = compileCalendar(office)
const start = 28_935_840
const capacity = 3

const scheduled = (plan: Plan) => {
  const found = schedule(plan)
  if ('problem' in found) throw new Error(`${found.problem} ${found.activities}`)
  return found
}

const aCase = fc.integer({ min: 2, max: 8 }).chain((count) =>
  fc.record({
    durations: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: count, maxLength: count }),
    others: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: count, maxLength: count }),
    units: fc.array(fc.constantFrom(0, 0.5, 1, 2, 3), { minLength: count, maxLength: count }),
    links: fc.array(
      fc
        .tuple(
          fc.nat(count - 1),
          fc.nat(count - 1),
          fc.constantFrom<LinkType>('FS', 'SS', 'FF'),
          fc.integer({ min: -6, max: 6 }),
        )
        .filter(([a, b]) => a !== b)
        .map(([a, b, type, hours]): Link => ({ from: Math.min(a, b), to: Math.max(a, b), type, lag: 60 * hours })),
      { maxLength: 6 },
    ),
  }),
)
const hours = (amounts: readonly number[]): Activity[] =>
  amounts.map((amount) => ({ duration: 60 * amount, calendar: 0 }))

test('a levelled plan with its links keeps within its resources whatever its durations turn out to be', () => {
  fc.assert(
    fc.property(aCase, ({ durations, others, units, links }) => {
      const plan: Plan = { calendars: [office], calendar: 0, start, activities: hours(durations), links }
      const demands = units.flatMap((each, activity): Demand[] =>
        each > 0 ? [{ activity, resource: 0, units: each }] : [],
      )
      const input = { plan, demands, capacities: [capacity] }
      const levelled = level(input, { restarts: 3 })
      if ('problem' in levelled) throw new Error(levelled.problem)
      const linked = linkResources(input, levelled)
      // As planned it ends no later than the levelled plan.
      expect(scheduled(linked.plan).finish).toBeLessThanOrEqual(levelled.finish)
      if (linked.unmet > 0) return
      const { dates } = scheduled({ ...linked.plan, activities: hours(others) })
      for (const { start: at } of dates) {
        let used = 0
        // What takes no time in the levelled plan hands nothing on.
        for (const [index, each] of dates.entries())
          if (durations[index]! > 0 && each.start <= at && workBetween(compiled, at, each.finish) > 0)
            used += units[index]!
        expect(used).toBeLessThanOrEqual(capacity)
      }
    }),
    { numRuns: 300 },
  )
})

test('one crane is handed on, and what is free from the beginning needs no link', () => {
  const plan: Plan = { calendars: [office], calendar: 0, start, activities: hours([8, 8, 8]), links: [] }
  const demands = [0, 1, 2].map((activity) => ({ activity, resource: 0, units: 1 }))
  const input = { plan, demands, capacities: [2] }
  const levelled = level(input)
  if ('problem' in levelled) throw new Error(levelled.problem)
  const { added, unmet, plan: linked } = linkResources(input, levelled)
  expect([added, unmet]).toEqual([1, 0])
  expect(scheduled(linked).finish).toBe(levelled.finish)
})
