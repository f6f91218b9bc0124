/**
 * Places as GeoJSON geometry (RFC 7946): shape, bounding box, and what is wrong with them. Plain arithmetic on degrees.
 */

export type Shape = 'point' | 'line' | 'area'
export type Position = readonly [number, number]
export type Geometry = {
  readonly type: 'Point' | 'LineString' | 'Polygon' | 'MultiPoint' | 'MultiLineString' | 'MultiPolygon'
  readonly coordinates: unknown
}

/** At most this many positions in a geometry: a district boundary to the metre has a few thousand. */
const maxPositions = 20_000
/** Crossings are looked for in rings of up to this many segments: the cost grows with the square. */
const maxForCrossings = 2000

/** How deep the coordinates of each type are nested: 0 = a position. */
const depths: Readonly<Record<string, number>> = {
  ...{ Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 },
}

export const shapeOf = ({ type }: Geometry): Shape =>
  type.endsWith('Point') ? 'point' : type.endsWith('LineString') ? 'line' : 'area'

const isPosition = (value: unknown): value is Position =>
  Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number' && Number.isFinite(each))

/** Every position, in order; nothing where the nesting does not fit the type. */
function flat(coordinates: unknown, depth: number): Position[] | null {
  if (depth === 0) return isPosition(coordinates) ? [coordinates] : null
  if (!Array.isArray(coordinates)) return null
  const found: Position[] = []
  for (const each of coordinates) {
    const below = flat(each, depth - 1)
    if (!below) return null
    for (const position of below) found.push(position)
  }
  return found
}

/**
 * The positions of a simple geometry that a person can write line by line: one point, one line, one ring (without its
 * closing).
 */
export function positionsOf({ type, coordinates }: Geometry): readonly Position[] | null {
  if (type === 'Point') return flat(coordinates, 0)
  if (type === 'LineString') return flat(coordinates, 1)
  if (type !== 'Polygon' || !Array.isArray(coordinates) || coordinates.length !== 1) return null
  return flat(coordinates[0], 1)?.slice(0, -1) ?? null
}

/** West, south, east and north of a well-formed geometry. */
export function boxOf({ type, coordinates }: Geometry): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [longitude, latitude] of flat(coordinates, depths[type] ?? 0) ?? []) {
    box[0] = Math.min(box[0], longitude)
    box[1] = Math.min(box[1], latitude)
    box[2] = Math.max(box[2], longitude)
    box[3] = Math.max(box[3], latitude)
  }
  return box
}

const linesIn = ({ type, coordinates }: Geometry): Position[][] => {
  if (type === 'LineString') return [coordinates as Position[]]
  if (type === 'MultiLineString') return coordinates as Position[][]
  return []
}
const ringsIn = ({ type, coordinates }: Geometry): Position[][] => {
  if (type === 'Polygon') return coordinates as Position[][]
  if (type === 'MultiPolygon') return (coordinates as Position[][][]).flat()
  return []
}

/** What is drawn of a geometry: its points, its lines, and its rings, which are closed. */
export function tracesOf(value: Geometry): { points: Position[]; lines: Position[][]; rings: Position[][] } {
  const points = shapeOf(value) === 'point' ? (flat(value.coordinates, depths[value.type]!) ?? []) : []
  return { points, lines: linesIn(value), rings: ringsIn(value) }
}

type Problem = { readonly at: string; readonly code: string; readonly values?: Record<string, string | number> }

/** What is wrong with a geometry, the first fault of each kind; `of` names the shapes that are allowed. */
export function geometryProblems(value: Geometry, of: readonly Shape[]): Problem[] {
  const shape = shapeOf(value)
  if (!of.includes(shape)) return [{ at: '', code: `field.geometry-not-${of.join('-')}` }]
  const positions = flat(value.coordinates, depths[value.type]!)
  if (!positions || positions.length === 0) return [{ at: '/coordinates', code: 'field.geometry-form' }]
  if (positions.length > maxPositions)
    return [{ at: '/coordinates', code: 'field.too-many', values: { limit: maxPositions } }]
  const outside = positions.find(([longitude, latitude]) => Math.abs(longitude) > 180 || Math.abs(latitude) > 90)
  if (outside)
    return [{ at: '/coordinates', code: 'field.geometry-outside', values: { place: `${outside[1]}, ${outside[0]}` } }]
  if (linesIn(value).some((line) => line.length < 2)) return [{ at: '/coordinates', code: 'field.geometry-short-line' }]
  const rings = ringsIn(value)
  const areas = value.type === 'MultiPolygon' ? (value.coordinates as Position[][][]) : []
  if (areas.some((area) => area.length === 0) || rings.some((ring) => ring.length < 4))
    return [{ at: '/coordinates', code: 'field.geometry-short-ring' }]
  const open = rings.find((ring) => ring[0]![0] !== ring.at(-1)![0] || ring[0]![1] !== ring.at(-1)![1])
  if (open) return [{ at: '/coordinates', code: 'field.geometry-open-ring' }]
  if (rings.some(crossesItself)) return [{ at: '/coordinates', code: 'field.geometry-crosses' }]
  return []
}

/** Twice the signed area: positive where the ring runs anticlockwise. */
const turning = (ring: readonly Position[]): number =>
  ring.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]!
    return sum + (x * nextY - nextX * y)
  }, 0)

const side = (from: Position, to: Position, point: Position): number =>
  Math.sign((to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]))

/** Does a closed ring cross itself? Rings with very many sides are not checked. */
function crossesItself(ring: readonly Position[]): boolean {
  const last = ring.length - 1
  if (last > maxForCrossings) return false
  for (let one = 0; one < last; one++)
    for (let other = one + 2; other < last; other++) {
      if (one === 0 && other === last - 1) continue
      const [a, b, c, d] = [ring[one]!, ring[one + 1]!, ring[other]!, ring[other + 1]!]
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true
    }
  return false
}

/**
 * The geometry with outer rings anticlockwise and holes clockwise (RFC 7946 §3.1.6); anything but a polygon is returned
 * unchanged.
 */
export function followRightHandRule(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('coordinates' in value)) return value
  // What does not belong there stays, so that it is refused by name.
  const { type, coordinates } = value as Geometry
  const wind = (rings: unknown) =>
    Array.isArray(rings)
      ? rings.map((ring, index) => {
          const positions = flat(ring, 1)
          if (!positions || positions.length < 4) return ring
          return turning(positions) > 0 === (index === 0) ? ring : positions.toReversed()
        })
      : rings
  if (type === 'Polygon') return { ...value, coordinates: wind(coordinates) }
  if (type === 'MultiPolygon' && Array.isArray(coordinates)) return { ...value, coordinates: coordinates.map(wind) }
  return value
}
