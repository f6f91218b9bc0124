import { declareType, equal, type Field, type FieldOptions, inOneText, noneAsNull, textsOf } from './field.ts'

/** One of a closed list of words; text with a CHECK in the database. */
export const choice = <const Choice extends string>(
  of: readonly Choice[],
  options: FieldOptions = {},
): Field<Choice> => ({
  type: 'choice',
  of,
  ...options,
})

/** Several words of a closed list. */
export const choices = <const Choice extends string>(
  of: readonly Choice[],
  options: FieldOptions = {},
): Field<Choice[]> => ({
  type: 'choices',
  of,
  ...options,
})

const quoted = (field: Field) => field.of!.map((each) => `'${each.replaceAll("'", "''")}'`).join(', ')

declareType({
  ...inOneText,
  type: 'choice',
  options: ['of'],
  namesChoices: true,
  key: true,
  columns: (field) => [{ suffix: '', sql: 'text', check: (column) => `${column} in (${quoted(field)})` }],
  schema: (field) => ({ type: 'string', enum: [...field.of!] }),
  compared: (field) => ({
    '': { suffix: '', as: 'text', comparisons: equal, several: true, choices: field.of!, sorts: true },
  }),
  shown: (value, reader) => ({ as: 'text', text: reader.choice(String(value)) }),
  example: (field) => field.of![0],
})

declareType({
  type: 'choices',
  options: ['of'],
  namesChoices: true,
  orderless: true,
  normal: noneAsNull,
  columns: (field) => [{ suffix: '', sql: 'text[]', check: (column) => `${column} <@ array[${quoted(field)}]` }],
  schema: (field) => ({
    type: 'array',
    uniqueItems: true,
    maxItems: field.of!.length,
    items: { type: 'string', enum: [...field.of!] },
  }),
  compared: (field) => ({ '': { suffix: '', as: 'texts', comparisons: equal, several: true, choices: field.of! } }),
  parts: () => [{ name: '', holds: 'text', several: true }],
  split: (value) => ({ '': ((value ?? []) as string[]).map(String) }),
  join: (parts) => {
    const chosen = textsOf(parts[''])
    return { value: chosen.length > 0 ? chosen : null }
  },
  shown: (value, reader) => ({
    as: 'several',
    items: (value as string[]).map((each) => ({ as: 'text', text: reader.choice(each) })),
  }),
  example: (field) => [field.of![0]],
})
