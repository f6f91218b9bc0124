/**
 * Everything that may be said about one series: the one call behind pages, lists, the `series` command and derived tables.
 * Codes and figures only; the words come from the catalogues.
 */
import { addMonths, type Day, type Grain } from '#values/period.ts'
import { type Change, changeBetween } from './change.ts'
import { findSeason, seasonalCycles, seasonallyAdjusted, seasonLength } from './seasonal.ts'
import { type Actual, type DatedPerformance, type DatedTarget, performanceInForce, type Target } from './target.ts'
import {
  type Bounds,
  type Capability,
  type CapabilityTarget,
  capability,
  type Direction,
  falseAlarmRate,
  type Limits,
  type Reading,
  readingOf,
  type Segment,
  type Signal,
  variation,
} from './variation.ts'

export type PointStatus = 'actual' | 'provisional' | 'estimated' | 'annualised'

export type SeriesPoint = {
  /** Period `[from, to)`; points come in time order, one per period. */
  readonly from: Day
  readonly to: Day
  /** Decimal string (exact for targets) or number; null is a gap, never a zero. */
  readonly value: string | number | null
  /** Estimated and annualised points are drawn, and stay out of limits and signals. Default 'actual'. */
  readonly status?: PointStatus
  /** Definition, boundary or source changed before this point. */
  readonly breakBefore?: boolean
  /** For comparator and gap targets, and the day the result was recorded: see `Actual`. */
  readonly comparator?: Actual['comparator']
  readonly groups?: Actual['groups']
  readonly done?: Actual['done']
  readonly recordedOn?: Day
}

export type SeriesInput = {
  readonly points: readonly SeriesPoint[]
  readonly direction: Direction
  readonly grain: Grain
  /** One target, or all targets of the indicator with the days from which they hold. */
  readonly target?: Target | readonly DatedTarget[] | null
  readonly bounds?: Bounds
  /** 'auto' (default) tests for a season; true states one, false rules one out. */
  readonly seasonal?: 'auto' | boolean
  /** Running totals have no limits and no signals. */
  readonly cumulative?: boolean
  /** The unit is a percent: changes are percentage points. */
  readonly unit?: 'percent' | 'other'
  readonly today?: Day
  readonly freshness?: 'not-yet-due' | 'due-late' | 'very-late' | 'stopped'
}

/** Why there are no limits, or why nothing is said about them. */
export type NoLimitsReason =
  | 'no-points'
  | 'cumulative'
  | 'under-12-points'
  | 'gap-in-season'
  | 'season-under-three-years'

export type Assessment = {
  /** Points with a value; and those of the newest definition that count for limits. */
  readonly n: number
  readonly counted: number
  readonly latest: {
    readonly from: Day
    readonly to: Day
    readonly value: string | number
    readonly status: PointStatus
  } | null
  /** Limits of the newest definition; `trial` under 12 points. Null where there are none. */
  readonly limits: Limits | null
  /** Why nothing is said; null if the reading may be reported. */
  readonly silence: NoLimitsReason | null
  /** Segments between breaks, by index into `points`. */
  readonly segments: readonly Segment[]
  /** Signals per point, in naming order. */
  readonly signals: readonly (readonly Signal[])[]
  /** The signal of the newest counted point; null without one. */
  readonly latestSignal: Signal | null
  readonly reading: Reading
  /** The period the reading refers to: the newest one that counts, which an annualised latest value does not. */
  readonly spokenFor: { readonly from: Day; readonly to: Day } | null
  /** 'not-stated' on trial limits, on seasonally adjusted ones, and for targets that ask for no level. */
  readonly capability: Capability
  /** Set if limits are based on seasonally adjusted values: those values, by index into `points`. */
  readonly adjusted: readonly (number | null)[] | null
  /** Null without a target. */
  readonly performance: DatedPerformance<DatedTarget> | null
  /** Chance that this chart shows a signal though nothing changed; add up over a list. */
  readonly falseAlarmRate: number
  readonly previous: Change | null
  readonly samePeriodLastYear: Change | null
}

const dated = (target: SeriesInput['target']): readonly DatedTarget[] =>
  !target ? [] : 'kind' in target ? [{ target, inForceFrom: '0001-01-01' }] : target

/** The value or range that a kind of target asks of the process; null if it asks for no level. */
function levelAsked(
  target: Target,
  asked: string | undefined,
  direction: Direction,
): { target: CapabilityTarget; direction: Direction } | null {
  if (target.kind === 'range') {
    const bound = (end: string | number | null | undefined) =>
      end === null || end === undefined ? undefined : Number(end)
    return { target: { min: bound(target.min), max: bound(target.max) }, direction }
  }
  if ((target.kind === 'keep' || target.kind === 'reach' || target.kind === 'change') && asked !== undefined) {
    return { target: { value: Number(asked) }, direction }
  }
  return null
}

