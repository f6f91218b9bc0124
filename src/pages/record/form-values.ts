/**
 * A record as a form holds it and back: `title.en`, `level`, `categories` (several), `links.contributesTo.0.to`. What
 * was typed is kept as it is until it can be saved, so that nothing is lost when the form is shown again.
 */
import canonicalize from 'canonicalize'
import { type Medium, type Parts, plainText } from '#kernel/fields/field.ts'
import { targetKinds } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord, Field, RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import { readPeriod } from '#platform/content/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { LinkEnd } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { oneOf } from './kind-pages.ts'
import { resolve } from './options.ts'

export type FormValues = Record<string, string | string[]>
export type LinksByName = Readonly<Record<string, readonly LinkEnd[]>>

/** Languages the city writes in, its main one first. */
export const languagesOf = (ctx: Pick<AppContext, 'city'>): string[] => [
  ctx.city.language,
  ...languages.filter((each) => each !== ctx.city.language),
]

/** The fields a form of the kind has, by the names the gate knows; links as `links.<name>`. */
export const formNames = (kind: RecordKind): string[] => [
  'title',
  'organisation',
  'owner',
  'audience',
  ...Object.keys(kind.fields),
  ...Object.keys(kind.links).map((name) => `links.${name}`),
]

const titleField = (kind: RecordKind): Field => ({ type: 'text', max: kind.title.max, localized: kind.title.localized })
/** The declaration of a form field; links have none. */
export function fieldOf(
  { registry: { wellKnown } }: Pick<AppContext, 'registry'>,
  kind: RecordKind,
  name: string,
): Field | undefined {
  if (name === 'title') return titleField(kind)
  if (name === 'organisation') return { type: 'ref', to: wellKnown.organisation }
  if (name === 'owner') return { type: 'ref', to: wellKnown.post }
  if (name === 'audience') return { type: 'choice' }
  return Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined
}

/** A stored record as its form would post it. */
export function formValuesOf(
  ctx: AppContext,
  kind: RecordKind,
  record: Partial<AnyRecord>,
  links: LinksByName,
): FormValues {
  const typed: FormValues = {}
  for (const name of formNames(kind)) {
    const field = fieldOf(ctx, kind, name)
    if (!field) {
      const ends = links[name.slice(6)] ?? []
      typed[`rows.${name}`] = String(ends.length + 3)
      for (const [index, end] of ends.entries()) {
        typed[`${name}.${index}.to`] = end.to
        typed[`${name}.${index}.weight`] = end.weight ?? ''
      }
      continue
    }
    Object.assign(typed, typedValue(ctx, name, field, record[name]))
  }
  return typed
}

/** How people write: in the city's languages and its local time. */
export const formMedium = (ctx: Pick<AppContext, 'city'>): Medium => ({
  as: 'form',
  languages: languagesOf(ctx),
  timeZone: ctx.city.timeZone,
  readPeriod,
})

/** The name under which a part of a field is posted. */
const slotOf = (name: string, part: string) => (part === '' ? name : `${name}.${part}`)

function typedValue(ctx: AppContext, name: string, field: Field, value: unknown): FormValues {
  // A name without a language is stored as text in the language 'und'.
  if (name === 'title' && !field.localized)
    return { title: Object.values((value ?? {}) as Record<string, string>)[0] ?? '' }
  const parts = fieldType(field.type).split(value, field, formMedium(ctx))
  return Object.fromEntries(
    Object.entries(parts).map(([part, each]) => [
      slotOf(name, part),
      typeof each === 'string' ? each : [...(each ?? [])],
    ]),
  )
}

/** A field's parts among everything typed, and those that must still be asked for. */
export function partsFromForm(ctx: AppContext, name: string, field: Field, typed: FormValues): Parts {
  const medium = formMedium(ctx)
  const type = fieldType(field.type)
  const parts = Object.fromEntries(
    type.parts(field, medium).flatMap((part) => {
      const given = typed[slotOf(name, part.name)]
      return given === undefined ? [] : [[part.name, part.several ? [given].flat() : oneOf(given)]]
    }),
  )
  for (const asked of type.asks?.(parts, medium) ?? []) parts[asked] ??= ''
  return parts
}

export type Read = {
  /** What the gate receives; a name that the form did not send is absent. */
  readonly values: Record<string, unknown>
  readonly problems: FieldProblem[]
  /** For references that could not be understood, by form name. */
  readonly suggestions: ReadonlyMap<string, readonly RecordOption[]>
}

