/**
 * Loads content through the gate, as steps of an import: records in dependency order, then references that close cycles
 * and links, then rows, then publications. Staged, checked, saved, reported and undone like any import. A second load
 * of the same content changes nothing.
 */
import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { WellKnownKinds } from '#kernel/registry.ts'
import { type Item, isRows, type RecordItem, withFormer } from '../content/index.ts'
import type { WriteContext } from '../context.ts'
import type { Group, ImportProblem, Note, Planned, Sink, Source, Step } from '../imports/index.ts'
import type { RecordRow } from '../policy.ts'
import { type Change, externalIdsOf, newId, type RowValues } from '../records/index.ts'
import { type ExistingRecord, findKnown, knownOf } from './known.ts'
import { type LoadOrder, loadOrder } from './order.ts'
import { safeExcerpt } from './safe-excerpt.ts'

export type LoadOptions = {
  /** False if the file omits what it does not know: missing values then stay as they are. */
  complete: boolean
  /**
   * Publishes what was public at its origin; otherwise it is imported for its organisation only, and a note says so.
   */
  readonly publish: boolean
}

/** Step numbers: kinds, then links of kinds, rows of kinds, publications. At most this many kinds. */
const maxKinds = 1000

type RecordContent = { readonly line: number; readonly item: RecordItem }
type RowContent = { readonly kind: string; readonly name: string; readonly values: RowValues }

/** One load of content. `take` stages an item for its step. */
export class ContentLoad {
  readonly #order: LoadOrder
  readonly #kinds: ReadonlyMap<string, RecordKind>
  readonly #options: LoadOptions
  /** Ids in the file whose records have other ids here. */
  #renamed = new Map<string, string>()
  /** Records only referred to, and created by this load; existing ones are left alone. */
  #made = new Set<string>()
  #counts = { drafts: 0, unpublished: 0 }
  #items = 0

