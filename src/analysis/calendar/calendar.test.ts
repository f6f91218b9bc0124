import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addWork,
  CalendarProblem,
  compileCalendar,
  everyMinute,
  finishAt,
  fiveDays,
  nextStart,
  previousFinish,
  type Shift,
  startAt,
  type WorkCalendar,
  workAt,
  workBetween,
  worksAfter,
} from './calendar.ts'
import { dateOf, dayOf, localTime, parseLocalTime } from './local-time.ts'

const at = (text: string): number => parseLocalTime(text)!
const standard: WorkCalendar = {
  week: fiveDays([
    [480, 720],
    [780, 1020],
  ]),
}

describe('a week with lunch breaks', () => {
  const calendar = compileCalendar(standard)

  test.each([
    ['2025-01-10T17:00', 60, '2025-01-13T09:00:00'],
    ['2025-01-10T16:00', 60, '2025-01-10T17:00:00'],
    ['2025-01-10T11:00', 120, '2025-01-10T14:00:00'],
    ['2025-01-11T10:00', 480, '2025-01-13T17:00:00'],
    ['2025-01-13T08:00', -60, '2025-01-10T16:00:00'],
    ['2025-01-13T17:00', -480, '2025-01-13T08:00:00'],
    ['1900-01-01T08:00', 480, '1900-01-01T17:00:00'],
    ['2200-12-31T08:00', 960, '2201-01-01T17:00:00'],
    ['2025-01-10T17:00', 0, '2025-01-10T17:00:00'],
  ])('%s and %i minutes of work are %s', (from, minutes, to) => {
    expect(localTime(addWork(calendar, at(from), minutes))).toBe(to)
  })

  test('what begins is moved to the next morning, what ends to the evening before', () => {
    expect(localTime(nextStart(calendar, at('2025-01-10T17:00')))).toBe('2025-01-13T08:00:00')
    expect(localTime(nextStart(calendar, at('2025-01-10T12:00')))).toBe('2025-01-10T13:00:00')
    expect(localTime(previousFinish(calendar, at('2025-01-13T08:00')))).toBe('2025-01-10T17:00:00')
    expect(localTime(nextStart(calendar, at('2025-01-10T09:30')))).toBe('2025-01-10T09:30:00')
  })

  test('measures between two instants, backwards as a negative', () => {
    expect(workBetween(calendar, at('2025-01-10T12:30'), at('2025-01-14T09:00'))).toBe(240 + 480 + 60)
    expect(workBetween(calendar, at('2025-01-14T09:00'), at('2025-01-10T12:30'))).toBe(-780)
  })
})

describe('days that differ', () => {
  test('a shift past midnight, a closed fortnight, a worked Saturday, and a later range over an earlier one', () => {
    const day = dayOf(2025, 3, 1)
    const calendar = compileCalendar({
      week: fiveDays([[480, 960]]),
      exceptions: [
        { from: day, to: day + 20, shifts: [] },
        { from: day, to: day, shifts: [[1380, 1440]] },
        { from: day + 1, to: day + 1, shifts: [[0, 120]] },
      ],
    })
    expect(localTime(addWork(calendar, at('2025-02-28T15:00'), 120))).toBe('2025-03-02T00:00:00')
    expect(localTime(addWork(calendar, at('2025-02-28T15:00'), 240))).toBe('2025-03-02T02:00:00')
    expect(localTime(addWork(calendar, at('2025-02-28T15:00'), 241))).toBe('2025-03-24T08:01:00')
    expect(localTime(addWork(calendar, at('2025-03-24T08:00'), -1))).toBe('2025-03-02T01:59:00')
  })

  test('a range may bring a week of its own', () => {
    const summer = fiveDays([[420, 900]])
    const from = dayOf(2025, 7, 1)
    const calendar = compileCalendar({ ...standard, exceptions: [{ from, to: from + 30, shifts: { week: summer } }] })
    expect(localTime(nextStart(calendar, at('2025-06-30T17:00')))).toBe('2025-07-01T07:00:00')
    expect(localTime(nextStart(calendar, at('2025-07-31T17:00')))).toBe('2025-08-01T08:00:00')
  })

  test('work that never comes is NaN, and can be asked for before', () => {
    const never = compileCalendar({ week: fiveDays([]) })
    expect(worksAfter(never, 0)).toBe(false)
    expect(addWork(never, 0, 1)).toBeNaN()
    const once = compileCalendar({ week: fiveDays([]), exceptions: [{ from: 10, to: 10, shifts: [[0, 60]] }] })
    expect(worksAfter(once, 0)).toBe(true)
    expect(addWork(once, 0, 60)).toBe(10 * 1440 + 60)
    expect(addWork(once, 0, 61)).toBeNaN()
    expect(worksAfter(once, 11 * 1440)).toBe(false)
  })

  test.each([
    ['ends before it begins', { week: fiveDays([[600, 500]]) }],
    ['leaves its day', { week: fiveDays([[600, 1500]]) }],
    ['is no number', { week: fiveDays([[Number.NaN, 500]]) }],
    ['has a week of six days', { week: [[], [], [], [], [], []] }],
    [
      'has an exception in the year 9999',
      { ...standard, exceptions: [{ from: 2_932_800, to: 2_932_896, shifts: [] }] },
    ],
  ])('a calendar that %s is refused', (_name, calendar) => {
    expect(() => compileCalendar(calendar as WorkCalendar)).toThrow(CalendarProblem)
  })
})

