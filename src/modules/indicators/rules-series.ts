/**
 * From stored rows to what may be said about a series: targets, direction in force, breaks, limits, performance, due
 * days.
 */
import { type SeenVariation, variationOf } from '#analysis/chart-choice.ts'
import type { Outlook as OutlookOn } from '#analysis/outlook.ts'
import { compareQuantities, divide, multiply, subtract } from '#analysis/quantity.ts'
import { type Assessment, assessSeries, boundsOf, type SeriesPoint } from '#analysis/series.ts'
import type { DatedPerformance, DatedTarget, Target } from '#analysis/target.ts'
import { type Direction, type Reading, readingOf, type Signal } from '#analysis/variation.ts'
import {
  addPeriods,
  axisOf,
  type Day,
  dayFromNumber,
  duePeriod,
  type Grain,
  grainOf,
  nextPeriod,
  type Period,
} from '#values/period.ts'

/** The part of an indicator that its figures depend on. */
export type SeriesFacts = {
  readonly valueKind: string | null
  readonly unit: string | null
  readonly decimals: number | null
  readonly direction: Direction
  readonly rangeLow: string | null
  readonly rangeHigh: string | null
  readonly grain: Grain | null
  readonly publicationLagDays: number | null
  readonly seasonal: boolean | null
  readonly cumulative: boolean | null
  readonly rareEvents: boolean | null
  readonly minimumCell: number | null
}

export type MeasurementStatus = 'actual' | 'provisional' | 'estimated' | 'annualised' | 'year-to-date'
type Text = Readonly<Record<string, string>>

export type MeasurementRow = {
  readonly id: string
  readonly cell: string
  readonly from: Day
  readonly to: Day
  readonly label: string
  readonly value: string | null
  readonly numerator: string | null
  readonly denominator: string | null
  readonly status: MeasurementStatus
  readonly note: Text | null
  readonly raw: string | null
  readonly revision: number | null
}

export type TargetRow = {
  readonly cell: string
  readonly targetKind: string
  readonly from: Day
  readonly dueOn: Day | null
  readonly value: string | null
  readonly low: string | null
  readonly high: string | null
  readonly base: string | null
  readonly comparator: string | null
  readonly setOn: Day
  readonly why: Text | null
}

/** A target's figures without its text. */
export type TargetFigures = Omit<TargetRow, 'why'>

/** What to expect of an indicator on a day. */
export type Outlook = OutlookOn<TargetFigures>

export type BreakRow = {
  readonly on: Day
  readonly breakKind: string
  readonly direction: Direction | null
  readonly directionBefore: Direction | null
  readonly reason: Text
}

export type SeriesRows = {
  readonly measurements: readonly MeasurementRow[]
  readonly targets: readonly TargetRow[]
  readonly breaks: readonly BreakRow[]
}

/** A target with the row it was read from. */
export type RowTarget = DatedTarget & { readonly row: TargetRow }

/** What may be said: rows and points of the series, how they vary, how they compare with the targets. */
export type Judged = SeenVariation & {
  /** Rows in the series, oldest first; values of another calendar and year-to-date values are kept in `aside`. */
  readonly rows: readonly MeasurementRow[]
  readonly points: readonly SeriesPoint[]
  readonly aside: readonly MeasurementRow[]
  readonly grain: Grain
  readonly assessment: Assessment
  /** The performance of the assessment, with the row of each target; null without a target. */
  readonly performance: DatedPerformance<RowTarget> | null
  readonly targets: readonly RowTarget[]
  readonly reading: Reading
  /** The direction in force when the newest counted period began. */
  readonly direction: Direction
  /** What the quantity cannot exceed. */
  readonly bounds: ReturnType<typeof boundsOf>
  readonly due: DueDays | null
}

/** The period whose value is awaited, and when it becomes late. Each "after" day is the last day before that. */
export type DueDays = {
  readonly period: Period
  readonly dueOn: Day
  readonly veryLateAfter: Day
  readonly stoppedAfter: Day
}

const periodOf = (row: Pick<MeasurementRow, 'from' | 'to' | 'label'>, grain: Grain): Period => ({
  from: row.from,
  to: row.to,
  grain,
  label: row.label,
})

/** The stored target as the analysis takes it; null if something its kind needs is missing. */
export function targetOf(row: TargetRow, facts: Pick<SeriesFacts, 'rangeLow' | 'rangeHigh'>): Target | null {
  // Without a day such a target is judged in every period.
  const dueOn = row.dueOn ?? '0001-01-01'
  const { value, base } = row
  switch (row.targetKind) {
    case 'reach':
      return value === null ? null : { kind: 'reach', value, base, dueOn }
    case 'keep':
      return value === null ? null : { kind: 'keep', value }
    case 'range': {
      const stated = row.low !== null || row.high !== null
      return { kind: 'range', min: stated ? row.low : facts.rangeLow, max: stated ? row.high : facts.rangeHigh }
    }
    case 'change':
    case 'change-percent':
      if (value === null || base === null) return null
      return { kind: 'change', by: value, in: row.targetKind === 'change' ? 'units' : 'percent', base, dueOn }
    case 'cumulative':
      return value === null ? null : { kind: 'cumulative', total: value, base, dueOn }
    case 'done':
      return { kind: 'done', dueOn }
    case 'comparator':
      return { kind: 'comparator', margin: value }
    case 'gap':
      return value === null ? null : { kind: 'gap', atMost: value }
    default:
      return null
  }
}

