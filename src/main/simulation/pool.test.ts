import { Worker } from 'node:worker_threads'
import { afterAll, expect, test } from 'vitest'
import { fiveDays } from '#analysis/calendar/calendar.ts'
import type { Link } from '#analysis/schedule/plan.ts'
import { durationName, type PlanSimulationInput } from '#analysis/simulation/plan.ts'
import { answerOf, openSimulationPool } from './pool.ts'

const pools = [1, 2, 3].map((threads) => openSimulationPool(threads))
const [one, two, three] = pools as [(typeof pools)[0], (typeof pools)[0], (typeof pools)[0]]
afterAll(() => Promise.all(pools.map((pool) => pool.close())))

/** Large enough to go through threads. */
function chains(): PlanSimulationInput {
  const names = Array.from({ length: 200 }, (_, index) => `A${index}`)
  const links = names.flatMap((_, index): Link[] =>
    index < 5 ? [] : [{ from: index - 5, to: index, type: 'FS', lag: 0 }],
  )
  const shared = { calendar: 0, duration: 960 }
  return {
    plan: {
      calendars: [{ week: fiveDays([[480, 960]]) }, { week: fiveDays([[360, 840]]) }],
      calendar: 0,
      start: 28_930_080,
      activities: names.map((_, index) => ({ ...shared, calendar: index % 7 === 0 ? 1 : 0 })),
      links,
    },
    names,
    durations: names.map((_, index) => ({ kind: 'pert', min: 480, mode: 960, max: 1920 + index })),
    costs: names.map(() => ({ perMinute: 1.1 })),
    risks: [
      { name: 'strike', chance: 0.2, hits: [3, 50, 77], delay: { kind: 'lognormal', mean: 2000, deviation: 900 } },
    ],
    correlations: { groups: [{ members: names.slice(0, 30).map(durationName), rank: 0.5 }] },
    draws: 6_130,
    seed: 42,
  }
}

test('the answer is bit for bit the same for one thread, two and three', async () => {
  const shares: number[] = []
  const expected = await one.simulate(chains())
  expect(expected).not.toHaveProperty('problem')
  expect(await two.simulate(chains(), { onProgress: (share) => shares.push(share) })).toEqual(expected)
  expect(await three.simulate(chains())).toEqual(expected)
  expect(shares.at(-1)).toBe(1)
})

test('it stops at the same draw for any number of threads', async () => {
  const expected = await one.simulate({ ...chains(), draws: 40_000 }, { precision: 0.02 })
  expect(await two.simulate({ ...chains(), draws: 40_000 }, { precision: 0.02 })).toEqual(expected)
  expect(expected).toMatchObject({ precise: true, draws: expect.toSatisfy((draws: number) => draws < 40_000) })
})

test('a plan that cannot be is refused before a thread sees it', async () => {
  const input = chains()
  const plan = { ...input.plan, links: [...input.plan.links, { from: 199, to: 4, type: 'FS' as const, lag: 0 }] }
  expect(await two.simulate({ ...input, plan })).toMatchObject({ problem: 'loop' })
})

test('a thread that ends without an answer fails the order', async () => {
  const worker = new Worker("require('node:worker_threads').parentPort.once('message', () => process.exit(3))", {
    eval: true,
  })
  const ask = () => answerOf(worker, { do: 'draw', until: 1 }, () => {})
  await expect(ask()).rejects.toThrow('ended with 3')
  await expect(ask()).rejects.toThrow('has ended')
})
