/**
 * The drawing itself, as text: a map of a whole city has thousands of elements, and text is produced ten times faster
 * than components.
 */
import { drawBox } from './box.ts'
import { arrowhead, curve, middleOf } from './curve.ts'
import { headHeight, type MapArrow, type MapDrawing } from './drawing.ts'
import { attributes, escaped, type Writing } from './markup.ts'
import { wrap } from './wrap.ts'

/** With more arrows than this, numbers are left out: they would overlap. The list has them. */
const maxNumbers = 120
const headLength = 7

/**
 * An `<svg>` whose boxes are links. The list says what arrows and numbers say, so they are hidden from screen readers
 * here.
 */
export function drawPicture(id: string, label: string, drawing: MapDrawing, direction: Writing['direction']): string {
  const { places, boxes, arrows, size } = drawing
  const mirrored = (direction === 'rtl') !== Boolean(drawing.reversed)
  const height = places.height + headHeight
  const across = (left: number, width: number) => (mirrored ? places.width - left - width : left)
  const routes = places.routes.map((route) =>
    route.map((value, index) => (index % 2 === 1 ? value + headHeight : mirrored ? places.width - value : value)),
  )
  const columns = new Set(places.corners.filter((_, index) => index % 2 === 0)).size
  const frame = attributes({
    class: 'cw-map-picture',
    role: 'group',
    'aria-label': label,
    viewBox: `0 0 ${places.width} ${height}`,
    width: places.width,
    height,
    direction,
    'data-columns': Math.min(12, columns),
  })
  const drawn = boxes.map((box, index) =>
    drawBox({
      id: `${id}-${index}`,
      index,
      box,
      x: across(places.corners[2 * index]!, size.width),
      y: places.corners[2 * index + 1]! + headHeight,
      size,
      detail: drawing.detail,
      direction,
    }),
  )
  return [
    `<svg${frame}>`,
    lanes(drawing, direction),
    bands(drawing, across),
    `<g aria-hidden="true">${arrows.map((arrow, index) => drawArrow(arrow, routes[index]!)).join('')}</g>`,
    ...drawn,
    arrows.length <= maxNumbers ? numbers(arrows, routes) : '',
    '</svg>',
  ].join('')
}

function lanes({ places, laneNames }: MapDrawing, direction: Writing['direction']): string {
  return places.lanes
    .map(({ lane, y, height }) => {
      const name = wrap(laneNames[lane] ?? '', places.width / 13 - 2, 1)[0] ?? ''
      const top = y + headHeight
      return `<g class="cw-map-lane"${lane % 2 === 1 ? ' data-odd=""' : ''}><rect x="0" y="${top}" width="${places.width}" height="${height}" rx="8"/><text x="${direction === 'rtl' ? places.width - 10 : 10}" y="${top + 18}">${escaped(name)}</text></g>`
    })
    .join('')
}

function bands({ places, bandNames }: MapDrawing, across: (left: number, width: number) => number): string {
  return places.bands
    .map(({ band, x, width }) => {
      const left = across(x, width)
      return `<g class="cw-map-band" data-band="${band}"><text x="${left + width / 2}" y="16" text-anchor="middle">${escaped(bandNames[band] ?? '')}</text><path d="M${left} 27h${width}"/></g>`
    })
    .join('')
}

function drawArrow({ from, to, percent, concern }: MapArrow, route: readonly number[]): string {
  const thick = percent === null ? 1.25 : 1.25 + Math.round(Math.min(100, percent) / 20) / 2
  return `<g class="cw-map-arrow" data-from="${from}" data-to="${to}"${concern ? ' data-concern=""' : ''}><path d="${curve(route, headLength - 1)}" stroke-width="${thick}"/><path class="cw-map-head" d="${arrowhead(route, headLength)}"/></g>`
}

function numbers(arrows: readonly MapArrow[], routes: ReadonlyArray<readonly number[]>): string {
  const texts = arrows.map(({ from, to, percent }, index) => {
    if (percent === null) return ''
    const [x, y] = middleOf(routes[index]!)
    return `<text data-from="${from}" data-to="${to}" x="${Math.round(x)}" y="${Math.round(y) + 4}">${Math.round(percent)}</text>`
  })
  return `<g class="cw-map-numbers" aria-hidden="true">${texts.join('')}</g>`
}

/** A part's box as shown in the legend. */
export const boxSign = (band: number, loss: boolean): string =>
  `<svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true" focusable="false"><g class="cw-map-box" data-band="${band}"${loss ? ' data-loss=""' : ''}><rect x="1" y="1" width="30" height="14" rx="4"/></g></svg>`

export const arrowSign =
  '<svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true" focusable="false"><g class="cw-map-arrow"><path d="M1 8H25" stroke-width="2"/><path class="cw-map-head" d="M32 8L25 4V12Z"/></g></svg>'
