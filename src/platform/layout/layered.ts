/** Places a map in columns, part by part: pure and without a clock; the same graph always gets the same positions. */
import { type Columns, inColumns } from './columns.ts'
import type { LayoutGraph, LayoutSizes, Placement } from './graph.ts'
import { heightsOf } from './heights.ts'
import { type Effort, inOrder } from './order.ts'

/** Room around the drawing, for arrowheads of links that go round. */
const margin = 8

/** @throws RangeError for a link to a node that is not there. */
export function placeLayered(graph: LayoutGraph, effort: Effort = 'full'): Placement {
  const columns = inColumns(graph)
  const order = inOrder(columns, effort)
  const { sizes } = graph
  const laneHead = graph.nodes.some(({ lane }) => lane !== undefined) ? sizes.laneHead : 0
  const reach = (point: number) =>
    point < columns.nodes ? (sizes.height + sizes.rowGap) / 2 : Math.min(sizes.rowGap, sizes.height / 3) / 2
  const middle = heightsOf(columns, order, reach, laneHead)
  const x = (column: number) => margin + column * (sizes.width + sizes.columnGap)
  const corners = graph.nodes.flatMap((_, node) => [
    x(columns.column[node]!),
    round(margin + middle[node]! - sizes.height / 2),
  ])
  let bottom = 0
  for (let point = 0; point < middle.length; point += 1) bottom = Math.max(bottom, middle[point]! + reach(point))
  return {
    width: Math.max(2 * margin, x(columns.count) - sizes.columnGap + margin),
    height: round(bottom + 2 * margin),
    corners,
    routes: routesOf(columns, sizes, x, (point) => margin + middle[point]!),
    bands: bandsOf(graph, columns, sizes, x),
    lanes: laneHead > 0 ? lanesOf(columns, middle, reach, laneHead) : [],
  }
}

const round = (value: number) => Math.round(value * 10) / 10

/** Where links leave and arrive: spread over the side of the box in the order of their other ends, so that few cross. */
function routesOf(
  columns: Columns,
  sizes: LayoutSizes,
  x: (column: number) => number,
  y: (point: number) => number,
): number[][] {
  const { chains, backwards, column } = columns
  const ports = new Map<string, { link: number; other: number }[]>()
  const port = (point: number, side: 'left' | 'right', link: number, next: number) => {
    const key = `${side} ${point}`
    const list = ports.get(key) ?? []
    if (list.length === 0) ports.set(key, list)
    list.push({ link, other: y(next) })
  }
  for (const [link, chain] of chains.entries()) {
    port(chain[0]!, 'right', link, chain[1]!)
    port(chain.at(-1)!, 'left', link, chain.at(-2)!)
  }
  const shift = new Map<string, number>()
  for (const [key, list] of ports) {
    list.sort((a, b) => a.other - b.other || a.link - b.link)
    const step = Math.min(12, (sizes.height * 0.6) / Math.max(1, list.length - 1))
    for (const [index, { link }] of list.entries()) shift.set(`${key} ${link}`, (index - (list.length - 1) / 2) * step)
  }
  return chains.map((chain, link) => {
    const points = chain.flatMap((point, index) => {
      const left = x(column[point]!)
      if (index === 0) return [left + sizes.width, round(y(point) + shift.get(`right ${point} ${link}`)!)]
      if (index === chain.length - 1) return [left, round(y(point) + shift.get(`left ${point} ${link}`)!)]
      return [left, round(y(point)), left + sizes.width, round(y(point))]
    })
    return backwards[link] ? turned(points) : points
  })
}

const turned = (points: readonly number[]): number[] => {
  const list: number[] = []
  for (let index = points.length - 2; index >= 0; index -= 2) list.push(points[index]!, points[index + 1]!)
  return list
}

function bandsOf(graph: LayoutGraph, columns: Columns, sizes: LayoutSizes, x: (column: number) => number) {
  const spans = new Map<number, [number, number]>()
  for (const [index, { band }] of graph.nodes.entries()) {
    const column = columns.column[index]!
    const span = spans.get(band)
    if (!span) spans.set(band, [column, column])
    else spans.set(band, [Math.min(span[0], column), Math.max(span[1], column)])
  }
  return [...spans]
    .sort(([a], [b]) => a - b)
    .map(([band, [first, last]]) => ({ band, x: x(first), width: x(last) + sizes.width - x(first) }))
}

function lanesOf({ lane, nodes }: Columns, middle: Float64Array, reach: (point: number) => number, head: number) {
  const spans = new Map<number, [number, number]>()
  for (let point = 0; point < middle.length; point += 1) {
    const [top, bottom] = [middle[point]! - reach(point), middle[point]! + reach(point)]
    const span = spans.get(lane[point]!)
    if (!span) {
      if (point < nodes) spans.set(lane[point]!, [top, bottom])
    } else spans.set(lane[point]!, [Math.min(span[0], top), Math.max(span[1], bottom)])
  }
  return [...spans]
    .sort(([a], [b]) => a - b)
    .map(([each, [top, bottom]]) => ({ lane: each, y: round(margin + top - head), height: round(bottom - top + head) }))
}
