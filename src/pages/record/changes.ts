/** An entry of the history in words: labels instead of names, references by name, rows as a summary. */
import type { RecordKind } from '#kernel/record.ts'
import type { Localized } from '#kernel/words.ts'
import type { Manifest } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { type EntryContent, isErased, type Name, namesOf } from '#platform/records/index.ts'
import type { DisplayValue } from '#web/record-pages/value.tsx'
import { type Presenter, presenterOf, referencesIn } from '../presenter.ts'
import { fieldOf } from './form-values.ts'

export type ChangeDescription = { readonly field: string; readonly before: DisplayValue; readonly after: DisplayValue }

/** Everything these entries point to, by id. */
export async function namesIn(ctx: AppContext, entries: readonly EntryContent[]): Promise<Map<string, Name>> {
  const ids = entries.flatMap((entry) => {
    const { fields } = ctx.registry.kind(entry.kind).declaration
    const sides = [entry.before, entry.after]
    return [
      entry.record,
      ...sides.flatMap((side) => [
        ...referencesIn(fields, side),
        ...['organisation', 'owner'].flatMap((name) => (typeof side?.[name] === 'string' ? [side[name]] : [])),
      ]),
      ...(entry.links ?? []).map((link) => link.to),
    ]
  })
  return namesOf(ctx, ids)
}

const personal = (kind: RecordKind, name: string) =>
  name === 'title' ? kind.title.personal : kind.fields[name]?.personal === true

/** What an entry changed, field by field, then links, then rows. */
export function changesIn(ctx: AppContext, entry: EntryContent, names: ReadonlyMap<string, Name>): ChangeDescription[] {
  const presenter = presenterOf(ctx)
  const kind = ctx.registry.kind(entry.kind).declaration
  const shown = (name: string, value: unknown): DisplayValue => {
    if (value === null || value === undefined) return { as: 'nothing' }
    if (isErased(value)) return { as: 'erased' }
    if (name === 'state') return { as: 'text', text: presenter.state(entry.kind, String(value)) }
    if (name === 'audience') return { as: 'text', text: presenter.say(`web.audience.${value}`) }
    if (name === 'retiredAt') return { as: 'text', text: presenter.instant(String(value)) }
    if (name === 'title') return { as: 'text', ...presenter.text(value as Localized) }
    const field = fieldOf(ctx, kind, name)
    // Values written under an earlier shape of the field are shown as they are.
    const declared = Object.hasOwn(kind.fields, name)
    if (!field || (declared && ctx.registry.kind(entry.kind).change({ [name]: value }).length > 0))
      return presenter.formerValue(value)
    return presenter.value(field, `${entry.kind}.choice.${name}`, value, names)
  }
  // An entry's fields are stored in alphabetical order; people read them in the order of the form.
  const former = Object.values(kind.fields).flatMap((field) => Object.values(field.formerly ?? {}))
  const own = Object.keys(kind.fields)
  const order = [
    ...['title', 'state', 'organisation', 'owner', 'audience'],
    ...own,
    ...former.filter((name) => !own.includes(name)),
    'retiredAt',
  ]
  const reported = order
    .filter((name) => Object.hasOwn(entry.after ?? {}, name))
    .filter((name) => entry.before !== null || entry.after?.[name] !== null)
    .map(
      (name): ChangeDescription => ({
        field: presenter.fieldLabel(entry.kind, name),
        before: shown(name, entry.before?.[name]),
        after: entry.action === 'erase' && personal(kind, name) ? { as: 'erased' } : shown(name, entry.after?.[name]),
      }),
    )
  for (const link of entry.links ?? []) {
    const end = (side: typeof link.before): DisplayValue => {
      if (!side) return { as: 'nothing' }
      const reference = presenter.reference(link.to, names)
      if (!side.weight || reference.as !== 'link') return reference
      return {
        ...reference,
        text: `${reference.text} (${presenter.say('record.show.weight', { weight: presenter.number(side.weight) })})`,
      }
    }
    reported.push({
      field: presenter.say(`${entry.kind}.link.${link.name.slice(entry.kind.length + 1)}`),
      before: end(link.before),
      after: end(link.after),
    })
  }
  if (entry.externalIds && !isErased(entry.externalIds)) {
    const all = (ids: ReadonlyArray<{ source: string; id: string }>): DisplayValue =>
      ids.length === 0
        ? { as: 'nothing' }
        : { as: 'text', text: ids.map(({ source, id }) => `${source}: ${id}`).join(', ') }
    reported.push({
      field: presenter.say('record.field.externalIds'),
      before: all(entry.externalIds.removed),
      after: all(entry.externalIds.added),
    })
  }
  if (entry.publicFrom)
    reported.push({
      field: presenter.say('record.field.publicFrom'),
      before: { as: 'nothing' },
      after: { as: 'text', text: presenter.instant(entry.publicFrom) },
    })
  for (const [name, rows] of Object.entries(entry.rows ?? {}))
    reported.push({
      field: presenter.say(`${entry.kind}.rows.${name}`),
      before: { as: 'nothing' },
      after: { as: 'text', text: rowsText(presenter, kind, name, rows) },
    })
  return reported
}

