/**
 * What benefits show on record pages: their own profile, what serves a goal, what an organisation is responsible for,
 * who claims a movement.
 */

import { sql } from 'kysely'
import { presenterOf } from '#pages/presenter.ts'
import { type Panel, panel } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { readableRecords, readableRows } from '#platform/records/index.ts'
import { adoptionPanel } from './pages-adoption.ts'
import { profileOf } from './pages-profile.ts'
import { benefitSummaries } from './pages-summary.ts'
import { type Benefit, type CurrentBenefit, currentBenefits } from './queries-register.ts'
import { benefit } from './records.ts'
import { type BenefitsPanel, benefitsPanelView } from './views/panel.tsx'
import { profileView } from './views/profile.tsx'

const live = ({ record }: CurrentBenefit) => record.state !== 'dropped'

async function shown(ctx: AppContext, key: string, all: readonly CurrentBenefit[]): Promise<BenefitsPanel | null> {
  const { say, plural } = presenterOf(ctx)
  const found = all.filter(live)
  if (found.length === 0) return null
  const rows = await benefitSummaries(ctx, found.slice(0, 50))
  return {
    title: plural(benefit.kind),
    lead: say(`benefits.panel.${key}`, { count: found.length }),
    gains: rows.filter((row) => !row.loss),
    losses: rows.filter((row) => row.loss),
  }
}

/**
 * Benefits that contribute to a goal, directly or through other benefits; with the losses of the changes behind them.
 */
const goalPanel = (on: string): Panel =>
  panel<BenefitsPanel>({
    on,
    place: 'main',
    load: async (ctx, record) => {
      // The walk stops at what the reader may not read, like every trace. What serves the goal is shown whether it is a
      // gain or a loss; anything else its changes produce, only if it is a loss.
      const serving = sql`(r.id, coalesce(t.effect = 'loss', false)) in (
        with recursive serving(id) as (
          select b.id from records.link l join ${readableRecords(ctx)} b on b.id = l."from" and b.state <> 'dropped'
            where l."to" = ${record.id} and l.name = 'benefits.benefit.contributesTo'
          union select b.id from serving s join records.link l on l."to" = s.id and l.name = 'benefits.benefit.contributesTo'
            join ${readableRecords(ctx)} b on b.id = l."from" and b.state <> 'dropped')
        select id, loss from serving cross join (values (true), (false)) either(loss)
        union select other."to", true from serving s join records.link own on own."to" = s.id and own.name = 'benefits.change.produces'
          join ${readableRecords(ctx)} c on c.id = own."from" and c.state <> 'dropped'
          join records.link other on other."from" = c.id and other.name = 'benefits.change.produces')`
      return shown(ctx, 'goal', await currentBenefits(ctx, serving))
    },
    view: benefitsPanelView,
  })

export const panels: readonly Panel[] = [
  panel({
    on: benefit.kind,
    place: 'lead',
    load: (ctx, record) => profileOf(ctx, record as unknown as Benefit),
    view: profileView,
  }),
  adoptionPanel,
  goalPanel('strategy.outcome'),
  goalPanel('strategy.objective'),
  panel<BenefitsPanel>({
    on: 'directory.organisation',
    place: 'main',
    load: async (ctx, record) =>
      shown(
        ctx,
        'body',
        await currentBenefits(
          ctx,
          sql`r.organisation = ${record.id} or exists (
            select 1 from ${readableRows(ctx, benefit.kind, 'budget')} b where b.record = r.id and b.body = ${record.id})`,
        ),
      ),
    view: benefitsPanelView,
  }),
  panel<BenefitsPanel>({
    on: 'indicators.indicator',
    place: 'main',
    load: async (ctx, record) =>
      shown(
        ctx,
        'indicator',
        await currentBenefits(
          ctx,
          sql`exists (
              select 1 from ${readableRows(ctx, benefit.kind, 'claim')} c where c.record = r.id and c.indicator = ${record.id})
            or exists (select 1 from records.link l
              where l."from" = r.id and l."to" = ${record.id} and l.name = 'benefits.benefit.measuredBy')`,
        ),
      ),
    view: benefitsPanelView,
  }),
]