/** The cells a target compares with; '' is the whole. */
export const comparedCells = (row: Pick<TargetRow, 'comparator'>): string[] =>
  (row.comparator ?? '')
    .split(' | ')
    .filter((cell) => cell !== '')
    .map((cell) => (cell === '*' ? '' : cell))

/**
 * The direction that held on a day. Before the first dated change it is the one stated there; if none was stated,
 * nobody knows, and earlier values are neither better nor worse.
 */
export function directionOn(day: Day, current: Direction, breaks: readonly BreakRow[]): Direction {
  const changes = breaks.filter((each) => each.breakKind === 'direction' && each.direction !== null)
  if (changes.length === 0) return current
  const ordered = [...changes].sort((left, right) => (left.on < right.on ? -1 : 1))
  const before = ordered.filter((each) => each.on <= day).at(-1)
  if (before) return before === ordered.at(-1) ? current : before.direction!
  return ordered[0]!.directionBefore ?? 'not-agreed'
}

/** What a signal of a period says, by the direction that held when the period began. */
export const signalReading = (signal: Signal, from: Day, current: Direction, breaks: readonly BreakRow[]): Reading =>
  readingOf(signal, directionOn(from, current, breaks))

const inOrder = (left: MeasurementRow, right: MeasurementRow) =>
  left.from < right.from ? -1 : left.from > right.from ? 1 : left.to < right.to ? -1 : 1

/** Rows that make one series: no year-to-date values, one calendar, no period inside another. The rest is set aside. */
function seriesRows(own: readonly MeasurementRow[], stated: Grain | null) {
  const aside = own.filter((row) => row.status === 'year-to-date')
  const usable = own.filter((row) => row.status !== 'year-to-date')
  const newest = usable.at(-1)
  const grain = stated ?? (newest ? grainOf(newest) : 'custom')
  const free = grain === 'custom' || grain === 'day' || grain === 'week' || grain === 'month'
  const axis = newest && !free ? axisOf(periodOf(newest, grain)) : null
  const rows: MeasurementRow[] = []
  for (const row of usable) {
    const sameAxis = axis === null || (grainOf(row) === grainOf(newest!) && axisOf(periodOf(row, grain)) === axis)
    if (sameAxis && (rows.length === 0 || row.from >= rows.at(-1)!.to)) rows.push(row)
    else aside.push(row)
  }
  return { rows, aside, grain }
}

/** The last millisecond of the year 9999. */
const latestInstant = 253_402_300_799_999

/** The day a result became known: when it was entered here, or when it was due if the series was imported later. */
function recordedOn(row: MeasurementRow, lag: number): Day {
  const dueOn = duePeriod(row, lag)
  // A version 7 identifier contains its creation time (RFC 9562 §5.7); others say nothing.
  const made = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(row.id)
  const milliseconds = made ? Number.parseInt(`${made[1]}${made[2]}`, 16) : Number.NaN
  const known = milliseconds > 0 && milliseconds < latestInstant
  const entered = known ? dayFromNumber(Math.floor(milliseconds / 86_400_000)) : dueOn
  return entered < dueOn ? entered : dueOn
}

function pointsOf(
  facts: SeriesFacts,
  rows: readonly MeasurementRow[],
  all: SeriesRows,
  targets: readonly RowTarget[],
): SeriesPoint[] {
  const breaks = all.breaks.filter((each) => each.breakKind !== 'direction')
  const compared = targets.find((each) => comparedCells(each.row).length > 0)
  const cells = compared ? comparedCells(compared.row) : []
  const others = new Map(
    all.measurements
      .filter((row) => cells.includes(row.cell) && row.value !== null)
      .map((row) => [`${row.cell} ${row.from} ${row.to}`, row.value!]),
  )
  return rows.map((row, index) => {
    const before = rows[index - 1]
    const other = (place: number) => others.get(`${cells[place]} ${row.from} ${row.to}`) ?? null
    const [first, second] = [other(0), other(1)]
    return {
      from: row.from,
      to: row.to,
      value: row.value,
      status: row.status as Exclude<MeasurementStatus, 'year-to-date'>,
      // A period that contains the break mixes both and belongs to neither; it starts the new series.
      breakBefore: before !== undefined && breaks.some((each) => each.on < row.to && each.on >= before.to),
      recordedOn: recordedOn(row, facts.publicationLagDays ?? 0),
      ...(compared?.target.kind === 'comparator' ? { comparator: first } : {}),
      ...(compared?.target.kind === 'gap'
        ? { groups: first !== null && second !== null ? [first, second] : null }
        : {}),
      ...(facts.valueKind === 'done' ? { done: row.value === null ? null : Number(row.value) >= 1 } : {}),
    }
  })
}