type RowStep = { before: Record<string, unknown> | null; after: Record<string, unknown> | null }

/** "3 added, 1 corrected: 12.5 → 13.5". A single correction shows the old and the new value. */
function rowsText(presenter: Presenter, kind: RecordKind, name: string, rows: readonly RowStep[]): string {
  const added = rows.filter((row) => !row.before)
  const removed = rows.filter((row) => !row.after)
  const corrected = rows.filter((row) => row.before && row.after)
  const parts: string[] = []
  if (added.length > 0) parts.push(presenter.say('record.history.rows-added', { count: added.length }))
  if (corrected.length > 0) {
    const steps = corrected.slice(0, 3).flatMap((row) => correction(presenter, kind, name, row))
    const what = presenter.say('record.history.rows-corrected', { count: corrected.length })
    parts.push(steps.length > 0 && corrected.length <= 3 ? `${what}: ${steps.join('; ')}` : what)
  }
  if (removed.length > 0) parts.push(presenter.say('record.history.rows-removed', { count: removed.length }))
  return parts.join(', ')
}

/** The first field of a row that became another, `value` before all others. */
function correction(presenter: Presenter, kind: RecordKind, name: string, { before, after }: RowStep): string[] {
  const fields = kind.rows[name]?.fields ?? {}
  const names = ['value', ...Object.keys(fields).filter((each) => each !== 'value' && each !== 'revision')]
  const changed = names.find((each) => fields[each] && JSON.stringify(before?.[each]) !== JSON.stringify(after?.[each]))
  if (!changed) return []
  const text = (value: unknown) => {
    const shown = presenter.value(fields[changed]!, `${kind.kind}.choice.${name}.${changed}`, value, new Map())
    return shown.as === 'text' ? shown.text : presenter.say('record.page.nothing')
  }
  return [`${text(before?.[changed])} → ${text(after?.[changed])}`]
}

/** What was done, in a few words; a room may say it better than field names can. */
export function describeEntry(
  ctx: AppContext,
  manifests: readonly Manifest[],
  entry: Parameters<NonNullable<Manifest['tell']>>[0],
): string {
  const presenter = presenterOf(ctx)
  const room = manifests.find((manifest) => manifest.kinds?.some((kind) => kind.kind === entry.kind))
  const reported = room?.tell?.(entry)
  if (reported) return presenter.say(reported.key, reported.values)
  const plain = `record.history.did.${entry.action}`
  if (presenter.has(plain)) return presenter.say(plain)
  const verb = ctx.registry.kind(entry.kind).verbs.find((each) => each.name === entry.action)
  return verb ? presenter.say('record.history.moved', { state: presenter.state(entry.kind, verb.to) }) : entry.action
}
