/** The chain of one record, drawn on its page: what it rests on and what it is for. */
import { presenterOf } from '#pages/presenter.ts'
import { cachedPerReader } from '#platform/cached-per-reader.ts'
import { type Panel, panel } from '#platform/module.ts'
import { drawNodes, mapHref } from './pages-drawing.ts'
import { lossesAmong, mapGraph, organisationsOf } from './queries.ts'
import { chainsOf } from './rules.ts'
import { type MapPanelData, mapPanelView } from './views-panel.tsx'

/** A longer chain is read on the map itself. */
const maxDrawn = 24

const chainPanel = (on: string): Panel =>
  panel<MapPanelData>({
    on,
    place: 'main',
    load: async (ctx, record) => {
      const graph = await cachedPerReader(
        ctx,
        'map graph without findings',
        async () => (await mapGraph(ctx, false)).graph,
      )
      const cut = chainsOf(graph, [record.id])
      if (cut.nodes.length < 2) return null
      const [losses, bodies] = await Promise.all([lossesAmong(ctx, cut.nodes), organisationsOf(ctx, cut.nodes)])
      const parts = { cut, losses, bodies, byRecord: new Map(), style: 'enablers' as const, asked: {} }
      return {
        drawing: cut.nodes.length <= maxDrawn ? (await drawNodes(ctx, parts)).drawing : null,
        sentence: presenterOf(ctx).say('benefits.map.panel.lead', { count: cut.nodes.length - 1 }),
        href: mapHref({ of: record.code }),
        listHref: mapHref({ of: record.code, style: 'list' }),
      }
    },
    view: mapPanelView,
  })

export const mapPanels: readonly Panel[] = [
  'benefits.benefit',
  'benefits.change',
  'benefits.enabler',
  'strategy.outcome',
  'strategy.objective',
].map(chainPanel)
