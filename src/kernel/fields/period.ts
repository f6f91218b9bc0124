import { declareType, equal, type Field, type FieldOptions, ordered, plainText } from './field.ts'
import { runsBackwards, spanColumns } from './span.ts'

export const grains = ['day', 'week', 'month', 'quarter', 'half-year', 'year', 'custom'] as const

/** Days `[from, to)` by which a report or a plan counts, what kind of period they are, and what it is called. */
export type Period = { readonly from: string; readonly to: string; readonly grain: string; readonly label: string }

/** A period with its grain and label: the second quarter of 2026, a fiscal year. */
export const period = (options: FieldOptions = {}): Field<Period> => ({ type: 'period', ...options })

declareType({
  type: 'period',
  options: [],
  columns: spanColumns,
  stored: (value) => {
    const { from, to, grain, label } = value as Period
    return { '': from, To: to, Grain: grain, Label: label }
  },
  selected: (column) =>
    `case when ${column()} is not null then jsonb_build_object('from', ${column()}::text, 'to', ${column('To')}::text, 'grain', ${column('Grain')}, 'label', ${column('Label')}) end`,
  schema: () => ({
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to', 'grain', 'label'],
    properties: {
      from: { type: 'string', format: 'date' },
      to: { type: 'string', format: 'date' },
      grain: { type: 'string', maxLength: 20, pattern: '^[a-z][a-z-]*$' },
      label: { type: 'string', minLength: 1, maxLength: 60, pattern: '\\S' },
    },
  }),
  problems: runsBackwards,
  compared: () => ({
    '': { suffix: '', as: 'day', comparisons: ordered, sorts: true },
    to: { suffix: 'To', as: 'day', comparisons: ordered },
    grain: { suffix: 'Grain', as: 'text', comparisons: equal, several: true },
    label: { suffix: 'Label', as: 'text', comparisons: equal, several: true },
  }),
  // People write the label; files contain its days, because a label may mean another period elsewhere.
  parts: (_field, { as }) => [
    { name: '', holds: 'text' },
    ...(as === 'file'
      ? ([
          { name: 'from', holds: 'day' },
          { name: 'to', holds: 'day' },
          { name: 'grain', holds: 'text' },
        ] as const)
      : []),
  ],
  split: (value, _field, { as }) => {
    const { from = '', to = '', grain = '', label = '' } = (value ?? {}) as Partial<Period>
    return as === 'file' ? { '': label, from, to, grain } : { '': label }
  },
  join: (parts, _field, { readPeriod }, before) => {
    const label = plainText(parts[''])
    if (label === '') return { value: null }
    const stated = { from: plainText(parts.from), to: plainText(parts.to), grain: plainText(parts.grain) }
    if (stated.from !== '' && stated.to !== '') return { value: { ...stated, grain: stated.grain || 'custom', label } }
    // A label that is already stored keeps its days, even if they cannot be derived from it.
    if ((before as Period | null)?.label === label) return { value: before }
    const found = readPeriod(label)
    return found ? { value: found } : { problems: [{ at: '', code: 'field.not-a-period' }] }
  },
  shown: (value, reader) => ({ as: 'text', text: reader.period(value as Period) }),
  example: () => ({ from: '2026-04-01', to: '2026-07-01', grain: 'quarter', label: '2026-Q2' }),
  linkedData: () => ({ '@type': '@json' }),
})
