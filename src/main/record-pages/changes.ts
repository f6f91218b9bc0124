/** An entry of the history in words: labels instead of names, references by name, rows as a summary. */
import type { RecordKind } from '#kernel/record.ts'
import type { Manifest } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { type EntryContent, isErased, type Name, namesOf } from '#platform/records/index.ts'
import type { Shown } from '#web/record-pages/value.tsx'
import { referencesIn, type Speaker, speakerOf } from './speaker.ts'
import { fieldOf } from './typed.ts'

export type ChangeTold = { readonly field: string; readonly before: Shown; readonly after: Shown }

/** Everything some entries point to, by id. */
export async function namesIn(ctx: AppContext, entries: readonly EntryContent[]): Promise<Map<string, Name>> {
  const ids = entries.flatMap((entry) => {
    const { fields } = ctx.house.kind(entry.kind).declaration
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
export function changesIn(ctx: AppContext, entry: EntryContent, names: ReadonlyMap<string, Name>): ChangeTold[] {
  const speak = speakerOf(ctx)
  const kind = ctx.house.kind(entry.kind).declaration
  const shown = (name: string, value: unknown): Shown => {
    if (value === null || value === undefined) return { as: 'nothing' }
    if (isErased(value)) return { as: 'erased' }
    if (name === 'state') return { as: 'text', text: speak.state(entry.kind, String(value)) }
    if (name === 'audience') return { as: 'text', text: speak.say(`web.audience.${value}`) }
    if (name === 'retiredAt') return { as: 'text', text: speak.instant(String(value)) }
    const field = name === 'title' ? kind.fields.title : fieldOf(kind, name)
    return speak.value(field ?? { type: 'text' }, `${entry.kind}.choice.${name}`, value, names)
  }
  // The bytes of an entry are in the order of the alphabet; people read in the order of the form.
  const order = ['title', 'state', 'organisation', 'owner', 'audience', ...Object.keys(kind.fields), 'retiredAt']
  const told = order
    .filter((name) => Object.hasOwn(entry.after ?? {}, name))
    .filter((name) => entry.before !== null || entry.after?.[name] !== null)
    .map(
      (name): ChangeTold => ({
        field: speak.fieldLabel(entry.kind, name),
        before: shown(name, entry.before?.[name]),
        after: entry.action === 'erase' && personal(kind, name) ? { as: 'erased' } : shown(name, entry.after?.[name]),
      }),
    )
  for (const link of entry.links ?? []) {
    const end = (side: typeof link.before): Shown => {
      if (!side) return { as: 'nothing' }
      const reference = speak.reference(link.to, names)
      if (!side.weight || reference.as !== 'link') return reference
      return {
        ...reference,
        text: `${reference.text} (${speak.say('record.show.weight', { weight: speak.number(side.weight) })})`,
      }
    }
    told.push({
      field: speak.say(`${entry.kind}.link.${link.name.slice(entry.kind.length + 1)}`),
      before: end(link.before),
      after: end(link.after),
    })
  }
  if (entry.externalIds && !isErased(entry.externalIds)) {
    const all = (ids: ReadonlyArray<{ source: string; id: string }>): Shown =>
      ids.length === 0
        ? { as: 'nothing' }
        : { as: 'text', text: ids.map(({ source, id }) => `${source}: ${id}`).join(', ') }
    told.push({
      field: speak.say('record.field.externalIds'),
      before: all(entry.externalIds.removed),
      after: all(entry.externalIds.added),
    })
  }
  if (entry.publicFrom)
    told.push({
      field: speak.say('record.field.publicFrom'),
      before: { as: 'nothing' },
      after: { as: 'text', text: speak.instant(entry.publicFrom) },
    })
  for (const [name, rows] of Object.entries(entry.rows ?? {}))
    told.push({
      field: speak.say(`${entry.kind}.rows.${name}`),
      before: { as: 'nothing' },
      after: { as: 'text', text: rowsTold(speak, kind, name, rows) },
    })
  return told
}

type RowStep = { before: Record<string, unknown> | null; after: Record<string, unknown> | null }

/** "3 added, 1 corrected: 12.5 → 13.5". A single correction says which value became which. */
function rowsTold(speak: Speaker, kind: RecordKind, name: string, rows: readonly RowStep[]): string {
  const added = rows.filter((row) => !row.before)
  const removed = rows.filter((row) => !row.after)
  const corrected = rows.filter((row) => row.before && row.after)
  const parts: string[] = []
  if (added.length > 0) parts.push(speak.say('record.history.rows-added', { count: added.length }))
  if (corrected.length > 0) {
    const steps = corrected.slice(0, 3).flatMap((row) => correction(speak, kind, name, row))
    const what = speak.say('record.history.rows-corrected', { count: corrected.length })
    parts.push(steps.length > 0 && corrected.length <= 3 ? `${what}: ${steps.join('; ')}` : what)
  }
  if (removed.length > 0) parts.push(speak.say('record.history.rows-removed', { count: removed.length }))
  return parts.join(', ')
}

/** The first field of a row that became another, `value` before all others. */
function correction(speak: Speaker, kind: RecordKind, name: string, { before, after }: RowStep): string[] {
  const fields = kind.rows[name]?.fields ?? {}
  const names = ['value', ...Object.keys(fields).filter((each) => each !== 'value' && each !== 'revision')]
  const changed = names.find((each) => fields[each] && JSON.stringify(before?.[each]) !== JSON.stringify(after?.[each]))
  if (!changed) return []
  const text = (value: unknown) => {
    const shown = speak.value(fields[changed]!, `${kind.kind}.choice.${name}.${changed}`, value, new Map())
    return shown.as === 'text' ? shown.text : speak.say('record.page.nothing')
  }
  return [`${text(before?.[changed])} → ${text(after?.[changed])}`]
}

/** What was done, in a few words; a room may tell it better than field names can. */
export function deedOf(
  ctx: AppContext,
  manifests: readonly Manifest[],
  entry: Parameters<NonNullable<Manifest['tell']>>[0],
): string {
  const speak = speakerOf(ctx)
  const room = manifests.find((manifest) => manifest.kinds?.some((kind) => kind.kind === entry.kind))
  const told = room?.tell?.(entry)
  if (told) return speak.say(told.key, told.values)
  const plain = `record.history.did.${entry.action}`
  if (speak.has(plain)) return speak.say(plain)
  const verb = ctx.house.kind(entry.kind).verbs.find((each) => each.name === entry.action)
  return verb ? speak.say('record.history.moved', { state: speak.state(entry.kind, verb.to) }) : entry.action
}
