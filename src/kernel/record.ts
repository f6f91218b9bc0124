/**
 * The record language: what a city manages, owns and discusses is declared once, as data only. Everything else
 * (columns, parser, endpoints, forms, reference) is projected from the declaration by plain functions in
 * `projections/`; behaviour lives in the rules and actions of the module.
 */
import { columnsOfField, type Field } from './fields/field.ts'
import { findFieldType } from './fields/types.ts'

export { address, list } from './fields/address.ts'
export { choice, choices } from './fields/choice.ts'
export { day } from './fields/day.ts'
export type { Field } from './fields/field.ts'
export { decimal, flag, whole } from './fields/number.ts'
export { ref, refs } from './fields/reference.ts'
export { paragraph, text } from './fields/text.ts'

export const audiences = ['restricted', 'organisation', 'partners', 'public'] as const
/** Who may read a record: named people, its organisation, every organisation that is signed in, everybody. */
export type Audience = (typeof audiences)[number]

/** A named, directed relation of the line of sight, declared on the kind it starts from. */
export type Link = {
  readonly to: readonly string[]
  /** Its name read from the other end. */
  readonly back: string
  /** Which end is nearer the vision: the one it points to, or the one it starts from. */
  readonly towards: 'vision' | 'evidence'
  readonly weighted: boolean
  /** From this state on there is at least one. */
  readonly requiredFrom?: string
  readonly source?: string
}

/** A plain table that belongs to a record: no owner, no links, written through the record's change set. */
export type Rows<Fields extends Record<string, Field> = Record<string, Field>> = {
  readonly fields: Fields
  /** Fields that say which row it is; unique among the rows of one record. */
  readonly key: readonly string[]
}

export type RecordKind<
  Fields extends Record<string, Field> = Record<string, Field>,
  State extends string = string,
  Links extends Record<string, Link> = Record<string, Link>,
  Tables extends Record<string, Rows> = Record<string, Rows>,
> = {
  /** `module.name`: also the schema and the table. */
  readonly kind: string
  /** Prefix of the readable number: OUT-0042. */
  readonly code: string
  /** Last part of the list's address: `/strategy/outcomes`. */
  readonly plural: string
  readonly source?: string
  readonly title: { readonly max: number; readonly localized: boolean; readonly personal: boolean }
  readonly owner: { readonly requiredFrom?: string }
  readonly organisation: { readonly requiredFrom?: string }
  readonly audience: Audience
  readonly states: readonly State[]
  /** End states outside the order (dropped, withdrawn): nothing more is required there. */
  readonly closed: readonly string[]
  readonly fields: Fields
  readonly links: Links
  readonly rows: Tables
}

type Declaration<Fields, State extends string, Links, Tables> = {
  code: string
  plural: string
  source?: string
  title: { max: number; localized?: boolean; personal?: boolean }
  owner?: { requiredFrom?: string }
  organisation?: { requiredFrom?: string }
  audience?: Audience
  states: readonly State[]
  closed?: readonly NoInfer<State>[]
  fields: Fields
  links?: Links
  rows?: Tables
}

const declarationKeys = [
  'code',
  'plural',
  'source',
  'title',
  'owner',
  'organisation',
  'audience',
  'states',
  'closed',
  'fields',
  'links',
  'rows',
]
const fieldKeys = ['type', 'source', 'required', 'requiredFrom', 'personal', 'search', 'formerly']
const partKeys = {
  title: ['max', 'localized', 'personal'],
  owner: ['requiredFrom'],
  organisation: ['requiredFrom'],
  link: ['to', 'back', 'towards', 'weighted', 'requiredFrom', 'source'],
  rows: ['fields', 'key'],
}
/** Names that every record has; a declaration cannot reuse them. */
export const reservedNames = [
  'id',
  'kind',
  'code',
  'title',
  'state',
  'organisation',
  'owner',
  'audience',
  'version',
  'createdAt',
  'changedAt',
  'retiredAt',
  'externalIds',
  'links',
  'rows',
  'record',
  'context',
] as const

const isName = (name: string) => /^[a-z][A-Za-z0-9]{0,40}$/.test(name)

/**
 * Declares a kind. Unknown keys, bad names and impossible states are refused here, by name, when the program starts.
 */
