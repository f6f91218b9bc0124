/**
 * What StratML has no element for is carried in processing instructions `commonweal-…`, which schemas ignore: the
 * document stays valid, and other programs skip them. Their bodies are JSON in the neutral form of the exchange.
 */
import { parseStrictJson } from '#platform/json/index.ts'

/** Name of the instructions' vocabulary, stated in the first one. */
export const extensionNamespace = 'urn:x-commonweal:ns:v1'

/** `head`: the document's head; `item`: a separate record or rows; `rest`: what the surrounding element cannot hold. */
export type InstructionName = 'head' | 'item' | 'rest'
const prefix = 'commonweal-'

// An instruction cannot contain its end mark or a character outside XML 1.0; JSON writes them as escapes.
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

export const instruction = (name: InstructionName, value: unknown): string =>
  `<?${prefix}${name} ${JSON.stringify(value)
    .replaceAll('?>', '?\\u003e')
    .replace(forbidden, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)}?>`

/** The value of one of our instructions; undefined for others. @throws SyntaxError if its body is not JSON. */
export function parseInstruction(target: string, body: string): { name: InstructionName; value: unknown } | undefined {
  const name = target.startsWith(prefix) ? target.slice(prefix.length) : ''
  if (name !== 'head' && name !== 'item' && name !== 'rest') return undefined
  return { name, value: parseStrictJson(body) }
}

/** Can an element hold the text exactly as it is? */
export const isXmlText = (text: string): boolean => text.search(forbidden) < 0

/**
 * Text of an element; a literal carriage return would be read as a line feed, so it is escaped, and characters XML does
 * not allow become spaces (the extension then holds the exact text).
 */
export const escaped = (text: string): string =>
  text
    .replace(forbidden, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
