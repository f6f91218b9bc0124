/** Everything an indicator's page shows of its series, in finished words. */
import type { Say } from '#kernel/words.ts'
import { may } from '#pages/permission.ts'
import { presenterOf, type Text } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { dayAt } from '#platform/today.ts'
import { type Day, nextPeriod } from '#values/period.ts'
import { ageWords } from './pages-summary.ts'
import { type CellTable, cellTables } from './queries-cells.ts'
import { describeOutlook, type FanStep, type OutlookView } from './queries-outlook.ts'
import { allRows, assessToday, type Correction, factsOf, type Indicator, visibleSeries } from './queries-series.ts'
import { performanceOf, type Reading } from './queries-status.ts'
import { comparisonsFor, isTooOld, type Sentences, sentencesFor } from './rules-sentences.ts'
import {
  type BreakRow,
  boundsOf,
  type Judged,
  type MeasurementRow,
  signalReading,
  type TargetRow,
} from './rules-series.ts'
import { cellWords, targetWords, type Writer, writerFor } from './rules-words.ts'

export type ChartPointData = {
  readonly period: string
  readonly shortPeriod: string
  readonly value: number | null
  readonly text: string
  readonly status: 'actual' | 'provisional' | 'estimated' | 'annualised'
  readonly target?: number | null
  readonly targetText?: string
  readonly mean?: number | null
  readonly lower?: number | null
  readonly upper?: number | null
  readonly reading?: Reading
  readonly side?: 'high' | 'low'
  readonly breakText?: string
  readonly note?: string
  readonly fan?: FanStep['fan']
}

export type IndicatorPanel = {
  readonly code: string
  readonly figure: {
    readonly value: string | null
    readonly period: string
    readonly age: string
    readonly source: string
    readonly sourceHref: string | null
    readonly caution: string | null
    readonly target: string | null
  }
  readonly result: 'met' | 'missed' | 'not-due' | 'unknown'
  readonly freshness: 'current' | 'late' | 'very-late' | 'stopped' | null
  readonly reading: Reading
  readonly side: 'high' | 'low' | null
  readonly unit: string
  readonly sentences: Sentences
  readonly compared: readonly string[]
  readonly chart: {
    readonly title: string
    readonly description: string
    readonly points: readonly ChartPointData[]
    readonly bounds: { readonly min?: number; readonly max?: number }
    readonly source: string
  } | null
  readonly outlook: OutlookView['words'] | null
  readonly targets: readonly TargetView[]
  readonly breaks: ReadonlyArray<{ on: string; what: string; reason: Text }>
  readonly corrections: ReadonlyArray<{
    period: string
    cell: string
    before: string
    after: string
    when: string
    who: string | null
    why: string | null
  }>
  readonly aside: ReadonlyArray<{ period: string; value: string; status: string; note: string }>
  readonly cells: readonly CellTable[]
  readonly may: { readonly measure: boolean; readonly target: boolean; readonly break: boolean }
  readonly notMeasured: boolean
}

export type TargetView = {
  readonly words: string
  readonly cell: string
  readonly from: string
  readonly setOn: string
  readonly why: Text | null
  readonly author: string | null
  readonly mark: 'in-force' | 'later' | 'earlier'
}

