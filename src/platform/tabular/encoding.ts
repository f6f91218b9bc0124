/**
 * Bytes to text for the encodings found in cities' files. Nothing is decided before the first byte above
 * 127: until then UTF-8, Windows-1252 and GB18030 read the same, so a first accent in row 90,000 is still read right.
 */
import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { otherContent } from './content.ts'
import { type ProblemList, ReadingStopped, tableProblem } from './problems.ts'

/** Labels of the WHATWG Encoding Standard that a profile may state; the first five are also detected. */
export const encodings = [
  ...(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'gb18030'] as const),
  ...(['windows-1250', 'windows-1251', 'iso-8859-2', 'iso-8859-15', 'big5', 'shift_jis', 'euc-kr'] as const),
] as const
export type Encoding = (typeof encodings)[number]

/** Why an encoding was chosen; looked up as `tabular.encoding-reason.<reason>`. */
export type EncodingReason =
  | 'stated'
  | 'byte-order-mark'
  | 'only-ascii'
  | 'valid-utf-8'
  | 'zero-bytes'
  | 'chinese-byte-pairs'
  | 'not-utf-8'

/** Filled in while the text is read: if the file begins with plain ASCII, the answer may come late. */
export type EncodingFound = { encoding: Encoding; because: EncodingReason; byteOrderMark: boolean }

const headBytes = 64 * 1024

/** Decodes a stream. Fills `found`, adds problems, throws `ReadingStopped` if this is not text at all. */
export async function* decode(
  pieces: AsyncIterable<Buffer>,
  found: EncodingFound,
  problems: ProblemList,
  stated: Encoding | null,
): AsyncGenerator<string> {
  const reader = new TextReader(found, problems, stated)
  let held: Buffer[] = []
  let heldBytes = 0
  let started = false
  // Neither a magic number nor UTF-16 can be detected before the head (or the whole of a short file) is here.
  for await (const piece of pieces) {
    if (started) {
      yield* nonEmpty(reader.read(piece))
      continue
    }
    held.push(piece)
    heldBytes += piece.length
    if (heldBytes < headBytes) continue
    started = true
    yield* nonEmpty(reader.start(Buffer.concat(held)))
    held = []
  }
  if (!started) yield* nonEmpty(reader.start(Buffer.concat(held)))
  yield* nonEmpty(reader.end())
}

function* nonEmpty(text: string): Generator<string> {
  if (text !== '') yield text
}

class TextReader {
  private readonly found: EncodingFound
  private readonly problems: ProblemList
  private readonly stated: Encoding | null
  /** `null` while only ASCII has been seen. */
  private decoder: { decode: (bytes: Buffer, end: boolean) => string } | null = null
  private waiting: Buffer[] = []
  private waitingBytes = 0
  private offset = 0
  private readonly lines = new LineCount()

  constructor(found: EncodingFound, problems: ProblemList, stated: Encoding | null) {
    this.found = found
    this.problems = problems
    this.stated = stated
  }

  start(head: Buffer): string {
    if (head.length === 0) throw new ReadingStopped(tableProblem('file.empty'))
    const other = otherContent(head)
    if (other) throw new ReadingStopped(tableProblem('file.not-a-table', { content: other }))
    const marked = byteOrderMark(head)
    const wide = marked ? null : utf16WithoutMark(head)
    this.offset = marked?.length ?? 0
    this.found.byteOrderMark = marked !== null
    if (this.stated) this.take(this.stated, 'stated')
    else if (marked) this.take(marked.encoding, 'byte-order-mark')
    else if (wide) this.take(wide, 'zero-bytes')
    return this.read(head.subarray(this.offset))
  }

  read(bytes: Buffer): string {
    if (this.decoder) return this.checked(this.decoder.decode(bytes, false))
    let text = ''
    if (this.waitingBytes === 0) {
      const high = firstHighByte(bytes)
      text = bytes.toString('latin1', 0, high)
      this.offset += high
      if (high === bytes.length) return this.checked(text)
      this.waiting.push(bytes.subarray(high))
    } else this.waiting.push(bytes)
    this.waitingBytes += this.waiting.at(-1)!.length
    text = this.checked(text)
    return this.waitingBytes >= headBytes ? text + this.decide(false) : text
  }

