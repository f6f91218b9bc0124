/**
 * Reads what somebody typed about measurements, targets and breaks; all problems together, by field, nothing thrown.
 */

import type { FieldProblem } from '#kernel/problem.ts'
import { compareDecimals, type Decimal, isReadDecimal, parseDecimal, roundDecimal } from '#values/decimal.ts'
import { type Day, type Grain, isDay, isPeriod, type Period, parsePeriod } from '#values/period.ts'
import { statuses, targetKinds } from './records.ts'
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

export type EntryFacts = SeriesFacts & {
  readonly fiscalStartMonth: number | null
  readonly fiscalNamedBy: 'start' | 'end' | null
}

/** A line of the form as typed; `at` is its place, '0', '1', … */
export type MeasurementInput = {
  readonly at: string
  readonly period: string
  readonly value: string
  readonly numerator: string
  readonly denominator: string
  readonly status: string
  readonly note: string
}

export type EnteredMeasurement = Omit<MeasurementRow, 'id' | 'raw' | 'note'> & { readonly note: string | null }
export type Read<Value> = { readonly rows: Value[]; readonly problems: FieldProblem[] }

const problem = (field: string, code: string, values?: Record<string, string | number>): FieldProblem => ({
  at: `/${field}`,
  code: `indicators.${code}`,
  ...(values ? { values } : {}),
})

/** A number as people type it: 1234.5 or 1,234.5, with or without a percent sign. */
export function readNumber(text: string): Decimal | null | 'wrong' {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return null
  const read = parseDecimal(typed, '1,234.5')
  return isReadDecimal(read) ? read.value : 'wrong'
}

export const periodOptions = (facts: EntryFacts) => ({
  ...(facts.fiscalStartMonth && facts.fiscalNamedBy
    ? { fiscal: { startMonth: facts.fiscalStartMonth, namedBy: facts.fiscalNamedBy } }
    : {}),
  ...(facts.grain && facts.grain !== 'custom' ? { grain: facts.grain as Exclude<Grain, 'custom'> } : {}),
})

/** Reads the lines of the form; empty lines are left out. Changing an existing value needs `why`. */
export function readMeasurements(
  facts: EntryFacts,
  typed: readonly MeasurementInput[],
  cell: string,
  existing: readonly MeasurementRow[],
  context: { readonly why: string; readonly today: Day },
): Read<EnteredMeasurement> {
  const rows: EnteredMeasurement[] = []
  const problems: FieldProblem[] = []
  const seen = new Set<string>()
  for (const line of typed) {
    const filled = [line.value, line.numerator, line.denominator].some((text) => text.trim() !== '')
    if (!filled && line.note.trim() === '') continue
    const here = (field: string) => `${field}.${line.at}`
    const period = readPeriod(facts, line.period, here('period'), problems)
    const figures = readFigures(facts, line, here, problems)
    const status = (statuses as readonly string[]).includes(line.status)
      ? (line.status as MeasurementRow['status'])
      : 'actual'
    if (!period || !figures) continue
    const slot = `${period.from} ${period.to}`
    if (seen.has(slot)) problems.push(problem(here('period'), 'period-twice', { period: period.label }))
    seen.add(slot)
    if (period.to > context.today && (status === 'actual' || status === 'provisional'))
      problems.push(problem(here('status'), 'period-not-over', { period: period.label }))
    const there = existing.find((row) => row.cell === cell && row.from === period.from && row.to === period.to)
    const corrects = there !== undefined && there.value !== null && !sameFigures(there, figures)
    if (corrects && context.why.trim() === '')
      problems.push(problem('why', 'why-correct', { period: period.label, value: there.value! }))
    const crossing =
      !there &&
      status !== 'year-to-date' &&
      existing.find(
        (row) => row.cell === cell && row.status !== 'year-to-date' && row.from < period.to && period.from < row.to,
      )
    if (crossing) problems.push(problem(here('period'), 'period-crosses', { period: crossing.label }))
    rows.push({
      cell,
      from: period.from,
      to: period.to,
      label: there?.label ?? period.label,
      ...figures,
      status,
      note: line.note.trim() || null,
      revision: corrects ? (there.revision ?? 1) + 1 : (there?.revision ?? 1),
    })
  }
  if (typed.length > 0 && rows.length === 0 && problems.length === 0) problems.push(problem('value.0', 'nothing-typed'))
  return { rows, problems }
}

const sameFigures = (row: MeasurementRow, figures: Figures) =>
  row.value !== null && figures.value !== null && compareDecimals(row.value, figures.value) === 0

function readPeriod(facts: EntryFacts, text: string, field: string, problems: FieldProblem[]): Period | null {
  const read = parsePeriod(text, periodOptions(facts))
  if (read === null) problems.push(problem(field, 'period-missing'))
  else if (isPeriod(read)) return read
  else problems.push(problem(field, `period-${read.problem}`, { text, grain: (facts.grain ?? '').replace('-', '_') }))
  return null
}

type Figures = { value: Decimal | null; numerator: Decimal | null; denominator: Decimal | null }