/** Reads one indicator and describes it in full. The caller must already be allowed to read the record. */
export async function indicatorPanel(ctx: AppContext, record: Indicator): Promise<IndicatorPanel> {
  const { say, text, plain, choice } = presenterOf(ctx)
  const writer = writerFor(record as never, say, ctx.language)
  const all = await allRows(ctx, record.id)
  const { judged, lateness, today } = assessToday(ctx, record, all)
  const series = await visibleSeries(ctx, record, all)
  const outlook = await describeOutlook(ctx, record.id, factsOf(record), writer)
  const status = (await performanceOf(ctx, [record.id])).get(record.id)
  const facts = { ...factsOf(record), unitLabel: record.unitLabel }
  const sentences = sentencesFor({ judged, lateness, facts, ended: record.state === 'ended' }, say, ctx.language)
  const latest = judged.rows.findLast((row) => row.value !== null)
  const source = plain(record.sourceText)
  const title = plain(record.title)
  const can = (rows: string) => may(ctx, `rows.${rows}`, record)
  const target = judged.performance?.target?.row
  const noted = (note: Readonly<Record<string, string>> | null): Text => (note ? text(note) : { text: '' })
  return {
    code: record.code,
    figure: {
      value: latest ? writer.quantity(latest.value!) : null,
      period: latest ? writer.period(latest) : say('indicators.panel.no-period'),
      age: latest ? ageWords(latest.to, today, say) : say('indicators.panel.no-age'),
      source: source || say('indicators.panel.no-source'),
      sourceHref: record.sourceAddress,
      caution: latest && latest.status !== 'actual' ? say(`web.status.${latest.status}`) : null,
      target: target ? say('indicators.panel.target', { target: targetWords(target, judged.direction, writer) }) : null,
    },
    result: judged.performance?.result ?? 'unknown',
    freshness: status?.freshness ?? (lateness ? freshnessWords[lateness] : null),
    reading: isTooOld({ lateness, ended: record.state === 'ended' }) ? 'not-stated' : judged.reading,
    side: judged.latestSignal?.side ?? null,
    unit: writer.unit,
    sentences,
    compared: comparisonsFor(judged, writer),
    chart:
      judged.assessment.n > 0
        ? chartOf(judged, record, all.breaks, writer, {
            title,
            source,
            say,
            sentences,
            noted: (text) => noted(text).text,
            ahead: outlook?.steps ?? [],
          })
        : null,
    outlook: outlook?.words ?? null,
    targets: targetsShown(series.targets, judged, record, writer, noted),
    breaks: series.breaks.map((each) => ({
      on: writer.day(each.on),
      what: breakWords(each, say),
      reason: noted(each.reason),
    })),
    corrections: series.corrections.slice(0, 50).map((each) => correctionShown(ctx, each, all.measurements, writer)),
    aside: judged.aside.map((row) => ({
      period: writer.period(row),
      value: row.value === null ? '' : writer.quantity(row.value),
      status: choice(record.kind, 'measurement.status', row.status),
      note: noted(row.note).text,
    })),
    cells: cellTables(record, series.measurements, writer),
    may: { measure: can('measurement'), target: can('target'), break: can('break') },
    notMeasured: judged.assessment.n === 0,
  }
}

const freshnessWords = {
  'not-yet-due': 'current',
  'due-late': 'late',
  'very-late': 'very-late',
  stopped: 'stopped',
} as const

const breakWords = (each: BreakRow, say: Say) =>
  each.breakKind === 'direction' && each.direction
    ? say('indicators.panel.direction-change', {
        direction: say(`indicators.indicator.choice.direction.${each.direction}`),
      })
    : say(`indicators.indicator.choice.break.breakKind.${each.breakKind}`)

type Chartable = {
  title: string
  source: string
  say: Say
  sentences: Sentences
  noted: (text: Readonly<Record<string, string>> | null) => string
  ahead: readonly FanStep[]
}

function chartOf(judged: Judged, record: Indicator, breaks: readonly BreakRow[], writer: Writer, about: Chartable) {
  const points: ChartPointData[] = []
  const facts = factsOf(record)
  for (const [index, row] of judged.rows.entries()) {
    const before = judged.rows[index - 1]
    for (const gap of before ? gapsBetween(before, row, judged) : []) points.push(gapPoint(writer.period(gap)))
    const lines = judged.lines[index]
    const signal = judged.signals[index]?.[0]
    const inForce = targetLine(judged, row)
    const broken = judged.points[index]!.breakBefore
      ? breaks.filter((each) => each.breakKind !== 'direction' && each.on < row.to && (!before || each.on >= before.to))
      : []
    points.push({
      period: writer.period(row),
      shortPeriod: writer.shortPeriod(row),
      value: row.value === null ? null : Number(row.value),
      text: row.value === null ? '' : writer.number(row.value),
      status: row.status === 'year-to-date' ? 'estimated' : row.status,
      ...(inForce === null ? {} : { target: inForce, targetText: writer.number(inForce) }),
      ...(lines ? { mean: lines.mean, lower: lines.lower, upper: lines.upper } : {}),
      ...(signal ? { reading: signalReading(signal, row.from, facts.direction, breaks), side: signal.side } : {}),
      ...(broken.length > 0 ? { breakText: broken.map((each) => about.noted(each.reason)).join(' ') } : {}),
      ...(row.note ? { note: about.noted(row.note) } : {}),
    })
  }
  withFan(points, judged.rows, about.ahead)
  const values = judged.rows.flatMap((row) => (row.value === null ? [] : [Number(row.value)]))
  const run = judged.chart === null && judged.silence === 'under-12-points'
  return {
    title: about.title,
    description: `${about.sentences.happening} ${about.sentences.against}${run ? ` ${about.say('indicators.panel.run-chart')}` : ''}`,
    points,
    bounds: boundsOf(facts, values),
    source: about.source,
  }
}

