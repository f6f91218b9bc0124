import { describe, expect, test } from 'vitest'
import { openShedding } from './shedding.ts'

const limits = { slowMs: 500, waitMs: 700, fewest: 4, most: 100 }

/** Opens as many as are admitted, at most `wanted`. */
function fill(shedding: ReturnType<typeof openShedding>, wanted: number): number {
  let taken = 0
  while (taken < wanted && shedding.admits()) {
    shedding.begin()
    taken++
  }
  return taken
}
const answer = (shedding: ReturnType<typeof openShedding>, count: number, ms: number) => {
  for (let index = 0; index < count; index++) shedding.end(ms)
}

describe('the limit of work in progress', () => {
  test('sinks while answers are slow, never below the fewest, and rises again when they are quick', () => {
    const shedding = openShedding(() => ({ count: 0, oldestMs: 0 }), limits)
    const first = fill(shedding, 1000)
    expect(first).toBe(32)
    const taken: number[] = []
    let open = first
    for (let turn = 0; turn < 20; turn++) {
      answer(shedding, open, 1500)
      shedding.adapt()
      open = fill(shedding, 1000)
      taken.push(open)
    }
    expect(taken[0]).toBeLessThan(first)
    expect(taken.at(-1)).toBeLessThan(12)
    expect(Math.min(...taken)).toBeGreaterThanOrEqual(limits.fewest)
    for (let turn = 0; turn < 60; turn++) {
      answer(shedding, open, 20)
      shedding.adapt()
      open = fill(shedding, 1000)
    }
    expect(open).toBe(limits.most)
  })

  test('one slow answer among quick ones changes nothing', () => {
    const shedding = openShedding(() => ({ count: 0, oldestMs: 0 }), limits)
    const before = shedding.now().limit
    for (let turn = 0; turn < 10; turn++) {
      fill(shedding, 20)
      answer(shedding, 19, 10)
      shedding.end(20_000)
      shedding.adapt()
    }
    expect(shedding.now()).toEqual({ open: 0, limit: before })
  })

  test('who waits too long for the database keeps others out, but for a few', () => {
    let oldestMs = 0
    const shedding = openShedding(() => ({ count: 1, oldestMs }), limits)
    expect(fill(shedding, 10)).toBe(10)
    oldestMs = 701
    expect(shedding.admits()).toBe(false)
    shedding.adapt()
    expect(shedding.now().limit).toBeLessThan(10)
    answer(shedding, 7, 800)
    expect(shedding.admits()).toBe(true)
  })
})
