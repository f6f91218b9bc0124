import { describe, expect, test } from 'vitest'
import { localTime, parseLocalTime } from '#analysis/calendar/local-time.ts'
import { schedule } from '#analysis/schedule/schedule.ts'
import { type XmlElement, xmlTree } from '#platform/xml/index.ts'
import { readMspdi } from './index.ts'
import { occurrencesOf } from './recurrence.ts'

const parse = (text: string): XmlElement => {
  const reader = xmlTree()
  reader.write(text)
  return reader.end()
}

const hours = (from: number, to: number) =>
  `<WorkingTime><FromTime>${String(from).padStart(2, '0')}:00:00</FromTime><ToTime>${String(to % 24).padStart(2, '0')}:00:00</ToTime></WorkingTime>`
const times = (...shifts: [number, number][]) =>
  `<DayWorking>1</DayWorking><WorkingTimes>${shifts.map(([from, to]) => hours(from, to)).join('')}</WorkingTimes>`

/** A project that starts on Monday 8 February 2016 at 08:00; tasks are numbered from 1 and written one after the other. */
function project(tasks: readonly string[], more: { calendars?: string; rest?: string; head?: string } = {}) {
  const text = `<Project xmlns="http://schemas.microsoft.com/project">${more.head ?? '<StartDate>2016-02-08T08:00:00</StartDate>'}<MinutesPerDay>480</MinutesPerDay><CalendarUID>1</CalendarUID>
    <Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar></Calendar>${more.calendars ?? ''}</Calendars>
    <Tasks>${tasks.map((task, index) => `<Task><UID>${index + 1}</UID><Name>T${index + 1}</Name>${task}</Task>`).join('')}</Tasks>${more.rest ?? ''}</Project>`
  const { read, problems } = readMspdi(parse(text))
  if (!read) throw new Error(JSON.stringify(problems))
  const found = schedule(read.plan)
  if ('problem' in found) throw new Error(found.problem)
  const short = (instant: number) => localTime(instant).slice(5, 16).replace('T', ' ')
  const dates = found.dates.map(({ start, finish }) => `${short(start)} – ${short(finish)}`)
  const floats = found.dates.map(({ totalFloat }) => totalFloat / 480)
  return { read, problems, found, dates, floats }
}

const days = (count: number) => `<Duration>PT${count * 8}H0M0S</Duration><DurationFormat>7</DurationFormat>`
const link = (uid: number, type: 'FF' | 'FS' | 'SF' | 'SS' = 'FS', lag = 0, format = 7) =>
  `<PredecessorLink><PredecessorUID>${uid}</PredecessorUID><Type>${['FF', 'FS', 'SF', 'SS'].indexOf(type)}</Type><LinkLag>${lag}</LinkLag><LagFormat>${format}</LagFormat></PredecessorLink>`
const constraint = (type: number, date?: string) =>
  `<ConstraintType>${type}</ConstraintType>${date ? `<ConstraintDate>${date}</ConstraintDate>` : ''}`

describe('links and lags', () => {
  test.each([
    ['FS', 0, 7, '02-10 08:00 – 02-10 17:00'],
    ['FS + 1 day', 4800, 7, '02-11 08:00 – 02-11 17:00'],
    ['FS − 1 day', -4800, 7, '02-09 08:00 – 02-09 17:00'],
    ['FS + 2 elapsed days', 28_800, 8, '02-12 08:00 – 02-12 17:00'],
    ['FS + 50 % of two days', 50, 19, '02-11 08:00 – 02-11 17:00'],
    ['FS + 50 elapsed % of two days of eight hours', 50, 20, '02-10 08:00 – 02-10 17:00'],
  ])('%s', (name, lag, format, dates) => {
    expect(project([days(2), days(1) + link(1, name.slice(0, 2) as 'FS', lag, format)]).dates[1]).toBe(dates)
  })

  test.each([
    ['SS', 4800, '02-09 08:00 – 02-09 17:00'],
    ['FF', 4800, '02-10 08:00 – 02-10 17:00'],
    ['SF', 9600, '02-09 08:00 – 02-09 17:00'],
  ] as const)('%s with a lag', (type, lag, dates) => {
    expect(project([days(2), days(1) + link(1, type, lag)]).dates[1]).toBe(dates)
  })

  test('a link on a summary holds for all that is within it, and from it for the last', () => {
    const level = (count: number) => `<OutlineLevel>${count}</OutlineLevel>`
    const { dates } = project([
      level(1) + days(3),
      level(1) + link(1),
      level(2) + days(1),
      level(2) + days(2) + link(3),
      level(2) + days(1),
      level(1) + days(1) + link(2),
    ])
    expect(dates).toEqual([
      '02-08 08:00 – 02-10 17:00',
      '02-11 08:00 – 02-15 17:00',
      '02-11 08:00 – 02-11 17:00',
      '02-12 08:00 – 02-15 17:00',
      '02-11 08:00 – 02-11 17:00',
      '02-16 08:00 – 02-16 17:00',
    ])
  })
})

