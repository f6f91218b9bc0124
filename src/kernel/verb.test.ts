import { expect, test } from 'vitest'
import { objections } from './verb.ts'

test('objections are one problem for each record, and say how often it was found; nobody is no record', () => {
  expect(objections('trees.post-cares', ['a', 'b', null, 'a'])).toEqual(
    new Map([
      ['a', [{ at: '/', code: 'trees.post-cares', values: { count: 2 } }]],
      ['b', [{ at: '/', code: 'trees.post-cares', values: { count: 1 } }]],
    ]),
  )
  expect(objections('trees.post-cares', [])).toEqual(new Map())
})
