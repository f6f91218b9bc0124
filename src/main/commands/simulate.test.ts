import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { simulateCommand } from './simulate.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-simulate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const real = join(import.meta.dirname, '../../../../shared/data/plans/mspdi')

const runFile = async (file: string, ...args: string[]) => {
  let out = ''
  let err = ''
  const code = await simulateCommand.run([file, ...args], {
    app: () => Promise.reject(new Error('The command opened the database.')),
    database: () => Promise.reject(new Error('needs no database')),
    out: (text) => {
      out += `${text}\n`
    },
    err: (text) => {
      err += `${text}\n`
    },
  })
  return { code, out, err, json: args.includes('--json') && out ? JSON.parse(out) : null }
}
const run = (network: unknown, ...args: string[]) => {
  const file = join(folder, 'plan.json')
  writeFileSync(file, typeof network === 'string' ? network : JSON.stringify(network))
  return runFile(file, ...args)
}

const estimate = { min: 8, mode: 10, max: 18 }
const two = {
  start: '2025-01-06',
  activities: [
    { id: 'north', duration: estimate },
    { id: 'south', duration: estimate },
    { id: 'opening', duration: 0, predecessors: [{ id: 'north', type: 'FS', lag: 0 }, { id: 'south' }] },
  ],
}

describe('the simulate command', () => {
  test('gives the dates of the published merge of two ways', async () => {
    const { code, json } = await run(two, '--draws', '10000', '--seed', '1', '--json')
    expect(code).toBe(0)
    // 13.16, 15.09 and 13.23 working days of eight hours after 6 January.
    expect(json.finish.p50).toMatch(/^2025-01-23T09:/)
    expect(json.finish.p80).toMatch(/^2025-01-27T08:/)
    expect(json.finish.mean).toMatch(/^2025-01-23T09:/)
    expect(json.finish.standardErrorMinutes.p80).toBeLessThan(20)
    expect(json.planned).toEqual({ finish: '2025-01-17T17:00:00', chance: expect.closeTo(0.04, 2) })
    expect(json.tasks).toHaveLength(3)
    expect(json.tasks[0]).toMatchObject({ uid: 'north', criticality: expect.closeTo(0.5, 1) })
    expect(json.tasks[2]).toMatchObject({ uid: 'opening', criticality: 1 })
  })

  test('is the same for a seed and another for another', async () => {
    const of = async (...args: string[]) => (await run(two, '--draws', '2000', '--json', ...args)).out
    expect(await of('--seed', '5')).toBe(await of('--seed', '5', '--threads', '2'))
    expect(await of('--seed', '5')).not.toBe(await of('--seed', '-5'))
  })

  test('reads every kind of estimate, costs, risks and what moves together', async () => {
    const network = {
      start: '2025-01-06',
      costPerDay: 100,
      activities: [
        { id: 'a', duration: { kind: 'pert', ...estimate }, cost: { kind: 'uniform', min: 900, max: 1100 } },
        { id: 'b', duration: { kind: 'normal', mean: 10, deviation: 2 }, costPerDay: 50, predecessors: ['a'] },
        { id: 'c', duration: { kind: 'lognormal', mean: 10, deviation: 2 }, predecessors: ['a'] },
        {
          id: 'd',
          duration: {
            kind: 'discrete',
            values: [
              { value: 5, chance: 1 },
              { value: 9, chance: 1 },
            ],
          },
        },
        { id: 'e', duration: { kind: 'empirical', values: [3, 4, 4, 9] } },
        { id: 'f', duration: { kind: 'uniform', min: 1, max: 2 } },
      ],
      risks: [
        { id: 'strike', chance: 0.25, activities: ['b'], delay: 10, cost: 400, mitigated: { chance: 0, price: 70 } },
      ],
      correlations: [{ activities: ['b', 'c'], rank: 0.5 }],
    }
    const before = await run(network, '--draws', '2000', '--json')
    expect(before.json.problems).toEqual([])
    expect(before.json.risks).toEqual([{ id: 'strike', share: 0.25, laterMinutes: expect.closeTo(4600, -3) }])
    expect(
      before.json.pulls.map(({ activity, risk }: { activity?: string; risk?: string }) => activity ?? risk),
    ).toContain('c')
    const after = await run(network, '--draws', '2000', '--json', '--mitigated')
    expect(after.json.risks[0].share).toBe(0)
    expect(after.json.cost.mean.value).toBeLessThan(before.json.cost.mean.value)
  })

  test('keeps within the resources in every draw where that is asked', async () => {
    const crane = { ...two, resources: [{ id: 'crane' }] }
    const activities = two.activities.map((each) => (each.duration === 0 ? each : { ...each, needs: { crane: 1 } }))
    const free = await run({ ...crane, activities }, '--draws', '2000', '--json')
    const levelled = await run({ ...crane, activities }, '--draws', '2000', '--json', '--levelled')
    expect(free.json).toMatchObject({ levelled: null, planned: { finish: '2025-01-17T17:00:00' } })
    // One after the other: 24 working days on average.
    expect(levelled.json).toMatchObject({
      levelled: { links: 1, unmet: 0 },
      planned: { finish: '2025-01-31T17:00:00' },
    })
    expect(levelled.json.finish.mean).toMatch(/^2025-02-0[67]T/)
    expect((await run({ ...crane, activities }, '--draws', '500', '--levelled')).out).toContain(
      'handed from one activity to another once',
    )
    const over = [{ id: 'a', duration: 1, needs: { crane: 2 } }]
    expect((await run({ ...crane, activities: over }, '--levelled')).err).toContain('it needs 2 of crane')
  })

  test('says it in words, in both languages', async () => {
    expect((await run(two, '--draws', '2000')).out).toContain('in 80 of 100 draws done by  2025-01-27')
    expect((await run(two, '--draws', '2000', '--language', 'zh-Hans')).out).toContain(
      '每 100 次有 80 次不晚于  2025-01-27',
    )
    expect((await run(two, '--draws', '60')).out).toContain('do not tell how precise')
    expect((await run(two, '--draws', '50000', '--precision', '0.05')).out).toMatch(/more draws would change little/)
  })

  test('answers the examples of the documentation as it says', async () => {
    const page = (name: string) => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8')
    const blocks = (text: string) => [...text.matchAll(/```(?:json)?\n([^`]+)```/g)].map((found) => found[1]!)
    const [network, answer] = blocks(page('explanation/simulated-dates.md')) as [string, string]
    expect((await run(network, '--draws', '10000', '--seed', '1')).out).toContain(answer.trimEnd())
    const { code, json } = await run(blocks(page('reference/plan-network.md'))[1]!, '--draws', '500', '--json')
    expect([code, json.problems]).toEqual([0, []])
  })

  test('names what is wrong by place and activity and ends with 1', async () => {
    const wrong = async (activity: object, more: object = {}) => {
      const { code, err } = await run({ start: '2025-01-06', activities: [{ id: 'a', ...activity }], ...more })
      expect(code).toBe(1)
      return err
    }
    expect(await wrong({ duration: { kind: 'pert', min: 3, mode: 2, max: 9 } })).toContain(
      'plan.json, /activities/0/duration: activity a: min is above mode',
    )
    expect(await wrong({ duration: { kind: 'weibull' } })).toContain('"weibull" is no kind of estimate')
    expect(await wrong({ duration: 1, predecessors: ['a'] })).toContain('it waits for itself')
    expect(await wrong({ duration: { min: -1, mode: 2, max: 3 } })).toContain('activity a')
    const flood = { id: 'flood', chance: 0.5, activities: ['x'], delay: 1 }
    expect(await wrong({ duration: 1 }, { risks: [flood] })).toContain(
      'plan.json, /risks/0/activities/0: there is no activity "x"',
    )
    expect(await wrong({ duration: 1 }, { risks: [{ ...flood, chance: 2 }] })).toContain('"2" is no chance')
    const together = [{ activities: ['a', 'b'], rank: 0.5 }]
    expect(await wrong({ duration: 1 }, { correlations: together })).toContain('there is no activity "b"')
    expect((await run('{"start": "2025-01-06", "activities": [')).code).toBe(1)
    expect((await runFile(join(folder, 'nothing.json'))).code).toBe(1)
  })

  test('refuses wrong usage with 2', async () => {
    for (const args of [
      ['--draws', '0'],
      ['--draws', 'many'],
      ['--seed', '1.5'],
      ['--spread', '2,1,3'],
      ['--precision', '7'],
    ])
      expect((await run(two, ...args)).code).toBe(2)
  })

  test.skipIf(!existsSync(real))(
    'simulates a plan of Microsoft Project with a common spread (needs the folder of real data)',
    async () => {
      const file = join(real, 'sample.xml')
      const certain = await runFile(file, '--draws', '500', '--json')
      expect(certain.json.finish).toMatchObject({ p10: '2003-03-18T08:00:00', mean: '2003-03-18T08:00:00' })
      const { json } = await runFile(file, '--draws', '500', '--spread', '0.9,1,1.5', '--json')
      expect(json.planned.finish).toBe('2003-03-18T08:00:00')
      expect(json.finish.p80 > json.planned.finish).toBe(true)
    },
  )
})
