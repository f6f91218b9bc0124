/**
 * Untrusted XML, event by event and in bounded memory: without document types (so without entities of a document's own
 * and without anything outside the file), limited in depth, number of elements, size, and in what may come between one tag
 * and the next. The only XML reader here; formats differ in their limits and in what they do with the events.
 */
import { SaxesParser } from 'saxes'

export type XmlAttributes = Readonly<Record<string, string>>

export type XmlTag = {
  /** With namespaces, the local name; otherwise as written, with its prefix. */
  readonly name: string
  /** Empty unless namespaces are asked for. */
  readonly namespace: string
  /** By name as written; with namespaces, declarations of namespaces are left out. */
  readonly attributes: XmlAttributes
  readonly line: number
}

export type XmlEvents = {
  readonly open: (tag: XmlTag) => void
  readonly close?: (name: string) => void
  /** Pieces of text, including CDATA sections. */
  readonly text?: (text: string) => void
  readonly instruction?: (target: string, body: string, line: number) => void
}

export type XmlFaultCode =
  | 'xml'
  | 'doctype'
  | 'encoding'
  | 'truncated'
  | 'empty'
  | 'too-deep'
  | 'too-large'
  | 'part-too-large'
  | 'too-many-elements'

/** Why and where the reading stopped; line and column count from 1. */
export class XmlFault extends Error {
  readonly code: XmlFaultCode
  readonly line: number
  readonly column: number
  /** Name of the innermost element that was open; `!DOCTYPE` inside an overlong document type. */
  readonly within: string
  /** What the parser complained about, in its words; untrusted and shortened. */
  readonly said: string

  constructor(code: XmlFaultCode, place: { line: number; column: number; within: string }, said = '') {
    super(`${code} on line ${place.line}, column ${place.column}: ${said}`)
    this.name = 'XmlFault'
    this.code = code
    this.line = place.line
    this.column = place.column
    this.within = place.within
    this.said = said.slice(0, 200).replaceAll('\u0000', '').toWellFormed()
  }
}

export type XmlLimits = {
  readonly depth: number
  readonly elements: number
  /** Characters of the whole document. */
  readonly characters: number
  /** Characters between one tag, or handled instruction, and the next. */
  readonly piece: number
}
export const xmlLimits: XmlLimits = {
  depth: 64,
  elements: 20_000_000,
  characters: Number.POSITIVE_INFINITY,
  piece: 1_000_000,
}

export type XmlOptions = { readonly namespaces?: boolean; readonly limits?: Partial<XmlLimits> }

export type XmlReader = {
  /** Takes the next piece of text. @throws XmlFault, and whatever the events throw. */
  readonly write: (text: string) => void
  /** @throws XmlFault where the document is not at its end. */
  readonly end: () => void
}

/** Characters passed to the parser at once; small, so that a limit is noticed soon after it is exceeded. */
const sliceCharacters = 65_536
const doctype = '<!DOCTYPE'

/** Reads pieces of text as they come. */
export function xmlReader(events: XmlEvents, options: XmlOptions = {}): XmlReader {
  const { namespaces = false } = options
  const limits: XmlLimits = { ...xmlLimits, ...options.limits }
  const open: string[] = []
  let elements = 0
  let characters = 0
  /** Characters since the last tag; the parser and its listeners buffer no more than this. */
  let held = 0
  let ended = false
  /** End of what came before the first element, and whether a document type begins in it. */
  let prolog = ''
  let typed = false

  const fault = (code: XmlFaultCode, said = '') => {
    const within = open.at(-1) ?? (typed && code === 'part-too-large' ? '!DOCTYPE' : '')
    return new XmlFault(code, { line: parser.line, column: parser.column + 1, within }, said)
  }
  const parser = parserOf(namespaces, {
    error: (message) => {
      // The parser says "1:20: unclosed tag: a."; places are given in our own words.
      const said = message.replace(/^(?:.*?:)?\d+:\d+:\s*/, '').replace(/\.$/, '')
      throw fault(ended ? (elements === 0 ? 'empty' : 'truncated') : 'xml', said)
    },
    doctype: () => {
      throw fault('doctype')
    },
    open: (name, namespace, attributes) => {
      held = 0
      elements += 1
      if (elements > limits.elements) throw fault('too-many-elements')
      if (open.length >= limits.depth) throw fault('too-deep')
      open.push(name)
      events.open({ name, namespace, attributes, line: parser.line })
    },
    close: () => {
      held = 0
      const name = open.pop()!
      events.close?.(name)
    },
    text: events.text && ((text) => events.text?.(text)),
    instruction:
      events.instruction &&
      ((target, body) => {
        held = 0
        events.instruction?.(target, body, parser.line)
      }),
  })

  const take = (slice: string) => {
    characters += slice.length
    held += slice.length
    if (characters > limits.characters) throw fault('too-large')
    if (elements === 0 && !typed) {
      prolog = prolog.slice(1 - doctype.length) + slice
      typed = prolog.includes(doctype)
    }
    parser.write(slice)
    if (held > limits.piece) throw fault('part-too-large')
  }
  return {
    write(text) {
      for (let at = 0; at < text.length; at += sliceCharacters) take(text.slice(at, at + sliceCharacters))
    },
    end() {
      ended = true
      if (characters === 0) throw fault('empty')
      parser.close()
    },
  }
}

type Listener = {
  readonly error: (message: string) => void
  readonly doctype: () => void
  readonly open: (name: string, namespace: string, attributes: XmlAttributes) => void
  readonly close: () => void
  readonly text: ((text: string) => void) | undefined
  readonly instruction: ((target: string, body: string) => void) | undefined
}

function parserOf(namespaces: boolean, listener: Listener) {
  return namespaces ? withNamespaces(listener) : plain(listener)
}

function plain(listener: Listener) {
  const parser = new SaxesParser({ xmlns: false })
  listen(parser, listener)
  parser.on('opentag', ({ name, attributes }) => listener.open(name, '', attributes))
  return parser
}

function withNamespaces(listener: Listener) {
  const parser = new SaxesParser({ xmlns: true })
  listen(parser, listener)
  parser.on('opentag', ({ local, uri, attributes }) => {
    const own = Object.values(attributes).filter((each) => each.prefix !== 'xmlns' && each.name !== 'xmlns')
    listener.open(local, uri, Object.fromEntries(own.map(({ name, value }) => [name, value])))
  })
  return parser
}

/** Events that both kinds of parser have in common. */
function listen(parser: SaxesParser<{ xmlns: true }> | SaxesParser<{ xmlns: false }>, listener: Listener): void {
  parser.on('error', ({ message }) => listener.error(message))
  parser.on('doctype', listener.doctype)
  parser.on('closetag', listener.close)
  if (listener.text) {
    parser.on('text', listener.text)
    parser.on('cdata', listener.text)
  }
  const { instruction } = listener
  if (instruction) parser.on('processinginstruction', ({ target, body }) => instruction(target, body))
}
