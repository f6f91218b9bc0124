/** Downloading a plan from its page. */
import { presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import { type PlanDownloadData, planDownloadView } from './views/plan-download.tsx'

export const downloadPanel = panel<PlanDownloadData>({
  on: 'strategy.plan',
  place: 'main',
  load: async (ctx, record) => {
    const { say } = presenterOf(ctx)
    const links = ctx.exchange.formats
      .filter((format) => format.holds.includes('plan'))
      .map(({ name }) => ({
        href: `/strategy/plans/${record.code}/download/${name}`,
        label: say(`exchange.format.${name}`),
        note: say(`exchange.format.${name}.for`),
      }))
    return links.length > 0 ? { links } : null
  },
  view: planDownloadView,
})
