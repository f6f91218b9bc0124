/** Durations and whole documents: what is written is read again as the same plan. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCalendar, workBetween } from '#analysis/calendar/calendar.ts'
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import { type Activity, type Constraint, elapsed, type Link } from '#analysis/schedule/plan.ts'
import { writeXml, type XmlElement, xmlTree } from '#platform/xml/index.ts'
import { durationText, parseDuration } from './fields.ts'
import { mspdiOf, readMspdi } from './index.ts'

const parse = (text: string): XmlElement => {
  const reader = xmlTree()
  reader.write(text)
  return reader.end()
}

describe('durations', () => {
  test.each([
    ['PT8H0M0S', 480],
    ['PT0H30M30S', 30.5],
    ['P1DT2H', 1560],
    ['-PT1H0M0S', -60],
  ])('%s is %i minutes', (text, minutes) => expect(parseDuration(text)).toBe(minutes))
  test.each(['', 'PT', 'P', '8H', 'P1Y', 'PT8H0M0S ', 'PT1e9H'])('"%s" is none', (text) =>
    expect(parseDuration(text)).toBeNull(),
  )
  test('are read as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e7, max: 1e7 }), (tenths) => {
        const minutes = tenths / 10
        expect(Math.abs(parseDuration(durationText(minutes))! - minutes)).toBeLessThan(0.001)
      }),
    )
  })
})

describe('documents', () => {
  const instant = fc.integer({ min: 24_000_000, max: 26_000_000 })
  const shiftList = fc.constantFrom(
    [[480, 720] as const, [780, 1020] as const],
    [[0, 1440] as const],
    [[1320, 1440] as const],
    [],
  )
  const calendars = fc.record({
    week: fc.array(shiftList, { minLength: 7, maxLength: 7 }),
    exceptions: fc.array(
      fc
        .record({
          from: fc.integer({ min: 17_000, max: 17_050 }),
          length: fc.integer({ min: 0, max: 9 }),
          shifts: fc.oneof(shiftList, fc.record({ week: fc.array(shiftList, { minLength: 7, maxLength: 7 }) })),
        })
        .map(({ from, length, shifts }) => ({ from, to: from + length, shifts })),
      { maxLength: 4 },
    ),
  })
  const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 3 })
  const constraints: fc.Arbitrary<Constraint> = fc.oneof(
    fc.constantFrom<Constraint>({ kind: 'as-soon-as-possible' }, { kind: 'as-late-as-possible' }),
    fc.record({
      kind: fc.constantFrom(
        'must-start',
        'must-finish',
        'start-no-earlier',
        'start-no-later',
        'finish-no-earlier',
        'finish-no-later',
      ),
      at: instant,
    }),
  )
  const plans = fc
    .record({
      calendars: fc.array(calendars, { minLength: 1, maxLength: 3 }),
      start: instant,
      statusAt: fc.option(instant),
      activities: fc.array(
        fc.record({
          duration: fc.integer({ min: 0, max: 9000 }),
          calendar: fc.integer({ min: -1, max: 2 }),
          constraint: optional(constraints),
          deadline: optional(instant),
          inactive: optional(fc.constant(true)),
          delay: optional(fc.integer({ min: 1, max: 5000 })),
          actualStart: optional(instant),
          done: fc.integer({ min: 0, max: 900 }),
          finished: fc.boolean(),
          resume: optional(instant),
          fixed: optional(instant),
          parent: optional(fc.nat()),
          name: fc.string({ maxLength: 8 }).map((each) => each.trim()),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      links: fc.array(
        fc.record({
          a: fc.nat(),
          b: fc.nat(),
          type: fc.constantFrom('FS', 'SS', 'FF', 'SF'),
          lag: fc.integer({ min: -999, max: 999 }),
          lagUnit: fc.constantFrom('working', 'elapsed', 'percent', 'elapsed-percent'),
        }),
        { maxLength: 9 },
      ),
    })
    .map(({ calendars, start, statusAt, activities, links }): NamedPlan => {
      const parents = activities.map(({ parent }, index) =>
        parent === undefined || index === 0 ? undefined : parent % index,
      )
      // In the order of the outline, as a file has them.
      const within = (at: number, outer: number | undefined): boolean =>
        outer === undefined || at === outer || (parents[at] !== undefined && within(parents[at]!, outer))
      for (let index = 1; index < parents.length; index++) {
        const chain: number[] = []
        for (let at: number | undefined = index - 1; at !== undefined; at = parents[at]) chain.push(at)
        if (parents[index] !== undefined && !chain.includes(parents[index]!)) parents[index] = chain.at(-1)
        if (!within(index, parents[index])) parents[index] = undefined
      }
      const isSummary = (at: number) => parents.includes(at)
      const made = activities.map((each, index): Activity => {
        const common = {
          parent: parents[index],
          constraint: each.constraint,
          deadline: each.deadline,
          inactive: each.inactive,
        }
        if (isSummary(index)) return { ...common, duration: 0, calendar: 0 }
        const { actualStart, fixed, calendar } = each
        return {
          ...common,
          duration: each.duration,
          calendar: calendar < 0 ? elapsed : calendar % calendars.length,
          gaps: undefined,
          delay: each.delay,
          actualStart,
          actualFinish: actualStart !== undefined && each.finished ? actualStart + 600 : undefined,
          done: actualStart === undefined ? undefined : each.done,
          resume: actualStart === undefined ? undefined : each.resume,
          fixed: fixed === undefined ? undefined : { start: fixed, finish: fixed + each.duration },
        }
      })
      const unique = new Map<string, Link>()
      for (const { a, b, type, lag, lagUnit } of links) {
        const [from, to] = [a % made.length, b % made.length]
        unique.set(`${from} ${to}`, { from, to, type: type as Link['type'], lag, lagUnit: lagUnit as 'working' })
      }
      return {
        plan: {
          calendars,
          calendar: 0,
          start,
          finish: undefined,
          activities: made,
          links: [...unique.values()].sort((left, right) => left.to - right.to),
          criticalFloat: 0,
        },
        named: activities.map(({ name }, index) => ({ uid: index + 1, name, line: null })),
        resources: [],
        demands: [],
        minutesPerDay: 480,
        statusAt,
        baselines: made.map((_each, index) => (index % 3 === 0 ? { start, finish: start + 99, duration: 60 } : null)),
      }
    })

  test('a plan that is written and read again is the same plan', () => {
    fc.assert(
      fc.property(plans, (given) => {
        const { read, problems } = readMspdi(parse([...writeXml(mspdiOf(given, 'Plan'))].join('')))
        expect(problems).toEqual([])
        const { calendars: before, ...plan } = given.plan
        const { calendars: after, activities, ...again } = read!.plan
        const bare = <Value extends object>(value: Value) => JSON.parse(JSON.stringify(value))
        expect(bare(activities.map((each) => ({ ...each, calendar: each.calendar < 0 ? elapsed : 'known' })))).toEqual(
          bare(plan.activities.map((each) => ({ ...each, calendar: each.calendar < 0 ? elapsed : 'known' }))),
        )
        expect(bare(again)).toEqual(bare({ ...plan, activities: undefined }))
        expect(bare(read!.named.map(({ uid, name }) => ({ uid, name })))).toEqual(
          bare(given.named.map(({ uid, name }) => ({ uid, name }))),
        )
        expect(read!.baselines).toEqual(given.baselines)
        expect(read!.statusAt).toBe(given.statusAt)
        // Equal calendars become one; what each activity works is the same, day by day.
        for (const [index, { calendar }] of plan.activities.entries()) {
          if (calendar === elapsed) continue
          const [own, other] = [
            compileCalendar(before[calendar]!),
            compileCalendar(after[activities[index]!.calendar]!),
          ]
          for (let day = 16_990; day < 17_070; day++)
            expect(workBetween(other, day * 1440, day * 1440 + 700)).toBe(
              workBetween(own, day * 1440, day * 1440 + 700),
            )
        }
      }),
      { numRuns: 150 },
    )
  })
})
