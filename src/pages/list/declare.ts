/**
 * A list that a room declares in `lists.ts` and offers in its manifest: what its columns are, what it can be narrowed by,
 * sorted, grouped and added up by, and the other ways to show it. Everything else follows from the kind. Data only, but
 * for what a room computes: a column is loaded for a page of records together, a filter is a condition in SQL.
 */
import type { RawBuilder } from 'kysely'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { RecordKind, RecordOf } from '#kernel/record.ts'
import type { View } from '#kernel/view.ts'
import { filterShapesOf, sortableOf } from '#platform/http/index.ts'
import type { DeclaredList } from '#platform/module.ts'
import type { AppContext, PagePolicy } from '#platform/page.ts'
import type { ListCell } from '#web/list/cell.tsx'

export type { ListCell } from '#web/list/cell.tsx'

/** Loads a value for each record of a page, by id, in a fixed number of statements. */
export type Load<Value> = (ctx: AppContext, ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>

export type ComputedColumn = {
  readonly name: string
  /** Word key. */
  readonly label: string
  readonly numeric?: boolean
  /** It names the row, instead of the title. */
  readonly names?: boolean
  readonly load: Load<unknown>
  readonly cell: (value: never, ctx: AppContext) => ListCell
}

/** A column that the room computes. Columns with the same `load` share one load. */
export const column = <Value>(
  name: string,
  options: Omit<ComputedColumn, 'name' | 'load' | 'cell'> & {
    readonly load: Load<Value>
    readonly cell: (value: Value, ctx: AppContext) => ListCell
  },
): ComputedColumn => ({ name, ...options })

export type ComputedFilter = {
  readonly name: string
  /** Word key. */
  readonly label: string
  /** Values to choose from. Left out, only links set it. */
  readonly of?: readonly string[]
  /** The word key of a value. */
  readonly words?: (value: string) => string
  /** What the list is limited to, in a sentence under its title, if no control says it. */
  readonly told?: (ctx: AppContext, value: string) => string | Promise<string>
  /** The condition over `r` (the record) and `t` (the table of its kind); null for a value that it does not know. */
  readonly where: (ctx: AppContext, value: string) => RawBuilder<unknown> | null | Promise<RawBuilder<unknown> | null>
}

/** Something a list can be narrowed by that is not a field of the record. */
export const filter = (name: string, options: Omit<ComputedFilter, 'name'>): ComputedFilter => ({ name, ...options })

/** A part above the whole list, which whoever has narrowed it does not see. */
export type Above<Data = unknown> = {
  readonly load: (ctx: AppContext) => Promise<Data | null>
  readonly view: (data: Data, view: View) => unknown
}
export const above = <Data>(definition: Above<Data>): Above => definition as unknown as Above

type FieldName<Kind> = keyof RecordOf<Kind> & string
/** A field, or a part of one: `worth.currency`. */
type PartName<Kind> = FieldName<Kind> | `${FieldName<Kind>}.${string}`

export type ListOptions<Kind extends RecordKind> = {
  /** Default: the address of the kind. */
  readonly path?: string
  /** Default: anyone; they see what they may read. */
  readonly policy?: PagePolicy
  /** Word keys of the heading and the sentence below it; default: the plural and the meaning of the kind. */
  readonly title?: string
  readonly lead?: string
  /** The first names the row, unless a computed one does. */
  readonly columns: readonly (FieldName<Kind> | ComputedColumn)[]
  /** Columns that a reader can add. */
  readonly further?: readonly (FieldName<Kind> | ComputedColumn)[]
  /** Offered as controls, the first six at once, the others on demand. Every field can be asked for by address anyway. */
  readonly filters?: readonly (PartName<Kind> | ComputedFilter)[]
  /** Fields it can be sorted by, the usual one first. Each needs an index that ends with the id. */
  readonly sorts?: readonly (PartName<Kind> | `-${FieldName<Kind>}`)[]
  /** Fields by which it is counted and added up. */
  readonly groups?: readonly FieldName<Kind>[]
  /** Numbers and amounts that are added up, each unit or currency by itself. */
  readonly sums?: readonly FieldName<Kind>[]
  /** Other ways to show it: a board by a state or choice, a calendar by a day or span, a map by a place. */
  readonly board?: FieldName<Kind>
  readonly calendar?: FieldName<Kind>
  /** `over`: a kind whose areas stand behind the map, such as the districts of the city. */
  readonly map?: { readonly at: FieldName<Kind>; readonly over?: string }
  /** Columns and filters only for those who are signed in. */
  readonly inside?: readonly string[]
  /** Views with a name, called `<kind>.view.<name>`: each is an address. */
  readonly saved?: ReadonlyArray<{ readonly name: string; readonly query: Readonly<Record<string, string>> }>
  /** Links beside the button that makes a new one, by word key. */
  readonly links?: ReadonlyArray<{ readonly label: string; readonly href: string; readonly policy?: PagePolicy }>
  /** Query of the form that makes a new one. */
  readonly create?: string
  readonly above?: Above
  /**
   * Steps that can be taken for many records at once: verbs, `publish`, `responsible`, fields and `links.NAME`. Default:
   * the verbs of the kind, who is responsible, publishing. `[]` for none.
   */
  readonly acts?: readonly string[]
  /** Parameters of earlier addresses, by their name today. */
  readonly formerly?: Readonly<Record<string, string>>
}

/** A list, checked: what stands in `DeclaredList` for the manifest, and what the pages make of it. */
export type List = DeclaredList & {
  readonly policy: PagePolicy
  readonly title: string
  readonly lead: string
  readonly columns: readonly (string | ComputedColumn)[]
  readonly further: readonly (string | ComputedColumn)[]
  readonly filters: readonly (string | ComputedFilter)[]
  readonly sorts: readonly string[]
  readonly groups: readonly string[]
  readonly sums: readonly string[]
  readonly board?: string
  readonly calendar?: string
  readonly map?: { readonly at: string; readonly over?: string }
  readonly inside: readonly string[]
  readonly saved: ReadonlyArray<{ readonly name: string; readonly query: Readonly<Record<string, string>> }>
  readonly links: ReadonlyArray<{ readonly label: string; readonly href: string; readonly policy?: PagePolicy }>
  readonly create: string
  readonly above?: Above
  readonly acts?: readonly string[]
  readonly formerly: Readonly<Record<string, string>>
}

/**
 * Where its records are downloaded whole, to be brought in again: at the address of the kind, unless only some may open
 * the list.
 */
export const wholeAddress = ({ kind, path, policy }: List): string =>
  `${policy === 'anyone' ? addressOf(kind) : path}/download`

/** Parameters of the page itself; a computed filter cannot have these names. */
export const pageParameters = ['as', 'group', 'month', 'columns', 'act', 'done', 'count'] as const

/** The first field of a kind that holds a place. */
export const placeIn = (kind: RecordKind): string | undefined =>
  Object.keys(kind.fields).find((name) => filterShapesOf(kind)[name]?.as === 'box')

/** Declares a list; `assertList` refuses what the kind does not have. */
export function list<Kind extends RecordKind>(kind: Kind, options: ListOptions<Kind>): List {
  const { filters = [], sorts = ['code'], groups = [], sums = [], further = [] } = options
  return {
    kind,
    path: options.path ?? addressOf(kind),
    policy: options.policy ?? 'anyone',
    title: options.title ?? `${kind.kind}.plural`,
    lead: options.lead ?? `${kind.kind}.meaning`,
    columns: options.columns,
    further,
    filters,
    sorts,
    groups,
    sums,
    ...(options.board ? { board: options.board } : {}),
    ...(options.calendar ? { calendar: options.calendar } : {}),
    ...(options.map ? { map: options.map } : {}),
    inside: options.inside ?? [],
    saved: options.saved ?? [],
    links: options.links ?? [],
    create: options.create ?? '',
    ...(options.above ? { above: options.above } : {}),
    ...(options.acts ? { acts: options.acts } : {}),
    formerly: options.formerly ?? {},
  }
}

/** Own fields by which the list is read in order: each needs an index that ends with the id. */
export const ordersOf = ({ kind, sorts, calendar }: List): string[] => {
  const named = [...sorts.map((sort) => sort.replace(/^-/, '')), ...(calendar ? [calendar] : [])]
  return [...new Set(named)].filter((name) => Object.hasOwn(kind.fields, name))
}

/**
 * Throws, by name, for what the kind does not have. Called when the program starts and not where a list is declared: which
 * terms a code may have is known only when all rooms are.
 */
export function assertList(list: List, kinds: ReadonlyMap<string, { readonly declaration: RecordKind }>): void {
  const { kind, path, filters, sorts, groups, sums, board, calendar, map } = list
  const columns = [...list.columns, ...list.further]
  const fail = (what: string): never => {
    throw new Error(`The list of ${kind.kind} ${what}.`)
  }
  const shapes = filterShapesOf(kind)
  const mustBe = (names: readonly string[], among: readonly string[], what: string) => {
    for (const name of names) if (!among.includes(name)) fail(`${what} "${name}", which it cannot`)
  }
  const strings = (all: readonly (string | object)[]) => all.filter((each): each is string => typeof each === 'string')
  if (!/^(\/[a-z][a-z-]*)+$/.test(path)) fail(`has a bad address "${path}"`)
  mustBe(strings(columns), [...Object.keys(shapes), ...Object.keys(kind.fields)], 'shows')
  mustBe(strings(filters), Object.keys(shapes), 'is narrowed by')
  mustBe(
    sorts.map((sort) => sort.replace(/^-/, '')),
    sortableOf(kind),
    'is sorted by',
  )
  mustBe(groups, Object.keys(shapes), 'is grouped by')
  for (const name of groups)
    if (!shapes[name]!.choices && !['flag', 'id'].includes(shapes[name]!.as))
      fail(`is grouped by "${name}", which it cannot`)
  for (const name of sums)
    if (!['whole', 'decimal'].includes(shapes[name]?.as ?? '')) fail(`adds up "${name}", which is not a number`)
  if (board && !shapes[board]?.choices) fail(`has a board by "${board}", which is not a choice`)
  if (calendar && !['day', 'instant'].includes(shapes[calendar]?.as ?? ''))
    fail(`has a calendar by "${calendar}", which is not a day`)
  if (map && shapes[map.at]?.as !== 'box') fail(`has a map by "${map.at}", which is not a place`)
  const behind = map?.over === undefined ? undefined : kinds.get(map.over)
  if (map?.over !== undefined && !(behind && placeIn(behind.declaration)))
    fail(`has a map over "${map.over}", which has no places`)
  for (const each of filters)
    if (typeof each !== 'string' && ([...pageParameters, 'q', 'sort', 'after'] as string[]).includes(each.name))
      fail(`calls a filter "${each.name}", which the page itself uses`)
  const names = columns.map((each) => (typeof each === 'string' ? each : each.name))
  if (new Set(names).size !== names.length) fail('shows a column twice')
}