/** Reads what was typed. `before` supplies the texts in languages that the form does not show. */
export async function readFormValues(
  ctx: AppContext,
  kind: RecordKind,
  typed: FormValues,
  before: Partial<AnyRecord> = {},
  names: readonly string[] = formNames(kind),
): Promise<Read> {
  const values: Record<string, unknown> = {}
  const links: Record<string, LinkEnd[]> = {}
  const problems: FieldProblem[] = []
  const suggestions = new Map<string, readonly RecordOption[]>()
  const reference: FindReference = async (to, text, slot, at) => {
    const found = await resolve(ctx, to, text)
    if ('id' in found) return found.id
    problems.push({ at, code: found.problem, values: { text: text.slice(0, 80) } })
    suggestions.set(slot, found.suggestions)
    return null
  }
  for (const name of names) {
    const field = fieldOf(ctx, kind, name)
    if (!field) {
      const link = kind.links[name.slice(6)]!
      const count = Math.min(Number(oneOf(typed[`rows.${name}`])) || 0, 500)
      if (typed[`rows.${name}`] === undefined) continue
      const ends: LinkEnd[] = []
      for (let index = 0; index < count; index++) {
        const text = oneOf(typed[`${name}.${index}.to`]).trim()
        if (text === '') continue
        const to = await reference(link.to, text, `${name}.${index}.to`, `/links/${name.slice(6)}`)
        const weight = oneOf(typed[`${name}.${index}.weight`]).trim() || null
        if (to) ends.push(link.weighted ? { to, weight } : { to })
      }
      links[name.slice(6)] = ends
      continue
    }
    const read = await readField(ctx, name, field, typed, before[name], reference)
    if (read && 'value' in read) values[name] = read.value
    else if (read) problems.push(...read.problems)
  }
  if (Object.keys(links).length > 0) values.links = links
  return { values, problems, suggestions }
}

type FindReference = (to: readonly string[] | 'any', text: string, slot: string, at: string) => Promise<string | null>

async function readField(
  ctx: AppContext,
  name: string,
  field: Field,
  typed: FormValues,
  before: unknown,
  reference: FindReference,
): Promise<{ value: unknown } | { problems: FieldProblem[] } | undefined> {
  const medium = formMedium(ctx)
  const type = fieldType(field.type)
  const parts: Record<string, string | string[]> = {}
  let present = false
  for (const { name: part, holds, several } of type.parts(field, medium)) {
    const slot = slotOf(name, part)
    // A group of boxes with none ticked posts nothing, and means none.
    if (!several && typed[slot] === undefined) continue
    present = true
    if (holds !== 'record') parts[part] = several ? [typed[slot] ?? []].flat() : oneOf(typed[slot])
    else if (several) parts[part] = await severalRecords(field, slot, `/${name}`, typed, reference)
    else {
      const text = plainText(typed[slot])
      parts[part] = text === '' ? '' : ((await reference(targetKinds(field), text, slot, `/${name}`)) ?? '')
    }
  }
  if (!present) return undefined
  if (name === 'title' && !field.localized) return { value: plainText(parts['']) }
  const joined = type.join(parts, field, medium, before)
  if (!('value' in joined))
    return { problems: joined.problems.map((problem) => ({ ...problem, at: `/${name}${problem.at}` })) }
  return { value: joined.value ?? (name === 'title' ? {} : null) }
}

async function severalRecords(
  field: Field,
  slot: string,
  at: string,
  typed: FormValues,
  reference: FindReference,
): Promise<string[]> {
  const chosen = [typed[slot] ?? []].flat().filter(Boolean)
  const added = plainText(typed[`${slot}.add`])
  const id = added ? await reference(targetKinds(field), added, `${slot}.add`, at) : null
  return id && !chosen.includes(id) ? [...chosen, id] : chosen
}

/** Are two values of a field the same, whatever the order in which several were ticked? */
export function sameValue(left: unknown, right: unknown): boolean {
  const orderless = (value: unknown) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string' || 'to' in each)
      ? value.map((each) => canonicalize(each)!).sort()
      : (value ?? null)
  const trimmed = (value: unknown) => (value === '' ? null : value)
  return canonicalize(orderless(trimmed(left))) === canonicalize(orderless(trimmed(right)))
}

/** Only what differs from the stored record, so that nobody needs permission for what they did not touch. */
export function changesOf(
  ctx: AppContext,
  kind: RecordKind,
  values: Readonly<Record<string, unknown>>,
  record: AnyRecord,
  links: LinksByName,
): Record<string, unknown> {
  const changed: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (name === 'links') {
      const given = Object.entries(value as LinksByName).filter(
        ([link, ends]) => !sameValue(plainEnds(kind, link, ends), plainEnds(kind, link, links[link] ?? [])),
      )
      if (given.length > 0) changed.links = Object.fromEntries(given)
    } else if (name === 'title' && typeof value === 'string') {
      if (value !== Object.values(record.title)[0]) changed.title = value
    } else if (!sameValue(value, record[name]) && !sameValue(value, asTheFormHolds(ctx, kind, name, record[name])))
      changed[name] = value
  }
  return changed
}

/** What a form makes of a stored value that nobody touches: surrounding spaces are not a change. */
function asTheFormHolds(ctx: AppContext, kind: RecordKind, name: string, value: unknown): unknown {
  const field = Object.hasOwn(kind.fields, name) ? kind.fields[name]! : undefined
  if (!field || value === null || value === undefined) return value
  const [type, medium] = [fieldType(field.type), formMedium(ctx)]
  const joined = type.join(type.split(value, field, medium), field, medium, value)
  return 'value' in joined ? joined.value : value
}

const plainEnds = (kind: RecordKind, link: string, ends: readonly LinkEnd[]) =>
  ends.map(({ to, weight }) => ({ to, weight: kind.links[link]?.weighted ? (weight ?? null) : null }))
