/** What an import reports about the whole file, counted while it streams past. */

import { type MappedColumns, type Note, textOf } from '#platform/imports/index.ts'
import type { Values } from '#platform/tabular/index.ts'
import type { IndicatorField } from './actions-import-targets.ts'

/** What a plan usually has, and the column that would supply it. */
const usual: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['vision', ['vision.title']],
  ['outcome', ['outcome.title']],
  ['owner', ['owner.post', 'owner.id']],
  ['baseline', ['target.base']],
  ['unit', ['indicator.unit']],
]

const maxListed = 20

export class ImportTally {
  #parts = 0
  #dimensions = new Set<string>()
  #durations = 0
  #continued = 0
  #withoutDirection = 0
  #withoutKind = 0
  #keepAssumed = 0
  #values = 0
  readonly #annualised = new Map<string, number>()
  /** Recounted in each round of saving. */
  partsWithParent = 0

  row(values: Values): void {
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

  /** `knows` says which meanings are used, by the indicator or by what its row names. */
  notes(mapped: MappedColumns, knows: (to: string) => boolean): Note[] {
    const notes: Note[] = []
    const add = (what: string, values: Record<string, string | number>) =>
      notes.push({ code: `indicators.import.note.${what}`, values })
    const some = (what: string, count: number, values: Record<string, string | number> = {}) => {
      if (count > 0) add(what, { count, ...values })
    }
    const isPlan = [...mapped.all].some(
      (target) => target === 'objective.title' || /^(serviceArea|level\d)\./.test(target),
    )
    if (isPlan) {
      const lacking = usual.filter(([, ways]) => !ways.some((way) => mapped.columns.has(way))).map(([what]) => what)
      for (const what of lacking) add(`lacks-${what}`, {})
      if (lacking.includes('outcome')) add('group-objectives', {})
    }
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
    if (isPlan) some('no-direction', this.#withoutDirection)
    else if (this.#withoutDirection > 0) add('series-drafts', {})
    if (isPlan) some('no-value-kind', this.#withoutKind)
    some('keep-assumed', this.#keepAssumed)
    const unused = [...mapped.all].filter((target) => !knows(target)).sort()
    some('unused', unused.length, { targets: listed(unused) })
    return notes.slice(0, 60)
  }
}

const listed = (names: readonly string[]) =>
  names.length > maxListed ? `${names.slice(0, maxListed).join(', ')} …` : names.join(', ')
