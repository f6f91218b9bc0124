import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { levelCommand } from './level.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-level-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const real = join(import.meta.dirname, '../../../../shared/data/plans/mspdi')

const runFile = async (file: string, ...args: string[]) => {
  let out = ''
  let err = ''
  const code = await levelCommand.run([file, ...args], {
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
const run = (network: object, ...args: string[]) => {
  const file = join(folder, 'plan.json')
  writeFileSync(file, JSON.stringify(network))
  return runFile(file, ...args)
}

const yard = {
  start: '2025-01-06',
  resources: [{ id: 'crane' }, { id: 'crew', name: 'Site crew', capacity: 3 }],
  activities: [
    { id: 'a', name: 'Piles', duration: 5, needs: { crane: 1, crew: 2 } },
    { id: 'b', name: 'Deck', duration: 3, needs: { crane: 1, crew: 1 } },
    { id: 'c', name: 'Road', duration: 4, needs: { crew: 1 }, predecessors: [{ id: 'b', type: 'FS', lag: 0 }] },
  ],
}

describe('the level command', () => {
  test('lets two that need the one crane follow each other, in the order that ends first', async () => {
    const { code, json } = await run(yard, '--json')
    expect(code).toBe(0)
    expect(json).toMatchObject({
      finish: '2025-01-15T17:00:00',
      finishWithoutResources: '2025-01-14T17:00:00',
      tasks: [
        {
          uid: 'a',
          start: '2025-01-09T08:00:00',
          delayMinutes: 3 * 480,
          needs: [
            { resource: 'crane', units: 1 },
            { resource: 'crew', units: 2 },
          ],
        },
        { uid: 'b', start: '2025-01-06T08:00:00', delayMinutes: 0 },
        { uid: 'c', start: '2025-01-09T08:00:00', delayMinutes: 0 },
      ],
      resources: [
        { uid: 'crane', most: 1, busy: 1 },
        { uid: 'crew', most: 3 },
      ],
      problems: [],
    })
  })

  test('gives a readable table, in both languages', async () => {
    const { out } = await run(yard)
    expect(out).toContain('Finish 2025-01-15 17:00; without regard to resources 2025-01-14 17:00')
    expect(out).toMatch(/a +Piles +2025-01-09 08:00 +2025-01-15 17:00 +3\.0 +1 crane, 2 Site crew/)
    expect((await run(yard, '--language', 'zh-Hans')).out).toContain('不考虑资源时为 2025-01-14 17:00')
  })

  test('warns of what cannot move, and still answers', async () => {
    const must = { constraint: { kind: 'must-start', on: '2025-01-06T08:00' }, duration: 2, needs: { crane: 1 } }
    const { code, json } = await run(
      {
        ...yard,
        activities: [
          { id: 'x', ...must },
          { id: 'y', ...must },
        ],
      },
      '--json',
    )
    expect(code).toBe(0)
    expect(json.problems[0].message).toContain('crane: from 2025-01-06 08:00 to 2025-01-07 17:00 2 of 1 are in use')
    expect(json.problems[0].message).toContain('x, y')
  })

  test('refuses what cannot be by place and activity, with 1', async () => {
    const activity = (more: object) => ({ ...yard, activities: [{ id: 'a', name: 'Piles', duration: 5, ...more }] })
    const errorOf = async (network: object) => {
      const { code, err } = await run(network)
      expect(code).toBe(1)
      return err
    }
    expect(await errorOf(activity({ needs: { crane: 2 } }))).toContain(
      'activity a Piles: it needs 2 of crane, and there are only 1',
    )
    expect(await errorOf(activity({ needs: { tower: 1 } }))).toContain(
      '/activities/0/needs/tower: activity a Piles: it needs "tower"',
    )
    expect(await errorOf(activity({ needs: { crane: -1 } }))).toContain('"-1" is no amount')
    expect(await errorOf(activity({ needs: 'crane' }))).toContain('/activities/0/needs')
    expect(await errorOf({ ...yard, resources: [{ id: 'crane', capacity: 'one' }] })).toContain('/resources/0/capacity')
    expect(await errorOf({ ...yard, resources: [{ id: 'crane' }, { id: 'crane' }] })).toContain('is there twice')
    expect((await runFile(join(folder, 'nothing.json'))).code).toBe(1)
  })

  test('refuses wrong usage with 2', async () => {
    for (const args of [['--tries', '0'], ['--deadline', '-1'], ['--language', 'xx'], ['--nothing']])
      expect((await run(yard, ...args)).code).toBe(2)
  })

  test.skipIf(!existsSync(real))(
    'levels a plan of Microsoft Project with its people (needs the folder of real data)',
    async () => {
      const { code, json } = await runFile(join(real, 'sample.xml'), '--tries', '5', '--json')
      expect(code).toBe(0)
      for (const { most, capacity } of json.resources) expect(most).toBeLessThanOrEqual(capacity)
    },
  )
})
