/** From the values of a row to what it says about indicators, their values and targets. */
import { cellOf, membersOf } from '#analysis/breakdown.ts'
import {
  type ImportProblem,
  type KeyOf,
  type MappedColumns,
  type MappedTable,
  type ReadRow,
  stagedKey,
  textOf,
} from '#platform/imports/index.ts'
import type { ConvertedRow, ExternalId, Profile, Row, Values } from '#platform/tabular/index.ts'
import { usualNumberFormat } from '#platform/tabular/index.ts'
import { isReadDecimal, parseDecimal } from '#values/decimal.ts'
import { type IndicatorContent, type MeasurementContent, steps, type TargetContent } from './actions-import-content.ts'
import type { ImportTally } from './actions-import-notes.ts'
import { fieldsOf, periodOf } from './actions-import-targets.ts'

type Item = ReadRow['items'][number]
const problem = (
  code: string,
  row: number,
  column: string | null,
  values: Record<string, string | number> = {},
): ImportProblem => ({ code, row, column, values })

/** Keys of the records that a row names. */
type Above = Pick<IndicatorContent, 'organisation' | 'outcome' | 'objective'>

/** Reads rows one by one. Keeps only counts. */
export class RowReader {
  readonly mapped: MappedColumns
  /** Parents of breakdown parts, by organisation and title. */
  readonly parents = new Set<string>()
  readonly #profile: Profile
  readonly #tally: ImportTally
  readonly #at: ReadonlyMap<string, number>

  constructor({ profile, header, mapped }: MappedTable, tally: ImportTally) {
    this.#profile = profile
    this.#tally = tally
    this.mapped = mapped
    this.#at = new Map(header.map((name, index) => [name, index]))
  }

  read(row: Row, converted: ConvertedRow, keyOf: KeyOf): ReadRow {
    const problems: ImportProblem[] = []
    this.#tally.row(converted.values)
    const above = { organisation: keyOf('organisation'), outcome: keyOf('outcome'), objective: keyOf('objective') }
    const items = this.#records(row, converted, problems).map((record) =>
      this.#item(this.#indicator(record, row.number, above, problems), record.id, row.number),
    )
    return { items, problems }
  }

  /** The indicators of a row: its own, and those that columns create from it. */
  #records(row: Row, converted: ConvertedRow, problems: ImportProblem[]) {
    const { values, externalId, parts, number } = converted
    const { columns } = this.mapped
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
    // A row in which every part is a separate indicator has none of its own.
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
      // An unreadable cell has already been reported.
      if (!('measurement.period' in values) && this.mapped.all.has('measurement.period')) return null
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

  /** Was the cell converted to another number (a duration to seconds), so that the original must be kept? */
  #isConverted(raw: string, value: string | null): boolean {
    if (raw === '' || value === null || raw === value) return false
    const read = parseDecimal(raw, this.#profile.numberFormat ?? usualNumberFormat)
    return !isReadDecimal(read) || read.value !== value
  }

  /** Members of dimensions that are columns of the file; those split from a label form a separate part. */
  #cell(values: Values): string {
    const members: Record<string, string> = { ...membersOf(textOf(values['measurement.breakdown']) ?? '') }
    for (const [target, value] of Object.entries(values))
      if (target.startsWith('breakdown.') && !this.mapped.split.has(target))
        members[target.slice('breakdown.'.length)] = textOf(value) ?? ''
    return cellOf(members)
  }

  #indicator(
    record: { id: ExternalId; values: Values; measurements: readonly MeasurementContent[] },
    line: number,
    above: Above,
    problems: ImportProblem[],
  ): IndicatorContent {
    const { values, id } = record
    const { labelAbove, ...fields } = { ...fieldsOf(values), labelAbove: textOf(values['indicator.labelAbove']) }
    const split: Record<string, string> = {}
    for (const target of this.mapped.split)
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
      // A kind in the row itself announces a target; one in the profile applies to all rows.
      if (kind !== null && this.mapped.columns.has('target.kind') && kind !== 'range')
        problems.push(problem('import.target-without-value', line, column, { kind }))
      else if (kind === 'range' && this.mapped.columns.has('target.kind')) return this.#range(values, line, problems)
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

  /** A range target without ends of its own takes the indicator's good range. */
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
    const perPeriod = this.mapped.columns.has('measurement.period')
    const slot = only && others.length === 0 && perPeriod ? `${only.cell}|${only.from}|${only.to}` : (only?.cell ?? '')
    return {
      step: content.part ? steps.part : steps.indicator,
      key: stagedKey(id.id),
      slot: stagedKey(slot),
      line,
      content,
    }
  }

  #column(target: string): string | null {
    return this.mapped.columns.get(target) ?? null
  }
}
