/**
 * XML of a part, event by event. Names come without their prefix, so that the transitional and the strict form of
 * ISO/IEC 29500 read alike. A document type is refused before anything in it is looked at: no part of a workbook has
 * one, and entities of its own ("billion laughs", external files) can then not exist.
 */
import { StringDecoder } from 'node:string_decoder'
import { SaxesParser } from 'saxes'
import { ReadingStopped, tableProblem } from '../tabular/index.ts'
import { damaged, tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'

export type Attributes = Readonly<Record<string, string>>

export type XmlEvents = {
  readonly open: (name: string, attributes: Attributes) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

/** An attribute by its name without prefix (`r:id` is `id`). */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  const plain = attributes[name]
  if (plain !== undefined) return plain
  for (const key in attributes) if (key.endsWith(`:${name}`)) return attributes[key]
  return undefined
}

export const isTrue = (text: string | undefined): boolean => text === '1' || text === 'true' || text === 'on'

/** Reads a part and hands over what its events emit, chunk by chunk. */
export async function* readXml<Item>(
  bytes: AsyncIterable<Buffer>,
  part: string,
  limits: WorkbookLimits,
  eventsFor: (emit: (item: Item) => void) => XmlEvents,
): AsyncGenerator<Item> {
  let items: Item[] = []
  const events = eventsFor((item) => items.push(item))
  const parser = new SaxesParser()
  const locals = new Map<string, string>()
  const local = (name: string): string => {
    let found = locals.get(name)
    if (found === undefined) {
      found = name.slice(name.indexOf(':') + 1)
      // Names are input: a document of a million different ones must not fill the memory.
      if (locals.size < 1000) locals.set(name, found)
    }
    return found
  }
  let depth = 0
  let fed = 0
  let lastEvent = 0
  parser.on('doctype', () => {
    throw new ReadingStopped(tableProblem('workbook.doctype', { part }))
  })
  parser.on('opentag', (tag) => {
    lastEvent = fed
    depth += 1
    if (depth > limits.depth) throw tooMuch('depth', limits.depth, part)
    events.open(local(tag.name), tag.attributes)
  })
  parser.on('closetag', (tag) => {
    lastEvent = fed
    depth -= 1
    events.close?.(local(tag.name))
  })
  if (events.text) {
    parser.on('text', events.text)
    parser.on('cdata', events.text)
  }
  const feed = (text: string) => {
    if (text === '') return
    try {
      parser.write(text)
    } catch (error) {
      if (error instanceof ReadingStopped) throw error
      throw damaged('xml', part)
    }
    fed += text.length
    if (fed - lastEvent > limits.markup) throw tooMuch('markup', limits.markup, part)
  }
  let decoder: StringDecoder | null = null
  for await (const chunk of bytes) {
    decoder ??= decoderFor(chunk, part)
    feed(decoder.write(chunk))
    if (items.length > 0) {
      const ready = items
      items = []
      yield* ready
    }
  }
  feed(decoder?.end() ?? '')
  try {
    parser.close()
  } catch (error) {
    if (error instanceof ReadingStopped) throw error
    throw damaged('xml', part)
  }
  yield* items
}

/** Reads a whole part for its events alone. */
export async function scanXml(
  bytes: AsyncIterable<Buffer>,
  part: string,
  limits: WorkbookLimits,
  events: XmlEvents,
): Promise<void> {
  for await (const _ of readXml<never>(bytes, part, limits, () => events));
}

/** Parts are UTF-8 or UTF-16 (ECMA-376 part 2, 8.1.4); a byte order mark is XML's own business. */
function decoderFor(start: Buffer, part: string): StringDecoder {
  const [first, second] = [start[0], start[1]]
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return new StringDecoder('utf16le')
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) throw damaged('encoding', part)
  const declared = /^[^>]{0,100}encoding=["']([^"']{1,40})["']/.exec(start.subarray(0, 200).toString('latin1'))?.[1]
  if (declared && !/^(utf-?8|us-ascii)$/i.test(declared)) throw damaged('encoding', part)
  return new StringDecoder('utf8')
}
