import { presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import { read } from '#platform/records/index.ts'
import { tree } from '../records.ts'
import { type TreesBelow, treesView } from './views/trees.tsx'

/** Which trees serve an outcome, on the page of the outcome. */
export const panels = [
  panel<TreesBelow>({
    on: 'strategy.outcome',
    place: 'main',
    load: async (ctx, outcome) => {
      const serving = read(ctx, tree).linked('serves', outcome.id)
      const shown = await serving.sort('code').limit(10).rows()
      if (shown.length === 0) return null
      return { count: await serving.count(), shown: shown.map(presenterOf(ctx).named) }
    },
    view: treesView,
  }),
]
