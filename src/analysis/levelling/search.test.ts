import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { j301, likeJ30 } from '#test/kit/projects.ts'
import { clearProfile, earliestRoom, openProfile, stepAt, use } from './profile.ts'
import { type Need, type Precedence, type Project, projectOf } from './project.ts'
import { type SearchResult, search } from './search.ts'

/** Why a schedule is not allowed; null where it is. */
function breach(project: Project, { starts }: SearchResult): string | null {
  for (let index = 0; index < project.size; index += 1) {
    if (starts[index]! < project.release[index]!) return `${index} starts before its release`
    for (let wait = project.intoAt[index]!; wait < project.intoAt[index + 1]!; wait += 1)
      if (starts[index]! < starts[project.intoFrom[wait]!]! + project.intoLag[wait]! - 1e-9)
        return `${index} does not wait`
  }
  // Use changes only where something starts.
  for (const time of starts)
    for (const [resource, capacity] of project.capacity.entries()) {
      let used = 0
      for (let index = 0; index < project.size; index += 1)
        for (let need = project.needAt[index]!; need < project.needAt[index + 1]!; need += 1)
          if (
            project.needResource[need] === resource &&
            starts[index]! <= time &&
            time < starts[index]! + project.duration[index]!
          )
            used += project.needAmount[need]!
      if (used > capacity) return `resource ${resource} is used ${used} of ${capacity} at ${time}`
    }
  return null
}

const aProject: fc.Arbitrary<Project> = fc
  .record({
    durations: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 14 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: -6, max: 12 })), { maxLength: 20 }),
    needs: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.integer({ min: 1, max: 4 })), { maxLength: 20 }),
    releases: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 14, maxLength: 14 }),
  })
  .map(({ durations, pairs, needs, releases }) => {
    const count = durations.length
    const waits = pairs.flatMap(([a, b, lag]): Precedence[] => {
      const [from, to] = [a % count, b % count].sort((left, right) => left - right)
      return from === to ? [] : [{ from: from!, to: to!, lag }]
    })
    const all = needs.map(([activity, resource, amount]): Need => ({ activity: activity % count, resource, amount }))
    const once = all.filter(
      (need, index) =>
        all.findIndex((each) => each.activity === need.activity && each.resource === need.resource) === index,
    )
    return projectOf(durations, waits, once, [4, 5, 6], releases.slice(0, count)) as Project
  })

describe('a schedule under scarce resources', () => {
  test('respects every wait, release and capacity, and is never longer than the first pass or shorter than possible', () => {
    fc.assert(
      fc.property(aProject, fc.nat(), (project, seed) => {
        const found = search(project, { restarts: 10, seed })
        expect(breach(project, found)).toBeNull()
        expect(found.finish).toBeLessThanOrEqual(found.firstFinish)
        expect(found.finish).toBeGreaterThanOrEqual(found.least - 1e-9)
        expect(found.finish).toBe(
          Math.max(...[...found.starts].map((start, index) => start + project.duration[index]!)),
        )
      }),
    )
  })

  test('is the same for the same seed and number of restarts', () => {
    const project = likeJ30(4)
    expect(search(project, { restarts: 40, seed: 5 })).toEqual(search(project, { restarts: 40, seed: 5 }))
  })

  test.skipIf(!j301())('j301_1 ends after 43, the published optimum (needs the folder of real data)', () => {
    const found = search(j301()!, { restarts: 400 })
    expect(found.least).toBe(38)
    expect(found.finish).toBe(43)
  })

  test('after 150 restarts is within 1 % of a search that is ten times as long', () => {
    const instances = Array.from({ length: 24 }, (_, index) => likeJ30(index + 1))
    const gaps = instances.map((project) => {
      const short = search(project, { restarts: 150 }).finish
      const long = search(project, { restarts: 1500, seed: 2 }).finish
      return short / Math.min(short, long) - 1
    })
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeLessThan(0.01)
  })

  test('stops at its deadline with the best it has', () => {
    let now = 0
    const found = search(likeJ30(11), { restarts: 1e9, deadlineMs: 50, clock: () => (now += 1) })
    expect(found.restarts).toBeGreaterThan(0)
    expect(now).toBeLessThan(200)
    expect(breach(likeJ30(11), found)).toBeNull()
  })

  test('names what no schedule can satisfy', () => {
    expect(projectOf([1, 1], [], [{ activity: 1, resource: 0, amount: 3 }], [2])).toEqual({
      problem: 'need-over-capacity',
      activities: [1],
      resource: 0,
    })
    const loop = [
      { from: 1, to: 2, lag: 1 },
      { from: 2, to: 1, lag: 1 },
    ]
    expect(projectOf([1, 1, 1], loop, [], [])).toEqual({ problem: 'loop', activities: [1, 2] })
  })
})

test('a profile finds the earliest room that minute-by-minute counting finds', () => {
  const interval = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 8 }), fc.integer({ min: 1, max: 3 }))
  fc.assert(
    fc.property(
      fc.array(interval, { maxLength: 12 }),
      fc.nat({ max: 30 }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat({ max: 4 }),
      (uses, from, length, room) => {
        const profile = openProfile()
        clearProfile(profile)
        const counted = new Array<number>(200).fill(0)
        for (const [start, long, amount] of uses) {
          use(profile, start, start + long, amount)
          for (let time = start; time < start + long; time += 1) counted[time]! += amount
        }
        for (let time = 0; time < 60; time += 1) expect(profile.used[stepAt(profile, time)]).toBe(counted[time])
        let expected = from
        while (counted.slice(expected, expected + length).some((used) => used > room)) expected += 1
        expect(earliestRoom(profile, from, length, room)).toBe(expected)
      },
    ),
  )
})
