import { expect, test } from 'vitest'
import type { Item } from '#platform/exchange/index.ts'
import { differences } from './releases.ts'

const outcome = (id: string, more: object = {}): Item => ({
  kind: 'strategy.outcome',
  id,
  title: { en: 'Clean air' },
  ...more,
})
const path = (...values: object[]): Item => ({ rows: 'path', kind: 'benefits.benefit', record: 'b', values }) as Item

test('equal content has no differences, in whatever order it is read and however its rows are cut into pages', () => {
  const before = [outcome('a'), outcome('b'), path({ value: '1' }, { value: '2' })]
  const after = [path({ value: '1' }), outcome('b'), path({ value: '2' }), outcome('a')]
  expect(differences(before, after)).toEqual({})
})

test.each([
  [
    'a field that changed',
    [outcome('a', { dueOn: '2030-01-01' })],
    [outcome('a', { dueOn: '2031-01-01' })],
    'strategy.outcome.dueOn',
    'a: "2030-01-01" → "2031-01-01"',
  ],
  [
    'a field that is gone',
    [outcome('a', { dueOn: '2030-01-01' })],
    [outcome('a')],
    'strategy.outcome.dueOn',
    'a: "2030-01-01" → nothing',
  ],
  ['a field that is new', [outcome('a')], [outcome('a', { why: 'so' })], 'strategy.outcome.why', 'a: nothing → "so"'],
  ['a record that is gone', [outcome('a'), outcome('b')], [outcome('a')], 'strategy.outcome', 'b: 1 → nothing'],
  ['a record that is new', [], [outcome('a')], 'strategy.outcome', 'a: nothing → 1'],
  [
    'a column of rows',
    [path({ value: '1' })],
    [path({ value: '1.0' })],
    'benefits.benefit/path.value',
    'b: "1" → "1.0"',
  ],
  ['a row less', [path({ value: '1' }, { value: '2' })], [path({ value: '1' })], 'benefits.benefit/path', 'b: 2 → 1'],
])('%s is named with an example', (_what, before, after, place, example) => {
  expect(differences(before, after)).toEqual({ [place]: example })
})
