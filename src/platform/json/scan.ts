/**
 * Scans JSON text character by character, in whatever pieces it comes, and knows at every place what may follow. Nothing is kept
 * but open brackets; the listener hears where values begin and end, and cuts the text itself. The only JSON scanner here: it
 * finds where text stops being JSON (the engine's own message does not always say), and cuts documents of any size into parts.
 */

export type JsonFaultCode = 'not-json' | 'truncated' | 'too-deep' | 'part-too-large' | 'repeated-member'

/** Why and where the scan stopped; line and column count from 1. */
export class JsonFault extends Error {
  readonly code: JsonFaultCode
  readonly line: number
  readonly column: number
  /** The name that stands twice, if that is the fault. */
  readonly member: string | undefined

  constructor(code: JsonFaultCode, line: number, column: number, member?: string) {
    super(`${code} on line ${line}, column ${column}`)
    this.name = 'JsonFault'
    this.code = code
    this.line = line
    this.column = column
    this.member = member
  }
}

/** Called during the scan; `at` is a position in the current piece, `depth` counts open brackets. */
export type JsonListener = {
  readonly begins: (what: 'key' | 'value', depth: number, at: number, sign: number) => void
  /** `at` is after the last character. */
  readonly ends: (what: 'key' | 'value', depth: number, at: number) => void
}

const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [listOpens, listCloses, objectOpens, objectCloses] = [91, 93, 123, 125]

/** What may come next. */
type Want = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing'
/** What is being read. */
type Within = 'nothing' | 'text' | 'scalar'

const isSpace = (sign: number) => sign === 32 || sign === 10 || sign === 13 || sign === 9
const isHex = (sign: number) => (sign >= 48 && sign <= 57) || (sign >= 65 && sign <= 70) || (sign >= 97 && sign <= 102)
/** Characters after a backslash: `"\/bfnrt`, and `u` with four digits. */
const escapes = new Set([...'"\\/bfnrtu'].map((sign) => sign.charCodeAt(0)))
const ends = (sign: number) => isSpace(sign) || sign === comma || sign === listCloses || sign === objectCloses

/** A number or word being read: how it may continue, and whether it may end here. */
type Scalar = 'minus' | 'zero' | 'whole' | 'point' | 'fraction' | 'e' | 'sign' | 'exponent'
const mayEnd: ReadonlySet<Scalar> = new Set(['zero', 'whole', 'fraction', 'exponent'])
const words: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' }

/** The state of a number after this character; undefined if it may not come next. */
function nextOf(state: Scalar | null, letter: string): Scalar | undefined {
  if (letter >= '0' && letter <= '9') {
    if (state === null || state === 'minus') return letter === '0' ? 'zero' : 'whole'
    if (state === 'whole' || state === 'fraction' || state === 'exponent') return state
    if (state === 'point') return 'fraction'
    return state === 'e' || state === 'sign' ? 'exponent' : undefined
  }
  if (letter === '-' && state === null) return 'minus'
  if ((letter === '-' || letter === '+') && state === 'e') return 'sign'
  if (letter === '.' && (state === 'zero' || state === 'whole')) return 'point'
  const isE = letter === 'e' || letter === 'E'
  return isE && (state === 'zero' || state === 'whole' || state === 'fraction') ? 'e' : undefined
}

export class JsonScan {
  readonly #listener: JsonListener | null
  readonly #maxDepth: number
  /** Open brackets, as character codes. */
  readonly #open: number[] = []
  #want: Want = 'value'
  #within: Within = 'nothing'
  #isKey = false
  /** In a string: 1 after a backslash, 2 to 5 while digits of an escape are due. */
  #escape = 0
  /** In a number its state; in a word the rest of it. Its first `#good` characters were valid. */
  #number: Scalar | null = null
  #word: string | null = null
  #length = 0
  #good = 0
  #line = 1
  /** Characters before the current piece, and before its line. */
  #before = 0
  #lineFrom = 0
  /** Where the string or scalar being read begins. */
  #began = { line: 1, column: 1 }

  constructor(listener: JsonListener | null = null, maxDepth = Number.POSITIVE_INFINITY) {
    this.#listener = listener
    this.#maxDepth = maxDepth
  }

  /** Line of the current position. */
  get line(): number {
    return this.#line
  }

