import type { Field, FieldOptions, FieldType } from './field.ts'

/** A calendar day 'YYYY-MM-DD' in the city's time zone. */
export const day = (options: FieldOptions = {}): Field<string> => ({ type: 'day', ...options })

export const dayType: FieldType = {
  type: 'day',
  options: [],
  column: () => 'date',
  schema: () => ({ type: 'string', format: 'date' }),
}