  end(): string {
    if (!this.decoder) return this.waitingBytes > 0 ? this.decide(true) : ''
    return this.checked(this.decoder.decode(Buffer.alloc(0), true))
  }

  private decide(end: boolean): string {
    const sample = Buffer.concat(this.waiting)
    this.waiting = []
    this.waitingBytes = 0
    const { encoding, because, byte } = recogniseBytes(sample, end)
    this.take(encoding, because)
    if (because !== 'valid-utf-8') {
      const line = this.lines.value + new LineCount().add(sample.toString('latin1', 0, byte)).value - 1
      const values = { encoding, byte: this.offset + byte + 1, hex: hexOf(sample[byte]) }
      this.problems.add(tableProblem('file.encoding-guessed', values, line))
    }
    return this.checked(this.decoder!.decode(sample, end))
  }

  private take(encoding: Encoding, because: EncodingReason): void {
    this.found.encoding = encoding
    this.found.because = because
    this.decoder =
      encoding === 'utf-8'
        ? new Utf8Decoder((before, byte, hex) => this.badByte(before, byte, hex), this.offset)
        : streaming(new TextDecoder(encoding, { ignoreBOM: true }))
  }

  private badByte(before: string, byte: number, hex: string): void {
    // Reported once; `cell.unreadable` names each affected cell.
    if (this.problems.byCode['file.bad-bytes']) return
    const line = this.lines.value + new LineCount().add(before).value - 1
    this.problems.add(tableProblem('file.bad-bytes', { encoding: 'utf-8', byte: byte + 1, hex }, line))
  }

  private checked(text: string): string {
    const zero = text.indexOf('\0')
    if (zero >= 0) {
      this.lines.add(text.slice(0, zero))
      throw new ReadingStopped(tableProblem('file.not-a-table', { content: 'binary' }, this.lines.value))
    }
    this.lines.add(text)
    return text
  }
}

/** Counts lines of LF, CRLF and CR alike, over pieces of text. */
class LineCount {
  value = 1
  private endedInReturn = false

  add(text: string): this {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === 10) {
        if (!this.endedInReturn) this.value += 1
        this.endedInReturn = false
      } else {
        this.endedInReturn = code === 13
        if (this.endedInReturn) this.value += 1
      }
    }
    return this
  }
}

function streaming(decoder: TextDecoder): { decode: (bytes: Buffer, end: boolean) => string } {
  return { decode: (bytes, end) => decoder.decode(bytes, { stream: !end }) }
}

/** UTF-8 in pieces; reports the first invalid byte and replaces it with U+FFFD. */
class Utf8Decoder {
  private readonly onBadByte: (before: string, byte: number, hex: string) => void
  private tail: Buffer = Buffer.alloc(0)
  private offset: number

  constructor(onBadByte: (before: string, byte: number, hex: string) => void, offset: number) {
    this.onBadByte = onBadByte
    this.offset = offset
  }

  decode(bytes: Buffer, end: boolean): string {
    const all = this.tail.length > 0 ? Buffer.concat([this.tail, bytes]) : bytes
    const whole = all.subarray(0, all.length - (end ? 0 : unfinished(all)))
    this.tail = Buffer.from(all.subarray(whole.length))
    const text = whole.toString('utf8')
    if (!isUtf8(whole)) {
      const bad = badUtf8(whole, text)
      this.onBadByte(text.slice(0, bad.sign), this.offset + bad.byte, hexOf(whole[bad.byte]))
    }
    this.offset += whole.length
    return text
  }
}

