import type { Localized } from '../words.ts'
import type { Field, FieldOptions, FieldType, JsonSchema } from './field.ts'

type TextOptions = FieldOptions & {
  readonly max?: number
  /** The empty text is a value of its own (a key that stands for the whole). */
  readonly empty?: boolean
}

/** One line of text. `localized` text is kept by language as jsonb. Default at most 200 characters. */
export function text(options: TextOptions & { localized: true }): Field<Localized>
export function text(options?: TextOptions & { localized?: false }): Field<string>
export function text(options: TextOptions & { localized?: boolean } = {}): Field {
  return { type: 'text', max: 200, ...options }
}

/** Several lines of text. Default at most 4,000 characters. */
export function paragraph(options: TextOptions & { localized: true }): Field<Localized>
export function paragraph(options?: TextOptions & { localized?: false }): Field<string>
export function paragraph(options: TextOptions & { localized?: boolean } = {}): Field {
  return { type: 'paragraph', max: 4000, ...options }
}

/** JSON Schema of text by language: BCP 47 tags, no empty value. */
export const localizedSchema = (max: number): JsonSchema => ({
  type: 'object',
  minProperties: 1,
  patternProperties: {
    '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$': { type: 'string', minLength: 1, maxLength: max, pattern: '\\S' },
  },
  additionalProperties: false,
})

const textLike = (type: string): FieldType => ({
  type,
  options: ['max', 'localized', 'empty'],
  column: (field) => (field.localized ? 'jsonb' : 'text'),
  schema: (field) => {
    if (field.localized) return localizedSchema(field.max!)
    return field.empty
      ? { type: 'string', maxLength: field.max! }
      : { type: 'string', minLength: 1, maxLength: field.max!, pattern: '\\S' }
  },
  words: (value) =>
    typeof value === 'string'
      ? [{ language: 'und', text: value }]
      : Object.entries((value ?? {}) as Localized).map(([language, each]) => ({ language, text: each })),
})

export const textType = textLike('text')
export const paragraphType = textLike('paragraph')
