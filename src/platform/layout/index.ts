/** Positions of the boxes of a map. */
import type { Context } from '../context.ts'
import type { LayoutGraph, Placement } from './graph.ts'
import { createPlacer, type Placer } from './placer.ts'

export type { LayoutGraph, LayoutLink, LayoutNode, LayoutSizes, Placement } from './graph.ts'

let placer: Placer | undefined

/**
 * Places a map, part by part from left to right; the same graph always gets the same positions. Never waits longer than
 * a few seconds and never holds up other requests.
 * @throws RangeError for a link to a node that is not there.
 */
export function placeMap({ log }: Pick<Context, 'log'>, graph: LayoutGraph): Promise<Placement> {
  placer ??= createPlacer({ onTrouble: (error) => log.warn({ reason: error.message }, 'map placed in the quick way') })
  return placer.place(graph)
}
