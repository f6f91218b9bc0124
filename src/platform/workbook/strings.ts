/** Shared strings, packed: one buffer and one table of positions, instead of millions of objects. */
import type { Archive } from './archive.ts'
import { damaged, tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'
import { scanPart } from './part.ts'

export type SharedStrings = { readonly count: number; readonly at: (index: number) => string }

const noStrings: SharedStrings = {
  count: 0,
  at: () => {
    throw damaged('string')
  },
}

/** Reads the table of shared strings; runs of one text are joined, phonetic guides left out. */
export async function readStrings(
  archive: Archive,
  part: string | null,
  limits: WorkbookLimits,
): Promise<SharedStrings> {
  if (part === null || !archive.names.has(part)) return noStrings
  let bytes = Buffer.allocUnsafe(64 * 1024)
  let ends = new Uint32Array(1024)
  let used = 0
  let count = 0
  const text = new RunText((whole) => {
    if (count >= limits.strings) throw tooMuch('strings', limits.strings, part)
    const length = Buffer.byteLength(whole)
    if (used + length > limits.stringBytes) throw tooMuch('string-bytes', limits.stringBytes, part)
    if (used + length > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(used + length, bytes.length * 2))
      bytes.copy(larger, 0, 0, used)
      bytes = larger
    }
    used += bytes.write(whole, used)
    if (count === ends.length) {
      const longer = new Uint32Array(ends.length * 2)
      longer.set(ends)
      ends = longer
    }
    ends[count] = used
    count += 1
  }, 'si')
  await scanPart(archive.read(part), part, limits, text)
  // Most texts of a table repeat, so recent ones are cached.
  const ready = new Map<number, string>()
  return {
    count,
    at: (index) => {
      const known = ready.get(index)
      if (known !== undefined) return known
      if (!(index >= 0 && index < count)) throw damaged('string', part)
      const found = bytes.toString('utf8', index === 0 ? 0 : ends[index - 1]!, ends[index]!)
      if (ready.size >= 4096) ready.clear()
      ready.set(index, found)
      return found
    },
  }
}

/** Joins the runs of one text (`si` or `is`): `t` and `r/t`, without the phonetic runs `rPh` (ECMA-376 18.4). */
export class RunText {
  readonly #done: (text: string) => void
  readonly #element: string
  #text = ''
  #inText = false
  #inPhonetic = false

  constructor(done: (text: string) => void, element: string) {
    this.#done = done
    this.#element = element
  }

  readonly open = (name: string): void => {
    if (name === this.#element) this.#text = ''
    else if (name === 'rPh') this.#inPhonetic = true
    else if (name === 't') this.#inText = true
  }

  readonly close = (name: string): void => {
    if (name === 't') this.#inText = false
    else if (name === 'rPh') this.#inPhonetic = false
    else if (name === this.#element) this.#done(unescaped(this.#text))
  }

  readonly text = (text: string): void => {
    if (this.#inText && !this.#inPhonetic) this.#text += text
  }
}

/**
 * `_x000D_` is a character that XML cannot contain (ECMA-376 22.9.2.19). What no text may contain (NUL, half a surrogate
 * pair) becomes U+FFFD, which marks the cell as unreadable.
 */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  const plain = text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  return plain.replaceAll('\u0000', '\uFFFD').toWellFormed()
}