  /** Takes the next piece. @throws JsonFault, and what the listener throws. */
  feed(piece: string): void {
    for (let at = 0; at < piece.length; at += 1) {
      let sign = piece.charCodeAt(at)
      if (this.#within === 'text') {
        // Most of a document is plain text.
        if (this.#escape === 0)
          while (sign !== quote && sign !== backslash && sign >= 32 && at + 1 < piece.length) {
            at += 1
            sign = piece.charCodeAt(at)
          }
        this.#inText(sign, at)
      } else if (this.#within === 'scalar') {
        if (!ends(sign)) {
          this.#inScalar(piece[at]!)
          continue
        }
        this.#endScalar(at)
        this.#between(sign, at)
      } else this.#between(sign, at)
    }
    this.#before += piece.length
  }

  /** @throws JsonFault if something is missing. */
  end(): void {
    if (this.#within === 'scalar') this.#endScalar(0)
    if (this.#within === 'text') throw new JsonFault('truncated', this.#began.line, this.#began.column)
    if (this.#want !== 'nothing') throw this.fault('truncated', 0)
  }

  /** A fault at a position in the current piece; 0 after the last piece. */
  fault(code: JsonFaultCode, at: number, member?: string): JsonFault {
    const { line, column } = this.placeOf(at)
    return new JsonFault(code, line, column, member)
  }

  placeOf(at: number): { line: number; column: number } {
    return { line: this.#line, column: this.#before + at - this.#lineFrom + 1 }
  }

  #inText(sign: number, at: number): void {
    if (this.#escape === 1) {
      if (!escapes.has(sign)) throw this.#atBegin()
      this.#escape = sign === 117 ? 2 : 0
    } else if (this.#escape > 1) {
      if (!isHex(sign)) throw this.#atBegin()
      this.#escape = this.#escape === 5 ? 0 : this.#escape + 1
    } else if (sign === backslash) this.#escape = 1
    else if (sign === quote) {
      this.#within = 'nothing'
      if (this.#isKey) this.#want = 'colon'
      else this.#afterValue()
      this.#listener?.ends(this.#isKey ? 'key' : 'value', this.#open.length, at + 1)
    } else if (sign < 32) throw this.#atBegin()
  }

  #inScalar(letter: string): void {
    this.#length += 1
    if (this.#word !== null) {
      if (this.#word[this.#length - 1] !== letter) throw this.#atGood()
      if (this.#length === this.#word.length) this.#good = this.#length
      return
    }
    const next = nextOf(this.#number, letter)
    if (next === undefined) throw this.#atGood()
    this.#number = next
    if (mayEnd.has(next)) this.#good = this.#length
  }

  #endScalar(at: number): void {
    if (this.#good < this.#length) throw this.#atGood()
    this.#within = 'nothing'
    this.#afterValue()
    this.#listener?.ends('value', this.#open.length, at)
  }

  #between(sign: number, at: number): void {
    if (isSpace(sign)) {
      if (sign === 10) {
        this.#line += 1
        this.#lineFrom = this.#before + at + 1
      }
      return
    }
    const want = this.#want
    if (sign === quote && (want === 'key' || want === 'key-or-end')) this.#begin('text', true, sign, at)
    else if (want === 'colon' && sign === colon) this.#want = 'value'
    else if (want === 'comma-or-end' && sign === comma) this.#want = this.#open.at(-1) === objectOpens ? 'key' : 'value'
    else if (
      (want === 'comma-or-end' || want === 'value-or-end' || want === 'key-or-end') &&
      sign === (this.#open.at(-1) === objectOpens ? objectCloses : listCloses)
    ) {
      this.#open.pop()
      this.#afterValue()
      this.#listener?.ends('value', this.#open.length, at + 1)
    } else if (want === 'value' || want === 'value-or-end') this.#beginValue(sign, at)
    else throw this.fault('not-json', at)
  }

  #beginValue(sign: number, at: number): void {
    if (sign === quote) this.#begin('text', false, sign, at)
    else if (sign === objectOpens || sign === listOpens) {
      if (this.#open.length >= this.#maxDepth) throw this.fault('too-deep', at)
      this.#listener?.begins('value', this.#open.length, at, sign)
      this.#open.push(sign)
      this.#want = sign === objectOpens ? 'key-or-end' : 'value-or-end'
    } else if (sign === comma || sign === colon || sign === listCloses || sign === objectCloses)
      throw this.fault('not-json', at)
    else {
      const letter = String.fromCharCode(sign)
      this.#begin('scalar', false, sign, at)
      this.#number = null
      this.#word = words[letter] ?? null
      this.#length = 0
      this.#good = 0
      this.#inScalar(letter)
    }
  }

  #begin(within: Within, isKey: boolean, sign: number, at: number): void {
    this.#within = within
    this.#isKey = isKey
    this.#escape = 0
    this.#began = this.placeOf(at)
    this.#listener?.begins(isKey ? 'key' : 'value', this.#open.length, at, sign)
  }

  #afterValue(): void {
    this.#want = this.#open.length === 0 ? 'nothing' : 'comma-or-end'
  }

  /** The end of its valid part; its beginning if there is none. */
  #atGood(): JsonFault {
    return new JsonFault('not-json', this.#began.line, this.#began.column + this.#good)
  }

  #atBegin(): JsonFault {
    return new JsonFault('not-json', this.#began.line, this.#began.column)
  }
}
