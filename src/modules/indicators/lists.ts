/** The working list of all indicators: value, trend, target and what they say, what is missing and what is due. */
import { column, filter, type ListCell, list } from '#pages/list/declare.ts'
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { find } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { freshnessLooks, performanceLooks, readingLook } from '#web/parts/status.tsx'
import { ageWords, falseAlarms, noteOf } from './pages-summary.ts'
import { dueSoonDays, findingNames, type StatusFilter, statusIs } from './queries-list.ts'
import { type IndicatorStatus, performanceOf } from './queries-status.ts'
import { indicator } from './records.ts'
import { readingLabel } from './rules-sentences.ts'
import { targetWords, type Writer, writerFor } from './rules-words.ts'

const nothing: ListCell = { as: 'nothing' }
const text = (words: string | null): ListCell => (words === null ? nothing : { as: 'text', text: words })
const badge = (words: string, look: Looks, note?: string | null): ListCell => ({
  as: 'badge',
  text: words,
  note: note ?? undefined,
  ...look,
})
type Looks = ReturnType<typeof readingLook>
const tones = { improving: 'good', concerning: 'concern' } as const

type Cell = (row: IndicatorStatus, writer: Writer, ctx: AppContext) => ListCell

/** A column of what is known of an indicator today. */
const status = (name: string, label: string, cell: Cell, more: { numeric?: boolean; names?: boolean } = {}) =>
  column(name, {
    label,
    load: performanceOf,
    cell: (row, ctx) => cell(row, writerFor(row, presenterOf(ctx).say, ctx.language), ctx),
    ...more,
  })

/** A filter by what is known of an indicator today. */
const byStatus = (name: StatusFilter, of: readonly string[], words: (value: string) => string) =>
  filter(name, { label: `indicators.list.${name}`, of, words, where: (ctx, value) => statusIs(ctx, name, value) })

/** Set by links only. */
const linked = (name: StatusFilter, told: (ctx: AppContext, value: string) => string | Promise<string>) =>
  filter(name, { label: `indicators.list.${name}`, told, where: (ctx, value) => statusIs(ctx, name, value) })

async function goalTold(ctx: AppContext, id: string): Promise<string> {
  const { say, plain } = presenterOf(ctx)
  for (const kind of indicator.links.measures.to) {
    const goal = await find(ctx, ctx.registry.kind(kind).declaration, id)
    if (goal) return say('indicators.list.below', { goal: plain(goal.title) })
  }
  return say('indicators.list.lead')
}

export const allIndicators = list(indicator, {
  path: '/indicators',
  policy: 'signed in',
  title: 'indicators.list.title',
  lead: 'indicators.list.lead',
  columns: [
    status(
      'name',
      'indicators.indicator',
      (row, { say }, ctx) => {
        const link: ListCell = { as: 'link', ...presenterOf(ctx).named({ kind: indicator.kind, ...row }) }
        if (!row.critical) return link
        const flag: ListCell = { as: 'badge', icon: 'flag', text: say('indicators.indicator.field.critical') }
        return { as: 'row', parts: [link, flag] }
      },
      { names: true },
    ),
    status(
      'value',
      'indicators.panel.newest',
      ({ latestValue, recent, asked, reading }, { say, quantity }) => {
        if (latestValue === null) return text(say('web.figure.unknown'))
        const trend: ListCell = {
          as: 'trend',
          values: recent.map((value) => (value === null ? null : Number(value))),
          target: asked === null ? null : Number(asked),
          tone: tones[reading as keyof typeof tones] ?? 'quiet',
        }
        return { as: 'row', parts: [trend, text(quantity(latestValue))] }
      },
      { numeric: true },
    ),
    status('target', 'indicators.csv.target', ({ target, direction }, writer) =>
      text(target && targetWords(target, direction, writer)),
    ),
    status('result', 'indicators.list.result', (row, { say }) =>
      badge(say(`web.performance.${row.result}`), performanceLooks[row.result], noteOf(row, say)),
    ),
    status('reading', 'indicators.list.reading', ({ reading, side, silence }, { say }) =>
      badge(readingLabel(reading, silence, say), readingLook(reading, side ?? undefined)),
    ),
    status('freshness', 'indicators.list.freshness', ({ freshness }, { say }) =>
      freshness === null ? nothing : badge(say(`web.freshness.${freshness}`), freshnessLooks[freshness]),
    ),
  ],
  further: [
    'owner',
    'organisation',
    'code',
    'state',
    status('period', 'indicators.csv.period', ({ latestFrom, latestTo, latestLabel }, { say, period }, ctx) =>
      latestFrom && latestTo && latestLabel
        ? text(
            `${period({ from: latestFrom, to: latestTo, label: latestLabel })} · ${ageWords(latestTo, todayOf(ctx), say)}`,
          )
        : nothing,
    ),
    status('next', 'indicators.csv.nextDueOn', ({ nextDueOn, nextFrom, nextTo, nextLabel, state }, writer) =>
      nextDueOn && nextFrom && nextTo && nextLabel && state !== 'ended'
        ? text(
            writer.say('indicators.list.next', {
              period: writer.period({ from: nextFrom, to: nextTo, label: nextLabel }),
              day: writer.day(nextDueOn),
            }),
          )
        : nothing,
    ),
    'direction',
    'valueKind',
    'unit',
    'grain',
    'libraryNumber',
    'changedAt',
  ],
  filters: [
    byStatus('result', ['met', 'missed', 'not-due', 'unknown'], (value) => `web.performance.${value}`),
    byStatus('freshness', ['current', 'overdue', 'late', 'very-late', 'stopped'], (value) =>
      value === 'overdue' ? 'indicators.list.overdue' : `web.freshness.${value}`,
    ),
    byStatus(
      'reading',
      ['improving', 'concerning', 'higher-than-usual', 'lower-than-usual', 'usual', 'not-stated'],
      (value) => (value === 'not-stated' ? 'indicators.list.not-stated' : `web.reading.${value}`),
    ),
    byStatus('finding', findingNames, (value) => `indicators.finding.${value}`),
    'organisation',
    'owner',
    'state',
    'direction',
    'valueKind',
    'grain',
    'critical',
    'libraryNumber',
    'changedAt',
    linked('goal', goalTold),
    linked('due', (ctx) => presenterOf(ctx).say('indicators.list.due-soon', { days: dueSoonDays })),
    linked('mine', (ctx) => presenterOf(ctx).say('indicators.list.mine')),
  ],
  sorts: ['code', 'title', 'changedAt'],
  groups: ['organisation', 'owner', 'state', 'direction', 'grain'],
  board: 'state',
  saved: [
    { name: 'mine', query: { mine: 'true' } },
    { name: 'overdue', query: { freshness: 'overdue' } },
    { name: 'missed', query: { result: 'missed' } },
    { name: 'due', query: { due: 'soon' } },
  ],
  links: [{ label: 'indicators.library.link', href: '/indicators/library' }],
  above: falseAlarms,
})
