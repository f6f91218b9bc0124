/** Home, decide, my work and the weekly brief: composed from what the rooms offer. */

import { listStatuses, type SilentReporter, silentPosts } from '#modules/indicators'
import {
  cardOf,
  commitmentsDue,
  headlineCards,
  missedCards,
  publicationsWaiting,
  unlikelyCards,
  visionAt,
} from '#modules/strategy'
import { presenterOf } from '#pages/presenter.ts'
import { cachedPerReader } from '#platform/cached-per-reader.ts'
import { mayImport } from '#platform/imports/index.ts'
import type { WorkItem, WorkOffer } from '#platform/module.ts'
import { type AppContext, type PageDefinition, page } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { instantOf } from '#values/moment.ts'
import { addDays } from '#values/period.ts'
import { hasContent, type RecentChange, recentChanges, workOf } from './queries.ts'
import { type BriefData, briefView } from './views/brief.tsx'
import { type DecideData, decideView } from './views/decide.tsx'
import { type HomeData, homeView, type PublicData } from './views/home.tsx'
import type { ChangeView, CommitmentView, DueView, SilentReporterView, StepView } from './views/parts.tsx'
import { type WorkData, workView } from './views/work.tsx'

const weekAgo = (ctx: AppContext) => new Date(ctx.now().getTime() - 7 * 24 * 3600 * 1000)
/** Commitments due within this many days are announced. */
const announcedDays = 30

const stepsOf = (ctx: AppContext, items: readonly WorkItem[]): StepView[] => {
  const { say } = presenterOf(ctx)
  return items.map((item) => ({
    key: item.key,
    sentence: say(item.sentence, item.values),
    step: say(item.step, item.values),
    href: item.href,
    count: item.count,
  }))
}

