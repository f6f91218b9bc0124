/** The path of a benefit: derived from start, lag and ramp; and what may be said of it compared with results. */
import { divide } from '#analysis/quantity.ts'
import { shareAtEnd, shareInMonth } from '#analysis/ramp.ts'
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalFromNumber,
  divideDecimals,
  multiplyDecimals,
  roundDecimal,
  subtractDecimals,
} from '#values/decimal.ts'
import { addDays, addMonths, type Day, periodContaining } from '#values/period.ts'

export type PeriodRow = {
  readonly from: Day
  readonly to: Day
  readonly label: string | null
  readonly value: Decimal
  readonly low: Decimal | null
  readonly high: Decimal | null
}
export type PathRow = PeriodRow & { readonly runningCost: Decimal | null }
export type ResultRow = PeriodRow & {
  readonly runningCost: Decimal | null
  readonly status: 'actual' | 'provisional' | 'estimated'
}

export type Course = {
  readonly startOn: Day
  readonly lagMonths: number
  readonly rampMonths: number
  readonly fullValue: Decimal
  /** Last day of the path, exclusive. */
  readonly until: Day
  /**
   * A flow brings an amount in each period; a level is an indicator's value at the end of each period, starting from
   * `base`.
   */
  readonly shape: 'flow' | 'level' | 'once'
  readonly base?: Decimal
}

const places = 2

/** The planned path by calendar years; the first and the last may be parts of a year. At most 60 years. */
export function plannedPath(course: Course): PathRow[] {
  const rows: PathRow[] = []
  let month = 0
  for (let from = course.startOn; from < course.until && rows.length < 60; ) {
    const year = periodContaining(from, 'year')
    const to = year.to < course.until ? year.to : course.until
    let shares = 0
    let last = 0
    while (addMonths(course.startOn, month) < to) {
      shares += shareInMonth(month, course.lagMonths, course.rampMonths)
      last = shareAtEnd(month, course.lagMonths, course.rampMonths)
      month += 1
    }
    // Part of a year has no label.
    const label = from === year.from && to === year.to ? year.label : null
    rows.push({ from, to, label, value: plannedIn(course, shares, last, from, to), ...open })
    from = to
  }
  return rows
}
const open = { low: null, high: null, runningCost: null }

function plannedIn(course: Course, shares: number, last: number, from: Day, to: Day): Decimal {
  const { fullValue, base = '0' } = course
  if (course.shape === 'once') {
    const comes = addMonths(course.startOn, course.lagMonths)
    return comes >= from && comes < to ? fullValue : '0'
  }
  if (course.shape === 'level')
    return rounded(addDecimals(base, multiplyDecimals(subtractDecimals(fullValue, base), decimalFromNumber(last))))
  return rounded(divideDecimals(multiplyDecimals(fullValue, decimalFromNumber(shares)), '12')!)
}

const rounded = (value: Decimal) => roundDecimal(value, places)
const sum = (values: readonly Decimal[]): Decimal => values.reduce(addDecimals, '0')

/**
 * A result counts to the planned period in which it ends: a whole year reported on a path that began in July is that
 * year's.
 */
export const endsIn = (planned: { from: Day; to: Day }, row: { to: Day }): boolean =>
  row.to > planned.from && row.to <= planned.to

/** A result is due this many days after its period ends, unless an indicator says otherwise. */
export const resultLagDays = 60

export type PathStatus = {
  /**
   * 'none': no path. 'not-begun': no period of it has ended. 'late': nothing is known. A loss is 'smaller' or 'larger'
   * than expected, or as 'expected'.
   */
  readonly state: 'none' | 'not-begun' | 'late' | 'missed' | 'uncertain' | 'on-path' | 'smaller' | 'larger' | 'expected'
  /** The whole path, and the part of it whose periods have ended. */
  readonly promised: Decimal
  readonly promisedSoFar: Decimal
  /** Promised in exactly the periods that have a result; results are compared with this. */
  readonly promisedWhereKnown: Decimal
  readonly realized: Decimal | null
  readonly low: Decimal | null
  readonly high: Decimal | null
  /** The part of what was realized that is provisional or estimated. */
  readonly unsettled: Decimal
  /** Realized as a percentage of promised, and the ends of its range; null if nothing was promised or known. */
  readonly percent: number | null
  readonly percentLow: number | null
  readonly percentHigh: number | null
  /** Ended periods whose result is due but missing. */
  readonly withoutResult: number
  readonly missedSince: Day | null
  /** End of the newest planned period that was compared with a result. */
  readonly comparedTo: Day | null
  /** Running cost of what was realized, if stated. */
  readonly runningCost: Decimal | null
}

/**
 * The status of a flow (amounts by period) on a day. Promised and realized are compared over the same periods only: a
 * period that has not been reported is late, not nothing.
 */
