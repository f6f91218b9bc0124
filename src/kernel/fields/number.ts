import type { Field, FieldOptions, FieldType } from './field.ts'

/** A whole number that fits four bytes. */
export const whole = (options: FieldOptions & { min?: number; max?: number } = {}): Field<number> => ({
  type: 'whole',
  ...options,
})

/** An exact number as a decimal string: never a binary fraction outside `analysis`. */
export const decimal = (options: FieldOptions = {}): Field<string> => ({ type: 'decimal', ...options })

/** Yes or no. */
export const flag = (options: FieldOptions = {}): Field<boolean> => ({ type: 'flag', ...options })

export const wholeType: FieldType = {
  type: 'whole',
  options: ['min', 'max'],
  column: () => 'integer',
  schema: (field) => ({ type: 'integer', minimum: field.min ?? -2147483648, maximum: field.max ?? 2147483647 }),
}

/** One spelling for every number: no leading zero, no minus before nothing (the database would drop it). */
export const decimalPattern = '^(?!-0(\\.0+)?$)-?(0|[1-9][0-9]{0,27})(\\.[0-9]{1,18})?$'

export const decimalType: FieldType = {
  type: 'decimal',
  options: [],
  column: () => 'numeric',
  schema: () => ({ type: 'string', pattern: decimalPattern, maxLength: 48 }),
}

export const flagType: FieldType = {
  type: 'flag',
  options: [],
  column: () => 'boolean',
  schema: () => ({ type: 'boolean' }),
}
