/**
 * Performance against target: every kind of target in `measures` §4, judged exactly, by the target in force
 * when the period began. Results are codes and figures.
 */
import { add, compareQuantities, divide, exact, multiply, type Quantity, subtract } from './quantity.ts'
import type { Direction } from './variation.ts'

export type Target =
  /** Reach a value by a day. `base` is where it started; without it there is no progress. */
  | { readonly kind: 'reach'; readonly value: Quantity; readonly dueOn: string; readonly base?: Quantity | null }
  /** Keep at or better than a value in each period (a floor or a ceiling, by direction). */
  | { readonly kind: 'keep'; readonly value: Quantity }
  /** Stay in a range, ends included; an open end is left out. */
  | { readonly kind: 'range'; readonly min?: Quantity | null; readonly max?: Quantity | null }
  /** Change by a signed amount, or by a signed percentage of the size of the base, by a day: −20 % is a fall. */
  | {
      readonly kind: 'change'
      readonly by: Quantity
      readonly in: 'units' | 'percent'
      readonly base: Quantity
      readonly dueOn: string
    }
  /** A total that adds up from `base` (default 0) by a day. The actual is the running total. */
  | { readonly kind: 'cumulative'; readonly total: Quantity; readonly dueOn: string; readonly base?: Quantity | null }
  /** Done or not done by a day. */
  | { readonly kind: 'done'; readonly dueOn: string }
  /** At or better than a comparator's value of the same period, plus a signed margin. */
  | { readonly kind: 'comparator'; readonly margin?: Quantity | null }
  /** The distance between two groups is at most this much. */
  | { readonly kind: 'gap'; readonly atMost: Quantity }

export type Actual = {
  /** Period measured, `[from, to)`. */
  readonly from: string
  readonly to: string
  readonly value?: Quantity | null
  /** For 'done'. */
  readonly done?: boolean | null
  /** For 'comparator': the comparator's value of the same period. */
  readonly comparator?: Quantity | null
  /** For 'gap': the values of the two groups. */
  readonly groups?: readonly [Quantity, Quantity] | null
  readonly status?: 'actual' | 'provisional' | 'estimated' | 'annualised'
  /** Day the result was recorded; a target decided later was added after the result. */
  readonly recordedOn?: string
}

export type PerformanceContext = {
  readonly direction: Direction
  /** Today's day; without it only the measured period decides what is due. */
  readonly today?: string
  /** From 'very-late' on, the state is unknown. */
  readonly freshness?: 'not-yet-due' | 'due-late' | 'very-late' | 'stopped'
}

export type Result = 'met' | 'missed' | 'not-due' | 'unknown'

export type ReasonCode =
  | 'no-value'
  | 'no-target'
  | 'no-direction'
  | 'no-comparator'
  | 'no-groups'
  | 'no-range'
  | 'very-late'
  | 'no-value-for-due-day'
  | 'before-due-day'
  | 'met-before-due-day'
  | 'provisional'
  | 'estimated'
  | 'annualised'
  | 'progress-not-defined'
  | 'target-against-direction'
  | 'target-added-after-result'
  | 'target-set-after-period-began'
  | 'met-under-old-missed-under-new'
  | 'missed-under-old-met-under-new'

export type Performance = {
  readonly result: Result
  readonly reasons: readonly ReasonCode[]
  /** Share of the way from base to target, 0–1; only for reach, change and cumulative with base ≠ target. */
  readonly progress?: number
  /** Signed distance to the target in the unit of the indicator, positive = better than asked (exact decimal). */
  readonly gap?: string
  /** The value that was asked for, where it is one number. */
  readonly asked?: string
}

/** How the actual compares with what is asked: met, by how much, and the base from which progress counts. */
type Standing = {
  readonly met: boolean
  readonly gap: string
  readonly asked?: string
  readonly base?: Quantity | null
}
type Judged = Standing | { readonly reason: ReasonCode }

const good = (actual: Quantity, asked: Quantity, upwards: boolean): Standing => {
  const gap = upwards ? subtract(actual, asked) : subtract(asked, actual)
  return { met: compareQuantities(gap, '0') >= 0, gap, asked: exact(asked) }
}

/** True for up, false for down, null if nobody has said. */
const upwards = (direction: Direction): boolean | null =>
  direction === 'up' ? true : direction === 'down' ? false : null

/** The direction a target asks for: from its base if there is one, else that of the indicator. */
function way(base: Quantity | null | undefined, asked: Quantity, direction: Direction): boolean | null {
  const side = base === null || base === undefined ? 0 : compareQuantities(asked, base)
  return side === 0 ? upwards(direction) : side > 0
}

