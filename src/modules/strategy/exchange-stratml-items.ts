/** Items from closed elements of StratML. */
import { createHash } from 'node:crypto'
import type { Registry } from '#kernel/registry.ts'
import { type FileItem, safeExcerpt } from '#platform/exchange/index.ts'
import { type Frame, plainOf } from './exchange-stratml-frame.ts'
import type { ReadingRemarks } from './exchange-stratml-remarks.ts'
import { StratmlResults } from './exchange-stratml-results.ts'
import { isXmlId } from './exchange-stratml-schema.ts'

type Values = Record<string, unknown>

/** An id that is the same each time the same thing is read (RFC 9562 §5.8, version 8). */
function idFrom(text: string): string {
  const bytes = createHash('sha256').update(`stratml\u0000${text}`).digest().subarray(0, 16)
  bytes[6] = 0x80 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const kinds: Readonly<Record<string, string>> = {
  Goal: 'strategy.objective',
  Objective: 'strategy.objective',
  PerformanceIndicator: 'indicators.indicator',
}

export class StratmlItems {
  language: string
  /** Was the file written by us? Then the elements only repeat what the extension says. */
  ours = false
  readonly #registry: Registry
  readonly #remarks: ReadingRemarks
  readonly #results: StratmlResults
  #ready: FileItem[] = []
  readonly #identifiers = new Set<string>()
  #planId: string | undefined
  readonly #plan: { mission?: string; vision?: string; body?: string; values: string[] } = { values: [] }
  #administrative: Frame | undefined

  constructor(registry: Registry, remarks: ReadingRemarks) {
    this.#registry = registry
    this.#remarks = remarks
    this.language = registry.language
    this.#results = new StratmlResults(remarks)
  }

  *taken(): Generator<FileItem> {
    const ready = this.#ready
    this.#ready = []
    yield* ready
  }

  add(item: unknown, line: number): void {
    this.#ready.push({ line, item })
  }

  close(frame: Frame): void {
    this.#closers[frame.name]?.(frame)
  }

  /** What each element becomes. */
  readonly #closers: Readonly<Record<string, (frame: Frame) => void>> = {
    StrategicPlan: (frame) => this.#root(frame),
    PerformancePlanOrReport: (frame) => this.#root(frame),
    Goal: (frame) => this.#goal(frame),
    Objective: (frame) => this.#goal(frame),
    PerformanceIndicator: (frame) => this.#indicator(frame),
    TargetResult: (frame) => this.#result(frame),
    ActualResult: (frame) => this.#result(frame),
    Organization: (frame) => {
      this.#plan.body ??= plainOf(frame, 'Name')
      this.#unplaced(frame, ['Acronym', 'Description'])
    },
    Vision: (frame) => {
      this.#plan.vision ??= plainOf(frame, 'Description')
    },
    Mission: (frame) => {
      this.#plan.mission ??= plainOf(frame, 'Description')
    },
    Value: (frame) => {
      const text = [plainOf(frame, 'Name'), plainOf(frame, 'Description')].filter(Boolean).join(': ')
      if (text) this.#plan.values.push(text)
    },
    Stakeholder: (frame) => this.#stakeholder(frame),
    AdministrativeInformation: (frame) => {
      this.#administrative = frame
      this.#unplaced(frame, ['Source'])
    },
    // Names of people are not imported: a plan is not an address book.
    Submitter: (frame) => this.#unplaced(frame, ['Surname', 'EmailAddress']),
    Relationship: (frame) => this.#unplaced(frame, ['ReferentIdentifier']),
    Descriptor: (frame) => this.#unplaced(frame, ['DescriptorValue']),
    Place: (frame) => this.#unplaced(frame, ['Name']),
  }

  #result(frame: Frame): void {
    const indicator = frame.parent?.parent
    if (indicator) this.#results.take(frame, indicator, this.language)
  }

  /** Organisations and groups are reported with what they take part in; anything that may be a person is not. */
  #stakeholder(frame: Frame): void {
    const name = plainOf(frame, 'Name')
    if (!name || !frame.parent || frame.parent.rest) return
    const type = frame.attributes.StakeholderTypeType
    if (type === 'Organization' || type === 'Generic_Group') {
      const list = frame.parent.lists.stakeholders ?? []
      frame.parent.lists.stakeholders = list
      if (list.length < 200) list.push(name)
    } else this.#remarks.add('not-taken', frame.line, { element: 'Stakeholder' })
  }

  #unplaced(frame: Frame, names: readonly string[]): void {
    if (this.ours) return
    for (const name of names)
      if (plainOf(frame, name)) this.#remarks.add('not-taken', frame.line, { element: `${frame.name}/${name}` })
  }

  /** Id of the record of an element: from the extension, its identifier, or its place in the file. */
  #idOf(frame: Frame): string {
    if (frame.id) return frame.id
    if (typeof frame.rest?.id === 'string') frame.id = frame.rest.id
    else {
      const identifier = plainOf(frame, 'Identifier')
      const own = identifier !== undefined && !this.#identifiers.has(identifier)
      if (own) this.#identifiers.add(identifier)
      frame.claims = own
      frame.id = idFrom(own ? `id ${identifier}` : `in ${this.#placeOf(frame)}`)
    }
    return frame.id
  }

  #placeOf(frame: Frame): string {
    const { parent } = frame
    const above = parent && kinds[parent.name] ? this.#idOf(parent) : this.#planOf(frame)
    return `${above} ${frame.name} ${parent?.counts[frame.name] ?? 1}`
  }

  #planOf(frame: Frame): string {
    let root = frame
    while (root.parent) root = root.parent
    if (typeof root.rest?.id === 'string') return root.rest.id
    this.#planId ??= idFrom(`plan ${root.values.Name ?? ''} ${this.#plan.body ?? ''}`)
    return this.#planId
  }

  /** Title, a text field and labels of an element; values in `rest` take precedence. */
  #values(frame: Frame, fields: Readonly<Record<string, string | undefined>>): Values {
    const rest = frame.rest ?? {}
    const values: Values = { ...rest }
    for (const [name, text] of Object.entries(fields)) {
      const kept = (rest[name] ?? {}) as Readonly<Record<string, string>>
      if (text !== undefined && text !== '' && kept[this.language] === undefined)
        values[name] = { ...kept, [this.language]: text }
    }
    return values
  }

  #marks(frame: Frame): Values {
    const identifier = plainOf(frame, 'Identifier')
    if (identifier === undefined) return {}
    if (!isXmlId(identifier)) this.#remarks.add('identifier-form', frame.line, { element: frame.name })
    this.#idOf(frame)
    if (!frame.claims) {
      this.#remarks.add('identifier-repeated', frame.line, { id: safeExcerpt(identifier) })
      return {}
    }
    return { externalIds: [{ source: 'stratml', id: safeExcerpt(identifier, 200) }] }
  }

  #goal(frame: Frame): void {
    if (frame.rest?.aside) return
    const name = frame.values.Name ?? ''
    const description = frame.values.Description ?? ''
    if (frame.rest) {
      this.add(this.#values(frame, { title: name, description }), frame.line)
      return
    }
    const id = this.#idOf(frame)
    const words = this.#registry.words.say(this.#registry.language)
    const stakeholders = frame.lists.stakeholders ?? []
    const title = name.trim() || description.trim()
    const about = [
      name.trim() ? description.trim() : '',
      plainOf(frame, 'OtherInformation') ?? '',
      stakeholders.length > 0 ? words('strategy.stratml.stakeholders', { names: stakeholders.join(' · ') }) : '',
    ]
    const marks = this.#marks(frame)
    // An empty template element, as editors leave them behind.
    if (title === '') return
    this.add(
      {
        kind: kinds[frame.name],
        id,
        ...marks,
        ...this.#texts(frame, { title: [title, 300], description: [about.filter(Boolean).join('\n\n'), 4000] }),
        plan: this.#planOf(frame),
        level: frame.name === 'Goal' ? 1 : 2,
        ...(frame.parent?.name === 'Goal' ? { links: { under: [{ to: this.#idOf(frame.parent) }] } } : {}),
      },
      frame.line,
    )
  }

  /** Texts cut to the length of their field; the cut is reported. */
  #texts(frame: Frame, texts: Readonly<Record<string, readonly [string | undefined, number]>>): Values {
    const values: Values = {}
    for (const [name, [text, max]] of Object.entries(texts)) {
      if (!text) continue
      const whole = [...text].length <= max && text.length <= max
      if (!whole) this.#remarks.add('shortened', frame.line, { element: frame.name, max })
      values[name] = {
        [this.language]: whole
          ? text
          : `${text
              .slice(0, max - 1)
              .trimEnd()
              .toWellFormed()}…`,
      }
    }
    return values
  }

  #indicator(frame: Frame): void {
    const goal = frame.parent
    const dimension = frame.values.MeasurementDimension ?? ''
    const unit = frame.values.UnitOfMeasurement ?? ''
    if (frame.rest) {
      const label = unit === frame.rest.unit ? undefined : unit
      const values = this.#values(frame, {
        title: dimension,
        unitLabel: label,
        definition: frame.values.OtherInformation,
      })
      this.add(values, frame.line)
      this.#rows(frame, String(values.id))
      return
    }
    const id = this.#idOf(frame)
    const marks = this.#marks(frame)
    const title = dimension.trim() || (goal && plainOf(goal, 'Name')) || ''
    if (title === '' || !goal) return
    if (frame.attributes.ValueChainStage) this.#remarks.add('not-taken', frame.line, { element: 'ValueChainStage' })
    this.#results.finish(frame)
    const about = [plainOf(frame, 'OtherInformation'), ...frame.said].filter(Boolean).join('\n\n')
    this.add(
      {
        kind: kinds[frame.name],
        id,
        ...marks,
        ...this.#texts(frame, { title: [title, 400], unitLabel: [unit.trim(), 80], definition: [about, 4000] }),
        direction: 'not-agreed',
        links: { measures: [{ to: this.#idOf(goal) }] },
      },
      frame.line,
    )
    this.#rows(frame, id)
  }

  #rows(frame: Frame, record: string): void {
    for (const [rows, values] of Object.entries(frame.rows))
      for (let at = 0; at < values.length; at += 500)
        this.add({ rows, kind: kinds.PerformanceIndicator, record, values: values.slice(at, at + 500) }, frame.line)
  }

  #root(frame: Frame): void {
    const days = this.#results.daysOf(this.#administrative)
    if (frame.rest) {
      const values = this.#values(frame, { title: frame.values.Name, summary: frame.values.Description })
      this.add({ ...values, ...days }, frame.line)
      return
    }
    const words = this.#registry.words.say(this.#registry.language)
    const { mission, vision, body, values } = this.#plan
    const summary = [
      plainOf(frame, 'Description'),
      plainOf(frame, 'OtherInformation'),
      mission ? words('strategy.stratml.mission', { text: mission }) : '',
      values.length > 0 ? words('strategy.stratml.values', { names: values.join(' · ') }) : '',
      body ? words('strategy.stratml.body', { name: body }) : '',
    ]
    const name = plainOf(frame, 'Name') ?? plainOf(frame, 'Description') ?? body ?? ''
    const plan = this.#planOf(frame)
    const levels = ['goal', 'objective'].map((level) => ({ [this.language]: words(`strategy.stratml.level.${level}`) }))
    this.add(
      {
        kind: 'strategy.plan',
        id: plan,
        ...this.#texts(frame, { title: [name, 200], summary: [summary.filter(Boolean).join('\n\n'), 4000] }),
        ...days,
        levels,
      },
      frame.line,
    )
    if (vision) this.#vision(frame, plan, name, vision)
  }

  /** The vision, split into sentences. */
  #vision(frame: Frame, plan: string, name: string, text: string): void {
    const vision = idFrom(`vision ${plan}`)
    this.add(
      { kind: 'strategy.vision', id: vision, ...this.#texts(frame, { title: [name, 200] }), plan, versionLabel: '1' },
      frame.line,
    )
    const cut = new Intl.Segmenter(this.language, { granularity: 'sentence' })
    const sentences = [...cut.segment(text)]
      .map(({ segment }) => segment.trim())
      .filter((each) => /[\p{L}\p{N}]/u.test(each))
    for (const [index, sentence] of sentences.slice(0, 1000).entries())
      this.add(
        {
          kind: 'strategy.sentence',
          id: idFrom(`sentence ${plan} ${index}`),
          ...this.#texts(frame, { title: [sentence, 600] }),
          vision,
          position: index + 1,
        },
        frame.line,
      )
  }
}
