/**
 * What follows from measurements, targets and breaks that somebody typed, and what is wrong with them: all problems
 * together, by line and field, nothing thrown.
 */
import type { FieldProblem } from '#kernel/problem.ts'
import type { EnteredRow } from '#platform/row-form.ts'
import { compareDecimals, roundDecimal } from '#values/decimal.ts'
import type { Day, Grain, PeriodOptions } from '#values/period.ts'
import {
  type BreakRow,
  directionOn,
  disagreement,
  isRatio,
  type MeasurementRow,
  type SeriesFacts,
  type TargetRow,
  valueFromParts,
} from './rules-series.ts'

type EntryFacts = SeriesFacts & {
  readonly fiscalStartMonth: number | null
  readonly fiscalNamedBy: 'start' | 'end' | null
}
type Entered<Row> = ReadonlyArray<EnteredRow<Row>>

const problem = (at: string, code: string, values?: Record<string, string | number>): FieldProblem => ({
  at: `/${at}`,
  code: `indicators.${code}`,
  ...(values ? { values } : {}),
})

/** The calendar an indicator counts by. */
export const periodOptions = (
  facts: Pick<EntryFacts, 'fiscalStartMonth' | 'fiscalNamedBy' | 'grain'>,
): PeriodOptions => ({
  ...(facts.fiscalStartMonth && facts.fiscalNamedBy
    ? { fiscal: { startMonth: facts.fiscalStartMonth, namedBy: facts.fiscalNamedBy } }
    : {}),
  ...(facts.grain && facts.grain !== 'custom' ? { grain: facts.grain as Exclude<Grain, 'custom'> } : {}),
})

/** Works out what follows from a share's two numbers; changing a value needs `why` and counts as a revision. */
export function completeMeasurements(
  facts: SeriesFacts,
  entered: Entered<MeasurementRow>,
  existing: readonly MeasurementRow[],
  context: { readonly why: string; readonly today: Day },
): FieldProblem[] {
  return entered.flatMap(({ line, before, row }) => {
    const problems = figuresOf(facts, line, row)
    const { from, to, label } = row
    if (to > context.today && (row.status === 'actual' || row.status === 'provisional'))
      problems.push(problem(`${line}/status`, 'period-not-over', { period: label }))
    const stood = before?.value ?? null
    const corrects = stood !== null && (row.value === null || compareDecimals(stood, row.value) !== 0)
    if (corrects && context.why === '') problems.push(problem('why', 'why-correct', { period: label, value: stood }))
    row.revision = (before?.revision ?? 1) + (corrects ? 1 : 0)
    // The place it leaves, and other lines of this form, are no obstacle: each is compared with what stays.
    const leaves = (each: MeasurementRow) =>
      entered.some((other) => other.before?.from === each.from && other.before.to === each.to)
    const crossing =
      row.status !== 'year-to-date' &&
      existing.find(
        (each) =>
          each.cell === row.cell &&
          each.status !== 'year-to-date' &&
          !(each.from === from && each.to === to) &&
          !leaves(each) &&
          each.from < to &&
          from < each.to,
      )
    if (crossing) problems.push(problem(`${line}/period`, 'period-crosses', { period: crossing.label }))
    return problems
  })
}

function figuresOf(facts: SeriesFacts, line: number, row: EnteredRow<MeasurementRow>['row']): FieldProblem[] {
  const { value, numerator = null, denominator = null } = row
  if ((numerator === null) !== (denominator === null))
    return [problem(`${line}/${numerator === null ? 'numerator' : 'denominator'}`, 'both-parts')]
  if (numerator === null || denominator === null || !isRatio(facts)) return []
  const computed = valueFromParts(facts, numerator, denominator)
  if (computed === null) return [problem(`${line}/denominator`, 'denominator-zero')]
  if (value !== null && disagreement(value, computed, facts.decimals) !== null)
    return [problem(`${line}/value`, 'parts-disagree', { computed: roundDecimal(computed, facts.decimals ?? 2) })]
  row.value = value ?? roundDecimal(computed, (facts.decimals ?? 2) + 6)
  return []
}

/** The figures a kind of target needs. */
const targetNeeds: Record<string, ReadonlyArray<'value' | 'dueOn' | 'base' | 'comparator'>> = {
  reach: ['value', 'dueOn'],
  keep: ['value'],
  range: [],
  change: ['value', 'base', 'dueOn'],
  'change-percent': ['value', 'base', 'dueOn'],
  cumulative: ['value', 'dueOn'],
  done: ['dueOn'],
  comparator: ['comparator'],
  gap: ['value', 'comparator'],
}

/** What a kind of target needs is there, and its days are in order. */
export const checkTargets = (entered: Entered<TargetRow>, today: Day): FieldProblem[] =>
  entered.flatMap(({ line, row }) => {
    const at = (field: string, code: string) => problem(`${line}/${field}`, code)
    const problems = (targetNeeds[row.targetKind] ?? [])
      .filter((name) => row[name] === null)
      .map((name) => at(name, `target-needs-${name}`))
    if (row.targetKind === 'range' && row.low === null && row.high === null)
      problems.push(at('low', 'target-needs-range'))
    if (row.low !== null && row.high !== null && compareDecimals(row.low, row.high) > 0)
      problems.push(at('high', 'range-turned-round'))
    if (row.targetKind === 'gap' && row.comparator !== null && row.comparator.split(' | ').length !== 2)
      problems.push(at('comparator', 'target-two-groups'))
    if (row.setOn > today) problems.push(at('setOn', 'set-in-future'))
    if (row.dueOn !== null && row.dueOn < row.from) problems.push(at('dueOn', 'due-before-start'))
    return problems
  })

/** A change of direction says which one holds from then on; the one until then is kept with it. */
export const completeBreaks = (
  entered: Entered<BreakRow>,
  facts: Pick<SeriesFacts, 'direction'>,
  existing: readonly BreakRow[],
): FieldProblem[] =>
  entered.flatMap(({ line, row }) => {
    if (row.breakKind !== 'direction') {
      row.direction = null
      return []
    }
    row.directionBefore = directionOn(row.on, facts.direction, existing)
    const problems: FieldProblem[] = []
    if (!row.direction) problems.push(problem(`${line}/direction`, 'break-needs-direction'))
    if (existing.some((each) => each.breakKind === 'direction' && each.on > row.on))
      problems.push(problem(`${line}/on`, 'direction-later-change'))
    return problems
  })