export function flowStatus(
  path: readonly PathRow[],
  results: readonly ResultRow[],
  today: Day,
  missedBelowPercent: number,
): PathStatus {
  const ended = path.filter((row) => row.to <= today)
  const known = ended
    .map((row) => ({ row, results: results.filter((result) => endsIn(row, result)) }))
    .filter((each) => each.results.length > 0)
  const found = known.flatMap((each) => each.results)
  // Amounts outside every planned period (or without a plan) still count as realized.
  const all = results.filter((result) => result.from < today)
  const withoutResult = ended.filter(
    (row) => addDays(row.to, resultLagDays) <= today && !known.some((each) => each.row === row),
  ).length
  const promisedWhereKnown = sum(known.map((each) => each.row.value))
  const ends = rangeOf(found)
  const percent = percentOf(sum(found.map((row) => row.value)), promisedWhereKnown)
  const percentHigh = ends ? percentOf(ends.high, promisedWhereKnown) : percent
  const whole = rangeOf(all)
  const costs = all.filter((row) => row.runningCost !== null).map((row) => row.runningCost!)
  const facts = {
    promised: sum(path.map((row) => row.value)),
    promisedSoFar: sum(ended.map((row) => row.value)),
    promisedWhereKnown,
    realized: all.length > 0 ? sum(all.map((row) => row.value)) : null,
    low: whole?.low ?? null,
    high: whole?.high ?? null,
    unsettled: sum(all.filter((row) => row.status !== 'actual').map((row) => row.value)),
    percent,
    percentLow: ends ? percentOf(ends.low, promisedWhereKnown) : percent,
    percentHigh,
    withoutResult,
    missedSince: null,
    comparedTo: known.at(-1)?.row.to ?? null,
    runningCost: costs.length > 0 ? sum(costs) : null,
  }
  if (path.length === 0) return { ...facts, state: 'none' }
  if (ended.length === 0) return { ...facts, state: 'not-begun' }
  if (percent === null) return { ...facts, state: withoutResult > 0 ? 'late' : 'not-begun' }
  if (percent >= missedBelowPercent) return { ...facts, state: 'on-path' }
  if (percentHigh !== null && percentHigh >= missedBelowPercent) return { ...facts, state: 'uncertain' }
  return { ...facts, state: 'missed', missedSince: missedSince(known, missedBelowPercent) }
}

/** The end of the first period since which the running share has stayed below the threshold. */
function missedSince(
  known: ReadonlyArray<{ row: PathRow; results: readonly ResultRow[] }>,
  missedBelowPercent: number,
): Day | null {
  let promised: Decimal = '0'
  let realized: Decimal = '0'
  let since: Day | null = null
  for (const { row, results } of known) {
    promised = addDecimals(promised, row.value)
    realized = addDecimals(realized, sum(results.map((each) => each.value)))
    const share = percentOf(realized, promised)
    if (share === null || share >= missedBelowPercent) since = null
    else since ??= row.to
  }
  return since
}

/**
 * What a status means for a loss: less than expected is no fault, more is, once `percent` exceeds the mirror image of
 * the threshold.
 */
export function lossStatus(status: PathStatus, missedBelowPercent: number): PathStatus {
  const { state, percent } = status
  if (percent === null || !['missed', 'uncertain', 'on-path'].includes(state)) return status
  if (percent > 200 - missedBelowPercent)
    return { ...status, state: 'larger', missedSince: status.missedSince ?? status.comparedTo }
  return { ...status, state: percent < missedBelowPercent ? 'smaller' : 'expected', missedSince: null }
}

/** Sums of the ends; a value without a range is its own range. Null if no value has one. */
function rangeOf(rows: readonly ResultRow[]): { low: Decimal; high: Decimal } | null {
  if (!rows.some((row) => row.low !== null || row.high !== null)) return null
  return { low: sum(rows.map((row) => row.low ?? row.value)), high: sum(rows.map((row) => row.high ?? row.value)) }
}

const percentOf = (part: Decimal, whole: Decimal): number | null => {
  if (compareDecimals(whole, '0') <= 0) return null
  const share = divide(part, whole)
  return share === null ? null : Number(share) * 100
}

export type LevelValue = { readonly from: Day; readonly to: Day; readonly value: Decimal; readonly settled: boolean }

/**
 * The status of a level: the indicator's newest value compared with what the path asked for by then. The share is of
 * the distance from the base, so that it means the same whether the value should rise or fall.
 */
export function levelStatus(
  path: readonly PathRow[],
  values: readonly LevelValue[],
  base: Decimal | null,
  today: Day,
  late: boolean,
  missedBelowPercent: number,
): PathStatus {
  const ended = path.filter((row) => row.to <= today)
  const pairs = ended.flatMap((row) => {
    const value = values.findLast((each) => endsIn(row, each))
    return value ? [{ row, value }] : []
  })
  const newest = pairs.at(-1)
  const start = base ?? '0'
  const share = (pair: { row: PathRow; value: LevelValue }) => {
    const way = subtractDecimals(pair.row.value, start)
    const gone = subtractDecimals(pair.value.value, start)
    const down = compareDecimals(way, '0') < 0
    return compareDecimals(way, '0') === 0
      ? null
      : percentOf(down ? subtractDecimals('0', gone) : gone, down ? subtractDecimals('0', way) : way)
  }
  const percent = newest ? share(newest) : null
  const facts = {
    promised: path.at(-1)?.value ?? '0',
    promisedSoFar: ended.at(-1)?.value ?? '0',
    promisedWhereKnown: newest?.row.value ?? '0',
    realized: newest?.value.value ?? values.at(-1)?.value ?? null,
    low: null,
    high: null,
    unsettled: newest && !newest.value.settled ? newest.value.value : '0',
    percent,
    percentLow: percent,
    percentHigh: percent,
    withoutResult: late ? ended.length - pairs.length : 0,
    missedSince: null,
    comparedTo: newest?.row.to ?? null,
    runningCost: null,
  }
  if (path.length === 0) return { ...facts, state: 'none' }
  if (ended.length === 0) return { ...facts, state: 'not-begun' }
  if (percent === null) return { ...facts, state: late ? 'late' : 'not-begun' }
  if (percent >= missedBelowPercent) return { ...facts, state: 'on-path' }
  let since: Day | null = null
  for (const pair of pairs) {
    const then = share(pair)
    if (then === null || then >= missedBelowPercent) since = null
    else since ??= pair.row.to
  }
  return { ...facts, state: 'missed', missedSince: since }
}
