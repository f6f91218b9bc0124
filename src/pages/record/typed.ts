/**
 * A record as a form holds it and back: `title.en`, `level`, `categories` (several), `links.contributesTo.0.to`. What was
 * typed stays as it is until it can be saved, so that nothing is lost when the form comes back.
 */
import canonicalize from 'canonicalize'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord, Field, RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import type { AppContext } from '#platform/page.ts'
import type { LinkEnd } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { oneOf } from './kind-pages.ts'
import { resolve } from './options.ts'

export type Typed = Record<string, string | string[]>
export type LinksByName = Readonly<Record<string, readonly LinkEnd[]>>

/** Languages the city writes in, its own first. */
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
export function typedOf(ctx: AppContext, kind: RecordKind, record: Partial<AnyRecord>, links: LinksByName): Typed {
  const typed: Typed = {}
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

function typedValue(ctx: AppContext, name: string, field: Field, value: unknown): Typed {
  if (field.type === 'list') {
    const items = (value ?? []) as Array<Record<string, string>>
    return Object.fromEntries(
      languagesOf(ctx).map((tag) => [
        `${name}.${tag}`,
        items
          .map((item) => item[tag] ?? '')
          .join('\n')
          .trimEnd(),
      ]),
    )
  }
  if (field.localized) {
    const texts = (value ?? {}) as Record<string, string>
    return Object.fromEntries(languagesOf(ctx).map((tag) => [`${name}.${tag}`, texts[tag] ?? '']))
  }
  if (name === 'title') return { title: Object.values((value ?? {}) as Record<string, string>)[0] ?? '' }
  if (field.type === 'refs' || field.type === 'choices') return { [name]: ((value ?? []) as string[]).map(String) }
  return { [name]: value === null || value === undefined ? '' : String(value) }
}

export type Read = {
  /** What the gate is given; a name that the form did not send is absent. */
  readonly values: Record<string, unknown>
  readonly problems: FieldProblem[]
  /** For references that could not be understood, by form name. */
  readonly suggestions: ReadonlyMap<string, readonly RecordOption[]>
}

/** Reads what was typed. `before` lends the texts in languages that the form does not show. */
export async function readTyped(
  ctx: AppContext,
  kind: RecordKind,
  typed: Typed,
  before: Partial<AnyRecord> = {},
  names: readonly string[] = formNames(kind),
): Promise<Read> {
  const values: Record<string, unknown> = {}
  const links: Record<string, LinkEnd[]> = {}
  const problems: FieldProblem[] = []
  const suggestions = new Map<string, readonly RecordOption[]>()
  const reference = async (to: readonly string[], text: string, slot: string, at: string): Promise<string | null> => {
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
    const value = await readField(ctx, name, field, typed, before[name], reference)
    if (value !== undefined) values[name] = value
  }
  if (Object.keys(links).length > 0) values.links = links
  return { values, problems, suggestions }
}

type FindReference = (to: readonly string[], text: string, slot: string, at: string) => Promise<string | null>

async function readField(
  ctx: AppContext,
  name: string,
  field: Field,
  typed: Typed,
  before: unknown,
  reference: FindReference,
): Promise<unknown> {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trim()
  const byLanguage = languagesOf(ctx).map((tag) => [tag, typed[`${name}.${tag}`]] as const)
  const absent =
    field.localized || field.type === 'list'
      ? byLanguage.every(([, text]) => text === undefined)
      : typed[name] === undefined
  if (field.type === 'list') {
    if (absent) return undefined
    const lines = byLanguage.map(([tag, text]) => [tag, plain(oneOf(text)).split('\n')] as const)
    const length = Math.max(...lines.map(([, each]) => each.length))
    const items = Array.from({ length }, (_, index) =>
      Object.fromEntries(lines.map(([tag, each]) => [tag, (each[index] ?? '').trim()]).filter(([, text]) => text)),
    ).filter((item) => Object.keys(item).length > 0)
    return items.length > 0 ? items : null
  }
  if (field.localized) {
    if (absent) return undefined
    const texts: Record<string, string> = { ...((before ?? {}) as Record<string, string>) }
    for (const [tag, text] of byLanguage) {
      if (text === undefined) continue
      if (plain(oneOf(text))) texts[tag] = plain(oneOf(text))
      else delete texts[tag]
    }
    return Object.keys(texts).length > 0 ? texts : name === 'title' ? {} : null
  }
  if (field.type === 'refs' || field.type === 'choices') {
    const chosen = [typed[name] ?? []].flat().filter(Boolean)
    const added = plain(oneOf(typed[`${name}.add`]))
    if (added) {
      const id = await reference([field.to!], added, `${name}.add`, `/${name}`)
      if (id && !chosen.includes(id)) chosen.push(id)
    }
    return chosen.length > 0 ? chosen : null
  }
  if (absent) return undefined
  const text = plain(oneOf(typed[name]))
  if (name === 'title') return text
  if (field.type === 'flag') return text === 'true' ? true : before === null || before === undefined ? null : false
  if (text === '') return field.empty ? '' : null
  if (field.type === 'whole' && /^-?\d{1,10}$/.test(text)) return Number(text)
  if (field.type === 'ref') return reference([field.to!], text, name, `/${name}`)
  return text
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

/** Only what differs from the stored record, so that nobody needs leave for what they did not touch. */
export function changesOf(
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
    } else if (!sameValue(value, record[name])) changed[name] = value
  }
  return changed
}

const plainEnds = (kind: RecordKind, link: string, ends: readonly LinkEnd[]) =>
  ends.map(({ to, weight }) => ({ to, weight: kind.links[link]?.weighted ? (weight ?? null) : null }))
