import { dayFromNumber, dayNumber, isDay } from '../day.ts'
import { declareType, type Field, type FieldOptions, ordered, plainText } from './field.ts'

/** Days from the first to the day before `to`; without `to`, open-ended. */
export type Span = { readonly from: string; readonly to?: string }

/**
 * A half-open span of days. `open`: the end may be unknown. People write and read the last day; machines the first day
 * after it.
 */
export const span = (options: FieldOptions & { open?: boolean } = {}): Field<Span> => ({ type: 'span', ...options })

/** The day before or after; anything that is not a day stays itself, for the schema to judge. */
const shifted = (day: string, by: number) => (isDay(day) ? dayFromNumber(dayNumber(day) + by) : day)
/** The day after the last one must be a day of the calendar, too. */
const [lastDay, latestLast] = ['9999-12-31', '9999-12-30']

/** What spans and periods share: a first day and the first day after the end. */
export const spanColumns = (field: Field) => [
  { suffix: '', sql: 'date' },
  {
    suffix: 'To',
    sql: 'date',
  },
  ...(field.type === 'period'
    ? [
        { suffix: 'Grain', sql: 'text' },
        { suffix: 'Label', sql: 'text' },
      ]
    : []),
]

export const runsBackwards = (value: unknown) => {
  const { from, to } = value as Span
  return to !== undefined && to <= from ? [{ at: '/to', code: 'field.ends-before-it-begins' }] : []
}

declareType({
  type: 'span',
  options: ['open'],
  columns: spanColumns,
  stored: (value) => ({ '': (value as Span).from, To: (value as Span).to ?? null }),
  selected: (column) =>
    `case when ${column()} is not null then jsonb_strip_nulls(jsonb_build_object('from', ${column()}::text, 'to', ${column('To')}::text)) end`,
  schema: (field) => ({
    type: 'object',
    additionalProperties: false,
    required: field.open ? ['from'] : ['from', 'to'],
    properties: { from: { type: 'string', format: 'date' }, to: { type: 'string', format: 'date' } },
  }),
  problems: runsBackwards,
  normal: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== ''))
  },
  compared: () => ({
    '': { suffix: '', as: 'day', comparisons: ordered, sorts: true },
    to: { suffix: 'To', as: 'day', comparisons: ordered },
  }),
  // A form has the last day, as people say it; a file the first day after it, as machines do.
  parts: (_field, { as }) => [
    { name: 'from', holds: 'day' },
    { name: as === 'form' ? 'last' : 'to', holds: 'day' },
  ],
  split: (value, _field, { as }) => {
    const { from = '', to = '' } = (value ?? {}) as Partial<Span>
    return as === 'form' ? { from, last: shifted(to, -1) } : { from, to }
  },
  join: (parts, _field, { as }) => {
    const from = plainText(parts.from)
    const last = plainText(parts.last)
    if (as === 'form' && last === lastDay)
      return { problems: [{ at: '/to', code: 'field.too-large', values: { limit: latestLast } }] }
    const to = as === 'form' ? shifted(last, 1) : plainText(parts.to)
    if (from === '' && to === '') return { value: null }
    return { value: { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) } }
  },
  shown: (value, reader) => {
    const { from, to } = value as Span
    if (to === undefined) return { as: 'text', text: reader.say('record.value.span-open', { from: reader.day(from) }) }
    return {
      as: 'text',
      text: reader.say('record.value.span', { from: reader.day(from), last: reader.day(shifted(to, -1)) }),
    }
  },
  example: () => ({ from: '2026-01-01', to: '2027-01-01' }),
  linkedData: () => ({ '@type': '@json' }),
})
