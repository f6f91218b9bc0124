import { declareType, type Field, type FieldOptions, inOneText } from './field.ts'

/** An e-mail address. */
export const email = (options: FieldOptions = {}): Field<string> => ({ type: 'email', ...options })

/**
 * The form that HTML accepts (HTML Living Standard, valid e-mail address), with at least one dot in the domain, any
 * script. Characters that nobody sees (controls, changes of direction) would make one address look like another.
 */
const unseen = '\\u0000-\\u001f\\u007f-\\u009f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069'
const never = `\\s@<>()\\[\\],;:"\\\\${unseen}`
const pattern = `^[^${never}]{1,64}@[^${never}.-][^${never}]*\\.[^${never}.]{2,63}$`

declareType({
  ...inOneText,
  type: 'email',
  options: [],
  schema: () => ({ type: 'string', maxLength: 254, pattern }),
  // The domain is lower-cased; the part before the @ is up to whoever runs the domain and is left alone.
  normal: (value) => {
    if (typeof value !== 'string') return value
    const at = value.lastIndexOf('@')
    return at < 0
      ? value
      : `${value.slice(0, at).trim()}@${value
          .slice(at + 1)
          .trim()
          .toLowerCase()}`
  },
  compared: () => ({ '': { suffix: '', as: 'text', comparisons: ['eq', 'empty'], sorts: true } }),
  shown: (value) => ({
    as: 'address',
    href: `mailto:${encodeURIComponent(String(value)).replace('%40', '@')}`,
    text: String(value),
  }),
  example: () => 'office@city.example',
})
