import type { Field } from '../fields/field.ts'
import { targetKinds } from '../fields/reference.ts'
import { fieldType } from '../fields/types.ts'
import { isRequiredIn, moduleOf, type RecordKind } from '../record.ts'
import type { WellKnownKinds } from '../registry.ts'
import type { Say } from '../words.ts'

/** What a form needs to know about one field, as data. Values and problems are added where the form is shown. */
export type FormField = {
  readonly name: string
  readonly type: string
  readonly label: string
  readonly hint?: string
  readonly required: boolean
  readonly localized: boolean
  readonly max?: number
  readonly min?: number
  readonly choices?: ReadonlyArray<{ readonly value: string; readonly label: string }>
  /** Kinds a reference or link may point to; `'any'` = all. */
  readonly to?: readonly string[] | 'any'
  /** The code list, if the value is a term of one. */
  readonly list?: string
  /** The values allowed, where they have no words of the kind: units, shapes. */
  readonly of?: readonly string[]
  /** Part of the value may be missing. */
  readonly open?: boolean
  readonly weighted?: boolean
}

/** What a form needs to know about a declared field, with the words it is asked in. */
export const formFieldOf = (
  name: string,
  field: Field,
  asked: Pick<FormField, 'label' | 'hint' | 'required'> & { readonly choice: (value: string) => string },
): FormField => ({
  name,
  type: field.type,
  label: asked.label,
  ...(asked.hint ? { hint: asked.hint } : {}),
  required: asked.required,
  localized: field.localized ?? false,
  ...(field.max === undefined ? {} : { max: field.max }),
  ...(field.min === undefined ? {} : { min: field.min }),
  ...(field.to || field.kinds ? { to: targetKinds(field) } : {}),
  ...(field.list ? { list: field.list } : {}),
  ...(field.of ? { of: field.of } : {}),
  ...(field.open ? { open: field.open } : {}),
  ...(field.of && fieldType(field.type).namesChoices
    ? { choices: field.of.map((value) => ({ value, label: asked.choice(value) })) }
    : {}),
})

/** A form of a record kind in a state, in the reader's language: title, organisation, owner, fields, links. */
export function fieldsetOf(
  kind: RecordKind,
  state: string,
  wellKnown: WellKnownKinds,
  say: Say,
  has: (key: string) => boolean,
): FormField[] {
  const words = (name: string) => {
    const own = `${kind.kind}.field.${name}`
    const label = has(own) ? say(own) : say(`record.field.${name}`)
    const hint = has(`${own}.hint`) ? say(`${own}.hint`) : undefined
    return { label, ...(hint ? { hint } : {}) }
  }
  const fixed: FormField[] = [
    {
      name: 'title',
      type: 'text',
      ...words('title'),
      required: true,
      localized: kind.title.localized,
      max: kind.title.max,
    },
    {
      name: 'organisation',
      type: 'ref',
      ...words('organisation'),
      required: isRequiredIn(kind, kind.organisation.requiredFrom, state),
      localized: false,
      to: [wellKnown.organisation],
    },
    {
      name: 'owner',
      type: 'ref',
      ...words('owner'),
      required: isRequiredIn(kind, kind.owner.requiredFrom, state),
      localized: false,
      to: [wellKnown.post],
    },
  ]
  const fields = Object.entries(kind.fields).map(([name, field]) =>
    formFieldOf(name, field, {
      ...words(name),
      required: field.required === true || isRequiredIn(kind, field.requiredFrom, state),
      choice: (value) => say(`${kind.kind}.choice.${name}.${value}`),
    }),
  )
  const links = Object.entries(kind.links).map(
    ([name, link]): FormField => ({
      name: `links.${name}`,
      type: 'link',
      label: say(`${kind.kind}.link.${name}`),
      ...(has(`${kind.kind}.link.${name}.hint`) ? { hint: say(`${kind.kind}.link.${name}.hint`) } : {}),
      required: false,
      localized: false,
      to: link.to,
      weighted: link.weighted,
    }),
  )
  return [...fixed, ...fields, ...links]
}

/** Values of a field that are named by words of its kind. */
const choicesOf = (field: Field): readonly string[] => (fieldType(field.type).namesChoices ? (field.of ?? []) : [])

/** Every word a kind needs; the tests ask for all of them in every language. */
export function wordKeysOf(kind: RecordKind): string[] {
  const name = kind.kind
  return [
    name,
    `${name}.plural`,
    `${name}.meaning`,
    `module.${moduleOf(name)}`,
    ...kind.states.map((state) => `${name}.state.${state}`),
    ...Object.entries(kind.fields).flatMap(([field, each]) => [
      `${name}.field.${field}`,
      ...choicesOf(each).map((choice) => `${name}.choice.${field}.${choice}`),
      ...Object.values(each.formerly ?? {}).map((former) => `${name}.field.${former}`),
      ...(each.back ? [`${name}.field.${field}.back`] : []),
    ]),
    ...Object.keys(kind.links).flatMap((link) => [`${name}.link.${link}`, `${name}.link.${link}.back`]),
    ...Object.entries(kind.rows).flatMap(([rows, { fields }]) => [
      `${name}.rows.${rows}`,
      ...Object.entries(fields).flatMap(([field, each]) => [
        `${name}.rows.${rows}.${field}`,
        ...choicesOf(each).map((choice) => `${name}.choice.${rows}.${field}.${choice}`),
      ]),
    ]),
  ]
}
