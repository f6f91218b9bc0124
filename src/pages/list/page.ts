/** The page of a list: filtered, sorted, grouped, paged and shaped by its address alone. */

import { addressOf } from '#kernel/projections/endpoints.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { moduleOf } from '#kernel/record.ts'
import type { View } from '#kernel/view.ts'
import { cachedPerReader } from '#platform/cached-per-reader.ts'
import { isSignedIn } from '#platform/caller.ts'
import {
  type AppContext,
  type PageAnswer,
  type PageDefinition,
  type PagePolicy,
  type PageRequest,
  page,
  type Redirect,
} from '#platform/page.ts'
import { count, list as listOf } from '#platform/records/index.ts'
import { type ListData, ListPage, type TableColumn } from '#web/list/page.tsx'
import { maySome } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { actsBelow } from './act-page.ts'
import { type Asked, addressWith, mayUse, type Query, readAddress, type Shape } from './address.ts'
import { boardOf, moveCard } from './board.ts'
import { calendarOf } from './calendar.ts'
import { columnsFor, columnsShown, rowsShown, type ShownColumn } from './cells.ts'
import { type List, wholeAddress } from './declare.ts'
import { filtersOf, toldOf } from './filters.ts'
import { groupsOf, sumsOf } from './groups.ts'
import { mapOf } from './map.ts'

const pageSize = 50

export const listPage = (list: List, section: string | undefined): PageDefinition =>
  page<ListData>({
    path: list.path,
    policy: list.policy,
    ...(section ? { section } : {}),
    ...(list.policy === 'anyone' ? { cache: true } : {}),
    load: async (ctx, request) => chosenColumns(list, request.query) ?? listData(ctx, list, request),
    ...(list.board ? { post: (ctx, request) => moved(ctx, list, request) } : {}),
    title: (data) => data.title,
    view: (data, view: View) => ListPage(data, view),
  })

/** The form that chooses columns posts a box for each; their names become one parameter of the address. */
function chosenColumns(list: List, query: Query): Redirect | null {
  const ticked = Object.keys(query).filter((name) => name.startsWith('show.'))
  if (ticked.length === 0) return null
  const kept = Object.fromEntries(Object.entries(query).filter(([name]) => !name.startsWith('show.')))
  return { redirect: addressWith(list, kept, { columns: ticked.map((name) => name.slice(5)).join(',') }) }
}

async function moved(ctx: AppContext, list: List, request: PageRequest): Promise<PageAnswer<ListData>> {
  const answer = await moveCard(ctx, list, request)
  return typeof answer === 'string' ? listData(ctx, list, request, answer) : answer
}

const allowed = (ctx: AppContext, policy: PagePolicy | undefined): boolean =>
  policy === undefined || policy === 'anyone'
    ? true
    : policy === 'signed in'
      ? isSignedIn(ctx.caller)
      : maySome(ctx, policy.can, policy.kind)

/** What is said about all records of a list costs more the larger the city is, and changes only with the city. */
const ofAll = <Data>(ctx: AppContext, list: List, what: string, load: () => Promise<Data>): Promise<Data> =>
  cachedPerReader(ctx, `${what} ${list.path}`, load)

async function listData(ctx: AppContext, list: List, { query }: PageRequest, mistake?: string): Promise<ListData> {
  const asked = await readAddress(ctx, list, query)
  const presenter = presenterOf(ctx)
  const { say } = presenter
  const { kind } = list
  const base = addressOf(kind)
  const [filters, told, total, above, shape] = await Promise.all([
    filtersOf(ctx, list, asked.query),
    toldOf(ctx, list, asked.query),
    asked.narrowed ? count(ctx, kind, asked.where) : ofAll(ctx, list, 'count', () => count(ctx, kind, asked.where)),
    asked.narrowed || asked.after || asked.as !== 'table' || !list.above
      ? null
      : ofAll(ctx, list, 'above', () => list.above!.load(ctx)),
    shapeOf(ctx, list, asked, mistake),
  ])
  const shown = new Set(['q', 'after', ...filters.flatMap((filter) => namesIn(filter))])
  const create = maySome(ctx, 'create', kind.kind) ? `${base}/new${list.create}` : undefined
  return {
    kind: kind.kind,
    over: list.path === base ? say(`module.${moduleOf(kind.kind)}`) : null,
    title: say(list.title),
    lead: told.length > 0 ? told.join(' ') : say(list.lead),
    plural: presenter.plural(kind.kind),
    path: list.path,
    count: total,
    words: asked.query.q ?? '',
    filters,
    keep: Object.fromEntries(Object.entries(asked.query).filter(([name]) => !shown.has(name))),
    narrowed: asked.narrowed,
    reset: addressWith(list, onlyShape(asked.query), {}),
    shapes: shapesOf(ctx, list, asked),
    saved: list.saved
      .filter(({ query: saved }) => Object.keys(saved).every((each) => mayUse(ctx, list, each)))
      .map(({ name, query: saved }) => ({
        label: say(`${kind.kind}.view.${name}`),
        href: addressWith(list, saved, {}),
        current: isSame(saved, asked.query),
      })),
    groups: list.groups.map((name) => ({
      label: labelOfGroup(ctx, list, name),
      href: addressWith(list, asked.query, { group: asked.group === name ? undefined : name, as: undefined }),
      current: asked.group === name,
    })),
    links: list.links
      .filter(({ policy }) => allowed(ctx, policy))
      .map(({ label, href }) => ({ label: say(label), href })),
    ...(create ? { create } : {}),
    signedIn: presenter.signedIn,
    downloads: downloadsOf(ctx, list, asked),
    ...(above && list.above ? { above: { data: above, view: list.above.view } } : {}),
    ...shape,
  }
}

