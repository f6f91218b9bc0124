/** Home, decide, my work and the weekly brief: composed from what the rooms offer and find. */
import { stepsOf, workOf } from '#pages/findings/index.ts'
import { presenterOf } from '#pages/presenter.ts'
import { cachedPerReader } from '#platform/cached-per-reader.ts'
import type { Finding } from '#platform/finding.ts'
import { mayImport } from '#platform/imports/index.ts'
import type { Offers, Silent } from '#platform/offer.ts'
import { type AppContext, type PageDefinition, page } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { instantOf } from '#values/moment.ts'
import { addDays } from '#values/period.ts'
import { hasBegun, type RecentChange, recentChanges } from './queries.ts'
import { type BriefData, briefView } from './views/brief.tsx'
import { type DecideData, decideView } from './views/decide.tsx'
import { type HomeData, homeView, type PublicData } from './views/home.tsx'
import type { ChangeView, SilentReporterView } from './views/parts.tsx'
import { type WorkData, workView } from './views/work.tsx'

/** What all rooms offer and find. */
export type Composed = { readonly offers: readonly Offers[]; readonly findings: readonly Finding[] }

const weekAgo = (ctx: AppContext) => new Date(ctx.now().getTime() - 7 * 24 * 3600 * 1000)
/** Nobody reads further than this on a page about everything. */
const maxSteps = 5
const maxSilent = 5

/** One list of what every room that offers it has. */
async function all<Item>(
  offers: readonly Offers[],
  read: (offer: Offers) => Promise<readonly Item[]> | undefined,
): Promise<Item[]> {
  return (await Promise.all(offers.map(async (offer) => (await read(offer)) ?? []))).flat()
}

async function silenceOf(ctx: AppContext, offers: readonly Offers[]): Promise<SilentReporterView[]> {
  const rows: Silent[] = (await all(offers, (offer) => offer.silent?.(ctx, maxSilent))).slice(0, maxSilent)
  const { say, day, names } = presenterOf(ctx)
  const name = await names(rows.flatMap((row) => [row.post, row.organisation]))
  return rows.map((row) => ({
    post: name(row.post),
    organisation: name(row.organisation),
    what: say('overview.silence.counts', { all: row.all, stopped: row.stopped }),
    since: say('overview.silence.since', { day: day(row.oldestDueOn) }),
    href: row.href,
  }))
}

function changesShown(ctx: AppContext, rows: readonly RecentChange[]): ChangeView[] {
  const { say, plain, kind: kindName, counted, weekday } = presenterOf(ctx)
  return rows.map((row) => {
    const kinds = row.kinds.slice(0, 3).map(({ kind, count }) =>
      // Kind names begin with a capital when they stand alone.
      say('overview.change.kind', {
        count,
        kind: counted(kind, count).toLocaleLowerCase(ctx.language),
      }),
    )
    const what =
      row.code && row.title
        ? say('overview.change.one', { kind: kindName(row.kinds[0]!.kind), title: plain(row.title) })
        : say('overview.change.several', {
            what: new Intl.ListFormat(ctx.language, { type: 'conjunction' }).format(kinds),
            more: row.kinds.length > 3 ? 1 : 0,
          })
    const file = row.source.startsWith('import:') ? row.source.slice(7) : ''
    return {
      id: row.id,
      at: instantOf(row.at).toISOString(),
      when: weekday(row.at),
      what: row.undoOf
        ? say('overview.change.undone', { what })
        : file
          ? say('overview.change.imported', { what, file })
          : what,
      why: row.why ?? '',
      href: `/history/${row.id}`,
    }
  })
}

async function publicHome(ctx: AppContext, offers: readonly Offers[]): Promise<PublicData | null> {
  for (const offer of offers) {
    const front = await offer.front?.(ctx)
    if (!front) continue
    const cards = new Map(front.sentences.flatMap(({ headlines }) => headlines.map((card) => [card.id, card] as const)))
    const many = (result: string) => [...cards.values()].filter((card) => card.result === result).length
    return {
      ...front,
      outcomes: cards.size,
      met: many('met'),
      missed: many('missed'),
      notDue: many('not-due'),
      unknown: many('unknown'),
    }
  }
  return null
}

