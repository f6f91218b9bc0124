/** Plans for property tests. */
import fc from 'fast-check'
import { fiveDays, type WorkCalendar } from '#analysis/calendar/calendar.ts'
import { compileNetwork } from '#analysis/schedule/network.ts'
import { type Activity, elapsed, type Link, type LinkType, type Plan } from '#analysis/schedule/plan.ts'

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
export const plans = fc
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
      // Summaries first; each may be inside the previous one.
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

/** Dates near the start of the plan, some of them between two steps of the clock. */
const dates = fc
  .record({ minutes: fc.integer({ min: -3000, max: 20_000 }), seconds: fc.constantFrom(0, 0, 0, 20) })
  .map(({ minutes, seconds }) => monday + minutes + seconds / 60)

const given: fc.Arbitrary<Partial<Activity>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ constraint: { kind: 'as-late-as-possible' as const } }) },
  {
    weight: 3,
    arbitrary: fc.record({
      constraint: fc.record({
        kind: fc.constantFrom(
          'start-no-earlier',
          'start-no-later',
          'finish-no-earlier',
          'finish-no-later',
          'must-start',
          'must-finish',
        ),
        at: dates,
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      actualStart: dates,
      done: fc.integer({ min: 0, max: 800 }),
      resume: fc.option(dates, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: dates.map((at) => ({ actualStart: at, actualFinish: at + 1500 })) },
  { weight: 1, arbitrary: dates.map((at) => ({ fixed: { start: at, finish: at + 700 } })) },
  { weight: 1, arbitrary: fc.constant({ inactive: true }) },
)

/** The same with constraints, progress and what people set by hand. */
export const fullPlans = fc
  .record({
    plan: plans,
    given: fc.array(given, { minLength: 17, maxLength: 17 }),
    statusAt: fc.option(dates, { freq: 3 }),
  })
  .map(({ plan, given: more, statusAt }): Plan => {
    const activities = plan.activities.map((activity, index) => {
      const isSummary = plan.activities.some(({ parent }) => parent === index)
      const { constraint } = more[index]!
      return isSummary ? { ...activity, constraint } : { ...activity, ...more[index] }
    })
    return { ...plan, activities, statusAt: statusAt ?? undefined }
  })
  .filter((plan) => !('problem' in compileNetwork(plan)))
