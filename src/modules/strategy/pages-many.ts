/** One step for many records of a plan: publish or agree everything below, put objectives under an outcome. */
import { actPage } from '#pages/acts/page.ts'
import { presenterOf } from '#pages/presenter.ts'
import { find } from '#platform/records/index.ts'
import { objectivesWithoutOutcome } from './queries-plan.ts'
import { belongingTo, publicationsWaiting, publishableRoots } from './queries-publish.ts'
import { objective, outcome, plan } from './records.ts'

const maxGrouped = 1000

export const publishPage = actPage({
  path: '/strategy/publish',
  policy: { can: 'publish', kind: outcome.kind },
  section: 'strategy',
  title: (say) => say('strategy.publish.title'),
  lead: (say) => say('strategy.publish.lead'),
  kinds: (ctx) => [...ctx.registry.kinds.keys()],
  acts: () => ['publish', 'agree'],
  choose: {
    name: 'of',
    label: (say) => say('strategy.publish.of'),
    options: async (ctx) => {
      const { kind, text } = presenterOf(ctx)
      return (await publishableRoots(ctx)).map((root) => {
        const { text: name, lang } = text(root.title)
        return { id: root.code, label: `${kind(root.kind)}: ${name}`, ...(lang ? { lang } : {}) }
      })
    },
  },
  notices: async (ctx) => {
    const { say, dayOf } = presenterOf(ctx)
    return (await publicationsWaiting(ctx)).map(({ publicFrom, count, overtaken }) =>
      say('strategy.publish.waiting.day', { day: dayOf(publicFrom), count, overtaken }),
    )
  },
  found: async (ctx, { of }) => {
    const root = of && (await publishableRoots(ctx)).find(({ code }) => code === of.toUpperCase())
    return root ? { ids: await belongingTo(ctx, root), told: presenterOf(ctx).plain(root.title) } : null
  },
})

export const groupPage = actPage({
  path: '/strategy/group',
  policy: { can: 'create', kind: outcome.kind },
  section: 'strategy',
  title: (say) => say('strategy.group.title'),
  lead: (say) => say('strategy.group.lead'),
  kinds: () => [objective.kind],
  acts: () => ['links.contributesTo'],
  make: {
    kind: outcome.kind,
    asks: ['title', 'links.answers', 'organisation', 'rule', 'ruleCount'],
    values: async (ctx, query) => {
      const found = await find(ctx, plan, query.plan ?? '')
      return { plan: found?.id ?? null, organisation: found?.organisation ?? null }
    },
  },
  found: async (ctx, query) => {
    const found = await find(ctx, plan, query.plan ?? '')
    const loose = await objectivesWithoutOutcome(ctx, found?.id ?? null, maxGrouped)
    return { ids: loose.map(({ id }) => id), ...(found ? { told: presenterOf(ctx).plain(found.title) } : {}) }
  },
  none: (say) => say('strategy.group.none'),
})