describe('constraints', () => {
  const wednesday = '2016-02-10T08:00:00'
  const friday = '2016-02-12T17:00:00'
  test.each([
    ['as late as possible', constraint(1), '02-12 08:00 – 02-12 17:00', 0],
    ['must start on', constraint(2, wednesday), '02-10 08:00 – 02-10 17:00', 0],
    ['must finish on', constraint(3, friday), '02-12 08:00 – 02-12 17:00', 0],
    ['start no earlier than', constraint(4, wednesday), '02-10 08:00 – 02-10 17:00', 2],
    ['start no later than', constraint(5, wednesday), '02-08 08:00 – 02-08 17:00', 2],
    ['finish no earlier than', constraint(6, friday), '02-12 08:00 – 02-12 17:00', 0],
    ['finish no later than', constraint(7, '2016-02-09T17:00:00'), '02-08 08:00 – 02-08 17:00', 1],
    ['a deadline', '<Deadline>2016-02-10T17:00:00</Deadline>', '02-08 08:00 – 02-08 17:00', 2],
  ])('%s', (_name, fields, dates, float) => {
    const found = project([days(1) + fields, days(5)])
    expect(found.dates[0]).toBe(dates)
    expect(found.floats[0]).toBe(float)
  })

  test('a date that must be kept holds against the links, and what comes before has negative float', () => {
    const { dates, floats } = project([days(3), days(1) + link(1) + constraint(2, '2016-02-09T08:00:00')])
    expect(dates[1]).toBe('02-09 08:00 – 02-09 17:00')
    expect(floats).toEqual([-2, 0])
  })

  test('a deadline moves nothing; what misses it has negative float', () => {
    const { dates, floats } = project([`${days(3)}<Deadline>2016-02-09T17:00:00</Deadline>`])
    expect(dates).toEqual(['02-08 08:00 – 02-10 17:00'])
    expect(floats).toEqual([-1])
  })

  test('as late as possible pushes what comes after to its late dates too', () => {
    const { dates } = project([days(1) + constraint(1), days(1) + link(1), days(5)])
    expect(dates.slice(0, 2)).toEqual(['02-11 08:00 – 02-11 17:00', '02-12 08:00 – 02-12 17:00'])
  })

  test('a project scheduled from its finish starts as late as it can', () => {
    const head =
      '<ScheduleFromStart>0</ScheduleFromStart><StartDate>2016-02-01T08:00:00</StartDate><FinishDate>2016-02-12T17:00:00</FinishDate>'
    const { dates, found } = project([days(2), days(1) + link(1), days(1) + constraint(0)], { head })
    expect(dates).toEqual(['02-10 08:00 – 02-11 17:00', '02-12 08:00 – 02-12 17:00', '02-10 08:00 – 02-10 17:00'])
    expect(localTime(found.start)).toBe('2016-02-10T08:00:00')
  })
})

describe('kinds of tasks', () => {
  test('elapsed durations go on at night and at the weekend', () => {
    const { dates } = project([
      days(5),
      `<Duration>PT48H0M0S</Duration><DurationFormat>8</DurationFormat>${link(1)}`,
      days(1) + link(2),
    ])
    expect(dates[1]).toBe('02-12 17:00 – 02-14 17:00')
    expect(dates[2]).toBe('02-15 08:00 – 02-15 17:00')
  })

  test('a milestone stays at the end of the day; what follows begins the next morning', () => {
    const { dates } = project([days(5), `<Duration>PT0H0M0S</Duration>${link(1)}`, days(1) + link(2)])
    expect(dates[1]).toBe('02-12 17:00 – 02-12 17:00')
    expect(dates[2]).toBe('02-15 08:00 – 02-15 17:00')
  })

  test('a task scheduled by hand keeps its dates; an inactive one moves nothing; a blank row is none', () => {
    const fixed = '<Manual>1</Manual><Start>2016-02-17T08:00:00</Start><Finish>2016-02-18T17:00:00</Finish>'
    const { dates, read } = project([
      days(1),
      fixed + days(2) + link(1),
      days(1) + link(2),
      `<Active>0</Active>${days(9)}`,
      days(1) + link(4),
      '<IsNull>1</IsNull>',
    ])
    expect(dates.slice(1, 3)).toEqual(['02-17 08:00 – 02-18 17:00', '02-19 08:00 – 02-19 17:00'])
    expect(dates[4]).toBe('02-08 08:00 – 02-08 17:00')
    expect(read.named).toHaveLength(5)
  })

  test('what is done keeps its dates; what has begun ends after what is left of it; links no longer move them', () => {
    const actual = (start: string, finish?: string) =>
      `<ActualStart>${start}</ActualStart>${finish ? `<ActualFinish>${finish}</ActualFinish>` : ''}`
    const { dates, floats } = project([
      days(1) + actual('2016-02-08T08:00:00', '2016-02-09T12:00:00'),
      days(3) +
        link(1) +
        actual('2016-02-09T08:00:00') +
        '<ActualDuration>PT8H0M0S</ActualDuration><Resume>2016-02-11T08:00:00</Resume>',
      days(1) + link(2),
    ])
    expect(dates).toEqual(['02-08 08:00 – 02-09 12:00', '02-09 08:00 – 02-12 17:00', '02-15 08:00 – 02-15 17:00'])
    expect(floats).toEqual([0, 0, 0])
  })
})

