/** One hash for content: equal content has an equal hash, in whatever installation. */
import { createHash, type Hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { type Item, isRows } from '../content/index.ts'

/**
 * Takes items in the order they are read and returns SHA-256 over their canonical JSON (RFC 8785). Each kind and each
 * plain table has a digest of its own, so that page size does not matter. Readable numbers, versions and times belong
 * to an installation, not to the content.
 */
export class ContentHash {
  readonly #parts = new Map<string, Hash>()

  add(item: Item): void {
    if (isRows(item)) {
      for (const row of item.values) this.#part(`${item.kind}/${item.rows}`, { record: item.record, ...row })
      return
    }
    const { code: _, ...content } = item
    this.#part(item.kind, content)
  }

  /** `sha256:` and 64 hexadecimal digits. */
  digest(): string {
    const whole = createHash('sha256')
    for (const name of [...this.#parts.keys()].sort())
      whole.update(`${name} ${this.#parts.get(name)!.copy().digest('hex')}\n`)
    return `sha256:${whole.digest('hex')}`
  }

  #part(name: string, value: object): void {
    let part = this.#parts.get(name)
    if (!part) {
      part = createHash('sha256')
      this.#parts.set(name, part)
    }
    part.update(`${canonicalize(value)}\n`)
  }
}
