/** XML from files: bytes in an encoding that the document itself declares. */
import { type XmlEvents, XmlFault, type XmlOptions, xmlReader } from './reader.ts'

/** Encodings accepted everywhere; a UTF-16 byte order mark overrides the declaration. */
const unicode = /^(utf-?8|utf-?16(le|be)?|us-ascii)$/i
const declaration = /^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']/

/**
 * A decoder for a document with this beginning: UTF-16 by its byte order mark or first character, else what it
 * declares, else UTF-8. Bytes invalid in that encoding are refused. `declared` allows every encoding that the platform knows, not
 * only those of Unicode.
 * @throws XmlFault `encoding`
 */
export function textDecoderOf(start: Uint8Array, declared = false): TextDecoder {
  const [first, second] = start
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return strict('utf-16le')
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return strict('utf-16be')
  const name = declaration.exec(new TextDecoder('latin1').decode(start.subarray(0, 200)))?.[1] ?? 'utf-8'
  // Without a byte order mark it cannot be UTF-16, whatever it declares.
  if (unicode.test(name)) return strict('utf-8')
  if (!declared) throw encodingFault(name)
  return strict(name)
}

function strict(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw encodingFault(encoding)
  }
}

/** The next piece of text; without bytes, what remains at the end. @throws XmlFault `encoding` */
export function decodedText(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch {
    throw encodingFault(decoder.encoding)
  }
}

const encodingFault = (encoding: string) => new XmlFault('encoding', { line: 1, column: 1, within: '' }, encoding)

/** Bytes needed to detect the encoding. */
const startBytes = 256

/** The same bytes, with the first of them in one piece, however small the pieces are. */
async function* withStart(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array()
  for await (const piece of file) {
    if (start === null) {
      yield piece
      continue
    }
    start = start.length === 0 ? piece : Buffer.concat([start, piece])
    if (start.length < startBytes) continue
    yield start
    start = null
  }
  if (start !== null && start.length > 0) yield start
}

/** Bytes passed on at once, so that what the events collect in between stays small. */
const sliceBytes = 65_536

/** Reads a document; after each slice the caller may take what the events have collected. @throws XmlFault */
export async function* readXml(
  file: AsyncIterable<Uint8Array>,
  events: XmlEvents,
  options: XmlOptions = {},
): AsyncGenerator<void> {
  const reader = xmlReader(events, options)
  let decoder: TextDecoder | undefined
  for await (const piece of withStart(file)) {
    decoder ??= textDecoderOf(piece)
    for (let at = 0; at < piece.length; at += sliceBytes) {
      reader.write(decodedText(decoder, piece.subarray(at, at + sliceBytes)))
      yield
    }
  }
  if (decoder) reader.write(decodedText(decoder))
  reader.end()
  yield
}
