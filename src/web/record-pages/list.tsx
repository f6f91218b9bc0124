import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { type DownloadLink, DownloadLinks } from '#web/parts/download.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { type Audience, AudienceBadge, StateBadge } from '#web/parts/status.tsx'
import { type Column, DataTable, FilterBar, Pager } from '#web/parts/table.tsx'

export type StateView = { readonly label: string; readonly stage: 'draft' | 'under-way' | 'ended' }

export type ListColumn = {
  readonly name: string
  readonly label: string
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' }
}
export type ListFilter = {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options: ReadonlyArray<{
    readonly value: string
    readonly label: string
    readonly lang?: string | undefined
  }>
}
export type ListRow = NamedLink & {
  readonly code: string
  readonly state: StateView
  readonly audience: Audience
  readonly organisation: NamedLink | null
  readonly owner: NamedLink | null
  readonly changed: { readonly at: string; readonly text: string }
}
export type ListData = {
  readonly kind: string
  readonly over: string
  readonly title: string
  readonly lead: string
  readonly base: string
  readonly count: { readonly count: number; readonly more: boolean }
  readonly columns: readonly ListColumn[]
  readonly rows: readonly ListRow[]
  readonly words: string
  readonly filters: readonly ListFilter[]
  /** Query parameters that are not filters. */
  readonly keep: Readonly<Record<string, string>>
  readonly narrowed: boolean
  readonly first?: string
  readonly next?: string
  /** Where to create a new one; only for those who may. */
  readonly create?: string
  readonly signedIn: boolean
  readonly downloads: readonly DownloadLink[]
}

/** Records of one kind. */
export function RecordList(data: ListData, view: View) {
  const { say } = view
  const counted = say(data.count.more ? 'record.list.many' : 'record.list.count', {
    count: data.count.count,
    plural: data.title,
  })
  const create = data.create && (
    <LinkButton href={data.create} icon="plus">
      {say('record.list.new', { kind: say(data.kind) })}
    </LinkButton>
  )
  const empty = data.rows.length === 0
  return (
    <>
      <PageHead
        over={data.over}
        title={data.title}
        lead={data.lead}
        actions={empty && !data.narrowed ? undefined : create}
      />
      {(!empty || data.narrowed) && (
        <FilterBar action={data.base} keep={data.keep} {...(data.narrowed ? { reset: data.base } : {})}>
          <TextControl id="filter-q" name="q" label={say('record.list.words')} value={data.words} kind="search" />
          {data.filters.map((filter) => (
            <SelectControl
              key={filter.name}
              id={`filter-${filter.name.replace('[empty]', '-empty')}`}
              name={filter.name}
              label={filter.label}
              value={filter.value}
              emptyLabel={say('record.list.any')}
              options={filter.options.map(({ value, label, lang }) => ({ value, label, ...(lang ? { lang } : {}) }))}
            />
          ))}
        </FilterBar>
      )}
      {empty ? (
        <Nothing data={data} view={view} create={create} />
      ) : (
        <>
          <DataTable
            id="records"
            caption={counted}
            columns={data.columns.map((column) => columnOf(column, view))}
            rows={data.rows}
          />
          <Pager
            {...(data.first ? { newer: data.first } : {})}
            {...(data.next ? { older: data.next } : {})}
            words={{ newer: say('record.list.first'), older: say('web.pager.older') }}
          />
          {data.downloads.length > 0 && (
            <DownloadLinks
              title={say('exchange.download.list')}
              lead={say('exchange.download.lead')}
              links={data.downloads}
            />
          )}
        </>
      )}
    </>
  )
}

function columnOf(column: ListColumn, view: View): Column<ListRow> {
  const { say } = view
  const cells: Record<string, (row: ListRow) => unknown> = {
    title: (row) => <NameLink name={row} />,
    code: (row) => <bdi>{row.code}</bdi>,
    state: (row) => <StateBadge stage={row.state.stage}>{row.state.label}</StateBadge>,
    organisation: (row) => (row.organisation ? <NameLink name={row.organisation} /> : none(view)),
    owner: (row) => (row.owner ? <NameLink name={row.owner} /> : none(view)),
    audience: (row) => <AudienceBadge value={row.audience} />,
    changedAt: (row) => <time dateTime={row.changed.at}>{row.changed.text}</time>,
  }
  return {
    name: column.name,
    head: column.label || say('record.page.nothing'),
    cell: (row) => cells[column.name]?.(row) as never,
    ...(column.name === 'title' ? { names: true } : {}),
    ...(column.sort ? { sort: column.sort } : {}),
    ...(column.name === 'code' ? { width: 'short' as const } : {}),
  }
}

const none = (view: View) => <span class="cw-soft">{view.say('record.page.nothing')}</span>

function Nothing({ data, view, create }: { data: ListData; view: View; create: unknown }) {
  const { say } = view
  if (data.narrowed)
    return (
      <EmptyState
        icon="search"
        title={say('record.list.no-match')}
        actions={
          <LinkButton href={data.base} variant="secondary">
            {say('web.filter.reset')}
          </LinkButton>
        }
      >
        <p>{say('record.list.no-match-advice')}</p>
      </EmptyState>
    )
  const advice = data.create
    ? 'record.list.empty-create'
    : data.signedIn
      ? 'record.list.empty-read'
      : 'record.list.empty-public'
  return (
    <EmptyState title={say('record.list.empty', { plural: data.title })} actions={create as never}>
      <p>{say(advice, { plural: data.title, kind: say(data.kind) })}</p>
    </EmptyState>
  )
}
