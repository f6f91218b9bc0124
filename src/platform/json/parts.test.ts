import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonFault, type JsonPart, jsonParts } from './index.ts'

async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  let at = 0
  for (let turn = 0; at < text.length; turn += 1) {
    const size = Math.max(1, sizes[turn % Math.max(1, sizes.length)] ?? 7)
    yield text.slice(at, at + size)
    at += size
  }
}

async function partsOf(text: string, sizes: readonly number[] = [text.length]): Promise<JsonPart[]> {
  const parts: JsonPart[] = []
  for await (const part of jsonParts(cut(text, sizes), ['records'])) parts.push(part)
  return parts
}

const codeOf = async (pieces: AsyncIterable<string>): Promise<string> => {
  try {
    for await (const _ of jsonParts(pieces, ['records'])) void _
    return 'none'
  } catch (error) {
    if (error instanceof JsonFault) return error.code
    throw error
  }
}

describe('cutting a document into its parts', () => {
  test('gives each member and each element as it stands, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.dictionary(
          fc.string().filter((name) => name !== 'records'),
          fc.jsonValue(),
          { maxKeys: 4 },
        ),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(undefined, 1, 3),
        async (records, head, sizes, indent) => {
          const document = { ...head, records }
          // JSON knows no minus zero.
          const meant = JSON.parse(JSON.stringify(document)) as typeof document
          const parts = await partsOf(JSON.stringify(document, null, indent), sizes)
          expect(parts.filter((part) => part.element).map((part) => JSON.parse(part.text))).toEqual(meant.records)
          const members = parts.filter((part) => !part.element)
          expect({
            ...Object.fromEntries(members.map((part) => [part.key, JSON.parse(part.text)])),
            records: meant.records,
          }).toEqual(meant)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('says on which line each begins', async () => {
    const parts = await partsOf('{"a":1,\n"records":[\n{"b":2},\n\n{"c":\n3}],"d":4}')
    expect(parts.map((part) => [part.key, part.line, JSON.parse(part.text)])).toEqual([
      ['a', 1, 1],
      ['records', 3, { b: 2 }],
      ['records', 5, { c: 3 }],
      ['d', 6, 4],
    ])
  })

  test.each([
    ['nothing', '', 'truncated'],
    ['half a document', '{"records":[{"a":1},{"b"', 'truncated'],
    ['an open list', '{"records":[1,2', 'truncated'],
    ['a list', '[1,2]', 'not-json'],
    ['words', 'hello', 'not-json'],
    ['something behind the end', '{"a":1} x', 'not-json'],
    ['a missing comma', '{"a":1 "b":2}', 'not-json'],
    ['a comma too many', '{"records":[1,]}', 'not-json'],
    ['the same name twice', '{"a":1,"a":2}', 'repeated-member'],
    ['a deep nest', `{"a":${'['.repeat(5000)}`, 'too-deep'],
  ])('%s is named', async (_name, text, code) => {
    expect(await codeOf(cut(text, [100]))).toBe(code)
  })

  test('a part without end stops the reading, and so do names without end', async () => {
    async function* endless(start: string, piece: string): AsyncGenerator<string> {
      yield start
      for (let turn = 0; turn < 100_000; turn += 1) yield piece.repeat(1000)
    }
    expect(await codeOf(endless('{"records":["', 'abc '))).toBe('part-too-large')
    expect(await codeOf(endless('{"a":{"b":"', 'x'))).toBe('part-too-large')
    let names = 0
    async function* many(): AsyncGenerator<string> {
      yield '{'
      for (;;) {
        names += 1
        yield `"n${names}":1,`
      }
    }
    expect(await codeOf(many())).toBe('not-json')
    expect(names).toBeLessThan(2000)
  })
})