async function homeData(ctx: AppContext, { offers, findings }: Composed): Promise<HomeData> {
  const inside = ctx.caller.account !== null
  const { text, day } = presenterOf(ctx)
  const city = text(ctx.city.name)
  const start = () => ({ as: 'empty', city, demo: ctx.city.demo, signedIn: inside, mayImport: mayImport(ctx) }) as const
  if (!inside) {
    const data = await publicHome(ctx, offers)
    if (data) return { as: 'public', city, ...data }
    return (await hasBegun(ctx, offers)) ? { as: 'nothing-public', city } : start()
  }
  const [cards, steps, silent, changes] = await Promise.all([
    all(offers, (offer) => offer.headlines?.(ctx)),
    stepsOf(ctx, findings, true),
    silenceOf(ctx, offers),
    recentChanges(ctx, weekAgo(ctx)),
  ])
  if (cards.length === 0 && !(await hasBegun(ctx, offers))) return start()
  return {
    as: 'workspace',
    city,
    today: day(todayOf(ctx)),
    cards,
    steps: steps.slice(0, maxSteps),
    more: Math.max(steps.length - maxSteps, 0),
    silent,
    changes: changesShown(ctx, changes),
  }
}

const homePage = (composed: Composed) =>
  page<HomeData>({
    path: '/',
    policy: 'anyone',
    section: 'overview',
    cache: true,
    load: (ctx) => cachedPerReader(ctx, 'home', () => homeData(ctx, composed)),
    title: (data, { say }) => say(data.as === 'workspace' ? 'overview.home.title' : 'overview.home.title.public'),
    view: homeView,
  })

const workPage = ({ findings }: Composed) =>
  page<WorkData>({
    path: '/work',
    policy: 'signed in',
    section: 'overview',
    load: async (ctx) => {
      const { named } = presenterOf(ctx)
      const { posts, deputises = [] } = ctx.caller
      const [work, names] = await Promise.all([workOf(ctx, findings), namesOf(ctx, [...posts, ...deputises])])
      return { posts: [...names.values()].map(named), ...work }
    },
    title: (_data, { say }) => say('overview.work.title'),
    view: workView,
  })

const decidePage = ({ offers, findings }: Composed) =>
  page<DecideData>({
    path: '/decide',
    policy: 'signed in',
    section: 'overview',
    load: async (ctx) => {
      const [missed, unlikely, steps, waiting] = await Promise.all([
        all(offers, (offer) => offer.missed?.(ctx)),
        all(offers, (offer) => offer.unlikely?.(ctx)),
        stepsOf(ctx, findings, false),
        all(offers, (offer) => offer.publications?.(ctx)),
      ])
      return {
        missed,
        unlikely,
        steps,
        waiting: waiting.map(({ publicFrom, ...rest }) => ({ day: presenterOf(ctx).dayOf(publicFrom), ...rest })),
      }
    },
    title: (_data, { say }) => say('overview.decide.title'),
    view: decideView,
  })

const briefPage = ({ offers, findings }: Composed) =>
  page<BriefData>({
    path: '/brief',
    policy: 'signed in',
    section: 'overview',
    load: async (ctx) => {
      const today = todayOf(ctx)
      const { text, day } = presenterOf(ctx)
      const [cards, steps, silent, changes] = await Promise.all([
        all(offers, (offer) => offer.headlines?.(ctx)),
        stepsOf(ctx, findings, false),
        silenceOf(ctx, offers),
        recentChanges(ctx, weekAgo(ctx)),
      ])
      return {
        city: text(ctx.city.name),
        from: day(addDays(today, -7)),
        to: day(today),
        cards,
        steps: steps.slice(0, maxSteps),
        silent,
        changes: changesShown(ctx, changes),
      }
    },
    title: (_data, { say }) => say('overview.brief.title'),
    view: briefView,
  })

/** The pages of this room, for what the others offer and find. */
export const overviewPages = (composed: Composed): PageDefinition[] => [
  homePage(composed),
  workPage(composed),
  decidePage(composed),
  briefPage(composed),
]
