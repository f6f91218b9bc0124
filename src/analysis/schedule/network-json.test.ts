import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNetworkJson } from './network-json.ts'
import { schedule } from './schedule.ts'

/** Values that come near to a network, and values that do not. */
const value = fc.oneof(
  fc.anything({ maxDepth: 1 }),
  fc.constantFrom<unknown>('2025-01-06', '2025-01-06T08:00', 'a', 'b', 'FS', 'percent', 0, 1, 2.5, 1e9, -3, true, null),
)
/** Mostly as it should be. */
const mostly = <Good>(good: fc.Arbitrary<Good>) =>
  fc.oneof({ weight: 30, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: value })
const days = mostly(fc.integer({ min: 0, max: 20 }))
const day = mostly(fc.constantFrom('2025-01-06', '2025-02-03T10:00', '2025-01-11'))
const id = fc.constantFrom('a', 'b', 'c')
const activity = fc.record(
  {
    id: mostly(id),
    name: mostly(fc.string()),
    duration: fc.oneof(days, fc.record({ min: days, mode: days, max: days })),
    predecessors: mostly(
      fc.array(
        fc.oneof(
          id,
          fc.record({
            id,
            type: mostly(fc.constantFrom('FS', 'SS', 'FF', 'SF')),
            lag: days,
            lagUnit: mostly(fc.constantFrom('working', 'elapsed', 'percent')),
          }),
        ),
        { maxLength: 1 },
      ),
    ),
    parent: mostly(fc.constant(undefined)),
    constraint: mostly(
      fc.record({ kind: fc.constantFrom('must-start', 'finish-no-later', 'as-late-as-possible'), on: day }),
    ),
    deadline: day,
    elapsed: mostly(fc.boolean()),
    actualStart: day,
    actualFinish: day,
    done: days,
  },
  { requiredKeys: ['id'] },
)
const network = fc.record(
  {
    start: day,
    status: day,
    calendar: mostly(
      fc.record(
        { hours: mostly(fc.constant(['09:00-17:00'])), days: mostly(fc.constant([1, 2, 7])), holidays: fc.array(day) },
        { requiredKeys: [] },
      ),
    ),
    activities: mostly(
      fc.uniqueArray(activity, {
        minLength: 3,
        maxLength: 4,
        selector: (each) => JSON.stringify((each as { id: unknown }).id) ?? '',
      }),
    ),
  },
  { requiredKeys: ['start', 'activities'] },
)

describe('whatever a file holds', () => {
  test('is either read and scheduled in finite dates, or refused with a place', () => {
    let read = 0
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: network }, { weight: 1, arbitrary: value }), (given) => {
        const found = readNetworkJson(given)
        if (!found.read) {
          expect(found.problems.some(({ severity, at }) => severity === 'stop' && typeof at === 'string')).toBe(true)
          return
        }
        const result = schedule(found.read.plan)
        if ('problem' in result) return
        read++
        for (const dates of result.dates)
          for (const each of [dates.start, dates.finish, dates.lateStart, dates.lateFinish, dates.totalFloat])
            expect(Number.isFinite(each)).toBe(true)
      }),
      { numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(20)
  })
})
