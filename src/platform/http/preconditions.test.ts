import { describe, expect, it } from 'vitest'
import type { Problem } from '#kernel/problem.ts'
import { agreedVersion, isUnchanged, needIfMatch, readIfMatch } from './preconditions.ts'

const thrown = (body: () => unknown): Problem => {
  try {
    body()
  } catch (error) {
    return error as Problem
  }
  throw new Error('nothing was thrown')
}

describe('If-Match', () => {
  it.each([
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
    ['*', 'any'],
    ['W/"3"', []],
    ['"abc"', []],
  ])('%s', (header, versions) => expect(readIfMatch(header)).toEqual(versions))

  it('must be written as tags', () => {
    for (const header of ['3', '', '"3', 'W/3'])
      expect(thrown(() => readIfMatch(header))).toMatchObject({ reason: 'records.if-match-malformed', status: 400 })
  })

  it('must be there where a change could be lost', () => {
    expect(thrown(() => needIfMatch(undefined))).toMatchObject({ reason: 'records.if-match-missing', status: 428 })
  })

  it('shows both versions where they differ', () => {
    const problem = thrown(() => agreedVersion([3], { version: 4 }, { title: 'mine' }))
    expect(problem).toMatchObject({
      reason: 'records.stale',
      status: 412,
      extra: { current: { version: 4 }, attempted: { title: 'mine' } },
    })
    expect(agreedVersion([3, 4], { version: 4 }, {})).toBe(4)
    expect(agreedVersion('any', { version: 9 }, {})).toBe(9)
  })
})

it.each([
  [undefined, false],
  ['"7"', true],
  ['W/"7"', true],
  ['"6", "7"', true],
  ['*', true],
  ['"6"', false],
])('If-None-Match %s', (header, unchanged) => expect(isUnchanged(header, 7)).toBe(unchanged))
