import { declareType, type Field, type FieldOptions, plainText, type ValueProblem } from './field.ts'
import {
  boxOf,
  followRightHandRule,
  type Geometry,
  geometryProblems,
  positionsOf,
  type Shape,
  shapeOf,
} from './geojson.ts'

/**
 * A place: a point, a line or an area as GeoJSON geometry (RFC 7946, WGS 84, longitude before latitude). Its bounding
 * box has columns of its own, so that a list can be limited to a map without a database extension.
 */
export const geometry = (options: FieldOptions & { of?: readonly Shape[] } = {}): Field<Geometry> => ({
  type: 'geometry',
  of: ['point', 'line', 'area'],
  ...options,
})

const sides = ['West', 'South', 'East', 'North'] as const

/** `59.913, 10.752` in each line, latitude first, as people and navigation write it. */
const linesOf = (value: Geometry): string | null => {
  const positions = positionsOf(value)
  if (!positions) return null
  return positions.map(([longitude, latitude]) => `${latitude}, ${longitude}`).join('\n')
}

/** Names of members in a JSON text. */
const namesIn = (text: string): number => text.match(/"\s*:/g)?.length ?? 0

function fromLines(text: string, shape: string): Geometry | null {
  const positions: Array<[number, number]> = []
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    // Very small numbers come as 1e-7, because that is how the runtime writes them.
    const found = /^\s*(-?\d{1,3}(?:\.\d+)?(?:e-\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?(?:e-\d+)?)\s*$/.exec(line)
    if (!found) return null
    positions.push([Number(found[2]), Number(found[1])])
  }
  if (shape === 'point') return positions.length === 1 ? { type: 'Point', coordinates: positions[0]! } : null
  if (shape === 'line') return { type: 'LineString', coordinates: positions }
  const [first] = positions
  const last = positions.at(-1)
  const closed = first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...positions, first] : positions
  return { type: 'Polygon', coordinates: [closed] }
}

declareType({
  type: 'geometry',
  options: ['of'],
  columns: () => [{ suffix: '', sql: 'jsonb' }, ...sides.map((suffix) => ({ suffix, sql: 'numeric' }))],
  stored: (value) => {
    const box = boxOf(value as Geometry)
    return { '': value, ...Object.fromEntries(sides.map((side, index) => [side, box[index]])) }
  },
  selected: (column) => column(),
  schema: () => ({
    type: 'object',
    required: ['type', 'coordinates'],
    additionalProperties: false,
    properties: {
      type: {
        type: 'string',
        enum: ['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'],
      },
      coordinates: { type: 'array' },
    },
  }),
  problems: (value, field): readonly ValueProblem[] => geometryProblems(value as Geometry, (field.of ?? []) as Shape[]),
  normal: (value) => followRightHandRule(value),
  compared: () => ({ '': { suffix: '', as: 'box', comparisons: ['within', 'empty'] } }),
  parts: (field, { as }) => [
    ...(as === 'form' && field.of!.length > 1 ? ([{ name: 'shape', holds: 'text' }] as const) : []),
    { name: '', holds: 'text', wide: true },
  ],
  split: (value, field, { as }) => {
    if (value === null || value === undefined) return { '': '', shape: field.of![0]! }
    const geometryValue = value as Geometry
    const lines = as === 'form' ? linesOf(geometryValue) : null
    return { '': lines ?? JSON.stringify(value), shape: shapeOf(geometryValue) }
  },
  join: (parts, field) => {
    const text = plainText(parts[''])
    if (text === '') return { value: null }
    if (text.startsWith('{')) {
      try {
        const value: unknown = JSON.parse(text)
        // Of a name that stands twice the parser takes the last, other programs the first.
        if (namesIn(JSON.stringify(value)) < namesIn(text)) throw new SyntaxError('a name stands twice')
        return { value }
      } catch {
        return { problems: [{ at: '', code: 'field.not-geojson' }] }
      }
    }
    const value = fromLines(text, plainText(parts.shape) || field.of![0]!)
    return value ? { value } : { problems: [{ at: '', code: 'field.not-a-place' }] }
  },
  shown: (value, reader) => {
    const place = value as Geometry
    const shape = shapeOf(place)
    if (place.type === 'Point') {
      const [longitude, latitude] = place.coordinates as [number, number]
      return { as: 'text', text: `${latitude}, ${longitude}` }
    }
    const [west, south, east, north] = boxOf(place)
    return {
      as: 'text',
      text: reader.say(`record.value.geometry.${shape}`, {
        count: positionsOf(place)?.length ?? 0,
        ...{ west: String(west), south: String(south), east: String(east), north: String(north) },
      }),
    }
  },
  example: (field) => {
    const shape = field.of?.[0] ?? 'point'
    return fromLines(shape === 'point' ? '59.913, 10.752' : '59.91, 10.75\n59.92, 10.75\n59.92, 10.77', shape)
  },
  linkedData: () => ({ '@type': '@json' }),
})