/** Position of the first byte that is not UTF-8: the first U+FFFD that is not in the source itself. */
function badUtf8(bytes: Buffer, text: string): { sign: number; byte: number } {
  let byte = 0
  let from = 0
  for (;;) {
    const sign = text.indexOf('\uFFFD', from)
    byte += Buffer.byteLength(text.slice(from, sign), 'utf8')
    if (bytes.subarray(byte, byte + 3).toString('hex') !== 'efbfbd') return { sign, byte }
    byte += 3
    from = sign + 1
  }
}

/** How many bytes at the end belong to an incomplete UTF-8 sequence (0 to 3). */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? back : 0
    }
  }
  return 0
}

function byteOrderMark(head: Buffer): { encoding: Encoding; length: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 }
  return null
}

/**
 * UTF-16 without a byte order mark has zero bytes on one side only: delimiters, digits and line ends are ASCII in any language.
 * Where nearly all other pairs are two ASCII letters, it is ASCII with stray zeros, not UTF-16.
 */
function utf16WithoutMark(head: Buffer): Encoding | null {
  const length = Math.min(head.length, 4096) & ~1
  let [even, odd, full, letters] = [0, 0, 0, 0]
  for (let at = 0; at < length; at += 2) {
    const [first, second] = [head[at]!, head[at + 1]!]
    if (first === 0) even += 1
    if (second === 0) odd += 1
    if (first === 0 || second === 0) continue
    full += 1
    if (isPrintable(first) && isPrintable(second)) letters += 1
  }
  if (letters > 0.6 * full) return null
  const enough = length / 40
  if (odd > 0 && odd >= enough && even * 20 <= odd) return 'utf-16le'
  if (even > 0 && even >= enough && odd * 20 <= even) return 'utf-16be'
  return null
}

function isPrintable(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13
}

function recogniseBytes(sample: Buffer, end: boolean): { encoding: Encoding; because: EncodingReason; byte: number } {
  const whole = sample.subarray(0, sample.length - (end ? 0 : unfinished(sample)))
  if (isUtf8(whole)) return { encoding: 'utf-8', because: 'valid-utf-8', byte: 0 }
  const text = whole.toString('utf8')
  const { byte } = badUtf8(whole, text)
  // A UTF-8 file with one damaged byte stays UTF-8: sequences that are valid by chance are rare in other encodings.
  let good = 0
  let bad = 0
  for (const sign of text) {
    if (sign === '\uFFFD') bad += 1
    else if (sign > '\u007f') good += 1
  }
  if (good >= 10 * bad) return { encoding: 'utf-8', because: 'valid-utf-8', byte }
  return looksChinese(sample)
    ? { encoding: 'gb18030', because: 'chinese-byte-pairs', byte }
    : { encoding: 'windows-1252', because: 'not-utf-8', byte }
}

/**
 * GB 18030 text: high bytes come in pairs, and most pairs are of the 3,755 common characters (lead B0 to D7 of
 * GB 2312). A single pair inside a Latin word ("Größe") is not evidence.
 */
function looksChinese(sample: Buffer): boolean {
  let high = 0
  let paired = 0
  let common = 0
  for (let at = 0; at < sample.length; ) {
    if (sample[at]! < 0x80) {
      at += 1
      continue
    }
    const start = at
    let commonHere = 0
    while (at < sample.length && sample[at]! >= 0x80) {
      const trail = sample[at + 1] ?? 0
      if (trail < 0x40) break
      if (sample[at]! >= 0xb0 && sample[at]! <= 0xd7 && trail >= 0xa1) commonHere += 2
      at += 2
    }
    paired += at - start
    if (at < sample.length && sample[at]! >= 0x80) at += 1
    high += at - start
    const inWord = isLetter(sample[start - 1]) || isLetter(sample[at])
    if (!(inWord && at - start <= 2)) common += commonHere
  }
  return paired >= 0.97 * high && common >= 0.6 * high
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122))
}

function firstHighByte(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at]! >= 0x80) return at
  return bytes.length
}

function hexOf(byte: number | undefined): string {
  return (byte ?? 0).toString(16).toUpperCase().padStart(2, '0')
}
