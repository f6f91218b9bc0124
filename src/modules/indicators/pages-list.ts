/** The working list of all indicators, its download, and the library. */
import { Readable } from 'node:stream'
import { recordChoices } from '#pages/choices.ts'
import { one } from '#pages/form.ts'
import { maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type AppContext, page, unseenPage } from '#platform/page.ts'
import { find, isId } from '#platform/records/index.ts'
import { writeTable } from '#platform/tabular/index.ts'
import { todayOf } from '#platform/today.ts'
import { addDays } from '#values/period.ts'
import { useLibraryItem } from './actions.ts'
import { libraryData } from './pages-library.ts'
import { indicatorSummaries } from './pages-summary.ts'
import { findingNames, type ListFilter, listStatuses } from './queries-list.ts'
import type { IndicatorStatus } from './queries-status.ts'
import { directions, indicator } from './records.ts'
import { type LibraryPageData, libraryView } from './views/library.tsx'
import { type ListData, listView } from './views/list.tsx'

const choices = {
  state: indicator.states,
  result: ['met', 'missed', 'not-due', 'unknown'],
  freshness: ['current', 'overdue', 'late', 'very-late', 'stopped'],
  reading: ['improving', 'concerning', 'higher-than-usual', 'lower-than-usual', 'usual', 'not-stated'],
  direction: directions,
  finding: findingNames,
} as const
type ChoiceName = keyof typeof choices

const dueSoonDays = 30

/** The filter in an address; unknown parts are ignored, so that old links still work. */
function filterOf(ctx: AppContext, query: Readonly<Record<string, string>>): ListFilter {
  const filter: Record<string, unknown> = {}
  for (const [name, values] of Object.entries(choices))
    if ((values as readonly string[]).includes(query[name] ?? '')) filter[name] = query[name]
  for (const name of ['organisation', 'owner', 'goal']) if (isId(query[name] ?? '')) filter[name] = query[name]
  for (const name of ['organisation', 'owner']) if (query[name] === 'none') filter[name] = 'none'
  if (query.q?.trim()) filter.words = query.q.trim().slice(0, 200)
  if (query.due === 'soon') filter.dueUntil = addDays(todayOf(ctx), dueSoonDays)
  if (query.mine === 'true') filter.mine = true
  return filter as ListFilter
}

const kept = ['goal', 'owner', 'due', 'mine'] as const
const asked = ['q', 'organisation', ...Object.keys(choices), ...kept]

function addressOf(path: string, query: Readonly<Record<string, string>>, more: Record<string, string> = {}): string {
  const parameters = new URLSearchParams()
  for (const name of asked) if (query[name]) parameters.set(name, query[name])
  for (const [name, value] of Object.entries(more)) parameters.set(name, value)
  const search = parameters.toString()
  return search ? `${path}?${search}` : path
}

async function organisationOptions(ctx: AppContext) {
  const bodies = await recordChoices(ctx, ctx.registry.wellKnown.organisation, 200, 'title')
  return bodies.map(({ id, label }) => ({ value: id, label }))
}

/** The hidden part of the filter, in a sentence. */
async function aboutOf(ctx: AppContext, query: Readonly<Record<string, string>>): Promise<string | null> {
  const { say, plain } = presenterOf(ctx)
  if (isId(query.goal ?? '')) {
    for (const kind of indicator.links.measures.to) {
      const goal = await find(ctx, ctx.registry.kind(kind).declaration, query.goal!)
      if (goal) return say('indicators.list.below', { goal: plain(goal.title) })
    }
  }
  if (query.owner === 'none') return say('indicators.list.no-owner')
  if (query.due === 'soon') return say('indicators.list.due-soon', { days: dueSoonDays })
  if (query.mine === 'true') return say('indicators.list.mine')
  return null
}