/** When the next value is due: after the newest settled period, annualised ones do not count as settled. */
export function dueAfter(rows: readonly MeasurementRow[], grain: Grain, lag: number): DueDays | null {
  const settled = rows.findLast((row) => row.value !== null && row.status !== 'annualised')
  const open = rows.findLast((row) => row.value !== null)
  if (!open) return null
  const period = settled ? nextPeriod(periodOf(settled, grain)) : periodOf(open, grain)
  const dueOn = duePeriod(period, lag)
  return {
    period,
    dueOn,
    veryLateAfter: addPeriods(dueOn, grain, 1),
    stoppedAfter: addPeriods(dueOn, grain, 3),
  }
}

/**
 * Everything that may be said about one cell of an indicator ('' = the whole). Without `today` nothing depends on the
 * day.
 */
export function judge(
  facts: SeriesFacts,
  all: SeriesRows,
  cell = '',
  when: { readonly today?: Day; readonly freshness?: 'not-yet-due' | 'due-late' | 'very-late' | 'stopped' } = {},
): Judged {
  const own = all.measurements.filter((row) => row.cell === cell).sort(inOrder)
  const { rows, aside, grain } = seriesRows(own, facts.grain)
  const targets = all.targets
    .filter((row) => row.cell === cell)
    .flatMap((row): RowTarget[] => {
      const target = targetOf(row, facts)
      return target ? [{ target, inForceFrom: row.from, decidedOn: row.setOn, row }] : []
    })
  const points = pointsOf(facts, rows, all, targets)
  const newest = rows.findLast((row) => row.value !== null)
  const direction = newest ? directionOn(newest.from, facts.direction, all.breaks) : facts.direction
  const values = rows.flatMap((row) => (row.value === null ? [] : [Number(row.value)]))
  const bounds = boundsOf(facts, values)
  const assessment = assessSeries({
    points,
    direction,
    grain,
    target: targets,
    bounds,
    seasonal: facts.seasonal ?? 'auto',
    cumulative: facts.cumulative ?? false,
    unit: facts.unit === '%' ? 'percent' : 'other',
    ...when,
  })
  const seen = variationOf(facts, rows, assessment, direction)
  return {
    rows,
    points,
    aside,
    grain,
    assessment,
    // The analysis returns the same target objects it was given.
    performance: assessment.performance as DatedPerformance<RowTarget> | null,
    targets,
    ...seen,
    reading: seen.silence === null ? readingOf(seen.latestSignal, direction) : 'not-stated',
    direction,
    bounds,
    due: dueAfter(rows, grain, facts.publicationLagDays ?? 0),
  }
}

/** Share by which a target is missed (negative) or beaten, to find the worst of several. */
export function relativeGap(judged: Judged): number | null {
  const { performance } = judged
  if (!performance || performance.gap === undefined) return null
  const target = performance.target?.target
  const ends = target?.kind === 'range' ? [target.min, target.max] : target?.kind === 'gap' ? [target.atMost] : []
  const sizes = [performance.asked, ...ends]
    .filter((each) => each !== null && each !== undefined)
    .map((each) => Math.abs(Number(each)))
  const size = Math.max(0, ...sizes)
  return Number(performance.gap) / (size > 0 ? size : 1)
}

/** Value of a share or rate from its parts in the unit of the indicator; null if there is nothing to divide by. */
export function valueFromParts(
  facts: Pick<SeriesFacts, 'valueKind' | 'unit' | 'decimals'>,
  numerator: string,
  denominator: string,
): string | null {
  if (compareQuantities(denominator, '0') === 0) return null
  return divide(multiply(numerator, scaleOf(facts)), denominator)
}

/** What one counted case is worth in the unit: 100 for a percent, 1,000 for `/(1000.{birth})`, else 1. */
export function scaleOf(facts: Pick<SeriesFacts, 'valueKind' | 'unit'>): string {
  if (facts.unit === '%' || facts.valueKind === 'percent') return '100'
  return /\/\(?(10+)\./.exec(facts.unit ?? '')?.[1] ?? '1'
}

/** Is the indicator a ratio, so that the form asks for both parts? */
export const isRatio = (facts: Pick<SeriesFacts, 'valueKind'>): boolean =>
  ['percent', 'rate', 'ratio'].includes(facts.valueKind ?? '')

/** Difference between a typed value and the one its parts give, beyond rounding; null if they agree. */
export function disagreement(value: string, computed: string, decimals: number | null): string | null {
  const difference = subtract(value, computed)
  const slack = decimals === null ? Math.abs(Number(computed)) * 0.005 + 1e-9 : 0.5000001 * 10 ** -decimals
  return Math.abs(Number(difference)) > slack ? difference : null
}