export function record<
  const Fields extends Record<string, Field>,
  const State extends string,
  const Links extends Record<string, Link> = Record<never, Link>,
  const Tables extends Record<string, Rows> = Record<never, Rows>,
>(kind: string, declaration: Declaration<Fields, State, Links, Tables>): RecordKind<Fields, State, Links, Tables> {
  const fail = (what: string): never => {
    throw new Error(`The declaration of ${kind} ${what}.`)
  }
  if (!/^[a-z][a-z-]*\.[a-z][A-Za-z]*$/.test(kind)) fail('needs a name of the form module.name')
  const onlyKeys = (part: object | undefined, allowed: readonly string[], where: string) => {
    for (const key of Object.keys(part ?? {})) if (!allowed.includes(key)) fail(`has an unknown key "${where}${key}"`)
  }
  onlyKeys(declaration, declarationKeys, '')
  for (const part of ['title', 'owner', 'organisation'] as const)
    onlyKeys(declaration[part], partKeys[part], `${part}.`)
  if (!/^[A-Z]{2,4}$/.test(declaration.code)) fail('needs a code of two to four capital letters')
  if (!/^[a-z][a-z-]*$/.test(declaration.plural)) fail('needs a plural in lower case, for its address')
  if (!(declaration.title.max >= 1)) fail('needs the greatest length of its title')
  if (declaration.audience && !audiences.includes(declaration.audience))
    fail(`has an unknown audience "${declaration.audience}"`)
  // A new record is never public by itself: publishing is a separate act.
  if (declaration.audience === 'public') fail('cannot start with the audience "public"')
  if (declaration.states.length === 0) fail('needs at least one state')
  if (new Set(declaration.states).size !== declaration.states.length) fail('names a state twice')
  for (const state of declaration.states) if (!/^[a-z][a-z-]*$/.test(state)) fail(`has a bad state name "${state}"`)
  const states = declaration.states as readonly string[]
  for (const state of declaration.closed ?? []) if (!states.includes(state)) fail(`closes an unknown state "${state}"`)
  for (const part of ['owner', 'organisation'] as const) {
    const from = declaration[part]?.requiredFrom
    if (from && !states.includes(from)) fail(`requires its ${part} from an unknown state "${from}"`)
  }
  checkFields(declaration.fields, states, fail)
  for (const [name, link] of Object.entries(declaration.links ?? {})) {
    if (!isName(name) || !isName(link.back)) fail(`has a bad link name "${name}" / "${link.back}"`)
    if (Object.hasOwn(declaration.fields, name)) fail(`calls both a field and a link "${name}"`)
    onlyKeys(link, partKeys.link, `links.${name}.`)
    if (link.towards !== 'vision' && link.towards !== 'evidence')
      fail(`leads the link "${name}" towards "${link.towards}", which is neither vision nor evidence`)
    if (link.to.length === 0) fail(`links "${name}" to nothing`)
    if (link.requiredFrom && !states.includes(link.requiredFrom))
      fail(`requires the link "${name}" from an unknown state "${link.requiredFrom}"`)
  }
  for (const [name, rows] of Object.entries(declaration.rows ?? {})) {
    if (!isName(name)) fail(`has a bad table name "${name}"`)
    onlyKeys(rows, partKeys.rows, `rows.${name}.`)
    checkFields(rows.fields, states, (what) => fail(`, table "${name}", ${what}`))
    checkRows(rows, (what) => fail(`, table "${name}", ${what}`))
  }
  return {
    kind,
    code: declaration.code,
    plural: declaration.plural,
    ...(declaration.source ? { source: declaration.source } : {}),
    title: {
      max: declaration.title.max,
      localized: declaration.title.localized ?? false,
      personal: declaration.title.personal ?? false,
    },
    owner: declaration.owner ?? {},
    organisation: declaration.organisation ?? {},
    audience: declaration.audience ?? 'organisation',
    states: declaration.states,
    closed: declaration.closed ?? [],
    fields: declaration.fields,
    links: declaration.links ?? ({} as Links),
    rows: declaration.rows ?? ({} as Tables),
  }
}

