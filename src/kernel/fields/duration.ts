import { declareType, type Field, type FieldOptions, inOneText, ordered, plainText } from './field.ts'

/** A length of time, ISO 8601: `P2Y6M`, `P3W`, `PT36H`. Months and years have no fixed number of days. */
export const duration = (options: FieldOptions = {}): Field<string> => ({ type: 'duration', ...options })

const pattern =
  '^P(?=[0-9T])([0-9]{1,6}Y)?([0-9]{1,6}M)?([0-9]{1,6}W)?([0-9]{1,6}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?$'
const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'] as const
/** Lengths for sorting durations: a month counts as a twelfth of 365.25 days. */
const secondsOf = [31_557_600, 2_629_800, 604_800, 86_400, 3600, 60, 1]

/** Numbers of years, months, weeks, days, hours, minutes and seconds; nothing if it is not a duration. */
function partsOf(text: string): number[] | null {
  const found = new RegExp(pattern).exec(text)
  if (!found) return null
  return [1, 2, 3, 4, 6, 7, 8].map((group) => Number.parseInt(found[group] ?? '0', 10))
}

const textOf = (numbers: readonly number[]): string => {
  const said = numbers.map((each, index) => (each > 0 ? `${each}${'YMWDHMS'[index]}` : ''))
  const time = said.slice(4).join('')
  const text = `P${said.slice(0, 4).join('')}${time === '' ? '' : `T${time}`}`
  return text === 'P' ? 'PT0S' : text
}

declareType({
  ...inOneText,
  type: 'duration',
  options: [],
  columns: () => [
    { suffix: '', sql: 'text' },
    { suffix: 'Seconds', sql: 'numeric' },
  ],
  stored: (value) => ({
    '': value,
    Seconds: partsOf(String(value))?.reduce((sum, each, index) => sum + each * secondsOf[index]!, 0) ?? null,
  }),
  selected: (column) => column(),
  schema: () => ({ type: 'string', pattern }),
  normal: (value) => {
    const parts = typeof value === 'string' ? partsOf(value.trim().toUpperCase()) : null
    return parts ? textOf(parts) : value
  },
  compared: () => ({
    '': { suffix: '', as: 'text', comparisons: ['eq', 'empty'] },
    seconds: { suffix: 'Seconds', as: 'decimal', comparisons: ordered, sorts: true },
  }),
  // A form has one number for each unit people plan in; a duration with other units is kept as its ISO text.
  parts: (_field, { as }) =>
    as === 'form'
      ? [...units.map((name) => ({ name, holds: 'number' }) as const), { name: '', holds: 'text' }]
      : [{ name: '', holds: 'text' }],
  split: (value, _field, { as }) => {
    if (as === 'file') return inOneText.split(value)
    const parts = typeof value === 'string' ? partsOf(value) : null
    if (!parts) return inOneText.split(value)
    if (parts.every((each) => each === 0)) return { seconds: '0' }
    return Object.fromEntries(units.map((unit, index) => [unit, parts[index]! > 0 ? String(parts[index]) : '']))
  },
  join: (parts, field, { as }) => {
    if (as === 'file' || plainText(parts['']) !== '') return inOneText.join(parts, field)
    const given = units.map((unit) => plainText(parts[unit]))
    if (given.every((each) => each === '')) return { value: null }
    const wrong = given.findIndex((each) => !/^\d{0,6}$/.test(each))
    if (wrong >= 0) return { problems: [{ at: '', code: 'field.not-a-duration', values: { text: given[wrong]! } }] }
    return { value: textOf(given.map(Number)) }
  },
  shown: (value, reader) => {
    const parts = partsOf(String(value))
    if (!parts) return { as: 'text', text: String(value) }
    const said = units.flatMap((unit, index) =>
      parts[index]! > 0 ? [reader.say(`record.value.duration.${unit}`, { count: parts[index]! })] : [],
    )
    return { as: 'text', text: said.join(' ') || reader.say('record.value.duration.seconds', { count: 0 }) }
  },
  example: () => 'P2Y6M',
  linkedData: () => ({ '@type': 'http://www.w3.org/2001/XMLSchema#duration' }),
})
