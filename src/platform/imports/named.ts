/**
 * Records that rows name besides their subject, such as the responsible organisation or the goal above. The room that
 * owns the kind says what a row means (`NamedRecords`); finding, creating and updating them is the same for all.
 */
import type { WriteContext } from '../context.ts'
import { type Change, newId } from '../records/index.ts'
import type { CellValue } from '../tabular/index.ts'
import { type ExistingRecord, existingRecords, linksToKeep, localizedChange } from './known.ts'
import { RecordNames } from './names.ts'
import type { FindNamed, MappedTable, MissingRecord, NamedContent, NamedEnd, NamedRecords } from './offers.ts'
import { fieldValue } from './record-targets.ts'
import type { Group, Planned } from './steps.ts'

type Kept = Awaited<ReturnType<typeof linksToKeep>>
type Ends = Readonly<Record<string, string | null>>

/** What a round of saving knows about the records of one declaration. */
export type NamedRound = {
  readonly begin: () => void
  readonly plan: (ctx: WriteContext, groups: ReadonlyArray<Group<NamedContent>>) => Promise<Planned[]>
  readonly saved: (key: string, id: string | null) => void
  readonly find: (key: string) => string | MissingRecord
  /** How many this round creates. */
  readonly made: () => number
}

/** `find` reaches the records of all declarations of the same table. */
export function namedRound(declared: NamedRecords, table: MappedTable, find: FindNamed): NamedRound {
  const { kind } = declared
  const source = table.profile.externalId?.source ?? ''
  const ids = new Map<string, string | null>()
  /** Already in the database: they keep their identity, whatever becomes of the change. */
  const found = new Set<string>()
  const missing = new Map<string, MissingRecord>()
  const gathered = new Map<string, Set<string>>()
  let names: RecordNames | null = null
  let initial: Readonly<Record<string, unknown>> | null = null
  let made = 0

  const columnFor = (fits: (meaning: string) => boolean): string | null => {
    for (const meaning of declared.columns.filter(fits)) {
      const column = table.mapped.columns.get(meaning)
      if (column !== undefined) return column
    }
    return null
  }
  const first = () => columnFor(() => true)
  const columnOf = (at: string) => {
    const name = at.split('/')[1] ?? ''
    return (name === 'title' ? null : columnFor((meaning) => meaning.endsWith(`.${name}`))) ?? first()
  }

  /** Ids of what the record points at; null if one of them is left out. */
  const endsOf = ({ ends = {} }: NamedContent): Ends | null => {
    const resolved: Record<string, string | null> = {}
    for (const [name, end] of Object.entries(ends)) {
      const id = find(end?.of ?? '', end?.key ?? null)
      if (id !== null && typeof id === 'object') return null
      resolved[name] = id
    }
    return resolved
  }

  const pointed = (content: NamedContent, ends: Ends, isNew: boolean, before: ReadonlyMap<string, LinkEnds>) => {
    const links = declared.links ?? []
    const fields = Object.entries(ends).filter(
      ([name, id]) => id !== null && !links.includes(name) && (isNew || !initialOnly(content.ends?.[name])),
    )
    const lists = links.map((name) => {
      const to = ends[name] ?? null
      return [name, [...(before.get(name) ?? []), ...(to === null ? [] : [{ to }])]] as const
    })
    return { ...Object.fromEntries(fields), ...(links.length > 0 ? { links: Object.fromEntries(lists) } : {}) }
  }

  /** Several values of one field, from all pages of the group. */
  const gather = (group: Group<NamedContent>, content: NamedContent): NamedContent => {
    const values: Record<string, unknown> = { ...content.values }
    for (const field of declared.gather ?? []) {
      const slot = `${field} ${group.key}`
      const all = gathered.get(slot) ?? new Set<string>()
      for (const item of group.items) {
        const value = item.content.values?.[field]
        if (typeof value === 'string' && all.size < maxGathered) all.add(value)
      }
      if (gathered.size < maxGatheredRecords) gathered.set(slot, all)
      if (all.size > 1) values[field] = [...all].sort().join(', ')
    }
    return { ...content, values }
  }

  /** The file's content as values of the kind: choices by their labels, lists split from one text. */
  const read = ({ registry }: WriteContext, values: Readonly<Record<string, unknown>> = {}) => {
    const { declaration } = registry.kind(kind)
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const field = declaration.fields[name]
        return [name, field ? fieldValue(registry, declaration, name, field, { '': value as CellValue }) : value]
      }),
    )
  }

  const changed = (
    ctx: WriteContext,
    group: Group<NamedContent>,
    content: NamedContent,
    met: ExistingRecord,
    ends: object,
  ) => {
    const { language } = ctx.registry
    // A name that is the identity itself adds nothing; somebody may have given it a better one since.
    const title = content.named ? localizedChange(content.title, met.record.title, language) : undefined
    const texts = Object.entries(content.texts ?? {}).flatMap(([name, text]) => {
      const change = localizedChange(text, met.record[name], language)
      return change ? [[name, change] as const] : []
    })
    const values = { ...read(ctx, content.values), ...ends, ...(title ? { title } : {}), ...Object.fromEntries(texts) }
    return planned(group, columnOf, { kind, action: 'change', id: met.id, values })
  }

  const created = (ctx: WriteContext, group: Group<NamedContent>, content: NamedContent, ends: object) => {
    const id = newId()
    made += 1
    return planned(group, columnOf, {
      kind,
      action: 'create',
      id,
      values: {
        title: content.title,
        // An organisation is its own organisation.
        ...(kind === ctx.registry.wellKnown.organisation ? { organisation: id } : {}),
        ...initial,
        ...read(ctx, content.values),
        ...content.texts,
        ...read(ctx, content.initial),
        ...ends,
        externalIds: [{ source, id: content.id }],
      },
    })
  }

  const planOne = (
    ctx: WriteContext,
    group: Group<NamedContent>,
    content: NamedContent,
    met: ExistingRecord | 'hidden' | undefined,
    kept: ReadonlyMap<string, Kept>,
  ): Planned => {
    const ends = endsOf(content)
    // Something it needs is left out, so it is too; rows that mention it get the reason at their subject.
    if (!ends) return nothing(group)
    if (met === 'hidden' || met?.retired) {
      const code = met === 'hidden' ? 'import.not-yours' : 'import.retired'
      const lines = linesOf(group).filter((line) => line > 0)
      return { ...nothing(group), problems: lines.map((row) => ({ row, column: null, code, values: {} })) }
    }
    const adopt = (id: string) => {
      found.add(group.key)
      ids.set(group.key, id)
    }
    if (met) {
      adopt(met.id)
      // A row that merely names it says nothing about it.
      if (content.known) return nothing(group)
      const before = new Map([...kept].map(([name, of]) => [name, withWeights(of.get(met.id) ?? [])]))
      return changed(ctx, group, content, met, pointed(content, ends, false, before))
    }
    const called = names?.find(content.title) ?? null
    if (called !== null && called !== 'ambiguous') {
      adopt(called.id)
      return nothing(group)
    }
    if (content.known || called === 'ambiguous' || (declared.needs ?? []).some((name) => !content.values?.[name])) {
      const text = content.known ? content.id : content.title
      const nearest = called === 'ambiguous' ? text : (names?.nearest(text) ?? '')
      const column = (content.known ? columnFor((meaning) => meaning.endsWith('.id')) : null) ?? first()
      missing.set(group.key, { code: declared.unknown, column, values: { text, nearest } })
      return nothing(group)
    }
    return created(ctx, group, content, pointed(content, ends, true, new Map()))
  }

  return {
    begin: () => {
      for (const each of [ids, found, missing, gathered]) each.clear()
      names = null
      initial = null
      made = 0
    },
    plan: async (ctx, groups) => {
      const contents = groups.map((group) => gather(group, joined(group)))
      const met = await existingRecords(
        ctx,
        kind,
        source,
        contents.map(({ id }) => id),
      )
      const stored = [...met.values()].flatMap((each) => (each === 'hidden' ? [] : [each.id]))
      const kept = new Map<string, Kept>()
      for (const name of declared.links ?? []) kept.set(name, await linksToKeep(ctx, `${kind}.${name}`, source, stored))
      if (declared.byName) names ??= await RecordNames.load(ctx, kind)
      initial ??= (await declared.initial?.(ctx)) ?? {}
      return groups.map((group, index) => planOne(ctx, group, contents[index]!, met.get(contents[index]!.id), kept))
    },
    saved: (key, id) => {
      // An existing record needs no change and keeps the id found for it.
      if (id !== null) ids.set(key, id)
      else if (!found.has(key)) ids.set(key, null)
    },
    find: (key) => ids.get(key) ?? missing.get(key) ?? { code: 'import.part-refused', column: first(), values: {} },
    made: () => made,
  }
}

