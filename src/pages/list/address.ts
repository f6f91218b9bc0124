/** What the address of a list asks for: everything the list shows is in it. */
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { addDays, isDay } from '#kernel/day.ts'
import { invalid } from '#kernel/problem.ts'
import { isSignedIn } from '#platform/caller.ts'
import { type FilterShape, filterShapesOf, type ListQuery, readListQuery } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import { isId, type ListOptions } from '#platform/records/index.ts'
import { startOfDay } from '#values/moment.ts'
import { resolve } from '../record/options.ts'
import type { ComputedFilter, List } from './declare.ts'

export type Query = Readonly<Record<string, string>>
export type Shape = 'table' | 'board' | 'calendar' | 'map'

/** An address, understood. */
export type Asked = {
  /** The parameters as they are kept in further addresses: without empty ones, in today's names. */
  readonly query: Query
  readonly as: Shape
  readonly sort: string
  readonly after?: string
  /** What the records are limited to. */
  readonly where: Pick<ListOptions, 'filters' | 'words' | 'where'>
  /** Is the list narrowed at all? */
  readonly narrowed: boolean
  readonly group?: string
  readonly month?: string
  readonly columns?: readonly string[]
}

/** How an address says that a reference is not stated, or is. */
export const none = 'none'
export const some = 'some'

const own = new Set(['as', 'group', 'month', 'columns', 'sort', 'after'])

/** Years have four digits: nothing is a day later. */
const lastDay = '9999-12-31'

/** A month 'YYYY-MM' that a calendar shows: one with a month after it. */
export const isMonth = (text: string): boolean => isDay(`${text}-01`) && text < lastDay.slice(0, 7)

/** Is a column or a filter for this reader? */
export const mayUse = (ctx: AppContext, list: List, name: string): boolean =>
  isSignedIn(ctx.caller) || !list.inside.includes(name)

export const computedFilters = (list: List): ComputedFilter[] =>
  list.filters.filter((each): each is ComputedFilter => typeof each !== 'string')

/** Reads an address. @throws Invalid `http.bad-query` with everything that is unknown or malformed. */
export async function readAddress(ctx: AppContext, list: List, given: Query): Promise<Asked> {
  const { kind } = list
  const shapes = filterShapesOf(kind)
  const query = withoutEmpty(list, given)
  if (query.q && !query.q.isWellFormed()) throw invalid('http.bad-query')
  const computed = computedFilters(list)
  const fields: Record<string, string> = {}
  const conditions: RawBuilder<unknown>[] = []
  for (const [name, value] of Object.entries(query)) {
    const filter = computed.find((each) => each.name === name)
    if (filter) conditions.push(await conditionOf(ctx, filter, value))
    else if (!own.has(name)) Object.assign(fields, await fieldAsked(ctx, list, shapes, name, value))
  }
  const usual = list.sorts[0] ?? 'code'
  const { sort, after } = query
  const { options } = readListQuery(kind, {
    ...fields,
    ...(sort ? { sort } : {}),
    ...(after ? { after } : {}),
  }) as ListQuery
  const problem = (name: string, value: string) =>
    invalid('http.bad-query', [{ at: `/${name}`, code: 'query.bad-value', values: { value, type: name } }])
  const as = query.as ?? 'table'
  if (as !== 'table' && !(['board', 'calendar', 'map'] as const).some((each) => as === each && list[each]))
    throw problem('as', as)
  if (query.group && !list.groups.includes(query.group)) throw problem('group', query.group)
  if (query.month && !isMonth(query.month)) throw problem('month', query.month)
  const { filters, words } = options
  return {
    query,
    as: as as Shape,
    sort: sort ?? usual,
    ...(after ? { after } : {}),
    where: {
      ...(filters ? { filters } : {}),
      ...(words ? { words } : {}),
      ...(conditions.length > 0 ? { where: sql.join(conditions, sql` and `) } : {}),
    },
    narrowed: Object.keys(query).some((name) => !own.has(name)),
    ...(query.group ? { group: query.group } : {}),
    ...(query.month ? { month: query.month } : {}),
    ...(query.columns ? { columns: query.columns.split(',') } : {}),
  }
}

/** Empty boxes of the filter form ask for nothing; parameters of earlier addresses have today's names. */
function withoutEmpty(list: List, given: Query): Query {
  const query: Record<string, string> = {}
  for (const [key, value] of Object.entries(given)) {
    if (value.trim() === '') continue
    const empty = /^(\w+)\[empty\]$/.exec(key)
    const shape = empty ? filterShapesOf(list.kind)[empty[1]!] : undefined
    if (shape && (value === 'true' || value === 'false')) query[empty![1]!] = value === 'true' ? none : some
    else query[list.formerly[key] ?? key] = value.trim()
  }
  return query
}

async function conditionOf(ctx: AppContext, filter: ComputedFilter, value: string): Promise<RawBuilder<unknown>> {
  const known = !filter.of || value.split(',').every((each) => filter.of!.includes(each))
  const found = known ? await filter.where(ctx, value) : null
  if (found) return sql`(${found})`
  const allowed = filter.of?.join(', ') ?? ''
  throw invalid('http.bad-query', [{ at: `/${filter.name}`, code: 'field.not-a-choice', values: { allowed } }])
}

/** A parameter about a field as the interface knows it. */
async function fieldAsked(
  ctx: AppContext,
  list: List,
  shapes: Readonly<Record<string, FilterShape>>,
  key: string,
  value: string,
): Promise<Query> {
  const [, name = '', comparison] = /^([A-Za-z0-9.]+)(?:\[([a-z]+)\])?$/.exec(key) ?? []
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
  if (!shape) return { [key]: value }
  if (comparison === undefined && shape.comparisons.includes('empty') && !shape.choices?.includes(value)) {
    if (value === none || value === some) return { [`${name}[empty]`]: String(value === none) }
  }
  if (['id', 'ids'].includes(shape.as)) return { [key]: await idsOf(ctx, list, name, value) }
  // A day in the filter of an instant is the whole day, in the city.
  if (shape.as === 'instant' && isDay(value)) {
    const at = (day: string) => startOfDay(day, ctx.city.timeZone)
    if (comparison === 'gte' || comparison === 'lt') return { [key]: at(value) }
    if (comparison === 'lte')
      return value === lastDay ? { [key]: `${value}T23:59:59.999Z` } : { [`${name}[lt]`]: at(addDays(value, 1)) }
  }
  return { [key]: value }
}

/** People type a code or a name where there are too many records for a list. */
async function idsOf(ctx: AppContext, { kind }: List, name: string, value: string): Promise<string> {
  if (value.split(',').every((each) => isId(each))) return value
  const found = await resolve(ctx, targetsOf(ctx, kind, name), value)
  return 'id' in found ? found.id : value
}

/** The kinds that a reference points to. */
export function targetsOf(ctx: AppContext, kind: List['kind'], name: string): readonly string[] | 'any' {
  const { wellKnown } = ctx.registry
  if (name === 'organisation') return [wellKnown.organisation]
  if (name === 'owner') return [wellKnown.post]
  if (name === 'id') return [kind.kind]
  const field = kind.fields[name]
  return field?.kinds ?? (field?.to ? [field.to] : 'any')
}

/** The address of the same list with other parameters; every change begins at the first page. */
export function addressWith(list: List, query: Query, changes: Readonly<Record<string, string | undefined>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, after: undefined, ...changes }))
    if (value) parameters.set(name, value)
  return parameters.size > 0 ? `${list.path}?${parameters}` : list.path
}
