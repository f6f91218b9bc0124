/** Remarks on a file from elsewhere, each once, with the line of its first occurrence and how often it occurs. */
import type { ReadPart } from '#platform/exchange/index.ts'

export type RemarkCode =
  | 'unknown-element'
  | 'order'
  | 'unknown-attribute'
  | 'identifier-repeated'
  | 'identifier-form'
  | 'not-taken'
  | 'shortened'
  | 'bad-day'
  | 'bad-number'
  | 'result-without-period'
  | 'result-repeated'

type Values = Readonly<Record<string, string | number>>
const maxKinds = 500

export class ReadingRemarks {
  readonly #found = new Map<string, { code: RemarkCode; line: number; values: Values; count: number }>()

  add(code: RemarkCode, line: number, values: Values): void {
    const key = JSON.stringify([code, values])
    const found = this.#found.get(key)
    if (found) found.count += 1
    else if (this.#found.size < maxKinds) this.#found.set(key, { code, line, values, count: 1 })
  }

  tell(part: ReadPart): void {
    const all = [...this.#found.values()].sort((left, right) => left.line - right.line)
    for (const { code, line, values, count } of all)
      part.problem({ row: line, column: null, code: `import.hint-stratml-${code}`, values: { ...values, count } })
    this.#found.clear()
  }
}
