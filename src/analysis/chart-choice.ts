/**
 * Which chart a series may be judged by (`measures` §5): XmR for individual values, p′ and u′ where denominators vary,
 * days between for rare events, none for running totals. Limits and signals come from one chart only.
 */

import { type Day, daysBetween } from '#values/period.ts'
import { daysBetweenChart, proportionChart, rateChart, type Share } from './proportion.ts'
import type { Assessment } from './series.ts'
import {
  type Capability,
  capability,
  type Direction,
  falseAlarmRate,
  fullLimitPoints,
  type Limits,
  type Signal,
} from './variation.ts'

/** 'proportion' is p′, 'rate' is u′, 'seasonal' has the season taken out; 'days-between' counts days, not events. */
export type ChartKind = 'individual' | 'seasonal' | 'proportion' | 'rate' | 'days-between'
/** What is drawn beside a point: the mean and the limits of the chart. */
export type Lines = { readonly mean: number; readonly lower: number; readonly upper: number }

type Row = {
  readonly from: Day
  readonly to: Day
  readonly value: string | null
  readonly numerator: string | null
  readonly denominator: string | null
  readonly status: string
}
type Facts = {
  readonly valueKind: string | null
  readonly unit: string | null
  readonly rareEvents: boolean | null
}

/** How a series varies, by the chart it may be judged by. */
export type SeenVariation = {
  readonly chart: ChartKind | null
  readonly lines: readonly (Lines | null)[]
  readonly signals: readonly (readonly Signal[])[]
  readonly latestSignal: Signal | null
  readonly silence: Assessment['silence'] | 'rare-events'
  readonly capability: Capability
  readonly falseAlarmRate: number
}

const counts = (row: Row) => row.value !== null && row.status !== 'annualised' && row.status !== 'estimated'

/** The variation of a series, by the chart it needs. */
export function variationOf(
  facts: Facts,
  rows: readonly Row[],
  assessment: Assessment,
  direction: Direction,
): SeenVariation {
  if (facts.rareEvents) return rareEvents(rows)
  const shares = assessment.adjusted ? null : sharesChart(facts, rows, assessment, direction)
  return shares ?? individual(assessment, rows)
}

function individual(assessment: Assessment, rows: readonly Row[]): SeenVariation {
  const { segments, adjusted } = assessment
  const lines: (Lines | null)[] = assessment.signals.map(() => null)
  for (const { first, last, limits } of assessment.limits ? segments : []) {
    if (!limits || limits.trial) continue
    for (let index = first; index <= last; index += 1) lines[index] = limits
  }
  return {
    chart: lines.some((each) => each !== null) ? (adjusted ? 'seasonal' : 'individual') : null,
    lines: adjusted ? lines.map((each, index) => withSeason(each, adjusted[index] ?? null, rows[index]!)) : lines,
    signals: assessment.signals,
    latestSignal: assessment.latestSignal,
    silence: assessment.silence,
    capability: assessment.capability,
    falseAlarmRate: assessment.falseAlarmRate,
  }
}

/** Limits of seasonally adjusted values, converted back to measured values: each season has its own. */
function withSeason(lines: Lines | null, adjusted: number | null, row: Row): Lines | null {
  if (!lines || adjusted === null) return null
  const season = Number(row.value) - adjusted
  return { mean: lines.mean + season, lower: lines.lower + season, upper: lines.upper + season }
}

