/**
 * XML from strangers, as a stream of events in bounded memory: without document types (so without entities of a document's
 * own and without anything outside the file), bounded in depth, in the size of one piece and in the number of elements.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { shown } from './shown.ts'

export type XmlEvents = {
  readonly open: (element: XmlElement) => void
  readonly text: (text: string) => void
  readonly close: () => void
  readonly instruction?: (target: string, body: string, line: number) => void
}
export type XmlElement = {
  readonly name: string
  readonly namespace: string
  readonly attributes: Readonly<Record<string, string>>
  readonly line: number
}

export type XmlFaultCode =
  | 'xml'
  | 'doctype'
  | 'encoding'
  | 'truncated'
  | 'too-deep'
  | 'part-too-large'
  | 'too-many-elements'

/** What ends the reading, on which line, in the words of the parser where it has any. */
export class XmlFault extends Error {
  readonly code: XmlFaultCode
  readonly line: number
  readonly said: string

  constructor(code: XmlFaultCode, line: number, said = '') {
    super(`${code} on line ${line}: ${said}`)
    this.name = 'XmlFault'
    this.code = code
    this.line = line
    this.said = said
  }
}

export type XmlLimits = { readonly depth: number; readonly pieceCharacters: number; readonly elements: number }
const usual: XmlLimits = { depth: 64, pieceCharacters: 1_000_000, elements: 20_000_000 }
const sliceCharacters = 16_384

/** Reads a document; after each slice the caller may take what the events have gathered. @throws XmlFault */
export async function* xmlSlices(
  file: AsyncIterable<Uint8Array>,
  events: XmlEvents,
  limits: XmlLimits = usual,
): AsyncGenerator<void> {
  const reader = new XmlSliceReader(events, limits)
  for await (const text of decoded(file)) {
    for (let at = 0; at < text.length; at += sliceCharacters) {
      reader.write(text.slice(at, at + sliceCharacters))
      yield
    }
  }
  reader.end()
  yield
}

/** UTF-8, or UTF-16 where the file begins with its mark. */
async function* decoded(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  try {
    for await (const piece of file) {
      if (piece.length === 0) continue
      decoder ??= new TextDecoder(encodingOf(piece), { fatal: true })
      yield decoder.decode(piece, { stream: true })
    }
    if (decoder) yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw new XmlFault('encoding', 1)
    throw error
  }
}

function encodingOf(piece: Uint8Array): string {
  if (piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le'
  if (piece[0] === 0xfe && piece[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

class XmlSliceReader {
  readonly #parser = new SaxesParser({ xmlns: true })
  readonly #limits: XmlLimits
  #depth = 0
  #elements = 0
  /** Characters since the parser last had something to tell: what it holds back is no longer than this. */
  #held = 0
  #ended = false

  constructor(events: XmlEvents, limits: XmlLimits) {
    this.#limits = limits
    const parser = this.#parser
    parser.on('error', (error) => {
      throw this.#fault(this.#ended ? 'truncated' : 'xml', error.message.replace(/^(?:undefined:)?\d+:\d+: /, ''))
    })
    parser.on('doctype', () => {
      throw this.#fault('doctype')
    })
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && !/^(utf-8|utf8|utf-16|us-ascii)$/i.test(encoding))
        throw this.#fault('encoding', encoding)
    })
    parser.on('opentag', (tag) => {
      this.#held = 0
      this.#depth += 1
      this.#elements += 1
      if (this.#depth > limits.depth) throw this.#fault('too-deep')
      if (this.#elements > limits.elements) throw this.#fault('too-many-elements')
      events.open(elementOf(tag, parser.line))
    })
    parser.on('closetag', () => {
      this.#held = 0
      this.#depth -= 1
      events.close()
    })
    const text = (piece: string) => {
      this.#held = 0
      events.text(piece)
    }
    parser.on('text', text)
    parser.on('cdata', text)
    parser.on('comment', () => {
      this.#held = 0
    })
    parser.on('processinginstruction', ({ target, body }) => {
      this.#held = 0
      events.instruction?.(target, body, parser.line)
    })
  }

  write(text: string): void {
    this.#held += text.length
    this.#parser.write(text)
    if (this.#held > this.#limits.pieceCharacters) throw this.#fault('part-too-large')
  }

  end(): void {
    this.#ended = true
    this.#parser.close()
  }

  #fault(code: XmlFaultCode, said = ''): XmlFault {
    return new XmlFault(code, this.#parser.line, shown(said, 200))
  }
}

const elementOf = (tag: SaxesTagNS, line: number): XmlElement => ({
  name: tag.local,
  namespace: tag.uri,
  attributes: Object.fromEntries(
    Object.values(tag.attributes)
      .filter((each) => each.prefix !== 'xmlns' && each.name !== 'xmlns')
      .map((each) => [each.prefix ? each.name : each.local, each.value]),
  ),
  line,
})
