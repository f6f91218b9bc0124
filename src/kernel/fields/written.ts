import { languageTags, termsOf } from './code.ts'
import { declareType, equal, type Field, type FieldOptions, inOneText, plainText } from './field.ts'

/**
 * Text as somebody wrote it, in the one language they wrote it in: a contribution, a quotation, a title of a source.
 */
export type WrittenText = { readonly text: string; readonly language: string }

/** Text in one language. Never translated in place: it says what was written. At most 4,000 characters by default. */
export const written = (options: FieldOptions & { max?: number } = {}): Field<WrittenText> => ({
  type: 'written',
  max: 4000,
  ...options,
})

const undetermined = 'und'

declareType({
  type: 'written',
  options: ['max'],
  columns: () => [
    { suffix: '', sql: 'text' },
    { suffix: 'Language', sql: 'text' },
  ],
  stored: (value) => ({ '': (value as WrittenText).text, Language: (value as WrittenText).language }),
  selected: (column) =>
    `case when ${column()} is not null then jsonb_build_object('text', ${column()}, 'language', ${column('Language')}) end`,
  schema: (field) => ({
    type: 'object',
    additionalProperties: false,
    required: ['text', 'language'],
    properties: {
      text: { type: 'string', minLength: 1, maxLength: field.max!, pattern: '\\S' },
      language: { type: 'string', maxLength: 35, pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$' },
    },
  }),
  // Plain text is accepted, with its language marked unknown rather than guessed.
  normal: (value) => (typeof value === 'string' && value !== '' ? { text: value, language: undetermined } : value),
  compared: () => ({
    '': { suffix: '', as: 'text', comparisons: ['empty'] },
    language: { suffix: 'Language', as: 'text', comparisons: equal, several: true },
  }),
  parts: () => [
    { name: '', holds: 'text', wide: true },
    { name: 'language', holds: 'text' },
  ],
  split: (value) => ({
    '': (value as WrittenText | null)?.text ?? '',
    language: (value as WrittenText | null)?.language ?? '',
  }),
  join: (parts, field) => {
    const { value: text } = inOneText.join(parts, field) as { value: string | null }
    return { value: text === null ? null : { text, language: plainText(parts.language) || undetermined } }
  },
  shown: (value, { language: own }) => {
    const { text, language } = value as WrittenText
    return {
      as: 'text',
      text,
      long: true,
      ...(language === own || language === undetermined ? {} : { lang: language }),
    }
  },
  example: () => ({ text: 'Text', language: termsOf(languageTags).terms[2] }),
  linkedData: () => ({ '@type': '@json' }),
  words: (value) => (value ? [{ language: 'und', text: (value as WrittenText).text }] : []),
})
