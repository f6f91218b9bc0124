import type { Field, FieldOptions, FieldType } from './field.ts'

/** A web address; only http and https, because pages link to it. */
export const address = (options: FieldOptions = {}): Field<string> => ({ type: 'address', ...options })

/** A short list of words by language, in order: the level names of a plan. */
export const list = (
  options: FieldOptions & { max?: number; min?: number } = {},
): Field<Array<Record<string, string>>> => ({
  type: 'list',
  max: 20,
  ...options,
})

export const addressType: FieldType = {
  type: 'address',
  options: [],
  column: () => 'text',
  schema: () => ({ type: 'string', maxLength: 2000, pattern: '^https?://[^\\s<>"]+$' }),
}

export const listType: FieldType = {
  type: 'list',
  options: ['min', 'max'],
  column: () => 'jsonb',
  schema: (field) => ({
    type: 'array',
    minItems: field.min ?? 0,
    maxItems: field.max!,
    items: { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1, maxLength: 80 } },
  }),
}
