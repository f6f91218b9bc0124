/** What indicators show on record pages: their own, and those of the goals they measure. */
import { columnsFor, rowsShown } from '#pages/list/cells.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type Panel, panel } from '#platform/module.ts'
import { getMany } from '#platform/records/index.ts'
import { allIndicators } from './lists.ts'
import { figurePanel } from './pages-figure.ts'
import { indicatorPanel } from './pages-indicator.ts'
import { type MeasuringOutlook, measuringOutlooks } from './pages-measuring.ts'
import type { Indicator } from './queries-series.ts'
import { indicatorsOf, rollUp } from './queries-status.ts'
import { indicator } from './records.ts'
import { type GoalPanel, goalView } from './views/goal.tsx'
import { indicatorView } from './views/indicator.tsx'
import { measuringView } from './views/outlook.tsx'

/** How many indicators are shown on a goal's page; the list has the others. */
const shownBelow = 30
const shownColumns = ['name', 'value', 'period', 'target', 'result', 'reading', 'freshness']

const goalPanel = (on: string): Panel =>
  panel<GoalPanel>({
    on,
    place: 'main',
    load: async (ctx, record) => {
      const counts = (await rollUp(ctx, [record.id])).get(record.id)!
      const { named, signedIn } = presenterOf(ctx)
      const ids = counts.total > 0 ? await indicatorsOf(ctx, record.id, shownBelow) : []
      const found = await getMany(ctx, indicator, ids)
      const all = columnsFor(ctx, allIndicators)
      const columns = shownColumns.flatMap((name) => all.find((each) => each.name === name) ?? [])
      return {
        goal: record.id,
        counts,
        worst: counts.worst && named({ kind: indicator.kind, ...counts.worst }),
        columns,
        rows: await rowsShown(
          ctx,
          allIndicators,
          columns,
          ids.flatMap((id) => found.get(id) ?? []),
        ),
        owners: signedIn,
      }
    },
    view: goalView,
  })

/** What to expect of indicators a record links to: the forecast of a counted benefit. */
const measuringPanel = (on: string, link: string): Panel =>
  panel<readonly MeasuringOutlook[]>({
    on,
    place: 'main',
    load: async (ctx, record) => {
      const rows = await measuringOutlooks(ctx, record.id, `${on}.${link}`)
      return rows.length > 0 ? rows : null
    },
    view: measuringView,
  })

export const panels: readonly Panel[] = [
  panel({
    on: indicator.kind,
    place: 'lead',
    load: (ctx, record) => indicatorPanel(ctx, record as unknown as Indicator),
    view: indicatorView,
  }),
  figurePanel,
  ...indicator.links.measures.to.map(goalPanel),
  measuringPanel('benefits.benefit', 'measuredBy'),
]
