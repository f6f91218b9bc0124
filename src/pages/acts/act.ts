/**
 * A step that is taken for many records at once, by its name: a verb, `publish`, `responsible` (organisation and post), a
 * field, or `links.NAME`. What it asks for, and the change it makes to each record.
 */
import type { FormField } from '#kernel/projections/fieldset.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, type LinkEnd, linkOf } from '#platform/records/index.ts'
import { maySome } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { fieldsOf } from '../record/controls.ts'
import { askedByVerb } from '../record/verb.ts'

/** Records that one step is taken for; the form carries the version of each. */
export const maxActed = 5000

export type Act = {
  readonly name: string
  readonly label: string
  /** What the policies call it. */
  readonly permission: string
  /** The kinds it is for. */
  readonly kinds: readonly string[]
}

const responsible = ['organisation', 'owner'] as const

/** Names of the steps that a kind has without being told: its verbs, publishing, who is responsible. */
export const usualActs = (kind: RecordKind, verbs: readonly { readonly name: string }[]): string[] => [
  ...new Set(verbs.map(({ name }) => name)),
  ...(kind.owner.requiredFrom ? ['responsible'] : []),
  'publish',
]

const verbNamed = (ctx: AppContext, kind: string, name: string) =>
  ctx.registry.kind(kind).verbs.find((each) => each.name === name)

/** @throws Error for a name that none of the kinds knows. */
export function actNamed(ctx: AppContext, kinds: readonly string[], name: string): Act {
  const { say, verb: verbWord, fieldLabel } = presenterOf(ctx)
  const having = kinds.filter((kind) => verbNamed(ctx, kind, name))
  if (having[0]) {
    const label = verbWord(having[0], name, verbNamed(ctx, having[0], name)!.to)
    return { name, label, permission: name, kinds: having }
  }
  if (name === 'publish') return { name, label: say('record.act.publish'), permission: name, kinds }
  if (name === 'responsible') return { name, label: say('record.act.responsible'), permission: 'change', kinds }
  const link = linkOf(name)
  const owning = kinds.filter((kind) => {
    const { fields, links } = ctx.registry.kind(kind).declaration
    return Object.hasOwn(link ? links : fields, link ?? name)
  })
  if (!owning[0]) throw new Error(`None of ${kinds.join(', ')} has "${name}".`)
  const called = link ? say(`${owning[0]}.link.${link}`) : fieldLabel(owning[0], name)
  return { name, label: say('record.act.set', { field: called }), permission: 'change', kinds: owning }
}

/** Those of the steps that the reader may take for some record. */
export const actsOffered = (ctx: AppContext, kinds: readonly string[], names: readonly string[]): Act[] =>
  names
    .map((name) => actNamed(ctx, kinds, name))
    .filter((act) => act.kinds.some((kind) => maySome(ctx, act.permission, kind)))

/** Form names that a step asks about a record of a kind; a verb also asks for what its state requires and is missing. */
function asks(ctx: AppContext, act: Act, record: AnyRecord): readonly string[] {
  const verb = verbNamed(ctx, record.kind, act.name)
  if (verb)
    return verb.from.includes(record.state) ? askedByVerb(ctx.registry.kind(record.kind).declaration, record, verb) : []
  if (act.name === 'publish' || !act.kinds.includes(record.kind)) return []
  return act.name === 'responsible' ? responsible : [act.name]
}

/** Everything a step asks about some records, once. */
export const namesAsked = (ctx: AppContext, act: Act, records: readonly AnyRecord[]): string[] => [
  ...new Set(records.flatMap((record) => asks(ctx, act, record))),
]

/** The kind in whose words a step asks: the first of those that the records are of. */
export const kindAsked = (ctx: AppContext, act: Act, records: readonly AnyRecord[]): RecordKind => {
  const kinds = new Set(records.map(({ kind }) => kind))
  return ctx.registry.kind(act.kinds.find((kind) => kinds.has(kind)) ?? act.kinds[0]!).declaration
}

/** The questions, as fields of a form. What only some records lack may be left out. */
export function fieldsAsked(ctx: AppContext, act: Act, records: readonly AnyRecord[]): FormField[] {
  const names = namesAsked(ctx, act, records)
  const declaration = kindAsked(ctx, act, records)
  const verb = verbNamed(ctx, declaration.kind, act.name)
  const required = (name: string) =>
    verb ? (verb.input ?? []).some((each) => each.required && each.name === name) : act.name !== 'responsible'
  return fieldsOf(ctx, declaration, verb?.to ?? declaration.states[0]!, true)
    .filter(({ name }) => names.includes(name))
    .map((field) => ({ ...field, required: required(field.name) }))
}

export type Given = {
  /** What was typed, understood; empty answers are left out. */
  readonly values: Readonly<Record<string, unknown>>
  /** The organisation of the post that was chosen: records without one get it. */
  readonly home?: string | null
}

/** The change that a step makes to one record. Links are added to those that it has. */
export function changeBy(
  ctx: AppContext,
  act: Act,
  record: AnyRecord,
  { values, home }: Given,
  stored: Readonly<Record<string, readonly LinkEnd[]>>,
): Change {
  const { kind, id, version } = record
  const verb = verbNamed(ctx, kind, act.name)
  const asked = new Set(asks(ctx, act, record))
  const { links = {}, ...fields } = values as { links?: Record<string, readonly LinkEnd[]> }
  const own: Record<string, unknown> = Object.fromEntries(Object.entries(fields).filter(([name]) => asked.has(name)))
  if (act.name === 'responsible' && home && !record.organisation) own.organisation ??= home
  const added = Object.entries(links).filter(([name]) => asked.has(`links.${name}`))
  if (added.length > 0)
    own.links = Object.fromEntries(
      added.map(([name, ends]) => {
        const fresh = new Set(ends.map(({ to }) => to))
        return [name, [...(stored[name] ?? []).filter(({ to }) => !fresh.has(to)), ...ends]]
      }),
    )
  const action = verb || act.name === 'publish' ? act.name : 'change'
  return { kind, id, version, action, ...(Object.keys(own).length > 0 ? { values: own } : {}) }
}
