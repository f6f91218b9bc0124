/**
 * What a field declares, and what a field type answers. Everything that differs between types (columns, schema, parts
 * in a form or a file, words, example) is asked of the type, so that nothing else has to tell types apart. A new type
 * is one file here, which calls `declareType`, and one control in `web/controls/control.tsx`.
 */
import type { Localized, Say } from '../words.ts'

/** What a field declares, whatever its type. Data only: no functions, widgets or layout. */
export type FieldOptions = {
  /** Clause or law the field serves, e.g. 'ISO 37106 §7.3'. */
  readonly source?: string
  /** Needed whenever the record is saved. */
  readonly required?: boolean
  /** Needed from this state of the life cycle on. */
  readonly requiredFrom?: string
  /** Personal data: enters the history as a salted commitment that privacy erasure can make unreadable. */
  readonly personal?: boolean
  /** Weight in the global search: A is the heaviest. */
  readonly search?: 'B' | 'C' | 'D'
  /**
   * Fields that this one replaced, by part of its value: `{ currency: 'currencyCode' }`; '' is the part without a name.
   * Their old values stay readable in the history, and files that still hold them are understood.
   */
  readonly formerly?: Readonly<Record<string, string>>
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
  /** The kind that a reference points to. */
  readonly to?: string
  /** Kinds that a reference to several kinds may point to; `'any'` = all. */
  readonly kinds?: readonly string[] | 'any'
  readonly back?: string
  /** Name of the code list. */
  readonly list?: string
  /** Part of the value may be missing: the amount of money, the end of a span. */
  readonly open?: boolean
}

export type JsonSchema = Record<string, unknown>

/** Something wrong inside a value: `at` is a JSON Pointer below the field, '' for the whole. */
export type ValueProblem = {
  readonly at: string
  readonly code: string
  readonly values?: Record<string, string | number>
}

/** One column of a field. The first has no suffix; the column is called `<field><suffix>`. */
export type FieldColumn = {
  readonly suffix: string
  /** PostgreSQL type, one word, and where it refers: `uuid references records.record (id)`. */
  readonly sql: string
  /** CHECK of the column (already quoted), or nothing. */
  readonly check?: (column: string) => string
}

export type Comparison = 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'within' | 'empty'

/** How a list compares one part of a value: `?budget.currency=EUR`, `?dueOn[lt]=2027-01-01`. */
export type Compared = {
  readonly suffix: string
  /** The form of a value in an address, and the PostgreSQL type it is compared as. */
  readonly as: 'text' | 'whole' | 'decimal' | 'day' | 'instant' | 'flag' | 'id' | 'ids' | 'texts' | 'box'
  readonly comparisons: readonly Comparison[]
  /** Several values, separated by commas. */
  readonly several?: boolean
  readonly choices?: readonly string[]
  /** Can a list be sorted by it? */
  readonly sorts?: boolean
  /** Text by language: compared in the reader's language. */
  readonly localized?: boolean
}

/** A record's value as a reader sees it: words, days, links with names, never ids. */
export type DisplayValue =
  | { readonly as: 'nothing' }
  | { readonly as: 'text'; readonly text: string; readonly lang?: string | undefined; readonly long?: boolean }
  | { readonly as: 'link'; readonly text: string; readonly lang?: string | undefined; readonly href: string }
  /** Leads out of the application. */
  | { readonly as: 'address'; readonly href: string; readonly text?: string }
  /** It points to something the reader may not see. */
  | { readonly as: 'hidden' }
  /** A personal value that privacy erasure has made unreadable. */
  | { readonly as: 'erased' }
  | { readonly as: 'several'; readonly items: readonly DisplayValue[] }

/** How to write for one reader. */
export type Reader = {
  readonly language: string
  readonly say: Say
  readonly text: (text: Localized) => { readonly text: string; readonly lang?: string | undefined }
  readonly day: (day: string) => string
  readonly instant: (at: string) => string
  /** An exact number; `money` needs its currency (ISO 4217). */
  readonly number: (
    value: string,
    style?: { readonly kind: 'percent' } | { readonly kind: 'money'; readonly currency: string },
  ) => string
  readonly period: (period: { readonly from: string; readonly to: string; readonly label: string }) => string
  /** What a choice of the field is called. */
  readonly choice: (value: string) => string
  readonly reference: (id: string) => DisplayValue
}

/** Where a value is split into parts and put together: a form on a page, or the cells of a file. */
export type Medium = {
  readonly as: 'form' | 'file'
  /** Languages that are written, the city's main one first. */
  readonly languages: readonly string[]
  /** The city's time zone (IANA): people enter local time in forms. */
  readonly timeZone: string
  /** The period that a label names, or nothing. */
  readonly readPeriod: (
    label: string,
  ) => { readonly from: string; readonly to: string; readonly grain: string; readonly label: string } | null
}

/**
 * One box of a form, or one column of a file, that holds part of a value, called `<field>.<name>`, or `<field>` for ''.
 */
export type Part = {
  readonly name: string
  /** What the main part is called in a form, where that is not `value`. */
  readonly called?: string
  readonly holds: 'text' | 'number' | 'day' | 'flag' | 'record'
  readonly several?: boolean
  readonly language?: string
  readonly wide?: boolean
  /** Several values whose places mean something: an empty one keeps its place. */
  readonly ordered?: boolean
}
export type Parts = Readonly<Record<string, string | readonly string[] | undefined>>
export type Joined = { readonly value: unknown } | { readonly problems: readonly ValueProblem[] }