describe('calendars', () => {
  const task = (more = '') => `${days(2)}${more}`

  test('a calendar of its own, based on another, with exceptions', () => {
    const calendars = `<Calendar><UID>2</UID><BaseCalendarUID>1</BaseCalendarUID><WeekDays>
        <WeekDay><DayType>2</DayType>${times([6, 14])}</WeekDay>
        <WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod><FromDate>2016-02-09T00:00:00</FromDate><ToDate>2016-02-09T23:59:00</ToDate></TimePeriod></WeekDay>
      </WeekDays><Exceptions><Exception><TimePeriod><FromDate>2016-02-10T00:00:00</FromDate><ToDate>2016-02-10T23:59:00</ToDate></TimePeriod><Type>1</Type>${times([22, 24])}</Exception></Exceptions></Calendar>`
    const { dates } = project([task('<CalendarUID>2</CalendarUID>')], { calendars })
    expect(dates).toEqual(['02-08 08:00 – 02-11 17:00'])
  })

  test('weeks of a period, and days around the clock', () => {
    const calendars = `<Calendar><UID>2</UID><WorkWeeks><WorkWeek><TimePeriod><FromDate>2016-02-08T00:00:00</FromDate><ToDate>2016-02-14T23:59:00</ToDate></TimePeriod>
      <WeekDays><WeekDay><DayType>2</DayType><DayWorking>0</DayWorking></WeekDay><WeekDay><DayType>3</DayType>${times([0, 24])}</WeekDay></WeekDays></WorkWeek></WorkWeeks></Calendar>`
    const { dates } = project([task('<CalendarUID>2</CalendarUID>')], { calendars })
    expect(dates).toEqual(['02-09 00:00 – 02-09 16:00'])
  })

  test('with people, the hours that any of them works; with hours of its own, only what both allow', () => {
    const night = `<Calendar><UID>3</UID><WeekDays>${[2, 3, 4, 5, 6].map((day) => `<WeekDay><DayType>${day}</DayType>${times([18, 22])}</WeekDay>`).join('')}</WeekDays></Calendar>`
    const late = `<Calendar><UID>4</UID><WeekDays>${[2, 3, 4, 5, 6].map((day) => `<WeekDay><DayType>${day}</DayType>${times([15, 20])}</WeekDay>`).join('')}</WeekDays></Calendar>`
    const rest = `<Resources><Resource><UID>1</UID><Name>Ana</Name><Type>1</Type><CalendarUID>1</CalendarUID><MaxUnits>1</MaxUnits></Resource>
      <Resource><UID>2</UID><Name>Bo</Name><Type>1</Type><CalendarUID>3</CalendarUID><MaxUnits>1</MaxUnits></Resource></Resources>
      <Assignments><Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Units>1</Units></Assignment>
      <Assignment><UID>2</UID><TaskUID>1</TaskUID><ResourceUID>2</ResourceUID><Units>0.5</Units></Assignment>
      <Assignment><UID>3</UID><TaskUID>2</TaskUID><ResourceUID>1</ResourceUID><Units>1</Units></Assignment></Assignments>`
    const { dates, read } = project(
      [
        task(),
        task('<CalendarUID>4</CalendarUID>'),
        task('<CalendarUID>4</CalendarUID><IgnoreResourceCalendar>1</IgnoreResourceCalendar>'),
      ],
      { calendars: night + late, rest },
    )
    expect(dates[0]).toBe('02-08 08:00 – 02-09 12:00')
    // 15:00 to 17:00 on each of eight days, and 15:00 to 20:00 on three of them and an hour.
    expect(dates[1]).toBe('02-08 15:00 – 02-17 17:00')
    expect(dates[2]).toBe('02-08 15:00 – 02-11 16:00')
    expect(read.demands).toEqual([
      { activity: 0, resource: 0, units: 1 },
      { activity: 0, resource: 1, units: 0.5 },
      { activity: 1, resource: 0, units: 1 },
    ])
  })

  test('people with the hours of the plan need no calendar of their own', () => {
    const resources = [1, 2].map(
      (uid) => `<Resource><UID>${uid}</UID><Type>1</Type><CalendarUID>${uid + 4}</CalendarUID></Resource>`,
    )
    const assignments = [1, 2].map(
      (uid) => `<Assignment><UID>${uid}</UID><TaskUID>1</TaskUID><ResourceUID>${uid}</ResourceUID></Assignment>`,
    )
    const { read } = project([task()], {
      calendars: [5, 6]
        .map((uid) => `<Calendar><UID>${uid}</UID><BaseCalendarUID>1</BaseCalendarUID></Calendar>`)
        .join(''),
      rest: `<Resources>${resources.join('')}</Resources><Assignments>${assignments.join('')}</Assignments>`,
    })
    expect(read.plan.calendars).toHaveLength(1)
    expect(read.plan.activities[0]!.calendar).toBe(0)
  })

  test.each([
    ['every third day', { type: 1, period: 3 }, ['02-01', '02-04', '02-07', '02-10', '02-13']],
    [
      'Mondays and Fridays of every second week',
      { type: 6, period: 2, daysOfWeek: 2 + 32 },
      ['02-01', '02-05', '02-15', '02-19', '02-29'],
    ],
    ['the 30th of each month', { type: 4, period: 1, monthDay: 30 }, ['03-30', '04-30', '05-30', '06-30', '07-30']],
    [
      'the last Friday of each month',
      { type: 5, period: 1, monthItem: 8, monthPosition: 4 },
      ['02-26', '03-25', '04-29', '05-27', '06-24'],
    ],
    [
      'the first weekday of every third month',
      { type: 5, period: 3, monthItem: 1, monthPosition: 0 },
      ['02-01', '05-02', '08-01', '11-01', '02-01'],
    ],
    ['3 October of each year', { type: 2, month: 9, monthDay: 3 }, ['10-03', '10-03', '10-03', '10-03', '10-03']],
    [
      'the fourth Thursday of November',
      { type: 3, month: 10, monthItem: 7, monthPosition: 3 },
      ['11-24', '11-23', '11-22', '11-28', '11-26'],
    ],
  ])('exceptions that come again: %s', (_name, rule, expected) => {
    const from = parseLocalTime('2016-02-01')! / 1440
    const defaults = { period: 1, daysOfWeek: 0, monthItem: 0, monthPosition: 0, month: 0, monthDay: 1, occurrences: 5 }
    const found = occurrencesOf({ ...defaults, ...rule, from, to: from + 3650 })
    expect(found.map(([day]) => localTime(day * 1440).slice(5, 10))).toEqual(expected)
  })
})