  constructor(kinds: readonly RecordKind[], wellKnown: WellKnownKinds, options: LoadOptions) {
    this.#order = loadOrder(kinds, wellKnown)
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]))
    this.#options = options
  }

  /** Stages an item's content; what is not possible here is a problem of its line. */
  async take(item: Item, line: number, sink: Sink): Promise<void> {
    const place = this.#order.kinds.indexOf(item.kind)
    if (place < 0) {
      sink.problem({
        row: line,
        column: null,
        code: 'import.unknown-kind',
        values: { kind: safeExcerpt(item.kind) },
      })
      return sink.reject(line)
    }
    if (isRows(item)) {
      if (!Object.hasOwn(this.#kinds.get(item.kind)!.rows, item.rows)) {
        sink.problem({
          row: line,
          column: safeExcerpt(item.rows),
          code: 'import.unknown-rows',
          values: { kind: item.kind, name: safeExcerpt(item.rows) },
        })
        return sink.reject(line)
      }
      for (const values of item.values) {
        const content: RowContent = { kind: item.kind, name: item.rows, values }
        const slot = `${item.rows} ${this.#slot()}`
        await sink.item({ step: 2 * maxKinds + place, key: item.record, slot, line, content })
      }
      return
    }
    const content: RecordContent = { line, item }
    const slot = this.#slot()
    await sink.item({ step: place, key: item.id, slot, line, content })
    if (item.audience === 'public') await sink.item({ step: 3 * maxKinds + place, key: item.id, slot, line, content })
    const closing = [...this.#order.later.get(item.kind)!].some((name) => item[name] !== undefined)
    if (closing || (!item.context && (item.links || this.#options.complete)))
      await sink.item({ step: maxKinds + place, key: item.id, slot, line, content })
  }

  /** Goes up with every item: a whole file may be on one line. */
  #slot(): string {
    this.#items += 1
    return String(this.#items).padStart(10, '0')
  }

  get importer(): ReturnType<Source['importer']> {
    const of = (
      base: number,
      plan: (kind: RecordKind, ctx: WriteContext, groups: ReadonlyArray<Group<never>>) => Promise<Planned[]>,
    ): Step[] =>
      this.#order.kinds.map((name, index) => ({
        step: base + index,
        shared: false,
        plan: (ctx, groups) => plan(this.#kinds.get(name)!, ctx, groups),
      }))
    return {
      steps: [
        ...of(0, (kind, ctx, groups) => this.#planRecords(kind, ctx, groups)),
        ...of(maxKinds, (kind, ctx, groups) => this.#planLinks(kind, ctx, groups)),
        ...of(2 * maxKinds, (kind, ctx, groups) => this.#planRows(kind, ctx, groups)),
        ...of(3 * maxKinds, (kind, ctx, groups) => this.#planPublications(kind, ctx, groups)),
      ],
      begin: async () => {
        this.#renamed = new Map()
        this.#made = new Set()
        this.#counts = { drafts: 0, unpublished: 0 }
      },
      notes: () => this.#notes(),
    }
  }

  #notes(): Note[] {
    const { drafts, unpublished } = this.#counts
    return [
      ...(drafts > 0 ? [{ code: 'import.note.drafts', values: { count: drafts } }] : []),
      ...(unpublished > 0 ? [{ code: 'import.note.unpublished', values: { count: unpublished } }] : []),
    ]
  }

  async #planRecords(
    kind: RecordKind,
    ctx: WriteContext,
    groups: ReadonlyArray<Group<RecordContent>>,
  ): Promise<Planned[]> {
    const items = groups.map((group) => group.items[0]!.content.item)
    const found = await findKnown(ctx, kind, items)
    const held = await externalIdsOf(
      ctx,
      [...found.values()].flatMap((each) => (each.id ? [each.id] : [])),
    )
    return groups.map(({ key, items: staged }, index): Planned => {
      const item = items[index]!
      const lines = staged.map((each) => each.line)
      const problems: ImportProblem[] = []
      for (const extra of staged.slice(1))
        problems.push({ row: extra.line, column: 'id', code: 'import.repeated-item', values: { id: item.id } })
      const known = found.get(item.id)!
      if (known.taken)
        problems.push({ row: lines[0]!, column: 'id', code: 'import.taken-item', values: { id: item.id } })
      if (problems.length > 0) return { key, change: null, lines, problems }
      const change = this.#change(ctx, kind, item, known, held.get(known.id ?? '') ?? [])
      return { key, change, lines, problems, columnOf: columnOf }
    })
  }

  #change(
    ctx: WriteContext,
    kind: RecordKind,
    item: RecordItem,
    known: ExistingRecord,
    held: ReadonlyArray<{ source: string; id: string }>,
  ): Change | null {
    const now = known.record
    if (now && item.context) {
      if (known.id !== item.id) this.#renamed.set(item.id, known.id!)
      return null
    }
    const values = this.#values(kind, item, now !== undefined)
    const given = item.externalIds ?? []
    if (!now) {
      const id = known.retired ? newId() : item.id
      if (id !== item.id) this.#renamed.set(item.id, id)
      if (item.context) this.#made.add(item.id)
      const marks = id === item.id ? given : [...given, { source: 'commonweal', id: item.id }]
      if (marks.length > 0) values.externalIds = marks
      const state = this.#stateOf(ctx, kind, item)
      return { kind: kind.kind, action: 'create', id, values, ...(state ? { state } : {}) }
    }
    if (known.id !== item.id) this.#renamed.set(item.id, known.id!)
    const more = given.filter((each) => !held.some((have) => have.source === each.source && have.id === each.id))
    if (more.length > 0) values.externalIds = [...held, ...more]
    const verb = now.retiredAt
      ? undefined
      : ctx.registry
          .kind(kind.kind)
          .verbs.find(({ from, to }) => to === item.state && item.state !== now.state && from.includes(now.state))
    const may = verb && (ctx.caller.system || ctx.policies.can(ctx.caller, verb.name, now as RecordRow))
    if (item.state && item.state !== now.state && !may) this.#counts.drafts += 1
    return { kind: kind.kind, action: now.retiredAt ? 'restore' : may ? verb.name : 'change', id: known.id!, values }
  }

  /** The state of a new record, if the caller may lead it there; otherwise it starts like any new one. */
  #stateOf(ctx: WriteContext, kind: RecordKind, item: RecordItem): string | undefined {
    const { state } = item
    if (!state || state === kind.states[0]) return undefined
    if (ctx.caller.system) return state
    const row = {
      id: item.id,
      kind: kind.kind,
      organisation: this.#here(item.organisation) ?? null,
      owner: this.#here(item.owner) ?? null,
      audience: kind.audience,
    }
    const known = ctx.registry.kind(kind.kind).verbs.filter((verb) => verb.to === state)
    if (known.some((verb) => ctx.policies.can(ctx.caller, verb.name, row))) return state
    this.#counts.drafts += 1
    return undefined
  }

  /** Title, audience, fields, and the links that its state requires, for the first step. */
  #values(kind: RecordKind, given: RecordItem, changes: boolean): Record<string, unknown> {
    const item = withFormer(kind, given)
    const later = this.#order.later.get(kind.kind)!
    const values: Record<string, unknown> = { title: item.title }
    if (!changes && item.audience && item.audience !== 'public') values.audience = item.audience
    for (const name of ['organisation', 'owner', ...Object.keys(kind.fields)]) {
      if (later.has(name)) continue
      const value = this.#translated(kind, name, item[name])
      if (value !== undefined) values[name] = value
      else if (changes && this.#options.complete && !item.context) values[name] = null
    }
    const links = item.context ? null : this.#links(kind, item, this.#order.linksAtOnce.get(kind.kind)!)
    if (links) values.links = links
    // The gate reports, by name, what this kind does not know.
    for (const name of Object.keys(item))
      if (!Object.hasOwn(values, name) && !isOwn(kind, name)) values[name] = item[name]
    return values
  }

  #here(id: string | undefined): string | undefined {
    return id === undefined ? undefined : (this.#renamed.get(id) ?? id)
  }

  #translated(kind: RecordKind, name: string, value: unknown): unknown {
    const field = Object.hasOwn(kind.fields, name) ? kind.fields[name]! : undefined
    return field && !fieldType(field.type).references ? value : this.#ends(value)
  }

  /** The ids used here, for one end or several. */
  #ends(value: unknown): unknown {
    if (typeof value === 'string') return this.#here(value)
    return Array.isArray(value) ? value.map((each) => (typeof each === 'string' ? this.#here(each) : each)) : value
  }

  async #planLinks(
    kind: RecordKind,
    ctx: WriteContext,
    groups: ReadonlyArray<Group<RecordContent>>,
  ): Promise<Planned[]> {
    const there = await knownOf(
      ctx,
      kind.kind,
      groups.map((group) => this.#here(group.key)!),
    )
    return groups.map(({ key, items }): Planned => {
      const { item } = items[0]!.content
      const lines = items.map((each) => each.line)
      const id = this.#here(key)!
      if (!there.has(id) || (item.context && !this.#made.has(key))) return { key, change: null, lines, problems: [] }
      const values: Record<string, unknown> = {}
      for (const name of this.#order.later.get(kind.kind)!) {
        const value = this.#translated(kind, name, item[name])
        if (value !== undefined) values[name] = value
        else if (this.#options.complete) values[name] = null
      }
      const links = item.context ? null : this.#links(kind, item)
      if (links) values.links = links
      return { key, change: { kind: kind.kind, action: 'change', id, values }, lines, problems: [], columnOf }
    })
  }

  #links(kind: RecordKind, item: RecordItem, only?: ReadonlySet<string>): Record<string, unknown> | null {
    const names = this.#options.complete ? Object.keys(kind.links) : []
    const given = typeof item.links === 'object' && item.links !== null ? item.links : {}
    const links = Object.fromEntries(
      [
        ...names.map((name): [string, unknown] => [name, []]),
        ...Object.entries(given).map(([name, ends]): [string, unknown] => [
          name,
          Array.isArray(ends) ? ends.map((end) => ({ ...end, to: this.#here(end.to) })) : ends,
        ]),
      ].filter(([name]) => !only || only.has(name as string)),
    )
    return Object.keys(links).length > 0 ? links : null
  }

  async #planRows(kind: RecordKind, ctx: WriteContext, groups: ReadonlyArray<Group<RowContent>>): Promise<Planned[]> {
    const there = await knownOf(
      ctx,
      kind.kind,
      groups.map((group) => this.#here(group.key)!),
    )
    return groups.map(({ key, items }): Planned => {
      const lines = [...new Set(items.map((each) => each.line))]
      const id = this.#here(key)!
      if (!there.has(id))
        return {
          key,
          change: null,
          lines,
          problems: lines.map((row) => ({
            row,
            column: 'record',
            code: 'import.rows-of-nothing',
            values: { id: key },
          })),
        }
      const rows: Record<string, { set: RowValues[] }> = {}
      const places = new Map<string, number>()
      for (const { line, content } of items) {
        const { set: list } = rows[content.name] ?? { set: [] }
        rows[content.name] = { set: list }
        places.set(`${content.name}/${list.length}`, line)
        list.push(this.#row(kind, content))
      }
      return {
        key,
        change: { kind: kind.kind, action: 'change', id, rows },
        lines,
        problems: [],
        placeOf: (at) => {
          const [, , name, place, field] = at.split('/')
          const line = places.get(`${name}/${place}`)
          return line === undefined ? null : { line, column: field ?? name ?? null }
        },
      }
    })
  }

  #row(kind: RecordKind, { name, values }: RowContent): RowValues {
    const { fields } = kind.rows[name]!
    return Object.fromEntries(
      Object.entries(values).map(([field, value]) => [
        field,
        fields[field] && fieldType(fields[field].type).references ? this.#ends(value) : value,
      ]),
    )
  }

  async #planPublications(
    kind: RecordKind,
    ctx: WriteContext,
    groups: ReadonlyArray<Group<RecordContent>>,
  ): Promise<Planned[]> {
    const there = await knownOf(
      ctx,
      kind.kind,
      groups.map((group) => this.#here(group.key)!),
    )
    return groups.map(({ key, items }): Planned => {
      const lines = items.map((each) => each.line)
      const id = this.#here(key)!
      const now = there.get(id)
      const none = { key, change: null, lines, problems: [] }
      if (!now || now.audience === 'public') return none
      if (items[0]!.content.item.context && !this.#made.has(key)) return none
      if (!this.#options.publish || !(ctx.caller.system || ctx.policies.can(ctx.caller, 'publish', now))) {
        this.#counts.unpublished += 1
        return none
      }
      return { ...none, change: { kind: kind.kind, action: 'publish', id }, columnOf }
    })
  }
}

const ownNames = new Set([
  'kind',
  'id',
  'code',
  'title',
  'state',
  'audience',
  'organisation',
  'owner',
  'externalIds',
  'links',
  'context',
])
const isOwn = (kind: RecordKind, name: string) => ownNames.has(name) || Object.hasOwn(kind.fields, name)
const columnOf = (at: string): string | null => at.slice(1).replaceAll('/', '.') || null
