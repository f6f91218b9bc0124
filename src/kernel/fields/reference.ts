import {
  declareType,
  equal,
  type Field,
  type FieldOptions,
  fieldType,
  inOneText,
  type JsonSchema,
  noneAsNull,
  type Reader,
  textsOf,
} from './field.ts'

type ReferenceOptions = FieldOptions & {
  /** What the other record calls those that point at it. */
  readonly back: string
}

/** Points at one record of another kind, which is named by string; an attribute, never traced. */
export const ref = (to: string, options: ReferenceOptions): Field<string> => ({ type: 'ref', to, ...options })

/** Points at several records of another kind. */
export const refs = (to: string, options: ReferenceOptions): Field<string[]> => ({ type: 'refs', to, ...options })

/** Points at one record of several kinds, or of any. */
export const refAny = (kinds: readonly string[] | 'any', options: ReferenceOptions): Field<string> => ({
  type: 'refAny',
  kinds,
  ...options,
})

/** Kinds that a reference may point to; nothing for other fields. */
export const targetKinds = (field: Field): readonly string[] | 'any' => field.kinds ?? (field.to ? [field.to] : [])

/** May the field point to a record of this kind? */
export function acceptsKind(field: Field, kind: string): boolean {
  const kinds = targetKinds(field)
  return kinds === 'any' || kinds.includes(kind)
}

/** Does the field name at most one record? Such references can form trees and cycles. */
export function isSingleReference(field: Field): boolean {
  const type = fieldType(field.type)
  return type.references !== undefined && !type.orderless
}

export const idSchema: JsonSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
}

const anId = '0197a000-0000-7000-8000-000000000000'
const iri = () => ({ '@type': '@id' })

const one = {
  ...inOneText,
  columns: () => [{ suffix: '', sql: 'uuid references records.record (id)' }],
  schema: () => idSchema,
  compared: () => ({ '': { suffix: '', as: 'id', comparisons: equal, several: true, sorts: true } }) as const,
  parts: () => [{ name: '', holds: 'record' }] as const,
  shown: (value: unknown, reader: Reader) => reader.reference(String(value)),
  example: () => anId,
  linkedData: iri,
  references: (value: unknown) => (value ? [value as string] : []),
}

declareType({ ...one, type: 'ref', options: ['to', 'back'], key: true })
declareType({ ...one, type: 'refAny', options: ['kinds', 'back'], key: true })

declareType({
  type: 'refs',
  options: ['to', 'back'],
  orderless: true,
  normal: noneAsNull,
  columns: () => [{ suffix: '', sql: 'uuid[]' }],
  schema: () => ({ type: 'array', uniqueItems: true, maxItems: 200, items: idSchema }),
  compared: () => ({ '': { suffix: '', as: 'ids', comparisons: equal, several: true } }),
  parts: () => [{ name: '', holds: 'record', several: true }],
  split: (value) => ({ '': ((value ?? []) as string[]).map(String) }),
  join: (parts) => {
    const chosen = [...new Set(textsOf(parts['']))]
    return { value: chosen.length > 0 ? chosen : null }
  },
  shown: (value, reader) => ({ as: 'several', items: (value as string[]).map(reader.reference) }),
  example: () => [anId],
  linkedData: iri,
  references: (value) => (value as string[] | null) ?? [],
})
