import { isDay } from '#kernel/day.ts'
import { notFound } from '#kernel/problem.ts'
import { languagesFrom } from '#kernel/words.ts'
import { one } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import { type AppContext, type PageAnswer, type PageRequest, page } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import { startOfDay } from '#values/moment.ts'
import {
  agreeAll,
  assessAgreement,
  assessPublication,
  type PublicationAssessment,
  publishAssessed,
} from './actions-publish.ts'
import { publicationsWaiting, publishableRoots } from './queries-publish.ts'
import { obstacles } from './rules-publish.ts'
import { type PublishData, publishView } from './views/publish.tsx'

/** Names shown of each group; the rest are counted. */
const maxShown = 30

type Choice = { readonly code: string; readonly day: string; readonly why: string; readonly untranslated: boolean }

async function publishData(ctx: AppContext, choice: Choice): Promise<PublishData> {
  const roots = await publishableRoots(ctx)
  const root = roots.find((each) => each.code === choice.code.toUpperCase())
  if (choice.code && !root) throw notFound(choice.code)
  const { assessed, agreeing } = root
    ? await inTransaction(ctx, async (wctx) => {
        const found = await assessPublication(wctx, root, languagesFrom(ctx.city.language))
        return { assessed: found, agreeing: await assessAgreement(wctx, found) }
      })
    : { assessed: [], agreeing: { changes: [], unanswered: 0 } }
  const presenter = presenterOf(ctx)
  const named = (rows: readonly PublicationAssessment[]) => ({
    count: rows.length,
    names: rows.slice(0, maxShown).map((row) => ({
      code: row.code,
      kind: presenter.kind(row.kind),
      ...presenter.named(row),
    })),
  })
  const ready = assessed.filter((each) => each.obstacle === null && (choice.untranslated || !each.untranslated))
  const seen = [...assessed.filter((each) => each.obstacle === 'public'), ...ready]
  return {
    roots: roots.map((each) => ({
      code: each.code,
      kind: presenter.kind(each.kind),
      ...presenter.text(each.title),
      public: each.audience === 'public',
    })),
    waiting: (await publicationsWaiting(ctx)).map(({ publicFrom, count, overtaken }) => ({
      day: presenter.dayOf(publicFrom),
      count,
      overtaken,
    })),
    chosen: root ? { code: root.code, kind: presenter.kind(root.kind), ...presenter.text(root.title) } : null,
    ready: named(ready),
    open: assessed.filter((each) => each.obstacle === null).length,
    readyByKind: byKind(ctx, ready),
    seenByKind: byKind(ctx, seen),
    seen: named(seen),
    obstacles: obstacles
      .map((obstacle) => ({ obstacle, ...named(assessed.filter((each) => each.obstacle === obstacle)) }))
      .filter((each) => each.count > 0),
    drafts: { agreeable: agreeing.changes.length, unanswered: agreeing.unanswered },
    untranslated: named(assessed.filter((each) => each.obstacle === null && each.untranslated)),
    withUntranslated: choice.untranslated,
    day: choice.day,
    why: choice.why,
    changed: false,
    mistakes: {},
  }
}

const byKind = (ctx: AppContext, rows: readonly PublicationAssessment[]) =>
  [...Map.groupBy(rows, (row) => row.kind)].map(([kind, group]) => ({
    // Kind names begin with a capital when they stand alone.
    kind: presenterOf(ctx).counted(kind, group.length).toLocaleLowerCase(ctx.language),
    count: group.length,
  }))

async function answer(ctx: AppContext, { form }: PageRequest): Promise<PageAnswer<PublishData>> {
  const choice: Choice = {
    code: one(form, 'of'),
    day: one(form, 'day'),
    why: one(form, 'why'),
    untranslated: one(form, 'untranslated') === 'true',
  }
  const { say, day } = presenterOf(ctx)
  const today = todayOf(ctx)
  const data = await publishData(ctx, choice)
  if (choice.day && (!isDay(choice.day) || choice.day < today))
    return {
      ...data,
      mistakes: { day: say(isDay(choice.day) ? 'problem.strategy.embargo-past' : 'problem.field.not-a-day') },
    }
  if (data.chosen && one(form, 'act') === 'agree') return agree(ctx, data.chosen.code)
  if (!data.chosen || one(form, 'act') !== 'publish') return data
  const root = (await publishableRoots(ctx)).find((each) => each.code === data.chosen!.code)!
  const done = await inTransaction(ctx, async (wctx) => {
    const assessed = await assessPublication(wctx, root, languagesFrom(ctx.city.language))
    const open = assessed.filter((each) => each.obstacle === null)
    // People approve what they saw: anything changed meanwhile is shown again.
    if (String(open.length) !== one(form, 'seen')) return null
    return publishAssessed(wctx, assessed, {
      publicFrom: choice.day && choice.day > today ? startOfDay(choice.day, ctx.city.timeZone) : null,
      withUntranslated: choice.untranslated,
      why: choice.why || null,
    })
  })
  if (!done) return { ...(await publishData(ctx, choice)), changed: true }
  return {
    redirect: `/strategy/publish?of=${data.chosen.code}`,
    notice: done.done
      ? { key: 'strategy.publish.done', values: { count: done.count } }
      : { key: 'strategy.publish.approved', values: { count: done.count, day: day(choice.day) } },
  }
}

/** Agrees every complete draft below; what was agreed can be published next. */
async function agree(ctx: AppContext, code: string): Promise<PageAnswer<PublishData>> {
  const root = (await publishableRoots(ctx)).find((each) => each.code === code)
  if (!root) throw notFound(code)
  const count = await inTransaction(ctx, async (wctx) =>
    agreeAll(
      wctx,
      await assessAgreement(wctx, await assessPublication(wctx, root, languagesFrom(ctx.city.language))),
      presenterOf(ctx).say('strategy.publish.agree.why', { code }),
    ),
  )
  return { redirect: `/strategy/publish?of=${code}`, notice: { key: 'strategy.publish.agreed', values: { count } } }
}

export const publishPage = page<PublishData>({
  path: '/strategy/publish',
  policy: { can: 'publish', kind: 'strategy.outcome' },
  section: 'strategy',
  load: (ctx, { query }) =>
    publishData(ctx, { code: query.of ?? '', day: '', why: '', untranslated: query.untranslated !== 'false' }),
  post: answer,
  title: (_data, { say }) => say('strategy.publish.title'),
  view: publishView,
})
