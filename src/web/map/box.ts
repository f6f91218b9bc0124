/** One box: what it is, its name in lines, and its marks. */
import { iconShape } from '../icon.tsx'
import type { MapBox, MapDetail, MapMark } from './drawing.ts'
import { attributes, escaped, type Writing } from './markup.ts'
import { wrap } from './wrap.ts'

type Spot = Writing & {
  readonly id: string
  readonly index: number
  readonly box: MapBox
  /** Upper left corner. */
  readonly x: number
  readonly y: number
  readonly size: { readonly width: number; readonly height: number }
  readonly detail: MapDetail
}

const pad = 12
/** Font size, line spacing and line limit of a name. */
const letters: Record<MapDetail, readonly [size: number, line: number, most: number]> = {
  full: [13, 17, 3],
  short: [12, 15, 2],
  line: [11, 14, 1],
}

export function drawBox(spot: Spot): string {
  const { id, index, box, x, y, size, detail } = spot
  const { width, height } = size
  const own = attributes({
    id,
    class: 'cw-map-box',
    'data-band': box.band,
    'data-loss': box.loss ? '' : undefined,
    'data-minor': box.minor ? '' : undefined,
    'data-node': index,
    // For the island: what the box says in full, and the address where only its chain is drawn.
    'data-name': [box.kind, box.code, box.title].filter(Boolean).join(' · '),
    'data-chain': box.chain,
  })
  const inside = [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${detail === 'line' ? 4 : 8}"/>`,
    box.count === undefined ? '' : `<path class="cw-map-pile" d="M${x + 6} ${y + height + 3.5}h${width - 12}"/>`,
    detail === 'full' ? headLine(spot) : '',
    name(spot),
    box.marks.length > 0 ? marks(spot) : '',
  ].join('')
  return box.href === undefined ? `<g${own}>${inside}</g>` : `<a${own} href="${escaped(box.href)}">${inside}</a>`
}

const start = ({ direction, x, size }: Spot) => (direction === 'rtl' ? x + size.width - pad : x + pad)
const end = ({ direction, x, size }: Spot) => (direction === 'rtl' ? x + pad : x + size.width - pad)

/** The code, and at the other end the state. Spaces keep the words of the link apart for those who hear it. */
function headLine(spot: Spot): string {
  const { box, y, size } = spot
  const head = box.code ?? wrap(box.kind, (size.width - 2 * pad) / 11, 1)[0] ?? ''
  const state = box.state
    ? `<text class="cw-map-small" x="${end(spot)}" y="${y + 18}" text-anchor="end">${escaped(box.state)} </text>`
    : ''
  return `<text class="cw-map-small" x="${start(spot)}" y="${y + 18}">${escaped(head)} </text>${state}`
}

function name(spot: Spot): string {
  const { box, y, size, detail } = spot
  const [text, line, most] = letters[detail]
  const marked = box.marks.length > 0
  const room = (size.width - 2 * pad) / text - (marked && detail !== 'full' ? 1.2 : 0)
  const lines = wrap(box.title, room, marked && detail === 'full' ? most - 1 : most)
  const first =
    detail === 'full'
      ? y + 37 + (lines.length === 1 && !marked ? 6 : 0)
      : y + size.height / 2 + text * 0.36 - ((lines.length - 1) * line) / 2
  const spans = lines.map(
    (each, row) =>
      `<tspan x="${start(spot)}" y="${Math.round((first + row * line) * 10) / 10}">${escaped(each)} </tspan>`,
  )
  return `<text class="cw-map-title" font-size="${text}"${attributes({ lang: box.lang })}>${spans.join('')}</text>`
}

/** In a full box the first mark in words and how many more there are; in a small one its sign. */
function marks(spot: Spot): string {
  const { box, y, size, detail, direction } = spot
  const mark = box.marks[0]!
  if (detail !== 'full')
    return sign(mark, end(spot) - (direction === 'rtl' ? 4 : 10), detail === 'line' ? y + size.height / 2 - 7 : y + 4)
  const more = box.marks.length > 1 ? ` +${box.marks.length - 1}` : ''
  const down = y + size.height - 20
  const words = wrap(mark.text, (size.width - 2 * pad - 18) / 11.5 - more.length * 0.6, 1)[0] ?? ''
  const [at, text] = direction === 'rtl' ? [start(spot) - 14, start(spot) - 18] : [start(spot), start(spot) + 18]
  return `<g class="cw-map-mark" data-tone="${mark.tone}">${sign(mark, at, down)}<text x="${text}" y="${down + 10.5}">${escaped(words)}${more} </text></g>`
}

const sign = (mark: MapMark, x: number, y: number): string =>
  `<path class="cw-map-sign" data-tone="${mark.tone}" d="${iconShape(mark.icon)}" transform="translate(${x} ${y}) scale(0.58)"/>`
