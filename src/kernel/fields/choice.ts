import type { Field, FieldOptions, FieldType } from './field.ts'

/** One of a closed list of words; text with a CHECK in the database. */
export const choice = <const Choice extends string>(
  of: readonly Choice[],
  options: FieldOptions = {},
): Field<Choice> => ({
  type: 'choice',
  of,
  ...options,
})

/** Several of a closed list. */
export const choices = <const Choice extends string>(
  of: readonly Choice[],
  options: FieldOptions = {},
): Field<Choice[]> => ({
  type: 'choices',
  of,
  ...options,
})

const quoted = (field: Field) => field.of!.map((each) => `'${each.replaceAll("'", "''")}'`).join(', ')

export const choiceType: FieldType = {
  type: 'choice',
  options: ['of'],
  column: () => 'text',
  check: (field, column) => `${column} in (${quoted(field)})`,
  schema: (field) => ({ type: 'string', enum: [...field.of!] }),
}

export const choicesType: FieldType = {
  type: 'choices',
  options: ['of'],
  column: () => 'text[]',
  check: (field, column) => `${column} <@ array[${quoted(field)}]`,
  schema: (field) => ({
    type: 'array',
    uniqueItems: true,
    maxItems: field.of!.length,
    items: { type: 'string', enum: [...field.of!] },
  }),
}
