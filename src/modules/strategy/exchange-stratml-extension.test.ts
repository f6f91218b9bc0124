import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readXml } from '#platform/xml/index.ts'
import { escaped, instruction, isXmlText, parseInstruction } from './exchange-stratml-extension.ts'

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** What a reader of XML hears of a document. */
async function heard(xml: string): Promise<{ texts: string; instructions: unknown[] }> {
  let texts = ''
  const instructions: unknown[] = []
  const events = {
    open: () => {},
    close: () => {},
    text: (text: string) => {
      texts += text
    },
    instruction: (target: string, body: string) => {
      instructions.push(parseInstruction(target, body)?.value)
    },
  }
  for await (const _ of readXml(bytesOf(xml), events)) void _
  return { texts, instructions }
}

/** Every sign that a record may hold: all of Unicode but U+0000 and halves of pairs. */
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll('\u0000', '').toWellFormed())
const awkward = fc.constantFrom(
  '?>',
  ']]>',
  '<!--',
  '&amp;',
  '\r\n',
  '\u0001',
  '\ufffe',
  '\uffff',
  '<?commonweal-item {}?>',
  '\u0085\u2028',
)
const texts = fc.array(fc.oneof(anyText, awkward), { maxLength: 5 }).map((parts) => parts.join(''))

test('an instruction gives back exactly what was put into it, whatever the signs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(texts, texts, { maxKeys: 4 }), async (value) => {
      const { instructions } = await heard(`<a>${instruction('rest', value)}</a>`)
      expect(instructions).toEqual([value])
    }),
    { numRuns: 300 },
  )
})

test('a text that XML can hold comes back exactly, line ends of every kind included', async () => {
  await fc.assert(
    fc.asyncProperty(texts.filter(isXmlText), async (text) => {
      expect((await heard(`<a>${escaped(text)}</a>`)).texts).toBe(text)
    }),
    { numRuns: 300 },
  )
})

test('instructions of others are not ours, and damage in ours is seen', () => {
  expect(parseInstruction('xml-stylesheet', 'href="a"')).toBeUndefined()
  expect(parseInstruction('commonweal-other', '{}')).toBeUndefined()
  expect(() => parseInstruction('commonweal-item', '{"a":')).toThrow(SyntaxError)
})
