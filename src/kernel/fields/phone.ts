import { declareType, type Field, type FieldOptions, inOneText } from './field.ts'

/**
 * A telephone number: international (`+47 22 11 33 44`), or a short local one (`311`). Stored without spaces and
 * punctuation.
 */
export const phone = (options: FieldOptions = {}): Field<string> => ({ type: 'phone', ...options })

declareType({
  ...inOneText,
  type: 'phone',
  options: [],
  // ITU-T E.164: at most 15 digits with the country code.
  schema: () => ({ type: 'string', maxLength: 16, pattern: '^(\\+[1-9][0-9]{6,14}|[0-9]{2,12})$' }),
  normal: (value) =>
    typeof value === 'string'
      ? value
          .replace(/(?<=^(?:\+|00)\d{1,3}\s*)\(0\)/, '')
          .replaceAll(/[\s().\-/\u00A0\u2010-\u2015]/g, '')
          .replace(/^00(?=[1-9])/, '+')
      : value,
  compared: () => ({ '': { suffix: '', as: 'text', comparisons: ['eq', 'empty'], sorts: true } }),
  shown: (value) => ({ as: 'address', href: `tel:${value}`, text: String(value) }),
  example: () => '+4722113344',
})
