import { declareType, type Field, type FieldOptions, inOneText, ordered, plainText } from './field.ts'

/** A whole number that fits in four bytes. */
export const whole = (options: FieldOptions & { min?: number; max?: number } = {}): Field<number> => ({
  type: 'whole',
  ...options,
})

/** An exact number as a decimal string: never a binary fraction outside `analysis`. */
export const decimal = (options: FieldOptions = {}): Field<string> => ({ type: 'decimal', ...options })

/** Yes or no. */
export const flag = (options: FieldOptions = {}): Field<boolean> => ({ type: 'flag', ...options })

/** One spelling for every number: no leading zeros, no minus before zero (the database would drop it). */
export const decimalPattern = '^(?!-0(\\.0+)?$)-?(0|[1-9][0-9]{0,27})(\\.[0-9]{1,18})?$'

/** What exact numbers share; the column reads as text, so that no reader of JSON rounds it. */
export const exact = {
  ...inOneText,
  columns: () => [{ suffix: '', sql: 'numeric' }],
  selected: (column: (suffix?: string) => string) => `${column()}::text`,
  schema: () => ({ type: 'string', pattern: decimalPattern, maxLength: 48 }),
  compared: () => ({ '': { suffix: '', as: 'decimal', comparisons: ordered, several: true, sorts: true } }) as const,
  parts: () => [{ name: '', holds: 'number' }] as const,
}

declareType({
  ...inOneText,
  type: 'whole',
  options: ['min', 'max'],
  key: true,
  columns: () => [{ suffix: '', sql: 'integer' }],
  schema: (field) => ({ type: 'integer', minimum: field.min ?? -2147483648, maximum: field.max ?? 2147483647 }),
  compared: () => ({ '': { suffix: '', as: 'whole', comparisons: ordered, several: true, sorts: true } }),
  parts: () => [{ name: '', holds: 'number' }],
  join: (parts) => {
    const text = plainText(parts[''])
    return { value: text === '' ? null : /^-?\d{1,10}$/.test(text) ? Number(text) : text }
  },
  // Four digits may be a year, and are too short to need grouping.
  shown: (value, reader, field) => ({
    as: 'text',
    text: (field.max ?? Infinity) > 9999 ? reader.number(String(value)) : String(value),
  }),
  example: (field) => field.min ?? 1,
})

declareType({
  ...exact,
  type: 'decimal',
  options: [],
  shown: (value, reader) => ({ as: 'text', text: reader.number(String(value)) }),
  example: () => '12.5',
})

declareType({
  type: 'flag',
  options: [],
  columns: () => [{ suffix: '', sql: 'boolean' }],
  schema: () => ({ type: 'boolean' }),
  compared: () => ({ '': { suffix: '', as: 'flag', comparisons: ['eq', 'empty'], sorts: true } }),
  parts: () => [{ name: '', holds: 'flag' }],
  split: inOneText.split,
  join: (parts, _field, medium, before) => {
    const text = plainText(parts[''])
    if (medium.as === 'file')
      return { value: text === '' ? null : text === 'true' ? true : text === 'false' ? false : text }
    // An unticked box means no only if a yes or no was stated before.
    return { value: text === 'true' ? true : before === null || before === undefined ? null : false }
  },
  shown: (value, reader) => ({ as: 'text', text: reader.say(value ? 'record.page.yes' : 'record.page.no') }),
  example: () => true,
})
