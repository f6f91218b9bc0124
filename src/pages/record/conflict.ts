/** Two people edited the same record: the original, what was saved meanwhile, what was typed here. */
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import { type HistoryEntry, historyOf, type LinkEnd, namesOf } from '#platform/records/index.ts'
import type { ConflictView } from '#web/record-pages/conflict.tsx'
import type { DisplayValue } from '#web/record-pages/value.tsx'
import { oneOf } from '../form.ts'
import { presenterOf, referencesIn } from '../presenter.ts'
import {
  type FormValues,
  fieldOf,
  formNames,
  formValuesOf,
  type LinksByName,
  readFormValues,
  sameValue,
} from './form-values.ts'
import type { KindPages } from './kind-pages.ts'
import { peopleOf } from './who.ts'

type Values = Record<string, unknown>

/** The record and its links as they were at a version, read back along the history. */
function asItWas(
  kind: RecordKind,
  record: AnyRecord,
  links: LinksByName,
  entries: readonly HistoryEntry[],
  version: number,
): Values {
  const values: Values = { ...record }
  const ends = new Map(Object.entries(links).map(([name, each]) => [name, new Map(each.map((end) => [end.to, end]))]))
  // Newest first: each step restores what was there before. Rows alone do not raise the version and change nothing
  // here.
  for (const entry of entries) {
    if (entry.version <= version) continue
    Object.assign(values, entry.before ?? {})
    for (const link of entry.links ?? []) {
      const own = ends.get(link.name.slice(kind.kind.length + 1))
      if (link.before) own?.set(link.to, { to: link.to, weight: link.before.weight })
      else own?.delete(link.to)
    }
  }
  return { ...values, links: Object.fromEntries([...ends].map(([name, each]) => [name, [...each.values()]])) }
}

/** The part of the values that a form name refers to. */
const partOf = (values: Values, name: string): unknown =>
  name.startsWith('links.')
    ? ((values.links as LinksByName | undefined)?.[name.slice(6)] ?? []).map(({ to, weight }) => ({
        to,
        weight: weight ?? null,
      }))
    : values[name]

type Compared = { name: string; was: unknown; theirs: unknown; mine: unknown; byMe: boolean; byThem: boolean }

async function compare(
  ctx: AppContext,
  kind: RecordKind,
  record: AnyRecord,
  links: LinksByName,
  version: number,
  given: Values,
): Promise<{ all: Compared[]; entries: HistoryEntry[] }> {
  const entries = (await historyOf(ctx, record.id, { limit: 200 })).filter((entry) => entry.version > version)
  const before = asItWas(kind, record, links, entries, version)
  const now: Values = { ...record, links }
  const plainTitle = (value: unknown) =>
    kind.title.localized || typeof value !== 'object' ? value : Object.values((value ?? {}) as object)[0]
  const all = formNames(kind).flatMap((name): Compared[] => {
    const sent = name.startsWith('links.') ? (given.links as Values | undefined)?.[name.slice(6)] : given[name]
    const part = (values: Values) => (name === 'title' ? plainTitle(partOf(values, name)) : partOf(values, name))
    const [was, theirs] = [part(before), part(now)]
    const mine = sent === undefined ? was : part(given)
    const byMe = !sameValue(mine, was)
    const byThem = !sameValue(theirs, was)
    return byMe || byThem ? [{ name, was, theirs, mine, byMe, byThem }] : []
  })
  return { all, entries }
}

const clashes = ({ byMe, byThem, mine, theirs }: Compared) => byMe && byThem && !sameValue(mine, theirs)

export async function conflictOf(
  ctx: AppContext,
  pages: KindPages,
  record: AnyRecord,
  links: LinksByName,
  typed: FormValues,
  values: Values,
): Promise<ConflictView> {
  const { kind, base } = pages
  const presenter = presenterOf(ctx)
  const seen = Number(oneOf(typed.seen)) || Number(oneOf(typed.version))
  const { all, entries } = await compare(ctx, kind, record, links, seen, values)
  const ids = all.flatMap(({ name, was, theirs, mine }) =>
    [was, theirs, mine].flatMap((value) =>
      name.startsWith('links.')
        ? (value as LinkEnd[]).map((end) => end.to)
        : referencesIn({ [name]: fieldOf(ctx, kind, name)! }, { [name]: value }),
    ),
  )
  const names = await namesOf(ctx, ids)
  const people = await peopleOf(ctx, entries)
  const shown = (name: string, value: unknown): DisplayValue => {
    if (name === 'audience') return { as: 'text', text: presenter.say(`web.audience.${value}`) }
    const field = fieldOf(ctx, kind, name)
    if (field) return presenter.value(field, `${kind.kind}.choice.${name}`, value, names)
    const ends = value as LinkEnd[]
    return ends.length === 0
      ? { as: 'nothing' }
      : { as: 'several', items: ends.map((end) => presenter.reference(end.to, names)) }
  }
  const newest = entries[0]
  return {
    page: 'conflict',
    kind: kind.kind,
    record: { ...presenter.text(record.title), code: record.code },
    action: `${base}/${record.code}/edit`,
    cancel: `${base}/${record.code}`,
    version: record.version,
    seen,
    theirName: newest ? `${people.who(newest).text}, ${presenter.instant(newest.at)}` : '',
    differences: all.map((each) => ({
      name: each.name,
      field: each.name.startsWith('links.')
        ? presenter.say(`${kind.kind}.link.${each.name.slice(6)}`)
        : presenter.fieldLabel(kind.kind, each.name),
      was: shown(each.name, each.was),
      theirs: shown(each.name, each.theirs),
      mine: shown(each.name, each.mine),
      clash: clashes(each),
    })),
    typed: Object.entries(typed)
      .filter(([name]) => !['version', 'seen', 'act', 'csrf', 'why'].includes(name) && !name.startsWith('keep.'))
      .flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const)),
    why: oneOf(typed.why),
  }
}

/** What was typed, with every field that only the others changed (or that should stay theirs) as they left it. */
export async function merged(
  ctx: AppContext,
  kind: RecordKind,
  record: AnyRecord,
  links: LinksByName,
  typed: FormValues,
): Promise<FormValues> {
  const { values } = await readFormValues(ctx, kind, typed, record)
  const { all } = await compare(ctx, kind, record, links, Number(oneOf(typed.seen)), values)
  const theirs = formValuesOf(ctx, kind, record, links)
  const result: FormValues = { ...typed }
  for (const each of all) {
    const keepsTheirs = clashes(each) ? oneOf(typed[`keep.${each.name}`]) !== 'mine' : each.byThem
    if (!keepsTheirs) continue
    for (const name of Object.keys(result))
      if (name === each.name || name.startsWith(`${each.name}.`) || name === `rows.${each.name}`) delete result[name]
    for (const [name, value] of Object.entries(theirs))
      if (name === each.name || name === `rows.${each.name}` || name.startsWith(`${each.name}.`)) result[name] = value
  }
  return result
}
