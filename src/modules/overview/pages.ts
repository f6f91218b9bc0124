/** Home, decide, my work and the weekly brief: composed from what the rooms offer. */

import type { Say } from '#kernel/words.ts'
import { type Silence, silentPosts, standings } from '#modules/indicators'
import {
  cardOf,
  commitmentsDue,
  headlineCards,
  hrefOf,
  missedCards,
  publicationsWaiting,
  textIn,
  unlikelyCards,
  visionAt,
} from '#modules/strategy'
import { dayIn } from '#platform/app.ts'
import { cachedPerReader } from '#platform/cached-per-reader.ts'
import { mayImport } from '#platform/imports/index.ts'
import type { WorkItem, WorkOffer } from '#platform/module.ts'
import { type AppContext, type PageDefinition, page } from '#platform/page.ts'
import { namesOf } from '#platform/records/index.ts'
import { formatDay, formatWeekday, instantOf } from '#values/moment.ts'
import { addDays, formatPeriod, type Grain } from '#values/period.ts'
import { hasContent, type RecentChange, recentChanges, workOf } from './queries.ts'
import { type BriefData, briefView } from './views/brief.tsx'
import { type DecideData, decideView } from './views/decide.tsx'
import { type HomeData, homeView, type PublicData } from './views/home.tsx'
import type { ChangeShown, CommitmentShown, DueShown, SilenceShown, StepShown } from './views/parts.tsx'
import { type WorkData, workView } from './views/work.tsx'

const sayOf = (ctx: AppContext): Say => ctx.registry.words.say(ctx.language)
const todayOf = (ctx: AppContext) => dayIn(ctx.city.timeZone, ctx.now())
const weekAgo = (ctx: AppContext) => new Date(ctx.now().getTime() - 7 * 24 * 3600 * 1000)
/** Commitments that fall due in so many days are announced. */
const announcedDays = 30

const dayText = (ctx: AppContext, day: string) => formatDay(day, ctx.language)

const whenText = (ctx: AppContext, at: string) => formatWeekday(instantOf(at), ctx.language, ctx.city.timeZone)

const stepsOf = (ctx: AppContext, items: readonly WorkItem[]): StepShown[] => {
  const say = sayOf(ctx)
  return items.map((item) => ({
    key: item.key,
    sentence: say(item.sentence, item.values),
    step: say(item.step, item.values),
    href: item.href,
    count: item.count,
  }))
}

async function silenceOf(ctx: AppContext, rows: readonly Silence[]): Promise<SilenceShown[]> {
  const names = await namesOf(
    ctx,
    rows.flatMap((row) => [row.owner, row.organisation]),
  )
  const say = sayOf(ctx)
  const name = (id: string | null) => (id && names.has(id) ? textIn(ctx, names.get(id)!.title) : null)
  return rows.map((row) => ({
    post: name(row.owner),
    organisation: name(row.organisation),
    what: say('overview.silence.counts', {
      all: row.late + row.veryLate + row.stopped,
      stopped: row.stopped,
    }),
    since: say('overview.silence.since', { day: dayText(ctx, row.oldestDueOn) }),
    href: row.owner
      ? `/indicators?freshness=overdue&owner=${row.owner}`
      : `/indicators?freshness=overdue&owner=none&organisation=${row.organisation ?? 'none'}`,
  }))
}

