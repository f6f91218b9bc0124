import { isDay } from '../day.ts'
import { declareType, type Field, type FieldOptions, inOneText, ordered, plainText } from './field.ts'

/** A moment in time, ISO 8601 in UTC with milliseconds. People read and write it in the city's time zone. */
export const instant = (options: FieldOptions = {}): Field<string> => ({ type: 'instant', ...options })

const localPattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/

/** Whoever asks for the offset of a zone asks between these: a local time outside has no year of four digits. */
const [earliest, latest] = [Date.parse('0001-01-02T00:00:00Z'), Date.parse('9999-12-30T00:00:00Z')]

const formats = new Map<string, Intl.DateTimeFormat>()

/** Local time of an instant in a zone: '2026-10-25T02:30:00.000'. */
function localOf(at: number, timeZone: string): string {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
    })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts.year!.padStart(4, '0')}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}.${parts.fractionalSecond}`
}

/**
 * The instants at which clocks in a zone show a local time, earliest first: usually one, two when an hour repeats, none
 * when clocks skip it. A zone's offset is at most 14 hours from UTC, and its changes lie more than a day apart.
 */
export function instantsAt(local: string, timeZone: string): string[] {
  const [, day, minute, second = '00', fraction = ''] = localPattern.exec(local) ?? []
  if (!day) return []
  const wanted = `${day}T${minute}:${second}.${fraction.padEnd(3, '0')}`
  const asUtc = Date.parse(`${wanted}Z`)
  if (Number.isNaN(asUtc)) return []
  const offsets = [-24, 24].map((hours) => {
    const at = Math.min(Math.max(asUtc + hours * 3_600_000, earliest), latest)
    return Date.parse(`${localOf(at, timeZone)}Z`) - at
  })
  const found = [...new Set(offsets)].map((offset) => asUtc - offset).filter((at) => localOf(at, timeZone) === wanted)
  return found.sort((left, right) => left - right).map((at) => new Date(at).toISOString())
}

declareType({
  ...inOneText,
  type: 'instant',
  options: [],
  columns: () => [{ suffix: '', sql: 'timestamptz' }],
  selected: (column) => `to_char(${column()} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  schema: () => ({ type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' }),
  // A time with a zone is understood; a local time without one is not, because nobody knows which zone was meant.
  normal: (value) => {
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value))
      return value
    // The runtime would make the second of March of the 30th of February, and the next day of 24:00.
    if (!isDay(value.slice(0, 10)) || value.slice(11, 13) > '23') return value
    const at = new Date(value)
    const text = Number.isNaN(at.getTime()) ? '' : at.toISOString()
    return /^(?!0000)\d{4}-/.test(text) ? text : value
  },
  problems: (value) =>
    // The runtime knows a year 0, the database does not.
    !isDay(String(value).slice(0, 10)) ||
    Number.isNaN(Date.parse(String(value))) ||
    new Date(String(value)).toISOString() !== value
      ? [{ at: '', code: 'field.not-an-instant' }]
      : [],
  compared: () => ({ '': { suffix: '', as: 'instant', comparisons: ordered, sorts: true } }),
  parts: (_field, { as }) => [
    { name: '', holds: 'text' },
    ...(as === 'form' ? ([{ name: 'which', holds: 'text' }] as const) : []),
  ],
  split: (value, _field, { as, timeZone }) => {
    if (as === 'file') return inOneText.split(value)
    const at = Date.parse(String(value ?? ''))
    if (Number.isNaN(at)) return { '': value === null || value === undefined ? '' : String(value) }
    const local = localOf(at, timeZone)
    const which = instantsAt(local, timeZone).indexOf(new Date(at).toISOString())
    // Seconds are shown if there are any: saving an unchanged form must change nothing.
    const shown = local.endsWith(':00.000') ? local.slice(0, 16) : local
    return { '': shown, ...(instantsAt(local, timeZone).length > 1 ? { which: String(which) } : {}) }
  },
  asks: (parts, { timeZone }) => (instantsAt(plainText(parts['']), timeZone).length > 1 ? ['which'] : []),
  join: (parts, _field, { as, timeZone }) => {
    const text = plainText(parts[''])
    if (text === '') return { value: null }
    if (as === 'file' || !localPattern.test(text)) return { value: text }
    const found = instantsAt(text, timeZone)
    if (found.length === 0) return { problems: [{ at: '', code: 'field.no-such-time' }] }
    if (found.length === 1) return { value: found[0] }
    const which = found[Number(plainText(parts.which) || 'none')]
    return which ? { value: which } : { problems: [{ at: '', code: 'field.time-comes-twice' }] }
  },
  shown: (value, reader) => ({ as: 'text', text: reader.instant(String(value)) }),
  example: () => '2026-03-31T09:30:00.000Z',
  linkedData: () => ({ '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' }),
})
