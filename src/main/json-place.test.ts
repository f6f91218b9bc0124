import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOfJsonError } from './json-place.ts'

test.each([
  ['{"a": 1 "b": 2}', 1, 9],
  ['{\n  "a": [1,\n  }', 3, 3],
  ['[1, 2', 1, 6],
  ['{"a" 1}', 1, 6],
  ['[1] 2', 1, 5],
  ['{a: 1}', 1, 2],
  ['[01]', 1, 3],
  ['["a\n"]', 1, 2],
])('%j stops at line %i, column %i', (text, line, column) => {
  expect(() => JSON.parse(text)).toThrow()
  expect(placeOfJsonError(text)).toEqual({ line, column })
})

test('what is JSON is read to its end', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(placeOfJsonError(text)).toEqual({
        line: 1,
        column: text.trimEnd().length === text.length ? text.length + 1 : expect.any(Number),
      })
    }),
  )
})