function rangeStanding(value: Quantity, min: Quantity | null | undefined, max: Quantity | null | undefined): Judged {
  const gaps: string[] = []
  if (min !== null && min !== undefined) gaps.push(subtract(value, min))
  if (max !== null && max !== undefined) gaps.push(subtract(max, value))
  if (gaps.length === 0) return { reason: 'no-range' }
  const gap = gaps.reduce((least, next) => (compareQuantities(next, least) < 0 ? next : least))
  return { met: compareQuantities(gap, '0') >= 0, gap }
}

/** The value a 'change' target asks for: base + by, or base + |base| × by / 100. */
export function changeTargetValue(target: Extract<Target, { kind: 'change' }>): string {
  if (target.in === 'units') return add(target.base, target.by)
  const size = compareQuantities(target.base, '0') < 0 ? subtract('0', target.base) : exact(target.base)
  return add(target.base, multiply(multiply(size, target.by), '0.01'))
}

function standing(target: Target, actual: Actual, direction: Direction): Judged {
  if (target.kind === 'done') {
    if (actual.done === null || actual.done === undefined) return { reason: 'no-value' }
    return { met: actual.done, gap: actual.done ? '0' : '-1' }
  }
  if (target.kind === 'gap') {
    if (!actual.groups) return { reason: 'no-groups' }
    const [first, second] = actual.groups
    const between = compareQuantities(first, second) >= 0 ? subtract(first, second) : subtract(second, first)
    return good(between, target.atMost, false)
  }
  const { value } = actual
  if (value === null || value === undefined) return { reason: 'no-value' }
  const up = upwards(direction)
  switch (target.kind) {
    case 'range':
      return rangeStanding(value, target.min, target.max)
    case 'keep':
      return up === null ? { reason: 'no-direction' } : good(value, target.value, up)
    case 'comparator': {
      if (up === null) return { reason: 'no-direction' }
      if (actual.comparator === null || actual.comparator === undefined) return { reason: 'no-comparator' }
      return good(value, add(actual.comparator, target.margin ?? '0'), up)
    }
    case 'reach': {
      const upward = up ?? way(target.base, target.value, direction)
      return upward === null ? { reason: 'no-direction' } : { ...good(value, target.value, upward), base: target.base }
    }
    case 'change': {
      const asked = changeTargetValue(target)
      const upward = way(target.base, asked, direction)
      return upward === null ? { reason: 'no-direction' } : { ...good(value, asked, upward), base: target.base }
    }
    case 'cumulative': {
      const base = target.base ?? '0'
      const upward = way(base, target.total, 'up')!
      return { ...good(value, target.total, upward), base }
    }
  }
}

/** The values that meet a target in a period, ends included; or why no value alone can. */
export function acceptable(
  target: Target,
  direction: Direction,
): { readonly min?: number; readonly max?: number } | 'no-direction' | 'no-range' | 'no-single-level' {
  const side = (asked: Quantity, up: boolean | null) =>
    up === null ? 'no-direction' : up ? { min: Number(asked) } : { max: Number(asked) }
  switch (target.kind) {
    case 'keep':
      return side(target.value, upwards(direction))
    case 'reach':
      return side(target.value, upwards(direction) ?? way(target.base, target.value, direction))
    case 'change': {
      const asked = changeTargetValue(target)
      return side(asked, way(target.base, asked, direction))
    }
    case 'cumulative':
      return side(target.total, way(target.base ?? '0', target.total, 'up'))
    case 'range': {
      const [min, max] = [target.min ?? null, target.max ?? null]
      if (min === null && max === null) return 'no-range'
      return { ...(min === null ? {} : { min: Number(min) }), ...(max === null ? {} : { max: Number(max) }) }
    }
    default:
      return 'no-single-level'
  }
}

/**
 * Share of the way from base to asked, capped at 0–1. The sign of (asked − base) carries the direction; nothing else
 * turns it. Null where base and asked are the same: not defined.
 */
export function progressOf(actual: Quantity, base: Quantity, asked: Quantity): number | null {
  const share = divide(subtract(actual, base), subtract(asked, base))
  return share === null ? null : Math.min(1, Math.max(0, Number(share)))
}

const hasProgress = (target: Target): boolean =>
  target.kind === 'reach' || target.kind === 'change' || target.kind === 'cumulative'

const statusReason = (status: Actual['status']): ReasonCode[] => (status && status !== 'actual' ? [status] : [])

/**
 * Performance of one measured period against one target. Equality is met. A target with a day is judged by the first
 * period that reaches that day; before it a target already satisfied is 'met' (marked 'met-before-due-day'), others are
 * 'not-due'. Where the day has passed without a value for it, and from 'very-late' on, the result is 'unknown'.
 */