async function silenceOf(ctx: AppContext, rows: readonly SilentReporter[]): Promise<SilentReporterView[]> {
  const { say, day, names } = presenterOf(ctx)
  const name = await names(rows.flatMap((row) => [row.owner, row.organisation]))
  return rows.map((row) => ({
    post: name(row.owner),
    organisation: name(row.organisation),
    what: say('overview.silence.counts', {
      all: row.late + row.veryLate + row.stopped,
      stopped: row.stopped,
    }),
    since: say('overview.silence.since', { day: day(row.oldestDueOn) }),
    href: row.owner
      ? `/indicators?freshness=overdue&owner=${row.owner}`
      : `/indicators?freshness=overdue&owner=none&organisation=${row.organisation ?? 'none'}`,
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

async function commitmentsShown(ctx: AppContext, mine: boolean): Promise<CommitmentView[]> {
  const today = todayOf(ctx)
  const rows = await commitmentsDue(ctx, today, addDays(today, announcedDays), { mine, limit: 30 })
  const { named, day, names } = presenterOf(ctx)
  const name = await names(rows.flatMap((row) => [row.owner, row.organisation]))
  return rows.map((row) => ({
    code: row.code,
    ...named({ kind: 'strategy.commitment', ...row }),
    due: row.dueOn ? day(row.dueOn) : '',
    overdue: row.overdue,
    who: [name(row.owner), name(row.organisation)].flatMap((each) => each?.text ?? []).join(' · '),
  }))
}

/** Figures that the reader's posts and organisations owe next, earliest first. */
async function dueShown(ctx: AppContext): Promise<DueView[]> {
  const today = todayOf(ctx)
  const { named, day, period } = presenterOf(ctx)
  const [late, next] = await Promise.all([
    listStatuses(ctx, { mine: true, freshness: 'overdue' }, { limit: 100 }),
    listStatuses(ctx, { mine: true, dueUntil: addDays(today, announcedDays) }, { limit: 100 }),
  ])
  return [...late.rows, ...next.rows]
    .filter((row) => row.nextDueOn !== null)
    .sort((one, other) => (one.nextDueOn! < other.nextDueOn! ? -1 : 1))
    .slice(0, 15)
    .map((row) => ({
      code: row.code,
      ...named({ kind: 'indicators.indicator', ...row }),
      period:
        row.nextFrom && row.nextTo
          ? period({ from: row.nextFrom, to: row.nextTo, label: row.nextLabel ?? '', grain: row.grain })
          : (row.nextLabel ?? ''),
      due: day(row.nextDueOn!),
      overdue: row.nextDueOn! < today,
    }))
}

async function publicHome(ctx: AppContext): Promise<PublicData | null> {
  // Counts of everything below are on the vision page, not here.
  const now = await visionAt(ctx, undefined, { counts: false })
  if (!now) return null
  const cards = new Map(now.answers.map((row) => [row.id, cardOf(ctx, row, now.statuses.get(row.id)!)]))
  const results = [...cards.values()].map((card) => card.result)
  const many = (result: string) => results.filter((each) => each === result).length
  const { named, day } = presenterOf(ctx)
  return {
    version: now.shown.versionLabel,
    adopted: now.shown.adoptedOn ? day(now.shown.adoptedOn) : null,
    outcomes: cards.size,
    met: many('met'),
    missed: many('missed'),
    notDue: many('not-due'),
    unknown: many('unknown'),
    sentences: now.sentences.map((row) => ({
      code: row.code,
      ...named({ kind: 'strategy.sentence', ...row }),
      outcomes: now.answers.filter((answer) => answer.sentence === row.id).map((answer) => cards.get(answer.id)!),
    })),
  }
}

async function homeData(ctx: AppContext, offers: readonly WorkOffer[]): Promise<HomeData> {
  const inside = ctx.caller.account !== null
  const { text, day } = presenterOf(ctx)
  const city = text(ctx.city.name)
  const start = async () =>
    ({ as: 'empty', city, demo: ctx.city.demo, signedIn: inside, mayImport: mayImport(ctx) }) as const
  if (!inside) {
    const data = await publicHome(ctx)
    if (data) return { as: 'public', city, ...data }
    if (!(await hasContent(ctx))) return start()
    return { as: 'nothing-public', city }
  }
  const [cards, items, silent, changes] = await Promise.all([
    headlineCards(ctx),
    workOf(ctx, offers, false),
    silentPosts(ctx, 5),
    recentChanges(ctx, weekAgo(ctx)),
  ])
  if (cards.length === 0 && !(await hasContent(ctx))) return start()
  return {
    as: 'workspace',
    city,
    today: day(todayOf(ctx)),
    cards,
    steps: stepsOf(ctx, items).slice(0, 5),
    more: Math.max(items.length - 5, 0),
    silent: await silenceOf(ctx, silent),
    changes: changesShown(ctx, changes),
  }
}

const homePage = (offers: readonly WorkOffer[]) =>
  page<HomeData>({
    path: '/',
    policy: 'anyone',
    section: 'overview',
    cache: true,
    load: (ctx) => cachedPerReader(ctx, 'home', () => homeData(ctx, offers)),
    title: (data, { say }) => say(data.as === 'workspace' ? 'overview.home.title' : 'overview.home.title.public'),
    view: homeView,
  })

const workPage = (offers: readonly WorkOffer[]) =>
  page<WorkData>({
    path: '/work',
    policy: 'signed in',
    section: 'overview',
    load: async (ctx) => {
      const { say, named } = presenterOf(ctx)
      const [commitments, due, ...groups] = await Promise.all([
        commitmentsShown(ctx, true),
        dueShown(ctx),
        ...offers.map(async (offer) => ({
          room: say(`module.${offer.name}`),
          steps: stepsOf(ctx, await workOf(ctx, [offer], true)),
        })),
      ])
      const names = await namesOf(ctx, ctx.caller.posts)
      return {
        posts: [...names.values()].map(named),
        groups: groups.filter((group) => group.steps.length > 0),
        commitments,
        due,
      }
    },
    title: (_data, { say }) => say('overview.work.title'),
    view: workView,
  })

const decidePage = (offers: readonly WorkOffer[]) =>
  page<DecideData>({
    path: '/decide',
    policy: 'signed in',
    section: 'overview',
    load: async (ctx) => {
      const [missed, unlikely, items, waiting, commitments] = await Promise.all([
        missedCards(ctx),
        unlikelyCards(ctx),
        workOf(ctx, offers, false),
        publicationsWaiting(ctx),
        commitmentsShown(ctx, false),
      ])
      return {
        missed,
        unlikely,
        steps: stepsOf(ctx, items),
        waiting: waiting.map(({ publicFrom, count, overtaken }) => ({
          day: presenterOf(ctx).dayOf(publicFrom),
          count,
          overtaken,
        })),
        commitments,
      }
    },
    title: (_data, { say }) => say('overview.decide.title'),
    view: decideView,
  })

const briefPage = (offers: readonly WorkOffer[]) =>
  page<BriefData>({
    path: '/brief',
    policy: 'signed in',
    section: 'overview',
    load: async (ctx) => {
      const today = todayOf(ctx)
      const { text, day } = presenterOf(ctx)
      const [cards, items, silent, changes, commitments] = await Promise.all([
        headlineCards(ctx),
        workOf(ctx, offers, false),
        silentPosts(ctx, 5),
        recentChanges(ctx, weekAgo(ctx)),
        commitmentsShown(ctx, false),
      ])
      return {
        city: text(ctx.city.name),
        from: day(addDays(today, -7)),
        to: day(today),
        cards,
        steps: stepsOf(ctx, items).slice(0, 5),
        silent: await silenceOf(ctx, silent),
        changes: changesShown(ctx, changes),
        commitments: commitments.slice(0, 6),
      }
    },
    title: (_data, { say }) => say('overview.brief.title'),
    view: briefView,
  })

/** The pages of this room, for the given offers. */
export const overviewPages = (offers: readonly WorkOffer[]): PageDefinition[] => [
  homePage(offers),
  workPage(offers),
  decidePage(offers),
  briefPage(offers),
]
