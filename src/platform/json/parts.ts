/**
 * Cuts a JSON document of any size into its parts without ever holding more than one of them: the members of the outermost
 * object, and one by one the elements of those of its lists that are named. Bounded in depth and in the size of a part.
 */
import { JsonFault, JsonScan } from './scan.ts'

/** A member of the outermost object, or an element of one of the named lists; `line` is where it begins. */
export type JsonPart = { readonly line: number; readonly key: string; readonly element: boolean; readonly text: string }

export type JsonLimits = { readonly depth: number; readonly partCharacters: number }
/** Depth of a part: inside the document and its list. */
const usual: JsonLimits = { depth: 32, partCharacters: 4_000_000 }
const maxMembers = 1000

const [listOpens, objectOpens] = [91, 123]

/** Reads a document piece by piece. @throws JsonFault */
export async function* jsonParts(
  pieces: AsyncIterable<string>,
  lists: readonly string[],
  limits: JsonLimits = usual,
): AsyncGenerator<JsonPart> {
  const cutter = new PartCutter(new Set(lists), limits)
  let first = true
  for await (const piece of pieces) {
    // A byte order mark is not part of the document.
    const text = first && piece.charCodeAt(0) === 0xfeff ? piece.slice(1) : piece
    if (piece.length > 0) first = false
    yield* cutter.feed(text)
  }
  cutter.end()
}

class PartCutter {
  readonly #lists: ReadonlySet<string>
  readonly #limits: JsonLimits
  readonly #keys = new Set<string>()
  readonly #scan: JsonScan
  #ready: JsonPart[] = []
  #piece = ''
  #key = ''
  /** Inside the list that is being read element by element. */
  #inList = false
  /** The part being collected: its text so far, where it continues in the current piece, its size, where it began. */
  #text: string[] | null = null
  #from = 0
  #size = 0
  #line = 1

  constructor(lists: ReadonlySet<string>, limits: JsonLimits) {
    this.#lists = lists
    this.#limits = limits
    this.#scan = new JsonScan(
      {
        begins: (what, depth, at, sign) => this.#begins(what, depth, at, sign),
        ends: (what, depth, at) => this.#ends(what, depth, at),
      },
      limits.depth + 2,
    )
  }

  /** Yields complete parts, including those before a fault. */
  *feed(piece: string): Generator<JsonPart> {
    this.#piece = piece
    this.#from = 0
    try {
      this.#scan.feed(piece)
      if (this.#text) this.#keep(piece.length)
    } catch (error) {
      yield* this.#taken()
      throw error
    }
    yield* this.#taken()
  }

  end(): void {
    this.#scan.end()
  }

  #taken(): JsonPart[] {
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  #begins(what: 'key' | 'value', depth: number, at: number, sign: number): void {
    if (depth === 0) {
      if (sign !== objectOpens) throw this.#scan.fault('not-json', at)
      return
    }
    if (what === 'value' && depth === 1 && sign === listOpens && this.#lists.has(this.#key)) {
      this.#inList = true
      return
    }
    if (depth > (this.#inList ? 2 : 1)) return
    this.#text = []
    this.#from = at
    this.#size = 0
    this.#line = this.#scan.line
  }

  #ends(what: 'key' | 'value', depth: number, at: number): void {
    if (this.#inList && depth === 1) {
      this.#inList = false
      return
    }
    if (!this.#text || depth !== (this.#inList ? 2 : 1)) return
    this.#keep(at)
    const text = this.#text.join('')
    this.#text = null
    if (what === 'value') this.#ready.push({ line: this.#line, key: this.#key, element: this.#inList, text })
    else this.#named(JSON.parse(text) as string, at)
  }

  #named(key: string, at: number): void {
    if (this.#keys.has(key)) throw this.#scan.fault('repeated-member', at, key)
    if (this.#keys.size > maxMembers) throw this.#scan.fault('not-json', at)
    this.#keys.add(key)
    this.#key = key
  }

  #keep(to: number): void {
    this.#size += to - this.#from
    if (this.#size > this.#limits.partCharacters)
      throw new JsonFault('part-too-large', this.#scan.line, this.#scan.placeOf(to).column)
    this.#text!.push(this.#piece.slice(this.#from, to))
  }
}