export function performance(target: Target, actual: Actual, context: PerformanceContext): Performance {
  const judged = standing(target, actual, context.direction)
  if ('reason' in judged) return { result: 'unknown', reasons: [judged.reason] }
  const reasons: ReasonCode[] = statusReason(actual.status)
  const figures: { progress?: number; gap?: string; asked?: string } = { gap: judged.gap }
  if (judged.asked !== undefined) figures.asked = judged.asked
  if (hasProgress(target) && judged.asked !== undefined && actual.value !== null && actual.value !== undefined) {
    const known = judged.base !== null && judged.base !== undefined
    const progress = known ? progressOf(actual.value, judged.base!, judged.asked) : null
    if (progress === null) reasons.push('progress-not-defined')
    else figures.progress = progress
    const up = upwards(context.direction)
    if (known && up !== null && compareQuantities(judged.asked, judged.base!) === (up ? -1 : 1))
      reasons.push('target-against-direction')
  }
  if (context.freshness === 'very-late' || context.freshness === 'stopped') {
    return { result: 'unknown', reasons: ['very-late', ...reasons], ...figures }
  }
  const dueOn = 'dueOn' in target ? target.dueOn : null
  if (dueOn !== null && actual.to < dueOn) {
    if (judged.met) return { result: 'met', reasons: ['met-before-due-day', ...reasons], ...figures }
    const passed = context.today !== undefined && context.today > dueOn && context.freshness !== 'not-yet-due'
    return passed
      ? { result: 'unknown', reasons: ['no-value-for-due-day', ...reasons], ...figures }
      : { result: 'not-due', reasons: ['before-due-day', ...reasons], ...figures }
  }
  return { result: judged.met ? 'met' : 'missed', reasons, ...figures }
}

/** A target with its history: the day it takes effect, and the day it was decided (default: the same). */
export type DatedTarget = { readonly target: Target; readonly inForceFrom: string; readonly decidedOn?: string }

export type TargetInForce<Dated extends DatedTarget> = {
  /** The target to judge by, or null. */
  readonly inForce: Dated | null
  /** No target was in force when the period began; the first later one is used and marked. */
  readonly setAfterPeriodBegan: boolean
  /** Targets set after the period began: steps of the line, never used to judge this period. */
  readonly later: readonly Dated[]
}

/** A target counts from the later of the two days: nobody puts a target in force before deciding it. */
const countsFrom = (dated: DatedTarget): string =>
  dated.decidedOn !== undefined && dated.decidedOn > dated.inForceFrom ? dated.decidedOn : dated.inForceFrom

/** The newest target in force when the period began; if there was none, the first later one, marked. */
export function targetInForce<Dated extends DatedTarget>(
  targets: readonly Dated[],
  period: { readonly from: string },
): TargetInForce<Dated> {
  const ordered = [...targets].sort((a, b) =>
    countsFrom(a) < countsFrom(b) ? -1 : countsFrom(a) > countsFrom(b) ? 1 : 0,
  )
  const before = ordered.filter((dated) => countsFrom(dated) <= period.from)
  const later = ordered.filter((dated) => countsFrom(dated) > period.from)
  const inForce = before.at(-1) ?? null
  if (inForce) return { inForce, setAfterPeriodBegan: false, later }
  return { inForce: later[0] ?? null, setAfterPeriodBegan: later.length > 0, later: later.slice(1) }
}

export type DatedPerformance<Dated extends DatedTarget> = Performance & {
  readonly target: Dated | null
  /** How the same value compares with each later target. */
  readonly later: readonly { readonly target: Dated; readonly result: Result }[]
}

/** Performance under the target in force, with its later steps and the marks that go with them. */
export function performanceInForce<Dated extends DatedTarget>(
  targets: readonly Dated[],
  actual: Actual,
  context: PerformanceContext,
): DatedPerformance<Dated> {
  const { inForce, setAfterPeriodBegan, later } = targetInForce(targets, actual)
  if (!inForce) return { result: 'unknown', reasons: ['no-target'], target: null, later: [] }
  const judged = performance(inForce.target, actual, context)
  const steps = later.map((target) => ({ target, result: performance(target.target, actual, context).result }))
  const reasons: ReasonCode[] = [...judged.reasons]
  if (setAfterPeriodBegan) {
    const added = countsFrom(inForce) > (actual.recordedOn ?? actual.to)
    reasons.push(added ? 'target-added-after-result' : 'target-set-after-period-began')
  }
  const newest = steps.at(-1)?.result
  if (judged.result === 'met' && newest === 'missed') reasons.push('met-under-old-missed-under-new')
  if (judged.result === 'missed' && newest === 'met') reasons.push('missed-under-old-met-under-new')
  return { ...judged, reasons, target: inForce, later: steps }
}
