/** From the values of a row to what it says about organisations, plans, objectives and indicators. */
import { createHash } from 'node:crypto'
import type { ImportProblem, ReadRow } from '#platform/imports/index.ts'
import {
  type ConvertedRow,
  type ExternalId,
  type Profile,
  type Row,
  usualNumberFormat,
  type Values,
} from '#platform/tabular/index.ts'
import { isReadDecimal, parseDecimal } from '#values/decimal.ts'
import {
  type IndicatorContent,
  type LevelContent,
  type MeasurementContent,
  type OrganisationContent,
  type OutcomeContent,
  type PlanContent,
  steps,
  type TargetContent,
} from './actions-import-content.ts'
import type { ImportTally } from './actions-import-notes.ts'
import {
  fieldsOf,
  levelNames,
  organisationOf,
  periodOf,
  type Sources,
  sourcesOf,
  textOf,
} from './actions-import-targets.ts'
import { cellOf, membersOf } from './rules.ts'

type Item = ReadRow['items'][number]
const problem = (
  code: string,
  row: number,
  column: string | null,
  values: Record<string, string | number> = {},
): ImportProblem => ({ code, row, column, values })

/** Keys stay short enough for an index, whatever a file writes. */
const keyOf = (text: string) =>
  text.length <= 300 ? text : `${text.slice(0, 200)}…${createHash('sha256').update(text).digest('hex').slice(0, 24)}`

const hashed = (...parts: Array<string | null>) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)

/** Reads rows one after the other. Keeps nothing of them but what it counts. */
export class RowReader {
  readonly sources: Sources
  /** Parents that parts of a breakdown ask for, by organisation and title. */
  readonly parents = new Set<string>()
  readonly #profile: Profile
  readonly #tally: ImportTally
  readonly #at: ReadonlyMap<string, number>
  readonly #levels: readonly string[]