function changesShown(ctx: AppContext, rows: readonly RecentChange[]): ChangeShown[] {
  const say = sayOf(ctx)
  return rows.map((row) => {
    const kinds = row.kinds.slice(0, 3).map(({ kind, count }) =>
      // Names of kinds begin with a capital where they stand alone.
      say('overview.change.kind', {
        count,
        kind: say(count === 1 ? kind : `${kind}.plural`).toLocaleLowerCase(ctx.language),
      }),
    )
    const what =
      row.code && row.title
        ? say('overview.change.one', { kind: say(row.kinds[0]!.kind), title: textIn(ctx, row.title).text })
        : say('overview.change.several', {
            what: new Intl.ListFormat(ctx.language, { type: 'conjunction' }).format(kinds),
            more: row.kinds.length > 3 ? 1 : 0,
          })
    const file = row.source.startsWith('import:') ? row.source.slice(7) : ''
    return {
      id: row.id,
      at: instantOf(row.at).toISOString(),
      when: whenText(ctx, row.at),
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

async function commitmentsShown(ctx: AppContext, mine: boolean): Promise<CommitmentShown[]> {
  const today = todayOf(ctx)
  const rows = await commitmentsDue(ctx, today, addDays(today, announcedDays), { mine, limit: 30 })
  const names = await namesOf(
    ctx,
    rows.flatMap((row) => [row.owner, row.organisation]),
  )
  const name = (id: string | null) => (id && names.has(id) ? textIn(ctx, names.get(id)!.title).text : '')
  return rows.map((row) => ({
    code: row.code,
    ...textIn(ctx, row.title),
    href: hrefOf(ctx, 'strategy.commitment', row.code),
    due: row.dueOn ? dayText(ctx, row.dueOn) : '',
    overdue: row.overdue,
    who: [name(row.owner), name(row.organisation)].filter(Boolean).join(' · '),
  }))
}

/** Figures that the reader's posts and bodies owe next, the earliest day first. */
async function dueShown(ctx: AppContext): Promise<DueShown[]> {
  const today = todayOf(ctx)
  const [late, next] = await Promise.all([
    standings(ctx, { mine: true, freshness: 'overdue' }, { limit: 100 }),
    standings(ctx, { mine: true, dueUntil: addDays(today, announcedDays) }, { limit: 100 }),
  ])
  return [...late.rows, ...next.rows]
    .filter((row) => row.nextDueOn !== null)
    .sort((one, other) => (one.nextDueOn! < other.nextDueOn! ? -1 : 1))
    .slice(0, 15)
    .map((row) => ({
      code: row.code,
      ...textIn(ctx, row.title),
      href: hrefOf(ctx, 'indicators.indicator', row.code),
      period:
        row.nextFrom && row.nextTo && row.grain
          ? formatPeriod(
              { from: row.nextFrom, to: row.nextTo, grain: row.grain as Grain, label: row.nextLabel ?? '' },
              ctx.language,
            )
          : (row.nextLabel ?? ''),
      due: dayText(ctx, row.nextDueOn!),
      overdue: row.nextDueOn! < today,
    }))
}

async function publicHome(ctx: AppContext): Promise<PublicData | null> {
  // Counts of everything below stand on the page of the vision, not here.
  const now = await visionAt(ctx, undefined, { counts: false })
  if (!now) return null
  const cards = new Map(now.answers.map((row) => [row.id, cardOf(ctx, row, now.standings.get(row.id)!)]))
  const results = [...cards.values()].map((card) => card.result)
  const many = (result: string) => results.filter((each) => each === result).length
  return {
    version: now.shown.versionLabel,
    adopted: now.shown.adoptedOn ? dayText(ctx, now.shown.adoptedOn) : null,
    outcomes: cards.size,
    met: many('met'),
    missed: many('missed'),
    notDue: many('not-due'),
    unknown: many('unknown'),
    sentences: now.sentences.map((row) => ({
      code: row.code,
      ...textIn(ctx, row.title),
      href: hrefOf(ctx, 'strategy.sentence', row.code),
      outcomes: now.answers.filter((answer) => answer.sentence === row.id).map((answer) => cards.get(answer.id)!),
    })),
  }
}

async function homeData(ctx: AppContext, offers: readonly WorkOffer[]): Promise<HomeData> {
  const inside = ctx.caller.account !== null
  const city = textIn(ctx, ctx.city.name)
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
    today: dayText(ctx, todayOf(ctx)),
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
      const [commitments, due, ...groups] = await Promise.all([
        commitmentsShown(ctx, true),
        dueShown(ctx),
        ...offers.map(async (offer) => ({
          room: sayOf(ctx)(`module.${offer.name}`),
          steps: stepsOf(ctx, await workOf(ctx, [offer], true)),
        })),
      ])
      const names = await namesOf(ctx, ctx.caller.posts)
      return {
        posts: [...names.values()].map((each) => ({
          ...textIn(ctx, each.title),
          href: hrefOf(ctx, each.kind, each.code),
        })),
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
          day: dayText(ctx, dayIn(ctx.city.timeZone, instantOf(publicFrom))),
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
      const [cards, items, silent, changes, commitments] = await Promise.all([
        headlineCards(ctx),
        workOf(ctx, offers, false),
        silentPosts(ctx, 5),
        recentChanges(ctx, weekAgo(ctx)),
        commitmentsShown(ctx, false),
      ])
      return {
        city: textIn(ctx, ctx.city.name),
        from: dayText(ctx, addDays(today, -7)),
        to: dayText(ctx, today),
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

/** The pages of this room over what the given offers say. */
export const overviewPages = (offers: readonly WorkOffer[]): PageDefinition[] => [
  homePage(offers),
  workPage(offers),
  decidePage(offers),
  briefPage(offers),
]
