import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { fairQueue } from './fair-queue.ts'

const gates = () => {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () => {
    began.push(name)
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
  }
  return { began, work, finish: (name: string) => ends.get(name)!() }
}

test('those who are not signed in never take the place kept for those who are', async () => {
  const queue = fairQueue({ atOnce: 3, anonymousAtOnce: 2, waiting: 5, waitMs: 5000 })
  const { began, work, finish } = gates()
  const all = ['a1', 'a2', 'a3'].map((name) => queue.run(false, work(name)))
  all.push(queue.run(true, work('s1')), queue.run(true, work('s2')))
  await sleep(1)
  expect(began).toEqual(['a1', 'a2', 's1'])
  finish('a1')
  await sleep(1)
  expect(began).toEqual(['a1', 'a2', 's1', 's2'])
  finish('a2')
  await sleep(1)
  expect(began.at(-1)).toBe('a3')
  for (const name of ['s1', 's2', 'a3']) finish(name)
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 's1', 's2'])
})

test('a full line and too long a wait are refused as busy; a failure gives its place back', async () => {
  const queue = fairQueue({ atOnce: 1, anonymousAtOnce: 1, waiting: 1, waitMs: 20 })
  const { work, finish } = gates()
  const first = queue.run(false, work('first'))
  const second = queue.run(false, work('second'))
  await expect(queue.run(false, work('third'))).rejects.toMatchObject({ reason: 'http.busy', status: 503 })
  await expect(second).rejects.toMatchObject({ reason: 'http.busy' })
  finish('first')
  await first
  await expect(queue.run(true, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await queue.run(true, async () => 'yes')).toBe('yes')
})
