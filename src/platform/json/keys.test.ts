import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseStrictJson, wrongKeys } from './index.ts'

const wrongIn = (text: string) => wrongKeys(text, JSON.parse(text))

test.each([
  ['{"a":1,"a":2}', '/a'],
  ['{"a":1,"b":{"c":{"d":1,"e":2,"d":3}}}', '/b/c/d'],
  ['{"items":[{"x":1},{"x":1,"y":[[],{"z":1 , "z" : 2}]}]}', '/items/1/y/1/z'],
  ['[[{"a/b~":1,"a/b~":2}]]', '/0/0/a~1b~0'],
  ['{"a":1,"\\u0061":2}', '/a'],
  ['{"":1,"":2}', '/'],
  ['{"a\\"":1,"a\\"":2}', '/a"'],
  ['{"a\\\\":1,"a\\\\":2}', '/a\\'],
  ['{"a":{"b":1},"c":"}","a":{"b":1}}', '/a'],
  ['{"toString":1,"toString":1}', '/toString'],
])('%s: the name that stands twice is found at %s', (text, at) => {
  expect(wrongIn(text)).toEqual([expect.objectContaining({ at, why: 'repeated' })])
  expect(() => parseStrictJson(text)).toThrow(SyntaxError)
})

test.each([
  ['{"__proto__":1}', '/__proto__'],
  ['{"a":[{"__proto__":{"admin":true}}]}', '/a/0/__proto__'],
  ['{"\\u005f_proto__":1}', '/__proto__'],
  ['{"__\\u0070\\u0072oto__":1}', '/__proto__'],
])('%s: a name that reaches into the program is found at %s', (text, at) => {
  expect(wrongIn(text)).toEqual([{ at, name: '__proto__', why: 'reserved' }])
})

test.each([
  '{"a":"__proto__"}',
  '{"a":{"b":1},"c":{"b":1}}',
  '[{"a":1},{"a":1}]',
  '{"a":"\\"a\\":","b":"{\\"b\\":1}"}',
  '"a"',
  '3',
])('%s: nothing is wrong with it', (text) => {
  expect(wrongIn(text)).toEqual([])
  expect(parseStrictJson(text)).toEqual(JSON.parse(text))
})

test('whatever the document, nothing is found until one name is written twice, and then that one', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', ':', '/', '~', '{', '😀', ' '), maxLength: 4 })
  const tree = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  })).value
  fc.assert(
    fc.property(tree, fc.constantFrom(undefined, 2), name, (value, indent, twice) => {
      const text = JSON.stringify(value, null, indent)
      expect(wrongIn(text)).toEqual([])
      const key = JSON.stringify(twice)
      const broken = `{"before":${text},"list":[0,{${key}:${text}, ${key} :1}]}`
      const at = `/list/1/${twice.replaceAll('~', '~0').replaceAll('/', '~1')}`
      expect(wrongIn(broken)).toEqual([{ at, name: twice, why: 'repeated' }])
    }),
    { numRuns: 500 },
  )
})

test('looking for names costs less than the parsing itself takes', () => {
  const item = {
    id: '0197a000-0000-7000-8000-000000000000',
    values: { title: { en: 'Cleaner "air"' }, amount: '12.50' },
  }
  const text = JSON.stringify({ items: Array.from({ length: 40_000 }, () => item) })
  const least = (work: () => unknown) =>
    Math.min(
      ...Array.from({ length: 7 }, () => {
        const begun = performance.now()
        work()
        return performance.now() - begun
      }),
    )
  const value: unknown = JSON.parse(text)
  // Tried: 0.8 of the parsing; the bound leaves room for a busy machine.
  expect(least(() => wrongKeys(text, value))).toBeLessThan(3 * least(() => JSON.parse(text)))
})