test('each listed day begins and ends as itself, whatever the number of days', () => {
  for (let days = 2; days < 2_000; days += 61) {
    const exceptions = [20_094, 20_094 + days].map((from) => ({ from, to: from, shifts: [] }))
    const calendar = compileCalendar({ week: fiveDays([[360, 840]]), exceptions })
    for (let day = 20_095; day < 20_094 + days; day += 1) {
      if (workBetween(calendar, day * 1440, (day + 1) * 1440) === 0) continue
      expect(startAt(calendar, workAt(calendar, day * 1440))).toBe(day * 1440 + 360)
      expect(finishAt(calendar, workAt(calendar, (day + 1) * 1440))).toBe(day * 1440 + 840)
    }
  }
})

describe('properties', () => {
  const shifts = fc
    .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 6 })
    .map((cuts): Shift[] => {
      const sorted = cuts.sort((left, right) => left - right).map((cut) => cut * 15)
      return Array.from({ length: Math.floor(sorted.length / 2) }, (_each, index) => [
        sorted[2 * index]!,
        sorted[2 * index + 1]!,
      ])
    })
  const day = fc.oneof(shifts, fc.constant<Shift[]>([]))
  const calendars = fc
    .record({
      week: fc.array(day, { minLength: 7, maxLength: 7 }),
      exceptions: fc.array(
        fc.record({
          from: fc.integer({ min: 19_000, max: 19_100 }),
          length: fc.integer({ min: 0, max: 40 }),
          shifts: day,
        }),
        { maxLength: 5 },
      ),
    })
    .map(({ week, exceptions }) => ({
      week,
      exceptions: exceptions.map(({ from, length, shifts }) => ({ from, to: from + length, shifts })),
    }))
    .filter(({ week }) => week.some((each) => each.length > 0))
  const instant = fc.integer({ min: 18_900 * 1440, max: 19_250 * 1440 })

  /** Minute by minute, as a person would count. */
  const counted = (calendar: WorkCalendar, from: number, to: number): number => {
    let sum = 0
    for (let minute = from; minute < to; minute++) {
      const today = Math.floor(minute / 1440)
      const found = calendar.exceptions?.findLast((each) => each.from <= today && today <= each.to)
      const rule = (found?.shifts ?? calendar.week[(today + 4) % 7]!) as readonly Shift[]
      if (rule.some(([begin, end]) => minute - today * 1440 >= begin && minute - today * 1440 < end)) sum++
    }
    return sum
  }

  test('measured is what is counted minute by minute', () => {
    fc.assert(
      fc.property(calendars, instant, fc.integer({ min: 0, max: 20_000 }), (calendar, from, length) => {
        expect(workBetween(compileCalendar(calendar), from, from + length)).toBe(counted(calendar, from, from + length))
      }),
      { numRuns: 60 },
    )
  })

  test('an amount of work has one first and one last instant, with nothing worked between', () => {
    fc.assert(
      fc.property(calendars, instant, fc.integer({ min: -200_000, max: 200_000 }), (calendar, from, minutes) => {
        const compiled = compileCalendar(calendar)
        const work = workAt(compiled, from) + minutes
        const [first, last] = [finishAt(compiled, work), startAt(compiled, work)]
        expect(first).toBeLessThanOrEqual(last)
        expect(workAt(compiled, first)).toBe(work)
        expect(workAt(compiled, last)).toBe(work)
        expect(workAt(compiled, first - 1)).toBeLessThan(work)
        expect(workAt(compiled, last + 1)).toBeGreaterThan(work)
      }),
    )
  })

  test('adding and taking away again comes back to where work can begin', () => {
    fc.assert(
      fc.property(calendars, instant, fc.integer({ min: 1, max: 100_000 }), (calendar, from, minutes) => {
        const compiled = compileCalendar(calendar)
        const start = nextStart(compiled, from)
        expect(addWork(compiled, addWork(compiled, start, minutes), -minutes)).toBe(start)
      }),
    )
  })

  test('elapsed time is every minute', () => {
    const compiled = compileCalendar(everyMinute)
    fc.assert(
      fc.property(fc.integer({ min: -37_000_000, max: 121_000_000 }), (minute) => {
        expect(workAt(compiled, minute)).toBe(minute)
        expect(startAt(compiled, minute)).toBe(minute)
        expect(finishAt(compiled, minute)).toBe(minute)
      }),
    )
  })

  test('days and dates agree with the calendar of the platform', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 2_932_896 }), (day) => {
        const date = new Date(day * 86_400_000)
        expect(dateOf(day)).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        })
        expect(localTime(day * 1440 + 61)).toBe(`${date.toISOString().slice(0, 11)}01:01:00`)
        expect(parseLocalTime(localTime(day * 1440 + 61))).toBe(day * 1440 + 61)
      }),
    )
    for (const wrong of ['2025-02-29', '2025-13-01', '2025-01-01T25:00', '2025-01-01T08:60', '25-01-01', '', 'today'])
      expect(parseLocalTime(wrong)).toBeNull()
    expect(parseLocalTime('2024-02-29T24:00:00')).toBe(dayOf(2024, 3, 1) * 1440)
  })
})
