/** A period of a row, stored as its days and its label and typed as one text: 2026-Q2, March 2026. */
import type { ValueProblem } from '#kernel/fields/field.ts'
import { type AnyRecord, text } from '#kernel/record.ts'
import type { RowColumn } from '#platform/row-form.ts'
import { isPeriod, type PeriodOptions, type PeriodProblem, parsePeriod } from '#values/period.ts'
import { type PeriodRow, presenterOf } from '../presenter.ts'

type PeriodColumnOptions<Shown> = {
  /** The calendar the record counts by. */
  readonly options?: (record: Shown) => PeriodOptions
  /** The row says its label even where its days say no more than themselves. */
  readonly labelled?: boolean
  /** What is wrong with a text, in the room's words. */
  readonly problem?: (problem: PeriodProblem, text: string, record: Shown) => ValueProblem
}

/** The column `period`, which fills `from`, `to` and `label`. */
export const periodColumn = <Shown = AnyRecord>({
  options = () => ({}),
  labelled = false,
  problem = () => ({ at: '', code: 'field.not-a-period' }),
}: PeriodColumnOptions<Shown> = {}): RowColumn<Shown> => ({
  name: 'period',
  field: text({ max: 60, required: true }),
  label: 'web.chart.period',
  hint: 'web.part.period.hint',
  writes: ['from', 'to', 'label'],
  shown: (ctx, row, record) => {
    if (!row.from || !row.to) return null
    const period = row as unknown as PeriodRow
    const written = presenterOf(ctx).period(period)
    const read = parsePeriod(written, options(record))
    // A label that the reader's words would not give back (a fiscal year of another calendar) is shown as it is.
    return read && isPeriod(read) && read.from === row.from && read.to === row.to ? written : (period.label ?? written)
  },
  read: (value, { record, before }) => {
    const read = parsePeriod(String(value), options(record))
    if (read === null) return { problems: [{ at: '', code: 'field.required' }] }
    if (!isPeriod(read)) {
      if (before?.label === value) return { values: {} }
      return { problems: [problem(read, String(value), record)] }
    }
    if (before?.from === read.from && before.to === read.to) return { values: {} }
    const label = read.grain === 'custom' && !labelled ? null : read.label
    return { values: { from: read.from, to: read.to, label } }
  },
})