/** Values of the newest segment less their season, or null where there is none or a gap breaks the rhythm. */
function deseasoned(
  input: SeriesInput,
  usable: readonly number[],
): { values: Map<number, number> | null; silence: NoLimitsReason | null } {
  const length = seasonLength(input.grain)
  if (input.seasonal === false || length === null || input.cumulative) return { values: null, silence: null }
  const stated = input.seasonal === true
  const { points } = input
  let first = 0
  for (const [index, point] of points.entries()) if (point.breakBefore) first = index
  const members = usable.filter((index) => index >= first)
  if (members.length < length * seasonalCycles)
    return { values: null, silence: stated ? 'season-under-three-years' : null }
  for (let position = 1; position < members.length; position += 1) {
    if (points[members[position]!]!.from !== points[members[position - 1]!]!.to)
      return { values: null, silence: stated ? 'gap-in-season' : null }
  }
  const plain = members.map((index) => Number(points[index]!.value))
  const season = findSeason(plain, length, stated)
  if (!season) return { values: null, silence: null }
  const adjusted = seasonallyAdjusted(plain, season)
  return { values: new Map(members.map((index, position) => [index, adjusted[position]!])), silence: null }
}

const counts = (point: SeriesPoint) =>
  point.value !== null && point.status !== 'annualised' && point.status !== 'estimated'

/** The value of the period one year before, of the same definition; undefined where there is none. */
function yearBefore(points: readonly SeriesPoint[], latest: number): SeriesPoint | undefined {
  const from = addMonths(points[latest]!.from, -12)
  for (let index = latest; index > 0 && !points[index]!.breakBefore; index -= 1) {
    const earlier = points[index - 1]!
    if (earlier.from === from) return earlier
    if (earlier.from < from) return undefined
  }
  return undefined
}

/** Everything that may be said about a series. Never throws for short, empty or gappy series: it says less. */
export function assessSeries(input: SeriesInput): Assessment {
  const { points, direction } = input
  const usable: number[] = []
  let latest = -1
  let n = 0
  for (const [index, point] of points.entries()) {
    if (point.value === null) continue
    n += 1
    latest = index
    if (counts(point)) usable.push(index)
  }
  const season = deseasoned(input, usable)
  const { values: adjusted } = season
  // Bounds belong to the values as measured; adjusted ones may lie beyond them.
  const options = input.bounds && !adjusted ? { bounds: input.bounds } : {}
  const shown = points.map((point, index) => ({
    value: adjusted?.get(index) ?? (point.value === null ? Number.NaN : Number(point.value)),
    inLimits: counts(point),
    breakBefore: point.breakBefore ?? false,
  }))
  const seen = input.cumulative ? null : variation(shown, options)
  const newest = seen?.segments.at(-1)
  const silence: NoLimitsReason | null = n === 0 ? 'no-points' : !seen ? 'cumulative' : (seen.silence ?? season.silence)
  const quiet = silence !== null
  const targets = dated(input.target)
  const last = latest < 0 ? undefined : points[latest]!
  const performance = performanceOf(input, targets, last)
  const inForce = performance?.target ?? null
  const level = inForce && levelAsked(inForce.target, performance?.asked, direction)
  // A stated season that cannot be removed would make the limits meaningless.
  const limits = season.silence ? null : (newest?.limits ?? null)
  const spoken = usable.at(-1)
  const prior = latest > 0 && !points[latest]!.breakBefore ? points[latest - 1]! : undefined
  const adjacent = prior && prior.to === last?.from ? prior : undefined
  const compare = { direction, unit: input.unit }
  return {
    n,
    counted: newest?.n ?? 0,
    latest: last ? { from: last.from, to: last.to, value: last.value!, status: last.status ?? 'actual' } : null,
    limits,
    silence,
    segments: seen?.segments ?? [],
    signals: !seen || season.silence ? points.map(() => []) : seen.signals,
    latestSignal: quiet ? null : seen!.latestSignal,
    reading: quiet ? 'not-stated' : readingOf(seen!.latestSignal, direction),
    spokenFor: spoken === undefined ? null : { from: points[spoken]!.from, to: points[spoken]!.to },
    capability: quiet || adjusted || !level ? 'not-stated' : capability(limits, level.target, level.direction),
    adjusted: adjusted ? points.map((_, index) => adjusted.get(index) ?? null) : null,
    performance,
    falseAlarmRate: quiet ? 0 : falseAlarmRate(newest?.n ?? 0),
    previous: changeBetween(last?.value, adjacent?.value, compare),
    samePeriodLastYear: last ? changeBetween(last.value, yearBefore(points, latest)?.value, compare) : null,
  }
}

/** Performance of the newest measured period; without any value, of the period of the newest point. */
function performanceOf(
  input: SeriesInput,
  targets: readonly DatedTarget[],
  last: SeriesPoint | undefined,
): DatedPerformance<DatedTarget> | null {
  if (targets.length === 0) return null
  const point = last ?? input.points.at(-1)
  const context = { direction: input.direction, today: input.today, freshness: input.freshness }
  if (!point) return { result: 'unknown', reasons: ['no-value'], target: null, later: [] }
  return performanceInForce(targets, point, context)
}

/** Bounds a quantity cannot exceed; omitted if the data themselves exceed them (growth below zero, 130 % of a plan). */
export function boundsOf(facts: { readonly valueKind: string | null }, values: readonly number[]) {
  const kind = facts.valueKind ?? ''
  const least = ['percent', 'count', 'rate', 'ratio', 'duration'].includes(kind) ? 0 : undefined
  const most = kind === 'percent' ? 100 : undefined
  const bounds: { min?: number; max?: number } = {}
  if (least !== undefined && values.every((value) => value >= least)) bounds.min = least
  if (most !== undefined && values.every((value) => value <= most)) bounds.max = most
  return bounds
}
