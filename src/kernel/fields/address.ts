import { declareType, type Field, type FieldOptions, inOneText } from './field.ts'

/** A web address; only http and https, because pages link to it. */
export const address = (options: FieldOptions = {}): Field<string> => ({ type: 'address', ...options })

/** A short ordered list of words by language: the level names of a plan. */
export const list = (
  options: FieldOptions & { max?: number; min?: number } = {},
): Field<Array<Record<string, string>>> => ({
  type: 'list',
  max: 20,
  ...options,
})

declareType({
  ...inOneText,
  type: 'address',
  options: [],
  schema: () => ({ type: 'string', maxLength: 2000, pattern: '^https?://[^\\s<>"]+$' }),
  compared: () => ({ '': { suffix: '', as: 'text', comparisons: ['eq', 'empty'], sorts: true } }),
  shown: (value) => ({ as: 'address', href: String(value) }),
  example: () => 'https://city.example/',
})

/** Lines as typed: a leading empty one keeps the positions of the others. */
const linesOf = (part: string | readonly string[] | undefined): string[] =>
  ([part ?? ''].flat().at(-1) ?? '').replaceAll('\r\n', '\n').split('\n')

type Items = ReadonlyArray<Readonly<Record<string, string>>>

declareType({
  type: 'list',
  options: ['min', 'max'],
  columns: () => [{ suffix: '', sql: 'jsonb' }],
  schema: (field) => ({
    type: 'array',
    minItems: field.min ?? 0,
    maxItems: field.max!,
    items: { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1, maxLength: 80 } },
  }),
  compared: () => ({ '': { suffix: '', as: 'text', comparisons: ['empty'] } }),
  // Words are grouped by language; the same line in each language is one item.
  parts: (_field, { as, languages }) =>
    languages.map((language) => ({
      name: language,
      holds: 'text',
      language,
      wide: true,
      several: as === 'file',
      ordered: true,
    })),
  split: (value, _field, { as, languages }) => {
    const items = (value ?? []) as Items
    return Object.fromEntries(
      languages.map((tag) => {
        const texts = items.map((item) => item[tag] ?? '')
        if (as === 'file') return [tag, texts.some((each) => each !== '') ? texts : []]
        return [tag, texts.join('\n').replace(/\n+$/, '')]
      }),
    )
  },
  join: (parts, _field, { as, languages }, before) => {
    const lines = languages.map(
      (tag) => [tag, as === 'file' ? [parts[tag] ?? []].flat() : linesOf(parts[tag])] as const,
    )
    const length = Math.max(...lines.map(([, each]) => each.length))
    const others = ((before ?? []) as Items).map((item) =>
      Object.fromEntries(Object.entries(item).filter(([tag]) => !languages.includes(tag))),
    )
    const items = Array.from({ length }, (_, index) => ({
      ...others[index],
      ...Object.fromEntries(lines.map(([tag, each]) => [tag, (each[index] ?? '').trim()]).filter(([, text]) => text)),
    })).filter((item) => Object.keys(item).length > 0)
    return { value: items.length > 0 ? items : null }
  },
  shown: (value, reader) => ({
    as: 'several',
    items: (value as Items).map((each) => ({ as: 'text', ...reader.text(each) })),
  }),
  example: () => [{ en: 'Goal' }],
})
