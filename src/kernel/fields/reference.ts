import type { Field, FieldOptions, FieldType, JsonSchema } from './field.ts'

type ReferenceOptions = FieldOptions & {
  /** What the other record calls the ones that point at it. */
  readonly back: string
}

/** Points at one record of another kind, named by string; an attribute, never traced. */
export const ref = (to: string, options: ReferenceOptions): Field<string> => ({ type: 'ref', to, ...options })

/** Points at several records of another kind. */
export const refs = (to: string, options: ReferenceOptions): Field<string[]> => ({ type: 'refs', to, ...options })

export const idSchema: JsonSchema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
}

export const refType: FieldType = {
  type: 'ref',
  options: ['to', 'back'],
  column: () => 'uuid references records.record (id)',
  schema: () => idSchema,
  references: (value) => (value ? [value as string] : []),
}

export const refsType: FieldType = {
  type: 'refs',
  options: ['to', 'back'],
  column: () => 'uuid[]',
  schema: () => ({ type: 'array', uniqueItems: true, maxItems: 200, items: idSchema }),
  references: (value) => (value as string[] | null) ?? [],
}
