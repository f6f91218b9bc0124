import { declareType, type Field, type FieldOptions, inOneText, ordered } from './field.ts'

/** A calendar day 'YYYY-MM-DD' in the city's time zone. */
export const day = (options: FieldOptions = {}): Field<string> => ({ type: 'day', ...options })

declareType({
  ...inOneText,
  type: 'day',
  options: [],
  key: true,
  columns: () => [{ suffix: '', sql: 'date' }],
  schema: () => ({ type: 'string', format: 'date' }),
  compared: () => ({ '': { suffix: '', as: 'day', comparisons: ordered, several: true, sorts: true } }),
  parts: () => [{ name: '', holds: 'day' }],
  shown: (value, reader) => ({ as: 'text', text: reader.day(String(value)) }),
  example: () => '2026-03-31',
})