function readFigures(
  facts: EntryFacts,
  line: MeasurementInput,
  here: (field: string) => string,
  problems: FieldProblem[],
): Figures | null {
  const before = problems.length
  const read = (name: 'value' | 'numerator' | 'denominator') => {
    const number = readNumber(line[name])
    if (number === 'wrong') problems.push(problem(here(name), 'not-a-number', { text: line[name].slice(0, 40) }))
    return number === 'wrong' ? null : number
  }
  const [value, numerator, denominator] = [read('value'), read('numerator'), read('denominator')]
  if (problems.length > before) return null
  if ((numerator === null) !== (denominator === null)) {
    problems.push(problem(here(numerator === null ? 'numerator' : 'denominator'), 'both-parts'))
    return null
  }
  if (numerator === null || denominator === null || !isRatio(facts)) return { value, numerator, denominator }
  const computed = valueFromParts(facts, numerator, denominator)
  if (computed === null) {
    problems.push(problem(here('denominator'), 'denominator-zero'))
    return null
  }
  if (value !== null && disagreement(value, computed, facts.decimals) !== null) {
    problems.push(problem(here('value'), 'parts-disagree', { computed: roundDecimal(computed, facts.decimals ?? 2) }))
    return null
  }
  return { value: value ?? roundDecimal(computed, (facts.decimals ?? 2) + 6), numerator, denominator }
}

export type FormValues = Readonly<Record<string, string>>
export type EnteredTarget = Omit<TargetRow, 'why'> & { readonly why: string }

/** The figures a kind of target needs. */
export const targetNeeds: Record<string, readonly string[]> = {
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

/** Reads a new target. It is added to earlier ones and rewrites none of them. */
export function readTarget(
  typed: FormValues,
  existing: readonly TargetRow[],
  today: Day,
): { target: EnteredTarget | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const text = (name: string) => (typed[name] ?? '').trim()
  const number = (name: string) => {
    const read = readNumber(text(name))
    if (read === 'wrong') problems.push(problem(name, 'not-a-number', { text: text(name).slice(0, 40) }))
    return read === 'wrong' ? null : read
  }
  const day = (name: string) => {
    if (text(name) === '') return null
    if (isDay(text(name))) return text(name)
    problems.push(problem(name, 'not-a-day', { text: text(name).slice(0, 40) }))
    return null
  }
  const targetKind = text('targetKind')
  if (!(targetKinds as readonly string[]).includes(targetKind)) problems.push(problem('targetKind', 'target-kind'))
  const figures = { value: number('value'), low: number('low'), high: number('high'), base: number('base') }
  const days = { from: day('from'), dueOn: day('dueOn'), setOn: day('setOn') }
  const comparator = text('comparator') || null
  for (const name of targetNeeds[targetKind] ?? [])
    if (text(name) === '') problems.push(problem(name, `target-needs-${name}`))
  if (targetKind === 'range' && figures.low === null && figures.high === null && text('low') + text('high') === '')
    problems.push(problem('low', 'target-needs-range'))
  if (figures.low !== null && figures.high !== null && compareDecimals(figures.low, figures.high) > 0)
    problems.push(problem('high', 'range-turned-round'))
  if (targetKind === 'gap' && comparator !== null && comparator.split(' | ').length !== 2)
    problems.push(problem('comparator', 'target-two-groups'))
  for (const name of ['from', 'setOn'] as const)
    if (text(name) === '') problems.push(problem(name, `target-needs-${name}`))
  if (days.setOn && days.setOn > today) problems.push(problem('setOn', 'set-in-future'))
  if (days.from && days.dueOn && days.dueOn < days.from) problems.push(problem('dueOn', 'due-before-start'))
  const why = text('why')
  if (why === '') problems.push(problem('why', 'why-target'))
  const cell = text('cell')
  const same = existing.some(
    (row) => row.cell === cell && row.targetKind === targetKind && row.from === days.from && row.setOn === days.setOn,
  )
  if (same) problems.push(problem('setOn', 'target-already'))
  if (problems.length > 0 || !days.from || !days.setOn) return { target: null, problems }
  return {
    target: { cell, targetKind, ...figures, from: days.from, dueOn: days.dueOn, setOn: days.setOn, comparator, why },
    problems,
  }
}

export type EnteredBreak = Omit<BreakRow, 'reason'> & { readonly reason: string }

/** Reads a break, or a change of direction; the direction until then is kept with it. */
export function readBreak(
  typed: FormValues,
  facts: Pick<SeriesFacts, 'direction'>,
  existing: readonly BreakRow[],
): { entered: EnteredBreak | null; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const on = (typed.on ?? '').trim()
  if (on === '') problems.push(problem('on', 'break-needs-day'))
  else if (!isDay(on)) problems.push(problem('on', 'not-a-day', { text: String(on).slice(0, 40) }))
  const breakKind = typed.breakKind ?? ''
  if (!['definition', 'boundary', 'source', 'direction'].includes(breakKind))
    problems.push(problem('breakKind', 'break-kind'))
  const reason = (typed.reason ?? '').trim()
  if (reason === '') problems.push(problem('reason', 'break-needs-reason'))
  const direction = breakKind === 'direction' ? ((typed.direction ?? '') as BreakRow['direction']) : null
  if (breakKind === 'direction' && !direction) problems.push(problem('direction', 'break-needs-direction'))
  if (existing.some((row) => row.on === on)) problems.push(problem('on', 'break-already'))
  if (breakKind === 'direction' && existing.some((row) => row.breakKind === 'direction' && row.on > on))
    problems.push(problem('on', 'direction-later-change'))
  if (problems.length > 0) return { entered: null, problems }
  const directionBefore = breakKind === 'direction' ? directionOn(on, facts.direction, existing) : null
  return { entered: { on, breakKind, direction, directionBefore, reason }, problems }
}
