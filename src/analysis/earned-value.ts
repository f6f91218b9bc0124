/**
 * Earned value (ANSI/EIA-748) and earned schedule (Lipke 2003). Money is a plain number in one unit; periods are of equal
 * length, numbered from 1. What is not defined yet (nothing spent, nothing planned, nothing earned) is null, which pages
 * show as "not yet": never NaN or Infinity.
 */

export type EarnedValueInput = {
  /** Budget at completion. */
  readonly budget: number
  /** Share of the budget that is planned to be earned by the end of period 1, 2, 3 …, rising, 0 to 1. */
  readonly planned: readonly number[]
  /** Periods that have passed, 0 or more; parts of a period are allowed. */
  readonly period: number
  /** Share of the work that is done, 0 to 1. */
  readonly done: number
  /** Money spent so far. */
  readonly spent: number
}

export type EarnedValue = {
  /** PV, EV, AC. */
  readonly plannedValue: number
  readonly earnedValue: number
  readonly actualCost: number
  /** SV and CV: earned less planned, earned less spent; negative is behind, dearer. */
  readonly scheduleVariance: number
  readonly costVariance: number
  /** SPI and CPI: above 1 is ahead, cheaper. */
  readonly schedulePerformance: number | null
  readonly costPerformance: number | null
  /** EAC by what is assumed about the rest: it costs what the work so far did, what was planned, or is also rushed to be on time. */
  readonly estimateAtCompletion: {
    readonly asSoFar: number | null
    readonly asPlanned: number
    readonly asSoFarAndLate: number | null
  }
  /** ETC and VAC, by the cost of the work so far. */
  readonly estimateToComplete: number | null
  readonly varianceAtCompletion: number | null
  /** TCPI: what each further unit of money must earn to end within the budget, or within the estimate. */
  readonly toCompletePerformance: { readonly budget: number | null; readonly estimate: number | null }
  /** Periods in which as much was planned to be earned as is earned now. */
  readonly earnedSchedule: number
  /** Earned schedule less periods passed; SV(t). */
  readonly scheduleVarianceInPeriods: number
  /** SPI(t); unlike SPI it does not drift to 1 at the end of a late project. */
  readonly scheduleInTimePerformance: number | null
  /** Periods that the whole takes at the pace so far; null before anything is earned. */
  readonly estimatedPeriods: number | null
}

export type EarnedValueProblem = {
  readonly problem:
    | 'budget-not-positive'
    | 'plan-empty'
    | 'plan-falls'
    | 'share-out-of-range'
    | 'not-a-number'
    | 'negative'
  /** Number of the period in `planned`, from 1, where the problem lies there. */
  readonly period?: number
}

/** A meaningful quotient: null if the divisor is zero or next to zero. */
function ratio(top: number, bottom: number | null): number | null {
  if (bottom === null || !(bottom > 0)) return null
  const quotient = top / bottom
  return Number.isFinite(quotient) ? quotient : null
}

/** Share planned by a period; linear within a period, 0 before the first, the last value after the end. */
function plannedBy(planned: readonly number[], period: number): number {
  const whole = Math.min(Math.floor(period), planned.length)
  const before = whole > 0 ? planned[whole - 1]! : 0
  const after = planned[whole] ?? before
  return before + (period - whole) * (after - before) * (whole < planned.length ? 1 : 0)
}

/** The first moment at which a share was planned to be earned; the end of the plan if it never was. */
function moment(planned: readonly number[], share: number): number {
  if (share <= 0) return 0
  const index = planned.findIndex((each) => each >= share - 1e-12)
  if (index < 0) return planned.length
  const before = index > 0 ? planned[index - 1]! : 0
  const step = planned[index]! - before
  return step > 0 ? index + Math.min(1, (share - before) / step) : index
}

/** All figures of earned value, or what is wrong with the input. */
export function earnedValue(input: EarnedValueInput): EarnedValue | EarnedValueProblem {
  const problem = problemOf(input)
  if (problem) return problem
  const { budget, planned, period, done, spent } = input
  const plannedValue = plannedBy(planned, period) * budget
  const earned = done * budget
  const schedulePerformance = ratio(earned, plannedValue)
  const costPerformance = ratio(earned, spent)
  const left = budget - earned
  const rest = ratio(left, costPerformance === null ? null : costPerformance * (schedulePerformance ?? 0))
  const asSoFar = ratio(budget, costPerformance)
  const earnedSchedule = moment(planned, done)
  const inTime = ratio(earnedSchedule, period)
  return {
    plannedValue,
    earnedValue: earned,
    actualCost: spent,
    scheduleVariance: earned - plannedValue,
    costVariance: earned - spent,
    schedulePerformance,
    costPerformance,
    estimateAtCompletion: {
      asSoFar,
      asPlanned: spent + left,
      asSoFarAndLate: rest === null ? null : spent + rest,
    },
    estimateToComplete: asSoFar === null ? null : asSoFar - spent,
    varianceAtCompletion: asSoFar === null ? null : budget - asSoFar,
    toCompletePerformance: {
      budget: ratio(left, budget - spent),
      estimate: asSoFar === null ? null : ratio(left, asSoFar - spent),
    },
    earnedSchedule,
    scheduleVarianceInPeriods: earnedSchedule - period,
    scheduleInTimePerformance: inTime,
    estimatedPeriods: ratio(planned.length, inTime),
  }
}

function problemOf({ budget, planned, period, done, spent }: EarnedValueInput): EarnedValueProblem | null {
  if (![budget, period, done, spent, ...planned].every(Number.isFinite)) return { problem: 'not-a-number' }
  if (budget <= 0) return { problem: 'budget-not-positive' }
  if (period < 0 || spent < 0) return { problem: 'negative' }
  if (planned.length === 0) return { problem: 'plan-empty' }
  for (const [index, share] of planned.entries()) {
    if (share < 0 || share > 1) return { problem: 'share-out-of-range', period: index + 1 }
    if (index > 0 && share < planned[index - 1]!) return { problem: 'plan-falls', period: index + 1 }
  }
  return done < 0 || done > 1 ? { problem: 'share-out-of-range' } : null
}