/** How many texts of one field are collected per record, and for how many records. */
const maxGathered = 50
const maxGatheredRecords = 5000

type LinkEnds = ReadonlyArray<{ readonly to: string; readonly weight?: string }>
const withWeights = (ends: ReadonlyArray<{ to: string; weight: string | null }>): LinkEnds =>
  ends.map(({ to, weight }) => (weight === null ? { to } : { to, weight }))

const initialOnly = (end: NamedEnd | null | undefined) => end?.initial === true

/** Everything the rows say about one record; the first row that says something counts. */
function joined({ items }: Group<NamedContent>): NamedContent {
  const merge = (of: 'texts' | 'values' | 'initial') =>
    Object.assign({}, ...items.map(({ content }) => content[of] ?? {}).reverse())
  return { ...items[0]!.content, texts: merge('texts'), values: merge('values'), initial: merge('initial') }
}

const linesOf = (group: Group<unknown>) => group.items.map((item) => item.line)

const nothing = (group: Group<unknown>): Planned => ({
  ...{ key: group.key, change: null },
  ...{ lines: linesOf(group), problems: [] },
})

/** A fault in a shared record is reported at the first line that mentions it, and rejects all those lines. */
const planned = (group: Group<unknown>, columnOf: (at: string) => string | null, change: Change): Planned => ({
  ...{ key: group.key, change },
  ...{ lines: linesOf(group), columnOf, problems: [] },
})
