/**
 * StratML of either part, read as a stream of items. One of our files is restored completely; one from elsewhere
 * becomes a plan whose goals and objectives are the two levels of its tree, with its indicators. What deviates from the
 * schema or has no place here is reported, and the rest is read.
 */
import { type FileItem, type ReadPart, safeExcerpt } from '#platform/exchange/index.ts'
import { readXml, XmlFault, type XmlTag } from '#platform/xml/index.ts'
import { parseInstruction } from './exchange-stratml-extension.ts'
import { type Frame, newFrame } from './exchange-stratml-frame.ts'
import { StratmlItems } from './exchange-stratml-items.ts'
import { ReadingRemarks } from './exchange-stratml-remarks.ts'
import { type Dialect, departureOf, dialects, unknownAttributes } from './exchange-stratml-schema.ts'

/** Elements that hold others; all others are plain text of their parent. */
const branches = new Set([
  'StrategicPlan',
  'PerformancePlanOrReport',
  'StrategicPlanCore',
  'Organization',
  'Vision',
  'Mission',
  'Value',
  'Goal',
  'Objective',
  'Stakeholder',
  'Role',
  'PerformanceIndicator',
  'Relationship',
  'MeasurementInstance',
  'Place',
  'TargetResult',
  'ActualResult',
  'Descriptor',
  'AdministrativeInformation',
  'Submitter',
])

/** A language tag as used for stored texts. */
const isTag = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/

/** Stops reading for a reason that has been reported. */
class ReadingEnded extends Error {}

/** Reads a file; problems go to `part`, items are emitted as soon as they are complete. */
export async function* readStratml(file: AsyncIterable<Uint8Array>, part: ReadPart): AsyncGenerator<FileItem> {
  const reader = new StratmlReader(part)
  try {
    for await (const _ of readXml(file, reader, { namespaces: true })) yield* reader.taken()
    yield* reader.taken()
  } catch (error) {
    yield* reader.taken()
    if (error instanceof XmlFault)
      part.problem({ row: error.line, column: null, code: codeOf(error), values: { said: error.said } })
    else if (!(error instanceof ReadingEnded)) throw error
  } finally {
    reader.remarks.tell(part)
  }
}

const codeOf = ({ code }: XmlFault) => `import.file-${code === 'empty' ? 'truncated' : code}`

class StratmlReader {
  readonly #part: ReadPart
  readonly remarks = new ReadingRemarks()
  #dialect: Dialect | undefined
  #frame: Frame | undefined
  #items: StratmlItems
  /** Depth inside an element that is being skipped. */
  #skipped = 0

  constructor(part: ReadPart) {
    this.#part = part
    this.#items = new StratmlItems(part.registry, this.remarks)
  }

  *taken(): Generator<FileItem> {
    yield* this.#items.taken()
  }

  open(element: XmlTag): void {
    if (this.#skipped > 0) {
      this.#skipped += 1
      return
    }
    const { name, namespace, line, attributes } = element
    if (!this.#dialect) this.#dialect = this.#dialectOf(element)
    const parent = this.#frame
    if (parent) {
      if (namespace !== this.#dialect.namespace || !branches.has(parent.name)) {
        this.remarks.add('unknown-element', line, { element: safeExcerpt(name), parent: parent.name })
        this.#skipped = 1
        return
      }
      const departure = departureOf(this.#dialect.part, parent.name, name, parent.last)
      if (departure) this.remarks.add(departure, line, { element: safeExcerpt(name), parent: parent.name })
      parent.last = name
      parent.counts[name] = (parent.counts[name] ?? 0) + 1
    }
    for (const attribute of unknownAttributes(name, Object.keys(attributes)))
      this.remarks.add('unknown-attribute', line, { element: safeExcerpt(attribute), parent: name })
    this.#frame = newFrame(name, line, attributes, parent)
  }

  #dialectOf({ name, namespace, line }: XmlTag): Dialect {
    const known = dialects.find((each) => each.namespace === namespace && each.root === name)
    if (known) return known
    this.#part.problem({
      row: line,
      column: null,
      code: 'import.file-unknown-dialect',
      values: {
        root: safeExcerpt(name),
        namespace: safeExcerpt(namespace, 200) || '—',
        known: dialects.map((each) => `${each.root} (${each.namespace})`).join(', '),
      },
    })
    throw new ReadingEnded()
  }

  text(text: string): void {
    if (this.#skipped === 0 && this.#frame && !branches.has(this.#frame.name)) this.#frame.text += text
  }

  close(): void {
    if (this.#skipped > 0) {
      this.#skipped -= 1
      return
    }
    const frame = this.#frame!
    const { parent } = frame
    this.#frame = parent
    if (branches.has(frame.name)) this.#items.close(frame)
    else if (parent) {
      parent.values[frame.name] ??= frame.text
      const list = parent.lists[frame.name] ?? []
      parent.lists[frame.name] = list
      if (list.length < 1000) list.push(frame.text)
    }
  }

  instruction(target: string, body: string, line: number): void {
    if (this.#skipped > 0) return
    let said: ReturnType<typeof parseInstruction>
    try {
      said = parseInstruction(target, body)
    } catch {
      this.#part.problem({ row: line, column: null, code: 'import.file-bad-extension', values: {} })
      throw new ReadingEnded()
    }
    if (!said || !this.#frame) return
    if (said.name === 'item') this.#items.add(said.value, line)
    else if (typeof said.value === 'object' && said.value !== null) {
      if (said.name === 'rest') this.#frame.rest = said.value as Record<string, unknown>
      else {
        const head = said.value as Record<string, unknown>
        this.#items.ours = true
        if (typeof head.language === 'string' && isTag.test(head.language)) this.#items.language = head.language
        this.#part.head(head)
      }
    }
  }
}
