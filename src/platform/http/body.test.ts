import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Problem } from '#kernel/problem.ts'
import { parseJson } from './body.ts'

const problemIn = (text: string | Buffer): Problem => {
  try {
    parseJson(Buffer.from(text as string))
  } catch (error) {
    return error as Problem
  }
  throw new Error('it was accepted')
}

it('gives back whatever JSON was sent', () => {
  fc.assert(
    fc.property(
      fc.jsonValue().filter((value) => !/\\u0000|\\ud[89a-f]|__proto__/i.test(JSON.stringify(value))),
      (value) => {
        const text = JSON.stringify(value)
        expect(JSON.stringify(parseJson(Buffer.from(text)))).toBe(JSON.stringify(JSON.parse(text)))
      },
    ),
  )
})

it('refuses nesting that no record needs, before it fills the stack', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  expect(parseJson(Buffer.from(nested(64)))).toBeDefined()
  for (const levels of [65, 5000, 400_000])
    expect(problemIn(nested(levels))).toMatchObject({ kind: 'Invalid', reason: 'http.too-deep' })
})

it('counts an empty body as none', () => expect(parseJson(Buffer.alloc(0))).toBeUndefined())

it.each([
  ['{"title": }', 1, 11],
  ['{\n  "title": "Wörks",\n  "sector" "public"\n}', 3, 12],
  ['{"title": "Works"', 1, 18],
  ['[1, 2,]', 1, 7],
  ['[1 2]', 1, 4],
  ['{"a": 01}', 1, 7],
  ['{"a": [true, nul]}', 1, 14],
  ['{"😀": x}', 1, 7],
  ['{"a": "tab\there"}', 1, 7],
  ['{} {}', 1, 4],
  ['}', 1, 1],
  ['{"a": [}]', 1, 8],
  [' ', 1, 2],
])('says where %j breaks', (text, line, column) => {
  const problem = problemIn(text)
  expect(problem).toMatchObject({ reason: 'http.bad-json', status: 400, values: { line, column } })
})

it('finds a place in everything that is no JSON', () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '}', ']', ',', ':', '"', 'x', '\\'))
    .map(([text, at, sign]) => text.slice(0, at % text.length) + sign + text.slice((at % text.length) + 1))
  fc.assert(
    fc.property(broken, (text) => {
      try {
        JSON.parse(text)
      } catch {
        const buffer = Buffer.from(text)
        if (buffer.length === 0) return
        const { values } = problemIn(text)
        const lines = text.split('\n')
        expect(values.line).toBeLessThanOrEqual(lines.length)
        expect(values.column).toBeLessThanOrEqual([...lines[Number(values.line) - 1]!].length + 1)
      }
    }),
  )
})

it('refuses what is not UTF-8', () => {
  const problem = problemIn(Buffer.from([0x22, 0xe9, 0x22]))
  expect(problem).toMatchObject({ reason: 'http.bad-encoding', status: 400 })
})

it('names the place of characters that cannot be stored', () => {
  const problem = problemIn('{"items":[{"a/b":"x\\u0000y"},{"c":"\\ud800"},{"d":"\\ud83d\\ude00"}]}')
  expect(problem.status).toBe(422)
  expect(problem.fields.map((field) => field.at)).toEqual(['/items/0/a~1b', '/items/1/c'])
})

it('refuses a name that would reach into the program', () => {
  expect(problemIn('{"__proto__":{"house":true}}').fields[0]).toMatchObject({ at: '/__proto__', code: 'field.unknown' })
})

it.each([
  ['{"title":{"en":"a"},"title":{"en":"b"}}', '/title', 'title'],
  ['{"items":[{"values":{"budget":"1"}},{"values":{"budget":"1","budget":"2"}}]}', '/items/1/values/budget', 'budget'],
])('refuses %s, which says a name twice, and names it', (text, at, name) => {
  const problem = problemIn(text)
  expect(problem).toMatchObject({ reason: 'http.repeated-name', status: 422, values: { name } })
  expect(problem.fields).toEqual([{ at, code: 'field.repeated-name', values: { name } }])
})
