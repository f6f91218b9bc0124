/** What a step of the life cycle asks for, on the page of its record. */
import type { FormField } from '#kernel/projections/fieldset.ts'
import { type AnyRecord, isRequiredIn, type RecordKind } from '#kernel/record.ts'
import type { Verb } from '#kernel/verb.ts'
import type { AppContext } from '#platform/page.ts'
import { linkOf } from '#platform/records/index.ts'
import { fieldsOf } from './controls.ts'
import type { FormValues } from './form-values.ts'

/** What it declares, then what its state requires and the record lacks and the step does not write by itself. */
export function askedByVerb(kind: RecordKind, record: AnyRecord, verb: Verb): string[] {
  const lacking = (name: string) => {
    const value = record[name]
    return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
  }
  const required = [
    ...(['organisation', 'owner'] as const).filter((name) => isRequiredIn(kind, kind[name].requiredFrom, verb.to)),
    ...Object.entries(kind.fields)
      .filter(([, field]) => isRequiredIn(kind, field.requiredFrom, verb.to))
      .map(([name]) => name),
  ].filter((name) => lacking(name) && !Object.hasOwn(verb.set ?? {}, name))
  return [...new Set([...(verb.input ?? []).map(({ name }) => name), ...required])]
}

/** The form fields of a step: those it asks for, in its order, and further ones that turned out to be wrong. */
export function formFieldsOfVerb(
  ctx: AppContext,
  kind: RecordKind,
  record: AnyRecord,
  verb: Verb,
  alsoWrong: Iterable<string>,
): FormField[] {
  const names = new Set([...askedByVerb(kind, record, verb), ...alsoWrong])
  const known = new Map(fieldsOf(ctx, kind, verb.to, true).map((field) => [field.name, field]))
  const required = new Set((verb.input ?? []).filter((each) => each.required).map(({ name }) => name))
  return [...names].flatMap((name) => {
    const field = known.get(name)
    return field ? [{ ...field, required: field.required || required.has(name) }] : []
  })
}

/** Does the step ask for links, so that those the record has must be read? */
export const asksForLinks = ({ input = [] }: Verb): boolean => input.some(({ name }) => linkOf(name) !== undefined)

/** Names of what was sent along with a step's form: fields, and links by `links.NAME`. */
export function sentNames(kind: RecordKind, typed: FormValues): string[] {
  const sent = new Set(Object.keys(typed).map((name) => name.split('.')[0]!))
  return [
    ...['organisation', 'owner', ...Object.keys(kind.fields)].filter((name) => sent.has(name)),
    ...Object.keys(kind.links)
      .map((name) => `links.${name}`)
      .filter((name) => typed[`rows.${name}`] !== undefined),
  ]
}
