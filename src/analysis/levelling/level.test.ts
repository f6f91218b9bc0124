import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCalendar, fiveDays, type WorkCalendar, workBetween } from '../calendar/calendar.ts'
import { localTime, parseLocalTime } from '../calendar/local-time.ts'
import type { Demand } from '../schedule/named-plan.ts'
import type { Activity, Link, LinkType, Plan } from '../schedule/plan.ts'
import { schedule } from '../schedule/schedule.ts'
import { type LevelInput, type Levelled, level } from './level.ts'

const office: WorkCalendar = {
  week: fiveDays([
    [480, 720],
    [780, 1020],
  ]),
}
const sixDays: WorkCalendar = { week: Array.from({ length: 7 }, (_, day) => (day === 0 ? [] : [[360, 840] as const])) }
const nights: WorkCalendar = { week: Array.from({ length: 7 }, () => [[0, 240] as const, [1320, 1440] as const]) }
const calendars = [office, sixDays, nights]
const compiled = calendars.map(compileCalendar)
const start = parseLocalTime('2025-01-06T08:00')!
const day = 480

const done = (input: LevelInput, restarts = 10): Levelled => {
  const found = level(input, { restarts })
  if ('problem' in found) throw new Error(JSON.stringify(found))
  return found
}
const planOf = (activities: readonly Activity[], links: readonly Link[] = []): Plan => ({
  calendars,
  calendar: 0,
  start,
  activities,
  links,
})
const lasting = (days: number, more: Partial<Activity> = {}): Activity => ({
  duration: days * day,
  calendar: 0,
  ...more,
})
const needs = (...demands: [activity: number, resource: number, units: number][]): Demand[] =>
  demands.map(([activity, resource, units]) => ({ activity, resource, units }))

/** The first quarter of an hour in which more is in use than there is; each activity counts while its calendar works. */
function overload({ plan, capacities, demands }: LevelInput, { dates, finish }: Levelled): string | null {
  for (let at = plan.start - 1440; at < finish; at += 15)
    for (const [resource, capacity] of capacities.entries()) {
      let used = 0
      for (const demand of demands) {
        const { start: from, finish: to } = dates[demand.activity]!
        const calendar = compiled[plan.activities[demand.activity]!.calendar]!
        if (
          demand.resource === resource &&
          from < at + 15 &&
          to > at &&
          workBetween(calendar, Math.max(from, at), Math.min(to, at + 15)) > 0
        )
          used += demand.units
      }
      if (used > capacity + 1e-9) return `${used} of ${capacity} at ${localTime(at)}`
    }
  return null
}

const aPlan = fc.integer({ min: 2, max: 7 }).chain((count) =>
  fc.record({
    // Quarters of an hour, so that counting by quarters sees everything.
    activities: fc.array(
      fc.record({
        duration: fc.integer({ min: 0, max: 60 }).map((quarters) => quarters * 15),
        calendar: fc.nat({ max: 2 }),
      }),
      {
        minLength: count,
        maxLength: count,
      },
    ),
    links: fc.array(
      fc
        .record({
          a: fc.nat(count - 1),
          b: fc.nat(count - 1),
          type: fc.constantFrom<LinkType>('FS', 'FS', 'SS', 'FF', 'SF'),
          lag: fc.integer({ min: -8, max: 32 }).map((quarters) => quarters * 15),
        })
        .filter(({ a, b }) => a !== b)
        .map(({ a, b, type, lag }): Link => ({ from: Math.min(a, b), to: Math.max(a, b), type, lag })),
      { maxLength: 6 },
    ),
    demands: fc.array(
      fc.record({
        activity: fc.nat(count - 1),
        resource: fc.nat({ max: 1 }),
        units: fc.constantFrom<number>(0.5, 1, 2),
      }),
      { maxLength: 8 },
    ),
  }),
)

/** Found once: who moves also rests at other times, so it takes its resource for another length. */
const resting = {
  activities: [
    { duration: 780, calendar: 0 },
    { duration: 75, calendar: 1 },
    { duration: 780, calendar: 1 },
  ],
  links: [],
  demands: needs([1, 0, 2], [2, 0, 2], [0, 0, 0.5]),
}