describe('hostile calendars', () => {
  const period = '<TimePeriod><FromDate>1900-01-01T00:00:00</FromDate><ToDate>2200-12-31T23:59:00</ToDate></TimePeriod>'
  const codesOf = (calendars: string) => {
    const task = `<Task><UID>1</UID>${days(1)}<CalendarUID>2</CalendarUID></Task>`
    const text = `<Project><StartDate>2016-02-08T08:00:00</StartDate><Calendars>${calendars}</Calendars><Tasks>${task}</Tasks></Project>`
    return readMspdi(parse(text)).problems.map(({ code }) => code)
  }

  test('a calendar based on itself, or on one that is based on it, is reported', () => {
    expect(codesOf('<Calendar><UID>2</UID><BaseCalendarUID>2</BaseCalendarUID></Calendar>')).toEqual([])
    const circle = [2, 3].map(
      (uid) => `<Calendar><UID>${uid}</UID><BaseCalendarUID>${5 - uid}</BaseCalendarUID></Calendar>`,
    )
    expect(codesOf(circle.join(''))).toEqual(['calendar-loop'])
  })

  test('days over 300 years, thousands of times over, are refused instead of counted', () => {
    const closed = `<Exception>${period}<Type>1</Type><DayWorking>0</DayWorking></Exception>`
    expect(codesOf(`<Calendar><UID>2</UID><Exceptions>${closed.repeat(300)}</Exceptions></Calendar>`)).toEqual([
      'unusable-calendar',
    ])
    const weekly = `<Exception>${period}<Type>6</Type><Period>1</Period><DaysOfWeek>127</DaysOfWeek><DayWorking>0</DayWorking></Exception>`
    expect(codesOf(`<Calendar><UID>2</UID><Exceptions>${weekly.repeat(300)}</Exceptions></Calendar>`)).toContain(
      'too-many-calendars',
    )
  })
})
