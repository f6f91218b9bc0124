/** What untrusted files may do to the XML reader, and what it keeps of a document. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readXml, textDecoderOf, writeXml, type XmlElement, XmlFault, type XmlLimits, xmlTree } from './index.ts'
import type { XmlTag } from './reader.ts'

const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/)
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'&<>"\'\n\t\r ]é中😀'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }),
  ),
  maxLength: 12,
})
const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
  tree: fc.record(
    {
      name: names,
      attributes: fc.oneof(
        fc.constant(null),
        fc.dictionary(names, text, { minKeys: 1, maxKeys: 3 }).map((all) => ({ ...all })),
      ),
      text,
      children: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'tree' },
        fc.constant<XmlElement[]>([]),
        fc.array(tie('tree') as fc.Arbitrary<XmlElement>, { maxLength: 3 }),
      ),
      line: fc.constant(0),
    },
    { noNullPrototype: true },
  ),
}))
const plain = (element: XmlElement): unknown => ({
  name: element.name,
  attributes: element.attributes && { ...element.attributes },
  // White space between elements says nothing.
  text: element.children.length > 0 ? element.text.trim() : element.text,
  children: element.children.map(plain),
})

test('trees are read as they were written, in whatever pieces they come', () => {
  fc.assert(
    fc.property(tree, fc.integer({ min: 1, max: 20 }), (root, size) => {
      const written = [...writeXml(root)].join('')
      const reader = xmlTree()
      for (let at = 0; at < written.length; at += size) reader.write(written.slice(at, at + size))
      expect(plain(reader.end())).toEqual(plain(root))
    }),
  )
})

async function* pieces(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function* endless(start: string, unit: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(start)
  for (;;) yield Buffer.from(unit.repeat(1000))
}

/** What a document is refused for, and where. */
async function faultOf(file: AsyncIterable<Uint8Array>, limits: Partial<XmlLimits> = {}): Promise<string | null> {
  try {
    for await (const _ of readXml(file, { open: () => {} }, { limits })) void _
    return null
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    return `${error.code} ${error.line}${error.within ? ` in ${error.within}` : ''}`
  }
}

describe('a document of a stranger', () => {
  test('ends at the limits of size, depth and number', async () => {
    const limits = { characters: 1000, depth: 3, elements: 10 }
    const of = (text: string) => faultOf(pieces(text, 50), limits)
    expect(await of('<a><b><c/></b></a>')).toBeNull()
    expect(await of('<a>\n<b><c><d/></c></b></a>')).toBe('too-deep 2 in c')
    expect(await of(`<a>${'<b/>'.repeat(10)}</a>`)).toBe('too-many-elements 1 in a')
    expect(await of(`<a>${'x'.repeat(1000)}</a>`)).toBe('too-large 1 in a')
  })

  test.each([
    ['breaks off', '<a>\n<b>', 'truncated 2 in b'],
    ['has two roots', '<a></a><b/>', 'xml 1'],
    ['is empty', '', 'empty 1'],
    ['holds nothing but a comment', '<!-- nothing -->', 'empty 1'],
    ['closes what it did not open', '<a></b>', 'xml 1'],
    ['names an entity that nobody declared', '<a>&lol;</a>', 'xml 1 in a'],
    ['declares a document type', '<!DOCTYPE a [<!ENTITY lol "lol">]><a>&lol;</a>', 'doctype 1'],
    ['declares an encoding that is none', '<?xml version="1.0" encoding="EBCDIC"?><a/>', 'encoding 1'],
  ])('that %s is refused by name and line', async (_, text, fault) => {
    expect(await faultOf(pieces(text))).toBe(fault)
  })

  test.each([
    ['a tag', '<a b="', 'x', ''],
    ['a text', '<a>', 'abc ', ' in a'],
    ['comments, one after the other', '<a>', '<!-- c -->', ' in a'],
    ['CDATA, one after the other', '<a>', '<![CDATA[x]]>', ' in a'],
    ['instructions that nobody listens to', '<a>', '<?x y?>', ' in a'],
    ['a document type', '<!DOCTYPE a [', '<!ENTITY a "b">', ' in !DOCTYPE'],
  ])('with %s without end is refused in bounded memory', async (_, start, unit, within) => {
    expect(await faultOf(endless(start, unit), { piece: 100_000 })).toBe(`part-too-large 1${within}`)
  })
})

describe('what is heard of a document', () => {
  async function heard(file: AsyncIterable<Uint8Array>, namespaces: boolean) {
    const tags: XmlTag[] = []
    const rest: string[] = []
    const events = {
      open: (tag: XmlTag) => tags.push(tag),
      close: (name: string) => rest.push(`/${name}`),
      text: (text: string) => rest.push(text),
      instruction: (target: string, body: string, line: number) => rest.push(`?${target} ${body} ${line}`),
    }
    for await (const _ of readXml(file, events, { namespaces })) void _
    return { tags, rest }
  }
  const document = '<p:a xmlns:p="urn:x" p:one="1" two="2">\n<?say "hi"?><b><![CDATA[<é>]]></b></p:a>'

  test('names as written, or within their namespaces', async () => {
    const plain = await heard(pieces(document), false)
    expect(plain.tags[0]).toEqual({
      name: 'p:a',
      namespace: '',
      attributes: { 'xmlns:p': 'urn:x', 'p:one': '1', two: '2' },
      line: 1,
    })
    const within = await heard(pieces(document), true)
    expect(within.tags[0]).toEqual({ name: 'a', namespace: 'urn:x', attributes: { 'p:one': '1', two: '2' }, line: 1 })
    expect(within.rest).toEqual(['\n', '?say "hi" 2', '<é>', '/b', '/a'])
  })

  test.each([
    ['UTF-8', Buffer.from(document)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${document}`)],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${document}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(document, 'utf16le')],
    ['UTF-16, high byte first', Buffer.from(`\ufeff${document}`, 'utf16le').swap16()],
    ['what says that it is UTF-16 and is not', Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${document}`)],
  ])('%s is read', async (_, bytes) => {
    expect((await heard(pieces(bytes), true)).rest).toContain('<é>')
  })

  test('bytes that are no text are refused, and other encodings only taken where they are asked for', async () => {
    expect(await faultOf(pieces(Buffer.from([0x3c, 0x61, 0xff, 0xfe, 0x80])))).toBe('encoding 1')
    const latin = Buffer.from(`<?xml version="1.0" encoding="windows-1252"?>${document}`, 'latin1')
    expect(await faultOf(pieces(latin, 100))).toBe('encoding 1')
    expect(textDecoderOf(latin, true).decode(latin)).toContain('<é>')
  })
})
