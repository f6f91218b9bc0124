/** Statuses in words, for lists and panels: everything a row shows is finished text. */
import type { Say } from '#kernel/words.ts'
import { type NamedLink, presenterOf, type Text } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import { type Day, daysBetween } from '#values/period.ts'
import type { Freshness, IndicatorStatus, Reading, Result } from './queries-status.ts'
import { readingLabel, resultNote } from './rules-sentences.ts'
import { targetWords, writerFor } from './rules-words.ts'

export type IndicatorSummary = NamedLink & {
  readonly id: string
  readonly code: string
  readonly critical: boolean
  readonly result: Result
  readonly resultNote: string | null
  readonly freshness: Freshness | null
  readonly reading: Reading
  readonly readingLabel: string
  readonly side: 'high' | 'low' | null
  /** Value with unit and period; null if nothing was measured. */
  readonly value: string | null
  readonly period: string | null
  /** How old the value is, in words. */
  readonly age: string | null
  readonly target: string | null
  readonly next: string | null
  /** For a sparkline, oldest first. */
  readonly recent: readonly (number | null)[]
  readonly level: number | null
  readonly organisation: string | null
  readonly owner: string | null
}

/** How long ago a period ended: in days, months or years. Periods that are not over yet have no age. */
export function ageWords(to: Day, today: Day, say: Say): string {
  const days = daysBetween(to, today)
  if (days < 0) return say('indicators.age.running')
  if (days < 60) return say('indicators.age.days', { count: days })
  const months = Math.round(days / 30.44)
  return months < 24
    ? say('indicators.age.months', { count: months })
    : say('indicators.age.years', { count: Math.floor(days / 365.25) })
}

/** Words for a list of statuses; one query for the names of organisations and posts. */
export async function indicatorSummaries(
  ctx: AppContext,
  rows: readonly IndicatorStatus[],
): Promise<IndicatorSummary[]> {
  const presenter = presenterOf(ctx)
  const nameOf = await presenter.names(rows.flatMap((row) => [row.organisation, row.owner]))
  return rows.map((row) => shown(ctx, row, nameOf))
}

function shown(ctx: AppContext, row: IndicatorStatus, nameOf: (id: string | null) => Text | null): IndicatorSummary {
  const { say, named } = presenterOf(ctx)
  const writer = writerFor(row, say, ctx.language)
  const measured = row.latestFrom && row.latestTo && row.latestLabel
  const overdue = row.freshness === 'very-late' || row.freshness === 'stopped'
  return {
    id: row.id,
    code: row.code,
    ...named({ kind: 'indicators.indicator', ...row }),
    critical: row.critical,
    result: row.result,
    resultNote: resultNote(row.result, overdue ? ['very-late', ...row.reasons] : row.reasons, say),
    freshness: row.freshness,
    reading: row.reading,
    readingLabel: readingLabel(row.reading, row.silence, say),
    side: row.side,
    value: row.latestValue === null ? null : writer.quantity(row.latestValue),
    period: measured ? writer.period({ from: row.latestFrom!, to: row.latestTo!, label: row.latestLabel! }) : null,
    age: row.latestTo ? ageWords(row.latestTo, todayOf(ctx), say) : null,
    target: row.target ? targetWords(row.target, row.direction, writer) : null,
    next:
      row.nextDueOn && row.nextFrom && row.nextTo && row.nextLabel && row.state !== 'ended'
        ? say('indicators.list.next', {
            period: writer.period({ from: row.nextFrom, to: row.nextTo, label: row.nextLabel }),
            day: writer.day(row.nextDueOn),
          })
        : null,
    recent: row.recent.map((value) => (value === null ? null : Number(value))),
    level: row.asked === null ? null : Number(row.asked),
    organisation: nameOf(row.organisation)?.text ?? null,
    owner: nameOf(row.owner)?.text ?? null,
  }
}
