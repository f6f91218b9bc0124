/**
 * Cuts a JSON document of any size into its parts without ever holding more than one of them: the members of the outermost
 * object, and one by one the elements of those of its lists that are named. Bounded in depth and in the size of a part.
 */

/** A member of the outermost object, or an element of one of the named lists; `line` is where it begins. */
export type JsonPart = { readonly line: number; readonly key: string; readonly element: boolean; readonly text: string }

export type JsonFaultCode = 'not-json' | 'truncated' | 'too-deep' | 'part-too-large' | 'repeated-member'

/** What ends the reading, and on which line. */
export class JsonFault extends Error {
  readonly code: JsonFaultCode
  readonly line: number

  constructor(code: JsonFaultCode, line: number) {
    super(`${code} on line ${line}`)
    this.name = 'JsonFault'
    this.code = code
    this.line = line
  }
}

export type JsonLimits = { readonly depth: number; readonly partCharacters: number }
const usual: JsonLimits = { depth: 32, partCharacters: 4_000_000 }

type Place =
  | 'start'
  | 'key'
  | 'first-key'
  | 'colon'
  | 'value'
  | 'after'
  | 'element'
  | 'first-element'
  | 'after-element'
  | 'end'

const isSpace = (sign: number) => sign === 32 || sign === 10 || sign === 13 || sign === 9
const quote = 34
const backslash = 92

/** Reads a document piece by piece. @throws JsonFault */
export async function* jsonParts(
  pieces: AsyncIterable<string>,
  lists: readonly string[],
  limits: JsonLimits = usual,
): AsyncGenerator<JsonPart> {
  const scan = new JsonScan(new Set(lists), limits)
  for await (const piece of pieces) yield* scan.feed(piece)
  scan.end()
}

class JsonScan {
  readonly #lists: ReadonlySet<string>
  readonly #limits: JsonLimits
  readonly #keys = new Set<string>()
  #place: Place = 'start'
  #line = 1
  #key = ''
  /** What is being read: its text so far, where it began, how deep it is, whether inside a text, after a backslash. */
  #text: string[] | null = null
  #size = 0
  #began = 1
  #depth = 0
  #inText = false
  #escaped = false

  constructor(lists: ReadonlySet<string>, limits: JsonLimits) {
    this.#lists = lists
    this.#limits = limits
  }

  end(): void {
    if (this.#place !== 'end') throw this.#fault('truncated')
  }

  *feed(piece: string): Generator<JsonPart> {
    let from = 0
    for (let at = 0; at < piece.length; at += 1) {
      const sign = piece.charCodeAt(at)
      if (sign === 10) this.#line += 1
      if (this.#text) {
        if (!this.#goesOn(sign)) continue
        // A number or a word ends before the sign that follows it; everything else ends with its last sign.
        const after = this.#depth === 0 && !this.#closes(sign)
        this.#keep(piece.slice(from, after ? at : at + 1))
        yield* this.#finished()
        if (!after || isSpace(sign)) continue
      } else if (isSpace(sign)) continue
      if (this.#opens(sign)) {
        this.#text = []
        this.#size = 0
        this.#began = this.#line
        from = at
        this.#inText = sign === quote
        this.#escaped = false
        this.#depth = sign === 123 || sign === 91 ? 1 : 0
        this.#bare = !this.#inText && this.#depth === 0
      }
    }
    if (this.#text) this.#keep(piece.slice(from))
  }

  #bare = false

  /** Is the part complete with this sign? */
  #goesOn(sign: number): boolean {
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false
      else if (sign === backslash) this.#escaped = true
      else if (sign === quote) {
        this.#inText = false
        return this.#depth === 0
      }
      return false
    }
    if (this.#bare) return isSpace(sign) || sign === 44 || sign === 93 || sign === 125
    if (sign === quote) this.#inText = true
    else if (sign === 123 || sign === 91) {
      this.#depth += 1
      if (this.#depth > this.#limits.depth) throw this.#fault('too-deep')
    } else if (sign === 125 || sign === 93) {
      this.#depth -= 1
      return this.#depth === 0
    }
    return false
  }

  #closes(sign: number): boolean {
    return !this.#bare && (sign === quote || sign === 125 || sign === 93)
  }

  #keep(text: string): void {
    this.#size += text.length
    if (this.#size > this.#limits.partCharacters) throw this.#fault('part-too-large')
    this.#text!.push(text)
  }

  *#finished(): Generator<JsonPart> {
    const text = this.#text!.join('')
    this.#text = null
    if (this.#place === 'key' || this.#place === 'first-key') {
      this.#key = this.#parsed(text)
      if (this.#keys.has(this.#key)) throw this.#fault('repeated-member')
      if (this.#keys.size > 1000) throw this.#fault('not-json')
      this.#keys.add(this.#key)
      this.#place = 'colon'
      return
    }
    const element = this.#place === 'element' || this.#place === 'first-element'
    this.#place = element ? 'after-element' : 'after'
    yield { line: this.#began, key: this.#key, element, text }
  }

  #parsed(text: string): string {
    try {
      return JSON.parse(text) as string
    } catch {
      throw this.#fault('not-json')
    }
  }

  /** Moves between parts; true where a part begins with this sign. */
  #opens(sign: number): boolean {
    switch (this.#place) {
      case 'start':
        // A byte order mark is no part of the document.
        if (sign === 0xfeff) return false
        return this.#to(sign === 123, 'first-key')
      case 'first-key':
        if (sign === 125) return this.#to(true, 'end')
        if (sign !== quote) throw this.#fault('not-json')
        return true
      case 'key':
        if (sign !== quote) throw this.#fault('not-json')
        return true
      case 'colon':
        return this.#to(sign === 58, 'value')
      case 'value':
        if (sign === 91 && this.#lists.has(this.#key)) return this.#to(true, 'first-element')
        return this.#begins(sign)
      case 'first-element':
        if (sign === 93) return this.#to(true, 'after')
        return this.#begins(sign)
      case 'element':
        return this.#begins(sign)
      case 'after-element':
        if (sign === 93) return this.#to(true, 'after')
        return this.#to(sign === 44, 'element')
      case 'after':
        if (sign === 125) return this.#to(true, 'end')
        return this.#to(sign === 44, 'key')
      default:
        throw this.#fault('not-json')
    }
  }

  #begins(sign: number): boolean {
    const known = sign === quote || sign === 123 || sign === 91 || sign === 45 || (sign >= 48 && sign <= 57)
    if (!known && sign !== 116 && sign !== 102 && sign !== 110) throw this.#fault('not-json')
    return true
  }

  #to(fits: boolean, place: Place): false {
    if (!fits) throw this.#fault('not-json')
    this.#place = place
    return false
  }

  #fault(code: JsonFaultCode): JsonFault {
    return new JsonFault(code, this.#line)
  }
}