  constructor(profile: Profile, header: readonly string[], tally: ImportTally) {
    this.#profile = profile
    this.#tally = tally
    this.sources = sourcesOf(profile)
    this.#at = new Map(header.map((name, index) => [name, index]))
    this.#levels = levelNames.filter(
      (level) => this.sources.all.has(`${level}.title`) || this.sources.all.has(`${level}.id`),
    )
  }

  /** Names of the plan's levels: as the profile says, else the names of the columns they stand in. */
  get levelNames(): string[] {
    const stated = textOf(this.#profile.constants?.['plan.levels'])
    if (stated) return stated.split(/\s*[;；]\s*/).filter((name) => name !== '')
    return this.#levels.map((level) => this.#column(`${level}.title`) ?? level)
  }

  read(row: Row, converted: ConvertedRow): ReadRow {
    const items: Item[] = []
    const problems: ImportProblem[] = []
    const line = row.number
    const { values } = converted
    this.#tally.row(values, this.sources)
    const organisation = this.#organisation(values, line, items)
    const plan = this.#plan(values, line, items)
    const outcome = this.#outcome(values, line, plan, items)
    const level = this.#path(values, line, { plan, outcome, organisation }, items)
    const above = { organisation, outcome, level }
    for (const record of this.#records(row, converted, problems)) {
      const content = this.#indicator(record, line, above, problems)
      if (content) items.push(this.#item(content, record.id, line))
    }
    return { items, problems }
  }

  /** The indicators of a row: its own, and those that a column makes of it. */
  #records(row: Row, converted: ConvertedRow, problems: ImportProblem[]) {
    const { values, externalId, parts, number } = converted
    const columns = this.sources.columns
    const own: Array<{ id: ExternalId; values: Values; measurements: MeasurementContent[] }> = []
    const add = (id: ExternalId | null, of: Values, measured: Array<{ column: string; values: Values }>) => {
      if (!id) return
      const known = own.find((each) => each.id.id === id.id)
      const record = known ?? { id, values: of, measurements: [] }
      if (!known) own.push(record)
      for (const each of measured) {
        const measurement = this.#measurement(row, each.column, each.values, problems)
        if (measurement) record.measurements.push(measurement)
      }
    }
    const shared = parts.filter((part) => part.externalId === null)
    const single = parts.length === 0 && columns.has('measurement.value')
    // A row whose every part is an indicator of its own has none beside them.
    if (shared.length > 0 || parts.length === 0)
      add(
        externalId,
        values,
        single
          ? [{ column: columns.get('measurement.value')!, values }]
          : shared.map((part) => ({ column: part.column, values: { ...values, ...part.values } })),
      )
    for (const part of parts)
      if (part.externalId) {
        const of = { ...values, ...part.values }
        add(part.externalId, of, [{ column: part.column, values: of }])
      }
    if (!externalId && !this.#profile.externalId)
      problems.push(problem('row.no-identifier', number, null, { name: '' }))
    return own
  }

  #measurement(row: Row, column: string, values: Values, problems: ImportProblem[]): MeasurementContent | null {
    const text = (name: string) => textOf(values[`measurement.${name}`])
    const value = text('value')
    if (value === null && text('numerator') === null) return null
    const period = periodOf(values['measurement.period'], this.#profile)
    if (period === null || period === 'bad') {
      // A cell that could not be read was told as such.
      if (!('measurement.period' in values) && this.sources.all.has('measurement.period')) return null
      problems.push(problem('import.no-period', row.number, this.#column('measurement.period') ?? column))
      return null
    }
    const cell = this.#cell(values)
    if (cell.length > 200) problems.push(problem('import.cell-too-long', row.number, column, { limit: 200 }))
    const raw = (row.cells[this.#at.get(column) ?? -1] ?? '').trim()
    const status = text('status') ?? 'actual'
    this.#tally.value(status, period.label)
    return {
      column,
      cell,
      from: period.from,
      to: period.to,
      label: period.label,
      grain: period.grain,
      value,
      numerator: text('numerator'),
      denominator: text('denominator'),
      status,
      note: text('note'),
      raw: this.#isConverted(raw, value) ? raw.slice(0, 100) : null,
    }
  }

  /** Was the cell turned into another number (a duration into seconds), so that it has to be kept as it stood? */
  #isConverted(raw: string, value: string | null): boolean {
    if (raw === '' || value === null || raw === value) return false
    const read = parseDecimal(raw, this.#profile.numberFormat ?? usualNumberFormat)
    return !isReadDecimal(read) || read.value !== value
  }

  /** Members of dimensions that are columns of the file; those split from a label make a part of its own. */
  #cell(values: Values): string {
    const members: Record<string, string> = { ...membersOf(textOf(values['measurement.breakdown']) ?? '') }
    for (const [target, value] of Object.entries(values))
      if (target.startsWith('breakdown.') && !this.sources.split.has(target))
        members[target.slice('breakdown.'.length)] = textOf(value) ?? ''
    return cellOf(members)
  }

  #indicator(
    record: { id: ExternalId; values: Values; measurements: readonly MeasurementContent[] },
    line: number,
    above: { organisation: string | null; outcome: string | null; level: string | null },
    problems: ImportProblem[],
  ): IndicatorContent | null {
    const { values, id } = record
    const { labelAbove, ...fields } = { ...fieldsOf(values), labelAbove: textOf(values['indicator.labelAbove']) }
    const split: Record<string, string> = {}
    for (const target of this.sources.split)
      if (target.startsWith('breakdown.')) {
        const member = textOf(values[target])
        if (member !== null) split[target.slice('breakdown.'.length)] = member
      }
    const cell = cellOf(split)
    const title = typeof fields.title === 'string' ? fields.title : null
    const of = `${above.organisation ?? ''}|${title ?? ''}`
    if (cell !== '' && title !== null) {
      fields.title = `${title} - ${Object.values(split).join(', ')}`
      if (this.parents.size < 10_000) this.parents.add(of)
      this.#tally.part(Object.keys(split))
    } else if (labelAbove !== null && title !== null) {
      const joined = `${labelAbove} – ${title.replace(/^[-–—\s]+/, '')}`
      if (joined.length <= 400) fields.title = joined
    }
    if (typeof fields.unit === 'string' && !/^[!-~]{1,60}$/.test(fields.unit))
      problems.push(problem('import.not-a-unit', line, this.#column('indicator.unit'), { text: fields.unit }))
    const target = this.#target(values, line, problems)
    const owner = { id: textOf(values['owner.id']), post: textOf(values['owner.post']) }
    this.#tally.indicator(fields, target !== null, target !== null && textOf(values['target.kind']) === null)
    return {
      id: id.id,
      fields,
      ...above,
      owner: owner.id === null && owner.post === null ? null : owner,
      part: cell === '' ? null : { of, cell },
      measurements: record.measurements,
      targets: target ? [target] : [],
    }
  }

  #target(values: Values, line: number, problems: ImportProblem[]): TargetContent | null {
    const text = (name: string) => textOf(values[`target.${name}`])
    const [value, low, high] = [text('value'), text('low'), text('high')]
    const kind = text('kind')
    const column = this.#column('target.value') ?? this.#column('target.kind') ?? null
    const states = value !== null || low !== null || high !== null || kind === 'done'
    if (!states) {
      // A kind in the row itself announces a target; one in the profile speaks of all rows.
      if (kind !== null && this.sources.columns.has('target.kind') && kind !== 'range')
        problems.push(problem('import.target-without-value', line, column, { kind }))
      else if (kind === 'range' && this.sources.columns.has('target.kind')) return this.#range(values, line, problems)
      return null
    }
    const period = periodOf(values['target.period'], this.#profile)
    if (period === 'bad') problems.push(problem('import.no-period', line, this.#column('target.period')))
    const from = text('from') ?? (period !== null && period !== 'bad' ? period.from : null) ?? text('setOn')
    if (from === null) {
      problems.push(problem('import.target-without-start', line, column))
      return null
    }
    return {
      column: column ?? '',
      cell: '',
      targetKind: kind ?? 'keep',
      from,
      setOn: text('setOn') ?? from,
      value,
      base: text('base'),
      low,
      high,
      dueOn: text('dueOn'),
      comparator: text('comparator'),
      why: text('why'),
    }
  }

  /** A range target takes the good range of the indicator where it states no ends of its own. */
  #range(values: Values, line: number, problems: ImportProblem[]): TargetContent | null {
    const low = textOf(values['indicator.rangeLow'])
    const high = textOf(values['indicator.rangeHigh'])
    if (low === null && high === null) {
      problems.push(problem('import.target-without-value', line, this.#column('target.kind'), { kind: 'range' }))
      return null
    }
    return this.#target({ ...values, 'target.low': low, 'target.high': high }, line, problems)
  }

  #item(content: IndicatorContent, id: ExternalId, line: number): Item {
    const [only, ...others] = content.measurements
    // In a long table a row is one value of a period; in a wide one it is the record, or one cell of it.
    const perPeriod = this.sources.columns.has('measurement.period')
    const slot = only && others.length === 0 && perPeriod ? `${only.cell}|${only.from}|${only.to}` : (only?.cell ?? '')
    return { step: content.part ? steps.part : steps.indicator, key: keyOf(id.id), slot: keyOf(slot), line, content }
  }

  #organisation(values: Values, line: number, items: Item[]): string | null {
    const id = textOf(values['organisation.id'])
    const name = textOf(values['organisation.name'])
    if (id === null && name === null) return null
    const key = keyOf(id !== null ? `id:${id}` : `name:${name!.toLowerCase()}`)
    const content: OrganisationContent = {
      id: id ?? name!,
      name: name ?? id!,
      named: id !== null && name !== null,
      fields: organisationOf(values),
    }
    items.push({ step: steps.organisation, key, slot: hashed(JSON.stringify(content)), line, content, shared: true })
    return key
  }

  #plan(values: Values, line: number, items: Item[]): string | null {
    const title = textOf(values['plan.title'])
    if (title === null) return null
    const content: PlanContent = {
      title,
      levels: this.levelNames,
      from: textOf(values['plan.from']),
      to: textOf(values['plan.to']),
    }
    items.push({ step: steps.plan, key: keyOf(title), slot: '', line, content, shared: true })
    return keyOf(title)
  }

  #outcome(values: Values, line: number, plan: string | null, items: Item[]): string | null {
    const id = textOf(values['outcome.id'])
    const title = textOf(values['outcome.title'])
    if (title === null && id === null) return null
    const key = keyOf(id ?? `outcome/${hashed(plan, title)}`)
    const content: OutcomeContent = {
      id: key,
      title: title ?? id!,
      named: id !== null && title !== null,
      description: textOf(values['outcome.description']),
      plan,
    }
    items.push({ step: steps.outcome, key, slot: '', line, content, shared: true })
    return key
  }

  /** Objectives from the top level down; the key of the deepest. */
  #path(
    values: Values,
    line: number,
    above: { plan: string | null; outcome: string | null; organisation: string | null },
    items: Item[],
  ): string | null {
    let under: string | null = null
    const path: string[] = []
    for (const [index, name] of this.#levels.entries()) {
      const stated = textOf(values[`${name}.title`])
      const id = textOf(values[`${name}.id`])
      const title = stated ?? id
      if (title === null) continue
      path.push(title)
      const key = keyOf(id ?? `${name}/${hashed(above.plan, above.organisation, ...path)}`)
      const content: LevelContent = {
        id: key,
        title,
        named: id !== null && stated !== null,
        known: stated === null,
        description: textOf(values[`${name}.description`]),
        plan: above.plan,
        organisation: above.organisation,
        level: index + 1,
        under,
        outcome: under === null ? above.outcome : null,
      }
      items.push({ step: steps.level + index, key, slot: '', line, content, shared: true })
      under = key
    }
    return under
  }

  #column(target: string): string | null {
    return this.sources.columns.get(target) ?? null
  }
}
