/** The list of a kind: filtered, sorted and paged by its address alone. */

import { fieldType } from '#kernel/fields/types.ts'
import { invalid } from '#kernel/problem.ts'
import { audiences, type RecordKind } from '#kernel/record.ts'
import { type ListQuery, readListQuery } from '#platform/http/index.ts'
import { type AppContext, type PageDefinition, type PageRequest, page } from '#platform/page.ts'
import { count, list } from '#platform/records/index.ts'
import { type ListColumn, type ListData, type ListFilter, RecordList } from '#web/record-pages/list.tsx'
import { maySome } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { type KindPages, moduleLabel } from './kind-pages.ts'
import { optionsFor } from './options.ts'

const pageSize = 50
const maxFilters = 6

export const listPage = (pages: KindPages): PageDefinition =>
  page<ListData>({
    path: pages.base,
    policy: 'anyone',
    ...(pages.section ? { section: pages.section } : {}),
    cache: true,
    load: (ctx, request) => loadList(ctx, pages, request),
    title: (data) => data.title,
    view: RecordList,
  })

async function loadList(ctx: AppContext, pages: KindPages, request: PageRequest): Promise<ListData> {
  const { kind, base } = pages
  const presenter = presenterOf(ctx)
  const { signedIn } = presenter
  // An empty box of the filter form asks for nothing.
  const asked = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value.trim() !== ''))
  if (asked.q && !asked.q.isWellFormed()) throw invalid('http.bad-query')
  const { options } = readListQuery(kind, asked) as ListQuery
  const sort = options.sort ?? 'code'
  const [rows, total, filters] = await Promise.all([
    list(ctx, kind, { ...options, sort, limit: pageSize }),
    count(ctx, kind, options),
    filtersOf(ctx, kind, asked, signedIn),
  ])
  const name = await presenter.names(rows.rows.flatMap((row) => [row.organisation, row.owner]))
  const address = (changes: Record<string, string | undefined>) => {
    const question = new URLSearchParams()
    for (const [key, value] of Object.entries({ ...asked, after: undefined, ...changes }))
      if (value) question.set(key, value)
    return question.size > 0 ? `${base}?${question}` : base
  }
  const column = (field: string, label: string): ListColumn => {
    const direction = sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : undefined
    const next = sort === field ? `-${field}` : field
    return { name: field, label, sort: { href: address({ sort: next }), ...(direction ? { direction } : {}) } }
  }
  const { sort: _sort, after: _after, q, ...narrowing } = asked
  const shown = new Set(['q', ...filters.map((filter) => filter.name)])
  return {
    kind: kind.kind,
    over: presenter.say(moduleLabel(kind)),
    title: presenter.plural(kind.kind),
    lead: presenter.say(`${kind.kind}.meaning`),
    base,
    count: total,
    columns: [
      column('title', presenter.fieldLabel(kind.kind, 'title')),
      column('code', presenter.say('record.field.code')),
      column('state', presenter.say('record.field.state')),
      { name: 'organisation', label: presenter.fieldLabel(kind.kind, 'organisation') },
      ...(signedIn
        ? [
            { name: 'owner', label: presenter.fieldLabel(kind.kind, 'owner') },
            { name: 'audience', label: presenter.say('record.field.audience') },
            column('changedAt', presenter.say('record.field.changedAt')),
          ]
        : []),
    ],
    rows: rows.rows.map((row) => ({
      ...presenter.named(row),
      code: row.code,
      state: presenter.stateShown(kind.kind, row.state),
      audience: row.audience,
      organisation: name(row.organisation),
      owner: name(row.owner),
      changed: { at: row.changedAt, text: presenter.instant(row.changedAt) },
    })),
    words: q ?? '',
    filters,
    keep: Object.fromEntries(Object.entries(asked).filter(([key]) => !shown.has(key) && key !== 'after')),
    narrowed: q !== undefined || Object.keys(narrowing).length > 0,
    ...(asked.after ? { first: address({}) } : {}),
    ...(rows.next ? { next: address({ after: rows.next }) } : {}),
    ...(maySome(ctx, 'create', kind.kind) ? { create: `${base}/new` } : {}),
    signedIn,
    downloads: downloadsOf(ctx, base, asked),
  }
}

/** The filtered list, all pages of it. */
function downloadsOf(ctx: AppContext, base: string, asked: Readonly<Record<string, string>>): ListData['downloads'] {
  const { sort: _sort, after: _after, ...narrowing } = asked
  const question = new URLSearchParams(narrowing)
  const { say } = presenterOf(ctx)
  return ctx.exchange.formats
    .filter((format) => format.holds.includes('list'))
    .map(({ name }) => ({
      href: `${base}/download/${name}${question.size > 0 ? `?${question}` : ''}`,
      label: say(`exchange.format.${name}`),
      note: say(`exchange.format.${name}.for`),
    }))
}

/** The filters people expect: state, organisation, owner, then the choices of the kind. */
async function filtersOf(
  ctx: AppContext,
  kind: RecordKind,
  asked: Readonly<Record<string, string>>,
  signedIn: boolean,
): Promise<ListFilter[]> {
  const { say, state, fieldLabel, choices } = presenterOf(ctx)
  const select = (
    name: string,
    label: string,
    options: ReadonlyArray<{ value: string; label: string; lang?: string | undefined }>,
  ) => ({
    name,
    label,
    value: asked[name] ?? '',
    options,
  })
  const filters: ListFilter[] = []
  if (kind.states.length > 1)
    filters.push(
      select(
        'state',
        say('record.field.state'),
        kind.states.map((each) => ({ value: each, label: state(kind.kind, each) })),
      ),
    )
  const bodies = await optionsFor(ctx, [ctx.registry.wellKnown.organisation], [asked.organisation ?? ''])
  if (bodies.options && bodies.options.length > 0 && kind.kind !== ctx.registry.wellKnown.organisation)
    filters.push(
      select(
        'organisation',
        fieldLabel(kind.kind, 'organisation'),
        bodies.options.map(({ id, label, lang }) => ({ value: id, label, lang })),
      ),
    )
  if (signedIn) {
    if (kind.owner.requiredFrom)
      filters.push(
        select('owner[empty]', fieldLabel(kind.kind, 'owner'), [
          { value: 'true', label: say('record.page.owner-missing') },
          { value: 'false', label: say('record.page.owner-named') },
        ]),
      )
    filters.push(
      select(
        'audience',
        say('record.field.audience'),
        audiences.map((each) => ({ value: each, label: say(`web.audience.${each}`) })),
      ),
    )
  }
  for (const [name, field] of Object.entries(kind.fields)) {
    if (filters.length >= maxFilters) break
    // The query parameter `language` chooses the language of the page.
    if (name !== 'language' && fieldType(field.type).namesChoices)
      filters.push(select(name, fieldLabel(kind.kind, name), choices(kind.kind, name, field.of!)))
  }
  return filters
}