describe('a levelled plan', () => {
  test('respects every capacity at every minute and every link, whatever the calendars', () => {
    fc.assert(
      fc.property(aPlan, ({ activities, links, demands }) => {
        const once = demands.filter(
          (each, index) =>
            demands.findIndex((other) => other.activity === each.activity && other.resource === each.resource) ===
            index,
        )
        const input = { plan: planOf(activities, links), capacities: [2, 2], demands: once }
        const found = done(input, 4)
        expect(overload(input, found)).toBeNull()
        expect(found.overloads).toEqual([])
        // Held at its levelled start, every activity keeps it: no link asks for more.
        const held = activities.map(
          (activity, index): Activity => ({
            ...activity,
            constraint: { kind: 'start-no-earlier', at: found.dates[index]!.start },
          }),
        )
        const again = schedule(planOf(held, links))
        if ('problem' in again) throw new Error(again.problem)
        for (const [index, { finish }] of found.dates.entries()) expect(again.dates[index]!.finish).toBe(finish)
        expect(found.finish).toBeLessThanOrEqual(found.first)
        expect(found.finish).toBeGreaterThanOrEqual(found.without)
      }),
      { numRuns: 200, examples: [[resting]] },
    )
  }, 60_000)

  test('two that need the one crane follow each other, and what needs none does not move', () => {
    const input = {
      plan: planOf([lasting(5), lasting(3), lasting(4)]),
      capacities: [1],
      demands: needs([0, 0, 1], [1, 0, 1]),
    }
    const { dates, finish, without, best, uses } = done(input)
    expect(localTime(without)).toBe('2025-01-10T17:00:00')
    expect(localTime(finish)).toBe('2025-01-15T17:00:00')
    expect(dates.map(({ delay }) => delay / day).sort()).toEqual([0, 0, expect.any(Number)])
    expect(dates[2]!.delay).toBe(0)
    expect(uses).toEqual([{ most: 1, busy: 1 }])
    // The crane is asked for eight days, so nothing can end earlier; but links alone would allow it, so it is not claimed.
    expect(best).toBe(false)
  })

  test('without needs it is the plan itself, and the best there is', () => {
    const plan = planOf([lasting(5), lasting(3)], [{ from: 0, to: 1, type: 'FS', lag: 0 }])
    const found = done({ plan, capacities: [], demands: [] })
    expect(found).toMatchObject({ best: true, tries: 1 })
    expect(found.finish).toBe(found.without)
  })

  test('work that goes on at night does not block the day', () => {
    const plan = planOf([lasting(2), { duration: 2 * 360, calendar: 2 }])
    const shared = done({ plan, capacities: [1], demands: needs([0, 0, 1], [1, 0, 1]) })
    // They share one machine and have different calendars: it is held from start to finish, so one waits for the other.
    expect(shared.dates[0]!.finish <= shared.dates[1]!.start || shared.dates[1]!.finish <= shared.dates[0]!.start).toBe(
      true,
    )
  })

  test('what has begun keeps its resource, and the rest goes round it', () => {
    const begun = lasting(5, { actualStart: start, done: day })
    const { dates } = done({ plan: planOf([lasting(2), begun]), capacities: [1], demands: needs([0, 0, 1], [1, 0, 1]) })
    expect(localTime(dates[1]!.start)).toBe('2025-01-06T08:00:00')
    expect(localTime(dates[0]!.start)).toBe('2025-01-13T08:00:00')
  })

  test('tells an overload that nothing can move, with who causes it', () => {
    const must = lasting(2, { constraint: { kind: 'must-start', at: start } })
    const { overloads } = done({ plan: planOf([must, must]), capacities: [1], demands: needs([0, 0, 1], [1, 0, 1]) })
    expect(overloads).toEqual([
      { resource: 0, from: start, to: parseLocalTime('2025-01-07T17:00'), used: 2, activities: [0, 1] },
    ])
  })

  test('names who finds no working time any more', () => {
    const first = Math.floor(start / 1440)
    const week: WorkCalendar = {
      week: Array.from({ length: 7 }, () => []),
      exceptions: [{ from: first, to: first + 4, shifts: [[480, 960]] }],
    }
    const plan = { ...planOf([lasting(3), lasting(3)]), calendars: [week] }
    expect(level({ plan, capacities: [1], demands: needs([0, 0, 1], [1, 0, 1]) })).toEqual({
      problem: 'no-working-time',
      activities: [1],
    })
  })

  test('summaries span what is within them', () => {
    const plan = planOf([lasting(0), lasting(2, { parent: 0 }), lasting(2, { parent: 0 })])
    const { dates } = done({ plan, capacities: [1], demands: needs([1, 0, 1], [2, 0, 1]) })
    expect([localTime(dates[0]!.start), localTime(dates[0]!.finish)]).toEqual([
      '2025-01-06T08:00:00',
      '2025-01-09T17:00:00',
    ])
  })

  test('needs of one activity for the same resource add up, and more than there is is refused', () => {
    expect(level({ plan: planOf([lasting(2)]), capacities: [1], demands: needs([0, 0, 0.6], [0, 0, 0.6]) })).toEqual({
      problem: 'need-over-capacity',
      activities: [0],
      resource: 0,
      units: 1.2,
    })
  })
})