function checkFields(fields: Record<string, Field>, states: readonly string[], fail: (what: string) => never): void {
  for (const [name, field] of Object.entries(fields)) {
    if (!isName(name)) fail(`has a bad field name "${name}"`)
    if ((reservedNames as readonly string[]).includes(name)) fail(`uses the reserved name "${name}"`)
    const type = findFieldType(field.type) ?? fail(`gives "${name}" an unknown type "${field.type}"`)
    for (const key of Object.keys(field)) {
      if (!fieldKeys.includes(key) && !type.options.includes(key))
        fail(`gives the field "${name}" an unknown option "${key}"`)
    }
    if (field.requiredFrom && !states.includes(field.requiredFrom))
      fail(`requires "${name}" from an unknown state "${field.requiredFrom}"`)
    if (field.of && new Set(field.of).size !== field.of.length) fail(`offers a choice of "${name}" twice`)
    if (field.of?.length === 0) fail(`offers no choice of "${name}"`)
    if (field.min !== undefined && field.max !== undefined && field.min > field.max)
      fail(`gives "${name}" a least that is above its greatest`)
    if (field.search && !type.words) fail(`asks to search "${name}", whose type has no words`)
    const former = Object.values(field.formerly ?? {})
    if (former.length > 0 && former.every((each) => each !== name && Object.hasOwn(fields, each)))
      fail(`says that "${name}" was "${former[0]}", which is still a field`)
  }
  const taken = new Map<string, string>()
  for (const [name, field] of Object.entries(fields))
    for (const column of columnsOfField(name, field)) {
      const other = taken.get(column.name)
      if (other) fail(`gives "${other}" and "${name}" the same column "${column.name}"`)
      taken.set(column.name, name)
    }
}

/** Rows have no state and are found by their key, which the history keeps in the clear. */
function checkRows(rows: Rows, fail: (what: string) => never): void {
  if (rows.key.length === 0) fail('needs a key')
  for (const key of rows.key) {
    const field = Object.hasOwn(rows.fields, key) ? rows.fields[key]! : fail(`has an unknown key field "${key}"`)
    if (!field.required) fail(`has the key field "${key}", which must be required`)
    if (!findFieldType(field.type)?.key) fail(`has the key field "${key}" of type "${field.type}"`)
    if (field.personal) fail(`has the personal key field "${key}"`)
    if (field.localized) fail(`has the key field "${key}" by language`)
  }
  for (const [name, field] of Object.entries(rows.fields)) {
    if (field.requiredFrom) fail(`gives "${name}" the option "requiredFrom", which rows do not have`)
    if (field.personal && field.required) fail(`requires "${name}", which privacy erasure must be able to empty`)
  }
}

/** Declares one relation of the line of sight, with a name in each direction. */
export const link = (
  to: string | readonly string[],
  options: { back: string; towards: 'vision' | 'evidence'; weighted?: boolean; requiredFrom?: string; source?: string },
): Link => ({ to: typeof to === 'string' ? [to] : to, weighted: false, ...options })

/** Declares a plain table that belongs to a record. */
export const rows = <const Fields extends Record<string, Field>>(declaration: {
  fields: Fields
  key: readonly string[]
}): Rows<Fields> => declaration

/**
 * Does a requirement that begins at `from` hold in `state`? Closed states add only the requirements that begin with
 * them.
 */
export const isRequiredIn = (kind: RecordKind, from: string | undefined, state: string): boolean =>
  from !== undefined &&
  (from === state || (!kind.closed.includes(state) && kind.states.indexOf(state) >= kind.states.indexOf(from)))

export const moduleOf = (kind: string): string => kind.slice(0, kind.indexOf('.'))
export const nameOf = (kind: string): string => kind.slice(kind.indexOf('.') + 1)
/** PostgreSQL schema of a module: its name without hyphens. */
export const schemaOf = (kind: string): string => moduleOf(kind).replaceAll('-', '')

/** Values of the declared fields as TypeScript sees them. */
export type ValuesOf<Kind> = Kind extends { fields: infer Fields }
  ? { [Name in keyof Fields]: Fields[Name] extends Field<infer Value> ? Value | null : never }
  : never

/** What every record has when it is read. */
export type RecordBase = {
  id: string
  kind: string
  code: string
  title: Record<string, string>
  state: string
  organisation: string | null
  owner: string | null
  audience: Audience
  version: number
  createdAt: string
  changedAt: string
  retiredAt: string | null
}

/** A whole record of a kind when it is read. */
export type RecordOf<Kind> = RecordBase & ValuesOf<Kind>
/** Any record, where the kind is known only at run time. */
export type AnyRecord = RecordBase & Record<string, unknown>
