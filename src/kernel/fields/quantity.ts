import { declareType, equal, type Field, type FieldOptions, ordered, plainText } from './field.ts'
import { decimalPattern } from './number.ts'

/** A number with its unit: a UCUM code, `m2`, `kW.h`, `{person}` for counts. */
export type Quantity = { readonly value: string; readonly unit: string }

/** A quantity; `of` limits the units. */
export const quantity = (options: FieldOptions & { of?: readonly string[] } = {}): Field<Quantity> => ({
  type: 'quantity',
  ...options,
})

/**
 * The form of a case-sensitive UCUM code (https://ucum.org/ucum §2–3): printable ASCII without spaces, terms joined by
 * `.` and `/`, annotations in braces. Whether a symbol really is a unit is not looked up.
 */
const unitPattern = '^/?(\\{[!-z|~]+\\}|[!-z|~]+(\\{[!-z|~]+\\})?)$'

declareType({
  type: 'quantity',
  options: ['of'],
  columns: (field) => [
    { suffix: '', sql: 'numeric' },
    {
      suffix: 'Unit',
      sql: 'text',
      ...(field.of
        ? {
            check: (column: string) =>
              `${column} in (${field.of!.map((unit) => `'${unit.replaceAll("'", "''")}'`).join(', ')})`,
          }
        : {}),
    },
  ],
  stored: (value) => ({ '': (value as Quantity).value, Unit: (value as Quantity).unit }),
  selected: (column) =>
    `case when ${column()} is not null then jsonb_build_object('value', ${column()}::text, 'unit', ${column('Unit')}) end`,
  schema: (field) => ({
    type: 'object',
    additionalProperties: false,
    required: ['value', 'unit'],
    properties: {
      value: { type: 'string', pattern: decimalPattern, maxLength: 48 },
      unit: field.of
        ? { type: 'string', enum: [...field.of] }
        : { type: 'string', maxLength: 40, pattern: unitPattern },
    },
  }),
  compared: (field) => ({
    '': { suffix: '', as: 'decimal', comparisons: ordered, sorts: true },
    unit: { suffix: 'Unit', as: 'text', comparisons: equal, several: true, ...(field.of ? { choices: field.of } : {}) },
  }),
  parts: () => [
    { name: '', holds: 'number' },
    { name: 'unit', holds: 'text' },
  ],
  split: (value) => ({ '': (value as Quantity | null)?.value ?? '', unit: (value as Quantity | null)?.unit ?? '' }),
  join: (parts, field) => {
    const value = plainText(parts[''])
    const unit = plainText(parts.unit) || (field.of?.length === 1 ? field.of[0]! : '')
    if (value === '' && (unit === '' || field.of?.length === 1)) return { value: null }
    return { value: { ...(value === '' ? {} : { value }), ...(unit === '' ? {} : { unit }) } }
  },
  shown: (value, reader) => {
    const { value: number, unit } = value as Quantity
    if (unit === '%') return { as: 'text', text: reader.number(number, { kind: 'percent' }) }
    return { as: 'text', text: `${reader.number(number)} ${unit.replaceAll(/[{}]/g, '')}` }
  },
  example: (field) => ({ value: '12.5', unit: field.of?.[0] ?? 'kW.h' }),
  linkedData: () => ({ '@type': '@json' }),
})
