/**
 * XML of a part of a workbook. Names come without their prefix, so that the transitional and the strict form of
 * ISO/IEC 29500 read alike; faults are reported as problems of the part.
 */
import { ReadingStopped, tableProblem } from '../tabular/index.ts'
import { readXml, type XmlAttributes, XmlFault } from '../xml/index.ts'
import { damaged, tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'

export type Attributes = XmlAttributes

export type PartEvents = {
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

/** Reads a part and yields what its events emit, piece by piece. */
export async function* readPart<Item>(
  bytes: AsyncIterable<Buffer>,
  part: string,
  limits: WorkbookLimits,
  eventsFor: (emit: (item: Item) => void) => PartEvents,
): AsyncGenerator<Item> {
  let items: Item[] = []
  const events = eventsFor((item) => items.push(item))
  const local = localNames()
  const { text } = events
  const reading = readXml(
    bytes,
    {
      open: ({ name, attributes }) => events.open(local(name), attributes),
      close: (name) => events.close?.(local(name)),
      ...(text ? { text: (piece: string) => text(piece) } : {}),
    },
    // The number of elements is limited by the rows, columns and bytes of a part.
    { limits: { depth: limits.depth, piece: limits.markup, elements: Number.POSITIVE_INFINITY } },
  )
  try {
    for await (const _ of reading)
      if (items.length > 0) {
        const ready = items
        items = []
        yield* ready
      }
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error
    throw stopOf(error, part, limits)
  }
  yield* items
}

function stopOf({ code }: XmlFault, part: string, limits: WorkbookLimits): ReadingStopped {
  if (code === 'doctype') return new ReadingStopped(tableProblem('workbook.doctype', { part }))
  if (code === 'too-deep') return tooMuch('depth', limits.depth, part)
  if (code === 'part-too-large') return tooMuch('markup', limits.markup, part)
  return damaged(code === 'encoding' ? 'encoding' : 'xml', part)
}

/** Names without prefix, cached. Names are user input: a million different ones must not fill the memory. */
function localNames(): (name: string) => string {
  const locals = new Map<string, string>()
  return (name) => {
    let found = locals.get(name)
    if (found === undefined) {
      found = name.slice(name.indexOf(':') + 1)
      if (locals.size < 1000) locals.set(name, found)
    }
    return found
  }
}

/** Reads a whole part for its events alone. */
export async function scanPart(
  bytes: AsyncIterable<Buffer>,
  part: string,
  limits: WorkbookLimits,
  events: PartEvents,
): Promise<void> {
  for await (const _ of readPart<never>(bytes, part, limits, () => events));
}
