import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOfJsonError } from './index.ts'
import { JsonFault, JsonScan } from './scan.ts'

test.each([
  ['{"a": 1 "b": 2}', 1, 9],
  ['{\n  "a": [1,\n  }', 3, 3],
  ['[1, 2', 1, 6],
  ['{"a" 1}', 1, 6],
  ['[1] 2', 1, 5],
  ['{a: 1}', 1, 2],
  ['[01]', 1, 3],
  ['["a\n"]', 1, 2],
  ['["a\\q"]', 1, 2],
  ['["a\\u12"]', 1, 2],
  ['[1.x]', 1, 3],
  ['[-]', 1, 2],
  ['[1e]', 1, 3],
  ['[tru]', 1, 2],
  ['[trues]', 1, 6],
  ['["open', 1, 2],
  ['', 1, 1],
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

/** Is this JSON, cut into pieces of some size? */
function follows(text: string, size: number): boolean {
  const scan = new JsonScan()
  try {
    for (let at = 0; at < text.length; at += size) scan.feed(text.slice(at, at + size))
    scan.end()
    return true
  } catch (error) {
    if (error instanceof JsonFault) return false
    throw error
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('text is JSON for the scanner where it is for the engine, whatever was changed in it and however it is cut', () => {
  const sign = fc.constantFrom(...'{}[]",:0159.eE+-tfnulrase\\u \n\t\u00a0x')
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.nat(2), sign, fc.integer({ min: 1, max: 9 }), (json, place, cut, put, size) => {
      const at = place % (json.length + 1)
      const text = json.slice(0, at) + put + json.slice(at + cut)
      expect(follows(text, size), text).toBe(isJson(text))
    }),
    { numRuns: 5000 },
  )
})
