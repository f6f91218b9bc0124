/** What is special about the tables of an indicator; how they are filled in, the forms of rows know. */
import { choice, text } from '#kernel/record.ts'
import { may } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { periodColumn } from '#pages/rows/index.ts'
import type { AppContext } from '#platform/page.ts'
import { type OfferedRow, type RowColumn, rowForm } from '#platform/row-form.ts'
import { todayOf } from '#platform/today.ts'
import { nextPeriod } from '#values/period.ts'
import { allRows, factsOf, type Indicator } from './queries-series.ts'
import { indicator } from './records.ts'
import { checkTargets, completeBreaks, completeMeasurements, periodOptions } from './rules-entry.ts'
import { type BreakRow, isRatio, judge, type MeasurementRow, type TargetRow } from './rules-series.ts'
import { cellWords, unitWords } from './rules-words.ts'

/** How many periods awaiting a value are offered together. */
const maxOffered = 6

const period = periodColumn<Indicator>({
  options: periodOptions,
  labelled: true,
  problem: ({ problem }, text, { grain }) => ({
    at: '',
    code: `indicators.period-${problem}`,
    values: { text: text.slice(0, 40), grain: (grain ?? '').replace('-', '_') },
  }),
})

/** The whole and every part that has values. */
const byCell = {
  field: 'cell',
  choices: async (ctx: AppContext, record: Indicator) => {
    const { say } = presenterOf(ctx)
    const { measurements } = await allRows(ctx, record.id)
    return [...new Set(['', ...measurements.map((row) => row.cell)])]
      .sort()
      .map((value) => ({ value, label: cellWords(value, say) }))
  },
}

/** Periods that are over and have no value, then the one that runs. */
async function waiting(ctx: AppContext, record: Indicator, cell: string): Promise<OfferedRow[]> {
  const { say } = presenterOf(ctx)
  const { due, grain } = judge(factsOf(record), await allRows(ctx, record.id), cell)
  const offered: OfferedRow[] = []
  for (let next = due?.period; next && grain !== 'custom' && offered.length < maxOffered; next = nextPeriod(next)) {
    const isOver = next.to <= todayOf(ctx)
    if (offered.length > 0 && !isOver) break
    const { from, to, label } = next
    offered.push({ row: { from, to, label }, lead: say(`indicators.entry.${isOver ? 'waits' : 'not-over'}`) })
  }
  return offered
}

const unitOf = (ctx: AppContext, record: Indicator) => unitWords(record as never, presenterOf(ctx).say, ctx.language)

/** A text that the reader of the page needs, whatever the rows of earlier times lack. */
const needed = (name: string): RowColumn<Indicator> => ({
  name,
  field: text({ max: 1000, localized: true, required: true }),
  writes: [name],
  shown: (_ctx, row) => row[name] ?? null,
  read: (value) => ({ values: { [name]: value } }),
})

/** Changing the direction changes the indicator itself, which not everybody who may note a break may do. */
const smallBreaks: RowColumn<Indicator> = {
  ...needed('breakKind'),
  field: choice(['definition', 'boundary', 'source'], { required: true }),
}

export const rowForms = [
  rowForm<Indicator, MeasurementRow>(indicator, 'measurement', {
    at: 'measurements',
    linked: true,
    newestFirst: true,
    lead: 'indicators.entry.lead',
    whyHint: 'indicators.entry.why-hint',
    columns: (record) => [
      period,
      ...(isRatio(factsOf(record)) ? ['numerator', 'denominator'] : []),
      'value',
      'status',
      'note',
    ],
    words: (ctx, record) => {
      const { plain, say } = presenterOf(ctx)
      const hint = [unitOf(ctx, record), ...(isRatio(factsOf(record)) ? [say('indicators.entry.value-hint')] : [])]
      const part = (name: 'numerator' | 'denominator') =>
        record[name] ? { [name]: { label: plain(record[name]) } } : {}
      return { ...part('numerator'), ...part('denominator'), value: { hint: hint.filter(Boolean).join(' · ') } }
    },
    percent: ({ unit, valueKind }) => (unit === '%' || valueKind === 'percent' ? ['value'] : []),
    narrow: byCell,
    starts: () => ({ status: 'actual' }),
    offer: waiting,
    complete: async (ctx, record, rows, { why }) => {
      const { measurements } = await allRows(ctx, record.id)
      return completeMeasurements(factsOf(record), rows, measurements, { why, today: todayOf(ctx) })
    },
  }),
  rowForm<Indicator, TargetRow>(indicator, 'target', {
    at: 'targets',
    linked: true,
    newestFirst: true,
    addsOnly: true,
    lead: 'indicators.entry.target-lead',
    reasonIn: 'why',
    columns: () => [
      'targetKind',
      'value',
      'low',
      'high',
      'base',
      'comparator',
      'from',
      'dueOn',
      'setOn',
      needed('why'),
    ],
    words: (ctx, record) => {
      const { say } = presenterOf(ctx)
      const said = (name: string) => ({ hint: say(`indicators.entry.target-${name}-hint`) })
      return {
        value: { hint: [unitOf(ctx, record), said('value').hint].filter(Boolean).join(' · ') },
        low: said('range'),
        base: said('base'),
        comparator: { hint: say('indicators.entry.comparator-hint') },
        from: said('from'),
        dueOn: said('due'),
        setOn: said('set'),
        why: said('why'),
      }
    },
    narrow: byCell,
    starts: (ctx) => ({ setOn: todayOf(ctx) }),
    complete: async (ctx, _record, rows) => checkTargets(rows, todayOf(ctx)),
  }),
  rowForm<Indicator, BreakRow>(indicator, 'break', {
    at: 'breaks',
    linked: true,
    newestFirst: true,
    addsOnly: true,
    lead: 'indicators.entry.break-lead',
    reasonIn: 'reason',
    columns: (record, ctx) =>
      may(ctx, 'change', record) ? ['breakKind', 'on', 'direction', 'reason'] : [smallBreaks, 'on', 'reason'],
    words: (ctx, record) => {
      const { say, choice } = presenterOf(ctx)
      const now = choice(indicator.kind, 'direction', record.direction ?? 'not-agreed')
      return { direction: { hint: say('indicators.entry.direction-hint', { now }) } }
    },
    complete: async (ctx, record, rows) =>
      completeBreaks(rows, factsOf(record), (await allRows(ctx, record.id)).breaks),
    alsoSets: (_record, rows) => {
      const turned = rows.find((row) => row.breakKind === 'direction')?.direction
      return turned ? { direction: turned } : {}
    },
  }),
]
