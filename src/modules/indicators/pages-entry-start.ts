/** What an indicator's forms start from: periods awaiting a value, existing values, and parsing a form. */
import type { Say } from '#kernel/words.ts'
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import { nextPeriod, type Period } from '#values/period.ts'
import { allRows, factsOf, type Indicator } from './queries-series.ts'
import {
  type EntryFacts,
  type FormValues,
  type MeasurementInput,
  readBreak,
  readMeasurements as readLines,
  readTarget,
} from './rules-entry.ts'
import { judge } from './rules-series.ts'
import { cellWords, targetWords, unitWords, writerFor } from './rules-words.ts'

const entryFacts = (record: Indicator): EntryFacts => record as unknown as EntryFacts

/** How many periods awaiting a value are offered together; a blank line follows them. */
const maxLines = 6
const shownValues = 60

export type EntryStart = {
  readonly lines: ReadonlyArray<{ readonly period: string; readonly title: string; readonly lead: string }>
  readonly unit: string
  readonly cells: ReadonlyArray<{ readonly value: string; readonly label: string }>
  readonly existing: ReadonlyArray<{ label: string; period: string; value: string; status: string; note: string }>
  /** The value to correct, if one is named. */
  readonly correcting: Readonly<Record<string, string>> | null
}

/** The whole and every part that has values. */
const cellChoices = (rows: ReadonlyArray<{ readonly cell: string }>, say: Say) =>
  [...new Set(['', ...rows.map((row) => row.cell)])].sort().map((value) => ({ value, label: cellWords(value, say) }))

/** What the form for measurements of a cell shows before anything is typed. */
export async function entryStart(
  ctx: AppContext,
  record: Indicator,
  cell: string,
  correct?: string,
): Promise<EntryStart> {
  const { say, plain, choice } = presenterOf(ctx)
  const all = await allRows(ctx, record.id)
  const writer = writerFor(record as never, say, ctx.language)
  const { due, grain } = judge(factsOf(record), all, cell)
  const today = todayOf(ctx)
  const waiting: Period[] = []
  for (
    let period = due?.period;
    period && grain !== 'custom' && waiting.length < maxLines;
    period = nextPeriod(period)
  ) {
    if (waiting.length > 0 && period.to > today) break
    waiting.push(period)
  }
  const own = all.measurements.filter((row) => row.cell === cell)
  const corrected = correct === undefined ? undefined : own.find((row) => row.label === correct)
  return {
    lines: [
      ...(corrected ? [] : waiting).map((period) => ({
        period: period.label,
        title: writer.period(period),
        lead: period.to > today ? say('indicators.entry.not-over') : say('indicators.entry.waits'),
      })),
      corrected
        ? {
            period: corrected.label,
            title: say('indicators.entry.correct-title', { period: writer.period(corrected) }),
            lead: say('indicators.entry.correct-lead'),
          }
        : { period: '', title: say('indicators.entry.other'), lead: say('indicators.entry.other-lead') },
    ],
    unit: unitWords(record as never, say, ctx.language),
    cells: cellChoices(all.measurements, say),
    existing: own
      .slice(-shownValues)
      .reverse()
      .map((row) => ({
        label: row.label,
        period: writer.period(row),
        value: row.value === null ? say('indicators.cell.empty') : writer.quantity(row.value),
        status: choice(record.kind, 'measurement.status', row.status),
        note: plain(row.note),
      })),
    correcting: corrected
      ? {
          'period.0': corrected.label,
          'value.0': corrected.value ?? '',
          'numerator.0': corrected.numerator ?? '',
          'denominator.0': corrected.denominator ?? '',
          'status.0': corrected.status,
        }
      : null,
  }
}

/** Reads a submitted form of measurements against what is stored. */
export async function readMeasurementForm(
  ctx: AppContext,
  record: Indicator,
  typed: { readonly lines: readonly MeasurementInput[]; readonly cell: string; readonly why: string },
) {
  const { measurements } = await allRows(ctx, record.id)
  return readLines(entryFacts(record), typed.lines, typed.cell, measurements, { why: typed.why, today: todayOf(ctx) })
}

export async function readTargetForm(ctx: AppContext, record: Indicator, typed: FormValues) {
  const { targets } = await allRows(ctx, record.id)
  return readTarget(typed, targets, todayOf(ctx))
}

export async function readBreakForm(ctx: AppContext, record: Indicator, typed: FormValues) {
  const { breaks } = await allRows(ctx, record.id)
  return readBreak(typed, factsOf(record), breaks)
}

/** The targets so far in words, newest first, and the first day of the awaited period. */
export async function targetsSoFar(ctx: AppContext, record: Indicator) {
  const { say } = presenterOf(ctx)
  const all = await allRows(ctx, record.id)
  const writer = writerFor(record as never, say, ctx.language)
  const facts = factsOf(record)
  return {
    words: all.targets.toReversed().map((row) =>
      say('indicators.entry.target-so-far', {
        target: targetWords(row, facts.direction, writer),
        from: writer.day(row.from),
        setOn: writer.day(row.setOn),
      }),
    ),
    next: judge(facts, all).due?.period.from ?? '',
    unit: writer.unit,
    cells: cellChoices(all.measurements, say),
  }
}
