/**
 * The sheet a map is drawn on: degrees become units of the drawing by the Mercator projection, which keeps the shapes of a
 * city. Plain arithmetic.
 */
import { boxOf, type Geometry, type Position, tracesOf } from '#kernel/fields/geojson.ts'
import type { Box, Spot } from '#platform/records/index.ts'

export type Sheet = {
  readonly width: number
  readonly height: number
  /** What it shows, in degrees. */
  readonly frame: Box
  readonly at: (position: Position) => readonly [x: number, y: number]
  /** Units of the drawing for one radian of longitude. */
  readonly scale: number
}

/** Units of the drawing. On a phone one is about 0.9 pixels. */
const width = 400
const heights = { least: 220, most: 420 } as const
/** Room for a mark on the edge. */
const edge = 20
/** No map shows less than this, in degrees: 200 m, and 20 m if a part of it is asked for. */
const leastSpan = { whole: 0.002, part: 0.0002 } as const
/** Marks closer than this become one: 24 pixels on a phone, so that a finger meets one of them. */
const apart = 27
/** Detail smaller than this is not drawn. */
const detail = 0.6
/** The projection does not reach the poles. */
const maxLatitude = 85

const radians = (degrees: number) => (degrees * Math.PI) / 180
const upwards = (latitude: number) =>
  Math.log(Math.tan(Math.PI / 4 + radians(Math.max(-maxLatitude, Math.min(maxLatitude, latitude))) / 2))

export function sheetFor(found: Box, of: keyof typeof leastSpan): Sheet {
  const frame = widened(found, leastSpan[of])
  const [left, right] = [radians(frame.west), radians(frame.east)]
  const [bottom, top] = [upwards(frame.south), upwards(frame.north)]
  const [wide, high] = [right - left, Math.max(top - bottom, 1e-9)]
  const height = Math.round(
    Math.max(heights.least, Math.min(heights.most, (width - 2 * edge) * (high / wide) + 2 * edge)),
  )
  const scale = Math.min((width - 2 * edge) / wide, (height - 2 * edge) / high)
  const [middleX, middleY] = [(left + right) / 2, (bottom + top) / 2]
  return {
    ...{ width, height, frame, scale },
    at: ([longitude, latitude]) => [
      width / 2 + (radians(longitude) - middleX) * scale,
      height / 2 - (upwards(latitude) - middleY) * scale,
    ],
  }
}

function widened({ west, south, east, north }: Box, least: number): Box {
  const more = (low: number, high: number) => Math.max(0, least - (high - low)) / 2
  const [across, along] = [more(west, east), more(south, north)]
  return { west: west - across, south: south - along, east: east + across, north: north + along }
}

export type Mark = Spot & { readonly x: number; readonly y: number }

const rounded = (value: number) => Math.round(value * 10) / 10

/** Spots that would cover each other become one, about the fullest of them. */
export function gathered(sheet: Sheet, spots: readonly Spot[]): Mark[] {
  const marks: Mark[] = []
  for (const spot of spots.toSorted((one, other) => other.count - one.count)) {
    const [x, y] = sheet.at([spot.longitude, spot.latitude])
    const near = marks.findIndex((mark) => Math.hypot(mark.x - x, mark.y - y) < apart)
    if (near < 0) marks.push({ ...spot, x: rounded(x), y: rounded(y) })
    else {
      const mark = marks[near]!
      marks[near] = {
        ...mark,
        count: mark.count + spot.count,
        west: Math.min(mark.west, spot.west),
        south: Math.min(mark.south, spot.south),
        east: Math.max(mark.east, spot.east),
        north: Math.max(mark.north, spot.north),
      }
    }
  }
  return marks
}

/** Would those who lie in this box still lie upon each other on a map of their own? */
export function isOnePlace(box: Box): boolean {
  const sheet = sheetFor(box, 'part')
  const [left, bottom] = sheet.at([box.west, box.south])
  const [right, top] = sheet.at([box.east, box.north])
  // Those at its ends have to be told apart even from one in the middle, and although a cell of the map moves them a bit.
  return Math.max(right - left, bottom - top) < 3 * apart
}

type Path = {
  readonly path: string
  readonly closed: boolean
  /** The middle of its box, if it lies on the sheet, and how wide it is there. */
  readonly middle?: { readonly x: number; readonly y: number }
  readonly width: number
}

export function pathOf(sheet: Sheet, geometry: Geometry): Path {
  const { points, lines, rings } = tracesOf(geometry)
  const path = [
    ...points.map((point) => `M${written(sheet, point)}m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0`),
    ...lines.map((line) => drawn(sheet, line)),
    ...rings.map((ring) => `${drawn(sheet, ring)}Z`),
  ].join('')
  const [west, south, east, north] = boxOf(geometry)
  const [left, bottom] = sheet.at([west, south])
  const [right, top] = sheet.at([east, north])
  const [x, y] = [rounded((left + right) / 2), rounded((top + bottom) / 2)]
  const inside = x > 0 && x < sheet.width && y > 0 && y < sheet.height
  return { path, closed: rings.length > 0, ...(inside ? { middle: { x, y } } : {}), width: right - left }
}

const written = (sheet: Sheet, position: Position) => sheet.at(position).map(rounded).join(' ')

/** A line without what is too small to be seen; its ends stay. */
function drawn(sheet: Sheet, line: readonly Position[]): string {
  let last: readonly [number, number] | undefined
  let path = ''
  line.forEach((position, index) => {
    const [x, y] = sheet.at(position)
    if (last && index < line.length - 1 && Math.hypot(x - last[0], y - last[1]) < detail) return
    path += `${last ? 'L' : 'M'}${rounded(x)} ${rounded(y)}`
    last = [x, y]
  })
  return path
}

/** Metres along the equator for one radian: the mean radius of the earth. */
const earth = 6_371_000

/** A round length that takes up to a quarter of the width. None where the scale differs too much over the sheet. */
export function scaleOf({ frame, scale }: Sheet): { readonly metres: number; readonly length: number } | undefined {
  if (frame.north - frame.south > 5) return undefined
  const unit = (earth * Math.cos(radians((frame.north + frame.south) / 2))) / scale
  const most = (width / 4) * unit
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = [5, 2, 1].map((each) => each * power).find((each) => each <= most)!
  return { metres, length: metres / unit }
}