const namesIn = (filter: ListData['filters'][number]): string[] =>
  'low' in filter ? [filter.low.name, filter.high.name] : [filter.name]

const onlyShape = (query: Query): Query =>
  Object.fromEntries(Object.entries(query).filter(([name]) => ['as', 'columns', 'sort', 'month'].includes(name)))

const isSame = (saved: Query, query: Query): boolean =>
  Object.keys(saved).length === Object.keys(query).length &&
  Object.entries(saved).every(([name, value]) => query[name] === value)

const labelOfGroup = (ctx: AppContext, list: List, name: string) =>
  columnsFor(ctx, list).find((each) => each.name === name)?.label ?? presenterOf(ctx).fieldLabel(list.kind.kind, name)

/** The ways to show the list, if there are several. */
function shapesOf(ctx: AppContext, list: List, { query, as }: Asked): ListData['shapes'] {
  const shapes: Shape[] = ['table', ...(['board', 'calendar', 'map'] as const).filter((shape) => list[shape])]
  if (shapes.length === 1) return []
  return shapes.map((shape) => ({
    label: presenterOf(ctx).say(`record.list.as.${shape}`),
    href: addressWith(list, query, { as: shape === 'table' ? undefined : shape, group: undefined, month: undefined }),
    current: shape === as,
  }))
}

async function shapeOf(ctx: AppContext, list: List, asked: Asked, mistake?: string): Promise<Pick<ListData, 'shape'>> {
  if (asked.as === 'board') return { shape: { as: 'board', board: await boardOf(ctx, list, asked, mistake) } }
  if (asked.as === 'calendar') return { shape: { as: 'calendar', calendar: await calendarOf(ctx, list, asked) } }
  if (asked.as === 'map') return { shape: { as: 'map', places: await mapOf(ctx, list, asked) } }
  const columns = columnsShown(ctx, list, asked)
  const [rows, groups, sums] = await Promise.all([
    listOf(ctx, list.kind, {
      ...asked.where,
      sort: asked.sort,
      limit: pageSize,
      ...(asked.after ? { after: asked.after } : {}),
    }),
    groupsOf(ctx, list, asked),
    sumsOf(ctx, list, asked),
  ])
  const records = rows.rows as AnyRecord[]
  const shown = await rowsShown(ctx, list, columns, records)
  const acts = actsBelow(ctx, list, asked, records)
  return {
    shape: {
      as: 'table',
      columns: columns.map((column) => ({
        name: column.name,
        label: column.label,
        numeric: column.numeric,
        names: column.names,
        ...sortOf(list, asked, column),
      })),
      rows: shown.map(({ cells }) => cells),
      ...(acts ? { acts } : {}),
      choosing: columnsFor(ctx, list)
        .filter(({ names }) => !names)
        .map(({ name, label }) => ({ name, label, ticked: columns.some((each) => each.name === name) })),
      groups,
      sums,
      ...(asked.after ? { first: addressWith(list, asked.query, {}) } : {}),
      ...(rows.next ? { next: addressWith(list, asked.query, { after: rows.next }) } : {}),
    },
  }
}

/** The head of a column sorts by it where the list offers that. */
function sortOf(list: List, { query, sort }: Asked, { name, names }: ShownColumn): Pick<TableColumn, 'sort'> {
  const sortable = list.sorts.map((each) => each.replace(/^-/, ''))
  const field = sortable.includes(name) ? name : names && sortable.includes('title') ? 'title' : undefined
  if (!field) return {}
  const direction = sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : undefined
  const href = addressWith(list, query, { sort: sort === field ? `-${field}` : field })
  return { sort: { href, ...(direction ? { direction } : {}) } }
}

/** Exactly what is shown, then the whole records in the formats that can be brought in again. */
function downloadsOf(ctx: AppContext, list: List, { query }: Asked): ListData['downloads'] {
  const { say } = presenterOf(ctx)
  const { after: _after, as: _as, group: _group, month: _month, ...kept } = query
  const parameters = new URLSearchParams(kept)
  const question = parameters.size > 0 ? `?${parameters}` : ''
  const shown = (['csv', 'xlsx'] as const).map((format) => ({
    href: `${list.path}/list.${format}${question}`,
    label: say(`record.list.download.${format}`),
    note: say('record.list.download.for'),
  }))
  parameters.delete('columns')
  parameters.delete('sort')
  const narrowing = parameters.size > 0 ? `?${parameters}` : ''
  const whole = ctx.exchange.formats
    .filter((format) => format.holds.includes('list'))
    .map(({ name }) => ({
      href: `${wholeAddress(list)}/${name}${narrowing}`,
      label: say(`exchange.format.${name}`),
      note: say(`exchange.format.${name}.for`),
    }))
  return [...shown, ...whole]
}
