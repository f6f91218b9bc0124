/**
 * What StratML has no element for travels in processing instructions `commonweal-…`, which no schema looks at: the
 * document stays valid, other programs pass over them. Their bodies are JSON in the neutral form of the exchange.
 */

/** Name of what the instructions say, stated in the first one. */
export const extensionNamespace = 'urn:x-commonweal:ns:v1'

/** `head`: what stands at the head; `item`: a record or rows of their own; `rest`: what the element around lacks. */
export type InstructionName = 'head' | 'item' | 'rest'
const prefix = 'commonweal-'

// Neither the end mark of an instruction nor a sign that XML 1.0 does not know can stand in one; JSON writes them as escapes.
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

export const instruction = (name: InstructionName, value: unknown): string =>
  `<?${prefix}${name} ${JSON.stringify(value)
    .replaceAll('?>', '?\\u003e')
    .replace(forbidden, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)}?>`

/** The value of an instruction of ours; undefined for others. @throws SyntaxError for one whose body is no JSON. */
export function parseInstruction(target: string, body: string): { name: InstructionName; value: unknown } | undefined {
  const name = target.startsWith(prefix) ? target.slice(prefix.length) : ''
  if (name !== 'head' && name !== 'item' && name !== 'rest') return undefined
  return { name, value: JSON.parse(body) as unknown }
}

/** Can the text stand in an element exactly as it is? */
export const isXmlText = (text: string): boolean => text.search(forbidden) < 0

/**
 * Text of an element; a carriage return would be read as a line feed if it stood for itself, and what XML does not know
 * at all becomes a blank (the text as it is then stands in the extension).
 */
export const escaped = (text: string): string =>
  text
    .replace(forbidden, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
