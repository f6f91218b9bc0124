import { describe, expect, test } from 'vitest'
import { fiveDays, type WorkCalendar } from '../calendar/calendar.ts'
import { dayOf, localTime, parseLocalTime } from '../calendar/local-time.ts'
import type { Activity, Link, LinkType, Plan } from './plan.ts'
import { type Schedule, schedule } from './schedule.ts'

const at = (text: string): number => parseLocalTime(text)!
const everyDay = 480
const office: WorkCalendar = { week: fiveDays([[540, 1020]]) }

const scheduled = (plan: Plan): Schedule => {
  const found = schedule(plan)
  if ('problem' in found) throw new Error(JSON.stringify(found))
  return found
}

/** `A 2` lines and `A>B` pairs, in days. */
function network(durations: string, pairs: string): { plan: Plan; names: string[] } {
  const names: string[] = []
  const activities: Activity[] = []
  for (const text of durations.split(' ')) {
    names.push(text[0]!)
    activities.push({ duration: Number(text.slice(1)) * everyDay, calendar: 0 })
  }
  const links: Link[] = pairs.split(' ').map((pair) => {
    const [from, to] = pair.split('>') as [string, string]
    return { from: names.indexOf(from), to: names.indexOf(to), type: 'FS' as LinkType, lag: 0 }
  })
  return { plan: { calendars: [office], calendar: 0, start: at('2025-01-06T09:00'), activities, links }, names }
}

describe('published examples', () => {
  test('CPM-1: length 41, critical path A-B-F-I-K-L-N', () => {
    const { plan, names } = network(
      'A2 B10 C13 D12 E12 F7 G10 H16 I6 J12 K5 L8 M5 N3',
      'A>B A>C A>D B>E B>F D>G D>H F>I C>J G>J I>K E>L K>L H>M J>N L>N M>N',
    )
    const { start, finish, dates } = scheduled(plan)
    const days = (instant: number) => Math.floor((instant - start) / 1440)
    expect(names.filter((_name, index) => dates[index]!.critical).join('-')).toBe('A-B-F-I-K-L-N')
    // 41 working days after Monday 6 January end on Monday 3 March.
    expect(localTime(finish)).toBe('2025-03-03T17:00:00')
    expect(days(finish)).toBe(56)
    const float = (name: string) => dates[names.indexOf(name)]!.totalFloat / everyDay
    // The other paths are 35 (through E), 30 (C), 39 (G) and 38 (H).
    expect([float('E'), float('C'), float('G'), float('H')]).toEqual([6, 11, 2, 3])
  })

  test('CPM-4: two holidays, lags in working and in calendar days, a milestone', () => {
    const closed = (from: [number, number, number], to = from) => ({
      from: dayOf(...from),
      to: dayOf(...to),
      shifts: [],
    })
    const calendar: WorkCalendar = {
      ...office,
      exceptions: [closed([2025, 1, 10]), closed([2025, 1, 27], [2025, 1, 31])],
    }
    const days = [4, 3, 5, 6, 2, 0]
    const { dates } = scheduled({
      calendars: [calendar],
      calendar: 0,
      start: at('2025-01-06T09:00'),
      activities: days.map((day) => ({ duration: day * everyDay, calendar: 0 })),
      links: [
        { from: 0, to: 1, type: 'FS', lag: 2 * everyDay },
        { from: 0, to: 2, type: 'SS', lag: everyDay },
        { from: 1, to: 3, type: 'FS', lag: 0 },
        { from: 2, to: 3, type: 'FS', lag: 0 },
        { from: 3, to: 4, type: 'FS', lag: 7 * 1440, lagUnit: 'elapsed' },
        { from: 4, to: 5, type: 'FS', lag: 0 },
      ],
    })
    const ends = ['2025-01-09', '2025-01-17', '2025-01-14', '2025-02-03', '2025-02-12', '2025-02-12']
    expect(dates.map(({ finish }) => localTime(finish))).toEqual(ends.map((day) => `${day}T17:00:00`))
  })
})

describe('what people read', () => {
  const day = at('2025-01-06T00:00') / 1440
  const hours = (from: number, to: number): WorkCalendar => ({
    week: Array.from({ length: 7 }, () => [[60 * from, 60 * to]] as const),
  })
  const task = (duration: number, more: Partial<Activity> = {}): Activity => ({ duration, calendar: 0, ...more })
  const planned = (activities: Activity[], links: Link[], calendars: WorkCalendar[]) =>
    scheduled({ calendars, calendar: 0, start: day * 1440 + 480, activities, links }).dates

  test('a finish that a link holds until the next shift is not late the evening before', () => {
    // The night shift has stopped when the day activity ends; what must end with it ends as the next night begins.
    const dates = planned(
      [task(0), task(600), task(1, { calendar: 1, parent: 0 })],
      [{ from: 1, to: 2, type: 'FF', lag: 0 }],
      [hours(8, 17), hours(0, 2)],
    )
    expect(localTime(dates[2]!.finish)).toBe('2025-01-08T00:00:00')
    expect(dates.map((each) => [localTime(each.lateFinish), each.totalFloat])).toEqual([
      ['2025-01-08T00:00:00', 0],
      [localTime(dates[1]!.lateFinish), dates[1]!.totalFloat],
      ['2025-01-08T00:00:00', 0],
    ])
  })

  test('what has no float may be as late as it is, not a moment less', () => {
    const dates = planned(
      [
        task(0),
        task(0, { parent: 0 }),
        task(0),
        task(0, { parent: 2 }),
        task(1, { delay: 1, parent: 0 }),
        task(1, { delay: 1 }),
      ],
      [
        { from: 0, to: 2, type: 'FS', lag: -1, lagUnit: 'elapsed' },
        { from: 2, to: 5, type: 'FS', lag: 0 },
      ],
      [hours(8, 17)],
    )
    for (const { start, finish, lateStart, lateFinish, totalFloat, summary } of dates) {
      expect(totalFloat).toBe(Math.round(totalFloat))
      if (totalFloat === 0 && !summary) expect([lateStart, lateFinish]).toEqual([start, finish])
    }
    expect(dates[0]!.totalFloat).toBe(0)
  })
})
