import { types } from 'pg'

/** PostgreSQL's type numbers (pg_type.dat) whose values must not go through a JavaScript number or Date. */
const oid = {
  int8: 20,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
  textArray: 1009,
  int8Array: 1016,
  timestampArray: 1115,
  dateArray: 1182,
  timestamptzArray: 1185,
  intervalArray: 1187,
  numericArray: 1231,
} as const

const asIs = (text: string): string => text

/**
 * An instant as ISO 8601 in UTC with milliseconds, `2026-11-22T09:30:00.000Z`: what `Date.prototype.toISOString` gives,
 * so that a value survives a round trip to the database unchanged. Finer digits are cut off: declare columns
 * `timestamptz(3)` if the database itself fills them. `infinity` and years outside 0–9999 stay as PostgreSQL wrote
 * them.
 */
export function instant(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d(?::\d\d){0,2})$/.exec(text)
  if (found === null) return text
  const [, day, time, fraction = '.', offset] = found
  const local = `${day}T${time}.${fraction.slice(1, 4).padEnd(3, '0')}`
  if (offset === '+00') return `${local}Z`
  return new Date(`${local}${offset?.length === 3 ? `${offset}:00` : offset}`).toISOString()
}

const texts = types.getTypeParser(oid.textArray as never) as (text: string) => (string | null)[]
const instants = (text: string): (string | null)[] => texts(text).map((item) => (item === null ? null : instant(item)))

const parsers = new Map<number, (text: string) => unknown>([
  [oid.int8, asIs],
  [oid.date, asIs],
  [oid.timestamp, asIs],
  [oid.timestamptz, instant],
  [oid.interval, asIs],
  [oid.numeric, asIs],
  [oid.int8Array, texts],
  [oid.timestampArray, texts],
  [oid.dateArray, texts],
  [oid.timestamptzArray, instants],
  [oid.intervalArray, texts],
  [oid.numericArray, texts],
])

/**
 * The `types` of a pool: dates, timestamps, intervals, numeric and int8 arrive as strings (also inside arrays), so
 * nothing is rounded and no day shifts with a time zone; everything else as `pg` does it.
 */
export const valueTypes = {
  getTypeParser(id: number, format?: 'text' | 'binary'): (value: string) => unknown {
    const own = format === 'binary' ? undefined : parsers.get(id)
    return own ?? (types.getTypeParser(id, format as 'text') as (value: string) => unknown)
  },
}
