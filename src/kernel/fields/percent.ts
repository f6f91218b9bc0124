import { declareType, type Field, type FieldOptions, type ValueProblem } from './field.ts'
import { exact } from './number.ts'

/** A percentage as an exact number: '12.5' is 12.5 %. `min` and `max` are in percent. */
export const percent = (options: FieldOptions & { min?: number; max?: number } = {}): Field<string> => ({
  type: 'percent',
  ...options,
})

declareType({
  ...exact,
  type: 'percent',
  options: ['min', 'max'],
  // Limits are whole percents, so a binary number is precise enough to tell which side a value is on.
  problems: (value, { min, max }): ValueProblem[] => {
    if (min !== undefined && Number(value) < min) return [{ at: '', code: 'field.too-small', values: { limit: min } }]
    if (max !== undefined && Number(value) > max) return [{ at: '', code: 'field.too-large', values: { limit: max } }]
    return []
  },
  shown: (value, reader) => ({ as: 'text', text: reader.number(String(value), { kind: 'percent' }) }),
  example: () => '12.5',
})
