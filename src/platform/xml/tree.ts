/**
 * An XML document as a tree of elements that keeps everything (names, attributes, order, text), so that what we do not
 * understand is written back unchanged.
 */
import { type XmlAttributes, XmlFault, type XmlLimits, xmlReader } from './reader.ts'

export type XmlElement = {
  /** As written, with its prefix. */
  readonly name: string
  readonly attributes: XmlAttributes | null
  /** Text directly within; whitespace between elements is dropped. */
  text: string
  children: XmlElement[]
  /** Line of its opening tag; 0 if it was created here. */
  readonly line: number
}

export type XmlTreeReader = {
  /** Takes the next piece of text. @throws XmlFault */
  readonly write: (text: string) => void
  /** The root element. @throws XmlFault where the document is not at its end. */
  readonly end: () => XmlElement
}

/** A plan of 100,000 activities has some five million elements and 200 million characters. */
const limits: Partial<XmlLimits> = { characters: 400_000_000, elements: 8_000_000 }
/** Text of one element, whatever comes between its pieces. */
const maxText = 16_000_000

/** Elements share this list until they get a child. */
const none: XmlElement[] = []

/** Reads a whole document from pieces of text. */
export function xmlTree(stated: Partial<XmlLimits> = {}): XmlTreeReader {
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  const reader = xmlReader(
    {
      open: ({ name, attributes, line }) => {
        const element: XmlElement = {
          name,
          attributes: hasAny(attributes) ? { ...attributes } : null,
          text: '',
          children: none,
          line,
        }
        const above = open.at(-1)
        if (above) {
          if (above.children === none) above.children = []
          above.children.push(element)
        } else root = element
        open.push(element)
      },
      text: (text) => {
        const top = open.at(-1)
        if (!top) return
        top.text = top.text === '' ? text : top.text + text
        if (top.text.length > maxText)
          throw new XmlFault('too-large', { line: top.line, column: 1, within: top.name }, `${maxText}`)
      },
      close: () => {
        const element = open.pop()!
        if (element.text !== '' && element.children !== none && element.text.trim() === '') element.text = ''
      },
    },
    { limits: { ...limits, ...stated } },
  )
  return {
    write: reader.write,
    end: () => {
      reader.end()
      return root!
    },
  }
}

function hasAny(attributes: XmlAttributes): boolean {
  for (const _name in attributes) return true
  return false
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
