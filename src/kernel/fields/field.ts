/** What a field declares, whatever its type. Data only: no functions, widgets or layout. */
export type FieldOptions = {
  /** Clause or law the field serves, e.g. 'ISO 37106 §7.3'. */
  readonly source?: string
  /** Needed as soon as the record is saved at all. */
  readonly required?: boolean
  /** Needed from this state of the life cycle on. */
  readonly requiredFrom?: string
  /** Personal data: enters the history as a salted commitment that privacy erasure can make unreadable. */
  readonly personal?: boolean
  /** Weight in the search of everything: A heaviest. */
  readonly search?: 'B' | 'C' | 'D'
}

/** A declared field. `$value` never exists at run time; it carries the TypeScript type of the value. */
export type Field<Value = unknown> = FieldOptions & {
  readonly type: string
  readonly $value?: Value
  readonly max?: number
  readonly min?: number
  readonly localized?: boolean
  readonly empty?: boolean
  readonly of?: readonly string[]
  readonly to?: string
  readonly back?: string
}

export type JsonSchema = Record<string, unknown>

/** One field type of the record language: its column, its check and its JSON Schema. */
export type FieldType = {
  readonly type: string
  /** Option names a declaration may use beside the common ones. */
  readonly options: readonly string[]
  readonly column: (field: Field) => string
  /** SQL of a CHECK constraint on `column` (already quoted), or nothing. */
  readonly check?: (field: Field, column: string) => string | undefined
  readonly schema: (field: Field) => JsonSchema
  /** Records this value points to. */
  readonly references?: (value: unknown) => readonly string[]
  /** Text of this value that search should find, by language. */
  readonly words?: (value: unknown) => ReadonlyArray<{ language: string; text: string }>
}