/** Adds the forecast to the points: an annualised value keeps its place and gets the fan of its period. */
function withFan(points: ChartPointData[], rows: readonly MeasurementRow[], ahead: readonly FanStep[]) {
  const shown = rows.length > 0 ? rows.at(-1)!.from : ''
  for (const { from, fan, period, shortPeriod, target, targetText } of ahead) {
    const place = from <= shown ? points.findIndex((point) => point.period === period) : -1
    if (place >= 0) points[place] = { ...points[place]!, fan }
    else if (from > shown)
      points.push({
        ...gapPoint(period),
        shortPeriod,
        fan,
        ...(target === null ? {} : { target, targetText }),
      })
  }
}

/** At most this many empty periods are drawn between two values. */
const maxGaps = 60

function gapsBetween(before: MeasurementRow, after: MeasurementRow, judged: Judged) {
  const gaps: { from: Day; to: Day; label: string }[] = []
  if (judged.grain === 'custom') return gaps
  let period = nextPeriod({ from: before.from, to: before.to, label: before.label, grain: judged.grain })
  while (period.to <= after.from && gaps.length < maxGaps) {
    gaps.push(period)
    period = nextPeriod(period)
  }
  return gaps
}

const gapPoint = (period: string): ChartPointData => ({
  period,
  shortPeriod: period,
  value: null,
  text: '',
  status: 'actual',
})

/** The level required when the period began, for targets that require one. */
function targetLine(judged: Judged, row: MeasurementRow): number | null {
  const stood = judged.targets.filter(({ row: each }) => (each.from > each.setOn ? each.from : each.setOn) <= row.from)
  const newest = stood.sort((left, right) => (left.row.setOn < right.row.setOn ? -1 : 1)).at(-1)
  if (!newest) return null
  const { target } = newest
  if (target.kind === 'keep' || target.kind === 'reach') return Number(target.value)
  if (target.kind === 'cumulative') return Number(target.total)
  if (target.kind !== 'change') return null
  const asked = judged.performance?.target === newest ? judged.performance.asked : undefined
  return asked === undefined ? null : Number(asked)
}

function targetsShown(
  targets: readonly (TargetRow & { author: string | null })[],
  judged: Judged,
  record: Indicator,
  writer: Writer,
  noted: (note: Readonly<Record<string, string>> | null) => Text,
): TargetView[] {
  const inForce = judged.performance?.target?.row
  const later = new Set(judged.performance?.later.map((each) => each.target.row))
  const same = (left: TargetRow, right: TargetRow | undefined) =>
    right !== undefined &&
    left.targetKind === right.targetKind &&
    left.from === right.from &&
    left.setOn === right.setOn &&
    left.cell === right.cell
  return [...targets].reverse().map((row) => ({
    words: targetWords(row, factsOf(record).direction, writer),
    cell: row.cell === '' ? '' : cellWords(row.cell, writer.say),
    from: writer.day(row.from),
    setOn: writer.day(row.setOn),
    why: row.why ? noted(row.why) : null,
    author: row.author,
    mark: same(row, inForce) ? 'in-force' : [...later].some((each) => same(row, each)) ? 'later' : 'earlier',
  }))
}

function correctionShown(ctx: AppContext, each: Correction, rows: readonly MeasurementRow[], writer: Writer) {
  const row = rows.find((one) => one.from === each.from && one.cell === each.cell)
  const value = (text: string | null) =>
    each.withheld
      ? writer.say('indicators.cell.withheld')
      : text === null
        ? writer.say('indicators.cell.empty')
        : writer.quantity(text)
  return {
    period: row ? writer.period(row) : each.label,
    cell: each.cell === '' ? '' : cellWords(each.cell, writer.say),
    before: value(each.before),
    after: value(each.after),
    when: writer.day(dayAt(ctx, each.at)),
    who: each.author,
    why: each.why,
  }
}
