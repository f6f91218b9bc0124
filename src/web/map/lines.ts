/** The same map as indented lines: from what is achieved down to what it rests on. */
import type { MapArrow, MapBox } from './drawing.ts'

export type MapLine = {
  readonly box: number
  /** Its importance for the line above, if judged. */
  readonly percent: number | null
  readonly children: readonly MapLine[]
  /** Its children are further up, at its first occurrence. */
  readonly again: boolean
  /** How many rest on it and are not listed. */
  readonly deeper: number
}

/** Deeper chains are cut: each level is one more step to the right on a phone. */
const maxDeep = 12

/**
 * One tree for each box that leads to nothing else, the last part first; repeated boxes are not expanded again. Boxes
 * that lead only into a loop come at the end, so that every box has its line.
 */
export function mapLines(boxes: readonly MapBox[], arrows: readonly MapArrow[]): MapLine[] {
  const arriving = Map.groupBy(arrows, ({ to }) => to)
  const leads = new Set(arrows.filter(({ from, to }) => from !== to).map(({ from }) => from))
  const seen = new Set<number>()
  const lineOf = (box: number, percent: number | null, depth: number): MapLine => {
    if (seen.has(box)) return { box, percent, children: [], again: true, deeper: 0 }
    const below = arriving.get(box) ?? []
    if (depth >= maxDeep && below.length > 0) return { box, percent, children: [], again: false, deeper: below.length }
    seen.add(box)
    const heaviest = below.toSorted((a, b) => (b.percent ?? -1) - (a.percent ?? -1) || a.from - b.from)
    return {
      box,
      percent,
      children: heaviest.map((arrow) => lineOf(arrow.from, arrow.percent, depth + 1)),
      again: false,
      deeper: 0,
    }
  }
  const order = [...boxes.keys()].sort((a, b) => boxes[b]!.band - boxes[a]!.band || a - b)
  const lines = order.filter((box) => !leads.has(box)).map((box) => lineOf(box, null, 1))
  for (const box of order) if (!seen.has(box)) lines.push(lineOf(box, null, 1))
  return lines
}