/** One field type of the record language. */
export type FieldType = {
  readonly type: string
  /** Option names a declaration may use besides the common ones. */
  readonly options: readonly string[]
  /** May it be part of a row's key? Its value then has one spelling and one column. */
  readonly key?: boolean
  readonly columns: (field: Field) => readonly FieldColumn[]
  /** Values of the columns by suffix; left out, the value itself is the one column. */
  readonly stored?: (value: unknown) => Readonly<Record<string, unknown>>
  /**
   * SQL that gives the value back from its columns, as JSON knows it; `column` quotes the name of a suffix. Left out,
   * the column.
   */
  readonly selected?: (column: (suffix?: string) => string) => string
  readonly schema: (field: Field) => JsonSchema
  /** What is wrong with a value that fits its schema. */
  readonly problems?: (value: unknown, field: Field) => readonly ValueProblem[]
  /** The one spelling of a value; anything not understood is returned unchanged, for the schema to refuse. */
  readonly normal?: (value: unknown, field: Field) => unknown
  /** Are the values of `of` words of the kind, `<kind>.choice.<field>.<value>`? Units and shapes are not. */
  readonly namesChoices?: boolean
  /** Several values in no particular order: two lists with the same items are equal. */
  readonly orderless?: boolean
  readonly compared: (field: Field) => Readonly<Record<string, Compared>>
  readonly parts: (field: Field, medium: Medium) => readonly Part[]
  /** The value split into its parts; empty parts are ''. */
  readonly split: (value: unknown, field: Field, medium: Medium) => Parts
  /** The value made from parts; null = nothing is stated. `before` supplies what the medium does not show. */
  readonly join: (parts: Parts, field: Field, medium: Medium, before: unknown) => Joined
  /** Further parts that a form must ask for, given the content of the others. */
  readonly asks?: (parts: Parts, medium: Medium) => readonly string[]
  readonly shown: (value: unknown, reader: Reader, field: Field) => DisplayValue
  readonly example: (field: Field) => unknown
  /** Members of the JSON-LD term definition besides its `@id`. */
  readonly linkedData?: (field: Field) => Readonly<Record<string, unknown>>
  /** Records this value points to. */
  readonly references?: (value: unknown) => readonly string[]
  /** Text of this value that search should find, by language. */
  readonly words?: (value: unknown) => ReadonlyArray<{ readonly language: string; readonly text: string }>
}

const types = new Map<string, FieldType>()

/** Registers a type; whoever uses it imports the file that declares it. */
export function declareType(type: FieldType): FieldType {
  if (types.has(type.type)) throw new Error(`The field type "${type.type}" is declared twice.`)
  types.set(type.type, type)
  return type
}

/** Every type declared so far, in order of declaration. */
export const declaredTypes = (): readonly FieldType[] => [...types.values()]

export const findFieldType = (name: string): FieldType | undefined => types.get(name)
/** @throws Error for a name that no file has declared. */
export const fieldType = (name: string): FieldType => {
  const type = types.get(name)
  if (!type) throw new Error(`There is no field type "${name}".`)
  return type
}

/** A part's text as typed, with uniform line ends and trimmed. */
export const plainText = (part: string | readonly string[] | undefined): string =>
  ((typeof part === 'string' ? part : part?.at(-1)) ?? '').replaceAll('\r\n', '\n').trim()

/** An empty list says that there is none, in one spelling. */
export const noneAsNull = (value: unknown): unknown => (Array.isArray(value) && value.length === 0 ? null : value)

/** The texts of a part that holds several, without empty ones. */
export const textsOf = (part: string | readonly string[] | undefined): string[] =>
  (typeof part === 'string' ? [part] : [...(part ?? [])]).filter((each) => each !== '')

/** What types with one plain text column share. */
export const inOneText = {
  columns: (): FieldColumn[] => [{ suffix: '', sql: 'text' }],
  parts: (): Part[] => [{ name: '', holds: 'text' }],
  split: (value: unknown): Parts => ({ '': value === null || value === undefined ? '' : String(value) }),
  join: (parts: Parts, field: Field): Joined => {
    const text = plainText(parts[''])
    return { value: text === '' ? (field.empty ? '' : null) : text }
  },
  shown: (value: unknown): DisplayValue => ({ as: 'text', text: String(value) }),
} as const

export const equal: readonly Comparison[] = ['eq', 'in', 'empty']
export const ordered: readonly Comparison[] = ['eq', 'in', 'lt', 'lte', 'gt', 'gte', 'empty']

/** The text before the first space of a column's SQL: its type. */
export const columnType = (column: FieldColumn): string => column.sql.split(' ')[0]!

/** The names of a field's columns in its table. */
export const columnsOfField = (name: string, field: Field): Array<FieldColumn & { readonly name: string }> =>
  fieldType(field.type)
    .columns(field)
    .map((column) => ({ ...column, name: `${name}${column.suffix}` }))

/** SQL of a field's value over the table `alias`, without a name. */
export function selectedField(name: string, field: Field, alias: string): string {
  const column = (suffix = '') => `${alias}."${name}${suffix}"`
  return fieldType(field.type).selected?.(column) ?? column()
}

/** Is every field one column that needs no conversion? Then a table may be read with `*`. */
export const readsPlain = (fields: Readonly<Record<string, Field>>): boolean =>
  Object.values(fields).every((field) => !fieldType(field.type).selected)

/** Values by column, for writing; only of the given fields, whatever else the record holds. */
export function storedValues(
  fields: Readonly<Record<string, Field>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const stored: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const value = values[name] ?? null
    const { stored: spread } = fieldType(field.type)
    if (!spread) stored[name] = value
    else if (value !== null)
      for (const [suffix, each] of Object.entries(spread(value))) stored[`${name}${suffix}`] = each
  }
  return stored
}
