/** What an import says about the whole file, counted while it streams past. */
import type { Note } from '#platform/imports/index.ts'
import type { Values } from '#platform/tabular/index.ts'
import { type IndicatorField, isTarget, type Sources, textOf } from './actions-import-targets.ts'

/** What a plan usually has, and the target that would bring it. */
const usual: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['vision', ['vision.title']],
  ['outcome', ['outcome.title']],
  ['owner', ['owner.post', 'owner.id']],
  ['baseline', ['target.base']],
  ['unit', ['indicator.unit']],
]

const maxListed = 20

export class ImportTally {
  #withoutOrganisation = 0
  #parts = 0
  #dimensions = new Set<string>()
  #durations = 0
  #continued = 0
  #withoutDirection = 0
  #withoutKind = 0
  #keepAssumed = 0
  #values = 0
  readonly #annualised = new Map<string, number>()
  /** Names by budget code, and codes by name, as the rows state them. */
  readonly #codes = new Map<string, Set<string>>()
  readonly #names = new Map<string, Set<string>>()
  #withoutCode = 0
  partsWithParent = 0
  /** Bodies made by the import. */
  readonly made: string[] = []

  /** Counts again from nothing what a round of saving counts. */
  beginRound(): void {
    this.partsWithParent = 0
    this.made.length = 0
  }

  row(values: Values, sources: Sources): void {
    const name = textOf(values['organisation.name']) ?? textOf(values['organisation.id'])
    if (name === null && (sources.all.has('organisation.name') || sources.all.has('organisation.id')))
      this.#withoutOrganisation += 1
    const code = textOf(values['organisation.budgetCode'])
    if (code === null) this.#withoutCode += 1
    else if (name !== null && this.#codes.size < 5000) {
      gather(this.#codes, code, name)
      gather(this.#names, name, code)
    }
    if (textOf(values['indicator.labelAbove']) !== null) this.#continued += 1
  }

  value(status: string, label: string): void {
    this.#values += 1
    if (status === 'annualised' && (this.#annualised.size < 500 || this.#annualised.has(label)))
      this.#annualised.set(label, (this.#annualised.get(label) ?? 0) + 1)
  }

  part(dimensions: readonly string[]): void {
    this.#parts += 1
    for (const dimension of dimensions) this.#dimensions.add(dimension)
  }

  indicator(
    fields: Partial<Record<IndicatorField, string | number | boolean>>,
    hasTarget: boolean,
    kindAssumed: boolean,
  ): void {
    if (fields.valueKind === 'duration') this.#durations += 1
    if (fields.valueKind === undefined) this.#withoutKind += 1
    if (fields.direction === undefined) this.#withoutDirection += 1
    if (hasTarget && kindAssumed) this.#keepAssumed += 1
  }

  notes(sources: Sources): Note[] {
    const notes: Note[] = []
    const add = (what: string, values: Record<string, string | number>) =>
      notes.push({ code: `indicators.import.note.${what}`, values })
    const some = (what: string, count: number, values: Record<string, string | number> = {}) => {
      if (count > 0) add(what, { count, ...values })
    }
    const isPlan = [...sources.all].some(
      (target) => target === 'objective.title' || /^(serviceArea|level\d)\./.test(target),
    )
    if (isPlan) {
      const lacking = usual.filter(([, ways]) => !ways.some((way) => sources.columns.has(way))).map(([what]) => what)
      for (const what of lacking) add(`lacks-${what}`, {})
      if (lacking.includes('outcome')) add('group-objectives', {})
    }
    some('no-organisation', this.#withoutOrganisation)
    some('organisations-made', this.made.length)
    some('parts', this.#parts, {
      dimensions: [...this.#dimensions].join(', '),
      withParent: this.partsWithParent,
      alone: this.#parts - this.partsWithParent,
    })
    some('durations', this.#durations)
    const labels = [...this.#annualised.keys()].sort()
    some(
      'annualised',
      [...this.#annualised.values()].reduce((sum, count) => sum + count, 0),
      { labels: listed(labels) },
    )
    some('continued', this.#continued)
    for (const [name, codes] of this.#names)
      if (codes.size > 1) add('several-codes', { name, codes: listed([...codes].sort()) })
    for (const [code, names] of this.#codes)
      if (names.size > 1) add('shared-code', { code, names: listed([...names].sort()) })
    if (this.#codes.size > 0) add('codes', { count: this.#codes.size, without: this.#withoutCode })
    if (isPlan) some('no-direction', this.#withoutDirection)
    else if (this.#withoutDirection > 0) add('series-drafts', {})
    if (isPlan) some('no-value-kind', this.#withoutKind)
    some('keep-assumed', this.#keepAssumed)
    const unused = [...sources.all].filter((target) => !isTarget(target)).sort()
    some('unused', unused.length, { targets: listed(unused) })
    return notes.slice(0, 60)
  }

  /** Every budget code that the rows state for a body, in order. */
  codesOf(name: string): string[] {
    return [...(this.#names.get(name) ?? [])].sort()
  }
}

function gather(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set<string>()
  map.set(key, set)
  if (set.size < 50) set.add(value)
}

const listed = (names: readonly string[]) =>
  names.length > maxListed ? `${names.slice(0, maxListed).join(', ')} …` : names.join(', ')
