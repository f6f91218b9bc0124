/** Standings in words, for lists and panels: everything a row shows is finished text. */
import { type Language, localize, type Say } from '#kernel/words.ts'
import { todayOf } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { type Day, daysBetween } from '#values/period.ts'
import type { Freshness, Reading, Result, Standing } from './queries-standing.ts'
import { readingLabel, resultNote } from './rules-sentences.ts'
import { targetWords, writerFor } from './rules-words.ts'

export type ShownIndicator = {
  readonly id: string
  readonly code: string
  readonly href: string
  readonly title: string
  readonly lang: string
  readonly critical: boolean
  readonly result: Result
  readonly resultNote: string | null
  readonly freshness: Freshness | null
  readonly reading: Reading
  readonly readingLabel: string
  readonly side: 'high' | 'low' | null
  /** Value with unit and the period it belongs to; null where nothing was measured. */
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

export const hrefOf = (code: string): string => `/indicators/indicators/${code}`

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

/** Words for a list of standings; one query for the names of bodies and posts. */
export async function shownIndicators(ctx: AppContext, rows: readonly Standing[]): Promise<ShownIndicator[]> {
  const say = ctx.registry.words.say(ctx.language)
  const today = todayOf(ctx)
  const names = await namesOf(
    ctx,
    rows.flatMap((row) => [row.organisation, row.owner]),
  )
  const named = (id: string | null) => {
    const name = id ? names.get(id) : undefined
    return name ? localize(name.title, ctx.language, ctx.city.language).text : null
  }
  return rows.map((row) => shown(row, { say, language: ctx.language, cityLanguage: ctx.city.language, today, named }))
}

type Speaking = {
  say: Say
  language: Language
  cityLanguage: string
  today: Day
  named: (id: string | null) => string | null
}

function shown(row: Standing, { say, language, cityLanguage, today, named }: Speaking): ShownIndicator {
  const writer = writerFor(row, say, language)
  const title = localize(row.title, language, cityLanguage)
  const measured = row.latestFrom && row.latestTo && row.latestLabel
  const overdue = row.freshness === 'very-late' || row.freshness === 'stopped'
  return {
    id: row.id,
    code: row.code,
    href: hrefOf(row.code),
    title: title.text,
    lang: title.lang,
    critical: row.critical,
    result: row.result,
    resultNote: resultNote(row.result, overdue ? ['very-late', ...row.reasons] : row.reasons, say),
    freshness: row.freshness,
    reading: row.reading,
    readingLabel: readingLabel(row.reading, row.silence, say),
    side: row.side,
    value: row.latestValue === null ? null : writer.quantity(row.latestValue),
    period: measured ? writer.period({ from: row.latestFrom!, to: row.latestTo!, label: row.latestLabel! }) : null,
    age: row.latestTo ? ageWords(row.latestTo, today, say) : null,
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
    organisation: named(row.organisation),
    owner: named(row.owner),
  }
}
