import type { Localized } from '../words.ts'
import { declareType, type Field, type FieldOptions, inOneText, type JsonSchema, plainText } from './field.ts'

type TextOptions = FieldOptions & {
  readonly max?: number
  /** The empty text is a value in its own right (a key that means the whole). */
  readonly empty?: boolean
}

/** One line of text. `localized` text is stored by language as jsonb. At most 200 characters by default. */
export function text(options: TextOptions & { localized: true }): Field<Localized>
export function text(options?: TextOptions & { localized?: false }): Field<string>
export function text(options: TextOptions & { localized?: boolean } = {}): Field {
  return { type: 'text', max: 200, ...options }
}

/** Several lines of text. At most 4,000 characters by default. */
export function paragraph(options: TextOptions & { localized: true }): Field<Localized>
export function paragraph(options?: TextOptions & { localized?: false }): Field<string>
export function paragraph(options: TextOptions & { localized?: boolean } = {}): Field {
  return { type: 'paragraph', max: 4000, ...options }
}

/** JSON Schema of text by language: BCP 47 tags, no empty values. */
export const localizedSchema = (max: number): JsonSchema => ({
  type: 'object',
  minProperties: 1,
  patternProperties: {
    '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$': { type: 'string', minLength: 1, maxLength: max, pattern: '\\S' },
  },
  additionalProperties: false,
})

const declareText = (type: 'text' | 'paragraph') =>
  declareType({
    type,
    options: ['max', 'localized', 'empty'],
    key: type === 'text',
    columns: (field) => [{ suffix: '', sql: field.localized ? 'jsonb' : 'text' }],
    schema: (field) => {
      if (field.localized) return localizedSchema(field.max!)
      return field.empty
        ? { type: 'string', maxLength: field.max! }
        : { type: 'string', minLength: 1, maxLength: field.max!, pattern: '\\S' }
    },
    compared: (field) => ({
      '': {
        suffix: '',
        as: 'text',
        comparisons: field.localized || type === 'paragraph' ? ['empty'] : ['eq', 'empty'],
        ...(field.localized ? { localized: true } : {}),
        sorts: !field.localized && type === 'text',
      },
    }),
    parts: (field, { languages }) =>
      field.localized
        ? languages.map((language) => ({ name: language, holds: 'text', language, wide: true }))
        : [{ name: '', holds: 'text', wide: type === 'paragraph' }],
    split: (value, field, { languages }) => {
      if (!field.localized) return inOneText.split(value)
      const texts = (value ?? {}) as Localized
      return Object.fromEntries(languages.map((tag) => [tag, texts[tag] ?? '']))
    },
    join: (parts, field, { languages }, before) => {
      if (!field.localized) return inOneText.join(parts, field)
      const texts: Record<string, string> = { ...((before ?? {}) as Localized) }
      for (const tag of languages) {
        if (parts[tag] === undefined) continue
        const given = plainText(parts[tag])
        if (given) texts[tag] = given
        else delete texts[tag]
      }
      return { value: Object.keys(texts).length > 0 ? texts : null }
    },
    shown: (value, reader) =>
      typeof value === 'object'
        ? { as: 'text', ...reader.text(value as Localized), long: type === 'paragraph' }
        : { as: 'text', text: String(value), long: type === 'paragraph' },
    example: (field) => (field.localized ? { en: 'Text' } : 'Text'),
    linkedData: (field) => (field.localized ? { '@container': '@language' } : {}),
    words: (value) =>
      typeof value === 'string'
        ? [{ language: 'und', text: value }]
        : Object.entries((value ?? {}) as Localized).map(([language, each]) => ({ language, text: each })),
  })

declareText('text')
declareText('paragraph')
