/** Everything an indicator's page shows of its series, in finished words. */
import type { Say } from '#kernel/words.ts'
import { may } from '#pages/permission.ts'
import { presenterOf, type Text } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { dayAt } from '#platform/today.ts'
import { type Day, nextPeriod } from '#values/period.ts'
import { ageWords } from './pages-summary.ts'
import { cellTables } from './queries-cells.ts'
import { describeOutlook, type FanStep } from './queries-outlook.ts'
import { allRows, assessToday, type Correction, factsOf, type Indicator, visibleSeries } from './queries-series.ts'
import { performanceOf } from './queries-status.ts'
import { comparisonsFor, isTooOld, type Sentences, sentencesFor } from './rules-sentences.ts'
import { type BreakRow, type Judged, type MeasurementRow, signalReading, type TargetRow } from './rules-series.ts'
import { cellWords, targetWords, type Writer, writerFor } from './rules-words.ts'

/** What the page shows of one indicator. */
export type IndicatorPanel = Awaited<ReturnType<typeof indicatorPanel>>

/** Reads one indicator and describes it in full. The caller must already be allowed to read the record. */
export async function indicatorPanel(ctx: AppContext, record: Indicator) {
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
  const facts = factsOf(record)
  const points = judged.rows.flatMap((row, index) => {
    const before = judged.rows[index - 1]
    const gaps = before ? gapsBetween(before, row, judged) : []
    const lines = judged.lines[index]
    const signal = judged.signals[index]?.[0]
    const inForce = targetLine(judged, row)
    const broken = judged.points[index]!.breakBefore
      ? breaks.filter((each) => each.breakKind !== 'direction' && each.on < row.to && (!before || each.on >= before.to))
      : []
    const point = {
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
    } as const
    return [...gaps.map((gap) => gapPoint(writer.period(gap))), point]
  })
  const run = judged.chart === null && judged.silence === 'under-12-points'
  return {
    title: about.title,
    description: `${about.sentences.happening} ${about.sentences.against}${run ? ` ${about.say('indicators.panel.run-chart')}` : ''}`,
    points: withFan(points, judged.rows, about.ahead),
    bounds: judged.bounds,
    source: about.source,
  }
}

/** Adds the forecast to the points: an annualised value keeps its place and gets the fan of its period. */
function withFan<Point extends { readonly period: string }>(
  points: readonly Point[],
  rows: readonly MeasurementRow[],
  ahead: readonly FanStep[],
) {
  const shown = rows.at(-1)?.from ?? ''
  const fans = new Map(ahead.filter(({ from }) => from <= shown).map(({ period, fan }) => [period, fan]))
  return [
    ...points.map((point) => ({ ...point, fan: fans.get(point.period) })),
    ...ahead
      .filter(({ from }) => from > shown)
      .map(({ period, shortPeriod, fan, target, targetText }) => ({
        ...gapPoint(period),
        shortPeriod,
        fan,
        ...(target === null ? {} : { target, targetText }),
      })),
  ]
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

const gapPoint = (period: string) => ({ period, shortPeriod: period, value: null, text: '', status: 'actual' }) as const

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
) {
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
