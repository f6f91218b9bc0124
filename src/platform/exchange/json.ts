/**
 * Content as one JSON document, written and read as a stream: a head, a list with one item on each line, and the hash
 * of the content. JSON-LD is the same document with permanent names in place of plain ones.
 */

import { jsonLdContext } from '#kernel/projections/reference.ts'
import {
  type FileItem,
  type Format,
  formatName,
  formatVersion,
  type Header,
  type Item,
  type ReadPart,
  type WriterInput,
} from '../content/index.ts'
import type { ImportProblem } from '../imports/index.ts'
import { JsonFault, jsonParts, wrongKeys } from '../json/index.ts'
import { checkedItem } from './checked.ts'
import { ContentHash } from './hash.ts'
import { fromLinkedData, toLinkedData } from './linked-data.ts'
import { safeExcerpt } from './safe-excerpt.ts'

const flushAt = 64 * 1024

/** Limit in characters for everything outside the list. */
const maxBeside = 4_000_000

/** The key of the head in JSON-LD. */
const headName = 'commonweal'

/** As a member of the head it would reach into the program. */
const reservedName = '__proto__'

/** The namespace for names when the address is unknown. */
const nameless = 'urn:x-commonweal:ns:v1'

async function* writeDocument(
  { snapshot, header }: WriterInput,
  list: string,
  headed: (head: Record<string, unknown>) => Record<string, unknown>,
  shape: (item: Item) => unknown,
): AsyncGenerator<string> {
  const hash = new ContentHash()
  const start = JSON.stringify(headed({ format: formatName, version: formatVersion, ...header }))
  let text = `${start.slice(0, -1)},"${list}":[`
  let first = true
  for await (const page of snapshot.read()) {
    for (const item of page.of === 'rows' ? [page.item] : page.items) {
      hash.add(item)
      text += `${first ? '\n' : ',\n'}${JSON.stringify(shape(item))}`
      first = false
      if (text.length < flushAt) continue
      yield text
      text = ''
    }
  }
  yield `${text}\n],"hash":"${hash.digest()}"}\n`
}

async function* readDocument(
  file: AsyncIterable<Uint8Array>,
  part: ReadPart,
  list: string,
  shape: (value: unknown, part: ReadPart) => unknown,
): AsyncGenerator<FileItem> {
  const stop = (code: string, line: number | null, values: ImportProblem['values'] = {}) =>
    part.problem({ row: line, column: null, code: `import.file-${code}`, values })
  let head: Record<string, unknown> = {}
  const hash = new ContentHash()
  let known = false
  /** False if the head says that this is not one of our files. */
  const settled = (line: number): boolean => {
    if (known) return true
    if (head.format !== formatName) stop('other-format', line, { format: safeExcerpt(String(head.format ?? '')) })
    else if (head.version !== formatVersion)
      stop('newer-version', line, { version: safeExcerpt(String(head.version ?? ''), 20), known: formatVersion })
    else {
      known = true
      part.head(head as Partial<Header>)
    }
    return known
  }
  let [last, beside] = [1, 0]
  try {
    for await (const { key, element, text, line } of jsonParts(textOf(file), [list])) {
      last = line
      const value: unknown = JSON.parse(text)
      const [wrong] = key === reservedName ? [{ at: `/${key}`, name: key, why: 'reserved' }] : wrongKeys(text, value)
      if (wrong) {
        const values = { name: safeExcerpt(wrong.name) }
        return part.problem({
          row: line,
          column: safeExcerpt(wrong.at),
          code: `import.file-${wrong.why}-member`,
          values,
        })
      }
      if (!element) {
        beside += text.length
        if (beside > maxBeside) throw new JsonFault('part-too-large', line, 1)
        head[key] = value
        if (key === headName && typeof value === 'object') head = { ...head, ...value }
      } else if (settled(line)) {
        const item = shape(value, part)
        if ('item' in checkedItem(item, line)) hash.add(item as Item)
        yield { line, item }
      } else return
    }
    if (settled(last) && head.hash !== undefined && head.hash !== hash.digest())
      part.problem({ row: null, column: null, code: 'import.hint-hash-differs', values: {} })
  } catch (error) {
    if (error instanceof JsonFault)
      stop(error.code, error.line, error.member === undefined ? {} : { name: safeExcerpt(error.member) })
    else if (error instanceof TypeError) stop('not-utf8', last)
    else throw error
  }
}

/** The text of a file in UTF-8. @throws TypeError for bytes that are not. */
export async function* textOf(file: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const piece of file) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

/** Does it look like the head of one of our documents? */
const looksLike = (head: string, list: string) =>
  /^\ufeff?\s*\{/.test(head) && head.includes(`"${formatName}"`) && (list === '@graph') === head.includes('"@context"')

export const jsonFormat: Format = {
  name: 'json',
  extension: 'json',
  mediaType: 'application/json; charset=utf-8',
  holds: ['plan', 'list', 'all'],
  write: (outgoing) =>
    writeDocument(
      outgoing,
      'records',
      (head) => head,
      (item) => item,
    ),
  recognises: (head) => looksLike(head, 'records'),
  read: (file, part) => readDocument(file, part, 'records', (value) => value),
}

export const jsonLdFormat: Format = {
  name: 'jsonld',
  extension: 'jsonld',
  mediaType: 'application/ld+json; charset=utf-8',
  holds: ['plan', 'list', 'all'],
  write: (outgoing) => {
    const { registry } = outgoing.snapshot
    const kinds = [...registry.kinds.values()].map((known) => known.declaration)
    const context = jsonLdContext(kinds, outgoing.origin ? `${outgoing.origin}/ns/v1` : nameless)
    const { '@context': names } = context as { '@context': object }
    // Metadata about the file is not a statement about the city: JSON-LD processors ignore it.
    const about = { ...names, [headName]: null, hash: null }
    const headed = (head: object) => ({ [headName]: head, '@context': about })
    return writeDocument(outgoing, '@graph', headed, (item) => toLinkedData(registry, item))
  },
  recognises: (head) => looksLike(head, '@graph'),
  read: (file, part) => readDocument(file, part, '@graph', (value, { registry }) => fromLinkedData(registry, value)),
}
