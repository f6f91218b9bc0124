/**
 * An XML document as a tree of elements, built from chunks of text as they come. Everything is kept (names, attributes, order, text), so
 * that what we do not understand is written back as it was. Hostile documents end in a named problem in bounded memory: no document
 * types and so no entities of their own, a limit on size, depth and number of elements.
 */
import { SaxesParser } from 'saxes'

export type XmlElement = {
  /** As written, with its prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>> | null
  /** Text directly within; white space between elements is not kept. */
  text: string
  children: XmlElement[]
  /** Line of its opening tag; 0 where it was made here. */
  readonly line: number
}

export type XmlReason =
  | 'not-xml'
  | 'truncated'
  | 'document-type'
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'empty'

/** Where and why a document cannot be read; line and column count from 1. */
export class XmlProblem extends Error {
  readonly reason: XmlReason
  readonly line: number
  readonly column: number
  /** Name of the innermost element that was open. */
  readonly within: string
  /** What the reader stumbled over. */
  readonly detail: string
  constructor(reason: XmlReason, line: number, column: number, within: string, message: string) {
    super(`line ${line}, column ${column}: ${message}`)
    this.name = 'XmlProblem'
    this.reason = reason
    this.line = line
    this.column = column
    this.within = within
    this.detail = message
  }
}

export type XmlLimits = { readonly characters: number; readonly depth: number; readonly elements: number }
/** A plan of 100,000 activities has some five million elements and 200 million characters. */
export const xmlLimits: XmlLimits = { characters: 400_000_000, depth: 64, elements: 8_000_000 }

export type XmlReader = {
  /** Takes the next piece of text; throws `XmlProblem`. */
  readonly write: (text: string) => void
  /** The root element; throws `XmlProblem` where the document is not at its end. */
  readonly end: () => XmlElement
}

/** Characters before the first element, and within one. */
const maxPrologLength = 1_000_000
const maxTextLength = 16_000_000

/** Elements without children share this list until one comes. */
const none: XmlElement[] = []

export function readXml(limits: XmlLimits = xmlLimits): XmlReader {
  const parser = new SaxesParser({ xmlns: false, position: true })
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let characters = 0
  let elements = 0
  let ended = false
  let prolog = ''
  const problem = (reason: XmlReason, message: string): XmlProblem =>
    new XmlProblem(reason, parser.line, parser.column + 1, open.at(-1)?.name ?? '', message)
  parser.on('error', (error) => {
    // The parser says "1:20: unclosed tag: a"; the place is told in words of our own.
    const message = error.message
      .replace(/^(?:.*?:)?\d+:\d+:\s*/, '')
      .replace(/\.$/, '')
      .slice(0, 200)
    throw problem(ended ? (root === undefined && open.length === 0 ? 'empty' : 'truncated') : 'not-xml', message)
  })
  parser.on('doctype', () => {
    throw problem('document-type', 'a document type is declared; plans have none')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (++elements > limits.elements) throw problem('too-many-elements', `more than ${limits.elements} elements`)
    if (open.length >= limits.depth) throw problem('too-deep', `elements more than ${limits.depth} deep`)
    let any = false
    for (const _name in attributes) {
      any = true
      break
    }
    const element: XmlElement = {
      name,
      attributes: any ? { ...attributes } : null,
      text: '',
      children: none,
      line: parser.line,
    }
    const above = open.at(-1)
    if (above) {
      if (above.children === none) above.children = []
      above.children.push(element)
    } else root = element
    open.push(element)
  })
  const onText = (text: string) => {
    const top = open.at(-1)
    if (!top) return
    top.text = top.text === '' ? text : top.text + text
    if (top.text.length > maxTextLength)
      throw problem('too-large', `more than ${maxTextLength} characters in one element`)
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.on('closetag', () => {
    const element = open.pop()!
    if (element.text !== '' && element.children !== none && element.text.trim() === '') element.text = ''
  })
  return {
    write(text) {
      characters += text.length
      if (characters > limits.characters) throw problem('too-large', `more than ${limits.characters} characters`)
      // The parser speaks of a document type only when it has read all of it, however long that is.
      if (elements === 0) {
        prolog += text
        if (prolog.length > maxPrologLength)
          throw problem(
            prolog.includes('<!DOCTYPE') ? 'document-type' : 'not-xml',
            'no element within the first letters',
          )
      }
      parser.write(text)
    },
    end() {
      ended = true
      if (root === undefined && elements === 0 && characters === 0) throw problem('empty', 'there is nothing in it')
      parser.close()
      if (!root) throw problem('empty', 'there is no element in it')
      return root
    },
  }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }
const escaped = (text: string) => (/[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (letter) => escapes[letter]!) : text)
const escapedValue = (text: string) =>
  text.replace(/[&<>"\r\n\t]/g, (letter) => escapes[letter] ?? `&#${letter.charCodeAt(0)};`)

/** The document as text, in pieces of some ten thousand characters. */
export function* writeXml(root: XmlElement): Generator<string> {
  let piece = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
  const path: { element: XmlElement; next: number }[] = []
  const begin = (element: XmlElement): void => {
    const indent = '\t'.repeat(path.length)
    piece += `${indent}<${element.name}`
    if (element.attributes)
      for (const [name, value] of Object.entries(element.attributes)) piece += ` ${name}="${escapedValue(value)}"`
    if (element.children.length > 0) {
      piece += `>${escaped(element.text)}\n`
      path.push({ element, next: 0 })
    } else piece += element.text === '' ? '/>\n' : `>${escaped(element.text)}</${element.name}>\n`
  }
  begin(root)
  while (path.length > 0) {
    const top = path.at(-1)!
    const child = top.element.children[top.next++]
    if (child) begin(child)
    else {
      path.pop()
      piece += `${'\t'.repeat(path.length)}</${top.element.name}>\n`
    }
    if (piece.length > 10_000) {
      yield piece
      piece = ''
    }
  }
  yield piece
}
