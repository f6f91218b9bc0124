import { describe, expect, test } from 'vitest'
import { fiveDays } from '../calendar/calendar.ts'
import { parseLocalTime } from '../calendar/local-time.ts'
import { type HealthPoint, scheduleHealth } from './health.ts'
import type { NamedPlan } from './named-plan.ts'
import type { Activity, Link, LinkType, Plan } from './plan.ts'
import { schedule } from './schedule.ts'

const at = (text: string): number => parseLocalTime(text)!
const day = 480
const activity = (days: number, more: Partial<Activity> = {}): Activity => ({
  duration: days * day,
  calendar: 0,
  ...more,
})
const link = (from: number, to: number, type: LinkType = 'FS', lag = 0): Link => ({ from, to, type, lag })

/** The result of one point, with the places of the activities concerned. */
function health(activities: Activity[], links: Link[], more: Partial<NamedPlan> = {}, plan: Partial<Plan> = {}) {
  const read: NamedPlan = {
    plan: {
      calendars: [{ week: fiveDays([[480, 960]]) }],
      calendar: 0,
      start: at('2025-01-06T08:00'),
      activities,
      links,
      ...plan,
    },
    named: activities.map((_each, index) => ({ uid: index, name: '', line: null })),
    resources: [],
    demands: [],
    minutesPerDay: day,
    statusAt: null,
    baselines: activities.map(() => null),
    ...more,
  }
  const found = schedule(read.plan)
  if ('problem' in found) throw new Error(found.problem)
  const results = scheduleHealth(read, found)
  return (point: HealthPoint) => {
    const { passed, value, activities: concerned } = results.find((each) => each.point === point)!
    return { passed, value: value === null ? null : Math.round(value * 1000) / 1000, activities: [...concerned] }
  }
}

const chain = (length: number) => ({
  activities: Array.from({ length }, () => activity(1)),
  links: Array.from({ length: length - 1 }, (_each, index) => link(index, index + 1)),
})

describe('DCMA-14', () => {
  test('a plain chain: only its two ends lack a link, the rest holds', () => {
    const { activities, links } = chain(50)
    const of = health(activities, links)
    expect(of('logic')).toEqual({ passed: true, value: 0.04, activities: [0, 49] })
    expect(of('link-types')).toEqual({ passed: true, value: 1, activities: [] })
    expect(of('critical-path-test')).toEqual({ passed: true, value: 1, activities: [0] })
    expect(of('critical-path-index')).toEqual({ passed: true, value: 1, activities: [] })
    for (const point of ['leads', 'lags', 'hard-constraints', 'high-float', 'negative-float', 'high-duration'] as const)
      expect(of(point)).toEqual({ passed: true, value: 0, activities: [] })
    for (const point of ['invalid-dates', 'missed', 'baseline-execution-index'] as const)
      expect(of(point)).toEqual({ passed: null, value: null, activities: [] })
  })

  test('logic counts links of the summary an activity lies within', () => {
    const activities = [activity(1), activity(0), activity(1, { parent: 1 }), activity(1)]
    expect(health(activities, [link(0, 1), link(1, 3)])('logic').activities).toEqual([0, 3])
  })

  test('links: leads, lags and types, by the activity they lead to', () => {
    const { activities, links } = chain(5)
    const of = health(activities, [...links.slice(0, 2), link(2, 3, 'SS', -60), link(3, 4, 'FF', 60)])
    expect(of('leads')).toEqual({ passed: false, value: 0.25, activities: [3] })
    expect(of('lags')).toEqual({ passed: false, value: 0.25, activities: [4] })
    expect(of('link-types')).toEqual({ passed: false, value: 0.5, activities: [3, 4] })
  })

  test('dates that must be kept, negative float, long and loose activities', () => {
    const of = health(
      [
        activity(3, { deadline: at('2025-01-07T16:00') }),
        activity(60),
        activity(1, { constraint: { kind: 'finish-no-later', at: at('2025-03-01T08:00') } }),
        activity(1),
      ],
      [],
    )
    expect(of('hard-constraints').activities).toEqual([2])
    expect(of('negative-float')).toEqual({ passed: false, value: 0.25, activities: [0] })
    expect(of('high-duration').activities).toEqual([1])
    expect(of('high-float').activities).toEqual([3])
  })

  test('a date that must be kept breaks the critical path, and the test shows it', () => {
    const pinned = activity(1, { constraint: { kind: 'must-start', at: at('2025-01-07T08:00') } })
    const { passed, value, activities } = health(
      [activity(1), pinned, activity(1)],
      [link(0, 1), link(1, 2)],
    )('critical-path-test')
    expect({ passed, activities }).toEqual({ passed: false, activities: [0] })
    expect(value).toBeLessThan(1)
  })

  test('against a status date and a baseline', () => {
    const statusAt = at('2025-01-10T16:00')
    const baseline = (from: string, to: string) => ({
      start: at(`${from}T08:00`),
      finish: at(`${to}T16:00`),
      duration: day,
    })
    const of = health(
      [
        activity(1, { actualStart: at('2025-01-06T08:00'), actualFinish: at('2025-01-06T16:00') }),
        activity(1, { actualStart: at('2025-01-07T08:00'), actualFinish: at('2025-01-08T16:00') }),
        activity(1),
        activity(1, { actualStart: at('2025-01-20T08:00'), actualFinish: at('2025-01-20T16:00') }),
        activity(10),
      ],
      [],
      {
        statusAt,
        baselines: [
          baseline('2025-01-06', '2025-01-06'),
          baseline('2025-01-07', '2025-01-07'),
          baseline('2025-01-06', '2025-01-09'),
          null,
          baseline('2025-01-06', '2025-01-15'),
        ],
      },
    )
    // Not begun and not done although the day has passed; done in the future.
    expect(of('invalid-dates').activities).toEqual([2, 3, 4])
    expect(of('missed')).toEqual({ passed: false, value: 0.333, activities: [1] })
    expect(of('baseline-execution-index')).toEqual({ passed: true, value: 1, activities: [2] })
    // From 10 January to 20 January are six days; the baseline ended three days before.
    expect(of('critical-path-index')).toMatchObject({ passed: false, value: 0.5 })
  })

  test('who is assigned is reported without a threshold', () => {
    const of = health([activity(1), activity(1), activity(0.5)], [], {
      demands: [{ activity: 1, resource: 0, units: 1 }],
    })
    expect(of('resources')).toEqual({ passed: null, value: 0.5, activities: [0] })
  })
})