const listPage = page<ListData>({
  path: '/indicators',
  policy: 'signed in',
  section: 'results',
  load: async (ctx, { query }) => {
    const { say, choice, state } = presenterOf(ctx)
    const filter = filterOf(ctx, query)
    const found = await listStatuses(ctx, filter, query.after ? { after: query.after } : {})
    const filtered = Object.keys(filter).length > 0
    const words: Record<ChoiceName, (value: string) => string> = {
      state: (value) => state(indicator.kind, value),
      result: (value) => say(`web.performance.${value}`),
      freshness: (value) => say(value === 'overdue' ? 'indicators.list.overdue' : `web.freshness.${value}`),
      reading: (value) => say(value === 'not-stated' ? 'indicators.list.not-stated' : `web.reading.${value}`),
      direction: (value) => choice(indicator.kind, 'direction', value),
      finding: (value) => say(`indicators.finding.${value}`),
    }
    const expected = found.expectedFalseAlarms
    return {
      rows: await indicatorSummaries(ctx, found.rows),
      total: found.total,
      expected:
        expected >= 0.05
          ? say('indicators.list.false-alarms', {
              count: new Intl.NumberFormat(ctx.language, { maximumFractionDigits: expected < 10 ? 1 : 0 }).format(
                expected,
              ),
            })
          : null,
      filters: query,
      choices: [
        ...(Object.keys(choices) as ChoiceName[]).map((name) => ({
          name,
          label: say(name === 'state' ? 'record.field.state' : `indicators.list.${name}`),
          options: choices[name].map((value) => ({ value, label: words[name](value) })),
        })),
        {
          name: 'organisation',
          label: say('record.field.organisation'),
          options: [
            ...(await organisationOptions(ctx)),
            { value: 'none', label: say('indicators.list.no-organisation') },
          ],
        },
      ],
      keep: Object.fromEntries(kept.flatMap((name) => (query[name] ? [[name, query[name]]] : []))),
      next: found.next ? addressOf('/indicators', query, { after: found.next }) : null,
      csv: addressOf('/indicators/list.csv', query),
      filtered,
      empty: found.total === 0 && !filtered,
      mayCreate: maySome(ctx, 'create', indicator.kind),
      about: await aboutOf(ctx, query),
    }
  },
  title: (_data, { say }) => say('indicators.list.title'),
  view: listView,
})

const csvColumns = [
  'code',
  'title',
  'state',
  'organisation',
  'owner',
  'result',
  'resultNote',
  'reading',
  'freshness',
  'period',
  'value',
  'unit',
  'target',
  'nextDueOn',
] as const

/** The filtered list, page by page, so that memory stays small however long it is. */
async function* listRows(ctx: AppContext, filter: ListFilter): AsyncGenerator<(string | number | null)[]> {
  const { say, state } = presenterOf(ctx)
  yield csvColumns.map((name) => say(`indicators.csv.${name}`))
  let after: string | undefined
  do {
    const found = await listStatuses(ctx, filter, { limit: 500, ...(after ? { after } : {}) })
    const shown = await indicatorSummaries(ctx, found.rows)
    for (const [index, row] of shown.entries()) {
      const status: IndicatorStatus = found.rows[index]!
      yield [
        row.code,
        row.text,
        state(indicator.kind, status.state),
        row.organisation,
        row.owner,
        say(`web.performance.${row.result}`),
        row.resultNote,
        row.readingLabel,
        row.freshness ? say(`web.freshness.${row.freshness}`) : null,
        status.latestLabel,
        status.latestValue,
        status.unit,
        row.target,
        status.nextDueOn,
      ]
    }
    after = found.next ?? undefined
  } while (after)
}

const listCsvPage = unseenPage({
  path: '/indicators/list.csv',
  policy: 'signed in',
  load: async (ctx, { query }) => ({
    download: 'indicators.csv',
    type: 'text/csv; charset=utf-8',
    body: Readable.from(writeTable(listRows(ctx, filterOf(ctx, query)))),
  }),
})

const libraryPage = page<LibraryPageData>({
  path: '/indicators/library',
  policy: 'anyone',
  section: 'results',
  load: (ctx, { query }) => libraryPageData(ctx, query.organisation ?? ''),
  post: async (ctx, { form }) => {
    const asked = one(form, 'organisation')
    const organisation = isId(asked) ? asked : null
    const code = await useLibraryItem(ctx, one(form, 'number'), organisation)
    if (!code) return libraryPageData(ctx, organisation ?? '')
    return {
      redirect: presenterOf(ctx).href(indicator.kind, code),
      notice: { key: 'indicators.library.made', values: { code } },
    }
  },
  trail: (_data, { say }) => [{ label: say('indicators.list.title'), href: '/indicators' }],
  title: (_data, { say }) => say('indicators.library.link'),
  view: libraryView,
})

async function libraryPageData(ctx: AppContext, organisation: string): Promise<LibraryPageData> {
  const mayCreate = maySome(ctx, 'create', indicator.kind)
  return {
    ...(await libraryData(ctx)),
    mayCreate,
    organisations: mayCreate ? await organisationOptions(ctx) : [],
    organisation: organisation || (ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])[0] ?? ''),
  }
}

export const listPages = [listPage, listCsvPage, libraryPage]
