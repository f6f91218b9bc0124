/** The working list of all indicators: value, trend, target and what they say, what is missing and what is due. */
import { column, filter, type ListCell, list } from '#pages/list/declare.ts'
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { find } from '#platform/records/index.ts'
import { freshnessLooks, performanceLooks, readingLook } from '#web/parts/status.tsx'
import { falseAlarms, type IndicatorSummary, indicatorSummaries } from './pages-summary.ts'
import { dueSoonDays, findingNames, type StatusFilter, statusIs } from './queries-list.ts'
import { performanceOf } from './queries-status.ts'
import { indicator } from './records.ts'

async function statuses(ctx: AppContext, ids: readonly string[]): Promise<ReadonlyMap<string, IndicatorSummary>> {
  const shown = await indicatorSummaries(ctx, [...(await performanceOf(ctx, ids)).values()])
  return new Map(shown.map((each) => [each.id, each]))
}

const text = (words: string | null): ListCell => (words === null ? { as: 'nothing' } : { as: 'text', text: words })
const tones = { improving: 'good', concerning: 'concern' } as const

/** A column of what is known of an indicator today. */
const status = (name: string, label: string, cell: (row: IndicatorSummary, ctx: AppContext) => ListCell) =>
  column(name, { label, load: statuses, cell })

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
    column('name', {
      label: 'indicators.indicator',
      names: true,
      load: statuses,
      cell: ({ text: name, lang, href, critical }, ctx) => {
        const link: ListCell = { as: 'link', text: name, lang, href }
        if (!critical) return link
        const badge = presenterOf(ctx).say('indicators.indicator.field.critical')
        return { as: 'row', parts: [link, { as: 'badge', icon: 'flag', text: badge }] }
      },
    }),
    column('value', {
      label: 'indicators.panel.newest',
      numeric: true,
      load: statuses,
      cell: ({ value, recent, level, reading }, ctx) => {
        const tone = tones[reading as keyof typeof tones] ?? 'quiet'
        if (value === null) return text(presenterOf(ctx).say('web.figure.unknown'))
        return { as: 'row', parts: [{ as: 'trend', values: recent, target: level, tone }, text(value)] }
      },
    }),
    status('target', 'indicators.csv.target', ({ target }) => text(target)),
    status('result', 'indicators.list.result', ({ result, resultNote }, ctx) => ({
      as: 'badge',
      text: presenterOf(ctx).say(`web.performance.${result}`),
      note: resultNote ?? undefined,
      ...performanceLooks[result],
    })),
    status('reading', 'indicators.list.reading', ({ reading, readingLabel, side }) => ({
      as: 'badge',
      text: readingLabel,
      ...readingLook(reading, side ?? undefined),
    })),
    status('freshness', 'indicators.list.freshness', ({ freshness }, ctx) =>
      freshness === null
        ? { as: 'nothing' }
        : { as: 'badge', text: presenterOf(ctx).say(`web.freshness.${freshness}`), ...freshnessLooks[freshness] },
    ),
  ],
  further: [
    'owner',
    'organisation',
    'code',
    'state',
    status('period', 'indicators.csv.period', ({ period, age }) =>
      text(period && [period, age].filter(Boolean).join(' · ')),
    ),
    status('next', 'indicators.csv.nextDueOn', ({ next }) => text(next)),
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