/** p′ or u′ limits for every definition with at least 12 points whose denominators differ by more than a tenth. */
function sharesChart(
  facts: Facts,
  rows: readonly Row[],
  assessment: Assessment,
  direction: Direction,
): SeenVariation | null {
  const kind = facts.valueKind === 'percent' ? 'proportion' : facts.valueKind === 'rate' ? 'rate' : null
  if (kind === null || assessment.silence !== null) return null
  const lines: (Lines | null)[] = rows.map(() => null)
  const signals: (readonly Signal[])[] = rows.map(() => [])
  let latest: { signals: readonly Signal[]; lines: Lines } | null = null
  for (const { first, last } of assessment.segments) {
    const members = rows.flatMap((row, index) => (index >= first && index <= last && counts(row) ? [index] : []))
    const shares = members.map((index) => shareOf(rows[index]!, kind))
    latest = null
    if (members.length < fullLimitPoints) continue
    if (shares.some((share) => share === null)) return null
    const sizes = shares.map((share) => share!.of)
    if (Math.max(...sizes) <= Math.min(...sizes) * 1.1) return null
    const chart = kind === 'proportion' ? proportionChart(shares as Share[]) : rateChart(shares as Share[])
    const scale = scaleBetween(rows[members.at(-1)!]!, shares.at(-1)!)
    if (!chart || scale === null) return null
    for (const [position, index] of members.entries()) {
      const point = chart.points[position]!
      lines[index] = { mean: chart.mean * scale, lower: point.lower * scale, upper: point.upper * scale }
      signals[index] = point.signals
      latest = { signals: point.signals, lines: lines[index]! }
    }
  }
  if (!latest) return null
  const target = assessment.performance?.target?.target
  const asked = assessment.performance?.asked
  return {
    chart: kind,
    lines,
    signals,
    latestSignal: latest.signals[0] ?? null,
    silence: null,
    capability:
      assessment.capability === 'not-stated' || !target
        ? 'not-stated'
        : capability(
            asLimits(latest.lines),
            target.kind === 'range' ? { min: end(target.min), max: end(target.max) } : { value: Number(asked) },
            direction,
          ),
    falseAlarmRate: falseAlarmRate(assessment.counted),
  }
}

const end = (value: string | number | null | undefined) =>
  value === null || value === undefined ? undefined : Number(value)

const asLimits = ({ mean, lower, upper }: Lines): Limits => ({
  mean,
  lower,
  upper,
  nearLower: mean - ((mean - lower) * 2) / 3,
  nearUpper: mean + ((upper - mean) * 2) / 3,
  movingRange: 0,
  screened: 0,
  trial: false,
})

function shareOf(row: Row, kind: 'proportion' | 'rate'): Share | null {
  if (row.numerator === null || row.denominator === null) return null
  const share = { count: Number(row.numerator), of: Number(row.denominator) }
  if (!(share.of > 0) || !(share.count >= 0)) return null
  return kind === 'proportion' && share.count > share.of ? null : share
}

/** The factor from share to unit: a power of ten, derived from the value itself. */
function scaleBetween(row: Row, share: Share | null): number | null {
  if (!share || share.count === 0) return null
  const scale = 10 ** Math.round(Math.log10(Number(row.value) / (share.count / share.of)))
  return Number.isFinite(scale) && scale > 0 ? scale : null
}

/** Rare events: the gaps between days with events if the series is daily; otherwise nothing may be said. */
function rareEvents(rows: readonly Row[]): SeenVariation {
  const quiet = {
    chart: null,
    lines: rows.map(() => null),
    signals: rows.map(() => []),
    latestSignal: null,
    silence: 'rare-events' as const,
    capability: 'not-stated' as const,
    falseAlarmRate: 0,
  }
  if (rows.some((row) => daysBetween(row.from, row.to) !== 1)) return quiet
  const events = rows.flatMap((row, index) =>
    counts(row) && Number(row.value) > 0 ? new Array<number>(Math.min(Number(row.value), 100)).fill(index) : [],
  )
  const gaps = events.slice(1).map((index, position) => daysBetween(rows[events[position]!]!.from, rows[index]!.from))
  if (gaps.length < fullLimitPoints) return quiet
  const chart = daysBetweenChart(gaps)
  if (!chart) return quiet
  const signals: (readonly Signal[])[] = rows.map(() => [])
  // A long gap means few events: the side is that of the count, not of the gap.
  const turned = (all: readonly Signal[]): Signal[] =>
    all.map(({ kind, side }) => ({ kind, side: side === 'high' ? 'low' : 'high' }))
  for (const [position, point] of chart.points.entries()) signals[events[position + 1]!] = turned(point.signals)
  return {
    ...quiet,
    chart: 'days-between',
    signals,
    latestSignal: turned(chart.points.at(-1)!.signals)[0] ?? null,
    silence: null,
    falseAlarmRate: falseAlarmRate(gaps.length),
  }
}
